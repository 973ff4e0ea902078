"""What the benchmark measured, as Markdown tables and as a picture, against what is aimed at."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from train.benchmark import (
    HTML_MODE,
    PARSER_ALONE,
    REFERENCE_SIZE,
    TEXT_MODE,
    WHOLE,
    InstalledSize,
    Measured,
    Memory,
    Race,
    RoomTimes,
    SizeTime,
    Skipped,
    Spread,
    StartTimes,
    WorkerTimes,
)

REPORT, PICTURE = "benchmark.md", "benchmark.svg"

MEGABYTE = 1e6

OURS, OTHERS = "tab:blue", "0.7"
"""Colours of the bars."""


@dataclass(frozen=True, slots=True)
class Target:
    """A bound that is to be kept, from below or from above.

    >>> str(Target(at_most=2)), Target(at_most=2).is_reached(2.1)
    ('≤ 2', False)
    """

    at_least: float | None = None
    at_most: float | None = None

    def is_reached(self, value: float) -> bool:
        """Whether a value keeps within the bound."""
        above = self.at_least is None or value >= self.at_least
        return above and (self.at_most is None or value <= self.at_most)

    def __str__(self) -> str:
        bounds = (("≥", self.at_least), ("≤", self.at_most))
        return ", ".join(f"{sign} {bound:g}" for sign, bound in bounds if bound is not None)


SPEED_TARGETS = {
    TEXT_MODE: Target(at_most=0.25),
    "trafilatura": Target(at_least=8),
    "resiliparse": Target(at_least=0.5),
}
"""The time against our HTML mode's, by contestant."""

WORKERS_TARGET = Target(at_least=1.8)
SIZE_TARGET = Target(at_most=1.5)
PEAK_TARGET = Target(at_most=20)
GROWTH_TARGET = Target(at_most=1.05)
IMPORT_TARGET = Target(at_most=0.15)
FIRST_ANSWER_TARGET = Target(at_most=0.6)
WHEEL_TARGET = Target(at_most=5)
DEPENDENCIES_TARGET = Target(at_most=120)


def report(part: str, measured: Measured | Skipped) -> Iterator[str]:
    """The lines of one part."""
    title, lines = REPORTS[part]
    yield f"## {title}"
    yield ""
    if isinstance(measured, Skipped):
        yield f"Skipped: {measured.reason}."
    else:
        yield from lines(measured)
    yield ""


def heading() -> Iterator[str]:
    """What was measured on."""
    software = f"{platform.python_implementation()} {platform.python_version()}"
    for name in ("numpy", "selectolax"):
        software += f", {name} {metadata.version(name)}"
    yield "# Benchmark"
    yield ""
    yield "Written by `python -m train benchmark`. Medians of repeats; in brackets the smallest and"
    yield f"the largest. {software}; {platform.system()} on {platform.machine()},"
    yield f"{os.cpu_count()} cores."
    yield ""


def write_report(folder: Path, parts: Mapping[str, Any]) -> list[Path]:
    """Write the tables, and the picture where speed was measured; returns the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [*heading(), *(line for name in parts for line in report(name, parts[name]))]
    written = [folder / REPORT]
    written[0].write_text("\n".join(lines), encoding="utf-8")
    races = parts.get("speed")
    if isinstance(races, tuple):
        written.append(folder / PICTURE)
        draw_speed(written[1], races)
    return written


def number(value: float) -> str:
    """Three figures, and all those before the point.

    >>> number(0.01234), number(1.5), number(12345.6)
    ('0.0123', '1.50', '12346')
    """
    places = 2 - math.floor(math.log10(abs(value))) if value else 2
    return f"{value:.{max(places, 0)}f}"


def with_spread(values: Spread, factor: float = 1) -> str:
    """The median, and the range in brackets.

    >>> with_spread(Spread(2, 1, 3.25))
    '2.00 (1.00–3.25)'
    """
    median, least, most = (
        number(factor * value) for value in (values.median, values.least, values.most)
    )
    return f"{median} ({least}–{most})"


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table in Markdown; all columns but the first stand to the right."""
    yield "| " + " | ".join(columns) + " |"
    yield "|---|" + "---:|" * (len(columns) - 1)
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def judged(value: float, target: Target | None) -> tuple[str, str]:
    """The last two cells of a row: the target, and whether it was reached.

    >>> judged(1.7, Target(at_least=1.8)), judged(1.7, None)
    (('≥ 1.8', 'no'), ('', ''))
    """
    if target is None:
        return "", ""
    return str(target), "yes" if target.is_reached(value) else "no"


def _speed(races: Sequence[Race]) -> Iterator[str]:
    yield "Bytes in, text out, one process, one thread. The time against our HTML mode's is that on"
    yield "the same pages; peers are given fewer. Text mode reads the text of the blocks."
    for race in races:
        yield ""
        yield f"### {race.name}"
        yield ""
        yield from table(
            ("", "pages", "ms a page", "of HTML mode's time", "target", "reached"),
            list(_speed_rows(race)),
        )


def _speed_rows(race: Race) -> Iterator[tuple[str, ...]]:
    ours = race.of(HTML_MODE)
    for timed in race.timed:
        contestant = timed.contestant
        name = contestant.name if contestant.is_ours else contestant.name.rpartition(" ")[0]
        ratio = timed.ratio(ours)
        yield (
            f"**{contestant.name}**" if contestant.is_ours else contestant.name,
            str(sum(timed.pages)),
            with_spread(timed.milliseconds()),
            "1" if timed is ours else with_spread(ratio),
            *judged(ratio.median, SPEED_TARGETS.get(name)),
        )


def _rooms(times: Sequence[RoomTimes]) -> Iterator[str]:
    yield "`whole` is `classify_many` with the content taken, `rest` what no room accounts for: the"
    yield f"labelled blocks, the page, its content. `{PARSER_ALONE}` is a part of `parse`."
    for rooms in times:
        whole = rooms.milliseconds[WHOLE].median
        yield ""
        yield f"### {rooms.name}, {rooms.mode} mode, {rooms.pages} pages"
        yield ""
        yield from table(
            ("", "ms a page", "of the whole"),
            [
                (room, with_spread(taken), f"{taken.median / whole:.0%}")
                for room, taken in rooms.milliseconds.items()
            ],
        )


def _workers(times: WorkerTimes) -> Iterator[str]:
    one, two = (with_spread(times.seconds[n_jobs]) for n_jobs in (1, 2))
    gain = times.gain.median
    yield from table(
        ("pages", "1 process, s", "2 processes, s", "times as fast", "target", "reached"),
        [(str(times.pages), one, two, with_spread(times.gain), *judged(gain, WORKERS_TARGET))],
    )


def _size(times: Sequence[SizeTime]) -> Iterator[str]:
    yield f"One generated page. The time of a byte is set against that at {REFERENCE_SIZE:,} bytes;"
    yield "the target is meant for the largest page."
    yield ""
    yield from table(
        ("", "bytes", "seconds", "ns a byte", "of the reference", "target", "reached"),
        [_size_row(time, times) for time in times],
    )


def _size_row(time: SizeTime, times: Sequence[SizeTime]) -> tuple[str, ...]:
    ratio = byte_ratio(time, times)
    is_largest = time.size == max(other.size for other in times)
    return (
        f"{time.language}, {time.mode} mode" + (", one paragraph" if time.one_paragraph else ""),
        f"{time.size:,}",
        with_spread(time.seconds),
        f"{time.nanoseconds:.0f}",
        number(ratio),
        *judged(ratio, SIZE_TARGET if is_largest else None),
    )


def byte_ratio(time: SizeTime, times: Sequence[SizeTime]) -> float:
    """The time of a byte against that at the reference size, in paragraphs of the same kind."""
    kind = (time.language, time.mode)
    alike = [
        other for other in times if (other.language, other.mode) == kind and not other.one_paragraph
    ]
    reference = min(alike, key=lambda other: abs(other.size - REFERENCE_SIZE))
    return time.nanoseconds / reference.nanoseconds


def _memory(memory: Memory) -> Iterator[str]:
    yield "Resident memory of one process after so many pages, against that after the second step."
    yield ""
    second, last = memory.resident[1], len(memory.resident) - 1
    yield from table(
        ("pages", "MB", "of the second", "target", "reached"),
        [
            (
                f"{(place + 1) * memory.step:,}",
                number(resident / MEGABYTE),
                f"{resident / second:.3f}",
                *judged(resident / second, GROWTH_TARGET if place == last else None),
            )
            for place, resident in enumerate(memory.resident)
        ],
    )
    yield ""
    yield "How much one long page makes a fresh process grow at most, the page included."
    yield ""
    yield from table(
        ("", "bytes", "peak, MB", "of the page", "target", "reached"),
        [
            (
                f"{peak.language}, {peak.mode} mode",
                f"{peak.size:,}",
                number(peak.peak / MEGABYTE),
                number(peak.peak / peak.size),
                *judged(peak.peak / peak.size, PEAK_TARGET),
            )
            for peak in memory.peaks
        ],
    )


def _start(start: StartTimes) -> Iterator[str]:
    bare, imported, first = start.seconds.values()
    importing = imported.median - bare.median
    rows = [(name, with_spread(taken), "", "") for name, taken in start.seconds.items()]
    rows[-1] = (*rows[-1][:2], *judged(first.median, FIRST_ANSWER_TARGET))
    rows.insert(2, ("the import alone", number(importing), *judged(importing, IMPORT_TARGET)))
    yield "Fresh processes, from their start to their end. `first answer` imports and classifies"
    yield "one small page."
    yield ""
    yield from table(("", "seconds", "target", "reached"), rows)


def _wheel(size: InstalledSize) -> Iterator[str]:
    wheel = size.wheel / MEGABYTE
    dependencies = sum(size.dependencies.values()) / MEGABYTE
    yield from table(
        ("", "MB", "target", "reached"),
        [
            ("the wheel", number(wheel), *judged(wheel, WHEEL_TARGET)),
            (
                "all that it needs, installed",
                number(dependencies),
                *judged(dependencies, DEPENDENCIES_TARGET),
            ),
            *((f"… {name}", number(taken / MEGABYTE), "", "") for name, taken in _by_size(size)),
        ],
    )


def _by_size(size: InstalledSize) -> list[tuple[str, int]]:
    return sorted(size.dependencies.items(), key=lambda item: -item[1])


REPORTS: Mapping[str, tuple[str, Callable[[Any], Iterator[str]]]] = {
    "speed": ("Time of a page", _speed),
    "rooms": ("Where the time goes", _rooms),
    "workers": ("Two processes", _workers),
    "size": ("Time by size", _size),
    "memory": ("Memory", _memory),
    "start": ("From a cold start", _start),
    "wheel": ("On disk", _wheel),
}
"""The title of each part, and how its table is made."""


def draw_speed(path: Path, races: Sequence[Race]) -> None:
    """Bars of milliseconds a page, a panel a set; the same numbers give the same file."""
    with mpl.rc_context({"svg.hashsalt": path.name, "font.size": 8}):
        figure = Figure(figsize=(6, 1 + 1.6 * len(races)), layout="constrained")
        panels = figure.subplots(len(races), 1, sharex=True, squeeze=False)[:, 0]
        for panel, race in zip(panels, races):
            times = [timed.milliseconds() for timed in race.timed]
            medians = [time.median for time in times]
            ranges = (
                [time.median - time.least for time in times],
                [time.most - time.median for time in times],
            )
            names = [timed.contestant.name for timed in race.timed]
            colours = [OURS if timed.contestant.is_ours else OTHERS for timed in race.timed]
            panel.barh(names, medians, xerr=ranges, color=colours, ecolor="0.3", capsize=2)
            panel.set(title=race.name, xscale="log")
            panel.invert_yaxis()
        panels[-1].set_xlabel("milliseconds a page")
        figure.savefig(path, metadata={"Date": None, "Creator": None})
