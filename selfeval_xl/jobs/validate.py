"""Many files checked, one after the other or side by side."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from pathlib import Path

from selfeval_xl.consolidation.reduce import Reduced, check_file, reduce_file
from selfeval_xl.jobs.files import inputs
from selfeval_xl.jobs.reading import ONE_BY_ONE, Reading, read_files
from selfeval_xl.jobs.shelf import open_shelf

Tell = Callable[[str], None]
"""What to do with a line about how the check was done."""


def validate(
    paths: Sequence[Path],
    settings_file: Path | None = None,
    reading: Reading = ONE_BY_ONE,
    previous: Path | None = None,
    reference: Path | None = None,
    tell: Tell = lambda _: None,
    ledger: Path | None = None,
) -> Generator[Reduced, None, None]:
    """Yield what was found in every file at *paths*, in their order.

    *previous* is last year's file, or a folder of them, *reference* a list of other papers' amounts; raises
    ``WrongUsage`` where they cannot be read.  For a *ledger*, which is no report wherever it lies, files are
    told apart by all that they say.
    """
    files = inputs(paths, [] if ledger is None else [ledger])
    if previous is None and reference is None:
        task = check_file if ledger is None else reduce_file
        with open_shelf(settings_file, files=len(files), anew=reading.anew) as shelf:
            yield from read_files(task, files, settings_file, reading, shelf)
        return
    from selfeval_xl.jobs.papers import validate_with

    whole = ledger is not None
    yield from validate_with(files, settings_file, reading, previous, reference, tell, whole=whole)
