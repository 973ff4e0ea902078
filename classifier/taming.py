"""HTML that would cost a parser time quadratic in its size, flattened so that it does not.

An HTML5 parser looks through all open elements at many a tag, through all attributes of a tag at
each new one, and through all options of a list; it copies every unclosed style into every
paragraph. Honest pages have few of each. Most pages show that at a glance; in the others the open
elements are counted (see `classifier.nesting`), in doubt as still open. A page that has too many
keeps its text, its links and its breaks, and no other markup.
"""

from __future__ import annotations

import re
from collections import Counter
from html import escape

from classifier.nesting import (
    ANY_CASE,
    MOST_ALIKE,
    TABLE_PARTS,
    Nesting,
    Tag,
    copy_weight,
    ends_drawing,
    has_long_list,
    read_tags,
    tag_end,
)
from classifier.tags import (
    BLOCK_TAGS,
    FORMATTING_TAGS,
    INVISIBLE_TAGS,
    RAW_TEXT_TAGS,
    VOID_TAGS,
)

MOST_TAGS = 10_000
"""Signs of tags that any page may have before its open elements are counted."""

SQUARE_PER_CHARACTER = 200
"""A long page may have so many that their square is this many times its length: were they all open,
a parser would take a fifth of a microsecond for each character more."""

MOST_PASSES = 8
"""Levels of closed elements that are taken out before the others are counted as open."""

OPENED_WITH_ONE = 2
"""Elements that a tag may open: between a table and its cell are a group of rows and a row."""

DEEPEST_NESTING = 1_000
"""Elements that may be open at once."""

MOST_COPIES = 20_000
"""Elements that unclosed styles may become in any page; in a long one, half its characters."""

MOST_STYLES = 100
"""Unclosed styles that are looked through at many a tag; of 627 published pages none has 10."""

MOST_OPTIONS = 2_000
"""Options that a list may have."""

MOST_ATTRIBUTES = 1_000
"""Attributes that a tag may have, all of `html` and `body` together."""

LONGEST_TAG = 10_000
"""Characters of a tag beyond which its attributes are counted."""

MOST_KEPT = 100
"""Open elements and styles that are known while a page is flattened, to tell tags from text."""

MOST_LOOKS = 20
"""Tags of one value of immense length, each of which is looked at."""

FARTHEST_VALUE = 100
"""Characters before a value in which a sign of equality is looked for."""

LONGEST_REFERENCE = 40
"""Characters of a reference such as `&amp;`, which has up to 33."""

LONGEST_META = 2_000
"""Characters of a declaration that a flattened page keeps."""

_SPACE = r"\t\n\f\r "
_BEGIN = re.compile("</?[a-zA-Z]")
_STYLES = "|".join(sorted(FORMATTING_TAGS))


def _plain_rest(attributes: str = "", value: str = "") -> str:
    """What follows the name in a tag that is written as tags should be.

    It has up to so many attributes, with values of up to so many characters. There is one way to
    read it: of two, twenty tags in a row would make a million.
    """
    values = (
        rf""""[^"]{{0,{value}}}"|'[^']{{0,{value}}}'"""
        rf"""|[^{_SPACE}"'<>=]{{1,{value}}}(?=[{_SPACE}>])"""
    )
    attribute = rf"""[{_SPACE}]+[^{_SPACE}"'<>/=]+(?:[{_SPACE}]*=[{_SPACE}]*(?:{values}))?"""
    return rf"(?:{attribute}){{0,{attributes}}}[{_SPACE}]*/?>"


_ORDINARY = "|".join(
    "a abbr article aside b big blockquote button center cite code dd del details div dl dt em"
    " figcaption figure footer h1 h2 h3 h4 h5 h6 header i ins label li main nav ol option p path"
    " section small span strong sub summary sup svg table tbody td tfoot th thead time tr u"
    " ul".split()
)
_QUIET_TAG = (
    rf"""(?:[{_SPACE}]+[^{_SPACE}"'<>/=\0]+(?:[{_SPACE}]*=[{_SPACE}]*"""
    rf"""(?:"[^"<>\0]*"|'[^'<>\0]*'|[^{_SPACE}"'<>=\0][^{_SPACE}"'<>\0]*(?=[{_SPACE}>])))?)*[{_SPACE}]*/?>"""
)
_CLOSED = re.compile(
    rf"<(?:(?P<name>{_ORDINARY}){_QUIET_TAG}[^<]*</(?P=name)[{_SPACE}]*>"
    rf"|(?:br|hr|img){_QUIET_TAG}|!--[^<]*-->)",
    ANY_CASE,
)
"""An element without tags inside, in a tag that ends where it seems to, and with its end after it:
whatever stands around, it leaves no element open. `_TAKEN_OUT` in its place is no part of a tag
for the pattern, so that no tag comes about from two halves."""

_TAKEN_OUT = "\0"

_OPEN_STYLE = re.compile(
    rf"<(?=[abcefinstu])(?P<name>{_STYLES})(?=[{_SPACE}/>])"
    rf"(?!{_plain_rest('9', '500')}[^<]*"
    rf"(?:<(?:/?(?!(?P=name)[{_SPACE}/>])(?:span|{_STYLES})|img|br|wbr){_plain_rest()}[^<]*){{0,20}}?"
    rf"</(?P=name)>)",
    ANY_CASE,
)
"""A style that has more in it than text, links and styles before its end, if it has an end; or one
with so many attributes that the few copies that these make are too many."""

_OPTION = re.compile(rf"<option[{_SPACE}/>]", ANY_CASE)

_ROOT = re.compile(rf"<(?:html|body)(?=[{_SPACE}/])", ANY_CASE)
_FRAMESET = re.compile("<frameset", ANY_CASE)
"""An element in which a parser ignores whatever it does not expect, the end of a text as well."""

_HIDING = INVISIBLE_TAGS - RAW_TEXT_TAGS - VOID_TAGS - {"head"}
"""Elements whose text a browser does not show, which may have others inside."""

_MAY_END_HIDDEN = BLOCK_TAGS | TABLE_PARTS | frozenset("a col input nobr".split())
"""Elements that may end a hidden one, or what it stands in, where they begin."""

_CDATA = re.compile(r"<!\[CDATA\[([^<>]*)\]\]>")
_CUT = re.compile(r"(?:<|&[#0-9A-Za-z]*)\Z")
_NOTHING = "<!---->"
_KEPT = frozenset("hr img input wbr".split())
"""Elements that a flattened page has as they are, without attributes."""


def tame(html: str) -> str:
    """The page itself, or a flattened one if it could cost too much.

    >>> tame("<div>tea</div>")
    '<div>tea</div>'
    """
    return flatten(html) if _is_suspect(html) and _is_costly(html) else html


def _is_suspect(html: str) -> bool:
    """Whether a page may be costly: a quick look."""
    tags = html.count("<")
    return (
        _may_nest(html, tags)
        or _may_have_long_list(html, tags)
        or _may_have_long_tag(html)
        or _may_have_long_root(html)
        or _may_copy_styles(html, tags)
    )


def _may_nest(html: str, tags: int) -> bool:
    """Whether a parser may look through too many elements: at every tag through all that are open.

    What is closed is taken out, from inside to outside, and all that is left counted as open.
    """
    most = max(MOST_TAGS**2, SQUARE_PER_CHARACTER * len(html))
    left = tags
    if tags * left <= most:
        return False
    for _ in range(MOST_PASSES):
        before = left
        html = _CLOSED.sub(_TAKEN_OUT, html)
        left = html.count("<")
        if tags * left * OPENED_WITH_ONE <= most:
            return False
        if left > before * 7 // 8:
            return True
    return True


def _may_have_long_list(html: str, tags: int) -> bool:
    return tags > MOST_OPTIONS and len(_OPTION.findall(html)) > MOST_OPTIONS


def _is_costly(html: str) -> bool:
    if len(_FRAMESET.findall(html)) > DEEPEST_NESTING:
        return True
    most_copies = _most_copies(html)
    nesting = Nesting()
    for tag in read_tags(html, nesting):
        if (
            nesting.is_doubtful
            or len(nesting.open) > DEEPEST_NESTING
            or len(nesting.styles) > MOST_STYLES
            or nesting.copies > most_copies
            or nesting.options > MOST_OPTIONS
            or nesting.root_attributes > MOST_ATTRIBUTES
            or (len(tag.source) > LONGEST_TAG and tag.count_attributes() > MOST_ATTRIBUTES)
        ):
            return True
    return nesting.is_doubtful


def _most_copies(html: str) -> int:
    return max(MOST_COPIES, len(html) // 2)


def _may_copy_styles(html: str, tags: int) -> bool:
    """Whether every tag could make a parser copy so many styles that it were too many."""
    most_weight = _most_copies(html) // max(tags, 1)
    sources: Counter[str] = Counter()
    weight = heaviest_link = 0
    for style in _OPEN_STYLE.finditer(html):
        source = html[style.start() : tag_end(html, style.start())]
        sources[source] += 1
        if source[1:2] in "aA":
            heaviest_link = max(heaviest_link, copy_weight(source))
        elif sources[source] <= MOST_ALIKE:
            weight += copy_weight(source)
        # Early, since a style that begins inside the tag of another is read again with it.
        if weight + heaviest_link > most_weight:
            return True
    return False


def _may_have_long_root(html: str) -> bool:
    """Whether the tags of `html` and `body`, whose attributes are one list, are long together."""
    length = 0
    for root in _ROOT.finditer(html):
        length += tag_end(html, root.start()) - root.start()
        if length > LONGEST_TAG:
            return True
    return False


def _may_have_long_tag(html: str) -> bool:
    """Whether a tag may have much more than `LONGEST_TAG` characters: a quick look.

    A sign that ends a tag is looked for in each stretch of so many characters. Where there is none,
    a tag may go on; where three in a row may stand in quotes, as well.
    """
    start = looks = quoted = 0
    quotes = {'"': -1, "'": -1}
    while start + LONGEST_TAG < len(html):
        end = html.rfind(">", start, start + LONGEST_TAG + 1)
        if end < 0:
            end = html.find(">", start)
            end = len(html) if end < 0 else end
            for begin in _BEGIN.finditer(html, start, end - LONGEST_TAG):
                looks += 1
                if looks > MOST_LOOKS or has_long_list(html, begin.start()):
                    return True
        for sign in quotes:
            quotes[sign] = max(quotes[sign], html.rfind(sign, start, end))
        is_quoted = any(_may_begin_value(html, place) for place in quotes.values())
        quoted = quoted + 1 if is_quoted else 0
        if quoted > 2:
            return True
        start = end + 1
    return False


def _may_begin_value(html: str, quote: int) -> bool:
    before = html[max(0, quote - FARTHEST_VALUE) : max(0, quote)].rstrip("\t\n\f\r ")
    return quote >= 0 and (not before or before.endswith("="))


def flatten(html: str) -> str:
    """The text with breaks, links, images, and what the head declares; so nothing nests.

    >>> flatten("<div><p>Hot <b>tea</b></p></div><svg><title>Cup</title></svg>")
    '<hr><hr>Hot tea<hr><hr>'
    """
    page = _FlatPage()
    nesting = Nesting()
    position = 0
    for tag in read_tags(html, nesting):
        if len(nesting.open) + len(nesting.styles) > MOST_KEPT:
            nesting.forget()
        page.add_text(html[position : tag.start])
        page.add_tag(tag, _flat_tag(tag, html))
        position = tag.text_end
    page.add_text(html[position:])
    return "".join(page.pieces)


class _FlatPage:
    """The pieces of a flattened page. What is hidden is taken back where its element ends.

    That is only where all in it nests, and where nothing in it could end it early. So of an element
    that never ends, or that a parser may end elsewhere, the text is shown rather than lost.
    """

    def __init__(self) -> None:
        self.pieces: list[str] = []
        # What is open from the outermost hidden element on, which began at a piece.
        self.open: list[str] = []
        self.start = 0

    def add_text(self, text: str) -> None:
        text = _CDATA.sub(rf"{_NOTHING}\1{_NOTHING}", text)
        # With a tag away, a sign could make a tag of what follows, and a reference go on in it.
        is_cut = _CUT.search(text, max(0, len(text) - LONGEST_REFERENCE))
        self.pieces.append(text + _NOTHING if is_cut else text)

    def add_tag(self, tag: Tag, flat: str) -> None:
        """A tag, and what it is in a flattened page."""
        if tag.is_end:
            self._end(tag.name)
        elif self.open or tag.name in _HIDING:
            self._start(tag)
        self.pieces.append(flat)

    def _start(self, tag: Tag) -> None:
        if tag.name in _MAY_END_HIDDEN or ends_drawing(tag):
            self.open.clear()
        elif not (tag.closes_itself or tag.name in VOID_TAGS):
            if not self.open:
                self.start = len(self.pieces)
            self.open.append(tag.name)

    def _end(self, name: str) -> None:
        if not self.open:
            return
        if self.open.pop() != name:
            self.open.clear()
        elif not self.open:
            del self.pieces[self.start :]


def _flat_tag(tag: Tag, html: str) -> str:
    if tag.text_end > tag.end or (tag.name in RAW_TEXT_TAGS and not tag.is_end):
        return _flat_text(tag.name, html[tag.end : tag.text_end])
    if tag.name in BLOCK_TAGS:
        return "<hr>"
    if tag.name == "br":
        return "<br>"
    if tag.name == "a":
        return "</a>" if tag.is_end else "<a>"
    if tag.is_end:
        return ""
    if tag.name in _KEPT:
        return f"<{tag.name}>"
    if tag.name == "meta" and len(tag.source) <= LONGEST_META:
        return tag.source
    return " " if tag.name in ("td", "th", "option") else ""


def _flat_text(name: str, text: str) -> str:
    """The text of a raw-text element where it is shown; the page's title as it is."""
    if name == "title":
        return f"<title>{text}</title>"
    if name == "textarea":
        return f"<hr>{text.replace('<', '&lt;')}<hr>"
    return f"<hr>{escape(text)}<hr>" if name in ("xmp", "plaintext") else ""
