"""Letters composed (NFC), so that й and ё are the same however a page spells them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

LONGEST_RUN = 31
"""So many marks in a row are not composed: Unicode's stream-safe text format (UAX #15) has 30."""

_LONG_RUN = re.compile(rf"([^\w\s\0-\u02ff]{{{LONGEST_RUN},}})")
"""Marks without a letter, or signs: what is no letter, digit or space."""


def compose(text: str) -> str:
    """The text in NFC, but for runs of marks that no language has: sorting them is quadratic.

    >>> len(compose("\N{CYRILLIC SMALL LETTER IE}\N{COMBINING DIAERESIS}"))
    1
    """
    if len(text) < LONGEST_RUN:
        return unicodedata.normalize("NFC", text)
    pieces = _LONG_RUN.split(text)
    pieces[::2] = [unicodedata.normalize("NFC", piece) for piece in pieces[::2]]
    return "".join(pieces)


def join_composed(texts: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The texts composed, joined by line feeds and one by one; those given, if they are already."""
    composable = "\n".join(text for text in texts if not text.isascii())
    if _LONG_RUN.search(composable) or not unicodedata.is_normalized("NFC", composable):
        texts = [compose(text) for text in texts]
    return "\n".join(texts), texts
