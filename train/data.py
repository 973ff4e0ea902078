"""What a labelled folder holds, in numbers: the datasheet's counts and the digests of its files."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from sklearn.metrics import cohen_kappa_score

from classifier.blocks import Label
from classifier.model import load_model
from train.labeled import (
    Entry,
    LabeledDataError,
    labels_path,
    page_path,
    read_entries,
    read_labels,
    read_listed,
)
from train.tables import BLOCKS, KINDS, TABLES, read_records

DATASHEET = "README.md"
SECOND = "second"
"""The folder of a labelled folder that holds a second person's labels of some of the pages."""

COUNTS_BEGIN, COUNTS_END = "<!-- counts -->\n", "<!-- end of counts -->\n"


def table_digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of each table of a labelled folder."""
    paths = [folder / TABLES / name for name in (BLOCKS, KINDS)]
    return {
        _name_of(folder, path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
        if path.is_file()
    }


def pages_digest(folder: Path) -> dict[str, str]:
    """The SHA-256 of all labelled pages of a folder together, with their labels."""
    pages = hashlib.sha256()
    for entry in read_entries(folder):
        for path in (page_path(entry, folder), labels_path(entry, folder)):
            data = read_listed(path)
            pages.update(f"{path.name} {len(data)}\n".encode() + data)
    return {_name_of(folder, folder / "pages"): pages.hexdigest()}


def _name_of(folder: Path, path: Path) -> str:
    return f"{folder.resolve().name}/{path.relative_to(folder).as_posix()}"


def datasheet_counts(folder: Path) -> str:
    """The datasheet's counts, as Markdown."""
    return "\n".join(_counts(folder)) + "\n"


def _counts(folder: Path) -> Iterator[str]:
    entries = read_entries(folder)
    labels = {entry.id: _label_counts(entry, folder) for entry in entries}
    yield from _rows("language", [entry.language for entry in entries], entries, labels)
    yield ""
    yield from _rows("mode", [entry.mode for entry in entries], entries, labels)
    yield ""
    yield from _rows("kind", [entry.kind for entry in entries], entries, labels)
    if (folder / SECOND).is_dir():
        yield ""
        yield from _agreement(entries, folder)
    if (folder / TABLES / BLOCKS).is_file():
        yield ""
        yield "| table rows of | language | pages | sites | blocks | content |"
        yield "|---|---|---:|---:|---:|---:|"
        records = read_records(folder / TABLES)
        for (corpus, language), group in records.groupby(["corpus", "language"], sort=False):
            yield (
                f"| {corpus} | {language} | {group['page'].nunique()} | {group['site'].nunique()}"
                f" | {len(group)} | {(group['label'] == Label.CONTENT.value).sum()} |"
            )


def _label_counts(entry: Entry, folder: Path) -> Counter[str]:
    return Counter(label.label for label in read_labels(labels_path(entry, folder)))


def _rows(
    what: str, values: Sequence[str], entries: Sequence[Entry], labels: dict[str, Counter[str]]
) -> Iterator[str]:
    yield f"| {what} | pages | blocks | content | noise |"
    yield "|---|---:|---:|---:|---:|"
    pages = Counter(values)
    totals: dict[str, Counter[str]] = {}
    for value, entry in zip(values, entries):
        totals.setdefault(value, Counter()).update(labels[entry.id])
    for value in sorted(pages, key=lambda value: (-pages[value], value)):
        content, noise = (totals[value][label.value] for label in (Label.CONTENT, Label.NOISE))
        yield f"| {value} | {pages[value]} | {content + noise} | {content} | {noise} |"


def _agreement(entries: Sequence[Entry], folder: Path) -> Iterator[str]:
    """How far two people who label by the guideline agree (Cohen 1960)."""
    yield "| labelled twice | pages | blocks | same label | Cohen's kappa |"
    yield "|---|---:|---:|---:|---:|"
    twice = [entry for entry in entries if (folder / SECOND / f"{entry.id}.jsonl").is_file()]
    languages = list(dict.fromkeys(entry.language for entry in twice))
    for language in [*languages, "all"] if twice else []:
        own = [entry for entry in twice if language in (entry.language, "all")]
        first = [label for entry in own for label in read_labels(labels_path(entry, folder))]
        second = [
            label for entry in own for label in read_labels(folder / SECOND / f"{entry.id}.jsonl")
        ]
        if [label.text for label in first] != [label.text for label in second]:
            raise LabeledDataError(f"{folder / SECOND}: not the blocks of the pages' first labels")
        if not first:
            continue
        labels = [label.label for label in first], [label.label for label in second]
        same = sum(one == other for one, other in zip(*labels)) / len(first)
        # Of one label alone kappa is 0 / 0: there is no chance to agree better than by chance.
        kappa = f"{cohen_kappa_score(*labels):.3f}" if len({*labels[0], *labels[1]}) > 1 else "–"
        yield f"| {language} | {len(own)} | {len(first)} | {same:.3f} | {kappa} |"


def counts_in_datasheet(folder: Path) -> str | None:
    """The counts that the datasheet states; `None` where there is no datasheet with counts."""
    path = folder / DATASHEET
    if not path.is_file():
        return None
    _, begin, rest = path.read_text(encoding="utf-8").partition(COUNTS_BEGIN)
    counts, end, _ = rest.partition(COUNTS_END)
    return counts if begin and end else None


def renew_counts(folder: Path) -> None:
    """Write the datasheet's counts anew."""
    old = counts_in_datasheet(folder)
    if old is None:
        raise LabeledDataError(
            f"{folder / DATASHEET} has no lines {COUNTS_BEGIN.strip()} and {COUNTS_END.strip()}"
        )
    path = folder / DATASHEET
    text = path.read_text(encoding="utf-8")
    stated, counted = (
        COUNTS_BEGIN + counts + COUNTS_END for counts in (old, datasheet_counts(folder))
    )
    path.write_text(text.replace(stated, counted), encoding="utf-8")


def check_counts(folder: Path) -> list[str]:
    """Counts of the datasheet that are not those of the files."""
    stated = counts_in_datasheet(folder)
    if stated is None or stated == datasheet_counts(folder):
        return []
    return [
        f"{folder / DATASHEET}: its counts are not those of the files;"
        " `python -m train counts` writes them anew"
    ]


def check_model(model: Path, card: Path, folder: Path) -> list[str]:
    """Where a model or its card were made from other data than the folder's."""
    learned = load_model(model).manifest.get("data")
    digest = hashlib.sha256(model.read_bytes()).hexdigest()
    problems = [
        f"{name}: its digest is not the one that {model.name} learned from; fit it anew"
        for name, value in {**table_digests(folder), **pages_digest(folder)}.items()
        if not isinstance(learned, dict) or learned.get(name) != value
    ]
    if not card.is_file() or digest not in card.read_text(encoding="utf-8"):
        problems.append(f"{card}: not the card of {model.name}, whose SHA-256 is {digest}")
    return problems
