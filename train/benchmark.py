"""What the classifier costs, beside the peers that are installed: time, memory, size.

Everything is measured here and reported in `train.benchmark_report`. Times are wall times. What is
to be compared is timed in turns, a piece of the pages each, so that a busy machine hits all alike.
"""

from __future__ import annotations

import contextlib
import gc
import importlib.util
import mmap
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from itertools import cycle, islice, product
from pathlib import Path
from time import perf_counter
from typing import ParamSpec, TypeVar

import numpy as np
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from selectolax.lexbor import LexborHTMLParser
from threadpoolctl import threadpool_limits

from classifier import Classifier, Source
from classifier.classify import PAGES_PER_CHUNK
from classifier.decision import page_thresholds
from classifier.encoding import decode
from classifier.features import compute_features, make_facts
from classifier.features.characters import Floats
from classifier.html import parse_html
from classifier.model import packaged_model
from classifier.page import Mode
from classifier.text import parse_text
from train.corpora import CorpusPage, read_corpora
from train.labeled import MODES, LabeledDataError
from train.long_pages import long_page
from train.peers import Extractor, importable_peers
from train.progress import progress

ROOT = Path(__file__).resolve().parent.parent

SETS: Mapping[str, tuple[Sequence[str], int | None]] = {
    "Russian news": (("daniel-ru", "modern-ru"), None),
    "English news": (("daniel-en",), None),
    "WCXB": (("wcxb",), 300),
}
"""The corpora of each set of pages, and how many pages are drawn where not all are taken."""

HTML_MODE, ONE_AT_A_TIME, TEXT_MODE = "HTML mode", "HTML mode, a page at a time", "text mode"

PARSER_ALONE, WHOLE, REST = "lexbor alone", "whole", "rest"
"""What stands beside the rooms: a floor for `parse`; all of it; what no room accounts for."""

REFERENCE_SIZE = 100_000

RESIDENT, PEAK = Path("/proc/self/statm"), Path("/proc/self/status")

SMALL_PAGE = "<title>Чай</title><nav>Home</nav><p>The ferry was late again, and so was the tea."

STARTS = {
    "bare interpreter": "pass",
    "with the import": "import classifier",
    "first answer": f"import classifier; classifier.classify_html({SMALL_PAGE!r}).content",
}
"""What fresh processes run, by what is measured so."""

NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class CannotMeasure(LabeledDataError):
    """Something cannot be measured here; the rest can."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured. Pages are counted a set; `piece` is how many of them make a turn."""

    repeats: int = 5
    piece: int = 4 * PAGES_PER_CHUNK
    peer_pages: int = 4 * PAGES_PER_CHUNK
    room_pages: int = 8 * PAGES_PER_CHUNK
    worker_pages: int = 2_000
    worker_repeats: int = 3
    sizes: tuple[int, ...] = (10_000, REFERENCE_SIZE, 1_000_000, 5_000_000, 20_000_000)
    most_repeated_bytes: int = 10_000_000
    memory_pages: int = 20_000
    memory_step: int = 1_000
    starts: int = 7


@dataclass(frozen=True, slots=True)
class PageSet:
    """Pages that are measured together, in an order drawn by a fixed seed.

    `texts` holds the text of each page's blocks, a line feed between them, in UTF-8.
    """

    name: str
    pages: tuple[CorpusPage, ...]
    texts: tuple[bytes, ...]

    def sources(self, mode: Mode) -> list[Source]:
        """The pages as `classify_many` takes them."""
        if mode == "text":
            return [Source(text, "utf-8") for text in self.texts]
        return [Source(page.raw, page.encoding) for page in self.pages]

    def part(self, start: int, stop: int) -> PageSet:
        """Some of the pages, as a set of their own."""
        return PageSet(self.name, self.pages[start:stop], self.texts[start:stop])


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of repeated measurements, with the smallest and the largest."""

    median: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Contestant:
    """A way from pages to their text. Where `most_pages` is given, more would take too long."""

    name: str
    extract: Callable[[PageSet], object]
    is_ours: bool
    most_pages: int | None = None


@dataclass(frozen=True, slots=True)
class Timed:
    """The seconds of a contestant: a row a repeat, a column a piece; `pages` has their pages.

    Who was given fewer pages has fewer pieces, the first of those that the others have.
    """

    contestant: Contestant
    seconds: Floats
    pages: tuple[int, ...]

    def milliseconds(self) -> Spread:
        """The time of a page."""
        return spread(1e3 * self.seconds.sum(axis=1) / sum(self.pages))

    def ratio(self, other: Timed) -> Spread:
        """The time against another contestant's, on the pieces that both have."""
        shared = min(len(self.pages), len(other.pages))
        own, others = (timed.seconds[:, :shared].sum(axis=1) for timed in (self, other))
        return spread(own / others)


@dataclass(frozen=True, slots=True)
class Race:
    """All contestants over one set of pages."""

    name: str
    timed: tuple[Timed, ...]

    def of(self, name: str) -> Timed:
        """One of the contestants."""
        return next(timed for timed in self.timed if timed.contestant.name == name)


@dataclass(frozen=True, slots=True)
class RoomTimes:
    """Milliseconds a page by room, for one set in one mode."""

    name: str
    mode: Mode
    pages: int
    milliseconds: Mapping[str, Spread]


@dataclass(frozen=True, slots=True)
class WorkerTimes:
    """Seconds for the same pages by the number of worker processes, and how much two gain."""

    pages: int
    seconds: Mapping[int, Spread]
    gain: Spread


@dataclass(frozen=True, slots=True)
class SizeTime:
    """The seconds that one generated page took."""

    language: str
    mode: Mode
    size: int
    one_paragraph: bool
    seconds: Spread

    @property
    def nanoseconds(self) -> float:
        """The time of a byte."""
        return 1e9 * self.seconds.median / self.size


@dataclass(frozen=True, slots=True)
class PeakMemory:
    """The bytes by which a process grew at most while it read and classified one page."""

    language: str
    mode: Mode
    size: int
    peak: int


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident bytes after every `step` pages in one process, and the peaks of long pages."""

    step: int
    resident: tuple[int, ...]
    peaks: tuple[PeakMemory, ...]


@dataclass(frozen=True, slots=True)
class StartTimes:
    """Seconds of a fresh process by what it ran (see `STARTS`)."""

    seconds: Mapping[str, Spread]


@dataclass(frozen=True, slots=True)
class InstalledSize:
    """The bytes of the wheel, and those installed of all that it needs at run time."""

    wheel: int
    dependencies: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A part that could not be measured, and why."""

    reason: str


Measured = (
    tuple[Race, ...]
    | tuple[RoomTimes, ...]
    | WorkerTimes
    | tuple[SizeTime, ...]
    | Memory
    | StartTimes
    | InstalledSize
)


def spread(values: Iterable[float]) -> Spread:
    """Median, smallest and largest.

    >>> spread([3, 1, 8])
    Spread(median=3.0, least=1.0, most=8.0)
    """
    numbers = np.fromiter(values, float)
    return Spread(float(np.median(numbers)), float(numbers.min()), float(numbers.max()))


def read_sets(root: Path) -> list[PageSet]:
    """The sets of pages that lie under `root`; `LabeledDataError` where there are none."""
    corpora = {corpus for names, _ in SETS.values() for corpus in names}
    pages = [page for page in progress(read_corpora(root), "reading") if page.corpus in corpora]
    sets = [_page_set(name, pages) for name in SETS]
    if not any(pages.pages for pages in sets):
        raise LabeledDataError(f"{root} holds none of the corpora {', '.join(sorted(corpora))}")
    return [pages for pages in sets if pages.pages]


def _page_set(name: str, pages: Iterable[CorpusPage]) -> PageSet:
    corpora, count = SETS[name]
    drawn = draw([page for page in pages if page.corpus in corpora], count)
    return PageSet(name, tuple(drawn), tuple(map(_block_text, drawn)))


def draw(pages: Sequence[CorpusPage], count: int | None) -> list[CorpusPage]:
    """So many of the pages (all, for `None`), in an order that is the same at every call."""
    size = len(pages) if count is None else min(count, len(pages))
    return random.Random(0).sample(pages, size)


def _block_text(page: CorpusPage) -> bytes:
    blocks = parse_html(decode(page.raw, page.encoding).text).blocks
    return "\n".join(block.text for block in blocks).encode()


def measure(part: str, plan: Plan, sets: Sequence[PageSet]) -> Measured | Skipped:
    """One of the parts (see `MEASURES`), on one thread but for the worker processes."""
    with threadpool_limits(1), _without_garbage_of_others():
        try:
            return MEASURES[part](plan, sets)
        except CannotMeasure as reason:
            return Skipped(str(reason))


@contextlib.contextmanager
def _without_garbage_of_others() -> Iterator[None]:
    """What the benchmark itself holds, pages and modules, is not searched for garbage."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def seconds_of(
    work: Callable[Arguments, object], *args: Arguments.args, **kwargs: Arguments.kwargs
) -> float:
    """The wall time of a call that begins without garbage of the one before."""
    gc.collect()
    begin = perf_counter()
    work(*args, **kwargs)
    return perf_counter() - begin


def _contents(sources: Iterable[Source], mode: Mode, n_jobs: int = 1) -> list[str]:
    pages = Classifier().classify_many(sources, mode=mode, n_jobs=n_jobs)
    return [page.content for page in pages]


def contestants(peer_pages: int) -> list[Contestant]:
    """Ours, then every peer that can be imported here."""
    classifier = Classifier()

    def one_at_a_time(pages: PageSet) -> list[str]:
        return [
            classifier.classify_html(source.raw, encoding=source.encoding).content
            for source in pages.sources("html")
        ]

    ours = {
        HTML_MODE: lambda pages: _contents(pages.sources("html"), "html"),
        ONE_AT_A_TIME: one_at_a_time,
        TEXT_MODE: lambda pages: _contents(pages.sources("text"), "text"),
    }
    return [
        *(Contestant(name, extract, is_ours=True) for name, extract in ours.items()),
        *(
            Contestant(name, partial(_extract, peer), is_ours=False, most_pages=peer_pages)
            for name, peer in importable_peers().items()
        ),
    ]


def _extract(peer: Extractor, pages: PageSet) -> list[str]:
    return [peer(decode(page.raw, page.encoding).text, page.language) for page in pages.pages]


def measure_speed(plan: Plan, sets: Sequence[PageSet]) -> tuple[Race, ...]:
    """Every contestant over every set."""
    field = contestants(plan.peer_pages)
    return tuple(race(pages, field, plan.repeats, plan.piece) for pages in sets)


def race(pages: PageSet, field: Sequence[Contestant], repeats: int, piece: int) -> Race:
    """All contestants over one set: in turns, piece by piece, and that `repeats` times."""
    pieces = _pieces(pages, piece)
    given = {contestant.name: _pieces_given(contestant, pieces) for contestant in field}
    seconds = {name: np.zeros((repeats, len(given[name]))) for name in given}
    for contestant in field:
        contestant.extract(pieces[0].part(0, 1))  # models and stop lists are read now
    turns = progress(product(range(repeats), range(len(pieces))), pages.name, repeats * len(pieces))
    for repeat, number in turns:
        for contestant in field:
            if number < len(given[contestant.name]):
                part = given[contestant.name][number]
                seconds[contestant.name][repeat, number] = seconds_of(contestant.extract, part)
    return Race(
        pages.name,
        tuple(
            Timed(
                contestant,
                seconds[contestant.name],
                tuple(len(part.pages) for part in given[contestant.name]),
            )
            for contestant in field
        ),
    )


def _pieces(pages: PageSet, piece: int) -> list[PageSet]:
    return [pages.part(start, start + piece) for start in range(0, len(pages.pages), piece)]


def _pieces_given(contestant: Contestant, pieces: Sequence[PageSet]) -> Sequence[PageSet]:
    """The whole pieces that are not too many pages for a contestant, and one at least."""
    if contestant.most_pages is None:
        return pieces
    return pieces[: max(1, contestant.most_pages // len(pieces[0].pages))]


def measure_rooms(plan: Plan, sets: Sequence[PageSet]) -> tuple[RoomTimes, ...]:
    """Where the time goes, for every set in both modes."""
    return tuple(
        room_times(pages.part(0, plan.room_pages), mode, plan.repeats)
        for pages, mode in product(sets, MODES)
    )


def room_times(pages: PageSet, mode: Mode, repeats: int) -> RoomTimes:
    """The rooms that pages go through, one after the other, chunk by chunk as `classify_many`."""
    sources = pages.sources(mode)
    chunks = [
        sources[start : start + PAGES_PER_CHUNK]
        for start in range(0, len(sources), PAGES_PER_CHUNK)
    ]
    _walk_rooms(sources[:1], mode, _Stopwatch())  # the model is read now
    runs = []
    for _ in progress(range(repeats), f"{pages.name}, {mode} rooms", repeats):
        watch = _Stopwatch()
        for chunk in chunks:
            _walk_rooms(chunk, mode, watch)
        runs.append(_with_rest(watch.seconds))
    milliseconds = {
        room: spread(1e3 * seconds[room] / len(sources) for seconds in runs) for room in runs[0]
    }
    return RoomTimes(pages.name, mode, len(sources), milliseconds)


def _with_rest(seconds: Mapping[str, float]) -> dict[str, float]:
    rooms = sum(taken for room, taken in seconds.items() if room not in (WHOLE, PARSER_ALONE))
    return {**seconds, REST: seconds[WHOLE] - rooms}


class _Stopwatch:
    """The seconds that calls took, added up by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def time(
        self,
        name: str,
        work: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        begin = perf_counter()
        result = work(*args, **kwargs)
        self.seconds[name] = self.seconds.get(name, 0.0) + perf_counter() - begin
        return result


def _walk_rooms(sources: Sequence[Source], mode: Mode, watch: _Stopwatch) -> None:
    """Time the whole way of one chunk, then its rooms by themselves."""
    cascade = packaged_model().html if mode == "html" else packaged_model().text
    parse = parse_html if mode == "html" else parse_text
    gc.collect()
    watch.time(WHOLE, _contents, sources, mode)
    gc.collect()
    texts = watch.time("decode", lambda: [decode(raw, said).text for raw, said, _ in sources])
    if mode == "html":
        watch.time(PARSER_ALONE, _parse_only, texts)
    documents = watch.time("parse", lambda: [parse(text) for text in texts])
    facts = watch.time("facts", make_facts, documents)
    table = watch.time("features", compute_features, facts)
    probabilities = watch.time("model", cascade.predict, table)
    watch.time(
        "decision",
        page_thresholds,
        probabilities,
        table.word_counts,
        table.bounds,
        cascade.decision,
    )


def _parse_only(texts: Iterable[str]) -> None:
    for text in texts:
        LexborHTMLParser(text)


def measure_workers(plan: Plan, sets: Sequence[PageSet]) -> WorkerTimes:
    """One process against two, over the pages of all sets, again and again if they are few.

    The first repeat has the start of the worker processes in it.
    """
    pages = [source for part in sets for source in part.sources("html")]
    sources = list(islice(cycle(pages), plan.worker_pages))
    seconds: dict[int, list[float]] = {1: [], 2: []}
    for _ in progress(range(plan.worker_repeats), "workers", plan.worker_repeats):
        for n_jobs, taken in seconds.items():
            taken.append(seconds_of(_contents, sources, "html", n_jobs))
    return WorkerTimes(
        len(sources),
        {n_jobs: spread(taken) for n_jobs, taken in seconds.items()},
        spread(one / two for one, two in zip(*seconds.values())),
    )


def measure_size(plan: Plan, sets: Sequence[PageSet]) -> tuple[SizeTime, ...]:
    """Generated pages of every size, and the largest again as one paragraph."""
    shapes = [(size, False) for size in plan.sizes] + [(plan.sizes[-1], True)]
    cases = list(product(("en", "ru"), MODES, shapes))
    return tuple(
        size_time(language, mode, size, one_paragraph, _repeats(plan, size))
        for language, mode, (size, one_paragraph) in progress(cases, "sizes", len(cases))
    )


def _repeats(plan: Plan, size: int) -> int:
    return max(1, min(plan.repeats, plan.most_repeated_bytes // size))


def size_time(language: str, mode: Mode, size: int, one_paragraph: bool, repeats: int) -> SizeTime:
    """One generated page, classified by itself."""
    page = [Source(long_page(size, language, mode, one_paragraph), "utf-8")]
    _contents([Source(SMALL_PAGE)], mode)
    return SizeTime(
        language,
        mode,
        size,
        one_paragraph,
        spread(seconds_of(_contents, page, mode) for _ in range(repeats)),
    )


def measure_memory(plan: Plan, sets: Sequence[PageSet]) -> Memory:
    """A fresh process over many pages, and one for each long page."""
    for path in (RESIDENT, PEAK):
        if not path.exists():
            raise CannotMeasure(f"there is no {path} here, which only Linux has")
    if plan.memory_pages < 2 * plan.memory_step:
        raise CannotMeasure(
            f"{plan.memory_pages} pages are too few to see memory grow:"
            f" give {2 * plan.memory_step} or more"
        )
    sources = [source for pages in sets for source in pages.sources("html")]
    resident = _in_fresh_process(resident_after, sources, plan.memory_pages, plan.memory_step)
    cases = list(product(("en", "ru"), MODES))
    peaks = tuple(
        peak_memory(language, mode, plan.sizes[-1])
        for language, mode in progress(cases, "peaks", len(cases))
    )
    return Memory(plan.memory_step, tuple(resident), peaks)


def _in_fresh_process(
    work: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
) -> Result:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(work, *args, **kwargs).result()


def resident_after(sources: Sequence[Source], count: int, step: int) -> list[int]:
    """The resident bytes of this process after every `step` pages of so many, in HTML mode."""
    pages = Classifier().classify_many(islice(cycle(sources), count))
    resident = []
    for number, page in enumerate(progress(pages, "memory", count), 1):
        len(page.content)
        if number % step == 0:
            resident.append(int(RESIDENT.read_text().split()[1]) * mmap.PAGESIZE)
    return resident


def peak_memory(language: str, mode: Mode, size: int) -> PeakMemory:
    """The memory that a fresh process needs for one generated page, the page itself included."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page"
        path.write_bytes(long_page(size, language, mode))
        return PeakMemory(language, mode, size, _in_fresh_process(growth, path, mode))


def growth(path: Path, mode: Mode) -> int:
    """The bytes by which reading and classifying a file raises this process's peak."""
    _contents([Source(SMALL_PAGE)], mode)
    before = _peak_resident()
    _contents([Source(path.read_bytes(), "utf-8")], mode)
    return _peak_resident() - before


def _peak_resident() -> int:
    # `ru_maxrss` would not do: a process inherits that of the one that started it.
    line = next(line for line in PEAK.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def measure_start(plan: Plan, sets: Sequence[PageSet]) -> StartTimes:
    """Fresh processes, those of `STARTS` by turns."""
    seconds: dict[str, list[float]] = {name: [] for name in STARTS}
    turns = list(product(range(plan.starts), STARTS.items()))
    # An installed package has its bytecode; a checkout gets it from the first of the processes.
    setting = {key: value for key, value in os.environ.items() if key != NO_BYTECODE}
    for _, (name, code) in progress(turns, "starts", len(turns)):
        command = [sys.executable, "-c", code]
        seconds[name].append(seconds_of(subprocess.run, command, cwd=ROOT, check=True, env=setting))
    return StartTimes({name: spread(taken) for name, taken in seconds.items()})


def measure_wheel(plan: Plan, sets: Sequence[PageSet]) -> InstalledSize:
    """The wheel of this checkout, built now, and what it needs."""
    with tempfile.TemporaryDirectory() as folder:
        wheel = build_wheel(Path(folder))
        requirements = next(iter(metadata.distributions(path=[str(wheel)]))).requires or []
        return InstalledSize(
            wheel=wheel.stat().st_size,
            dependencies={
                distribution.name: installed_size(distribution)
                for distribution in needed_at_run_time(requirements)
            },
        )


def build_wheel(folder: Path) -> Path:
    """Build the wheel into a folder, without a network where the build backend is installed."""
    offline = ["--no-build-isolation"] if importlib.util.find_spec("hatchling") else []
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", *offline]
    done = subprocess.run(
        [*command, "--wheel-dir", str(folder), str(ROOT)], capture_output=True, text=True
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise CannotMeasure(f"the wheel cannot be built ({reason}): pip install hatchling")
    return next(folder.glob("*.whl"))


def needed_at_run_time(requirements: Iterable[str]) -> list[metadata.Distribution]:
    """The distributions that requirements without extras lead to, those they need in turn too."""
    found: dict[str, metadata.Distribution] = {}
    wanted = list(requirements)
    while wanted:
        requirement = Requirement(wanted.pop())
        name = canonicalize_name(requirement.name)
        if name in found or not _holds(requirement):
            continue
        try:
            found[name] = metadata.distribution(name)
        except metadata.PackageNotFoundError as error:
            raise CannotMeasure(f"{name} is not installed here: pip install {name}") from error
        wanted += found[name].requires or []
    return list(found.values())


def _holds(requirement: Requirement) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": ""})


def installed_size(distribution: metadata.Distribution) -> int:
    """The bytes of all files of an installed distribution."""
    paths = (Path(str(file.locate())) for file in distribution.files or ())
    return sum(path.stat().st_size for path in paths if path.is_file())


MEASURES: Mapping[str, Callable[[Plan, Sequence[PageSet]], Measured]] = {
    "speed": measure_speed,
    "rooms": measure_rooms,
    "workers": measure_workers,
    "size": measure_size,
    "memory": measure_memory,
    "start": measure_start,
    "wheel": measure_wheel,
}
"""The parts of the benchmark by the names that `--only` knows."""
