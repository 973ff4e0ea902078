"""Out-of-fold predictions and their scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest

from classifier.blocks import Block, Blocks, Document
from classifier.features import FeatureTable
from classifier.model import Model
from train import evaluate
from train.align import align_labels, words
from train.evaluate import (
    OUTER_FOLDS,
    Prediction,
    ScoredPage,
    change_table,
    format_table,
    out_of_fold,
    score_numbers,
    score_table,
    score_texts,
)
from train.labeled import LabeledDataError
from train.pages import LabeledPage, PageRecord
from train.score import WordScore, counted_score
from train.training import (
    LabeledFacts,
    TrainingTable,
    labeled_facts,
    leftovers,
    training_table,
    without_markup,
)

BREVE, DIAERESIS = "\N{COMBINING BREVE}", "\N{COMBINING DIAERESIS}"
ACUTE = "\N{COMBINING ACUTE ACCENT}"
HEART = "\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16}"
BOLD = "\N{MATHEMATICAL BOLD CAPITAL A}\N{MATHEMATICAL BOLD CAPITAL B}"


def labeled(blocks: str, site: str = "ёж", corpus: str = "наши") -> LabeledPage:
    """A page of blocks with a sign each: + content, - noise."""
    texts = [block[1:] for block in blocks.split("|")]
    is_content = np.array([block[0] == "+" for block in blocks.split("|")], bool)
    gold = [word for text, content in zip(texts, is_content) if content for word in words(text)]
    return LabeledPage(
        id=site,
        mode="text",
        document=Document(Blocks.of(map(Block, texts))),
        record=PageRecord(corpus, "0123", site, "ru", "чай", len(gold)),
        is_content=is_content,
        alignment=align_labels(texts, is_content),
        sure=np.ones(len(texts), bool),
        gold=gold,
    )


def predicted(*probabilities: float, threshold: float = 0.5, fold: int = 0) -> Prediction:
    return Prediction(fold, np.array(probabilities, np.float64), threshold)


def by_numbers(page: LabeledPage, prediction: Prediction) -> WordScore:
    (scored,) = score_numbers(training_table(labeled_facts([page])), [prediction])
    return scored.words


def by_texts(page: LabeledPage, prediction: Prediction) -> WordScore:
    (scored,) = score_texts([page], [prediction])
    return scored.words


SCORED = {
    # blocks, their probabilities, precision, recall
    "all right, english": ("-Home|+Tea is hot", (0.1, 0.9), 1, 1),
    "all right, russian": ("-Меню|+Ещё чай и йод", (0.1, 0.9), 1, 1),
    "all right, decomposed": (f"-Меню|+Еще{DIAERESIS} чаи{BREVE}", (0.1, 0.9), 1, 1),
    "noise kept, english": ("-Home|+Tea is hot", (0.9, 0.9), 3 / 4, 1),
    "noise kept, russian": ("-Меню ёж|+Ещё чай", (0.9, 0.9), 2 / 4, 1),
    "content lost, english": ("+Tea is hot|+Jam", (0.9, 0.1), 1, 3 / 4),
    "content lost, mixed": ("+Мой USB ещё жив|+so is the tea", (0.9, 0.1), 1, 1 / 2),
    "nothing kept": ("-Меню|+Ёж", (0.1, 0.1), 0, 0),
    "only noise kept": ("-Меню|+Ёж", (0.9, 0.1), 0, 0),
    "nothing to keep": ("-Меню|-Ёж", (0.1, 0.1), 1, 1),
    "nothing to keep, noise kept": ("-Меню|-Ёж", (0.9, 0.1), 0, 0),
    "no words": ("+—|-Ёж", (0.9, 0.1), 1, 1),
    # The facts of inference count these words otherwise than the scores do.
    "heart": (f"+tea {HEART}|+чай {HEART}", (0.9, 0.1), 1, 1 / 2),
    "stress": (f"+за{ACUTE}мок|+ёж", (0.9, 0.1), 1, 2 / 3),
    "mathematical letters": (f"+{BOLD}|+йод", (0.9, 0.1), 1, 1 / 2),
    "noise of such words": (f"-{BOLD} {HEART}|+Tea|-за{ACUTE}мок", (0.9, 0.9, 0.9), 1 / 4, 1),
}
EVERY_SCORED = pytest.mark.parametrize(
    ("blocks", "probabilities", "precision", "recall"), SCORED.values(), ids=SCORED
)


@EVERY_SCORED
def test_score_by_numbers(
    blocks: str, probabilities: tuple[float, ...], precision: float, recall: float
) -> None:
    found = by_numbers(labeled(blocks), predicted(*probabilities))
    assert found[:2] == pytest.approx((precision, recall))


@EVERY_SCORED
def test_score_by_texts_is_the_same(
    blocks: str, probabilities: tuple[float, ...], precision: float, recall: float
) -> None:
    page, prediction = labeled(blocks), predicted(*probabilities)
    assert by_texts(page, prediction) == pytest.approx(by_numbers(page, prediction))


@pytest.mark.parametrize(("threshold", "recall"), [(0.3, 1.0), (0.6, 0.5), (0.7, 0.5), (0.9, 0)])
@pytest.mark.parametrize("score", [by_numbers, by_texts])
def test_threshold_of_the_page(score: Any, threshold: float, recall: float) -> None:
    found = score(labeled("+Ёж|+tea"), predicted(0.7, 0.5, threshold=threshold))
    assert found.recall == recall


def test_block_counts_only_the_words_that_stand_in_the_gold() -> None:
    training = training_table(labeled_facts([labeled("+Ёж и чай|+tea")]))
    training.alignment.aligned[0] = 1
    (scored,) = score_numbers(training, [predicted(0.9, 0.1)])
    assert scored.words == counted_score(1, 3, 4)


def test_each_page_has_its_own_score() -> None:
    pages = [labeled("+Ёж"), labeled("-Меню|+Tea|+чай"), labeled("+йод")]
    predictions = [predicted(0.9), predicted(0.1, 0.9, 0.1), predicted(0.1)]
    scored = score_numbers(training_table(labeled_facts(pages)), predictions)
    assert [item.words.recall for item in scored] == [1, 0.5, 0]


def test_each_page_has_its_own_labels() -> None:
    pages = [labeled("+Ёж"), labeled("-Меню|+Tea")]
    predictions = [predicted(0.9), predicted(0.1, 0.9)]
    scored = score_numbers(training_table(labeled_facts(pages)), predictions)
    assert [item.is_content.tolist() for item in scored] == [[True], [False, True]]


COUNTED = {
    "half of each": (2, 4, 4, (0.5, 0.5, 0.5)),
    "too much": (2, 8, 2, (0.25, 1.0, 0.4)),
    "too little": (2, 2, 8, (1.0, 0.25, 0.4)),
    "nothing at all": (0, 0, 0, (1.0, 1.0, 1.0)),
    "nothing kept": (0, 0, 3, (0.0, 0.0, 0.0)),
    "nothing to keep": (0, 3, 0, (0.0, 0.0, 0.0)),
    "nothing shared": (0, 3, 3, (0.0, 0.0, 0.0)),
}


@pytest.mark.parametrize(("shared", "kept", "gold", "score"), COUNTED.values(), ids=COUNTED)
def test_counted_score(shared: int, kept: int, gold: int, score: tuple[float, ...]) -> None:
    assert counted_score(shared, kept, gold) == pytest.approx(score)


def scored_page(
    corpus: str = "наши",
    language: str = "ru",
    kind: str = "чай",
    fold: int = 0,
    words: tuple[float, float, float] = (1.0, 1.0, 1.0),
    labels: str = "-+",
    probabilities: Sequence[float] = (0.1, 0.9),
) -> ScoredPage:
    return ScoredPage(
        record=PageRecord(corpus, "0123", "сайт", language, kind, 7),
        fold=fold,
        is_content=np.array([sign == "+" for sign in labels], bool),
        probabilities=np.array(probabilities, np.float64),
        words=WordScore(*words),
    )


FOUR = [
    scored_page("наши", "ru", "чай", 0, (0.5, 1.0, 0.6)),
    scored_page("наши", "en", "чай", 0, (1.0, 0.5, 0.8), "+-", (0.1, 0.9)),
    scored_page("наши", "ru", "йод", 1, (0.0, 0.0, 0.1)),
    scored_page("ещё", "en", "tea", 2, (0.75, 0.5, 0.6), "++", (0.9, 0.9)),
]

ROWS = ["наши", "наши: en", "наши: ru", "наши: йод", "наши: чай", "ещё"]


def test_rows() -> None:
    assert list(score_table(FOUR).index) == ROWS


def test_columns() -> None:
    columns = ["pages", "precision", "recall", "F1", "spread", "ROC AUC", "ECE"]
    assert list(score_table(FOUR).columns) == columns


CELLS = {
    "pages of a corpus": ("наши", "pages", 3),
    "pages of a language": ("наши: ru", "pages", 2),
    "pages of a kind": ("наши: чай", "pages", 2),
    "precision": ("наши", "precision", 0.5),
    "precision of a language": ("наши: ru", "precision", 0.25),
    "recall": ("наши", "recall", 0.5),
    "recall of a kind": ("наши: чай", "recall", 0.75),
    "F1": ("наши", "F1", 0.5),
    "F1 of another corpus": ("ещё", "F1", 0.6),
    "spread of two folds": ("наши", "spread", 0.3),
    "spread of a kind": ("наши: чай", "spread", 0.0),
    "spread of one fold": ("ещё", "spread", 0.0),
    "ROC AUC": ("наши", "ROC AUC", 6 / 9),
    "ROC AUC of a language": ("наши: en", "ROC AUC", 0.0),
    "ROC AUC of one label": ("ещё", "ROC AUC", float("nan")),
    "ECE": ("наши: ru", "ECE", 0.1),
    "ECE of a language": ("наши: en", "ECE", 0.9),
}


@pytest.mark.parametrize(("row", "column", "value"), CELLS.values(), ids=CELLS)
def test_cell(row: str, column: str, value: float) -> None:
    assert score_table(FOUR).loc[row, column] == pytest.approx(value, nan_ok=True)


def test_one_language_and_one_kind_have_no_rows() -> None:
    assert list(score_table([scored_page(), scored_page()]).index) == ["наши"]


BETTER = [
    scored_page("наши", words=(1.0, 1.0, 0.9)),
    scored_page("наши", words=(1.0, 1.0, 0.7)),
    scored_page("наши", words=(1.0, 1.0, 0.2)),
    scored_page("ещё", words=(1.0, 1.0, 0.5)),
]

CHANGES = {
    "pages": ("наши", "pages", 3),
    "before": ("наши", "before", 0.5),
    "after": ("наши", "after", 0.6),
    "better": ("наши", "change", 0.1),
    "pages of another corpus": ("ещё", "pages", 1),
    "before in another corpus": ("ещё", "before", 0.6),
    "after in another corpus": ("ещё", "after", 0.5),
    "worse": ("ещё", "change", -0.1),
}


@pytest.mark.parametrize(("row", "column", "value"), CHANGES.values(), ids=CHANGES)
def test_change(row: str, column: str, value: float) -> None:
    assert change_table(FOUR, BETTER).loc[row, column] == pytest.approx(value)


def test_rows_of_changes_are_in_the_order_of_the_pages() -> None:
    assert list(change_table(FOUR, BETTER).index) == ["наши", "ещё"]


def test_columns_of_changes() -> None:
    assert list(change_table(FOUR, BETTER).columns) == ["pages", "before", "after", "change"]


def test_printed_table_has_aligned_columns() -> None:
    assert len({len(line) for line in format_table(score_table(FOUR))}) == 1


def test_printed_table_has_whole_pages_and_three_places() -> None:
    frame = pd.DataFrame({"pages": [2.0], "F1": [0.61251]}, index=["ёж"])
    assert list(format_table(frame))[1].split() == ["ёж", "2", "0.613"]


@dataclass
class Recorder:
    """Stands in for fitting: keeps the sites that each fit saw, and who predicts which rows."""

    model: Model
    saw: list[set[str]]

    def __call__(self, training: TrainingTable, n_jobs: int) -> Recorder:
        self.saw.append(set(training.sites))
        return self

    @property
    def decision(self) -> Any:
        return self.model.html.decision

    def predict(self, table: FeatureTable) -> Any:
        """A probability that says which fit it is, and the row's words."""
        return (len(self.saw) + table.word_counts / 1000) / 10


@pytest.fixture
def recorder(model: Model, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    recorder = Recorder(model, [])
    monkeypatch.setattr(evaluate, "fit_cascade", recorder)
    return recorder


def of_sites(*sites: str) -> TrainingTable:
    blocks = "-Меню|+Ещё ёж пил чай|+Tea is hot"
    return training_table(labeled_facts([labeled(blocks, site) for site in sites]))


SITES = [f"сайт-{number % 13}" for number in range(30)]


def test_fit_never_saw_the_site_that_it_predicts(recorder: Recorder) -> None:
    training = of_sites(*SITES)
    predictions = out_of_fold(training, training, n_jobs=1)
    seen = [site in recorder.saw[p.fold] for site, p in zip(training.sites, predictions)]
    assert not any(seen)


def test_fit_sees_all_other_folds(recorder: Recorder) -> None:
    training = of_sites(*SITES)
    predictions = out_of_fold(training, training, n_jobs=1)
    others = [
        {site for site, p in zip(SITES, predictions) if p.fold != fold}
        for fold in range(OUTER_FOLDS)
    ]
    assert recorder.saw == others


def test_one_fit_a_fold(recorder: Recorder) -> None:
    training = of_sites(*SITES)
    out_of_fold(training, training, n_jobs=1)
    assert len(recorder.saw) == OUTER_FOLDS


def test_prediction_is_the_fold_s_own(recorder: Recorder) -> None:
    training = of_sites(*SITES)
    predictions = out_of_fold(training, training, n_jobs=1)
    fits = [{int(value * 10) for value in p.probabilities.tolist()} for p in predictions]
    assert fits == [{prediction.fold + 1} for prediction in predictions]


def test_prediction_a_block(recorder: Recorder) -> None:
    pages = [labeled("+ёж|-Меню" * (number % 3 + 1), f"сайт-{number}") for number in range(12)]
    training = training_table(labeled_facts(pages))
    predictions = out_of_fold(training, training, n_jobs=1)
    sizes = [prediction.probabilities.size for prediction in predictions]
    assert sizes == [len(page.document.blocks) for page in pages]


def test_predictions_are_in_the_order_of_the_pages(recorder: Recorder) -> None:
    pages = [labeled("+" + "чай " * (number + 1), f"сайт-{number}") for number in range(12)]
    training = training_table(labeled_facts(pages))
    predictions = out_of_fold(training, training, n_jobs=1)
    found = [round(p.probabilities[0] * 10 % 1 * 1000) for p in predictions]
    assert found == list(range(1, 13))


def test_blocks_of_the_test_table_are_predicted(recorder: Recorder) -> None:
    test = training_table(labeled_facts([labeled("+ёж", site) for site in SITES]))
    predictions = out_of_fold(of_sites(*SITES), test, n_jobs=1)
    assert {prediction.probabilities.size for prediction in predictions} == {1}


def with_leftovers(*sites: str) -> TrainingTable:
    """The pages of `of_sites`, and after all of them what extractions leave of them."""
    blocks = "-Меню|+Ещё ёж пил чай|+Tea is hot"
    chunks = labeled_facts([labeled(blocks, site) for site in sites])
    return training_table(chunks + [left for chunk in chunks for left in leftovers(chunk)])


def test_there_are_more_leftovers_than_pages() -> None:
    assert len(with_leftovers(*SITES).pages) == 4 * len(SITES)


def test_fit_saw_no_leftover_of_the_site_that_it_predicts(recorder: Recorder) -> None:
    predictions = out_of_fold(with_leftovers(*SITES), of_sites(*SITES), n_jobs=1)
    seen = [site in recorder.saw[p.fold] for site, p in zip(SITES, predictions)]
    assert not any(seen)


def test_fit_sees_the_leftovers_of_all_other_folds(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []

    def counting(training: TrainingTable, n_jobs: int) -> Recorder:
        sizes.append(len(training.pages))
        return recorder(training, n_jobs)

    monkeypatch.setattr(evaluate, "fit_cascade", counting)
    predictions = out_of_fold(with_leftovers(*SITES), of_sites(*SITES), n_jobs=1)
    others = [sum(p.fold != fold for p in predictions) for fold in range(OUTER_FOLDS)]
    assert sizes == [4 * count for count in others]


def test_prediction_a_page_of_the_test_table(recorder: Recorder) -> None:
    predictions = out_of_fold(with_leftovers(*SITES), of_sites(*SITES), n_jobs=1)
    assert [p.probabilities.size for p in predictions] == [3] * len(SITES)


def test_predictions_are_in_the_order_of_the_test_pages(recorder: Recorder) -> None:
    sites = [f"сайт-{number}" for number in range(12)]
    pages = [labeled("+" + "чай " * (number + 1), site) for number, site in enumerate(sites)]
    test = training_table(labeled_facts(pages[::-1]))
    predictions = out_of_fold(with_leftovers(*sites), test, n_jobs=1)
    found = [round(p.probabilities[0] * 10 % 1 * 1000) for p in predictions]
    assert found == list(range(12, 0, -1))


def test_site_that_is_not_learned_from_is_predicted(recorder: Recorder) -> None:
    test = training_table(labeled_facts([labeled("+ёж|-чай", site) for site in ("tea", *SITES)]))
    predictions = out_of_fold(of_sites(*SITES), test, n_jobs=1)
    assert [p.probabilities.size for p in predictions] == [2] * (1 + len(SITES))


def test_only_sites_that_are_not_learned_from(recorder: Recorder) -> None:
    predictions = out_of_fold(of_sites(*SITES), of_sites("tea", "йод"), n_jobs=1)
    assert [p.probabilities.size for p in predictions] == [3, 3]


@pytest.mark.parametrize("sites", [["ёж"] * 20, SITES[:9], ["tea", "чай"] * 8])
def test_too_few_sites(sites: list[str]) -> None:
    training = of_sites(*sites)
    with pytest.raises(LabeledDataError, match=f"^{len(set(sites))} sites are too few"):
        out_of_fold(training, training, n_jobs=1)


def test_enough_sites(recorder: Recorder) -> None:
    training = of_sites(*SITES[:10])
    assert len(out_of_fold(training, training, n_jobs=1)) == 10


@pytest.fixture(scope="module")
def small_predictions(
    facts: list[LabeledFacts], quick_fit: None
) -> tuple[TrainingTable, list[Prediction]]:
    training = training_table([without_markup(chunk) for chunk in facts])
    return training, out_of_fold(training, training, n_jobs=1)


def test_real_fits_predict_every_block(
    small_predictions: tuple[TrainingTable, list[Prediction]],
) -> None:
    training, predictions = small_predictions
    sizes = [prediction.probabilities.size for prediction in predictions]
    assert sizes == np.diff(training.table.bounds).tolist()


def test_real_fits_give_probabilities(
    small_predictions: tuple[TrainingTable, list[Prediction]],
) -> None:
    values = np.concatenate([prediction.probabilities for prediction in small_predictions[1]])
    assert ((values >= 0) & (values <= 1)).all()


def test_real_fits_know_content_better_than_chance(
    small_predictions: tuple[TrainingTable, list[Prediction]],
) -> None:
    table = score_table(score_numbers(*small_predictions))
    assert table.loc["labeled", "ROC AUC"] > 0.7


def test_same_pages_give_the_same_predictions(
    facts: list[LabeledFacts], quick_fit: None, small_predictions: Any
) -> None:
    training, predictions = small_predictions
    again = out_of_fold(training, training, n_jobs=1)
    assert [p.probabilities.tolist() for p in again] == [
        p.probabilities.tolist() for p in predictions
    ]
