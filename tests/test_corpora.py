"""Published pages with their gold, read from folders laid out as their publishers do."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from train.align import words
from train.corpora import (
    CorpusPage,
    declared_site,
    read_corpora,
    read_fundus,
    read_readability,
)
from train.gather import label_extracted, label_page
from train.pages import site_id

BREVE, DIAERESIS = "\N{COMBINING BREVE}", "\N{COMBINING DIAERESIS}"

ENGLISH = "The ferry was late again, and nobody on the pier could say why."
RUSSIAN = "Паром ещё раз опоздал, и никто не мог сказать, чей это был приказ."
MIXED = "Мой iPhone ещё жив, and the charger is in the drawer, и это не йод."
DECOMPOSED = f"Еще{DIAERESIS} е{DIAERESIS}ж пил чаи{BREVE}, и мои{BREVE} и{BREVE}од был мне чужим."
TEXTS = {"english": ENGLISH, "russian": RUSSIAN, "mixed": MIXED, "decomposed": DECOMPOSED}
EVERY_TEXT = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)

CANONICAL = '<link rel="canonical" href="https://www.ferry.example/ёж">'

SITES = {
    "canonical": (CANONICAL, "ferry.example"),
    "own address": ('<meta property="og:url" content="http://ferry.example/1">', "ferry.example"),
    "single quotes": ("<link rel='canonical' href='https://ferry.example'>", "ferry.example"),
    "no quotes": ("<link rel=canonical href=https://ferry.example/>", "ferry.example"),
    "on two lines": (
        '<link rel="canonical"\n href="https://ferry.example/1"/>',
        "ferry.example",
    ),
    "another attribute between": (
        '<link rel="canonical" data-ёж="1" href="https://ferry.example/1">',
        "ferry.example",
    ),
    "address first, canonical": (
        '<link href="https://ferry.example/1" rel="canonical">',
        "ferry.example",
    ),
    "address first, own address": (
        '<meta content="https://ferry.example/1" property="og:url">',
        "ferry.example",
    ),
    "part of a site": ('<link rel="canonical" href="https://tea.ferry.example/">', "ferry.example"),
    "other links before": (
        f'<link rel="icon" href="https://cdn.example/1.png">{CANONICAL}',
        "ferry.example",
    ),
    "the first": (
        f'{CANONICAL}<meta property="og:url" content="https://tea.example/">',
        "ferry.example",
    ),
    "no site in the address": ('<link rel="canonical" href="https://[site]/ёж">', ""),
    "address without a site": ('<link rel="canonical" href="/ёж">', ""),
    "another link": ('<link rel="alternate" href="https://ferry.example/">', ""),
    "another element": ('<a rel="canonical" href="https://ferry.example/">', ""),
    "address of the element after": ('<link rel="canonical"><a href="https://tea.example/">', ""),
    "none": ("<p>ёж", ""),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("html", "site"), SITES.values(), ids=SITES)
def test_declared_site(html: str, site: str) -> None:
    assert declared_site(html.encode()) == site


def test_declared_site_of_a_page_in_another_encoding() -> None:
    assert declared_site(f"<title>Ёж</title>{CANONICAL}".encode("cp1251")) == "ferry.example"


def write_fundus(
    root: Path, publisher: str, pages: Mapping[str, str], versions: Mapping[str, Any]
) -> Path:
    """A publisher's pages by the rest of their names, with what its selectors find in them."""
    folder = root / "fundus/tests/resources/parser/test_data/ru"
    folder.mkdir(parents=True, exist_ok=True)
    for name, html in pages.items():
        (folder / f"{publisher}{name}.html.gz").write_bytes(gzip.compress(html.encode()))
    index = json.dumps(versions, ensure_ascii=False)
    (folder / f"{publisher}.json").write_text(index, encoding="utf-8")
    return root


def write_readability(root: Path, name: str, source: str, expected: str) -> Path:
    folder = root / "readability/test/test-pages" / name
    folder.mkdir(parents=True)
    (folder / "source.html").write_text(source, encoding="utf-8")
    (folder / "expected.html").write_text(expected, encoding="utf-8")
    return root


BODY = {
    "title": "Ещё чай",
    "authors": ["Йод"],
    "body": {
        "summary": ["Tea and ёж"],
        "sections": [
            {"headline": [], "paragraphs": ["Мой USB", RUSSIAN]},
            {"headline": ["Йод"], "paragraphs": ["The end"]},
        ],
    },
}


def fundus_page(root: Path, html: str = "<p>ёж", version: Any = BODY) -> CorpusPage:
    (page,) = read_fundus(write_fundus(root, "Parom", {"_2024_05_12": html}, {"V1": version}))
    return page


GOLDS = {
    "all of it in order": (BODY, ["Ещё чай", "Tea and ёж", "Мой USB", RUSSIAN, "Йод", "The end"]),
    "without a title": ({"body": {"summary": ["Ёж"], "sections": []}}, ["", "Ёж"]),
    "title that is null": ({"title": None, "body": {"summary": ["Ёж"]}}, ["", "Ёж"]),
    "without a body": ({"title": "Ёж", "topics": ["чай"]}, ["Ёж"]),
    "body that is null": ({"title": "Ёж", "body": None}, ["Ёж"]),
    "decomposed": ({"title": DECOMPOSED, "body": {}}, [DECOMPOSED]),
}


@pytest.mark.parametrize(("version", "gold"), GOLDS.values(), ids=GOLDS)
def test_gold_of_fundus(tmp_path: Path, version: Any, gold: list[str]) -> None:
    assert fundus_page(tmp_path, version=version).gold.split("\n") == gold


FUNDUS = {
    "corpus": "fundus",
    "id": "Parom_2024_05_12",
    "site": "ferry.example",
    "language": "other",
    "kind": "article",
    "raw": f"{CANONICAL}<p>ёж".encode(),
    "encoding": None,
}


@pytest.mark.parametrize(("name", "value"), FUNDUS.items())
def test_page_of_fundus(tmp_path: Path, name: str, value: object) -> None:
    assert getattr(fundus_page(tmp_path, f"{CANONICAL}<p>ёж"), name) == value


def test_page_of_fundus_that_declares_no_site_is_of_its_publisher(tmp_path: Path) -> None:
    assert fundus_page(tmp_path).site == "parom.invalid"


def test_pages_of_a_publisher_share_the_first_site_that_one_declares(tmp_path: Path) -> None:
    pages = {"_2021_01_30": "<p>tea", "_2024_05_12": f"{CANONICAL}<p>ёж"}
    write_fundus(tmp_path, "Parom", pages, {"V1": BODY, "V2": BODY})
    assert [page.site for page in read_fundus(tmp_path)] == ["ferry.example"] * 2


LANGUAGES = {
    "english": ("<html lang=en-GB>", "en"),
    "russian": ("<html lang=RU>", "ru"),
    "another": ("<html lang=de>", "other"),
    "silent": ("", "en"),
}


@pytest.mark.parametrize(("html", "language"), LANGUAGES.values(), ids=LANGUAGES)
def test_language_of_readability(tmp_path: Path, html: str, language: str) -> None:
    (page,) = read_readability(write_readability(tmp_path, "tea-1", f"{html}<p>ёж", "<p>ёж"))
    assert page.language == language


def test_pages_of_fundus_go_with_their_versions_by_date(tmp_path: Path) -> None:
    pages = {"_2024_05_12": "<p>tea", "_2021_01_30": "<p>ёж", "_2023_11_02": "<p>йод"}
    versions = {f"V{number}": {"title": text} for number, text in enumerate(["ёж", "йод", "tea"])}
    write_fundus(tmp_path, "Parom", pages, versions)
    found = [(page.raw.decode(), page.gold) for page in read_fundus(tmp_path)]
    assert found == [("<p>ёж", "ёж"), ("<p>йод", "йод"), ("<p>tea", "tea")]


def test_publisher_whose_name_begins_alike(tmp_path: Path) -> None:
    for name in ("Parom", "ParomTea", "Parom_Йод"):
        write_fundus(tmp_path, name, {"_2024_05_12": f"<p>{name}"}, {"V1": {"title": name}})
    assert {(page.raw.decode(), page.gold) for page in read_fundus(tmp_path)} == {
        ("<p>Parom", "Parom"),
        ("<p>ParomTea", "ParomTea"),
        ("<p>Parom_Йод", "Parom_Йод"),
    }


READABILITY = {
    "corpus": "readability",
    "id": "ёж-1",
    "site": "ferry.example",
    "language": "en",
    "kind": "article",
    "raw": f"{CANONICAL}<nav>Меню</nav><p>Ёж<p>tea".encode(),
    "gold": "Ёж\ntea",
    "encoding": None,
}


@pytest.mark.parametrize(("name", "value"), READABILITY.items())
def test_page_of_readability(tmp_path: Path, name: str, value: object) -> None:
    source = f"{CANONICAL}<nav>Меню</nav><p>Ёж<p>tea"
    root = write_readability(tmp_path, "ёж-1", source, "<div><p>Ёж</p><p>tea</p></div>")
    (page,) = read_readability(root)
    assert getattr(page, name) == value


def test_pages_of_readability_that_declare_no_site_share_one_by_their_name(tmp_path: Path) -> None:
    (page,) = read_readability(write_readability(tmp_path, "tea-1", "<p>ёж", "<p>ёж"))
    assert page.site == "tea.invalid"


def test_pages_of_readability_are_in_order(tmp_path: Path) -> None:
    for name in ("tea", "йод", "jam"):
        write_readability(tmp_path, name, "<p>ёж", "<p>ёж")
    assert [page.id for page in read_readability(tmp_path)] == ["jam", "tea", "йод"]


@pytest.mark.parametrize("read", [read_fundus, read_readability])
def test_corpus_that_is_not_there(
    tmp_path: Path, read: Callable[[Path], Iterator[CorpusPage]]
) -> None:
    assert list(read(tmp_path)) == []


def test_corpora_have_both(tmp_path: Path) -> None:
    write_fundus(tmp_path, "Parom", {"_2024_05_12": "<p>ёж"}, {"V1": BODY})
    write_readability(tmp_path, "tea", "<p>ёж", "<p>ёж")
    assert [page.corpus for page in read_corpora(tmp_path)] == ["fundus", "readability"]


def published(text: str, language: str = "ru", encoding: str | None = None) -> CorpusPage:
    """A page with a menu above its text, which is all of the gold."""
    html = f"<title>Ещё ёж</title><nav>Меню</nav><p>{text}<footer>Home</footer>"
    raw = html.encode(encoding or "utf-8")
    return CorpusPage("наши", "ёж", "ferry.example", language, "news", raw, text, encoding)


@EVERY_TEXT
def test_extracted_blocks(text: str) -> None:
    page = label_extracted(published(text), lambda html, language: f"Меню\n\n{text}")
    assert [block.text for block in page.document.blocks] == ["Меню", text]


@EVERY_TEXT
def test_extracted_blocks_are_labelled_from_the_gold(text: str) -> None:
    page = label_extracted(published(text), lambda html, language: f"Меню\n\n{text}\n\nHome")
    assert page.is_content.tolist() == [False, True, False]


@EVERY_TEXT
def test_extracted_page_keeps_its_gold(text: str) -> None:
    page = label_extracted(published(text), lambda html, language: "ёж")
    assert (list(page.gold), page.record.gold_words) == (words(text), len(words(text)))


def test_extracted_page_is_text() -> None:
    page = label_extracted(published(RUSSIAN), lambda html, language: RUSSIAN)
    assert (page.mode, page.document.blocks[0].markup) == ("text", None)


@pytest.mark.parametrize("name", ["corpus", "digest", "site", "language", "kind"])
def test_extracted_page_has_the_record_of_the_whole(name: str) -> None:
    page = label_extracted(published(RUSSIAN), lambda html, language: "ёж")
    assert getattr(page.record, name) == getattr(label_page(published(RUSSIAN)).record, name)


def test_extracted_page_is_of_the_site_of_the_whole() -> None:
    page = label_extracted(published(RUSSIAN), lambda html, language: RUSSIAN)
    assert page.record.site == site_id("ferry.example")


@pytest.mark.parametrize("encoding", [None, "iso-8859-5"])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_extractor_gets_the_decoded_page_and_its_language(
    language: str, encoding: str | None
) -> None:
    given: list[tuple[str, str]] = []

    def extract(html: str, language: str) -> str:
        given.append((html, language))
        return "ёж"

    label_extracted(published(RUSSIAN, language, encoding), extract)
    html = f"<title>Ещё ёж</title><nav>Меню</nav><p>{RUSSIAN}<footer>Home</footer>"
    assert given == [(html, language)]


EXTRACTED = {
    "all": (RUSSIAN, 1.0),
    "nothing": ("", 0.0),
    "something else": ("Меню", 0.0),
}


@pytest.mark.parametrize(("text", "trust"), EXTRACTED.values(), ids=EXTRACTED)
def test_trust_in_what_was_extracted(text: str, trust: float) -> None:
    page = label_extracted(published(RUSSIAN), lambda html, language: text)
    assert page.record.trust == trust


def test_headline_that_the_gold_lacks_is_not_sure() -> None:
    page = label_extracted(published(RUSSIAN), lambda html, language: f"Ещё ёж\n\n{RUSSIAN}")
    assert page.sure.tolist() == [False, True]
