"""Gold text to one label a block, by aligning the two word sequences.

A block is content where at least half of its words stand in a longest common subsequence of the
page's words and the gold's. The subsequence is found over word ids (Hyyrö 2004, bit-parallel LCS,
as rapidfuzz implements it).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
from rapidfuzz.distance import LCSseq

_WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """The lower-cased word tokens that the scores count, with letters composed (NFC).

    >>> words("Ёлка — 2 шт.")
    ['ёлка', '2', 'шт']
    """
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


def aligned_share(blocks: Sequence[str], gold: Sequence[str]) -> list[float]:
    """For each block, the share of its words that align with the gold's words, 0 to 1.

    >>> aligned_share(["Menu", "Tea is a drink"], words("Tea is a hot drink."))
    [0.0, 1.0]
    """
    ids: dict[str, int] = {}
    page_words: list[int] = []
    owners: list[int] = []
    for owner, text in enumerate(blocks):
        block_words = words(text)
        page_words.extend(ids.setdefault(word, len(ids)) for word in block_words)
        owners.extend([owner] * len(block_words))
    gold_words = [ids.get(word, -1) for word in gold]
    hits = np.zeros(len(blocks))
    totals = np.bincount(owners, minlength=len(blocks)) if owners else hits
    for operation in LCSseq.opcodes(page_words, gold_words):
        if operation.tag == "equal":
            for position in range(operation.src_start, operation.src_end):
                hits[owners[position]] += 1
    return [float(hit / total) if total else 0.0 for hit, total in zip(hits, totals)]
