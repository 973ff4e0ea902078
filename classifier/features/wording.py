"""Which words a block is made of, and which names its elements carry, as hashed tokens.

Hashing (Weinberger et al. 2009, "Feature hashing for large scale multitask learning") needs no
vocabulary and stores no text: what the model learns is one weight a bucket.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from classifier.features.batch import Batch
from classifier.features.characters import (
    Floats,
    Hashes,
    Integers,
    find_words,
    hash_texts,
    join_characters,
)

BUCKET_BITS = 18
"""Tokens fall into two to this power buckets, for wording and for names each."""

LONGEST_WHOLE = 6
"""A block of at most so many words is also one token as a whole."""

NEAR_LEVELS = 2
"""Names of so many innermost elements are also told apart as near ones."""

_PAIR = np.uint64(0xC2B2AE3D27D4EB4F)
_WHOLE = np.uint64(0x165667B19E3779F9)
_FIRST = np.uint64(0x27D4EB2F165667C5)
_NEAR = np.uint64(0x85EBCA77C2B2AE63)
_SHIFT = np.uint64(64 - BUCKET_BITS)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Token buckets by block: block `i` has `buckets[bounds[i]:bounds[i + 1]]`."""

    buckets: npt.NDArray[np.uint32]
    bounds: Integers

    def score(self, weights: Floats) -> Floats:
        """The mean weight of each block's tokens times the root of their number.

        That is the dot product with the block's token counts scaled to unit length, if no token
        occurs twice.
        """
        sums = np.zeros(len(self.buckets) + 1)
        np.cumsum(weights[self.buckets], out=sums[1:])
        totals = sums[self.bounds[1:]] - sums[self.bounds[:-1]]
        counts = np.maximum(np.diff(self.bounds), 1)
        return (totals / np.sqrt(counts)).astype(np.float32)


def _bucket(hashes: Hashes) -> npt.NDArray[np.uint32]:
    buckets: npt.NDArray[np.uint32] = (hashes * _PAIR >> _SHIFT).astype(np.uint32)
    return buckets


def _gather(hashes: list[Hashes], owners: list[Integers], size: int) -> Tokens:
    owner = np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    bounds = np.concatenate(([0], np.cumsum(np.bincount(owner, minlength=size))))
    return Tokens(_bucket(np.concatenate(hashes))[order], bounds)


def word_tokens(batch: Batch) -> Tokens:
    """Words, pairs of neighbouring words, the first word, and short blocks as a whole."""
    owners, hashes = batch.words.owners, batch.words.hashes
    same = owners[1:] == owners[:-1]
    pairs = (hashes[:-1] * _PAIR ^ hashes[1:])[same] * _WHOLE
    is_first = np.ones(len(owners), bool)
    is_first[1:] = ~same
    short = np.flatnonzero((batch.word_counts <= LONGEST_WHOLE) & (batch.word_counts > 0))
    wholes = hash_texts(batch.characters)[short] * _WHOLE
    return _gather(
        [hashes, pairs, hashes[is_first] * _FIRST, wholes],
        [owners, owners[1:][same], owners[is_first], short],
        len(batch.blocks),
    )


def name_tokens(batch: Batch) -> Tokens:
    """The words of the class, id, role and itemprop attributes above each block, and the tags."""
    tree = batch.tree
    names = join_characters(tree.names)
    words = find_words(names, camel_case=True)
    tags = hash_texts(join_characters(tree.tags)) * _WHOLE
    element_owner = np.concatenate((words.owners, np.arange(len(tree.tags))))
    element_hash = np.concatenate((words.hashes, tags))
    order = np.argsort(element_owner, kind="stable")
    element_hash = element_hash[order]
    counts = np.bincount(element_owner, minlength=len(tree.tags))
    starts = np.cumsum(counts) - counts
    blocks, levels = np.nonzero(tree.path >= 0)
    elements = tree.path[blocks, levels]
    repeats = counts[elements]
    token_block = np.repeat(blocks, repeats)
    offsets = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    token_hash = element_hash[np.repeat(starts[elements], repeats) + offsets]
    near = np.repeat(levels >= tree.depth[blocks] - NEAR_LEVELS, repeats)
    return _gather(
        [token_hash, token_hash[near] * _NEAR],
        [token_block, token_block[near]],
        len(batch.blocks),
    )
