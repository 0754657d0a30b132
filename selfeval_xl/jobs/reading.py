"""Many files read and reduced: what did not change since an earlier run is not read again."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Protocol

from msgspec import Struct, field

from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.jobs.shelf import Shelf
from selfeval_xl.runs.pool import run
from selfeval_xl.runs.store import digest_of

Task = Callable[[Path, Path | None], Reduced]
"""Reads one file; the second path is that of the settings for data files."""
Read = tuple[Reduced, bytes | None]
"""A file's result, and the digest of what stood in it when it was read."""


class Watch(Protocol):
    """Somebody who looks on while files are read."""

    def begin(self, files: int, kept: int) -> None:
        """So many files will come, *kept* of them from an earlier run."""

    def took(self, one: Reduced, *, is_kept: bool) -> None:
        """Here is the next one."""

    def busy(self) -> None:
        """All are read; what they make is being written."""

    def end(self) -> None:
        """No more will come."""


class NoWatch:
    """Nobody looks on."""

    def begin(self, files: int, kept: int) -> None:
        """Do nothing."""

    def took(self, one: Reduced, *, is_kept: bool) -> None:
        """Do nothing."""

    def busy(self) -> None:
        """Do nothing."""

    def end(self) -> None:
        """Do nothing."""


class Reading(Struct, frozen=True):
    """How files are read: in how many processes or on which cluster, all of them *anew* or not, and who looks on."""

    jobs: int = 1
    anew: bool = False
    watch: Watch = field(default_factory=NoWatch)
    scheduler: str | None = None


ONE_BY_ONE = Reading()
"""In this process, with nobody looking on."""


def read_files(
    task: Task, files: Sequence[Path], settings_file: Path | None, reading: Reading, shelf: Shelf
) -> Iterator[Reduced]:
    """Yield ``task(file, settings_file)`` for each of *files*, in order, from *shelf* where it is there.

    Results are put on the shelf as they come, so that a run that ends early leaves them to the next.
    """
    kept = shelf.look_for(task.__name__, files)
    new = [file for file in files if file not in kept]
    reading.watch.begin(len(files), len(kept))
    try:
        with closing(_results(task, new, settings_file, reading)) as results:
            for file in files:
                one = shelf.take(file) if file in kept else None
                is_kept = one is not None
                if one is None:
                    one, digest = _read(file, task, settings_file) if file in kept else next(results)
                    shelf.put(file, digest, one)
                reading.watch.took(one, is_kept=is_kept)
                yield one
    finally:
        reading.watch.end()


def watched(results: Iterable[Reduced], files: int, watch: Watch) -> Iterator[Reduced]:
    """Yield *results*, so many *files*, all read anew, with *watch* looking on."""
    watch.begin(files, 0)
    try:
        for one in results:
            watch.took(one, is_kept=False)
            yield one
    finally:
        watch.end()


def _results(
    task: Task, files: Sequence[Path], settings_file: Path | None, reading: Reading
) -> Generator[Read, None, None]:
    """Yield the results of *files*, all read anew."""
    if not files:
        return
    if reading.scheduler is not None:
        from selfeval_xl.jobs.afar import read_afar

        yield from read_afar(task, files, settings_file, reading.scheduler)
        return
    # Before there are processes, so that they need not each import it.
    import_module("selfeval_xl.submission.inspect")
    with closing(run(partial(_read, task=task, settings_file=settings_file), files, reading.jobs)) as results:
        yield from results


def _read(file: Path, task: Task, settings_file: Path | None) -> Read:
    """Return a file's result, and the digest of what stood in it after it was read."""
    one = task(file, settings_file)
    return one, bytes.fromhex(one.sha256) if one.sha256 else digest_of(file)
