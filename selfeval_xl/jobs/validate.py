"""Many files checked, one after the other or side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from selfeval_xl.consolidation.reduce import Reduced, check_file
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
) -> Iterator[Reduced]:
    """Yield what was found in every file at *paths*, in their order.

    *previous* is last year's file, or a folder of them, *reference* a list of other papers' amounts; raises
    ``WrongUsage`` where they cannot be read.
    """
    if previous is None and reference is None:
        yield from run(partial(check_file, settings_file=settings_file), inputs(paths), jobs)
        return
    from selfeval_xl.jobs.papers import validate_with

    yield from validate_with(inputs(paths), settings_file, jobs, previous, reference, tell)
