"""Which pages each mode learns from and is scored on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from classifier.features import feature_names
from classifier.html import parse_html
from classifier.text import parse_text
from train import recipe
from train.align import align_labels
from train.evaluate import Prediction
from train.labeled import LabeledDataError
from train.pages import LabeledPage, Mode, PageRecord
from train.recipe import Material, fit_model, score_material, score_over, score_pages
from train.training import TrainingTable, labeled_facts

FEATURES = feature_names()

BREVE, DIAERESIS = "\N{COMBINING BREVE}", "\N{COMBINING DIAERESIS}"

ENGLISH = "The ferry was late again, and nobody on the pier could say why it had been held."
RUSSIAN = "Паром ещё раз опоздал, и никто на пристани не мог сказать, чей это был приказ."
MIXED = "Мой iPhone ещё жив, and the charger is in the drawer, и это не йод."
DECOMPOSED = f"Еще{DIAERESIS} е{DIAERESIS}ж пил чаи{BREVE}, и мои{BREVE} и{BREVE}од был мне чужим."


def labeled(mode: Mode, text: str, site: str) -> LabeledPage:
    """A page of a menu and a text; only the text is content."""
    document = (
        parse_html(f"<nav>Меню</nav><article><p>{text}</article>")
        if mode == "html"
        else parse_text(f"Меню\n\n{text}")
    )
    is_content = np.array([False, True])
    return LabeledPage(
        id=site,
        mode=mode,
        document=document,
        record=PageRecord("наши", "0123", site, "ru", "news", 7),
        is_content=is_content,
        alignment=align_labels([block.text for block in document.blocks], is_content),
        sure=np.ones(2, bool),
        gold=(),
    )


HTML = [labeled("html", text, f"html-{n}") for n, text in enumerate((ENGLISH, RUSSIAN, MIXED))]
TEXT = [labeled("text", text, f"text-{n}") for n, text in enumerate((DECOMPOSED, MIXED))]
MATERIAL = Material(html=labeled_facts(HTML), text=labeled_facts(TEXT), digests={"ёж": "0123"})

SITES: dict[Mode, list[str]] = {
    "html": ["html-0", "html-1", "html-2"],
    "text": ["html-0", "html-1", "html-2", "text-0", "text-1"],
}
LEARNED: dict[Mode, list[str]] = {
    "html": SITES["html"] * 4,
    "text": SITES["text"] + (SITES["html"] * 3 + SITES["text"][3:] * 3) * 2,
}


@pytest.mark.parametrize(("mode", "sites"), SITES.items())
def test_pages_of_a_mode(mode: Mode, sites: list[str]) -> None:
    assert list(MATERIAL.of_mode(mode).sites) == sites


@pytest.mark.parametrize(("mode", "sites"), LEARNED.items())
def test_pages_to_learn_from(mode: Mode, sites: list[str]) -> None:
    assert list(MATERIAL.to_learn(mode).sites) == sites


@pytest.mark.parametrize("mode", SITES)
def test_rows_of_the_mode_come_first(mode: Mode) -> None:
    rows = MATERIAL.of_mode(mode).table.values
    found = MATERIAL.to_learn(mode).table.values[: len(rows)]
    np.testing.assert_array_equal(found, rows)


def test_only_the_pages_themselves_are_own() -> None:
    assert MATERIAL.to_learn("text").is_own.tolist() == [True] * 5 + [False] * 30


def test_short_pages_come_last() -> None:
    assert MATERIAL.to_learn("text").is_short.tolist() == [False] * 20 + [True] * 15


def test_short_pages_have_markup_in_html_mode_only() -> None:
    depth = FEATURES.index("depth")
    assert not np.isnan(MATERIAL.to_learn("html").table.values[:, depth]).any()
    assert np.isnan(MATERIAL.to_learn("text").table.values[:, depth]).all()


def test_counts_are_of_the_pages_themselves() -> None:
    assert MATERIAL.counts() == {"наши ru": 5}


def test_each_mode_is_fitted_on_what_is_to_be_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    saw: list[list[str]] = []
    monkeypatch.setattr(
        recipe, "fit_cascade", lambda training, n_jobs: saw.append(list(training.sites))
    )
    fit_model(MATERIAL, 1)
    assert saw == [LEARNED["html"], LEARNED["text"]]


@pytest.fixture
def folds(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], list[str]]]:
    """Stands in for fitting: the sites of what was learned from and of what was scored.

    The first block of a page is taken for noise and all others for content.
    """
    calls: list[tuple[list[str], list[str]]] = []

    def predict(training: TrainingTable, test: TrainingTable, n_jobs: int) -> list[Prediction]:
        calls.append((list(training.sites), list(test.sites)))
        sizes = np.diff(test.table.bounds).tolist()
        return [Prediction(0, np.array([0.1, *[0.9] * size])[:size], 0.5) for size in sizes]

    monkeypatch.setattr(recipe, "out_of_fold", predict)
    return calls


SCORERS: dict[str, Callable[[], Any]] = {
    "by numbers": lambda: score_material(MATERIAL, 1),
    "by texts": lambda: score_pages(HTML, TEXT, 1),
}


@pytest.mark.parametrize("score", SCORERS.values(), ids=SCORERS)
def test_only_the_pages_themselves_are_scored(
    folds: list[tuple[list[str], list[str]]], score: Callable[[], Any]
) -> None:
    score()
    assert [sorted(tested) for _, tested in folds] == [sorted(sites) for sites in SITES.values()]


@pytest.mark.parametrize("score", SCORERS.values(), ids=SCORERS)
def test_scores_are_of_fits_on_what_is_to_be_learned(
    folds: list[tuple[list[str], list[str]]], score: Callable[[], Any]
) -> None:
    score()
    assert [learned for learned, _ in folds] == list(LEARNED.values())


PUBLISHED = {"parom": RUSSIAN, "usb": MIXED, "yozh": DECOMPOSED}


@pytest.fixture
def corpora(tmp_path: Path) -> Path:
    """Pages in the layout of the modern Russian ones."""
    for kind in ("html", "gold"):
        (tmp_path / "modern-ru" / kind).mkdir(parents=True)
    lines = []
    for name, text in PUBLISHED.items():
        meta = {"id": name, "host": f"{name}.example", "coarse_type": "news"}
        lines.append(json.dumps(meta) + "\n")
        for file, data in ((f"html/{name}.html", f"<p>{text}"), (f"gold/{name}.txt", text)):
            (tmp_path / "modern-ru" / file).write_text(data, encoding="utf-8")
    (tmp_path / "modern-ru/meta.jsonl").write_text("".join(lines), encoding="utf-8")
    return tmp_path


def with_menu(html: str, language: str) -> str:
    """What an extractor makes of a page: the menu above the text is in it."""
    return f"Ещё чай\n\n{html.removeprefix('<p>')}"


def text_only(html: str, language: str) -> str:
    return html.removeprefix("<p>")


def changes(
    monkeypatch: pytest.MonkeyPatch, corpora: Path, **extractors: Callable[[str, str], str]
) -> dict[str, pd.DataFrame]:
    monkeypatch.setattr(recipe, "find_peer", extractors.__getitem__)
    return dict(score_over(MATERIAL, corpora, list(extractors), 1))


# Two words of a menu beside as many as a text has.
F1 = {"before": np.mean([n / (n + 1) for n in (15, 15, 10)]), "after": 1.0}


@pytest.mark.parametrize(("column", "f1"), F1.items())
def test_score_over_an_extractor_that_leaves_a_menu(
    monkeypatch: pytest.MonkeyPatch, corpora: Path, folds: Any, column: str, f1: float
) -> None:
    table = changes(monkeypatch, corpora, ёж=with_menu)["ёж"]
    assert table.loc["modern-ru", column] == pytest.approx(f1)


@pytest.mark.parametrize(("column", "f1"), [("before", 1.0), ("after", 0.0), ("change", -1.0)])
def test_score_over_an_extractor_that_leaves_only_the_text(
    monkeypatch: pytest.MonkeyPatch, corpora: Path, folds: Any, column: str, f1: float
) -> None:
    assert changes(monkeypatch, corpora, ёж=text_only)["ёж"].loc["modern-ru", column] == f1


def test_score_over_pages_of_which_nothing_is_extracted(
    monkeypatch: pytest.MonkeyPatch, corpora: Path, folds: Any
) -> None:
    def some(html: str, language: str) -> str:
        return text_only(html, language) if "Паром" in html else ""

    table = changes(monkeypatch, corpora, ёж=some)["ёж"]
    assert table.loc["modern-ru", ["pages", "before"]].tolist() == [3, pytest.approx(1 / 3)]


def test_score_over_extractors_in_their_order(
    monkeypatch: pytest.MonkeyPatch, corpora: Path, folds: Any
) -> None:
    assert list(changes(monkeypatch, corpora, йод=with_menu, ёж=text_only)) == ["йод", "ёж"]


def test_score_over_an_extractor_learns_from_the_material(
    monkeypatch: pytest.MonkeyPatch, corpora: Path, folds: list[tuple[list[str], list[str]]]
) -> None:
    changes(monkeypatch, corpora, ёж=with_menu)
    ((learned, tested),) = folds
    assert (learned, len(tested)) == (LEARNED["text"], len(PUBLISHED))


def test_missing_extractor_is_told_before_any_is_scored(
    monkeypatch: pytest.MonkeyPatch, corpora: Path, folds: list[Any]
) -> None:
    def find(name: str) -> Callable[[str, str], str]:
        if name == "йод":
            raise LabeledDataError("йод is not installed")
        return with_menu

    monkeypatch.setattr(recipe, "find_peer", find)
    with pytest.raises(LabeledDataError, match="йод is not installed"):
        score_over(MATERIAL, corpora, ["ёж", "йод"], 1)
    assert folds == []
