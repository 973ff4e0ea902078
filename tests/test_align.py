"""Gold text to the share of each block that it covers."""

from __future__ import annotations

import unicodedata

import pytest

from train.align import align, words

WORDS = {
    "english": ("The cat’s 2 cups", ["the", "cat", "s", "2", "cups"]),
    "russian": ("Ёлка — чай, 2 шт.", ["ёлка", "чай", "2", "шт"]),
    "mixed": ("USB-кабель iOS", ["usb", "кабель", "ios"]),
    "no word": ("— …", []),
}
DECOMPOSED = unicodedata.normalize("NFD", "Свежий чайник и ёж")


@pytest.mark.parametrize(("text", "expected"), WORDS.values(), ids=WORDS)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_words_of_decomposed_text() -> None:
    assert list(map(len, words(DECOMPOSED))) == [6, 6, 1, 2]


def test_decomposed_block_aligns_with_composed_gold() -> None:
    assert align([DECOMPOSED], words("Свежий чайник и ёж")).share.tolist() == [1.0]


SHARES = {
    "none": (["Menu", "Tea"], "", [0.0, 0.0]),
    "english": (["Home | News", "Tea is a drink."], "tea is a hot drink", [0.0, 1.0]),
    "russian": (["Главная", "Ещё чай, ёж?"], "ещё чай ёж", [0.0, 1.0]),
    "mixed": (["Купить USB", "Мой iPhone"], "мой iphone", [0.0, 1.0]),
    "half": (["ёж и чай тут"], "ёж чай", [0.5]),
    "case does not count": (["ЁЖ И TEA"], "ёж и tea", [1.0]),
    "block without a word": (["—", "ёж"], "ёж", [0.0, 1.0]),
    "order counts": (["ёж", "чай"], "чай ёж", None),
    "each gold word is used once": (["ёж", "ёж"], "ёж", None),
}


@pytest.mark.parametrize(("blocks", "gold", "shares"), SHARES.values(), ids=SHARES)
def test_share(blocks: list[str], gold: str, shares: list[float] | None) -> None:
    found = align(blocks, words(gold)).share.tolist()
    if shares is None:
        assert sorted(found) == [0.0, 1.0]
    else:
        assert found == shares


def test_decomposed_text_aligns_with_itself() -> None:
    assert align(["Меню", DECOMPOSED], words(DECOMPOSED)).share.tolist() == [0.0, 1.0]


def test_no_blocks() -> None:
    assert align([], ["чай"]).share.tolist() == []


TWICE = {
    # blocks, gold, which of the blocks stand in the gold
    "headline in the breadcrumb": (
        "Home > Ferry lost|Ferry lost|Ann Orde|The ferry was lost at noon.",
        "Ferry lost. The ferry was lost at noon.",
        "-+-+",
    ),
    "russian headline in a menu": (
        "Ещё ёж|Меню|Ещё ёж|Пил чай и мёд, и ел йод.",
        "Ещё ёж пил чай и мёд, и ел йод.",
        "--++",
    ),
    "last line in the footer": (
        "Ёж пил чай и мёд.|The end|Меню|The end",
        "Ёж пил чай и мёд. The end",
        "++--",
    ),
    "in three places": (
        "Чай|Чай|Tea is a drink of leaves.|Чай",
        "Чай. Tea is a drink of leaves.",
        "-++-",
    ),
}


@pytest.mark.parametrize(("blocks", "gold", "stands"), TWICE.values(), ids=TWICE)
def test_of_equal_blocks_the_one_by_the_body_aligns(blocks: str, gold: str, stands: str) -> None:
    shares = align(blocks.split("|"), words(gold)).share
    assert "".join("+" if share >= 0.7 else "-" for share in shares) == stands
