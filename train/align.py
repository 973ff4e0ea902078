"""Gold text to one label a block, by aligning the two word sequences.

A block is content where at least half of its words stand in a longest common subsequence of the
page's words and the gold's. The subsequence is found over word ids (Hyyrö 2004, bit-parallel LCS,
as rapidfuzz implements it).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import LCSseq, Opcode

from classifier.features.characters import Bools, Floats, Integers

_WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """The lower-cased word tokens that the scores count, with letters composed (NFC).

    >>> words("Ёлка — 2 шт.")
    ['ёлка', '2', 'шт']
    """
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


@dataclass(frozen=True, slots=True)
class Alignment:
    """For each block, how many words it has, and how many of them stand in the gold text."""

    words: Integers
    aligned: Integers

    @property
    def share(self) -> Floats:
        """The share of each block's words that stand in the gold text, 0 to 1."""
        share: Floats = self.aligned / np.maximum(self.words, 1)
        return share


def align(blocks: Sequence[str], gold: Sequence[str]) -> Alignment:
    """Align the blocks' words with the gold's.

    >>> align(["Menu", "Tea is a drink"], words("Tea is a hot drink.")).share.tolist()
    [0.0, 1.0]
    """
    ids: dict[str, int] = {}
    block_words = [words(text) for text in blocks]
    counts = np.fromiter(map(len, block_words), np.int64, len(blocks))
    page_words = [ids.setdefault(word, len(ids)) for own in block_words for word in own]
    gold_words = [ids.get(word, -1) for word in gold]
    owners = np.repeat(np.arange(len(blocks)), counts)
    positions = np.array(list(_aligned_positions(page_words, gold_words)), np.int64)
    return Alignment(counts, np.bincount(owners[positions], minlength=len(blocks)))


def align_labels(blocks: Sequence[str], is_content: Bools) -> Alignment:
    """What an alignment would be where the gold text is the content blocks themselves.

    >>> align_labels(["Меню", "Ёж и чай"], np.array([False, True])).aligned.tolist()
    [0, 3]
    """
    counts = np.fromiter((len(words(text)) for text in blocks), np.int64, len(blocks))
    return Alignment(counts, counts * is_content)


def _aligned_positions(page: Sequence[int], gold: Sequence[int]) -> Iterator[int]:
    """Positions of the page that stand in the common subsequence.

    Where words come twice on the page, there is a choice: a headline stands in the breadcrumb too.
    What is closer to the body is taken: to the longest run of words that the two share.
    """
    runs = _common_runs(page, gold)
    body = max(runs, key=lambda run: run.src_end - run.src_start, default=None)
    if body is None:
        return
    for run in runs:
        if run.src_start >= body.src_start:
            yield from range(run.src_start, run.src_end)
    # Of equal choices the first is found, so what comes before the body is read backwards.
    for run in _common_runs(page[: body.src_start][::-1], gold[: body.dest_start][::-1]):
        yield from range(body.src_start - run.src_end, body.src_start - run.src_start)


def _common_runs(page: Sequence[int], gold: Sequence[int]) -> list[Opcode]:
    return [run for run in LCSseq.opcodes(page, gold) if run.tag == "equal"]
