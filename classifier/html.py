"""HTML to blocks: one iterative walk over the tree that lexbor parses.

Block-level elements, table rows and two `<br>` in a row end a block; inline elements do not. What
a browser never shows as text (scripts, styles, templates, comments, media fallbacks) gives none.
The short cells of a table row make one block, as a reader sees a row; where a cell is long or has
blocks inside, the table is a layout and each cell stands alone.
"""

from __future__ import annotations

import contextlib
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from classifier.blocks import Block, Document, Element, Markup
from classifier.taming import tame

BLOCK_TAGS = frozenset(
    "address article aside blockquote body button caption center dd details dialog dir div dl"
    " dt fieldset figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr"
    " html legend li listing main menu nav ol optgroup p plaintext pre search section select"
    " summary table tbody textarea tfoot thead tr ul xmp".split()
)
"""Elements that begin and end a block. `button`, `select` and `textarea` are set in a line but
are widgets with a text of their own."""

ROOT_TAGS = frozenset(("body", "html"))
"""Elements above everything, which say nothing about a block."""

CELL_TAGS = frozenset(("td", "th"))

CELL_FILLERS = frozenset(("p", "div"))
"""Elements that, alone in a table cell, are no more than the cell."""

INVISIBLE_TAGS = frozenset(
    "annotation annotation-xml applet audio canvas datalist embed head iframe math-annotation"
    " noembed noframes object rp script style svg template title video".split()
)
"""Elements whose text a browser does not show."""

PREFORMATTED_TAGS = frozenset(("listing", "plaintext", "pre", "textarea", "xmp"))

CODE_TAGS = PREFORMATTED_TAGS | {"code", "kbd", "samp", "tt"}
"""Elements whose white space is kept as written, or must not grow."""

LETTER_TAGS = frozenset("b big em font i mark s small strong sub sup u wbr".split())
"""Elements that may begin or end inside a word."""

BOLD_TAGS = frozenset("b strong h1 h2 h3 h4 h5 h6 th".split())

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
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_DISPLAY_NONE = re.compile(r"display\s{0,20}:\s{0,20}none", re.IGNORECASE)


def parse_html(html: str) -> Document:
    """Cut a page, or any fragment of one, into the blocks that a reader sees.

    >>> document = parse_html("<h1>Tea</h1><p>Leaves <b>and</b> water.<br><br>Wait.")
    >>> [block.text for block in document.blocks]
    ['Tea', 'Leaves and water.', 'Wait.']
    """
    tree = LexborHTMLParser(tame(_without_surrogates(html)))
    root = tree.root
    if root is None:
        return Document(())
    return _with_head(tree, tuple(_walk(root)))


def _without_surrogates(text: str) -> str:
    return _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def _with_head(tree: LexborHTMLParser, blocks: tuple[Block, ...]) -> Document:
    """The blocks with what the page declares of itself.

    The whole tree is asked, since a stray element in the head makes a body of what follows it.
    """
    titles = (" ".join((node.text() or "").split()) for node in tree.css("title"))
    description = ""
    kinds: list[str] = []
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        name = (attributes.get("property") or attributes.get("name") or "").lower()
        value = " ".join((attributes.get("content") or "").split())
        if name == "og:type" and value:
            kinds.append(value)
        elif name in ("description", "og:description") and not description:
            description = value
    structured: list[str] = []
    for script in tree.css('script[type^="application/ld+json"]'):
        source = script.text() or ""
        kinds.extend(_SCHEMA_TYPE.findall(source))
        structured.extend(_json_strings(_STRUCTURED_TEXT.findall(source)))
    return Document(
        blocks,
        title=next(filter(None, titles), ""),
        description=description,
        kinds=tuple(kinds),
        structured="\n".join(structured),
    )


def _json_strings(literals: list[str]) -> Iterator[str]:
    """The strings that JSON literals stand for, but those with an escape that there is not."""
    for literal in literals:
        with contextlib.suppress(json.JSONDecodeError):
            yield _without_surrogates(json.loads(literal, strict=False))


@dataclass(slots=True)
class _Cell:
    """The text gathered for one table cell, or for the whole block outside of tables."""

    pieces: list[str] = field(default_factory=list)
    path: tuple[Element, ...] | None = None
    links: int = 0
    last_link: int = 0
    link_characters: int = 0
    bold_characters: int = 0


class _Gatherer:
    """Gathers text while the tree is walked, until something ends the block; keeps the blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.row: list[_Cell] = []
        self.cell = _Cell()
        self.path: list[Element] = []
        self.links: list[int] = []
        self.elements = self.bold = self.preformatted = self.code = 0
        self.images = self.breaks = 0
        # How strongly the tags since the last text set words apart, see `_apartness`.
        self.closed = self.opened = 0

    def add_text(self, text: str) -> None:
        if text.isspace():
            if self.cell.pieces:
                self.cell.pieces.append(text)
        else:
            self._describe(text)
            if self.closed and self.opened and self.closed + self.opened > 2 and not self.code:
                # Style sheets set apart what touches in the source: links, badges, dates.
                self.cell.pieces.append(" ")
            self.cell.pieces.append(text)
            self.breaks = 0
        self.closed = self.opened = 0

    def _describe(self, text: str) -> None:
        cell = self.cell
        if cell.path is None:
            cell.path = tuple(self.path[:DEEPEST_PATH])
        if not (self.links or self.bold):
            return
        size = len(unicodedata.normalize("NFC", " ".join(text.split())))
        if self.links:
            cell.link_characters += size
            if cell.last_link != self.links[-1]:
                cell.last_link = self.links[-1]
                cell.links += 1
        if self.bold:
            cell.bold_characters += size

    def add_break(self) -> None:
        self.breaks += 1
        if self.preformatted:
            self.cell.pieces.append("\n")
        elif self.breaks >= 2:
            self.end_block()
        else:
            self.cell.pieces.append(" ")

    def enter(self, node: Any, tag: str) -> None:
        """An element begins; `leave` must follow."""
        if tag in BLOCK_TAGS:
            if not _fills_cell(node, tag, self.path[-1:]):
                self.end_block()
            self.breaks = 0
        elif tag in CELL_TAGS:
            self.end_cell()
            self.breaks = 0
        elif tag == "option":
            self.cell.pieces.append(" ")
        self.elements += 1
        if tag not in ROOT_TAGS:
            self.path.append(_element(node, self.elements, tag))
        if tag == "a":
            self.links.append(self.elements)
        self.bold += tag in BOLD_TAGS
        self.preformatted += tag in PREFORMATTED_TAGS
        self.code += tag in CODE_TAGS
        self.opened = max(self.opened, _apartness(tag))

    def leave(self, node: Any, tag: str) -> None:
        """An element ends."""
        if tag == "tr":
            self.end_row()
        elif tag in CELL_TAGS:
            self.end_cell()
        elif tag in BLOCK_TAGS and not _fills_cell(node, tag, self.path[-2:-1]):
            self.end_block()
        if tag in BLOCK_TAGS or tag in CELL_TAGS:
            self.breaks = 0
        if tag not in ROOT_TAGS:
            self.path.pop()
        if tag == "a":
            self.links.pop()
        self.bold -= tag in BOLD_TAGS
        self.preformatted -= tag in PREFORMATTED_TAGS
        self.code -= tag in CODE_TAGS
        self.closed, self.opened = max(self.closed, _apartness(tag)), 0

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
            self._keep(_trim_lines(text) if self.preformatted else " ".join(text.split()), [cell])

    def end_row(self) -> None:
        """Keep what was gathered: one block if every cell is short, else a block a cell."""
        self.end_cell()
        texts = [" ".join("".join(cell.pieces).split()) for cell in self.row]
        if any(len(text) > LONGEST_ROW_CELL for text in texts):
            self.end_block()
            return
        row, self.row = self.row, []
        self._keep(" ".join(filter(None, texts)), row)

    def _keep(self, text: str, cells: list[_Cell]) -> None:
        if not text:
            return
        markup = Markup(
            next((cell.path for cell in cells if cell.path), ()),
            sum(cell.links for cell in cells),
            sum(cell.link_characters for cell in cells),
            sum(cell.bold_characters for cell in cells),
            self.images,
        )
        self.images = 0
        self.blocks.append(Block(text, markup))


def _trim_lines(text: str) -> str:
    """Preformatted text with its inner line breaks and indents, without the empty rim."""
    lines = [line.rstrip() for line in text.splitlines()]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines)


def _element(node: Any, index: int, tag: str) -> Element:
    attributes = node.attributes
    if not attributes:
        return Element(index, tag)
    get = attributes.get
    names = " ".join(filter(None, (get("class"), get("id"), get("role"), get("itemprop"))))
    hidden = (
        "hidden" in attributes
        or get("aria-hidden") == "true"
        or bool(_DISPLAY_NONE.search(get("style") or ""))
    )
    return Element(index, tag, names, hidden)


def _fills_cell(node: Any, tag: str, parent: list[Element]) -> bool:
    """Whether the element is a paragraph that is all that a table cell has."""
    if tag not in CELL_FILLERS or not parent or parent[0].tag not in CELL_TAGS:
        return False
    before, after = node.prev, node.next
    return (before is None or (before.prev is None and _is_blank_text(before))) and (
        after is None or (after.next is None and _is_blank_text(after))
    )


def _is_blank_text(node: Any) -> bool:
    return node.tag == "-text" and not (node.text_content or "").strip()


def _apartness(tag: str) -> int:
    """How strongly a tag sets the words on its two sides apart: 1 or 2."""
    return 1 if tag in LETTER_TAGS else 2


def _walk(root: Any) -> list[Block]:
    """Visit the tree once, without recursion: text at any depth is reached."""
    gather = _Gatherer()
    node, depth = root, 0
    while True:
        tag = node.tag
        child = None
        if tag == "-text":
            gather.add_text(node.text_content or "")
        elif tag == "br":
            gather.add_break()
        elif tag == "img":
            gather.images += 1
            gather.cell.pieces.append(" ")
        elif tag == "input":
            gather.cell.pieces.append(" ")
        elif tag[0] not in "-!" and tag not in INVISIBLE_TAGS:
            child = node.first_child
            if child is not None:
                gather.enter(node, tag)
                node, depth = child, depth + 1
                continue
            if tag in BLOCK_TAGS:
                gather.end_block()
        while depth and node.next is None:
            node, depth = node.parent, depth - 1
            gather.leave(node, node.tag)
        if not depth:
            gather.end_block()
            return gather.blocks
        node = node.next
