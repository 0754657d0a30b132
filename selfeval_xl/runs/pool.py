"""Runs one task a file, in this process or in several; the results come in the files' order."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

CHUNK = 8
ALLOCATIONS = 70_000
"""New objects after which Python looks for unused ones; 700 if nobody says otherwise."""


def run(task: Callable[[Item], Result], items: Sequence[Item], jobs: int = 1) -> Iterator[Result]:
    """Yield ``task(item)`` for every item, in order; *jobs* processes where there is work for them."""
    if jobs <= 1 or len(items) < 2 * CHUNK:
        with rare_collections():
            yield from map(task, items)
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(max_workers=jobs, initializer=collect_rarely) as pool:
        yield from pool.map(task, items, chunksize=CHUNK)


@contextmanager
def rare_collections() -> Iterator[None]:
    """Look for circles of unused objects a hundred times less often: a run over files leaves hardly any."""
    usual = gc.get_threshold()
    collect_rarely()
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def collect_rarely() -> None:
    """Let Python look for circles of unused objects a hundred times less often in this process."""
    gc.set_threshold(ALLOCATIONS)
