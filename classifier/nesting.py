"""The open elements of a page, counted as the HTML standard opens and closes them.

No tree is made, so a page of any kind costs time in proportion to its size. The count is never
less than what a parser has open, but for framesets and the few elements that it adds by itself.
What makes this hold:

- Every start tag that may open an element opens one here.
- Most elements (links, styles, unknown ones) are *loose*: their end tag takes back one of their
  name and no other, though a parser may close more.
- A *box* (`div`, `p`, `td`: elements that the standard calls special) is closed with all that is
  in it, as a parser does. That is right only where the parser has it open too. So wherever a
  parser may have closed one that is still counted, it is no longer *sure*, and becomes loose too.
- Names of elements of a drawing begin with `/` and those of a formula with `//`, unlike HTML's.

https://html.spec.whatwg.org/multipage/parsing.html is the standard.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

from classifier.tags import (
    CELL_TAGS,
    FORMATTING_TAGS,
    HEADING_TAGS,
    PARAGRAPH_ENDING_TAGS,
    RAW_TEXT_TAGS,
    ROOT_TAGS,
    VOID_TAGS,
)

MOST_ALIKE = 3
"""Of equal styles so many are opened again."""

ATTRIBUTES_PER_COPY = 2
CHARACTERS_PER_COPY = 500
"""Attributes and characters of a tag that cost about as much to copy as an element."""

MOST_CLONES = 8
"""How often the end of one style may copy others, where boxes are open in it."""

ANY_CASE = re.IGNORECASE | re.ASCII
"""HTML knows small letters and capitals in ASCII alone: the Kelvin sign is no `k`."""

_SPACE = r"\t\n\f\r "
_ATTRIBUTE_SOURCE = (
    rf"[{_SPACE}/]*[^{_SPACE}/>][^{_SPACE}/>=]*"
    rf"""(?:[{_SPACE}]*=[{_SPACE}]*(?:"[^"]*"|'[^']*'|[^{_SPACE}"'>][^{_SPACE}>]*)?)?"""
)
_ATTRIBUTE = re.compile(_ATTRIBUTE_SOURCE)
_RIM = re.compile(rf"(?P<rim>[{_SPACE}/]*)>?")
_LONGEST_LIST = 50
"""Attributes that are matched in one go: the expression keeps a note of each."""

_PIECE = re.compile(
    rf"<(?P<slash>/?)(?P<name>[a-zA-Z][^{_SPACE}/>]*)(?:{_ATTRIBUTE_SOURCE}){{0,{_LONGEST_LIST}}}"
    rf"(?P<rim>[{_SPACE}/]*)(?P<close>>?)"
    r"|<!--(?:-?>|.*?(?:--!?>|\Z))|<[!?/][^>]*>?",
    re.DOTALL,
)
_CDATA = re.compile(r"<!\[CDATA\[[^<]*?\]\]>")
_SCRIPT_MARK = re.compile(rf"<!--(?:-?>)?|-->|</?script(?=[{_SPACE}/>])", ANY_CASE)
_FORMULA_WITH_MORE = re.compile(r"<(?:annotation-xml(?=.*html)|svg)", ANY_CASE | re.DOTALL)
"""What in a formula may begin HTML or a drawing."""

_FONT_OF_HTML = re.compile(rf"[{_SPACE}/]*(?:color|face|size)(?=[{_SPACE}=]|\Z)", ANY_CASE)
"""An attribute that a font of HTML has, and a font of a drawing has not."""

_DRAWINGS = {"svg": "/svg", "math": "//math"}
_FORMULA_TEXT = frozenset("//mi //mo //mn //ms //mtext".split())
_WITH_HTML = _FORMULA_TEXT | frozenset("/desc /foreignobject /title".split())
"""Elements of drawings and formulas that have HTML inside."""

_DRAWING_ENDING_TAGS = HEADING_TAGS | frozenset(
    "b big blockquote body br center code dd div dl dt em embed head hr i img li listing menu meta"
    " nobr ol p pre ruby s small span strong strike sub sup table tt u ul var".split()
)
"""Elements of HTML that end a drawing or a formula where they begin."""

_ROW_GROUPS = ("tbody", "tfoot", "thead")
_ROW_PATH = (_ROW_GROUPS, ("tr",))
"""What stands between a table and a cell, where need be without a tag."""

_CELLS = CELL_TAGS | {"caption"}
TABLE_PARTS = _CELLS.union(_ROW_GROUPS, ("colgroup", "tr"))
_SEALED = _CELLS | frozenset("applet marquee object template".split())
"""Elements in which no style is opened again that began outside of them."""

_WALLS = _SEALED | _WITH_HTML | frozenset("//annotation-xml select table".split())
"""Elements that most end tags inside of them do not reach out of; more for some of them."""

_BUTTON_WALLS = _WALLS | {"button"}
_LIST_WALLS = _WALLS | {"ol", "ul"}
_TABLE_WALLS = frozenset(("table", "template"))
_TABLE_CONTENT_WALLS = _TABLE_WALLS | _CELLS
_NO_WALLS: frozenset[str] = frozenset()
_BOXES = (
    (PARAGRAPH_ENDING_TAGS - {"dialog"})
    | _WALLS
    | frozenset("button noscript tbody tfoot thead tr".split())
)
"""Elements that the end tag of a loose element does not reach out of."""

_ITEM_WALLS = _BOXES - {"address", "div", "p"}
_ALL_WALLS = (
    _WALLS,
    _BUTTON_WALLS,
    _LIST_WALLS,
    _TABLE_WALLS,
    _TABLE_CONTENT_WALLS,
    _NO_WALLS,
    _BOXES,
    _ITEM_WALLS,
)

_WALLS_OF_END = {
    **dict.fromkeys(_BOXES | {"dialog"}, _WALLS),
    **dict.fromkeys(TABLE_PARTS | {"table"}, _TABLE_WALLS),
    "li": _LIST_WALLS,
    "noscript": _BOXES,
    "p": _BUTTON_WALLS,
    "template": _NO_WALLS,
}
_REOPENS_NO_STYLE = (
    PARAGRAPH_ENDING_TAGS
    | TABLE_PARTS
    | ROOT_TAGS
    | frozenset(
        "base basefont bgsound col frame frameset head iframe link meta noembed noframes"
        " param rb rp rt rtc script source style template textarea title track".split()
    )
) - {"xmp"}
_CLOSES_BEFORE = frozenset("a button input nobr optgroup option select".split())
"""Elements that may close others where they begin, and then open styles again."""

_OPENS_NOTHING = frozenset("frameset head image".split())
_NEVER_SURE = frozenset("dialog form noscript".split())
"""A parser closes a form at once in a table, and a `noscript` early in the head. A dialog ends as a
box does, but is none."""

_IMPLIED_ENDING_TAGS = frozenset("hr optgroup option rb rp rt rtc".split())
"""Elements that, in a list or a ruby, end an open paragraph or item."""

_IMPLIED_ENDS = frozenset("dd dt li p".split())


class Tag(NamedTuple):
    """A tag: where it stands, what it says, and where the text ends that only it can have.

    `after_text`: whether text stands between it and the tag before.
    """

    start: int
    end: int
    text_end: int
    name: str
    is_end: bool
    closes_itself: bool
    after_text: bool
    source: str

    def count_attributes(self) -> int:
        """How many attributes it has, those that are there twice counted twice."""
        return len(self.attributes())

    def attributes(self) -> list[str]:
        """Each attribute with its value, and with what parts it from the one before."""
        return _ATTRIBUTE.findall(self.source, len(self.name) + 1)


def ends_drawing(tag: Tag) -> bool:
    """Whether a drawing or a formula ends where a tag begins that stands in it directly."""
    if tag.name == "font":
        return any(map(_FONT_OF_HTML.match, tag.attributes()))
    return tag.name in _DRAWING_ENDING_TAGS


def copy_weight(source: str) -> int:
    """How much it costs to copy a tag, in elements without attributes."""
    attributes = len(_ATTRIBUTE.findall(source)) - 1
    return 1 + attributes // ATTRIBUTES_PER_COPY + len(source) // CHARACTERS_PER_COPY


class _Style:
    """A style that has not ended: `place` is that of its element, -1 where that is closed.

    It is certain that a parser opens it again, where so few of its name are there.
    """

    __slots__ = ("is_certain", "name", "place", "source", "weight")

    def __init__(self, name: str, source: str, place: int, is_certain: bool) -> None:
        self.name = name
        self.source = source
        self.weight = copy_weight(source)
        self.place = place
        self.is_certain = is_certain


class Nesting:
    """The elements that may be open, the innermost last, and the styles that have not ended.

    `copies` is how many elements a parser may have made more than there are tags, `options` how
    many a list has. `is_doubtful`: what is a tag and what is text can no longer be told.
    """

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew, as if nothing were open."""
        self.open: list[str] = []
        self.sure = bytearray()
        self.gone = bytearray()
        self.places: dict[str, list[int]] = {}
        self.walls: dict[frozenset[str], list[int]] = {names: [] for names in _ALL_WALLS}
        # None stands where a sealed element began.
        self.styles: list[_Style | None] = []
        self.style_at: dict[int, _Style] = {}
        self.style_weight = 0
        # Whether a style may have been closed with others since styles were last opened again.
        self.may_copy = False
        # The place of the form that the next end of a form ends, -1 where it is closed.
        self.form: int | None = None
        self.copies = self.options = self.root_attributes = 0
        self.is_doubtful = False

    def take(self, tag: Tag) -> None:
        """Open or close what the tag does."""
        in_drawing = self.in_drawing()
        if self.is_drawing_innermost() and not self.sure[-1]:
            self.is_doubtful = True
        if tag.after_text and not in_drawing:
            self._reopen_styles()
        if tag.is_end:
            self._end(tag.name)
        elif in_drawing and not ends_drawing(tag):
            self._start_in_drawing(tag)
        else:
            self._leave_drawing()
            self._start(tag)

    def is_drawing_innermost(self) -> bool:
        """Whether the innermost element is one of a drawing or a formula."""
        return bool(self.open) and self.open[-1][0] == "/"

    def in_drawing(self) -> bool:
        """Whether a start tag is one of a drawing or a formula, and not of HTML."""
        return self.is_drawing_innermost() and self.open[-1] not in _WITH_HTML

    # Start tags

    def _start_in_drawing(self, tag: Tag) -> None:
        in_formula = self.open[-1].startswith("//")
        if in_formula and _FORMULA_WITH_MORE.match(tag.source):
            self.is_doubtful = True
        if not tag.closes_itself:
            self._push(f"//{tag.name}" if in_formula else f"/{tag.name}")

    def _leave_drawing(self) -> None:
        while self.in_drawing():
            self._pop_to(len(self.open) - 1)

    def _start(self, tag: Tag) -> None:
        name = tag.name
        self.may_copy = self.may_copy or name in _REOPENS_NO_STYLE or name in _CLOSES_BEFORE
        if name in ("mglyph", "malignmark") and self.open and self.open[-1] in _FORMULA_TEXT:
            self.is_doubtful = True
        if name == "col" and "template" in self.places:
            self.is_doubtful = True
        self._start_closes(name)
        if name in FORMATTING_TAGS:
            self._start_style(tag)
            return
        if name not in _REOPENS_NO_STYLE:
            self._reopen_styles()
        if name in ROOT_TAGS:
            self.root_attributes += tag.count_attributes()
        elif name in _DRAWINGS:
            if not tag.closes_itself:
                self._push(_DRAWINGS[name])
        elif name in TABLE_PARTS:
            self._start_table_part(name)
        elif name == "select":
            self._start_select()
        elif not (name in VOID_TAGS or name in RAW_TEXT_TAGS or name in _OPENS_NOTHING):
            self.options += name == "option" and "select" in self.places
            self._start_other(name)

    def _start_other(self, name: str) -> None:
        if name == "form" and "template" not in self.places:
            if self.form is not None:
                return
            self.form = len(self.open)
        self._push(name, is_sure=name not in _NEVER_SURE)

    def _start_closes(self, name: str) -> None:
        """Close what an element closes where it begins, before it is opened."""
        if name in _IMPLIED_ENDING_TAGS:
            self._start_in_list(name)
        elif name == "li":
            self._close(_ITEM_WALLS, "li")
        elif name in ("dd", "dt"):
            self._close(_ITEM_WALLS, "dd", "dt")
        elif name == "button":
            self._close(_WALLS, "button")
        elif name == "input":
            self._close(_WALLS, "select")
        if name == "table":
            self._start_table()
        elif name in PARAGRAPH_ENDING_TAGS:
            self._close(_BUTTON_WALLS, "p")
        if name in HEADING_TAGS:
            self._start_heading()

    def _start_table(self) -> None:
        """A table ends a table outside of its cells, and in some documents a paragraph."""
        wall = self._innermost(_TABLE_CONTENT_WALLS)
        if wall >= 0 and self.open[wall] == "table":
            self._close(_TABLE_WALLS, "table")
        place, wall = self._latest("p"), self._innermost(_BUTTON_WALLS)
        if place > wall or (place >= 0 and not self.sure[wall]):
            self._doubt(place)

    def _start_heading(self) -> None:
        """A heading ends the heading that it stands in directly."""
        box = self._innermost(_BOXES)
        if box >= 0 and self.open[box] in HEADING_TAGS:
            if box == len(self.open) - 1 and self.sure[box]:
                self._pop_to(box)
            else:
                self._doubt(box)

    def _start_in_list(self, name: str) -> None:
        if name in ("option", "optgroup") and self.open and self.open[-1] == "option":
            self._pop_to(len(self.open) - 1)
        box = self._innermost(_BOXES)
        if box >= 0 and self.open[box] in _IMPLIED_ENDS:
            outermost = [self.places[name][0] for name in ("ruby", "select") if name in self.places]
            if outermost and min(outermost) < box:
                self._doubt(box)

    def _start_select(self) -> None:
        """A list ends the list that it stands in, and is none then."""
        if self._close(_WALLS, "select"):
            return
        is_inside = "select" in self.places
        if not is_inside:
            self.options = 0
        self._push("select", is_sure=not is_inside)

    def _start_table_part(self, name: str) -> None:
        table = self._innermost(_TABLE_WALLS)
        if table < 0:
            return
        if self.open[table] == "template" or not all(self.sure[table : table + 3]):
            self._doubt(table + 1)
            if name != "colgroup":
                self._push(name, is_sure=False)
            return
        path = _ROW_PATH if name in CELL_TAGS else _ROW_PATH[: name == "tr"]
        place = table + 1
        for names in path:
            if place == len(self.open) or self.open[place] not in names:
                break
            place += 1
        self._pop_to(place)
        for names in path[place - table - 1 :]:
            self._push(names[0])
        # Whatever comes in a group of columns ends it, but a column.
        if name != "colgroup":
            self._push(name)

    def _start_style(self, tag: Tag) -> None:
        name = tag.name
        of_name = self._styles_of(name)
        if (name == "a" and of_name) or (name == "nobr" and "nobr" in self.places):
            self._end_style(name)
            of_name = self._styles_of(name)
        self._reopen_styles()
        source = tag.source
        alike = [style for style in of_name if style.source == source]
        if len(alike) >= MOST_ALIKE:
            self._forget(alike[-1])
        if is_crowd := len(of_name) >= MOST_ALIKE:
            for style in of_name:
                style.is_certain = False
        self._open_style(_Style(name, source, -1, not is_crowd), is_new=True)

    # Styles

    def _styles_of(self, name: str) -> list[_Style]:
        """The styles of a name that would be opened again here, the latest first."""
        found = []
        for style in reversed(self.styles):
            if style is None:
                break
            if style.name == name:
                found.append(style)
        return found

    def _open_style(self, style: _Style, *, is_new: bool) -> None:
        if is_new:
            self.styles.append(style)
            self.style_weight += style.weight
        style.place = len(self.open)
        self.style_at[style.place] = style
        self._push(style.name)

    def _reopen_styles(self) -> None:
        """Open again what was closed with others, and count all as copied: some may be."""
        if self.may_copy:
            self.copies += self.style_weight
            self.may_copy = False
        closed = []
        for style in reversed(self.styles):
            if style is None:
                break
            if style.place < 0:
                closed.append(style)
        for style in reversed(closed):
            self._open_style(style, is_new=False)

    def _forget(self, style: _Style) -> None:
        self.styles.remove(style)
        self.style_weight -= style.weight

    def _forget_sealed(self) -> None:
        """Forget the styles of a sealed element that ends."""
        while self.styles:
            style = self.styles.pop()
            if style is None:
                return
            self.style_weight -= style.weight

    def _end_style(self, name: str) -> None:
        styles = self._styles_of(name)
        if not styles:
            self._remove(name)
            return
        style = styles[0]
        wall, box = self._innermost(_WALLS), self._innermost(_BOXES)
        if wall >= 0 and self.open[wall] not in _SEALED and style.place < wall:
            return
        if style.place >= 0:
            if style.place < box:
                self.copies += MOST_CLONES * self.style_weight
            if style.place > box or style.is_certain:
                self._bury(style.place)
        self._forget(style)

    # End tags

    def _end(self, name: str) -> None:
        self.may_copy = True
        if self.is_drawing_innermost():
            if name in ("p", "br"):
                self.is_doubtful |= not self.in_drawing()
                self._leave_drawing()
            elif self._end_in_drawing(name):
                return
        elif self._is_open_in_drawing(name):
            self.is_doubtful = True
        if name == "br":
            self._reopen_styles()
        elif name == "form":
            self._end_form()
        elif name in FORMATTING_TAGS:
            self._end_style(name)
        elif name in HEADING_TAGS:
            self._close(_WALLS, *HEADING_TAGS)
        elif name in _WALLS_OF_END:
            self._close(_WALLS_OF_END[name], name)
        else:
            self._remove(name)

    def _end_in_drawing(self, name: str) -> bool:
        if not self._is_open_in_drawing(name):
            return False
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place][0] != "/":
                break
            if self.open[place].lstrip("/") == name:
                self._pop_to(place)
                return True
        self.is_doubtful = True
        return False

    def _is_open_in_drawing(self, name: str) -> bool:
        return f"/{name}" in self.places or f"//{name}" in self.places

    def _end_form(self) -> None:
        """A form ends alone: what was opened in it and not closed may stay open.

        Outside of templates that is the form that began last, be it closed with others by now.
        """
        if "template" in self.places:
            self._doubt(max(0, self._latest("form")))
            return
        form, self.form = self.form, None
        if form is not None and form > self._innermost(_WALLS):
            self._doubt(form)
            self._bury(form)

    def _remove(self, name: str) -> None:
        """Close a loose element alone."""
        place = self._latest(name)
        if place > self._innermost(_BOXES):
            self._bury(place)

    def _close(self, walls: frozenset[str], *names: str) -> bool:
        """Close the innermost box of some names and all in it; whether that is sure."""
        places = [self.places[name] for name in names if name in self.places]
        if not places:
            return False
        place, wall = max(of_name[-1] for of_name in places), self._innermost(walls)
        if wall > place:
            if not self.sure[wall]:
                self._doubt(min(of_name[0] for of_name in places))
            return False
        if self.sure[place]:
            self._pop_to(place)
            return True
        self._doubt(min(of_name[0] for of_name in places))
        self._bury(place)
        return False

    # The open elements

    def _latest(self, name: str) -> int:
        places = self.places.get(name)
        return places[-1] if places else -1

    def _innermost(self, walls: frozenset[str]) -> int:
        places = self.walls[walls]
        return places[-1] if places else -1

    def _push(self, name: str, *, is_sure: bool = True) -> None:
        place = len(self.open)
        self.open.append(name)
        self.sure.append(is_sure)
        self.gone.append(False)
        self.places.setdefault(name, []).append(place)
        for walls in _walls_that_have(name):
            self.walls[walls].append(place)
        if name in _SEALED:
            self.styles.append(None)

    def _pop_to(self, place: int) -> None:
        """Close all from a place on."""
        # Of all sealed elements in a cell, or in what is closed by name, one ends properly.
        ends_sealed = len(self.open) > place and self.open[place] in _SEALED
        while len(self.open) > place or (self.gone and self.gone[-1]):
            name, is_gone = self.open.pop(), self.gone.pop()
            self.sure.pop()
            for walls in _walls_that_have(name):
                self.walls[walls].pop()
            if not is_gone:
                self._leave_place(name)
                ends_sealed |= name in _CELLS
                if name in FORMATTING_TAGS:
                    self._close_style_at(len(self.open))
                elif len(self.open) == self.form:
                    self.form = -1
        if ends_sealed:
            self._forget_sealed()

    def _leave_place(self, name: str) -> None:
        places = self.places[name]
        places.pop()
        if not places:
            del self.places[name]

    def _close_style_at(self, place: int) -> None:
        style = self.style_at.pop(place, None)
        if style:
            style.place = -1

    def _bury(self, place: int) -> None:
        """Close the innermost element of a name alone, which is not in the way from now on."""
        name = self.open[place]
        self._leave_place(name)
        self.gone[place], self.sure[place] = True, False
        if name in FORMATTING_TAGS:
            self._close_style_at(place)
        if self.is_drawing_innermost():
            self.is_doubtful = True
        if place == len(self.open) - 1:
            self._pop_to(place)

    def _doubt(self, place: int) -> None:
        """From a place on, a parser may have closed what is still counted here."""
        self.sure[place:] = bytes(len(self.sure) - place)


@functools.lru_cache(maxsize=512)
def _walls_that_have(name: str) -> tuple[frozenset[str], ...]:
    return tuple(walls for walls in _ALL_WALLS if name in walls)


def read_tags(html: str, nesting: Nesting) -> Iterator[Tag]:
    """Every tag, as the standard's tokenizer finds them, after `nesting` has taken it in."""
    position = 0
    after_text = ends_raw_text = False
    while piece := _PIECE.search(html, position):
        start, end = piece.span()
        after_text = after_text or (start > position and bool(html[position:start].strip("\0")))
        position = end
        slash, name, rim, close = piece.group("slash", "name", "rim", "close")
        if name is None:
            # What is a comment in HTML is text in a drawing.
            if piece[0].startswith("<![CDATA[") and nesting.is_drawing_innermost():
                nesting.is_doubtful |= not _CDATA.match(html, start)
            continue
        if not close:
            rest = _rest_of_tag(html, end)
            rim, end = rest["rim"], rest.end()
        if name.isascii():
            name = name.lower()
        position = end
        is_raw_text = not slash and name in RAW_TEXT_TAGS and not nesting.in_drawing()
        if is_raw_text:
            position = _raw_text_end(name, html, end)
        tag = Tag(
            start, end, position, name, bool(slash), rim[-1:] == "/", after_text, html[start:end]
        )
        if not ends_raw_text:
            nesting.take(tag)
        yield tag
        ends_raw_text = is_raw_text
        after_text = False


def tag_end(html: str, start: int) -> int:
    """Where the tag ends that begins at a place, which must be one."""
    piece = _PIECE.match(html, start)
    assert piece is not None
    return piece.end() if piece["close"] else _rest_of_tag(html, piece.end()).end()


def has_long_list(html: str, start: int) -> bool:
    """Whether the tag that begins at a place may have more than 50 attributes."""
    piece = _PIECE.match(html, start)
    return piece is None or not piece["close"]


def _rest_of_tag(html: str, position: int) -> re.Match[str]:
    """The end of a tag that has many attributes, from among them on."""
    while attribute := _ATTRIBUTE.match(html, position):
        position = attribute.end()
    rim = _RIM.match(html, position)
    assert rim is not None
    return rim


def _raw_text_end(name: str, html: str, start: int) -> int:
    """Where the text of a raw-text element ends."""
    if name == "plaintext":
        return len(html)
    if name == "script":
        return _script_end(html, start)
    end = re.compile(rf"</{name}(?=[{_SPACE}/>])", ANY_CASE).search(html, start)
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
        elif mark[0].endswith(">"):
            in_comment = in_script = False
        else:
            in_script = in_comment
    return len(html)
