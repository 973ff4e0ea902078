"""Which words a block is made of, and which names its elements carry, as hashed tokens.

A token falls into one of `2 ** BUCKET_BITS` buckets; words and names have buckets of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from classifier.features.characters import BUCKET_BITS, Floats, Hashes, Integers, starts_of
from classifier.features.facts import Facts

LONGEST_WHOLE = 6
"""A block of at most so many words is also one token as a whole."""

NEAR_LEVELS = 2
"""Names of so many innermost elements are also told apart as near ones."""

MOST_NAMES = 1_500
"""So many names and tags above a block are read, those nearest. Of 600,000 blocks of published
pages none has more; without a bound, a page of long names above many blocks costs their product."""

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
        occurs twice. `weights` has a row a bucket; of several columns each gives a score.
        """
        counts = np.diff(self.bounds)
        some = np.flatnonzero(counts)
        totals = np.zeros((len(counts), *weights.shape[1:]))
        of_tokens = np.take(weights, self.buckets, axis=0)
        totals[some] = np.add.reduceat(of_tokens, self.bounds[some], axis=0, dtype=np.float64)
        means: Floats = (totals.T / np.sqrt(np.maximum(counts, 1))).T
        return means.astype(np.float32)


def _buckets(hashes: npt.NDArray[np.uint64]) -> Hashes:
    buckets: Hashes = (hashes * _PAIR >> _SHIFT).astype(np.uint32)
    return buckets


def _gather(parts: Sequence[tuple[Hashes, Integers]], size: int) -> Tokens:
    """All tokens by block, from parts that each have buckets and, in order, their blocks."""
    counts = [np.bincount(owners, minlength=size) for _, owners in parts]
    bounds = starts_of(np.sum(counts, axis=0))
    merged = np.empty(bounds[-1], np.uint32)
    free = bounds[:-1].copy()
    for (buckets, owners), count in zip(parts, counts):
        merged[np.arange(len(owners)) + (free - starts_of(count)[:-1])[owners]] = buckets
        free += count
    return Tokens(merged, bounds)


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
        [
            (facts.words, owners),
            (_buckets(pairs), owners[1:][same]),
            (_buckets(words[is_first] * _FIRST), owners[is_first]),
            (_buckets(wholes), short),
        ],
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
    numbers = np.arange(len(kinds.tags))
    name_counts = np.diff(kinds.name_bounds)
    # A kind's tokens are its names and its tag.
    starts = kinds.name_bounds[:-1] + numbers
    hashes = np.empty(len(kinds.names) + len(numbers), np.uint64)
    hashes[np.arange(len(kinds.names)) + np.repeat(numbers, name_counts)] = kinds.names
    hashes[starts + name_counts] = kinds.tags * _WHOLE
    counts = np.append(name_counts + 1, 0)[tree.kinds_above]
    upto = np.cumsum(counts[:, ::-1], axis=1)[:, ::-1]
    blocks, levels = np.nonzero((tree.path >= 0) & (upto <= MOST_NAMES))
    kind = tree.kinds_above[blocks, levels]
    near = levels >= tree.depth[blocks] - NEAR_LEVELS

    def tokens_of(kind: Integers, blocks: Integers, buckets: Hashes) -> tuple[Hashes, Integers]:
        repeats = name_counts[kind] + 1
        ends = np.cumsum(repeats)
        places = np.repeat(starts[kind] - (ends - repeats), repeats) + np.arange(repeats.sum())
        return buckets[places], np.repeat(blocks, repeats)

    return _gather(
        [
            tokens_of(kind, blocks, _buckets(hashes)),
            tokens_of(kind[near], blocks[near], _buckets(hashes * _NEAR)),
        ],
        facts.size,
    )
