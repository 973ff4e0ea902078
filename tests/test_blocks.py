"""The nouns that everything else speaks in."""

from __future__ import annotations

import dataclasses
import json
import pickle

import pytest

from classifier.blocks import Block, Blocks, Document, Element, Label, LabeledBlock, Markup

BREVE, DIAERESIS = "\N{COMBINING BREVE}", "\N{COMBINING DIAERESIS}"
TEXTS = {"english": "tea", "russian": "ещё чай", "decomposed": f"чаи{BREVE}", "mixed": "iOS и йод"}
EVERY_TEXT = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)


@pytest.mark.parametrize("name", ["content", "noise"])
def test_label_is_its_name(name: str) -> None:
    assert Label(name) == name


@pytest.mark.parametrize("name", ["content", "noise"])
def test_label_is_shown_as_its_name(name: str) -> None:
    assert f"{Label(name)} {Label(name)!s}" == f"{name} {name}"


def test_label_in_json() -> None:
    assert json.dumps(Label.NOISE) == '"noise"'


@pytest.mark.parametrize("name", ["", "Content", "контент", "ads"])
def test_no_other_labels(name: str) -> None:
    with pytest.raises(ValueError, match="is not a valid Label"):
        Label(name)


def test_labels() -> None:
    assert [label.value for label in Label] == ["content", "noise"]


@EVERY_TEXT
def test_markup_and_span_are_absent_by_default(text: str) -> None:
    assert (Block(text).markup, Block(text).span) == (None, None)


def test_absent_markup_is_not_empty_markup() -> None:
    assert Block("чай") != Block("чай", Markup())


def test_empty_markup() -> None:
    assert Markup() == ((), 0, 0, 0, 0)


def test_element_has_no_names_and_is_visible_by_default() -> None:
    assert Element(1, "p") == (1, "p", "", False)


def test_document_declares_nothing_by_default() -> None:
    assert Document(Blocks.of([])) == Document(Blocks.of([]), "", "", ())


@EVERY_TEXT
def test_labeled_block_has_the_text_of_its_block(text: str) -> None:
    assert LabeledBlock(Block(text), Label.CONTENT, 0.9).text == text


@EVERY_TEXT
def test_labeled_block_has_the_span_of_its_block(text: str) -> None:
    block = Block(text, span=(2, 2 + len(text)))
    assert LabeledBlock(block, Label.NOISE, 0.1).span == (2, 2 + len(text))


@EVERY_TEXT
def test_composed_and_decomposed_blocks_differ(text: str) -> None:
    assert (Block(text) == Block("чай")) is (text == "чай")


NOUNS = {
    "block": Block("ёж", Markup((Element(1, "p"),), 1), (0, 2)),
    "blocks": Blocks.of([Block("ёж", Markup((Element(1, "p"),)))]),
    "document": Document(Blocks.of([Block("ёж")]), "Й", "tea", ("article",)),
    "labeled block": LabeledBlock(Block("ёж"), Label.CONTENT, 0.5),
}
EVERY_NOUN = pytest.mark.parametrize("noun", NOUNS.values(), ids=NOUNS)


@EVERY_NOUN
def test_nothing_can_be_changed(noun: Block | Blocks | Document | LabeledBlock) -> None:
    for name in (field.name for field in dataclasses.fields(noun)):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(noun, name, None)


@EVERY_NOUN
def test_equal_nouns_have_equal_hashes(noun: Block | Blocks | Document | LabeledBlock) -> None:
    assert hash(dataclasses.replace(noun)) == hash(noun)


@EVERY_NOUN
def test_nouns_survive_pickling(noun: Block | Blocks | Document | LabeledBlock) -> None:
    assert pickle.loads(pickle.dumps(noun)) == noun


OUTER, INNER = Element(1, "div", "post ёж", hidden=True), Element(3, "p")
SEQUENCES = {
    "nothing": (),
    "english": (Block("Tea", Markup((OUTER, INNER), 1, 3, 2, 4)),),
    "russian": (Block("Ёж и чай", Markup((OUTER,))),),
    "decomposed": (Block(f"Е{DIAERESIS}ж, чаи{BREVE}", Markup()),),
    "mixed script": (Block("iPhone ещё жив", span=(3, 17)),),
    "shared elements": (
        Block("чай", Markup((OUTER, INNER))),
        Block("tea", Markup((OUTER, Element(4, "p")))),
        Block("ёж", Markup((OUTER,))),
        Block("й"),
        Block("milk", Markup((OUTER, Element(5, "p", "post")))),
    ),
}
EVERY_SEQUENCE = pytest.mark.parametrize("blocks", SEQUENCES.values(), ids=SEQUENCES)


@EVERY_SEQUENCE
def test_columns_give_the_same_blocks(blocks: tuple[Block, ...]) -> None:
    assert tuple(Blocks.of(blocks)) == blocks


@EVERY_SEQUENCE
def test_pickled_columns_give_the_same_blocks(blocks: tuple[Block, ...]) -> None:
    assert tuple(pickle.loads(pickle.dumps(Blocks.of(blocks)))) == blocks


@EVERY_SEQUENCE
def test_columns_know_how_many_blocks_they_have(blocks: tuple[Block, ...]) -> None:
    assert len(Blocks.of(blocks)) == len(blocks)


def test_a_block_is_made_once() -> None:
    blocks = Blocks.of(SEQUENCES["shared elements"])
    assert blocks[1] is blocks[1]


def test_some_of_the_blocks() -> None:
    blocks = SEQUENCES["shared elements"]
    assert Blocks.of(blocks)[1:-1] == blocks[1:-1]


def test_elements_that_blocks_share_stand_in_the_columns_once() -> None:
    blocks = Blocks.of(SEQUENCES["shared elements"])
    assert (blocks.shared, blocks.new) == ([0, 1, 1, 0, 0], [2, 1, 0, 0, 2])


def test_kinds_stand_in_the_columns_once() -> None:
    blocks = Blocks.of(SEQUENCES["shared elements"])
    assert blocks.kinds == [OUTER[1:], INNER[1:], ("p", "post", False)]


def test_blocks_made_are_not_pickled() -> None:
    blocks = Blocks.of(SEQUENCES["shared elements"])
    before = pickle.dumps(blocks)
    assert blocks[0].text == "чай"
    assert pickle.dumps(blocks) == before


@pytest.mark.parametrize("other", [Blocks.of([Block("чаи")]), (Block("чай"),), "чай"])
def test_blocks_are_not_what_only_looks_like_them(other: object) -> None:
    assert Blocks.of([Block("чай")]) != other


@EVERY_SEQUENCE
def test_parts_have_all_blocks(blocks: tuple[Block, ...]) -> None:
    parts = list(Blocks.of(blocks).parts([1, 0, 3, 1]))
    assert [block for part in parts for block in part] == list(blocks)


def test_parts_are_as_large_as_asked_for() -> None:
    parts = Blocks.of(SEQUENCES["shared elements"]).parts([1, 0, 3, 1])
    assert list(map(len, parts)) == [1, 0, 3, 1]
