"""Blocks to a table of named numbers: the only feature code there is; training uses it too.

Two layers. `feature_table` gives what depends on the page alone: one named column a fact, the
token buckets that wording is learned from, and the row ranges around each block. The model adds
what it learned from tokens and looks around each block again with `surroundings`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classifier.blocks import Document
from classifier.features.batch import make_batch
from classifier.features.characters import Floats, Integers
from classifier.features.context import best_run, context_columns, standing, surroundings
from classifier.features.layout import Layout, make_layout
from classifier.features.links import link_columns, link_counts
from classifier.features.markup import markup_columns
from classifier.features.position import (
    declared_columns,
    position_columns,
    recurrence_columns,
)
from classifier.features.script import script_columns
from classifier.features.shape import shape_columns
from classifier.features.wording import Tokens, name_tokens, word_tokens

__all__ = ["FEATURES", "FeatureTable", "best_run", "feature_table", "standing", "surroundings"]


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
    batch = make_batch(documents)
    layout = make_layout(batch)
    counts = link_counts(batch)
    columns = {
        **shape_columns(batch),
        **script_columns(batch),
        **link_columns(batch, counts),
        **position_columns(batch),
        **declared_columns(batch),
        **recurrence_columns(batch),
        **markup_columns(batch),
    }
    columns.update(context_columns(batch, layout, counts, columns))
    return FeatureTable(
        names=tuple(columns),
        values=np.stack(list(columns.values()), axis=1),
        bounds=batch.bounds,
        word_counts=batch.word_counts,
        layout=layout,
        words=word_tokens(batch),
        element_names=name_tokens(batch),
    )


FEATURES: tuple[str, ...] = feature_table([]).names
"""The ordered names of all columns of a table."""
