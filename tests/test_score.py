"""Scores of kept words, and calibration."""

from __future__ import annotations

import numpy as np
import pytest

from train.score import calibration_error, word_score

SCORES = {
    "both empty": ("", "", 1.0, 1.0, 1.0),
    "nothing kept": ("", "tea is", 0.0, 0.0, 0.0),
    "nothing to keep": ("чай", "", 0.0, 0.0, 0.0),
    "nothing shared": ("чай", "tea", 0.0, 0.0, 0.0),
    "all": ("ещё чай", "ещё чай", 1.0, 1.0, 1.0),
    "order does not count": ("чай ещё", "ещё чай", 1.0, 1.0, 1.0),
    "half kept": ("tea", "tea ёж", 1.0, 0.5, 2 / 3),
    "half noise": ("ёж menu", "ёж", 0.5, 1.0, 2 / 3),
    "a word counts as often as it stands": ("ёж ёж ёж ёж", "ёж ёж", 0.5, 1.0, 2 / 3),
}


@pytest.mark.parametrize(("kept", "gold", "precision", "recall", "f1"), SCORES.values(), ids=SCORES)
def test_word_score(kept: str, gold: str, precision: float, recall: float, f1: float) -> None:
    assert word_score(kept.split(), gold.split()) == pytest.approx((precision, recall, f1))


CALIBRATIONS = {
    "nothing": ([], [], 0.0),
    "certain and right": ([0, 1], [0, 1], 0.0),
    "certain and wrong": ([0, 1], [1, 0], 1.0),
    "true on average": ([0.5, 0.5], [0, 1], 0.0),
    "too sure": ([0.9] * 10, [1] * 8 + [0] * 2, 0.1),
    "not sure enough": ([0.5] * 4, [1] * 4, 0.5),
    "bins do not make up for each other": ([0.1, 0.9], [1, 0], 0.9),
    "a bin counts by its rows": ([0.0, 1.0, 1.0, 1.0], [1, 1, 1, 1], 0.25),
}


@pytest.mark.parametrize(
    ("probabilities", "is_content", "error"), CALIBRATIONS.values(), ids=CALIBRATIONS
)
def test_calibration_error(probabilities: list[float], is_content: list[int], error: float) -> None:
    found = calibration_error(np.array(probabilities, float), np.array(is_content, bool))
    assert found == pytest.approx(error)
