"""HTML that would cost a parser quadratic time, rewritten."""

from __future__ import annotations

import re

import pytest

from classifier.html import parse_html
from classifier.taming import (
    DEEPEST_NESTING,
    LONGEST_TAG,
    MOST_OPTIONS,
    MOST_UNCLOSED,
    SMALLEST_SUSPECT,
    tame,
)

BREVE, DIAERESIS = "\N{COMBINING BREVE}", "\N{COMBINING DIAERESIS}"
WORDS = {"english": "tea", "russian": "ёж, чай", "decomposed": f"е{DIAERESIS}ж, чаи{BREVE}"}
WORDS["mixed"] = "Wi-Fi ёж"
EVERY_SCRIPT = pytest.mark.parametrize("word", WORDS.values(), ids=WORDS)

MANY = 4 * MOST_UNCLOSED
FILLER = "<p>и</p>" * (SMALLEST_SUSPECT // 8 + 1)


def deepest(html: str, tag: str) -> int:
    """How deep an element nests in itself."""
    depth = most = 0
    for slash in re.findall(rf"<(/?){tag}\b[^>]*>", html):
        depth += -1 if slash else 1
        most = max(most, depth)
    return most


def text_of(html: str) -> str:
    return " ".join(block.text for block in parse_html(html).blocks)


ORDINARY = {
    "page": "<h1>{}</h1><p class=a>{}<br><b>{}</b></p>",
    "deep but small": "<div>" * 600 + "{}" + "</div>" * 600,
    "long tag on a small page": f'<p title="{"x" * (LONGEST_TAG + 1)}">{{}}',
    "large page": f"{FILLER}<p>{{}}</p>",
    "closed elements": "<div>{}</div>" * (MOST_UNCLOSED + 10),
}


@EVERY_SCRIPT
@pytest.mark.parametrize("html", ORDINARY.values(), ids=ORDINARY)
def test_ordinary_page_is_returned_unchanged(html: str, word: str) -> None:
    page = html.replace("{}", word)
    assert tame(page) is page


@pytest.mark.parametrize("tag", ["div", "span", "b", "blockquote", "DIV", "x-tea"])
def test_deep_nesting_is_cut(tag: str) -> None:
    assert deepest(tame(f"<{tag}>" * MANY), tag) <= DEEPEST_NESTING


def test_deep_nesting_that_is_closed_in_part_is_cut() -> None:
    assert deepest(tame("<div><div></div>" * MANY * 2), "div") <= DEEPEST_NESTING


@EVERY_SCRIPT
def test_text_of_a_deep_page_stays(word: str) -> None:
    assert text_of(f"<p>{word}1" + f"<div>{word}2" * MANY).startswith(f"{word}1 {word}2")


@EVERY_SCRIPT
def test_text_after_the_depth_stays(word: str) -> None:
    assert text_of("<div>" * MANY + word + "</div>" * 9 + f"<p>{word}!") == f"{word} {word}!"


def test_deep_blocks_still_stand_apart() -> None:
    page = "<div>" * MANY + "tea<div>ёж"
    assert [block.text for block in parse_html(page).blocks] == ["tea", "ёж"]


def test_deep_inline_elements_do_not_cut_words() -> None:
    page = "<b>" * MANY + "ё<i>ж</i>"
    assert [block.text for block in parse_html(page).blocks] == ["ёж"]


def test_elements_that_never_nest_are_kept() -> None:
    page = "<p>ёж<br>" * MANY
    assert tame(page) == page


@EVERY_SCRIPT
def test_tag_of_immense_length_loses_its_attributes(word: str) -> None:
    tag = "<div " + "".join(f"a{number} " for number in range(50_000)) + ">"
    assert tame(f"{tag}{word}</div>") == f"<div>{word}</div>"


def test_tag_of_ordinary_length_keeps_its_attributes() -> None:
    page = '<p class="ёж">' + "<div " + "x" * (SMALLEST_SUSPECT + 1) + "></div>"
    assert tame(page) == '<p class="ёж"><div></div>'


@EVERY_SCRIPT
def test_text_of_immense_length_stays(word: str) -> None:
    page = f"<p>{word * SMALLEST_SUSPECT}</p>"
    assert tame(page) == page


@EVERY_SCRIPT
def test_options_beyond_the_most_become_spaces(word: str) -> None:
    options = f"<option>{word}" * MANY
    tamed = tame(f"<select>{options}</select>")
    assert (tamed.count("<option>"), tamed.count(word)) == (MOST_OPTIONS, MANY)


def test_markup_after_raw_text_is_cut() -> None:
    assert deepest(tame("<script>1<b></script>" + "<div>" * MANY), "div") <= DEEPEST_NESTING


HIDDEN_RAW_TEXT = {
    "comment": "<!-- <script> -->",
    "attribute": '<a title="<script>">ёж</a>',
}


@pytest.mark.parametrize("start", HIDDEN_RAW_TEXT.values(), ids=HIDDEN_RAW_TEXT)
def test_raw_text_that_is_none_hides_no_nesting(start: str) -> None:
    assert deepest(tame(start + "<div>" * MANY), "div") <= DEEPEST_NESTING


@pytest.mark.parametrize("quote", ['"', "'"])
def test_values_that_hold_the_end_of_a_tag_do_not_hide_its_length(quote: str) -> None:
    attributes = " ".join(f"ё{number}={quote}>{quote}" for number in range(30_000))
    assert tame(f"<p {attributes}>чай") == "<p>чай"


@pytest.mark.parametrize("value", ['"a>b"', "'a>b'"])
def test_page_with_such_a_value_is_itself(value: str) -> None:
    page = f"<p title={value}>чай, tea" + " " * SMALLEST_SUSPECT
    assert tame(page) is page


def test_page_with_much_data_in_a_script_is_itself() -> None:
    page = f"<script>{{'ё': '{'й' * SMALLEST_SUSPECT}'}}</script><p>tea"
    assert tame(page) is page
