"""Long pages of made-up prose, English or Russian, to find out what a page's size costs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product

from classifier.page import Mode

COMMON = {
    "en": "the of and a to in is that it was for on with as but this from had not which".split(),
    "ru": "и в на не что он она ещё с как это её но из мой который был за так от".split(),
}

SYLLABLES = {
    "en": (
        "bar cor den fal gor hol lan mer nor pel ros sal tan ver win".split(),
        "a e i o u ar en il on".split(),
        "ber dle ford ing ley mond ness ster ton ward".split(),
    ),
    "ru": (
        "бар вол гор дер ёл зар кол лод мор нов пер рыб сол тём шер".split(),
        "а е и о у ай ен ил ов".split(),
        "бый вка дный ёжка кой лось мый ние ра ть".split(),
    ),
}
"""Beginnings, middles and ends of the words that are not common."""

OPENING: dict[Mode, str] = {"html": '<!DOCTYPE html>\n<meta charset="utf-8">\n<p>', "text": ""}
BETWEEN: dict[Mode, str] = {"html": "</p>\n<p>", "text": "\n\n"}

SENTENCE_WORDS = (6, 18)
PARAGRAPH_SENTENCES = (3, 6)


def long_page(size: int, language: str, mode: Mode, one_paragraph: bool = False) -> bytes:
    """A page of `size` bytes of UTF-8 in `language` (`en` or `ru`), the same at every call.

    >>> page = long_page(200, "ru", "html")
    >>> len(page), page[:15]
    (200, b'<!DOCTYPE html>')
    """
    pieces = [OPENING[mode].encode()]
    missing = size - len(pieces[0])
    between = " " if one_paragraph else BETWEEN[mode]
    for paragraph in _paragraphs(language):
        if missing <= 0:
            break
        pieces.append((paragraph + between).encode())
        missing -= len(pieces[-1])
    whole_letters = b"".join(pieces)[:size].decode(errors="ignore").encode()
    return whole_letters.ljust(size)


def _paragraphs(language: str) -> Iterator[str]:
    """Endless prose; every other word of it is a common one."""
    choose = random.Random(language)
    common = COMMON[language]
    rare = list(map("".join, product(*SYLLABLES[language])))
    words = rare + common * (len(rare) // len(common))
    while True:
        yield " ".join(
            " ".join(choose.choices(words, k=choose.randint(*SENTENCE_WORDS))).capitalize() + "."
            for _ in range(choose.randint(*PARAGRAPH_SENTENCES))
        )
