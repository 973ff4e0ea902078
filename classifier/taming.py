"""HTML that would cost a parser time quadratic in its size, flattened so that it does not.

An HTML5 parser looks through all open elements at many a tag, through all attributes of a tag at
each new one, and through all options of a list; it repeats every unclosed style in every paragraph.
Honest pages have few of each. Most pages show that at a glance; of the others the open elements are
counted as the HTML standard has them opened and closed, and in doubt as still open. A page that has
too many keeps its text, its links and its breaks, and no other markup.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from html import escape
from typing import NamedTuple

MOST_TAGS = 10_000
"""Signs of tags that a page may have before its open elements are counted."""

DEEPEST_NESTING = 1_000
"""Elements that may be open at once."""

MOST_REPEATED = 1_000_000
"""Elements that unclosed styles, one in each paragraph, may become."""

MOST_OPTIONS = 2_000
"""Options that a list may have."""

MOST_ATTRIBUTES = 1_000
"""Attributes that a tag may have, all of `html` and `body` together."""

LONGEST_TAG = 10_000
"""Characters of a tag beyond which its attributes are counted."""

SMALLEST_SUSPECT = 20_000
"""A page of fewer characters is parsed in time whatever its tags are."""

FARTHEST_END = 50
"""An end tag closes no element that is farther out: in doubt it is still open."""

MOST_ALIKE = 3
"""Of equal styles so many are taken over."""

_SPACE = r"\t\n\f\r "
_ATTRIBUTE = re.compile(
    rf"[{_SPACE}/]*[^{_SPACE}/>][^{_SPACE}/>=]*"
    rf"""(?:[{_SPACE}]*=[{_SPACE}]*(?:"[^"]*"|'[^']*'|[^{_SPACE}"'>][^{_SPACE}>]*)?)?"""
)
_AFTER_ATTRIBUTES = re.compile(rf"[{_SPACE}/]*")
_PIECE = re.compile(
    rf"<!--(?:-?>|.*?(?:--!?>|\Z))|<(?P<slash>/?)(?P<name>[a-zA-Z][^{_SPACE}/>]*)|<[!?/][^>]*>?",
    re.DOTALL,
)
_SCRIPT_MARK = re.compile(rf"<!--(?:-?>)?|-->|</?script(?=[{_SPACE}/>])", re.IGNORECASE)
_BEGIN = re.compile("</?[a-zA-Z]")
_QUOTED_END = re.compile(rf"""=[{_SPACE}]*(?:"[^">]*>|'[^'>]*>)""")
"""A value in quotes with a `>`, which does not end a tag: a long one may have many."""

_VOID = frozenset(
    "area base basefont bgsound br col embed frame hr image img input keygen link meta param source"
    " track wbr".split()
)
_ROOTS = frozenset(("html", "head", "body"))
_RAW_TEXT = frozenset("script style textarea title xmp iframe noembed noframes plaintext".split())
_HIDING = frozenset(
    "annotation annotation-xml applet audio canvas datalist object rp svg template video".split()
)
"""Elements whose text a browser does not show, which may have others inside."""

_STYLES = frozenset("b big code em font i nobr s small strike strong tt u".split())
_STYLE = re.compile(rf"<(?:{'|'.join(sorted(_STYLES))})[{_SPACE}/>]", re.IGNORECASE)
_CELLS = frozenset("applet caption marquee object td template th".split())
"""Elements whose end is the end of the styles that began in them."""

_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_CLOSES_PARAGRAPH = _HEADINGS | frozenset(
    "address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption"
    " figure footer form header hgroup hr li listing main menu nav ol p plaintext pre search"
    " section summary table ul xmp".split()
)
_FOREIGN = frozenset(("svg", "math"))
_INTEGRATION = frozenset("foreignobject desc title mi mo mn ms mtext annotation-xml".split())
"""Elements of drawings and formulas that have HTML inside."""

_BREAKOUT = _HEADINGS | frozenset(
    "b big blockquote body br center code dd div dl dt em embed font head hr i img li listing menu"
    " meta nobr ol p pre ruby s small span strong strike sub sup table tt u ul var".split()
)
"""Elements that a drawing or a formula ends at."""

_SCOPE = _INTEGRATION | frozenset(
    "applet caption html marquee object select table td template th".split()
)
"""Elements that an end tag inside them does not reach out of."""

_SPECIAL = (
    _CLOSES_PARAGRAPH
    | _SCOPE
    | _RAW_TEXT
    | frozenset("body button colgroup frameset noscript tbody tfoot thead tr".split())
)
"""Elements that the end tag of a style or of an unknown element does not reach out of."""

_ROW_BARRIERS = frozenset(("table",))

_BARRIERS = {
    **dict.fromkeys(_SPECIAL - _INTEGRATION, _SCOPE),
    "li": _SCOPE | {"ol", "ul"},
    "p": _SCOPE | {"button"},
    **dict.fromkeys("caption colgroup table tbody td tfoot th thead tr".split(), _ROW_BARRIERS),
}
"""What an end tag of a name does not reach out of, where that is not `_SPECIAL`."""

_ITEMS = {
    "li": frozenset(("li",)),
    "dd": frozenset(("dd", "dt")),
    "dt": frozenset(("dd", "dt")),
}
_ITEM_BARRIERS = _SPECIAL - {"address", "div", "p"}
_ROW_PARTS = {
    "td": frozenset(("td", "th")),
    "th": frozenset(("td", "th")),
    "tr": frozenset(("tr",)),
    **dict.fromkeys(
        "caption colgroup tbody tfoot thead".split(),
        frozenset("caption colgroup tbody tfoot thead".split()),
    ),
}
_CLOSES_ITS_LIKE = frozenset(("a", "button", "nobr", "select"))

_BREAKS = _CLOSES_PARAGRAPH - {"plaintext", "xmp"} | frozenset(
    "body button caption legend optgroup select tbody tfoot thead tr".split()
)
"""Elements that a flattened page has a break for."""


_KEPT = frozenset("br hr img input wbr".split())
"""Elements that a flattened page has as they are, without attributes."""

LONGEST_META = 2_000
"""Characters of a declaration that a flattened page keeps."""


class _Tag(NamedTuple):
    """A tag: where it stands, and what it says."""

    start: int
    end: int
    name: str
    is_end: bool
    attributes: int
    closes_itself: bool


class _Nesting:
    """The elements that may be open, the innermost last, and the styles that are taken over.

    A style is taken over until its own end tag comes, or the cell that it began in ends.
    """

    def __init__(self) -> None:
        self.open: list[str] = []
        self.styles: list[str] = []
        self.cells: list[int] = []
        self.options = self.root_attributes = 0
        self.is_doubtful = False

    def take(self, tag: _Tag) -> None:
        """Open or close what the tag does."""
        if tag.is_end:
            if self.in_foreign() and tag.name in ("p", "br"):
                self._leave_foreign()
            self._end(tag.name)
            self._end_style(tag.name)
        else:
            self._start(tag)

    def in_foreign(self) -> bool:
        """Whether a drawing or a formula is open, and no HTML inside."""
        for name in self.open[: -FARTHEST_END - 1 : -1]:
            if name in _FOREIGN or name in _INTEGRATION:
                return name in _FOREIGN
        return False

    def _start(self, tag: _Tag) -> None:
        name = tag.name
        if self.in_foreign():
            if name in _BREAKOUT:
                self._leave_foreign()
            elif tag.closes_itself:
                return
        if name in _ROOTS:
            self.root_attributes += tag.attributes
        if name in _VOID or name in _ROOTS:
            return
        if name in _CLOSES_PARAGRAPH:
            self._end("p")
        if name in _ITEMS:
            self._close_first(_ITEMS[name], _ITEM_BARRIERS)
        elif name in _ROW_PARTS:
            self._close_first(_ROW_PARTS[name], _ROW_BARRIERS)
        elif name in _CLOSES_ITS_LIKE and self._end(name) and name == "select":
            return
        elif self.open and (
            (name in ("option", "optgroup") and self.open[-1] == "option")
            or (name in _HEADINGS and self.open[-1] in _HEADINGS)
        ):
            self._pop()
        if name == "select":
            self.options = 0
        self.options += name == "option"
        if name in _STYLES:
            self._start_style(tag)
        if name in _CELLS:
            self.cells.append(len(self.styles))
        self.open.append(name)

    def _start_style(self, tag: _Tag) -> None:
        alike = self.styles[-FARTHEST_END:].count(tag.name)
        if tag.attributes or alike < MOST_ALIKE:
            self.styles.append(tag.name)

    def _end_style(self, name: str) -> None:
        for distance, style in enumerate(self.styles[: -FARTHEST_END - 1 : -1], 1):
            if style == name:
                del self.styles[-distance]
                return

    def _end(self, name: str) -> bool:
        """Close an element of the name, if one is sure to be closed."""
        if name == "form":
            return self._end_form()
        alike = _HEADINGS if name in _HEADINGS else {name}
        return self._close_first(alike, _BARRIERS.get(name, _SPECIAL))

    def _end_form(self) -> bool:
        """A form ends alone: what was opened in it and not closed stays open."""
        for distance, name in enumerate(self.open[: -FARTHEST_END - 1 : -1], 1):
            if name == "form":
                del self.open[-distance]
                return True
            if name in _SCOPE:
                break
        return False

    def _close_first(self, alike: Container[str], barriers: Container[str]) -> bool:
        """Close the innermost element of some names and all in it, if no barrier is in it."""
        for distance, name in enumerate(self.open[: -FARTHEST_END - 1 : -1], 1):
            if name in alike:
                for _ in range(distance):
                    self._pop()
                return True
            if name in barriers:
                break
        return False

    def _leave_foreign(self) -> None:
        while self.open:
            if self._pop() in _FOREIGN:
                return

    def _pop(self) -> str:
        name = self.open.pop()
        if name in _CELLS:
            del self.styles[self.cells.pop() :]
        return name


def tame(html: str) -> str:
    """The page itself, or a flattened one if it could cost too much.

    >>> tame("<div>tea</div>")
    '<div>tea</div>'
    """
    return _flattened(html) if _is_suspect(html) else html


def _is_suspect(html: str) -> bool:
    if len(html) < SMALLEST_SUSPECT:
        return False
    tags = html.count("<")
    # Of so many tags, half styles and half paragraphs would make the most of it.
    styles = len(_STYLE.findall(html)) if tags * tags > 4 * MOST_REPEATED else 0
    if tags <= MOST_TAGS and styles * tags <= MOST_REPEATED and not _may_have_long_tag(html):
        return False
    nesting = _Nesting()
    for tag in _tags(html, nesting):
        if (
            nesting.is_doubtful
            or len(nesting.open) > DEEPEST_NESTING
            or len(nesting.styles) * tags > MOST_REPEATED
            or nesting.options > MOST_OPTIONS
            or max(tag.attributes, nesting.root_attributes) > MOST_ATTRIBUTES
        ):
            return True
    return False


def _may_have_long_tag(html: str) -> bool:
    """Whether a tag may have more than `LONGEST_TAG` characters: a quick look."""
    return _has_open_stretch(html) or _has_quoted_stretch(html)


def _has_quoted_stretch(html: str) -> bool:
    """Whether quoted ends stand so close for so long that all may be in one tag."""
    first = last = -LONGEST_TAG
    for end in _QUOTED_END.finditer(html):
        if end.start() - last > LONGEST_TAG:
            first = end.start()
        last = end.end()
        if last - first > 5 * LONGEST_TAG:
            return True
    return False


def _has_open_stretch(html: str) -> bool:
    """Whether after a tag's begin more than `LONGEST_TAG` characters stand without a `>`."""
    start = 0
    while start + LONGEST_TAG < len(html):
        last = html.rfind(">", start, start + LONGEST_TAG + 1)
        if last < 0:
            last = html.find(">", start)
            last = len(html) if last < 0 else last
            begin = _BEGIN.search(html, start, last)
            if begin and last - begin.start() > LONGEST_TAG:
                return True
        start = last + 1
    return False


def _tags(html: str, nesting: _Nesting) -> Iterator[_Tag]:
    """Every tag, as the standard's tokenizer finds them, after `nesting` has taken it in."""
    position = 0
    while piece := _PIECE.search(html, position):
        position = piece.end()
        if piece["name"] is None:
            # What is a comment in HTML is text in a drawing.
            nesting.is_doubtful |= piece[0].startswith("<![CDATA[") and nesting.in_foreign()
            continue
        name = piece["name"].lower()
        attributes = 0
        while attribute := _ATTRIBUTE.match(html, position):
            attributes += 1
            position = attribute.end()
        rim = _AFTER_ATTRIBUTES.match(html, position)
        position = rim.end() if rim else position
        closes_itself = html.endswith("/", 0, position)
        position += html.startswith(">", position)
        tag = _Tag(piece.start(), position, name, bool(piece["slash"]), attributes, closes_itself)
        if not tag.is_end and name in _RAW_TEXT and not nesting.in_foreign():
            yield tag
            position = _raw_text_end(name, html, position)
        else:
            nesting.take(tag)
            yield tag


def _raw_text_end(name: str, html: str, start: int) -> int:
    """Where the text of a raw-text element ends."""
    if name == "plaintext":
        return len(html)
    if name == "script":
        return _script_end(html, start)
    end = re.compile(rf"</{name}(?=[{_SPACE}/>])", re.IGNORECASE).search(html, start)
    return end.start() if end else len(html)


def _script_end(html: str, start: int) -> int:
    """Where a script ends: not at the end of a script that stands in a comment of it."""
    in_comment = in_script = False
    for mark in _SCRIPT_MARK.finditer(html, start):
        if mark[0].startswith("</"):
            if not in_script:
                return mark.start()
            in_script = False
        elif mark[0] == "<!--":
            in_comment = True
        elif mark[0] == "-->":
            in_comment = in_script = False
        elif mark[0][0] == "<" and mark[0][1] != "!":
            in_script = in_comment
    return len(html)


def _flattened(html: str) -> str:
    """The text with breaks, links, images, and what the head declares; so nothing nests."""
    pieces: list[str] = []
    position = 0
    unclosed: set[str] = set()
    for tag in _tags(html, _Nesting()):
        if tag.start < position:
            continue  # inside of what is not shown
        pieces.append(html[position : tag.start])
        position = tag.end
        if tag.is_end or not (tag.name in _RAW_TEXT or tag.name in _HIDING):
            pieces.append(_flat_tag(tag, html))
        elif tag.name in _RAW_TEXT:
            position = _raw_text_end(tag.name, html, tag.end)
            pieces.append(_flat_text(tag.name, html[tag.end : position]))
        elif tag.name not in unclosed:
            end = html.find(f"</{tag.name}", tag.end)
            position = max(position, end)
            if end < 0:
                unclosed.add(tag.name)
    return "".join([*pieces, html[position:]])


def _flat_tag(tag: _Tag, html: str) -> str:
    if tag.name in _BREAKS:
        return "<hr>"
    if tag.name == "a":
        return "</a>" if tag.is_end else "<a>"
    if tag.is_end:
        return ""
    if tag.name in _KEPT:
        return f"<{tag.name}>"
    if tag.name == "meta" and tag.end - tag.start <= LONGEST_META:
        return html[tag.start : tag.end]
    return " " if tag.name in ("td", "th", "option") else ""


def _flat_text(name: str, text: str) -> str:
    """The text of a raw-text element where it is shown; the page's title as it is."""
    if name == "title":
        return f"<title>{text}</title>"
    if name == "textarea":
        return f"<hr>{text.replace('<', '&lt;')}<hr>"
    return f"<hr>{escape(text)}<hr>" if name in ("xmp", "plaintext") else ""
