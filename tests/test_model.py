"""The model file: what is written is read, and what is no model is told."""

from __future__ import annotations

import io
import json
import pickle
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier import (
    Classifier,
    FeatureMismatch,
    InvalidInput,
    ModelCorrupt,
    ModelError,
    ModelNotFound,
    ModelVersionMismatch,
)
from classifier.features import FeatureTable, feature_names, feature_table
from classifier.features.characters import Floats
from classifier.features.layout import WORD_SOURCES
from classifier.html import parse_html
from classifier.model import (
    FORMAT_VERSION,
    Cascade,
    Model,
    digest,
    first_columns,
    load_model,
    save_model,
    select,
)
from classifier.text import parse_text

FEATURES = feature_names()

ROOT = Path(__file__).resolve().parent.parent
PARAGRAPH = "Паром ещё раз опоздал, и никто не знал, чей это приказ. The ferry was late. " * 3
TABLES = {
    "html": feature_table([parse_html(f"<ul><li><a href=/>Ёж</a><li>News</ul><p>{PARAGRAPH}")]),
    "text": feature_table([parse_text(f"Ёж\n\nNews\n\n{PARAGRAPH}")]),
}


def predictions(model: Model) -> list[list[float]]:
    return [getattr(model, mode).predict(table).tolist() for mode, table in TABLES.items()]


def with_entry(path: Path, target: Path, name: str, edit: Callable[[bytes], bytes]) -> Path:
    """The model file with one of its entries edited."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(buffer, "w") as copy:
        for entry in source.namelist():
            data = source.read(entry)
            copy.writestr(entry, edit(data) if entry == name else data)
    target.write_bytes(buffer.getvalue())
    return target


def with_manifest(path: Path, target: Path, edit: Callable[[dict[str, Any]], object]) -> Path:
    """The model file with its manifest edited."""

    def edited(data: bytes) -> bytes:
        manifest = json.loads(data)
        edit(manifest)
        return json.dumps(manifest).encode()

    return with_entry(path, target, "manifest.json", edited)


def with_array(path: Path, target: Path, name: str, edit: Callable[[Floats], Any]) -> Path:
    """The model file with one of its arrays edited, and the digest of it."""
    with zipfile.ZipFile(path) as source:
        array = edit(np.lib.format.read_array(io.BytesIO(source.read(f"{name}.npy"))))
    entry = io.BytesIO()
    np.lib.format.write_array(entry, array)
    with_entry(path, target, f"{name}.npy", lambda _: entry.getvalue())
    told = {name: digest(array)}
    return with_manifest(target, target, lambda manifest: manifest["arrays"].update(told))


def directory_start(data: bytes) -> int:
    """Where a zip archive's directory begins."""
    end = data.rfind(b"PK\x05\x06")
    return int.from_bytes(data[end + 16 : end + 20], "little")


@pytest.fixture(scope="module")
def tiny(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of a few kilobytes: a model without wording, with one network for all."""

    def shrunk(cascade: Cascade) -> Cascade:
        # Zeros take no room in a zip archive.
        network = replace(cascade.decision, lookup=np.zeros_like(cascade.decision.lookup))
        return replace(
            cascade,
            first_names=("link_density",) * network.low.size,
            second_names=("first",) * network.low.size,
            words=np.zeros_like(cascade.words),
            element_names=np.zeros_like(cascade.element_names),
            first=network,
            second=network,
            decision=network,
        )

    path = tmp_path_factory.mktemp("tiny") / "ёж.model"
    save_model(Model(shrunk(model.html), shrunk(model.text), {}), path)
    return path


def test_round_trip_gives_the_same_predictions(model: Model, model_file: Path) -> None:
    for found, expected in zip(predictions(load_model(model_file)), predictions(model)):
        assert found == pytest.approx(expected, abs=1e-3)


def test_second_round_trip_changes_nothing(model_file: Path, tmp_path: Path) -> None:
    loaded = load_model(model_file)
    save_model(loaded, tmp_path / "ёж.model")
    assert predictions(load_model(tmp_path / "ёж.model")) == predictions(loaded)


def test_same_model_gives_the_same_bytes(model: Model, model_file: Path, tmp_path: Path) -> None:
    save_model(model, tmp_path / "чай" / "ёж.model")
    assert (tmp_path / "чай" / "ёж.model").read_bytes() == model_file.read_bytes()


def test_digest_is_of_the_file(model: Model, model_file: Path, tmp_path: Path) -> None:
    first, second = (save_model(model, tmp_path / name) for name in ("ёж", "tea"))
    assert (first == second, len(first)) == (True, 64)


def test_manifest_is_kept(model_file: Path) -> None:
    assert load_model(model_file).manifest["note"] == "ёж"


def test_path_may_be_a_string(model_file: Path) -> None:
    assert Classifier.load(str(model_file)).model is not None


@pytest.mark.parametrize("name", ["missing.model", "", "ёж/чай.model"])
def test_missing_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelNotFound, match="no model file at"):
        load_model(tmp_path / name)


@pytest.mark.parametrize("path", [None, 5, b"model"])
def test_path_that_is_none(path: Any) -> None:
    with pytest.raises(InvalidInput, match=f"path of a model .* {type(path).__name__}"):
        load_model(path)


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9, 0.999])
def test_file_cut_short(model_file: Path, tmp_path: Path, share: float) -> None:
    data = model_file.read_bytes()
    (tmp_path / "cut").write_bytes(data[: int(len(data) * share)])
    with pytest.raises(ModelCorrupt):
        load_model(tmp_path / "cut")


@pytest.mark.parametrize(
    "data", ["ёж".encode(), b"<p>tea", b"PK\x03\x04", b"PK\x05\x06" + bytes(18)]
)
def test_another_file(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "ёж").write_bytes(data)
    with pytest.raises(ModelCorrupt):
        load_model(tmp_path / "ёж")


def test_flipped_bytes_are_told_or_harmless(tiny: Path, tmp_path: Path) -> None:
    data = tiny.read_bytes()
    model = load_model(tiny)
    path = tmp_path / "flipped"
    for place in range(0, len(data), 29):
        flipped = bytearray(data)
        flipped[place] ^= 0x10
        path.write_bytes(flipped)
        try:
            found = load_model(path)
        except ModelError:
            continue
        np.testing.assert_equal(found.html.decision.lookup, model.html.decision.lookup)
        np.testing.assert_equal(found.text.calibration, model.text.calibration)


@pytest.mark.parametrize(("offset", "bit"), [(10, 4), (10, 6), (8, 0x20), (8, 0x40), (42, 1)])
def test_flipped_bit_of_the_directory(tiny: Path, tmp_path: Path, offset: int, bit: int) -> None:
    data = bytearray(tiny.read_bytes())
    data[directory_start(data) + offset] ^= bit
    (tmp_path / "flipped").write_bytes(data)
    with pytest.raises(ModelCorrupt):
        load_model(tmp_path / "flipped")


def test_flipped_bit_of_encryption(tiny: Path, tmp_path: Path) -> None:
    data = bytearray(tiny.read_bytes())
    data[directory_start(data) + 8] ^= 1
    (tmp_path / "flipped").write_bytes(data)
    with pytest.raises(ModelCorrupt):
        load_model(tmp_path / "flipped")


class Trap:
    """A pickle of it makes a file when it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


def test_pickle_is_corrupt(tmp_path: Path) -> None:
    (tmp_path / "pickle").write_bytes(pickle.dumps(Trap(tmp_path / "sprung")))
    with pytest.raises(ModelCorrupt):
        load_model(tmp_path / "pickle")


def test_pickle_is_not_executed(tmp_path: Path) -> None:
    (tmp_path / "pickle").write_bytes(pickle.dumps(Trap(tmp_path / "sprung")))
    with pytest.raises(ModelError):
        load_model(tmp_path / "pickle")
    assert not (tmp_path / "sprung").exists()


def test_pickled_array_is_not_executed(tiny: Path, tmp_path: Path) -> None:
    array = np.array([Trap(tmp_path / "sprung")], object)
    entry = io.BytesIO()
    np.lib.format.write_array(entry, array, allow_pickle=True)
    path = with_entry(tiny, tmp_path / "pickled", "html.words.npy", lambda _: entry.getvalue())
    with pytest.raises(ModelCorrupt):
        load_model(path)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("version", [0, FORMAT_VERSION + 1, "ё", None])
def test_another_format_version(tiny: Path, tmp_path: Path, version: Any) -> None:
    path = with_manifest(
        tiny, tmp_path / "ёж", lambda manifest: manifest.update(format_version=version)
    )
    with pytest.raises(
        ModelVersionMismatch, match=f"format version {version!r}.*reads {FORMAT_VERSION}"
    ):
        load_model(path)


OTHER_FEATURES = {
    "renamed": (["ёж", *FEATURES[1:]], ("'ёж'", repr(FEATURES[0]))),
    "swapped": ([FEATURES[1], FEATURES[0], *FEATURES[2:]], (repr(FEATURES[1]), repr(FEATURES[0]))),
    "one less": (list(FEATURES[:-1]), (repr(FEATURES[-1]), "this release")),
    "one more": ([*FEATURES, "ещё"], ("'ещё'", "other.model")),
}


@pytest.mark.parametrize(("features", "named"), OTHER_FEATURES.values(), ids=OTHER_FEATURES)
def test_other_features(
    tiny: Path, tmp_path: Path, features: list[str], named: tuple[str, str]
) -> None:
    target = tmp_path / "other.model"
    path = with_manifest(tiny, target, lambda manifest: manifest.update(features=features))
    with pytest.raises(FeatureMismatch) as caught:
        load_model(path)
    assert all(name in str(caught.value) for name in named)


def test_column_that_there_is_not() -> None:
    with pytest.raises(FeatureMismatch, match="'ёж'"):
        select({"чай": np.zeros(1)}, ["чай", "ёж"])


MANIFESTS: dict[str, Callable[[dict[str, Any]], object]] = {
    "no features": lambda manifest: manifest.pop("features"),
    "no version": lambda manifest: manifest.pop("format_version"),
    "no columns": lambda manifest: manifest.update(columns=None),
    "no text columns": lambda manifest: manifest["columns"].pop("text"),
    "an array is missing": lambda manifest: manifest["arrays"].pop("html.words"),
    "another array": lambda manifest: manifest["arrays"].update(ёж="0"),
    "another digest": lambda manifest: manifest["arrays"].update({"html.words": "0"}),
}


@pytest.mark.parametrize("edit", MANIFESTS.values(), ids=MANIFESTS)
def test_manifest_that_does_not_fit(
    tiny: Path, tmp_path: Path, edit: Callable[[dict[str, Any]], object]
) -> None:
    with pytest.raises(ModelCorrupt):
        load_model(with_manifest(tiny, tmp_path / "ёж", edit))


@pytest.mark.parametrize("features", [None, 7, "ёж", {}, [7]])
def test_features_that_are_no_list(tiny: Path, tmp_path: Path, features: Any) -> None:
    path = with_manifest(tiny, tmp_path / "ёж", lambda manifest: manifest.update(features=features))
    with pytest.raises(ModelCorrupt):
        load_model(path)


def test_columns_that_do_not_fit_the_arrays(model_file: Path, tmp_path: Path) -> None:
    path = with_manifest(
        model_file, tmp_path / "ёж", lambda manifest: manifest["columns"]["html"]["first"].pop()
    )
    with pytest.raises(ModelCorrupt):
        load_model(path)


NUMBERS: dict[str, Callable[[Floats], Any]] = {
    "no number": lambda array: array * np.nan,
    "without end": lambda array: array + np.inf,
    "whole": lambda array: array.astype(np.int64),
    "complex": lambda array: array.astype(np.complex64),
    "text": lambda array: array.astype("U9"),
    "dates": lambda array: array.astype(np.int64).astype("M8[s]"),
}


@pytest.mark.parametrize("name", ["html.words", "text.calibration", "html.second.low"])
@pytest.mark.parametrize("edit", NUMBERS.values(), ids=NUMBERS)
def test_array_of_other_numbers(
    tiny: Path, tmp_path: Path, edit: Callable[[Floats], Any], name: str
) -> None:
    path = with_array(tiny, tmp_path / "ёж", name, edit)
    with pytest.raises(ModelCorrupt, match=f"{name} has what is no finite number"):
        load_model(path)


def test_array_that_no_memory_holds(tiny: Path, tmp_path: Path) -> None:
    header = {"descr": "<f4", "fortran_order": False, "shape": (1 << 50,)}
    entry = io.BytesIO()
    np.lib.format.write_array_header_1_0(entry, header)
    path = with_entry(tiny, tmp_path / "ёж", "html.words.npy", lambda _: entry.getvalue())
    with pytest.raises(ModelCorrupt, match="cannot be read"):
        load_model(path)


@pytest.mark.parametrize("room", [0, -1])
def test_model_that_is_too_large(tiny: Path, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    # Unpacked it has more bytes than packed.
    monkeypatch.setattr("classifier.model.LARGEST_MODEL", tiny.stat().st_size + room)
    with pytest.raises(ModelCorrupt, match="more than any model"):
        load_model(tiny)


def test_model_that_is_just_not_too_large(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(tiny) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    monkeypatch.setattr("classifier.model.LARGEST_MODEL", size)
    assert load_model(tiny).manifest


SHAPES: dict[str, tuple[str, Callable[[Floats], Floats]]] = {
    "words of one source": ("words", lambda words: words[0]),
    "words of one source less": ("words", lambda words: words[:-1]),
    "words of one source more": ("words", lambda words: np.concatenate([words, words[:1]])),
    "words in fewer buckets": ("words", lambda words: words[:, :-1]),
    "words the other way round": ("words", lambda words: words.T),
    "calibration of three": ("calibration", lambda numbers: np.append(numbers, 1.0)),
    "names of several sources": ("element_names", lambda names: np.stack([names] * 4)),
    "names in fewer buckets": ("element_names", lambda names: names[:-1]),
}


@pytest.mark.parametrize("mode", TABLES)
@pytest.mark.parametrize(("array", "reshape"), SHAPES.values(), ids=SHAPES)
def test_array_of_another_shape(
    tiny: Path, tmp_path: Path, mode: str, array: str, reshape: Callable[[Floats], Floats]
) -> None:
    model = load_model(tiny)
    cascade = getattr(model, mode)
    wrong: Any = {array: reshape(getattr(cascade, array))}
    save_model(replace(model, **{mode: replace(cascade, **wrong)}), tmp_path / "ёж")
    with pytest.raises(ModelCorrupt, match=f"{mode}.{array} has a wrong shape"):
        load_model(tmp_path / "ёж")


@pytest.mark.parametrize("name", WORD_SOURCES)
def test_words_of_a_source_are_a_column(name: str) -> None:
    table = TABLES["text"]
    scores = [np.full(len(table.values), value, np.float32) for value in (1.0, 2.0, 3.0, 4.0)]
    column = first_columns(table, scores, scores[0])[
        "wording" if name == "own" else f"wording_{name}"
    ]
    assert column.tolist() == scores[WORD_SOURCES.index(name)].tolist()


SOURCES = {
    # source, the row whose words tell about each of Ёж, News, a paragraph
    "own": [0, 1, 2],
    "previous": [None, 0, 1],
    "next": [1, 2, None],
    "section": [None, 0, 1],
}


@pytest.mark.parametrize(("source", "rows"), SOURCES.items())
def test_cascade_scores_the_words_of_a_source(
    model: Model, monkeypatch: pytest.MonkeyPatch, source: str, rows: list[int | None]
) -> None:
    table, found = TABLES["text"], []

    def spy(table: FeatureTable, words: list[Floats], names: Floats) -> dict[str, Floats]:
        found.extend(words)
        return first_columns(table, words, names)

    monkeypatch.setattr("classifier.model.first_columns", spy)
    weights = np.zeros_like(model.text.words)
    weights[WORD_SOURCES.index(source)] = 1
    replace(model.text, words=weights).predict(table)
    own = table.words.score(weights[WORD_SOURCES.index(source)]).tolist()
    expected = [0 if row is None else own[row] for row in rows]
    assert found[WORD_SOURCES.index(source)].tolist() == expected


@pytest.mark.parametrize("library", ["sklearn", "pandas", "scipy", "joblib"])
def test_import_needs_no(library: str) -> None:
    code = f"import sys, classifier; sys.exit({library!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
