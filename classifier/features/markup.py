"""What the tags say: the block's own element, the elements above it, headings before it."""

from __future__ import annotations

import numpy as np

from classifier.features.characters import Integers
from classifier.features.facts import Columns, Facts
from classifier.features.layout import Layout
from classifier.features.tree import hash_tags

OWN_TAGS = ("p", "li", "td", "div", "a", "span", "dd", "dt", "pre", "label")
"""Innermost elements that have a column of their own."""

ABOVE_TAGS = (
    "article main nav header footer aside section form table ul ol dl figure figcaption blockquote"
    " button select noscript details h1 h2 h3 h4 h5 h6"
).split()
"""Elements whose presence anywhere above the block has a column of its own."""


def markup_columns(facts: Facts, layout: Layout) -> Columns:
    """Tag facts of each block."""
    tree = facts.tree
    kinds, depth, own_depth = tree.kinds, tree.depth, tree.own_depth
    # Bit 0 says that a kind is hidden, each other one that it is of a tag.
    bits = np.uint64(1) << np.arange(len(ABOVE_TAGS) + 1, dtype=np.uint64)
    is_tag = kinds.tags[:, None] == hash_tags(ABOVE_TAGS)
    above = tree.marks_above(np.column_stack([kinds.hidden, is_tag]) @ bits)
    hidden, *under = (above & bits[:, None]) != 0
    columns: Columns = {
        "depth": depth,
        "inline_depth": depth - 1 - own_depth,
        "hidden": hidden,
    }
    # An entry more than there are kinds, so that -1 finds no kind.
    tags = np.append(kinds.tags, np.uint32(0))
    own = tags[_kind_at(tree.kinds_above, own_depth)]
    innermost = tags[_kind_at(tree.kinds_above, depth - 1)]
    for tag, value in zip(OWN_TAGS, hash_tags(OWN_TAGS)):
        columns[f"in_{tag}"] = (innermost == value) | (own == value)
    columns.update({f"under_{tag}": values for tag, values in zip(ABOVE_TAGS, under)})
    heading = np.zeros(facts.size, np.int64)
    for level in range(1, 7):
        heading += columns[f"under_h{level}"] * (7 - level)
    columns["heading_rank"] = heading
    columns.update(_heading_distance(facts, layout, heading))
    return columns


def _kind_at(kind: Integers, depth: Integers) -> Integers:
    """The kind of the element at a depth above each block; -1 where the depth is below 0."""
    if not kind.size:
        return np.full(len(depth), -1, np.int64)
    return np.where(depth >= 0, kind[np.arange(len(depth)), np.maximum(depth, 0)], -1)


def _heading_distance(facts: Facts, layout: Layout, heading: Integers) -> Columns:
    """Blocks since the page's first `h1` (or first highest heading), and since any heading."""
    rows = np.arange(facts.size)
    page = facts.page
    pages = len(facts.bounds) - 1
    top = np.zeros(pages, np.int64)
    np.maximum.at(top, page, heading)
    is_top = (heading == top[page]) & (heading > 0)
    top_row = np.full(pages, facts.size)
    np.minimum.at(top_row, page[is_top], rows[is_top])
    since_top = rows - top_row[page]
    has_heading = top[page] > 0
    latest = np.maximum.accumulate(np.where(heading > 0, rows, -1)) if rows.size else rows
    since = np.where(latest >= layout.first, rows - latest, rows - layout.first)
    return {
        "since_top_heading": np.sign(since_top) * np.log1p(np.abs(since_top)) * has_heading,
        "before_top_heading": (since_top < 0) & has_heading,
        "since_heading_log": np.log1p(since),
        "page_has_heading": has_heading,
    }
