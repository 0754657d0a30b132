"""What somebody wants beside a summary."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from msgspec import Struct

from selfeval_xl.jobs.files import check_folder, check_free
from selfeval_xl.jobs.problems import MissingProgram

ENDINGS = (".xlsx",)


class Extras(Struct, frozen=True):
    """What somebody wants beside a summary: a list of adjustments, a copy to be sent up, folders for its lists."""

    adjustments: Path | None = None
    public: Path | None = None
    csv: Path | None = None
    parquet: Path | None = None

    @property
    def has_outputs(self) -> bool:
        """Tell whether anything is to be written beside the summary."""
        return any(one is not None for one in (self.public, self.csv, self.parquet))


NOTHING_MORE = Extras()


def check_extras(extras: Extras, target: Path, sources: Sequence[Path], *, force: bool) -> None:
    """Raise before any work is done what would keep the extras from being written."""
    if extras.parquet is not None and find_spec("pyarrow") is None:
        raise MissingProgram("usage.no_pyarrow")
    for folder in (extras.csv, extras.parquet):
        check_folder(folder)
    if extras.public is not None:
        check_free(extras.public, [*sources, target], ENDINGS, force=force)
