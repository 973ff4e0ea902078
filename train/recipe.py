"""The packaged model's recipe: which pages, in which mode, and what is written down about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from joblib import Parallel, delayed

from classifier.model import MODEL_NAME, Model, save_model
from train.fit import fit_cascade
from train.gather import as_text, gather_corpora
from train.labeled import MODES, LabeledDataError, read_labeled
from train.pages import LabeledPage, Mode
from train.tables import training_table


def read_pages(corpora: Path | None, labeled: Path, n_jobs: int) -> list[LabeledPage]:
    """The pages of the corpora, if any, and of the labelled folder."""
    pages = list(read_labeled(labeled))
    if corpora is not None:
        published = gather_corpora(corpora, n_jobs)
        if not published:
            raise LabeledDataError(f"{corpora} holds none of the published corpora's layouts")
        pages = published + pages
    return pages


def pages_of_mode(pages: Sequence[LabeledPage], mode: Mode, n_jobs: int) -> list[LabeledPage]:
    """The pages that a mode learns from: text mode also learns from every HTML page's text."""
    if mode == "html":
        return [page for page in pages if page.mode == "html"]
    texts: list[LabeledPage] = Parallel(n_jobs=n_jobs, batch_size=16)(
        delayed(as_text)(page) for page in pages if page.mode == "html"
    )
    return texts + [page for page in pages if page.mode == "text"]


def fit_model(pages: Sequence[LabeledPage], output: Path, n_jobs: int) -> str:
    """Fit both modes and write the model; returns the file's SHA-256."""
    html, text = (
        fit_cascade(training_table(pages_of_mode(pages, mode, n_jobs)), n_jobs) for mode in MODES
    )
    model = Model(html=html, text=text, manifest=_manifest(pages))
    return save_model(model, output / MODEL_NAME)


def _manifest(pages: Sequence[LabeledPage]) -> dict[str, Any]:
    return {
        "trained_on": dict(Counter(f"{page.corpus} {page.language}" for page in pages)),
        "libraries": {name: metadata.version(name) for name in ("numpy", "scikit-learn", "scipy")},
    }
