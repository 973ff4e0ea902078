"""The nouns that everything else speaks in."""

from __future__ import annotations

import dataclasses
import json
import pickle

import pytest

from classifier.blocks import Block, Document, Element, Label, LabeledBlock, Markup

BREVE = "\N{COMBINING BREVE}"
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
    assert Document(()) == Document((), "", "", ())


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
    "document": Document((Block("ёж"),), "Й", "tea", ("article",)),
    "labeled block": LabeledBlock(Block("ёж"), Label.CONTENT, 0.5),
}
EVERY_NOUN = pytest.mark.parametrize("noun", NOUNS.values(), ids=NOUNS)


@EVERY_NOUN
def test_nothing_can_be_changed(noun: Block | Document | LabeledBlock) -> None:
    for name in (field.name for field in dataclasses.fields(noun)):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(noun, name, None)


@EVERY_NOUN
def test_equal_nouns_have_equal_hashes(noun: Block | Document | LabeledBlock) -> None:
    assert hash(dataclasses.replace(noun)) == hash(noun)


@EVERY_NOUN
def test_nouns_survive_pickling(noun: Block | Document | LabeledBlock) -> None:
    assert pickle.loads(pickle.dumps(noun)) == noun
