"""Fits a cascade: wording, first network, second network, calibration, decision, cross-fitted.

At every step one model is fitted for each of `INNER_FOLDS` site folds, on the rows of all the
others. Its scores on the rows that it did not see are what the next step learns from (stacked
sequential learning, Cohen and Carvalho 2005), and the mean of the models is what is kept: linear
weights average exactly, and one-hidden-layer networks averaged in their log odds are one wider
network. So nothing is fitted twice, and what the next step sees in training is out of fold.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import scipy.sparse
from joblib import Parallel, delayed
from scipy.special import ndtri
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.neural_network import MLPClassifier, MLPRegressor
from threadpoolctl import threadpool_limits

from classifier.decision import GRID, cut_profiles
from classifier.features.characters import BUCKET_BITS, Floats, Integers
from classifier.features.layout import at_source, word_sources
from classifier.features.wording import Tokens
from classifier.model import Cascade, first_columns, second_columns, select
from classifier.network import LOOKUP_SIZE, Network, sigmoid
from train.folds import site_folds
from train.labeled import LabeledDataError
from train.progress import progress
from train.training import TrainingTable

Bools = npt.NDArray[np.bool_]

Layers = tuple[Floats, Floats, Floats, float]
"""Hidden weights and bias, output weights and bias."""

INNER_FOLDS = 5
HIDDEN_UNITS = 32
WEIGHT_DECAY = 10.0
BATCH_ROWS = 2048
SCHEDULE = ((2e-3, 4), (5e-4, 2), (1e-4, 1))
"""Learning rates, and how many passes over the rows each."""

DECISION_NETWORKS = 5
DECISION_DECAY = 1.0
DECISION_PASSES = 40
DECISION_BATCH_ROWS = 512

WORDING_DECAY = 1e-5
WORDING_PASSES = 6
WORDING_STEP = 1 / 32
"""The model keeps weights as multiples of it, a sixth of their standard deviation: its file is then
two fifths as large."""


def fit_cascade(training: TrainingTable, n_jobs: int = 2) -> Cascade:
    """Fit every step on labelled rows; sites never straddle an inner fold."""
    table = training.table
    folds = site_folds(training.sites, INNER_FOLDS)
    row_folds = np.repeat(folds, np.diff(table.bounds))
    _check_folds(training, row_folds)
    words = {
        name: _fit_linear(table.words, source, training, row_folds, n_jobs, f"{name} words")
        for name, source in word_sources(table.layout).items()
    }
    rows = np.arange(len(table.values))
    names, name_scores = _fit_linear(
        table.element_names, rows, training, row_folds, n_jobs, "names"
    )
    columns = first_columns(table, [scores for _, scores in words.values()], name_scores)
    first_names = _telling(columns)
    first, logits = _fit_networks(
        select(columns, first_names), training, row_folds, n_jobs, "first network"
    )
    columns.update(second_columns(table, sigmoid(logits)))
    second_names = _telling(columns)
    second, logits = _fit_networks(
        select(columns, second_names), training, row_folds, n_jobs, "second network"
    )
    calibration = _calibrate(logits, training)
    probabilities = sigmoid(calibration[0] * logits + calibration[1])
    return Cascade(
        first_names=first_names,
        second_names=second_names,
        words=rounded(np.stack([weights for weights, _ in words.values()])),
        element_names=rounded(names),
        calibration=calibration,
        first=first,
        second=second,
        decision=_fit_decision(probabilities, training),
    )


def rounded(weights: Floats) -> Floats:
    """Weights of buckets as the model keeps them.

    >>> rounded(np.array([0.1, 0.01])).tolist()
    [0.09375, 0.0]
    """
    return np.round(weights / WORDING_STEP) * WORDING_STEP


def _check_folds(training: TrainingTable, row_folds: Integers) -> None:
    """Raise `LabeledDataError` unless there is something to learn in and out of every fold."""
    sites = len(set(training.sites))
    if sites < INNER_FOLDS:
        raise LabeledDataError(
            f"pages of {sites} sites are too few to fit on, {INNER_FOLDS} are needed;"
            " `--labeled labeled --labeled YOURS` learns from ours besides"
        )
    for fold in range(INNER_FOLDS):
        labels = training.is_content[(row_folds != fold) & (training.weights > 0)]
        if labels.all() or not labels.any():
            raise LabeledDataError("the pages need content and noise on more than one site")


def _telling(columns: dict[str, Floats]) -> tuple[str, ...]:
    """Names of the columns that are present and not the same everywhere."""
    return tuple(
        name
        for name, values in columns.items()
        if np.isfinite(values).any() and np.nanmax(values) > np.nanmin(values)
    )


def _fit_linear(
    tokens: Tokens,
    source: Integers,
    training: TrainingTable,
    row_folds: Integers,
    n_jobs: int,
    what: str,
) -> tuple[Floats, Floats]:
    """Mean weights a bucket, and each row's score from the weights that did not see it.

    A row is told by the tokens of its `source` row; by none where that is -1.
    """
    counts = np.diff(tokens.bounds)
    size = len(counts)
    values = np.repeat(1 / np.sqrt(np.maximum(counts, 1)), counts).astype(np.float32)
    matrix = scipy.sparse.csr_matrix(
        (values, tokens.buckets.astype(np.int32), tokens.bounds), shape=(size, 1 << BUCKET_BITS)
    )
    if not matrix.nnz:
        return np.zeros(1 << BUCKET_BITS, np.float32), np.zeros(size, np.float32)
    has_source = np.flatnonzero(source >= 0)
    moves = (np.ones(has_source.size, np.float32), (has_source, source[has_source]))
    matrix = scipy.sparse.csr_matrix(moves, shape=(size, size)) @ matrix
    fits = Parallel(n_jobs=n_jobs)(
        delayed(_fit_wording)(matrix, training.is_content, training.weights, row_folds != fold)
        for fold in progress(range(INNER_FOLDS), what)
    )
    scores = np.zeros(size, np.float32)
    for fold, weights in enumerate(fits):
        held_out = row_folds == fold
        scores[held_out] = at_source(tokens.score(weights), source)[held_out]
    return np.mean(fits, axis=0), scores


def _fit_wording(
    matrix: scipy.sparse.csr_matrix, is_content: Bools, weights: Floats, rows: Bools
) -> Floats:
    rows = rows & (weights > 0)
    model = SGDClassifier(
        loss="log_loss",
        alpha=WORDING_DECAY,
        max_iter=WORDING_PASSES,
        tol=None,
        average=True,
        random_state=0,
    )
    model.fit(matrix[rows], is_content[rows], sample_weight=weights[rows])
    # As the model keeps them, so that the next step sees what it will see.
    return rounded(model.coef_[0].astype(np.float32))


def _fit_networks(
    columns: Floats, training: TrainingTable, row_folds: Integers, n_jobs: int, what: str
) -> tuple[Network, Floats]:
    """The mean network, and each row's log odds from the networks that did not see it."""
    scaler = fit_scaling(columns)
    # Row by row in memory, as they are learned from.
    scaled = np.ascontiguousarray(scaler.scale(columns))
    fits = Parallel(n_jobs=n_jobs)(
        delayed(_fit_network)(scaled, training.is_content, training.weights, row_folds != fold)
        for fold in progress(range(INNER_FOLDS), what)
    )
    logits = np.zeros(len(columns), np.float64)
    for fold, (hidden, hidden_bias, output, output_bias) in enumerate(fits):
        held_out = row_folds == fold
        active = np.maximum(scaled[held_out] @ hidden + hidden_bias, 0)
        logits[held_out] = active @ output + output_bias
    return _mean_network(scaler, fits), logits


def _mean_network(scaler: Network, fits: Sequence[Layers]) -> Network:
    """Networks on the same scaled columns as one: side by side, outputs averaged."""
    return Network(
        low=scaler.low,
        step=scaler.step,
        lookup=scaler.lookup,
        hidden_weights=np.concatenate([fit[0] for fit in fits], axis=1),
        hidden_bias=np.concatenate([fit[1] for fit in fits]),
        output_weights=np.concatenate([fit[2] for fit in fits]) / len(fits),
        output_bias=np.mean([fit[3] for fit in fits], axis=0),
    )


def _fit_network(scaled: Floats, is_content: Bools, weights: Floats, rows: Bools) -> Layers:
    rows = rows & (weights > 0)
    model = MLPClassifier(
        (HIDDEN_UNITS,),
        alpha=WEIGHT_DECAY,
        batch_size=min(BATCH_ROWS, int(rows.sum())),
        random_state=0,
        warm_start=True,
        tol=0.0,
        n_iter_no_change=1000,
    )
    inputs, labels, row_weights = scaled[rows], is_content[rows], weights[rows]
    with threadpool_limits(1), warnings.catch_warnings():
        # Each leg of the schedule ends by its number of passes, as meant.
        warnings.simplefilter("ignore", ConvergenceWarning)
        for rate, passes in SCHEDULE:
            model.set_params(learning_rate_init=rate, max_iter=passes)
            model.fit(inputs, labels, sample_weight=row_weights)
    return _layers(model)


def _layers(model: MLPClassifier | MLPRegressor) -> Layers:
    (hidden, output), (hidden_bias, output_bias) = model.coefs_, model.intercepts_
    return hidden, hidden_bias, output[:, 0], output_bias[0]


def fit_scaling(columns: Floats) -> Network:
    """A network without units, for its tables: normal scores of each column's ranks, up to 3.

    Between its 0.1 % and 99.9 % quantiles a column's range is cut into equal steps; the table
    has the normal score of the middle rank of the rows that fall on each step.
    """
    low = np.zeros(columns.shape[1], np.float32)
    step = np.ones(columns.shape[1], np.float32)
    lookup = np.zeros((columns.shape[1], LOOKUP_SIZE), np.float32)
    for number, column in enumerate(columns.T):
        present = np.sort(column[np.isfinite(column)])
        if not present.size:
            continue
        bottom, top = np.quantile(present, [0.001, 0.999])
        if top <= bottom:
            bottom, top = present[0], max(present[-1], present[0] + 1)
        low[number] = bottom
        step[number] = (LOOKUP_SIZE - 1) / (top - bottom)
        starts = bottom + np.arange(1, LOOKUP_SIZE) / step[number]
        below = np.concatenate(([0], np.searchsorted(present, starts, side="left")))
        upto = np.append(below[1:], present.size)
        lookup[number] = np.clip(ndtri((below + upto) / 2 / present.size), -3, 3)
    nothing = np.zeros(0, np.float32)
    return Network(low, step, lookup, nothing, nothing, nothing, nothing)


def _calibrate(logits: Floats, training: TrainingTable) -> Floats:
    """Slope and intercept that make out-of-fold log odds true (Platt 1999).

    True of pages as they come: those that were made of them have another share of content.
    """
    rows = (training.weights > 0) & training.is_own[training.table.page]
    model = LogisticRegression(C=1e6)
    model.fit(logits[rows, None], training.is_content[rows])
    return np.array([model.coef_[0, 0], model.intercept_[0]])


def _fit_decision(probabilities: Floats, training: TrainingTable) -> Network:
    """A network that foretells, from how a page looks cut at a threshold, the F1 lost there.

    It learns from whole pages and what extractions leave of them; short ones would bend it.
    """
    table, alignment = training.table, training.alignment
    profiles, losses, weights = [], [], []
    for number, page in enumerate(training.pages):
        rows = slice(table.bounds[number], table.bounds[number + 1])
        weight = training.page_weights[number]
        if rows.start == rows.stop or weight == 0 or training.is_short[number]:
            continue
        profiles.append(cut_profiles(probabilities[rows], table.word_counts[rows]))
        scores = cut_scores(
            probabilities[rows], alignment.words[rows], alignment.aligned[rows], page.gold_words
        )
        losses.append(scores - scores.max())
        weights.append(np.full(len(GRID), weight))
    columns, targets = np.concatenate(profiles), np.concatenate(losses)
    scaler = fit_scaling(columns)
    scaled = scaler.scale(columns)
    fits = []
    for seed in range(DECISION_NETWORKS):
        model = MLPRegressor(
            hidden_layer_sizes=(HIDDEN_UNITS,),
            alpha=DECISION_DECAY,
            batch_size=min(DECISION_BATCH_ROWS, len(targets)),
            learning_rate_init=SCHEDULE[0][0],
            max_iter=DECISION_PASSES,
            tol=0.0,
            n_iter_no_change=1000,
            random_state=seed,
        )
        with threadpool_limits(1), warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(scaled, targets, sample_weight=np.concatenate(weights))
        fits.append(_layers(model))
    return _mean_network(scaler, fits)


def cut_scores(
    probabilities: Floats, words: Integers, aligned: Integers, gold_words: int
) -> Floats:
    """The word F1 of each threshold of the grid; of a block's words some stand in the gold text."""
    kept = probabilities >= GRID[:, None]
    total = kept @ words + gold_words
    # As `train.score.counted_score`: nothing kept of nothing is perfect.
    return np.where(total, 2 * (kept @ aligned) / np.maximum(total, 1), 1.0)
