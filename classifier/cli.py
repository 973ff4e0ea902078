"""The command `boilerplate`: pages in, their text out, and nothing that the API does not do.

Results go to standard output, in UTF-8 whatever the locale, each as soon as it is there, or to
files that are there whole or not at all. All else goes to standard error.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from importlib.metadata import entry_points
from pathlib import Path
from typing import IO, Any, NamedTuple, TextIO

from classifier.blocks import LabeledBlock
from classifier.classify import LARGEST_PAGE, Classifier
from classifier.decision import check_decision
from classifier.encoding import decode
from classifier.errors import (
    InvalidThreshold,
    ModelError,
    NotAPage,
    PageTooLarge,
    UnknownEncoding,
)
from classifier.model import load_model, packaged_model
from classifier.page import Page, block_to_dict

COMMAND = "boilerplate"

STANDARD_INPUT = "-"

TEXT_SUFFIXES = frozenset((".txt", ".text"))

PAGE_SUFFIXES = TEXT_SUFFIXES | {".html", ".htm", ".xhtml"}
"""What counts as a page in a folder. A file that is named itself may be called anything."""

_BLANK = r"[\s;\0-\x1f\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}]"
_FORMULA = re.compile(
    rf"(?<!{_BLANK}){_BLANK}*"
    r"(?=[=+\-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}"
    r"\N{FULLWIDTH COMMERCIAL AT}])"
)
"""What may come before a sign that makes a spreadsheet run a cell instead of showing it."""

SUFFIXES = {"text": "txt", "json": "json", "jsonl": "jsonl", "csv": "csv"}
"""What a page's file of each format ends in."""

READ_BYTES = 1_000_000

CSV_COLUMNS = ("path", "label", "probability", "start", "end", "text")

_DESCRIPTION = """\
Print the text of web pages without the boilerplate around it: without menus, teasers, adverts,
notices and footers. For pages in English, in Russian and in both."""

_EPILOG = """\
examples:
  boilerplate page.html
        print the content of a saved page
  curl -s https://gazette.example/ferry | boilerplate --blocks
        show what became of every block of a page that another command fetched

  boilerplate --output texts pages/
        write a file a page; when interrupted, run it again to have the rest

In csv, an apostrophe stands before what a spreadsheet would run as a formula, that is what begins
with = + - @ or a tab. A terminal is shown control characters as \\u001b and the like.

exit status: 0 all went well, 1 a file failed (the others were still done), 2 wrong usage."""

# The controls that a page could work a terminal with, and those that reorder a line of text.
# What they become is also how JSON writes them, so JSON stays JSON.
_SHOWN = {
    code: f"\\u{code:04x}"
    for codes in (
        range(0x20),
        range(0x7F, 0xA0),
        (0x061C, 0x200E, 0x200F),
        range(0x202A, 0x202F),
        range(0x2066, 0x206A),
    )
    for code in codes
    if chr(code) not in "\n\t"
}


class _Failure(NamedTuple):
    """A path that gave no page, and why."""

    path: str
    reason: str


class _Result(NamedTuple):
    """A page and where it came from."""

    path: str
    page: Page


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status; `argv` is what follows the command's name.

    Options that make no sense raise `SystemExit`, as `argparse` does.
    """
    options = _parse(sys.argv[1:] if argv is None else argv)
    failures: list[_Failure] = []
    try:
        _use_utf8()
        if options.version:
            _print(f"{COMMAND} {_version()}")
            return 0
        classifier = _load_classifier(options)
        pages = _find_pages(options.paths)
        if options.output is None:
            results = _report_failures(_classify_each(pages, classifier, options), failures)
            for piece in _FORMATS[options.format](results, options.blocks, _has_many(options)):
                _print(piece)
        else:
            undone = _classify_each(_undone(pages, options), classifier, options)
            for _ in _report_failures(_write_each(undone, options), failures):
                pass
    except ModelError as error:
        _complain(f"cannot use the model: {error}")
        return 2
    except KeyboardInterrupt:
        _discard(sys.stdout)
        return 130
    except BrokenPipeError:
        _discard(sys.stdout)  # whoever reads has enough, as `head` does
    except OSError as error:
        _discard(sys.stdout)
        _complain(f"standard output: {_reason(error)}")
        return 1
    return 1 if failures else 0


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    """The options, which may stand between paths; all that follows `--` is a path.

    `parse_intermixed_args` alone loses the `--`, and `parse_args` the paths after an option.
    """
    end = argv.index("--") if "--" in argv else len(argv)
    options = _parser().parse_intermixed_args(argv[:end])
    options.paths = [*options.paths, *argv[end + 1 :]] or [STANDARD_INPUT]
    if options.output == "":
        _parser().error("--output must name a folder")
    for path in filter(_is_folder, options.paths):
        if options.output and Path(options.output).resolve().is_relative_to(Path(path).resolve()):
            _parser().error(f"--output must not be in {path}, or results would be read as pages")
    return options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=COMMAND,
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="a page, or a folder for all pages in it and below"
        f" ({', '.join(sorted(PAGE_SUFFIXES))}); '-' or nothing reads standard input",
    )
    output = parser.add_argument_group("output")
    output.add_argument(
        "--format",
        choices=tuple(_FORMATS),
        default="text",
        help="text (default); json: an object, or an array of them for several pages; jsonl: a"
        " line a page, or a line a block with --blocks; csv: a row a block, always of all blocks",
    )
    output.add_argument(
        "--blocks",
        action="store_true",
        help="show every block with its label and its probability of being content",
    )
    output.add_argument(
        "--output",
        metavar="FOLDER",
        help="write a file a page into this folder, under the page's own path; pages whose file is"
        " there are passed over, so that an interrupted run can go on",
    )
    reading = parser.add_argument_group("reading")
    mode = reading.add_mutually_exclusive_group()
    mode.add_argument(
        "--text",
        dest="mode",
        action="store_const",
        const="text",
        help="the input is plain text (otherwise guessed: .txt and .text are, and so is what has"
        " nothing like a tag)",
    )
    mode.add_argument(
        "--html",
        dest="mode",
        action="store_const",
        const="html",
        help="the input is HTML whatever its suffix, unless it has nothing like a tag",
    )
    reading.add_argument(
        "--encoding",
        type=_encoding,
        metavar="NAME",
        help="the encoding that the input is said to be in, as in an HTTP header; bytes that"
        " cannot be in it are read as what they are",
    )
    reading.add_argument(
        "--max-size",
        type=_size,
        default=LARGEST_PAGE,
        metavar="BYTES",
        help=f"refuse larger pages ({LARGEST_PAGE} by default)",
    )
    deciding = parser.add_argument_group("deciding")
    deciding.add_argument(
        "--favor",
        choices=("precision", "recall"),
        help="when in doubt, leave out (precision) or keep (recall)",
    )
    deciding.add_argument(
        "--threshold",
        type=_threshold,
        metavar="FLOAT",
        help="keep what is content with this probability, 0 to 1 (otherwise found for each page);"
        " goes before --favor",
    )
    deciding.add_argument(
        "--model", metavar="FILE", help="a model file of your own instead of the packaged one"
    )
    parser.add_argument("--version", action="store_true", help="show the version and exit")
    return parser


def _threshold(value: str) -> float:
    try:
        threshold = float(value)
        check_decision(None, threshold)
    except InvalidThreshold as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{value!r} is not a number between 0 and 1") from error
    return threshold


def _size(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and int(value)):
        raise argparse.ArgumentTypeError(f"{value!r} is not a whole number of 1 or more")
    return int(value)


def _encoding(name: str) -> str:
    try:
        decode(b"", name)
    except UnknownEncoding as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return name


def _version() -> str:
    """The version of whatever distribution installed the command."""
    for command in entry_points(
        group="console_scripts", name=COMMAND, value=f"{main.__module__}:{main.__name__}"
    ):
        if command.dist is not None:
            return command.dist.version
    return "(not installed)"


def _load_classifier(options: argparse.Namespace) -> Classifier:
    try:
        model = packaged_model() if options.model is None else load_model(options.model)
    except OSError as error:
        raise ModelError(error) from error
    return Classifier(model, options.favor, options.threshold, options.max_size)


def _is_folder(path: str) -> bool:
    # Path.is_dir raises an error where the folder above may not be searched.
    return path != STANDARD_INPUT and os.path.isdir(path)  # noqa: PTH112


def _may_never_end(path: str) -> bool:
    """Whether it is a pipe or a device, which only who names it himself can mean."""
    return os.path.exists(path) and not os.path.isfile(path)  # noqa: PTH110, PTH113


def _find_pages(paths: Iterable[str]) -> Iterator[str | _Failure]:
    for path in paths:
        if _is_folder(path):
            yield from _pages_of_folder(path)
        else:
            yield path


def _pages_of_folder(folder: str) -> Iterator[str | _Failure]:
    unread: list[OSError] = []
    pages = sorted(
        Path(parent, name)
        for parent, _, names in os.walk(folder, onerror=unread.append)
        for name in names
        if _suffix(name) in PAGE_SUFFIXES
    )
    yield from (_Failure(error.filename, _reason(error)) for error in unread)
    if not pages and not unread:
        yield _Failure(folder, "no pages in this folder")
    for page in map(str, pages):
        yield _Failure(page, "not a regular file") if _may_never_end(page) else page


def _suffix(path: str) -> str:
    return Path(path).suffix.lower()


def _classify_each(
    paths: Iterable[str | _Failure], classifier: Classifier, options: argparse.Namespace
) -> Iterator[_Result | _Failure]:
    for path in paths:
        yield path if isinstance(path, _Failure) else _classify(path, classifier, options)


def _classify(path: str, classifier: Classifier, options: argparse.Namespace) -> _Result | _Failure:
    """Only a suffix or the caller makes text of a page here; `classify_html` looks for tags."""
    mode = options.mode or ("text" if _suffix(path) in TEXT_SUFFIXES else "html")
    classify = classifier.classify_text if mode == "text" else classifier.classify_html
    try:
        return _Result(path, classify(_read(path, options.max_size), encoding=options.encoding))
    except (OSError, NotAPage, PageTooLarge) as error:
        return _Failure(path, _reason(error))


def _read(path: str, max_size: int) -> bytes:
    if path != STANDARD_INPUT:
        with Path(path).open("rb") as file:
            return _read_at_most(file, max_size + 1)
    if sys.stdin is None:
        raise OSError("standard input is closed")
    return _read_at_most(sys.stdin.buffer, max_size + 1)


def _read_at_most(file: IO[bytes], size: int) -> bytes:
    """The start of a file, or of a stream that may have no end."""
    data = bytearray()
    while piece := file.read(min(size - len(data), READ_BYTES)):
        data += piece
    return bytes(data)


def _reason(error: Exception) -> str:
    """What went wrong, without the number and the path that an `OSError` repeats."""
    return (isinstance(error, OSError) and error.strerror) or str(error)


def _report_failures(
    results: Iterable[_Result | _Failure], failures: list[_Failure]
) -> Iterator[_Result]:
    """Let the pages pass; complain of the failures and keep them."""
    for result in results:
        if isinstance(result, _Result):
            yield result
        else:
            _complain(f"{result.path}: {result.reason}")
            failures.append(result)


def _undone(
    pages: Iterable[str | _Failure], options: argparse.Namespace
) -> Iterator[str | _Failure]:
    """The pages without a file of their own, and those that would take another page's."""
    owners: dict[Path, str] = {}
    done = 0
    for page in pages:
        if isinstance(page, _Failure):
            yield page
            continue
        if not Path(page).name:
            yield _Failure(page, "a path without a name")
            continue
        file = _output_file(page, options)
        if file in owners:
            yield _Failure(page, f"{file} is the file of {owners[file]}")
            continue
        owners[file] = page
        try:
            is_done = file.exists()
        except OSError as error:
            yield _Failure(page, f"cannot be written to {options.output}: {_reason(error)}")
            continue
        done += is_done
        if not is_done:
            yield page
    if done:
        _complain(f"{options.output}: {done} files were there before and are left as they are")


def _output_file(path: str, options: argparse.Namespace) -> Path:
    """A page's file, below the output folder whatever the path is."""
    parts = [part for part in Path(path).parts if part not in (Path(path).anchor, os.pardir)]
    return Path(options.output, *parts[:-1], f"{parts[-1]}.{SUFFIXES[options.format]}")


def _write_each(
    results: Iterable[_Result | _Failure], options: argparse.Namespace
) -> Iterator[_Result | _Failure]:
    """Write the pages to their files, and let all pass; what cannot be written has failed."""
    for result in results:
        if isinstance(result, _Failure):
            yield result
            continue
        pieces = _FORMATS[options.format](iter([result]), options.blocks, False)
        text = "".join(f"{piece}\n" for piece in pieces)
        try:
            _write_whole(_output_file(result.path, options), text)
        except OSError as error:
            yield _Failure(result.path, f"cannot be written to {options.output}: {_reason(error)}")
        else:
            yield result


def _write_whole(file: Path, text: str) -> None:
    """Write a file that nobody sees before it is whole."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.part")
    try:
        part.write_bytes(text.encode("utf-8", "backslashreplace"))
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _has_many(options: argparse.Namespace) -> bool:
    """Whether several pages may come, which a folder decides before anyone looks into it."""
    return len(options.paths) > 1 or _is_folder(options.paths[0])


def _text_pieces(results: Iterable[_Result], blocks: bool, many: bool) -> Iterator[str]:
    for path, page in results:
        if many:
            yield f"== {path}"
        if blocks:
            yield from map(_block_line, page.blocks)
        elif page.content:
            yield page.content


def _block_line(block: LabeledBlock) -> str:
    """A block for the eye; only its first line begins at the margin."""
    facts = f"{block.label.value:<7} {block.probability:.3f}  "
    return facts + block.text.replace("\n", "\n" + " " * len(facts))


def _json_pieces(results: Iterable[_Result], blocks: bool, many: bool) -> Iterator[str]:
    if not many:
        yield from (_json(_page_values(result, blocks), indent=2) for result in results)
        return
    separator = "["
    for result in results:
        yield separator + _json(_page_values(result, blocks), indent=2)
        separator = ","
    yield "[]" if separator == "[" else "]"


def _jsonl_pieces(results: Iterable[_Result], blocks: bool, many: bool) -> Iterator[str]:
    for result in results:
        if blocks:
            for block in result.page.blocks:
                yield _json({"path": result.path, **block_to_dict(block)})
        else:
            yield _json(_page_values(result, blocks))


def _page_values(result: _Result, blocks: bool) -> dict[str, Any]:
    values = {"path": result.path, **result.page.to_dict()}
    if not blocks:
        del values["blocks"]
    return values


def _json(values: dict[str, Any], indent: int | None = None) -> str:
    return json.dumps(values, ensure_ascii=False, indent=indent)


def _csv_pieces(results: Iterable[_Result], blocks: bool, many: bool) -> Iterator[str]:
    yield _csv_row(CSV_COLUMNS)
    for path, page in results:
        for block in page.blocks:
            values = {"path": path, **block_to_dict(block)}
            yield _csv_row([values.get(column, "") for column in CSV_COLUMNS])


def _csv_row(values: Iterable[str | float]) -> str:
    """A row with its text in quotes, so that no reader ends a row at a stray carriage return."""
    row = io.StringIO()
    writer = csv.writer(row, quoting=csv.QUOTE_NONNUMERIC, lineterminator="")
    writer.writerow([_harmless(value) if isinstance(value, str) else value for value in values])
    return row.getvalue()


def _harmless(value: str) -> str:
    """A value that no spreadsheet takes for a formula.

    One that expects semicolons for commas, as in Russia, ends a cell at those, at tabs and at line
    ends, inside of quotes too.

    >>> _harmless("=1+1"), _harmless("1+1"), _harmless("tea;=1+1")
    ("'=1+1", '1+1', "tea;'=1+1")
    """

    def disarmed(found: re.Match[str]) -> str:
        begins_cell = found.start() == 0 or any(end in found[0] for end in ";\t\n\r")
        return f"{found[0]}'" if begins_cell else found[0]

    return _FORMULA.sub(disarmed, value)


_FORMATS: dict[str, Callable[[Iterable[_Result], bool, bool], Iterator[str]]] = {
    "text": _text_pieces,
    "json": _json_pieces,
    "jsonl": _jsonl_pieces,
    "csv": _csv_pieces,
}


def _use_utf8() -> None:
    """Make standard output UTF-8. A lone surrogate becomes the escape that JSON has for it."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")


def _print(piece: str) -> None:
    shown = piece.translate(_SHOWN) if sys.stdout and sys.stdout.isatty() else piece
    print(shown, flush=True)


def _complain(message: str) -> None:
    """One line on standard error, if there is one: without it `print` takes standard output."""
    line = f"{COMMAND}: {message.translate(_SHOWN)}".replace("\n", "\\n")
    if sys.stderr:
        try:
            print(line, file=sys.stderr)
        except BrokenPipeError:  # results are wanted even where complaints are not
            _discard(sys.stderr)


def _discard(stream: TextIO) -> None:
    """Forget what could not be written, or Python would try again, and complain, at its exit.

    A stream may be `None`, closed by the caller, or a stand-in that has no descriptor.
    """
    with suppress(AttributeError, io.UnsupportedOperation), Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())
