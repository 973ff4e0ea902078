"""What each block is by itself, as whole numbers: all that the features are computed from.

After this step no text is left: counts of characters, words and links, hashes of words, and the
elements above. So these numbers can be published where the pages cannot, and whoever has them can
compute every feature and fit the model (see `train/tables.py`).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.blocks import Document
from classifier.features import characters as ch
from classifier.features.characters import (
    Bools,
    Characters,
    Floats,
    Hashes,
    Integers,
    Words,
    find_words,
    groups_having,
    join_characters,
    starts_of,
    word_buckets,
)
from classifier.features.stop_words import is_stop_word
from classifier.features.tree import Tree, make_tree

Columns = dict[str, npt.NDArray[Any]]
"""Named columns with a value a block."""

CHARACTER_FACTS = {
    "letters": ch.LETTER,
    "upper": ch.UPPER,
    "cyrillic": ch.CYRILLIC,
    "latin": ch.LATIN,
    "digits": ch.DIGIT,
    "punctuation": ch.PUNCTUATION,
    "symbols": ch.SYMBOL,
    "commas": ch.COMMA,
    "delimiters": ch.DELIMITER,
    "quotes": ch.QUOTE,
    "currency": ch.CURRENCY,
    "questions": ch.QUESTION_MARK,
    "exclamations": ch.EXCLAMATION_MARK,
    "copyright_signs": ch.COPYRIGHT,
    "brackets": ch.BRACKET,
    "colons": ch.COLON,
    "at_signs": ch.AT_SIGN,
    "line_feeds": ch.LINE_FEED,
}
"""Counts of characters by class."""

EDGE_FACTS = {
    "ends_with_colon": (-1, ch.COLON),
    "ends_with_ellipsis": (-1, ch.ELLIPSIS),
    "starts_upper": (0, ch.UPPER),
    "starts_digit": (0, ch.DIGIT),
    "starts_with_punctuation": (0, ch.PUNCTUATION | ch.SYMBOL),
}
"""Whether the first or last character is of a class."""


DECLARED = ("title", "description", "structured")
"""Texts that a page declares of itself, which its blocks are compared with."""

LONGEST_DECLARED = 200_000
"""Characters of each of them that are read."""

_MARKUP_FACTS = ("marked_up", "links", "link_characters", "bold_characters", "images")
_NO_MARKUP = (0,) * len(_MARKUP_FACTS)


@dataclass(frozen=True)
class Facts:
    """The blocks of any number of pages; page `p` owns rows `bounds[p]` to `bounds[p + 1]`.

    `counts` has a column of whole numbers a fact. Block `i` has the words
    `words[word_bounds[i]:word_bounds[i + 1]]`, as `word_buckets` numbers them. `tree` holds the
    elements above the blocks.
    """

    counts: Mapping[str, Integers]
    bounds: Integers
    words: Hashes
    word_bounds: Integers
    tree: Tree

    @property
    def size(self) -> int:
        """The number of blocks."""
        return int(self.bounds[-1])

    @functools.cached_property
    def page(self) -> Integers:
        """The number of each block's page."""
        return np.repeat(np.arange(len(self.bounds) - 1), np.diff(self.bounds))

    @functools.cached_property
    def word_owners(self) -> Integers:
        """The block of each word."""
        return np.repeat(np.arange(self.size), np.diff(self.word_bounds))

    @functools.cached_property
    def marked_up(self) -> Bools:
        """Which blocks came with markup."""
        marked: Bools = self.counts["marked_up"] > 0
        return marked


def make_facts(documents: Sequence[Document]) -> Facts:
    """Count everything about the blocks of the documents.

    >>> from classifier.text import parse_text
    >>> facts = make_facts([parse_text("Ёлка, 2 шт.")])
    >>> facts.counts["cyrillic"].tolist(), facts.counts["words"].tolist()
    ([6], [3])
    """
    pages = [document.blocks for document in documents]
    bounds = starts_of(np.fromiter(map(len, pages), np.int64))
    page = np.repeat(np.arange(len(documents)), np.diff(bounds))
    text = join_characters([text for blocks in pages for text in blocks.texts])
    words = find_words(text)
    buckets = word_buckets(words.hashes)
    markup = chain.from_iterable(
        (1, *marks) if marks else _NO_MARKUP for blocks in pages for marks in blocks.marks
    )
    counts = {
        "characters": text.lengths,
        **_character_counts(text),
        **_word_counts(text, words, buckets),
        **dict(zip(_MARKUP_FACTS, np.fromiter(markup, np.int64).reshape(-1, len(_NO_MARKUP)).T)),
        **_declared_counts(documents, page, words),
    }
    return Facts(
        counts={name: np.asarray(values, np.int64) for name, values in counts.items()},
        bounds=bounds,
        words=buckets,
        word_bounds=starts_of(counts["words"]),
        tree=make_tree(pages),
    )


def _character_counts(text: Characters) -> dict[str, Integers]:
    by_class = _groups_of_facts() @ text.group_counts().T.astype(np.float64)
    some = text.lengths > 0
    last = text.classes_at(text.ends - 1, some)
    before_last = text.classes_at(text.ends - 2, text.lengths > 1)
    edges = {0: text.classes_at(text.starts, some), -1: last}
    ends_sentence = (last & ch.SENTENCE_END) | (
        (last & ch.CLOSING) * (before_last & ch.SENTENCE_END)
    )
    return {
        **dict(zip(CHARACTER_FACTS, by_class)),
        **{name: (edges[edge] & bits) != 0 for name, (edge, bits) in EDGE_FACTS.items()},
        "sentence_ends": _sentence_ends(text),
        "ends_sentence": ends_sentence != 0,
    }


@functools.cache
def _groups_of_facts() -> Floats:
    """Which groups of characters each of `CHARACTER_FACTS` counts: 0 or 1.

    As floats, which hold whole numbers and have a fast product.
    """
    return np.stack([groups_having(bits) for bits in CHARACTER_FACTS.values()]).astype(np.float64)


def _sentence_ends(text: Characters) -> Integers:
    """How many marks of each text end a sentence: followed by a space, a closing mark, the end."""
    ends = text.having(ch.SENTENCE_END)
    follows = np.zeros(ends.size, bool)
    follows[:-1] = text.having(ch.SPACE | ch.CLOSING)[1:]
    follows[text.ends[text.lengths > 0] - 1] = True
    return text.count(ends & follows)


def _word_counts(text: Characters, words: Words, buckets: Hashes) -> dict[str, Integers]:
    size = len(text.starts)
    initial = text.classes_at(words.starts, np.ones(len(words.starts), bool))

    def of_block(marks: Integers | Bools) -> Integers:
        return np.bincount(words.owners, marks, minlength=size)

    return {
        "words": np.bincount(words.owners, minlength=size),
        "word_characters": of_block(words.ends - words.starts),
        "capitalised_words": of_block((initial & ch.UPPER) != 0),
        "numeric_words": of_block((initial & ch.DIGIT) != 0),
        "stop_words": of_block(is_stop_word(buckets)),
    }


def _declared_counts(
    documents: Sequence[Document], page: Integers, words: Words
) -> dict[str, Integers]:
    """How many words of each block stand in the texts that the page declares of itself."""
    texts = list(zip(*map(declared_texts, documents)))
    declared = find_words(join_characters([text for kind in texts for text in kind]))
    kind, declaring = np.divmod(declared.owners, max(len(documents), 1))
    keys = on_page(words.hashes, page[words.owners])
    declared_keys = on_page(declared.hashes, declaring)
    counts: dict[str, Integers] = {}
    for number, name in enumerate(DECLARED):
        own = kind == number
        found = is_among(keys, declared_keys[own])
        counts[f"words_in_{name}"] = np.bincount(words.owners, found, minlength=len(page))
        counts[f"{name}_words"] = np.bincount(declaring[own], minlength=len(documents))[page]
    return counts


def declared_texts(document: Document) -> tuple[str, ...]:
    """What a page declares of itself, in the order of `DECLARED`, as far as it is read."""
    return tuple(getattr(document, name)[:LONGEST_DECLARED] for name in DECLARED)


def is_among(keys: Integers, wanted: Integers) -> Bools:
    """Which keys are among the wanted ones: `np.isin` for many keys, of which few are."""
    low_bits = 0xFFFF
    may_be = np.zeros(low_bits + 1, bool)
    may_be[wanted & low_bits] = True
    candidates = np.flatnonzero(may_be[keys & low_bits])
    found = np.zeros(len(keys), bool)
    found[candidates] = np.isin(keys[candidates], wanted)
    return found


def on_page(hashes: Hashes, pages: Integers) -> Integers:
    """Numbers that are equal only for equal words of the same page."""
    return pages << 32 | hashes
