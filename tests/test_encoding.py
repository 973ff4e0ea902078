"""Bytes to text. The texts are our own; an encoding is named as Python names its codec."""

from __future__ import annotations

import random
import subprocess
import sys
import unicodedata

import pytest

from classifier.encoding import (
    DECLARATION_BYTES,
    SAMPLE_BYTES,
    Decoded,
    declared_encoding,
    decode,
    non_ascii_words,
)
from classifier.errors import UnknownEncoding

RUSSIAN = (
    "Ёлку поставили в пятницу, а в субботу пришёл сосед Андрей и принёс чай. Мы пили его на кухне, "
    "смотрели в окно и спорили, чей самовар старше. К вечеру пошёл снег. Съёмка кончилась, "
    "объектив убрали в чехол. «Зайдёте ещё?» — спросил он. Конечно, зайдём: майский мёд сам себя "
    "не съест. В Петербург поехали только весной."
)
ENGLISH = (
    "The kettle wasn\N{RIGHT SINGLE QUOTATION MARK}t old, but it had a "
    "\N{LEFT DOUBLE QUOTATION MARK}history\N{RIGHT DOUBLE QUOTATION MARK} \N{EM DASH} or so he "
    "said, over a \N{POUND SIGN}3 cup of tea in the caf\N{LATIN SMALL LETTER E WITH ACUTE}."
)
MIXED = "Сервер nginx отдаёт страницу за 5 ms, а Apache — за 20. Ещё быстрее Varnish: в нём кэш."
FRENCH = (
    "Où étiez-vous cet été\N{NO-BREAK SPACE}? À la plage, près d'un café où l'on servait du thé "
    "glacé à des élèves très sérieux. L'après-midi, la forêt était déjà brûlée."
)
GERMAN = "Übermütige Bären hören schöne Märchen, größere Füchse mögen süße Äpfel und grüne Öfen."
POLISH = "Zażółć gęślą jaźń, powiedział źrebak, i poszedł spać pod płotem."
GREEK = "Το τσάι είναι ζεστό και ο ουρανός γαλανός. Ο Γιώργος πίνει τον καφέ του στην αυλή."
JAPANESE = "お茶はまだ熱いです。庭で猫が寝ています。"

# A page in English says little about its encoding when the words are in Russian, and vice versa.
TEXTS = {"russian": RUSSIAN, "english": ENGLISH, "mixed": MIXED}

NAMES = {
    "utf-8": "utf-8",
    "windows-1251": "windows-1251",
    "koi8-r": "koi8-r",
    "cp866": "ibm866",
    "utf-16-le": "utf-16le",
    "utf-16-be": "utf-16be",
}
SINGLE_BYTE = ("windows-1251", "koi8-r", "cp866")
CYRILLIC_LABELS = (*SINGLE_BYTE, "koi8-u", "iso-8859-5", "x-mac-cyrillic")
SCRIPT = "<script>" + "if (width < height) { resize(width + 1); }\n" * 400 + "</script>"
NBSP = "\N{NO-BREAK SPACE}"
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def page(text: str, encoding: str, declared: str = "", script: str = "") -> bytes:
    """A page in an encoding, which lacks a few signs; character references stand for those."""
    meta = f'<meta charset="{declared}">' if declared else ""
    return f"<html><head>{meta}</head>{script}<p>{text}</p>".encode(encoding, "xmlcharrefreplace")


def is_right(decoded: Decoded, original: bytes, encoding: str) -> bool:
    """Whether the text is what was encoded and the encoding has its standard name."""
    return decoded.text == original.decode(encoding) and decoded.encoding == NAMES[encoding]


# The byte order mark


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize(
    ("codec", "name"), [("utf-8", "utf-8"), ("utf-16-le", "utf-16le"), ("utf-16-be", "utf-16be")]
)
def test_byte_order_mark_decides_and_goes(codec: str, name: str, text: str) -> None:
    assert decode(("\ufeff" + text).encode(codec), "koi8-r") == Decoded(text, name, "bom")


def test_second_byte_order_mark_goes_too() -> None:
    assert decode("\ufeff\ufeffчай".encode()).text == "чай"


def test_byte_order_mark_holds_for_broken_bytes() -> None:
    assert decode(b"\xef\xbb\xbfa\xff\xff\xffb").text == f"a{REPLACEMENT * 3}b"


def test_half_a_unit_at_the_end_of_utf_16() -> None:
    assert decode(b"\xff\xfea\x00b").text == f"a{REPLACEMENT}"


# The caller's label


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("windows-1251", "windows-1251"),
        ("cp1251", "windows-1251"),
        ("x-cp1251", "windows-1251"),
        ("WINDOWS-1251", "windows-1251"),
        ("  koi8-r\n", "koi8-r"),
        ("koi8_r", "koi8-r"),
        ("koi", "koi8-r"),
        ("cp866", "ibm866"),
        ("866", "ibm866"),
        ("ibm866", "ibm866"),
        ('"UTF-8"', "utf-8"),
        ("utf8", "utf-8"),
        ("unicode-1-1-utf-8", "utf-8"),
        ("x-unicode20utf8", "utf-8"),
        ("iso-8859-1", "windows-1252"),
        ("latin1", "windows-1252"),
        ("ascii", "windows-1252"),
        ("text/html; charset=cp1251", "windows-1251"),
        ('text/html;charset="koi8-r";version=5', "koi8-r"),
        ("text/html; Charset = 'cp866'", "ibm866"),
    ],
)
def test_caller_label_means_what_the_standard_says(value: str, name: str) -> None:
    assert decode(b"tea", value) == Decoded("tea", name, "caller")


@pytest.mark.parametrize(
    "value", ["win-1251", "latin-1", "utf-9", "text/html; charset=russian", "кои8", "\ud800"]
)
def test_unknown_caller_label_is_an_error(value: str) -> None:
    with pytest.raises(UnknownEncoding):
        decode(b"tea", value)


def test_error_shows_the_start_of_a_long_label() -> None:
    with pytest.raises(UnknownEncoding) as caught:
        decode(b"tea", "ё\n" * 100_000)
    assert str(caught.value).startswith(repr("ё\n" * 50))
    assert len(str(caught.value)) < 300


def test_unknown_caller_label_is_an_error_even_with_a_byte_order_mark() -> None:
    with pytest.raises(UnknownEncoding):
        decode(b"\xef\xbb\xbftea", "utf-9")


@pytest.mark.parametrize("value", ["", '""', "text/html", "text/html; charset="])
def test_header_without_a_charset_says_nothing(value: str) -> None:
    assert decode(b"tea", value).source == "default"


def test_caller_goes_before_the_declaration() -> None:
    assert decode(page("tea", "ascii", declared="koi8-r"), "cp1251").source == "caller"


def test_caller_who_agrees_with_the_declaration_is_named() -> None:
    assert decode(page(RUSSIAN, "koi8-r", declared="koi8-r"), "koi8-r").source == "caller"


def test_declaration_is_used_where_the_caller_is_wrong() -> None:
    decoded = decode(page(RUSSIAN, "koi8-r", declared="koi8-r"), "windows-1251")
    assert (decoded.encoding, decoded.source) == ("koi8-r", "declaration")


# The page's declaration


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ('<meta charset="koi8-r">', "koi8-r"),
        ("<meta charset='koi8-r'>", "koi8-r"),
        ("<meta charset=koi8-r>", "koi8-r"),
        ("<meta charset=koi8-r/>", "koi8-r"),
        ('<META\nCHARSET = "KOI8-R" />', "koi8-r"),
        ('<meta/charset="koi8-r">', "koi8-r"),
        ('<meta name=x charset="koi8-r">', "koi8-r"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=cp866">', "ibm866"),
        ('<meta content="text/html;charset=cp866" http-equiv=content-type>', "ibm866"),
        ("<meta http-equiv='content-type' content='text/html; charset=\"cp866\"'>", "ibm866"),
        ('<?xml version="1.0" encoding="windows-1251"?>', "windows-1251"),
        ("\n<?xml version='1.0' encoding='windows-1251'?>", "windows-1251"),
        ('<?xml version="1.0" encoding="koi8-r"?><meta charset="utf-8">', "utf-8"),
        ('<!-- <meta charset="koi8-r"> --><meta charset="utf-8">', "utf-8"),
        ('<!-- never closed <meta charset="koi8-r">', None),
        ('<!--><meta charset="koi8-r">-->', "koi8-r"),
        ('<!---><meta charset="koi8-r">-->', "koi8-r"),
        ('<!-- a > b --!> <meta charset="koi8-r"> --><meta charset="utf-8">', "utf-8"),
        ('<!doctype html><!-- <p title="-->"><meta charset="koi8-r">', "koi8-r"),
        ("<div title='<meta charset=koi8-r>'><meta charset=utf-8>", "utf-8"),
        ('<div title="<meta charset=koi8-r>">', None),
        ('<div title="<!--"><meta charset="koi8-r">', "koi8-r"),
        ('<div title="never closed><meta charset=koi8-r>', None),
        ("<div title=never'closed><meta charset=koi8-r>", "koi8-r"),
        ('</p title="<meta charset=koi8-r>">', None),
        ("<meta title='a > b' charset='koi8-r'>", "koi8-r"),
        ("<meta charset=koi8-r charset=utf-8>", "koi8-r"),
        ("<meta charset charset=koi8-r>", None),
        ('<meta http-equiv="Content-Type"content="text/html; charset=koi8-r">', "koi8-r"),
        ("<meta charset=koi8-r", None),
        ("<meta charset=koi8-r <p>", "koi8-r"),
        ("a < b <meta charset=koi8-r>", "koi8-r"),
        ('<meta charset="win-1251"><meta charset="koi8-r">', "koi8-r"),
        ('<meta charset="кои8">', None),
        ('<meta charset="utf-16">', "utf-8"),
        ('<meta charset="utf-16be">', "utf-8"),
        ('<?xml version="1.0" encoding="utf-16"?>', "utf-8"),
        ('<meta charset="x-user-defined">', "windows-1252"),
        ('<meta name="description" content="what charset=koi8-r is">', None),
        ('<meta http-equiv="refresh" content="text/html; charset=koi8-r">', None),
        ('<meta data-charset="koi8-r">', None),
        ('<metadata charset="koi8-r">', None),
        ("<p>no declaration", None),
        ("", None),
    ],
)
def test_declaration(head: str, name: str | None) -> None:
    assert declared_encoding(head.encode()) == name


def test_declaration_may_come_late() -> None:
    assert declared_encoding(b" " * 8_000 + b"<meta charset=koi8-r>") == "koi8-r"


def test_declaration_must_be_near_the_start() -> None:
    assert declared_encoding(b" " * DECLARATION_BYTES + b"<meta charset=koi8-r>") is None


def test_comments_do_not_move_a_declaration_away() -> None:
    comment = b"<!--" + "ёж ".encode() * DECLARATION_BYTES + b"-->"
    assert declared_encoding(comment * 2 + b"<meta charset=koi8-r>") == "koi8-r"


@pytest.mark.parametrize("comment", [b"<!-->", b"<!--a-->"])
def test_many_comments_do(comment: bytes) -> None:
    page = comment * DECLARATION_BYTES + b"<meta charset=koi8-r>"
    assert declared_encoding(page) is None


def test_declared_page_names_its_source() -> None:
    assert decode(page(RUSSIAN, "cp866", declared="cp866")).source == "declaration"


# Every encoding, declared or not


@pytest.mark.parametrize("script", ["", SCRIPT], ids=["plain", "scripted"])
@pytest.mark.parametrize("text", [RUSSIAN, MIXED], ids=["russian", "mixed"])
@pytest.mark.parametrize("encoding", NAMES)
def test_undeclared_page(encoding: str, text: str, script: str) -> None:
    data = page(text, encoding, script=script)
    assert is_right(decode(data), data, encoding)


@pytest.mark.parametrize("script", ["", SCRIPT], ids=["plain", "scripted"])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("encoding", NAMES)
def test_declared_page(encoding: str, text: str, script: str) -> None:
    data = page(text, encoding, declared=encoding, script=script)
    assert is_right(decode(data), data, encoding)


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "windows-1251"),
        ("utf-8", "koi8-r"),
        ("utf-8", "iso-8859-1"),
        ("utf-8", "gbk"),
        ("windows-1251", "utf-8"),
        ("windows-1251", "koi8-r"),
        ("windows-1251", "cp866"),
        ("windows-1251", "iso-8859-1"),
        ("windows-1251", "utf-16"),
        ("koi8-r", "utf-8"),
        ("koi8-r", "windows-1251"),
        ("koi8-r", "cp866"),
        ("koi8-r", "iso-8859-1"),
        ("cp866", "utf-8"),
        ("cp866", "windows-1251"),
        ("cp866", "koi8-r"),
        ("cp866", "iso-8859-1"),
        ("utf-16-le", "windows-1251"),
        ("utf-16-be", "utf-8"),
    ],
)
@pytest.mark.parametrize("who", ["caller", "declaration"])
def test_wrong_label_is_found_out(encoding: str, declared: str, who: str) -> None:
    if who == "caller":
        data = page(RUSSIAN, encoding)
        decoded = decode(data, declared)
    else:
        data = page(RUSSIAN, encoding, declared)
        decoded = decode(data)
    assert is_right(decoded, data, encoding)
    assert decoded.source == "detection"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_decomposed_letters_stay_decomposed(encoding: str) -> None:
    text = unicodedata.normalize("NFD", RUSSIAN)
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize("encoding", SINGLE_BYTE)
def test_ukrainian_under_its_own_label(encoding: str) -> None:
    text = "Чай ще гарячий, а сніг уже йде. Добридень, Андрію!"
    data = page(text, encoding, declared=encoding)
    assert decode(data).text == data.decode(encoding)


@pytest.mark.parametrize("encoding", SINGLE_BYTE)
def test_capitals_are_believed_under_a_label(encoding: str) -> None:
    text = "ДОСТАВКА ЧАЯ И САМОВАРОВ ПО ВСЕЙ СТРАНЕ, КРОМЕ ВОСКРЕСЕНЬЯ"
    assert decode(text.encode(encoding), encoding).text == text


@pytest.mark.parametrize("encoding", SINGLE_BYTE)
def test_label_is_kept_where_the_words_tell_nothing(encoding: str) -> None:
    assert decode("ЧайСклад".encode(encoding), encoding).text == "ЧайСклад"


def test_label_of_bytes_that_break_it_is_not_kept_where_the_words_tell_nothing() -> None:
    assert REPLACEMENT not in decode("ЧайСклад".encode("windows-1251"), "utf-8").text


@pytest.mark.parametrize("encoding", SINGLE_BYTE)
def test_doubted_label_that_detection_confirms(encoding: str) -> None:
    data = ("ЧайСклад и МёдСклад открыты. " + RUSSIAN).encode(encoding, "ignore")
    assert decode(data, encoding).source == "caller"


@pytest.mark.parametrize("encoding", SINGLE_BYTE)
@pytest.mark.parametrize("text", ["чаю", "Самовар", "Пришёл сосед", "чай и мёд на столе"])
def test_a_few_words(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).text == text


# Damaged UTF-8


@pytest.mark.parametrize("label", [None, "utf-8", "windows-1251"])
@pytest.mark.parametrize("text", [RUSSIAN, ENGLISH], ids=["russian", "english"])
def test_utf_8_cut_inside_a_character(text: str, label: str | None) -> None:
    whole = text.rstrip("é.") + " "
    assert decode((whole + "ё").encode()[:-1], label) == Decoded(
        whole + REPLACEMENT, "utf-8", "caller" if label == "utf-8" else "detection"
    )


@pytest.mark.parametrize("label", [None, "utf-8", "windows-1251"])
def test_stray_byte_in_utf_8(label: str | None) -> None:
    data = RUSSIAN.encode() + b"\x93" + RUSSIAN.encode()
    assert decode(data, label).text == RUSSIAN + REPLACEMENT + RUSSIAN


def test_ascii_with_a_cut_character_is_utf_8_if_it_says_so() -> None:
    assert decode(b"tea \xd1", "utf-8") == Decoded(f"tea {REPLACEMENT}", "utf-8", "caller")


def test_ascii_with_a_last_odd_byte_is_not_utf_8_if_it_does_not_say_so() -> None:
    assert decode(b"caf\xe9").text == "café"


def test_one_whole_character_among_broken_ones_is_not_utf_8() -> None:
    data = "Чай ещё горячий РЎ".encode("windows-1251")
    assert data.endswith("С".encode())
    assert decode(data).encoding == "windows-1251"


def test_declared_utf_8_that_is_windows_1252() -> None:
    data = page(ENGLISH, "windows-1252", declared="utf-8")
    assert decode(data).text == data.decode("windows-1252")


# UTF-16 without a mark


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["Привет", "tea", RUSSIAN, ENGLISH])
def test_utf_16_without_a_mark_or_markup(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == Decoded(text, NAMES[encoding], "detection")


def test_utf_16_names_the_caller_who_said_so() -> None:
    assert decode("чай".encode("utf-16-le"), "utf-16").source == "caller"


@pytest.mark.parametrize("label", ["utf-16", "utf-16be"])
def test_ascii_is_not_utf_16_whatever_the_caller_says(label: str) -> None:
    assert decode(b"tea time", label) == Decoded("tea time", "utf-8", "default")


def test_nul_bytes_alone_are_not_utf_16() -> None:
    assert decode(b"\0" * 10).text == "\0" * 10


@pytest.mark.parametrize("text", ["te\0a", "ча\0й", "\4", "\0"])
def test_stray_controls_do_not_make_utf_16(text: str) -> None:
    assert decode(text.encode()).text == text


# Latin scripts


@pytest.mark.parametrize("label", [None, "iso-8859-1", "utf-8"])
@pytest.mark.parametrize("text", [ENGLISH, FRENCH, GERMAN], ids=["english", "french", "german"])
def test_western_page(text: str, label: str | None) -> None:
    decoded = decode(text.encode("windows-1252"), label)
    assert (decoded.text, decoded.encoding) == (text, "windows-1252")


@pytest.mark.parametrize("text", [FRENCH, GERMAN], ids=["french", "german"])
@pytest.mark.parametrize("label", CYRILLIC_LABELS)
def test_western_page_under_a_cyrillic_label(label: str, text: str) -> None:
    assert decode(text.encode("windows-1252"), label).text == text


@pytest.mark.parametrize("label", SINGLE_BYTE)
def test_english_page_under_a_cyrillic_label_keeps_its_words(label: str) -> None:
    assert "history" in decode(ENGLISH.encode("windows-1252"), label).text


@pytest.mark.parametrize(
    "text",
    [
        "\N{POUND SIGN}5",
        f"\N{RIGHT DOUBLE QUOTATION MARK}{NBSP * 5}",
        f"Menu{NBSP * 40}",
        f"tea{NBSP * 20}\N{BULLET}{NBSP * 3}mint",
        "\N{EM DASH}" * 20,
        "éÉèÈêÊëËçÇàÀÂâüÜôÏï",
        "à",
        "«\N{NO-BREAK SPACE}Oui\N{NO-BREAK SPACE}»",
    ],
)
def test_signs_and_accents_are_not_cyrillic(text: str) -> None:
    assert decode(text.encode("windows-1252")).text == text


# Encodings that only a label can name


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("windows-1250", POLISH),
        ("iso-8859-2", POLISH),
        ("windows-1253", GREEK),
        ("shift_jis", JAPANESE),
        ("euc-jp", JAPANESE),
        ("iso-2022-jp", JAPANESE),
        ("gb18030", "茶还很热。"),
        ("koi8-u", "Чай ще гарячий, а ґава вже в гаю."),
        ("x-mac-cyrillic", RUSSIAN),
        ("iso-8859-5", "Чай ещё горячий, а мёд уже на столе."),
    ],
)
def test_other_encodings_are_taken_at_their_word(label: str, text: str) -> None:
    codec = "mac-cyrillic" if label == "x-mac-cyrillic" else label
    assert decode(text.encode(codec), label) == Decoded(text, label, "caller")


def test_multi_byte_page_may_be_cut_inside_a_character() -> None:
    assert decode(JAPANESE.encode("shift_jis")[:-1], "shift_jis").encoding == "shift_jis"


def test_multi_byte_label_is_not_believed_of_bytes_that_break_it() -> None:
    assert decode("caf\xe9 au lait".encode("windows-1252"), "shift_jis").text == "café au lait"


def test_standard_knows_encodings_that_nobody_decodes() -> None:
    assert decode(b"tea", "iso-2022-kr").text == "tea"


@pytest.mark.parametrize(
    ("label", "byte", "character"),
    [
        ("windows-1251", b"\x98", "\x98"),
        ("windows-1252", b"\x81", "\x81"),
        ("windows-1253", b"\xd2", REPLACEMENT),
    ],
)
def test_holes_of_code_pages(label: str, byte: bytes, character: str) -> None:
    assert decode(b"tea " + byte, label) == Decoded(f"tea {character}", label, "caller")


def test_hole_does_not_hide_an_undeclared_encoding() -> None:
    data = RUSSIAN.encode("windows-1251", "ignore") + b"\x98"
    assert decode(data).encoding == "windows-1251"


# Any bytes


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_every_kind_of_bytes(kind: type[bytes | bytearray | memoryview]) -> None:
    assert decode(kind("чай".encode())).text == "чай"


@pytest.mark.parametrize("data", [b"", b"tea", b"<p>tea & milk</p>\r\n"])
def test_ascii_is_utf_8_by_default(data: bytes) -> None:
    assert decode(data) == Decoded(data.decode(), "utf-8", "default")


@pytest.mark.parametrize("label", [None, "utf-8", "cp1251", "koi8-r", "utf-16", "big5", "latin1"])
def test_no_bytes_fail(label: str | None) -> None:
    chance = random.Random(7)
    for size in range(200):
        assert isinstance(decode(chance.randbytes(size), label).text, str)


def test_sample_is_bounded() -> None:
    data = page(RUSSIAN * 100, "windows-1251")
    assert SAMPLE_BYTES <= len(non_ascii_words(data)) < SAMPLE_BYTES + 500


def test_sample_has_whole_words_and_no_others() -> None:
    data = "<b class=x>Чай</b> and tea, caf\xe9 too".replace("\xe9", "й")
    assert non_ascii_words(data.encode("koi8-r")) == "Чай cafй".encode("koi8-r")


def test_sample_has_each_word_once() -> None:
    assert non_ascii_words("чай<b>мёд</b>сыр".encode("koi8-r")) == "чай мёд сыр".encode("koi8-r")


def test_detector_is_loaded_only_when_needed() -> None:
    program = (
        "import sys; from classifier.encoding import decode;"
        "decode('Чай ещё горячий'.encode('cp1251'), 'cp1251');"
        "decode(b'le caf\\xe9\\xa0\\xbb d\\xe9j\\xe0');"
        "decode('чай'.encode()); sys.exit('chardet' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


# Known failures


@pytest.mark.xfail(strict=True, reason="the capitals of windows-1251 are koi8-r's small letters")
@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r"])
def test_undeclared_capitals(encoding: str) -> None:
    text = "ДОСТАВКА ЧАЯ И САМОВАРОВ ПО ВСЕЙ СТРАНЕ, КРОМЕ ВОСКРЕСЕНЬЯ"
    assert decode(text.encode(encoding)).text == text


@pytest.mark.xfail(strict=True, reason="without a capital, the wrong label gives sound capitals")
def test_wrong_label_on_a_phrase_in_small_letters() -> None:
    text = "чай и мёд на столе"
    assert decode(text.encode("koi8-r"), "windows-1251").text == text


@pytest.mark.xfail(strict=True, reason="words of two letters are too little to tell scripts apart")
def test_undeclared_words_of_two_letters() -> None:
    assert decode("от и до".encode("windows-1251")).text == "от и до"


@pytest.mark.xfail(strict=True, reason="a few Russian words in cp866 are valid UTF-8")
def test_word_in_cp866_that_is_valid_utf_8() -> None:
    assert decode("чем".encode("cp866"), "cp866").text == "чем"


@pytest.mark.xfail(strict=True, reason="detection looks for English and Russian only")
@pytest.mark.parametrize(("codec", "text"), [("windows-1253", GREEK), ("windows-1250", POLISH)])
def test_undeclared_page_in_another_script(codec: str, text: str) -> None:
    assert decode(text.encode(codec)).text == text
