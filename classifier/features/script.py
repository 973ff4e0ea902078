"""Which script and language a block is written in, and how far that is from its page's.

A Cyrillic interface string in an English article is noise; an English quotation in a Russian
article is not. Both differ from their page; length, wording and neighbours tell them apart.

Stop-word density as in jusText (Pomikálek 2011, "Removing boilerplate and duplicate content from
web corpora"): the share of function words, which running text has and menus lack. The two lists
are our own, of like size, so that one density means the same in both languages.
"""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

from classifier.features import characters as ch
from classifier.features.batch import Batch
from classifier.features.characters import Bools, Floats, Hashes, find_words, join_characters

ENGLISH_STOP_WORDS = frozenset(
    "a about after all also an and any are as at be because been before being between both but by"
    " can could did do does during each for from had has have he her here him his how i if in into"
    " is it its just may me might more most my no nor not of on one only or other our out over own"
    " she should since so some such than that the their them then there these they this those"
    " through to too under until up us very was we were what when where which while who why will"
    " with would you your".split()
)

RUSSIAN_STOP_WORDS = frozenset(
    "а без более бы был была были было быть в вас вам во вот все всё вы где да для до его ее её"
    " если есть еще ещё же за здесь и из или им их к как когда который которая которые которых"
    " кто ли между меня мне мы на над нас нам не него нее неё нет ни них но ну о об однако он она"
    " они оно от очень перед по под после потому при про с сам свой себя со так также там тем то"
    " тоже только том тот у уже хотя чего чем через что чтобы эта эти это этого этом этот"
    " я".split()
)


@functools.cache
def stop_hashes() -> tuple[Hashes, Hashes]:
    return _sorted_hashes(ENGLISH_STOP_WORDS), _sorted_hashes(RUSSIAN_STOP_WORDS)


def _sorted_hashes(words: frozenset[str]) -> Hashes:
    return np.sort(find_words(join_characters(sorted(words))).hashes)


def contains(haystack: Hashes, needles: Hashes) -> Bools:
    """Which needles stand in the sorted haystack."""
    if haystack.size == 0:
        return np.zeros(needles.size, bool)
    place = np.minimum(np.searchsorted(haystack, needles), haystack.size - 1)
    found: Bools = haystack[place] == needles
    return found


def script_columns(batch: Batch) -> dict[str, Floats]:
    """Script shares, stop-word densities, and their distance from the page's."""
    text = batch.characters
    letters = text.count(text.having(ch.LETTER))
    cyrillic = text.count(text.having(ch.CYRILLIC))
    latin = text.count(text.having(ch.LATIN))
    some_letters = np.maximum(letters, 1)
    english, russian = stop_hashes()
    owners, hashes, size = batch.words.owners, batch.words.hashes, len(batch.blocks)
    english_stops = np.bincount(owners, contains(english, hashes), minlength=size)
    russian_stops = np.bincount(owners, contains(russian, hashes), minlength=size)
    words = np.maximum(batch.word_counts, 1)

    def of_page(counts: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        sums = np.concatenate(([0], np.cumsum(counts)))
        return sums[batch.end] - sums[batch.first]

    page_letters = np.maximum(of_page(letters), 1)
    page_cyrillic = of_page(cyrillic) / page_letters
    page_latin = of_page(latin) / page_letters
    cyrillic_share = cyrillic / some_letters
    latin_share = latin / some_letters
    own_script = np.where(letters > 0, cyrillic_share * page_cyrillic + latin_share * page_latin, 1)
    columns = {
        "cyrillic_share": cyrillic_share,
        "latin_share": latin_share,
        "letter_share": letters / np.maximum(text.ends - text.starts, 1),
        "page_script_agreement": own_script,
        "stop_word_density": (english_stops + russian_stops) / words,
        "stop_words_log": np.log1p(english_stops + russian_stops),
        "page_cyrillic_share": page_cyrillic,
    }
    return {name: np.asarray(values, np.float32) for name, values in columns.items()}
