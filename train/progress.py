"""A progress bar on standard error, when that is a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from tqdm import tqdm

Item = TypeVar("Item")


def progress(items: Iterable[Item], what: str, total: int | None = None) -> Iterable[Item]:
    """The items as they are, with a bar that says how far the work is."""
    bar: Iterable[Item] = tqdm(items, desc=what, total=total, disable=None)
    return bar
