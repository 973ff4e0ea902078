"""The command `boilerplate`: pages in, their text out, and nothing that the API does not do.

Results go to standard output, in UTF-8 whatever the locale, each as soon as it is there. All else
goes to standard error.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from classifier.blocks import LabeledBlock
from classifier.classify import Classifier
from classifier.decision import check_decision
from classifier.encoding import decode
from classifier.errors import InvalidThreshold, ModelError, NotAPage, UnknownEncoding
from classifier.model import load_model, packaged_model
from classifier.page import Page, block_to_dict

COMMAND = "boilerplate"

STANDARD_INPUT = "-"

TEXT_SUFFIXES = frozenset((".txt", ".text"))

PAGE_SUFFIXES = TEXT_SUFFIXES | {".html", ".htm", ".xhtml"}
"""What counts as a page in a folder. A file that is named itself may be called anything."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet run a cell instead of showing it."""

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

In csv, an apostrophe stands before a value that a spreadsheet would run as a formula, that is one
that begins with = + - @ or a tab. A terminal is shown control characters as \\u001b and the like.

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
        results = _classify_each(_find_pages(options.paths), classifier, options)
        for piece in _FORMATS[options.format](_report_failures(results, failures), options):
            _print(piece)
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
    return Classifier(model, options.favor, options.threshold)


def _is_folder(path: str) -> bool:
    # Path.is_dir raises an error where the folder above may not be searched.
    return path != STANDARD_INPUT and os.path.isdir(path)  # noqa: PTH112


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
    yield from map(str, pages)


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
        return _Result(path, classify(_read(path), encoding=options.encoding))
    except (OSError, NotAPage) as error:
        return _Failure(path, _reason(error))


def _read(path: str) -> bytes:
    if path != STANDARD_INPUT:
        return Path(path).read_bytes()
    if sys.stdin is None:
        raise OSError("standard input is closed")
    return sys.stdin.buffer.read()


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


def _has_many(options: argparse.Namespace) -> bool:
    """Whether several pages may come, which a folder decides before anyone looks into it."""
    return len(options.paths) > 1 or _is_folder(options.paths[0])


def _text_pieces(results: Iterable[_Result], options: argparse.Namespace) -> Iterator[str]:
    many = _has_many(options)
    for path, page in results:
        if many:
            yield f"== {path}"
        if options.blocks:
            yield from map(_block_line, page.blocks)
        elif page.content:
            yield page.content


def _block_line(block: LabeledBlock) -> str:
    """A block for the eye; only its first line begins at the margin."""
    facts = f"{block.label.value:<7} {block.probability:.3f}  "
    return facts + block.text.replace("\n", "\n" + " " * len(facts))


def _json_pieces(results: Iterable[_Result], options: argparse.Namespace) -> Iterator[str]:
    if not _has_many(options):
        yield from (_json(_page_values(result, options), indent=2) for result in results)
        return
    separator = "["
    for result in results:
        yield separator + _json(_page_values(result, options), indent=2)
        separator = ","
    yield "[]" if separator == "[" else "]"


def _jsonl_pieces(results: Iterable[_Result], options: argparse.Namespace) -> Iterator[str]:
    for result in results:
        if options.blocks:
            for block in result.page.blocks:
                yield _json({"path": result.path, **block_to_dict(block)})
        else:
            yield _json(_page_values(result, options))


def _page_values(result: _Result, options: argparse.Namespace) -> dict[str, Any]:
    values = {"path": result.path, **result.page.to_dict()}
    if not options.blocks:
        del values["blocks"]
    return values


def _json(values: dict[str, Any], indent: int | None = None) -> str:
    return json.dumps(values, ensure_ascii=False, indent=indent)


def _csv_pieces(results: Iterable[_Result], options: argparse.Namespace) -> Iterator[str]:
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

    >>> _harmless("=1+1"), _harmless("1+1")
    ("'=1+1", '1+1')
    """
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value


_FORMATS: dict[str, Callable[[Iterable[_Result], argparse.Namespace], Iterator[str]]] = {
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
