"""The elements above the blocks, as numbers: which element, and what kind of element it is.

Elements of one tag with the same words in their names are of one kind. A page has thousands of
elements and a hundred kinds, so what is learned about names is looked up by kind.
"""

from __future__ import annotations

import functools
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.blocks import Blocks, Kind
from classifier.features.characters import (
    Bools,
    Hashes,
    Integers,
    find_words,
    join_characters,
    starts_of,
)
from classifier.tags import BLOCK_TAGS, CELL_TAGS

CONTAINER_TAGS = BLOCK_TAGS | CELL_TAGS


@dataclass(frozen=True, slots=True)
class Kinds:
    """A row a kind of element: the hash of its tag, whether it hides what it holds, its names.

    Kind `k` has the name words `names[name_bounds[k]:name_bounds[k + 1]]`, hashed.
    """

    tags: Hashes
    hidden: Bools
    names: Hashes
    name_bounds: Integers


@dataclass(frozen=True)
class Tree:
    """The elements above the blocks of any number of pages.

    `path[i, d]` is the element above block `i` at depth `d`, or -1 below the block's own depth;
    elements are numbered as they are met. `kind` has an entry an element and one more, -1, so that
    -1 finds no kind.
    """

    path: Integers
    kind: Integers
    kinds: Kinds

    @functools.cached_property
    def depth(self) -> Integers:
        """How many elements stand above each block."""
        depth: Integers = (self.path >= 0).sum(axis=1)
        return depth

    @functools.cached_property
    def kinds_above(self) -> Integers:
        """The kind of each element of `path`."""
        return self.kind[self.path]

    @functools.cached_property
    def own_depth(self) -> Integers:
        """The depth of each block's innermost container; -1 where there is none."""
        is_container = np.append(np.isin(self.kinds.tags, hash_tags(CONTAINER_TAGS)), False)
        levels = np.where(is_container[self.kinds_above], np.arange(self.path.shape[1]), -1)
        own: Integers = levels.max(axis=1, initial=-1)
        return own

    def marks_above(self, marks: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Bits that any element above each block has; `marks` has those of each kind."""
        of_kind = np.append(marks, np.zeros(1, marks.dtype))
        above: npt.NDArray[Any] = np.bitwise_or.reduce(of_kind[self.kinds_above], axis=1)
        return above

    def under(self, tags: Iterable[str]) -> Bools:
        """Which blocks have an element of one of the tags above them."""
        return self.marks_above(np.isin(self.kinds.tags, hash_tags(tags)))


def hash_tags(tags: Iterable[str]) -> Hashes:
    """A hash a tag name; digits count, unlike in words: `h1` is not `h2`."""
    return np.array([zlib.crc32(tag.encode()) for tag in tags], np.uint32)


def make_tree(pages: Sequence[Blocks]) -> Tree:
    """The tree above the blocks of all pages."""
    kinds: dict[Kind, int] = {}
    kind_of_element: list[int] = []
    for blocks in pages:
        numbers = [kinds.setdefault(kind, len(kinds)) for kind in blocks.kinds]
        kind_of_element += [numbers[place] for place in blocks.places]
    return Tree(
        path=grow_path(
            np.fromiter(chain.from_iterable(blocks.shared for blocks in pages), np.int64),
            np.fromiter(chain.from_iterable(blocks.new for blocks in pages), np.int64),
        ),
        kind=np.array([*kind_of_element, -1], np.int64),
        kinds=_make_kinds(list(kinds)),
    )


def grow_path(shared: Integers, new: Integers) -> Integers:
    """`Tree.path`, from how many elements of each block were met before, and how many are new.

    >>> grow_path(np.array([0, 1, 0]), np.array([2, 1, 1])).tolist()
    [[0, 1], [0, 2], [3, -1]]
    """
    depth = shared + new
    levels = np.arange(depth.max(initial=0))
    path = np.full((len(shared), len(levels)), -1, np.int64)
    path[(levels >= shared[:, None]) & (levels < depth[:, None])] = np.arange(new.sum())
    # Elements are numbered as they are met, so the latest at a level has the highest number.
    path = np.maximum.accumulate(path, axis=0)
    path[levels >= depth[:, None]] = -1
    return path


def _make_kinds(keys: Sequence[Kind]) -> Kinds:
    names = find_words(join_characters([names for _, names, _ in keys]), camel_case=True)
    return Kinds(
        tags=hash_tags(tag for tag, _, _ in keys),
        hidden=np.fromiter((hidden for _, _, hidden in keys), bool, len(keys)),
        names=names.hashes,
        name_bounds=starts_of(np.bincount(names.owners, minlength=len(keys))),
    )
