"""Which language a text is in."""

from __future__ import annotations

import unicodedata

import pytest

from classifier.language import MOST_CHARACTERS, text_language

ENGLISH = "The ferry was late again, and nobody on the pier could say why it had been held."
RUSSIAN = "Паром ещё раз опоздал, и никто на пристани не мог сказать, чей это был приказ."
GERMAN = (
    "Der alte Leuchtturm steht seit mehr als hundert Jahren auf der Klippe und wird jede Nacht "
    "von einem Wärter bedient, der kein Wort spricht und niemals schläft, sagen die Fischer."
)
UKRAINIAN = (
    "Старий маяк стоїть на скелі вже понад сто років, і щоночі його запалює доглядач, який "
    "ніколи не спить, як кажуть рибалки в селі."
)

CASES = {
    "english": (ENGLISH, "en"),
    "russian": (RUSSIAN, "ru"),
    "decomposed": (unicodedata.normalize("NFD", RUSSIAN), "ru"),
    "mixed": (f"{ENGLISH} {RUSSIAN}", "mixed"),
    "mixed, decomposed": (unicodedata.normalize("NFD", f"{RUSSIAN} {ENGLISH}"), "mixed"),
    "russian with an english name": (f"{RUSSIAN} Ferry. {RUSSIAN}", "ru"),
    "english with a russian name": (f"{ENGLISH} Ёжик. {ENGLISH}", "en"),
    "few words without function words": ("Kettle, sugar", "en"),
    "few russian words without function words": ("Чайник, йод, ёлка", "ru"),
    "german": (GERMAN, "other"),
    "ukrainian": (UKRAINIAN, "other"),
    "ukrainian, decomposed": (unicodedata.normalize("NFD", UKRAINIAN), "other"),
    "belarusian": ("Ёсць у гэтым краі вёска, дзе ўсё яшчэ няма дарогі.", "other"),
    "english with a little german": (f"{ENGLISH * 4} {GERMAN}", "en"),
    "greek": ("Ο φάρος στέκει στον βράχο και κανείς δεν τον ανάβει.", "other"),
    "digits only": ("2024 12 31, 8:15", "other"),
    "signs only": ("— © …", "other"),
    "empty": ("", "other"),
}


@pytest.mark.parametrize(("text", "language"), CASES.values(), ids=CASES)
def test_language(text: str, language: str) -> None:
    assert text_language([text]) == language


def test_texts_are_taken_together() -> None:
    assert text_language([ENGLISH, RUSSIAN]) == "mixed"


def test_no_texts() -> None:
    assert text_language([]) == "other"


def test_only_the_first_million_characters_are_asked() -> None:
    english = "The tea is hot and we like it. " * (MOST_CHARACTERS // 31 + 1)
    assert (
        text_language([english, "Чай горячий, и он нам нравится, а ёж пьёт его. " * 99_999]) == "en"
    )
