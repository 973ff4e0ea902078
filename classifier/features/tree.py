"""The elements above the blocks, as numbers: which element, and what kind of element it is.

Elements of one tag with the same words in their names are of one kind. A page has thousands of
elements and a hundred kinds, so what is learned about names is looked up by kind.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from classifier.blocks import Block, Element
from classifier.features.characters import (
    Bools,
    Hashes,
    Integers,
    find_words,
    join_characters,
    starts_of,
)
from classifier.html import BLOCK_TAGS, CELL_TAGS

CONTAINER_TAGS = BLOCK_TAGS | CELL_TAGS

HEADING_TAGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(frozen=True, slots=True)
class Kinds:
    """A row a kind of element: the hash of its tag, whether it hides what it holds, its names.

    Kind `k` has the name words `names[name_bounds[k]:name_bounds[k + 1]]`, hashed.
    """

    tags: Hashes
    hidden: Bools
    names: Hashes
    name_bounds: Integers


@dataclass(frozen=True, slots=True)
class Tree:
    """The elements above the blocks of any number of pages.

    `path[i, d]` is the element above block `i` at depth `d`, or -1 below the block's own depth;
    elements are numbered as they are met. `kind` has an entry an element and one more, -1, so that
    -1 finds no kind.
    """

    path: Integers
    kind: Integers
    kinds: Kinds

    @property
    def depth(self) -> Integers:
        """How many elements stand above each block."""
        depth: Integers = (self.path >= 0).sum(axis=1)
        return depth

    @property
    def own_depth(self) -> Integers:
        """The depth of each block's innermost container; -1 where there is none."""
        if not self.path.size:
            return np.full(len(self.path), -1, np.int64)
        is_container = np.append(np.isin(self.kinds.tags, hash_tags(CONTAINER_TAGS)), False)
        levels = np.arange(self.path.shape[1])
        own: Integers = np.where(is_container[self.kind[self.path]], levels, -1).max(axis=1)
        return own

    def under(self, tags: Iterable[str]) -> Bools:
        """Which blocks have an element of one of the tags above them."""
        is_one = np.append(np.isin(self.kinds.tags, hash_tags(tags)), False)
        return np.asarray(is_one[self.kind[self.path]].any(axis=1))


def hash_tags(tags: Iterable[str]) -> Hashes:
    """A hash a tag name; digits count, unlike in words: `h1` is not `h2`."""
    return np.array([zlib.crc32(tag.encode()) for tag in tags], np.uint32)


def make_tree(blocks: Sequence[Block], page: Integers) -> Tree:
    """The tree above the blocks, of which block `i` stands on page `page[i]`."""
    deepest = max((len(block.markup.path) for block in blocks if block.markup), default=0)
    path = np.full((len(blocks), deepest), -1, np.int64)
    kinds: dict[tuple[str, str, bool], int] = {}
    kind: list[int] = []
    before: tuple[Element, ...] = ()
    row_path: list[int] = []
    page_before = -1
    for number, (block, page_number) in enumerate(zip(blocks, page.tolist())):
        if block.markup is None:
            continue
        elements = block.markup.path
        shared = shared_depth(before, elements) if page_number == page_before else 0
        del row_path[shared:]
        for element in elements[shared:]:
            row_path.append(len(kind))
            key = (element.tag, element.names, element.hidden)
            kind.append(kinds.setdefault(key, len(kinds)))
        path[number, : len(row_path)] = row_path
        before, page_before = elements, page_number
    return Tree(path, np.array([*kind, -1], np.int64), _make_kinds(list(kinds)))


def shared_depth(before: Sequence[Element], path: Sequence[Element]) -> int:
    """How many of the outermost elements two paths share."""
    depth = 0
    for one, other in zip(before, path):
        if one.number != other.number:
            break
        depth += 1
    return depth


def _make_kinds(keys: Sequence[tuple[str, str, bool]]) -> Kinds:
    names = find_words(join_characters([names for _, names, _ in keys]), camel_case=True)
    return Kinds(
        tags=hash_tags(tag for tag, _, _ in keys),
        hidden=np.fromiter((hidden for _, _, hidden in keys), bool, len(keys)),
        names=names.hashes,
        name_bounds=starts_of(np.bincount(names.owners, minlength=len(keys))),
    )
