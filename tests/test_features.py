"""Blocks to named numbers."""

from __future__ import annotations

import unicodedata
from typing import Any

import numpy as np
import pytest

from classifier.blocks import Block, Blocks, Document
from classifier.features import feature_names, feature_table
from classifier.features.characters import (
    BUCKET_BITS,
    WINDOW_BITS,
    find_words,
    hash_texts,
    hash_word,
    join_characters,
)
from classifier.features.layout import (
    CONTAINER_LEVELS,
    KIN_LEVELS,
    LINE_FACTS,
    LONGEST_HEADING,
    WORD_SOURCES,
    at_source,
    word_sources,
)
from classifier.html import parse_html
from classifier.text import parse_text

FEATURES = feature_names()

BREVE, DIAERESIS = "\N{COMBINING BREVE}", "\N{COMBINING DIAERESIS}"

ENGLISH = "The ferry was late again, and nobody on the pier could say why it had been held."
RUSSIAN = "Паром ещё раз опоздал, и никто на пристани не мог сказать, чей это был приказ."
MIXED = "Мой iPhone ещё жив, and the charger is in the drawer, и это не йод."
TEXTS = {"english": ENGLISH, "russian": RUSSIAN, "mixed": MIXED}
EVERY_TEXT = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)


def json_ld(text: str) -> str:
    """A script that gives the text as schema.org does."""
    return f'<script type="application/ld+json">{{"text":"{text}"}}</script>'


def html_of(text: str, menu: str = "Home") -> str:
    return (
        f"<title>{text[:30]}</title><meta name=description content='{text}'>{json_ld(text)}"
        f"<nav class=mainMenu><ul><li><a href=/>{menu}</a><li><a href=/2>{menu} 2</a></ul></nav>"
        f"<h1>{text[:25]}</h1><div class=post><p>{text}</p><p><b>{text[:9]}</b> {text} {text}</p>"
        f"<img><p>{text[:40]}</p></div><div hidden>{menu}</div><h2>{menu}</h2><p>© 2024 {text}"
    )


def page_of(text: str, menu: str = "Home") -> Document:
    return parse_html(html_of(text, menu))


PAGES = [
    page_of(ENGLISH),
    Document(Blocks.of([])),
    parse_text(f"Меню\n\n{RUSSIAN}\n\n{RUSSIAN}"),
    page_of(RUSSIAN, "Ещё"),
    parse_html(""),
    page_of(MIXED, "Мой USB"),
    parse_text(ENGLISH),
    parse_html(f"<div>{ENGLISH}<table><tr><td>ёж<td>чай</table>"),
]


def columns(document: Document) -> dict[str, list[Any]]:
    """Every feature of a page, a value a block."""
    table = feature_table([document])
    return {name: values.tolist() for name, values in zip(table.names, table.values.T)}


def html_column(html: str, name: str) -> list[Any]:
    return columns(parse_html(html))[name]


def text_column(text: str, name: str) -> list[Any]:
    return columns(parse_text(text))[name]


def test_names_are_unique() -> None:
    assert len(set(FEATURES)) == len(FEATURES)


def test_names_are_the_same_for_every_page() -> None:
    assert {feature_table([page]).names for page in PAGES} == {FEATURES}


def test_values_have_a_column_a_name() -> None:
    assert feature_table(PAGES).values.shape[1] == len(FEATURES)


def test_values_are_single_precision() -> None:
    assert feature_table(PAGES).values.dtype == np.float32


def test_batch_has_a_row_a_block() -> None:
    sizes = [len(page.blocks) for page in PAGES]
    assert np.diff(feature_table(PAGES).bounds).tolist() == sizes


@pytest.mark.parametrize("number", range(len(PAGES)))
def test_batch_gives_the_rows_of_each_page_alone(number: int) -> None:
    table = feature_table(PAGES)
    rows = table.values[table.bounds[number] : table.bounds[number + 1]]
    alone = feature_table([PAGES[number]]).values
    np.testing.assert_allclose(rows, alone, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("tokens", ["words", "element_names"])
def test_batch_gives_the_tokens_of_each_page_alone(tokens: str) -> None:
    alone = [getattr(feature_table([page]), tokens).buckets for page in PAGES]
    assert getattr(feature_table(PAGES), tokens).buckets.tolist() == np.concatenate(alone).tolist()


@EVERY_TEXT
@pytest.mark.parametrize("tokens", ["words", "element_names"])
def test_decomposed_text_gives_the_same_tokens(text: str, tokens: str) -> None:
    composed, decomposed = (
        getattr(
            feature_table([parse_html(unicodedata.normalize(form, html_of(text)))]), tokens
        ).buckets
        for form in ("NFC", "NFD")
    )
    assert composed.tolist() == decomposed.tolist()


@EVERY_TEXT
def test_decomposed_text_gives_the_same_rows(text: str) -> None:
    composed, decomposed = (
        feature_table([parse_text(unicodedata.normalize(form, f"{text}\n\n{text} {text}"))])
        for form in ("NFC", "NFD")
    )
    np.testing.assert_array_equal(composed.values, decomposed.values)


def test_decomposed_html_without_links_gives_the_same_rows() -> None:
    composed, decomposed = (
        feature_table([parse_html(unicodedata.normalize(form, f"<h1>Ёж</h1><p>{RUSSIAN}"))])
        for form in ("NFC", "NFD")
    )
    np.testing.assert_array_equal(composed.values, decomposed.values)


DECOMPOSED_LINK = f"<p><a href=/>чаи{BREVE}</a> еще{DIAERESIS} раз"


@pytest.mark.parametrize("name", ["link_density", "bold_share"])
def test_decomposed_link_gives_the_same_density(name: str) -> None:
    html = DECOMPOSED_LINK.replace("<a", "<b><a").replace("</a>", "</a></b>")
    composed = html_column(unicodedata.normalize("NFC", html), name)
    assert html_column(html, name) == composed


NO_MARKUP = (
    "links_log link_density unlinked_characters_log bold_share images_log depth hidden in_p"
    " under_article heading_rank since_top_heading before_top_heading since_heading_log"
    " page_has_heading share_in_title title_covered share_in_description description_covered"
    " share_in_structured structured_covered structured_words_log"
).split()


@EVERY_TEXT
@pytest.mark.parametrize("name", NO_MARKUP)
def test_markup_facts_are_absent_in_text(name: str, text: str) -> None:
    assert np.isnan(text_column(text, name)).all()


def test_other_facts_are_finite_in_text() -> None:
    markup = ("in_", "under_", "inline_depth")
    absent = {name for name, values in columns(PAGES[2]).items() if not np.isfinite(values).all()}
    assert {name for name in absent - set(NO_MARKUP) if not name.startswith(markup)} == set()


def test_all_facts_are_finite_in_html() -> None:
    assert np.isfinite(feature_table([PAGES[0], PAGES[3], PAGES[5]]).values).all()


HASHES = {
    "tea": 0xF6A800D2,
    "чай": 0xB9B83D73,
    "ёж": 0x799AC427,
    "iOS": 0xF855C02A,
    "x2": 0xA3C386EB,
}


@pytest.mark.parametrize(("word", "value"), HASHES.items())
def test_hash_never_changes(word: str, value: int) -> None:
    assert hash_word(word) == value


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("word", ["TEA", "Чай", "ЁЖ", "ios", "X7"])
def test_hash_knows_no_case_no_digit_and_no_form(word: str, form: str) -> None:
    assert hash_word(unicodedata.normalize(form, word)) in HASHES.values()


def test_hash_does_not_depend_on_place() -> None:
    hashes = find_words(join_characters(["ёж tea", "чай, ёж"])).hashes.tolist()
    assert hashes[0] == hashes[3] == HASHES["ёж"]


@pytest.mark.parametrize("before", [-3, -2, -1, 0, 1 << WINDOW_BITS])
def test_hash_does_not_depend_on_a_far_place(before: int) -> None:
    text = "ж" * ((1 << WINDOW_BITS) + before) + " ёж tea"
    assert find_words(join_characters([text])).hashes.tolist()[1:] == [HASHES["ёж"], HASHES["tea"]]


def test_hash_of_a_long_text_does_not_depend_on_place() -> None:
    text = "Мой ёж " * (1 << WINDOW_BITS - 2)
    hashes = hash_texts(join_characters([text, "tea", text, f"{text}!"])).tolist()
    assert (hashes[0] == hashes[2], hashes[0] == hashes[3]) == (True, False)


def test_no_hash_is_shared_by_anagrams() -> None:
    assert len({hash_word(word) for word in ("кот", "ток", "окт", "tea", "eat", "ate")}) == 6


def test_hash_of_a_text_covers_all_of_it() -> None:
    hashes = hash_texts(join_characters(["ёж и чай", "ёж и йод", "Ёж И Чай"])).tolist()
    assert (hashes[0] == hashes[2], hashes[0] == hashes[1]) == (True, False)


CAMEL_CASE = {"mainMenu": 2, "post-body_text": 3, "левоеМеню": 2, "ёж2чай": 2, "NAV": 1}


@pytest.mark.parametrize(("name", "count"), CAMEL_CASE.items())
def test_words_of_names(name: str, count: int) -> None:
    assert len(find_words(join_characters([name]), camel_case=True).starts) == count


STOP_WORDS = {
    "english": ("the tea is on the table", 4 / 6),
    "english menu": ("Home | News | Tea", 0),
    "russian": ("ещё чай и всё же йод", 4 / 6),
    "decomposed": (f"еще{DIAERESIS} чаи{BREVE} и все{DIAERESIS} же и{BREVE}од", 4 / 6),
    "russian menu": ("Главная | Чай | Ёлки", 0),
    "mixed": ("the чай и tea", 2 / 4),
    "capitals": ("ЕЩЁ THE", 1),
}


@pytest.mark.parametrize(("text", "density"), STOP_WORDS.values(), ids=STOP_WORDS)
def test_stop_word_density(text: str, density: float) -> None:
    assert text_column(text, "stop_word_density") == pytest.approx([density])


LINKS = {
    "none": ("<p>чай", 0),
    "all": ("<p><a href=/>ёж</a>", 1),
    "half": ("<p><a href=/>tea</a> ёжик", 3 / 8),
    "two": ("<p><a>ёж</a>, <a>чай</a>!", 5 / 8),
    "white space is not counted": ("<p><a>  ё \n ж </a>  и", 3 / 5),
}


@pytest.mark.parametrize(("html", "density"), LINKS.values(), ids=LINKS)
def test_link_density(html: str, density: float) -> None:
    assert html_column(html, "link_density") == pytest.approx([density])


def test_page_link_density() -> None:
    html = "<p><a href=/>чай</a><p>ещё ёж раз"
    assert html_column(html, "page_link_density") == pytest.approx([3 / 13] * 2)


FOREIGN = {
    "russian in an english page": (ENGLISH, "Главная ёлка", 0, 0.2),
    "english in a russian page": (RUSSIAN, "Log in", 0, 0.2),
    "english in an english page": (ENGLISH, "Log in", 0.99, 1),
    "russian in a russian page": (RUSSIAN, "Войти, ещё", 0.99, 1),
    "no letter": (RUSSIAN, "2024", 1, 1),
}


@pytest.mark.parametrize(("text", "short", "low", "high"), FOREIGN.values(), ids=FOREIGN)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_page_script_agreement(text: str, short: str, low: float, high: float, form: str) -> None:
    page = unicodedata.normalize(form, f"{short}\n\n{text} {text}")
    assert low <= text_column(page, "page_script_agreement")[0] <= high


def test_cyrillic_share() -> None:
    assert text_column(f"ёи{BREVE} ab", "cyrillic_share") == [0.5]


def test_copies() -> None:
    text = f"Чай 1\n\nёж\n\nЧАЙ 2\n\nЧаи{BREVE} 3"
    assert text_column(text, "copies_log") == pytest.approx(np.log([3, 1, 3, 3]))


def test_earlier_copies() -> None:
    text = "Чай 1\n\nёж\n\nЧАЙ 2\n\nЧай 3"
    assert text_column(text, "earlier_copies_log") == pytest.approx(np.log1p([0, 0, 1, 2]))


def test_copies_on_other_pages_do_not_count() -> None:
    table = feature_table([parse_text("ёж"), parse_text("ёж")])
    assert table.values[:, table.names.index("copies_log")].tolist() == [0, 0]


HEADINGS = "<p>Меню<h1>Ёж</h1><p>и<p>чай<h2>Tea</h2><p>и йод"


def test_distance_from_the_top_heading() -> None:
    distances = [-np.log(2), 0, *np.log([2, 3, 4, 5])]
    assert html_column(HEADINGS, "since_top_heading") == pytest.approx(distances)


def test_before_the_top_heading() -> None:
    assert html_column(HEADINGS, "before_top_heading") == [1, 0, 0, 0, 0, 0]


def test_distance_from_any_heading() -> None:
    distances = np.log1p([0, 0, 1, 2, 0, 1])
    assert html_column(HEADINGS, "since_heading_log") == pytest.approx(distances)


def test_distance_on_a_page_without_headings() -> None:
    assert html_column("<p>ёж<p>tea", "since_top_heading") == [0, 0]


def test_heading_of_the_page_before_does_not_count() -> None:
    table = feature_table([parse_html(HEADINGS), parse_html("<p>ёж")])
    assert table.values[-1, table.names.index("page_has_heading")] == 0


CONTAINERS = (
    "<p>Меню</p><article><section><p>Ёж</p><p>чай</p></section><p>tea</p></article><p>©</p>"
)


def container(level: int) -> list[tuple[int, int]]:
    layout = feature_table([parse_html(CONTAINERS)]).layout
    column = CONTAINER_LEVELS.index(level)
    return list(
        zip(layout.container_first[:, column].tolist(), layout.container_end[:, column].tolist())
    )


def test_own_container() -> None:
    assert container(0) == [(number, number + 1) for number in range(5)]


def test_container_above() -> None:
    assert container(1) == [(0, 5), (1, 3), (1, 3), (1, 4), (0, 5)]


def test_container_two_above() -> None:
    assert container(2) == [(0, 5), (1, 4), (1, 4), (0, 5), (0, 5)]


def test_container_of_text_is_the_page() -> None:
    layout = feature_table([parse_text("ёж\n\nчай"), parse_text("tea")]).layout
    assert layout.container_first[:, 0].tolist() == [0, 0, 2]


def lines(*texts: str) -> Document:
    """Blocks without markup."""
    return Document(Blocks.of(map(Block, texts)))


def section(*documents: Document) -> list[int]:
    rows: list[int] = feature_table(documents).layout.section.tolist()
    return rows


HTML_SECTIONS = {
    "below a heading": ("<p>Меню<h1>Ёж</h1><p>чай<p>tea", [0, 1, 1, 1]),
    "the last heading": ("<h1>Ёж</h1><p>чай<h2>Tea</h2><p>йод", [0, 0, 0, 2]),
    "of a heading the one before": ("<h1>Ёж</h1><h2>Tea</h2><p>чай", [0, 0, 1]),
    "heading with elements in it": (
        "<p>Меню<h2><a href=/><span>Ёж</span></a></h2><p>чай",
        [0, 1, 1],
    ),
    "in another container": ("<div><div><h2>Ёж</h2></div></div><div><p>чай</div>", [0, 0]),
    "long heading that ends a sentence": (f"<p>tea<h3>{RUSSIAN}</h3><p>чай", [0, 1, 1]),
    "no heading": ("<p>Ёж<p>tea<p>чай", [0, 1, 2]),
    "bold is no heading": ("<p><b>Ёж</b><p>чай", [0, 1]),
}


@pytest.mark.parametrize(("html", "rows"), HTML_SECTIONS.values(), ids=HTML_SECTIONS)
def test_section(html: str, rows: list[int]) -> None:
    assert section(parse_html(html)) == rows


@pytest.mark.parametrize("level", range(1, 7))
def test_section_of_every_level(level: int) -> None:
    html = f"<p>Меню<h{level}>Ёж</h{level}><p>чай<p>tea"
    assert section(parse_html(html)) == [0, 1, 1, 1]


TEXT_SECTIONS = {
    "english": (("Ferry late", ENGLISH, ENGLISH), [0, 0, 0]),
    "russian": (("Ещё ёж", RUSSIAN, RUSSIAN), [0, 0, 0]),
    "decomposed": ((f"Еще{DIAERESIS} чаи{BREVE}", RUSSIAN), [0, 0]),
    "mixed": (("Мой USB", MIXED), [0, 0]),
    "the last": (("Ёж", RUSSIAN, "Tea", RUSSIAN), [0, 0, 0, 2]),
    "of a heading the one before": (("Ёж", "Tea", RUSSIAN), [0, 0, 1]),
    "longest": (("ёж " * LONGEST_HEADING, RUSSIAN), [0, 0]),
    "too long": (("ёж " * (LONGEST_HEADING + 1), RUSSIAN), [0, 1]),
    "ends a sentence, english": (("Tea is hot.", ENGLISH), [0, 1]),
    "ends a sentence, russian": (("Ёж пил чай!", RUSSIAN), [0, 1]),
    "ends a sentence in quotes": (("«Ещё чай?»", RUSSIAN), [0, 1]),
    "without a word": (("* * *", RUSSIAN), [0, 1]),
    "nothing before": ((RUSSIAN, "Ёж"), [0, 1]),
}


@pytest.mark.parametrize(("texts", "rows"), TEXT_SECTIONS.values(), ids=TEXT_SECTIONS)
def test_section_without_markup(texts: tuple[str, ...], rows: list[int]) -> None:
    assert section(lines(*texts)) == rows


TWO_PAGES = {
    "html": (parse_html("<p>чай<h1>Ёж</h1>"), parse_html("<p>Меню<p>tea")),
    "text": (lines(RUSSIAN, "Ёж"), lines(RUSSIAN, RUSSIAN)),
    "html before text": (parse_html("<p>чай<h1>Ёж</h1>"), lines(RUSSIAN, RUSSIAN)),
    "text before html": (lines(RUSSIAN, "Ёж"), parse_html("<p>Меню<p>tea")),
}


@pytest.mark.parametrize("documents", TWO_PAGES.values(), ids=TWO_PAGES)
def test_section_ends_with_the_page(documents: tuple[Document, Document]) -> None:
    assert section(*documents) == [0, 1, 2, 3]


def test_short_line_of_html_is_no_heading() -> None:
    assert section(parse_html(f"<p>Ёж<p>{RUSSIAN}"), lines("Ёж", RUSSIAN)) == [0, 1, 2, 2]


SOURCES = {
    "own": [0, 1, 2, 3, 4],
    "previous": [-1, 0, 1, -1, 3],
    "next": [1, 2, -1, 4, -1],
    "section": [-1, -1, 1, -1, 3],
}


@pytest.mark.parametrize(("name", "rows"), SOURCES.items())
def test_word_source(name: str, rows: list[int]) -> None:
    pages = [parse_html("<p>Меню<h1>Ёж</h1><p>чай"), lines("Tea", RUSSIAN)]
    assert word_sources(feature_table(pages).layout)[name].tolist() == rows


def test_word_sources_are_in_order() -> None:
    assert tuple(word_sources(feature_table(PAGES).layout)) == WORD_SOURCES


@pytest.mark.parametrize("name", WORD_SOURCES)
def test_word_source_of_no_blocks(name: str) -> None:
    assert word_sources(feature_table([]).layout)[name].tolist() == []


AT_SOURCE = {
    "other rows": ([1, 2, 3], [2, 0, 0], [3, 1, 1]),
    "none": ([1, 2, 3], [-1, 0, -1], [0, 1, 0]),
    "no rows": ([], [], []),
}


@pytest.mark.parametrize(("values", "source", "found"), AT_SOURCE.values(), ids=AT_SOURCE)
def test_values_at_a_source(values: list[float], source: list[int], found: list[float]) -> None:
    assert at_source(np.array(values, float), np.array(source, np.int64)).tolist() == found


def kin(level: int, *documents: Document) -> list[int]:
    """For each block, which is the first of its kin."""
    numbers = feature_table(documents).layout.kin[:, KIN_LEVELS.index(level)].tolist()
    return [numbers.index(number) for number in numbers]


RUBLE = "₽"

LIKE_LINES = {
    "dates, english": (("May 12, 2024", "June 3, 2025"), [0, 0]),
    "dates, russian": (("12 мая 2024", "23 июня 2025"), [0, 0]),
    "dates, mixed": (("12 мая 2024", "3 June 2025"), [0, 0]),
    "dates and prices": (
        ("12 мая 2024", f"1 990 {RUBLE}", "23 июня 2025", f"12 500 {RUBLE}"),
        [0, 1, 0, 1],
    ),
    "titles": (("Ёж пил чай", "12 мая 2024", "Мой iPhone", "Tea is hot"), [0, 1, 0, 0]),
    "long and short": (("Ёж пил", RUSSIAN[:-1], "Йод и", ENGLISH[:-1]), [0, 1, 0, 1]),
}


@pytest.mark.parametrize(("texts", "groups"), LIKE_LINES.values(), ids=LIKE_LINES)
def test_lines_of_one_shape_are_kin(texts: tuple[str, ...], groups: list[int]) -> None:
    assert kin(1, lines(*texts)) == groups


SHAPES = {
    "starts_upper": ("Ёж пил", "ёж пил"),
    "starts_digit": ("2 ёжика", "ёж № 2!"),
    "starts_with_punctuation": ("«Ёж» и чай", "Ёж» и чай!"),
    "ends_sentence": ("Ёж пил.", "Ёж пил,"),
    "ends_with_colon": ("Ещё чай:", "Ещё чай,"),
    "ends_with_ellipsis": ("Ещё чай…", "Ещё чай!"),
    "digits": ("ёж и 2", "ёж и й"),
    "currency": (f"ёж и {RUBLE}", "ёж и +"),
    "questions": ("Tea? Jam!", "Tea! Jam!"),
    "at_signs": ("ёж@чай", "ёж&чай"),
    "delimiters": ("Home | Tea", "Home & Tea"),
}


@pytest.mark.parametrize("fact", LINE_FACTS)
def test_lines_that_differ_in_a_fact_are_no_kin(fact: str) -> None:
    assert kin(1, lines(*SHAPES[fact])) == [0, 1]


LIST = ["12 мая 2024", "Ёж пил чай", f"1 990 {RUBLE}"] * 3


@pytest.mark.parametrize(
    ("level", "groups"),
    [(1, [0, 1, 2, 0, 1, 2, 0, 1, 2]), (3, [0, 1, 2, 3, 1, 2, 3, 1, 8])],
)
def test_kin_in_a_list_of_three_lines_each(level: int, groups: list[int]) -> None:
    assert kin(level, lines(*LIST)) == groups


def test_lines_between_the_same_in_another_order_are_no_near_kin() -> None:
    date, title, price = LIST[:3]
    assert kin(3, lines(date, title, price, title, date)) == [0, 1, 2, 3, 4]


def test_lines_of_other_shapes_between_the_same_are_no_near_kin() -> None:
    date, title, price = LIST[:3]
    assert kin(3, lines(date, title, date, price, date))[1::2] == [1, 3]


@pytest.mark.parametrize("level", KIN_LEVELS)
def test_lines_of_two_pages_are_no_kin(level: int) -> None:
    once = kin(level, lines(*LIST))
    assert kin(level, lines(*LIST), lines(*LIST)) == once + [len(LIST) + row for row in once]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(("level", "groups"), [(1, [0, 0, 0, 0]), (3, [0, 1, 1, 3])])
@pytest.mark.parametrize("text", ["Ёж ёй", "Чей йой", f"{RUBLE} ёйё"])
def test_decomposed_lines_are_kin_of_lines_as_long(
    text: str, level: int, groups: list[int], form: str
) -> None:
    other = text.translate(str.maketrans("ёйЁ", "аоА"))
    texts = [unicodedata.normalize(form, line) for line in (text, other, text, other)]
    assert kin(level, lines(*texts)) == groups


def test_kin_of_html_are_not_told_by_shape() -> None:
    assert kin(1, parse_html(f"<p>12 мая 2024<p>Ёж пил чай<h2>{RUBLE}</h2>")) == [0, 0, 2]


@EVERY_TEXT
def test_best_container_holds_the_text(text: str) -> None:
    html = f"<nav><p>Меню<p>Home</nav><article><p>{text}<p>{text}</article><footer>ёж</footer>"
    assert html_column(html, "in_best_text") == [0, 0, 1, 1, 0]


def test_words_of_the_title() -> None:
    html = f"<title>Ёж и tea</title><p>еще{DIAERESIS} е{DIAERESIS}ж<p>TEA<p>йод"
    assert html_column(html, "share_in_title") == pytest.approx([0.5, 1, 0])


def test_title_of_another_page_does_not_count() -> None:
    table = feature_table([parse_html("<title>Ёж</title><p>чай"), parse_html("<p>ёж")])
    assert table.values[:, table.names.index("share_in_title")].tolist() == [0, 0]


STRUCTURED = {
    "share, english": (
        "share_in_structured",
        f"{json_ld('Hot tea')}<p>TEA is hot<p>jam",
        [2 / 3, 0],
    ),
    "share, russian": (
        "share_in_structured",
        f"{json_ld('Ещё чай')}<p>Ещё<p>йод и чай",
        [1, 1 / 3],
    ),
    "share, decomposed": (
        "share_in_structured",
        f"{json_ld(f'Еще{DIAERESIS} чай')}<p>ещё чаи{BREVE}<p>чаи",
        [1, 0],
    ),
    "share, mixed": ("share_in_structured", f"{json_ld('мой USB')}<p>USB-кабель", [1 / 2]),
    "share of no words": ("share_in_structured", f"{json_ld('ёж')}<p>* * *", [0]),
    "share without structured text": ("share_in_structured", "<title>Ёж</title><p>ёж", [0]),
    "covered": ("structured_covered", f"{json_ld('Ёж и мой tea')}<p>ёж и<p>йод", [1 / 2, 0]),
    "covered more than once": ("structured_covered", f"{json_ld('ёж')}<p>ёж, ЁЖ", [1]),
    "nothing to cover": ("structured_covered", "<p>ёж", [0]),
    "words": ("structured_words_log", f"{json_ld('Ёж и мой tea')}<p>ёж<p>йод", [np.log(5)] * 2),
    "no words": ("structured_words_log", "<p>ёж", [0]),
}


@pytest.mark.parametrize(("name", "html", "values"), STRUCTURED.values(), ids=STRUCTURED)
def test_structured_text(name: str, html: str, values: list[float]) -> None:
    assert html_column(html, name) == pytest.approx(values)


HIDDEN = ["<div hidden>", "<div style='display: none'>", "<div aria-hidden=true>"]


@pytest.mark.parametrize("start", HIDDEN)
def test_hidden(start: str) -> None:
    assert html_column(f"<p>ёж</p>{start}<p>чай</div>", "hidden") == [0, 1]


@pytest.mark.parametrize(
    "documents", [[], [Document(Blocks.of([]))], [parse_html(""), parse_text("")]]
)
def test_empty_documents(documents: list[Document]) -> None:
    assert feature_table(documents).values.shape == (0, len(FEATURES))


BODIES = {
    "english": ("Ferry held at the pier", "Menu of tea", ENGLISH, "Ferry"),
    "russian": ("Паром ещё на пристани", "Меню и чай", RUSSIAN, "Пристани"),
    "mixed": ("Зарядка: the charger, ящик", "Купить USB", MIXED, "Charger"),
}
EVERY_BODY = pytest.mark.parametrize(
    ("headline", "menu", "text", "teaser"), BODIES.values(), ids=BODIES
)


@EVERY_BODY
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_headline_is_best_of_what_comes_again_in_the_body(
    headline: str, menu: str, text: str, teaser: str, form: str
) -> None:
    page = unicodedata.normalize(form, "\n\n".join([menu, headline, text, text, menu]))
    assert text_column(page, "in_body_against_best") == [0, 1, 0, 0, 0]


@EVERY_BODY
def test_words_of_another_story_are_not_in_the_body(
    headline: str, menu: str, text: str, teaser: str
) -> None:
    links = f"<a href=/>{menu} {menu} {menu}</a>" * 9
    story = f"<p>{text}</p>" * 9
    other = "Мебель, стулья, столы, шкафы, полки, кресла, ковры и лампы: всё за полцены у нас."
    page = f"<p>{other}<p>{links}<p>Мебель<p>{headline}{story}"
    shares = html_column(page, "share_in_body")
    assert (shares[2] == 0, shares[3] > 0) == (True, True)


@EVERY_BODY
def test_words_of_another_story_are_in_sentences(
    headline: str, menu: str, text: str, teaser: str
) -> None:
    page = f"<p>{text}<p>{'<a href=/>ёж ' * 9}<p>{teaser}" + f"<p>{headline}. {menu}" * 3
    assert html_column(page, "share_in_sentences")[2] == 1


@EVERY_BODY
def test_caption_stands_in_its_credit(headline: str, menu: str, text: str, teaser: str) -> None:
    page = f"{menu}\n\n{headline}\n\n© {headline} 2024\n\n{text}"
    assert text_column(page, "share_in_next")[1] == 1


@EVERY_BODY
def test_overlap_with_the_block_before(headline: str, menu: str, text: str, teaser: str) -> None:
    page = f"{headline}\n\n{headline} © 2024\n\n{menu}\n\n{text}"
    assert np.allclose(text_column(page, "share_in_previous")[:1], 0)
    assert text_column(page, "share_in_previous")[1] > 0.5


def test_overlap_ends_with_the_page() -> None:
    table = feature_table([parse_text("Ёж"), parse_text("Ёж")])
    assert table.values[:, table.names.index("share_in_next")].tolist() == [0, 0]


@EVERY_BODY
def test_words_of_the_frame(headline: str, menu: str, text: str, teaser: str) -> None:
    page = f"Вестник\n\n{headline}\n\nАрхив. Вестник\n\n{text}\n\n{text}"
    assert text_column(page, "share_in_frame") == [1, 0, 0.5, 0, 0]


def test_columns_of_weights_score_as_each_alone() -> None:
    words = feature_table([parse_html("<p>Ёж и чай, tea for two.<p>Й<p>...")]).words
    weights = np.random.default_rng(0).random((1 << BUCKET_BITS, 3), np.float32)
    alone = [words.score(column).tolist() for column in weights.T]
    assert words.score(weights).T.tolist() == alone
