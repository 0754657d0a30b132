"""More workbooks: does one take longer, and how much memory do all of them need?"""

from __future__ import annotations

from pathlib import Path

from benchmarks.consolidating import selfeval as consolidating
from benchmarks.measure import MEGABYTE, Figure, Plan, Task, Work, alternate
from benchmarks.report import Claim, columns, table
from benchmarks.workbooks import income

CHECKED = "`validate`, every result kept"
SUMMED = "`consolidate`"
SLOWER, FROM = Claim(1.1), 1000
PEAK, PEAK_EACH = 200 * MEGABYTE, 20 * 1024
HEAD = ("", "workbooks", "CPU, ms a workbook", "ms a workbook", "peak memory, MB", "claim",
        "time of one ÷ that in the row above", "claim")  # fmt: skip
NOTE = (
    "One process (`--jobs 1`), imports and one file before the clock starts. Claimed: memory of at most 200 MB and "
    "20 KB a workbook, and at 10,000 a workbook takes no more than 1.1 times what it takes at 1,000."
)


def validating() -> Work:
    from selfeval_xl.jobs.validate import validate

    def work(files: list[Path], _folder: Path) -> int:
        # The command keeps every result until it has shown the last.
        return len([one for one in validate(files) if one.reason is None])

    return work


def measure(plan: Plan) -> str:
    """Return the table of both jobs at every size."""
    sizes = [plan.books[:size] for size in plan.sizes]
    tasks = [Task(CHECKED, validating, files, len(files)) for files in sizes]
    tasks += [Task(SUMMED, consolidating, files, f"{income(len(files)):.2f}") for files in sizes]
    rows, above = [], None
    for figure in alternate(tasks, plan.repeat):
        rows.append(_row(figure, above if above and above.label == figure.label else None))
        above = figure
    return f"{NOTE}\n\n{table(HEAD, rows)}"


def _row(one: Figure, above: Figure | None) -> list[str]:
    most = PEAK + PEAK_EACH * one.count
    memory = Claim(most // MEGABYTE).shown(one.peak / MEGABYTE)
    row = [one.label, f"{one.count:,}", *columns(one), memory]
    if above is None:
        return [*row, "", ""]
    ratio = one.wall_each() / above.wall_each()
    # With few workbooks the ratio is mostly chance.
    return [*row, f"{ratio:.2f}", SLOWER.shown(ratio) if above.count >= FROM else ""]
