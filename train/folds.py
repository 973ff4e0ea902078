"""Folds by site: pages of one site share a template, so they share a fold."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence

import numpy as np

from classifier.features.characters import Integers


def site_folds(page_sites: Sequence[str], count: int) -> Integers:
    """A fold number for each page, from 0 to `count - 1`; every site is in one fold.

    The largest sites are dealt first, each to the fold with the fewest pages; ties fall by a
    checksum of the name, so that the same sites always give the same folds.

    >>> site_folds(["a", "b", "a", "c"], 2).tolist()
    [0, 1, 0, 1]
    """
    sizes = Counter(page_sites)
    loads = [0] * count
    fold_of: dict[str, int] = {}
    for site in sorted(sizes, key=lambda site: (-sizes[site], zlib.crc32(site.encode()), site)):
        fold = min(range(count), key=loads.__getitem__)
        fold_of[site] = fold
        loads[fold] += sizes[site]
    return np.array([fold_of[site] for site in page_sites], np.int64)
