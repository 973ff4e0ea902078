"""A small model of a dozen pages, for tests that need one but not a good one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from classifier import Classifier
from classifier.model import Model, save_model
from train import fit
from train.labeled import read_labeled
from train.training import LabeledFacts, labeled_facts, training_table, without_markup

collect_ignore = ["fuzz.py"]  # a program of its own, which needs atheris

SMALL = {
    "INNER_FOLDS": 2,
    "HIDDEN_UNITS": 8,
    "BATCH_ROWS": 128,
    "SCHEDULE": ((1e-2, 6),),
    "DECISION_NETWORKS": 1,
    "DECISION_PASSES": 8,
    "DECISION_BATCH_ROWS": 64,
    "WORDING_PASSES": 4,
}


@pytest.fixture(scope="session")
def facts() -> list[LabeledFacts]:
    """A dozen of the labelled pages as numbers, Russian and mixed ones among them."""
    return labeled_facts([page for page in read_labeled() if page.mode == "html"][:12])


@pytest.fixture(scope="session")
def quick_fit() -> Iterator[None]:
    """Fits that take a second and are not good."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SMALL.items():
            patch.setattr(fit, name, value)
        yield


@pytest.fixture(scope="session")
def model(facts: list[LabeledFacts], quick_fit: None) -> Model:
    """Fitted in half a second; it tells a menu from a paragraph, and not much more."""
    html = fit.fit_cascade(training_table(facts), n_jobs=1)
    texts = training_table([without_markup(chunk) for chunk in facts])
    return Model(html=html, text=fit.fit_cascade(texts, n_jobs=1), manifest={"note": "ёж"})


@pytest.fixture(scope="session")
def classifier(model: Model) -> Classifier:
    return Classifier(model)


@pytest.fixture(scope="session")
def model_file(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small model as a file that no test may change."""
    path = tmp_path_factory.mktemp("model") / "small.model"
    save_model(model, path)
    return path
