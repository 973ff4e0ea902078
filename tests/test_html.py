"""HTML to blocks. In a table of cases, A to D stand for words that each script replaces."""

from __future__ import annotations

import json
import random
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from classifier.blocks import Blocks, Document, Element, Markup
from classifier.html import DEEPEST_PATH, LONGEST_NAMES, LONGEST_ROW_CELL, parse_html

BREVE = "\N{COMBINING BREVE}"
DIAERESIS = "\N{COMBINING DIAERESIS}"
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

SCRIPTS = {
    "english": ("kettle", "old jug", "sugar", "spoon"),
    "russian": ("чайник", "свежий мёд", "ещё", "йод"),
    "decomposed": (
        f"чаи{BREVE}ник",
        f"свежии{BREVE} ме{DIAERESIS}д",
        f"еще{DIAERESIS}",
        f"и{BREVE}од",
    ),
    "mixed": ("USB-кабель", "чайник Wi-Fi", "ёлка-LED", "iPhone-йод"),
}
EVERY_SCRIPT = pytest.mark.parametrize("words", SCRIPTS.values(), ids=SCRIPTS)

Words = tuple[str, ...]


def put(template: str, words: Words) -> str:
    """The template with its letters A to D replaced by the words."""
    return template.translate(dict(zip(map(ord, "ABCD"), words)))


def composed_length(text: str) -> int:
    """How many characters a text has once its letters are composed."""
    return len(unicodedata.normalize("NFC", text))


def texts(html: str) -> list[str]:
    return [block.text for block in parse_html(html).blocks]


def facts(html: str) -> list[Markup]:
    """The markup of every block, which HTML always gives."""
    return [block.markup for block in parse_html(html).blocks if block.markup is not None]


def cut(html: str, words: Words) -> list[str]:
    return texts(put(html, words))


def cases(table: dict[str, tuple[Any, ...]]) -> pytest.MarkDecorator:
    """A table of (html, blocks) by name; a `|` in the blocks sets two of them apart."""
    rows = [pytest.param(*row, id=name) for name, row in table.items()]
    return pytest.mark.parametrize(("html", "blocks"), rows)


def expect(blocks: str, words: Words) -> list[str]:
    return [put(block, words) for block in blocks.split("|")] if blocks else []


# What ends a block

BLOCK_ELEMENTS = (
    "address article aside blockquote button center dd details dialog dir div dl dt fieldset"
    " figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup legend li listing main menu"
    " nav ol p pre search section summary textarea ul xmp"
)
INLINE_ELEMENTS = (
    "a abbr acronym b bdi bdo big blink cite code data del dfn em font i ins kbd label map mark"
    " nobr noscript output q s samp small span strike strong sub sup time tt u var x-card"
)

LETTER_ELEMENTS = "b big em font i mark s small strong sub sup u"


@EVERY_SCRIPT
@pytest.mark.parametrize("tag", BLOCK_ELEMENTS.split())
def test_block_element_begins_and_ends_a_block(tag: str, words: Words) -> None:
    assert cut(f"A<{tag}>B</{tag}>C", words) == expect("A|B|C", words)


@EVERY_SCRIPT
@pytest.mark.parametrize("tag", INLINE_ELEMENTS.split())
def test_inline_element_does_not(tag: str, words: Words) -> None:
    assert cut(f"<p>A <{tag}>B</{tag}> C", words) == expect("A B C", words)


BREAKS = {
    "one": ("A<br>B", "A B"),
    "two": ("A<br><br>B", "A|B"),
    "three": ("A<br><br><br>B", "A|B"),
    "two with a slash": ("A<br/><br />B", "A|B"),
    "two closed by mistake": ("A</br></br>B", "A|B"),
    "two lines apart": ("A<br>\n<br>B", "A|B"),
    "a no-break space between": ("A<br>&nbsp;<br>B", "A|B"),
    "an empty element between": ("A<br><i></i><br>B", "A|B"),
    "a comment between": ("A<br><!-- x --><br>B", "A|B"),
    "text between": ("A<br>B<br>C", "A B C"),
    "text in an element between": ("A<br><b>B</b><br>C", "A B C"),
    "a block between": ("A<br><p>B<br>C", "A|B C"),
    "one at the end and one at the start": ("<p>A<br><p><br>B<br>C", "A|B C"),
    "one on each side of a block's end": ("<b>A<br><p>B</p><br>C</b>", "A|B|C"),
    "two inside inline elements": ("<font><i>A<br><br>B</i></font>", "A|B"),
    "two at the start": ("<br><br>A", "A"),
    "two at the end": ("A<br><br>", "A"),
    "a rule": ("A<hr>B", "A|B"),
}


@EVERY_SCRIPT
@cases(BREAKS)
def test_line_breaks(html: str, blocks: str, words: Words) -> None:
    assert cut(html, words) == expect(blocks, words)


LISTS = {
    "items": ("<ul><li>A<li>B</ul>", "A|B"),
    "numbered": ("<ol><li>A</li><li>B</li></ol>", "A|B"),
    "nested": ("<ul><li>A<ul><li>B</ul>C<li>D</ul>", "A|B|C|D"),
    "paragraphs in an item": ("<ul><li><p>A</p><p>B</p></ul>", "A|B"),
    "without a list": ("<li>A<li>B", "A|B"),
    "terms and their meanings": ("<dl><dt>A<dd>B<dt>C<dd>D</dl>", "A|B|C|D"),
    "two terms for a meaning": ("<dl><dt>A<dt>B<dd>C</dl>", "A|B|C"),
    "terms in groups": ("<dl><div><dt>A<dd>B</div><div><dt>C<dd>D</div></dl>", "A|B|C|D"),
    "headings": ("<h1>A</h1><h2>B</h2><h3>C</h3>D", "A|B|C|D"),
    "a heading and its line": ("<hgroup><h1>A</h1><p>B</p></hgroup>C", "A|B|C"),
    "a picture's caption": ("A<figure><img><figcaption>B</figcaption></figure>C", "A|B|C"),
    "a legend": ("<fieldset><legend>A</legend>B</fieldset>", "A|B"),
    "details": ("<details><summary>A</summary>B</details>C", "A|B|C"),
    "options": ("<select><option>A<option>B</select>", "A B"),
    "a select in a line": ("A<select><option>B</select>C", "A|B|C"),
    "options in groups": (
        "<select><optgroup><option>A<option>B</optgroup><optgroup><option>C</select>",
        "A B|C",
    ),
    "options without a select": ("<option>A<option>B", "A B"),
    "a label and its field": ("<label>A</label><input value=x> B", "A B"),
}


@EVERY_SCRIPT
@cases(LISTS)
def test_lists_and_forms(html: str, blocks: str, words: Words) -> None:
    assert cut(html, words) == expect(blocks, words)


# Tables

ROWS = {
    "short cells": ("<table><tr><td>A<td>B<tr><td>C<td>D</table>", "A B|C D"),
    "closed cells": ("<table><tr><td>A</td>\n<td>B</td></tr></table>", "A B"),
    "touching cells": ("<table><tr><td>A</td><td>B</td></tr></table>", "A B"),
    "a head": ("<table><thead><tr><th>A<th>B</thead><tr><td>C<td>D</table>", "A B|C D"),
    "a row that has a head": ("<table><tr><th>A<td>B</table>", "A B"),
    "a foot": ("<table><tfoot><tr><td>A</tfoot><tbody><tr><td>B</table>", "A|B"),
    "a caption": ("<table><caption>A</caption><tr><td>B</table>", "A|B"),
    "an empty cell": ("<table><tr><td>A<td><td>B</table>", "A B"),
    "text around": ("A<table><tr><td>B</table>C", "A|B|C"),
    "text misplaced": ("<table>A<tr><td>B</table>", "A|B"),
    "a paragraph alone in a cell": (
        "<table><tr><td><p>A</p></td><td><div>B</div></td></tr></table>",
        "A B",
    ),
    "a paragraph alone among spaces": (
        "<table><tr><td> <p>A</p>\n</td>\n<td>\n<div>B</div> </td></tr></table>",
        "A B",
    ),
    "a paragraph alone in a head": ("<table><tr><th><p>A</p></th><td>B</table>", "A B"),
    "two paragraphs in a cell": ("<table><tr><td><p>A<p>B<td>C</table>", "A|B|C"),
    "a paragraph before text": ("<table><tr><td><p>A</p>B</table>", "A|B"),
    "a paragraph after text": ("<table><tr><td>A<p>B</table>", "A|B"),
    "a paragraph after an element and spaces": ("<table><tr><td><b>A</b> <p>B</table>", "A|B"),
    "a paragraph before an element": ("<table><tr><td><p>A</p><b>B</b></table>", "A|B"),
    "a paragraph before spaces and an element": (
        "<table><tr><td><p>A</p> <b>B</b></table>",
        "A|B",
    ),
    "a heading in a cell": ("<table><tr><td><h2>A</h2></td><td>B</table>", "A|B"),
    "a list in a cell": ("<table><tr><td>A<td><ul><li>B<li>C</ul></table>", "A|B|C"),
    "a block inside a block": ("<table><tr><td><div><p>A</p></div><td>B</table>", "A|B"),
    "one break in a cell": ("<table><tr><td>A<br>B<td>C</table>", "A B C"),
    "two breaks in a cell": ("<table><tr><td>A<br><br>B</table>", "A|B"),
    "a break in each of two cells": ("<table><tr><td>A<br><td><br>B</table>", "A B"),
    "a table in a cell": ("<table><tr><td><table><tr><td>A<td>B</table><td>C</table>", "A B|C"),
    "a division of rows": ("<table><tr><td>A<tbody><tr><td>B</table>", "A|B"),
    "code beside its line numbers": (
        "<table><tr><td><pre>A\nB</pre></td><td><pre>C\nD</pre></td></tr></table>",
        "A\nB|C\nD",
    ),
}


@EVERY_SCRIPT
@cases(ROWS)
def test_table_rows(html: str, blocks: str, words: Words) -> None:
    assert cut(html, words) == expect(blocks, words)


def cell_of(size: int, words: Words) -> str:
    """A text of `size` characters, the last of which is a full stop."""
    return (f"{words[1]}, " * size)[: size - 1] + "."


@EVERY_SCRIPT
def test_row_is_one_block_up_to_a_size_of_cell(words: Words) -> None:
    cell = cell_of(LONGEST_ROW_CELL, words)
    assert texts(f"<table><tr><td>{cell}<td>{words[0]}</table>") == [f"{cell} {words[0]}"]


@EVERY_SCRIPT
def test_row_with_a_long_cell_is_a_layout(words: Words) -> None:
    cell = cell_of(LONGEST_ROW_CELL + 1, words)
    html = f"<table><tr><td>{words[0]}<td>{cell}<td>{words[2]}</table>"
    assert texts(html) == [words[0], cell, words[2]]


@EVERY_SCRIPT
def test_white_space_does_not_make_a_cell_long(words: Words) -> None:
    html = f"<table><tr><td>{words[0]}{' ' * 200}{words[1]}<td>{words[2]}</table>"
    assert texts(html) == [" ".join(words[:3])]


# Preformatted text

PREFORMATTED = {
    "lines": ("<pre>A\n  B\n\n\tC</pre>", "A\n  B\n\n\tC"),
    "the first line's indent": ("<pre>  A\nB</pre>", "  A\nB"),
    "spaces inside a line": ("<pre>A   B</pre>", "A   B"),
    "empty rim": ("<pre>\n\n \nA  \nB\n\n</pre>", "A\nB"),
    "a break": ("<pre>A<br>B</pre>", "A\nB"),
    "two breaks": ("<pre>A<br><br>B</pre>", "A\n\nB"),
    "colours": ("<pre><code><i>A</i>\n  <span>B</span></code></pre>", "A\n  B"),
    "a block inside": ("<pre>A\nB<p>C\nD</p>A\nB</pre>", "A\nB|C\nD|A\nB"),
    "around it": ("A\nB<pre>C\nD</pre>A\nB", "A B|C\nD|A B"),
    "a text field": ("<textarea>A\nB</textarea>", "A\nB"),
    "a listing": ("<listing>A\nB</listing>", "A\nB"),
    "an example": ("<xmp><b>A</b>\nB</xmp>", "<b>A</b>\nB"),
    "plain text to the end": ("A<plaintext><p>B</p>\nC</plaintext>", "A|<p>B</p>\nC</plaintext>"),
    "code in a line is not": ("<code>A\n  B</code>", "A B"),
}


@EVERY_SCRIPT
@cases(PREFORMATTED)
def test_preformatted_text(html: str, blocks: str, words: Words) -> None:
    assert cut(html, words) == expect(blocks, words)


# What a reader does not see

INVISIBLE_ELEMENTS = (
    "annotation annotation-xml applet audio canvas datalist iframe noembed noframes object rp"
    " script style svg template video"
)


@EVERY_SCRIPT
@pytest.mark.parametrize("tag", INVISIBLE_ELEMENTS.split())
def test_invisible_element_gives_no_text(tag: str, words: Words) -> None:
    assert cut(f"<p>A <{tag}>B</{tag}> C", words) == expect("A C", words)


INVISIBLE = {
    "the head": ("<title>A</title><p>B", "B"),
    "a title outside of the head": ("<div>A</div><title>B</title><p>C", "A|C"),
    "a comment": ("<p>A <!-- B --> C", "A C"),
    "a comment with markup": ("<p>A <!-- <p>B</p> --> C", "A C"),
    "a comment for one browser": ("A <!--[if IE]><p>B</p><![endif]--> C", "A C"),
    "an empty comment": ("A <!--> B", "A B"),
    "a comment inside a word": ("A<!-- x -->B", "AB"),
    "a comment alone in an element": ("A<span><!-- x --></span><b>B</b>", "AB"),
    "comments around a paragraph in a cell": (
        "<table><tr><td> <!-- x --> <p>A</p> <!-- x --></td><td>B</td></tr></table>",
        "A B",
    ),
    "a field of a formula": ("<math><input><mi>A</mi></math> B", "A B"),
    "a processing instruction": ("A <?xml version='1'?> B", "A B"),
    "a marked section": ("A <![x[B]]> C", "A C"),
    "a script in a word": ("A<script>x</script>B", "AB"),
    "markup in a script": ("<p>A <script>'<p>B</p>'</script> C", "A C"),
    "nested": ("A <video><source><p>B</p></video> C", "A C"),
    "a drawing's title": ("A <svg><title>B</title><text>C</text></svg> D", "A D"),
    "a formula's source": (
        "A <math><mi>B</mi><annotation>C</annotation></math> D",
        "A B D",
    ),
    "but hidden text is kept": ("<div hidden>A</div><p style='display:none'>B", "A|B"),
    "and what stands in for scripts": ("<noscript><p>A</p></noscript>B", "A|B"),
    "a picture's words": ("A <img alt=B title=C> D", "A D"),
}


@EVERY_SCRIPT
@cases(INVISIBLE)
def test_invisible(html: str, blocks: str, words: Words) -> None:
    assert cut(html, words) == expect(blocks, words)


# Spaces

SPACES = {
    "touching links": ("<a>A</a><a>B</a>", "A B"),
    "touching badges": ("<span>A</span><span>B</span>", "A B"),
    "touching dates": ("<time>A</time><span>B</span>", "A B"),
    "a comment between links": ("<a>A</a><!-- x --><a>B</a>", "A B"),
    "a link and a bold word": ("<a>A</a><b>B</b>", "A B"),
    "links in bold": ("<b><a>A</a></b><b><a>B</a></b>", "A B"),
    "a badge with a bold word": ("<b>A</b><span><i>B</i></span>", "A B"),
    "a bold badge": ("<b><span>A</span></b><i>B</i>", "A B"),
    "three links": ("<a>A</a><a>B</a><a>C</a>", "A B C"),
    "a picture between": ("A<img>B", "A B"),
    "a field between": ("A<input>B", "A B"),
    "bold letters": ("A<b>B</b>C", "ABC"),
    "a link inside a word": ("A<a>B</a>C", "ABC"),
    "a big first letter": ("<span>A</span>B", "AB"),
    "bold beside italic": ("<b>A</b><i>B</i>", "AB"),
    "letters below and above": ("A<sub>B</sub><sup>C</sup>D", "ABCD"),
    "a place for a hyphen": ("A<wbr>B", "AB"),
    "an element without text": ("A<span><!-- x --></span>B", "AB"),
    "a comma after a link": ("<a>A</a>, B", "A, B"),
    "a quotation in marks": ("(<a>A</a>) «<q>B</q>»", "(A) «B»"),
    "preformatted code in colours": ("<pre><span>A</span><span>B</span></pre>", "AB"),
    "white space is collapsed": ("<p>\n A \n\t B&nbsp; C \n", "A B C"),
    "white space around elements": ("<p>A <b> B </b> C", "A B C"),
    "white space of its own": ("<i>A</i> <i>B</i>", "A B"),
}


@EVERY_SCRIPT
@cases(SPACES)
def test_spaces(html: str, blocks: str, words: Words) -> None:
    assert cut(html, words) == expect(blocks, words)


@pytest.mark.parametrize("tag", LETTER_ELEMENTS.split())
def test_letters_set_in_another_style_stay_in_their_word(tag: str) -> None:
    assert texts(f"<{tag}>ёл</{tag}><{tag}>ка</{tag}>") == ["ёлка"]


@EVERY_SCRIPT
@pytest.mark.parametrize("tag", ["code", "kbd", "samp", "tt"])
def test_no_spaces_are_set_in_code(tag: str, words: Words) -> None:
    html = f"<{tag}><span>A</span><span>B</span></{tag}>"
    assert cut(html, words) == expect("AB", words)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("и&#x306;од", f"и{BREVE}од"),
        (f"и<b>{BREVE}</b>од", f"и{BREVE}од"),
        (f"<i>е</i><i>{DIAERESIS}</i>ж", f"е{DIAERESIS}ж"),
        ("&#x419;од &Jcy;", "Йод Й"),
        ("на&shy;йти", "на\N{SOFT HYPHEN}йти"),
        ("tea &amp; milk &lt;hot&gt;", "tea & milk <hot>"),
        ("caf&eacute &nosuch;", "café &nosuch;"),
    ],
)
def test_characters_are_kept_as_written(html: str, text: str) -> None:
    assert texts(html) == [text]


# Malformed markup

MALFORMED = {
    "no markup": ("A", "A"),
    "a fragment": ("A</div><p>B", "A|B"),
    "two bodies": ("<body><p>A</p></body><body>B", "A|B"),
    "text after the end": ("<html><body><p>A</p></body></html>B", "A|B"),
    "no body": ("<html><head><meta name=x></head><p>A</html>", "A"),
    "a paragraph in the head": ("<head><p>A</head><p>B", "A|B"),
    "tags that cross": ("<b><p>A</b>B</p>C", "AB|C"),
    "headings that cross": ("<h1>A<h2>B</h1>C", "A|B|C"),
    "a link around blocks": ("<a>A<div>B</div>C</a>", "A|B|C"),
    "a block in a paragraph": ("<p>A<div>B</div>C</p>D", "A|B|C|D"),
    "an unclosed comment": ("<p>A<!-- <p>B", "A"),
    "an unclosed comment is closed by a later one": ("A<!-- B <!-- C -->D", "AD"),
    "an unclosed script": ("<p>A<script>B", "A"),
    "an unclosed style": ("<p>A<style>B", "A"),
    "an unclosed text field": ("A<textarea><p>B", "A|<p>B"),
    "an unclosed tag": ("<p>A<a href='x>B", "A"),
    "an unclosed table": ("<table><tr><td>A", "A"),
    "a lone sign": ("A < B > C", "A < B > C"),
    "an unquoted attribute": ("<p class=x/y>A<p/>B", "A|B"),
    "a doubled attribute": ("<p class=x class=y>A", "A"),
    "a tag by mistake": ("A</p>B", "A|B"),
    "an unknown tag": ("<p>A <h7>B</h7> C", "A B C"),
    "an element of a formula called html": ("<math><html>A</html></math><p>B", "A|B"),
    "a NUL inside a word": ("A\0B", "AB"),
    "a NUL alone": ("<p>\0<p>A", "A"),
    "a NUL in an attribute": ("<p class='x\0'>A", "A"),
    "a byte order mark": ("\ufeff<p>A", "A"),
    "a byte order mark before text": ("\ufeff A", "A"),
    "a byte order mark inside": ("<p>A\ufeffA", "A\ufeffA"),
    "a lone surrogate": ("A\ud800<p>\udfffB", f"A{REPLACEMENT}|{REPLACEMENT}B"),
    "a lone surrogate in an attribute": ("<p class='\udcff'>A", "A"),
    "surrogates in pairs": ("A\ud83d\ude00", f"A{REPLACEMENT}{REPLACEMENT}"),
}


@EVERY_SCRIPT
@cases(MALFORMED)
def test_malformed(html: str, blocks: str, words: Words) -> None:
    assert cut(html, words) == expect(blocks, words)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    html = f"<p>чай{end}tea</p><pre>ёж{end}{end}йод</pre>"
    assert texts(html) == ["чай tea", "ёж\n\nйод"]


def test_tags_in_capitals() -> None:
    html = "<!DOCTYPE HTML><P>Чай<BR CLEAR=ALL><BR>Ёж<SCRIPT>x</SCRIPT><TABLE><TR><TD>a<TD>й"
    assert texts(html) == ["Чай", "Ёж", "a й"]


@pytest.mark.parametrize(
    "html",
    [
        "",
        " \n\t",
        "\0",
        "<!doctype html>",
        "<html><head></head><body></body></html>",
        "<html><frameset><frame src=x></frameset></html>",
        "<p></p><div><span> </span></div>",
        "<p>&nbsp;</p>",
        "<br><br><hr>",
        "<img alt=чай><input value=ёж>",
        "<table><tr><td></table>",
        "<ul><li></ul><select><option></select>",
        "<pre>\n \n</pre>",
        "<!-- чай -->",
        "<script>tea",
        "<p",
    ],
)
def test_nothing_to_read(html: str) -> None:
    assert parse_html(html) == Document(Blocks.of([]))


# Depth

NESTS = ("div", "span", "b", "font", "a", "blockquote", "ul><li", "table><tr><td", "x-card")


@pytest.mark.parametrize("nest", NESTS)
@pytest.mark.parametrize("text", ["deep", "глубоко, ещё", f"йод, и{BREVE}од, iOS"])
def test_text_at_any_depth_is_kept(nest: str, text: str) -> None:
    assert texts("top" + f"<{nest}>" * 3_000 + f"<p>{text}") == ["top", text]


@EVERY_SCRIPT
def test_text_after_a_deep_nest_is_kept(words: Words) -> None:
    html = "<div>" * 3_000 + "A" + "</div>" * 3_000 + "B"
    assert cut(html, words) == expect("A|B", words)


@pytest.mark.parametrize("depth", [DEEPEST_PATH - 1, DEEPEST_PATH, DEEPEST_PATH + 1])
def test_path_has_the_outermost_elements(depth: int) -> None:
    html = "".join(f"<div id={n}>" for n in range(depth)) + "ёж"
    [markup] = facts(html)
    assert [element.names for element in markup.path] == [
        str(n) for n in range(min(depth, DEEPEST_PATH))
    ]


# Facts

LINKS = {
    "none": ("<p>A", [0]),
    "one": ("<p>A <a>B</a> C", [1]),
    "two": ("<p><a>A</a> <a>B</a>", [2]),
    "one with tags inside": ("<p><a>A <b>B</b> C</a>", [1]),
    "one across blocks": ("<a>A<div>B</div></a><p>C", [1, 1, 0]),
    "one without text": ("<p>A<a><img></a>", [0]),
    "one without an address": ("<p><a name=x>A</a>", [1]),
    "in the cells of a row": ("<table><tr><td><a>A</a><td><a>B</a><td>C</table>", [2]),
    "after a break": ("<p><a>A<br><br>B</a>", [1, 1]),
}
IMAGES = {
    "none": ("<p>A", [0]),
    "inside": ("<p>A<img>B", [1]),
    "at the start": ("<p><img>A", [1]),
    "at the end": ("<p>A<img><p>B", [1, 0]),
    "before": ("<p>A</p><img><img><p>B", [0, 2]),
    "in a link": ("<p>A</p><a><img></a><p>B", [0, 1]),
    "after the last block": ("<p>A</p><img>", [0]),
    "in a row": ("<table><tr><td><img>A<td><img>B</table>", [2]),
    "in what is invisible": ("<p>A<template><img></template><svg><image></svg>", [0]),
}


@EVERY_SCRIPT
@pytest.mark.parametrize(("html", "links"), LINKS.values(), ids=LINKS)
def test_links(html: str, links: list[int], words: Words) -> None:
    assert [markup.links for markup in facts(put(html, words))] == links


@EVERY_SCRIPT
@pytest.mark.parametrize(("html", "images"), IMAGES.values(), ids=IMAGES)
def test_images(html: str, images: list[int], words: Words) -> None:
    assert [markup.images for markup in facts(put(html, words))] == images


# The expected number of characters is given as the text that has as many.
LINKED = {
    "none": ("<p>A", [""]),
    "part": ("<p>A <a>B</a> C", ["B"]),
    "two": ("<p><a>A</a> B <a>C</a>", ["AC"]),
    "all": ("<p><a>B</a>", ["B"]),
    "spaces around do not count": ("<p>A<a>\n B </a>", ["B"]),
    "spaces inside count as one": ("<p><a>A\n      B\t\tC</a>", ["A B C"]),
    "after the link": ("<p><a>A</a><p>B", ["A", ""]),
    "across blocks": ("<a>A<div>B</div></a>C", ["A", "B", ""]),
    "across cells": ("<table><tr><td><a>A</a><td>B<td><a>C</a></table>", ["AC"]),
}
BOLD = {
    "none": ("<p>A <em>B</em>", [""]),
    "b": ("<p>A <b>B</b> C", ["B"]),
    "strong": ("<p>A <strong>B</strong> C", ["B"]),
    "both at once": ("<p><b><strong>A</strong></b>", ["A"]),
    "a heading": ("<h3>B</h3><p>A", ["B", ""]),
    "a head cell": ("<table><tr><th>A<td>B</table>", ["A"]),
    "across cells": ("<table><tr><td><b>A</b><td>B<td><b>C</b></table>", ["AC"]),
    "across blocks": ("<b>A<div>B</div></b>C", ["A", "B", ""]),
    "never closed": ("<p><b>A<p>B", ["A", "B"]),
    "a link": ("<p><b><a>A</a></b>", ["A"]),
}


@EVERY_SCRIPT
@pytest.mark.parametrize(("html", "linked"), LINKED.values(), ids=LINKED)
def test_link_characters(html: str, linked: list[str], words: Words) -> None:
    sizes = [markup.link_characters for markup in facts(put(html, words))]
    assert sizes == [composed_length(put(text, words)) for text in linked]


@EVERY_SCRIPT
@pytest.mark.parametrize(("html", "bold"), BOLD.values(), ids=BOLD)
def test_bold_characters(html: str, bold: list[str], words: Words) -> None:
    sizes = [markup.bold_characters for markup in facts(put(html, words))]
    assert sizes == [composed_length(put(text, words)) for text in bold]


@pytest.mark.parametrize("tag", ["h1", "h2", "h3", "h4", "h5", "h6"])
def test_headings_are_bold(tag: str) -> None:
    [markup] = facts(f"<{tag}>Ещё чай</{tag}>")
    assert markup.bold_characters == 7


PATHS = {
    "no elements": ("A", [""]),
    "html and body are left out": ("<html><body class=x><p>A", ["p"]),
    "outermost first": ("<main><div><p>A", ["main div p"]),
    "inline elements too": ("<p><a><b>A", ["p a b"]),
    "the first character decides": ("<p>A <a>B</a>", ["p"]),
    "white space is no character": ("<p> <a>A</a> B", ["p a"]),
    "closed elements are gone": ("<ul><li>A</ul><p>B</p>C", ["ul li", "p", ""]),
    "a parser's own elements": ("<table><tr><td>A", ["table tbody tr td"]),
    "the first cell decides": ("<table><tr><th>A<td>B", ["table tbody tr th"]),
    "after two breaks": ("<p>A<br><br><b>B</b>", ["p", "p b"]),
    "after an invisible element": ("<p><script>x</script><b>A", ["p b"]),
    "after a picture": ("<p><img>A <b>B</b>", ["p"]),
    "after a break": ("<p><br>A", ["p"]),
    "after a field": ("<p><input>A", ["p"]),
    "an option": ("<select><option>A<option>B</select>", ["select option"]),
}


@EVERY_SCRIPT
@pytest.mark.parametrize(("html", "paths"), PATHS.values(), ids=PATHS)
def test_path(html: str, paths: list[str], words: Words) -> None:
    found = [" ".join(element.tag for element in m.path) for m in facts(put(html, words))]
    assert found == paths


NAMES = {
    "none": ("<p>", ""),
    "class": ("<p class='Lead big'>", "Lead big"),
    "id": ("<p id=main>", "main"),
    "role": ("<p role=note>", "note"),
    "itemprop": ("<p itemprop=articleBody>", "articleBody"),
    "all, in this order": ("<p itemprop=d role=c id=b class=a>", "a b c d"),
    "empty": ("<p class id=''>", ""),
    "no others": ("<p title=x lang=ru data-class=y>", ""),
    "Russian": ("<p class='чай-й ёж'>", "чай-й ёж"),
    "decomposed": (f"<p class='чаи{BREVE}'>", f"чаи{BREVE}"),
}


@pytest.mark.parametrize(("tag", "names"), NAMES.values(), ids=NAMES)
def test_names(tag: str, names: str) -> None:
    [markup] = facts(f"{tag}чай")
    assert markup.path[-1].names == names


HIDDEN = {
    "no": ("<p>", False),
    "hidden": ("<p hidden>", True),
    "hidden with a value": ("<p hidden=until-found>", True),
    "aria": ("<p aria-hidden=true>", True),
    "aria says no": ("<p aria-hidden=false>", False),
    "style": ("<p style='display:none'>", True),
    "style in capitals": ("<p style='color: red; DISPLAY : None'>", True),
    "style of another kind": ("<p style='display:block'>", False),
    "style without a value": ("<p style>", False),
    "class is only a name": ("<p class=hidden>", False),
}


@pytest.mark.parametrize(("tag", "hidden"), HIDDEN.values(), ids=HIDDEN)
def test_hidden(tag: str, hidden: bool) -> None:
    [markup] = facts(f"{tag}чай")
    assert markup.path[-1].hidden is hidden


def test_hidden_belongs_to_its_element() -> None:
    [markup] = facts("<div hidden><p>чай")
    assert [element.hidden for element in markup.path] == [True, False]


def test_blocks_share_their_open_elements() -> None:
    first, second = facts("<div><p>чай</p><p>tea</p></div>")
    assert first.path[0] == second.path[0]
    assert first.path[1] != second.path[1]


def test_elements_are_numbered_in_document_order() -> None:
    path = [element for markup in facts("<ul><li>ёж<li>йод<li>tea</ul>") for element in markup.path]
    assert [e.number for e in path[1::2]] == sorted({e.number for e in path[1::2]})


def test_element() -> None:
    [markup] = facts("<nav class=меню hidden>чай")
    assert markup.path == (Element(markup.path[0].number, "nav", "меню", True),)


def test_html_gives_no_span() -> None:
    assert [block.span for block in parse_html("<p>чай<p>tea").blocks] == [None, None]


# What the head declares

TITLES = {
    "plain": ("<title>Чай и мёд</title>", "Чай и мёд"),
    "white space": ("<title>\n Чай \n tea&nbsp;</title>", "Чай tea"),
    "decomposed": (f"<title>Чаи{BREVE}</title>", f"Чаи{BREVE}"),
    "references": ("<title>A &amp; &#x419;</title>", "A & Й"),
    "markup is text": ("<title><b>Ёж</b></title>", "<b>Ёж</b>"),
    "the first": ("<title>Чай</title><title>Tea</title>", "Чай"),
    "the first that is not empty": ("<title></title><title>Tea</title>", "Tea"),
    "not closed": ("<title>Чай", "Чай"),
    "none": ("<h1>Чай</h1>", ""),
}


@pytest.mark.parametrize(("html", "title"), TITLES.values(), ids=TITLES)
def test_title(html: str, title: str) -> None:
    assert parse_html(html).title == title


DESCRIPTIONS = {
    "plain": ("<meta name=description content='Чай и мёд'>", "Чай и мёд"),
    "in capitals": ("<META NAME=Description CONTENT='Tea'>", "Tea"),
    "white space": ("<meta name=description content='\n ёж  \n й '>", "ёж й"),
    "decomposed": (f"<meta name=description content='и{BREVE}од'>", f"и{BREVE}од"),
    "of the page as a link": ("<meta property='og:description' content=Ёж>", "Ёж"),
    "the first": (
        "<meta name=description content=a><meta property='og:description' content=b>",
        "a",
    ),
    "the first that is not empty": (
        "<meta name=description content=''><meta property='og:description' content=b>",
        "b",
    ),
    "without a value": ("<meta name=description>", ""),
    "something else": ("<meta name=keywords content=чай>", ""),
}


@pytest.mark.parametrize(("html", "description"), DESCRIPTIONS.values(), ids=DESCRIPTIONS)
def test_description(html: str, description: str) -> None:
    assert parse_html(html).description == description


def json_ld(data: str) -> str:
    return f'<script type="application/ld+json">{data}</script>'


KINDS = {
    "none": ("<p>чай", ()),
    "og:type": ("<meta property='og:type' content=article>", ("article",)),
    "og:type as a name": ("<meta name='OG:type' content=video.movie>", ("video.movie",)),
    "schema type": (json_ld('{"@type":"Recipe"}'), ("Recipe",)),
    "schema type with spaces": (json_ld('{"@type" :\n "Recipe"}'), ("Recipe",)),
    "nested": (json_ld('{"@type":"A","b":[{"@type":"C"}]}'), ("A", "C")),
    "in the body": ("<p>чай" + json_ld('{"@type":"Recipe"}'), ("Recipe",)),
    "two scripts": (json_ld('{"@type":"A"}') + "<p>й" + json_ld('{"@type":"B"}'), ("A", "B")),
    "both, as they come": (
        json_ld('{"@type":"A"}') + "<meta property='og:type' content=b>",
        ("A", "b"),
    ),
    "a list of types": (json_ld('{"@type": [ "Recipe" ]}'), ("Recipe",)),
    "schema type with its address": (json_ld('{"@type":"https://schema.org/A"}'), ("A",)),
    "schema type with its old address": (json_ld('{"@type":"http://schema.org/A"}'), ("A",)),
    "a type of another vocabulary": (json_ld('{"@type":"https://larder.example/A"}'), ()),
    "a script with a charset": (
        json_ld('{"@type":"A"}').replace("json", "json; charset=utf-8"),
        ("A",),
    ),
    "an empty og:type": ("<meta property='og:type' content=''>", ()),
    "a blank og:type": ("<meta property='og:type' content=' '>", ()),
    "broken data": (json_ld('{"@type":"Recipe", ёж'), ("Recipe",)),
    "another script": ('<script>{"@type":"Recipe"}</script>', ()),
    "another key": (json_ld('{"type":"Recipe"}'), ()),
}


@pytest.mark.parametrize(("html", "kinds"), KINDS.values(), ids=KINDS)
def test_kinds(html: str, kinds: tuple[str, ...]) -> None:
    assert parse_html(html).kinds == kinds


STRUCTURED = {
    "none": ("<p>чай", ""),
    "article body": (json_ld('{"articleBody":"Чай и мёд"}'), "Чай и мёд"),
    "description": (json_ld('{"description":"Чай и мёд"}'), "Чай и мёд"),
    "review": (json_ld('{"reviewBody":"Чай и мёд"}'), "Чай и мёд"),
    "text": (json_ld('{"text":"Чай и мёд"}'), "Чай и мёд"),
    "spaces round the colon": (json_ld('{"text" :\n "ёж"}'), "ёж"),
    "spaces in the text stay": (json_ld('{"text":" ёж  й "}'), " ёж  й "),
    "nested": (json_ld('{"review":[{"reviewBody":"ёж"}]}'), "ёж"),
    "in the order of the data": (json_ld('{"text":"й","articleBody":"ё"}'), "й\nё"),
    "two scripts": (json_ld('{"text":"ё"}') + "<p>tea" + json_ld('{"text":"й"}'), "ё\nй"),
    "a script with a charset": (
        json_ld('{"text":"ёж"}').replace("json", "json; charset=utf-8"),
        "ёж",
    ),
    "escaped line feed": (json_ld(r'{"text":"ёж\nчай"}'), "ёж\nчай"),
    "bare line feed": (json_ld('{"text":"ёж\nчай"}'), "ёж\nчай"),
    "escaped quotes": (json_ld(r'{"text":"ёж \"чай\" tea"}'), 'ёж "чай" tea'),
    "escaped backslash at the end": (json_ld(r'{"text":"ёж\\","name":"чай"}'), "ёж\\"),
    "escaped letters": (json_ld(r'{"text":"\u0451\u0436 \u0439\u043e\u0434"}'), "ёж йод"),
    "escaped letters, decomposed": (
        json_ld(r'{"text":"\u0435\u0308\u0436"}'),
        f"е{DIAERESIS}ж",
    ),
    "surrogate pair": (json_ld(r'{"text":"ёж \ud83e\udd94"}'), "ёж \N{HEDGEHOG}"),
    "lone surrogate": (json_ld(r'{"text":"ёж \ud83e!"}'), f"ёж {REPLACEMENT}!"),
    "an escape that there is not": (json_ld(r'{"text":"ёж \ж","description":"й"}'), "й"),
    "an escape cut short": (json_ld(r'{"text":"\u04","articleBody":"й"}'), "й"),
    "broken data": (json_ld('{"text":"ёж", й'), "ёж"),
    "a text without an end": (json_ld('{"text":"ёж'), ""),
    "a number": (json_ld('{"text":7,"name":"ёж"}'), ""),
    "a list": (json_ld('{"text":["ёж"]}'), ""),
    "another key": (json_ld('{"name":"ёж"}'), ""),
    "a key that ends alike": (json_ld('{"subtext":"ёж"}'), ""),
    "a key in capitals": (json_ld('{"Text":"ёж"}'), ""),
    "a value that is named so": (json_ld('{"@type":"text"}'), ""),
    "another script": ('<script>{"text":"ёж"}</script>', ""),
    "a script of other data": ('<script type="application/json">{"text":"ёж"}</script>', ""),
}


@pytest.mark.parametrize(("html", "structured"), STRUCTURED.values(), ids=STRUCTURED)
def test_structured(html: str, structured: str) -> None:
    assert parse_html(html).structured == structured


@EVERY_SCRIPT
def test_structured_in_every_script(words: Words) -> None:
    html = put('<script type="application/ld+json">{"text":"A, B"}</script><p>C', words)
    assert parse_html(html).structured == put("A, B", words)


def test_structured_text_is_no_block() -> None:
    assert texts(json_ld('{"text":"ёж"}') + "<p>чай") == ["чай"]


@pytest.mark.parametrize("fact", ["title", "description", "kinds", "structured"])
def test_head_with_a_counter(fact: str) -> None:
    data = json_ld('{"text":"Йод"}')
    rest = (
        "<title>Чай</title><meta name=description content=ёж>"
        f"<meta property='og:type' content=article>{data}</head><p>Ёж"
    )
    document = parse_html(f"<head><noscript><img src=count></noscript>{rest}")
    assert getattr(document, fact) == getattr(parse_html(f"<head>{rest}"), fact)


# In the wild

WILD = sorted((Path(__file__).parent / "cases" / "html").glob("*.html"))
EVERY_PAGE = pytest.mark.parametrize("path", WILD, ids=[path.stem for path in WILD])


def test_pages_are_there() -> None:
    assert len(WILD) >= 8


@EVERY_PAGE
def test_page(path: Path) -> None:
    document = parse_html(path.read_text(encoding="utf-8"))
    found = {
        "title": document.title,
        "description": document.description,
        "kinds": list(document.kinds),
        "blocks": [block.text for block in document.blocks],
    }
    assert found == json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


@EVERY_PAGE
def test_decomposed_page_is_cut_alike(path: Path) -> None:
    html = path.read_text(encoding="utf-8")
    decomposed = unicodedata.normalize("NFD", html)
    assert texts(decomposed) == [unicodedata.normalize("NFD", text) for text in texts(html)]


@EVERY_PAGE
def test_page_cut_off_anywhere(path: Path) -> None:
    html = path.read_text(encoding="utf-8")
    for size in range(0, len(html), 23):
        assert all(texts(html[:size]))


# Any markup

STRUCTURE = "table tr td th p select option svg math template a b pre br body head title"


def soup(chance: random.Random, tags: list[str], words: list[str]) -> str:
    """Each of the words in turn, among tags that open and close as they please."""
    pieces: list[str] = []
    for word in words:
        for _ in range(chance.randrange(4)):
            pieces.append(f"<{chance.choice(['', '/'])}{chance.choice(tags)}>")
        pieces.append(f" {word} ")
    return "".join(pieces)


@pytest.mark.parametrize("seed", range(50))
def test_every_word_is_kept_once_and_in_order(seed: int) -> None:
    chance = random.Random(seed)
    words = [f"{chance.choice(SCRIPTS[name])}{n}" for n in range(10) for name in SCRIPTS]
    tags = ["a", "b", "br", "div", "p", "li", "ul", "h1", "span", "img", "pre", "hr", "x-y"]
    found = " ".join(texts(soup(chance, tags, words)))
    assert found.split() == " ".join(words).split()


@pytest.mark.parametrize("seed", range(50))
def test_no_markup_fails(seed: int) -> None:
    chance = random.Random(seed)
    for markup in facts(soup(chance, STRUCTURE.split(), ["йод", "tea", "ёж", "\0"] * 10)):
        assert all(number >= 0 for number in markup[1:])


@pytest.mark.parametrize("html", [path.read_text(encoding="utf-8") for path in WILD[:2]])
def test_same_page_gives_the_same_document(html: str) -> None:
    assert parse_html(html) == parse_html(html)


# Known failures


def fails(reason: str) -> pytest.MarkDecorator:
    return pytest.mark.xfail(strict=True, reason=reason)


@fails("spaces on either side of a tag are not counted")
@EVERY_SCRIPT
def test_link_characters_of_a_link_with_tags(words: Words) -> None:
    [markup] = facts(put("<p><a>A <b>B</b> C</a>", words))
    assert markup.link_characters == composed_length(put("A B C", words))


@fails("a cell after a cell with blocks inside is joined to what is left of that cell")
@EVERY_SCRIPT
@cases(
    {
        "list": ("<table><tr><td>A<ul><li>B</ul>C<td>D</table>", "A|B|C|D"),
        "breaks": ("<table><tr><td>A<br><br>B<td>C</table>", "A|B|C"),
        "paragraph": ("<table><tr><td><p>A</p>B<td>C</table>", "A|B|C"),
    }
)
def test_cell_with_blocks_makes_a_layout(html: str, blocks: str, words: Words) -> None:
    assert cut(html, words) == expect(blocks, words)


@fails("white space before the first text is dropped, whatever it indents")
@EVERY_SCRIPT
def test_indent_of_the_first_line_in_an_element_of_its_own(words: Words) -> None:
    assert cut("<pre><span>  </span>A\n  B</pre>", words) == expect("  A\n  B", words)


@fails("all images of a row count for its first cell")
def test_image_in_a_cell_of_a_layout() -> None:
    html = f"<table><tr><td>{'чай ' * 40}<td><img>Ёж</table>"
    assert [markup.images for markup in facts(html)] == [0, 1]


@fails("characters without width are not white space")
@pytest.mark.parametrize("character", ["&#8203;", "&shy;", "&#xfeff;"])
def test_paragraph_without_a_visible_character(character: str) -> None:
    assert texts(f"<p>{character}</p>") == []


@fails("a comma in an element of its own is set apart like a word")
@EVERY_SCRIPT
def test_comma_in_an_element_of_its_own(words: Words) -> None:
    assert cut("<a>A</a><span>, </span><a>B</a>", words) == expect("A, B", words)


@fails("a parser drops the tags of rows and cells outside of a table")
@EVERY_SCRIPT
def test_rows_without_a_table(words: Words) -> None:
    assert cut("<tr><td>A<td>B", words) == expect("A B", words)


@fails("a drawing's title is taken for the page's")
def test_title_of_a_drawing_is_not_the_title() -> None:
    assert parse_html("<svg><title>Меню</title></svg><p>Чай").title == ""


@fails("only the first of a list of types is read")
def test_schema_types_in_a_list() -> None:
    assert parse_html(json_ld('{"@type":["Recipe","Article"]}')).kinds == ("Recipe", "Article")


def test_nested_declarations_are_read_once() -> None:
    """In a drawing scripts nest; to read each with all inside would cost the square."""
    script = '<script type="application/ld+json">{"text":"ёж"}'
    assert parse_html("<svg>" + script * 3).structured == "ёж\nёж\nёж"


def test_names_of_immense_length_are_cut() -> None:
    (block,) = parse_html(f"<p class='{'ёж ' * LONGEST_NAMES}'>чай").blocks
    assert block.markup is not None
    assert len(block.markup.path[0].names) == LONGEST_NAMES
