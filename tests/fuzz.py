"""Coverage-guided fuzzing of the whole way from bytes to labels, outside of CI.

    pip install atheris .
    python tests/fuzz.py -max_total_time=600 -timeout=60 -rss_limit_mb=4000 CORPUS_FOLDER

Options are libFuzzer's. The first byte of an input chooses the mode and what is said of the
encoding, the others are the page. What it finds becomes a case of `test_hostile.py`.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["classifier", "webencodings"]):
    from classifier import Classifier, ClassifierError, Page
    from classifier.html import parse_html
    from classifier.text import parse_text

ENCODINGS = (None, None, *"utf-8 cp1251 koi8-r utf-16le gbk shift_jis x-user-defined".split())
CLASSIFIER = Classifier(max_size=1_000_000)


def check(page: Page) -> None:
    """Raise `AssertionError` where an answer breaks what is promised of every answer."""
    end = 0
    for block in page.blocks:
        assert block.text, "a block without text"
        assert 0 <= block.probability <= 1, "a probability that is none"
        assert (block.span is None) == (page.mode == "html")
        if block.span is not None:
            assert end <= block.span[0] < block.span[1], "blocks that overlap"
            end = block.span[1]
    page.to_dict()


def fuzz_page(data: bytes) -> None:
    """One input: an answer, or an error that is documented."""
    choice, raw = data[:1], data[1:]
    encoding = ENCODINGS[choice[0] % len(ENCODINGS)] if choice else None
    classify = CLASSIFIER.classify_text if choice > b"\x7f" else CLASSIFIER.classify_html
    try:
        page = classify(raw, encoding=encoding)
    except ClassifierError:
        return
    check(page)
    text = raw.decode("utf-8", "surrogateescape")
    parse = parse_text if page.mode == "text" else parse_html
    assert parse(text) == parse(text), "two answers to one page"


if __name__ == "__main__":
    atheris.Setup(sys.argv, fuzz_page)
    atheris.Fuzz()
