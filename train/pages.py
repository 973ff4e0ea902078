"""The training side's noun: a page with a label a block and what folds and scores need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from classifier.blocks import Document

Mode = Literal["html", "text"]


@dataclass(frozen=True, slots=True)
class LabeledPage:
    """A page whose blocks have labels.

    `is_content[i]` is block `i`'s label. `trust`, 0 to 1, says how far the labels are to be
    believed; `unsure` marks blocks whose labels are not. `gold` holds the lower-cased word tokens
    that the scores compare with.
    """

    corpus: str
    id: str
    site: str
    language: str
    kind: str
    mode: Mode
    document: Document
    is_content: npt.NDArray[np.bool_]
    gold: Sequence[str]
    trust: float = 1.0
    unsure: npt.NDArray[np.bool_] | None = None
