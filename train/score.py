"""Scores: word precision, recall and F1 of the kept text, ROC AUC and calibration of blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from classifier.features.characters import Floats

Bools = npt.NDArray[np.bool_]


class WordScore(NamedTuple):
    """Precision, recall and F1, each from 0 to 1."""

    precision: float
    recall: float
    f1: float


def word_score(kept: Sequence[str], gold: Sequence[str]) -> WordScore:
    """Bag-of-words scores of the kept words against the gold's; both empty is perfect.

    >>> word_score(["tea", "is", "menu"], ["tea", "is", "a", "drink"]).recall
    0.5
    """
    return counted_score(sum((Counter(kept) & Counter(gold)).values()), len(kept), len(gold))


def counted_score(shared: int, kept: int, gold: int) -> WordScore:
    """The scores of `kept` words of which `shared` stand among `gold` words.

    >>> counted_score(2, 4, 2)
    WordScore(precision=0.5, recall=1.0, f1=0.6666666666666666)
    """
    if not kept and not gold:
        return WordScore(1.0, 1.0, 1.0)
    if not shared:
        return WordScore(0.0, 0.0, 0.0)
    precision, recall = shared / kept, shared / gold
    return WordScore(precision, recall, 2 * precision * recall / (precision + recall))


def calibration_error(probabilities: Floats, is_content: Bools, bins: int = 15) -> float:
    """Expected calibration error over equally wide bins (Naeini et al. 2015), 0 to 1.

    >>> calibration_error(np.array([0.0, 1.0]), np.array([False, True]))
    0.0
    """
    if not probabilities.size:
        return 0.0
    place = np.minimum((probabilities * bins).astype(int), bins - 1)
    counts = np.bincount(place, minlength=bins)
    gaps = np.bincount(place, probabilities - is_content, minlength=bins)
    return float(np.abs(gaps[counts > 0]).sum() / probabilities.size)
