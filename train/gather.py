"""Published pages to labelled pages, in both modes, with the trust that their labels earn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed

from classifier.blocks import Document
from classifier.encoding import decode
from classifier.html import parse_html
from classifier.text import parse_text
from train.align import align, words
from train.corpora import CorpusPage, read_corpora
from train.pages import LabeledPage, Mode, PageRecord, page_digest, site_id
from train.peers import Extractor
from train.progress import progress
from train.score import word_score

LOWEST_CEILING = 0.6
"""Where a page's own labels, turned back into text, score less, its gold is not to be trusted."""


def gather_corpora(root: Path, n_jobs: int = 2) -> list[LabeledPage]:
    """Every page of the corpora under `root`, labelled by alignment; HTML mode."""
    pages = progress(read_corpora(root), "corpora")
    labelled: list[LabeledPage] = Parallel(n_jobs=n_jobs, batch_size=16)(
        delayed(label_page)(page) for page in pages
    )
    return labelled


def label_page(page: CorpusPage) -> LabeledPage:
    """A published page cut into blocks and labelled from its gold text."""
    document = parse_html(decode(page.raw, page.encoding).text)
    gold = words(page.gold)
    return _label(page.id, "html", document, _record(page, gold), gold, document.title)


def _record(page: CorpusPage, gold: Sequence[str]) -> PageRecord:
    return PageRecord(
        corpus=page.corpus,
        digest=page_digest(page.raw),
        site=site_id(page.site),
        language=page.language,
        kind=page.kind,
        gold_words=len(gold),
    )


def as_text(page: LabeledPage) -> LabeledPage:
    """The same page without markup: the text of its blocks, one a line, cut and labelled anew."""
    document = parse_text("\n".join(block.text for block in page.document.blocks))
    return _label(page.id, "text", document, page.record, page.gold, page.document.title)


def label_extracted(page: CorpusPage, extract: Extractor) -> LabeledPage:
    """What an extractor makes of a page, as plain text, cut and labelled from the page's gold."""
    html = decode(page.raw, page.encoding).text
    document = parse_text(extract(html, page.language))
    gold = words(page.gold)
    return _label(page.id, "text", document, _record(page, gold), gold, parse_html(html).title)


def _label(
    page_id: str,
    mode: Mode,
    document: Document,
    record: PageRecord,
    gold: Sequence[str],
    title: str,
) -> LabeledPage:
    texts = [block.text for block in document.blocks]
    alignment = align(texts, gold)
    is_content = alignment.share >= 0.5
    ceiling = word_score(kept_words(document, is_content), gold).f1
    return LabeledPage(
        id=page_id,
        mode=mode,
        document=document,
        record=replace(record, trust=1.0 if ceiling >= LOWEST_CEILING else 0.0),
        is_content=is_content,
        alignment=alignment,
        sure=~lost_headlines(title, texts, is_content),
        gold=gold,
    )


def lost_headlines(
    title: str, texts: Sequence[str], is_content: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Blocks that look like the headline of a page whose gold lacks it.

    Some golds begin with the first paragraph. A headline is content here, so such a block teaches
    nothing: above all content, most of its words in the title that the page declares.

    >>> lost_headlines("Ferry lost - Gazette", ["Ferry lost", "It went."], np.array([False, True]))
    array([ True, False])
    """
    title_words = set(words(title))
    first = int(np.argmax(is_content)) if is_content.any() else 0
    unsure = np.zeros(len(texts), bool)
    for number in range(first):
        own = words(texts[number])
        shared = sum(word in title_words for word in own)
        unsure[number] = len(own) >= 2 and shared >= 0.8 * len(own)
    return unsure


def kept_words(document: Document, keep: Sequence[bool]) -> list[str]:
    """The words of the blocks to keep."""
    return [
        word for block, kept in zip(document.blocks, keep) if kept for word in words(block.text)
    ]
