"""The count of open elements is never less than what a parser has open."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from classifier.nesting import Nesting, read_tags
from classifier.tags import BLOCK_TAGS, FORMATTING_TAGS, RAW_TEXT_TAGS, VOID_TAGS

NAMES = sorted(
    (BLOCK_TAGS - {"plaintext"})
    | FORMATTING_TAGS
    | (RAW_TEXT_TAGS - {"plaintext"})
    | VOID_TAGS
    | set("applet colgroup marquee object rp rt ruby span td template th option x-ёж".split())
)
BEFORE = (
    "<!doctype html><p>",
    "<p>",
    "<li>",
    "<h1>",
    "<option>",
    "<select>",
    "<table>",
    "<span>",
    "<b>",
)


def levels_above_the_end(html: str) -> int:
    """How many elements are above what is written at the end of a page, but for `body`."""
    marker = LexborHTMLParser(f"{html}<section id=ё>").css_first("#ё")
    level = 0
    while marker is not None and marker.tag != "body":
        marker = marker.parent
        level += 1
    return max(level - 1, 0)


def most_open(html: str) -> int:
    nesting = Nesting()
    for _ in read_tags(f"{html}<section>", nesting):
        pass
    return max(len(nesting.open) - 1, 0)


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("form", ["{0}<{1}>", "{0}<{1}></{1}>", "<{1}>{0}</{1}>"])
def test_no_element_is_missed(before: str, form: str) -> None:
    pages = [form.format(before, name) for name in NAMES]
    missed = [page for page in pages if most_open(page) < levels_above_the_end(page)]
    assert missed == []
