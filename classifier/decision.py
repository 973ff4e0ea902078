"""The probabilities of a page's blocks to labels: one threshold a page.

The set of blocks with the best expected F1 is found from calibrated probabilities alone: sort by
probability, and keep while that raises the expected score. Its threshold is half of the score
reached (Lipton, Elkan and Naryanaswamy 2014, "Optimal thresholding of classifiers to maximize F1
measure"). A block counts by its words, as it does in the scores.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from classifier.errors import InvalidThreshold
from classifier.features.characters import Floats, Integers

Favor = Literal["precision", "recall"]

BETA = {None: 1.0, "precision": 0.5, "recall": 2.0}
"""What `favor` makes of the F measure: recall counts `beta` times as much as precision."""

LOWEST_THRESHOLD = 0.1
"""Nothing less likely than this is kept, even on a page where nothing is likelier."""


def check_decision(favor: str | None, threshold: float | None) -> None:
    """Raise `InvalidThreshold` unless `decide` can work with the two.

    >>> check_decision("precision", None)
    >>> check_decision(None, 1.5)
    Traceback (most recent call last):
    ...
    classifier.errors.InvalidThreshold: threshold must be between 0 and 1, got 1.5
    """
    if favor not in BETA:
        raise InvalidThreshold(f"favor must be 'precision', 'recall' or None, got {favor!r}")
    if threshold is None:
        return
    if isinstance(threshold, bool) or not isinstance(threshold, (int, float)):
        raise InvalidThreshold(f"threshold must be a number between 0 and 1, got {threshold!r}")
    if not 0 <= threshold <= 1:
        raise InvalidThreshold(f"threshold must be between 0 and 1, got {threshold!r}")


def page_threshold(probabilities: Floats, words: Integers, favor: str | None = None) -> float:
    """The threshold that keeps the blocks with the best expected F measure, from 0 to 1.

    With `favor`, the measure is F0.5 ("precision") or F2 ("recall").

    >>> page_threshold(np.array([0.9, 0.8, 0.1]), np.array([10, 10, 10]))
    0.436...
    """
    if probabilities.size == 0:
        return 0.5
    weight = BETA[favor] ** 2
    order = np.argsort(-probabilities, kind="stable")
    sizes = words[order] + 0.01  # a block without a word must not be free to keep
    hits = np.cumsum(probabilities[order] * sizes)
    expected = (1 + weight) * hits / (np.cumsum(sizes) + weight * hits[-1] + 1e-12)
    return max(float(expected.max()) / (1 + weight), LOWEST_THRESHOLD)
