"""One reader per published corpus layout, each yielding the same thing: a page and its gold text.

Text is read where it lies; nothing of it is kept. `read_corpora` finds what a folder holds by the
layouts' own folder names, so that a folder with only one of the corpora works too.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from classifier.html import parse_html


@dataclass(frozen=True, slots=True)
class CorpusPage:
    """A page as published: its bytes, its gold running text, and what the folds need."""

    corpus: str
    id: str
    site: str
    language: str
    kind: str
    raw: bytes
    gold: str
    encoding: str | None = None


def read_wcxb(root: Path) -> Iterator[CorpusPage]:
    """WCXB, development split (Murrough-Foley/web-content-extraction-benchmark)."""
    for path in sorted((root / "wcxb/dev/ground-truth").glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        gold = truth["ground_truth"].get("main_content")
        if gold is None:
            continue
        page = root / "wcxb/dev/html" / f"{path.stem}.html.gz"
        url = truth.get("url") or truth["ground_truth"].get("url") or f"http://{path.stem}.invalid"
        yield CorpusPage(
            corpus="wcxb",
            id=path.stem,
            site=site_of(url),
            language="en",
            kind=truth["_internal"]["page_type"]["primary"],
            raw=gzip.decompress(page.read_bytes()),
            gold=gold,
        )


def read_daniel(root: Path) -> Iterator[CorpusPage]:
    """DAnIEL v2.1 as rundimeco/waddle published it; the files are UTF-8 whatever they declare."""
    folder = root / "waddle/corpora/Corpus_daniel_v2.1"
    index = folder / "doc_lg.json"
    if not index.exists():
        return
    names = {"Russian": "ru", "English": "en"}
    for name, language in sorted(json.loads(index.read_text(encoding="utf-8")).items()):
        page = folder / "html" / name
        if language not in names or not page.exists():
            continue
        gold = (folder / "reference" / name).read_text(encoding="utf-8", errors="replace")
        yield CorpusPage(
            corpus=f"daniel-{names[language]}",
            id=name,
            site=site_of("http://" + name.split("_")[1]),
            language=names[language],
            kind="article",
            raw=page.read_bytes(),
            gold=re.sub(r"</?p>", "\n", gold),
        )


def read_modern_russian(root: Path) -> Iterator[CorpusPage]:
    """The modern Russian pages, gold marked by hand."""
    index = root / "modern-ru/meta.jsonl"
    if not index.exists():
        return
    for line in index.read_text(encoding="utf-8").splitlines():
        meta = json.loads(line)
        yield CorpusPage(
            corpus="modern-ru",
            id=meta["id"],
            site=site_of("http://" + meta["host"]),
            language="ru",
            kind=meta["coarse_type"],
            raw=(root / "modern-ru/html" / f"{meta['id']}.html").read_bytes(),
            gold=(root / "modern-ru/gold" / f"{meta['id']}.txt").read_text(encoding="utf-8"),
        )


def read_fundus(root: Path) -> Iterator[CorpusPage]:
    """flairNLP/fundus: modern news in other languages, bodies as its own selectors find them.

    A publisher's pages and the versions of its selectors go together in order of their dates.
    """
    for index in sorted((root / "fundus/tests/resources/parser/test_data").glob("*/*.json")):
        versions = json.loads(index.read_text(encoding="utf-8")).values()
        pages = sorted(
            path
            for path in index.parent.glob("*.html.gz")
            if re.fullmatch(rf"{re.escape(index.stem)}_[\d_]+\.html\.gz", path.name)
        )
        raws = [gzip.decompress(path.read_bytes()) for path in pages]
        site = next(filter(None, map(declared_site, raws)), f"{index.stem.lower()}.invalid")
        for path, raw, version in zip(pages, raws, versions):
            yield CorpusPage(
                corpus="fundus",
                id=path.name.removesuffix(".html.gz"),
                site=site,
                language=declared_language(raw, "other"),
                kind="article",
                raw=raw,
                gold="\n".join(_texts([version.get("title") or "", version.get("body") or {}])),
            )


def _texts(value: object) -> Iterator[str]:
    """All strings in nested lists and objects, in their order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for member in value.values():
            yield from _texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member)


def read_readability(root: Path) -> Iterator[CorpusPage]:
    """mozilla/readability's test pages: what an algorithm kept and a person let pass."""
    for folder in sorted((root / "readability/test/test-pages").glob("*")):
        raw = (folder / "source.html").read_bytes()
        expected = parse_html((folder / "expected.html").read_text(encoding="utf-8"))
        yield CorpusPage(
            corpus="readability",
            id=folder.name,
            site=declared_site(raw) or re.sub(r"-\d+$", "", folder.name) + ".invalid",
            language=declared_language(raw, "en"),
            kind="article",
            raw=raw,
            gold="\n".join(block.text for block in expected.blocks),
        )


READERS: tuple[Callable[[Path], Iterator[CorpusPage]], ...] = (
    read_wcxb,
    read_daniel,
    read_modern_russian,
    read_fundus,
    read_readability,
)


def read_corpora(root: Path) -> Iterator[CorpusPage]:
    """Every page of every corpus that lies under `root`, corpus by corpus."""
    for reader in READERS:
        yield from reader(root)


def declared_site(raw: bytes) -> str:
    """The site of the address that a page gives as its own, empty where it gives none.

    >>> declared_site(b'<link rel="canonical" href="https://news.example.org/1">')
    'example.org'
    """
    tree = LexborHTMLParser(raw.decode(errors="replace"))
    for selector, name in (("link[rel=canonical]", "href"), ('meta[property="og:url"]', "content")):
        for node in tree.css(selector):
            address = node.attributes.get(name) or ""
            if re.match("(https?:)?//[^/]", address):
                with contextlib.suppress(ValueError):
                    return site_of(address)
    return ""


def declared_language(raw: bytes, default: str) -> str:
    """The language that a page says it is in: `en`, `ru` or `other`; the default if it is silent.

    >>> declared_language(b"<html lang=en-GB>", "other"), declared_language(b"<html lang=de>", "en")
    ('en', 'other')
    """
    root = LexborHTMLParser(raw.decode(errors="replace")).root
    declared = ((root and root.attributes.get("lang")) or "").lower()[:2]
    if not declared:
        return default
    return declared if declared in ("en", "ru") else "other"


_SECOND_LEVEL = frozenset(("ac", "co", "com", "edu", "gov", "net", "org", "msk", "spb"))


def site_of(url: str) -> str:
    """The part of an address that pages of one publisher share.

    >>> site_of("https://news.bbc.co.uk/1/hi.htm"), site_of("http://top.rbc.ru/x")
    ('bbc.co.uk', 'rbc.ru')
    """
    host = (urlsplit(url).hostname or url).removeprefix("www.")
    labels = host.split(".")
    keep = 3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL else 2
    return ".".join(labels[-keep:])
