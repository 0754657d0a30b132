"""Reading and checking workbooks, beside libraries that only read them."""

from __future__ import annotations

from pathlib import Path

from benchmarks.measure import Plan, Task, Work, alternate
from benchmarks.report import Claim, beside_peers

OURS = "selfeval: read and check every cell"
CALAMINE = "python-calamine: raw values of all sheets"
PANDAS_CALAMINE = "pandas with calamine: all sheets"
PANDAS = "pandas as it comes (openpyxl): all sheets"
READ_ONLY = "openpyxl, read-only: all sheets"
OPENPYXL = "openpyxl: all sheets"
CLAIMS = {PANDAS_CALAMINE: Claim(0.7)}
# A slow peer is run on so many workbooks at most.
MOST_SLOW = 200
NOTE = (
    "One process, imports and one file before the clock starts. Ours is what `validate` does with each file: read, "
    "laid beside its blueprint, every formula compared, every rule checked."
)


def selfeval() -> Work:
    from selfeval_xl.jobs.validate import validate

    def work(files: list[Path], _folder: Path) -> int:
        return sum(one.status in ("clean", "info", "warnings") for one in validate(files))

    return work


def calamine() -> Work:
    from python_calamine import CalamineWorkbook

    def work(files: list[Path], _folder: Path) -> int:
        for file in files:
            book = CalamineWorkbook.from_path(str(file))
            for name in book.sheet_names:
                book.get_sheet_by_name(name).to_python()
        return len(files)

    return work


def pandas_calamine() -> Work:
    import pandas as pd

    def work(files: list[Path], _folder: Path) -> int:
        return sum(
            bool(pd.read_excel(file, sheet_name=None, header=None, engine="calamine")) for file in files
        )

    return work


def pandas_default() -> Work:
    import pandas as pd

    def work(files: list[Path], _folder: Path) -> int:
        return sum(bool(pd.read_excel(file, sheet_name=None, header=None)) for file in files)

    return work


def openpyxl_read_only() -> Work:
    from openpyxl import load_workbook

    def work(files: list[Path], _folder: Path) -> int:
        for file in files:
            book = load_workbook(file, read_only=True, data_only=True)
            for sheet in book.worksheets:
                for _ in sheet.iter_rows(values_only=True):
                    pass
            book.close()
        return len(files)

    return work


def openpyxl_normal() -> Work:
    from openpyxl import load_workbook

    def work(files: list[Path], _folder: Path) -> int:
        for file in files:
            for sheet in load_workbook(file, data_only=True).worksheets:
                for _ in sheet.iter_rows(values_only=True):
                    pass
        return len(files)

    return work


def measure(plan: Plan) -> str:
    """Return the tables, one for each size."""
    parts = [NOTE]
    for size in plan.sizes:
        files, few = plan.books[:size], plan.books[: min(size, MOST_SLOW)]
        ours, *peers = alternate(
            [
                Task(OURS, selfeval, files, len(files)),
                Task(CALAMINE, calamine, files, len(files)),
                Task(PANDAS_CALAMINE, pandas_calamine, files, len(files)),
                Task(PANDAS, pandas_default, few, len(few)),
                Task(READ_ONLY, openpyxl_read_only, few, len(few)),
                Task(OPENPYXL, openpyxl_normal, few, len(few)),
            ],
            plan.repeat,
        )
        parts.append(f"{size:,} workbooks\n\n{beside_peers(ours, peers, CLAIMS)}")
    return "\n\n".join(parts)
