"""The model card: what it says, and its pictures."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from train.card import CARD, PRECISION_RECALL, RELIABILITY, Scored, write_card
from train.evaluate import ScoredPage, score_table
from train.pages import Mode, PageRecord, page_digest, site_id
from train.score import WordScore

PICTURES = (RELIABILITY, PRECISION_RECALL)
EVERY_PICTURE = pytest.mark.parametrize("name", PICTURES)

DIGEST = "1e75" * 16
MANIFEST = {
    "trained_on": {"наши ru": 1234, "tea en": 567},
    "data": {"labeled/pages": "abc123", "labeled/tables/ёж": "def456"},
    "libraries": {"numpy": "9.8.7", "йод": "6.5"},
    "note": "ёжик",
}


def scored_pages(corpus: str, kind: str, f1: list[float], seed: int = 0) -> list[ScoredPage]:
    """A page a score, with blocks whose probabilities are nearly true."""
    random = np.random.default_rng(seed)
    pages = []
    for number, score in enumerate(f1):
        probabilities = random.random(40)
        name = f"{kind}-{number}.ёж.example"
        pages.append(
            ScoredPage(
                record=PageRecord(
                    corpus, page_digest(name.encode()), site_id(name), "ru", kind, 99
                ),
                fold=number % 3,
                is_content=random.random(40) < probabilities,
                probabilities=probabilities,
                words=WordScore(score, score, score),
            )
        )
    return pages


SCORED: Scored = {
    "html": [
        *scored_pages("наши", "магазин", [0.1, 0.2, 0.3, 0.4, 0.9], 1),
        *scored_pages("наши", "новости", [0.1, 0.9, 0.9, 0.9, 0.8], 2),
        *scored_pages("tea", "forum", [0.1, 0.1, 0.9, 0.9, 0.9], 3),
        *scored_pages("tea", "rare", [0.1, 0.1, 0.1, 0.1], 4),
        *scored_pages("tea", "edge", [0.5, 0.5, 0.5, 0.5, 0.499], 5),
    ],
    "text": [
        *scored_pages("наши", "магазин", [0.9] * 5, 6),
        *scored_pages("наши", "стихи", [0.1, 0.9, 0.9, 0.9, 0.8], 7),
    ],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("card")
    write_card(folder, MANIFEST, DIGEST, SCORED)
    return folder


@pytest.fixture
def card(folder: Path) -> str:
    return (folder / CARD).read_text(encoding="utf-8")


def test_path_of_the_card(tmp_path: Path) -> None:
    assert write_card(tmp_path, MANIFEST, DIGEST, {"text": SCORED["text"]}) == tmp_path / CARD


SAID = {
    "digest": f"SHA-256 of the model file: `{DIGEST}`",
    "pages, russian": "| наши ru | 1234 |",
    "pages, english": "| tea en | 567 |",
    "data": "- `labeled/pages`: `abc123`",
    "data, russian": "- `labeled/tables/ёж`: `def456`",
    "libraries": "Fitted with numpy 9.8.7, йод 6.5.",
    "html mode": "### html mode",
    "text mode": "### text mode",
    "reliability": f"![Share of content among blocks by probability]({RELIABILITY})",
    "precision and recall": f"![Precision against recall, by corpus]({PRECISION_RECALL})",
}


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_card_says(card: str, said: str) -> None:
    assert any(line.startswith(said) for line in card.splitlines())


def section(card: str, start: str, end: str) -> list[str]:
    return card.split(start)[1].split(end)[0].splitlines()


@pytest.mark.parametrize(("mode", "end"), [("html", "###"), ("text", "## ")])
def test_card_has_the_rows_of_the_score_table(card: str, mode: Mode, end: str) -> None:
    lines = section(card, f"### {mode} mode", end)
    names = [line.split(" | ")[0].lstrip("| ") for line in lines if line.startswith("| ")]
    assert names[1:] == list(score_table(SCORED[mode]).index)


@pytest.mark.parametrize("row", ["наши", "tea", "наши: новости", "tea: forum"])
def test_card_has_the_numbers_of_the_score_table(card: str, row: str) -> None:
    values = score_table(SCORED["html"]).loc[row]
    cells = " | ".join(f"{value:.3f}" for value in values.iloc[1:])
    assert f"| {row} | {int(values['pages'])} | {cells} |" in card.splitlines()


@pytest.mark.parametrize("column", ["precision", "recall", "F1", "spread", "ROC AUC", "ECE"])
def test_card_has_the_columns_of_the_score_table(card: str, column: str) -> None:
    assert f" {column} |" in section(card, "### html mode", "|---")[2]


def failures(card: str, mode: str) -> list[list[str]]:
    """The rows of known failures: group, pages, share lost."""
    lines = card.split(f"lost in {mode} mode |\n")[1].split("\n\n")[0].splitlines()[1:]
    return [line.strip("| ").split(" | ") for line in lines]


@pytest.mark.parametrize(
    ("mode", "worst"),
    [("html", ["наши: магазин", "5", "0.800"]), ("text", ["наши: стихи", "5", "0.200"])],
)
def test_worst_group_comes_first(card: str, mode: str, worst: list[str]) -> None:
    assert failures(card, mode)[0] == worst


def test_group_of_four_pages_says_too_little(card: str) -> None:
    assert "tea: rare" not in {row[0] for row in failures(card, "html")}


def test_page_of_one_half_is_not_lost(card: str) -> None:
    assert ["tea: edge", "5", "0.200"] in failures(card, "html")


def test_at_most_six_groups(tmp_path: Path) -> None:
    pages = [page for kind in "абвгдеё" for page in scored_pages("наши", kind, [0.1] * 5)]
    card = write_card(tmp_path, MANIFEST, DIGEST, {"html": pages})
    assert len(failures(card.read_text(encoding="utf-8"), "html")) == 6


def test_undefined_score_is_said(tmp_path: Path) -> None:
    pages = scored_pages("наши", "чай", [0.9] * 5)
    for page in pages:
        page.is_content[:] = True
    card = write_card(tmp_path, MANIFEST, DIGEST, {"html": pages})
    assert "| nan |" in card.read_text(encoding="utf-8")


def test_corpus_without_content_is_drawn(tmp_path: Path) -> None:
    pages = scored_pages("наши", "чай", [0.9] * 5)
    for page in pages:
        page.is_content[:] = False
    write_card(tmp_path, MANIFEST, DIGEST, {"html": pages})
    assert (tmp_path / PRECISION_RECALL).is_file()


@EVERY_PICTURE
def test_picture_is_svg(folder: Path, name: str) -> None:
    assert ElementTree.parse(folder / name).getroot().tag == "{http://www.w3.org/2000/svg}svg"


@EVERY_PICTURE
def test_picture_has_no_date(folder: Path, name: str) -> None:
    assert "dc:date" not in (folder / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same numbers, written once more."""
    again = tmp_path_factory.mktemp("again")
    write_card(again, MANIFEST, DIGEST, SCORED)
    return again


@pytest.mark.parametrize("name", [CARD, *PICTURES])
def test_same_numbers_give_the_same_bytes(folder: Path, again: Path, name: str) -> None:
    assert (again / name).read_bytes() == (folder / name).read_bytes()


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Other numbers in one of the modes."""
    other = tmp_path_factory.mktemp("other")
    scored = {**SCORED, "text": scored_pages("наши", "магазин", [0.9] * 5, 99)}
    write_card(other, MANIFEST, DIGEST, scored)
    return other


@EVERY_PICTURE
def test_other_numbers_give_another_picture(folder: Path, other: Path, name: str) -> None:
    assert (other / name).read_bytes() != (folder / name).read_bytes()


def secrets() -> Iterator[str]:
    """What of a single page is known and must not be in the card."""
    for items in SCORED.values():
        for item in items:
            yield item.record.site
            yield item.record.digest


@pytest.mark.parametrize("name", [CARD, *PICTURES])
def test_nothing_of_a_single_page_is_told(folder: Path, name: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert [secret for secret in secrets() if secret in text] == []


def test_note_of_the_manifest_is_not_told(card: str) -> None:
    assert "ёжик" not in card


def test_nothing_else_is_written(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {CARD, *PICTURES}
