"""The command `boilerplate`. The texts are our own.

A stand-in for the model keeps long blocks, and processes keep everything. So no test but the last
depends on what training makes of the texts.
"""

from __future__ import annotations

import csv
import io
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any

import numpy as np
import pytest

from classifier import cli
from classifier.classify import Classifier
from classifier.errors import FeatureMismatch
from classifier.features import FeatureTable
from classifier.features.characters import Floats

ROOT = Path(__file__).parents[1]

# What is around a text, and the text.
PAGES = {
    "english": (
        "Log in",
        "The ferry was late again today, so the whole pier drank tea and waited for the next one.",
    ),
    "russian": (
        "Войти",
        "Паром опять опоздал, и весь причал пил чай с мёдом и ждал, когда придёт ещё один, пустой.",
    ),
    "decomposed": (
        "Мой кабинет",
        "Майский мёд ещё не созрел, но чай на веранде уже пьют все соседи, и каждый со своей "
        "чашкой.".replace("й", "и\N{COMBINING BREVE}").replace("ё", "е\N{COMBINING DIAERESIS}"),
    ),
    "mixed": (
        "Log in · Войти",
        "Новый release вышел в среду: сервер nginx отдаёт pages быстрее, а старый ещё живёт рядом.",
    ),
}
NOISE, CONTENT = PAGES["russian"]
ENGLISH = PAGES["english"][1]

each_page = pytest.mark.parametrize(("noise", "content"), PAGES.values(), ids=PAGES)


def html(noise: str, content: str) -> str:
    return f"<ul><li>{noise}</li></ul><p>{content}</p>"


def text(noise: str, content: str) -> str:
    return f"{noise}\n\n{content}\n"


class StandIn:
    """A model that counts words: the more, the likelier. Its best threshold is always 0.5."""

    def __init__(self) -> None:
        self.html = self.text = self.decision = self

    def predict(self, table: FeatureTable) -> Floats:
        probabilities: Floats = np.interp(table.word_counts, (3, 5, 10), (0.05, 0.5, 0.95))
        return probabilities

    def output(self, cuts: Floats) -> Floats:
        promise: Floats = -np.abs(cuts[:, 0] - 0.5)
        return promise


class OfAnotherRelease(StandIn):
    def predict(self, table: FeatureTable) -> Floats:
        raise FeatureMismatch("the model reads a column 'ёлка' that there is not")


@pytest.fixture(autouse=True)
def setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "packaged_model", StandIn)


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command: its exit status, its output and its complaints."""

    def run(*arguments: str, stdin: bytes = b"", terminal: bool = False) -> tuple[int, str, str]:
        monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(stdin)))
        status = cli.main(arguments)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def write(path: str, page: str | bytes = html(NOISE, CONTENT)) -> str:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(page if isinstance(page, bytes) else page.encode())
    return path


@pytest.fixture
def keep_all(model_file: Path) -> tuple[str, ...]:
    return ("--model", str(model_file), "--threshold", "0")


def start(
    *arguments: str,
    env: dict[str, str] | None = None,
    stdout: int | IO[bytes] = subprocess.PIPE,
    stderr: int | IO[bytes] = subprocess.PIPE,
) -> subprocess.Popen[bytes]:
    """The command as a process, where its exit or its streams are what is tested."""
    return subprocess.Popen(
        [sys.executable, "-m", "classifier", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "", **(env or {})},
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=stderr,
    )


@pytest.fixture
def pipe_nobody_reads() -> Iterator[int]:
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


def records(lines: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.split("\n") if line]


def rows(table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table, newline="")))


# What goes in


@each_page
def test_file_gives_its_content(run: Run, noise: str, content: str) -> None:
    assert run(write("page.html", html(noise, content))) == (0, f"{content}\n", "")


@each_page
@pytest.mark.parametrize("arguments", [(), ("-",)], ids=["nothing", "dash"])
def test_standard_input(run: Run, arguments: tuple[str, ...], noise: str, content: str) -> None:
    assert run(*arguments, stdin=html(noise, content).encode()) == (0, f"{content}\n", "")


def test_folder_named_like_standard_input_is_not_read(run: Run) -> None:
    write("-/page.html")
    assert run("-", stdin=ENGLISH.encode()) == (0, f"{ENGLISH}\n", "")


def test_several_files_keep_their_order(run: Run) -> None:
    write("б.html", html("Home", ENGLISH))
    write("а.html")
    assert run("б.html", "а.html")[1] == f"== б.html\n{ENGLISH}\n== а.html\n{CONTENT}\n"


def test_folder_gives_its_pages_sorted_and_nothing_else(run: Run) -> None:
    pages = ["a.htm", "sub/b.text", "sub/c.xhtml", "sub/ё.TXT", "б.html"]
    for name in (*reversed(pages), "notes.md", "html", "sub/page.html.gz"):
        write(f"site/{name}")
    listed = [record["path"] for record in records(run("site", "--format", "jsonl")[1])]
    assert listed == [f"site/{page}" for page in pages]


def test_file_that_is_named_may_have_any_suffix(run: Run) -> None:
    assert run(write("page.php"))[1] == f"{CONTENT}\n"


@pytest.mark.parametrize("page", ["", " \n\n"], ids=["empty", "blank"])
@pytest.mark.parametrize("name", ["page.html", "page.txt"])
def test_empty_page_is_no_error(run: Run, name: str, page: str) -> None:
    assert run(write(name, page)) == (0, "", "")


def test_options_may_stand_between_paths(run: Run) -> None:
    write("a.html")
    write("b.html")
    assert len(records(run("a.html", "--format", "jsonl", "b.html")[1])) == 2


@pytest.mark.parametrize("before", [(), ("--threshold", "0.2")])
def test_whatever_follows_two_dashes_is_a_path(run: Run, before: tuple[str, ...]) -> None:
    assert run(*before, "--", write("--text"))[1] == f"{CONTENT}\n"


# HTML or text


@pytest.mark.parametrize(
    ("arguments", "page", "mode"),
    [
        (["page.txt"], html(NOISE, CONTENT), "text"),
        (["page.TEXT"], html(NOISE, CONTENT), "text"),
        (["page.html"], html(NOISE, CONTENT), "html"),
        (["page"], html(NOISE, CONTENT), "html"),
        (["page"], text(NOISE, CONTENT), "text"),
        (["page"], "ещё 5 < 6, а 7 > 6", "text"),
        (["-"], html("Home", ENGLISH), "html"),
        (["-"], text("Home", ENGLISH), "text"),
        (["--text", "page.html"], html(NOISE, CONTENT), "text"),
        (["--html", "page.txt"], html(NOISE, CONTENT), "html"),
    ],
)
def test_mode(run: Run, arguments: list[str], page: str, mode: str) -> None:
    if arguments[-1] != "-":
        write(arguments[-1], page)
    assert json.loads(run(*arguments, "--format=json", stdin=page.encode())[1])["mode"] == mode


@pytest.mark.parametrize("name", ["page.html", "page.txt"])
def test_encoding_is_passed_on(run: Run, name: str) -> None:
    page = json.loads(run(write(name, b"tea"), "--encoding", "cp1251", "--format=json")[1])
    assert page["encoding"] == "windows-1251"


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "cp866", "utf-16"])
def test_bytes_of_any_encoding_come_out_as_utf_8(run: Run, encoding: str) -> None:
    assert run(write("page.html", html(NOISE, CONTENT).encode(encoding)))[1] == f"{CONTENT}\n"


# Deciding


DOUBTFUL = "Чай с мёдом и лимоном"


@pytest.mark.parametrize(("favor", "kept"), [("precision", False), ("recall", True)])
def test_favor(run: Run, favor: str, kept: bool) -> None:
    page = write("page.html", html(DOUBTFUL, CONTENT))
    assert (DOUBTFUL in run(page, "--favor", favor)[1]) is kept


@pytest.mark.parametrize(
    ("threshold", "kept"), [("0", f"{NOISE}\n{CONTENT}\n"), ("0.5", f"{CONTENT}\n"), ("1", "")]
)
def test_threshold(run: Run, threshold: str, kept: str) -> None:
    assert run(write("page.html"), "--threshold", threshold)[1] == kept


def test_model_of_ones_own(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(cli, "packaged_model")
    monkeypatch.setattr(cli, "load_model", {"ёж.model": StandIn()}.__getitem__)
    assert run(write("page.html"), "--model", "ёж.model")[1] == f"{CONTENT}\n"


# What comes out: text


@each_page
def test_blocks_as_text(run: Run, noise: str, content: str) -> None:
    lines = run("--blocks", stdin=html(noise, content).encode())[1].splitlines()
    assert [(line[:8], line[8:10], line[13:]) for line in lines] == [
        ("noise   ", "0.", f"  {noise}"),
        ("content ", "0.", f"  {content}"),
    ]


def test_blocks_as_text_begin_a_line_and_nothing_else_does(run: Run) -> None:
    page = "<pre>content 0.999  чай\nещё чай и мёд с лимоном</pre>"
    assert [line[:3] for line in run("--blocks", stdin=page.encode())[1].splitlines()] == [
        "con",
        "   ",
    ]


def test_folder_of_one_page_has_a_header_too(run: Run) -> None:
    write("site/page.html")
    assert run("site")[1] == f"== site/page.html\n{CONTENT}\n"


CONTROLS = {
    "escape": "\x1b",
    "bell": "\x07",
    "carriage return": "\r",
    "delete": "\x7f",
    "next line of C1": "\x9b",
    "override": "\N{RIGHT-TO-LEFT OVERRIDE}",
    "isolate": "\N{FIRST STRONG ISOLATE}",
    "mark": "\N{ARABIC LETTER MARK}",
}

each_control = pytest.mark.parametrize("control", CONTROLS.values(), ids=CONTROLS)


@each_control
def test_terminal_is_shown_controls_of_a_path(run: Run, control: str) -> None:
    write("site/page.html")
    write(f"site/ё{control}й.html")
    assert f"== site/ё\\u{ord(control):04x}й.html\n" in run("site", terminal=True)[1]


@pytest.mark.parametrize("arguments", [(), ("--blocks",), ("--format", "csv")])
def test_terminal_is_shown_controls_of_a_page(run: Run, arguments: tuple[str, ...]) -> None:
    page = f"Ещё\x1b[31m\u202e {CONTENT}".encode()
    assert r"Ещё\u001b[31m\u202e" in run(*arguments, stdin=page, terminal=True)[1]


def test_terminal_gets_tabs_lines_and_letters_as_they_are(run: Run) -> None:
    page = f"<pre>{PAGES['decomposed'][1]}\n\tчай\u00ad\u200dещё</pre>"
    assert run(stdin=page.encode(), terminal=True)[1] == page[5:-6] + "\n"


def test_json_on_a_terminal_means_the_same(run: Run) -> None:
    page = f"{ENGLISH} \\\N{RIGHT-TO-LEFT OVERRIDE}\x9b\x1b\\"
    shown = run("--format", "json", stdin=page.encode(), terminal=True)[1]
    assert ("\x9b" in shown, json.loads(shown)["content"]) == (False, page)


def test_pipe_gets_controls_as_they_are(run: Run) -> None:
    assert run(stdin=f"{CONTENT}\x1b[0m".encode())[1] == f"{CONTENT}\x1b[0m\n"


# What comes out: JSON


@each_page
def test_json_of_one_page_is_an_object(run: Run, noise: str, content: str) -> None:
    page = json.loads(run(write("page.html", html(noise, content)), "--format", "json")[1])
    assert (page["path"], page["content"]) == ("page.html", content)


def test_json_is_what_the_api_gives(run: Run) -> None:
    given = json.loads(run("--format", "json", "--blocks", stdin=html(NOISE, CONTENT).encode())[1])
    model: Any = StandIn()
    page = Classifier(model).classify_html(html(NOISE, CONTENT).encode())
    assert given == {"path": "-", **page.to_dict()}


@pytest.mark.parametrize("output", ["json", "jsonl"])
def test_json_has_no_blocks_unless_asked(run: Run, output: str) -> None:
    assert "blocks" not in json.loads(run("--format", output, stdin=CONTENT.encode())[1])


@pytest.mark.parametrize("output", ["json", "jsonl"])
def test_json_has_letters_as_they_are(run: Run, output: str) -> None:
    assert f'"{CONTENT}"' in run("--format", output, stdin=CONTENT.encode())[1]


@pytest.mark.parametrize(
    ("arguments", "paths"),
    [
        (["a.html", "site"], ["a.html", "site/ё.html"]),
        (["site"], ["site/ё.html"]),
        (["missing.html", "a.html"], ["a.html"]),
        (["missing.html", "missing.txt"], []),
    ],
)
def test_json_of_several_pages_is_an_array(
    run: Run, arguments: list[str], paths: list[str]
) -> None:
    write("a.html")
    write("site/ё.html")
    pages = json.loads(run("--format", "json", *arguments)[1])
    assert [page["path"] for page in pages] == paths


def test_jsonl_is_a_line_a_page(run: Run) -> None:
    write("a.html", html("Home", ENGLISH))
    write("b.html")
    pages = records(run("a.html", "b.html", "--format", "jsonl")[1])
    assert [page["content"] for page in pages] == [ENGLISH, CONTENT]


def test_jsonl_of_blocks_is_a_line_a_block(run: Run) -> None:
    blocks = records(run(write("page.txt", text(NOISE, CONTENT)), "--format=jsonl", "--blocks")[1])
    facts = ("path", "label", "text", "start", "end")
    assert [tuple(block[fact] for fact in facts) for block in blocks] == [
        ("page.txt", "noise", NOISE, 0, len(NOISE)),
        ("page.txt", "content", CONTENT, len(NOISE) + 2, len(NOISE) + 2 + len(CONTENT)),
    ]


# What comes out: CSV


@pytest.mark.parametrize("arguments", [(), ("--blocks",)], ids=["plain", "blocks"])
def test_csv_is_a_row_a_block(run: Run, arguments: tuple[str, ...]) -> None:
    page = write("page.txt", text(NOISE, CONTENT))
    table = rows(run(page, "--format", "csv", *arguments)[1])
    facts = ("path", "label", "start", "end", "text")
    assert [tuple(row[fact] for fact in facts) for row in table] == [
        ("page.txt", "noise", "0", "5", NOISE),
        ("page.txt", "content", "7", str(7 + len(CONTENT)), CONTENT),
    ]


def test_csv_has_its_columns_in_order(run: Run) -> None:
    header = run("--format", "csv")[1]
    assert next(csv.reader([header])) == ["path", "label", "probability", "start", "end", "text"]


def test_csv_of_several_pages_has_one_header(run: Run) -> None:
    write("a.html")
    write("b.html")
    assert [row["path"] for row in rows(run("a.html", "b.html", "--format=csv")[1])] == [
        "a.html",
        "a.html",
        "b.html",
        "b.html",
    ]


def test_csv_of_html_has_no_span(run: Run) -> None:
    assert rows(run(write("page.html"), "--format", "csv")[1])[0]["start"] == ""


def test_csv_keeps_probabilities_as_numbers(run: Run) -> None:
    table = run("--format", "csv", stdin=CONTENT.encode())[1].split("\n")[1]
    assert isinstance(next(csv.reader([table], quoting=csv.QUOTE_NONNUMERIC))[2], float)


@pytest.mark.parametrize(
    "formula",
    [
        "=HYPERLINK(1)",
        "+7 495 чай",
        "- ещё чай",
        "@ёлка",
        "\N{FULLWIDTH EQUALS SIGN}1+1",
        "\N{FULLWIDTH COMMERCIAL AT}ёж",
    ],
)
@pytest.mark.parametrize(
    "before",
    [
        *("", "\t", "\r", " ", "\0", "\N{ZERO WIDTH SPACE}"),
        *("ёж;", "чай; ", "tea\t", "чай\n", "ёж\r\n \n"),
    ],
)
def test_csv_disarms_formulas(before: str, formula: str) -> None:
    row = io.StringIO(cli._csv_row([before + formula]), newline="")
    assert next(csv.reader(row)) == [f"{before}'{formula}"]


@pytest.mark.parametrize("block", ["Чай = мёд", "'ёлка'", "5 - 3", "(+7) 495", "чай; мёд"])
def test_csv_leaves_other_texts_alone(run: Run, block: str) -> None:
    assert rows(run("--format", "csv", stdin=block.encode())[1])[0]["text"] == block


def test_csv_disarms_paths(run: Run) -> None:
    assert rows(run(write("=ё.html"), "--format", "csv")[1])[0]["path"] == "'=ё.html"


@pytest.mark.parametrize("inside", ["\n", "\r", '"', ",", ";"])
def test_csv_quotes_what_would_end_a_cell(inside: str) -> None:
    row = cli._csv_row(["page.html", f"мёд{inside}1+1"])
    assert list(csv.reader(io.StringIO(row, newline=""))) == [["page.html", f"мёд{inside}1+1"]]


# What comes out: files


def files(folder: str) -> list[str]:
    return sorted(str(path) for path in Path(folder).rglob("*") if path.is_file())


def test_output_is_a_file_a_page(run: Run) -> None:
    write("site/a.html", html("Home", ENGLISH))
    write("site/ё/б.txt", text(NOISE, CONTENT))
    assert run("site", "--output", "out") == (0, "", "")
    assert files("out") == ["out/site/a.html.txt", "out/site/ё/б.txt.txt"]


@each_page
@pytest.mark.parametrize("output", ["text", "json", "jsonl", "csv"])
def test_output_has_what_standard_output_has(
    run: Run, output: str, noise: str, content: str
) -> None:
    write("ё.html", html(noise, content))
    shown = run("ё.html", "--format", output)[1]
    run("ё.html", "--format", output, "--output", "out")
    (file,) = files("out")
    assert Path(file).read_bytes().decode() == shown


@pytest.mark.parametrize("up", ["..", "/tmp/.."])
def test_output_stays_in_its_folder(run: Run, tmp_path: Path, up: str) -> None:
    write("down/page.html")
    run(f"{up}{tmp_path if up != '..' else '/' + tmp_path.name}/down/page.html", "--output", "out")
    assert len(files("out")) == 1


def test_output_that_is_there_is_left(run: Run) -> None:
    write("site/а.html")
    write("site/б.html")
    write("out/site/а.html.txt", "ёж")
    assert run("site", "--output", "out") == (
        0,
        "",
        "boilerplate: out: 1 files were there before and are left as they are\n",
    )
    assert [Path(file).read_text("utf-8") for file in files("out")] == ["ёж", f"{CONTENT}\n"]


def test_interrupted_output_goes_on(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt_second(path: str, max_size: int) -> bytes:
        return interrupt(path, max_size) if path == "site/б.html" else Path(path).read_bytes()

    for name in "абв":
        write(f"site/{name}.html")
    with monkeypatch.context() as patch:
        patch.setattr(cli, "_read", interrupt_second)
        assert run("site", "--output", "out")[0] == 130
    assert files("out") == ["out/site/а.html.txt"]
    run("site", "--output", "out")
    assert files("out") == [f"out/site/{name}.html.txt" for name in "абв"]


def test_output_is_whole_or_not_there(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill_disk(file: Path, data: bytes) -> None:
        with file.open("wb") as part:
            part.write(data[:5])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fill_disk)
    Path("page.html").write_text(html(NOISE, CONTENT), "utf-8")
    assert (run("page.html", "--output", "out"), files("out")) == (
        (1, "", "boilerplate: page.html: cannot be written to out: No space left on device\n"),
        [],
    )


def test_bad_page_has_no_output_and_the_others_have(run: Run) -> None:
    write("site/а.html", b"%PDF-1.7")
    write("site/б.html")
    assert run("site", "--output", "out") == (
        1,
        "",
        "boilerplate: site/а.html: this is a PDF, not a page\n",
    )
    assert files("out") == ["out/site/б.html.txt"]


def test_two_pages_never_share_an_output(run: Run) -> None:
    write("ё.html")
    assert run("ё.html", "./ё.html", "--output", "out")[2] == (
        "boilerplate: ./ё.html: out/ё.html.txt is the file of ё.html\n"
    )


@pytest.mark.parametrize(
    "name",
    ["", "\N{CYRILLIC SMALL LETTER SHORT I}" * 125 + ".html"],
    ids=["no name", "name too long"],
)
def test_page_that_can_have_no_output_is_one_line_and_the_others_are_done(
    run: Run, name: str
) -> None:
    if name:
        write(name)
    write("ё.html")
    status, _, complaints = run(name, "ё.html", "--output", "out")
    assert (status, complaints.count("\n"), files("out")) == (1, 1, ["out/ё.html.txt"])


def test_output_without_a_name_is_wrong_usage(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    write("ё.html")
    with pytest.raises(SystemExit):
        run("ё.html", "--output", "")
    assert "--output must name a folder" in capsys.readouterr().err


@pytest.mark.parametrize("folder", ["site", "site/ё"])
def test_output_among_the_pages_is_wrong_usage(
    run: Run, capsys: pytest.CaptureFixture[str], folder: str
) -> None:
    write("site/page.html")
    with pytest.raises(SystemExit):
        run("site", "--output", folder)
    assert "--output must not be in site" in capsys.readouterr().err


# What goes wrong


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_pipe_in_a_folder_is_not_waited_for(run: Run) -> None:
    write("site/page.html")
    os.mkfifo("site/ёж.html")
    status, out, err = run("site")
    assert (status, CONTENT in out) == (1, True)
    assert err == "boilerplate: site/ёж.html: not a regular file\n"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("missing.html", "No such file or directory"),
        ("нет ещё.html", "No such file or directory"),
        ("", "Is a directory"),
        ("paper.html", "this is a PDF, not a page"),
        ("large.html", "this page has more than 500 bytes or characters; set max_size to take it"),
        ("empty", "no pages in this folder"),
        ("page.html/page", "Not a directory"),
    ],
)
def test_failure_is_one_line_and_the_others_are_done(run: Run, path: str, reason: str) -> None:
    write("page.html")
    write("paper.html", b"%PDF-1.7 \xd1\x91")
    write("large.html", "ё" * 251)
    write("empty/notes.md")
    assert run(path, "page.html", "--max-size", "500") == (
        1,
        f"== page.html\n{CONTENT}\n",
        f"boilerplate: {path}: {reason}\n",
    )


@pytest.mark.parametrize(
    ("names", "out"), [(["page.html"], f"== site/page.html\n{CONTENT}\n"), ([], "")]
)
def test_subfolder_that_cannot_be_read_is_a_failure(
    run: Run, monkeypatch: pytest.MonkeyPatch, names: list[str], out: str
) -> None:
    def walk(
        folder: str, onerror: Callable[[OSError], None]
    ) -> Iterator[tuple[str, list[str], list[str]]]:
        onerror(PermissionError(13, "Permission denied", f"{folder}/ёлки"))
        yield folder, ["ёлки"], names

    write("site/page.html")
    monkeypatch.setattr(os, "walk", walk)
    assert run("site") == (1, out, "boilerplate: site/ёлки: Permission denied\n")


def test_closed_standard_input_is_a_failure(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert (cli.main([]), capsys.readouterr().err) == (
        1,
        "boilerplate: -: standard input is closed\n",
    )


def test_complaint_stays_one_harmless_line(run: Run) -> None:
    assert run("ё\n\x1b[2J")[2] == "boilerplate: ё\\n\\u001b[2J: No such file or directory\n"


def test_complaint_does_not_turn_to_standard_output(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    assert run("missing.html")[:2] == (1, "")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--threshold", "1.5"], "threshold must be between 0 and 1, got 1.5"),
        (["--threshold", "-0.1"], "threshold must be between 0 and 1, got -0.1"),
        (["--threshold", "nan"], "threshold must be between 0 and 1, got nan"),
        (["--threshold", "0,5"], "'0,5' is not a number between 0 and 1"),
        (["--threshold", "ёж"], "'ёж' is not a number between 0 and 1"),
        (["--encoding", "utf-9"], "'utf-9' is not a label of the WHATWG Encoding Standard"),
        (["--encoding", "кои8"], "'кои8' is not a label of the WHATWG Encoding Standard"),
        (["--favor", "speed"], "argument --favor: invalid choice"),
        (["--max-size", "0"], "'0' is not a whole number of 1 or more"),
        (["--max-size", "ё5"], "'ё5' is not a whole number of 1 or more"),
        (["--format", "xml"], "argument --format: invalid choice"),
        (["--text", "--html"], "argument --html: not allowed with argument --text"),
        (["--block"], "unrecognized arguments: --block"),
    ],
)
def test_wrong_usage(
    run: Run, capsys: pytest.CaptureFixture[str], arguments: list[str], reason: str
) -> None:
    with pytest.raises(SystemExit) as left:
        run(*arguments, write("page.html"))
    captured = capsys.readouterr()
    assert (left.value.code, captured.out, reason in captured.err) == (2, "", True)


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        ("missing.model", "no model file at missing.model"),
        ("ёлка.html", "ёлка.html is not a model file, or it was cut short"),
    ],
)
def test_model_that_cannot_be_loaded_is_wrong_usage(run: Run, model: str, reason: str) -> None:
    status, out, complaint = run("--model", model, write("ёлка.html"))
    assert (status, out) == (2, "")
    assert complaint.startswith(f"boilerplate: cannot use the model: {reason}")


def test_model_that_does_not_fit_is_wrong_usage(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "packaged_model", OfAnotherRelease)
    assert run(write("page.html")) == (
        2,
        "",
        "boilerplate: cannot use the model: the model reads a column 'ёлка' that there is not\n",
    )


def test_model_that_may_not_be_read_is_wrong_usage(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: str) -> StandIn:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(cli, "load_model", refuse)
    assert run("--model", "ёж.model") == (
        2,
        "",
        "boilerplate: cannot use the model: [Errno 13] Permission denied: 'ёж.model'\n",
    )


def interrupt(path: str, max_size: int) -> bytes:
    raise KeyboardInterrupt


def test_interrupt_is_quiet(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_read", interrupt)
    assert run("page.html") == (130, "", "")


def test_interrupt_without_standard_output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_read", interrupt)
    monkeypatch.setattr(sys, "stdout", None)
    assert cli.main(["page.html"]) == 130


def test_closed_standard_output_takes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert cli.main([write("page.html")]) == 0


# What the process does


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_results_come_before_the_input_ends_and_an_interrupt_ends_it(
    keep_all: tuple[str, ...],
) -> None:
    command = start(*keep_all, "--format", "jsonl", write("page.txt", CONTENT), "-")
    assert command.stdout is not None
    select.select([command.stdout], [], [], 60)
    command.send_signal(signal.SIGINT)
    out, complaints = command.communicate()
    assert [page["content"] for page in records(out.decode())] == [CONTENT]
    assert (command.returncode, complaints) == (130, b"")


@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "koi8-r"},
    ],
)
def test_output_is_utf_8_whatever_the_locale(
    keep_all: tuple[str, ...], env: dict[str, str]
) -> None:
    out, _ = start(*keep_all, env=env).communicate(CONTENT.encode())
    assert out == f"{CONTENT}\n".encode()


def test_closed_pipe_ends_quietly(keep_all: tuple[str, ...], pipe_nobody_reads: int) -> None:
    command = start(*keep_all, stdout=pipe_nobody_reads)
    _, complaints = command.communicate(CONTENT.encode())
    assert (command.returncode, complaints) == (0, b"")


def test_results_come_where_nobody_reads_complaints(
    keep_all: tuple[str, ...], pipe_nobody_reads: int
) -> None:
    command = start(*keep_all, "missing.html", write("page.txt", CONTENT), stderr=pipe_nobody_reads)
    out, _ = command.communicate()
    assert (command.returncode, out.decode()) == (1, f"== page.txt\n{CONTENT}\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full device")
@pytest.mark.parametrize("arguments", [["--version"], ["page.txt"]])
def test_full_disk_is_one_line(keep_all: tuple[str, ...], arguments: list[str]) -> None:
    write("page.txt", CONTENT)
    with Path("/dev/full").open("wb") as full:
        command = start(*keep_all, *arguments, stdout=full)
        _, complaints = command.communicate()
    assert (command.returncode, complaints) == (
        1,
        b"boilerplate: standard output: No space left on device\n",
    )


@pytest.mark.skipif(sys.platform != "linux", reason="names that are not Unicode")
def test_path_that_is_not_unicode_can_be_printed(run: Run) -> None:
    write(os.fsdecode(b"site/\xb8.html"))
    assert json.loads(run("site", "--format=json")[1])[0]["path"] == "site/\udcb8.html"


@pytest.mark.skipif(sys.platform != "linux", reason="names that are not Unicode")
def test_lone_surrogate_of_a_path_becomes_an_escape(run: Run) -> None:
    assert run(write(os.fsdecode(b"\xb8.html")), "-")[1].startswith(r"== \udcb8.html")


def test_version_is_that_of_the_distribution(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"group": "console_scripts", "name": "boilerplate", "value": "classifier.cli:main"}

    def entry_points(**wanted: str) -> list[SimpleNamespace]:
        return [SimpleNamespace(dist=SimpleNamespace(version="7.8"))] if wanted == asked else []

    monkeypatch.setattr(cli, "entry_points", entry_points)
    assert run("--version") == (0, "boilerplate 7.8\n", "")


def test_version_without_an_installation(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "entry_points", lambda **wanted: [])
    assert run("--version")[1] == "boilerplate (not installed)\n"


def test_version_needs_no_model(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(cli, "packaged_model")
    assert run("--version")[0] == 0


@pytest.mark.parametrize("example", ["boilerplate page.html", "| boilerplate --blocks"])
def test_help_has_examples(capsys: pytest.CaptureFixture[str], example: str) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    assert example in capsys.readouterr().out


ARTICLES = {
    "english": (
        ("Log in", "Weather", "Our newsletters"),
        "Islanders wait for a second ferry",
        (
            "The ferry was late again on Tuesday, and the whole pier drank tea until it came. The "
            "captain said that the engine was older than most of his crew, and that nobody makes "
            "the valve that had failed.",
            "A second boat was promised three years ago. The council has the money, as its own "
            "report shows, but the yard that won the contract closed last autumn, and no other "
            "yard has offered to finish the hull.",
            "Until then the timetable stays as it is: one crossing in the morning and one before "
            "dark. Those who miss it sleep at the inn, which has raised its prices twice.",
        ),
    ),
    "russian": (
        ("Войти", "Погода", "Наши рассылки"),
        "Островитяне ждут второй паром",
        (
            "Во вторник паром снова опоздал, и весь причал пил чай, пока он не пришёл. Капитан "
            "объяснил, что двигатель старше почти всей команды, а клапан, который вышел из строя, "
            "давно никто не делает.",
            "Второй паром обещали ещё три года назад. Деньги у района есть, это видно из его "
            "собственного отчёта, но верфь, которая выиграла конкурс, осенью закрылась, и "
            "достроить корпус больше никто не взялся.",
            "Пока расписание остаётся прежним: один рейс утром и один до темноты. Кто не успел, "
            "ночует в гостинице, а она за зиму подняла цены уже дважды.",
        ),
    ),
    "mixed": (
        ("Log in", "Войти", "Docs"),
        "Вышел новый release сервера",
        (
            "В среду вышел новый release: сервер отдаёт страницы быстрее, чем раньше, и наконец "
            "понимает HTTP/3. Разработчики переписали event loop и убрали старый thread pool, "
            "из-за которого падали тесты.",
            "The upgrade takes five minutes, and the old configuration still works. Only the cache "
            "directory has moved, so the first requests after a restart will be slower than usual.",
            "Тем, кто собирает пакет сам, понадобится свежий compiler: код использует возможности, "
            "которых в прежней версии ещё не было. Остальным хватит обычного обновления.",
        ),
    ),
}


@pytest.mark.parametrize(("menu", "heading", "paragraphs"), ARTICLES.values(), ids=ARTICLES)
def test_packaged_model(menu: Sequence[str], heading: str, paragraphs: Sequence[str]) -> None:
    links = "".join(f'<li><a href="/{number}">{item}</a></li>' for number, item in enumerate(menu))
    article = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    page = f"<nav><ul>{links}</ul></nav><article><h1>{heading}</h1>{article}</article>"
    out, _ = start("--threshold", "0.5").communicate(page.encode())
    assert [line for line in out.decode().splitlines() if line != heading] == list(paragraphs)
