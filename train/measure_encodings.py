"""How often encoding detectors and our own `decode` are right, and what they cost.

Run as `python -m train.measure_encodings --corpora ../shared/corpora`. It measures the detectors
that are installed: chardet, charset-normalizer, cchardet or faust-cchardet (one import name, so
one at a time), chardetng-py, resiliparse. Every page is written anew in each encoding, so that the
right answer is known; what an encoding lacks becomes a character reference. A detector is right
when the Cyrillic letters come out as they went in.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import random
import re
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType
from typing import Any

from classifier.encoding import CANDIDATES, decode, non_ascii_words
from train.corpora import read_daniel, read_modern_russian

Detector = Callable[[bytes], "str | None"]
Decoder = Callable[[bytes], str]

SINGLE_BYTE = ("windows-1251", "koi8-r", "cp866")
WRONG = {
    "utf-8": ("windows-1251", "koi8-r", "iso-8859-1"),
    "windows-1251": ("koi8-r", "utf-8", "iso-8859-1"),
    "koi8-r": ("windows-1251", "utf-8", "iso-8859-1"),
    "cp866": ("windows-1251", "utf-8", "iso-8859-1"),
    "utf-16": ("windows-1251", "utf-8", "koi8-r"),
    "utf-16-le": ("windows-1251", "utf-8", "koi8-r"),
}
"""The encodings to write pages in (for Python, utf-16 has a mark), and false declarations."""

SCRIPT = "<script>" + "var width = height + 1;\n" * 700 + "</script>"
"""More than 16 kB of ASCII."""

PHRASE_WORDS = (1, 2, 3, 5, 8, 12, 20)
PHRASES_PER_PAGE = 3

_DECLARATION = re.compile(
    r"charset\s{0,9}=\s{0,9}[\"']?[\w-]{1,40}|<\?xml[^>]{0,200}>", re.IGNORECASE
)
_ENCODED_TWICE = re.compile("[\xc2-\xf4][\x80-\xbf]")
_CYRILLIC = re.compile(
    r"[\N{CYRILLIC CAPITAL LETTER IE WITH GRAVE}-\N{CYRILLIC SMALL LETTER DZZHE}]+"
)


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to write a page: what it declares about itself, and what comes first."""

    name: str
    declared: str | None
    scripted: bool

    def write(self, text: str, encoding: str, number: int) -> bytes:
        """The page in `encoding`; `number` picks one of the wrong declarations."""
        wrong = WRONG[encoding][number % len(WRONG[encoding])]
        label = {None: "", "right": encoding, "wrong": wrong}[self.declared]
        meta = f'<meta charset="{label}">' if label else ""
        page = meta + (SCRIPT if self.scripted else "") + text
        return page.encode(encoding, "xmlcharrefreplace")


VARIANTS = tuple(
    Variant(f"{declared or 'none'}{' +16k' if scripted else ''}", declared, scripted)
    for scripted in (False, True)
    for declared in (None, "right", "wrong")
)


def cyrillic(text: str) -> str:
    """The Cyrillic letters of a text.

    >>> cyrillic("чай & tea")
    'чай'
    """
    return "".join(_CYRILLIC.findall(text))


def detectors() -> dict[str, Detector]:
    """The installed detectors as they come."""
    return {
        name: partial(detect, module)
        for name, module in _installed()
        for detect in [_AS_THEY_COME.get(name.split()[0], _detect)]
    }


def narrowed_detectors() -> dict[str, Detector]:
    """The installed detectors, told which encodings there are where they can be told."""
    return {
        name: partial(detect, module)
        for name, module in _installed()
        for detect in [{**_AS_THEY_COME, **_NARROWED}.get(name.split()[0], _detect)]
    }


def _installed() -> Iterator[tuple[str, ModuleType]]:
    """Name and version of each installed detector, and its module."""
    for package, module in MODULES.items():
        try:
            yield f"{package} {version(package)}", importlib.import_module(module)
        except PackageNotFoundError:
            continue


def _detect(module: Any, data: bytes) -> str | None:
    answer: str | None = module.detect(data)["encoding"]
    return answer


def _chardet_narrowed(module: Any, data: bytes) -> str | None:
    answer: str | None = module.detect(
        data, include_encodings=CANDIDATES, no_match_encoding="windows-1252"
    )["encoding"]
    return answer


def _normalizer_narrowed(module: Any, data: bytes) -> str | None:
    best = module.from_bytes(data, cp_isolation=list(CANDIDATES)).best()
    return None if best is None else str(best.encoding)


def _chardetng(module: Any, data: bytes) -> str | None:
    detector = module.EncodingDetector()
    detector.feed(data, last=True)
    return str(detector.guess(tld=None, allow_utf8=True))


def _resiliparse(module: Any, data: bytes) -> str | None:
    return str(module.detect_encoding(data))


MODULES = {
    "chardet": "chardet",
    "charset-normalizer": "charset_normalizer",
    "cchardet": "cchardet",
    "faust-cchardet": "cchardet",
    "chardetng-py": "chardetng_py",
    "resiliparse": "resiliparse.parse.encoding",
}
_AS_THEY_COME = {"chardetng-py": _chardetng, "resiliparse": _resiliparse}
_NARROWED = {"chardet": _chardet_narrowed, "charset-normalizer": _normalizer_narrowed}


def as_decoder(detect: Detector, look_at: Callable[[bytes], bytes] = bytes) -> Decoder:
    """Decode as a detector says of what it is shown; a name that Python lacks gives no text."""

    def decoder(data: bytes) -> str:
        name = detect(look_at(data))
        try:
            return data.decode(name, "replace") if name else ""
        except LookupError:
            return ""

    return decoder


def ours(data: bytes) -> str:
    """The text that `decode` gives."""
    return decode(data).text


def russian_pages(corpora: Path) -> Iterator[tuple[str, str]]:
    """The markup, without its declaration, and the main text of every Russian page."""
    for reader in read_daniel, read_modern_russian:
        for page in reader(corpora):
            if page.language == "ru":
                yield _DECLARATION.sub("", _original(page.raw, "windows-1251")), page.gold


def latin_pages(corpora: Path) -> Iterator[bytes]:
    """Pages of Western European languages in windows-1252, but for those in UTF-8 twice over."""
    raw = [page.raw for page in read_daniel(corpora) if page.language == "en"]
    news = corpora / "fundus/tests/resources/parser/test_data"
    raw += [gzip.decompress(path.read_bytes()) for path in sorted(news.glob("*/*.html.gz"))]
    for page in raw:
        text = _DECLARATION.sub("", _original(page, "windows-1252"))
        special = [character for character in text if not character.isascii()]
        lost = sum(not character.encode("windows-1252", "ignore") for character in special)
        if lost * 5 < len(special) and not _ENCODED_TWICE.search(text):
            yield text.encode("windows-1252", "xmlcharrefreplace")


def _original(raw: bytes, fallback: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode(fallback, "replace")


def phrases(texts: Iterable[str], words: int) -> list[str]:
    """A few phrases of so many words from each text, always the same ones."""
    chance = random.Random(words)
    found = []
    for text in texts:
        all_words = text.split()
        for _ in range(PHRASES_PER_PAGE):
            start = chance.randrange(max(1, len(all_words) - words))
            phrase = " ".join(all_words[start : start + words])
            if len(cyrillic(phrase)) > 1:
                found.append(phrase)
    return found


def score(decoder: Decoder, pages: Sequence[bytes], encoding: str) -> tuple[float, list[float]]:
    """The share of pages whose Cyrillic comes out right, and the milliseconds of each."""
    right = 0
    spent = []
    for page in pages:
        start = time.perf_counter()
        text = decoder(page)
        spent.append((time.perf_counter() - start) * 1000)
        right += cyrillic(text) == cyrillic(page.decode(encoding))
    return right / len(pages), spent


def print_whole_pages(name: str, decoder: Decoder, texts: Sequence[str]) -> None:
    """One table: a row an encoding, a column a variant, then the time."""
    print(f"\n### {name}: share of {len(texts)} Russian pages decoded right\n")
    print_row(("encoding", *(variant.name for variant in VARIANTS), "median ms", "slowest ms"))
    print_row(["---"] * (len(VARIANTS) + 3))
    for encoding in WRONG:
        shares, spent = [], []
        for variant in VARIANTS:
            pages = [variant.write(text, encoding, i) for i, text in enumerate(texts)]
            share, times = score(decoder, pages, encoding)
            shares.append(f"{share:.3f}")
            spent += times
        print_row((encoding, *shares, f"{statistics.median(spent):.2f}", f"{max(spent):.0f}"))


def print_phrases(decoders: dict[str, Decoder], golds: Iterable[str]) -> None:
    """Phrases of a few words, averaged over the single-byte encodings."""
    print("\n### Phrases by number of words: share decoded right in single-byte encodings\n")
    print_row(("words", *PHRASE_WORDS))
    print_row(["---"] * (len(PHRASE_WORDS) + 1))
    samples = [phrases(golds, words) for words in PHRASE_WORDS]
    rows: dict[str, Callable[[str], Decoder]] = {
        **{name: partial(_whatever_encoding, decoder) for name, decoder in decoders.items()},
        "decode, rightly labelled": _with_right_label,
        "decode, wrongly labelled": _with_wrong_label,
    }
    for row, decoder_for in rows.items():
        shares = [
            statistics.mean(
                score(
                    decoder_for(name), [phrase.encode(name, "ignore") for phrase in sample], name
                )[0]
                for name in SINGLE_BYTE
            )
            for sample in samples
        ]
        print_row((row, *(f"{share:.3f}" for share in shares)))


def _whatever_encoding(decoder: Decoder, _: str) -> Decoder:
    return decoder


def _with_right_label(encoding: str) -> Decoder:
    return lambda data: decode(data, encoding).text


def _with_wrong_label(encoding: str) -> Decoder:
    return lambda data: decode(data, WRONG[encoding][0]).text


def print_latin(decoders: dict[str, Decoder], pages: Sequence[bytes]) -> None:
    """Pages in windows-1252 must stay in Latin letters."""
    print(f"\n### {len(pages)} English and other Western pages in windows-1252, undeclared\n")
    print_row(("", "no letter turned Cyrillic", "text exact"))
    print_row(["---"] * 3)
    for name, decoder in decoders.items():
        texts = [decoder(page) for page in pages]
        latin = statistics.mean(not cyrillic(text) for text in texts)
        exact = statistics.mean(
            text == page.decode("windows-1252", "replace") for text, page in zip(texts, pages)
        )
        print_row((name, f"{latin:.3f}", f"{exact:.3f}"))


def print_row(cells: Iterable[object]) -> None:
    """One row of a Markdown table."""
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    corpora = parser.parse_args().corpora
    pages = list(russian_pages(corpora))
    for name, detect in detectors().items():
        print_whole_pages(name, as_decoder(detect), [text for text, _ in pages])
    print_whole_pages("decode", ours, [text for text, _ in pages])
    decoders = {
        f"{name}, shown the words": as_decoder(detect, non_ascii_words)
        for name, detect in narrowed_detectors().items()
    }
    decoders["decode"] = ours
    print_phrases(decoders, [gold for _, gold in pages])
    print_latin(decoders, list(latin_pages(corpora)))


if __name__ == "__main__":
    main()
