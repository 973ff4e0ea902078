"""Pages that were packed are the same pages."""

from __future__ import annotations

import pickle

import pytest

from classifier import Page, classify_html, classify_text
from classifier.blocks import Block, Element, Label, LabeledBlock, Markup
from classifier.packing import pack_blocks, unpack_blocks

BREVE, DIAERESIS = "\N{COMBINING BREVE}", "\N{COMBINING DIAERESIS}"

OUTER, INNER = Element(1, "div", "post ёж", hidden=True), Element(3, "p")


def labelled(text: str, markup: Markup | None, span: tuple[int, int] | None = None) -> LabeledBlock:
    return LabeledBlock(Block(text, markup, span), Label.CONTENT, 0.75)


BLOCKS = {
    "nothing": (),
    "english": (labelled("Tea", Markup((OUTER, INNER), 1, 3, 2, 4)),),
    "russian": (labelled("Ёж и чай", Markup((OUTER,))),),
    "decomposed": (labelled(f"Е{DIAERESIS}ж, чаи{BREVE}", Markup()),),
    "mixed script": (labelled("iPhone ещё жив", None, (3, 17)),),
    "noise": (LabeledBlock(Block("Home"), Label.NOISE, 0.25),),
    "shared elements": (
        labelled("чай", Markup((OUTER, INNER))),
        labelled("tea", Markup((OUTER, Element(4, "p")))),
        labelled("ёж", Markup((OUTER,))),
        labelled("й", None),
        labelled("milk", Markup((OUTER, Element(5, "p", "post")))),
    ),
}


@pytest.mark.parametrize("blocks", BLOCKS.values(), ids=BLOCKS)
def test_blocks_are_the_same_after_packing(blocks: tuple[LabeledBlock, ...]) -> None:
    assert unpack_blocks(pack_blocks(blocks)) == blocks


def test_packed_blocks_name_an_element_once() -> None:
    assert pickle.dumps(pack_blocks(BLOCKS["shared elements"])).count(OUTER.names.encode()) == 1


HTML = "<title>Чай</title><nav class=menu>Home<li>Ёж</nav><article><h1>Чай</h1><p>Tea and чай."


@pytest.mark.parametrize("page", [classify_html(HTML), classify_text("Home\nЧай, tea.")])
def test_page_is_the_same_after_pickling(page: Page) -> None:
    assert pickle.loads(pickle.dumps(page)) == page


def test_pickled_page_shares_its_blocks_with_its_document() -> None:
    page = pickle.loads(pickle.dumps(classify_html(HTML)))
    assert all(
        labelled.block is block for labelled, block in zip(page.blocks, page.document.blocks)
    )
