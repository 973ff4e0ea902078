"""The labelled blocks of the public corpora as tables of whole numbers, without any text.

`blocks.parquet` has a row a block: inference's facts, its label, and what is known of its page.
`kinds.parquet` has a row a kind of element. From them a clone fits the packaged model, and gets
the same one, without the corpora. Any Parquet reader reads them: `pandas.read_parquet`.

The elements above a block are written as what is new: `shared_depth` outermost elements are those
of the block before, below them come elements of the kinds in `new_kinds`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from classifier.blocks import Label
from classifier.features import Facts, make_facts
from classifier.features.characters import Bools, Integers, starts_of
from classifier.features.tree import Kinds, Tree, grow_path
from train.align import Alignment
from train.labeled import LabeledDataError
from train.pages import PageRecord
from train.training import PAGES_PER_CHUNK, LabeledFacts

TABLES = "tables"
"""The folder of a labelled folder that holds them."""

BLOCKS, KINDS = "blocks.parquet", "kinds.parquet"

FACTS = tuple(make_facts([]).counts)
"""The names of the facts, each a column of the table of blocks."""

RECORD = tuple(field.name for field in fields(PageRecord))

COLUMNS = ("page", *RECORD, "label", "scored_words", "aligned_words", "sure", *FACTS) + (
    "word_hashes",
    "shared_depth",
    "new_kinds",
)
"""The columns of the table of blocks."""

KIND_COLUMNS = ("tag", "hidden", "names")

_FILES = {BLOCKS: COLUMNS, KINDS: KIND_COLUMNS}
_ANEW = "`python -m train tables` writes it anew"

_COMPRESSION = {"compression": "zstd", "compression_level": 19}


def write_tables(chunks: Sequence[LabeledFacts], folder: Path) -> None:
    """Write both tables into `folder`.

    A page without blocks has no row: it teaches nothing, and is not scored from the tables.
    """
    if not any(chunk.facts.size for chunk in chunks):
        raise LabeledDataError("no page has a block: there is nothing to write")
    folder.mkdir(parents=True, exist_ok=True)
    numbers: dict[tuple[int, bool, bytes], int] = {}
    parts = []
    page = 0
    for chunk in chunks:
        kinds = chunk.facts.tree.kinds
        own = [numbers.setdefault(key, len(numbers)) for key in _kind_keys(kinds)]
        parts.append(_block_rows(chunk, page, np.array([*own, -1], np.int64)))
        page += len(chunk.pages)
    table = pa.concat_tables(parts)
    pq.write_table(table, folder / BLOCKS, row_group_size=1 << 20, **_COMPRESSION)
    kind_table = pa.table(
        {
            "tag": np.array([tag for tag, _, _ in numbers], np.uint32),
            "hidden": np.array([hidden for _, hidden, _ in numbers], bool),
            "names": pa.array(
                [np.frombuffer(names, np.uint32) for _, _, names in numbers],
                pa.list_(pa.uint32()),
            ),
        }
    )
    pq.write_table(kind_table, folder / KINDS, **_COMPRESSION)


def _kind_keys(kinds: Kinds) -> list[tuple[int, bool, bytes]]:
    return [
        (int(tag), bool(hidden), kinds.names[start:end].tobytes())
        for tag, hidden, start, end in zip(
            kinds.tags, kinds.hidden, kinds.name_bounds, kinds.name_bounds[1:]
        )
    ]


def _block_rows(chunk: LabeledFacts, first_page: int, kind_numbers: Integers) -> pa.Table:
    facts = chunk.facts
    shared, is_new = _new_elements(facts.tree)
    new_kinds = kind_numbers[facts.tree.kind[facts.tree.path[is_new]]]
    return pa.table(
        {
            "page": (facts.page + first_page).astype(np.int32),
            **{
                name: _repeated([getattr(record, name) for record in chunk.pages], facts.page)
                for name in RECORD
            },
            "label": _repeated([Label.NOISE.value, Label.CONTENT.value], chunk.is_content * 1),
            "scored_words": chunk.alignment.words.astype(np.int32),
            "aligned_words": chunk.alignment.aligned.astype(np.int32),
            "sure": chunk.sure,
            **{name: values.astype(np.int32) for name, values in facts.counts.items()},
            "word_hashes": _lists(facts.word_bounds, facts.words),
            "shared_depth": shared.astype(np.int32),
            "new_kinds": _lists(starts_of(is_new.sum(axis=1)), new_kinds.astype(np.int32)),
        }
    )


def _new_elements(tree: Tree) -> tuple[Integers, Bools]:
    """How many elements each block shares with the one before, and which of its path are new."""
    same = np.zeros(tree.path.shape, bool)
    same[1:] = (tree.path[1:] == tree.path[:-1]) & (tree.path[1:] >= 0)
    shared = np.logical_and.accumulate(same, axis=1)
    return shared.sum(axis=1), (tree.path >= 0) & ~shared


def _repeated(values: Sequence[object], rows: Integers) -> pa.Array:
    # Not as Arrow's dictionaries: their padding is uninitialised memory and gets into the file.
    return pa.array(values).take(pa.array(rows))


def _lists(bounds: Integers, values: np.ndarray) -> pa.ListArray:
    return pa.ListArray.from_arrays(pa.array(bounds, pa.int32()), pa.array(values))


def read_tables(folder: Path) -> list[LabeledFacts]:
    """The pages of both tables, some a chunk; `LabeledDataError` where they do not fit."""
    table = _read(folder, BLOCKS)
    kinds = _read_kinds(folder)
    pages = table["page"].to_numpy()
    starts = np.flatnonzero(np.diff(pages, prepend=-1))
    cuts = np.append(starts[::PAGES_PER_CHUNK], len(pages))
    return [
        _read_chunk(table.slice(start, end - start).combine_chunks(), kinds)
        for start, end in pairwise(cuts)
    ]


def _read(folder: Path, name: str, columns: Sequence[str] | None = None) -> pa.Table:
    for problem in _problems(folder, name):
        raise LabeledDataError(problem)
    try:
        return pq.read_table(folder / name, columns=columns)
    except (pa.ArrowInvalid, OSError) as error:
        raise LabeledDataError(_damage(folder / name, error)) from error


def read_records(folder: Path) -> pd.DataFrame:
    """A row a block: its page, what is known of the page, its label."""
    return _read(folder, BLOCKS, ["page", *RECORD, "label"]).to_pandas()


def check_tables(folder: Path) -> list[str]:
    """What is wrong with the tables: missing or damaged, columns that are not this release's."""
    return [problem for name in _FILES for problem in _problems(folder, name)]


def _problems(folder: Path, name: str) -> Iterator[str]:
    path, columns = folder / name, _FILES[name]
    if not path.is_file():
        yield f"{path}: no such file; {_ANEW}"
        return
    try:
        found = pq.read_schema(path).names
    except (pa.ArrowInvalid, OSError) as error:
        yield _damage(path, error)
        return
    if found != list(columns):
        odd = [name for name in found if name not in columns]
        missing = [name for name in columns if name not in found]
        yield (
            f"{path}: columns are not this release's (missing: {missing}, unknown: {odd}); {_ANEW}"
        )


def _damage(path: Path, error: Exception) -> str:
    # Arrow's message may have several lines; the first says what is wrong.
    reason = str(error).partition("\n")[0]
    return f"{path} cannot be read: {reason}; {_ANEW}"


def _read_kinds(folder: Path) -> Kinds:
    table = _read(folder, KINDS).combine_chunks()
    names = table["names"].combine_chunks()
    return Kinds(
        tags=table["tag"].to_numpy(),
        hidden=table["hidden"].to_numpy(),
        names=names.values.to_numpy(),
        name_bounds=names.offsets.to_numpy().astype(np.int64),
    )


def _read_chunk(rows: pa.Table, kinds: Kinds) -> LabeledFacts:
    pages = rows["page"].to_numpy()
    first = np.flatnonzero(np.diff(pages, prepend=-1))
    records = rows.select(RECORD).take(first).to_pylist()
    words, word_bounds = _unlist(rows["word_hashes"])
    new_kinds, new_bounds = _unlist(rows["new_kinds"])
    counts = {name: rows[name].to_numpy().astype(np.int64) for name in FACTS}
    facts = Facts(
        counts=counts,
        bounds=np.append(first, len(pages)),
        words=words,
        word_bounds=word_bounds,
        tree=_grow(rows["shared_depth"].to_numpy(), new_kinds, new_bounds, kinds),
    )
    return LabeledFacts(
        facts=facts,
        is_content=np.array(rows["label"].to_pylist()) == Label.CONTENT.value,
        alignment=Alignment(
            *(rows[name].to_numpy().astype(np.int64) for name in ("scored_words", "aligned_words"))
        ),
        sure=rows["sure"].to_numpy(),
        pages=tuple(PageRecord(**record) for record in records),
    )


def _unlist(column: pa.ChunkedArray) -> tuple[np.ndarray, Integers]:
    lists = column.combine_chunks()
    bounds = lists.offsets.to_numpy().astype(np.int64)
    return lists.values.to_numpy()[bounds[0] : bounds[-1]], bounds - bounds[0]


def _grow(shared: Integers, new_kinds: Integers, new_bounds: Integers, kinds: Kinds) -> Tree:
    """The tree that `_new_elements` was asked about."""
    path = grow_path(shared, np.diff(new_bounds))
    return Tree(path, np.append(new_kinds, -1).astype(np.int64), kinds)
