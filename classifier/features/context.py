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
    Layout,
    kin_mean,
    page_max,
    range_mean,
    running_sum,
    shift,
    window_mean,
)

BLOCK_COST = 10
"""Characters that a block must gain to be worth its place in the best container."""

NEIGHBOUR_OFFSETS = (-3, -2, -1, 1, 2, 3)


def context_columns(facts: Facts, layout: Layout, own: Columns) -> Columns:
    """Lengths, link densities and sentence ends around each block."""
    lengths = facts.counts["characters"].astype(np.float64)
    linked = np.minimum(facts.counts["link_characters"], lengths)
    sentences = facts.counts["sentence_ends"].astype(np.float64)
    long_text = np.where(sentences > 0, lengths, 0)
    density = linked / np.maximum(lengths, 1)
    columns: Columns = {}
    for offset in (-2, -1, 1, 2):
        for name in ("characters_log", "link_density", "stop_word_density", "ends_sentence"):
            values = np.nan_to_num(own[name])
            columns[f"{name}_at_{offset:+d}"] = shift(values, offset, layout)
    for offset in (-1, 1):
        rows = np.arange(layout.size) + offset
        inside = (rows >= layout.first) & (rows < layout.end)
        other = np.clip(rows, 0, max(layout.size - 1, 0))
        columns[f"same_kin_at_{offset:+d}"] = inside & (layout.kin[other, -1] == layout.kin[:, -1])
    ones = np.ones(layout.size)
    for reach in (3, 10):
        for name in ("stop_word_density", "ends_sentence", "capitalised_share"):
            columns[f"{name}_within_{reach}"] = window_mean(own[name], ones, reach, layout)
        columns[f"characters_log_within_{reach}"] = window_mean(
            np.log1p(lengths), ones, reach, layout
        )
        columns[f"link_density_within_{reach}"] = window_mean(density, lengths, reach, layout)
        columns[f"sentences_within_{reach}"] = window_mean(sentences, ones, reach, layout)
    ranges = [(layout.first, layout.end, "page")] + [
        (layout.container_first[:, column], layout.container_end[:, column], f"container_{level}")
        for column, level in enumerate(CONTAINER_LEVELS)
    ]
    length_sums, linked_sums, sentence_sums, text_sums = map(
        running_sum, (lengths, linked, sentences, long_text)
    )
    for start, stop, name in ranges:
        total = length_sums[stop] - length_sums[start]
        blocks = stop - start
        columns[f"{name}_link_density"] = (linked_sums[stop] - linked_sums[start]) / np.maximum(
            total, 1
        )
        columns[f"{name}_text_share"] = (text_sums[stop] - text_sums[start]) / np.maximum(total, 1)
        columns[f"{name}_sentences_per_block"] = (
            sentence_sums[stop] - sentence_sums[start]
        ) / np.maximum(blocks, 1)
        if name != "page":
            columns[f"{name}_blocks_log"] = np.log1p(blocks)
            columns[f"{name}_characters_log"] = np.log1p(total)
            page_text = text_sums[layout.end] - text_sums[layout.first]
            columns[f"{name}_share_of_page_text"] = (
                text_sums[stop] - text_sums[start]
            ) / np.maximum(page_text, 1)
            columns[f"place_in_{name}"] = (np.arange(layout.size) - start + 0.5) / np.maximum(
                blocks, 1
            )
    gain = np.where(sentences > 0, lengths * (1 - 2 * density), -lengths / 2) - BLOCK_COST
    columns.update(best_container(gain, layout, "text"))
    columns.update(best_run(gain, layout, "text"))
    for column, levels in enumerate(KIN_LEVELS):
        kin = layout.kin[:, column]
        counted = np.bincount(kin, minlength=1)[kin] if kin.size else kin
        columns[f"kin_{levels}_log"] = np.log(np.maximum(counted, 1))
        columns[f"kin_{levels}_characters_log"] = kin_mean(np.log1p(lengths), ones, kin)
        columns[f"kin_{levels}_link_density"] = kin_mean(density, lengths, kin)
        columns[f"kin_{levels}_sentences"] = kin_mean(sentences, ones, kin)
    return columns


def best_container(gain: Floats, layout: Layout, name: str) -> Columns:
    """Where each block lies from its page's best container: the one with the largest summed gain.

    A block of running text gains, a block of anything else loses, so the best container holds
    the text and little else; of equal ones the narrowest is taken. Readability extractors keep
    that container; here it is one more fact.
    """
    sums = running_sum(gain)
    firsts = np.column_stack([layout.first, layout.container_first])
    ends = np.column_stack([layout.end, layout.container_end])
    gains = sums[ends] - sums[firsts]
    starts = np.unique(layout.first)
    page = np.searchsorted(starts, layout.first)
    best_gain = page_max(gains.max(axis=1), layout)
    widths = np.where(gains == best_gain[:, None], ends - firsts, layout.size + 1)
    level = widths.argmin(axis=1)
    rows = np.arange(layout.size)
    width = widths[rows, level]
    # The narrowest best container of the page, found at one of its own blocks.
    order = np.lexsort((width, layout.first))
    holder = order[np.searchsorted(layout.first[order], starts)] if layout.size else rows
    best_first = firsts[holder, level[holder]][page]
    best_end = ends[holder, level[holder]][page]
    columns = _against_range(best_first, best_end, layout, f"best_{name}")
    for column, container in enumerate(CONTAINER_LEVELS):
        columns[f"container_{container}_against_best_{name}"] = np.clip(
            gains[:, column + 1] / np.maximum(best_gain, 1e-6), -1, 1
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
    for first, end in np.unique(np.stack([layout.first, layout.end], axis=1), axis=0):
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
    for offset in NEIGHBOUR_OFFSETS:
        columns[f"{name}_at_{offset:+d}"] = shift(score, offset, layout)
    for reach in (3, 10):
        columns[f"{name}_within_{reach}"] = window_mean(score, weights, reach, layout)
    for column, level in enumerate(CONTAINER_LEVELS):
        columns[f"{name}_in_container_{level}"] = range_mean(
            score,
            weights,
            layout.container_first[:, column],
            layout.container_end[:, column],
        )
    for column, levels in enumerate(KIN_LEVELS):
        columns[f"{name}_of_kin_{levels}"] = kin_mean(score, weights, layout.kin[:, column])
    columns[f"{name}_of_page"] = range_mean(score, weights, layout.first, layout.end)
    rows = np.arange(layout.size)
    sums = running_sum(score * weights)
    page_total = np.maximum(sums[layout.end] - sums[layout.first], 1e-9)
    columns[f"{name}_share_before"] = (sums[rows] - sums[layout.first]) / page_total
    for column, level in enumerate(CONTAINER_LEVELS):
        start, stop = layout.container_first[:, column], layout.container_end[:, column]
        columns[f"{name}_share_in_container_{level}"] = (sums[stop] - sums[start]) / page_total
    return {key: np.asarray(values, np.float32) for key, values in columns.items()}


def standing(
    probabilities: Floats, weights: Floats, layout: Layout, page: Integers, name: str
) -> Columns:
    """How each block's probability stands among its page's.

    `rank` is the weighted share of the page that is likelier. `top` is the mean probability
    weighted by itself squared: where the page's likely blocks are. `above_expected` compares the
    weight of what is likelier with the expected weight of all content, in log.
    """
    order = np.lexsort((-probabilities, page))
    running = running_sum(weights[order])
    above = np.empty(layout.size)
    above[order] = running[:-1] - running[layout.first[order]]

    def of_page(values: Floats) -> Floats:
        sums = running_sum(values)
        return sums[layout.end] - sums[layout.first]

    expected = of_page(probabilities * weights)
    squares = probabilities**2 * weights
    top = of_page(squares * probabilities) / np.maximum(of_page(squares), 1e-9)
    columns = {
        f"{name}_rank": above / np.maximum(of_page(weights), 1e-9),
        f"{name}_top": top,
        f"{name}_below_top": probabilities - top,
        f"{name}_above_expected": np.log((above + 1) / (expected + 1)),
        f"{name}_expected_log": np.log1p(expected),
    }
    return {key: np.asarray(values, np.float32) for key, values in columns.items()}
