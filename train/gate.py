"""The gate: a change may not lose more of the scores that have been reached than noise does.

`gate.json` pins what was reached: the out-of-fold word F1 of every page, run by run, mode by mode,
corpus by corpus, and the digests of the data. Fits that differ in nothing that matters move single
pages up and down, so losses are paired page by page, and only a mean that stands out of their
scatter counts.

There are two runs. The sample takes two minutes and no corpora: one fold, scored from the tables by
a cascade that learned from a part of the others. The texts are the whole evaluation: every fold,
against the gold texts, from the corpora.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from classifier.features.characters import Bools
from train.data import pages_digest
from train.evaluate import OUTER_FOLDS, ScoredPage, predict_pages, score_numbers
from train.fit import fit_cascade
from train.folds import site_folds
from train.labeled import FOLDER, MODES, LabeledDataError
from train.pages import Mode, PageRecord, page_digest
from train.recipe import read_folders, read_material, read_public, score_pages
from train.training import TrainingTable, take_pages

PINNED = Path(__file__).resolve().parent / "gate.json"

Run = Literal["sample", "texts"]
RUNS: tuple[Run, ...] = ("sample", "texts")

LEAST_LOSS = 0.002
"""A mean loss of word F1 up to this is let pass, however sure it is."""

STANDARD_ERRORS = 3
"""How many of its standard errors a loss must exceed: a neutral refit of ten groups exceeds two."""

LEAST_PAGES, GROSS_LOSS = 20, 0.05
"""The scatter of fewer pages says too little of chance: only a gross loss counts there."""

SAMPLE_FOLD = 0
THINNED, SAMPLE_SHARE = ("wcxb", "fundus", "readability"), 3
"""Of these corpora every third page is learned from in the sample, of the others every page."""

PAGE = ["mode", "corpus", "page"]
"""The columns that name a page's score; `page` is the digest of its bytes."""

_PIN = "`python -m train gate --pin`"


@dataclass(frozen=True, slots=True)
class Reached:
    """What a run reached, and from which data.

    `data` has a digest a source. `scores` has a row a page and mode: the columns `PAGE` and `f1`.
    """

    data: Mapping[str, str]
    scores: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a run lost against the pinned scores, and where the two are not comparable."""

    report: pd.DataFrame
    problems: list[str]

    @property
    def passed(self) -> bool:
        """Whether nothing is worse and everything comparable."""
        return not self.problems and not self.report["worse"].any()


def judge(run: Run, pinned: Reached, reached: Reached) -> Verdict:
    """Compare what a run reached with what is pinned."""
    return Verdict(
        report=compare(pinned.scores, reached.scores),
        problems=[*_other_data(run, pinned, reached), *_other_pages(run, pinned, reached)],
    )


def compare(pinned: pd.DataFrame, reached: pd.DataFrame) -> pd.DataFrame:
    """The loss on the pages that both have: a row a mode and corpus.

    `loss` is the mean of what the pages lost, `noise` what it may be by chance: so many of its
    standard errors. Groups of less than `LEAST_PAGES` are worse by a gross loss only.

    >>> pinned = pd.DataFrame({"mode": "html", "corpus": "wcxb", "page": range(20), "f1": 0.9})
    >>> compare(pinned, pinned.assign(f1=0.8))["worse"].tolist()
    [True]
    >>> compare(pinned, pinned.assign(f1=[0.1] + [0.9] * 19))["worse"].tolist()
    [False]
    """
    pages = pinned.merge(reached, on=PAGE, suffixes=("_pinned", "_reached"))
    pages["loss"] = pages["f1_pinned"] - pages["f1_reached"]
    report: pd.DataFrame = pages.groupby(["mode", "corpus"], sort=False, as_index=False).agg(
        pages=("loss", "size"),
        pinned=("f1_pinned", "mean"),
        reached=("f1_reached", "mean"),
        loss=("loss", "mean"),
        noise=("loss", "sem"),
    )
    report["noise"] *= STANDARD_ERRORS
    report["worse"] = report["loss"].gt(LEAST_LOSS) & report["loss"].gt(report["noise"])
    report["worse"] &= report["pages"].ge(LEAST_PAGES) | report["loss"].gt(GROSS_LOSS)
    return report


def _other_data(run: Run, pinned: Reached, reached: Reached) -> Iterator[str]:
    for name in dict.fromkeys([*pinned.data, *reached.data]):
        if pinned.data.get(name) != reached.data.get(name):
            yield f"{run}: the pinned scores were made from another {name}; {_PIN} pins anew"


def _other_pages(run: Run, pinned: Reached, reached: Reached) -> Iterator[str]:
    old, new = (set(pd.MultiIndex.from_frame(side.scores[PAGE])) for side in (pinned, reached))
    if old != new:
        yield (
            f"{run}: {len(old - new)} of the pinned scores are missing, {len(new - old)} are of"
            f" pages that are not pinned; {_PIN} pins anew"
        )


def format_report(run: Run, report: pd.DataFrame) -> Iterator[str]:
    """The report's lines, columns aligned."""
    yield f"{run:<24}{'pages':>6}{'pinned':>9}{'reached':>9}{'loss':>9}{'noise':>9}"
    for row in report.itertuples():
        yield (
            f"{f'{row.mode} {row.corpus}':<24}{row.pages:>6}{row.pinned:>9.4f}{row.reached:>9.4f}"
            f"{row.loss:>9.4f}{row.noise:>9.4f}  {'WORSE' if row.worse else 'ok'}"
        )


def read_pinned(path: Path) -> dict[Run, Reached]:
    """The runs that a file pins; none where there is no file yet."""
    if not path.exists():
        return {}
    try:
        pinned = json.loads(path.read_text(encoding="utf-8"))
        return {run: _read_run(own) for run, own in pinned.items() if run in RUNS}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LabeledDataError(
            f"{path} cannot be read: {error}; restore it, or delete it and run {_PIN}"
        ) from error


def _read_run(pinned: Mapping[str, Any]) -> Reached:
    rows = [
        (mode, corpus, page, f1)
        for mode, corpora in pinned["f1"].items()
        for corpus, pages in corpora.items()
        for page, f1 in pages.items()
    ]
    return Reached(data=pinned["data"], scores=pd.DataFrame(rows, columns=[*PAGE, "f1"]))


def write_pinned(pinned: Mapping[Run, Reached], path: Path) -> None:
    """Pin runs, in place of what a file pinned before; a page has a line, so that changes show."""
    runs = {
        run: {
            "data": dict(pinned[run].data),
            "f1": {
                mode: {
                    corpus: dict(zip(pages["page"], pages["f1"].tolist()))
                    for corpus, pages in corpora.groupby("corpus", sort=False)
                }
                for mode, corpora in pinned[run].scores.groupby("mode", sort=False)
            },
        }
        for run in RUNS
        if run in pinned
    }
    path.write_text(json.dumps(runs, indent=1) + "\n", encoding="utf-8")


def require_pinned(pinned: Mapping[Run, Reached], runs: Sequence[Run], path: Path) -> None:
    """Raise `LabeledDataError` where a run has nothing to be compared with, before it is made."""
    for run in runs:
        if run not in pinned:
            raise LabeledDataError(
                f"{path} has no scores of the {run} yet; {_PIN} pins those that are reached now"
            )


def reach(run: Run, corpora: Path, n_jobs: int) -> Reached:
    """Make a run: fit and score. The sample does not need the corpora."""
    return _reach_sample(n_jobs) if run == "sample" else _reach_texts(corpora, n_jobs)


def _reach_sample(n_jobs: int) -> Reached:
    material = read_material([FOLDER], None, n_jobs)
    scored = {
        mode: score_sample(material.to_learn(mode), material.of_mode(mode), n_jobs)
        for mode in MODES
    }
    return Reached(material.digests, page_scores(scored))


def _reach_texts(corpora: Path, n_jobs: int) -> Reached:
    public = read_public(corpora, n_jobs)
    # Not by the folder's path as in a model's manifest: it lies elsewhere for everyone.
    data = {"corpora": page_digest("".join(page.record.digest for page in public).encode())}
    scored = score_pages(public, read_folders([FOLDER]), n_jobs)
    return Reached(data | pages_digest(FOLDER), page_scores(scored))


def score_sample(training: TrainingTable, table: TrainingTable, n_jobs: int) -> list[ScoredPage]:
    """Score the sample's fold with a cascade that learned from the sample's part of the others."""
    learned, tested = sample_pages(training.pages)
    cascade = fit_cascade(take_pages(training, learned), n_jobs)
    sites = {page.site for page, is_tested in zip(training.pages, tested) if is_tested}
    test = take_pages(table, np.array([page.site in sites for page in table.pages]))
    return score_numbers(test, predict_pages(cascade, test, SAMPLE_FOLD))


def sample_pages(pages: Sequence[PageRecord]) -> tuple[Bools, Bools]:
    """Which pages the sample learns from, and which it is scored on; no site is in both.

    Small corpora are learned from whole: a third of them would teach too little Russian.
    """
    tested: Bools = site_folds([page.site for page in pages], OUTER_FOLDS) == SAMPLE_FOLD
    drawn = [
        page.corpus not in THINNED or int(page.digest, 16) % SAMPLE_SHARE == 0 for page in pages
    ]
    return np.array(drawn, bool) & ~tested, tested


def page_scores(scored: Mapping[Mode, Sequence[ScoredPage]]) -> pd.DataFrame:
    """The word F1 of each page, as it is pinned.

    Corpora hold some pages twice, byte by byte; they share a digest, and count once, by their mean.
    """
    frame = pd.DataFrame(
        [
            (mode, item.record.corpus, item.record.digest, item.words.f1)
            for mode, items in scored.items()
            for item in items
        ],
        columns=[*PAGE, "f1"],
    )
    scores: pd.DataFrame = frame.groupby(PAGE, sort=False, as_index=False)["f1"].mean().round(4)
    return scores
