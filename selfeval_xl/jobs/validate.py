"""Many files checked, one after the other or side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from selfeval_xl.consolidation.reduce import Reduced, check_file, reduce_file
from selfeval_xl.jobs.files import inputs
from selfeval_xl.runs.pool import run

Tell = Callable[[str], None]
"""What to do with a line about how the check was done."""


def validate(
    paths: Sequence[Path],
    settings_file: Path | None = None,
    jobs: int = 1,
    previous: Path | None = None,
    reference: Path | None = None,
    tell: Tell = lambda _: None,
    ledger: Path | None = None,
) -> Iterator[Reduced]:
    """Yield what was found in every file at *paths*, in their order.

    *previous* is last year's file, or a folder of them, *reference* a list of other papers' amounts; raises
    ``WrongUsage`` where they cannot be read.  For a *ledger*, which is no report wherever it lies, files are
    told apart by all that they say.
    """
    files = inputs(paths, [] if ledger is None else [ledger])
    if previous is None and reference is None:
        task = check_file if ledger is None else reduce_file
        yield from run(partial(task, settings_file=settings_file), files, jobs)
        return
    from selfeval_xl.jobs.papers import validate_with

    whole = ledger is not None
    yield from validate_with(files, settings_file, jobs, previous, reference, tell, whole=whole)
