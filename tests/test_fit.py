"""Which pages teach which step of a cascade."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest

from train import fit
from train.training import LabeledFacts, TrainingTable, abridged, fragments, training_table


@pytest.fixture(scope="module")
def whole(facts: list[LabeledFacts]) -> TrainingTable:
    """Pages as they came."""
    return training_table(facts)


@pytest.fixture(scope="module")
def with_short(facts: list[LabeledFacts]) -> TrainingTable:
    """The same pages, and short ones made of them."""
    return training_table(facts, short=[part for chunk in facts for part in fragments(chunk)])


@pytest.fixture(scope="module")
def with_left(facts: list[LabeledFacts]) -> TrainingTable:
    """The same pages, and as many that count as leftovers."""
    return training_table(facts, left=[abridged(chunk) for chunk in facts])


def log_odds(training: TrainingTable) -> np.ndarray:
    """Log odds that each block is content, right for most, the same for the same first rows."""
    noise = np.random.default_rng(0).normal(size=len(training.is_content))
    return np.where(training.is_content, 1.0, -1.0) + noise


def decision(training: TrainingTable) -> list[np.ndarray]:
    probabilities = 1 / (1 + np.exp(-log_odds(training)))
    return list(astuple(fit._fit_decision(probabilities, training)))


def are_equal(one: list[np.ndarray], other: list[np.ndarray]) -> bool:
    return all(map(np.array_equal, one, other))


def test_calibration_is_of_pages_as_they_came(
    whole: TrainingTable, with_left: TrainingTable
) -> None:
    found, expected = (fit._calibrate(log_odds(table), table) for table in (with_left, whole))
    np.testing.assert_array_equal(found, expected)


def test_short_pages_do_not_teach_the_decision(
    quick_fit: None, whole: TrainingTable, with_short: TrainingTable
) -> None:
    assert are_equal(decision(with_short), decision(whole))


def test_leftovers_teach_the_decision(
    quick_fit: None, whole: TrainingTable, with_left: TrainingTable
) -> None:
    assert not are_equal(decision(with_left), decision(whole))


def test_weights_are_kept_in_steps() -> None:
    assert fit.rounded(np.array([0.04, -0.05])).tolist() == [1 / 32, -2 / 32]
