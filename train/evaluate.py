"""Out-of-fold scores, folds by site: what the tables in the README and the model card show.

Every page is scored by a cascade that saw no page of its site. The recipe is the packaged
model's own. What is fitted never sees the fold that is scored; the recipe's few constants (weights
of corpora, sizes, decay) were chosen by such scores on these corpora, as EXPERIMENTS.md records,
so the scores are a little kind to it.

Words are scored in one of two ways. With the pages at hand, the kept text is compared with the gold
text word by word. From the tables, which hold no text, a block counts the words of it that stand
in the gold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from classifier.decision import page_threshold
from classifier.features.characters import Bools, Floats
from classifier.model import Cascade
from train.fit import fit_cascade
from train.folds import site_folds
from train.gather import kept_words
from train.labeled import LabeledDataError
from train.pages import LabeledPage, PageRecord
from train.progress import progress
from train.score import WordScore, calibration_error, counted_score, word_score
from train.training import TrainingTable, take_pages

OUTER_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a cascade that did not see a page's site says of its blocks."""

    fold: int
    probabilities: Floats
    threshold: float

    @property
    def kept(self) -> Bools:
        """Which blocks are taken for content."""
        kept: Bools = self.probabilities >= self.threshold
        return kept


@dataclass(frozen=True, slots=True)
class ScoredPage:
    """A page's labels, out-of-fold probabilities, and the score of what they keep."""

    record: PageRecord
    fold: int
    is_content: Bools
    probabilities: Floats
    words: WordScore


def out_of_fold(training: TrainingTable, test: TrainingTable, n_jobs: int = 2) -> list[Prediction]:
    """Predict every page of `test` with a cascade that saw no page of its site."""
    if len(set(training.sites)) < 2 * OUTER_FOLDS:
        raise LabeledDataError(
            f"{len(set(training.sites))} sites are too few to score out of fold;"
            f" {2 * OUTER_FOLDS} are needed, `fit --unscored` fits without"
        )
    folds = site_folds(training.sites, OUTER_FOLDS)
    fold_of = dict(zip(training.sites, folds.tolist()))
    # A site that is not learned from is unseen in every fold.
    test_folds = np.array([fold_of.get(site, 0) for site in test.sites])
    predictions: dict[int, Prediction] = {}
    for fold in progress(range(OUTER_FOLDS), "folds"):
        held_out = test_folds == fold
        cascade = fit_cascade(take_pages(training, folds != fold), n_jobs)
        tested = predict_pages(cascade, take_pages(test, held_out), fold)
        predictions.update(zip(np.flatnonzero(held_out).tolist(), tested))
    return [predictions[number] for number in range(len(test.pages))]


def predict_pages(cascade: Cascade, test: TrainingTable, fold: int = 0) -> list[Prediction]:
    """What a cascade says of every page of a table."""
    table = test.table
    probabilities = cascade.predict(table)
    predictions = []
    for start, end in zip(table.bounds, table.bounds[1:]):
        own, words = probabilities[start:end], table.word_counts[start:end]
        threshold = page_threshold(own, words, cascade.decision)
        predictions.append(Prediction(fold, own, threshold))
    return predictions


def score_texts(
    pages: Sequence[LabeledPage], predictions: Sequence[Prediction]
) -> list[ScoredPage]:
    """Scores by the kept text against the gold text."""
    return [
        ScoredPage(
            record=page.record,
            fold=prediction.fold,
            is_content=page.is_content,
            probabilities=prediction.probabilities,
            words=word_score(kept_words(page.document, prediction.kept), page.gold),
        )
        for page, prediction in zip(pages, predictions)
    ]


def score_numbers(test: TrainingTable, predictions: Sequence[Prediction]) -> list[ScoredPage]:
    """Scores by the number of words that stand in the gold text."""
    bounds = test.table.bounds
    return [
        ScoredPage(
            record=record,
            fold=prediction.fold,
            is_content=test.is_content[start:end],
            probabilities=prediction.probabilities,
            words=counted_score(
                int(test.alignment.aligned[start:end] @ prediction.kept),
                int(test.alignment.words[start:end] @ prediction.kept),
                record.gold_words,
            ),
        )
        for record, start, end, prediction in zip(test.pages, bounds, bounds[1:], predictions)
    ]


def score_table(scored: Sequence[ScoredPage]) -> pd.DataFrame:
    """A row a corpus, a row a page type of each corpus, a row a language."""
    frame = pd.DataFrame([{"item": item, **_groups(item.record)} for item in scored])
    rows = {}
    for corpus, group in frame.groupby("corpus", sort=False):
        rows[corpus] = _summary(group["item"])
        for column in ("language", "kind"):
            parts = group.groupby(column)
            if parts.ngroups > 1:
                for name, members in parts:
                    rows[f"{corpus}: {name}"] = _summary(members["item"])
    return pd.DataFrame.from_dict(rows, orient="index")


def change_table(before: Sequence[ScoredPage], after: Sequence[ScoredPage]) -> pd.DataFrame:
    """A row a corpus: the mean word F1 of the same pages before and after."""
    frame = pd.DataFrame(
        {
            "corpus": [item.record.corpus for item in before],
            "before": [item.words.f1 for item in before],
            "after": [item.words.f1 for item in after],
        }
    )
    by_corpus = frame.groupby("corpus", sort=False)
    table = by_corpus.mean()
    table.insert(0, "pages", by_corpus.size())
    return table.assign(change=table["after"] - table["before"])


def _groups(record: PageRecord) -> dict[str, str]:
    return {"corpus": record.corpus, "language": record.language, "kind": record.kind}


def _summary(scored: Sequence[ScoredPage]) -> dict[str, float]:
    labels = np.concatenate([item.is_content for item in scored])
    probabilities = np.concatenate([item.probabilities for item in scored])
    f1 = np.array([item.words.f1 for item in scored])
    folds = np.array([item.fold for item in scored])
    both = labels.any() and not labels.all()
    return {
        "pages": len(f1),
        "precision": float(np.mean([item.words.precision for item in scored])),
        "recall": float(np.mean([item.words.recall for item in scored])),
        "F1": float(f1.mean()),
        "spread": float(np.std([f1[folds == fold].mean() for fold in np.unique(folds)])),
        "ROC AUC": float(roc_auc_score(labels, probabilities)) if both else float("nan"),
        "ECE": calibration_error(probabilities, labels),
    }


def format_table(frame: pd.DataFrame) -> Iterator[str]:
    """The table's lines, columns aligned."""
    width = max(len(str(name)) for name in frame.index)
    yield " " * width + "".join(f"{name:>11}" for name in frame.columns)
    for name, row in frame.iterrows():
        values = "".join(
            f"{int(value):>11}" if column == "pages" else f"{value:>11.3f}"
            for column, value in row.items()
        )
        yield f"{name!s:<{width}}{values}"
