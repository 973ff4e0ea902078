"""From probabilities to one threshold a page."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from classifier import Classifier, InvalidThreshold
from classifier.decision import (
    GRID,
    check_decision,
    cut_profiles,
    page_threshold,
    page_thresholds,
)
from classifier.model import Model
from train.fit import cut_scores

PROBABILITIES = np.array([0.02, 0.55, 0.9, 0.4, 0.97, 0.6, 0.1])
WORDS = np.array([2, 9, 80, 12, 60, 0, 3])
FAVORS = ("precision", None, "recall")


@pytest.mark.parametrize(
    "threshold", [None, 0, 1, 0.0, 0.37, 1.0, np.float64(0.5), np.float32(0.5)]
)
def test_threshold_that_can_be(threshold: Any) -> None:
    check_decision(None, threshold)


@pytest.mark.parametrize("threshold", [-0.01, 1.01, math.nan, math.inf, "0.5", "ё", True, [0.5]])
def test_threshold_that_cannot_be(threshold: Any) -> None:
    with pytest.raises(InvalidThreshold, match="threshold must be"):
        check_decision(None, threshold)


@pytest.mark.parametrize("favor", FAVORS)
def test_favor_that_can_be(favor: Any) -> None:
    check_decision(favor, None)


@pytest.mark.parametrize("favor", ["", "Precision", "точность", 1, False])
def test_favor_that_cannot_be(favor: Any) -> None:
    with pytest.raises(InvalidThreshold, match="favor must be"):
        check_decision(favor, None)


def test_favor_that_has_no_hash() -> None:
    favor: Any = ["precision"]
    with pytest.raises(InvalidThreshold):
        check_decision(favor, None)


def test_a_wrong_decision_is_told_when_the_classifier_is_made() -> None:
    with pytest.raises(InvalidThreshold):
        Classifier(threshold=2)


def test_a_wrong_decision_is_told_when_it_is_overridden(classifier: Classifier) -> None:
    with pytest.raises(InvalidThreshold):
        classifier.classify_text("Чай", threshold=2)


def test_precision_is_above_the_default_and_recall_below(model: Model) -> None:
    strict, default, lenient = (
        page_threshold(PROBABILITIES, WORDS, model.html.decision, favor) for favor in FAVORS
    )
    assert 0 < lenient < default < strict < 1


def cut(probabilities: list[float], outlook: Callable[[Any], Any]) -> float:
    """The threshold of a page of one-word blocks, when a threshold's outlook is known."""

    class Foretelling:
        def output(self, profiles: Any) -> Any:
            return outlook(profiles[:, 0])

    words = np.ones(len(probabilities), int)
    return page_threshold(np.array(probabilities), words, Foretelling())  # type: ignore[arg-type]


MIDDLES = {
    "between two blocks": ([0.2, 0.8], 0.5),
    "in log odds": ([0.1, 0.5], 0.25),
    "all kept": ([0.5, 0.8], 1 / 3),
    "all dropped": ([0.1, 0.02], 4 / 13),
    "a sure page": ([0.0, 1.0], 0.5),
}


@pytest.mark.parametrize(("probabilities", "middle"), MIDDLES.values(), ids=MIDDLES)
def test_threshold_is_the_middle_of_those_that_cut_alike(
    probabilities: list[float], middle: float
) -> None:
    found = cut(probabilities, lambda threshold: np.isclose(threshold, 0.5).astype(float))
    assert found == pytest.approx(middle)


def test_equal_cuts_share_their_outlook() -> None:
    """One threshold in a wide gap looks best by chance, two in a narrow one look good."""
    found = cut(
        [0.1, 0.6, 0.7, 0.9],
        lambda threshold: 0.9 * np.isclose(threshold, 0.3) + 0.5 * (abs(threshold - 0.65) < 0.06),
    )
    assert 0.6 < found < 0.7


OUTLOOKS = {
    # the outlook of a cut that keeps three blocks, two, one, and how many are kept
    "nearly equal": ((0.005, 0.002, 0.009), 2),
    "more is better": ((0.1, 0, 0), 3),
    "less is better": ((0, 0, 0.1), 1),
    "two as good": ((0.1, -1, 0.1), 3),
}


@pytest.mark.parametrize(("outlooks", "kept"), OUTLOOKS.values(), ids=OUTLOOKS)
def test_of_nearly_equal_cuts_the_one_at_a_half_is_taken(
    outlooks: tuple[float, float, float], kept: int
) -> None:
    probabilities = [0.38, 0.7, 0.97]
    found = cut(
        probabilities,
        lambda threshold: np.select(
            [threshold <= 0.38, threshold <= 0.7, threshold <= 0.97], outlooks, -1
        ),
    )
    assert sum(probability >= found for probability in probabilities) == kept


@pytest.mark.parametrize("probabilities", [[0.01, 0.7], [0.001]])
def test_all_may_be_kept(probabilities: list[float]) -> None:
    found = cut(probabilities, lambda threshold: (threshold == 0).astype(float))
    assert found < min(probabilities)


def test_page_without_blocks(model: Model) -> None:
    nothing = np.zeros(0)
    assert page_threshold(nothing, nothing.astype(int), model.html.decision) == 0.5


@pytest.mark.parametrize("favor", FAVORS)
def test_pages_together_have_the_threshold_of_each_alone(model: Model, favor: Any) -> None:
    pages = [slice(0, 7), slice(0, 0), slice(0, 2), slice(1, 7)]
    assert page_thresholds(
        np.concatenate([PROBABILITIES[rows] for rows in pages]),
        np.concatenate([WORDS[rows] for rows in pages]),
        np.array([0, 7, 7, 9, 15]),
        model.html.decision,
        favor,
    ) == pytest.approx(
        [
            page_threshold(PROBABILITIES[rows], WORDS[rows], model.html.decision, favor)
            for rows in pages
        ]
    )


@pytest.mark.parametrize("words", [[0], [5], [0, 0, 0]])
@pytest.mark.parametrize("probability", [0.0, 0.5, 1.0])
def test_profiles_are_finite(words: list[int], probability: float) -> None:
    profiles = cut_profiles(np.full(len(words), probability), np.array(words))
    assert np.isfinite(profiles).all()


def test_profiles_have_a_row_a_threshold() -> None:
    assert cut_profiles(PROBABILITIES, WORDS)[:, 0] == pytest.approx(GRID)


def test_cut_scores_are_perfect_between_noise_and_content() -> None:
    scores = cut_scores(np.array([0.2, 0.8]), np.array([5, 7]), np.array([0, 7]), 7)
    assert GRID[scores == 1].tolist() == GRID[(GRID > 0.2) & (GRID <= 0.8)].tolist()


def test_cut_scores_count_words() -> None:
    scores = cut_scores(np.array([0.9, 0.9]), np.array([30, 10]), np.array([28, 0]), 50)
    assert scores[0] == pytest.approx(2 * 28 / (40 + 50))


def test_where_there_is_no_gold_keeping_nothing_is_perfect() -> None:
    scores = cut_scores(np.array([0.42]), np.array([30]), np.array([0]), 0)
    assert scores.tolist() == (GRID > 0.42).tolist()
