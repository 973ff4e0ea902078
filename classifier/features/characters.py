"""What every feature reads: the blocks' text as arrays of code points, their classes, and words.

All blocks are joined into one array, and one table puts each code point into a group: letters of
one script and case, digits, commas … A fact about a block is a sum over groups. Text is composed
(NFC) first, so that й and ё count the same however a page spells them; nothing is ever stripped.

Words are hashed over the whole array at once. With `c` the folded code points and `B` an odd
base, `sum(c[i] * B**(i - start))` modulo 2**64 is the polynomial hash of Karp and Rabin (1987,
"Efficient randomized pattern-matching algorithms"); a running sum gives it for every word.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.composing import join_composed

Floats = npt.NDArray[np.floating[Any]]
Integers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint32]
Wide = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]

WORD = 1
LETTER = 2
UPPER = 4
DIGIT = 8
CYRILLIC = 16
LATIN = 32
SPACE = 64
PUNCTUATION = 128
SENTENCE_END = 256
CLOSING = 512
COMMA = 1024
CURRENCY = 2048
DELIMITER = 4096
QUOTE = 8192
SYMBOL = 16384
QUESTION_MARK = 32768
EXCLAMATION_MARK = 65536
COPYRIGHT = 131072
BRACKET = 262144
COLON = 524288
AT_SIGN = 1048576
LINE_FEED = 2097152
ELLIPSIS = 4194304

BUCKET_BITS = 18
"""Words fall into two to this power buckets."""

WINDOW_BITS = 18
"""Powers of the hash's base are kept for two to this power places, what most chunks need."""

_TABLE_SIZE = 0x10000
_CATEGORIES = {
    "L": WORD | LETTER,
    "Lu": WORD | LETTER | UPPER,
    "Lt": WORD | LETTER | UPPER,
    "M": WORD,
    "N": WORD | DIGIT,
    "P": PUNCTUATION,
    "S": SYMBOL,
    "Sc": SYMBOL | CURRENCY,
}
"""The classes of Unicode's categories; of a category that is not here, those of its first letter.
"""

_SCRIPTS = {
    CYRILLIC: ((0x400, 0x530), (0x1C80, 0x1C90), (0x2DE0, 0x2E00)),
    LATIN: ((0, 0x250), (0x1E00, 0x1F00), (0xFF21, 0xFF5B)),
}
"""Where the letters of each script are."""

_SINGLE = {
    SENTENCE_END: ".!?\N{HORIZONTAL ELLIPSIS}",
    CLOSING: "\"')]}\N{RIGHT DOUBLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"
    "\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}",
    QUOTE: '"\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}'
    "\N{DOUBLE LOW-9 QUOTATION MARK}\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}"
    "\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}",
    DELIMITER: "|/\\>\N{BULLET}\N{MIDDLE DOT}\N{RIGHTWARDS ARROW}"
    "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}\N{LEFTWARDS ARROW}"
    "\N{BLACK RIGHT-POINTING POINTER}",
    COMMA: ",;",
    QUESTION_MARK: "?",
    EXCLAMATION_MARK: "!",
    COPYRIGHT: "\N{COPYRIGHT SIGN}",
    BRACKET: "(",
    COLON: ":",
    AT_SIGN: "@",
    LINE_FEED: "\n",
    ELLIPSIS: "\N{HORIZONTAL ELLIPSIS}",
}
"""The characters of the classes that are no matter of category or script."""

_BASE = 0x9E3779B97F4A7C15 | 1
_BASE_INVERSE = pow(_BASE, -1, 1 << 64)
_MIX = np.uint64(0xD6E8FEB86659FD93)


@functools.cache
def group_tables() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint32]]:
    """The group of each code point of the Basic Multilingual Plane, and each group's classes.

    A group is a set of classes that some code point has; its classes are bits. Group 0 has none.
    """
    classes = _classes()
    bits = np.unique(np.append(classes, np.uint32(0)))
    return np.searchsorted(bits, classes).astype(np.uint8), bits


def _classes() -> npt.NDArray[np.uint32]:
    characters = list(map(chr, range(_TABLE_SIZE)))
    categories = list(map(unicodedata.category, characters))
    of_category = {
        category: _CATEGORIES.get(category, _CATEGORIES.get(category[0], 0))
        for category in set(categories)
    }
    classes = np.fromiter(map(of_category.__getitem__, categories), np.uint32, _TABLE_SIZE)
    classes[ord("_")] = WORD
    for code in np.flatnonzero(classes == 0).tolist():
        if characters[code].isspace():
            classes[code] = SPACE
    for script, ranges in _SCRIPTS.items():
        for first, end in ranges:
            part = classes[first:end]
            part[(part & LETTER) != 0] |= script
    for bits, singles in _SINGLE.items():
        classes[[ord(character) for character in singles]] |= bits
    return classes


def groups_having(bits: int) -> Bools:
    """Which groups have any of the classes."""
    having: Bools = (group_tables()[1] & np.uint32(bits)) != 0
    return having


@functools.cache
def fold_table() -> npt.NDArray[np.uint16]:
    """Each code point in lower case, every digit as "0", so that words and numbers meet."""
    table = np.arange(_TABLE_SIZE, dtype=np.uint16)
    groups, _ = group_tables()
    # No other characters are digits or have a lower case.
    for code in np.flatnonzero(groups_having(UPPER | DIGIT | SYMBOL)[groups]).tolist():
        character = chr(code)
        if character.isdigit():
            table[code] = ord("0")
        elif character.isupper() or character.istitle():
            lower = character.lower()
            if len(lower) == 1 and ord(lower) < _TABLE_SIZE:
                table[code] = ord(lower)
    return table


def fold(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint16]:
    """Code points as `fold_table` has them; all beyond its end become one."""
    return np.take(fold_table(), codes, mode="clip")


@functools.cache
def _terms() -> Wide:
    """What each code point adds to a hash: its folded form, but never 0."""
    terms: Wide = fold_table().astype(np.uint64) + np.uint64(1)
    return terms


def _powers(base: int, size: int) -> Wide:
    """The first powers of a number from 1 on, modulo 2 to the 64.

    >>> _powers(10, 4).tolist()
    [1, 10, 100, 1000]
    """
    factors = np.full(size, base, np.uint64)
    factors[:1] = 1
    return np.cumprod(factors, dtype=np.uint64)


@functools.cache
def _near_powers() -> tuple[Wide, Wide]:
    """Powers of the base and of its inverse for the places of a window."""
    return _powers(_BASE, 1 << WINDOW_BITS), _powers(_BASE_INVERSE, 1 << WINDOW_BITS)


def _far_powers(windows: int) -> tuple[Wide, Wide]:
    """Powers of the base and of its inverse for the starts of windows."""
    base, inverse = (pow(number, 1 << WINDOW_BITS, 1 << 64) for number in (_BASE, _BASE_INVERSE))
    return _powers(base, windows), _powers(inverse, windows)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of all texts: where each begins and ends, which text owns it, its hash."""

    starts: Integers
    ends: Integers
    owners: Integers
    hashes: Hashes


@dataclass(frozen=True, slots=True)
class Characters:
    """Texts joined by line feeds into one array.

    `codes` and `groups` have one entry a character; text `i` is the half-open range
    `starts[i]` to `ends[i]`. The line feeds between texts are in group 0.
    """

    codes: npt.NDArray[np.uint32]
    groups: npt.NDArray[np.uint8]
    starts: Integers
    ends: Integers

    @property
    def lengths(self) -> Integers:
        """How many characters each text has."""
        return self.ends - self.starts

    def having(self, bits: int) -> Bools:
        """Which characters have any of the classes."""
        mask: Bools = np.take(groups_having(bits), self.groups, mode="clip")
        return mask

    def count(self, mask: Bools) -> Integers:
        """How many characters of each text are marked in `mask`."""
        running = starts_of(mask)
        counts: Integers = running[self.ends] - running[self.starts]
        return counts

    def group_counts(self) -> Integers:
        """How many characters of each text are in each group: a row a text, a column a group."""
        size = len(group_tables()[1])
        owners = np.repeat(np.arange(len(self.starts)) * size, self.lengths + 1)[:-1]
        counts = np.bincount(owners + self.groups, minlength=len(self.starts) * size)
        return counts.reshape(len(self.starts), size)

    def classes_at(self, positions: Integers, inside: Bools) -> npt.NDArray[np.uint32]:
        """The classes of the characters at the positions; none where `inside` is false."""
        if not self.groups.size:
            return np.zeros(len(positions), np.uint32)
        groups = self.groups[np.clip(positions, 0, self.groups.size - 1)]
        return np.where(inside, group_tables()[1][groups], np.uint32(0))


def starts_of(sizes: Integers | Bools) -> Integers:
    """Where each of the pieces laid end to end begins, and where the last one ends.

    >>> starts_of(np.array([2, 0, 3])).tolist()
    [0, 2, 2, 5]
    """
    starts = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=starts[1:])
    return starts


def join_characters(texts: Sequence[str]) -> Characters:
    """Compose the texts and lay them out as one array of code points.

    >>> join_characters(["a b", "\N{CYRILLIC SMALL LETTER SHORT I}"]).starts.tolist()
    [0, 4]
    """
    joined, texts = join_composed(texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    ends = np.cumsum(lengths + 1) - 1
    groups = np.take(group_tables()[0], codes, mode="clip")
    groups[ends[:-1]] = 0
    return Characters(codes, groups, ends - lengths, ends)


def find_words(characters: Characters, camel_case: bool = False) -> Words:
    """Every maximal run of word characters, hashed.

    With `camel_case`, a word also ends before an upper-case letter that follows a lower-case one
    and at underscores and digits: the words of class names.
    """
    size = characters.groups.size
    if not size:
        none = np.zeros(0, np.int64)
        return Words(none, none, none, np.zeros(0, np.uint32))
    inside = characters.having(LETTER if camel_case else WORD)
    breaks_before = np.zeros(size + 1, bool)
    if camel_case:
        upper = characters.having(UPPER)
        breaks_before[1:-1] = upper[1:] & inside[:-1] & ~upper[:-1]
    edge = np.zeros(size + 2, bool)
    edge[1:-1] = inside
    starts = np.flatnonzero(edge[1:] & (~edge[:-1] | breaks_before))
    ends = np.flatnonzero(edge[:-1] & (~edge[1:] | breaks_before))
    before = np.searchsorted(starts, characters.ends)
    owners = np.repeat(np.arange(len(before)), np.diff(before, prepend=0))
    return Words(starts, ends, owners, _hash_ranges(characters.codes, starts, ends))


def _hash_ranges(codes: npt.NDArray[np.uint32], starts: Integers, ends: Integers) -> Hashes:
    """A polynomial of the characters of each range, modulo 2 to the 64, and its upper half mixed.

    Sums up to each place give it without a visit to each range (Karp and Rabin 1987, "Efficient
    randomized pattern-matching algorithms").
    """
    size = 1 << WINDOW_BITS
    (near, near_inverse), (far, far_inverse) = _near_powers(), _far_powers(codes.size // size + 1)
    running = np.zeros(codes.size + 1, np.uint64)
    for number, start in enumerate(range(0, codes.size, size)):
        terms = np.take(_terms(), codes[start : start + size], mode="clip")
        terms *= near[: terms.size]
        terms *= far[number]
        terms[:1] += running[start : start + 1]
        np.cumsum(terms, out=running[start + 1 : start + 1 + terms.size])
    hashes = running[ends] - running[starts]
    hashes *= near_inverse[starts & (size - 1)]
    hashes *= far_inverse[starts >> WINDOW_BITS]
    hashes ^= hashes >> np.uint64(32)
    hashes *= _MIX
    short: Hashes = (hashes >> np.uint64(32)).astype(np.uint32)
    return short


def word_buckets(hashes: Hashes) -> Hashes:
    """Fewer numbers than there are words, so that a word cannot be told from its number.

    Hashing (Weinberger et al. 2009, "Feature hashing for large scale multitask learning") needs no
    vocabulary and stores no text: what a model learns is one weight a bucket.
    """
    buckets: Hashes = hashes >> np.uint32(32 - BUCKET_BITS)
    return buckets


def hash_texts(characters: Characters) -> Hashes:
    """One hash a text, equal for texts that differ in case and in digits only."""
    return _hash_ranges(characters.codes, characters.starts, characters.ends)


def hash_word(word: str) -> int:
    """The hash of one word, as `find_words` gives it.

    >>> hash_word("Tea") == hash_word("tea")
    True
    """
    return int(find_words(join_characters([word])).hashes[0])
