"""A data file into a workbook, beside openpyxl loading and saving the same workbook."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from benchmarks.measure import Plan, Task, Work, alternate, preload
from benchmarks.report import Claim, beside_peers
from benchmarks.workbooks import data

OURS = "selfeval: the job of `fill`"
PEER = "openpyxl: load and save"
CLAIMS = {PEER: Claim(0.4)}
MOST = 20
NOTE = (
    "One process, imports and one file before the clock starts. Ours reads and checks a data file and writes its "
    "workbook; openpyxl loads that workbook and saves it, without the formulas' values."
)


def selfeval() -> Work:
    from selfeval_xl.jobs.fill import fill

    preload("xlsxwriter")

    def work(files: list[Path], folder: Path) -> int:
        reports = [fill(file, folder / f"{file.stem}.xlsx", force=True) for file in files]
        return sum(report.reason is None for report in reports)

    return work


def openpyxl() -> Work:
    from openpyxl import load_workbook

    def work(files: list[Path], folder: Path) -> int:
        for file in files:
            load_workbook(file).save(folder / file.name)
        return len(files)

    return work


def measure(plan: Plan) -> str:
    """Return the table for at most a few workbooks."""
    books = plan.books[:MOST]
    with tempfile.TemporaryDirectory(prefix="selfeval-bench-") as folder:
        files = [Path(folder) / f"{book.stem}.json" for book in books]
        for file in files:
            file.write_text(json.dumps(data(int(file.stem)), ensure_ascii=False), encoding="utf-8")
        tasks = [Task(OURS, selfeval, files, len(files)), Task(PEER, openpyxl, books, len(books))]
        ours, peer = alternate(tasks, plan.repeat)
    return f"{NOTE}\n\n{len(books)} workbooks\n\n{beside_peers(ours, [peer], CLAIMS)}"
