"""HTML to blocks: one iterative walk over the tree that lexbor parses.

Block-level elements, table rows and two `<br>` in a row end a block; inline elements do not. What
a browser never shows as text (scripts, styles, templates, comments, media fallbacks) gives none.
The short cells of a table row make one block, as a reader sees a row; where a cell is long or has
blocks inside, the table is a layout and each cell stands alone.
"""

from __future__ import annotations

import contextlib
import functools
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from classifier.blocks import BlockGathering, Blocks, Document, Kind, Place
from classifier.composing import compose
from classifier.encoding import BYTE_ORDER_MARK, without_surrogates
from classifier.tags import (
    BLOCK_TAGS,
    BOLD_TAGS,
    CELL_FILLERS,
    CELL_TAGS,
    CODE_TAGS,
    INVISIBLE_TAGS,
    LETTER_TAGS,
    PREFORMATTED_TAGS,
    ROOT_TAGS,
)
from classifier.taming import tame

OTHER_NAMES = ("id", "role", "itemprop")
"""Attributes that name an element besides its class."""

_BESIDES_CLASS = frozenset((*OTHER_NAMES, "hidden", "aria-hidden", "style"))

LONGEST_NAMES = 6_000
"""Characters of an element's names that are read; of 2,287 published pages none has more."""

DEEPEST_PATH = 64
"""Elements nested deeper than this lend their text but no facts."""

LONGEST_ROW_CELL = 120
"""A table row with a cell longer than this many characters is taken for a page layout."""

_SCHEMA_TYPE = re.compile(
    r'"@type"\s{0,20}:\s{0,20}\[?\s{0,20}"(?:https?://schema\.org/)?([A-Za-z]{1,40})"'
)
_STRUCTURED_TEXT = re.compile(
    r'"(?:articleBody|description|reviewBody|text)"\s{0,20}:\s{0,20}("[^"\\]*(?:\\.[^"\\]*)*")',
    re.DOTALL,
)
_UNSEEN = frozenset(("-comment", "-doctype", None))
"""Nodes that say nothing to a reader; processing instructions have no name."""

_DISPLAY_NONE = re.compile(r"display\s{0,20}:\s{0,20}none", re.IGNORECASE)


def parse_html(html: str) -> Document:
    """Cut a page, or any fragment of one, into the blocks that a reader sees.

    >>> document = parse_html("<h1>Tea</h1><p>Leaves <b>and</b> water.<br><br>Wait.")
    >>> [block.text for block in document.blocks]
    ['Tea', 'Leaves and water.', 'Wait.']
    """
    tree = LexborHTMLParser(_encoded(tame(html.lstrip(BYTE_ORDER_MARK))))
    root = tree.root
    if root is None:
        return Document(Blocks.of([]))
    return _with_head(tree, _walk(root))


def _encoded(html: str) -> bytes:
    try:
        return html.encode()
    except UnicodeEncodeError:
        return without_surrogates(html).encode()


def _with_head(tree: LexborHTMLParser, blocks: Blocks) -> Document:
    """The blocks with what the page declares of itself.

    The whole tree is asked, since a stray element in the head makes a body of what follows it.
    """
    title = description = ""
    kinds: list[str] = []
    structured: list[str] = []
    for node in tree.css('title, meta[content], script[type^="application/ld+json"]'):
        if node.tag == "title":
            title = title or _one_line(node.text(deep=False))
        elif node.tag == "meta":
            attributes = node.attributes
            name = (attributes.get("property") or attributes.get("name") or "").lower()
            value = _one_line(attributes.get("content"))
            if name == "og:type" and value:
                kinds.append(value)
            elif name in ("description", "og:description"):
                description = description or value
        else:
            source = node.text(deep=False) or ""
            kinds.extend(_SCHEMA_TYPE.findall(source))
            structured.extend(_json_strings(_STRUCTURED_TEXT.findall(source)))
    return Document(
        blocks,
        title=title,
        description=description,
        kinds=tuple(kinds),
        structured="\n".join(structured),
    )


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def _json_strings(literals: list[str]) -> Iterator[str]:
    """The strings that JSON literals stand for, but those with an escape that there is not."""
    for literal in literals:
        with contextlib.suppress(json.JSONDecodeError):
            yield without_surrogates(json.loads(literal, strict=False))


@dataclass(slots=True)
class _Cell:
    """The text gathered for one table cell, or for the whole block outside of tables."""

    pieces: list[str] = field(default_factory=list)
    path: tuple[Place, ...] | None = None
    links: int = 0
    last_link: int = 0
    link_characters: int = 0
    bold_characters: int = 0


class _Gatherer:
    """Gathers text while the tree is walked, until something ends the block; keeps the blocks."""

    def __init__(self) -> None:
        self.blocks = BlockGathering()
        self.row: list[_Cell] = []
        self.cell = _Cell()
        self.open: list[_Tag] = []
        # The open elements, and as many of the outermost as a block has asked for.
        self.above: list[tuple[int, str, Any]] = []
        self.path: list[Place] = []
        self.links: list[int] = []
        self.elements = self.bold = self.preformatted = self.code = 0
        self.images = self.breaks = 0
        # How strongly the tags since the last text set words apart, see `_Tag`.
        self.closed = self.opened = 0

    def add_space(self, space: str) -> None:
        if self.cell.pieces:
            self.cell.pieces.append(space)
        self.closed = self.opened = 0

    def add_text(self, text: str) -> None:
        self._describe(text)
        if self.closed and self.opened and self.closed + self.opened > 2 and not self.code:
            # Style sheets set apart what touches in the source: links, badges, dates.
            self.cell.pieces.append(" ")
        self.cell.pieces.append(text)
        self.breaks = self.closed = self.opened = 0

    def _describe(self, text: str) -> None:
        cell = self.cell
        if cell.path is None:
            for number, name, node in self.above[len(self.path) : DEEPEST_PATH]:
                self.path.append((number, self.blocks.place(_kind(name, node))))
            cell.path = tuple(self.path)
        if not (self.links or self.bold):
            return
        size = len(compose(" ".join(text.split())))
        if self.links:
            cell.link_characters += size
            if cell.last_link != self.links[-1]:
                cell.last_link = self.links[-1]
                cell.links += 1
        if self.bold:
            cell.bold_characters += size

    def add_empty(self, name: str) -> None:
        """An element that has nothing inside."""
        if name == "br":
            self.add_break()
        elif name == "img":
            self.images += 1
            self.cell.pieces.append(" ")
        elif name == "input":
            self.cell.pieces.append(" ")
        elif name in BLOCK_TAGS:
            self.end_block()

    def add_break(self) -> None:
        self.breaks += 1
        if self.preformatted:
            self.cell.pieces.append("\n")
        elif self.breaks >= 2:
            self.end_block()
        else:
            self.cell.pieces.append(" ")

    def enter(self, node: Any, name: str) -> None:
        """An element begins; `leave` must follow."""
        tag = _tag(name)
        if tag.fills_cells and _fills_cell(node, self.open[-1].name):
            tag = replace(tag, is_block=False)
        if tag.is_block:
            if self.cell.pieces or self.row:
                self.end_block()
        elif tag.is_cell:
            self.end_cell()
        elif name == "option":
            self.cell.pieces.append(" ")
        if tag.resets_breaks:
            self.breaks = 0
        self.elements += 1
        self.open.append(tag)
        if tag.has_path:
            self.above.append((self.elements, name, node))
        if name == "a":
            self.links.append(self.elements)
        if tag.marks_text:
            self.bold += tag.is_bold
            self.preformatted += tag.is_preformatted
            self.code += tag.is_code
        if tag.apartness > self.opened:
            self.opened = tag.apartness

    def leave(self) -> None:
        """The innermost element ends."""
        tag = self.open.pop()
        if tag.is_block:
            if tag.name == "tr":
                self.end_row()
            elif self.cell.pieces or self.row:
                self.end_block()
        elif tag.is_cell:
            self.end_cell()
        if tag.resets_breaks:
            self.breaks = 0
        if tag.has_path:
            self.above.pop()
            del self.path[len(self.above) :]
        if tag.name == "a":
            self.links.pop()
        if tag.marks_text:
            self.bold -= tag.is_bold
            self.preformatted -= tag.is_preformatted
            self.code -= tag.is_code
        if tag.apartness > self.closed:
            self.closed = tag.apartness
        self.opened = 0

    def end_cell(self) -> None:
        if self.cell.pieces:
            self.row.append(self.cell)
            self.cell = _Cell()

    def end_block(self) -> None:
        """Keep what was gathered, as blocks: a cell each."""
        self.end_cell()
        row, self.row = self.row, []
        for cell in row:
            text = "".join(cell.pieces)
            text = _trim_lines(text) if self.preformatted else " ".join(text.split())
            if text:
                self._keep(text, cell)

    def end_row(self) -> None:
        """Keep what was gathered: one block if every cell is short, else a block a cell."""
        self.end_cell()
        texts = [" ".join("".join(cell.pieces).split()) for cell in self.row]
        if any(len(text) > LONGEST_ROW_CELL for text in texts):
            self.end_block()
            return
        row, self.row = self.row, []
        if any(texts):
            self._keep(" ".join(filter(None, texts)), _merged(row))

    def _keep(self, text: str, cell: _Cell) -> None:
        marks = (cell.links, cell.link_characters, cell.bold_characters, self.images)
        self.blocks.add_placed(text, cell.path or (), marks)
        self.images = 0


def _merged(row: Sequence[_Cell]) -> _Cell:
    """All cells of a row as one, under the elements of the first that has text."""
    return _Cell(
        path=next((cell.path for cell in row if cell.path), None),
        links=sum(cell.links for cell in row),
        link_characters=sum(cell.link_characters for cell in row),
        bold_characters=sum(cell.bold_characters for cell in row),
    )


def _trim_lines(text: str) -> str:
    """Preformatted text with its inner line breaks and indents, without the empty rim."""
    lines = [line.rstrip() for line in text.splitlines()]
    written = [number for number, line in enumerate(lines) if line]
    return "\n".join(lines[written[0] : written[-1] + 1]) if written else ""


@dataclass(frozen=True, slots=True)
class _Tag:
    """What an element of a name does to the text in and around it.

    `apartness` is how strongly its tags set the words on their two sides apart: 1 or 2.
    """

    name: str
    is_block: bool
    is_cell: bool
    fills_cells: bool
    resets_breaks: bool
    has_path: bool
    marks_text: bool
    is_bold: bool
    is_preformatted: bool
    is_code: bool
    apartness: int


@functools.lru_cache(maxsize=512)
def _tag(name: str) -> _Tag:
    is_block, is_cell = name in BLOCK_TAGS, name in CELL_TAGS
    is_bold, is_code = name in BOLD_TAGS, name in CODE_TAGS
    return _Tag(
        name=name,
        is_block=is_block,
        is_cell=is_cell,
        fills_cells=name in CELL_FILLERS,
        resets_breaks=is_block or is_cell,
        has_path=name not in ROOT_TAGS,
        marks_text=is_bold or is_code,
        is_bold=is_bold,
        is_preformatted=name in PREFORMATTED_TAGS,
        is_code=is_code,
        apartness=1 if name in LETTER_TAGS else 2,
    )


def _kind(name: str, node: Any) -> Kind:
    attributes = node.attributes
    if not attributes:
        return name, "", False
    names = attributes.get("class") or ""
    if _BESIDES_CLASS.isdisjoint(attributes):
        return name, names[:LONGEST_NAMES], False
    for key in OTHER_NAMES:
        if value := attributes.get(key):
            names = f"{names} {value}" if names else value
    style = attributes.get("style")
    hidden = (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or (style is not None and _DISPLAY_NONE.search(style) is not None)
    )
    return name, names[:LONGEST_NAMES], hidden


def _fills_cell(node: Any, parent: str) -> bool:
    """Whether a paragraph is all that a table cell has."""
    if parent not in CELL_TAGS:
        return False
    before, after = node.prev, node.next
    while before is not None and _is_blank(before):
        before = before.prev
    while after is not None and _is_blank(after):
        after = after.next
    return before is None and after is None


def _is_blank(node: Any) -> bool:
    if node.is_text_node:
        return not (node.text_content or "").strip()
    return node.tag in _UNSEEN


def _seen(node: Any) -> Any:
    """The node, or the next of its siblings that says something; `None` where none does."""
    while node is not None and node.tag in _UNSEEN:
        node = node.next
    return node


def _whole_text(node: Any) -> tuple[str, Any]:
    """A text with what only comments part from it, and the node that follows."""
    text = node.text_content or ""
    following = _seen(node.next)
    if following is None or not following.is_text_node:
        return text, following
    texts = [text]
    while following is not None and following.is_text_node:
        texts.append(following.text_content or "")
        following = _seen(following.next)
    return "".join(texts), following


def _walk(root: Any) -> Blocks:
    """Visit the tree once, without recursion: text at any depth is reached."""
    gather = _Gatherer()
    node, depth = root, 0
    while True:
        if node.is_text_node:
            text, following = _whole_text(node)
            if text.isspace():
                gather.add_space(text)
            else:
                gather.add_text(text)
        else:
            name = node.tag
            if name not in _UNSEEN and name not in INVISIBLE_TAGS:
                child = _seen(node.first_child)
                if child is not None:
                    gather.enter(node, name)
                    node, depth = child, depth + 1
                    continue
                gather.add_empty(name)
            following = node.next
        while depth and following is None:
            node, depth = node.parent, depth - 1
            gather.leave()
            following = node.next
        if not depth:
            gather.end_block()
            return gather.blocks.blocks()
        node = following
