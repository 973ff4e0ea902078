"""Plain text to blocks. In the expected blocks, a `|` sets two of them apart."""

from __future__ import annotations

import json
import random
import textwrap
from pathlib import Path

import pytest

from classifier.blocks import Block, Blocks, Document
from classifier.encoding import BYTE_ORDER_MARK
from classifier.text import NARROWEST_WRAP, WIDEST_WRAP, parse_text, wrap_width

BREVE = "\N{COMBINING BREVE}"
DIAERESIS = "\N{COMBINING DIAERESIS}"
NBSP = "\N{NO-BREAK SPACE}"

Paragraphs = tuple[str, str]

# No word that begins a list item, and none that is longer than a narrow line.
SCRIPTS: dict[str, Paragraphs] = {
    "english": (
        "The lamp in the harbour office was left on all night, and nobody could say by whom. The "
        "clerk had gone home at six, the porter at seven, and the cat, who had a key of her own "
        "as the porter liked to say, was seen at the fish market until late. In the morning the "
        "bill came, and it was talked about on the pier for a long time afterwards.",
        "The porter lit one more lamp, put the kettle on and sat down to write to his brother, "
        "who kept the lighthouse across the strait. He did not expect an answer before spring: "
        "the ice closed the strait in November and left, the fishermen said, when it wished to, "
        "while the mail boat only sailed until the first big floe.",
    ),
    "russian": (
        "Лампа в портовой конторе горела всю ночь, и никто не мог сказать, кто её зажёг. "
        "Приказчик ушёл домой в шесть, сторож в семь, а кошку, у которой, как говорил сторож, "
        "есть свой ключ, до позднего часа видели на рыбном рынке. Утром пришёл счёт, и его ещё "
        "долго обсуждали на пристани все, кто зашёл погреться.",
        "Сторож зажёг ещё одну лампу, поставил чайник и сел писать письмо брату, который служил "
        "на маяке за проливом. Ответа он не ждал раньше весны: лёд в проливе вставал в ноябре, а "
        "сходил, по словам рыбаков, когда хотел, и почтовый катер ходил только до первой большой "
        "льдины.",
    ),
    "mixed": (
        "Роутер стоял в углу под столом и мигал, хотя кабель Ethernet ещё вчера унёс сторож. "
        "The status page said offline, а телефон показывал Wi-Fi с полным сигналом. Тогда мы "
        "открыли логи: sshd принимал соединения с адреса, который никто не узнал, and then the "
        "lights went out, и до утра мы сидели в темноте с одним ноутбуком.",
        "Утром пришёл электрик, спросил login и password, пошутил про firewall и заменил пробку. "
        "Роутер ожил и сразу обновил firmware, так что пароль опять стал admin. My advice: не "
        "оставляйте ёлочную гирлянду в одной розетке с сервером, even if it is christmas eve, "
        "потому что ей всё равно, чей это сервер и чей праздник.",
    ),
}


def decomposed(text: str) -> str:
    """The text with its Russian letters in two parts."""
    letters = {"й": f"и{BREVE}", "ё": f"е{DIAERESIS}", "Й": f"И{BREVE}", "Ё": f"Е{DIAERESIS}"}
    return "".join(letters.get(letter, letter) for letter in text)


SCRIPTS["decomposed"] = (decomposed(SCRIPTS["russian"][0]), decomposed(SCRIPTS["russian"][1]))
EVERY_SCRIPT = pytest.mark.parametrize("paragraphs", SCRIPTS.values(), ids=SCRIPTS)

WORDS = {
    "english": ("kettle", "old jug", "sugar", "spoon"),
    "russian": ("чайник", "свежий мёд", "ещё", "йод"),
    "decomposed": tuple(map(decomposed, ("чайник", "свежий мёд", "ещё", "йод"))),
    "mixed": ("USB-кабель", "чайник Wi-Fi", "ёлка-LED", "iPhone-йод"),
}
EVERY_WORDS = pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)


def wrap(text: str, width: int = 72, first: str = "", rest: str = "") -> str:
    """The text wrapped at a width, with the indents of the first line and of the rest."""
    return textwrap.fill(
        text,
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def put(template: str, words: tuple[str, ...]) -> str:
    """The template with its letters A to D replaced by the words."""
    return template.translate(dict(zip(map(ord, "ABCD"), words)))


def texts(text: str) -> list[str]:
    return [block.text for block in parse_text(text).blocks]


def bare(text: str) -> str:
    """The text without its white space."""
    return "".join(text.split())


def check_spans(text: str) -> None:
    """Spans are in order, lie apart, and hold what the blocks say; no character gets lost."""
    blocks = parse_text(text).blocks
    end = 0
    for block in blocks:
        assert block.span is not None
        assert end <= block.span[0] < block.span[1] <= len(text)
        end = block.span[1]
        assert bare(text[slice(*block.span)]) == bare(block.text)
    assert "".join(bare(block.text) for block in blocks) == bare(text.lstrip(BYTE_ORDER_MARK))


# A line is a block

LINES = {
    "one": ("A", "A"),
    "two": ("A\nB", "A|B"),
    "an empty line between": ("A\n\nB", "A|B"),
    "many empty lines": ("\n\n\nA\n\n\n\n\nB\n\n", "A|B"),
    "carriage return": ("A\rB", "A|B"),
    "carriage return and line feed": ("A\r\nB\r\n", "A|B"),
    "form feed": ("A\fB", "A|B"),
    "vertical tab": ("A\vB", "A|B"),
    "next line": ("A\x85B", "A|B"),
    "line separator": ("A\N{LINE SEPARATOR}B", "A|B"),
    "paragraph separator": ("A\N{PARAGRAPH SEPARATOR}B", "A|B"),
    "information separators": ("A\x1cB\x1dC\x1eD", "A|B|C|D"),
    "spaces at both ends": ("  A \t\n\t B ", "A|B"),
    "no-break spaces at both ends": (f"{NBSP}A{NBSP}\n", "A"),
    "a line of spaces": (f"A\n \t{NBSP}\nB", "A|B"),
    "spaces inside": ("A  B\t C", "A  B\t C"),
    "a no-break space inside": (f"A{NBSP}B", f"A{NBSP}B"),
    "a NUL": ("A\0B", "A\0B"),
    "a byte order mark": (f"{BYTE_ORDER_MARK}A\nB", "A|B"),
    "a byte order mark alone": (f"{BYTE_ORDER_MARK}\nA", "A"),
    "a byte order mark inside": (f"A\n{BYTE_ORDER_MARK}B", f"A|{BYTE_ORDER_MARK}B"),
    "a lone surrogate": ("\ud800A\nB\udfff", "\ud800A|B\udfff"),
    "markup": ("<p>A &amp; B</p>\n<br>", "<p>A &amp; B</p>|<br>"),
    "a soft hyphen": ("A\N{SOFT HYPHEN}B", "A\N{SOFT HYPHEN}B"),
    "pairs": ("A: B\nC: D", "A: B|C: D"),
    "columns": ("A    B\nC    D", "A    B|C    D"),
}


@EVERY_WORDS
@pytest.mark.parametrize(("text", "blocks"), LINES.values(), ids=LINES)
def test_lines(text: str, blocks: str, words: tuple[str, ...]) -> None:
    assert texts(put(text, words)) == [put(block, words) for block in blocks.split("|")]


def test_span_counts_a_byte_order_mark() -> None:
    assert parse_text(f"{BYTE_ORDER_MARK}Ёж").blocks[0].span == (1, 3)


@pytest.mark.parametrize(
    "text", ["", " ", BYTE_ORDER_MARK, "\n\r\n\t", f"{NBSP}\f\v\x85\N{LINE SEPARATOR}"]
)
def test_nothing_to_read(text: str) -> None:
    assert parse_text(text) == Document(Blocks.of([]))


def test_block_has_no_markup() -> None:
    assert tuple(parse_text("чай\n").blocks) == (Block("чай", None, (0, 3)),)


def test_document_has_no_head() -> None:
    document = parse_text("<title>Ёж</title>")
    assert (document.title, document.description, document.kinds) == ("", "", ())


# Wrapped lines are joined


@EVERY_SCRIPT
@pytest.mark.parametrize("width", [50, 60, 66, 72, 76, 80])
def test_wrapped_paragraph_is_joined(width: int, paragraphs: Paragraphs) -> None:
    assert texts(wrap(paragraphs[0], width)) == [paragraphs[0]]


@EVERY_SCRIPT
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", " \n", "\t\r\n"])
def test_line_ends_of_wrapped_paragraphs(end: str, paragraphs: Paragraphs) -> None:
    text = "\n\n".join(map(wrap, paragraphs))
    assert texts(text.replace("\n", end)) == list(paragraphs)


@EVERY_SCRIPT
@pytest.mark.parametrize("gap", ["\n\n", "\n\n\n", "\n   \n", f"\n{NBSP}\n", "\n"])
def test_wrapped_paragraphs_are_set_apart(gap: str, paragraphs: Paragraphs) -> None:
    assert texts(gap.join(map(wrap, paragraphs))) == list(paragraphs)


INDENTS = {
    "the first line": ("    ", ""),
    "the first line by a tab": ("\t", ""),
    "the first line by no-break spaces": (NBSP * 4, ""),
    "the rest": ("", "    "),
    "all lines": ("    ", "    "),
    "all lines, the first more": ("      ", "  "),
}


@EVERY_SCRIPT
@pytest.mark.parametrize(("first", "rest"), INDENTS.values(), ids=INDENTS)
def test_indented_paragraphs_are_joined(first: str, rest: str, paragraphs: Paragraphs) -> None:
    text = "\n\n".join(wrap(paragraph, 72, first, rest) for paragraph in paragraphs)
    assert texts(text) == list(paragraphs)


@EVERY_SCRIPT
def test_indented_paragraphs_without_a_line_between(paragraphs: Paragraphs) -> None:
    text = "\n".join(wrap(paragraph, 72, "    ") for paragraph in paragraphs)
    assert texts(text) == list(paragraphs)


@EVERY_SCRIPT
def test_second_line_of_a_wrapped_text_is_joined(paragraphs: Paragraphs) -> None:
    short = paragraphs[1][: paragraphs[1].index(" ", 90)]
    text = f"{wrap(paragraphs[0])}\n\n{wrap(short)}"
    assert texts(text) == [paragraphs[0], short]


@EVERY_SCRIPT
def test_two_wrapped_paragraphs_are_evidence_for_a_short_one(paragraphs: Paragraphs) -> None:
    short = paragraphs[1][: paragraphs[1].index(" ", 90)]
    menu = "\n\n" + "\n".join(f"{word[:9]}" for word in paragraphs[0].split()[:40])
    text = f"{wrap(paragraphs[0])}\n\n{wrap(paragraphs[1])}\n\n{wrap(short)}"
    assert texts(text + menu)[:3] == [*paragraphs, short]


@EVERY_SCRIPT
def test_one_wrapped_paragraph_among_short_lines_is_joined(paragraphs: Paragraphs) -> None:
    menu = "\n".join(word[:9] for word in paragraphs[1].split()[:40])
    assert texts(f"{menu}\n\n{wrap(paragraphs[0])}\n\n{menu}").count(paragraphs[0]) == 1


@EVERY_SCRIPT
def test_one_line_in_fifty_may_be_longer(paragraphs: Paragraphs) -> None:
    address = f"https://larder.example/{'x' * 150}"
    text = "\n\n".join([*map(wrap, paragraphs * 6), address, "чай"])
    assert texts(text) == [*paragraphs * 6, address, "чай"]


@EVERY_SCRIPT
def test_long_word_does_not_fit_on_the_line_above(paragraphs: Paragraphs) -> None:
    text = f"{paragraphs[0]} larder.example/{'x' * 50} {paragraphs[1]}"
    assert texts(wrap(text)) == [text]


@EVERY_SCRIPT
def test_paragraphs_of_two_widths(paragraphs: Paragraphs) -> None:
    assert texts(f"{wrap(paragraphs[0], 60)}\n\n{wrap(paragraphs[1], 76)}") == list(paragraphs)


@EVERY_SCRIPT
def test_narrow_quotation_in_a_wrapped_text(paragraphs: Paragraphs) -> None:
    quotation = textwrap.indent(wrap(paragraphs[1], 50), "    ")
    parts = [wrap(paragraphs[0]), quotation, wrap(paragraphs[0])]
    assert texts("\n\n".join(parts)) == [paragraphs[0], paragraphs[1], paragraphs[0]]


@pytest.mark.parametrize("width", [56, 60, 72])
def test_decomposed_text_that_was_wrapped_before(width: int) -> None:
    text = "\n\n".join(wrap(paragraph, width) for paragraph in SCRIPTS["russian"])
    assert texts(decomposed(text)) == list(SCRIPTS["decomposed"])


# Lines that stay apart


@EVERY_SCRIPT
@pytest.mark.parametrize("width", [30, 36, 115, 150])
def test_narrow_and_wide_lines_stay_apart(width: int, paragraphs: Paragraphs) -> None:
    text = wrap(" ".join(paragraphs), width)
    assert texts(text) == text.split("\n")


@EVERY_SCRIPT
def test_three_lines_are_no_evidence(paragraphs: Paragraphs) -> None:
    text = "\n".join(wrap(paragraphs[0]).split("\n")[:3])
    assert texts(text) == text.split("\n")


@EVERY_SCRIPT
def test_two_full_lines_are_no_evidence(paragraphs: Paragraphs) -> None:
    lines = [line for text in paragraphs for line in wrap(text).split("\n")[:2]]
    assert texts("{}\n{}\n\n{}\n{}".format(*lines)) == lines


@EVERY_SCRIPT
def test_one_wrapped_paragraph_is_no_evidence_for_others(paragraphs: Paragraphs) -> None:
    menu = [word[:9] for word in paragraphs[1].split()[:40]]
    pair = wrap(paragraphs[1]).split("\n")[:2]
    text = "\n\n".join([wrap(paragraphs[0]), "\n".join(menu), "\n".join(pair)])
    assert texts(text) == [paragraphs[0], *menu, *pair]


@EVERY_SCRIPT
def test_paragraph_to_a_line_is_left_alone(paragraphs: Paragraphs) -> None:
    assert texts("\n".join(paragraphs * 5)) == list(paragraphs * 5)


@EVERY_SCRIPT
def test_sentence_to_a_line_is_left_alone(paragraphs: Paragraphs) -> None:
    sentences = [sentence.strip() for sentence in " ".join(paragraphs).split(".") if sentence]
    assert texts("\n".join(sentences)) == sentences


@EVERY_SCRIPT
def test_menu_stays_apart(paragraphs: Paragraphs) -> None:
    menu = [word.title() for word in paragraphs[0].split()]
    assert texts("\n".join(menu)) == menu


@EVERY_SCRIPT
def test_menu_in_a_wrapped_text_stays_apart(paragraphs: Paragraphs) -> None:
    menu = ["Home", "Ещё новости", "About us"]
    text = f"{wrap(paragraphs[0])}\n\n" + "\n".join(menu) + f"\n\n{wrap(paragraphs[1])}"
    assert texts(text) == [paragraphs[0], *menu, paragraphs[1]]


@EVERY_SCRIPT
def test_lines_with_an_empty_line_between_stay_apart(paragraphs: Paragraphs) -> None:
    lines = wrap(paragraphs[0]).split("\n")
    assert texts("\n\n".join(lines)) == lines


NEIGHBOURS = {
    "a rule": "-" * 72,
    "a double rule": "=" * 72,
    "stars": "* * *",
    "a cut": "- - - 8< - - -".center(72).strip(),
    "a row of a table": f"{'чай':<40}   {'120':>29}",
    "a row with a tab": "чай, loose\t120\t60",
    "a row with no-break spaces": f"{'мёд':_<60}{NBSP * 3}120",
}
HEADINGS = {"short": "Глава one", "too long": "x" * (WIDEST_WRAP + 1), **NEIGHBOURS}


FULL = "x" * 71


def after_a_wrapped_text(text: str, paragraphs: Paragraphs) -> list[str]:
    """The blocks of the text when it ends a long text that was wrapped at 72."""
    wrapped = [wrap(paragraph) for paragraph in paragraphs * 7]
    blocks = texts("\n\n".join([*wrapped, text]))
    assert blocks[: len(wrapped)] == list(paragraphs * 7)
    return blocks[len(wrapped) :]


@EVERY_SCRIPT
@pytest.mark.parametrize("line", HEADINGS.values(), ids=HEADINGS)
def test_line_before_a_wrapped_paragraph_stays_apart(line: str, paragraphs: Paragraphs) -> None:
    text = f"{line}\n{wrap(paragraphs[0])}"
    assert after_a_wrapped_text(text, paragraphs) == [line, paragraphs[0]]


@EVERY_SCRIPT
@pytest.mark.parametrize("line", NEIGHBOURS.values(), ids=NEIGHBOURS)
def test_line_after_a_full_line_stays_apart(line: str, paragraphs: Paragraphs) -> None:
    assert after_a_wrapped_text(f"{FULL}\n{line}", paragraphs) == [FULL, line]


DASHES = ["\N{EN DASH}", "\N{EM DASH}"]
MARKERS = ["-", "*", "+", ">", "\N{BULLET}", "1.", "12)", "(3)", "100."]


@EVERY_SCRIPT
@pytest.mark.parametrize("marker", MARKERS)
def test_item_stays_apart_from_a_full_line(marker: str, paragraphs: Paragraphs) -> None:
    item = f"{marker} {paragraphs[0][:30].strip()}"
    assert after_a_wrapped_text(f"{FULL}\n{item}", paragraphs) == [FULL, item]


@EVERY_SCRIPT
@pytest.mark.parametrize("dash", DASHES)
@pytest.mark.parametrize("end", [".", "!", "?", "…", ":", ";", ")", "»", '"'])
def test_dash_after_a_sentence_begins_an_item(end: str, dash: str, paragraphs: Paragraphs) -> None:
    full = f"{FULL[1:]}{end}"
    item = f"{dash} {paragraphs[0][:30].strip()}"
    assert after_a_wrapped_text(f"{full}\n{item}", paragraphs) == [full, item]


@EVERY_SCRIPT
@pytest.mark.parametrize("dash", DASHES)
@pytest.mark.parametrize("end", ["x", "й", "5", ",", "-"])
def test_dash_inside_a_sentence_goes_on(end: str, dash: str, paragraphs: Paragraphs) -> None:
    full = f"{FULL[1:]}{end}"
    line = f"{dash} {paragraphs[0][:30].strip()}"
    assert after_a_wrapped_text(f"{full}\n{line}", paragraphs) == [f"{full} {line}"]


@EVERY_SCRIPT
@pytest.mark.parametrize("marker", MARKERS + DASHES)
def test_lines_of_an_item_are_joined(marker: str, paragraphs: Paragraphs) -> None:
    items = [f"{marker} {paragraph}" for paragraph in paragraphs]
    text = "\n".join(wrap(item, 72, "", " " * (len(marker) + 1)) for item in items)
    assert texts(text) == items


@EVERY_SCRIPT
def test_indented_items_stay_apart(paragraphs: Paragraphs) -> None:
    items = [f"* {paragraph}" for paragraph in paragraphs]
    text = "\n".join(wrap(item, 72, "  ", "    ") for item in items)
    assert texts(text) == items


@EVERY_SCRIPT
@pytest.mark.parametrize("start", ["1000.", "1.5", "-5", "(ещё)", "1,", "*й*", "-то", "ё."])
def test_word_that_is_no_marker_goes_on(start: str, paragraphs: Paragraphs) -> None:
    line = f"{start} {paragraphs[0][:30].strip()}"
    assert after_a_wrapped_text(f"{FULL}\n{line}", paragraphs) == [f"{FULL} {line}"]


@EVERY_SCRIPT
def test_quoted_lines_stay_apart_from_the_answer(paragraphs: Paragraphs) -> None:
    quoted = f"> {FULL[2:]}"
    text = f"{quoted}\n{quoted}\n\n{wrap(paragraphs[0])}"
    assert after_a_wrapped_text(text, paragraphs) == [quoted, quoted, paragraphs[0]]


@EVERY_SCRIPT
def test_table_stays_apart(paragraphs: Paragraphs) -> None:
    names = [" ".join(paragraphs[0].split()[n : n + 4]) for n in range(6)]
    rows = [f"{name:<62}   {n + 1:>5}" for n, name in enumerate(names)]
    assert texts("\n".join(rows) + f"\n\n{wrap(paragraphs[1])}") == [*rows, paragraphs[1]]


@EVERY_SCRIPT
def test_two_spaces_after_a_full_stop_make_no_columns(paragraphs: Paragraphs) -> None:
    text = "\n\n".join(map(wrap, paragraphs)).replace(". ", ".  ")
    assert len(texts(text)) == 2


# The width

WIDTHS = {
    "a longest line": ([70, 71, 69, 30], 71),
    "too few lines": ([70, 71, 69], 0),
    "no lines": ([], 0),
    "the narrowest": ([NARROWEST_WRAP] * 4, NARROWEST_WRAP),
    "too narrow": ([NARROWEST_WRAP - 1] * 4, 0),
    "the widest": ([WIDEST_WRAP] * 4, WIDEST_WRAP),
    "too wide": ([WIDEST_WRAP + 1] * 4, 0),
    "one too long in forty-nine": ([72] * 48 + [200], 0),
    "one too long in fifty": ([72] * 49 + [200], 72),
    "two too long in fifty": ([72] * 48 + [200] * 2, 0),
    "two too long in a hundred": ([72] * 98 + [200] * 2, 72),
}


@pytest.mark.parametrize(("widths", "width"), WIDTHS.values(), ids=WIDTHS)
def test_wrap_width(widths: list[int], width: int) -> None:
    assert wrap_width(widths) == width


# Spans


@EVERY_WORDS
@pytest.mark.parametrize("text", [text for text, _ in LINES.values()], ids=LINES)
def test_span_of_a_line_is_its_text(text: str, words: tuple[str, ...]) -> None:
    text = put(text, words)
    for block in parse_text(text).blocks:
        assert block.span is not None
        assert text[slice(*block.span)] == block.text


@EVERY_SCRIPT
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "  \n"])
def test_span_of_joined_lines_is_their_text_up_to_white_space(
    end: str, paragraphs: Paragraphs
) -> None:
    text = "  " + wrap(paragraphs[0]).replace("\n", end) + "\n"
    [block] = parse_text(text).blocks
    assert block.span is not None
    assert text[slice(*block.span)].split() == block.text.split()


@EVERY_SCRIPT
def test_span_counts_characters(paragraphs: Paragraphs) -> None:
    text = f"\N{HOT BEVERAGE}\n{paragraphs[0]}"
    assert parse_text(text).blocks[1].span == (2, 2 + len(paragraphs[0]))


ANY_LINES = [
    "",
    " ",
    "\t",
    "Home",
    "Ещё",
    "- чай",
    "— Да,",
    "> tea",
    "-" * 72,
    "чай    120",
    f"и{BREVE}од",
    BREVE,
    "\0",
    "\ud800",
    "\N{ZERO WIDTH SPACE}",
    "\N{ZERO WIDTH NO-BREAK SPACE}tea",
    "x" * 300,
    *(line for pair in SCRIPTS.values() for text in pair for line in wrap(text).split("\n")),
]
ANY_ENDS = ["\n", "\n", "\n", "\n\n", "\r\n", "\r", "\f", "\v", "\x85", "\N{LINE SEPARATOR}", ""]


@pytest.mark.parametrize("seed", range(100))
def test_spans_of_any_text(seed: int) -> None:
    chance = random.Random(seed)
    lines = chance.choices(ANY_LINES, k=chance.randrange(80))
    check_spans("".join(line + chance.choice(ANY_ENDS) for line in lines))


@EVERY_SCRIPT
@pytest.mark.parametrize("width", range(20, 130, 5))
def test_spans_of_wrapped_text(width: int, paragraphs: Paragraphs) -> None:
    check_spans("\n\n".join(wrap(paragraph, width, "  ") for paragraph in paragraphs))


# In the wild

WILD = sorted((Path(__file__).parent / "cases" / "text").glob("*.txt"))
EVERY_FILE = pytest.mark.parametrize("path", WILD, ids=[path.stem for path in WILD])


def test_files_are_there() -> None:
    assert len(WILD) >= 7


@EVERY_FILE
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_file(path: Path, end: str) -> None:
    text = path.read_text(encoding="utf-8").replace("\n", end)
    assert texts(text) == json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


@EVERY_FILE
def test_spans_of_a_file(path: Path) -> None:
    check_spans(path.read_text(encoding="utf-8"))


@EVERY_FILE
def test_spans_of_a_decomposed_file(path: Path) -> None:
    check_spans(decomposed(path.read_text(encoding="utf-8")))


# Known failures


def fails(reason: str) -> pytest.MarkDecorator:
    return pytest.mark.xfail(strict=True, reason=reason)


@fails("combining marks count as columns of the line")
@pytest.mark.parametrize("width", [64, 80])
def test_wrapped_text_that_was_decomposed_later(width: int) -> None:
    text = "\n\n".join(wrap(paragraph, width) for paragraph in SCRIPTS["russian"])
    assert texts(decomposed(text)) == list(SCRIPTS["decomposed"])


@fails("a hyphen that begins a wrapped line is taken for a list's")
@EVERY_SCRIPT
def test_hyphen_for_a_dash_inside_a_wrapped_paragraph(paragraphs: Paragraphs) -> None:
    line = f"- {paragraphs[0][:30].strip()}"
    assert after_a_wrapped_text(f"{FULL}\n{line}", paragraphs) == [f"{FULL} {line}"]


@EVERY_SCRIPT
@pytest.mark.parametrize("dash", DASHES)
def test_dash_after_a_decomposed_letter(dash: str, paragraphs: Paragraphs) -> None:
    full = f"{FULL[1:]}{decomposed('й')}"
    line = f"{dash} {paragraphs[0][:30].strip()}"
    assert after_a_wrapped_text(f"{full}\n{line}", paragraphs) == [f"{full} {line}"]


@fails("a full last line hides that a paragraph ends, although the next is indented")
@EVERY_SCRIPT
def test_indented_paragraph_after_a_full_line(paragraphs: Paragraphs) -> None:
    text = f"    {FULL[4:]}\n{wrap(paragraphs[0], 72, '    ')}"
    assert after_a_wrapped_text(text, paragraphs) == [FULL[4:], paragraphs[0]]


@fails("a long address leaves a short text without a width")
@EVERY_SCRIPT
def test_long_address_in_a_wrapped_paragraph(paragraphs: Paragraphs) -> None:
    address = f"https://larder.example/{'x' * 150}"
    text = f"{wrap(paragraphs[0])}\n{address}\n{wrap(paragraphs[1])}"
    assert texts(text) == [paragraphs[0], address, paragraphs[1]]


@fails("short lines that touch a lone paragraph hide its width")
@EVERY_SCRIPT
def test_paragraph_with_a_menu_around(paragraphs: Paragraphs) -> None:
    text = f"News\nСпорт\nHome\n{wrap(paragraphs[0])}\nShare\nЕщё\nReply"
    assert paragraphs[0] in texts(text)


@fails("a menu of long lines of like length looks filled")
@pytest.mark.parametrize(
    "menu",
    [
        (
            "Electric kettles and other small kitchen appliances\n"
            "Refrigerators and freezers for home and for business\n"
            "Vacuum cleaners, irons, and all for keeping it clean\n"
            "Televisions, home cinema, radio, and portable sound"
        ),
        (
            "Чайники, кофейники и другая мелкая кухонная техника\n"
            "Холодильники и морозильники для дома и для магазина\n"
            "Пылесосы, утюги, щётки и всё для порядка и чистоты\n"
            "Телевизоры, домашний кинозал, радио и тихий звук"
        ),
    ],
)
def test_menu_of_long_lines(menu: str) -> None:
    assert texts(menu) == menu.split("\n")


@fails("a quoted line is a block, whatever was wrapped")
@EVERY_SCRIPT
def test_quoted_paragraph_is_joined(paragraphs: Paragraphs) -> None:
    text = textwrap.indent(wrap(paragraphs[0]), "> ")
    assert len(texts(text)) == 1


@fails("a hyphen at a line's end is kept with a space")
@pytest.mark.parametrize("word", ["half-forgotten", "кто-нибудь", decomposed("юго-восточный")])
def test_word_broken_at_its_hyphen(word: str) -> None:
    start, end = word.split("-")
    text = f"{FULL[len(start) :]} {start}-\n{end} чай"
    paragraphs = SCRIPTS["russian"]
    assert after_a_wrapped_text(text, paragraphs)[0].endswith(f" {word} чай")


@fails("only line feeds and carriage returns make an empty line")
@EVERY_SCRIPT
def test_paragraph_separator_ends_a_wrapped_paragraph(paragraphs: Paragraphs) -> None:
    text = f"{FULL}\N{PARAGRAPH SEPARATOR}{wrap(paragraphs[0])}"
    assert after_a_wrapped_text(text, paragraphs) == [FULL, paragraphs[0]]


@fails("characters without width are not white space")
@pytest.mark.parametrize("character", ["\N{ZERO WIDTH SPACE}", "\N{SOFT HYPHEN}", "\ufeff"])
def test_line_without_a_visible_character(character: str) -> None:
    assert texts(f"чай\n{character}\ntea") == ["чай", "tea"]
