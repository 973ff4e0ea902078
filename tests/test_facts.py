"""What is counted of a block, and the elements above it as numbers."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from classifier.blocks import Block, Blocks, Document, Markup, shared_depth
from classifier.features.characters import BUCKET_BITS, hash_word
from classifier.features.facts import LONGEST_DECLARED, Facts, is_among, make_facts, on_page
from classifier.features.tree import CONTAINER_TAGS, Tree, hash_tags
from classifier.html import parse_html
from classifier.text import parse_text

BREVE, DIAERESIS = "\N{COMBINING BREVE}", "\N{COMBINING DIAERESIS}"
STRESS = "\N{COMBINING ACUTE ACCENT}"
DASH = "\N{EM DASH}"
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

ENGLISH = "The café on the pier, say two of its guests, has no tea: “Come back in May!”"
RUSSIAN = "Ещё ёж пил чай, а йода не было: «Приходите в мае!» (Так говорят.)"
MIXED = "Мой USB-кабель ещё жив, and the naïve charger is in the drawer; 2 йода?"
TEXTS = {"english": ENGLISH, "russian": RUSSIAN, "mixed": MIXED}
EVERY_TEXT = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)


def facts_of(*texts: str) -> Facts:
    """The facts of blocks without markup, on one page."""
    return make_facts([Document(Blocks.of(map(Block, texts)))])


def html_facts(*pages: str) -> Facts:
    return make_facts([parse_html(page) for page in pages])


def tree_of(html: str) -> Tree:
    return html_facts(html).tree


TEXT_FACTS = {
    "characters, mixed": ("characters", "Ёж, tea", 7),
    "characters, decomposed": ("characters", f"е{DIAERESIS}ж, чаи{BREVE}", 7),
    "characters, none": ("characters", "", 0),
    "letters, english": ("letters", "Two cafés: 2!", 8),
    "letters, russian": ("letters", "Ёж, 2 йода!", 6),
    "letters, decomposed": ("letters", f"Е{DIAERESIS}ж, 2 и{BREVE}ода!", 6),
    "upper, english": ("upper", "USB and iOS", 5),
    "upper, russian": ("upper", "Ёж и ЙОД", 4),
    "upper, decomposed": ("upper", f"Е{DIAERESIS}ж и И{BREVE}ОД", 4),
    "cyrillic, mixed": ("cyrillic", "Ёж and йод", 5),
    "cyrillic, decomposed": ("cyrillic", f"е{DIAERESIS}ж and и{BREVE}од", 5),
    "cyrillic, english": ("cyrillic", "Oxo", 0),
    "latin, mixed": ("latin", "ёж and tea", 6),
    "latin, accents": ("latin", "naïve café", 9),
    "latin, russian": ("latin", "сор", 0),
    "digits, english": ("digits", "May 2, 2024", 5),
    "digits, russian": ("digits", "2 мая 2024 года", 5),
    "punctuation, english": ("punctuation", "“Tea, please!”", 4),
    "punctuation, russian": ("punctuation", f"{DASH} Да, «ёж»!", 5),
    "symbols, english": ("symbols", "2 + 2 = 4, for $5", 3),
    "symbols, russian": ("symbols", "2 + 2 за 5 \N{RUBLE SIGN}", 2),
    "commas, english": ("commas", "tea, milk; jam.", 2),
    "commas, russian": ("commas", "чай, йод; ёж.", 2),
    "delimiters, english": ("delimiters", "Home > News / Tea | Log in", 3),
    "delimiters, russian": (
        "delimiters",
        "Главная \N{RIGHTWARDS ARROW} Ёж \N{BULLET} Чай \N{MIDDLE DOT} Йод",
        3,
    ),
    "quotes, english": ("quotes", '“tea” and "jam" and it\'s', 4),
    "quotes, russian": ("quotes", "«ёж» и \N{DOUBLE LOW-9 QUOTATION MARK}чай“", 4),
    "currency, english": ("currency", "$5 + \N{POUND SIGN}2", 2),
    "currency, russian": ("currency", "5 \N{RUBLE SIGN} + 2 \N{EURO SIGN}", 2),
    "questions, english": ("questions", "Tea? Jam?!", 2),
    "questions, russian": ("questions", "Ёж? Чай?!", 2),
    "exclamations, english": ("exclamations", "Tea! Jam?!", 2),
    "exclamations, russian": ("exclamations", "Ёж! Чай?!", 2),
    "copyright": ("copyright_signs", "\N{COPYRIGHT SIGN} 2024 Ёж, \N{REGISTERED SIGN} Tea", 1),
    "brackets, english": ("brackets", "Tea (12) (3)", 2),
    "brackets, russian": ("brackets", "Чай (12) (ёж", 2),
    "colons, english": ("colons", "Tea: at 10:30", 2),
    "colons, russian": ("colons", "Ёж: в 10:30", 2),
    "at signs, mixed": ("at_signs", "ёж@чай.example, tea@jam.example", 2),
    "line feeds, english": ("line_feeds", "tea\njam\n\npie", 3),
    "line feeds, russian": ("line_feeds", "ёж\nчай", 1),
    "ends with a colon, english": ("ends_with_colon", "Read more:", 1),
    "ends with a colon, russian": ("ends_with_colon", "Ещё:", 1),
    "ends after a colon": ("ends_with_colon", "Ещё: чай", 0),
    "ends with an ellipsis, english": ("ends_with_ellipsis", f"More{ELLIPSIS}", 1),
    "ends with an ellipsis, russian": ("ends_with_ellipsis", f"Ещё{ELLIPSIS}", 1),
    "ends after an ellipsis": ("ends_with_ellipsis", f"Ещё{ELLIPSIS} чай", 0),
    "starts upper, english": ("starts_upper", "Tea is", 1),
    "starts upper, russian": ("starts_upper", "Йод", 1),
    "starts upper, decomposed": ("starts_upper", f"Е{DIAERESIS}ж", 1),
    "starts lower, english": ("starts_upper", "the Tea", 0),
    "starts lower, decomposed": ("starts_upper", f"и{BREVE}ОД", 0),
    "starts with a digit, english": ("starts_digit", "2 cups", 1),
    "starts with a digit, russian": ("starts_digit", "2 ёлки", 1),
    "starts before a digit": ("starts_digit", "Ёлки 2", 0),
    "starts with a dash": ("starts_with_punctuation", f"{DASH} Ёж", 1),
    "starts with a symbol": ("starts_with_punctuation", "+ Tea", 1),
    "starts before a dash": ("starts_with_punctuation", f"Ёж {DASH}", 0),
    "sentence ends, english": ("sentence_ends", "Tea is hot. Wait! Why?", 3),
    "sentence ends, russian": ("sentence_ends", f"Ёж пил чай. Ещё{ELLIPSIS} И йод?", 3),
    "sentence ends before a closing mark": ("sentence_ends", "«Ёж пьёт!» сказал он", 1),
    "sentence ends of several marks": ("sentence_ends", "Ёж... пил?!", 2),
    "sentence ends, none in names and numbers": ("sentence_ends", "чай.рф и 17.4 at a.example", 0),
    "ends a sentence, english": ("ends_sentence", "Tea is hot.", 1),
    "ends a sentence, russian": ("ends_sentence", "Ёж пьёт чай!", 1),
    "ends a sentence in quotes": ("ends_sentence", "«Ёж пьёт чай.»", 1),
    "ends no sentence, english": ("ends_sentence", "Tea. Jam", 0),
    "ends no sentence in quotes": ("ends_sentence", "Отель «Ёж»", 0),
    "words, english": ("words", "It's a café, e-mail", 6),
    "words, russian": ("words", "Ёлка, 2 шт.", 3),
    "words, decomposed": ("words", f"Чаи{BREVE} и е{DIAERESIS}ж", 3),
    "words, mixed": ("words", "USB-кабель для iPhone_2", 4),
    "words, stress mark": ("words", f"за{STRESS}мок", 1),
    "words, none": ("words", f"* * {DASH} |", 0),
    "word characters, english": ("word_characters", "Tea, jam!", 6),
    "word characters, russian": ("word_characters", "Ёж, чай!", 5),
    "word characters, decomposed": ("word_characters", f"Е{DIAERESIS}ж, чаи{BREVE}!", 5),
    "capitalised, english": ("capitalised_words", "Tea at Jam inn, iOS", 2),
    "capitalised, russian": ("capitalised_words", "Ёж и Йод, мИр", 2),
    "capitalised, decomposed": ("capitalised_words", f"Е{DIAERESIS}ж и И{BREVE}од", 2),
    "numeric, english": ("numeric_words", "May 17th, 2024, x2", 2),
    "numeric, russian": ("numeric_words", "17 мая 2024, ё2", 2),
    "stop words, english": ("stop_words", "The tea is on the table", 4),
    "stop words, russian": ("stop_words", "Ещё чай и всё же йод", 4),
    "stop words, decomposed": ("stop_words", f"Еще{DIAERESIS} чаи{BREVE} и все{DIAERESIS} же", 4),
    "stop words, mixed": ("stop_words", "the чай и tea", 2),
    "stop words, menu": ("stop_words", "Home News Чай Ёлки", 0),
}


@pytest.mark.parametrize(("fact", "text", "value"), TEXT_FACTS.values(), ids=TEXT_FACTS)
def test_fact_of_a_text(fact: str, text: str, value: int) -> None:
    assert facts_of(text).counts[fact].tolist() == [value]


@pytest.mark.parametrize("fact", make_facts([]).counts)
def test_neighbours_do_not_change_a_fact(fact: str) -> None:
    texts = [ENGLISH, "", f"»{RUSSIAN}", MIXED, "", "»", "ёж."]
    alone = [facts_of(text).counts[fact].item() for text in texts]
    assert facts_of(*texts).counts[fact].tolist() == alone


@EVERY_TEXT
@pytest.mark.parametrize("fact", make_facts([]).counts)
def test_decomposed_text_gives_the_same_fact(fact: str, text: str) -> None:
    composed, decomposed = (
        facts_of(unicodedata.normalize(form, text)).counts[fact].item() for form in ("NFC", "NFD")
    )
    assert composed == decomposed


@EVERY_TEXT
def test_decomposed_text_gives_the_same_words(text: str) -> None:
    composed, decomposed = (
        facts_of(unicodedata.normalize(form, text)).words.tolist() for form in ("NFC", "NFD")
    )
    assert composed == decomposed


def json_ld(text: str) -> str:
    """A script that gives the text as schema.org does."""
    return f'<script type="application/ld+json">{{"text":"{text}"}}</script>'


HTML_FACTS = {
    "marked up": ("marked_up", "<p>Ёж<p>tea", [1, 1]),
    "links": ("links", "<p><a href=/>Ёж</a>, <a href=/2>tea</a><p>чай", [2, 0]),
    "link characters, english": ("link_characters", "<p><a href=/>Tea jam</a> pie", [7]),
    "link characters, russian": ("link_characters", "<p><a href=/>Ёж</a>, <a>йод</a>!", [5]),
    "link characters, decomposed": ("link_characters", f"<p><a>чаи{BREVE}</a> и", [3]),
    "bold characters, english": ("bold_characters", "<p><b>Tea</b> is <strong>hot</strong>", [6]),
    "bold characters, russian": ("bold_characters", "<h2>Ёж</h2><p>чай <b>и</b>", [2, 1]),
    "bold characters, decomposed": ("bold_characters", f"<p><b>е{DIAERESIS}ж</b> и", [2]),
    "images inside and before": ("images", "<img><p>Ёж <img><p>tea<p><img><img>йод", [2, 0, 2]),
    "title, english": ("words_in_title", "<title>Tea time</title><p>TEA, tea, jam<p>pie", [2, 0]),
    "title, russian": ("words_in_title", "<title>Ёж и чай</title><p>Чай и йод<p>ёж", [2, 1]),
    "title, decomposed": ("words_in_title", f"<title>Чай</title><p>чаи{BREVE}<p>чаи", [1, 0]),
    "title's own words": ("title_words", "<title>Ёж и tea</title><p>чай<p>йод", [3, 3]),
    "no title": ("title_words", "<p>ёж", [0]),
    "description, english": (
        "words_in_description",
        "<meta name=description content='Hot tea'><p>Tea is hot<p>jam",
        [2, 0],
    ),
    "description, russian": (
        "words_in_description",
        f"<meta name=description content='Еще{DIAERESIS} чай'><p>ещё йод<p>ЧАЙ, чай",
        [1, 2],
    ),
    "description's own words": (
        "description_words",
        "<title>tea</title><meta name=description content='Ёж и tea'><p>чай",
        [3],
    ),
    "title is no description": ("words_in_description", "<title>Ёж</title><p>ёж", [0]),
    "structured, english": (
        "words_in_structured",
        f"{json_ld('Hot tea')}<p>TEA is hot<p>jam",
        [2, 0],
    ),
    "structured, russian": (
        "words_in_structured",
        f"{json_ld('Ещё йод')}<p>йод, ЙОД<p>еще",
        [2, 0],
    ),
    "structured, decomposed": (
        "words_in_structured",
        f"{json_ld(f'Еще{DIAERESIS} чай')}<p>ещё чаи{BREVE}<p>чаи",
        [2, 0],
    ),
    "structured, mixed": (
        "words_in_structured",
        f"{json_ld('USB-кабель')}<p>мой usb<p>кабель",
        [1, 1],
    ),
    "structured text's own words": (
        "structured_words",
        f"{json_ld('Ёж и tea')}<p>чай<p>йод",
        [3, 3],
    ),
    "structured text's words in two scripts": (
        "structured_words",
        f"{json_ld('Ёж и tea')}{json_ld('ёж')}<p>чай",
        [4],
    ),
    "structured text that is longer than what is read of it": (
        "words_in_structured",
        f"{json_ld('Ёж tea' + ' ' * LONGEST_DECLARED + 'чай jam')}<p>ёж, tea<p>чай, jam",
        [2, 0],
    ),
    "no structured text": ("structured_words", "<title>Ёж</title><p>ёж", [0]),
    "title is no structured text": ("words_in_structured", "<title>Ёж</title><p>ёж", [0]),
}


@pytest.mark.parametrize(("fact", "html", "values"), HTML_FACTS.values(), ids=HTML_FACTS)
def test_fact_of_a_page(fact: str, html: str, values: list[int]) -> None:
    assert html_facts(html).counts[fact].tolist() == values


@pytest.mark.parametrize("declared", ["title", "description", "structured"])
def test_what_another_page_declares_does_not_count(declared: str) -> None:
    head = f"<title>Ёж tea</title><meta name=description content='Ёж tea'>{json_ld('Ёж tea')}"
    facts = html_facts(f"{head}<p>чай", "<p>ёж", "<p>tea")
    assert facts.counts[f"words_in_{declared}"].tolist() == [0, 0, 0]


MARKUP_FACTS = (
    "marked_up links link_characters bold_characters images words_in_title title_words"
    " words_in_description description_words words_in_structured structured_words"
).split()


@EVERY_TEXT
@pytest.mark.parametrize("fact", MARKUP_FACTS)
def test_markup_is_absent_in_text(fact: str, text: str) -> None:
    assert not make_facts([parse_text(f"{text}\n\n{text}")]).counts[fact].any()


def test_marked_up_blocks_beside_plain_ones() -> None:
    facts = make_facts([parse_html("<p>ёж<p>tea"), parse_text("чай")])
    assert facts.marked_up.tolist() == [True, True, False]


def test_empty_markup_is_markup() -> None:
    assert make_facts([Document(Blocks.of([Block("ёж", Markup())]))]).marked_up.tolist() == [True]


PAGES = [
    parse_html(f"<title>{ENGLISH}</title><nav class=Меню><a>Ёж</a></nav><div><p>{ENGLISH}<p>tea"),
    Document(Blocks.of([])),
    parse_text(f"Меню\n\n{RUSSIAN}"),
    parse_html(
        f"<title>{RUSSIAN}</title>{json_ld(RUSSIAN)}<div><div><div><b>ёж</b></div><p>{RUSSIAN}</div></div>"
    ),
    parse_html(""),
    parse_html(f"<nav class=Меню><a>Ёж</a></nav><div hidden><p>{MIXED}"),
    parse_text(MIXED),
]
EVERY_PAGE = pytest.mark.parametrize("number", range(len(PAGES)))


@EVERY_PAGE
@pytest.mark.parametrize("fact", make_facts([]).counts)
def test_pages_together_have_the_facts_of_each_alone(fact: str, number: int) -> None:
    facts = make_facts(PAGES)
    rows = facts.counts[fact][facts.bounds[number] : facts.bounds[number + 1]]
    assert rows.tolist() == make_facts([PAGES[number]]).counts[fact].tolist()


@EVERY_PAGE
def test_pages_together_have_the_words_of_each_alone(number: int) -> None:
    facts = make_facts(PAGES)
    first, end = facts.word_bounds[facts.bounds[[number, number + 1]]]
    assert facts.words[first:end].tolist() == make_facts([PAGES[number]]).words.tolist()


def tree_rows(facts: Facts, page: int) -> list[list[tuple[int, int, bool, list[int]]]]:
    """The elements above each block of a page: number on the page, tag, whether hidden, names."""
    tree, kinds = facts.tree, facts.tree.kinds
    rows = tree.path[facts.bounds[page] : facts.bounds[page + 1]]
    first = min((element for element in rows.ravel().tolist() if element >= 0), default=0)
    return [
        [
            (
                element - first,
                int(kinds.tags[kind]),
                bool(kinds.hidden[kind]),
                kinds.names[kinds.name_bounds[kind] : kinds.name_bounds[kind + 1]].tolist(),
            )
            for element, kind in zip(row.tolist(), tree.kind[row].tolist())
            if element >= 0
        ]
        for row in rows
    ]


@EVERY_PAGE
def test_pages_together_have_the_tree_of_each_alone(number: int) -> None:
    assert tree_rows(make_facts(PAGES), number) == tree_rows(make_facts([PAGES[number]]), 0)


@EVERY_PAGE
def test_pages_together_have_the_container_depth_of_each_alone(number: int) -> None:
    facts = make_facts(PAGES)
    rows = facts.tree.own_depth[facts.bounds[number] : facts.bounds[number + 1]]
    assert rows.tolist() == make_facts([PAGES[number]]).tree.own_depth.tolist()


def test_page_of_each_block() -> None:
    assert make_facts(PAGES).page.tolist() == [0, 0, 0, 2, 2, 3, 3, 5, 5, 6]


def test_number_of_blocks() -> None:
    assert make_facts(PAGES).size == sum(len(page.blocks) for page in PAGES)


def test_block_of_each_word() -> None:
    assert facts_of("ёж и чай", "—", "tea").word_owners.tolist() == [0, 0, 0, 2]


@pytest.mark.parametrize("word", ["Tea", "Чай", f"чаи{BREVE}", "ЁЖ"])
def test_word_is_kept_as_its_bucket(word: str) -> None:
    assert facts_of(word).words.tolist() == [hash_word(word) >> (32 - BUCKET_BITS)]


def test_facts_are_whole_numbers() -> None:
    assert {values.dtype for values in make_facts(PAGES).counts.values()} == {np.dtype(np.int64)}


@pytest.mark.parametrize(
    "documents", [[], [Document(Blocks.of([]))], [parse_html(""), parse_text("")]]
)
def test_no_blocks(documents: list[Document]) -> None:
    assert {len(values) for values in make_facts(documents).counts.values()} == {0}


def test_word_of_another_page_is_another_number() -> None:
    numbers = on_page(np.array([7, 7, 8], np.uint32), np.array([0, 1, 0])).tolist()
    assert len(set(numbers)) == 3


KINDS = {
    "same tag and name": ("<p class=чай>ёж<p class=чай>tea", 1),
    "same tag, no name": ("<p>ёж<p>tea", 1),
    "other name": ("<p class=чай>ёж<p class=йод>tea", 2),
    "name and none": ("<p class=tea>ёж<p>tea", 2),
    "other tag": ("<p class=чай>ёж</p><div class=чай>tea</div>", 2),
    "hidden": ("<p class=чай>ёж<p class=чай hidden>tea", 2),
    "nested": ("<div><div><div>ёж", 1),
}


@pytest.mark.parametrize(("html", "count"), KINDS.values(), ids=KINDS)
def test_kinds(html: str, count: int) -> None:
    assert len(tree_of(html).kinds.tags) == count


def test_kind_is_shared_by_pages() -> None:
    tree = html_facts("<p class=чай>ёж", "<p class=чай>tea").tree
    assert tree.kind.tolist() == [0, 0, -1]


def test_element_is_not_shared_by_pages() -> None:
    assert html_facts("<p>ёж", "<p>tea").tree.path.tolist() == [[0], [1]]


NAMES = {
    "english": ("main-menu", ["main", "menu"]),
    "camel case": ("mainMenu", ["main", "menu"]),
    "russian": ("левоеМеню", ["левое", "меню"]),
    "decomposed": (f"чаи{BREVE}_е{DIAERESIS}ж", ["чай", "ёж"]),
    "mixed": ("blok-ёлки2", ["blok", "ёлки"]),
    "none": ("", []),
}


@pytest.mark.parametrize(("name", "words"), NAMES.values(), ids=NAMES)
def test_names_of_a_kind(name: str, words: list[str]) -> None:
    assert tree_of(f'<p class="{name}">ёж').kinds.names.tolist() == list(map(hash_word, words))


def test_names_stand_in_their_kinds_bounds() -> None:
    kinds = tree_of("<div class='левое Меню'><p>ёж<p id=чай>tea").kinds
    assert kinds.name_bounds.tolist() == [0, 2, 2, 3]


def test_hidden_kind() -> None:
    assert tree_of("<div><p hidden>ёж</div>").kinds.hidden.tolist() == [False, True]


def test_h1_is_not_h2() -> None:
    first, second = hash_tags(["h1", "h2"]).tolist()
    assert first != second


def test_every_container_tag_has_a_hash_of_its_own() -> None:
    assert len(set(hash_tags(CONTAINER_TAGS).tolist())) == len(CONTAINER_TAGS)


def test_kind_has_the_hash_of_its_tag() -> None:
    assert tree_of("<h2>ёж").kinds.tags.tolist() == hash_tags(["h2"]).tolist()


PATHS = {
    "shared container": ("<div><p>ёж<p>tea</div>", [[0, 1], [0, 2]]),
    "own containers": ("<div>ёж</div><div>tea</div>", [[0], [1]]),
    "less deep": ("<div><p>ёж</p>tea</div>", [[0, 1], [0, -1]]),
    "deeper": ("<div>ёж<p><b>tea</b></div>", [[0, -1, -1], [0, 1, 2]]),
    "all shared": ("<div>ёж<br><br>tea</div>", [[0], [0]]),
    "same tag again at another depth": (
        "<div><div>ёж</div></div><div><div>tea</div></div>",
        [[0, 1], [2, 3]],
    ),
    "without elements": ("ёж", [[]]),
}


@pytest.mark.parametrize(("html", "path"), PATHS.values(), ids=PATHS)
def test_path(html: str, path: list[list[int]]) -> None:
    assert tree_of(html).path.tolist() == path


def test_block_without_markup_has_no_path() -> None:
    facts = make_facts([parse_html("<div><p>ёж"), parse_text("tea")])
    assert facts.tree.path.tolist() == [[0, 1], [-1, -1]]


def test_no_element_finds_no_kind() -> None:
    tree = tree_of("<div><p>ёж</p>tea</div>")
    assert tree.kind[tree.path].tolist() == [[0, 1], [0, -1]]


SHARED = {
    "nothing above": ("", "", 0),
    "nothing before": ("", "1 2", 0),
    "the same": ("1 2 3", "1 2 3", 3),
    "longer": ("1 2", "1 2 3", 2),
    "shorter": ("1 2 3", "1 2", 2),
    "other at the top": ("1 2 3", "4 5 6", 0),
    "other in the middle": ("1 2 3", "1 4 5", 1),
}


@pytest.mark.parametrize(("before", "path", "depth"), SHARED.values(), ids=SHARED)
def test_shared_depth(before: str, path: str, depth: int) -> None:
    one, other = ([(int(n), 0) for n in numbers.split()] for numbers in (before, path))
    assert shared_depth(one, other) == depth


DEPTHS = {
    # page, elements above each block, depth of its container
    "paragraph": ("<div><p>ёж", [2], [1]),
    "inline elements": ("<div><p><b><i>ёж", [4], [1]),
    "table cell": ("<table><tr><td><b>tea", [5], [3]),
    "two blocks": ("<div><p>ёж</p><b>tea</b></div>", [2, 2], [1, 0]),
    "no container": ("<b>чай</b>", [1], [-1]),
    "nothing above": ("tea", [0], [-1]),
}


@pytest.mark.parametrize(("html", "depth", "own_depth"), DEPTHS.values(), ids=DEPTHS)
def test_depth(html: str, depth: list[int], own_depth: list[int]) -> None:
    assert tree_of(html).depth.tolist() == depth


@pytest.mark.parametrize(("html", "depth", "own_depth"), DEPTHS.values(), ids=DEPTHS)
def test_depth_of_the_container(html: str, depth: list[int], own_depth: list[int]) -> None:
    assert tree_of(html).own_depth.tolist() == own_depth


@EVERY_TEXT
def test_text_has_no_container(text: str) -> None:
    assert make_facts([parse_text(text), parse_html("<p>ёж")]).tree.own_depth.tolist() == [-1, 0]


def test_text_alone_has_no_container() -> None:
    assert make_facts([parse_text("ёж\n\ntea")]).tree.own_depth.tolist() == [-1, -1]


AMONG = {
    "some": ([3, 1, 3, 2], [3, 2], [True, False, True, True]),
    "the same low bits": ([3, 3 + (1 << 32)], [3 + (1 << 32)], [False, True]),
    "none wanted": ([3, 1], [], [False, False]),
    "no keys": ([], [3], []),
}


@pytest.mark.parametrize(("keys", "wanted", "found"), AMONG.values(), ids=AMONG)
def test_keys_among_the_wanted(keys: list[int], wanted: list[int], found: list[bool]) -> None:
    assert is_among(np.array(keys, np.int64), np.array(wanted, np.int64)).tolist() == found
