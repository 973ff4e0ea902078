"""Labelled pages to numbers, and numbers to the training table."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from itertools import compress
from typing import Any

import numpy as np
import pytest

from classifier.blocks import Block, Blocks, Document
from classifier.features import (
    FeatureTable,
    compute_features,
    feature_names,
    feature_table,
    make_facts,
)
from classifier.html import parse_html
from classifier.text import parse_text
from train import training
from train.align import Alignment, align_labels, words
from train.labeled import LabeledDataError
from train.pages import LabeledPage, PageRecord
from train.training import (
    DERIVED_WEIGHT,
    LabeledFacts,
    TrainingTable,
    abridged,
    concatenate,
    fragments,
    labeled_facts,
    leftovers,
    take_blocks,
    take_pages,
    training_table,
    without_markup,
)

FEATURES = feature_names()

BREVE, DIAERESIS = "\N{COMBINING BREVE}", "\N{COMBINING DIAERESIS}"

ENGLISH = "The ferry was late again, and nobody on the pier could say why it had been held."
RUSSIAN = "Паром ещё раз опоздал, и никто на пристани не мог сказать, чей это был приказ."
MIXED = "Мой iPhone ещё жив, and the charger is in the drawer, и это не йод."
TEXTS = {"english": ENGLISH, "russian": RUSSIAN, "mixed": MIXED}


def html_of(text: str) -> str:
    return (
        f"<title>{text[:30]}</title><meta name=description content='{text}'>"
        f'<script type="application/ld+json">{{"text":"{text}"}}</script>'
        "<nav class=mainMenu><ul><li><a href=/>Ёж</a><li><a href=/2>Home 2</a></ul></nav>"
        f"<h1>{text[:25]}</h1><div class=post><p>{text}<p><b>{text[:9]}</b> {text}</div>"
        "<div hidden>Ещё</div><footer>© 2024</footer>"
    )


def labeled(
    document: Document,
    labels: str = "-+",
    corpus: str = "labeled",
    site: str = "ёж",
    trust: float = 1.0,
) -> LabeledPage:
    """A page with a sign a block, again and again: + content, - noise, ? content, not sure."""
    signs = (labels * len(document.blocks))[: len(document.blocks)]
    is_content = np.array([sign != "-" for sign in signs], bool)
    return LabeledPage(
        id=site,
        mode="html",
        document=document,
        record=PageRecord(corpus, "0123", site, "ru", "news", 7, trust),
        is_content=is_content,
        alignment=align_labels([block.text for block in document.blocks], is_content),
        sure=np.array([sign != "?" for sign in signs], bool),
        gold=(),
    )


DOCUMENTS = [
    parse_html(html_of(ENGLISH)),
    Document(Blocks.of([])),
    parse_html(html_of(RUSSIAN)),
    parse_text(f"Меню\n\n{RUSSIAN}\n\n{MIXED}"),
    parse_html(html_of(MIXED)),
    parse_html(""),
]
PAGES = [
    labeled(document, "-+?", corpus=corpus, site=f"сайт-{number}", trust=(number + 1) % 3 / 2)
    for number, (document, corpus) in enumerate(
        zip(DOCUMENTS, ("wcxb", "labeled", "daniel-ru", "yours", "modern-ru", "daniel-en"))
    )
]


def together(pages: list[LabeledPage]) -> TrainingTable:
    return training_table(labeled_facts(pages))


def one_chunk(*pages: LabeledPage) -> LabeledFacts:
    (chunk,) = labeled_facts(pages)
    return chunk


def test_label_a_block() -> None:
    chunk = one_chunk(labeled(parse_text("Меню\n\nЁж"), "-+"), labeled(parse_text("Tea"), "+"))
    assert chunk.is_content.tolist() == [False, True, True]


def test_blocks_that_are_not_sure() -> None:
    chunk = one_chunk(labeled(parse_text("Меню\n\nЁж"), "?+"), labeled(parse_text("Tea"), "?"))
    assert chunk.sure.tolist() == [False, True, False]


def test_alignments_are_joined() -> None:
    pages = labeled(parse_text("Меню\n\nЁж и чай"), "-+"), labeled(parse_text("Tea"), "+")
    assert one_chunk(*pages).alignment.aligned.tolist() == [0, 3, 1]


COUNTED = ["за\N{COMBINING ACUTE ACCENT}мок", "tea \N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16}"]


@pytest.mark.parametrize("text", COUNTED)
def test_words_are_those_of_the_scores(text: str) -> None:
    chunk = one_chunk(labeled(Document(Blocks.of([Block(text)])), "+"))
    assert chunk.alignment.words.tolist() == [len(words(text))]


@pytest.mark.parametrize("trust", [[], [0.0], [0.0, 0.0]])
def test_nothing_to_learn_from(trust: list[float]) -> None:
    pages = [labeled(parse_text("Ёж"), trust=value) for value in trust]
    with pytest.raises(LabeledDataError, match="no page to learn from"):
        training_table(labeled_facts(pages))


def test_facts_are_those_of_inference() -> None:
    facts = one_chunk(*PAGES).facts
    expected = make_facts(DOCUMENTS)
    np.testing.assert_equal(dict(facts.counts), dict(expected.counts))


def test_records_in_order() -> None:
    assert one_chunk(*PAGES).pages == tuple(page.record for page in PAGES)


def test_pages_a_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "PAGES_PER_CHUNK", 4)
    assert [len(chunk.pages) for chunk in labeled_facts(PAGES)] == [4, 2]


def test_no_pages_give_no_chunk() -> None:
    assert labeled_facts([]) == []


FORMS = {
    f"{name} {form}": unicodedata.normalize(form, text)
    for name, text in TEXTS.items()
    for form in ("NFC", "NFD")
}
EVERY_FORM = pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)


def as_lines(document: Document) -> Document:
    """The same blocks without what markup gave."""
    return Document(Blocks.of(Block(block.text) for block in document.blocks))


def bare(text: str) -> LabeledFacts:
    return without_markup(one_chunk(labeled(parse_html(html_of(text)))))


@EVERY_FORM
def test_without_markup_features_are_those_of_lines(text: str) -> None:
    lines = feature_table([as_lines(parse_html(html_of(text)))])
    np.testing.assert_array_equal(compute_features(bare(text).facts).values, lines.values)


@EVERY_FORM
def test_without_markup_features_are_those_of_parsed_text(text: str) -> None:
    page = parse_html(f"<title>Ёж</title><p>{text}<p><a href=/>{text} {text}</a>")
    lines = feature_table([parse_text(f"{text}\n\n{text} {text}")])
    facts = without_markup(one_chunk(labeled(page))).facts
    np.testing.assert_array_equal(compute_features(facts).values, lines.values)


@pytest.mark.parametrize("tokens", ["words", "element_names"])
@EVERY_FORM
def test_without_markup_tokens_are_those_of_lines(text: str, tokens: str) -> None:
    lines = getattr(feature_table([as_lines(parse_html(html_of(text)))]), tokens)
    found = getattr(compute_features(bare(text).facts), tokens)
    assert found.buckets.tolist() == lines.buckets.tolist()


MARKUP_COLUMNS = (
    "links_log link_density unlinked_characters_log bold_share images_log share_in_title"
    " title_covered share_in_description description_covered depth inline_depth hidden in_p in_a"
    " under_nav under_h1 heading_rank since_top_heading before_top_heading since_heading_log"
    " page_has_heading share_in_structured structured_covered structured_words_log"
).split()


@pytest.mark.parametrize("name", MARKUP_COLUMNS)
def test_without_markup_its_columns_are_absent(name: str) -> None:
    values = compute_features(without_markup(one_chunk(*PAGES)).facts).values
    assert np.isnan(values[:, FEATURES.index(name)]).all()


@pytest.mark.parametrize("fact", make_facts([]).counts)
def test_without_markup_facts_are_those_of_lines(fact: str) -> None:
    lines = make_facts([as_lines(document) for document in DOCUMENTS])
    found = without_markup(one_chunk(*PAGES)).facts.counts[fact]
    assert found.tolist() == lines.counts[fact].tolist()


@pytest.mark.parametrize("name", ["first", "end", "container_first", "container_end", "section"])
def test_without_markup_ranges_are_those_of_lines(name: str) -> None:
    lines = feature_table([as_lines(document) for document in DOCUMENTS]).layout
    layout = compute_features(without_markup(one_chunk(*PAGES)).facts).layout
    assert getattr(layout, name).tolist() == getattr(lines, name).tolist()


@pytest.mark.parametrize("name", ["is_content", "alignment", "sure", "pages"])
def test_without_markup_labels_stay(name: str) -> None:
    chunk = one_chunk(*PAGES)
    assert getattr(without_markup(chunk), name) is getattr(chunk, name)


def test_without_markup_leaves_the_facts_as_they_were() -> None:
    chunk = one_chunk(*PAGES)
    without_markup(chunk)
    assert chunk.facts.counts["links"].sum() == 6


def kin_pairs(table: FeatureTable) -> Any:
    """Which rows are kin of which, at each level: the numbers themselves mean nothing."""
    kin = table.layout.kin
    return kin[:, None] == kin[None]


def exact(read: Callable[[TrainingTable], Any]) -> Callable[[TrainingTable], Any]:
    return lambda training: np.asarray(read(training)).tolist()


PARTS: dict[str, Callable[[TrainingTable], Any]] = {
    "bounds": exact(lambda training: training.table.bounds),
    "word counts": exact(lambda training: training.table.word_counts),
    "first": exact(lambda training: training.table.layout.first),
    "end": exact(lambda training: training.table.layout.end),
    "container first": exact(lambda training: training.table.layout.container_first),
    "container end": exact(lambda training: training.table.layout.container_end),
    "section": exact(lambda training: training.table.layout.section),
    "kin": exact(lambda training: kin_pairs(training.table)),
    "words": exact(lambda training: training.table.words.buckets),
    "word bounds": exact(lambda training: training.table.words.bounds),
    "element names": exact(lambda training: training.table.element_names.buckets),
    "element name bounds": exact(lambda training: training.table.element_names.bounds),
    "labels": exact(lambda training: training.is_content),
    "aligned words": exact(lambda training: training.alignment.aligned),
    "page weights": exact(lambda training: training.page_weights),
    "own pages": exact(lambda training: training.is_own),
    "short pages": exact(lambda training: training.is_short),
    "pages": lambda training: training.pages,
    "names": lambda training: training.table.names,
}
EVERY_PART = pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)

TAKEN = {
    "first": "100000",
    "one without blocks": "010100",
    "middle": "001100",
    "every second": "101010",
    "all but one": "110111",
    "last": "000011",
    "all": "111111",
}
EVERY_CHOICE = pytest.mark.parametrize("choice", TAKEN.values(), ids=TAKEN)


def take(choice: str) -> TrainingTable:
    return take_pages(together(PAGES), np.array([sign == "1" for sign in choice]))


def alone(choice: str) -> TrainingTable:
    return together([page for page, sign in zip(PAGES, choice) if sign == "1"])


@EVERY_PART
@EVERY_CHOICE
def test_taken_pages_are_those_pages_alone(
    choice: str, part: Callable[[TrainingTable], Any]
) -> None:
    assert part(take(choice)) == part(alone(choice))


@EVERY_CHOICE
def test_taken_values_are_those_of_the_pages_alone(choice: str) -> None:
    found, expected = take(choice).table.values, alone(choice).table.values
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_taken_weights_are_those_of_all_pages() -> None:
    whole = together(PAGES)
    first, end = whole.table.bounds[[2, 4]]
    assert take("001100").weights.tolist() == whole.weights[first:end].tolist()


def test_no_pages_taken() -> None:
    assert take("000000").table.values.shape == (0, len(FEATURES))


@EVERY_PART
def test_chunks_are_one_table(
    monkeypatch: pytest.MonkeyPatch, part: Callable[[TrainingTable], Any]
) -> None:
    whole = together(PAGES)
    monkeypatch.setattr(training, "PAGES_PER_CHUNK", 1)
    assert part(together(PAGES)) == part(whole)


def test_concatenated_values_are_those_of_one_table() -> None:
    parts = [feature_table(DOCUMENTS[:1]), feature_table(DOCUMENTS[1:4]), feature_table([])]
    found = concatenate([*parts, feature_table(DOCUMENTS[4:])])
    np.testing.assert_allclose(found.values, feature_table(DOCUMENTS).values, rtol=1e-5, atol=1e-6)


def test_concatenated_kin_of_the_same_page_twice_are_no_kin() -> None:
    page = feature_table([parse_html("<p class=чай>ёж<p class=чай>tea")])
    first, second = concatenate([page, page]).layout.kin[:, 0].reshape(2, 2).tolist()
    assert not set(first) & set(second)


def test_training_table_has_a_row_a_block() -> None:
    table = together(PAGES)
    sizes = {len(table.table.values), len(table.is_content), len(table.weights)}
    assert sizes == {sum(len(document.blocks) for document in DOCUMENTS)}


def test_training_table_has_the_features_of_inference() -> None:
    expected = feature_table(DOCUMENTS).values
    np.testing.assert_array_equal(together(PAGES).table.values, expected)


def test_sites() -> None:
    assert together(PAGES).sites == tuple(f"сайт-{number}" for number in range(6))


def weights_of(*pages: LabeledPage) -> list[float]:
    weights: list[float] = together(list(pages)).weights.tolist()
    return weights


def test_block_that_is_not_sure_weighs_nothing() -> None:
    weights = weights_of(labeled(parse_text("Меню\n\nЁж\n\nTea"), "-?+"))
    assert [weight > 0 for weight in weights] == [True, False, True]


def test_page_without_trust_weighs_nothing() -> None:
    pages = [labeled(parse_text("Меню\n\nЁж"), trust=trust) for trust in (0.0, 1.0)]
    assert [weight > 0 for weight in weights_of(*pages)] == [False, False, True, True]


def test_weights_are_1_on_average() -> None:
    pages = [labeled(document, "+", corpus="wcxb") for document in DOCUMENTS[:1]]
    pages += [labeled(parse_text("Меню\n\nЁж"), "+-", corpus="daniel-ru")]
    assert np.mean(weights_of(*pages)) == pytest.approx(1)


def test_block_weighs_by_the_root_of_its_words() -> None:
    few, many = weights_of(labeled(parse_text("—\n\nЁж и чай")))
    assert many / few == pytest.approx(2)


def test_page_weighs_by_the_root_of_its_blocks() -> None:
    pages = labeled(parse_text("Ёж")), labeled(parse_text("Ёж\n\nЧай\n\nTea и йод\n\nЙод"))
    one, *four = weights_of(*pages)
    assert sum(four) / one == pytest.approx(2)


PAGE_WEIGHTS = {
    "wcxb": ("wcxb", 1.0, 1.0),
    "english news": ("daniel-en", 1.0, 2.0),
    "russian news": ("daniel-ru", 1.0, 3.0),
    "modern russian": ("modern-ru", 1.0, 3.0),
    "ours": ("labeled", 1.0, 4.0),
    "a user's": ("yours", 1.0, 4.0),
    "news in other languages": ("fundus", 1.0, 0.5),
    "what an algorithm kept": ("readability", 1.0, 0.5),
    "half trusted": ("daniel-ru", 0.5, 1.5),
    "not trusted": ("labeled", 0.0, 0.0),
}


@pytest.mark.parametrize(("corpus", "trust", "weight"), PAGE_WEIGHTS.values(), ids=PAGE_WEIGHTS)
def test_page_weight(corpus: str, trust: float, weight: float) -> None:
    page = labeled(parse_text("Ёж"), corpus=corpus, trust=trust)
    other = labeled(parse_text("Tea"), corpus="wcxb")
    assert together([page, other]).page_weights.tolist() == [weight, 1.0]


def test_row_weighs_by_its_page() -> None:
    pages = [labeled(parse_text("Ёж"), corpus=corpus) for corpus in ("wcxb", "daniel-ru")]
    english, russian = weights_of(*pages)
    assert russian / english == pytest.approx(3)


BLOCKS_TAKEN = {
    "every second": "+-",
    "every other second": "-+",
    "two of three": "++-",
    "one of nine": "--------+",
    "all": "+",
}
EVERY_TAKEN = pytest.mark.parametrize("signs", BLOCKS_TAKEN.values(), ids=BLOCKS_TAKEN)


def marked(signs: str, size: int) -> Any:
    """So many rows, marked by a pattern that comes again and again."""
    return np.array([sign == "+" for sign in (signs * size)[:size]], bool)


def taken_blocks(signs: str) -> LabeledFacts:
    chunk = one_chunk(*PAGES)
    return take_blocks(chunk, marked(signs, chunk.facts.size))


def only_blocks(signs: str) -> LabeledFacts:
    """The chunk of pages of only the marked blocks."""
    sizes = [len(page.document.blocks) for page in PAGES]
    parts = np.split(marked(signs, sum(sizes)), np.cumsum(sizes)[:-1])
    pages = [
        replace(
            page,
            document=replace(
                page.document,
                blocks=Blocks.of(compress(page.document.blocks, part)),
            ),
            is_content=page.is_content[part],
            alignment=Alignment(page.alignment.words[part], page.alignment.aligned[part]),
            sure=page.sure[part],
        )
        for page, part in zip(PAGES, parts)
        if part.any()
    ]
    return one_chunk(*pages)


@EVERY_TAKEN
@pytest.mark.parametrize("fact", make_facts([]).counts)
def test_taken_blocks_have_the_facts_of_those_blocks_alone(signs: str, fact: str) -> None:
    found, expected = taken_blocks(signs).facts, only_blocks(signs).facts
    assert found.counts[fact].tolist() == expected.counts[fact].tolist()


@EVERY_TAKEN
@pytest.mark.parametrize("name", ["bounds", "words", "word_bounds"])
def test_taken_blocks_have_the_words_of_those_blocks_alone(signs: str, name: str) -> None:
    found, expected = taken_blocks(signs).facts, only_blocks(signs).facts
    assert getattr(found, name).tolist() == getattr(expected, name).tolist()


@EVERY_TAKEN
def test_taken_blocks_have_the_features_of_those_blocks_alone(signs: str) -> None:
    found, expected = (compute_features(f(signs).facts) for f in (taken_blocks, only_blocks))
    np.testing.assert_array_equal(found.values, expected.values)


@EVERY_TAKEN
@EVERY_PART
def test_taken_blocks_are_a_table_of_those_blocks_alone(
    signs: str, part: Callable[[TrainingTable], Any]
) -> None:
    found, expected = (training_table([f(signs)]) for f in (taken_blocks, only_blocks))
    assert part(found) == part(expected)


@EVERY_TAKEN
@pytest.mark.parametrize("name", ["is_content", "sure"])
def test_taken_blocks_have_their_labels(signs: str, name: str) -> None:
    found, expected = (getattr(f(signs), name) for f in (taken_blocks, only_blocks))
    assert found.tolist() == expected.tolist()


@EVERY_TAKEN
@pytest.mark.parametrize("name", ["words", "aligned"])
def test_taken_blocks_have_their_alignment(signs: str, name: str) -> None:
    found, expected = (getattr(f(signs).alignment, name) for f in (taken_blocks, only_blocks))
    assert found.tolist() == expected.tolist()


def test_page_without_a_block_left_is_gone() -> None:
    pages = [labeled(parse_text(text), site=text) for text in ("Ёж", "Tea\n\nЙод", "Чай")]
    left = take_blocks(one_chunk(*pages), np.array([False, True, True, False]))
    assert [page.site for page in left.pages] == ["Tea\n\nЙод"]


def test_no_blocks_taken() -> None:
    assert taken_blocks("-").facts.bounds.tolist() == [0]


def test_taking_blocks_leaves_the_others_as_they_were() -> None:
    chunk = one_chunk(*PAGES)
    before = chunk.facts.size, chunk.facts.tree.path.tolist()
    take_blocks(chunk, marked("-+", chunk.facts.size))
    assert (chunk.facts.size, chunk.facts.tree.path.tolist()) == before


LEFTOVERS = {
    # which of the page's blocks an extraction leaves
    "container": (0, [1, 2, 3, 4]),
    "run": (1, [2, 3]),
    "content": (2, [1, 3]),
}
EVERY_LEFTOVER = pytest.mark.parametrize(("number", "kept"), LEFTOVERS.values(), ids=LEFTOVERS)


def article(text: str, trust: float = 1.0) -> LabeledPage:
    """A page whose article begins and ends with a menu; its labels are not what one would think."""
    html = (
        f"<title>{text[:30]}</title><nav><a href=/>Ещё</a></nav>"
        f"<article><p>Меню<p>{text}<p>{text} {text}<p>Home</article><footer>Ёж</footer>"
    )
    return labeled(parse_html(html), "-+-+--", site=text[:5], trust=trust)


@EVERY_FORM
@EVERY_LEFTOVER
def test_leftovers_are_lines_of_what_is_kept(number: int, kept: list[int], text: str) -> None:
    page = article(text)
    lines = Document(Blocks.of(Block(page.document.blocks[row].text) for row in kept))
    found = compute_features(leftovers(one_chunk(page))[number].facts)
    np.testing.assert_array_equal(found.values, feature_table([lines]).values)


@EVERY_LEFTOVER
def test_leftovers_keep_their_labels(number: int, kept: list[int]) -> None:
    page = article(RUSSIAN)
    found = leftovers(one_chunk(page))[number].is_content
    assert found.tolist() == page.is_content[kept].tolist()


@EVERY_LEFTOVER
def test_leftovers_of_each_page_by_itself(number: int, kept: list[int]) -> None:
    chunk = one_chunk(*map(article, TEXTS.values()))
    assert np.diff(leftovers(chunk)[number].facts.bounds).tolist() == [len(kept)] * len(TEXTS)


def test_leftovers_are_three() -> None:
    assert len(leftovers(one_chunk(*PAGES))) == len(LEFTOVERS)


@pytest.mark.parametrize("fact", ["marked_up", "links", "title_words", "structured_words"])
@EVERY_LEFTOVER
def test_leftovers_have_no_markup(number: int, kept: list[int], fact: str) -> None:
    assert not leftovers(one_chunk(*PAGES))[number].facts.counts[fact].any()


def test_derived_pages_count_less() -> None:
    chunk = one_chunk(labeled(parse_html("<p>Ёж"), corpus="wcxb", trust=0.5))
    assert training_table([chunk], [chunk]).page_weights.tolist() == [0.5, 0.5 * DERIVED_WEIGHT]


def test_derived_pages_are_told_from_own_ones() -> None:
    pages = [one_chunk(article(text)) for text in TEXTS.values()]
    assert training_table(pages[:2], pages[2:]).is_own.tolist() == [True, True, False]


def test_short_pages_are_told_from_whole_ones() -> None:
    own, left, short = ([one_chunk(article(text))] for text in TEXTS.values())
    assert training_table(own, left, short).is_short.tolist() == [False, False, True]


@EVERY_LEFTOVER
def test_leftovers_of_an_untrusted_page_weigh_nothing(number: int, kept: list[int]) -> None:
    chunk = one_chunk(article(ENGLISH), article(RUSSIAN, trust=0.0))
    weights = training_table([leftovers(chunk)[number]]).weights
    assert (weights > 0).tolist() == [True] * len(kept) + [False] * len(kept)


def test_leftovers_of_a_page_without_content() -> None:
    menu = labeled(parse_html("<p>Меню<p>Home"), "-", site="меню")
    left = leftovers(one_chunk(menu, article(RUSSIAN)))[2]
    assert [page.site for page in left.pages] == [RUSSIAN[:5]]


def test_leftovers_of_pages_without_content_are_nothing() -> None:
    chunk = one_chunk(labeled(parse_html("<p>Меню<p>Home"), "-"))
    table = training_table([chunk, leftovers(chunk)[2]])
    assert len(table.pages) == 1


def test_leftovers_leave_the_page_as_it_was() -> None:
    chunk = one_chunk(*PAGES)
    leftovers(chunk)
    assert (chunk.pages, chunk.facts.counts["links"].sum()) == (one_chunk(*PAGES).pages, 6)


def long_page(blocks: int) -> LabeledPage:
    """Paragraphs of one word, two words, three …; every second one is content."""
    words = ("чай", "ёж", "tea")
    texts = ["<p>" + " ".join([words[number % 3]] * (number + 1)) for number in range(blocks)]
    return labeled(parse_html("".join(texts)), "-+")


def numbers_kept(*pages: LabeledPage) -> list[list[int]]:
    """Which blocks of each page are left when it is abridged, told by their words."""
    facts = abridged(one_chunk(*pages)).facts
    return [part.tolist() for part in np.split(facts.counts["words"] - 1, facts.bounds[1:-1])]


def test_abridged_page_has_its_first_content_and_every_tenth_block() -> None:
    assert numbers_kept(long_page(35)) == [[0, 1, 3, 5, 10, 20, 30]]


def test_abridged_pages_each_have_their_first_content() -> None:
    assert [kept[:3] for kept in numbers_kept(long_page(20), long_page(20))] == [[0, 1, 3]] * 2


def test_abridged_page_keeps_its_markup() -> None:
    assert abridged(one_chunk(long_page(9))).facts.marked_up.all()


def test_gold_of_abridged_pages_is_what_is_left_of_it() -> None:
    pages = abridged(one_chunk(long_page(35), long_page(2))).pages
    # Content are the blocks of 2, 4 and 6 words; of the second page, that of 2.
    assert [page.gold_words for page in pages] == [12, 2]


CONTENT_ALONE, NOISE_ALONE = 0, 1


def words_of_fragments(which: int, *pages: LabeledPage) -> list[list[int]]:
    """How many words each block of each page has that is left in its fragment."""
    facts = fragments(one_chunk(*pages))[which].facts
    return [part.tolist() for part in np.split(facts.counts["words"], facts.bounds[1:-1])]


def test_fragments_of_content_have_one_two_or_three_blocks_by_turns() -> None:
    assert words_of_fragments(CONTENT_ALONE, *[long_page(9)] * 4) == [[2], [2, 4], [2, 4, 6], [2]]


def test_fragments_of_noise_have_one_two_or_three_blocks_by_turns() -> None:
    assert words_of_fragments(NOISE_ALONE, *[long_page(9)] * 3) == [[1], [1, 3], [1, 3, 5]]


def test_fragment_of_a_page_with_less_is_all_of_it() -> None:
    assert words_of_fragments(CONTENT_ALONE, long_page(2), long_page(2)) == [[2], [2]]


def test_page_without_noise_has_no_fragment_of_noise() -> None:
    content = labeled(parse_html("<p>Чай<p>Tea"), "+", site="чай")
    assert [page.site for page in fragments(one_chunk(content))[NOISE_ALONE].pages] == []


def test_fragments_keep_their_markup() -> None:
    assert fragments(one_chunk(long_page(9)))[NOISE_ALONE].facts.marked_up.all()


def test_gold_of_fragments_is_what_is_left_of_it() -> None:
    content, noise = fragments(one_chunk(long_page(9), long_page(9)))
    assert [page.gold_words for page in content.pages + noise.pages] == [2, 6, 0, 0]
