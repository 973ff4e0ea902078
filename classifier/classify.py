"""The way through the house: a page comes in, a labelled page goes out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import unquote, urlsplit

from classifier.blocks import Document, Label, LabeledBlock
from classifier.decision import Favor, check_decision, page_threshold
from classifier.encoding import decode
from classifier.errors import ClassifierError, InvalidInput, NotAPage
from classifier.features import feature_table
from classifier.features.characters import Floats
from classifier.html import parse_html
from classifier.language import text_language
from classifier.model import Model, load_model, packaged_model
from classifier.page import Mode, Page
from classifier.text import parse_text

PAGES_PER_CHUNK = 16
"""Pages that share one feature table and one prediction."""

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


class Source(NamedTuple):
    """A page with what the caller knows about it, for `classify_many`."""

    raw: bytes | str
    encoding: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Classifier:
    """Labels the blocks of pages with one model; safe to share between threads.

    `model` is the packaged one unless given. `favor` and `threshold` are the decision's defaults.

    >>> Classifier(threshold=0.5).classify_html("<p>One sentence of text.</p>").threshold
    0.5
    """

    model: Model | None = None
    favor: Favor | None = None
    threshold: float | None = None

    def __post_init__(self) -> None:
        check_decision(self.favor, self.threshold)

    @classmethod
    def load(cls, path: str | Path) -> Classifier:
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
        page = _read(Source(raw, encoding, url), "html")
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
        page = _read(Source(text, encoding), "text")
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
        read gives its error in its place, and the rest are done.
        """
        if isinstance(pages, (str, bytes, bytearray)):
            raise InvalidInput("classify_many takes an iterable of pages, got one page")
        if n_jobs == 0:
            raise InvalidInput("n_jobs must not be 0: 1 is this process, -1 every core")
        if mode not in ("html", "text"):
            raise InvalidInput(f"mode must be 'html' or 'text', got {mode!r}")
        if on_error not in ("raise", "return"):
            raise InvalidInput(f"on_error must be 'raise' or 'return', got {on_error!r}")
        results = self._classify_chunks(_chunks(pages), mode, n_jobs)
        return _flat(results, on_error)

    def _classify_chunks(
        self, chunks: Iterable[list[bytes | str | Source]], mode: Mode, n_jobs: int
    ) -> Iterator[list[Page | ClassifierError]]:
        work = partial(self._classify_each, mode=mode)
        if n_jobs == 1:
            return map(work, chunks)
        from joblib import Parallel, delayed

        parallel = Parallel(n_jobs=n_jobs, return_as="generator", pre_dispatch="2*n_jobs")
        results: Iterator[list[Page | ClassifierError]] = parallel(
            delayed(work)(chunk) for chunk in chunks
        )
        return results

    def _decided(self, favor: Favor | None, threshold: float | None) -> Classifier:
        if favor is None and threshold is None:
            return self
        return replace(
            self,
            favor=self.favor if favor is None else favor,
            threshold=self.threshold if threshold is None else threshold,
        )

    def _classify_each(
        self, pages: Sequence[bytes | str | Source], mode: Mode
    ) -> list[Page | ClassifierError]:
        """Pages of a chunk, an error in the place of each that cannot be read."""
        read: list[_Read | ClassifierError] = []
        for page in pages:
            try:
                read.append(_read(page if isinstance(page, Source) else Source(page), mode))
            except ClassifierError as error:
                read.append(error)
        labelled = iter(self._label([page for page in read if isinstance(page, _Read)]))
        return [page if isinstance(page, ClassifierError) else next(labelled) for page in read]

    def _label(self, pages: Sequence[_Read]) -> list[Page]:
        """Features, model, decision; pages of one mode share a table and a prediction."""
        model = self.model or packaged_model()
        labelled: dict[int, Page] = {}
        for mode, cascade in (("html", model.html), ("text", model.text)):
            numbers = [number for number, page in enumerate(pages) if page.mode == mode]
            if not numbers:
                continue
            table = feature_table([pages[number].document for number in numbers])
            probabilities = cascade.predict(table)
            for place, number in enumerate(numbers):
                rows = slice(table.bounds[place], table.bounds[place + 1])
                own, words = probabilities[rows], table.word_counts[rows]
                threshold = self.threshold
                if threshold is None:
                    threshold = page_threshold(own, words, cascade.decision, self.favor)
                labelled[number] = _labelled(pages[number], own, threshold)
        return [labelled[number] for number in range(len(pages))]


class _Read(NamedTuple):
    """A page cut into blocks, the encoding of its bytes, and whether it had markup."""

    document: Document
    encoding: str | None
    mode: Mode


def _labelled(page: _Read, probabilities: Floats, threshold: float) -> Page:
    blocks = tuple(
        LabeledBlock(block, Label.CONTENT if probability >= threshold else Label.NOISE, probability)
        for block, probability in zip(page.document.blocks, probabilities.tolist())
    )
    kept = [block.text for block in blocks if block.label is Label.CONTENT]
    return Page(
        blocks=blocks,
        mode=page.mode,
        encoding=page.encoding,
        language=text_language(kept or [block.text for block in blocks]),
        threshold=float(threshold),
        document=page.document,
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
    if not isinstance(raw, (bytes, bytearray, memoryview)):
        raise InvalidInput(f"a page must be bytes or str, got {type(raw).__name__}")
    data = bytes(raw)
    for signature, kind in _SIGNATURES:
        if data.startswith(signature) and (signature == _PDF or _CONTROL.search(data[:512])):
            raise NotAPage(f"this is {kind}, not a page")
    decoded = decode(data, encoding)
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


def _chunks(
    pages: Iterable[bytes | str | Source],
) -> Iterator[list[bytes | str | Source]]:
    source = iter(pages)
    while chunk := list(islice(source, PAGES_PER_CHUNK)):
        yield chunk


def _flat(
    chunks: Iterable[list[Page | ClassifierError]], on_error: str
) -> Iterator[Page | ClassifierError]:
    for chunk in chunks:
        for page in chunk:
            if isinstance(page, ClassifierError) and on_error == "raise":
                raise page
            yield page


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
