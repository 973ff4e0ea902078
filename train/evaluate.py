"""Out-of-fold scores, folds by site: what the table in the README shows.

Every page is scored by a cascade that saw no page of its site. The recipe is the packaged
model's own; nothing in it was chosen on the fold that is scored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from classifier.decision import page_threshold
from classifier.features.characters import Floats
from train.fit import fit_cascade
from train.folds import site_folds
from train.gather import kept_words
from train.pages import LabeledPage
from train.progress import progress
from train.score import WordScore, calibration_error, word_score
from train.tables import take_pages, training_table

OUTER_FOLDS = 5


@dataclass(frozen=True, slots=True)
class ScoredPage:
    """A page with its out-of-fold probabilities and the scores of what they keep."""

    page: LabeledPage
    fold: int
    probabilities: Floats
    words: WordScore


def out_of_fold(pages: Sequence[LabeledPage], n_jobs: int = 2) -> list[ScoredPage]:
    """Score every page with a cascade that was fitted on the other folds."""
    folds = site_folds([page.site for page in pages], OUTER_FOLDS)
    training = training_table(pages)
    scored: dict[int, ScoredPage] = {}
    for fold in progress(range(OUTER_FOLDS), "folds"):
        held_out = folds == fold
        cascade = fit_cascade(take_pages(training, ~held_out), n_jobs)
        test = take_pages(training, held_out).table
        probabilities = cascade.predict(test)
        for place, number in enumerate(np.flatnonzero(held_out).tolist()):
            rows = slice(test.bounds[place], test.bounds[place + 1])
            own = probabilities[rows]
            threshold = page_threshold(own, test.word_counts[rows], cascade.decision)
            words = word_score(
                kept_words(pages[number].document, own >= threshold), pages[number].gold
            )
            scored[number] = ScoredPage(pages[number], fold, own, words)
    return [scored[number] for number in range(len(pages))]


def score_table(scored: Sequence[ScoredPage]) -> pd.DataFrame:
    """A row a corpus, a row a page type of each corpus, a row a language."""
    frame = pd.DataFrame(
        {
            "corpus": [item.page.corpus for item in scored],
            "kind": [item.page.kind for item in scored],
            "language": [item.page.language for item in scored],
        }
    )
    rows = {}
    for corpus, group in frame.groupby("corpus", sort=False):
        rows[corpus] = _summary([scored[number] for number in group.index])
        kinds = group.groupby("kind")
        if kinds.ngroups > 1:
            for kind, members in kinds:
                rows[f"{corpus}: {kind}"] = _summary([scored[number] for number in members.index])
    for language, group in frame.groupby("language"):
        rows[f"language: {language}"] = _summary([scored[number] for number in group.index])
    return pd.DataFrame.from_dict(rows, orient="index")


def _summary(scored: Sequence[ScoredPage]) -> dict[str, float]:
    labels = np.concatenate([item.page.is_content for item in scored])
    probabilities = np.concatenate([item.probabilities for item in scored])
    both = labels.any() and not labels.all()
    return {
        "pages": len(scored),
        "precision": float(np.mean([item.words.precision for item in scored])),
        "recall": float(np.mean([item.words.recall for item in scored])),
        "F1": float(np.mean([item.words.f1 for item in scored])),
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
