"""Labelled pages from and to Label Studio's JSON.

The layout is the short one, JSON_MIN, of a project that labels the stretches of web pages, in
which ISPRAS published its Russian news pages:

    [{"id": 7, "url": "…", "html": "…", "labels": [{
        "text": "…", "hypertextlabels": ["text"],
        "start": "/html[1]/body[1]/p[2]/text()[1]", "startOffset": 0,
        "end": "/html[1]/body[1]/p[2]/text()[1]", "endOffset": 42,
        "globalOffsets": {"start": 310, "end": 352}}]}]

Global offsets are Label Studio's own: characters (code points) of the text nodes below `body`,
shown or not, where a `<br>` counts one. The other offsets are characters of one text node.

The import resolves no XPath, since a browser's tree, with what scripts added, is not the parser's.
If the global offsets of a page's content fit its text, they say which words are content, to the
word. If they are missing or do not fit, the texts of the content are aligned with the page
(`train.align`), in which a short line that comes twice may be found in the wrong place.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from selectolax.lexbor import LexborHTMLParser

from classifier.blocks import Block
from classifier.encoding import decode, without_surrogates
from classifier.html import parse_html
from classifier.language import text_language
from classifier.tags import INVISIBLE_TAGS
from classifier.taming import tame
from train.align import align, words
from train.corpora import site_of
from train.labeled import (
    LANGUAGES,
    BlockLabel,
    Entry,
    LabeledDataError,
    format_labels,
    labels_path,
    page_path,
    read_entries,
    read_labeled,
)

CONTENT_LABELS = frozenset(("text", "title", "subtitle"))
"""The labels of content; a stretch with any other one is noise, as is what has none."""

LINE_BREAK = "\\n"
"""What Label Studio writes into a stretch's text where a line ends: a backslash and an n."""

# A file's name: no separator, no leading dot, and short enough in bytes for every file system.
_SAFE_ID = re.compile(r"\w[\w.-]{0,49}")

_KINDS: Mapping[type, str] = {
    dict: "an object",
    int: "a whole number",
    list: "a list",
    str: "a string",
}
_Field = TypeVar("_Field", dict[str, Any], int, list[Any], str)


@dataclass(frozen=True, slots=True)
class Annotation:
    """A labelled stretch of a page: its text, and the global offsets of its ends if known."""

    is_content: bool
    text: str
    ends: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A page with what was labelled in it. `place` is where it was read, for messages."""

    id: str
    url: str
    html: str
    annotations: tuple[Annotation, ...]
    place: str


@dataclass(frozen=True, slots=True)
class TextNode:
    """A text node that a browser shows, and the global offset at which it starts."""

    xpath: str
    start: int
    text: str


class Character(NamedTuple):
    """A character that is not white space, its global offset and its text node."""

    value: str
    offset: int
    node: TextNode


def import_tasks(
    source: Path, folder: Path, language: str | None = None, kind: str = "news"
) -> int:
    """Add the pages of a JSON file to a folder of labelled pages; how many they were.

    The folder is made if need be. Each page is written as UTF-8, and its language is detected
    unless `language` names it. Raises `LabeledDataError` where the file does not have the form
    that this module describes, where an id is in the folder already, and where a page's language
    is neither English nor Russian. Nothing is written then.
    """
    if language is not None and language not in LANGUAGES:
        raise LabeledDataError(f"language {language!r} is none of {', '.join(LANGUAGES)}")
    index = folder / "pages.jsonl"
    known = {entry.id for entry in read_entries(folder)} if index.exists() else set()
    pages: list[tuple[Entry, bytes, list[BlockLabel]]] = []
    for task in read_tasks(source):
        if task.id in known:
            raise LabeledDataError(f"{task.place}: id {task.id} exists already")
        known.add(task.id)
        raw = task.html.encode("utf-8")
        labels = label_blocks(decode(raw).text, task.annotations)
        entry = Entry(
            id=task.id,
            mode="html",
            language=language or _language(labels, task.place),
            kind=kind,
            site=_site(task),
            encoding="utf-8",
            note=f"Label Studio, {source.name}",
        )
        pages.append((entry, raw, labels))
    for entry, raw, labels in pages:
        _write_whole(page_path(entry, folder), raw)
        _write_whole(labels_path(entry, folder), format_labels(labels).encode("utf-8"))
    # The index comes last: until then, a page that was written is not part of the folder.
    _write_whole(index, _longer_index(index, [entry for entry, _, _ in pages]))
    return len(pages)


def export_tasks(folder: Path, output: Path) -> int:
    """Write the HTML pages of a labelled folder to a JSON file; how many they were.

    Every block of content is a stretch, a headline with the label `title`, all else with `text`.
    Pages of plain text have no place in this layout: they are left out, which standard error says.
    Raises `LabeledDataError` if the folder does not have its form.
    """
    tasks = []
    skipped = 0
    for entry, page in zip(read_entries(folder), read_labeled(folder)):
        if page.mode != "html":
            skipped += 1
            continue
        html = decode(page_path(entry, folder).read_bytes()).text
        task = {
            "id": entry.id,
            "url": f"http://{entry.site}/{entry.id}",
            "html": html,
            "labels": make_regions(html, page.is_content.tolist()),
        }
        tasks.append(task)
    _write_whole(output, json.dumps(tasks, ensure_ascii=False, indent=1).encode("utf-8"))
    if skipped:
        print(f"pages of plain text, which the layout has no place for: {skipped}", file=sys.stderr)
    return len(tasks)


def read_tasks(source: Path) -> list[Task]:
    """The tasks of a JSON file.

    Raises `LabeledDataError`, which names the file, the task and the field, where something is
    missing or of another type, and where an id could not be a file's name.
    """
    try:
        records = json.loads(source.read_bytes())
    except OSError as error:
        raise LabeledDataError(f"{source}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise LabeledDataError(f"{source}: not JSON: {error}") from error
    if not isinstance(records, list):
        raise LabeledDataError(f"{source}: not a list of tasks")
    return [
        _read_task(record, f"{source}, task {number}") for number, record in enumerate(records, 1)
    ]


def label_blocks(html: str, annotations: Iterable[Annotation]) -> list[BlockLabel]:
    """A label for each block of a page: content if at least half of its words were labelled so.

    >>> label_blocks("<p>Меню<p>Ёж пьёт чай", [Annotation(True, "ёж чай")])
    [BlockLabel(label='noise', text='Меню'), BlockLabel(label='content', text='Ёж пьёт чай')]
    """
    texts = [block.text for block in parse_html(html).blocks]
    content = [annotation for annotation in annotations if annotation.is_content]
    covered = covered_characters(list(shown_characters(html)), content)
    if covered is None:
        shares = align(texts, _gold_words(content)).share
    else:
        flags = iter(covered)
        shares = [_covered_share(text, flags) for text in texts]
    return [
        BlockLabel("content" if share >= 0.5 else "noise", text)
        for share, text in zip(shares, texts)
    ]


def make_regions(html: str, is_content: Iterable[bool]) -> list[dict[str, Any]]:
    """The stretches of a page that are content, as Label Studio writes them, a block each.

    `is_content` says of each block of the page whether it is content.

    >>> [region] = make_regions("<p>Меню<p> Чай", [False, True])
    >>> region["start"], region["startOffset"], region["endOffset"], region["globalOffsets"]
    ('/html[1]/body[1]/p[2]/text()[1]', 1, 4, {'start': 5, 'end': 8})
    """
    characters = shown_characters(html)
    regions = []
    for block, wanted in zip(parse_html(html).blocks, is_content):
        own = list(islice(characters, len("".join(block.text.split()))))
        if wanted:
            regions.append(_region(block, own[0], own[-1]))
    return regions


def shown_characters(html: str) -> Iterator[Character]:
    """The characters of a page that are shown and no white space, in document order.

    They are those of its blocks one after another, since a block is the text of some nodes with
    white space added or taken away. So the first block has the first characters, as many as it
    needs, the next block the next ones.

    >>> "".join(character.value for character in shown_characters("<p>Ёж<script>1</script> и"))
    'Ёжи'
    """
    for node in shown_text_nodes(html):
        for place, value in enumerate(node.text):
            if not value.isspace():
                yield Character(value, node.start + place, node)


def shown_text_nodes(html: str) -> Iterator[TextNode]:
    """The text nodes of a page that a browser shows, in document order.

    >>> [(node.xpath, node.start) for node in shown_text_nodes("<p>tea<br>чай<b>ёж</b>")]
    [('/html[1]/body[1]/p[1]/text()[1]', 0), ('/html[1]/body[1]/p[1]/text()[2]', 4),
     ('/html[1]/body[1]/p[1]/b[1]/text()[1]', 7)]
    """
    body: Any = LexborHTMLParser(tame(html)).body
    # A page of frames has no body.
    pending = [] if body is None else [(body, "/html[1]/body[1]", True)]
    offset = 0
    while pending:
        node, xpath, shown = pending.pop()
        if node.tag == "-text":
            text = node.text_content or ""
            if shown:
                yield TextNode(xpath, offset, text)
            offset += len(text)
        elif node.tag == "br":
            offset += 1
        else:
            shown = shown and node.tag not in INVISIBLE_TAGS
            steps = reversed(list(_child_steps(node)))
            pending.extend((child, f"{xpath}/{step}", shown) for child, step in steps)


def covered_characters(
    characters: Sequence[Character], annotations: Iterable[Annotation]
) -> bytearray | None:
    """For each character, 1 if it stands between the ends of an annotation, else 0.

    `None` if the ends of one are not known, or its text is not the one between them.
    """
    covered = bytearray(len(characters))
    for annotation in annotations:
        if annotation.ends is None:
            return None
        first, last = (
            bisect_left(characters, end, key=lambda character: character.offset)
            for end in annotation.ends
        )
        between = "".join(character.value for character in characters[first:last])
        if _solid(between) != _solid(annotation.text):
            return None
        covered[first:last] = b"\1" * (last - first)
    return covered


def _covered_share(text: str, flags: Iterator[int]) -> float:
    """The share of a text's words that are covered by half or more; takes its characters' flags.

    Words are what white space parts, so that a line of asterisks has some too.
    """
    parts = text.split()
    hits = [2 * sum(islice(flags, len(part))) >= len(part) for part in parts]
    return sum(hits) / len(parts)


def _gold_words(content: Sequence[Annotation]) -> list[str]:
    """The words of content in document order: by the offsets, else as the annotations stand."""
    if all(annotation.ends for annotation in content):
        content = sorted(content, key=lambda annotation: annotation.ends or ())
    return [
        word for annotation in content for word in words(annotation.text.replace(LINE_BREAK, " "))
    ]


def _solid(text: str) -> str:
    """The characters of a text that are neither white space nor Label Studio's line break."""
    return "".join(text.split()).replace(LINE_BREAK, "")


def _region(block: Block, first: Character, last: Character) -> dict[str, Any]:
    path = block.markup.path if block.markup else ()
    return {
        "text": block.text,
        "hypertextlabels": ["title" if any(element.tag == "h1" for element in path) else "text"],
        "start": first.node.xpath,
        "startOffset": first.offset - first.node.start,
        "end": last.node.xpath,
        "endOffset": last.offset - last.node.start + 1,
        "globalOffsets": {"start": first.offset, "end": last.offset + 1},
    }


def _child_steps(node: Any) -> Iterator[tuple[Any, str]]:
    """The children of an element, each with the last step of its XPath."""
    counts: Counter[str] = Counter()
    child = node.first_child
    while child is not None:
        name = "text()" if child.tag == "-text" else child.tag
        counts[name] += 1
        yield child, f"{name}[{counts[name]}]"
        child = child.next


def _read_task(record: object, place: str) -> Task:
    name = _read_id(record, place)
    place = f"{place} (id {name})"
    return Task(
        id=name,
        url=_string(record, "url", place),
        html=_string(record, "html", place),
        annotations=tuple(
            _read_annotation(label, f"{place}, label {number}")
            for number, label in enumerate(_field(record, "labels", list, place), 1)
        ),
        place=place,
    )


def _read_id(record: object, place: str) -> str:
    """A task's id as the name of its files: a whole number, or a string without odd characters."""
    if isinstance(record, dict) and isinstance(record.get("id"), str):
        # Composed, lest two files have names that look the same.
        name = unicodedata.normalize("NFC", record["id"])
    else:
        name = str(_field(record, "id", int, place))
    if not _SAFE_ID.fullmatch(name):
        raise LabeledDataError(
            f"{place}: id {name!r} cannot be a file's name: up to 50 letters, digits, '.', '-', '_'"
        )
    return name


def _read_annotation(record: object, place: str) -> Annotation:
    labels = _field(record, "hypertextlabels", list, place)
    if not all(isinstance(label, str) for label in labels):
        raise LabeledDataError(f"{place}: hypertextlabels is not a list of strings")
    if isinstance(record, dict) and not record.get("text"):
        raise LabeledDataError(f'{place}: no text; export with text (saveTextResult="yes")')
    return Annotation(
        is_content=not CONTENT_LABELS.isdisjoint(labels),
        text=_string(record, "text", place),
        ends=_read_ends(record, place),
    )


def _read_ends(record: object, place: str) -> tuple[int, int] | None:
    if isinstance(record, dict) and record.get("globalOffsets") is None:
        return None
    offsets = _field(record, "globalOffsets", dict, place)
    place = f"{place}, globalOffsets"
    return _field(offsets, "start", int, place), _field(offsets, "end", int, place)


def _string(record: object, name: str, place: str) -> str:
    """A field that is a string; JSON's lone surrogates, which no file could hold, are replaced."""
    return without_surrogates(_field(record, name, str, place))


def _field(record: object, name: str, kind: type[_Field], place: str) -> _Field:
    if not isinstance(record, dict):
        raise LabeledDataError(f"{place}: not an object")
    if name not in record:
        raise LabeledDataError(f"{place}: {name} is missing")
    value = record[name]
    if not isinstance(value, kind) or isinstance(value, bool):
        raise LabeledDataError(f"{place}: {name} is not {_KINDS[kind]}")
    return value


def _language(labels: Sequence[BlockLabel], place: str) -> str:
    """The language of a page's content, or of all its text if it has no content."""
    content = [label.text for label in labels if label.label == "content"]
    language = text_language(content or [label.text for label in labels])
    if language not in LANGUAGES:
        raise LabeledDataError(f"{place}: html is neither English nor Russian; name the language")
    return language


def _site(task: Task) -> str:
    try:
        site = site_of(task.url)
    except ValueError as error:
        raise LabeledDataError(f"{task.place}: url: {error}") from error
    if not site:
        raise LabeledDataError(f"{task.place}: url names no site")
    return site


def _longer_index(index: Path, entries: Iterable[Entry]) -> bytes:
    """A folder's `pages.jsonl` with more lines."""
    old = index.read_text(encoding="utf-8") if index.exists() else ""
    if old and not old.endswith("\n"):
        old += "\n"
    lines = (json.dumps(asdict(entry), ensure_ascii=False) + "\n" for entry in entries)
    return (old + "".join(lines)).encode("utf-8")


def _write_whole(path: Path, data: bytes) -> None:
    """Write a file whole or, should the disk be full, leave the one that was there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.part")
    partial.write_bytes(data)
    partial.replace(path)
