"""The function words of both languages, which running text has and menus lack.

Stop-word density as in jusText (Pomikálek 2011, "Removing boilerplate and duplicate content from
web corpora"). The two lists are our own, of like size, so that one density means the same in both
languages.
"""

from __future__ import annotations

import functools

import numpy as np

from classifier.features.characters import (
    BUCKET_BITS,
    Bools,
    Hashes,
    find_words,
    join_characters,
    word_buckets,
)

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
def _stop_buckets() -> Bools:
    words = find_words(join_characters(sorted(ENGLISH_STOP_WORDS | RUSSIAN_STOP_WORDS)))
    is_stop = np.zeros(1 << BUCKET_BITS, bool)
    is_stop[word_buckets(words.hashes)] = True
    return is_stop


def is_stop_word(buckets: Hashes) -> Bools:
    """Which words, by their buckets, are function words of either language.

    One other word in a thousand shares a bucket with one of them.
    """
    return _stop_buckets()[buckets]
