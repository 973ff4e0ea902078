"""The way through the house: a page comes in, a labelled page goes out."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from numbers import Integral
from os import PathLike
from typing import Any, Literal, NamedTuple, TypeVar
from urllib.parse import unquote, urlsplit

import numpy as np

from classifier.blocks import Blocks, Document
from classifier.decision import Favor, check_decision, page_thresholds
from classifier.encoding import decode
from classifier.errors import ClassifierError, InvalidInput, NotAPage, PageTooLarge, WorkerLost
from classifier.features import feature_table
from classifier.features.characters import Floats, Integers, starts_of
from classifier.features.facts import declared_texts
from classifier.html import parse_html
from classifier.model import Cascade, Model, load_model, packaged_model
from classifier.network import ONE_THREAD
from classifier.page import Mode, Page
from classifier.text import parse_text

PAGES_PER_CHUNK = 16
"""Pages that are read ahead, and given to a process, together."""

SIZE_PER_CHUNK = 4_000_000
"""Bytes or characters after which a chunk takes no further page."""

LARGEST_PAGE = 20_000_000
"""Bytes or characters of a page that a classifier takes unless told otherwise."""

BLOCK_WEIGHT = 200
"""A row of the feature table takes as much memory as so many characters of text."""

MOST_NAMES_WEIGHT = 10_000
"""Names above a block beyond so many characters are not gathered for it."""

WEIGHT_PER_TABLE = 2_000_000
"""Characters of text and of class names, with the weight of blocks, that share one feature table
and one prediction. The heaviest of 2,287 published pages has a third of it; what is heavier is
scored in parts, so that memory stays within ten times a large page."""

LEAST_OWN = 20
"""A part of a page is so many times as heavy as what it has in common with the other parts, the
texts that the page declares and the names above its first block: to hash a character costs more
than to count a row's."""

_PDF = b"%PDF-"

_SIGNATURES = (
    (_PDF, "a PDF"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a RIFF file (WebP, WAV or AVI)"),
    (b"PK\x03\x04", "a zip archive (or an Office document)"),
    (b"\x1f\x8b", "gzip data; decompress it first"),
    (b"BZh", "bzip2 data; decompress it first"),
    (b"\xfd7zXZ", "xz data; decompress it first"),
    (b"\x28\xb5\x2f\xfd", "zstd data; decompress it first"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x7fELF", "a program"),
)

_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
"""What a text that begins like a signature does not have."""

_TAG = re.compile(r"<[!/?a-zA-Z]")
_SLUG_WORD = re.compile(r"[^\W\d_]{3,}")

_Made = TypeVar("_Made")


class Source(NamedTuple):
    """A page with what the caller knows about it, for `classify_many`."""

    raw: bytes | str
    encoding: str | None = None
    url: str | None = None


_Chunk = list[Source | ClassifierError]
"""Pages that are done together, an error in the place of each that is none."""


@dataclass(frozen=True, slots=True)
class Classifier:
    """Labels the blocks of pages with one model; safe to share between threads.

    `model` is the packaged one unless given. `favor` and `threshold` are the decision's defaults.
    A page of more than `max_size` bytes (characters, where text is given) raises `PageTooLarge`
    before it is read; `SECURITY.md` says what memory a page takes.

    >>> Classifier(threshold=0.5).classify_html("<p>One sentence of text.</p>").threshold
    0.5
    """

    model: Model | None = None
    favor: Favor | None = None
    threshold: float | None = None
    max_size: int = LARGEST_PAGE

    def __post_init__(self) -> None:
        if isinstance(self.model, (str, PathLike)):
            raise InvalidInput("model must be a model, not a path: Classifier.load reads one")
        check_decision(self.favor, self.threshold)
        _check_whole_number("max_size", self.max_size)
        if self.max_size < 1:
            raise InvalidInput(f"max_size must be 1 or more, got {self.max_size}")

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Classifier:
        """A classifier with a model of one's own; `ModelError` says what is wrong with a file."""
        return cls(load_model(path))

    def classify_html(
        self,
        raw: bytes | str,
        *,
        encoding: str | None = None,
        url: str | None = None,
        favor: Favor | None = None,
        threshold: float | None = None,
    ) -> Page:
        """Label the blocks of an HTML page, bytes as served or text.

        `encoding` is the caller's word for the charset of bytes (an HTTP header's, as is). `url`
        is a hint, never fetched: where the page declares no title, the words of its address stand
        in. `favor` and `threshold` override the classifier's.
        """
        page = _read(_checked(Source(raw, encoding, url), self.max_size), "html")
        return self._decided(favor, threshold)._label([page])[0]

    def classify_text(
        self,
        text: str | bytes,
        *,
        encoding: str | None = None,
        favor: Favor | None = None,
        threshold: float | None = None,
    ) -> Page:
        """Label the blocks of text that was extracted earlier, without markup.

        A block knows its `span`, the range of characters of the text that it came from.
        """
        page = _read(_checked(Source(text, encoding), self.max_size), "text")
        return self._decided(favor, threshold)._label([page])[0]

    def classify_many(
        self,
        pages: Iterable[bytes | str | Source],
        *,
        mode: Mode = "html",
        n_jobs: int = 1,
        on_error: Literal["raise", "return"] = "raise",
    ) -> Iterator[Page | ClassifierError]:
        """Label many pages, lazily and in their order, in `n_jobs` processes.

        Any iterable will do, endless ones too. With `on_error="return"`, a page that cannot be
        read gives its error in its place, and the rest are done. An error of the iterable itself
        comes after the pages before it. A process that is killed ends the iteration with
        `WorkerLost`, after some of the pages before its own.
        """
        _check_pages(pages)
        _check_whole_number("n_jobs", n_jobs)
        if n_jobs == 0:
            raise InvalidInput("n_jobs must not be 0: 1 is this process, -1 every core")
        if mode not in ("html", "text"):
            raise InvalidInput(f"mode must be 'html' or 'text', got {mode!r}")
        if on_error not in ("raise", "return"):
            raise InvalidInput(f"on_error must be 'raise' or 'return', got {on_error!r}")
        failures: list[Exception] = []
        chunks = _chunks(_until_it_fails(pages, failures), self.max_size)
        return _flat(self._classify_chunks(chunks, mode, int(n_jobs)), failures, on_error)

    def _classify_chunks(
        self, chunks: Iterable[_Chunk], mode: Mode, n_jobs: int
    ) -> Iterator[list[Page | ClassifierError]]:
        work = partial(self._classify_each, mode=mode)
        if n_jobs == 1:
            return map(work, chunks)
        return _in_processes(work, chunks, n_jobs)

    def _decided(self, favor: Favor | None, threshold: float | None) -> Classifier:
        if favor is None and threshold is None:
            return self
        return replace(
            self,
            favor=self.favor if favor is None else favor,
            threshold=self.threshold if threshold is None else threshold,
        )

    def _classify_each(self, chunk: _Chunk, mode: Mode) -> list[Page | ClassifierError]:
        """Pages of a chunk, an error in the place of each that cannot be read."""
        read = [_or_error(partial(_read, mode=mode), source) for source in chunk]
        labelled = iter(self._label([page for page in read if isinstance(page, _Read)]))
        return [page if isinstance(page, ClassifierError) else next(labelled) for page in read]

    def _label(self, pages: Sequence[_Read]) -> list[Page]:
        """Features, model, decision; pages of one mode share tables and predictions."""
        # The decision's networks, too, and one switch for all of them.
        with ONE_THREAD:
            return self._label_by_mode(pages)

    def _label_by_mode(self, pages: Sequence[_Read]) -> list[Page]:
        model = self.model or packaged_model()
        labelled: dict[int, Page] = {}
        for mode, cascade in (("html", model.html), ("text", model.text)):
            numbers = [number for number, page in enumerate(pages) if page.mode == mode]
            if not numbers:
                continue
            documents = [pages[number].document for number in numbers]
            bounds = starts_of(np.array([len(document.blocks) for document in documents]))
            probabilities, words = _scores(documents, cascade)
            if self.threshold is None:
                thresholds = page_thresholds(
                    probabilities, words, bounds, cascade.decision, self.favor
                )
            else:
                thresholds = [self.threshold] * len(numbers)
            for number, threshold, start, end in zip(numbers, thresholds, bounds, bounds[1:]):
                labelled[number] = _labelled(pages[number], probabilities[start:end], threshold)
        return [labelled[number] for number in range(len(pages))]


class _Read(NamedTuple):
    """A page cut into blocks, the encoding of its bytes, and whether it had markup."""

    document: Document
    encoding: str | None
    mode: Mode


def _scores(documents: Sequence[Document], cascade: Cascade) -> tuple[Floats, Integers]:
    """The probability and the number of words of each block of the documents."""
    scored = [
        (cascade.predict(table), table.word_counts)
        for table in map(feature_table, _tables(documents))
    ]
    probabilities, words = zip(*scored)
    return np.concatenate(probabilities), np.concatenate(words)


def _tables(documents: Sequence[Document]) -> Iterator[list[Document]]:
    """Documents, or parts of those that are too heavy, gathered to tables of bounded weight."""
    table: list[Document] = []
    room = WEIGHT_PER_TABLE
    for document in documents:
        for part, weight in _parts(document):
            if table and weight > room:
                yield table
                table, room = [], WEIGHT_PER_TABLE
            table.append(part)
            room -= weight
    yield table


def _parts(document: Document) -> Iterator[tuple[Document, int]]:
    """The document itself, or runs of its blocks, each light enough for a table; their weights."""
    names = list(_names_above(document.blocks))
    weights = [
        len(text) + min(weight, MOST_NAMES_WEIGHT) + BLOCK_WEIGHT
        for text, weight in zip(document.blocks.texts, names)
    ]
    declared = sum(map(len, declared_texts(document)))
    ends = list(itertools.accumulate(weights, initial=0))
    # What each part reads anew must not outweigh what is its own.
    most = max(WEIGHT_PER_TABLE, LEAST_OWN * (declared + max(names, default=0)))
    if ends[-1] + declared <= most:
        yield document, ends[-1] + declared
        return
    cuts = [0]
    while cuts[-1] < len(document.blocks):
        end = bisect.bisect_right(ends, ends[cuts[-1]] + most) - 1
        cuts.append(max(end, cuts[-1] + 1))
    sizes = [end - start for start, end in itertools.pairwise(cuts)]
    for blocks, (start, end) in zip(document.blocks.parts(sizes), itertools.pairwise(cuts)):
        yield replace(document, blocks=blocks), ends[end] - ends[start] + declared


def _names_above(blocks: Blocks) -> Iterator[int]:
    """How many characters the names of all elements above each block have."""
    names = [len(kind[1]) for kind in blocks.kinds]
    of_elements = iter([names[place] for place in blocks.places])
    above: list[int] = []
    for shared, new in zip(blocks.shared, blocks.new):
        del above[shared:]
        above += itertools.islice(of_elements, new)
        yield sum(above)


def _labelled(page: _Read, probabilities: Floats, threshold: float) -> Page:
    return Page(
        document=page.document,
        probabilities=tuple(probabilities.tolist()),
        threshold=float(threshold),
        mode=page.mode,
        encoding=page.encoding,
    )


def _check_whole_number(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise InvalidInput(f"{name} must be a whole number, got {value!r}")


def _check_pages(pages: object) -> None:
    if isinstance(pages, (str, bytes, bytearray, memoryview, Source)):
        raise InvalidInput("classify_many takes an iterable of pages, got one page")
    if isinstance(pages, Mapping):
        raise InvalidInput("classify_many takes an iterable of pages, got a mapping: its values?")
    if not isinstance(pages, Iterable):
        raise InvalidInput(f"classify_many takes an iterable of pages, got {type(pages).__name__}")


def _checked(page: Any, max_size: int) -> Source:
    """What was given as a page, with plain text or bytes that nobody else holds or changes.

    The text of a parsed page may be a `str` that holds its whole tree.
    """
    raw, encoding, url = page if isinstance(page, Source) else Source(page)
    return Source(_plain(raw, max_size), _hint("encoding", encoding), _hint("url", url))


def _plain(raw: object, max_size: int) -> str | bytes:
    if isinstance(raw, str):
        text = str.__str__(raw)
        _check_size(len(text), max_size)
        return text
    if not isinstance(raw, (bytes, bytearray, memoryview)):
        raise InvalidInput(f"a page must be bytes or str, got {type(raw).__name__}")
    try:
        size = raw.nbytes if isinstance(raw, memoryview) else len(raw)
    except ValueError as error:
        raise InvalidInput(f"the bytes of this page cannot be read: {error}") from error
    _check_size(size, max_size)
    return bytes(raw)


def _hint(name: str, value: object) -> str | None:
    if not (value is None or isinstance(value, str)):
        raise InvalidInput(f"{name} must be str or None, got {type(value).__name__}")
    return None if value is None else str.__str__(value)


def _check_size(size: int, max_size: int) -> None:
    if size > max_size:
        raise PageTooLarge(
            f"this page has more than {max_size:,} bytes or characters; set max_size to take it"
        )


def _read(page: Source, mode: Mode) -> _Read:
    text, encoding = _to_text(page.raw, page.encoding)
    if mode == "text" or not _TAG.search(text):
        return _Read(parse_text(text), encoding, "text")
    document = parse_html(text)
    if page.url and not document.title:
        document = replace(document, title=_address_words(page.url))
    return _Read(document, encoding, "html")


def _to_text(raw: bytes | str, encoding: str | None) -> tuple[str, str | None]:
    if isinstance(raw, str):
        if raw.startswith(_PDF.decode()):
            raise NotAPage("this is a PDF, not a page")
        return raw, None
    for signature, kind in _SIGNATURES:
        if raw.startswith(signature) and (signature == _PDF or _CONTROL.search(raw[:512])):
            raise NotAPage(f"this is {kind}, not a page")
    decoded = decode(raw, encoding)
    return decoded.text, decoded.encoding


def _address_words(url: str) -> str:
    """The words of the last part of an address's path.

    >>> _address_words("https://gazette.example/2024/ferry-line-to-reopen.html")
    'ferry line reopen html'
    """
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""  # a hint that cannot be read is no hint
    parts = [part for part in unquote(path).split("/") if part]
    return " ".join(_SLUG_WORD.findall(parts[-1])) if parts else ""


def _or_error(make: Callable[[Any], _Made], given: object) -> _Made | ClassifierError:
    """What is made of a page; the error where that cannot be, and an error as it is."""
    if isinstance(given, ClassifierError):
        return given
    try:
        return make(given)
    except ClassifierError as error:
        return error


def _chunks(pages: Iterable[object], max_size: int) -> Iterator[_Chunk]:
    chunk: _Chunk = []
    size = 0
    for page in pages:
        source = _or_error(partial(_checked, max_size=max_size), page)
        chunk.append(source)
        size += len(source.raw) if isinstance(source, Source) else 0
        if len(chunk) == PAGES_PER_CHUNK or size >= SIZE_PER_CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _until_it_fails(pages: Iterable[object], failures: list[Exception]) -> Iterator[object]:
    """The pages; an error of the caller's iterable is kept and not raised.

    It is asked for pages in threads where an error would be lost, and with it the pages under way.
    """
    try:
        # `yield from` would close what the caller may go on with.
        for page in pages:  # noqa: UP028
            yield page
    except Exception as error:
        failures.append(error)


def _in_processes(
    work: Callable[[_Chunk], list[Page | ClassifierError]],
    chunks: Iterable[_Chunk],
    n_jobs: int,
) -> Iterator[list[Page | ClassifierError]]:
    # Both take long to import, and most callers need neither.
    from concurrent.futures import BrokenExecutor

    from joblib import Parallel, delayed

    parallel = Parallel(n_jobs=n_jobs, return_as="generator", pre_dispatch="2*n_jobs")
    try:
        yield from parallel(delayed(work)(chunk) for chunk in chunks)
    except BrokenExecutor as error:
        raise WorkerLost(
            "a process was killed, perhaps for want of memory; no page after the last that was"
            " given is done; try fewer processes or a lower max_size"
        ) from error


def _flat(
    chunks: Iterable[list[Page | ClassifierError]], failures: Sequence[Exception], on_error: str
) -> Iterator[Page | ClassifierError]:
    for chunk in chunks:
        for page in chunk:
            if isinstance(page, ClassifierError) and on_error == "raise":
                raise page
            yield page
    for failure in failures:
        raise failure


def classify_html(
    raw: bytes | str,
    *,
    encoding: str | None = None,
    url: str | None = None,
    favor: Favor | None = None,
    threshold: float | None = None,
) -> Page:
    """`Classifier.classify_html` with the packaged model.

    >>> classify_html("<p>Ёж</p>".encode()).encoding
    'utf-8'
    """
    return Classifier(favor=favor, threshold=threshold).classify_html(
        raw, encoding=encoding, url=url
    )


def classify_text(
    text: str | bytes,
    *,
    encoding: str | None = None,
    favor: Favor | None = None,
    threshold: float | None = None,
) -> Page:
    """`Classifier.classify_text` with the packaged model.

    >>> classify_text("").blocks
    ()
    """
    return Classifier(favor=favor, threshold=threshold).classify_text(text, encoding=encoding)


def classify_many(
    pages: Iterable[bytes | str | Source],
    *,
    mode: Mode = "html",
    n_jobs: int = 1,
    on_error: Literal["raise", "return"] = "raise",
) -> Iterator[Page | ClassifierError]:
    """`Classifier.classify_many` with the packaged model."""
    return Classifier().classify_many(pages, mode=mode, n_jobs=n_jobs, on_error=on_error)
