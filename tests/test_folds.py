"""Folds by site."""

from __future__ import annotations

import numpy as np
import pytest

from train.folds import site_folds

SITES = ["ёж.example", "tea.example", "чай.example", "ёж.example", "a", "b", "c", "ёж.example"]


@pytest.mark.parametrize("count", [1, 2, 5])
def test_site_is_in_one_fold(count: int) -> None:
    folds = site_folds(SITES, count)
    assert len({(site, int(fold)) for site, fold in zip(SITES, folds)}) == len(set(SITES))


def test_same_sites_give_the_same_folds() -> None:
    assert site_folds(SITES, 3).tolist() == [0, 2, 2, 0, 1, 1, 1, 0]


def test_order_of_pages_does_not_matter() -> None:
    assert site_folds(SITES[::-1], 3).tolist() == site_folds(SITES, 3).tolist()[::-1]


def test_folds_are_of_like_size() -> None:
    sites = [f"сайт-{number // 3}" for number in range(300)]
    assert np.bincount(site_folds(sites, 5)).tolist() == [60] * 5


def test_no_pages() -> None:
    assert site_folds([], 3).tolist() == []
