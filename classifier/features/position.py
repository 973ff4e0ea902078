"""Where a block stands on its page, and whether it stands there more than once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from classifier.features.characters import BUCKET_BITS, Bools, Hashes, Integers
from classifier.features.facts import Columns, Facts, on_page
from classifier.features.layout import Layout, page_max, page_sum, running_sum
from classifier.features.stop_words import is_stop_word
from classifier.features.wording import hash_blocks


def position_columns(facts: Facts, layout: Layout) -> Columns:
    """Rank, offset in the text, repetition, totals of the page."""
    rows = np.arange(facts.size)
    rank = rows - layout.first
    count = layout.end - layout.first
    lengths = facts.counts["characters"]
    running = running_sum(lengths)
    before = running[rows] - running[layout.first]
    total = np.maximum(page_sum(lengths, layout), 1)
    copies, earlier = count_copies(facts)
    return {
        "rank_log": np.log1p(rank),
        "rank_from_end_log": np.log1p(count - 1 - rank),
        "relative_rank": rank / np.maximum(count - 1, 1),
        "relative_offset": (before + lengths / 2) / total,
        "copies_log": np.log(copies),
        "earlier_copies_log": np.log1p(earlier),
        "page_blocks_log": np.log(count),
        "page_characters_log": np.log(total),
        "page_mean_characters_log": np.log(total / count),
        "share_of_page": lengths / total,
    }


def count_copies(facts: Facts) -> tuple[Integers, Integers]:
    """How often the page has the block's words, and how often before it; digits count as equal."""
    keys = on_page(hash_blocks(facts), facts.page)
    _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    order = np.argsort(inverse, kind="stable")
    sorted_groups = inverse[order]
    starts = np.searchsorted(sorted_groups, sorted_groups, side="left")
    earlier = np.empty(len(keys), np.int64)
    earlier[order] = np.arange(len(keys)) - starts
    return counts[inverse], earlier


def recurrence_columns(facts: Facts, layout: Layout, in_body: Bools) -> Columns:
    """How far the block's telling words come again in the page's sentences, and in its body.

    The words of a headline or a caption do, those of a menu do not. Blocks that are asked about
    are not sentences themselves; for those all is 0. `against_best` compares with the block of the
    page that has most: a page has one headline.
    """
    words = group_words(facts)
    telling = ~is_stop_word(words.buckets)
    running_text = is_running_text(facts)

    def telling_words(marks: Bools) -> Integers:
        return np.bincount(words.owners, telling & marks, minlength=facts.size)

    asked = np.maximum(telling_words(telling), 1)
    columns: Columns = {}
    for name, source in (("sentences", running_text), ("body", running_text & in_body)):
        found = words.in_group(source[words.owners])
        hits = telling_words(found)
        columns[f"share_in_{name}"] = np.where(running_text, 0, hits / asked)
        columns[f"words_in_{name}_log"] = np.where(running_text, 0, np.log1p(hits))
    # What stands in several short blocks but not in the body is a site's name, a rubric, a button.
    short = ~running_text[words.owners]
    in_frame = short & (np.bincount(words.groups, short)[words.groups] > 1)
    columns["share_in_frame"] = telling_words(in_frame & ~found) / asked
    # A word that comes again says the more, the more of the block's words do.
    strength = columns["words_in_body_log"] * columns["share_in_body"]
    columns["in_body_against_best"] = strength / np.maximum(page_max(strength, layout), 1e-9)
    # How far they stand in its neighbours, as a caption's in its credit.
    for name, offset in (("previous", -1), ("next", 1)):
        columns[f"share_in_{name}"] = telling_words(words.in_block(offset)) / asked
    return columns


@dataclass(frozen=True, slots=True)
class GroupedWords:
    """Words in an order in which those that are equal on a page stand together, block by block.

    `owners` has each word's block, `groups` a number that equal words of a page share.
    """

    buckets: Hashes
    owners: Integers
    groups: Integers

    def in_group(self, marks: Bools) -> Bools:
        """Which words have a marked one in their group."""
        marked = np.zeros(len(marks), bool)
        marked[self.groups[marks]] = True
        return marked[self.groups]

    def in_block(self, offset: int) -> Bools:
        """Which words stand in the next block of the page too, or in the previous one: 1 or -1."""
        steps = np.diff(self.owners, prepend=-1)
        new_group = np.diff(self.groups, prepend=-1) > 0
        # Equal words of one block share what is told of their block.
        first = np.flatnonzero(new_group | (steps > 0))
        beside = ~new_group[first] & (steps[first] == 1)
        if offset > 0:
            beside = np.append(beside, False)[1:]
        return np.repeat(beside, np.diff(first, append=len(steps)))


def group_words(facts: Facts) -> GroupedWords:
    """The words of all pages, grouped."""
    place_bits = np.uint64(64 - BUCKET_BITS)
    places = np.arange(len(facts.words), dtype=np.uint64)
    # Numbers are sorted much faster than places are by them.
    order = np.sort(facts.words.astype(np.uint64) << place_bits | places)
    order &= (np.uint64(1) << place_bits) - np.uint64(1)
    buckets, owners = facts.words[order], facts.word_owners[order]
    pages = facts.page[owners]
    is_new = np.ones(len(order), bool)
    is_new[1:] = (buckets[1:] != buckets[:-1]) | (pages[1:] != pages[:-1])
    return GroupedWords(buckets, owners, np.cumsum(is_new) - 1)


def is_running_text(facts: Facts) -> Bools:
    """Which blocks are running text: they end a sentence and have twelve words."""
    found: Bools = (facts.counts["sentence_ends"] > 0) & (facts.counts["words"] >= 12)
    return found
