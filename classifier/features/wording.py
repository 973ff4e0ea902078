"""Which words a block is made of, and which names its elements carry, as hashed tokens.

A token falls into one of `2 ** BUCKET_BITS` buckets; words and names have buckets of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from classifier.features.characters import BUCKET_BITS, Floats, Hashes, Integers, starts_of
from classifier.features.facts import Facts

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


def _buckets(hashes: npt.NDArray[np.uint64]) -> Hashes:
    buckets: Hashes = (hashes * _PAIR >> _SHIFT).astype(np.uint32)
    return buckets


def _gather(buckets: list[Hashes], owners: list[Integers], size: int) -> Tokens:
    owner = np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    bounds = starts_of(np.bincount(owner, minlength=size))
    return Tokens(np.concatenate(buckets)[order], bounds)


def word_tokens(facts: Facts) -> Tokens:
    """Words, pairs of neighbouring words, the first word, and short blocks as a whole."""
    owners, words = facts.word_owners, facts.words.astype(np.uint64)
    same = owners[1:] == owners[:-1]
    pairs = (words[:-1] << np.uint64(BUCKET_BITS) | words[1:])[same] * _WHOLE
    is_first = np.ones(len(owners), bool)
    is_first[1:] = ~same
    count = facts.counts["words"]
    short = np.flatnonzero((count <= LONGEST_WHOLE) & (count > 0))
    wholes = hash_blocks(facts)[short] * _WHOLE
    return _gather(
        [facts.words, _buckets(pairs), _buckets(words[is_first] * _FIRST), _buckets(wholes)],
        [owners, owners[1:][same], owners[is_first], short],
        facts.size,
    )


def hash_blocks(facts: Facts) -> Hashes:
    """One hash a block, equal for blocks of the same words in order and as many characters."""
    place = np.arange(len(facts.words)) - np.repeat(
        facts.word_bounds[:-1], np.diff(facts.word_bounds)
    )
    # Squares are told apart by order and are cheap; powers would need a table of their own.
    terms = (facts.words + np.uint64(1)) * (place.astype(np.uint64) * _NEAR | np.uint64(1)) ** 2
    sums = np.zeros(len(terms) + 1, np.uint64)
    np.cumsum(terms, out=sums[1:])
    own = sums[facts.word_bounds[1:]] - sums[facts.word_bounds[:-1]]
    own ^= facts.counts["characters"].astype(np.uint64) * _FIRST
    own ^= own >> np.uint64(32)
    hashes: Hashes = (own * _PAIR >> np.uint64(32)).astype(np.uint32)
    return hashes


def name_tokens(facts: Facts) -> Tokens:
    """The words of the class, id, role and itemprop attributes above each block, and the tags."""
    tree = facts.tree
    kinds = tree.kinds
    kind_owner = np.concatenate(
        (
            np.repeat(np.arange(len(kinds.tags)), np.diff(kinds.name_bounds)),
            np.arange(len(kinds.tags)),
        )
    )
    kind_hash = np.concatenate((kinds.names.astype(np.uint64), kinds.tags * _WHOLE))
    kind_hash = kind_hash[np.argsort(kind_owner, kind="stable")]
    counts = np.bincount(kind_owner, minlength=len(kinds.tags))
    starts = np.cumsum(counts) - counts
    blocks, levels = np.nonzero(tree.path >= 0)
    kind = tree.kind[tree.path[blocks, levels]]
    repeats = counts[kind]
    token_block = np.repeat(blocks, repeats)
    offsets = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    token_hash = kind_hash[np.repeat(starts[kind], repeats) + offsets]
    near = np.repeat(levels >= tree.depth[blocks] - NEAR_LEVELS, repeats)
    return _gather(
        [_buckets(token_hash), _buckets(token_hash[near] * _NEAR)],
        [token_block, token_block[near]],
        facts.size,
    )
