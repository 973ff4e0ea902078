"""Gold text to the share of each block that it covers."""

from __future__ import annotations

import unicodedata

import pytest

from train.align import aligned_share, words

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
    assert aligned_share([DECOMPOSED], words("Свежий чайник и ёж")) == [1.0]


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
def test_aligned_share(blocks: list[str], gold: str, shares: list[float] | None) -> None:
    found = aligned_share(blocks, words(gold))
    if shares is None:
        assert sorted(found) == [0.0, 1.0]
    else:
        assert found == shares


def test_decomposed_text_aligns_with_itself() -> None:
    assert aligned_share(["Меню", DECOMPOSED], words(DECOMPOSED)) == [0.0, 1.0]


def test_no_blocks() -> None:
    assert aligned_share([], ["чай"]) == []
