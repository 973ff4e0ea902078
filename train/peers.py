"""The word scores of other extractors on the corpora's pages: those that can be imported."""

from __future__ import annotations

import importlib
import importlib.util
import logging
from collections.abc import Callable, Sequence
from functools import partial
from importlib import metadata
from pathlib import Path

import pandas as pd
from joblib import Parallel, delayed

from classifier.encoding import decode
from train.align import words
from train.corpora import CorpusPage, read_corpora
from train.labeled import LabeledDataError
from train.progress import progress
from train.score import WordScore, word_score

Extractor = Callable[[str, str], str]
"""From an HTML page and its language (`en`, `ru`, `other`) to the extracted text."""


def trafilatura(html: str, language: str) -> str:
    """trafilatura with its defaults and no comments."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    extract = importlib.import_module("trafilatura").extract
    return extract(html, include_comments=False) or ""


def resiliparse(html: str, language: str) -> str:
    """resiliparse's main content."""
    module = importlib.import_module("resiliparse.extract.html2text")
    text: str = module.extract_plain_text(html, main_content=True, alt_texts=False)
    return text


def readability(html: str, language: str) -> str:
    """readability-lxml's summary, with the short title, as text."""
    logging.getLogger("readability").setLevel(logging.CRITICAL)
    module = importlib.import_module("readability")
    lxml_html = importlib.import_module("lxml.html")
    etree = importlib.import_module("lxml.etree")
    try:
        document = module.Document(html)
        tree = lxml_html.fromstring(document.summary())
        return f"{document.short_title()}\n{' '.join(tree.itertext())}"
    except (module.readability.Unparseable, etree.LxmlError, ValueError):
        return ""  # what it cannot parse it extracts nothing from


def justext(html: str, language: str) -> str:
    """jusText with the stop list of the page's language."""
    module = importlib.import_module("justext")
    etree = importlib.import_module("lxml.etree")
    stop_list = module.get_stoplist(STOP_LISTS[language])
    try:
        paragraphs = module.justext(html.encode(), stop_list, encoding="utf-8")
    except (etree.LxmlError, ValueError):
        return ""
    return "\n".join(part.text for part in paragraphs if not part.is_boilerplate)


STOP_LISTS = {"en": "English", "ru": "Russian"}
"""What jusText calls the languages that extractors are compared in."""

PEERS: dict[str, tuple[str, Extractor]] = {
    "trafilatura": ("trafilatura", trafilatura),
    "resiliparse": ("resiliparse", resiliparse),
    "readability-lxml": ("readability", readability),
    "jusText": ("justext", justext),
}
"""The distribution's name, the module's name, and how it is called."""


def importable_peers() -> dict[str, Extractor]:
    """The peers that are installed here, by name and version."""
    return {
        f"{name} {metadata.version(name)}": extractor
        for name, (module, extractor) in PEERS.items()
        if importlib.util.find_spec(module) is not None
    }


def find_peer(name: str) -> Extractor:
    """One of the peers; `LabeledDataError` where it is not installed."""
    module, extractor = PEERS[name]
    if importlib.util.find_spec(module) is None:
        raise LabeledDataError(f"{name} is not installed here: pip install {name}")
    return extractor


def compare(root: Path, n_jobs: int = 2) -> pd.DataFrame:
    """Mean word F1 of each peer on English and Russian pages: a row a peer, a column a corpus."""
    peers = importable_peers()
    scored: list[tuple[str, dict[str, WordScore]]] = Parallel(n_jobs=n_jobs, batch_size=8)(
        delayed(partial(score_peers, peers=peers))(page)
        for page in progress(read_corpora(root), "peers")
        if page.language in STOP_LISTS
    )
    frame = pd.DataFrame(
        [
            {"corpus": corpus, **{name: score.f1 for name, score in scores.items()}}
            for corpus, scores in scored
        ]
    )
    return frame.groupby("corpus", sort=False).mean().T


def score_peers(page: CorpusPage, peers: dict[str, Extractor]) -> tuple[str, dict[str, WordScore]]:
    """Every peer's word score on one page."""
    html = decode(page.raw, page.encoding).text
    gold: Sequence[str] = words(page.gold)
    return page.corpus, {
        name: word_score(words(extract(html, page.language)), gold)
        for name, extract in peers.items()
    }
