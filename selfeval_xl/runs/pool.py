"""Runs one task a file, in this process or in several; the results come in the files' order."""

from __future__ import annotations

import gc
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

CHUNK = 8
TRIES = 3
"""So often is what was not done yet given to new processes after one of them has died."""
ALLOCATIONS = 70_000
"""New objects after which Python looks for unused ones; 700 if nobody says otherwise."""


def run(
    task: Callable[[Item], Result], items: Sequence[Item], jobs: int = 1
) -> Generator[Result, None, None]:
    """Yield ``task(item)`` for every item, in order; *jobs* processes where there is work for them.

    Once the caller wants no more, nothing new is begun and no process is left.
    """
    if jobs <= 1 or len(items) < 2 * CHUNK:
        with rare_collections():
            yield from map(task, items)
        return
    from concurrent.futures import BrokenExecutor

    done = 0
    for left in reversed(range(TRIES)):
        try:
            with closing(_pooled(task, items[done:], jobs)) as results:
                for result in results:
                    done += 1
                    yield result
        except BrokenExecutor:
            if not left:
                raise
        else:
            return


def _pooled(
    task: Callable[[Item], Result], items: Sequence[Item], jobs: int
) -> Generator[Result, None, None]:
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(max_workers=jobs, initializer=_begin_worker) as pool:
        yield from pool.map(task, items, chunksize=CHUNK)


def _begin_worker() -> None:
    """Leave Ctrl-C to the process that gave the work, and end with it."""
    from multiprocessing import parent_process
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    collect_rarely()
    parent = parent_process()
    if parent is not None:
        Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: object) -> None:
    """Wait for the end of the process that gave the work: nobody wants this one's any more."""
    import os

    parent.join()  # type: ignore[attr-defined]
    os._exit(1)


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
