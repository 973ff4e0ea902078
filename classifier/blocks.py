"""The nouns: a block of text, the facts that markup gave about it, and its label.

A block knows what it is, not where it stands: position, neighbours and page totals belong to the
feature table. A page's blocks are kept as columns (`Blocks`), since that is how they are found,
counted and sent between processes; a `Block` is made when it is asked for.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from enum import Enum
from itertools import islice
from typing import Any, NamedTuple, overload


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


Kind = tuple[str, str, bool]
"""What an element is, whichever it is: its tag, its names, whether it is hidden."""

Place = tuple[int, int]
"""An element of a path: its number, and where its kind stands among the page's kinds."""

Marks = tuple[int, int, int, int]
"""What `Markup` has besides the path."""

Span = tuple[int, int]


def shared_depth(before: Sequence[Place], path: Sequence[Place]) -> int:
    """How many of the outermost elements two paths of one page share."""
    depth = min(len(before), len(path))
    # From the innermost: what is above an element that they share they share too.
    while depth and before[depth - 1][0] != path[depth - 1][0]:
        depth -= 1
    return depth


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


@dataclass(frozen=True, eq=False)
class Blocks(Sequence[Block]):
    """The blocks of a page: a sequence of `Block`, and columns that have the same facts.

    The path of block `i` has the `shared[i]` outermost elements of the path before and `new[i]`
    elements more; those of all blocks stand in a row in `elements` (their numbers) and `places`
    (where in `kinds` their kind is). Kinds stand in the order in which they are met.

    >>> blocks = Blocks.of([Block("Tea"), Block("Coffee")])
    >>> blocks[1].text, blocks.texts
    ('Coffee', ['Tea', 'Coffee'])
    """

    texts: Sequence[str]
    spans: Sequence[Span | None]
    marks: Sequence[Marks | None]
    shared: Sequence[int]
    new: Sequence[int]
    elements: Sequence[int]
    places: Sequence[int]
    kinds: Sequence[Kind]

    @classmethod
    def of(cls, blocks: Iterable[Block]) -> Blocks:
        """Blocks as columns."""
        gathering = BlockGathering()
        for block in blocks:
            gathering.add(block.text, block.markup, block.span)
        return gathering.blocks()

    def __len__(self) -> int:
        return len(self.texts)

    @overload
    def __getitem__(self, place: int) -> Block: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Block, ...]: ...

    def __getitem__(self, place: int | slice) -> Block | tuple[Block, ...]:
        return self._one_by_one[place]

    def __iter__(self) -> Iterator[Block]:
        return iter(self._one_by_one)

    def __eq__(self, other: object) -> bool:
        return self._one_by_one == other._one_by_one if isinstance(other, Blocks) else False

    def __hash__(self) -> int:
        return hash(self._one_by_one)

    def __reduce__(self) -> tuple[Any, ...]:
        return Blocks, tuple(getattr(self, field.name) for field in fields(self))

    def parts(self, sizes: Iterable[int]) -> Iterator[Blocks]:
        """The blocks cut into parts of so many blocks each.

        >>> blocks = Blocks.of([Block("Tea"), Block("Coffee"), Block("Milk")])
        >>> [part.texts for part in blocks.parts([1, 2])]
        [['Tea'], ['Coffee', 'Milk']]
        """
        blocks = self._made()
        return (Blocks.of(islice(blocks, size)) for size in sizes)

    @functools.cached_property
    def _one_by_one(self) -> tuple[Block, ...]:
        return tuple(self._made())

    def _made(self) -> Iterator[Block]:
        """The blocks, one after the other; the caller keeps them or not."""
        for text, span, mark, path in zip(self.texts, self.spans, self.marks, self._paths()):
            yield Block(text, None if mark is None else Markup(path, *mark), span)

    def _paths(self) -> Iterator[tuple[Element, ...]]:
        elements = (
            Element(number, *self.kinds[place]) for number, place in zip(self.elements, self.places)
        )
        path: tuple[Element, ...] = ()
        for shared, new in zip(self.shared, self.new):
            path = (*path[:shared], *islice(elements, new))
            yield path


class BlockGathering:
    """Puts blocks that come one after the other into columns."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._spans: list[Span | None] = []
        self._marks: list[Marks | None] = []
        self._shared: list[int] = []
        self._new: list[int] = []
        self._elements: list[int] = []
        self._places: list[int] = []
        self._kinds: dict[Kind, int] = {}
        self._path: Sequence[Place] = ()

    def place(self, kind: Kind) -> int:
        """Where a kind stands among the page's kinds."""
        return self._kinds.setdefault(kind, len(self._kinds))

    def add(self, text: str, markup: Markup | None = None, span: Span | None = None) -> None:
        """One block more, with what `Block` has."""
        path = markup.path if markup else ()
        places = tuple((element.number, self.place(element[1:])) for element in path)
        self._add(text, places, markup[1:] if markup else None, span)

    def add_placed(self, text: str, path: Sequence[Place], marks: Marks) -> None:
        """One block more, of which the places of its elements are known."""
        self._add(text, path, marks, None)

    def _add(
        self, text: str, path: Sequence[Place], marks: Marks | None, span: Span | None
    ) -> None:
        shared = shared_depth(self._path, path)
        for number, place in path[shared:]:
            self._elements.append(number)
            self._places.append(place)
        self._path = path
        self._texts.append(text)
        self._spans.append(span)
        self._marks.append(marks)
        self._shared.append(shared)
        self._new.append(len(path) - shared)

    def blocks(self) -> Blocks:
        """All that were added."""
        return Blocks(
            texts=self._texts,
            spans=self._spans,
            marks=self._marks,
            shared=self._shared,
            new=self._new,
            elements=self._elements,
            places=self._places,
            kinds=list(self._kinds),
        )


@dataclass(frozen=True, slots=True)
class Document:
    """A page cut into blocks, in document order, with what its head declares.

    `kinds` holds the values of `og:type` and of schema.org's `@type`, as written, in the page's
    order; `structured` the texts that schema.org's JSON-LD gives: article bodies, descriptions,
    posts, reviews.
    """

    blocks: Blocks
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
