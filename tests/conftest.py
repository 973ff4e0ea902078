"""A small model of a dozen pages, for tests that need one but not a good one."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifier import Classifier
from classifier.model import Model, save_model
from train import fit
from train.labeled import read_labeled
from train.recipe import pages_of_mode
from train.tables import training_table

SMALL = {
    "INNER_FOLDS": 2,
    "NETWORKS_PER_FOLD": 1,
    "HIDDEN_UNITS": 8,
    "BATCH_ROWS": 128,
    "SCHEDULE": ((1e-2, 6),),
    "DECISION_NETWORKS": 1,
    "DECISION_PASSES": 8,
    "DECISION_BATCH_ROWS": 64,
    "WORDING_PASSES": 4,
}


@pytest.fixture(scope="session")
def model() -> Model:
    """Fitted in half a second; it tells a menu from a paragraph, and not much more."""
    pages = [page for page in read_labeled() if page.mode == "html"][:12]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SMALL.items():
            patch.setattr(fit, name, value)
        html = fit.fit_cascade(training_table(pages), n_jobs=1)
        texts = training_table(pages_of_mode(pages, "text", n_jobs=1))
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
