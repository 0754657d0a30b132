"""Many files checked, one after the other or side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from selfeval_xl.consolidation.reduce import Reduced, check_file
from selfeval_xl.jobs.files import inputs
from selfeval_xl.runs.pool import run


def validate(paths: Sequence[Path], settings_file: Path | None = None, jobs: int = 1) -> Iterator[Reduced]:
    """Yield what was found in every file at *paths*, in their order."""
    yield from run(partial(check_file, settings_file=settings_file), inputs(paths), jobs)
