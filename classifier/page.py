"""The answer: a page's blocks with label and probability, and what was decided about it."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import compress
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from classifier.blocks import Document, Label, LabeledBlock
from classifier.encoding import without_surrogates
from classifier.errors import MissingDependency
from classifier.features import feature_table
from classifier.language import Language, text_language

if TYPE_CHECKING:
    import pandas as pd

Mode = Literal["html", "text"]


@dataclass(frozen=True)
class Page:
    """A classified page.

    `document` has every visible block in document order, and what the page's head declares;
    `probabilities` that of each block to be content, 0 to 1. From `threshold` on a block is
    labelled content. `encoding` is the WHATWG name of the encoding that the bytes were read in, or
    `None` where text was given.
    """

    document: Document
    probabilities: tuple[float, ...]
    threshold: float
    mode: Mode
    encoding: str | None

    def __reduce__(self) -> tuple[Any, ...]:
        return Page, tuple(getattr(self, field.name) for field in fields(self))

    @functools.cached_property
    def blocks(self) -> tuple[LabeledBlock, ...]:
        """Every block with its label and its probability."""
        return tuple(
            LabeledBlock(block, Label.CONTENT if is_content else Label.NOISE, probability)
            for block, is_content, probability in zip(
                self.document.blocks, self._are_content(), self.probabilities
            )
        )

    @property
    def language(self) -> Language:
        """The language of the kept text; of all text, where nothing was kept."""
        return text_language(self._kept_texts() or self.document.blocks.texts)

    @property
    def content(self) -> str:
        """The kept text, one block a line (preformatted blocks keep their own lines)."""
        return "\n".join(self._kept_texts())

    def _kept_texts(self) -> list[str]:
        return list(compress(self.document.blocks.texts, self._are_content()))

    def _are_content(self) -> Iterator[bool]:
        return (probability >= self.threshold for probability in self.probabilities)

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
            # Frames hold text as Unicode has it; half a character is none.
            "text": [without_surrogates(text) for text in self.document.blocks.texts],
            "label": [block.label.value for block in self.blocks],
            "probability": np.array(self.probabilities, np.float64),
            "start": pd.array([_edge(block, 0) for block in self.blocks], dtype="Int64"),
            "end": pd.array([_edge(block, 1) for block in self.blocks], dtype="Int64"),
        }
        if features:
            table = feature_table([self.document])
            columns.update(zip(table.names, table.values.T))
        frame: pd.DataFrame = pd.DataFrame(columns)
        return frame


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
