"""Plain text to blocks: a line is a block, and hard-wrapped lines are joined into paragraphs.

A text was wrapped at a fixed width when its line breaks are where greedy filling puts them: the
first word of the next line would not have fitted on this one (Knuth and Plass 1981, "Breaking
paragraphs into lines", call it first-fit). Lines of a menu fail that test, so they stay apart.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from classifier.blocks import BlockGathering, Document
from classifier.encoding import BYTE_ORDER_MARK

NARROWEST_WRAP = 40
WIDEST_WRAP = 110
"""Line widths, in characters, at which mail and text files are wrapped."""

FEWEST_WRAPPED_LINES = 3
"""Fewer breaks than this are no evidence of a fixed width."""

WRAPPED_SHARE = 0.6
"""The share of a text's breaks between neighbouring lines that must look like filling."""

_LINE = re.compile("[^\n\r\v\f\x1c\x1d\x1e\x85\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}]+")
_LIST_ITEM = re.compile(r"(?:[-*+>\N{BULLET}]|\(?\d{1,3}[.)])\s")
_DASH = re.compile(r"[\N{EM DASH}\N{EN DASH}]\s")
_ENDS_SENTENCE = re.compile(
    '[.!?:;)"\N{HORIZONTAL ELLIPSIS}\N{RIGHT DOUBLE QUOTATION MARK}'
    "\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}]"
)
_WORD = re.compile(r"\w")
_COLUMNS = re.compile(r"\S(?:[ \N{NO-BREAK SPACE}]{3}|\t)")


class _Line(NamedTuple):
    """A line without white space at either end: its span, and the column that it starts in."""

    start: int
    end: int
    indent: int

    @property
    def width(self) -> int:
        """The column that the line ends in."""
        return self.indent + self.end - self.start


def parse_text(text: str) -> Document:
    """Cut plain text into blocks that know their span of the input.

    >>> [block.text for block in parse_text("Home\\n\\nTea is a drink.\\n").blocks]
    ['Home', 'Tea is a drink.']
    >>> parse_text(" Home ").blocks[0].span
    (1, 5)
    """
    groups = list(_groups(text, _lines(text)))
    width = _text_width(text, groups)
    gathering = BlockGathering()
    for group in groups:
        if _is_wrapped_paragraph(text, group):
            paragraphs = [group]
        elif width:
            paragraphs = _join_wrapped(text, group, width)
        else:
            paragraphs = [[line] for line in group]
        for lines in paragraphs:
            gathering.add(_joined(text, lines), span=(lines[0].start, lines[-1].end))
    return Document(gathering.blocks())


def _lines(text: str) -> list[_Line]:
    lines = []
    marks = len(text) - len(text.lstrip(BYTE_ORDER_MARK))
    for match in _LINE.finditer(text, marks):
        line = match.group()
        indent = len(line) - len(line.lstrip())
        start, end = match.start() + indent, match.start() + len(line.rstrip())
        if start < end:
            lines.append(_Line(start, end, indent))
    return lines


def _groups(text: str, lines: list[_Line]) -> Iterator[list[_Line]]:
    """Runs of lines with no empty line between them."""
    group: list[_Line] = []
    for line in lines:
        if group:
            gap = text[group[-1].end : line.start]
            if gap.count("\n") > 1 or gap.count("\r") > 1:
                yield group
                group = []
        group.append(line)
    if group:
        yield group


def wrap_width(widths: Sequence[int]) -> int:
    """The width in characters that lines of these widths may have been wrapped at, or 0.

    The longest line decides, but one line in fifty may be longer (an address, a heading).

    >>> wrap_width([70, 71, 69, 30])
    71
    >>> wrap_width([400, 380, 12])
    0
    """
    if len(widths) <= FEWEST_WRAPPED_LINES:
        return 0
    width = sorted(widths)[-1 - len(widths) // 50]
    return width if NARROWEST_WRAP <= width <= WIDEST_WRAP else 0


def _text_width(text: str, groups: list[list[_Line]]) -> int:
    """The width that the text as a whole was wrapped at, or 0.

    It was if most breaks between neighbouring lines are where filling puts them, or if two or
    more paragraphs were, each by its own width.
    """
    width = wrap_width([line.width for group in groups for line in group])
    breaks = sum(len(group) - 1 for group in groups)
    filled = width and sum(
        _filled(text, above, below, width)
        for group in groups
        for above, below in itertools.pairwise(group)
    )
    if filled >= max(FEWEST_WRAPPED_LINES, WRAPPED_SHARE * breaks):
        return width
    own_widths = [
        max(line.width for line in group) for group in groups if _is_wrapped_paragraph(text, group)
    ]
    return max(own_widths) if len(own_widths) >= 2 else 0


def _is_wrapped_paragraph(text: str, group: list[_Line]) -> bool:
    """Whether a run of lines is one paragraph wrapped at a width of its own."""
    width = wrap_width([line.width for line in group])
    return width > 0 and all(
        _filled(text, above, below, width) for above, below in itertools.pairwise(group)
    )


def _join_wrapped(text: str, group: list[_Line], width: int) -> list[list[_Line]]:
    """A run of lines cut into paragraphs wrapped at `width`."""
    paragraphs = [[group[0]]]
    for above, below in itertools.pairwise(group):
        if _filled(text, above, below, width):
            paragraphs[-1].append(below)
        else:
            paragraphs.append([below])
    return paragraphs


def _filled(text: str, above: _Line, below: _Line, width: int) -> bool:
    """Whether the word that begins a line would not have fitted on the line above it."""
    if _LIST_ITEM.match(text, below.start):
        return False
    if _DASH.match(text, below.start) and _ENDS_SENTENCE.match(text, above.end - 1):
        return False  # a dash after a full stop begins an item or a line of dialogue
    if above.width > WIDEST_WRAP:
        return False
    if not (_has_word(text, above) and _has_word(text, below)):
        return False  # a drawn rule fills its line but is no part of a paragraph
    if _has_columns(text, above) or _has_columns(text, below):
        return False
    word = text[below.start : min(below.end, below.start + width)].split(None, 1)[0]
    return above.width + 1 + len(word) > width


def _has_word(text: str, line: _Line) -> bool:
    return _WORD.search(text, line.start, line.end) is not None


def _has_columns(text: str, line: _Line) -> bool:
    return _COLUMNS.search(text, line.start, line.end) is not None


def _joined(text: str, lines: list[_Line]) -> str:
    return " ".join(text[line.start : line.end] for line in lines)
