"""Scaling and the product of one network."""

from __future__ import annotations

import os
import warnings
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from classifier import classify
from classifier.decision import page_thresholds
from classifier.network import LOOKUP_SIZE, ONE_THREAD, ROWS_AT_ONCE, Network

SCORES = np.linspace(1, 2, LOOKUP_SIZE, dtype=np.float32)
"""No place of the table has the 0 of what is absent."""


def network(columns: int) -> Network:
    """Two hidden units over columns whose values 0 to 127 are their places in the table."""
    return Network(
        low=np.zeros(columns, np.float32),
        step=np.ones(columns, np.float32),
        lookup=np.stack([SCORES * (number + 1) for number in range(columns)]),
        hidden_weights=np.ones((columns, 2), np.float32),
        hidden_bias=np.array([0, -100], np.float32),
        output_weights=np.array([1, 1], np.float32),
        output_bias=np.array(0.5, np.float32),
    )


SCALED = {
    "a place": (5, SCORES[5]),
    "between two places": (5.9, SCORES[5]),
    "below the table": (-3, SCORES[0]),
    "above the table": (1000, SCORES[-1]),
    "without end": (np.inf, SCORES[-1]),
    "absent": (np.nan, 0),
}


@pytest.mark.parametrize(("value", "score"), SCALED.values(), ids=SCALED)
def test_scale(value: float, score: float) -> None:
    assert network(1).scale(np.array([[value]], np.float32)).tolist() == [[pytest.approx(score)]]


def test_every_column_has_a_table_of_its_own() -> None:
    scaled = network(2).scale(np.array([[3, 3]], np.float32))
    assert scaled == pytest.approx(np.array([[SCORES[3], 2 * SCORES[3]]]))


def test_output_is_what_the_units_let_through() -> None:
    assert network(1).output(np.array([[3]], np.float32)) == pytest.approx([SCORES[3] + 0.5])


@pytest.mark.parametrize("rows", [0, 1, ROWS_AT_ONCE, ROWS_AT_ONCE + 1])
def test_output_has_a_number_a_row(rows: int) -> None:
    columns = np.arange(rows, dtype=np.float32)[:, None] % LOOKUP_SIZE
    expected = SCORES[np.arange(rows) % LOOKUP_SIZE] + 0.5
    assert network(1).output(columns) == pytest.approx(expected)


def algebra_threads() -> list[int]:
    return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


def test_algebra_has_one_thread_inside() -> None:
    with threadpool_limits(2, user_api="blas"), ONE_THREAD:
        assert set(algebra_threads()) == {1}


def test_threads_are_as_before_when_the_last_has_left() -> None:
    with threadpool_limits(2, user_api="blas"):
        before = algebra_threads()
        with ONE_THREAD:
            ONE_THREAD.__enter__()
        between = algebra_threads()
        ONE_THREAD.__exit__()
        assert (set(between), algebra_threads()) == ({1}, before)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing is forked here")
def test_child_of_a_fork_is_not_inside() -> None:
    with warnings.catch_warnings(), ONE_THREAD, ONE_THREAD._lock:
        warnings.simplefilter("ignore", DeprecationWarning)  # other tests may have left threads
        child = os.fork()
        if not child:
            os._exit(int(ONE_THREAD._lock.locked() or ONE_THREAD._inside))
    assert os.waitpid(child, 0)[1] == 0


@pytest.mark.parametrize("text", ["Ещё один чай.", "One more tea."])
def test_page_is_scored_with_one_thread(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    found: list[int] = []

    def watched(*arguments: Any) -> list[float]:
        found.extend(algebra_threads())
        return page_thresholds(*arguments)

    monkeypatch.setattr(classify, "page_thresholds", watched)
    with threadpool_limits(2, user_api="blas"):
        classify.classify_text(text)
    assert set(found) == {1}
