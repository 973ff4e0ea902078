"""Whatever the web serves: a page or a documented error, and the same answer again.

Examples are drawn the same way each time, so that a run tests what the last one did; `fuzz.py`
looks further. The hostile pages are small here: `SECURITY.md` has what the large ones cost.
"""

from __future__ import annotations

import json
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import webencodings
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from classifier import (
    Classifier,
    ClassifierError,
    InvalidInput,
    Label,
    ModelError,
    Page,
    PageTooLarge,
    Source,
    WorkerLost,
    cli,
)
from classifier import classify as rooms
from classifier.encoding import BYTE_ORDER_MARK, decode
from classifier.features import feature_table
from classifier.features.wording import MOST_NAMES
from classifier.html import parse_html
from classifier.model import load_model
from classifier.taming import DEEPEST_NESTING, MOST_TAGS, flatten, tame
from classifier.text import parse_text

settings.register_profile(
    "hostile",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
hostile = settings.get_profile("hostile")

BREVE = "\N{COMBINING BREVE}"

ODD = (
    "йЙёЁaZ9 \n\t.-<>&;=\"'/\0\f\r\x1b\x1c\x85"
    "\N{COMBINING BREVE}\N{COMBINING DIAERESIS}\N{COMBINING COMMA ABOVE RIGHT}\N{NO-BREAK SPACE}"
    "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH SPACE}\N{SOFT HYPHEN}\N{ZERO WIDTH NO-BREAK SPACE}"
    "\N{RIGHT-TO-LEFT OVERRIDE}\N{POP DIRECTIONAL ISOLATE}\N{HEBREW LETTER SHIN}"
    "\N{ARABIC LETTER BEH}\N{CJK UNIFIED IDEOGRAPH-4E00}\N{FULLWIDTH EQUALS SIGN}"
    "\N{FAMILY}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}\N{LINE SEPARATOR}"
    "\N{REPLACEMENT CHARACTER}\N{LATIN SMALL LIGATURE FI}\N{COMBINING ACUTE TONE MARK}"
)
"""Characters that programs trip over."""

TAGS = (
    "a b i p div span td tr table tbody caption th ul li dl dd h1 pre br img button select option"
    " form textarea title style script template noscript svg math mi foreignObject desc xmp listing"
    " plaintext iframe frameset body html head font center ruby rt x-tea o:p nobr marquee"
).split()
PLAIN_TAGS = "a b i p div span ul li blockquote section h2 em center article o:p x-tea".split()
"""Elements that show their text, wherever they stand."""

characters = st.one_of(st.sampled_from(ODD), st.characters())
texts = st.text(characters, max_size=120)
attributes = st.lists(
    st.tuples(
        st.sampled_from(("class", "id", "style", "hidden", "role", "itemprop", "href", "=", "\0")),
        st.sampled_from(("{}", '"{}"', "'{}'", '"{}', "")),
        st.text(characters, max_size=12),
    ),
    max_size=3,
).map(lambda given: "".join(f" {name}={form.format(value)}" for name, form, value in given))


def spaceless(text: str) -> str:
    return "".join(text.split())


def answer(page: Page | ClassifierError) -> list[tuple[str, str, float]]:
    assert isinstance(page, Page)
    return [(block.text, str(block.label), block.probability) for block in page.blocks]


def nested(tags: list[str], pieces: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Trees of elements, as HTML."""

    def element(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.builds(
            lambda tag, attributes, children: f"<{tag}{attributes}>{''.join(children)}</{tag}>",
            st.sampled_from(tags),
            st.sampled_from(("", " class=ё", ' id="a>b"', " hidden", " style='display: none'")),
            st.lists(inside, max_size=4),
        )

    return st.recursive(pieces, element, max_leaves=25)


def numbered(html: str) -> str:
    """The page with a number in each of its `#`, so that no two pieces of text are alike."""
    numbers = iter(range(html.count("#")))
    return re.sub("#", lambda _: f"ё{next(numbers)}й ", html)


tag_soup = st.lists(
    st.one_of(
        st.builds("<{}{}>".format, st.sampled_from(TAGS), attributes),
        st.builds("</{}>".format, st.sampled_from(TAGS)),
        st.sampled_from(("<!--", "-->", "<!doctype html>", "<![CDATA[", "]]>", "<", "</", "&#0;")),
        st.text(characters, max_size=10),
    ),
    max_size=25,
).map("".join)


# Any input


@hostile
@given(raw=st.binary(max_size=300), encoding=st.sampled_from((None, "utf-8", "koi8-r", "gbk")))
@pytest.mark.parametrize("mode", ["classify_html", "classify_text"])
def test_any_bytes_give_a_page_or_a_named_error(
    classifier: Classifier, mode: str, raw: bytes, encoding: str | None
) -> None:
    try:
        page = getattr(classifier, mode)(raw, encoding=encoding)
    except ClassifierError:
        return
    assert all(0 <= block.probability <= 1 for block in page.blocks)


@hostile
@given(raw=st.binary(max_size=300), label=st.sampled_from(("big5", "utf-16", "x-user-defined")))
def test_any_bytes_decode(raw: bytes, label: str) -> None:
    decoded = decode(raw, label)
    assert webencodings.lookup(decoded.encoding) is not None
    decoded.text.encode()  # no lone surrogates


@hostile
@given(html=tag_soup)
def test_any_markup_gives_a_page(classifier: Classifier, html: str) -> None:
    assert answer(classifier.classify_html(html)) == answer(classifier.classify_html(html))


@hostile
@given(text=texts)
@pytest.mark.parametrize("mode", ["classify_html", "classify_text"])
def test_any_answer_goes_through_json(classifier: Classifier, mode: str, text: str) -> None:
    values = getattr(classifier, mode)(f"{text}<p>{text}").to_dict()
    assert json.loads(json.dumps(values)) == values


# Blocks are the page's text


@hostile
@given(text=texts)
def test_no_character_of_a_text_is_lost_or_doubled(text: str) -> None:
    blocks = parse_text(text).blocks
    shown = spaceless(text.lstrip(BYTE_ORDER_MARK))
    assert spaceless("".join(block.text for block in blocks)) == shown


@hostile
@given(text=st.lists(texts, max_size=8).map("\n".join))
def test_spans_cut_the_text(text: str) -> None:
    end = 0
    for block in parse_text(text).blocks:
        assert block.span is not None
        assert end <= block.span[0] < block.span[1]
        assert text[slice(*block.span)].split() == block.text.split()
        end = block.span[1]


@hostile
@given(html=nested(PLAIN_TAGS, st.sampled_from(("#", "# #", " ", "<br>", "<!-- # -->"))))
def test_no_text_of_plain_elements_is_lost_or_doubled(html: str) -> None:
    page = numbered(html)
    shown = spaceless(re.sub("<!--.*?-->|<[^>]*>", "", page.replace('"a>b"', "")))
    assert spaceless("".join(block.text for block in parse_html(page).blocks)) == shown


@hostile
@given(html=nested(TAGS, st.sampled_from(("#", "# <b>#", "<td>#", "<!--#-->"))))
def test_blocks_are_text_of_the_tree_in_its_order(html: str) -> None:
    page = numbered(html)
    root = LexborHTMLParser(page).root
    assert root is not None
    there = re.findall(r"ё\d+й", root.text())
    found = re.findall(r"ё\d+й", " ".join(block.text for block in parse_html(page).blocks))
    assert found == [piece for piece in there if piece in set(found)]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("text", ["Ещё чай, йод и ёж", "café naïve", "Мой Wi-Fi ещё жив"])
@pytest.mark.parametrize("parse", [parse_html, parse_text])
def test_letters_stay_as_they_are_spelled(
    parse: Callable[[str], Any], text: str, form: Any
) -> None:
    spelled = unicodedata.normalize(form, text)
    assert [block.text for block in parse(spelled).blocks] == [spelled]


# What says nothing changes nothing

PIECES = (
    "<nav>",
    "<ul class=menu>",
    *("<li><a href=/>Home</a></li>", "<li><a href=/>Мой USB</a></li>"),
    "</ul>",
    "</nav>",
    "<h1>Паром ещё раз опоздал</h1>",
    *("<p>The ferry was late again today, and <i>nobody</i> could say why it had been held.</p>",)
    * 2,
    *("<p>Паром <b>ещё</b> раз опоздал, и никто не мог сказать, чей это был приказ.</p>",) * 3,
    "<table><tr><td><p>чай</p></td><td>tea</td></tr></table>",
    "<p>© 2024</p>",
)


@hostile
@given(place=st.integers(0, len(PIECES)), text=st.text(st.sampled_from("ёй <>&x\0'\""), max_size=9))
def test_comment_changes_nothing(classifier: Classifier, place: int, text: str) -> None:
    comment = f"<!-- {text} -->"
    page = "".join([*PIECES[:place], comment, *PIECES[place:]])
    assert answer(classifier.classify_html(page)) == answer(
        classifier.classify_html("".join(PIECES))
    )


TAGS_AND_CHARACTERS = (
    "<p> <div> </div> <a> </a> <b> </b> <span> </span> <br> <li> <img> <table> <td> </td> </table>"
    f" т y ё и {BREVE} &#1078;"
).split() + [" "]


@hostile
@given(pieces=st.lists(st.sampled_from(TAGS_AND_CHARACTERS), min_size=4, max_size=20))
def test_comments_change_no_block(pieces: list[str]) -> None:
    # White space beside a text is not told from it in a table, where a comment parts them.
    assume("<table>" not in pieces or " " not in pieces)
    with_comments, without = (f"<a>{between.join(pieces)}" for between in ("<!---->", ""))
    assert parse_html(with_comments).blocks == parse_html(without).blocks


def words_of(html: str) -> set[str]:
    return set(re.findall("ё[0-9]+ж", " ".join(parse_html(html).blocks.texts)))


SOUP = (
    "<p> </p> <div> </div> <table> <tr> <td> </td> </table> <select> <option> <a> </a> <b> </b>"
    " <span> </span> <ruby> <rt> </rt> <font> <font=color> <svg> </svg> <svg/> <g> <g/> </g>"
    " <title> </title> <desc> </desc> <math> </math> <mi> </mi> <template> </template> <object>"
    " </object> <video> </video> <rp> </rp> <canvas> </canvas> <style> </style> <br> </br> < &am p;"
    " <!----> <![CDATA[й]]>"
).split()


@settings(hostile, max_examples=300)
@given(pieces=st.lists(st.sampled_from(SOUP), min_size=2, max_size=12))
def test_flattened_page_loses_no_word_that_the_page_shows(pieces: list[str]) -> None:
    html = "".join(f"{piece}ё{number}ж" for number, piece in enumerate(pieces))
    assert words_of(html) <= words_of(flatten(html))


@hostile
@given(
    name=st.sampled_from(("data-ё", "title", "lang", "onclick", "\0")), value=st.text("ёй x<=\0")
)
def test_attribute_that_says_nothing_changes_nothing(
    classifier: Classifier, name: str, value: str
) -> None:
    page = re.sub(r"<([a-z]\w*)", rf'<\1 {name}="{value}"', "".join(PIECES))
    assert answer(classifier.classify_html(page)) == answer(
        classifier.classify_html("".join(PIECES))
    )


# Pages that are made to cost

MANY = 20_000
COSTLY = {
    "paragraphs": ("<p></p>" * MANY + "ёж", 1),
    "line breaks": ("<br>" * MANY + "ёж", 1),
    "closed elements": ("<div>чай</div>" * 2_000 + "ёж", 2_001),
    "unclosed elements": ("<div>" * MANY + "ёж", 1),
    "attributes": ("<p " + " ".join(f"a{number}=й" for number in range(MANY)) + ">ёж", 1),
    "one attribute again and again": ("<p " + "class=й " * MANY + ">ёж", 1),
    "cells of a row": ("<table><tr>" + "<td>й" * MANY + "</table>ёж", 2),
    "one link around all": ("<a href=/>" + "<p>й</p>" * 2_000 + "ёж", 2_001),
    "unclosed comments": ("ёж" + "<!--" * MANY, 1),
    "end tags": ("</div>" * MANY + "ёж", 1),
    "plaintext": ("<p>й<plaintext>" + "<p>" * MANY + "ёж", 2),
    "one word": ("<p>" + "й" * 10 * MANY + "ёж", 1),
    "one letter with marks": ("<p>е" + "\N{COMBINING DIAERESIS}" * MANY + "ёж", 1),
    "options": ("<select>" + "<option>й" * MANY + "</select>ёж", 2),
    "references": ("<p>" + "&amp;" * MANY + "ёж", 1),
    "broken references": ("<p>" + "&#" * MANY + "ёж", 1),
    "NUL characters": ("<p>\0й" + "\0" * MANY + "ёж", 1),
    "spaces": ("<p>й" + " \n" * MANY + "ёж", 1),
    "class names": ("<p class='" + "й " * MANY + "'>ёж", 1),
    "links": ("<a href=/>й</a> " * MANY + "ёж", 1),
    "drawings": ("<svg><text>й</text></svg>" * MANY + "ёж", 1),
}


@pytest.mark.parametrize(("html", "blocks"), COSTLY.values(), ids=COSTLY)
def test_costly_page_keeps_its_last_word(html: str, blocks: int) -> None:
    found = parse_html(html).blocks
    assert (len(found), found[-1].text.endswith("ёж")) == (blocks, True)


DEEP = 100_000


@pytest.mark.parametrize("tag", ["div", "span", "blockquote", "font", "x-tea"])
def test_text_at_level_100_000_is_kept(tag: str) -> None:
    (block,) = parse_html(f"<{tag}>" * DEEP + "Мой ёж").blocks
    assert block.text == "Мой ёж"


def depth_of(html: str) -> int:
    """How deep the tree of a page is."""
    node, depth, deepest = LexborHTMLParser(html).root, 0, 0
    assert node is not None
    while True:
        if node.first_child is not None:
            node, depth = node.first_child, depth + 1
            deepest = max(deepest, depth)
            continue
        while depth and node.next is None:
            assert node.parent is not None
            node, depth = node.parent, depth - 1
        if not depth:
            return deepest
        assert node.next is not None
        node = node.next


NESTS = {
    "never closed": "<div>",
    "closed at the end": "<div></x>",
    "sign in an attribute": "<div title='a<b'>",
    "closed in an attribute": "<div title='</div>'>",
    "closed behind an end in an attribute": '<div a="></div>">',
    "closed in an attribute behind an odd quote": '<div a=x" b="></div>">',
    "closed in an attribute with a name": "<span a='>' </span> a=",
    "tag that another cuts in two": "<di<b>й</b>v></div>",
    "tag with another in its name": "<hr<tbody>й</tbody>>",
    "closed in a comment": "<div><!--</div>-->",
    "closed behind what is no comment": "<div><!--></div>-->",
    "closed in what is taken for a comment": "<div><?</div>",
    "name that is none": "<div_>",
    "NUL in the name": "<di\0v>",
    "closes itself in vain": "<div/>",
    "bold across": "<b><div>й</b>",
    "unknown element across": "<span><div></span>",
    "link across": "<a><div>й</a>",
    "form across": "<form><div></form>",
    "form in vain": "<form><span></form>",
    "button": "<button><div></button><div>",
    "list": "<select><svg><div>",
    "items of two kinds": "<li><dd>",
    "groups of options": "<optgroup>",
    "ruby": "<ruby><rt>",
    "end tag behind a cell": "<div><table><td></div></table>",
    "tables": "<table><tr><td>",
    "template": "<div><template></div></template>",
    "object": "<div><object></div></object>",
    "frame": "<div><iframe></div></iframe>",
    "text field": "<div><textarea></div></textarea>",
    "script in a script": "<div><script><!--<script></script></div>--></script>",
    "description outside of a drawing": "<desc><div></desc>",
    "variable outside of a formula": "<mi><div></mi>",
    "drawing": "<svg><g>",
    "title in a drawing": "<svg><title><div></title>",
    "text in a drawing": "<div><svg><![CDATA[</svg></div>]]></svg>",
    "HTML in a drawing": "<svg><foreignObject><div></svg>",
    "out of a drawing by a font": "<svg><font color=x>" + "<y/>" * 9,
    "out of a drawing by an end": "<svg></p>" + "<y/>" * 9,
    "style in a formula": "<math><mi><div><style></div></style>",
    "drawing in a formula": "<math><annotation-xml><svg><div></math>",
    "title in a formula": "<math><title>",
    "row without a table": "<tr><div></tr>",
    "cell without a table": "<td><div></td>",
    "list that a field ends": "<select><input><div></select>",
    "frames": "<frameset>",
    "frames in a text that is none": "<frameset><iframe>",
    "frames out of place": "й<frameset><div></frameset>",
    "phantoms of closed elements": f"<div>{'<x>' * 60}</div>{'</x>' * 60}{'<b>' * 9}</div>",
    "paragraph that a form ends": "<form><p></form><x></p>",
    "form behind another form": "</form><form><select>",
    "style that its end misses": "<b 1><div><b 2></div></b>",
    "style that ends behind a cell's text": "<b><div><b></div><rt></b>",
    "styles beyond three of a kind": "<p><b></p>x<p><b><b><b></b></b></b></p>",
    "styles opened by an end": "<p><b></p></br>",
    "sign before a tag": "<<b>div>",
    "text in a formula without an end": "<math><mo><![CDATA[</math><!--",
    "text in a drawing without an end": "<svg><![CDATA[</svg><!--",
}


@pytest.mark.parametrize("nest", NESTS.values(), ids=NESTS)
def test_no_nest_reaches_the_parser(nest: str) -> None:
    assert depth_of(tame(nest * (MOST_TAGS + 1) + "ёж")) <= DEEPEST_NESTING + 50


def test_names_beyond_the_bound_are_not_read() -> None:
    names = " ".join(["ёж", "tea"] * MOST_NAMES)
    inside = "<p class='post чай'>Чай"
    long, short = (
        feature_table([parse_html(html)]).element_names.buckets.tolist()
        for html in (f"<div class='{names}'>{inside}", inside)
    )
    assert long == short


NAMES = [f"ё{number}" for number in range(1500)]
COPIED = {
    "styles of many sizes": "<p>" + "".join(f"<font size={name}>" for name in NAMES),
    "styles in a small page": "<p>" + "".join(f"<b {name}>" for name in NAMES[:100]),
    "a link with a long value": f"<p><a title='{'й' * 40_000}'>",
    "a link with many attributes": f"<p><a {' '.join(NAMES[:900])}>",
    "styles that an object keeps": "".join(
        f"<p><font {name}><object></font></object></p>" for name in NAMES
    ),
    "styles that a cell keeps": "<table>"
    + "".join(f"<td><font {name}><object></td>" for name in NAMES)
    + "</table>",
}


@pytest.mark.parametrize("styles", COPIED.values(), ids=COPIED)
def test_unclosed_styles_are_not_repeated_without_bound(styles: str) -> None:
    page = styles + "<p>й" * 4_000
    shown = LexborHTMLParser(tame(page)).html
    assert shown is not None
    assert len(shown) < 9 * len(page)


@pytest.mark.parametrize("instruction", ["<?php echo 1 ?>", "<?m>"])
def test_processing_instruction(instruction: str) -> None:
    assert [block.text for block in parse_html(f"<p>ёж{instruction}").blocks] == ["ёж"]


@pytest.mark.parametrize("tag", ["<p>", "<a>"])
def test_no_long_run_of_marks_is_composed(
    classifier: Classifier, monkeypatch: pytest.MonkeyPatch, tag: str
) -> None:
    composed = [""]
    normalize = unicodedata.normalize

    def spy(form: Any, text: str) -> str:
        composed.append(text)
        return normalize(form, text)

    monkeypatch.setattr(unicodedata, "normalize", spy)
    marks = "\N{COMBINING COMMA ABOVE RIGHT}\N{COMBINING GRAVE ACCENT}" * 500
    classifier.classify_html(f"{tag}е{marks}")
    assert max(map(len, composed)) < len(marks)


# Size


SIZES: dict[str, tuple[Any, Any]] = {
    "bytes": (b"x" * 10, b"x" * 11),
    "text": ("ё" * 10, "ё" * 11),
    "bytearray": (bytearray(10), bytearray(11)),
    "memoryview": (memoryview(b"x" * 20)[::2], memoryview(b"x" * 22)[::2]),
}


@pytest.mark.parametrize(("largest", "larger"), SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("mode", ["classify_html", "classify_text"])
def test_page_beyond_the_limit(
    classifier: Classifier, mode: str, largest: bytes | str, larger: bytes | str
) -> None:
    classify = getattr(Classifier(classifier.model, max_size=10), mode)
    assert isinstance(classify(largest), Page)
    with pytest.raises(PageTooLarge, match="more than 10"):
        classify(larger)


def test_limit_holds_in_many(classifier: Classifier) -> None:
    limited = Classifier(classifier.model, max_size=10)
    pages = ["ёж", "ё" * 11, Source(b"tea" * 9), "чай"]
    kinds = [type(page) for page in limited.classify_many(pages, on_error="return")]
    assert kinds == [Page, PageTooLarge, PageTooLarge, Page]


def test_limit_holds_with_a_decision_of_its_own(classifier: Classifier) -> None:
    with pytest.raises(PageTooLarge):
        Classifier(classifier.model, max_size=1).classify_html("ёж", threshold=0.5)


@pytest.mark.parametrize("max_size", [0, -1, 1.5, True, None, "ё"])
def test_limit_that_is_none(max_size: Any) -> None:
    with pytest.raises(InvalidInput, match="max_size"):
        Classifier(max_size=max_size)


def weigh_tables(monkeypatch: pytest.MonkeyPatch, most: int) -> list[int]:
    """The blocks of each table that is made from now on, none of which may weigh more."""
    blocks: list[int] = []
    make = rooms.feature_table

    def spy(documents: list[Any]) -> Any:
        blocks.append(sum(len(document.blocks) for document in documents))
        return make(documents)

    monkeypatch.setattr(rooms, "feature_table", spy)
    monkeypatch.setattr(rooms, "WEIGHT_PER_TABLE", most)
    return blocks


@pytest.mark.parametrize("mode", ["html", "text"])
def test_page_of_many_blocks_is_scored_in_parts(
    classifier: Classifier, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    lines = [f"Мой ёж {number}" for number in range(100)]
    page = "".join(f"<p>{line}" for line in lines) if mode == "html" else "\n".join(lines)
    tables = weigh_tables(monkeypatch, 30 * rooms.BLOCK_WEIGHT)
    found = getattr(classifier, f"classify_{mode}")(page)
    assert [block.text for block in found.blocks] == lines
    assert (sum(tables), max(tables) <= 30) == (100, True)


def test_pages_of_many_blocks_share_no_table(
    classifier: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = weigh_tables(monkeypatch, 30 * rooms.BLOCK_WEIGHT)
    pages = ["<p>ёж" * 20] * 3 + ["<p>", "<p>чай"]
    found = list(classifier.classify_many(pages))
    assert ([len(answer(page)) for page in found], tables) == ([20, 20, 20, 0, 1], [20, 20, 21])


def test_class_names_above_many_blocks_weigh(
    classifier: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = weigh_tables(monkeypatch, 30 * rooms.BLOCK_WEIGHT)
    classifier.classify_html(f"<div class='{'ё' * rooms.BLOCK_WEIGHT}'>" + "<p>й" * 60)
    assert max(tables) <= 15


def test_structured_text_is_not_read_again_for_each_few_blocks(
    classifier: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = weigh_tables(monkeypatch, 3 * rooms.BLOCK_WEIGHT)
    data = json.dumps({"articleBody": "ёж " * 10 * rooms.BLOCK_WEIGHT}, ensure_ascii=False)
    classifier.classify_html(f'<script type="application/ld+json">{data}</script>' + "<p>й" * 90)
    assert len(tables) <= 4


def test_large_pages_make_small_chunks(
    classifier: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "SIZE_PER_CHUNK", 10)
    source = iter(["<p>ёж " + "й" * 5] * 3)
    next(classifier.classify_many(source))
    assert len(list(source)) == 2


# Processes


class Killer:
    """Kills the process that unpickles it, as a system without memory would."""

    def __len__(self) -> int:
        return 0

    def __reduce__(self) -> tuple[Any, ...]:
        return os._exit, (1,)


def test_killed_process_is_an_error_and_no_gap(
    classifier: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "_checked", lambda page, max_size: Source(page))
    numbers = [f"ёж {number}" for number in range(3 * rooms.PAGES_PER_CHUNK)]
    pages: list[Any] = [*numbers, Killer(), *["чай"] * 99]
    keep_all = replace(classifier, threshold=0.0)
    found = keep_all.classify_many(pages, mode="text", n_jobs=2, on_error="return")
    done = []
    with pytest.raises(WorkerLost):
        done.extend(iter(found))
    assert [page.content for page in done if isinstance(page, Page)] == numbers[: len(done)]


# Nothing else is read


@contextmanager
def no_descriptor() -> Iterator[None]:
    """No file and no socket can be opened, not by a library written in C either."""
    import resource

    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


REFERENCES = (
    '<!DOCTYPE html [<!ENTITY ёж SYSTEM "file:///etc/passwd">]><link rel=import href="/etc/passwd">'
    '<base href="https://tea.example"><img src="https://tea.example/ёж.png"><p>чай &ёж; '
    '<iframe src="file:///etc/passwd"></iframe><script src="https://tea.example/"></script>'
    '<meta http-equiv=refresh content="0; url=https://tea.example/">'
)


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_page_is_read_without_files_or_network(classifier: Classifier) -> None:
    classifier.classify_html("<p>ёж")
    with no_descriptor():
        page = classifier.classify_html(REFERENCES, url="https://tea.example/ёж")
    assert [block.text for block in page.blocks] == ["]>", "чай &ёж;"]


# The model file


def test_model_cut_anywhere_is_an_error(model_file: Path, tmp_path: Path) -> None:
    data = model_file.read_bytes()
    path = tmp_path / "cut.model"
    for end in range(0, len(data), len(data) // 60):
        path.write_bytes(data[:end])
        with pytest.raises(ModelError):
            load_model(path)


# What a person opens


@hostile
@given(text=texts)
def test_no_cell_of_a_table_is_a_formula(text: str) -> None:
    cells = re.split("[;\t\n\r]", cli._harmless(text))
    starts = [cell.lstrip("\0\x1b\x1c\x85 \N{ZERO WIDTH SPACE}")[:1] for cell in cells]
    assert not set(starts) & set("=+-@\N{FULLWIDTH EQUALS SIGN}")


@hostile
@given(text=texts)
def test_nothing_works_a_terminal(text: str) -> None:
    shown = text.translate(cli._SHOWN)
    assert {character for character in shown if unicodedata.category(character) == "Cc"} <= {
        "\n",
        "\t",
    }


# Pages that are made to mislead

FERRY = "The ferry was late again today, and nobody on the pier could say why it had been held. "
LATIN_FOR_CYRILLIC = str.maketrans("асеорух", "aceopyx")
PAROM = (
    "Паром снова опоздал, и весь причал пил чай, а капитан сказал, что двигатель старше команды. "
)

MISLEADING = {
    "hidden text": (f"<div hidden>{f'<p>{FERRY}' * 50}</div>", {"en"}),
    "one word": ("<p>" + "ёж " * 5_000, {"other", "ru"}),
    "homoglyphs": (f"<p>{PAROM}".translate(LATIN_FOR_CYRILLIC) * 10, {"ru", "mixed", "other"}),
    "neither script": ("<p>" + "\N{CJK UNIFIED IDEOGRAPH-4E00}" * 500, {"other"}),
    "no letters": ("<p>" + "\N{EM DASH}! " * 500, {"other"}),
}


@pytest.mark.parametrize(("html", "languages"), MISLEADING.values(), ids=MISLEADING)
def test_page_that_misleads_is_labelled_all_the_same(html: str, languages: set[str]) -> None:
    page = Classifier().classify_html(html)
    assert page.language in languages
    assert all(0 <= block.probability <= 1 for block in page.blocks)


def test_page_of_links_is_mostly_noise() -> None:
    links = "".join(f"<li><a href=/{number}>Мой USB {number}</a>" for number in range(3_000))
    labels = [block.label for block in Classifier().classify_html(links).blocks]
    assert labels.count(Label.NOISE) > len(labels) / 2
