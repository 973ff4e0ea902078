"""The benchmark: what it runs, its arithmetic, and what it says. No test asserts a time."""

from __future__ import annotations

import gc
import json
import os
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

from classifier.page import Mode
from train import benchmark
from train.__main__ import BENCHMARK_PARTS, main
from train.benchmark import (
    HTML_MODE,
    MEASURES,
    ONE_AT_A_TIME,
    PARSER_ALONE,
    REST,
    TEXT_MODE,
    WHOLE,
    CannotMeasure,
    Contestant,
    InstalledSize,
    Memory,
    PageSet,
    PeakMemory,
    Plan,
    Race,
    SizeTime,
    Skipped,
    Spread,
    StartTimes,
    Timed,
    WorkerTimes,
    build_wheel,
    contestants,
    draw,
    installed_size,
    measure,
    measure_memory,
    measure_size,
    measure_start,
    measure_workers,
    needed_at_run_time,
    race,
    read_sets,
    resident_after,
    room_times,
    spread,
)
from train.benchmark_report import (
    PICTURE,
    REPORT,
    REPORTS,
    Target,
    byte_ratio,
    draw_speed,
    judged,
    number,
    report,
    write_report,
)
from train.corpora import CorpusPage
from train.labeled import LabeledDataError
from train.long_pages import long_page
from train.peers import PEERS

Capture = pytest.CaptureFixture[str]

BREVE, DIAERESIS = "\N{COMBINING BREVE}", "\N{COMBINING DIAERESIS}"

ENGLISH = "The ferry was late again, and nobody on the pier could say why."
RUSSIAN = "Паром ещё раз опоздал, и никто не мог сказать, чей это был приказ."
MIXED = "Мой iPhone ещё жив, and the charger is in the drawer, и это не йод."
DECOMPOSED = f"Еще{DIAERESIS} е{DIAERESIS}ж пил чаи{BREVE}, и мои{BREVE} и{BREVE}од был мне чужим."
TEXTS = {"english": ENGLISH, "russian": RUSSIAN, "mixed": MIXED, "decomposed": DECOMPOSED}

LANGUAGES = ("en", "ru")
MODES: tuple[Mode, ...] = ("html", "text")

TINY = Plan(
    repeats=2,
    piece=2,
    peer_pages=2,
    room_pages=2,
    worker_pages=5,
    worker_repeats=2,
    sizes=(1_000, 2_000),
    most_repeated_bytes=2_000,
    memory_pages=4,
    memory_step=2,
    starts=2,
)


def page(text: str = RUSSIAN, corpus: str = "modern-ru", encoding: str | None = None) -> CorpusPage:
    raw = f"<nav>Меню</nav><p>{text}".encode(encoding or "utf-8")
    return CorpusPage(corpus, text, "ferry.example", "ru", "news", raw, text, encoding)


def page_set(count: int) -> PageSet:
    pages = tuple(page(f"{number}. {RUSSIAN} {MIXED}") for number in range(count))
    return PageSet("ёж", pages, tuple(f"Меню\n{page.gold}".encode() for page in pages))


def write_corpora(root: Path, texts: Sequence[str]) -> Path:
    """Pages in the layout of the modern Russian ones."""
    folder = root / "modern-ru"
    for kind in ("html", "gold"):
        (folder / kind).mkdir(parents=True)
    for place, text in enumerate(texts):
        meta = {"id": f"p{place}", "host": "parom.example", "coarse_type": "news"}
        with (folder / "meta.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(meta) + "\n")
        html = f"<nav>Меню</nav><p>{text}"
        (folder / f"html/p{place}.html").write_text(html, encoding="utf-8")
        (folder / f"gold/p{place}.txt").write_text(text, encoding="utf-8")
    return root


@pytest.fixture(autouse=True, scope="module")
def little_garbage() -> Iterator[None]:
    """Each timed call looks for garbage first, which takes long where pytest holds much."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def no_peers(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PEERS:
        monkeypatch.setitem(PEERS, name, ("no_such_ёж", PEERS[name][1]))


# Long pages.

EVERY_LONG_PAGE = pytest.mark.parametrize("one_paragraph", [False, True])
EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
EVERY_MODE = pytest.mark.parametrize("mode", MODES)


@EVERY_LANGUAGE
@EVERY_MODE
@EVERY_LONG_PAGE
@pytest.mark.parametrize("size", [100, 10_000, 10_001])
def test_long_page_has_the_size(language: str, mode: Mode, one_paragraph: bool, size: int) -> None:
    assert len(long_page(size, language, mode, one_paragraph)) == size


@EVERY_LANGUAGE
@EVERY_MODE
@pytest.mark.parametrize("size", [1_000, 1_001])
def test_long_page_has_whole_letters(language: str, mode: Mode, size: int) -> None:
    assert "\N{REPLACEMENT CHARACTER}" not in long_page(size, language, mode).decode()


@EVERY_LANGUAGE
def test_long_page_is_the_same_at_every_call(language: str) -> None:
    assert long_page(5_000, language, "html") == long_page(5_000, language, "html")


@EVERY_LANGUAGE
@pytest.mark.parametrize(("mode", "end"), [("html", "</p>"), ("text", "\n\n")])
def test_paragraphs_of_a_long_page(language: str, mode: Mode, end: str) -> None:
    assert long_page(10_000, language, mode).decode().count(end) > 5


@EVERY_LANGUAGE
@pytest.mark.parametrize(("mode", "end"), [("html", "</p>"), ("text", "\n\n")])
def test_one_paragraph_of_a_long_page(language: str, mode: Mode, end: str) -> None:
    assert end not in long_page(10_000, language, mode, one_paragraph=True).decode()


@EVERY_LANGUAGE
def test_paragraphs_of_a_long_page_differ(language: str) -> None:
    paragraphs = long_page(50_000, language, "text").decode().split("\n\n")
    assert len(set(paragraphs)) == len(paragraphs)


@pytest.mark.parametrize(("language", "letters"), [("en", "the"), ("ru", "ещё"), ("ru", "бый")])
def test_words_of_a_long_page(language: str, letters: str) -> None:
    assert letters in long_page(50_000, language, "text").decode()


# The choice of pages.


def test_drawn_pages_are_the_same_at_every_call() -> None:
    pages = page_set(50).pages
    assert draw(pages, 10) == draw(pages, 10)


@pytest.mark.parametrize(("count", "drawn"), [(3, 3), (9, 5), (None, 5)])
def test_number_of_drawn_pages(count: int | None, drawn: int) -> None:
    assert len({page.id for page in draw(page_set(5).pages, count)}) == drawn


def test_drawn_pages_are_mixed() -> None:
    pages = page_set(50).pages
    assert draw(pages, None) != list(pages)


def test_set_is_of_its_corpora(tmp_path: Path) -> None:
    (found,) = read_sets(write_corpora(tmp_path, [RUSSIAN, ENGLISH]))
    assert (found.name, len(found.pages)) == ("Russian news", 2)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_text_of_a_page_is_that_of_its_blocks(tmp_path: Path, text: str) -> None:
    (found,) = read_sets(write_corpora(tmp_path, [text]))
    assert [given.decode() for given in found.texts] == [f"Меню\n{text}"]


def test_folder_without_corpora(tmp_path: Path) -> None:
    with pytest.raises(LabeledDataError, match=r"holds none of the corpora daniel-en, daniel-ru"):
        read_sets(tmp_path)


@pytest.mark.parametrize("encoding", [None, "windows-1251"])
def test_sources_have_the_bytes_and_what_is_said_of_them(encoding: str | None) -> None:
    given = page(encoding=encoding)
    (source,) = PageSet("ёж", (given,), (b"",)).sources("html")
    assert (source.raw, source.encoding) == (given.raw, encoding)


# Arithmetic.


@pytest.mark.parametrize(
    ("values", "expected"),
    [([2.0], Spread(2, 2, 2)), ([5, 1, 3], Spread(3, 1, 5)), ([4, 1, 2, 9], Spread(3, 1, 9))],
)
def test_spread(values: list[float], expected: Spread) -> None:
    assert spread(values) == expected


def timed(
    name: str, seconds: list[list[float]], pages: tuple[int, ...], ours: bool = True
) -> Timed:
    contestant = Contestant(name, len, ours)
    return Timed(contestant, np.array(seconds), pages)


def test_milliseconds_are_those_of_a_page() -> None:
    spread = timed("ёж", [[1.0, 2.0], [2.0, 4.0], [1.0, 3.0]], (2, 8)).milliseconds()
    assert spread == Spread(400, 300, 600)


def test_ratio_is_taken_on_the_pages_that_both_have() -> None:
    ours = timed(HTML_MODE, [[1.0, 100.0], [2.0, 100.0]], (2, 2))
    assert timed("ёж", [[8.0], [8.0]], (2,)).ratio(ours) == Spread(6, 4, 8)


REACHED = {
    "above": (Target(at_least=8), 8.1, True),
    "at the bound from above": (Target(at_least=8), 8.0, True),
    "below": (Target(at_least=8), 7.9, False),
    "under a bound": (Target(at_most=2), 1.9, True),
    "at the bound from below": (Target(at_most=2), 2.0, True),
    "over a bound": (Target(at_most=2), 2.1, False),
}


@pytest.mark.parametrize(("target", "value", "is_reached"), REACHED.values(), ids=REACHED)
def test_target(target: Target, value: float, is_reached: bool) -> None:
    assert judged(value, target) == (str(target), "yes" if is_reached else "no")


NUMBERS = {0.0: "0.00", 0.001234: "0.00123", 1.0: "1.00", 9.876: "9.88", 99.9: "99.9", 1e4: "10000"}


@pytest.mark.parametrize(("value", "text"), NUMBERS.items())
def test_number(value: float, text: str) -> None:
    assert number(value) == text


def test_number_below_zero() -> None:
    assert number(-0.0123) == "-0.0123"


# The race.


def counting(name: str, seen: list[tuple[str, int]], most: int | None = None) -> Contestant:
    def extract(pages: PageSet) -> None:
        seen.append((name, len(pages.pages)))

    return Contestant(name, extract, True, most)


def test_contestants_take_turns() -> None:
    seen: list[tuple[str, int]] = []
    race(page_set(3), [counting("ёж", seen), counting("tea", seen)], repeats=1, piece=2)
    warm = [("ёж", 1), ("tea", 1)]
    assert seen == [*warm, ("ёж", 2), ("tea", 2), ("ёж", 1), ("tea", 1)]


def test_every_repeat_is_kept() -> None:
    (result,) = race(page_set(3), [counting("ёж", [])], repeats=4, piece=2).timed
    assert (result.seconds.shape, result.pages) == ((4, 2), (2, 1))


@pytest.mark.parametrize(("most", "pages"), [(None, 7), (4, 4), (5, 4), (1, 2)])
def test_slow_contestants_get_fewer_pages(most: int | None, pages: int) -> None:
    (result,) = race(page_set(7), [counting("ёж", [], most)], repeats=1, piece=2).timed
    assert sum(result.pages) == pages


@pytest.mark.usefixtures("no_peers")
def test_peers_that_cannot_be_imported_are_left_out() -> None:
    names = [contestant.name for contestant in contestants(peer_pages=2)]
    assert names == [HTML_MODE, ONE_AT_A_TIME, TEXT_MODE]


@pytest.mark.usefixtures("no_peers")
@pytest.mark.parametrize("name", [HTML_MODE, ONE_AT_A_TIME, TEXT_MODE])
def test_ours_give_the_content_of_each_page(name: str) -> None:
    (ours,) = (contestant for contestant in contestants(2) if contestant.name == name)
    contents = ours.extract(page_set(2))
    assert [RUSSIAN in content for content in contents] == [True, True]


@pytest.mark.usefixtures("no_peers")
def test_peer_gets_the_decoded_page_and_its_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PEERS, "pytest", ("pytest", lambda html, language: f"{language} {html}"))
    *_, peer = contestants(peer_pages=2)
    given = page(encoding="windows-1251")
    contents = peer.extract(PageSet("ёж", (given,), (b"",)))
    assert contents == [f"ru <nav>Меню</nav><p>{RUSSIAN}"]


@pytest.mark.usefixtures("no_peers")
def test_peer_is_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PEERS, "pytest", ("pytest", lambda html, language: html))
    *_, peer = contestants(peer_pages=2)
    expected = (f"pytest {metadata.version('pytest')}", False, 2)
    assert (peer.name, peer.is_ours, peer.most_pages) == expected


# The other parts.

ROOMS = ["decode", "parse", "facts", "features", "model", "decision"]


@pytest.mark.parametrize(
    ("mode", "beside"), [("html", {WHOLE, PARSER_ALONE, REST}), ("text", {WHOLE, REST})]
)
def test_rooms(mode: Mode, beside: set[str]) -> None:
    assert set(room_times(page_set(3), mode, 1).milliseconds) == {*ROOMS, *beside}


@EVERY_MODE
def test_rooms_and_the_rest_are_the_whole(mode: Mode) -> None:
    taken = {
        room: spread.median
        for room, spread in room_times(page_set(3), mode, 1).milliseconds.items()
    }
    assert sum(taken[room] for room in [*ROOMS, REST]) == pytest.approx(taken[WHOLE])


def test_workers_get_the_pages_again_where_they_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    given = []

    def contents(sources: Sequence[object], mode: Mode, n_jobs: int = 1) -> None:
        given.append((len(sources), n_jobs))

    monkeypatch.setattr(benchmark, "_contents", contents)
    measure_workers(TINY, [page_set(2)])
    assert given == [(5, 1), (5, 2)] * TINY.worker_repeats


def test_workers_are_compared() -> None:
    times = measure_workers(TINY, [page_set(2)])
    assert (times.pages, list(times.seconds)) == (5, [1, 2])


def test_every_size_is_measured_in_both_languages_and_modes() -> None:
    shapes = [
        (time.language, time.mode, time.size, time.one_paragraph) for time in measure_size(TINY, [])
    ]
    assert shapes == [
        (language, mode, size, one_paragraph)
        for language in LANGUAGES
        for mode in MODES
        for size, one_paragraph in ((1_000, False), (2_000, False), (2_000, True))
    ]


def test_large_pages_are_repeated_less() -> None:
    repeats = [benchmark._repeats(TINY, size) for size in (500, 1_000, 2_000, 9_000)]
    assert repeats == [2, 2, 1, 1]


def size_time(
    size: int, seconds: float, one_paragraph: bool = False, mode: Mode = "html"
) -> SizeTime:
    return SizeTime("ru", mode, size, one_paragraph, Spread(seconds, seconds, seconds))


def test_time_of_a_byte() -> None:
    assert size_time(1_000_000, 0.5).nanoseconds == pytest.approx(500)


SIZE_TIMES = [
    size_time(10_000, 5.0),
    size_time(100_000, 0.1),
    size_time(100_000, 9.0, one_paragraph=True),
    size_time(100_000, 9.0, mode="text"),
    size_time(20_000_000, 30.0),
    size_time(20_000_000, 60.0, one_paragraph=True),
]


@pytest.mark.parametrize(("place", "ratio"), [(1, 1.0), (4, 1.5), (5, 3.0)])
def test_time_of_a_byte_against_the_reference(place: int, ratio: float) -> None:
    assert byte_ratio(SIZE_TIMES[place], SIZE_TIMES) == pytest.approx(ratio)


ON_LINUX = pytest.mark.skipif(not benchmark.RESIDENT.exists(), reason="needs /proc")


@ON_LINUX
def test_resident_memory_after_every_step() -> None:
    sizes = resident_after(page_set(2).sources("html"), count=5, step=2)
    assert len(sizes) == 2
    assert min(sizes) > 1_000_000


@ON_LINUX
def test_fresh_process_is_another_one() -> None:
    assert benchmark._in_fresh_process(os.getpid) != os.getpid()


@ON_LINUX
def test_page_makes_its_process_grow(tmp_path: Path) -> None:
    path = tmp_path / "ёж"
    path.write_bytes(long_page(2_000_000, "ru", "text", one_paragraph=True))
    assert benchmark._in_fresh_process(benchmark.growth, path, "text") > 2_000_000


def test_memory_without_proc(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(benchmark, "RESIDENT", tmp_path / "ёж")
    with pytest.raises(CannotMeasure, match=r"there is no .*ёж here"):
        measure_memory(TINY, [page_set(1)])


@ON_LINUX
def test_memory_over_too_few_pages() -> None:
    with pytest.raises(CannotMeasure, match="20 pages are too few"):
        measure_memory(Plan(memory_pages=20), [page_set(1)])


def test_what_cannot_be_measured_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(plan: Plan, sets: Sequence[PageSet]) -> StartTimes:
        raise CannotMeasure("ёж")

    monkeypatch.setitem(MEASURES, "start", fail)
    assert measure("start", TINY, []) == Skipped("ёж")


def test_fresh_processes_are_started(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    monkeypatch.setattr(benchmark, "STARTS", {"ёж": "pass", "чай": "1"})
    monkeypatch.setattr(
        benchmark.subprocess, "run", lambda command, **options: started.append(command[1:])
    )
    measure_start(TINY, [])
    assert started == [["-c", "pass"], ["-c", "1"]] * TINY.starts


def test_fresh_processes_may_keep_bytecode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(benchmark.NO_BYTECODE, "1")
    settings = []
    monkeypatch.setattr(
        benchmark.subprocess, "run", lambda command, **options: settings.append(options["env"])
    )
    measure_start(TINY, [])
    assert not any(benchmark.NO_BYTECODE in setting for setting in settings)


@pytest.mark.parametrize("code", benchmark.STARTS.values(), ids=benchmark.STARTS)
def test_what_fresh_processes_run(code: str) -> None:
    exec(compile(code, "start", "exec"), {})


def test_wheel_that_cannot_be_built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(benchmark, "ROOT", tmp_path / "ёж")
    with pytest.raises(CannotMeasure, match=r"the wheel cannot be built \(.*ёж"):
        build_wheel(tmp_path)


class Installed(metadata.Distribution):
    """A distribution that needs others."""

    def __init__(self, name: str, requires: Sequence[str], folder: Path | None = None) -> None:
        self._name, self._requires, self._folder = name, requires, folder

    def read_text(self, filename: str) -> str | None:
        if filename == "METADATA":
            lines = [f"Name: {self._name}", *(f"Requires-Dist: {name}" for name in self._requires)]
            return "\n".join(lines) + "\n"
        if filename == "RECORD" and self._folder:
            return "".join(f"{path.name},,\n" for path in self._folder.iterdir()) + "missing,,\n"
        return None

    def locate_file(self, path: object) -> Path:
        assert self._folder
        return self._folder / str(path)


DISTRIBUTIONS = {
    "numpy": [],
    "joblib": ["cloudpickle>=3"],
    "cloudpickle": ["joblib"],
    "windows-only": [],
    "pandas": ["numpy"],
}

NEEDED = {
    "itself": (["numpy>=1.26"], {"numpy"}),
    "in turn, and in a circle": (["joblib"], {"joblib", "cloudpickle"}),
    "not of an extra": (["numpy", 'pandas>=2; extra == "frame"'], {"numpy"}),
    "not of another system": (['windows-only; sys_platform == "ёж"'], set()),
    "of this Python": (['numpy; python_version >= "3"'], {"numpy"}),
    "once": (["numpy", "NumPy"], {"numpy"}),
}


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def find(name: str) -> Installed:
        if name not in DISTRIBUTIONS:
            raise metadata.PackageNotFoundError(name)
        return Installed(name, DISTRIBUTIONS[name])

    monkeypatch.setattr(benchmark.metadata, "distribution", find)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(("requirements", "names"), NEEDED.values(), ids=NEEDED)
def test_needed_at_run_time(requirements: list[str], names: set[str]) -> None:
    found = [distribution.name for distribution in needed_at_run_time(requirements)]
    assert sorted(found) == sorted(names)


@pytest.mark.usefixtures("installed")
def test_needed_but_not_installed() -> None:
    with pytest.raises(CannotMeasure, match="samovar is not installed here: pip install samovar"):
        needed_at_run_time(["samovar>=1"])


def test_installed_size(tmp_path: Path) -> None:
    (tmp_path / "ёж.py").write_bytes(b"12345")
    (tmp_path / "tea.so").write_bytes(b"123")
    assert installed_size(Installed("ёж", [], tmp_path)) == 8


# The report.

RACE = Race(
    "Новости",
    (
        timed(HTML_MODE, [[1.0, 1.0], [1.0, 3.0], [1.0, 2.0]], (100, 100)),
        timed(TEXT_MODE, [[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]], (100, 100)),
        timed("trafilatura 2.3.1", [[8.5], [9.0], [8.0]], (100,), ours=False),
        timed("resiliparse 1", [[0.4], [0.4], [0.4]], (100,), ours=False),
        timed("jusText 3", [[2.0], [2.0], [2.0]], (100,), ours=False),
    ),
)
MEASURED = {
    "speed": (RACE,),
    "rooms": (
        benchmark.RoomTimes(
            "Новости", "html", 30, {WHOLE: Spread(8, 7, 9), "parse": Spread(2, 1, 3)}
        ),
    ),
    "workers": WorkerTimes(
        2_000, {1: Spread(10, 9, 11), 2: Spread(5, 4, 6)}, Spread(2.0, 1.7, 2.2)
    ),
    "size": tuple(SIZE_TIMES),
    "memory": Memory(
        1_000,
        (90_000_000, 100_000_000, 104_000_000, 106_000_000),
        (PeakMemory("ru", "html", 20_000_000, 300_000_000), PeakMemory("en", "text", 10, 300)),
    ),
    "start": StartTimes(
        {
            "bare interpreter": Spread(0.02, 0.01, 0.03),
            "with the import": Spread(0.16, 0.15, 0.3),
            "first answer": Spread(0.7, 0.6, 0.8),
        }
    ),
    "wheel": InstalledSize(3_000_000, {"numpy": 90_000_000, "joblib": 40_000_000}),
}

LINES = {
    "our HTML mode": ("speed", f"| **{HTML_MODE}** | 200 | 15.0 (10.0–20.0) | 1 |  |  |"),
    "our text mode": (
        "speed",
        f"| **{TEXT_MODE}** | 200 | 5.00 (5.00–5.00) | 0.333 (0.250–0.500) | ≤ 0.25 | no |",
    ),
    "trafilatura": (
        "speed",
        "| trafilatura 2.3.1 | 100 | 85.0 (80.0–90.0) | 8.50 (8.00–9.00) | ≥ 8 | yes |",
    ),
    "resiliparse": (
        "speed",
        "| resiliparse 1 | 100 | 4.00 (4.00–4.00) | 0.400 (0.400–0.400) | ≥ 0.5 | no |",
    ),
    "peer without a target": (
        "speed",
        "| jusText 3 | 100 | 20.0 (20.0–20.0) | 2.00 (2.00–2.00) |  |  |",
    ),
    "set": ("speed", "### Новости"),
    "room": ("rooms", "| parse | 2.00 (1.00–3.00) | 25% |"),
    "workers": (
        "workers",
        "| 2000 | 10.0 (9.00–11.0) | 5.00 (4.00–6.00) | 2.00 (1.70–2.20) | ≥ 1.8 | yes |",
    ),
    "small page": (
        "size",
        "| ru, html mode | 100,000 | 0.100 (0.100–0.100) | 1000 | 1.00 |  |  |",
    ),
    "large page": (
        "size",
        "| ru, html mode | 20,000,000 | 30.0 (30.0–30.0) | 1500 | 1.50 | ≤ 1.5 | yes |",
    ),
    "large paragraph": (
        "size",
        "| ru, html mode, one paragraph | 20,000,000 | 60.0 (60.0–60.0) | 3000 | 3.00 | ≤ 1.5"
        " | no |",
    ),
    "memory on the way": ("memory", "| 3,000 | 104 | 1.040 |  |  |"),
    "memory at the end": ("memory", "| 4,000 | 106 | 1.060 | ≤ 1.05 | no |"),
    "peak": ("memory", "| ru, html mode | 20,000,000 | 300 | 15.0 | ≤ 20 | yes |"),
    "the import": ("start", "| with the import | 0.160 (0.150–0.300) |  |  |"),
    "the import alone": ("start", "| the import alone | 0.140 | ≤ 0.15 | yes |"),
    "first answer": ("start", "| first answer | 0.700 (0.600–0.800) | ≤ 0.6 | no |"),
    "wheel": ("wheel", "| the wheel | 3.00 | ≤ 5 | yes |"),
    "dependencies": ("wheel", "| all that it needs, installed | 130 | ≤ 120 | no |"),
    "one dependency": ("wheel", "| … joblib | 40.0 |  |  |"),
}


@pytest.mark.parametrize(("part", "line"), LINES.values(), ids=LINES)
def test_line_of_the_report(part: str, line: str) -> None:
    assert line in list(report(part, MEASURED[part]))


def tables(lines: Sequence[str]) -> Iterator[list[str]]:
    """The rows of each table."""
    rows: list[str] = []
    for line in [*lines, ""]:
        if line.startswith("|"):
            rows.append(line)
        elif rows:
            yield rows
            rows = []


@pytest.mark.parametrize("part", BENCHMARK_PARTS)
def test_rows_of_a_table_have_its_columns(part: str) -> None:
    widths = [
        {row.count("|") for row in rows} for rows in tables(list(report(part, MEASURED[part])))
    ]
    assert widths
    assert all(len(width) == 1 for width in widths)


@pytest.mark.parametrize("part", sorted(set(BENCHMARK_PARTS) - {"rooms"}))
def test_tables_end_with_target_and_reached(part: str) -> None:
    heads = [rows[0] for rows in tables(list(report(part, MEASURED[part])))]
    assert all(head.endswith("| target | reached |") for head in heads)


def test_skipped_part_says_why() -> None:
    assert "Skipped: нет ёжика." in list(report("wheel", Skipped("нет ёжика")))


@pytest.mark.parametrize("known", [MEASURES, REPORTS], ids=["measured", "reported"])
def test_parts(known: Mapping[str, object]) -> None:
    assert tuple(known) == BENCHMARK_PARTS


@pytest.mark.parametrize("part", BENCHMARK_PARTS)
def test_written_report_has_the_lines_of_each_part(tmp_path: Path, part: str) -> None:
    write_report(tmp_path / "итог", MEASURED)
    written = (tmp_path / "итог" / REPORT).read_text(encoding="utf-8")
    assert "\n".join(report(part, MEASURED[part])) in written


def test_picture_needs_speed(tmp_path: Path) -> None:
    assert write_report(tmp_path, {"wheel": MEASURED["wheel"]}) == [tmp_path / REPORT]


def test_picture_of_speed_that_was_skipped(tmp_path: Path) -> None:
    assert write_report(tmp_path, {"speed": Skipped("ёж")}) == [tmp_path / REPORT]


def test_picture_is_a_picture(tmp_path: Path) -> None:
    write_report(tmp_path, MEASURED)
    assert ElementTree.parse(tmp_path / PICTURE).getroot().tag.endswith("svg")


def test_picture_is_the_same_for_the_same_numbers(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        draw_speed(tmp_path / name / PICTURE, [RACE])
    assert (tmp_path / "a" / PICTURE).read_bytes() == (tmp_path / "b" / PICTURE).read_bytes()


# The command.


@pytest.mark.usefixtures("no_peers")
@pytest.mark.parametrize("text", ["| **HTML mode** | 2 |", "### Russian news, text mode, 2 pages"])
def test_command_prints_tables(tmp_path: Path, capsys: Capture, text: str) -> None:
    corpora = write_corpora(tmp_path, [RUSSIAN, ENGLISH])
    assert main(["benchmark", "--corpora", str(corpora), "--only", "speed,rooms"]) == 0
    assert text in capsys.readouterr().out


@pytest.mark.usefixtures("no_peers")
def test_command_writes_what_it_prints(tmp_path: Path, capsys: Capture) -> None:
    corpora, out = write_corpora(tmp_path, [RUSSIAN]), tmp_path / "итог"
    arguments = ["--corpora", str(corpora), "--only", "speed", "--out", str(out)]
    assert main(["benchmark", *arguments]) == 0
    assert (out / REPORT).read_text(encoding="utf-8").split() == capsys.readouterr().out.split()


def test_command_knows_no_other_parts(capsys: Capture) -> None:
    with pytest.raises(SystemExit):
        main(["benchmark", "--corpora", "ёж", "--only", "speed,самовар"])
    assert "'самовар' is no part; there are speed, rooms" in capsys.readouterr().err


def test_command_watches_so_many_pages(tmp_path: Path, capsys: Capture) -> None:
    corpora = write_corpora(tmp_path, [RUSSIAN])
    arguments = ["--corpora", str(corpora), "--only", "memory", "--memory-pages", "7"]
    assert main(["benchmark", *arguments]) == 0
    assert "Skipped: " in capsys.readouterr().out


def test_command_without_corpora(tmp_path: Path, capsys: Capture) -> None:
    assert main(["benchmark", "--corpora", str(tmp_path)]) == 1
    assert "holds none of the corpora" in capsys.readouterr().err
