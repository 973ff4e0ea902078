"""Labelled pages as tables: what is written is read, and what does not fit is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from classifier.blocks import Block, Blocks, Document
from classifier.features import make_facts
from classifier.html import parse_html
from classifier.text import parse_text
from train.align import align_labels
from train.labeled import LabeledDataError, read_labeled
from train.pages import LabeledPage, PageRecord
from train.tables import (
    BLOCKS,
    COLUMNS,
    KINDS,
    RECORD,
    check_tables,
    read_records,
    read_tables,
    write_tables,
)
from train.training import LabeledFacts, TrainingTable, labeled_facts, training_table

BREVE, DIAERESIS = "\N{COMBINING BREVE}", "\N{COMBINING DIAERESIS}"


def labeled(number: int, document: Document, trust: float = 1.0) -> LabeledPage:
    """A page on which every second block is content and every third is not sure."""
    rows = np.arange(len(document.blocks))
    return LabeledPage(
        id=f"ёж-{number}",
        mode="html",
        document=document,
        record=PageRecord("выдуманный", f"{number:016x}", f"сайт-{number}", "ru", "чай", 5, trust),
        is_content=rows % 2 == 1,
        alignment=align_labels([block.text for block in document.blocks], rows % 2 == 1),
        sure=rows % 3 > 0,
        gold=(),
    )


TINY = {
    "english": parse_html("<title>Tea</title><nav><a href=/>Home</a></nav><p>Tea is hot."),
    "russian": parse_html("<div class=меню>Ёж</div><div id=post><p>Ещё чай<p><b>Йод</b></div>"),
    "decomposed": parse_html(f"<p class='чаи{BREVE}'>е{DIAERESIS}ж<p class='чай'>и{BREVE}од"),
    "mixed text": parse_text("Меню\n\nМой iPhone ещё жив, and so is the tea."),
    "elements of one kind": parse_html("<p>ёж<p>tea<p>чай"),
    "hidden": parse_html("<p>ёж<p hidden>tea"),
    "deep": parse_html(f"{'<div>' * 70}ёж{'<i>' * 70}<p>tea{'</i>' * 70}<p>чай"),
    "up and down": parse_html("<div><div><p>ёж</div>чай<div><p>tea</div></div>йод<div><p>jam"),
    "without elements": parse_html("ёж<br><br>tea"),
    "without words": parse_html("<p>—<p>©"),
    "one block": parse_text("ёж"),
}
WRITTEN = [labeled(number, document) for number, document in enumerate(TINY.values())]
WRITTEN += list(read_labeled())[:5]


@dataclass(frozen=True)
class Tables:
    """The pages before they were written and after they were read, and where they lie."""

    before: LabeledFacts
    after: LabeledFacts
    folder: Path


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    folder = tmp_path_factory.mktemp("tables")
    (before,) = labeled_facts(WRITTEN)
    write_tables([before], folder)
    (after,) = read_tables(folder)
    return Tables(before, after, folder)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Tables that a test may spoil."""
    write_tables(labeled_facts(WRITTEN[:2]), tmp_path)
    return tmp_path


@pytest.mark.parametrize("fact", make_facts([]).counts)
def test_fact_is_read_as_written(tables: Tables, fact: str) -> None:
    expected = tables.before.facts.counts[fact]
    assert tables.after.facts.counts[fact].tolist() == expected.tolist()


@pytest.mark.parametrize("name", ["bounds", "words", "word_bounds"])
def test_ranges_are_read_as_written(tables: Tables, name: str) -> None:
    after, before = getattr(tables.after.facts, name), getattr(tables.before.facts, name)
    assert after.tolist() == before.tolist()


@pytest.mark.parametrize("name", ["is_content", "sure"])
def test_labels_are_read_as_written(tables: Tables, name: str) -> None:
    assert getattr(tables.after, name).tolist() == getattr(tables.before, name).tolist()


def test_records_are_read_as_written(tables: Tables) -> None:
    assert tables.after.pages == tables.before.pages


def test_types_are_read_as_written(tables: Tables) -> None:
    before, after = tables.before.facts.counts, tables.after.facts.counts
    assert {values.dtype for values in after.values()} == {before["words"].dtype}


def test_paths_are_read_as_written(tables: Tables) -> None:
    assert tables.after.facts.tree.path.tolist() == tables.before.facts.tree.path.tolist()


def elements(facts: LabeledFacts) -> list[tuple[int, bool, list[int]]]:
    """What each element is: its tag, whether it is hidden, its names."""
    tree, kinds = facts.facts.tree, facts.facts.tree.kinds
    return [
        (
            int(kinds.tags[kind]),
            bool(kinds.hidden[kind]),
            kinds.names[kinds.name_bounds[kind] : kinds.name_bounds[kind + 1]].tolist(),
        )
        for kind in tree.kind[:-1].tolist()
    ]


def test_elements_are_read_as_written(tables: Tables) -> None:
    assert elements(tables.after) == elements(tables.before)


def test_no_element_finds_no_kind(tables: Tables) -> None:
    assert tables.after.facts.tree.kind[-1] == -1


def test_kinds_of_equal_names_are_written_once(tables: Tables) -> None:
    kinds = pd.read_parquet(tables.folder / KINDS)
    keys = [(row.tag, row.hidden, *row.names) for row in kinds.itertuples()]
    assert len(set(keys)) == len(keys)


PARTS: dict[str, Callable[[TrainingTable], Any]] = {
    "values": lambda training: training.table.values,
    "weights": lambda training: training.weights,
    "words": lambda training: training.table.words.buckets,
    "element names": lambda training: training.table.element_names.buckets,
    "containers": lambda training: training.table.layout.container_first,
    "kin": lambda training: training.table.layout.kin,
}


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_training_table_is_the_same(tables: Tables, part: Callable[[TrainingTable], Any]) -> None:
    after, before = (part(training_table([facts])) for facts in (tables.after, tables.before))
    np.testing.assert_array_equal(after, before)


@pytest.mark.parametrize("name", TINY)
def test_page_alone_has_the_same_features(tmp_path: Path, name: str) -> None:
    chunks = labeled_facts([labeled(7, TINY[name])])
    write_tables(chunks, tmp_path)
    after, before = (training_table(pages).table for pages in (read_tables(tmp_path), chunks))
    np.testing.assert_array_equal(after.values, before.values)


def test_pages_are_read_in_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tables(labeled_facts(WRITTEN[:5]), tmp_path)
    monkeypatch.setattr("train.tables.PAGES_PER_CHUNK", 2)
    assert [len(chunk.pages) for chunk in read_tables(tmp_path)] == [2, 2, 1]


CHUNKED: dict[str, Callable[[TrainingTable], Any]] = {
    "bounds": lambda training: training.table.bounds.tolist(),
    "words": lambda training: training.table.words.buckets.tolist(),
    "element names": lambda training: training.table.element_names.buckets.tolist(),
    "labels": lambda training: training.is_content.tolist(),
    "pages": lambda training: training.pages,
}


@pytest.mark.parametrize("part", CHUNKED.values(), ids=CHUNKED)
@pytest.mark.parametrize(("written", "read"), [(1, 32), (32, 1), (3, 2)])
def test_size_of_chunks_changes_nothing(
    tables: Tables,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    written: int,
    read: int,
    part: Callable[[TrainingTable], Any],
) -> None:
    monkeypatch.setattr("train.training.PAGES_PER_CHUNK", written)
    monkeypatch.setattr("train.tables.PAGES_PER_CHUNK", read)
    write_tables(labeled_facts(WRITTEN), tmp_path)
    assert part(training_table(read_tables(tmp_path))) == part(training_table([tables.before]))


def test_size_of_chunks_changes_no_byte(
    tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("train.training.PAGES_PER_CHUNK", 3)
    write_tables(labeled_facts(WRITTEN), tmp_path)
    assert (tmp_path / KINDS).read_bytes() == (tables.folder / KINDS).read_bytes()


@pytest.mark.parametrize("place", range(3))
def test_page_without_blocks_does_not_move_the_others(tmp_path: Path, place: int) -> None:
    pages = [labeled(0, TINY["english"]), labeled(1, TINY["russian"])]
    pages.insert(place, labeled(2, Document(Blocks.of([]))))
    write_tables(labeled_facts(pages), tmp_path)
    (found,) = read_tables(tmp_path)
    sizes = dict(zip((page.site for page in found.pages), np.diff(found.facts.bounds).tolist()))
    assert (sizes["сайт-0"], sizes["сайт-1"]) == (2, 3)


@pytest.mark.parametrize(
    "pages", [[], [labeled(0, Document(Blocks.of([])))]], ids=["no page", "no block"]
)
def test_tables_of_no_blocks(tmp_path: Path, pages: list[LabeledPage]) -> None:
    with pytest.raises(LabeledDataError, match="no page has a block"):
        write_tables(labeled_facts(pages), tmp_path)


def test_same_blocks_give_the_same_bytes(tmp_path: Path) -> None:
    chunks = labeled_facts(WRITTEN)
    for number in range(5):
        write_tables(chunks, tmp_path / str(number))
    for name in (BLOCKS, KINDS):
        assert len({(tmp_path / str(number) / name).read_bytes() for number in range(5)}) == 1


@pytest.mark.parametrize("name", ["corpus", "digest", "site", "language", "kind", "label"])
def test_repeated_strings_take_little_place(tables: Tables, name: str) -> None:
    column = pq.read_metadata(tables.folder / BLOCKS).row_group(0).column(COLUMNS.index(name))
    assert (column.path_in_schema, column.has_dictionary_page) == (name, True)


def test_columns_are_those_documented(tables: Tables) -> None:
    assert tuple(pd.read_parquet(tables.folder / BLOCKS).columns) == COLUMNS


def test_row_a_block(tables: Tables) -> None:
    rows = pd.read_parquet(tables.folder / BLOCKS)
    assert len(rows) == sum(len(page.document.blocks) for page in WRITTEN)


def test_words_are_lists_of_numbers(tables: Tables) -> None:
    rows = pd.read_parquet(tables.folder / BLOCKS)
    counts = [len(hashes) for hashes in rows["word_hashes"]]
    assert counts == rows["words"].tolist()


def test_label_is_written_as_its_name(tables: Tables) -> None:
    rows = pd.read_parquet(tables.folder / BLOCKS)
    assert (rows["label"] == "content").tolist() == tables.before.is_content.tolist()


def string_columns(path: Path) -> set[str]:
    def holds_strings(kind: pa.DataType) -> bool:
        if pa.types.is_dictionary(kind) or pa.types.is_list(kind):
            return holds_strings(kind.value_type)
        return not (pa.types.is_integer(kind) or pa.types.is_boolean(kind))

    schema = pq.read_schema(path)
    return {field.name for field in schema if holds_strings(field.type)}


def test_strings_are_only_in_what_is_known_of_the_page(tables: Tables) -> None:
    known = {"corpus", "digest", "site", "language", "kind", "trust", "label"}
    assert string_columns(tables.folder / BLOCKS) == known


def test_kinds_have_no_strings(tables: Tables) -> None:
    assert string_columns(tables.folder / KINDS) == set()


@pytest.mark.parametrize("word", ["quagga", "ёлочник", f"чаи{BREVE}ник"])
@pytest.mark.parametrize("name", [BLOCKS, KINDS])
def test_no_word_of_a_page_is_in_the_bytes(tmp_path: Path, name: str, word: str) -> None:
    page = parse_html(f"<title>{word}</title><p class={word} id={word}>{word}")
    (chunk,) = labeled_facts([labeled(0, page)])
    write_tables([chunk], tmp_path)
    for path in tmp_path.iterdir():
        # Compression could hide a word.
        pq.write_table(pq.read_table(path), path, compression="none", use_dictionary=False)
    assert word.encode() not in (tmp_path / name).read_bytes()


def test_records_have_a_row_a_block(tables: Tables) -> None:
    assert tuple(read_records(tables.folder).columns) == ("page", *RECORD, "label")


def test_tables_that_are_right(small: Path) -> None:
    assert check_tables(small) == []


def spoil(folder: Path, edit: Callable[[pa.Table], pa.Table]) -> None:
    pq.write_table(edit(pq.read_table(folder / BLOCKS)), folder / BLOCKS)


SPOILED: dict[str, tuple[Callable[[pa.Table], pa.Table], str]] = {
    "missing fact": (lambda table: table.drop_columns(["cyrillic"]), "missing: ['cyrillic']"),
    "missing record": (lambda table: table.drop_columns(["site"]), "missing: ['site']"),
    "extra": (
        lambda table: table.append_column("ёлки", table["words"]),
        "unknown: ['ёлки']",
    ),
    "renamed": (
        lambda table: table.rename_columns({"quotes": "ёлочки"}),
        "missing: ['quotes'], unknown: ['ёлочки']",
    ),
}
EVERY_SPOILED = pytest.mark.parametrize(("edit", "named"), SPOILED.values(), ids=SPOILED)


@EVERY_SPOILED
def test_check_names_the_column(
    small: Path, edit: Callable[[pa.Table], pa.Table], named: str
) -> None:
    spoil(small, edit)
    (problem,) = check_tables(small)
    assert named in problem


@EVERY_SPOILED
def test_reading_names_the_column(
    small: Path, edit: Callable[[pa.Table], pa.Table], named: str
) -> None:
    spoil(small, edit)
    with pytest.raises(LabeledDataError) as raised:
        read_tables(small)
    assert named in str(raised.value)


def test_problem_names_the_file(small: Path) -> None:
    spoil(small, lambda table: table.drop_columns(["words"]))
    (problem,) = check_tables(small)
    assert problem.startswith(f"{small / BLOCKS}: ")


@pytest.mark.parametrize("name", [BLOCKS, KINDS])
def test_missing_file_is_named(small: Path, name: str) -> None:
    (small / name).unlink()
    with pytest.raises(LabeledDataError, match=f"{name}: no such file"):
        read_tables(small)


@pytest.mark.parametrize("name", [BLOCKS, KINDS])
def test_check_names_the_missing_file(small: Path, name: str) -> None:
    (small / name).unlink()
    (problem,) = check_tables(small)
    assert problem.startswith(f"{small / name}: no such file")


def test_writing_makes_the_folder(tmp_path: Path) -> None:
    write_tables(labeled_facts(WRITTEN[:1]), tmp_path / "ёж" / "tables")
    assert (tmp_path / "ёж" / "tables" / BLOCKS).is_file()


def test_trust_is_read_as_written(tmp_path: Path) -> None:
    page = labeled(0, Document(Blocks.of([Block("ёж")])), trust=0.25)
    write_tables(labeled_facts([page]), tmp_path)
    assert read_tables(tmp_path)[0].pages[0].trust == 0.25


@pytest.mark.parametrize("name", [BLOCKS, KINDS])
def test_damaged_file_is_named(small: Path, name: str) -> None:
    (small / name).write_bytes((small / name).read_bytes()[:-20])
    with pytest.raises(LabeledDataError, match=f"{name} cannot be read"):
        read_tables(small)


@pytest.mark.parametrize("name", [BLOCKS, KINDS])
def test_check_names_the_damaged_file(small: Path, name: str) -> None:
    (small / name).write_bytes("ёж".encode())
    (problem,) = check_tables(small)
    assert problem.startswith(f"{small / name} cannot be read: ")


READERS: dict[str, Callable[[Path], object]] = {"tables": read_tables, "records": read_records}


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_damaged_rows_are_told_in_one_line(small: Path, read: Callable[[Path], object]) -> None:
    data = (small / BLOCKS).read_bytes()
    (small / BLOCKS).write_bytes(data[:4] + b"\xff" * 400 + data[404:])
    with pytest.raises(LabeledDataError, match=rf"^.*{BLOCKS} cannot be read: .* anew$"):
        read(small)


@pytest.mark.parametrize("name", ["site", "label"])
def test_records_without_a_column(small: Path, name: str) -> None:
    spoil(small, lambda table: table.drop_columns([name]))
    with pytest.raises(LabeledDataError, match=rf"missing: \['{name}'\]"):
        read_records(small)


def test_extra_column_of_kinds(small: Path) -> None:
    kinds = pd.read_parquet(small / KINDS).assign(ёлки=1)
    kinds.to_parquet(small / KINDS, index=False)
    assert "unknown: ['ёлки']" in check_tables(small)[0]


def test_missing_column_of_kinds(small: Path) -> None:
    kinds = pd.read_parquet(small / KINDS).drop(columns="hidden")
    kinds.to_parquet(small / KINDS, index=False)
    assert "missing: ['hidden']" in check_tables(small)[0]


@pytest.mark.parametrize("name", ["words", "aligned"])
def test_alignment_is_read_as_written(tables: Tables, name: str) -> None:
    before, after = tables.before.alignment, tables.after.alignment
    assert getattr(after, name).tolist() == getattr(before, name).tolist()
