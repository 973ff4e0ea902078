"""The nouns: a block of text, the facts that markup gave about it, and its label.

A block knows what it is, not where it stands: position, neighbours and page totals belong to the
feature table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class Label(str, Enum):
    """What a block is: part of what the page is about, or noise around it.

    >>> Label("noise") is Label.NOISE
    True
    >>> print(Label.CONTENT)
    content
    """

    CONTENT = "content"
    NOISE = "noise"

    def __str__(self) -> str:
        return self.value


class Element(NamedTuple):
    """An open element above a block's text.

    `number` is the element's place in document order, so that two blocks can tell whether they
    share it. `names` holds the words of its class, id, role and itemprop attributes as written.
    """

    number: int
    tag: str
    names: str = ""
    hidden: bool = False


def shared_depth(before: Sequence[Element], path: Sequence[Element]) -> int:
    """How many of the outermost elements two paths of one page share."""
    depth = min(len(before), len(path))
    # From the innermost: what is above an element that they share they share too.
    while depth and before[depth - 1].number != path[depth - 1].number:
        depth -= 1
    return depth


def path_steps(
    paths: Iterable[tuple[Element, ...]],
) -> tuple[list[int], list[int], list[Element]]:
    """How many elements each path of a page shares with the one before and has besides; those.

    >>> path_steps([(Element(1, "div"),), (Element(1, "div"), Element(2, "p"))])[:2]
    ([0, 1], [1, 1])
    """
    shared, new = [], []
    elements: list[Element] = []
    before: tuple[Element, ...] = ()
    for path in paths:
        depth = shared_depth(before, path)
        elements += path[depth:]
        shared.append(depth)
        new.append(len(path) - depth)
        before = path
    return shared, new, elements


def number_kinds(
    elements: Iterable[Element],
) -> tuple[list[tuple[str, str, bool]], list[int]]:
    """The kinds of elements (all but their numbers) as they are met, and which each one is of."""
    kinds = [element[1:] for element in elements]
    places = {kind: place for place, kind in enumerate(dict.fromkeys(kinds))}
    return list(places), [places[kind] for kind in kinds]


class Markup(NamedTuple):
    """The facts that the markup gave about a block.

    `path` lists the elements above the block's first character, outermost first, without `html`
    and `body`. Characters are counted after white space was collapsed and letters
    were composed (NFC). `images` counts the
    images inside the block and between it and the block before.
    """

    path: tuple[Element, ...] = ()
    links: int = 0
    link_characters: int = 0
    bold_characters: int = 0
    images: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """One stretch of text that a reader sees as a unit.

    `markup` is `None` where there was no markup: absent, not zero. `span` is the half-open range
    of characters of the input that the block came from, for plain text only.
    """

    text: str
    markup: Markup | None = None
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A page cut into blocks, in document order, with what its head declares.

    `kinds` holds the values of `og:type` and of schema.org's `@type`, as written, in the page's
    order; `structured` the texts that schema.org's JSON-LD gives: article bodies, descriptions,
    posts, reviews.
    """

    blocks: tuple[Block, ...]
    title: str = ""
    description: str = ""
    kinds: tuple[str, ...] = ()
    structured: str = ""


@dataclass(frozen=True, slots=True)
class LabeledBlock:
    """A block with its label and its probability of being content, from 0 to 1."""

    block: Block
    label: Label
    probability: float

    @property
    def text(self) -> str:
        """The block's text."""
        return self.block.text

    @property
    def span(self) -> tuple[int, int] | None:
        """The half-open range of input characters, in text mode; `None` for HTML."""
        return self.block.span
