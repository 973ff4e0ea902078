"""Blocks to a table of named numbers: the only feature code there is; training uses it too.

Three layers. `make_facts` counts what each block is by itself, and forgets the text.
`compute_features` sees the page: one named column a feature, the token buckets that wording is
learned from, and the row ranges around each block. The model adds what it learned from tokens and
looks around each block again with `surroundings`.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from classifier.blocks import Document
from classifier.features.characters import Bools, Floats, Integers
from classifier.features.context import best_run, context_columns, standing, surroundings
from classifier.features.facts import Columns, Facts, make_facts
from classifier.features.layout import Layout, make_layout
from classifier.features.links import declared_columns, link_columns
from classifier.features.markup import markup_columns
from classifier.features.position import position_columns, recurrence_columns
from classifier.features.script import script_columns
from classifier.features.shape import shape_columns
from classifier.features.wording import Tokens, name_tokens, word_tokens

__all__ = [
    "Facts",
    "FeatureTable",
    "best_run",
    "compute_features",
    "feature_names",
    "feature_table",
    "make_facts",
    "standing",
    "surroundings",
]


@dataclass(frozen=True, slots=True)
class FeatureTable:
    """One row a block of any number of pages, one named `float32` column a feature.

    `bounds[p]` to `bounds[p + 1]` are the rows of page `p`. Facts that only markup can give are
    `NaN` where there was none. `word_counts` weighs the rows.
    """

    names: tuple[str, ...]
    values: Floats
    bounds: Integers
    word_counts: Integers
    layout: Layout
    words: Tokens
    element_names: Tokens

    @property
    def page(self) -> Integers:
        """The number of each row's page."""
        return np.repeat(np.arange(len(self.bounds) - 1), np.diff(self.bounds))


def feature_table(documents: Sequence[Document]) -> FeatureTable:
    """All features of all blocks of the documents.

    >>> from classifier.text import parse_text
    >>> table = feature_table([parse_text("Home\\nTea is a drink.")])
    >>> table.values.shape == (2, len(table.names))
    True
    """
    return compute_features(make_facts(documents))


def compute_features(facts: Facts) -> FeatureTable:
    """All features of all blocks, from what was counted of them."""
    layout = make_layout(facts)
    from_markup = {
        **link_columns(facts),
        **declared_columns(facts),
        **markup_columns(facts, layout),
    }
    columns = {
        **shape_columns(facts),
        **script_columns(facts, layout),
        **position_columns(facts, layout),
        **(from_markup if facts.marked_up.all() else _absent(from_markup, ~facts.marked_up)),
    }
    columns.update(context_columns(facts, layout, columns))
    columns.update(recurrence_columns(facts, layout, columns["in_best_run_text"] > 0))
    return FeatureTable(
        names=tuple(columns),
        values=_side_by_side(columns.values(), facts.size),
        bounds=facts.bounds,
        word_counts=facts.counts["words"],
        layout=layout,
        words=word_tokens(facts),
        element_names=name_tokens(facts),
    )


def _absent(columns: Columns, where: Bools) -> Columns:
    return {name: np.where(where, np.nan, values) for name, values in columns.items()}


def _side_by_side(columns: Collection[Floats], size: int) -> Floats:
    # Column by column in memory, as they are written and read.
    values = np.empty((len(columns), size), np.float32)
    for row, column in zip(values, columns):
        row[:] = column
    side_by_side: Floats = values.T
    return side_by_side


@functools.cache
def feature_names() -> tuple[str, ...]:
    """The ordered names of all columns of a table."""
    return feature_table([]).names
