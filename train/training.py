"""Labelled pages as numbers, and the training table that they become.

`LabeledFacts` is what is kept of pages: inference's own facts with a label a block. It comes from
pages at hand or from the tables in `labeled/`, and becomes a `TrainingTable` of features.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from classifier.features import Facts, FeatureTable, compute_features, make_facts
from classifier.features.characters import Bools, Floats, Integers, starts_of
from classifier.features.layout import Layout
from classifier.features.tree import Tree
from classifier.features.wording import Tokens
from train.align import Alignment
from train.labeled import LabeledDataError
from train.pages import LabeledPage, PageRecord
from train.progress import progress

PAGES_PER_CHUNK = 32

CORPUS_WEIGHTS = {
    "daniel-en": 2.0,
    "daniel-ru": 3.0,
    "modern-ru": 3.0,
    "labeled": 4.0,
    "yours": 4.0,
    "fundus": 0.5,
    "readability": 0.5,
}
"""How much a page of a small corpus counts against one of WCXB's 1,495; see EXPERIMENTS.md."""

DERIVED_WEIGHT = 0.5
"""How much a page made from another one counts against that one, which has the same lines."""

KEPT_OF_ABRIDGED, FIRST_OF_ABRIDGED = 10, 3
"""One in so many blocks stays of an abridged page, and so many of its first content blocks."""

LONGEST_FRAGMENT = 3
"""A fragment has up to so many blocks."""


@dataclass(frozen=True, slots=True)
class LabeledFacts:
    """Some pages as numbers, with a label a block.

    `alignment` counts each block's words as the scores do, and those of them that stand in the
    gold text; `sure` marks the blocks whose labels are to be believed. `pages` has an entry a page.
    """

    facts: Facts
    is_content: Bools
    alignment: Alignment
    sure: Bools
    pages: tuple[PageRecord, ...]


@dataclass(frozen=True, slots=True)
class TrainingTable:
    """A feature table with what training and scoring need.

    `is_content`, `alignment` and `weights` have an entry a row, the others an entry a page.
    `is_own` marks pages as they came, not made of others to be learned from; `is_short` those that
    were made short.
    """

    table: FeatureTable
    is_content: Bools
    alignment: Alignment
    weights: Floats
    pages: tuple[PageRecord, ...]
    is_own: Bools
    is_short: Bools
    page_weights: Floats

    @property
    def sites(self) -> tuple[str, ...]:
        """The site of each page."""
        return tuple(page.site for page in self.pages)


def labeled_facts(pages: Sequence[LabeledPage]) -> list[LabeledFacts]:
    """What is kept of the pages, in their order, some pages a chunk."""
    return [
        _chunk(pages[start : start + PAGES_PER_CHUNK])
        for start in progress(range(0, len(pages), PAGES_PER_CHUNK), "facts")
    ]


def _chunk(pages: Sequence[LabeledPage]) -> LabeledFacts:
    facts = make_facts([page.document for page in pages])
    return LabeledFacts(
        facts=facts,
        is_content=np.concatenate([page.is_content for page in pages]),
        alignment=_join_alignments([page.alignment for page in pages]),
        sure=np.concatenate([page.sure for page in pages]),
        pages=tuple(page.record for page in pages),
    )


def _join_alignments(parts: Sequence[Alignment]) -> Alignment:
    return Alignment(
        np.concatenate([part.words for part in parts]),
        np.concatenate([part.aligned for part in parts]),
    )


MARKUP_FACTS = (
    "marked_up links link_characters bold_characters images words_in_title title_words"
    " words_in_description description_words words_in_structured structured_words"
).split()


def without_markup(labeled: LabeledFacts) -> LabeledFacts:
    """The same blocks as lines of plain text: what markup told is gone."""
    facts = labeled.facts
    nothing = np.zeros(facts.size, np.int64)
    counts = {**facts.counts, **dict.fromkeys(MARKUP_FACTS, nothing)}
    kinds = make_facts([]).tree.kinds
    tree = Tree(np.zeros((facts.size, 0), np.int64), np.array([-1]), kinds)
    return replace(labeled, facts=replace(facts, counts=counts, tree=tree))


def leftovers(labeled: LabeledFacts) -> list[LabeledFacts]:
    """What an extraction may have left of the pages, as lines of plain text.

    One that looks for the container of the text, as Readability does; one that looks for the run of
    text between two cuts (Finn, Kushmerick and Smyth 2001); and one that never errs. From these it
    is learned that on a page that is nearly clean only what is surely noise is to be dropped.
    """
    table = compute_features(labeled.facts)
    columns = dict(zip(table.names, table.values.T))
    return [
        without_markup(take_blocks(labeled, kept))
        for kept in (
            columns["in_best_text"] > 0,
            columns["in_best_run_text"] > 0,
            labeled.is_content,
        )
    ]


def abridged(labeled: LabeledFacts) -> LabeledFacts:
    """The first blocks of each page's content, and every tenth block: short pages.

    Published pages are long. A note, a fragment, a page made by hand has a dozen blocks, and
    everything that is counted around a block looks otherwise there.
    """
    place = _rank(np.ones(labeled.facts.size, bool), labeled.facts)
    is_early = labeled.is_content & (_rank(labeled.is_content, labeled.facts) < FIRST_OF_ABRIDGED)
    return _whole(take_blocks(labeled, (place % KEPT_OF_ABRIDGED == 0) | is_early))


def fragments(labeled: LabeledFacts) -> list[LabeledFacts]:
    """The first one, two or three blocks of each page's content alone, and of its noise.

    A caller may have a single sentence, or a menu and nothing else, to ask about.
    """
    facts = labeled.facts
    most = facts.page % LONGEST_FRAGMENT
    return [
        _whole(take_blocks(labeled, rows & (_rank(rows, facts) <= most)))
        for rows in (labeled.is_content, ~labeled.is_content)
    ]


def _rank(rows: Bools, facts: Facts) -> Integers:
    """How many of the marked rows of its page stand before each row."""
    earlier = np.cumsum(rows) - rows
    return earlier - earlier[facts.bounds[facts.page]]


def _whole(short: LabeledFacts) -> LabeledFacts:
    """Pages of which no more was to be found than what is left of them."""
    gold_words = np.bincount(
        short.facts.page, short.alignment.aligned, minlength=len(short.pages)
    ).astype(int)
    pages = [
        replace(page, gold_words=words) for page, words in zip(short.pages, gold_words.tolist())
    ]
    return replace(short, pages=tuple(pages))


def take_blocks(labeled: LabeledFacts, rows: Bools) -> LabeledFacts:
    """The marked blocks only, still in their elements; a page without any is gone."""
    facts = labeled.facts
    sizes = np.bincount(facts.page[rows], minlength=len(labeled.pages))
    counts = np.diff(facts.word_bounds)
    return LabeledFacts(
        facts=Facts(
            counts={name: values[rows] for name, values in facts.counts.items()},
            bounds=starts_of(sizes[sizes > 0]),
            words=facts.words[np.repeat(rows, counts)],
            word_bounds=starts_of(counts[rows]),
            tree=replace(facts.tree, path=facts.tree.path[rows]),
        ),
        is_content=labeled.is_content[rows],
        alignment=Alignment(labeled.alignment.words[rows], labeled.alignment.aligned[rows]),
        sure=labeled.sure[rows],
        pages=tuple(page for page, size in zip(labeled.pages, sizes) if size),
    )


def training_table(
    chunks: Sequence[LabeledFacts],
    left: Sequence[LabeledFacts] = (),
    short: Sequence[LabeledFacts] = (),
) -> TrainingTable:
    """The features of all chunks, in their order, then of leftovers, and then of short pages."""
    parts = [chunks, left, short]
    own_pages, left_pages = (sum(len(chunk.pages) for chunk in part) for part in parts[:2])
    chunks = [chunk for part in parts for chunk in part]
    if not any(page.trust > 0 for chunk in chunks for page in chunk.pages):
        raise LabeledDataError(
            "no page to learn from or to score: HTML mode needs HTML pages, text mode any pages;"
            " list some in pages.jsonl, or add ours by `--labeled labeled`"
        )
    table = concatenate([compute_features(chunk.facts) for chunk in progress(chunks, "features")])
    pages = tuple(page for chunk in chunks for page in chunk.pages)
    is_own = np.arange(len(pages)) < own_pages
    is_short = np.arange(len(pages)) >= own_pages + left_pages
    page_weights = np.array([page.trust * CORPUS_WEIGHTS.get(page.corpus, 1.0) for page in pages])
    page_weights[~is_own] *= DERIVED_WEIGHT
    return TrainingTable(
        table=table,
        is_content=np.concatenate([chunk.is_content for chunk in chunks]),
        alignment=_join_alignments([chunk.alignment for chunk in chunks]),
        weights=row_weights(table, page_weights) * np.concatenate([chunk.sure for chunk in chunks]),
        pages=pages,
        is_own=is_own,
        is_short=is_short,
        page_weights=page_weights,
    )


def row_weights(table: FeatureTable, page_weights: Floats) -> Floats:
    """How much each block counts: more with its words, less where its page has many blocks.

    A page counts once in the scores, whatever its number of blocks, but more blocks also say
    more; the root of their number is between the two. So it is for words in a block.
    """
    sizes = np.diff(table.bounds)
    page = table.page
    weights = np.sqrt(table.word_counts + 1)
    totals = np.bincount(page, weights, minlength=len(sizes))
    weights = weights / totals[page] * (np.sqrt(sizes) * page_weights)[page]
    return weights / weights.mean()


def concatenate(tables: Sequence[FeatureTable]) -> FeatureTable:
    """Tables of different pages as one, with rows, pages and kin renumbered."""
    row_offsets = np.cumsum([0] + [len(table.values) for table in tables])
    kin_offsets = np.cumsum([0] + [_kin_size(table) for table in tables])
    layouts = [
        Layout(
            **{
                field.name: getattr(table.layout, field.name)
                + (kin_offset if field.name == "kin" else row_offset)
                for field in fields(Layout)
            }
        )
        for table, row_offset, kin_offset in zip(tables, row_offsets, kin_offsets)
    ]
    return FeatureTable(
        names=tables[0].names,
        values=np.concatenate([table.values for table in tables]),
        bounds=_join_bounds([table.bounds for table in tables]),
        word_counts=np.concatenate([table.word_counts for table in tables]),
        layout=Layout(
            **{
                field.name: np.concatenate([getattr(layout, field.name) for layout in layouts])
                for field in fields(Layout)
            }
        ),
        words=_join_tokens([table.words for table in tables]),
        element_names=_join_tokens([table.element_names for table in tables]),
    )


def take_pages(training: TrainingTable, pages: npt.NDArray[np.bool_]) -> TrainingTable:
    """The rows of the marked pages only."""
    table = training.table
    rows = np.repeat(pages, np.diff(table.bounds))
    # Ranges lie inside a page, so every row moves by as many as were dropped before its page.
    moved = np.cumsum(rows) - rows
    page_start = np.repeat(table.bounds[:-1], np.diff(table.bounds))
    drop = (page_start - moved[page_start])[rows] if rows.size else page_start[rows]
    layout = table.layout
    return TrainingTable(
        table=FeatureTable(
            names=table.names,
            values=table.values[rows],
            bounds=starts_of(np.diff(table.bounds)[pages]),
            word_counts=table.word_counts[rows],
            layout=Layout(
                first=layout.first[rows] - drop,
                end=layout.end[rows] - drop,
                container_first=layout.container_first[rows] - drop[:, None],
                container_end=layout.container_end[rows] - drop[:, None],
                section=layout.section[rows] - drop,
                kin=layout.kin[rows],
            ),
            words=_take_tokens(table.words, rows),
            element_names=_take_tokens(table.element_names, rows),
        ),
        is_content=training.is_content[rows],
        alignment=Alignment(training.alignment.words[rows], training.alignment.aligned[rows]),
        weights=training.weights[rows],
        pages=tuple(page for page, taken in zip(training.pages, pages) if taken),
        is_own=training.is_own[pages],
        is_short=training.is_short[pages],
        page_weights=training.page_weights[pages],
    )


def _kin_size(table: FeatureTable) -> int:
    return int(table.layout.kin.max()) + 1 if table.layout.kin.size else 0


def _join_bounds(bounds: Sequence[Integers]) -> Integers:
    return starts_of(np.concatenate([np.diff(bound) for bound in bounds]))


def _join_tokens(tokens: Sequence[Tokens]) -> Tokens:
    return Tokens(
        np.concatenate([part.buckets for part in tokens]),
        _join_bounds([part.bounds for part in tokens]),
    )


def _take_tokens(tokens: Tokens, rows: npt.NDArray[np.bool_]) -> Tokens:
    counts = np.diff(tokens.bounds)
    return Tokens(tokens.buckets[np.repeat(rows, counts)], starts_of(counts[rows]))
