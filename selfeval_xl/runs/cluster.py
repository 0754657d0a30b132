"""The same tasks on a Dask cluster.  Knows neither files nor reports; `distributed` is imported with this module only."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from itertools import islice
from typing import Any, Literal, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Batch = list[Item]

CHUNK = 16
AHEAD = 3
"""So many batches wait for every thread of the cluster, so that none has to wait for work."""
PATIENCE = 20
"""Seconds until a scheduler answers and a worker is there."""

Reason = Literal["not_installed", "no_scheduler", "no_worker", "not_the_program", "worker_dies", "lost"]


class ClusterFailed(Exception):
    """The cluster cannot do the work; *reason* is a code for the catalogue of messages."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: str = reason


class OtherProgram(ImportError):
    """A worker has another program than the one that gives the work."""


@contextmanager
def connected(address: str) -> Iterator[Any]:
    """Yield a client of the scheduler at *address*; raises :class:`ClusterFailed`."""
    # It reports to developers, in English, what ends in one sentence here.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        from distributed import Client
    except ImportError:
        raise ClusterFailed("not_installed") from None
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError):
        raise ClusterFailed("no_scheduler") from None
    try:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise ClusterFailed("no_worker") from None
        yield client
    finally:
        client.close(timeout=2)


def run_afar(
    client: Any, task: Callable[[Batch[Item]], list[Result]], items: Iterable[Item]
) -> Generator[Result, None, None]:
    """Yield what *task* makes of every item, in order; it is given batches of them.

    What a worker that dies has not done is done by another.  Once the caller wants no more, what is waiting is
    dropped.  Raises :class:`ClusterFailed` where workers go on dying or the scheduler is gone.
    """
    left = iter(items)
    waiting: deque[Any] = deque()
    try:
        while True:
            while len(waiting) < AHEAD * max(1, sum(client.nthreads().values())):
                batch = list(islice(left, CHUNK))
                if not batch:
                    break
                waiting.append(client.submit(task, batch, pure=False))
            if not waiting:
                return
            yield from _result(waiting.popleft())
    finally:
        client.cancel(list(waiting), force=True)


def _result(future: Any) -> Sequence[Any]:
    from distributed import KilledWorker

    try:
        found: Sequence[Any] = future.result()
    except KilledWorker:
        raise ClusterFailed("worker_dies") from None
    except ImportError:
        raise ClusterFailed("not_the_program") from None
    except (CancelledError, OSError):
        raise ClusterFailed("lost") from None
    return found
