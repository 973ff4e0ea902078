"""What the tags say: the block's own element, the elements above it, headings before it."""

from __future__ import annotations

import numpy as np

from classifier.features.batch import Batch
from classifier.features.characters import Floats

OWN_TAGS = ("p", "li", "td", "div", "a", "span", "dd", "dt", "pre", "label")
"""Innermost elements that have a column of their own."""

ABOVE_TAGS = (
    "article main nav header footer aside section form table ul ol dl figure figcaption blockquote"
    " button select noscript details h1 h2 h3 h4 h5 h6"
).split()
"""Elements whose presence anywhere above the block has a column of its own."""


def markup_columns(batch: Batch) -> dict[str, Floats]:
    """Tag facts of each block; `NaN` where the block had no markup."""
    tree = batch.tree
    size = len(batch.blocks)
    rows = np.arange(size)
    tag_names = sorted(set(tree.tags))
    number_of = {tag: number for number, tag in enumerate(tag_names)}
    # One more entry than there are elements, so that -1 finds "no element".
    tags = np.array([number_of[tag] for tag in tree.tags] + [-1], np.int64)
    hidden = np.append(tree.hidden, False)
    if tree.path.shape[1]:
        path_tags = tags[tree.path]
        innermost = path_tags[rows, np.maximum(tree.depth - 1, 0)]
        own = path_tags[rows, np.maximum(tree.own_depth, 0)]
        is_hidden = np.asarray(hidden[tree.path].any(axis=1))
    else:
        path_tags = np.zeros((size, 0), np.int64)
        innermost = own = np.full(size, -1)
        is_hidden = np.zeros(size, bool)
    columns: dict[str, np.ndarray] = {
        "depth": tree.depth,
        "inline_depth": tree.depth - 1 - tree.own_depth,
        "hidden": is_hidden,
    }
    for tag in OWN_TAGS:
        number = number_of.get(tag, -2)
        columns[f"in_{tag}"] = (innermost == number) | (own == number)
    for tag in ABOVE_TAGS:
        number = number_of.get(tag, -2)
        columns[f"under_{tag}"] = (path_tags == number).any(axis=1)
    heading = sum(columns[f"under_h{level}"] * (7 - level) for level in range(1, 7))
    columns["heading_rank"] = np.asarray(heading)
    columns.update(_heading_distance(batch, np.asarray(heading)))
    return {
        name: np.where(batch.marked_up, values, np.nan).astype(np.float32)
        for name, values in columns.items()
    }


def _heading_distance(batch: Batch, heading: np.ndarray) -> dict[str, np.ndarray]:
    """Blocks since the page's first `h1` (or first highest heading), and since any heading."""
    rows = np.arange(len(batch.blocks))
    first = batch.first
    top = np.zeros(len(batch.documents), np.int64)
    np.maximum.at(top, batch.page, heading.astype(np.int64))
    is_top = (heading == top[batch.page]) & (heading > 0)
    top_row = np.full(len(batch.documents), len(rows))
    np.minimum.at(top_row, batch.page[is_top], rows[is_top])
    since_top = rows - top_row[batch.page]
    latest = np.maximum.accumulate(np.where(heading > 0, rows, -1)) if rows.size else rows
    seen = latest >= first
    return {
        "since_top_heading": np.sign(since_top)
        * np.log1p(np.abs(since_top))
        * (top[batch.page] > 0),
        "before_top_heading": (since_top < 0) & (top[batch.page] > 0),
        "since_heading_log": np.log1p(np.where(seen, rows - latest, rows - first)),
        "page_has_heading": top[batch.page] > 0,
    }
