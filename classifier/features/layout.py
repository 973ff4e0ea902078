"""Which rows surround a block: its neighbours, its containers, its kin by class path.

A container's blocks are neighbours in document order, so every container is a half-open range of
rows and every sum over it is a difference of running sums. Work is linear in blocks times depth.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.features.characters import Floats, Integers
from classifier.features.facts import Facts
from classifier.features.tree import Kinds
from classifier.tags import HEADING_TAGS

CONTAINER_LEVELS = (0, 1, 2, 3, 5)
"""How many containers up from the block's own one the ranges are taken."""

REACHES = (3, 10)
"""How many blocks to either side are around a block."""

KIN_LEVELS = (1, 3)
"""Kin share the tags and names of so many innermost containers."""

LONGEST_HEADING = 8
"""Without markup, a line of at most so many words that ends no sentence is taken for a heading."""

WORD_SOURCES = ("own", "previous", "next", "section")
"""Whose words tell about a block: its own, its neighbours', those of the heading above."""

_SPREAD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Layout:
    """Row ranges around each block.

    `first`, `end`: the page. `container_first[:, k]`, `container_end[:, k]`: the containers at
    `CONTAINER_LEVELS`; the whole page where there are not so many, or no markup. `section`: the
    last heading before the block, or the block itself where there is none. `kin[:, k]`: a number
    that kin share.
    """

    first: Integers
    end: Integers
    container_first: Integers
    container_end: Integers
    section: Integers
    kin: Integers

    @property
    def size(self) -> int:
        """The number of rows."""
        return len(self.first)

    @functools.cached_property
    def page(self) -> Integers:
        """The number of each row's page among the pages that have rows."""
        return np.cumsum(self.first == np.arange(self.size)) - 1

    @functools.cached_property
    def page_starts(self) -> Integers:
        """The first row of each page that has rows."""
        return np.flatnonzero(self.first == np.arange(self.size))

    @functools.cached_property
    def firsts(self) -> Integers:
        """Where the page and the containers begin: a row a range, a column a block."""
        return np.vstack([self.first, self.container_first.T])

    @functools.cached_property
    def ends(self) -> Integers:
        """Where the page and the containers end: a row a range, a column a block."""
        return np.vstack([self.end, self.container_end.T])

    @functools.cached_property
    def windows(self) -> tuple[Integers, Integers]:
        """Where the rows up to each of `REACHES` away on the same page begin, and where they end.

        A row a reach, a column a block.
        """
        rows, reach = np.arange(self.size), np.array(REACHES)[:, None]
        return np.maximum(rows - reach, self.first), np.minimum(rows + reach + 1, self.end)


def make_layout(facts: Facts) -> Layout:
    """The ranges of every block."""
    path, size = facts.tree.path, facts.size
    rows = np.arange(size)
    first, end = facts.bounds[facts.page], facts.bounds[facts.page + 1]
    changes = np.ones(path.shape, bool)
    changes[1:] = path[1:] != path[:-1]
    run_first = np.maximum.accumulate(np.where(changes, rows[:, None], 0), axis=0)
    last_of_run = np.ones(path.shape, bool)
    last_of_run[:-1] = changes[1:]
    run_end = np.minimum.accumulate(np.where(last_of_run, rows[:, None] + 1, size)[::-1], axis=0)[
        ::-1
    ]
    own_depth = facts.tree.own_depth
    container_first = np.repeat(first[:, None], len(CONTAINER_LEVELS), axis=1)
    container_end = np.repeat(end[:, None], len(CONTAINER_LEVELS), axis=1)
    for column, level in enumerate(CONTAINER_LEVELS):
        inside = np.flatnonzero(own_depth >= level)
        container_first[inside, column] = run_first[inside, own_depth[inside] - level]
        container_end[inside, column] = run_end[inside, own_depth[inside] - level]
    section = _section(facts, first)
    return Layout(first, end, container_first, container_end, section, _kin(facts, own_depth))


def _section(facts: Facts, first: Integers) -> Integers:
    counts, rows = facts.counts, np.arange(facts.size)
    is_line = (counts["words"] > 0) & (counts["words"] <= LONGEST_HEADING)
    is_line &= counts["ends_sentence"] == 0
    is_heading = np.where(facts.marked_up, facts.tree.under(HEADING_TAGS), is_line)
    latest = np.full(facts.size, -1)
    latest[1:] = np.maximum.accumulate(np.where(is_heading, rows, -1))[:-1]
    return np.where(latest >= first, latest, rows)


def word_sources(layout: Layout) -> dict[str, Integers]:
    """The row of each of `WORD_SOURCES` for each block; -1 where there is none."""
    rows = np.arange(layout.size)
    return {
        "own": rows,
        "previous": np.where(rows > layout.first, rows - 1, -1),
        "next": np.where(rows + 1 < layout.end, rows + 1, -1),
        "section": np.where(layout.section < rows, layout.section, -1),
    }


def at_source(values: Floats, source: Integers) -> Floats:
    """The values at other rows, 0 where there is none."""
    return np.where(source >= 0, values[source], 0) if values.size else values


def _kin(facts: Facts, own_depth: Integers) -> Integers:
    tree = facts.tree
    signatures = np.append(_signatures(tree.kinds), np.uint64(0))
    kin = np.empty((facts.size, len(KIN_LEVELS)), np.int64)
    page = (facts.page + 1).astype(np.uint64) * _SPREAD
    for column, levels in enumerate(KIN_LEVELS):
        keys = page.copy()
        for level in range(levels):
            signature = np.zeros(facts.size, np.uint64)
            inside = np.flatnonzero(own_depth >= level)
            elements = tree.path[inside, own_depth[inside] - level]
            signature[inside] = signatures[tree.kind[elements]]
            keys = (keys ^ signature) * _SPREAD
        if not facts.marked_up.all():
            keys = np.where(facts.marked_up, keys, page ^ _line_signatures(facts, page, levels))
        kin[:, column] = np.unique(keys, return_inverse=True)[1]
    return kin


LINE_FACTS = (
    "starts_upper starts_digit starts_with_punctuation ends_sentence ends_with_colon"
    " ends_with_ellipsis digits currency questions at_signs delimiters"
).split()
"""Lines without markup are alike that agree in whether they have these."""


def _line_signatures(
    facts: Facts, page: npt.NDArray[np.uint64], levels: int
) -> npt.NDArray[np.uint64]:
    """A number a line, the same for lines of one shape; above one level between lines of the same.

    What a list repeats, a title and a date and a price, comes again in one order.
    """
    shape: npt.NDArray[np.uint64] = np.log2(facts.counts["characters"] + 1).astype(np.uint64)
    for name in LINE_FACTS:
        shape = shape << np.uint64(1) | (facts.counts[name] > 0)
    shape *= _SPREAD
    if levels > 1:
        around = np.zeros(facts.size + 2, np.uint64)
        # With the page in it, so that lines at a page's rim are not told by the page beside.
        around[1:-1] = (shape ^ page) * _SPREAD
        shape ^= around[:-2] << np.uint64(7) ^ around[2:] >> np.uint64(7)
    return shape


def _signatures(kinds: Kinds) -> npt.NDArray[np.uint64]:
    """A number a kind, the same for the same tag and name words."""
    names = np.zeros(len(kinds.names) + 1, np.uint64)
    np.cumsum((kinds.names + np.uint64(1)) * _SPREAD, out=names[1:])
    sums = names[kinds.name_bounds[1:]] - names[kinds.name_bounds[:-1]]
    signatures: npt.NDArray[np.uint64] = (sums ^ kinds.tags) * _SPREAD
    return signatures


def running_sum(values: Floats | Integers) -> Floats:
    """Sums of all entries before each place, and of all: one entry more than `values`.

    Of more axes the last one is summed along.
    """
    sums = np.zeros((*values.shape[:-1], values.shape[-1] + 1), np.float64)
    np.cumsum(values, axis=-1, out=sums[..., 1:])
    return sums


def range_sum(values: Floats | Integers, start: Integers, stop: Integers) -> Floats:
    """The sum over each half-open range of rows."""
    sums = running_sum(values)
    # Of several rows `take` is three times as fast as an index.
    between: Floats = sums.take(stop, axis=-1) - sums.take(start, axis=-1)
    return between


def page_sum(values: Floats | Integers, layout: Layout) -> Floats:
    """The sum over each block's page."""
    return range_sum(values, layout.first, layout.end)


def page_max(values: Floats, layout: Layout) -> Floats:
    """The largest value of each block's page."""
    if not values.size:
        return values
    largest: Floats = np.maximum.reduceat(values, layout.page_starts)
    return largest[layout.page]


def shift(values: Floats | Integers, offset: int | Integers, layout: Layout) -> npt.NDArray[Any]:
    """The value `offset` rows further on the same page; 0 beyond the page."""
    rows = np.arange(layout.size) + offset
    inside = (rows >= layout.first) & (rows < layout.end)
    return np.where(inside, values.take(np.where(inside, rows, 0), axis=-1), 0)


def range_mean(values: Floats, weights: Floats, start: Integers, stop: Integers) -> Floats:
    """The weighted mean over each half-open range of rows."""
    totals = np.maximum(range_sum(weights, start, stop), 1e-9)
    return range_sum(values * weights, start, stop) / totals


def kin_mean(values: Floats, weights: Floats, kin: Integers) -> Floats:
    """The weighted mean over all rows with the same number."""
    size = int(kin.max()) + 1 if kin.size else 0
    sums = np.bincount(kin, values * weights, minlength=size)
    totals = np.bincount(kin, weights, minlength=size)
    return (sums / np.maximum(totals, 1e-9))[kin]
