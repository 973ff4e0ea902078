"""The way of a page from bytes to labels."""

from __future__ import annotations

import bz2
import itertools
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import classifier as package
from classifier import (
    Classifier,
    ClassifierError,
    InvalidInput,
    Label,
    NotAPage,
    Page,
    Source,
    UnknownEncoding,
)
from classifier import classify as rooms
from classifier.classify import PAGES_PER_CHUNK
from classifier.model import MODEL_NAME

TEXTS = {
    "english": "The ferry was late again, and nobody on the pier could say why it had been held.",
    "russian": "Паром ещё раз опоздал, и никто на пристани не мог сказать, чей это был приказ.",
    "mixed": "Мой iPhone ещё жив, and the charger is in the drawer, и это не йод.",
}
TEXTS["decomposed"] = unicodedata.normalize("NFD", TEXTS["russian"])
EVERY_TEXT = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)


def html_of(text: str) -> str:
    menu = "".join(f"<li><a href=/{word}>{word}</a>" for word in ("Home", "Ещё", "Мой USB"))
    return f"<title>Ёж</title><ul class=menu>{menu}</ul><h1>{text[:25]}</h1><p>{text * 4}<p>{text}"


PAGES = [html_of(text) for text in TEXTS.values()]


def answer(page: Page | ClassifierError) -> list[tuple[str, str, float]]:
    assert isinstance(page, Page)
    return [(block.text, str(block.label), block.probability) for block in page.blocks]


def texts(page: Page) -> list[str]:
    return [block.text for block in page.blocks]


@EVERY_TEXT
def test_bytes_and_text_give_the_same(classifier: Classifier, text: str) -> None:
    html = html_of(text)
    assert answer(classifier.classify_html(html.encode())) == answer(classifier.classify_html(html))


@EVERY_TEXT
@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_text_mode_takes_bytes(classifier: Classifier, text: str, kind: type) -> None:
    found = classifier.classify_text(kind(text.encode()))
    assert answer(found) == answer(classifier.classify_text(text))


def test_encoding_of_text_is_none(classifier: Classifier) -> None:
    assert classifier.classify_html("<p>ёж").encoding is None


ENCODINGS = {
    "cp1251": ("ещё йод", "windows-1251", "windows-1251"),
    "koi8": ("ещё йод", "koi8-r", "koi8-r"),
    "latin": ("café", "iso-8859-1", "windows-1252"),
}


@pytest.mark.parametrize(("text", "encoding", "name"), ENCODINGS.values(), ids=ENCODINGS)
@pytest.mark.parametrize("mode", ["classify_html", "classify_text"])
def test_encoding_of_the_caller(
    classifier: Classifier, mode: str, text: str, encoding: str, name: str
) -> None:
    raw = f"<p>{text}" if mode == "classify_html" else text
    page = getattr(classifier, mode)(raw.encode(encoding), encoding=encoding)
    assert (texts(page), page.encoding) == ([text], name)


@pytest.mark.parametrize("encoding", ["ёж-8", "utf-9"])
def test_unknown_encoding(classifier: Classifier, encoding: str) -> None:
    with pytest.raises(UnknownEncoding):
        classifier.classify_html(b"<p>tea", encoding=encoding)


NOT_PAGES = {
    "a PDF": b"%PDF-1.7\n",
    "PNG": b"\x89PNG\r\n\x1a\n",
    "JPEG": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
    "GIF": b"GIF89a\x01\x00\x01\x00\x80\x00\x00",
    "RIFF": b"RIFF\x24\x00\x00\x00WEBPVP8 ",
    "zip": b"PK\x03\x04\x14\x00",
    "gzip": b"\x1f\x8b\x08\x00",
    "bzip2": bz2.compress("ёж".encode()),
    "zstd": b"\x28\xb5\x2f\xfd\x00",
}


@pytest.mark.parametrize(("kind", "raw"), NOT_PAGES.items(), ids=NOT_PAGES)
@pytest.mark.parametrize("mode", ["classify_html", "classify_text"])
def test_not_a_page(classifier: Classifier, mode: str, kind: str, raw: bytes) -> None:
    with pytest.raises(NotAPage, match=kind):
        getattr(classifier, mode)(raw)


@pytest.mark.parametrize(
    "text", ["RIFFLE LAKE REOPENS", "GIF89a — это формат, а не ёж", "BZh — это не слово"]
)
def test_text_that_begins_like_another_file(classifier: Classifier, text: str) -> None:
    assert texts(classifier.classify_text(text.encode())) == [text]


@pytest.mark.parametrize("raw", [None, 7, ["<p>ёж"], object()])
@pytest.mark.parametrize("mode", ["classify_html", "classify_text"])
def test_invalid_input(classifier: Classifier, mode: str, raw: Any) -> None:
    with pytest.raises(InvalidInput, match=type(raw).__name__):
        getattr(classifier, mode)(raw)


@pytest.mark.parametrize("raw", ["", b"", " \n", "<html></html>", "<!-- ёж -->", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("mode", ["classify_html", "classify_text"])
def test_empty_page(classifier: Classifier, mode: str, raw: bytes | str) -> None:
    page = getattr(classifier, mode)(raw)
    if mode == "classify_html" or not page.blocks:
        assert (page.blocks, page.content) == ((), "")
    else:
        assert texts(page) == [raw]


@EVERY_TEXT
def test_html_without_a_tag_is_text(classifier: Classifier, text: str) -> None:
    page = classifier.classify_html(f"3 < 5 & ёж\n\n{text}")
    assert (page.mode, answer(page)) == (
        "text",
        answer(classifier.classify_text(f"3 < 5 & ёж\n\n{text}")),
    )


@pytest.mark.parametrize("tag", ["<p>", "<!doctype html>", "</p>", "<BR>", "<?xml?>"])
def test_one_tag_makes_html(classifier: Classifier, tag: str) -> None:
    assert classifier.classify_html(f"ёж{tag}").mode == "html"


def test_tags_in_text_are_text(classifier: Classifier) -> None:
    assert texts(classifier.classify_text("<p>ёж</p>")) == ["<p>ёж</p>"]


URLS = {
    "english": ("https://gazette.example/2024/ferry-line.html?id=tea", "ferry line html"),
    "russian": ("https://ёж.example/новости/паром-ещё-стоит", "паром ещё стоит"),
    "escaped": ("https://tea.example/%D1%91%D0%B6%D0%B8%D0%BA-tea/", "ёжик tea"),
    "no path": ("https://tea.example", ""),
}


@pytest.mark.parametrize(("url", "title"), URLS.values(), ids=URLS)
def test_words_of_the_address_stand_in_for_the_title(
    classifier: Classifier, url: str, title: str
) -> None:
    assert classifier.classify_html("<p>чай", url=url).document.title == title


def test_title_goes_before_the_address(classifier: Classifier) -> None:
    page = classifier.classify_html("<title>Ёж</title><p>чай", url="https://tea.example/ferry")
    assert page.document.title == "Ёж"


@pytest.mark.parametrize("url", ["http://[ёж/чай", "http://[tea]/"])
def test_address_that_is_none(classifier: Classifier, url: str) -> None:
    assert texts(classifier.classify_html("<p>чай", url=url)) == ["чай"]


@pytest.mark.parametrize("html", PAGES, ids=TEXTS)
def test_threshold_0_keeps_all(classifier: Classifier, html: str) -> None:
    page = classifier.classify_html(html, threshold=0)
    assert {block.label for block in page.blocks} == {Label.CONTENT}


@pytest.mark.parametrize("html", PAGES, ids=TEXTS)
def test_threshold_1_keeps_only_what_is_certain(classifier: Classifier, html: str) -> None:
    page = classifier.classify_html(html, threshold=1)
    assert all(block.probability == 1 for block in page.blocks if block.label == "content")


@pytest.mark.parametrize("mode", ["html", "text"])
@EVERY_TEXT
def test_precision_within_default_within_recall(
    classifier: Classifier, mode: str, text: str
) -> None:
    def kept(favor: Any) -> set[int]:
        raw = html_of(text) if mode == "html" else f"Меню\n\nHome\n\n{text * 3}\n\n{text}"
        page = getattr(classifier, f"classify_{mode}")(raw, favor=favor)
        return {number for number, block in enumerate(page.blocks) if block.label is Label.CONTENT}

    assert kept("precision") <= kept(None) <= kept("recall")


def test_threshold_goes_before_favor(classifier: Classifier) -> None:
    page = classifier.classify_html(PAGES[0], favor="precision", threshold=0.31)
    assert page.threshold == 0.31


def test_threshold_of_the_classifier(classifier: Classifier) -> None:
    own = Classifier(classifier.model, threshold=0.31)
    assert own.classify_html(PAGES[0]).threshold == 0.31


def test_threshold_of_the_call_overrides(classifier: Classifier) -> None:
    own = Classifier(classifier.model, threshold=0.31)
    assert own.classify_html(PAGES[0], threshold=0).threshold == 0


def test_block_at_the_threshold_is_kept(classifier: Classifier) -> None:
    first = classifier.classify_html(PAGES[0]).blocks[0].probability
    assert classifier.classify_html(PAGES[0], threshold=first).blocks[0].label is Label.CONTENT


def test_language_is_that_of_the_kept_text(classifier: Classifier) -> None:
    assert classifier.classify_html(PAGES[1], threshold=0).language == "ru"


def test_threads_give_equal_answers(classifier: Classifier) -> None:
    pages = PAGES * 10
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(classifier.classify_html, pages))
    assert [answer(page) for page in found] == [
        answer(classifier.classify_html(page)) for page in pages
    ]


def numbered() -> Iterator[str]:
    """Pages without end."""
    return (f"<p>ёж {number}" for number in itertools.count())


def test_many_keep_their_order(classifier: Classifier) -> None:
    found = classifier.classify_many(itertools.islice(numbered(), 3 * PAGES_PER_CHUNK + 1))
    assert [answer(page)[0][0] for page in found] == [
        f"ёж {number}" for number in range(3 * PAGES_PER_CHUNK + 1)
    ]


def test_many_are_lazy(classifier: Classifier) -> None:
    found = classifier.classify_many(numbered())
    assert [answer(page)[0][0] for page in itertools.islice(found, 2)] == ["ёж 0", "ёж 1"]


def test_many_read_no_more_than_a_chunk_ahead(classifier: Classifier) -> None:
    source = numbered()
    next(iter(classifier.classify_many(source)))
    assert next(source) == f"<p>ёж {PAGES_PER_CHUNK}"


def test_many_of_none(classifier: Classifier) -> None:
    assert list(classifier.classify_many([])) == []


@pytest.mark.parametrize("mode", ["html", "text"])
def test_many_are_as_one(classifier: Classifier, mode: Any) -> None:
    pages = [*PAGES, "", "ёж"]
    one = getattr(classifier, f"classify_{mode}")
    for found, page in zip(classifier.classify_many(pages, mode=mode), pages):
        expected = answer(one(page))
        assert [block[:2] for block in answer(found)] == [block[:2] for block in expected]
        assert [block[2] for block in answer(found)] == pytest.approx(
            [block[2] for block in expected], abs=1e-4
        )


def test_many_in_two_processes(classifier: Classifier) -> None:
    pages = PAGES * 12
    alone = [answer(page) for page in classifier.classify_many(pages)]
    assert [answer(page) for page in classifier.classify_many(pages, n_jobs=2)] == alone


BAD = [PAGES[0], b"%PDF-1.7", PAGES[1], None, Source(b"<p>tea", "ёж-8"), PAGES[2]]


def test_errors_are_returned_in_their_place(classifier: Classifier) -> None:
    pages: Any = BAD
    kinds = [type(page) for page in classifier.classify_many(pages, on_error="return")]
    assert kinds == [Page, NotAPage, Page, InvalidInput, UnknownEncoding, Page]


def test_pages_beside_errors_are_right(classifier: Classifier) -> None:
    pages: Any = BAD
    *_, last = classifier.classify_many(pages, on_error="return")
    assert [block[0] for block in answer(last)] == texts(classifier.classify_html(PAGES[2]))


def test_error_is_raised_after_the_pages_before_it(classifier: Classifier) -> None:
    pages: Any = BAD
    found = classifier.classify_many(pages)
    next(found)
    with pytest.raises(NotAPage):
        next(found)


@pytest.mark.parametrize("options", [{"mode": "pdf"}, {"on_error": "ignore"}])
def test_option_that_there_is_not(classifier: Classifier, options: Any) -> None:
    with pytest.raises(InvalidInput, match="must be"):
        classifier.classify_many([], **options)


def test_source_gives_encoding(classifier: Classifier) -> None:
    source = Source("<p>ещё йод".encode("koi8-r"), "koi8-r")
    assert [block[0] for block in answer(next(classifier.classify_many([source])))] == ["ещё йод"]


def test_source_gives_address(classifier: Classifier) -> None:
    (page,) = classifier.classify_many([Source("<p>чай", url="https://ёж.example/мой-чай")])
    assert isinstance(page, Page)
    assert page.document.title == "мой чай"


ONE_PAGE = ["<p>ёж", "", "<p>ёж".encode(), b"", bytearray(b"<p>tea"), memoryview(b"<p>tea")]


@pytest.mark.parametrize("page", [*ONE_PAGE, Source("<p>ёж")])
def test_one_page_is_not_many(classifier: Classifier, page: Any) -> None:
    with pytest.raises(InvalidInput, match="one page"):
        classifier.classify_many(page)


@pytest.mark.parametrize(
    ("pages", "named"),
    [({"https://ёж.example": "<p>ёж"}, "mapping"), (None, "NoneType"), (5, "int")],
)
def test_what_is_not_many(classifier: Classifier, pages: Any, named: str) -> None:
    with pytest.raises(InvalidInput, match=f"iterable of pages, got (a )?{named}"):
        classifier.classify_many(pages)


def test_many_in_no_process(classifier: Classifier) -> None:
    with pytest.raises(InvalidInput, match="n_jobs must not be 0"):
        classifier.classify_many(PAGES, n_jobs=0)


@pytest.mark.parametrize("n_jobs", ["2", 1.0, None, True, [2]])
def test_processes_that_are_no_number(classifier: Classifier, n_jobs: Any) -> None:
    with pytest.raises(InvalidInput, match="n_jobs must be a whole number"):
        classifier.classify_many(PAGES, n_jobs=n_jobs)


def test_numbers_may_be_of_numpy(classifier: Classifier) -> None:
    limited = Classifier(classifier.model, max_size=np.int64(9))
    found = limited.classify_many(["<p>ёж"], n_jobs=np.int64(1))
    assert [answer(page)[0][0] for page in found] == ["ёж"]


@pytest.mark.parametrize("path", ["ёж.model", Path("ёж.model")])
def test_path_is_no_model(path: Any) -> None:
    with pytest.raises(InvalidInput, match=r"Classifier\.load"):
        Classifier(path)


# What is given as a page


def released() -> memoryview:
    view = memoryview(b"<p>tea")
    view.release()
    return view


class Held(str):
    """A text that cannot leave the process, as that of a parsed page."""

    def __reduce__(self) -> tuple[Any, ...]:
        raise AssertionError("no page of another kind goes to a process")


class Bytes(bytearray):
    __reduce__ = Held.__reduce__


NO_PAGES = {
    "nothing": (None, "NoneType"),
    "number": (5, "int"),
    "list": (["<p>ёж"], "list"),
    "pair": (("<p>ёж", "utf-8"), "tuple"),
    "released bytes": (released(), "released"),
    "source of nothing": (Source(None), "NoneType"),
    "source of a source": (Source(Source("<p>ёж")), "Source"),
    "encoding that is no text": (Source(b"<p>tea", 5), "encoding.* int"),
    "encoding as bytes": (Source("чай", b"utf-8"), "encoding.* bytes"),
    "address that is no text": (Source("<p>ёж", url=5), "url.* int"),
    "what cannot leave the process": (lambda: 5, "function"),
}
EVERY_NO_PAGE = pytest.mark.parametrize(("page", "named"), NO_PAGES.values(), ids=NO_PAGES)


@EVERY_NO_PAGE
def test_what_is_no_page(classifier: Classifier, page: Any, named: str) -> None:
    given = page if isinstance(page, Source) else Source(page)
    with pytest.raises(InvalidInput, match=named):
        classifier.classify_html(given.raw, encoding=given.encoding, url=given.url)


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_what_is_no_page_among_many(classifier: Classifier, n_jobs: int) -> None:
    pages = [item for page, _ in NO_PAGES.values() for item in (page, "<p>ёж")]
    found = classifier.classify_many(pages, n_jobs=n_jobs, on_error="return")
    kinds = [InvalidInput, Page] * len(NO_PAGES)
    assert [type(page) for page in found] == kinds


PLAIN_PAGES = {
    "text that holds more": Held("<p>Мой ёж"),
    "hints that hold more": Source("<p>Мой ёж", Held("utf-8"), Held("https://ёж.example")),
    "bytes that change": Bytes("<p>Мой ёж".encode()),
    "bytes of another": memoryview("<p>Мой ёж".encode()),
    "every second byte": memoryview("<p>Мой ёж".encode("utf-16le"))[::2],
}


@pytest.mark.parametrize("page", PLAIN_PAGES.values(), ids=PLAIN_PAGES)
def test_pages_go_to_processes_as_plain_text_or_bytes(classifier: Classifier, page: Any) -> None:
    (found,) = classifier.classify_many([page], n_jobs=2)
    assert len(answer(found)) == 1


def test_plain_bytes_are_not_copied() -> None:
    page = "<p>Мой ёж".encode()
    assert rooms._checked(page, len(page)).raw is page


def test_page_may_change_as_soon_as_it_is_read(classifier: Classifier) -> None:
    page = bytearray(b"<p>Tea")

    def given() -> Iterator[bytearray]:
        yield page
        page[3:] = "Ёж".encode()
        yield page

    found = classifier.classify_many(given())
    assert [answer(page)[0][0] for page in found] == ["Tea", "Ёж"]


def broken() -> Iterator[str]:
    yield from (f"<p>ёж {number}" for number in range(40))
    raise ConnectionError("чай остыл")


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_error_of_the_iterable_comes_after_its_pages(classifier: Classifier, n_jobs: int) -> None:
    found = classifier.classify_many(broken(), n_jobs=n_jobs)
    assert [answer(next(found))[0][0] for _ in range(40)] == [f"ёж {n}" for n in range(40)]
    with pytest.raises(ConnectionError, match="чай остыл"):
        next(found)


# The packaged model: pages where it is obvious what is what.

needs_packaged_model = pytest.mark.skipif(
    not (resources.files("classifier") / "model" / MODEL_NAME).is_file(),
    reason="the model is not built yet",
)

ENGLISH_PARAGRAPHS = [
    "The last ferry across Pellow Sound left at nine on Tuesday evening with eleven passengers, a "
    "piano and a goat, and it has not been seen at its winter berth since, the harbour says.",
    "Captain Maud Trevanion, who has run the crossing for thirty-one years, told the council in "
    "March that the engine would not survive another season. The council asked for a second "
    "opinion, which arrived in June and agreed with her.",
    "Nobody is missing: all eleven passengers walked ashore on the far side and took the bus home. "
    "What is missing is the boat, and with it the only way to carry sheep to the island before the "
    "autumn sales, as the farmers were quick to point out.",
]
RUSSIAN_PARAGRAPHS = [
    "Последний паром через Тихую протоку ушёл во вторник в девять вечера с одиннадцатью "
    "пассажирами, пианино и козой на борту, и с тех пор, как сообщили в порту, у зимнего причала "
    "его никто не видел.",
    "Капитан Мария Ёлкина, которая водит паром уже тридцать один год, ещё в марте говорила на "
    "совете, что двигатель не переживёт новый сезон. Совет попросил второе заключение: оно "
    "пришло в июне и подтвердило её слова.",
    "Никто не пропал: все одиннадцать пассажиров сошли на берег и уехали домой на автобусе. "
    "Пропал сам паром, а вместе с ним и единственная возможность перевезти овец на остров до "
    "осенней ярмарки, о чём фермеры не замедлили напомнить.",
]
ENGLISH_NOISE = (
    ["Home", "News", "Sport", "Weather", "Log in", "Subscribe"],
    ["About us", "Contact us", "Privacy policy", "Terms of use", "© 2024 The Pellow Gazette"],
)
RUSSIAN_NOISE = (
    ["Главная", "Новости", "Спорт", "Погода", "Войти", "Подписаться"],
    ["О нас", "Контакты", "Политика конфиденциальности", "Реклама", "© 2024 Тихий вестник"],
)
WHOLE_PAGES = {
    "english": (ENGLISH_PARAGRAPHS, ENGLISH_NOISE),
    "russian": (RUSSIAN_PARAGRAPHS, RUSSIAN_NOISE),
    "english on a russian site": (ENGLISH_PARAGRAPHS, RUSSIAN_NOISE),
    "both": ([*RUSSIAN_PARAGRAPHS[:2], ENGLISH_PARAGRAPHS[2]], RUSSIAN_NOISE),
}
EVERY_WHOLE_PAGE = pytest.mark.parametrize(
    ("paragraphs", "noise"), WHOLE_PAGES.values(), ids=WHOLE_PAGES
)
EVERY_FORM = pytest.mark.parametrize("form", ["NFC", "NFD"])

Noise = tuple[list[str], list[str]]


def whole_html(paragraphs: list[str], noise: Noise) -> str:
    menu, footer = (
        "".join(f'<li><a href="/{number}">{line}</a></li>' for number, line in enumerate(lines))
        for lines in noise
    )
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<!doctype html><html><head><title>Pellow</title></head><body>"
        f'<nav class="menu"><ul>{menu}</ul></nav><article class="post">{text}</article>'
        f'<footer class="footer"><ul>{footer}</ul></footer></body></html>'
    )


@needs_packaged_model
@EVERY_FORM
@EVERY_WHOLE_PAGE
def test_whole_html_page(paragraphs: list[str], noise: Noise, form: str) -> None:
    html = unicodedata.normalize(form, whole_html(paragraphs, noise))
    assert package.classify_html(html).content == unicodedata.normalize(form, "\n".join(paragraphs))


def kept_of_text(paragraphs: list[str], noise: Noise, form: str) -> list[str]:
    menu, footer = noise
    text = unicodedata.normalize(form, "\n".join([*menu, *paragraphs, *footer]))
    return unicodedata.normalize("NFC", package.classify_text(text).content).split("\n")


@needs_packaged_model
@EVERY_FORM
@EVERY_WHOLE_PAGE
def test_text_keeps_every_paragraph(paragraphs: list[str], noise: Noise, form: str) -> None:
    assert set(paragraphs) <= set(kept_of_text(paragraphs, noise, form))


@needs_packaged_model
@EVERY_FORM
@EVERY_WHOLE_PAGE
def test_text_loses_its_footer(paragraphs: list[str], noise: Noise, form: str) -> None:
    assert not set(noise[1]) & set(kept_of_text(paragraphs, noise, form))


@needs_packaged_model
@EVERY_FORM
@EVERY_WHOLE_PAGE
def test_text_loses_its_menu(paragraphs: list[str], noise: Noise, form: str) -> None:
    assert not set(noise[0]) & set(kept_of_text(paragraphs, noise, form))


@needs_packaged_model
def test_packaged_model_in_many() -> None:
    pages = [whole_html(*page) for page in WHOLE_PAGES.values()]
    assert [page.language for page in package.classify_many(pages) if isinstance(page, Page)] == [
        "en",
        "ru",
        "en",
        "mixed",
    ]
