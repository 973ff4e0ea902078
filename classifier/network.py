"""A network with one hidden layer, as arrays: all the learning that inference needs."""

from __future__ import annotations

import functools
import os
import threading
from dataclasses import dataclass
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController

from classifier.features.characters import Floats

LOOKUP_SIZE = 128
"""Entries of a column's scaling table."""

ROWS_AT_ONCE = 512
"""So many rows, scaled, stay in the processor's cache until they are multiplied."""


class _OneThread:
    """While products run inside, in whatever threads of Python, the algebra library has one.

    They are too small to be shared out: on a busy machine its threads wait for each other, which
    costs five times as much as all the rest. The last to leave restores what was set before.
    """

    def __init__(self) -> None:
        self._limiter: Any = None
        self._start()

    def _start(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0

    def reset(self) -> None:
        """Nobody is inside."""
        if self._inside:
            self._limiter.restore_original_limits()
        self._start()

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._limiter = _pools().limit(limits=1, user_api="blas")
            self._inside += 1

    def __exit__(self, *error: object) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                self._limiter.restore_original_limits()


@functools.cache
def _pools() -> ThreadpoolController:
    return ThreadpoolController()


ONE_THREAD = _OneThread()

if hasattr(os, "register_at_fork"):
    # A child has none of the threads that were inside when its parent forked.
    os.register_at_fork(after_in_child=ONE_THREAD.reset)


@dataclass(frozen=True, slots=True)
class Network:
    """One hidden layer of rectified units over scaled columns.

    A column is scaled by looking it up: `(value - low) * step` is a place in that column's row of
    `lookup`, which holds normal scores. `NaN`, an absent fact, scales to 0.
    """

    low: Floats
    step: Floats
    lookup: Floats
    hidden_weights: Floats
    hidden_bias: Floats
    output_weights: Floats
    output_bias: Floats

    def reads(self, columns: int) -> bool:
        """Whether the arrays fit each other and so many columns."""
        units = self.hidden_bias.size
        return (
            self.low.shape == self.step.shape == (columns,)
            and self.lookup.shape == (columns, LOOKUP_SIZE)
            and self.hidden_weights.shape == (columns, units)
            and self.hidden_bias.shape == self.output_weights.shape == (units,)
            and self.output_bias.shape == ()
        )

    def scale(self, columns: Floats) -> Floats:
        """Columns as normal scores, shape and all."""
        places = columns - self.low
        places *= self.step
        # Of `NaN` and a number these take the number.
        np.fmax(places, 0, out=places)
        np.fmin(places, LOOKUP_SIZE - 1, out=places)
        entries = places.astype(np.int64)
        entries += np.arange(len(self.low)) * LOOKUP_SIZE
        scaled: Floats = self.lookup.ravel()[entries]
        scaled[np.isnan(columns)] = 0
        return scaled

    def output(self, columns: Floats) -> Floats:
        """One number a row."""
        with ONE_THREAD:
            return np.concatenate(
                [
                    self._output_of_few(columns[start : start + ROWS_AT_ONCE])
                    for start in range(0, max(len(columns), 1), ROWS_AT_ONCE)
                ]
            )

    def _output_of_few(self, columns: Floats) -> Floats:
        hidden = self.scale(columns) @ self.hidden_weights
        hidden += self.hidden_bias
        np.maximum(hidden, 0, out=hidden)
        output: Floats = hidden @ self.output_weights + self.output_bias
        return output


def sigmoid(logits: Floats) -> Floats:
    """Log odds to probabilities.

    >>> sigmoid(np.array([0.0, 100.0])).tolist()
    [0.5, 1.0]
    """
    return 1 / (1 + np.exp(-np.clip(logits, -60, 60)))
