"""The packaged model's recipe: which pages, in which mode, and what is written down about it."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd
from joblib import Parallel, delayed

from classifier.model import Cascade, Model
from train.corpora import read_corpora
from train.data import pages_digest, table_digests
from train.evaluate import ScoredPage, change_table, out_of_fold, score_numbers, score_texts
from train.fit import fit_cascade
from train.gather import as_text, gather_corpora, label_extracted
from train.labeled import FOLDER, MODES, LabeledDataError, read_labeled
from train.pages import LabeledPage, Mode, page_digest
from train.peers import find_peer
from train.progress import progress
from train.tables import TABLES, read_tables
from train.training import (
    LabeledFacts,
    TrainingTable,
    abridged,
    fragments,
    labeled_facts,
    leftovers,
    training_table,
    without_markup,
)

OWN_CORPUS, USERS_CORPUS = "labeled", "yours"
"""What scores and weights call the pages of `labeled/`, and those of any other folder."""


@dataclass(frozen=True, slots=True)
class Material:
    """What a model learns from: pages that have markup, and pages that have none.

    `digests` names the files that they came from.
    """

    html: list[LabeledFacts]
    text: list[LabeledFacts]
    digests: Mapping[str, str]

    def of_mode(self, mode: Mode) -> TrainingTable:
        """The pages of a mode, each once: text mode also has every HTML page's lines."""
        return training_table(self._chunks(mode))

    def to_learn(self, mode: Mode) -> TrainingTable:
        """What a mode learns from: also short pages, and in text mode what extractions leave."""
        chunks = self.html if mode == "html" else self.html + self.text
        short = [part for chunk in chunks for part in (abridged(chunk), *fragments(chunk))]
        if mode == "html":
            return training_table(chunks, short=short)
        left = [part for chunk in chunks for part in leftovers(chunk)]
        return training_table(self._chunks(mode), left, [without_markup(part) for part in short])

    def _chunks(self, mode: Mode) -> list[LabeledFacts]:
        if mode == "html":
            return self.html
        return [without_markup(chunk) for chunk in self.html] + self.text

    def counts(self) -> dict[str, int]:
        """How many pages there are of each corpus and language."""
        records = [page for chunk in self.html + self.text for page in chunk.pages]
        return dict(Counter(f"{record.corpus} {record.language}" for record in records))


def read_material(folders: Sequence[Path], corpora: Path | None, n_jobs: int) -> Material:
    """The pages of labelled folders, and the public corpora.

    The corpora are read anew where `corpora` is given, else from the tables that a folder holds.
    """
    names = [folder.resolve().name for folder in folders]
    if len(set(names)) < len(names):
        raise LabeledDataError(
            f"folders of one name ({', '.join(names)}): a model tells its data by them; rename one"
        )
    pages = read_folders(folders)
    digests = {}
    tables: list[LabeledFacts] = []
    if corpora is not None:
        # As from the tables, where a page without blocks has no row.
        published = [page for page in read_public(corpora, n_jobs) if page.document.blocks]
        tables = labeled_facts(published)
        digests[str(corpora)] = page_digest(
            "".join(page.record.digest for page in published).encode()
        )
    else:
        for folder in folders:
            if (folder / TABLES).is_dir():
                tables += read_tables(folder / TABLES)
                digests |= table_digests(folder)
    for folder in folders:
        digests |= pages_digest(folder)
    return Material(
        html=tables + labeled_facts([page for page in pages if page.mode == "html"]),
        text=labeled_facts([page for page in pages if page.mode == "text"]),
        digests=digests,
    )


def read_folders(folders: Sequence[Path]) -> list[LabeledPage]:
    """The pages of labelled folders, ours told from a user's."""
    return [
        page
        for folder in folders
        for page in read_labeled(folder, OWN_CORPUS if folder.resolve() == FOLDER else USERS_CORPUS)
    ]


def read_public(corpora: Path, n_jobs: int) -> list[LabeledPage]:
    """The pages of the public corpora under a folder."""
    return _require(gather_corpora(corpora, n_jobs), corpora)


def _require(pages: list[LabeledPage], corpora: Path) -> list[LabeledPage]:
    if not pages:
        raise LabeledDataError(f"{corpora} holds none of the published corpora's layouts")
    return pages


def score_material(material: Material, n_jobs: int) -> dict[Mode, list[ScoredPage]]:
    """Out-of-fold scores by numbers: no page is needed."""
    scored = {}
    for mode in MODES:
        table = material.of_mode(mode)
        scored[mode] = score_numbers(table, out_of_fold(material.to_learn(mode), table, n_jobs))
    return scored


def score_pages(
    public: Sequence[LabeledPage], own: Sequence[LabeledPage], n_jobs: int
) -> dict[Mode, list[ScoredPage]]:
    """Out-of-fold scores by the texts; in text mode each HTML page's text is cut anew."""
    own_html = [page for page in own if page.mode == "html"]
    text = [page for page in own if page.mode == "text"]
    # Learned from as from the tables, so that both ways of scoring have the same models.
    learned = labeled_facts([page for page in public if page.document.blocks])
    material = Material(
        html=learned + labeled_facts(own_html), text=labeled_facts(text), digests={}
    )
    html = [*public, *own_html]
    cut: list[LabeledPage] = Parallel(n_jobs=n_jobs, batch_size=16)(
        delayed(as_text)(page) for page in html
    )
    scored = {}
    for mode, tested in zip(MODES, (html, cut + text)):
        test = training_table(labeled_facts(tested))
        scored[mode] = score_texts(tested, out_of_fold(material.to_learn(mode), test, n_jobs))
    return scored


def score_over(
    material: Material, corpora: Path, extractors: Sequence[str], n_jobs: int
) -> dict[str, pd.DataFrame]:
    """Text mode over what extractors make of the public pages: scores before and after.

    Out of fold; what is learned from is the `material`.
    """
    peers = {name: find_peer(name) for name in extractors}
    extracted: dict[str, list[LabeledPage]] = {
        name: _require(
            Parallel(n_jobs=n_jobs, batch_size=16)(
                delayed(label_extracted)(page, extract)
                for page in progress(read_corpora(corpora), name)
            ),
            corpora,
        )
        for name, extract in peers.items()
    }
    pages = [page for part in extracted.values() for page in part]
    test = training_table(labeled_facts(pages))
    predictions = iter(out_of_fold(material.to_learn("text"), test, n_jobs))
    changes = {}
    for name, part in extracted.items():
        own = list(itertools.islice(predictions, len(part)))
        everything = [replace(prediction, threshold=0.0) for prediction in own]
        changes[name] = change_table(score_texts(part, everything), score_texts(part, own))
    return changes


def fit_model(material: Material, n_jobs: int) -> Model:
    """Fit both modes."""
    cascades: dict[str, Cascade] = {
        mode: fit_cascade(material.to_learn(mode), n_jobs) for mode in MODES
    }
    manifest: dict[str, Any] = {
        "trained_on": material.counts(),
        "data": dict(material.digests),
        "libraries": {name: metadata.version(name) for name in ("numpy", "scikit-learn", "scipy")},
    }
    return Model(html=cascades["html"], text=cascades["text"], manifest=manifest)
