"""Where a block stands on its page, and whether it stands there more than once."""

from __future__ import annotations

import numpy as np

from classifier.features.characters import Bools, Integers
from classifier.features.facts import Columns, Facts, on_page
from classifier.features.layout import Layout, page_sum, running_sum
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


def recurrence_columns(facts: Facts) -> Columns:
    """How far the block's telling words come again in the page's sentences.

    The words of a headline or a caption do, those of a menu do not. Blocks that are sentences
    themselves are not asked: 0.
    """
    owners = facts.word_owners
    telling = ~is_stop_word(facts.words)
    running_text = is_running_text(facts)
    keys = on_page(facts.words, facts.page[owners])
    found = np.isin(keys, keys[running_text[owners]])
    asked = np.bincount(owners, telling, minlength=facts.size)
    hits = np.bincount(owners, telling & found, minlength=facts.size)
    return {
        "share_in_sentences": np.where(running_text, 0, hits / np.maximum(asked, 1)),
        "words_in_sentences_log": np.where(running_text, 0, np.log1p(hits)),
    }


def is_running_text(facts: Facts) -> Bools:
    """Which blocks are running text: they end a sentence and have twelve words."""
    found: Bools = (facts.counts["sentence_ends"] > 0) & (facts.counts["words"] >= 12)
    return found
