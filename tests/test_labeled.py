"""The labelled pages' form, its check, and labels carried over to another segmentation."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from classifier.text import parse_text
from train.labeled import (
    FOLDER,
    BlockLabel,
    LabeledDataError,
    check,
    read_entries,
    read_labeled,
    read_labels,
    relabel,
    write_labels,
)

ENGLISH, RUSSIAN, MIXED = "a-dockside-brief", "a-kapustny-pirog", "a-harbour-tuner"
PAGES = (ENGLISH, RUSSIAN, MIXED)
EVERY_PAGE = pytest.mark.parametrize("page", PAGES)
BREVE = "\N{COMBINING BREVE}"

Lines = list[dict[str, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three of the pages, an English, a Russian and a mixed one, in a folder of their own."""
    for kind in ("pages", "labels"):
        (tmp_path / kind).mkdir()
        for page in PAGES:
            for path in (FOLDER / kind).glob(f"{page}.*"):
                shutil.copy(path, tmp_path / kind)
    lines = (FOLDER / "pages.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if json.loads(line)["id"] in PAGES]
    (tmp_path / "pages.jsonl").write_text("".join(kept), encoding="utf-8")
    return tmp_path


def change(path: Path, edit: Callable[[Lines], object]) -> None:
    """Edit the lines of a file in place."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    edit(lines)
    written = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    path.write_text(written, encoding="utf-8")


def labels_of(folder: Path, page: str) -> Path:
    return folder / "labels" / f"{page}.jsonl"


def page_of(folder: Path, page: str) -> Path:
    return next((folder / "pages").glob(f"{page}.*"))


def test_our_pages_are_right() -> None:
    assert check() == []


def test_copied_folder_is_right(folder: Path) -> None:
    assert check(folder) == []


def test_read_labeled_gives_a_label_a_block(folder: Path) -> None:
    pages = list(read_labeled(folder))
    assert [len(page.is_content) == len(page.document.blocks) for page in pages] == [True] * 3


def test_gold_is_the_words_of_content(folder: Path) -> None:
    write_labels(labels_of(folder, ENGLISH), [])
    page_of(folder, ENGLISH).write_bytes("<p>Меню</p><p>Ёж, tea!</p>".encode())
    labels = [BlockLabel("noise", "Меню"), BlockLabel("content", "Ёж, tea!")]
    write_labels(labels_of(folder, ENGLISH), labels)
    assert next(read_labeled(folder)).gold == ["ёж", "tea"]


@EVERY_PAGE
def test_wrong_label(folder: Path, page: str) -> None:
    change(labels_of(folder, page), lambda lines: lines[1].update(label="шум"))
    assert check(folder) == [f"{page}: block 2 has the label 'шум', not content or noise"]


@EVERY_PAGE
def test_block_that_is_not_in_the_page(folder: Path, page: str) -> None:
    change(labels_of(folder, page), lambda lines: lines[1].update(text="Ещё чай"))
    assert check(folder) == [f"{page}: block 2 is not in the page: 'Ещё чай'"]


@EVERY_PAGE
def test_missing_block(folder: Path, page: str) -> None:
    change(labels_of(folder, page), lambda lines: lines.pop(2))
    (problem,) = check(folder)
    assert problem.startswith(f"{page}: segmentation changed")


@EVERY_PAGE
def test_changed_segmentation(folder: Path, page: str) -> None:
    change(labels_of(folder, page), lambda lines: lines.reverse())
    (problem,) = check(folder)
    assert problem.startswith(f"{page}: segmentation changed")


@EVERY_PAGE
def test_decomposed_label_is_not_the_composed_block(folder: Path, page: str) -> None:
    page_of(folder, page).write_bytes("<p>чай</p>".encode())
    write_labels(labels_of(folder, page), [BlockLabel("content", f"чаи{BREVE}")])
    assert any("block 1 is not in the page" in problem for problem in check(folder))


def test_page_with_a_problem_is_not_read(folder: Path) -> None:
    change(labels_of(folder, ENGLISH), lambda lines: lines.pop())
    with pytest.raises(LabeledDataError, match="segmentation changed"):
        list(read_labeled(folder))


def test_duplicate_page(folder: Path) -> None:
    page_of(folder, ENGLISH).write_bytes(page_of(folder, RUSSIAN).read_bytes())
    shutil.copy(labels_of(folder, RUSSIAN), labels_of(folder, ENGLISH))
    assert check(folder) == [f"{RUSSIAN}: the same blocks as {ENGLISH}"]


def test_page_listed_twice(folder: Path) -> None:
    change(folder / "pages.jsonl", lambda lines: lines.append(lines[0]))
    assert f"{ENGLISH}: listed 2 times in pages.jsonl" in check(folder)


def test_site_in_two_languages(folder: Path) -> None:
    change(folder / "pages.jsonl", lambda lines: [line.update(site="ёж") for line in lines])
    assert check(folder) == ["ёж: counted as English and as Russian"]


def test_site_may_have_mixed_pages_too(folder: Path) -> None:
    change(folder / "pages.jsonl", lambda lines: [line.update(site="ёж") for line in lines[1:2]])
    assert check(folder) == []


def test_unlisted_page(folder: Path) -> None:
    (folder / "pages" / "ёж.html").write_text("<p>чай</p>", encoding="utf-8")
    assert check(folder) == ["pages/ёж.html: not listed in pages.jsonl"]


@pytest.mark.parametrize("stray", ["labels/ёж.jsonl", f"pages/{ENGLISH}.txt"])
def test_other_unlisted_file(folder: Path, stray: str) -> None:
    (folder / stray).write_text("", encoding="utf-8")
    assert check(folder) == [f"{stray}: not listed in pages.jsonl"]


@pytest.mark.parametrize(("key", "value"), [("mode", "pdf"), ("language", "uk")])
def test_unknown_mode_or_language(folder: Path, key: str, value: str) -> None:
    change(folder / "pages.jsonl", lambda lines: lines[0].update({key: value}))
    with pytest.raises(
        LabeledDataError, match=rf"pages\.jsonl, line 1: {key} '{value}' is none of"
    ):
        read_entries(folder)


@EVERY_PAGE
def test_missing_page(folder: Path, page: str) -> None:
    path = page_of(folder, page)
    path.unlink()
    assert check(folder) == [f"{path}: no such file; pages.jsonl lists it"]


@EVERY_PAGE
def test_missing_labels(folder: Path, page: str) -> None:
    labels_of(folder, page).unlink()
    (problem,) = check(folder)
    assert problem.startswith(f"{labels_of(folder, page)}: no such file")


def test_line_of_labels_that_is_no_json(folder: Path) -> None:
    labels_of(folder, RUSSIAN).write_text("{}\nё\n", encoding="utf-8")
    (problem,) = check(folder)
    assert problem.startswith(f"{labels_of(folder, RUSSIAN)}, line 1:")


def test_line_of_the_index_that_is_no_json(folder: Path) -> None:
    (folder / "pages.jsonl").write_text("ё\n", encoding="utf-8")
    with pytest.raises(LabeledDataError, match="line 1"):
        check(folder)


def test_folder_without_an_index(tmp_path: Path) -> None:
    with pytest.raises(LabeledDataError, match=r"has no pages\.jsonl"):
        check(tmp_path)


def test_note_with_a_line_separator(folder: Path) -> None:
    note = "ёж\N{LINE SEPARATOR}tea"
    change(folder / "pages.jsonl", lambda lines: lines[0].update(note=note))
    assert read_entries(folder)[0].note == note


def test_labels_are_written_as_they_are_read(tmp_path: Path) -> None:
    labels = [
        BlockLabel("content", f"Ёж, ещё чаи{BREVE}\nи tea"),
        BlockLabel("noise", "\N{LINE SEPARATOR}"),
    ]
    write_labels(tmp_path / "ёж.jsonl", labels)
    assert read_labels(tmp_path / "ёж.jsonl") == labels


RELABELED = {
    # old labels (+ content, - noise), new blocks, their labels
    "joined": ("+tea is|+a drink", "tea is a drink", "+"),
    "split": ("+Ёж пьёт. Чай стынет.|-Меню", "Ёж пьёт.|Чай стынет.|Меню", "++-"),
    "joined with noise, most is content": ("-Меню|+Ещё чай, ёж", "Меню Ещё чай, ёж", "+"),
    "joined with noise, most is noise": ("-Home News Log|+tea", "Home News Log tea", "-"),
    "same words in noise and content": ("-чай|+чай|-чай", "чай|чай|чай", "-+-"),
    "decomposed": (f"-меню|+чаи{BREVE} стынет", f"меню|чаи{BREVE}|стынет", "-++"),
    "mixed": ("+USB-кабель, ёж|-Купить USB", "USB-кабель,|ёж|Купить USB", "++-"),
    "block without words": ("+ёж|+* * *|-—", "ёж|* * *|—", "++-"),
    "new block without words": ("+ёж", "ёж|…", "+-"),
    "a word went": ("-Меню|+tea is a drink", "Меню|tea is drink", "-+"),
    "a word came": ("-Меню|+ещё чай", "Новое меню|ещё чай", "-+"),
}


@pytest.mark.parametrize(("old", "new", "expected"), RELABELED.values(), ids=RELABELED)
def test_relabel(old: str, new: str, expected: str) -> None:
    names = {"+": "content", "-": "noise"}
    labels = [BlockLabel(names[block[0]], block[1:]) for block in old.split("|")]
    document = parse_text(new.replace("|", "\n\n"))
    assert relabel(labels, document) == [
        BlockLabel(names[sign], text) for sign, text in zip(expected, new.split("|"))
    ]


NOT_STRINGS = {
    "label is a list": ("labels", {"label": ["content"]}),
    "text is a number": ("labels", {"text": 7}),
    "note is null": ("pages.jsonl", {"note": None}),
}


@pytest.mark.parametrize(("place", "update"), NOT_STRINGS.values(), ids=NOT_STRINGS)
@EVERY_PAGE
def test_values_are_strings(folder: Path, page: str, place: str, update: dict[str, object]) -> None:
    path = labels_of(folder, page) if place == "labels" else folder / place
    change(path, lambda lines: lines[0].update(update))
    with pytest.raises(LabeledDataError, match=r"line 1: not an object whose values are strings"):
        list(read_labeled(folder))


@pytest.mark.parametrize("place", ["labels", "pages.jsonl"])
def test_files_are_utf8(folder: Path, place: str) -> None:
    path = labels_of(folder, RUSSIAN) if place == "labels" else folder / place
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    with pytest.raises(LabeledDataError, match=f"{path.name} is not UTF-8"):
        list(read_labeled(folder))


@EVERY_PAGE
def test_missing_page_when_read(folder: Path, page: str) -> None:
    page_of(folder, page).unlink()
    with pytest.raises(LabeledDataError, match=f"{page}.*no such file"):
        list(read_labeled(folder))


@pytest.mark.parametrize("place", ["pages", "labels"])
def test_check_without_a_folder(folder: Path, place: str) -> None:
    shutil.rmtree(folder / place)
    assert len(check(folder)) >= len(PAGES)
