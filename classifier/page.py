"""The answer: a page's blocks with label and probability, and what was decided about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from classifier.blocks import Document, Label, LabeledBlock
from classifier.errors import MissingDependency
from classifier.features import feature_table
from classifier.language import Language, text_language
from classifier.packing import Packed, pack_blocks, unpack_blocks

if TYPE_CHECKING:
    import pandas as pd

Mode = Literal["html", "text"]


@dataclass(frozen=True, slots=True)
class Page:
    """A classified page.

    `blocks` holds every visible block in document order. `encoding` is the WHATWG name of the
    encoding that the bytes were read in, or `None` where text was given. `threshold` is the
    probability, 0 to 1, from which on a block was labelled content. `document` has the same blocks
    without labels, and what the page's head declares.
    """

    blocks: tuple[LabeledBlock, ...]
    mode: Mode
    encoding: str | None
    threshold: float
    document: Document

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as few values, since `classify_many` sends pages between processes."""
        packed = pack_blocks(self.blocks)
        head = replace(self.document, blocks=())
        return _unpack, (packed, self.mode, self.encoding, self.threshold, head)

    @property
    def language(self) -> Language:
        """The language of the kept text; of all text, where nothing was kept."""
        kept = [block.text for block in self.blocks if block.label is Label.CONTENT]
        return text_language(kept or [block.text for block in self.blocks])

    @property
    def content(self) -> str:
        """The kept text, one block a line (preformatted blocks keep their own lines)."""
        return "\n".join(block.text for block in self.blocks if block.label is Label.CONTENT)

    def to_dict(self) -> dict[str, Any]:
        """The page as plain values that JSON can hold."""
        return {
            "mode": self.mode,
            "encoding": self.encoding,
            "language": self.language,
            "threshold": round(self.threshold, 4),
            "title": self.document.title,
            "content": self.content,
            "blocks": [block_to_dict(block) for block in self.blocks],
        }

    def to_frame(self, features: bool = False) -> pd.DataFrame:
        """One row a block: text, label, probability, span; with `features`, every feature too.

        Needs pandas; `MissingDependency` says how to get it.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise MissingDependency(
                "to_frame needs pandas: pip install 'bilingual-boilerplate-classifier[frame]'"
            ) from error

        columns: dict[str, Any] = {
            "text": [block.text for block in self.blocks],
            "label": [block.label.value for block in self.blocks],
            "probability": np.array([block.probability for block in self.blocks], np.float64),
            "start": pd.array([_edge(block, 0) for block in self.blocks], dtype="Int64"),
            "end": pd.array([_edge(block, 1) for block in self.blocks], dtype="Int64"),
        }
        if features:
            table = feature_table([self.document])
            columns.update(zip(table.names, table.values.T))
        frame: pd.DataFrame = pd.DataFrame(columns)
        return frame


def _unpack(
    packed: Packed, mode: Mode, encoding: str | None, threshold: float, head: Document
) -> Page:
    blocks = unpack_blocks(packed)
    document = replace(head, blocks=tuple(labelled.block for labelled in blocks))
    return Page(blocks, mode, encoding, threshold, document)


def block_to_dict(block: LabeledBlock) -> dict[str, Any]:
    """A block as plain values; `start` and `end` only where it has a span.

    >>> from classifier.blocks import Block
    >>> block_to_dict(LabeledBlock(Block("Tea"), Label.NOISE, 0.25))
    {'text': 'Tea', 'label': 'noise', 'probability': 0.25}
    """
    values: dict[str, Any] = {
        "text": block.text,
        "label": block.label.value,
        "probability": round(block.probability, 4),
    }
    if block.span is not None:
        values["start"], values["end"] = block.span
    return values


def _edge(block: LabeledBlock, end: int) -> int | None:
    return None if block.span is None else block.span[end]
