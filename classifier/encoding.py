"""Bytes to text: the byte order mark first, then what the page is said to be, then what it is.

UTF-8 and UTF-16 show in the bytes themselves, so no label outweighs them: a page that says
windows-1251 and holds UTF-8 is UTF-8. A label decides among the encodings that any bytes fit, as
long as the words that it gives are words that somebody could have written.

What is left goes to chardet, which has a release a month. Narrowed to the encodings of English
and Russian pages, and shown only the words that are not ASCII, it is right about every one of 183
Russian pages and about more short phrases than charset-normalizer, cchardet, faust-cchardet,
chardetng and resiliparse are (`python -m train.measure_encodings`). Shown those words, it also
takes three Western pages in ten for Cyrillic, so it is not asked about words that are mostly
ASCII, and a Cyrillic answer must give a Cyrillic word.

Labels mean what the Encoding Standard says, https://encoding.spec.whatwg.org/#names-and-labels.
webencodings has its whole table and is kept up again since 2026.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

import webencodings

from classifier.errors import UnknownEncoding

DECLARATION_BYTES = 16_384
"""How far into a page its declaration may end, not counting what comments say. The standard asks
for 1,024 bytes, but browsers read on, and pages count on that."""

LONGEST_SHOWN = 100
"""Characters that an error shows of a label."""

SAMPLE_BYTES = 4_096
"""How many bytes of words that are not ASCII are enough to tell their encoding: 500 words."""

WHOLE_TO_BROKEN = 2
"""UTF-8 holds at least this many whole multi-byte characters for a broken one.

Damaged UTF-8 has hundreds, a short page some. In windows-1251 and koi8-r, pages that look like
UTF-8 here and there have 0.02, in cp866 0.22."""

SOUND_TO_ODD = 30
"""A Cyrillic label is believed outright if it gives this many sound words for an odd one.

On whole pages the right label gives 12 or more, mostly hundreds, and a wrong one up to 8. To doubt
a right label costs only time, since detection finds it again."""

CYRILLIC = frozenset(("windows-1251", "koi8-r", "koi8-u", "ibm866", "iso-8859-5", "x-mac-cyrillic"))

NEVER_BELIEVED = frozenset(("utf-16le", "utf-16be", "replacement"))
"""UTF-16 shows in the bytes or is not there; `replacement` is the standard's name for no text."""

MULTI_BYTE = frozenset(
    ("utf-8", "big5", "euc-jp", "euc-kr", "gb18030", "gbk", "iso-2022-jp", "shift_jis")
)

_MARKS = (
    ("utf-8", codecs.BOM_UTF8),
    ("utf-16le", codecs.BOM_UTF16_LE),
    ("utf-16be", codecs.BOM_UTF16_BE),
)
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Before a text it says how the text was encoded, and is no part of it."""

# What the standard makes of a declaration that was read as ASCII, so cannot be in UTF-16.
_DECLARED_AS = {"utf-16le": "utf-8", "utf-16be": "utf-8", "x-user-defined": "windows-1252"}

# The standard fills the holes of the Windows code pages with controls where ISO 8859 has its
# own. Python has errors there, which `surrogateescape` turns into lone surrogates.
_HOLE = re.compile("[\udc80-\udcff]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_HOLE_OF_WINDOWS_1251 = b"\x98"

# What the prescan of the HTML standard stops at, and what it takes for an attribute.
_MARKUP = re.compile(
    rb"<(?:(?P<comment>!--)|(?P<meta>meta)(?=[\s/])|(?P<tag>/?[a-z][^\s>]*)|[!/?])", re.IGNORECASE
)
_ATTRIBUTE = re.compile(
    rb"""[\s/]*([^\s/>][^\s/>=]*)\s*(?:=\s*(?:"([^"]*)(?:"|\Z)|'([^']*)(?:'|\Z)|([^\s>]*)))?"""
)
_TAG_END = re.compile(rb"[\s/]*>")
_XML = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"'>]*)["']""", re.IGNORECASE)
_CHARSET = re.compile(r"""charset\s*=\s*("[^"]*"|'[^']*'|[^\s;"']+)""", re.IGNORECASE)

# The upper halves of UTF-16's units in Latin and Cyrillic text.
_ROWS = (0x00, 0x04)

CANDIDATES = ("windows-1251", "koi8-r", "ibm866", "windows-1252")
_STRETCH = re.compile(rb"[\x80-\xff][^<>]{0,400}")
_LEAD = 16
_ALL_HIGH = re.compile(rb"[\x80-\xff]{3,}")
_HIGH = bytes(range(0x80, 0x100))
_NO_LETTERS = bytes(byte for byte in range(0x80) if not chr(byte).isalpha())
_BLANKED = bytes.maketrans(_NO_LETTERS, b" " * len(_NO_LETTERS))

_LETTERS = r"\N{CYRILLIC CAPITAL LETTER IE WITH GRAVE}-\N{CYRILLIC SMALL LETTER EL WITH DESCENDER}"
_LINES = r"\N{BOX DRAWINGS LIGHT HORIZONTAL}-\N{DARK SHADE}"
_WORD = re.compile(f"[A-Za-z{_LETTERS}{_LINES}]{{3,}}")
_CYRILLIC_WORD = re.compile(f"[{_LETTERS}]+")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page's text, without its byte order mark, and how it was found.

    `encoding` is the Encoding Standard's name in lower case. `source` is what decided: `bom`,
    `caller`, `declaration`, `detection`, or `default` where the bytes leave nothing to decide.
    """

    text: str
    encoding: str
    source: str


@dataclass(frozen=True, slots=True)
class _Reading:
    """How many words with Cyrillic letters are sound, and how many nobody would write."""

    sound: int
    odd: int


def decode(data: bytes | bytearray | memoryview, encoding: str | None = None) -> Decoded:
    """Decode a page. `encoding` is what the caller was told: a label, or a Content-Type header.

    Any bytes decode: where they fit no encoding, the text has U+FFFD. Raises `UnknownEncoding`
    if the caller's label is not one of the standard's.

    >>> decode("чай".encode("koi8-r"), "text/html; charset=KOI8-R")
    Decoded(text='чай', encoding='koi8-r', source='caller')
    >>> decode("чай".encode("utf-8"), "windows-1251")
    Decoded(text='чай', encoding='utf-8', source='detection')
    """
    page = bytes(data)
    caller = None if encoding is None else _named_by_caller(encoding)
    for name, mark in _MARKS:
        if page.startswith(mark):
            return Decoded(_text(page, name), name, "bom")
    labels = _labels(page, caller)
    unicode = _utf16(page) or _utf8(page)
    if unicode is not None:
        name, text = unicode
        return Decoded(text, name, labels.get(name, "detection"))
    words = non_ascii_words(page)
    for name, source in labels.items():
        if _believable(name, page, words):
            return Decoded(_text(page, name), name, source)
    if not words:
        return Decoded(_text(page, "utf-8"), "utf-8", "default")
    name = _detect(words) or next(filter(CYRILLIC.__contains__, labels), "windows-1252")
    return Decoded(_text(page, name), name, labels.get(name, "detection"))


def without_surrogates(text: str) -> str:
    """The text with U+FFFD for each half of a character, which no encoding has.

    >>> ascii(without_surrogates("чай \\ud83d")[-1])
    "'\\\\ufffd'"
    """
    return _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def declared_encoding(page: bytes) -> str | None:
    """The encoding that a page's `meta` elements or XML declaration name, in lower case.

    As in the HTML standard's prescan, tags and comments are told apart, so that what stands in a
    comment or in another tag's attribute declares nothing. Unknown names are passed over, UTF-16
    means UTF-8. It looks at the first `DECLARATION_BYTES`.

    >>> declared_encoding(b'<meta http-equiv=Content-Type content="text/html; charset=cp1251">')
    'windows-1251'
    """
    for label in _declared_labels(page):
        name = _lookup(label)
        if name is not None:
            return _DECLARED_AS.get(name, name)
    return None


def _declared_labels(page: bytes) -> Iterator[str]:
    lowered = page.lower()
    if b"charset" not in lowered and b"encoding" not in lowered:
        return
    for attributes in _metas(page):
        if "charset" in attributes:
            yield attributes["charset"].rstrip("/")
        elif attributes.get("http-equiv", "").lower() == "content-type":
            yield _charset_parameter(attributes.get("content", ""))
    xml = _XML.match(page, 0, DECLARATION_BYTES)
    if xml:
        yield xml[1].decode("latin-1")


def _metas(page: bytes) -> Iterator[dict[str, str]]:
    """The attributes of each `meta` that is not in a comment or in another tag's attribute."""
    position, end = 0, DECLARATION_BYTES
    while markup := _MARKUP.search(page, position, end):
        position = markup.end()
        if markup["comment"]:
            closed = page.find(b"-->", position - len(b"--"))
            if closed < 0:
                return
            end += max(0, closed - position)
            position = closed + len(b"-->")
        elif markup["meta"] or markup["tag"]:
            attributes, position = _attributes(page, position, end)
            if markup["meta"] and _TAG_END.match(page, position, end):
                yield attributes


def _attributes(page: bytes, position: int, end: int) -> tuple[dict[str, str], int]:
    """The attributes from a position on, the first of a name, and where they end."""
    attributes: dict[str, str] = {}
    while attribute := _ATTRIBUTE.match(page, position, end):
        name, *values = (part.decode("latin-1") for part in attribute.groups(b""))
        attributes.setdefault(name.lower(), "".join(values))  # one of them at most
        position = attribute.end()
    return attributes, position


def _charset_parameter(value: str) -> str:
    found = _CHARSET.search(value)
    return found[1].strip("\"'") if found else ""


def _named_by_caller(value: str) -> str | None:
    """The encoding that a label names, or a Content-Type header, which may name none."""
    label = _charset_parameter(value) or value.strip("\"' ")
    if not label or "/" in label:
        return None
    name = _lookup(label)
    if name is None:
        raise UnknownEncoding(
            f"{label[:LONGEST_SHOWN]!r} is not a label of the WHATWG Encoding Standard"
        )
    return name


def _lookup(label: str) -> str | None:
    found = webencodings.lookup(label) if label.isascii() else None
    return None if found is None else found.name


def _codec(name: str) -> codecs.CodecInfo:
    found = webencodings.lookup(name)
    if found is None:
        raise LookupError(name)
    return found.codec_info


def _labels(page: bytes, caller: str | None) -> dict[str, str]:
    """The encodings that a page is said to be in, and who says so: the caller first."""
    labels = {} if caller is None else {caller: "caller"}
    declared = declared_encoding(page)
    if declared is not None:
        labels.setdefault(declared, "declaration")
    return labels


def _text(page: bytes, name: str) -> str:
    codec = _codec(name)
    try:
        text, _ = codec.decode(page)
    except UnicodeDecodeError:
        if name in MULTI_BYTE or name in NEVER_BELIEVED:
            text, _ = codec.decode(page, "replace")
        else:
            text = _HOLE.sub(_fill_hole, codec.decode(page, "surrogateescape")[0])
    return text.lstrip(BYTE_ORDER_MARK)


def _fill_hole(hole: re.Match[str]) -> str:
    byte = ord(hole[0]) - 0xDC00
    return chr(byte) if byte < 0xA0 else "\N{REPLACEMENT CHARACTER}"


def _utf16(page: bytes) -> tuple[str, str] | None:
    """The name and text of a page in UTF-16 without a mark.

    Every other byte of Latin and Cyrillic text is then the number of the block, and the others
    hardly ever have that value. Nor has any byte of text in another encoding.
    """
    if not any(row in page for row in _ROWS):
        return None
    sample = page[:SAMPLE_BYTES]
    for name, rows, cells in (
        ("utf-16le", sample[1::2], sample[0::2]),
        ("utf-16be", sample[0::2], sample[1::2]),
    ):
        if _row_bytes(rows) * 2 > len(rows) and _row_bytes(cells) * 10 < len(cells):
            return name, _text(page, name)
    return None


def _row_bytes(half: bytes) -> int:
    return sum(half.count(row) for row in _ROWS)


def _utf8(page: bytes) -> tuple[str, str] | None:
    """The name and text of a page in UTF-8, if it has multi-byte characters, most of them whole.

    ASCII shows nothing: almost every encoding has it. A last character that was cut off counts
    neither as whole nor as broken.
    """
    if page.isascii():
        return None
    try:
        return "utf-8", page.decode("utf-8")
    except UnicodeDecodeError:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        text = decoder.decode(page)
    broken = text.count("\N{REPLACEMENT CHARACTER}")
    whole = len(text) - broken - len(page.translate(None, _HIGH))
    if whole < max(1, WHOLE_TO_BROKEN * broken):
        return None
    return "utf-8", text + decoder.decode(b"", final=True)


def non_ascii_words(page: bytes) -> bytes:
    """The words of a page that are not ASCII, apart by a space, about `SAMPLE_BYTES` of them."""
    if page.isascii():
        return b""
    words: list[bytes] = []
    size = end = 0
    for stretch in _STRETCH.finditer(page):
        start = max(end, stretch.start() - _LEAD)
        end = stretch.end()
        found = [word for word in page[start:end].translate(_BLANKED).split() if not word.isascii()]
        words += found
        size += sum(map(len, found)) + len(found)
        if size >= SAMPLE_BYTES:
            break
    return b" ".join(words)


def _believable(name: str, page: bytes, words: bytes) -> bool:
    """Whether a label can be true. Any bytes fit a single-byte encoding, so the words decide.

    windows-1252 is what servers say when nobody told them, often of Cyrillic text.
    """
    if name in NEVER_BELIEVED:
        return False
    if name in MULTI_BYTE:
        return _decodes(page, name)
    if name in CYRILLIC:
        reading = _read(words, name)
        return reading.odd * SOUND_TO_ODD <= reading.sound
    return name != "windows-1252" or not _mostly_high(words)


def _decodes(page: bytes, name: str) -> bool:
    """Whether all of a page decodes, but for a last character that was cut off."""
    try:
        _codec(name).incrementaldecoder("strict").decode(page)
    except UnicodeDecodeError:
        return False
    return True


def _read(words: bytes, name: str) -> _Reading:
    """Read words in an encoding. A wrong one mixes cases and scripts, or draws lines.

    Words with fewer than three different letters tell nothing: spaces and dashes of one encoding
    are letters of another.
    """
    found = [word for word in _WORD.findall(_text(words, name)) if not word.isascii()]
    telling = [word for word in found if len(set(word)) > 2]
    sound = sum(map(_is_sound, telling))
    return _Reading(sound, len(telling) - sound)


def _is_sound(word: str) -> bool:
    """Whether a word is all Cyrillic, in capitals or in small letters after the first.

    >>> [_is_sound(word) for word in ("Чай", "ЧАЙ", "чАЙ", "cafй")]
    [True, True, False, False]
    """
    return bool(_CYRILLIC_WORD.fullmatch(word)) and (word[1:].islower() or word.isupper())


def _mostly_high(words: bytes) -> bool:
    """Whether runs of bytes beyond ASCII outweigh the letters of ASCII between them.

    In Latin scripts they never do: few letters have accents, and hardly three in a row.
    """
    high = sum(map(len, _ALL_HIGH.findall(words)))
    letters = len(words.translate(None, _HIGH + b" "))
    return high > letters


def _detect(words: bytes) -> str | None:
    """The encoding that the words are in, or `None` if it gives no words that make sense."""
    if not _mostly_high(words):
        return "windows-1252"
    import chardet  # costs 100 ms with its tables, and most pages never need it

    found = chardet.detect(
        words.replace(_HOLE_OF_WINDOWS_1251, b""),
        include_encodings=CANDIDATES,
        no_match_encoding="windows-1252",
        compat_names=False,
    )
    name = _lookup(found["encoding"] or "")
    return None if name in CYRILLIC and not _read(words, name).sound else name
