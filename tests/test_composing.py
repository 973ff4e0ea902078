"""Letters composed, but for runs of marks that no language has."""

from __future__ import annotations

import pytest

from classifier.composing import LONGEST_RUN, compose, join_composed

BREVE, DIAERESIS = "\N{COMBINING BREVE}", "\N{COMBINING DIAERESIS}"
BELOW = "\N{COMBINING DOT BELOW}"

COMPOSED = {
    "english": (f"nai{DIAERESIS}ve", "naïve"),
    "russian": (f"Е{DIAERESIS}ж, чаи{BREVE}", "Ёж, чай"),
    "composed": ("Ёж, чай, naïve", "Ёж, чай, naïve"),
    "mixed": (f"Wi-Fi еще{DIAERESIS}", "Wi-Fi ещё"),
    "behind a rule": (f"{'—' * 99} е{DIAERESIS}ж", f"{'—' * 99} ёж"),
    "as many marks as a text may have": (
        f"е{BELOW * (LONGEST_RUN - 2)}{DIAERESIS}",
        f"ё{BELOW * (LONGEST_RUN - 2)}",
    ),
    "more marks": (
        f"е{BELOW * (LONGEST_RUN - 1)}{DIAERESIS}",
        f"е{BELOW * (LONGEST_RUN - 1)}{DIAERESIS}",
    ),
}


@pytest.mark.parametrize(("text", "composed"), COMPOSED.values(), ids=COMPOSED)
def test_compose(text: str, composed: str) -> None:
    assert compose(text) == composed


@pytest.mark.parametrize(("text", "composed"), COMPOSED.values(), ids=COMPOSED)
def test_join_composed(text: str, composed: str) -> None:
    joined, texts = join_composed(["чай", text])
    assert (joined, list(texts)) == (f"чай\n{composed}", ["чай", composed])
