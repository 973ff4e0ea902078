"""The answer: content, plain values, a data frame."""

from __future__ import annotations

import json
import pickle

import pytest

from classifier import Classifier, Page
from classifier.features import feature_names

FEATURES = feature_names()

BREVE = "\N{COMBINING BREVE}"
TEXTS = {
    "english": "Home\n\nThe kettle is on the table, and it is hot.\n  Tea\n",
    "russian": "Меню\r\n\r\n\tЕщё чай, и ёж пьёт его.\n\nЙод",
    "decomposed": f"Меню\n\nЧаи{BREVE} стынет, и это не и{BREVE}од. \N{NO-BREAK SPACE}\n",
    "mixed": "Мой USB\n\nThe ёж is here, и это не \N{GRINNING FACE} всё.",
}
EVERY_TEXT = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
KEYS = ["mode", "encoding", "language", "threshold", "title", "content", "blocks"]


def html_of(text: str) -> str:
    paragraphs = "".join(f"<p>{line.strip()}</p>" for line in text.split("\n"))
    return f"<title>Ёж и tea</title>{paragraphs}"


@pytest.fixture(params=TEXTS.values(), ids=TEXTS)
def text_page(classifier: Classifier, request: pytest.FixtureRequest) -> Page:
    return classifier.classify_text(request.param)


@pytest.fixture(params=TEXTS.values(), ids=TEXTS)
def html_page(classifier: Classifier, request: pytest.FixtureRequest) -> Page:
    return classifier.classify_html(html_of(request.param))


def test_content_is_the_kept_blocks(html_page: Page) -> None:
    kept = [block.text for block in html_page.blocks if block.label == "content"]
    assert html_page.content.split("\n") == (kept or [""])


def test_content_of_one_kept_block(classifier: Classifier) -> None:
    page = classifier.classify_html("<p>Меню<p>" + "Ещё чай, и ёж пьёт его с мёдом. " * 20)
    cut = (page.blocks[0].probability + page.blocks[1].probability) / 2
    kept = classifier.classify_html(
        "<p>Меню<p>" + "Ещё чай, и ёж пьёт его с мёдом. " * 20, threshold=cut
    )
    assert kept.content == page.blocks[1].text


@EVERY_TEXT
def test_spans_cut_the_text(classifier: Classifier, text: str) -> None:
    for block in classifier.classify_text(text).blocks:
        start, end = block.span or (0, 0)
        assert text[start:end] == block.text


def test_html_has_no_spans(html_page: Page) -> None:
    assert {block.span for block in html_page.blocks} == {None}


def test_probabilities_are_plain_numbers(text_page: Page) -> None:
    assert {type(block.probability) for block in text_page.blocks} == {float}


def test_dict_goes_through_json(html_page: Page) -> None:
    values = html_page.to_dict()
    assert json.loads(json.dumps(values)) == values


def test_dict_has_the_page(text_page: Page) -> None:
    assert list(text_page.to_dict()) == KEYS


def test_dict_has_spans_in_text_mode(text_page: Page) -> None:
    assert [(block["start"], block["end"]) for block in text_page.to_dict()["blocks"]] == [
        block.span for block in text_page.blocks
    ]


def test_dict_has_no_spans_in_html_mode(html_page: Page) -> None:
    assert all("start" not in block for block in html_page.to_dict()["blocks"])


def test_dict_has_the_title(html_page: Page) -> None:
    assert html_page.to_dict()["title"] == "Ёж и tea"


COLUMNS = ["text", "label", "probability", "start", "end"]


def test_frame_has_its_columns(text_page: Page) -> None:
    assert list(text_page.to_frame().columns) == COLUMNS


def test_frame_has_a_row_a_block(html_page: Page) -> None:
    assert html_page.to_frame()["text"].tolist() == [block.text for block in html_page.blocks]


def test_frame_shows_half_a_character_as_none(classifier: Classifier) -> None:
    frame = classifier.classify_text("Мой \ud83d ёж\n\udfff").to_frame()
    assert frame["text"].tolist() == [
        "Мой \N{REPLACEMENT CHARACTER} ёж",
        "\N{REPLACEMENT CHARACTER}",
    ]


def test_frame_has_labels(html_page: Page) -> None:
    assert html_page.to_frame()["label"].tolist() == [
        str(block.label) for block in html_page.blocks
    ]


def test_frame_has_features_on_request(html_page: Page) -> None:
    assert list(html_page.to_frame(features=True).columns) == [*COLUMNS, *FEATURES]


def test_frame_spans_are_whole_numbers(text_page: Page) -> None:
    frame = text_page.to_frame()
    assert list(zip(frame["start"], frame["end"])) == [block.span for block in text_page.blocks]


def test_frame_has_no_spans_in_html_mode(html_page: Page) -> None:
    assert html_page.to_frame()["start"].isna().all()


@pytest.mark.parametrize("features", [False, True])
def test_frame_of_an_empty_page(classifier: Classifier, features: bool) -> None:
    frame = classifier.classify_text("").to_frame(features)
    assert frame.shape == (0, len(COLUMNS) + features * len(FEATURES))


def test_page_is_the_same_after_pickling(html_page: Page) -> None:
    assert pickle.loads(pickle.dumps(html_page)) == html_page


def test_text_page_is_the_same_after_pickling(text_page: Page) -> None:
    assert pickle.loads(pickle.dumps(text_page)) == text_page


def test_labelled_blocks_made_are_not_pickled(html_page: Page) -> None:
    before = pickle.dumps(html_page)
    assert html_page.blocks
    assert pickle.dumps(html_page) == before


def test_labelled_blocks_are_those_of_the_document(html_page: Page) -> None:
    assert [labelled.block for labelled in html_page.blocks] == list(html_page.document.blocks)
