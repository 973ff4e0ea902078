"""The probabilities of a page's blocks to labels: one threshold a page.

From true and independent probabilities the best threshold would follow: half of the best expected
F1 (Lipton, Elkan and Naryanaswamy 2014, "Optimal thresholding of classifiers to maximize F1
measure"). But the blocks of a page err together: thirty comments at 0.4 are all content or all
noise. So a small network learns from other pages how much F1 a threshold loses against the best one
of its page, from what the page looks like when cut there, and the least loss of a grid is taken. A
block counts by its words.
"""

from __future__ import annotations

from numbers import Real
from typing import Literal

import numpy as np

from classifier.errors import InvalidThreshold
from classifier.features.characters import Floats, Integers
from classifier.network import Network, sigmoid

Favor = Literal["precision", "recall"]

FAVOR_SHIFT = {None: 0.0, "precision": 1.0, "recall": -1.0}
"""By how many log odds `favor` moves the threshold."""

GRID = np.arange(20) / 20
"""The thresholds that are weighed; at 0 all is kept, as a clean text asks for."""

NEARLY = 0.015
"""Outlooks, in F1, that are told apart no better than by chance."""

NEAREST = 0.01
"""Probabilities closer to 0 or 1 are as sure as can be."""

LEAST = 1e-30
"""Less than any probability that `sigmoid` gives, and more than 0."""

OPEN_GAP = 0.4
"""Where all is kept (or dropped), the gap goes this part of the way down (or up)."""

PROFILE_SIZE = 20
"""Columns of a row of `cut_profiles`."""


def check_decision(favor: str | None, threshold: float | None) -> None:
    """Raise `InvalidThreshold` unless a decision can be made with the two.

    >>> check_decision("precision", None)
    >>> check_decision(None, 1.5)
    Traceback (most recent call last):
    ...
    classifier.errors.InvalidThreshold: threshold must be between 0 and 1, got 1.5
    """
    if favor not in (None, "precision", "recall"):
        raise InvalidThreshold(f"favor must be 'precision', 'recall' or None, got {favor!r}")
    if threshold is None:
        return
    if isinstance(threshold, bool) or not isinstance(threshold, Real):
        raise InvalidThreshold(f"threshold must be a number between 0 and 1, got {threshold!r}")
    if not 0 <= threshold <= 1:
        raise InvalidThreshold(f"threshold must be between 0 and 1, got {threshold!r}")


def page_threshold(
    probabilities: Floats, words: Integers, network: Network, favor: Favor | None = None
) -> float:
    """The threshold, 0 to 1, that promises the best F1 on a page.

    Thresholds between which no block lies make the same cut; the middle of them is given, so that
    it says something about the page, and `favor` moves it from there: "precision" keeps a part of
    what is kept without it, "recall" keeps more.
    """
    bounds = np.array([0, len(probabilities)])
    return page_thresholds(probabilities, words, bounds, network, favor)[0]


def page_thresholds(
    probabilities: Floats,
    words: Integers,
    bounds: Integers,
    network: Network,
    favor: Favor | None = None,
) -> list[float]:
    """`page_threshold` of each of several pages; page `p` has rows `bounds[p]` to `bounds[p + 1]`.

    A page without blocks gets 0.5.
    """
    thresholds = np.full(len(bounds) - 1, 0.5)
    rows = {page: slice(*bounds[page : page + 2]) for page in np.flatnonzero(np.diff(bounds))}
    if rows:
        profiles = [cut_profiles(probabilities[own], words[own]) for own in rows.values()]
        outlooks = network.output(np.concatenate(profiles)).reshape(len(rows), len(GRID))
        middles = [
            _best_middle(probabilities[own], outlook)
            for own, outlook in zip(rows.values(), outlooks)
        ]
        thresholds[list(rows)] = sigmoid(np.array(middles) + FAVOR_SHIFT[favor])
    found: list[float] = thresholds.tolist()
    return found


def _best_middle(probabilities: Floats, outlook: Floats) -> float:
    """The middle, in log odds, of a cut that is as good as the best, or nearly.

    Equal cuts share their outlook. Of the good ones that is taken whose middle comes closest to a
    half: it parts what is likelier content from what is likelier noise, with room on both sides.
    """
    ordered = np.sort(probabilities)
    kept, cut, count = np.unique(
        len(ordered) - np.searchsorted(ordered, GRID), return_inverse=True, return_counts=True
    )
    shared = np.bincount(cut, outlook) / count
    dropped = len(ordered) - kept[shared >= shared.max() - NEARLY]
    return float(min(_middles(ordered)[dropped], key=abs))


def _middles(ordered: Floats) -> Floats:
    """The middles, in log odds, of the gaps below, between and above a page's probabilities."""
    # Where all is kept, the least likely block is too.
    lowest_kept = np.clip(ordered, LEAST, 1 - NEAREST)
    highest_dropped = np.clip(ordered, NEAREST, 1 - NEAREST)
    low = np.append(OPEN_GAP * lowest_kept[0], highest_dropped)
    high = np.append(lowest_kept, 1 - OPEN_GAP * (1 - highest_dropped[-1]))
    middles: Floats = (np.log(low / (1 - low)) + np.log(high / (1 - high))) / 2
    return middles


def cut_profiles(probabilities: Floats, words: Integers) -> Floats:
    """What a page looks like when cut at each threshold of `GRID`: a row a threshold.

    Columns: the threshold; words kept (log), their share of the page, of the expected content;
    their mean probability, the others', the lowest kept, the highest dropped; the F1 to expect if
    blocks erred alone; runs of kept blocks, their number a block; words close to the threshold;
    the threshold against where the likely blocks are; the page's words, blocks, expected content
    and highest probability.
    """
    sizes = words + 0.01  # a block without a word must not be free to keep
    hits = probabilities * sizes
    total, expected = sizes.sum(), hits.sum()
    squares = probabilities * hits
    top = (squares * probabilities).sum() / max(squares.sum(), 1e-9)
    kept = probabilities >= GRID[:, None]
    kept_words = kept @ sizes
    kept_hits = kept @ hits
    some_kept = np.maximum(kept_words, 0.01)
    dropped_words = np.maximum(total - kept_words, 0.01)
    blocks = kept.sum(axis=1)
    runs = (kept[:, 1:] & ~kept[:, :-1]).sum(axis=1) + kept[:, 0]
    gaps = np.abs(probabilities - GRID[:, None])
    ones = np.ones(len(GRID))
    columns = (
        GRID,
        np.log1p(kept_words),
        kept_words / total,
        kept_hits / max(expected, 1e-9),
        kept_hits / some_kept,
        (expected - kept_hits) / dropped_words,
        np.where(kept, probabilities, 1).min(axis=1),
        np.where(kept, 0, probabilities).max(axis=1),
        2 * kept_hits / (kept_words + expected + 1e-9),
        np.log1p(runs),
        runs / np.maximum(blocks, 1),
        np.log1p(blocks),
        (gaps < 0.05) @ sizes / some_kept,
        (gaps < 0.15) @ sizes / some_kept,
        GRID / max(top, 1e-9),
        top * ones,
        np.log1p(total) * ones,
        np.log1p(len(probabilities)) * ones,
        np.log1p(expected) * ones,
        probabilities.max() * ones,
    )
    return np.stack(columns, axis=1).astype(np.float32)
