"""What surrounds a block: the features that see neighbours, containers and kin.

Two uses of one set of ranges. `context_columns` looks at plain facts (length, link density,
sentence ends) around each block; `surroundings` does the same for any score a row, which is how a
second model sees the first one's probabilities (Cohen and Carvalho 2005, "Stacked sequential
learning").
"""

from __future__ import annotations

import numpy as np

from classifier.features.characters import Floats, Integers
from classifier.features.facts import Columns, Facts
from classifier.features.layout import (
    CONTAINER_LEVELS,
    KIN_LEVELS,
    REACHES,
    Layout,
    kin_mean,
    page_max,
    page_sum,
    range_mean,
    range_sum,
    running_sum,
    shift,
)

BLOCK_COST = 10
"""Characters that a block must gain to be worth its place in the best container."""

NEIGHBOUR_FACTS = ("characters_log", "link_density", "stop_word_density", "ends_sentence")
"""Features that are also told of the neighbours."""

WINDOW_FACTS = ("stop_word_density", "ends_sentence", "capitalised_share")
"""Features whose mean around a block is told."""

NEIGHBOUR_OFFSETS = (-3, -2, -1, 1, 2, 3)


def context_columns(facts: Facts, layout: Layout, own: Columns) -> Columns:
    """Lengths, link densities and sentence ends around each block."""
    lengths = facts.counts["characters"].astype(np.float64)
    linked = np.minimum(facts.counts["link_characters"], lengths)
    sentences = facts.counts["sentence_ends"].astype(np.float64)
    density = linked / np.maximum(lengths, 1)
    columns: Columns = {}
    near = np.nan_to_num(np.stack([own[name] for name in NEIGHBOUR_FACTS]))
    for offset in (-2, -1, 1, 2):
        for name, values in zip(NEIGHBOUR_FACTS, shift(near, offset, layout)):
            columns[f"{name}_at_{offset:+d}"] = values
    kin = layout.kin[:, -1] + 1  # beyond the page is 0
    for offset in (-1, 1):
        columns[f"same_kin_at_{offset:+d}"] = shift(kin, offset, layout) == kin
    ones = np.ones(layout.size)
    lengths_log = np.log1p(lengths)
    near = np.stack([*(own[name] for name in WINDOW_FACTS), lengths_log, sentences])
    means = range_mean(near, ones, *layout.windows)
    densities = range_mean(density, lengths, *layout.windows)
    for place, reach in enumerate(REACHES):
        *facts_within, lengths_within, sentences_within = means[:, place]
        for name, values in zip(WINDOW_FACTS, facts_within):
            columns[f"{name}_within_{reach}"] = values
        columns[f"characters_log_within_{reach}"] = lengths_within
        columns[f"link_density_within_{reach}"] = densities[place]
        columns[f"sentences_within_{reach}"] = sentences_within
    columns.update(_range_columns(lengths, linked, sentences, layout))
    gain = np.where(sentences > 0, lengths * (1 - 2 * density), -lengths / 2) - BLOCK_COST
    columns.update(best_container(gain, layout, "text"))
    columns.update(best_run(gain, layout, "text"))
    for column, levels in enumerate(KIN_LEVELS):
        kin = layout.kin[:, column]
        counted = np.bincount(kin, minlength=1)[kin] if kin.size else kin
        columns[f"kin_{levels}_log"] = np.log(np.maximum(counted, 1))
        columns[f"kin_{levels}_characters_log"] = kin_mean(lengths_log, ones, kin)
        columns[f"kin_{levels}_link_density"] = kin_mean(density, lengths, kin)
        columns[f"kin_{levels}_sentences"] = kin_mean(sentences, ones, kin)
    return columns


def _range_columns(lengths: Floats, linked: Floats, sentences: Floats, layout: Layout) -> Columns:
    """Lengths, link densities and sentence ends of the page and of each container."""
    long_text = np.where(sentences > 0, lengths, 0)
    totals, links, ends, texts = range_sum(
        np.stack([lengths, linked, sentences, long_text]), layout.firsts, layout.ends
    )
    some, blocks = np.maximum(totals, 1), layout.ends - layout.firsts
    of_every_range = {
        "link_density": links / some,
        "text_share": texts / some,
        "sentences_per_block": ends / np.maximum(blocks, 1),
    }
    columns = {f"page_{name}": values[0] for name, values in of_every_range.items()}
    of_containers = {
        **of_every_range,
        "blocks_log": np.log1p(blocks),
        "characters_log": np.log1p(totals),
        "share_of_page_text": texts / np.maximum(texts[0], 1),
    }
    places = (np.arange(layout.size) - layout.firsts + 0.5) / np.maximum(blocks, 1)
    for number, level in enumerate(CONTAINER_LEVELS, 1):
        for name, values in of_containers.items():
            columns[f"container_{level}_{name}"] = values[number]
        columns[f"place_in_container_{level}"] = places[number]
    return columns


def best_container(gain: Floats, layout: Layout, name: str) -> Columns:
    """Where each block lies from its page's best container: the one with the largest summed gain.

    A block of running text gains, a block of anything else loses, so the best container holds
    the text and little else; of equal ones the narrowest is taken. Readability extractors keep
    that container; here it is one more fact.
    """
    gains = range_sum(gain, layout.firsts, layout.ends)
    best_gain = page_max(gains.max(axis=0), layout)
    widths = np.where(gains == best_gain, layout.ends - layout.firsts, layout.size + 1)
    level, rows = widths.argmin(axis=0), np.arange(layout.size)
    # The narrowest best container of the page, found at one of its own blocks.
    order = np.lexsort((widths[level, rows], layout.page))
    holder = order[layout.page_starts][layout.page]
    columns = _against_range(
        layout.firsts[level[holder], holder],
        layout.ends[level[holder], holder],
        layout,
        f"best_{name}",
    )
    for container, values in zip(CONTAINER_LEVELS, gains[1:]):
        columns[f"container_{container}_against_best_{name}"] = np.clip(
            values / np.maximum(best_gain, 1e-6), -1, 1
        )
    return columns


def best_run(gain: Floats, layout: Layout, name: str) -> Columns:
    """Where each block lies from its page's best run: the neighbours with the largest summed gain.

    The run is the body text as Finn, Kushmerick and Smyth (2001, "Fact or fiction: content
    classification for digital libraries") look for it: what to keep between two cuts.
    """
    sums = running_sum(gain)
    begin = np.zeros(layout.size, np.int64)
    stop = np.zeros(layout.size, np.int64)
    for first, end in zip(layout.page_starts, layout.end[layout.page_starts]):
        lowest = np.minimum.accumulate(sums[first:end])
        last = int(np.argmax(sums[first + 1 : end + 1] - lowest))
        begin[first:end] = first + int(np.argmin(sums[first : first + last + 1]))
        stop[first:end] = first + last + 1
    columns = _against_range(begin, stop, layout, f"best_run_{name}")
    columns[f"best_run_{name}_gain_log"] = np.log1p(np.maximum(sums[stop] - sums[begin], 0))
    return columns


def _against_range(first: Integers, end: Integers, layout: Layout, name: str) -> Columns:
    """How each block lies to a range of rows on its page, and how much of the page that is."""
    rows = np.arange(layout.size)
    return {
        f"in_{name}": ((rows >= first) & (rows < end)).astype(np.float32),
        f"before_{name}_log": np.log1p(np.maximum(first - rows, 0)),
        f"after_{name}_log": np.log1p(np.maximum(rows - end + 1, 0)),
        f"{name}_share_of_blocks": (end - first) / (layout.end - layout.first),
    }


def surroundings(score: Floats, weights: Floats, layout: Layout, name: str) -> Columns:
    """A score a row as seen from each block: neighbours, windows, containers, kin, page."""
    columns: Columns = {name: score}
    offsets = np.array(NEIGHBOUR_OFFSETS)
    for offset, values in zip(NEIGHBOUR_OFFSETS, shift(score, offsets[:, None], layout)):
        columns[f"{name}_at_{offset:+d}"] = values
    sums, weight_sums = running_sum(np.stack([score * weights, weights]))

    def mean(firsts: Integers, ends: Integers) -> Floats:
        totals = np.maximum(weight_sums[ends] - weight_sums[firsts], 1e-9)
        means: Floats = (sums[ends] - sums[firsts]) / totals
        return means

    for reach, values in zip(REACHES, mean(*layout.windows)):
        columns[f"{name}_within_{reach}"] = values
    of_page, *of_containers = mean(layout.firsts, layout.ends)
    for level, values in zip(CONTAINER_LEVELS, of_containers):
        columns[f"{name}_in_container_{level}"] = values
    for column, levels in enumerate(KIN_LEVELS):
        columns[f"{name}_of_kin_{levels}"] = kin_mean(score, weights, layout.kin[:, column])
    columns[f"{name}_of_page"] = of_page
    page_sums, *container_sums = sums[layout.ends] - sums[layout.firsts]
    page_total = np.maximum(page_sums, 1e-9)
    columns[f"{name}_share_before"] = (sums[:-1] - sums[layout.first]) / page_total
    for level, values in zip(CONTAINER_LEVELS, container_sums):
        columns[f"{name}_share_in_container_{level}"] = values / page_total
    return {key: np.asarray(values, np.float32) for key, values in columns.items()}


def standing(probabilities: Floats, weights: Floats, layout: Layout, name: str) -> Columns:
    """How each block's probability stands among its page's.

    `rank` is the weighted share of the page that is likelier. `top` is the mean probability
    weighted by itself squared: where the page's likely blocks are. `above_expected` compares the
    weight of what is likelier with the expected weight of all content, in log.
    """
    order = np.lexsort((-probabilities, layout.page))
    running = running_sum(weights[order])
    above = np.empty(layout.size)
    above[order] = running[:-1] - running[layout.first[order]]
    expected = page_sum(probabilities * weights, layout)
    squares = probabilities**2 * weights
    top = page_sum(squares * probabilities, layout) / np.maximum(page_sum(squares, layout), 1e-9)
    columns = {
        f"{name}_rank": above / np.maximum(page_sum(weights, layout), 1e-9),
        f"{name}_top": top,
        f"{name}_below_top": probabilities - top,
        f"{name}_above_expected": np.log((above + 1) / (expected + 1)),
        f"{name}_expected_log": np.log1p(expected),
    }
    return {key: np.asarray(values, np.float32) for key, values in columns.items()}
