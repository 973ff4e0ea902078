"""Labelled pages from and to Label Studio's JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from classifier.html import parse_html
from train.label_studio import (
    Annotation,
    export_tasks,
    import_tasks,
    label_blocks,
    make_regions,
    read_tasks,
    shown_characters,
    shown_text_nodes,
)
from train.labeled import (
    FOLDER,
    BlockLabel,
    Entry,
    LabeledDataError,
    check,
    page_path,
    read_entries,
    read_labels,
    write_labels,
)

BREVE = "\N{COMBINING BREVE}"
DIAERESIS = "\N{COMBINING DIAERESIS}"

ENGLISH_PAGE = (
    "<title>The Ember Post</title><ul><li>Home<li>Weather</ul>"
    "<h1>Kiln opens in Harrow Lea</h1><p>The old kiln is open again.</p>"
    "<p>By Odell Finch</p><p>It will be fired on Sundays.</p>"
)
RUSSIAN_PAGE = (
    "<title>Вести Полянки</title><ul><li>Главная<li>Погода</ul>"
    f"<h1>В Полянке открыли ещё один чаи{BREVE}ный дом</h1><p>Ёлку у входа оставили.</p>"
    "<p>Пётр Ёжиков</p><p>Дом будет открыт по субботам.</p>"
)
ENGLISH_TEXTS = ("Kiln opens in Harrow Lea", "The old kiln is open again.")
RUSSIAN_TEXTS = (
    "В Полянке открыли ещё один чайный дом",
    f"Е{DIAERESIS}лку у входа оставили.",
)


def region(text: str, label: str = "text", **fields: Any) -> dict[str, Any]:
    """A labelled stretch as Label Studio writes it, but for the XPaths, which nobody reads."""
    return {"text": text, "hypertextlabels": [label], **fields}


def task(html: str = ENGLISH_PAGE, *regions: object, **fields: Any) -> dict[str, Any]:
    url = "https://www.ember-post.example/kiln"
    return {"id": 7, "url": url, "html": html, "labels": list(regions), **fields}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes tasks to a file."""

    def write_tasks(*tasks: object) -> Path:
        path = tmp_path / "tasks.json"
        path.write_text(json.dumps(tasks), encoding="utf-8")
        return path

    return write_tasks


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a folder of labelled pages will be."""
    return tmp_path / "labeled"


def kept(labels: list[BlockLabel]) -> list[str]:
    return [label.text for label in labels if label.label == "content"]


def signs(html: str, *annotations: Annotation) -> str:
    """A plus for each block of content, a minus for each of noise."""
    names = {"content": "+", "noise": "-"}
    return "".join(names[label.label] for label in label_blocks(html, annotations))


def content(text: str, *ends: int) -> Annotation:
    return Annotation(True, text, (ends[0], ends[1]) if ends else None)


# What becomes of the labels


@pytest.mark.parametrize(
    ("html", "texts"),
    [(ENGLISH_PAGE, ENGLISH_TEXTS), (RUSSIAN_PAGE, RUSSIAN_TEXTS)],
    ids=["English", "Russian, composed and decomposed"],
)
def test_blocks_of_annotations_are_content(html: str, texts: tuple[str, ...]) -> None:
    assert signs(html, *map(content, texts)) == "--++--"


@pytest.mark.parametrize("label", ["text", "title", "subtitle"])
def test_label_of_content(write: Callable[..., Path], label: str) -> None:
    [read] = read_tasks(write(task("", region("чай", label))))
    assert read.annotations == (Annotation(True, "чай"),)


@pytest.mark.parametrize("label", ["date", "author", "topic", "tag", "short_text", "Text"])
def test_any_other_label_is_noise(write: Callable[..., Path], label: str) -> None:
    [read] = read_tasks(write(task("", region("чай", label))))
    assert read.annotations == (Annotation(False, "чай"),)


def test_text_of_noise_is_not_looked_for() -> None:
    assert signs("<p>Ёж<p>tea", Annotation(False, "Ёж"), content("tea")) == "-+"


def test_page_without_annotations_is_noise() -> None:
    assert signs("<p>Ёж<p>tea") == "--"


HALVES = {
    "half of the words": ("<p>ёж пьёт tea тут", "пьёт tea", "+"),
    "less than half": ("<p>ёж пьёт tea тут ещё", "пьёт tea", "-"),
}


@pytest.mark.parametrize(("html", "text", "expected"), HALVES.values(), ids=HALVES)
def test_half_of_the_words_aligned(html: str, text: str, expected: str) -> None:
    assert signs(html, content(text)) == expected


@pytest.mark.parametrize(("html", "text", "expected"), HALVES.values(), ids=HALVES)
def test_half_of_the_words_between_offsets(html: str, text: str, expected: str) -> None:
    start = html.index(text) - len("<p>")
    assert signs(html, content(text, start, start + len(text))) == expected


@pytest.mark.parametrize(("end", "expected"), [(2, "+"), (1, "-")])
def test_word_between_offsets_by_half_or_more(end: int, expected: str) -> None:
    assert signs("<p>чаша", content("чаша"[:end], 0, end)) == expected


def test_block_without_letters_between_offsets() -> None:
    assert signs("<p>* * *<p>* * *", content("* * *", 5, 10)) == "-+"


def test_offsets_tell_apart_what_is_written_twice() -> None:
    assert signs("<p>Чай<p>ёж<p>Чай", content("ёж Чай", 3, 8)) == "-++"


def test_offsets_tell_apart_the_other_of_two() -> None:
    assert signs("<p>Чай<p>tea<p>Чай", content("Чай", 6, 9)) == "--+"


MISFITS = {
    "too far": (40, 43),
    "another word": (0, 3),
    "backwards": (9, 6),
    "negative": (-9, -6),
    "beyond all numbers": (10**30, 10**30 + 3),
}


@pytest.mark.parametrize("ends", MISFITS.values(), ids=MISFITS)
def test_offsets_that_do_not_fit_are_not_believed(ends: tuple[int, int]) -> None:
    assert signs("<p>tea<p>ещё<p>чай", content("чай", *ends)) == "--+"


def test_one_misfit_makes_all_offsets_doubtful() -> None:
    assert signs("<p>tea<p>чай", content("чай", 3, 6), content("tea", 1, 4)) == "++"


def test_aligned_in_the_order_of_offsets() -> None:
    """Of two annotations against the order of the page, one alone would align."""
    html = "<p>Ещё чай<p>and tea"
    assert signs(html, content("and tea", 90, 97), content("Ещё чай", 50, 57)) == "++"


def test_aligned_in_the_order_of_the_list() -> None:
    html = "<p>Ещё чай<p>and tea"
    assert signs(html, content("Ещё чай", 90, 97), content("and tea")) == "++"


LINE_BREAKS = {
    "without offsets": content("Ёж пьёт\\nи поёт", *()),
    "with offsets": content("Ёж пьёт\\nи поёт", 4, 17),
}


@pytest.mark.parametrize("annotation", LINE_BREAKS.values(), ids=LINE_BREAKS)
def test_written_line_break_is_white_space(annotation: Annotation) -> None:
    html = "<p>Меню<p>Ёж пьёт<p>и<p>поёт"
    assert signs(html, annotation) == "-+++"


def test_written_line_break_is_not_compared() -> None:
    """Of the three pairs of blocks that the text could be, the offsets choose the second."""
    html = "<p>Ёж<p>чай<p>tea<p>Ёж<p>чай<p>tea<p>Ёж<p>чай"
    assert signs(html, content("Ёж\\nчай", 8, 13)) == "---++---"


def test_text_between_offsets_may_hold_what_is_not_shown() -> None:
    assert signs("<p>tea <script>x()</script>ёж<p>tea ёж", content("tea ёж", 0, 9)) == "+-"


# The folder that is written


def test_page_is_written(write: Callable[..., Path], folder: Path) -> None:
    import_tasks(write(task(RUSSIAN_PAGE)), folder)
    assert (folder / "pages" / "7.html").read_bytes() == RUSSIAN_PAGE.encode()


def test_labels_are_written(write: Callable[..., Path], folder: Path) -> None:
    import_tasks(write(task(RUSSIAN_PAGE, region("Ёлку у входа оставили."))), folder)
    assert kept(read_labels(folder / "labels" / "7.jsonl")) == ["Ёлку у входа оставили."]


def test_entry_is_written(write: Callable[..., Path], folder: Path) -> None:
    import_tasks(write(task()), folder)
    assert read_entries(folder) == [
        Entry("7", "html", "en", "news", "ember-post.example", "utf-8", "Label Studio, tasks.json")
    ]


def test_kind_is_the_caller_s(write: Callable[..., Path], folder: Path) -> None:
    import_tasks(write(task()), folder, kind="рецепт")
    assert read_entries(folder)[0].kind == "рецепт"


LANGUAGES = {"en": ENGLISH_PAGE, "ru": RUSSIAN_PAGE, "mixed": ENGLISH_PAGE + RUSSIAN_PAGE}


@pytest.mark.parametrize(("language", "html"), LANGUAGES.items(), ids=LANGUAGES)
def test_language_is_detected(
    write: Callable[..., Path], folder: Path, language: str, html: str
) -> None:
    import_tasks(write(task(html)), folder)
    assert read_entries(folder)[0].language == language


def test_language_is_the_content_s(write: Callable[..., Path], folder: Path) -> None:
    texts = map(region, ENGLISH_TEXTS)
    import_tasks(write(task(RUSSIAN_PAGE + ENGLISH_PAGE, *texts)), folder)
    assert read_entries(folder)[0].language == "en"


def test_language_is_the_caller_s(write: Callable[..., Path], folder: Path) -> None:
    import_tasks(write(task(ENGLISH_PAGE)), folder, language="mixed")
    assert read_entries(folder)[0].language == "mixed"


def test_unknown_language_of_the_caller(write: Callable[..., Path], folder: Path) -> None:
    with pytest.raises(LabeledDataError, match="language 'fr' is none of en, ru, mixed"):
        import_tasks(write(task()), folder, language="fr")


WRITTEN = {
    "English": ENGLISH_PAGE,
    "Russian": RUSSIAN_PAGE,
    "declared otherwise": '<meta charset="windows-1251">' + RUSSIAN_PAGE,
    "byte order mark": "\N{ZERO WIDTH NO-BREAK SPACE}" + RUSSIAN_PAGE,
    "lone surrogate": RUSSIAN_PAGE + "<p>ёж \ud83d",
}


@pytest.mark.parametrize("html", WRITTEN.values(), ids=WRITTEN)
def test_folder_is_right(write: Callable[..., Path], folder: Path, html: str) -> None:
    import_tasks(write(task(html)), folder)
    assert check(folder) == []


def test_byte_order_mark_is_no_character(write: Callable[..., Path], folder: Path) -> None:
    html = "\N{ZERO WIDTH NO-BREAK SPACE}<p>Меню</p><p>Ёж и чай</p>"
    ends = {"start": 4, "end": 12}
    import_tasks(write(task(html, region("Ёж и чай", globalOffsets=ends))), folder, "ru")
    assert kept(read_labels(folder / "labels" / "7.jsonl")) == ["Ёж и чай"]


def test_index_is_written_as_text(write: Callable[..., Path], folder: Path) -> None:
    import_tasks(write(task(id="ёж")), folder)
    assert '"id": "ёж"' in (folder / "pages.jsonl").read_text(encoding="utf-8")


def test_number_of_pages(write: Callable[..., Path], folder: Path) -> None:
    assert import_tasks(write(task(), task(RUSSIAN_PAGE, id=8)), folder) == 2


def test_pages_are_added(write: Callable[..., Path], folder: Path) -> None:
    import_tasks(write(task()), folder)
    import_tasks(write(task(RUSSIAN_PAGE, id=8)), folder)
    assert [entry.id for entry in read_entries(folder)] == ["7", "8"]


def test_pages_are_added_after_a_line_without_end(write: Callable[..., Path], folder: Path) -> None:
    import_tasks(write(task()), folder)
    index = folder / "pages.jsonl"
    index.write_text(index.read_text(encoding="utf-8").rstrip("\n"), encoding="utf-8")
    import_tasks(write(task(RUSSIAN_PAGE, id=8)), folder)
    assert [entry.id for entry in read_entries(folder)] == ["7", "8"]


def test_nothing_else_is_written(write: Callable[..., Path], folder: Path) -> None:
    import_tasks(write(task()), folder)
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))
    assert files == ["labels/7.jsonl", "pages.jsonl", "pages/7.html"]


IDS = {
    "number": (7, "7"),
    "English": ("kiln-2.b_c", "kiln-2.b_c"),
    "Russian": ("ёж", "ёж"),
    "Russian, decomposed": (f"чаи{BREVE}", "чай"),
}


@pytest.mark.parametrize(("given", "expected"), IDS.values(), ids=IDS)
def test_id(write: Callable[..., Path], given: object, expected: str) -> None:
    assert read_tasks(write(task(id=given)))[0].id == expected


# What is wrong with a file

UNSAFE_IDS = {
    "slash": "a/b",
    "backslash": "a\\b",
    "parent": "..",
    "hidden": ".ёж",
    "empty": "",
    "space": "a b",
    "line break": "ёж\n",
    "NUL": "a\N{NULL}",
    "too long": "ё" * 51,
}


@pytest.mark.parametrize("given", UNSAFE_IDS.values(), ids=UNSAFE_IDS)
def test_id_that_cannot_be_a_file_name(write: Callable[..., Path], given: str) -> None:
    with pytest.raises(LabeledDataError, match=r"tasks\.json, task 1: id .* cannot be a file's"):
        read_tasks(write(task(id=given)))


def without(key: str, record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != key}


WRONG_TASKS = {
    "no object": ("ёж", "task 1: not an object"),
    "no id": (without("id", task()), "task 1: id is missing"),
    "id is a fraction": (task(id=1.5), "task 1: id is not a whole number"),
    "id is true": (task(id=True), "task 1: id is not a whole number"),
    "no url": (without("url", task()), r"task 1 \(id 7\): url is missing"),
    "no html": (without("html", task()), r"task 1 \(id 7\): html is missing"),
    "html is no string": (task() | {"html": None}, r"task 1 \(id 7\): html is not a string"),
    "no labels": (without("labels", task()), r"task 1 \(id 7\): labels is missing"),
    "labels are no list": (task(labels={}), r"task 1 \(id 7\): labels is not a list"),
    "url cannot be parsed": (task(url="http://[ёж"), r"task 1 \(id 7\): url: "),
    "url is empty": (task(url=""), r"task 1 \(id 7\): url names no site"),
    "other language": (task("<p>" + "kahvi teetä " * 30), r"task 1 \(id 7\): html is neither"),
    "no word": (task(""), r"task 1 \(id 7\): html is neither English nor Russian"),
}


@pytest.mark.parametrize(("record", "message"), WRONG_TASKS.values(), ids=WRONG_TASKS)
def test_wrong_task(write: Callable[..., Path], folder: Path, record: object, message: str) -> None:
    with pytest.raises(LabeledDataError, match=rf"tasks\.json, {message}"):
        import_tasks(write(record), folder)


WRONG_REGIONS = {
    "no object": (7, "not an object"),
    "no text": (without("text", region("")), "no text; export with text"),
    "empty text": (region(""), "no text; export with text"),
    "text is no string": (region("") | {"text": 7}, "text is not a string"),
    "no labels": (without("hypertextlabels", region("ёж")), "hypertextlabels is missing"),
    "labels are no list": (region("ёж", hypertextlabels="text"), "hypertextlabels is not a list"),
    "label is no string": (region("ёж", hypertextlabels=[[]]), "hypertextlabels is not a list of"),
    "offsets are no object": (region("ёж", globalOffsets=[1, 2]), "globalOffsets is not an object"),
    "no start": (region("ёж", globalOffsets={"end": 1}), "globalOffsets: start is missing"),
    "end is no number": (
        region("ёж", globalOffsets={"start": 0, "end": "1"}),
        "globalOffsets: end is not a whole number",
    ),
}


@pytest.mark.parametrize(("record", "message"), WRONG_REGIONS.values(), ids=WRONG_REGIONS)
def test_wrong_region(write: Callable[..., Path], record: object, message: str) -> None:
    place = r"tasks\.json, task 1 \(id 7\), label 2"
    with pytest.raises(LabeledDataError, match=rf"{place}(: |, ){message}"):
        read_tasks(write(task("", region("чай"), record)))


def test_offsets_may_be_null(write: Callable[..., Path]) -> None:
    [read] = read_tasks(write(task("", region("чай", globalOffsets=None))))
    assert read.annotations == (content("чай"),)


WRONG_FILES = {
    "no JSON": ("ёж".encode(), "not JSON"),
    "no UTF-8": ('["ёж"]'.encode("cp1251"), "not JSON"),
    "too deep": (b"[" * 200_000, "not JSON"),
    "no list": (b"{}", "not a list of tasks"),
}


@pytest.mark.parametrize(("data", "message"), WRONG_FILES.values(), ids=WRONG_FILES)
def test_wrong_file(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "ёж.json").write_bytes(data)
    with pytest.raises(LabeledDataError, match=rf"ёж\.json: {message}"):
        read_tasks(tmp_path / "ёж.json")


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(LabeledDataError, match=r"ёж\.json: No such file"):
        read_tasks(tmp_path / "ёж.json")


def test_file_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "tasks.json"
    path.write_text(json.dumps([task()]), encoding="utf-8-sig")
    assert len(read_tasks(path)) == 1


def test_id_that_the_folder_has(write: Callable[..., Path], folder: Path) -> None:
    import_tasks(write(task()), folder)
    with pytest.raises(LabeledDataError, match=r"tasks\.json, task 2 \(id 7\): id 7 exists"):
        import_tasks(write(task(id=8), task(RUSSIAN_PAGE)), folder)


def test_id_that_comes_twice(write: Callable[..., Path], folder: Path) -> None:
    with pytest.raises(LabeledDataError, match=r"tasks\.json, task 2 \(id 7\): id 7 exists"):
        import_tasks(write(task(id=7), task(id="7")), folder)


def test_nothing_is_written_if_a_task_is_wrong(write: Callable[..., Path], folder: Path) -> None:
    with pytest.raises(LabeledDataError):
        import_tasks(write(task(), task(id=8, url="")), folder)
    assert not folder.exists()


# The file that is written

STRETCHES = {
    "English": ("<p>Tea is hot", 1, 1, 0, 10, 0, 10),
    "Russian": ("<p>Ёж пьёт", 1, 1, 0, 7, 0, 7),
    "decomposed": (f"<p>чаи{BREVE}", 1, 1, 0, 4, 0, 4),
    "white space around": ("<p>\n ёж <!-- -->\n", 1, 1, 2, 4, 2, 4),
    "line break counts one": ("<p>Ёж<br>пьёт", 1, 2, 0, 4, 0, 7),
    "comment parts nodes": ("<p>Ёж<!-- и -->пьёт", 1, 2, 0, 4, 0, 6),
    "character beyond 16 bits counts one": ("<p>\N{TEACUP WITHOUT HANDLE}чай", 1, 1, 0, 4, 0, 4),
    "head does not count": ("<title>ёж</title><p>tea", 1, 1, 0, 3, 0, 3),
    "script counts": ("<p><script>x()</script>чай", 1, 1, 0, 3, 3, 6),
}


@pytest.mark.parametrize(
    ("html", "first", "last", "start", "end", "global_start", "global_end"),
    STRETCHES.values(),
    ids=STRETCHES,
)
def test_ends_of_a_stretch(
    html: str, first: int, last: int, start: int, end: int, global_start: int, global_end: int
) -> None:
    [found] = make_regions(html, [True])
    assert without("text", without("hypertextlabels", found)) == {
        "start": f"/html[1]/body[1]/p[1]/text()[{first}]",
        "startOffset": start,
        "end": f"/html[1]/body[1]/p[1]/text()[{last}]",
        "endOffset": end,
        "globalOffsets": {"start": global_start, "end": global_end},
    }


def test_steps_count_elements_of_one_name() -> None:
    [found] = make_regions(
        "<p>ёж<div>и</div><p>ещё <i>a</i><b>b</b><i>чай</i>", [False, False, True]
    )
    assert (found["start"], found["end"]) == (
        "/html[1]/body[1]/p[2]/text()[1]",
        "/html[1]/body[1]/p[2]/i[2]/text()[1]",
    )


@pytest.mark.parametrize(
    ("html", "label"),
    [("<h1>Ёж</h1>", "title"), ("<h1><b>Tea</b></h1>", "title"), ("<h2>Ёж</h2>", "text")],
)
def test_headline_is_the_title(html: str, label: str) -> None:
    [found] = make_regions(html, [True])
    assert found["hypertextlabels"] == [label]


def test_noise_gives_no_stretch() -> None:
    [found] = make_regions("<p>Меню<p>Ёж<p>tea", [False, True, False])
    assert found["text"] == "Ёж"


def test_backslash_of_a_page_is_a_character() -> None:
    [found] = make_regions("<p>tea\\n<p>чай", [False, True])
    assert found["globalOffsets"] == {"start": 5, "end": 8}


def test_what_is_not_shown_shows_nothing_inside() -> None:
    html = "<object><p>tea</p></object><p>чай"
    assert "".join(character.value for character in shown_characters(html)) == "чай"


def test_deep_page_is_read_as_the_blocks_are() -> None:
    """Untamed, its tree is thousands of elements deep."""
    paths = [node.xpath for node in shown_text_nodes("<div>ё" * 12_000)]
    assert max(path.count("/") for path in paths) < 1000


def test_page_of_frames_has_no_characters() -> None:
    assert list(shown_characters("<frameset><frame></frameset>")) == []


def save(folder: Path, *entries: Entry) -> None:
    """A folder of pages with a block of noise and one of content each."""
    for name in ("pages", "labels"):
        (folder / name).mkdir(parents=True)
    for entry in entries:
        raw = b"Tea" if entry.mode == "text" else f"<p>Меню<p>{entry.note}".encode("koi8-r")
        page_path(entry, folder).write_bytes(raw)
        texts = ["Tea"] if entry.mode == "text" else ["Меню", entry.note]
        labels = [BlockLabel("content" if text != "Меню" else "noise", text) for text in texts]
        write_labels(folder / "labels" / f"{entry.id}.jsonl", labels)
    lines = [
        json.dumps({name: getattr(entry, name) for name in Entry.__slots__}) for entry in entries
    ]
    (folder / "pages.jsonl").write_text("\n".join(lines), encoding="utf-8")


HTML = Entry("чай", "html", "ru", "news", "polyanka.example", "koi8-r", "Ёлку у входа оставили")
TEXT = Entry("tea", "text", "en", "news", "ember-post.example", "utf-8")


def test_page_as_a_task(folder: Path, tmp_path: Path) -> None:
    save(folder, HTML)
    export_tasks(folder, tmp_path / "tasks.json")
    [record] = json.loads((tmp_path / "tasks.json").read_text(encoding="utf-8"))
    assert without("labels", record) == {
        "id": "чай",
        "url": "http://polyanka.example/чай",
        "html": "<p>Меню<p>Ёлку у входа оставили",
    }


def test_content_as_stretches(folder: Path, tmp_path: Path) -> None:
    save(folder, HTML)
    export_tasks(folder, tmp_path / "tasks.json")
    [read] = read_tasks(tmp_path / "tasks.json")
    assert read.annotations == (content("Ёлку у входа оставили", 4, 25),)


def test_number_of_tasks(folder: Path, tmp_path: Path) -> None:
    save(folder, TEXT, HTML)
    assert export_tasks(folder, tmp_path / "tasks.json") == 1


def test_pages_left_out_are_said(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save(folder, TEXT, HTML)
    export_tasks(folder, tmp_path / "tasks.json")
    assert capsys.readouterr().err.endswith("has no place for: 1\n")


def test_nothing_left_out_is_not_said(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save(folder, HTML)
    export_tasks(folder, tmp_path / "tasks.json")
    assert capsys.readouterr().err == ""


def test_wrong_folder_is_not_exported(folder: Path, tmp_path: Path) -> None:
    save(folder, HTML)
    write_labels(folder / "labels" / "чай.jsonl", [BlockLabel("content", "Ёж")])
    with pytest.raises(LabeledDataError, match="чай: block 1 is not in the page"):
        export_tasks(folder, tmp_path / "tasks.json")
    assert not (tmp_path / "tasks.json").exists()


# All of our own pages


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our labelled HTML pages as one file."""
    path = tmp_path_factory.mktemp("export") / "tasks.json"
    export_tasks(FOLDER, path)
    return path


def test_our_pages_come_back_as_they_were(exported: Path, folder: Path) -> None:
    import_tasks(exported, folder)
    names = [entry.id for entry in read_entries() if entry.mode == "html"]
    changed = [
        name
        for name in names
        if (folder / "labels" / f"{name}.jsonl").read_bytes()
        != (FOLDER / "labels" / f"{name}.jsonl").read_bytes()
    ]
    assert changed == []


def at(body: Any, xpath: str) -> str:
    """The text node that an XPath leads to, found step by step in a tree."""
    prefix = "/html[1]/body[1]/"
    assert xpath.startswith(prefix)
    node = body
    for step in xpath[len(prefix) :].split("/"):
        name, number = step.rstrip("]").split("[")
        children = list(node.iter(include_text=True))
        named = [child for child in children if child.tag == name.replace("text()", "-text")]
        node = named[int(number) - 1]
    return str(node.text_content)


def test_xpaths_lead_to_the_ends_of_each_stretch(exported: Path) -> None:
    for record in json.loads(exported.read_text(encoding="utf-8")):
        body = LexborHTMLParser(record["html"]).body
        for found in record["labels"]:
            text = found["text"]
            begins = at(body, found["start"])[found["startOffset"] :]
            ends = at(body, found["end"])[: found["endOffset"]]
            assert (begins[0], ends[-1]) == (text[0], text[-1])


def test_characters_of_our_pages_are_those_of_their_blocks(exported: Path) -> None:
    for read in read_tasks(exported):
        blocks = parse_html(read.html).blocks
        characters = "".join(character.value for character in shown_characters(read.html))
        assert characters == "".join("".join(block.text.split()) for block in blocks)
