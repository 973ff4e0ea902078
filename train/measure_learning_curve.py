"""What a user's own pages add: scores on held-out pages, by how many others were learned from.

    python -m train.measure_learning_curve

Our own labelled pages stand for a user's. A third of them is held out, the model learns from the
tables of the public corpora and from so many of the rest, and the held-out pages are scored. That
is done for several splits, and for each number of pages in the same order, so that a larger number
holds the smaller one.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from classifier.model import Cascade
from train.evaluate import predict_pages, score_numbers
from train.fit import fit_cascade
from train.labeled import FOLDER, MODES, read_labeled
from train.pages import Mode
from train.progress import progress
from train.recipe import USERS_CORPUS, Material
from train.tables import TABLES, read_tables
from train.training import LabeledFacts, TrainingTable, labeled_facts

HELD_OUT = 1 / 3


def learning_curve(
    counts: Sequence[int], splits: int, mode: Mode, folder: Path, n_jobs: int
) -> pd.DataFrame:
    """Mean word F1 on held-out pages: a row a number of pages, a column a split."""
    public = read_tables(folder / TABLES)
    pages = [page for page in read_labeled(folder, USERS_CORPUS) if page.mode == "html"]
    runs = [(split, count) for split in range(splits) for count in counts]
    scores = {}
    for split, count in progress(runs, f"{mode} mode"):
        order = np.random.default_rng(split).permutation(len(pages))
        held_out, rest = np.split(order, [int(len(pages) * HELD_OUT)])
        own = labeled_facts([pages[number] for number in rest[:count]])
        cascade = fit_cascade(_material(public + own).to_learn(mode), n_jobs)
        test = _material(labeled_facts([pages[number] for number in held_out])).of_mode(mode)
        scores[count, split] = _mean_f1(cascade, test)
    return pd.Series(scores).unstack()


def _material(html: list[LabeledFacts]) -> Material:
    return Material(html=html, text=[], digests={})


def _mean_f1(cascade: Cascade, test: TrainingTable) -> float:
    scored = score_numbers(test, predict_pages(cascade, test))
    return float(np.mean([page.words.f1 for page in scored]))


def main() -> None:
    """Print a table a mode."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--counts", type=int, nargs="+", default=[0, 5, 10, 20, 40])
    parser.add_argument("--splits", type=int, default=3)
    parser.add_argument("--labeled", type=Path, default=FOLDER)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    for mode in MODES:
        curve = learning_curve(options.counts, options.splits, mode, options.labeled, options.jobs)
        print(f"\n{mode} mode, word F1 on held-out pages by number of own pages learned from")
        print(curve.assign(mean=curve.mean(axis=1)).to_string(float_format="{:.3f}".format))


if __name__ == "__main__":
    main()
