"""Two processes beside one, in the function that the commands use."""

from __future__ import annotations

from pathlib import Path

from benchmarks.measure import Plan, Task, Work, alternate, preload
from benchmarks.report import Claim, columns, table

CLAIM = Claim(1.7, at_least=True)
HEAD = (
    "",
    "workbooks",
    "CPU, ms a workbook",
    "ms a workbook",
    "largest process, MB",
    "times as fast",
    "claim",
)
NOTE = (
    "Reading and checking with `--jobs 1` and `--jobs 2`, imports before the clock starts, no file: starting the "
    "processes and building a blueprint in each is part of the time."
)


def one() -> Work:
    return _validating(1)


def two() -> Work:
    return _validating(2)


def _validating(jobs: int) -> Work:
    from selfeval_xl.jobs.reading import Reading
    from selfeval_xl.jobs.validate import validate

    preload("concurrent.futures.process")

    def work(files: list[Path], _folder: Path) -> int:
        found = validate(files, reading=Reading(jobs))
        return sum(one.status in ("clean", "info", "warnings") for one in found)

    return work


def measure(plan: Plan) -> str:
    """Return the table, two rows a size."""
    rows = []
    for size in plan.sizes:
        files = plan.books[:size]
        tasks = [
            Task(label, maker, files, len(files), warm=False)
            for label, maker in (("`--jobs 1`", one), ("`--jobs 2`", two))
        ]
        alone, together = alternate(tasks, plan.repeat)
        ratio = alone.wall / together.wall
        rows.append([alone.label, f"{size:,}", *columns(alone), "", ""])
        rows.append([together.label, f"{size:,}", *columns(together), f"{ratio:.2f}", CLAIM.shown(ratio)])
    return f"{NOTE}\n\n{table(HEAD, rows)}"
