"""The datasheet's counts, the digests of the training data, and the model that goes with them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from classifier import ModelNotFound
from classifier.model import Model, save_model
from train.data import (
    COUNTS_BEGIN,
    COUNTS_END,
    DATASHEET,
    SECOND,
    check_counts,
    check_model,
    counts_in_datasheet,
    datasheet_counts,
    pages_digest,
    renew_counts,
    table_digests,
)
from train.labeled import BlockLabel, LabeledDataError, check, read_labeled, write_labels
from train.tables import BLOCKS, KINDS, TABLES, write_tables
from train.training import labeled_facts

BREVE, DIAERESIS = "\N{COMBINING BREVE}", "\N{COMBINING DIAERESIS}"

PAGES = {
    # page: mode, language, kind, blocks
    "tea": ("html", "en", "news", "-Home|+Tea is a drink|+It is hot"),
    "jam": ("html", "en", "shop", "-Home|-Cart|+Jam"),
    "ёж": ("html", "ru", "news", "-Меню|+Ещё ёж пил чай|-Йод"),
    "чай": ("text", "ru", "news", f"-Меню|+Мои{BREVE} чаи{BREVE} и е{DIAERESIS}ж"),
    "usb": ("text", "mixed", "forum", "+Мой USB|+and the tea|-Ещё"),
}


def labels_of(blocks: str) -> list[BlockLabel]:
    names = {"+": "content", "-": "noise"}
    return [BlockLabel(names[block[0]], block[1:]) for block in blocks.split("|")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five pages of our own, with a datasheet whose counts are right."""
    folder = tmp_path / "мои"
    for kind in ("pages", "labels"):
        (folder / kind).mkdir(parents=True)
    entries = []
    for name, (mode, language, kind, blocks) in PAGES.items():
        labels = labels_of(blocks)
        entries.append(
            {
                "id": name,
                "mode": mode,
                "language": language,
                "kind": kind,
                "site": f"{name}.example",
                "encoding": "utf-8",
            }
        )
        page = folder / "pages" / f"{name}.{'html' if mode == 'html' else 'txt'}"
        texts = [label.text for label in labels]
        written = "\n\n".join(texts) if mode == "text" else "".join(f"<p>{text}" for text in texts)
        page.write_text(written, encoding="utf-8")
        write_labels(folder / "labels" / f"{name}.jsonl", labels)
    lines = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries)
    (folder / "pages.jsonl").write_text(lines, encoding="utf-8")
    (folder / DATASHEET).write_text(
        f"# Чай и tea\n\n{COUNTS_BEGIN}{datasheet_counts(folder)}{COUNTS_END}\nЕщё.\n",
        encoding="utf-8",
    )
    return folder


def with_tables(folder: Path) -> Path:
    write_tables(labeled_facts(list(read_labeled(folder, "выдуманный"))), folder / TABLES)
    return folder


def relabel_first(folder: Path, page: str, label: str = "content") -> None:
    path = folder / "labels" / f"{page}.jsonl"
    first, *others = labels_of(PAGES[page][3])
    write_labels(path, [BlockLabel(label, first.text), *others])


def test_folder_is_right(folder: Path) -> None:
    assert check(folder) == []


COUNTED = {
    "english": "| en | 2 | 6 | 3 | 3 |",
    "russian": "| ru | 2 | 5 | 2 | 3 |",
    "mixed": "| mixed | 1 | 3 | 2 | 1 |",
    "html": "| html | 3 | 9 | 4 | 5 |",
    "text": "| text | 2 | 5 | 3 | 2 |",
    "a kind in two languages": "| news | 3 | 8 | 4 | 4 |",
    "a kind of one page": "| shop | 1 | 3 | 1 | 2 |",
}


@pytest.mark.parametrize("line", COUNTED.values(), ids=COUNTED)
def test_counts(folder: Path, line: str) -> None:
    assert line in datasheet_counts(folder).splitlines()


def test_most_pages_come_first(folder: Path) -> None:
    lines = datasheet_counts(folder).split("\n\n")[2].splitlines()[2:]
    assert [line.split()[1] for line in lines] == ["news", "forum", "shop"]


def test_counts_of_the_tables(folder: Path) -> None:
    with_tables(folder)
    lines = datasheet_counts(folder).splitlines()
    assert "| выдуманный | ru | 2 | 2 | 5 | 2 |" in lines


def test_no_counts_of_tables_that_there_are_not(folder: Path) -> None:
    assert "table rows" not in datasheet_counts(folder)


SECOND_LABELS = {
    # second labels of ёж and of tea, and the line that they give
    "the same": ("-Меню|+Ещё ёж пил чай|-Йод", "ru", "| ru | 1 | 3 | 1.000 | 1.000 |"),
    "one of three": ("-Меню|+Ещё ёж пил чай|+Йод", "ru", "| ru | 1 | 3 | 0.667 | 0.400 |"),
    "all languages": ("-Меню|+Ещё ёж пил чай|+Йод", "all", "| all | 2 | 6 | 0.833 | 0.667 |"),
}


@pytest.mark.parametrize(
    ("second", "language", "expected"), SECOND_LABELS.values(), ids=SECOND_LABELS
)
def test_agreement(folder: Path, second: str, language: str, expected: str) -> None:
    (folder / SECOND).mkdir()
    write_labels(folder / SECOND / "ёж.jsonl", labels_of(second))
    write_labels(folder / SECOND / "tea.jsonl", labels_of(PAGES["tea"][3]))
    assert expected in datasheet_counts(folder).splitlines()


@pytest.mark.parametrize("page", ["tea", "ёж"])
def test_second_labels_of_other_blocks(folder: Path, page: str) -> None:
    (folder / SECOND).mkdir()
    write_labels(folder / SECOND / f"{page}.jsonl", labels_of("-Меню|+Ещё|-Jam"))
    with pytest.raises(LabeledDataError, match="not the blocks of the pages' first labels"):
        datasheet_counts(folder)


def test_counts_in_datasheet(folder: Path) -> None:
    assert counts_in_datasheet(folder) == datasheet_counts(folder)


def test_right_counts(folder: Path) -> None:
    assert check_counts(folder) == []


@pytest.mark.parametrize("page", PAGES)
def test_counts_go_stale_with_a_label(folder: Path, page: str) -> None:
    relabel_first(folder, page, "noise" if page == "usb" else "content")
    (problem,) = check_counts(folder)
    assert problem.startswith(f"{folder / DATASHEET}: its counts are not those of the files")


def test_counts_go_stale_with_the_tables(folder: Path) -> None:
    with_tables(folder)
    assert len(check_counts(folder)) == 1


@pytest.mark.parametrize("page", ["tea", "ёж"])
def test_renewed_counts_are_right(folder: Path, page: str) -> None:
    relabel_first(folder, page)
    renew_counts(folder)
    assert check_counts(folder) == []


def test_renewed_counts_leave_the_rest(folder: Path) -> None:
    text = (folder / DATASHEET).read_text(encoding="utf-8")
    relabel_first(folder, "ёж")
    old = datasheet_counts(folder)
    renew_counts(folder)
    renewed = (folder / DATASHEET).read_text(encoding="utf-8")
    before, after = (page.split(COUNTS_BEGIN)[0] for page in (text, renewed))
    assert (before, renewed.split(COUNTS_END)[1], old in renewed) == (after, "\nЕщё.\n", True)


def test_right_counts_renewed_change_nothing(folder: Path) -> None:
    before = (folder / DATASHEET).read_bytes()
    renew_counts(folder)
    assert (folder / DATASHEET).read_bytes() == before


def test_empty_counts_are_renewed(folder: Path) -> None:
    (folder / DATASHEET).write_text(COUNTS_BEGIN + COUNTS_END, encoding="utf-8")
    renew_counts(folder)
    assert counts_in_datasheet(folder) == datasheet_counts(folder)


DATASHEETS = {
    "no markers": "# Чай\n",
    "no end": f"# Чай\n{COUNTS_BEGIN}",
    "no begin": f"# Tea\n{COUNTS_END}",
    "turned round": f"{COUNTS_END}{COUNTS_BEGIN}",
}
EVERY_DATASHEET = pytest.mark.parametrize("text", DATASHEETS.values(), ids=DATASHEETS)


@EVERY_DATASHEET
def test_datasheet_without_markers_cannot_be_renewed(folder: Path, text: str) -> None:
    (folder / DATASHEET).write_text(text, encoding="utf-8")
    with pytest.raises(LabeledDataError, match="has no lines <!-- counts -->"):
        renew_counts(folder)


@EVERY_DATASHEET
def test_datasheet_without_markers_is_left_as_it_is(folder: Path, text: str) -> None:
    (folder / DATASHEET).write_text(text, encoding="utf-8")
    assert check_counts(folder) == []


def test_no_datasheet_cannot_be_renewed(folder: Path) -> None:
    (folder / DATASHEET).unlink()
    with pytest.raises(LabeledDataError, match=DATASHEET):
        renew_counts(folder)


def test_no_datasheet_states_nothing(folder: Path) -> None:
    (folder / DATASHEET).unlink()
    assert check_counts(folder) == []


def test_digest_is_named_by_the_folder(folder: Path) -> None:
    assert list(pages_digest(folder)) == ["мои/pages"]


def test_table_digests_are_named_by_the_folder(folder: Path) -> None:
    assert list(table_digests(with_tables(folder))) == [
        f"мои/{TABLES}/{BLOCKS}",
        f"мои/{TABLES}/{KINDS}",
    ]


@pytest.mark.parametrize("name", [BLOCKS, KINDS])
def test_table_digest_is_the_file_s(folder: Path, name: str) -> None:
    data = (with_tables(folder) / TABLES / name).read_bytes()
    assert table_digests(folder)[f"мои/{TABLES}/{name}"] == hashlib.sha256(data).hexdigest()


def test_no_tables_have_no_digests(folder: Path) -> None:
    assert table_digests(folder) == {}


def test_digest_of_the_same_pages_is_the_same(folder: Path) -> None:
    before = pages_digest(folder)
    (folder / DATASHEET).write_text("ёж", encoding="utf-8")
    assert pages_digest(folder) == before


def append(path: Path, data: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + data, encoding="utf-8")


def exchange(one: Path, other: Path) -> None:
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def move_end(one: Path, other: Path) -> None:
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(first[:-1])
    other.write_bytes(first[-1:] + second)


CHANGES: dict[str, Callable[[Path], None]] = {
    "label, english": lambda folder: relabel_first(folder, "tea"),
    "label, russian": lambda folder: relabel_first(folder, "ёж"),
    "page, english": lambda folder: append(folder / "pages/tea.html", "<!-- -->"),
    "page, russian": lambda folder: append(folder / "pages/чай.txt", "\n"),
    "pages exchanged": lambda folder: exchange(
        folder / "pages/tea.html", folder / "pages/jam.html"
    ),
    "line feed moved to the next file": lambda folder: move_end(
        folder / "labels/tea.jsonl", folder / "pages/jam.html"
    ),
}


@pytest.mark.parametrize("edit", CHANGES.values(), ids=CHANGES)
def test_digest_changes(folder: Path, edit: Callable[[Path], None]) -> None:
    before = pages_digest(folder)
    edit(folder)
    assert pages_digest(folder) != before


@pytest.fixture
def model_and_card(model: Model, folder: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The small model, as if it had learned from the folder, and its card."""
    with_tables(folder)
    data = {**table_digests(folder), **pages_digest(folder)}
    path, card = tmp_path / "ёж.model", tmp_path / "card.md"
    digest = save_model(replace(model, manifest={"data": data}), path)
    card.write_text(f"Ёж, `{digest}`", encoding="utf-8")
    return path, card


def test_model_of_the_folder(model_and_card: tuple[Path, Path], folder: Path) -> None:
    assert check_model(*model_and_card, folder) == []


@pytest.mark.parametrize("page", ["tea", "ёж"])
def test_model_of_other_labels(model_and_card: tuple[Path, Path], folder: Path, page: str) -> None:
    relabel_first(folder, page)
    (problem,) = check_model(*model_and_card, folder)
    assert problem.startswith("мои/pages: its digest is not the one that ёж.model learned from")


@pytest.mark.parametrize("name", [BLOCKS, KINDS])
def test_model_of_other_tables(model_and_card: tuple[Path, Path], folder: Path, name: str) -> None:
    with (folder / TABLES / name).open("ab") as file:
        file.write(b"\0")
    (problem,) = check_model(*model_and_card, folder)
    assert problem.startswith(f"мои/{TABLES}/{name}: ")


def test_model_that_does_not_say_what_it_learned_from(
    model: Model, model_and_card: tuple[Path, Path], folder: Path
) -> None:
    path, card = model_and_card
    card.write_text(save_model(replace(model, manifest={}), path), encoding="utf-8")
    assert len(check_model(path, card, folder)) == 3


def test_card_of_another_model(model_and_card: tuple[Path, Path], folder: Path) -> None:
    path, card = model_and_card
    card.write_text("Ёж, `0123`", encoding="utf-8")
    (problem,) = check_model(path, card, folder)
    assert problem.startswith(f"{card}: not the card of ёж.model")


def test_missing_card(model_and_card: tuple[Path, Path], folder: Path) -> None:
    path, card = model_and_card
    card.unlink()
    (problem,) = check_model(path, card, folder)
    assert problem.startswith(f"{card}: not the card of ёж.model")


def test_problem_says_the_digest(model_and_card: tuple[Path, Path], folder: Path) -> None:
    path, card = model_and_card
    card.unlink()
    (problem,) = check_model(path, card, folder)
    assert problem.endswith(hashlib.sha256(path.read_bytes()).hexdigest())


def test_missing_model(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound):
        check_model(tmp_path / "ёж.model", tmp_path / "card.md", folder)


@pytest.mark.parametrize("label", ["content", "noise"])
def test_agreement_on_one_label_has_no_kappa(folder: Path, label: str) -> None:
    (folder / SECOND).mkdir()
    for place in ("labels", SECOND):
        blocks = labels_of(PAGES["ёж"][3])
        write_labels(
            folder / place / "ёж.jsonl", [BlockLabel(label, block.text) for block in blocks]
        )
    assert "| ru | 1 | 3 | 1.000 | – |" in datasheet_counts(folder)


def test_nothing_labelled_twice(folder: Path) -> None:
    (folder / SECOND).mkdir()
    assert "| all |" not in datasheet_counts(folder)


def test_page_without_blocks_labelled_twice(folder: Path) -> None:
    (folder / SECOND).mkdir()
    for place in ("labels", SECOND):
        write_labels(folder / place / "ёж.jsonl", [])
    assert "| ru | 1 |" not in datasheet_counts(folder)


def test_digest_of_a_missing_page(folder: Path) -> None:
    next((folder / "pages").iterdir()).unlink()
    with pytest.raises(LabeledDataError, match="no such file"):
        pages_digest(folder)
