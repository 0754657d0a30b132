"""Many workbooks into one, beside the loops that people write with pandas."""

from __future__ import annotations

from pathlib import Path

from benchmarks.measure import Plan, Task, Work, alternate, preload
from benchmarks.report import Claim, beside_peers
from benchmarks.workbooks import ENTITIES, income

OURS = "selfeval: the job of `consolidate`, `--jobs 1`"
CALAMINE = "pandas with calamine, the same rows out with XlsxWriter"
DEFAULT = "pandas as it comes: read_excel, concat, to_excel"
CLAIMS = {CALAMINE: Claim(0.7), DEFAULT: Claim(0.2)}
MOST_SLOW = 200
# Rows above each table's total row in a department's workbook, and its columns.
TABLES = {"收入": (4, 7), "支出": (5, 8), "三公经费": (4, 6), "固定资产": (4, 5)}
NOTE = (
    "One process, imports before the clock starts, no file: ours builds its blueprint within the time. The peers write "
    "the same rows, the total row and the entities' rows of all four tables with the department in front of each, into "
    "one workbook of four sheets, without formulas, checks, totals, links or formats. Where nothing is said, "
    "`to_excel` takes XlsxWriter when it is installed. Every one has to arrive at the same sum."
)


def selfeval() -> Work:
    from selfeval_xl.jobs.consolidate import consolidate

    preload("xlsxwriter")

    def work(files: list[Path], folder: Path) -> str:
        done = consolidate(files, folder / "summary.xlsx", force=True)
        return str(done.sums["收入"]["收入合计"])

    return work


def pandas_calamine() -> Work:
    return _pandas("calamine", "xlsxwriter")


def pandas_default() -> Work:
    return _pandas(None, None)


def _pandas(reader: str | None, writer: str | None) -> Work:
    import pandas as pd

    preload("openpyxl", "python_calamine", "xlsxwriter")

    def work(files: list[Path], folder: Path) -> str:
        found: dict[str, list[pd.DataFrame]] = {name: [] for name in TABLES}
        for file in files:
            book = pd.read_excel(file, sheet_name=None, header=None, engine=reader)
            for name, (top, width) in TABLES.items():
                rows = book[name].iloc[top : top + 1 + ENTITIES, :width]
                rows.insert(0, "部门", file.stem)
                found[name].append(rows)
        tables = {name: pd.concat(frames, ignore_index=True) for name, frames in found.items()}
        with pd.ExcelWriter(folder / "summary.xlsx", engine=writer) as book:
            for name, rows in tables.items():
                rows.to_excel(book, sheet_name=name, index=False)
        totals = tables["收入"].iloc[:: 1 + ENTITIES, 2]
        return f"{float(totals.sum()):.2f}"

    return work


def measure(plan: Plan) -> str:
    """Return the tables, one for each size."""
    parts = [NOTE]
    for size in plan.sizes:
        files, few = plan.books[:size], plan.books[: min(size, MOST_SLOW)]
        ours, *peers = alternate(
            [
                Task(OURS, selfeval, files, f"{income(len(files)):.2f}", warm=False),
                Task(CALAMINE, pandas_calamine, files, f"{income(len(files)):.2f}", warm=False),
                Task(DEFAULT, pandas_default, few, f"{income(len(few)):.2f}", warm=False),
            ],
            plan.repeat,
        )
        parts.append(f"{size:,} workbooks\n\n{beside_peers(ours, peers, CLAIMS)}")
    return "\n\n".join(parts)
