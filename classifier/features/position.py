"""Where a block stands on its page, and whether it stands there more than once."""

from __future__ import annotations

import numpy as np

from classifier.features.characters import Bools, Integers
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
    owners = facts.word_owners
    telling = ~is_stop_word(facts.words)
    asked = np.bincount(owners, telling, minlength=facts.size)
    keys = on_page(facts.words, facts.page[owners])
    running_text = is_running_text(facts)
    columns: Columns = {}
    for name, source in (("sentences", running_text), ("body", running_text & in_body)):
        found = np.isin(keys, keys[source[owners]])
        hits = np.bincount(owners, telling & found, minlength=facts.size)
        share = np.where(running_text, 0, hits / np.maximum(asked, 1))
        columns[f"share_in_{name}"] = share
        columns[f"words_in_{name}_log"] = np.where(running_text, 0, np.log1p(hits))
    # What stands in several short blocks but not in the body is a site's name, a rubric, a button.
    short = ~running_text[owners]
    _, place, times = np.unique(keys[short], return_inverse=True, return_counts=True)
    in_frame = np.zeros(len(keys), bool)
    in_frame[short] = times[place] > 1
    hits = np.bincount(owners, telling & in_frame & ~found, minlength=facts.size)
    columns["share_in_frame"] = hits / np.maximum(asked, 1)
    # A word that comes again says the more, the more of the block's words do.
    strength = columns["words_in_body_log"] * columns["share_in_body"]
    columns["in_body_against_best"] = strength / np.maximum(page_max(strength, layout), 1e-9)
    columns.update(_overlap_columns(facts, layout, telling, asked))
    return columns


def _overlap_columns(facts: Facts, layout: Layout, telling: Bools, asked: Integers) -> Columns:
    """How far the block's telling words stand in its neighbours, as a caption's in its credit."""
    owners = facts.word_owners
    own_keys = on_page(facts.words, owners)
    columns: Columns = {}
    for name, offset in (("previous", -1), ("next", 1)):
        other = owners + offset
        inside = (other >= layout.first[owners]) & (other < layout.end[owners])
        found = telling & inside & np.isin(on_page(facts.words, other), own_keys)
        hits = np.bincount(owners, found, minlength=facts.size)
        columns[f"share_in_{name}"] = hits / np.maximum(asked, 1)
    return columns


def is_running_text(facts: Facts) -> Bools:
    """Which blocks are running text: they end a sentence and have twelve words."""
    found: Bools = (facts.counts["sentence_ends"] > 0) & (facts.counts["words"] >= 12)
    return found
