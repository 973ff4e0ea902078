"""Which language a text is in: English, Russian, both, or another one.

Script first, then function words: Latin letters without English function words are another
language, and so is Cyrillic with letters that Russian does not have.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np

from classifier.features import characters as ch
from classifier.features.characters import find_words, join_characters, word_buckets
from classifier.features.stop_words import is_stop_word

Language = Literal["en", "ru", "mixed", "other"]

SMALL_SHARE = 0.12
"""A language with at least this share of the words makes a text mixed."""

LOWEST_STOP_DENSITY = 0.12
"""Running English and Russian have a fifth to a half of function words."""

FEWEST_WORDS = 25
"""Below so many words of a script, function words may be lacking by chance."""

MOST_FOREIGN_LETTERS = 0.01

MOST_CHARACTERS = 1_000_000
"""So much text is enough to tell."""

_NOT_RUSSIAN = np.array(
    [
        ord(letter)
        for letter in "\N{CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I}"
        "\N{CYRILLIC SMALL LETTER YI}\N{CYRILLIC SMALL LETTER UKRAINIAN IE}"
        "\N{CYRILLIC SMALL LETTER SHORT U}\N{CYRILLIC SMALL LETTER JE}"
        "\N{CYRILLIC SMALL LETTER LJE}\N{CYRILLIC SMALL LETTER NJE}"
        "\N{CYRILLIC SMALL LETTER TSHE}\N{CYRILLIC SMALL LETTER DJE}"
        "\N{CYRILLIC SMALL LETTER SCHWA}\N{CYRILLIC SMALL LETTER STRAIGHT U}"
        "\N{CYRILLIC SMALL LETTER BARRED O}\N{CYRILLIC SMALL LETTER KA WITH DESCENDER}"
    ]
)


def text_language(texts: Sequence[str]) -> Language:
    """The language of the texts taken together.

    >>> text_language(["Tea is a drink."]), text_language(["Ёлка стоит в лесу."])
    ('en', 'ru')
    >>> text_language(["Tea is a drink that we like.", "Чай — это напиток, и он нам нравится."])
    'mixed'
    """
    characters = join_characters(list(_first(texts)))
    words = find_words(characters)
    first = characters.classes_at(words.starts, np.ones(len(words.starts), bool))
    latin = (first & ch.LATIN) != 0
    cyrillic = (first & ch.CYRILLIC) != 0
    lettered = int(((first & ch.LETTER) != 0).sum())
    if not lettered:
        return "other"
    stop_words = is_stop_word(word_buckets(words.hashes))
    english = _share(latin, stop_words, lettered)
    russian = _share(cyrillic, stop_words, lettered)
    if russian and _share_foreign(characters) > MOST_FOREIGN_LETTERS:
        russian = 0.0
    if english >= SMALL_SHARE and russian >= SMALL_SHARE:
        return "mixed"
    if max(english, russian) < 0.5:
        return "other"
    return "en" if english > russian else "ru"


def _first(texts: Sequence[str]) -> Iterator[str]:
    """The texts up to `MOST_CHARACTERS`."""
    room = MOST_CHARACTERS
    for text in texts:
        yield text[:room]
        room -= len(text)
        if room <= 0:
            return


def _share(of_script: ch.Bools, stop_words: ch.Bools, lettered: int) -> float:
    """The share of words of a script, or 0 where that script is not of our language."""
    count = int(of_script.sum())
    stops = int((of_script & stop_words).sum())
    if count >= FEWEST_WORDS and stops < LOWEST_STOP_DENSITY * count:
        return 0.0
    return count / lettered


def _share_foreign(characters: ch.Characters) -> float:
    """The share of Cyrillic letters that Russian does not have."""
    foreign = np.isin(ch.fold(characters.codes), _NOT_RUSSIAN).sum()
    return float(foreign / max(characters.having(ch.CYRILLIC).sum(), 1))
