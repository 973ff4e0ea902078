"""Pages in few plain values, to be sent between processes.

A page is thousands of small objects, and to pickle them one by one takes a third of the time that
it took to classify them. Packed, an element is named once for all blocks below it, and everything
else stands in a few flat lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from classifier.blocks import (
    Block,
    Element,
    Label,
    LabeledBlock,
    Markup,
    number_kinds,
    path_steps,
)

Packed = tuple[Any, ...]
"""Strings, numbers, and lists and tuples of them."""


def pack_blocks(blocks: Sequence[LabeledBlock]) -> Packed:
    """Labelled blocks as plain values; `unpack_blocks` has the same blocks again.

    >>> block = LabeledBlock(Block("Tea", Markup((Element(1, "p"),))), Label.NOISE, 0.25)
    >>> unpack_blocks(pack_blocks([block])) == (block,)
    True
    """
    own = [labelled.block for labelled in blocks]
    return (
        [block.text for block in own],
        [block.span for block in own],
        [None if block.markup is None else block.markup[1:] for block in own],
        *_pack_paths(block.markup.path if block.markup else () for block in own),
        bytes(labelled.label is Label.CONTENT for labelled in blocks),
        [labelled.probability for labelled in blocks],
    )


def unpack_blocks(packed: Packed) -> tuple[LabeledBlock, ...]:
    """The blocks that were packed."""
    texts, spans, marks, *paths, contents, probabilities = packed
    labels = (Label.NOISE, Label.CONTENT)
    return tuple(
        LabeledBlock(
            Block(text, None if mark is None else Markup(path, *mark), span),
            labels[content],
            probability,
        )
        for text, span, mark, path, content, probability in zip(
            texts, spans, marks, _unpack_paths(*paths), contents, probabilities
        )
    )


def _pack_paths(paths: Iterable[tuple[Element, ...]]) -> Packed:
    """The steps from path to path, the kinds of elements, each element's number and kind."""
    shared, new, elements = path_steps(paths)
    kinds, places = number_kinds(elements)
    return shared, new, kinds, [element.number for element in elements], places


def _unpack_paths(
    shared: Sequence[int],
    new: Sequence[int],
    kinds: Sequence[tuple[str, str, bool]],
    numbers: Sequence[int],
    places: Sequence[int],
) -> Iterator[tuple[Element, ...]]:
    elements = [Element(number, *kinds[place]) for number, place in zip(numbers, places)]
    path: tuple[Element, ...] = ()
    start = 0
    for depth, count in zip(shared, new):
        path = path[:depth] + tuple(elements[start : start + count])
        start += count
        yield path
