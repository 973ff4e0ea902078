"""The training side's nouns: a page with a label a block, and what is known about a page."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from classifier.blocks import Document
from train.align import Alignment

Mode = Literal["html", "text"]


@dataclass(frozen=True, slots=True)
class PageRecord:
    """What is known about a page besides its blocks, with no text in it.

    `site` tells publishers apart without naming them. `trust`, 0 to 1, says how far the labels are
    to be believed; `gold_words` is the length of the gold text; `digest` is `page_digest` of the
    page's bytes.
    """

    corpus: str
    digest: str
    site: str
    language: str
    kind: str
    gold_words: int
    trust: float = 1.0


@dataclass(frozen=True, slots=True)
class LabeledPage:
    """A page whose blocks have labels.

    `is_content[i]` is block `i`'s label, `sure[i]` whether it is to be believed. `alignment` tells
    which of its words stand in the gold text, `gold`: the lower-cased word tokens that the scores
    compare with.
    """

    id: str
    mode: Mode
    document: Document
    record: PageRecord
    is_content: npt.NDArray[np.bool_]
    alignment: Alignment
    sure: npt.NDArray[np.bool_]
    gold: Sequence[str]


def page_digest(raw: bytes) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of a page's bytes.

    >>> page_digest(b"")
    'e3b0c44298fc1c14'
    """
    return hashlib.sha256(raw).hexdigest()[:16]


def site_id(site: str) -> str:
    """A short name for a site that is the same in every corpus and does not name it.

    >>> site_id("gazette.example")
    'a1599d9194f5'
    """
    return hashlib.sha256(site.encode()).hexdigest()[:12]
