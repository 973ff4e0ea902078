"""The model card that a training run writes: data, scores, reliability, pictures, limits.

After Mitchell et al. 2019, "Model cards for model reporting". Nothing in the card is written by
hand: its numbers are those of the run, and so are its pictures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from sklearn.metrics import precision_recall_curve

from train.evaluate import ScoredPage, score_table
from train.pages import Mode

CARD = "MODEL_CARD.md"
RELIABILITY, PRECISION_RECALL = "reliability.svg", "precision_recall.svg"

RELIABILITY_BINS = 15
LOST = 0.5
"""A page whose word F1 is below this counts as lost."""

MOST_CURVE_POINTS = 200

Scored = Mapping[Mode, Sequence[ScoredPage]]


def write_card(folder: Path, manifest: Mapping[str, Any], digest: str, scored: Scored) -> Path:
    """Write the card and its pictures beside a model; returns the card's path."""
    _draw(folder / RELIABILITY, scored, _draw_reliability)
    _draw(folder / PRECISION_RECALL, scored, _draw_precision_recall)
    text = "\n".join(_card(manifest, digest, scored)) + "\n"
    (folder / CARD).write_text(text, encoding="utf-8")
    return folder / CARD


def _card(manifest: Mapping[str, Any], digest: str, scored: Scored) -> Iterator[str]:
    yield "# Model card"
    yield ""
    yield "Written by `python -m train fit`; do not edit. The model labels each block of a web"
    yield "page, HTML or plain text, English or Russian, as content or noise, with a probability."
    yield ""
    yield f"SHA-256 of the model file: `{digest}`"
    yield ""
    yield "## What it was trained on"
    yield ""
    yield from _markdown(
        pd.DataFrame(
            {"pages": manifest["trained_on"].values()}, index=pd.Index(manifest["trained_on"])
        )
    )
    yield ""
    yield "Where the pages come from and how they were labelled: `labeled/README.md`. SHA-256 of"
    yield "the training data:"
    yield ""
    for name, value in manifest["data"].items():
        yield f"- `{name}`: `{value}`"
    yield ""
    versions = ", ".join(f"{name} {version}" for name, version in manifest["libraries"].items())
    yield f"Fitted with {versions}. Prediction needs none of them but NumPy."
    yield ""
    yield "## Scores"
    yield ""
    yield "Out of fold: every page is scored by models that saw no page of its site. Precision,"
    yield "recall and F1 are over words, mean over pages: a kept block counts the words of it that"
    yield "stand in the page's gold text. `spread` is the standard deviation of the folds' F1;"
    yield "`ROC AUC` and `ECE` (expected calibration error, 15 bins) are over blocks."
    for mode, items in scored.items():
        yield ""
        yield f"### {mode} mode"
        yield ""
        yield from _markdown(score_table(items))
    yield ""
    yield "## Are the probabilities true?"
    yield ""
    yield "Of the blocks with a probability near 0.8, about 80 % should be content."
    yield ""
    yield f"![Share of content among blocks by probability]({RELIABILITY})"
    yield ""
    yield "## What a threshold trades"
    yield ""
    yield "Precision and recall of blocks over all thresholds."
    yield ""
    yield f"![Precision against recall, by corpus]({PRECISION_RECALL})"
    yield ""
    yield "## Known failures"
    yield ""
    yield f"The share of pages with a word F1 below {LOST}, and where it is highest:"
    for mode, items in scored.items():
        yield ""
        yield from _markdown(_losses(items, mode))
    yield ""
    yield "Other languages than English and Russian were hardly trained on, and are not aimed at."
    yield "A page whose content is many short pieces (a shop's category, a list of links) differs"
    yield "little from its menus and fares worst above. Comments count as noise, forum posts as"
    yield "content: a page of another kind whose posts look like comments is decided one way or the"
    yield "other as a whole."


def _losses(scored: Sequence[ScoredPage], mode: str) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "group": [f"{item.record.corpus}: {item.record.kind}" for item in scored],
            "lost": [item.words.f1 < LOST for item in scored],
        }
    )
    groups = frame.groupby("group")["lost"].agg(["size", "mean"])
    groups.columns = pd.Index(["pages", f"lost in {mode} mode"])
    enough = groups[groups["pages"] >= 5]
    return enough.sort_values(f"lost in {mode} mode", ascending=False).head(6)


def _markdown(frame: pd.DataFrame) -> Iterator[str]:
    """A table of whole numbers (`pages`) and of numbers with three places."""
    yield "| | " + " | ".join(map(str, frame.columns)) + " |"
    yield "|---|" + "---:|" * len(frame.columns)
    for name, row in frame.iterrows():
        cells = [
            f"{int(value)}" if column == "pages" else f"{value:.3f}"
            for column, value in row.items()
        ]
        yield f"| {name} | " + " | ".join(cells) + " |"


def _draw(path: Path, scored: Scored, draw: Any) -> None:
    """A panel a mode; the same numbers give the same file."""
    with mpl.rc_context({"svg.hashsalt": path.name, "font.size": 8}):
        figure = Figure(figsize=(3.6 * len(scored), 3.6), layout="constrained")
        panels = figure.subplots(1, len(scored), squeeze=False)[0]
        for panel, (mode, items) in zip(panels, scored.items()):
            panel.set_title(f"{mode} mode")
            panel.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
            draw(panel, items)
            if panel.get_legend_handles_labels()[0]:
                panel.legend(fontsize=6)
        figure.savefig(path, metadata={"Date": None, "Creator": None})


def _by_corpus(scored: Sequence[ScoredPage]) -> Iterator[tuple[str, list[ScoredPage]]]:
    for corpus in dict.fromkeys(item.record.corpus for item in scored):
        yield corpus, [item for item in scored if item.record.corpus == corpus]


def _draw_reliability(panel: Any, scored: Sequence[ScoredPage]) -> None:
    panel.plot([0, 1], [0, 1], color="0.7", linewidth=0.8)
    panel.set(xlabel="probability", ylabel="share that is content")
    for corpus, items in _by_corpus(scored):
        probabilities = np.concatenate([item.probabilities for item in items])
        labels = np.concatenate([item.is_content for item in items])
        place = np.minimum((probabilities * RELIABILITY_BINS).astype(int), RELIABILITY_BINS - 1)
        counts = np.bincount(place, minlength=RELIABILITY_BINS)
        filled = counts >= 20
        means, shares = (
            np.bincount(place, values, minlength=RELIABILITY_BINS)[filled] / counts[filled]
            for values in (probabilities, labels)
        )
        panel.plot(means, shares, marker="o", markersize=2, linewidth=1, label=corpus)


def _draw_precision_recall(panel: Any, scored: Sequence[ScoredPage]) -> None:
    panel.set(xlabel="recall", ylabel="precision")
    for corpus, items in _by_corpus(scored):
        labels = np.concatenate([item.is_content for item in items])
        if not labels.any():
            continue
        precision, recall, _ = precision_recall_curve(
            labels, np.concatenate([item.probabilities for item in items])
        )
        # Sampled evenly along the recall, which a picture cannot tell from all the points.
        picked = np.unique(
            np.searchsorted(-recall, -np.linspace(1, 0, MOST_CURVE_POINTS)).clip(
                max=len(recall) - 1
            )
        )
        panel.plot(recall[picked], precision[picked], linewidth=1, label=corpus)
