"""The model: named arrays and a readable manifest, and the arithmetic that predicts with them.

A cascade of two small networks for each mode. The first sees a block's features, what hashed
words and element names say about it, and the same of its surroundings; the second also sees the
first one's probabilities around the block. Prediction is a few matrix products in NumPy: no
training library is needed, and none that is installed can break it.

The file is a zip archive of `manifest.json` and one `.npy` entry an array. Nothing in it is code;
arrays are read with pickling off, and their digests stand in the manifest.
"""

from __future__ import annotations

import functools
import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from importlib import resources
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.decision import PROFILE_SIZE
from classifier.errors import (
    FeatureMismatch,
    InvalidInput,
    ModelCorrupt,
    ModelNotFound,
    ModelVersionMismatch,
)
from classifier.features import FeatureTable, best_run, feature_names, standing, surroundings
from classifier.features.characters import BUCKET_BITS, Floats
from classifier.features.layout import WORD_SOURCES, at_source, word_sources
from classifier.network import Network, sigmoid

FORMAT_VERSION = 3
"""Raise it when a file written before can no longer be read right: when the meaning of an array
or of a manifest field changes, or the arithmetic on them does. New optional fields do not."""

MODEL_NAME = "boilerplate.model"

LARGEST_MODEL = 100_000_000
"""Bytes of a model when unpacked; the packaged one has 6 million. What has more is refused."""

NETWORKS = ("first", "second", "decision")

COLUMNS_OF = ("first", "second")
"""The networks whose columns the manifest names."""

Arrays = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Cascade:
    """Everything that one mode needs, with the names of the columns that its networks read.

    `words` has a row of bucket weights a word source (`classifier.features.layout.WORD_SOURCES`),
    `element_names` one. `first` and `second` give log odds of content for a block, `decision` the
    F1 that a threshold loses (see `classifier.decision`).
    """

    first_names: tuple[str, ...]
    second_names: tuple[str, ...]
    words: Floats
    element_names: Floats
    calibration: Floats
    first: Network
    second: Network
    decision: Network

    def predict(self, table: FeatureTable) -> Floats:
        """The probability of being content, 0 to 1, of each row."""
        scores = table.words.score(self.words.T)
        words = [
            at_source(score, source)
            for score, source in zip(scores.T, word_sources(table.layout).values())
        ]
        columns = first_columns(table, words, table.element_names.score(self.element_names))
        probabilities = sigmoid(self.first.output(select(columns, self.first_names)))
        columns.update(second_columns(table, probabilities))
        logits = self.second.output(select(columns, self.second_names))
        slope, intercept = self.calibration
        return sigmoid(slope * logits + intercept)


@dataclass(frozen=True, slots=True)
class Model:
    """A cascade a mode, and the manifest: what the model is and where it came from."""

    html: Cascade
    text: Cascade
    manifest: Mapping[str, Any]


def first_columns(
    table: FeatureTable, words: Sequence[Floats], element_names: Floats
) -> dict[str, Floats]:
    """What the first network may read: the table, and the learned scores with surroundings.

    `words` has a score a row from each of the word sources.
    """
    weights = table.word_counts + 0.5
    columns = dict(zip(table.names, table.values.T))
    own, *others = words
    columns.update(surroundings(own, weights, table.layout, "wording"))
    columns.update({f"wording_{name}": score for name, score in zip(WORD_SOURCES[1:], others)})
    columns.update(surroundings(element_names, weights, table.layout, "naming"))
    return columns


def second_columns(table: FeatureTable, probabilities: Floats) -> dict[str, Floats]:
    """What the second network may read besides: the first one's probabilities all around."""
    weights = table.word_counts + 0.5
    return {
        **surroundings(probabilities, weights, table.layout, "first"),
        **standing(probabilities, weights, table.layout, "first"),
        **best_run((probabilities - 0.5) * weights, table.layout, "first"),
    }


def select(columns: Mapping[str, Floats], names: Sequence[str]) -> Floats:
    """The named columns side by side; `FeatureMismatch` names the one that is missing."""
    try:
        rows = [columns[name] for name in names]
    except KeyError as error:
        raise FeatureMismatch(f"the model reads a column {error} that there is not") from error
    # Column by column in memory, as they come.
    side_by_side: Floats = np.concatenate(rows, dtype=np.float32).reshape(len(rows), -1).T
    return side_by_side


def save_model(model: Model, path: Path) -> str:
    """Write a model file; the same model gives the same bytes. Returns the file's SHA-256."""
    arrays = {**_flatten(model.html, "html"), **_flatten(model.text, "text")}
    manifest = {
        **model.manifest,
        "format_version": FORMAT_VERSION,
        "features": list(feature_names()),
        "columns": {
            mode: {"first": cascade.first_names, "second": cascade.second_names}
            for mode, cascade in (("html", model.html), ("text", model.text))
        },
        "arrays": {name: digest(array) for name, array in sorted(arrays.items())},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        _add(archive, "manifest.json", json.dumps(manifest, indent=1, ensure_ascii=False).encode())
        for name, array in sorted(arrays.items()):
            entry = io.BytesIO()
            np.lib.format.write_array(entry, array, allow_pickle=False)
            _add(archive, f"{name}.npy", entry.getvalue())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(buffer.getvalue())
    return hashlib.sha256(buffer.getvalue()).hexdigest()


def load_model(path: str | PathLike[str]) -> Model:
    """Read a model file, without running anything from it.

    Raises `ModelNotFound`, `ModelCorrupt`, `ModelVersionMismatch` or `FeatureMismatch`;
    `InvalidInput` where the path is none.
    """
    if not isinstance(path, (str, PathLike)):
        raise InvalidInput(f"the path of a model must be str or Path, got {type(path).__name__}")
    path = Path(path)
    if not path.is_file():
        raise ModelNotFound(f"no model file at {path}")
    try:
        _check_size(path.stat().st_size, str(path))
        data = path.read_bytes()
    except OSError as error:
        raise ModelCorrupt(f"{path} cannot be read: {error.strerror}") from error
    return _read_model(data, str(path))


@functools.cache
def packaged_model() -> Model:
    """The model that ships with the package, read once a process."""
    source = resources.files("classifier") / "model" / MODEL_NAME
    if not source.is_file():
        raise ModelNotFound("the package holds no model; build one with `python -m train fit`")
    return _read_model(source.read_bytes(), "the packaged model")


_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    OSError,
    RuntimeError,
    EOFError,
    MemoryError,
)
"""What `zipfile`, `json` and `numpy` raise at damaged files."""


def _read_model(data: bytes, name: str) -> Model:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        # No entry gives more than the directory says.
        _check_size(sum(entry.file_size for entry in archive.infolist()), name)
        manifest = json.loads(archive.read("manifest.json"))
    except ModelCorrupt:
        raise
    except _UNREADABLE as error:
        raise ModelCorrupt(f"{name} is not a model file, or it was cut short: {error}") from error
    if not isinstance(manifest, dict) or "format_version" not in manifest:
        raise ModelCorrupt(f"{name} has a manifest without a format version")
    version = manifest["format_version"]
    if version != FORMAT_VERSION:
        raise ModelVersionMismatch(
            f"{name} has format version {version!r}; this release reads {FORMAT_VERSION}"
        )
    features: Any = manifest.get("features")
    if not _are_names(features):
        raise ModelCorrupt(f"{name} has a manifest without a list of features")
    _check_features(features, name)
    arrays = _read_arrays(archive, manifest.get("arrays"), name)
    return Model(
        html=_unflatten(arrays, manifest.get("columns"), "html", name),
        text=_unflatten(arrays, manifest.get("columns"), "text", name),
        manifest=manifest,
    )


def _check_size(size: int, name: str) -> None:
    if size > LARGEST_MODEL:
        raise ModelCorrupt(f"{name} has {size:,} bytes, more than any model ({LARGEST_MODEL:,})")


def _are_names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _read_arrays(archive: zipfile.ZipFile, digests: object, name: str) -> Arrays:
    if not isinstance(digests, dict):
        raise ModelCorrupt(f"{name} has a manifest without digests of its arrays")
    try:
        arrays = {key: _read_array(archive, key) for key in digests}
    except _UNREADABLE as error:
        raise ModelCorrupt(f"{name} has an array that cannot be read: {error}") from error
    for key, array in arrays.items():
        if digest(array) != digests[key]:
            raise ModelCorrupt(f"{name} was changed: the digest of {key} does not match")
        if array.dtype.kind != "f" or not np.isfinite(array).all():
            raise ModelCorrupt(f"{name}: the array {key} has what is no finite number")
    return arrays


def _check_features(features: Sequence[str], name: str) -> None:
    known = feature_names()
    for number, (theirs, ours) in enumerate(zip(features, known)):
        if theirs != ours:
            raise FeatureMismatch(
                f"feature {number} is {theirs!r} in {name} and {ours!r} in this release; retrain"
            )
    if len(features) != len(known):
        longer, where = (features, name) if len(features) > len(known) else (known, "this release")
        extra = longer[min(len(features), len(known))]
        raise FeatureMismatch(f"feature {extra!r} is only in {where}, not in both; retrain")


def _flatten(cascade: Cascade, mode: str) -> Arrays:
    arrays: Arrays = {
        f"{mode}.words": cascade.words.astype(np.float16),
        f"{mode}.element_names": cascade.element_names.astype(np.float16),
        f"{mode}.calibration": np.asarray(cascade.calibration, np.float64),
    }
    for stage in NETWORKS:
        for field in fields(Network):
            values = getattr(getattr(cascade, stage), field.name)
            arrays[f"{mode}.{stage}.{field.name}"] = np.asarray(values, np.float32)
    return arrays


def _unflatten(arrays: Arrays, columns: object, mode: str, name: str) -> Cascade:
    names = columns.get(mode) if isinstance(columns, dict) else None
    if not isinstance(names, dict) or not all(_are_names(names.get(s)) for s in COLUMNS_OF):
        raise ModelCorrupt(f"{name} has a manifest without the columns of {mode} mode")
    wanted = [f"{mode}.{key}" for key in ("words", "element_names", "calibration")]
    wanted += [f"{mode}.{stage}.{field.name}" for stage in NETWORKS for field in fields(Network)]
    for key in wanted:
        if key not in arrays:
            raise ModelCorrupt(f"{name} lacks the array {key}")
    networks = {
        stage: Network(
            **{field.name: arrays[f"{mode}.{stage}.{field.name}"] for field in fields(Network)}
        )
        for stage in NETWORKS
    }
    read = {**{stage: len(names[stage]) for stage in COLUMNS_OF}, "decision": PROFILE_SIZE}
    for stage, network in networks.items():
        if not network.reads(read[stage]):
            raise ModelCorrupt(f"{name}: the {stage} network of {mode} mode has a wrong shape")
    shapes = ((len(WORD_SOURCES), 1 << BUCKET_BITS), (1 << BUCKET_BITS,), (2,))
    for key, shape in zip(wanted, shapes):
        if arrays[key].shape != shape:
            raise ModelCorrupt(f"{name}: the array {key} has a wrong shape")
    return Cascade(
        first_names=tuple(names["first"]),
        second_names=tuple(names["second"]),
        # So that what the sources say of a bucket stands together in memory.
        words=arrays[f"{mode}.words"].astype(np.float32, order="F"),
        element_names=arrays[f"{mode}.element_names"].astype(np.float32),
        calibration=arrays[f"{mode}.calibration"],
        **networks,
    )


def digest(array: npt.NDArray[Any]) -> str:
    """What a manifest says of an array: SHA-256 of its type, its shape and its bytes.

    >>> digest(np.zeros(3))[:8]
    'f1ff0dfd'
    """
    described = f"{array.dtype.str} {array.shape} ".encode()
    return hashlib.sha256(described + np.ascontiguousarray(array).tobytes()).hexdigest()


def _read_array(archive: zipfile.ZipFile, name: str) -> npt.NDArray[Any]:
    array: npt.NDArray[Any] = np.lib.format.read_array(
        io.BytesIO(archive.read(f"{name}.npy")), allow_pickle=False
    )
    return array


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    """An entry without the time of day, so that the same model is the same file."""
    info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, data)
