"""Several documents laid out as arrays: what the feature rooms share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from classifier.blocks import Block, Document
from classifier.features.characters import (
    Characters,
    Integers,
    Words,
    find_words,
    join_characters,
)
from classifier.html import BLOCK_TAGS, CELL_TAGS

Bools = npt.NDArray[np.bool_]

CONTAINER_TAGS = BLOCK_TAGS | CELL_TAGS


@dataclass(frozen=True, slots=True)
class Tree:
    """The elements above the blocks.

    `path[i, d]` is the row of block `i`'s ancestor at depth `d`, or -1 below its depth. Rows run
    through all documents; `tags` and `names` and `hidden` have one entry a row.
    """

    path: Integers
    depth: Integers
    own_depth: Integers
    tags: tuple[str, ...]
    names: tuple[str, ...]
    hidden: Bools


@dataclass(frozen=True, slots=True)
class Batch:
    """Blocks of all documents in one row; page `p` owns rows `bounds[p]` to `bounds[p + 1]`."""

    documents: tuple[Document, ...]
    blocks: tuple[Block, ...]
    bounds: Integers
    page: Integers
    marked_up: Bools
    characters: Characters
    words: Words
    word_counts: Integers
    tree: Tree

    @property
    def first(self) -> Integers:
        """For each block, the row of its page's first block."""
        return self.bounds[self.page]

    @property
    def end(self) -> Integers:
        """For each block, the row after its page's last block."""
        return self.bounds[self.page + 1]


def make_batch(documents: Sequence[Document]) -> Batch:
    """Lay documents out as arrays."""
    blocks = tuple(block for document in documents for block in document.blocks)
    sizes = np.fromiter((len(document.blocks) for document in documents), np.int64)
    bounds = np.concatenate(([0], np.cumsum(sizes)))
    page = np.repeat(np.arange(len(documents)), sizes)
    characters = join_characters([block.text for block in blocks])
    words = find_words(characters)
    return Batch(
        documents=tuple(documents),
        blocks=blocks,
        bounds=bounds,
        page=page,
        marked_up=np.fromiter((block.markup is not None for block in blocks), bool, len(blocks)),
        characters=characters,
        words=words,
        word_counts=np.bincount(words.owners, minlength=len(blocks)),
        tree=_make_tree(blocks, page),
    )


def _make_tree(blocks: Sequence[Block], page: Integers) -> Tree:
    deepest = max((len(block.markup.path) for block in blocks if block.markup), default=0)
    path = np.full((len(blocks), deepest), -1, np.int64)
    depth = np.zeros(len(blocks), np.int64)
    own_depth = np.full(len(blocks), -1, np.int64)
    tags: list[str] = []
    names: list[str] = []
    hidden: list[bool] = []
    rows: dict[int, int] = {}
    current_page = -1
    for number, (block, page_number) in enumerate(zip(blocks, page.tolist())):
        if page_number != current_page:
            current_page = page_number
            rows = {}
        if block.markup is None:
            continue
        depth[number] = len(block.markup.path)
        row_path = []
        for level, element in enumerate(block.markup.path):
            row = rows.get(element.number)
            if row is None:
                row = rows[element.number] = len(tags)
                tags.append(element.tag)
                names.append(element.names)
                hidden.append(element.hidden)
            row_path.append(row)
            if element.tag in CONTAINER_TAGS:
                own_depth[number] = level
        path[number, : len(row_path)] = row_path
    return Tree(path, depth, own_depth, tuple(tags), tuple(names), np.array(hidden, bool))
