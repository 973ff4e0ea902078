"""Reads, checks and renews `labeled/`: the pages that we wrote, with a label a block.

`pages.jsonl` has a line a page; `pages/ID.html` or `pages/ID.txt` holds its bytes as a site would
serve them, and `labels/ID.jsonl` a line a block: `{"label": "content", "text": "…"}`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from classifier.blocks import Document, Label
from classifier.encoding import decode
from classifier.html import parse_html
from classifier.text import parse_text
from train.align import align, align_labels, words
from train.pages import LabeledPage, Mode, PageRecord, page_digest, site_id

FOLDER = Path(__file__).resolve().parent.parent / "labeled"

LANGUAGES = ("en", "ru", "mixed")
MODES: tuple[Mode, ...] = ("html", "text")


class LabeledDataError(Exception):
    """A folder of labelled pages does not have the documented form."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of `pages.jsonl`."""

    id: str
    mode: Mode
    language: str
    kind: str
    site: str
    encoding: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class BlockLabel:
    """A line of `labels/ID.jsonl`."""

    label: str
    text: str


def read_entries(folder: Path = FOLDER) -> list[Entry]:
    """The pages that a folder of labelled pages lists, in its order."""
    index = folder / "pages.jsonl"
    if not index.exists():
        raise LabeledDataError(f"{folder} has no pages.jsonl; see labeled/README.md for the form")
    return [_entry(fields, where) for fields, where in _json_lines(index)]


def _json_lines(path: Path) -> Iterator[tuple[dict[str, str], str]]:
    """The objects of a JSON Lines file, all of whose values are strings, and where each stands."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise LabeledDataError(f"{path} is not UTF-8: {error}") from error
    for number, line in enumerate(text.split("\n"), 1):
        if not line:
            continue
        where = f"{path}, line {number}"
        try:
            fields = json.loads(line)
        except json.JSONDecodeError as error:
            raise LabeledDataError(f"{where}: {error}") from error
        if not isinstance(fields, dict) or not all(
            isinstance(value, str) for value in fields.values()
        ):
            raise LabeledDataError(f"{where}: not an object whose values are strings")
        yield fields, where


def _entry(fields: dict[str, str], where: str) -> Entry:
    try:
        entry = Entry(**fields)  # type: ignore[arg-type]
    except TypeError as error:
        raise LabeledDataError(f"{where}: {error}") from error
    for name, known in (("mode", MODES), ("language", LANGUAGES)):
        if getattr(entry, name) not in known:
            raise LabeledDataError(
                f"{where}: {name} {getattr(entry, name)!r} is none of {', '.join(known)}"
            )
    return entry


def page_path(entry: Entry, folder: Path = FOLDER) -> Path:
    """Where a page's bytes lie."""
    return folder / "pages" / f"{entry.id}.{'html' if entry.mode == 'html' else 'txt'}"


def labels_path(entry: Entry, folder: Path = FOLDER) -> Path:
    """Where a page's labels lie."""
    return folder / "labels" / f"{entry.id}.jsonl"


def read_document(entry: Entry, folder: Path = FOLDER) -> Document:
    """A page cut into blocks as inference cuts it."""
    return cut_page(read_raw(entry, folder), entry.mode)


def read_raw(entry: Entry, folder: Path = FOLDER) -> bytes:
    """The bytes of a page."""
    return read_listed(page_path(entry, folder))


def read_listed(path: Path) -> bytes:
    """The bytes of a file of a page that `pages.jsonl` lists."""
    if not path.is_file():
        raise LabeledDataError(f"{path}: no such file; pages.jsonl lists it")
    return path.read_bytes()


def cut_page(raw: bytes, mode: Mode) -> Document:
    """The bytes of a page cut into blocks."""
    text = decode(raw).text
    return parse_html(text) if mode == "html" else parse_text(text)


def read_labels(path: Path) -> list[BlockLabel]:
    """The labels of one page, a block each."""
    if not path.exists():
        raise LabeledDataError(f"{path}: no such file; every page needs its labels")
    labels = []
    for fields, where in _json_lines(path):
        try:
            labels.append(BlockLabel(**fields))
        except TypeError as error:
            raise LabeledDataError(f"{where}: {error}") from error
    return labels


def write_labels(path: Path, labels: Sequence[BlockLabel]) -> None:
    """Write the labels of one page."""
    path.write_text(format_labels(labels), encoding="utf-8")


def format_labels(labels: Sequence[BlockLabel]) -> str:
    """The labels of one page as JSON Lines.

    >>> format_labels([BlockLabel("noise", "Меню")])
    '{"label": "noise", "text": "Меню"}\\n'
    """
    return "".join(
        json.dumps({"label": label.label, "text": label.text}, ensure_ascii=False) + "\n"
        for label in labels
    )


def read_labeled(folder: Path = FOLDER, corpus: str = "labeled") -> Iterator[LabeledPage]:
    """Every page of a folder, checked: a page with a problem raises `LabeledDataError`.

    `corpus` is what the scores and the training weights call the folder's pages.
    """
    for entry in read_entries(folder):
        document = read_document(entry, folder)
        labels = read_labels(labels_path(entry, folder))
        problems = list(_page_problems(entry, document, labels))
        if problems:
            raise LabeledDataError(problems[0])
        is_content = np.array([label.label == Label.CONTENT for label in labels], bool)
        gold = [
            word for label in labels if label.label == Label.CONTENT for word in words(label.text)
        ]
        yield LabeledPage(
            id=entry.id,
            mode=entry.mode,
            document=document,
            record=PageRecord(
                corpus=corpus,
                digest=page_digest(read_raw(entry, folder)),
                site=site_id(entry.site),
                language=entry.language,
                kind=entry.kind,
                gold_words=len(gold),
            ),
            is_content=is_content,
            alignment=align_labels([label.text for label in labels], is_content),
            sure=np.ones(len(labels), bool),
            gold=gold,
        )


def check(folder: Path = FOLDER) -> list[str]:
    """Everything that is wrong with a folder of labelled pages, a sentence each."""
    problems = []
    entries = read_entries(folder)
    for name, count in Counter(entry.id for entry in entries).items():
        if count > 1:
            problems.append(f"{name}: listed {count} times in pages.jsonl")
    seen: dict[tuple[str, ...], str] = {}
    languages: dict[str, set[str]] = {}
    for entry in entries:
        try:
            document = read_document(entry, folder)
            labels = read_labels(labels_path(entry, folder))
        except LabeledDataError as error:
            problems.append(str(error))
            continue
        problems.extend(_page_problems(entry, document, labels))
        texts = tuple(block.text for block in document.blocks)
        if texts in seen:
            problems.append(f"{entry.id}: the same blocks as {seen[texts]}")
        seen.setdefault(texts, entry.id)
        languages.setdefault(entry.site, set()).add(entry.language)
    for site, spoken in languages.items():
        if {"en", "ru"} <= spoken:
            problems.append(f"{site}: counted as English and as Russian")
    listed = {page_path(entry, folder) for entry in entries}
    listed |= {labels_path(entry, folder) for entry in entries}
    for path in sorted([*(folder / "pages").glob("*"), *(folder / "labels").glob("*")]):
        if path not in listed:
            problems.append(f"{path.parent.name}/{path.name}: not listed in pages.jsonl")
    return problems


def _page_problems(entry: Entry, document: Document, labels: Sequence[BlockLabel]) -> Iterator[str]:
    known = {label.value for label in Label}
    for number, label in enumerate(labels, 1):
        if label.label not in known:
            yield f"{entry.id}: block {number} has the label {label.label!r}, not content or noise"
    texts = [block.text for block in document.blocks]
    present = set(texts)
    for number, label in enumerate(labels, 1):
        if label.text not in present:
            yield f"{entry.id}: block {number} is not in the page: {label.text[:60]!r}"
            return
    if texts != [label.text for label in labels]:
        yield f"{entry.id}: segmentation changed; `python -m train relabel` carries the labels over"


def relabel(labels: Sequence[BlockLabel], document: Document) -> list[BlockLabel]:
    """Labels carried over to another segmentation of the same page.

    A new block is content if at least half of its words were; a block without words takes the
    label of the old block with the same text, else noise.
    """
    by_text = {label.text: label.label for label in labels}
    texts = [block.text for block in document.blocks]
    owners = _old_words(labels)
    new_words = [word for text in texts for word in words(text)]
    if [word for word, _ in owners] == new_words:
        shares = _exact_shares(texts, [content for _, content in owners])
    else:
        shares = align(texts, [word for word, content in owners if content]).share
    return [
        BlockLabel(
            by_text.get(text, "noise")
            if not words(text)
            else ("content" if share >= 0.5 else "noise"),
            text,
        )
        for text, share in zip(texts, shares)
    ]


def _old_words(labels: Sequence[BlockLabel]) -> list[tuple[str, bool]]:
    return [(word, label.label == Label.CONTENT) for label in labels for word in words(label.text)]


def _exact_shares(texts: Sequence[str], content: Sequence[bool]) -> list[float]:
    shares = []
    start = 0
    for text in texts:
        size = len(words(text))
        shares.append(sum(content[start : start + size]) / size if size else 0.0)
        start += size
    return shares
