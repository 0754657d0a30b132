"""Runs one task a file, in this process or in several; the results come in the files' order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

CHUNK = 8


def run(task: Callable[[Item], Result], items: Sequence[Item], jobs: int = 1) -> Iterator[Result]:
    """Yield ``task(item)`` for every item, in order; *jobs* processes where there is work for them."""
    if jobs <= 1 or len(items) < 2 * CHUNK:
        yield from map(task, items)
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(max_workers=jobs) as pool:
        yield from pool.map(task, items, chunksize=CHUNK)
