"""Where a block stands on its page, and whether it stands there more than once."""

from __future__ import annotations

import numpy as np

from classifier.features.batch import Batch
from classifier.features.characters import (
    Bools,
    Floats,
    Hashes,
    Integers,
    find_words,
    hash_texts,
    join_characters,
)
from classifier.features.script import contains, stop_hashes
from classifier.features.shape import sentence_ends

_SPREAD = np.uint64(0x9E3779B97F4A7C15)


def position_columns(batch: Batch) -> dict[str, Floats]:
    """Rank, offset in the text, repetition, totals of the page."""
    rows = np.arange(len(batch.blocks))
    rank = rows - batch.first
    count = batch.end - batch.first
    lengths = batch.characters.ends - batch.characters.starts
    running = np.concatenate(([0], np.cumsum(lengths)))
    before = running[rows] - running[batch.first]
    total = np.maximum(running[batch.end] - running[batch.first], 1)
    copies, earlier = count_copies(batch)
    columns = {
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
    return {name: np.asarray(values, np.float32) for name, values in columns.items()}


def count_copies(batch: Batch) -> tuple[Integers, Integers]:
    """How often the page has the block's text, and how often before it; digits count as equal."""
    keys = hash_texts(batch.characters) ^ batch.page.astype(np.uint64) * _SPREAD
    _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    order = np.argsort(inverse, kind="stable")
    sorted_groups = inverse[order]
    starts = np.searchsorted(sorted_groups, sorted_groups, side="left")
    earlier = np.empty(len(keys), np.int64)
    earlier[order] = np.arange(len(keys)) - starts
    return counts[inverse], earlier


def declared_columns(batch: Batch) -> dict[str, Floats]:
    """How far the block's words overlap the title and the description that the head declares."""
    columns: dict[str, Floats] = {}
    for name, texts in (
        ("title", [document.title for document in batch.documents]),
        ("description", [document.description for document in batch.documents]),
    ):
        declared = find_words(join_characters(texts))
        if texts:
            in_block, covered = _overlap(batch, declared.owners, declared.hashes)
        else:
            in_block = covered = np.zeros(0)
        columns[f"share_in_{name}"] = np.where(batch.marked_up, in_block, np.nan)
        columns[f"{name}_covered"] = np.where(batch.marked_up, covered, np.nan)
    return {name: np.asarray(values, np.float32) for name, values in columns.items()}


def _overlap(batch: Batch, pages: Integers, hashes: Hashes) -> tuple[Floats, Floats]:
    """The share of each block's words that are declared, and of the declared that it has."""
    declared = np.unique(_on_page(hashes, pages))
    found = contains(declared, _on_page(batch.words.hashes, batch.page[batch.words.owners]))
    hits = np.bincount(batch.words.owners, found, minlength=len(batch.blocks))
    declared_sizes = np.bincount(pages, minlength=len(batch.documents))[batch.page]
    words = np.maximum(batch.word_counts, 1)
    return hits / words, np.minimum(hits / np.maximum(declared_sizes, 1), 1)


def _on_page(hashes: Hashes, pages: Integers) -> Hashes:
    """Hashes that are equal only for equal words of the same page."""
    own: Hashes = hashes ^ (pages.astype(np.uint64) + np.uint64(1)) * _SPREAD
    return own


def recurrence_columns(batch: Batch) -> dict[str, Floats]:
    """How far the block's telling words come again in the page's sentences.

    The words of a headline or a caption do, those of a menu do not. Blocks that are sentences
    themselves are not asked: 0.
    """
    owners, hashes = batch.words.owners, batch.words.hashes
    english, russian = stop_hashes()
    telling = ~(contains(english, hashes) | contains(russian, hashes))
    running_text = is_sentence(batch)
    keys = _on_page(hashes, batch.page[owners])
    found = contains(np.unique(keys[running_text[owners]]), keys)
    size = len(batch.blocks)
    asked = np.bincount(owners, telling, minlength=size)
    hits = np.bincount(owners, telling & found, minlength=size)
    share = np.where(running_text, 0, hits / np.maximum(asked, 1))
    again = np.where(running_text, 0, np.log1p(hits))
    return {
        "share_in_sentences": share.astype(np.float32),
        "words_in_sentences_log": again.astype(np.float32),
    }


def is_sentence(batch: Batch) -> Bools:
    """Which blocks are running text: they end a sentence and have twelve words."""
    found: Bools = (sentence_ends(batch.characters) > 0) & (batch.word_counts >= 12)
    return found
