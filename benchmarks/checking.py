"""What checking costs beside reading: the same files opened only, and opened and checked."""

from __future__ import annotations

from pathlib import Path

from benchmarks.measure import Plan, Task, Work, alternate
from benchmarks.report import Claim, beside_peers

OURS = "selfeval: read and check"
READ = "selfeval: read only, every cell placed"
# All that reading costs, and as much again.
CLAIMS = {READ: Claim(2.0)}
NOTE = (
    "One process, imports and one file before the clock starts. Checking is what `validate` does beyond reading: the file's "
    "parts compared with its blueprint, every rule over the figures, the prose held against the tables, findings made."
)


def selfeval() -> Work:
    from selfeval_xl.jobs.validate import validate

    def work(files: list[Path], _folder: Path) -> int:
        return sum(one.status in ("clean", "info", "warnings") for one in validate(files))

    return work


def reading() -> Work:
    from selfeval_xl.submission.workbook import open_workbook

    def work(files: list[Path], _folder: Path) -> int:
        return sum(bool(open_workbook(file).typed) for file in files)

    return work


def measure(plan: Plan) -> str:
    """Return the tables, one for each size."""
    parts = [NOTE]
    for size in plan.sizes:
        files = plan.books[:size]
        ours, *peers = alternate(
            [Task(OURS, selfeval, files, len(files)), Task(READ, reading, files, len(files))], plan.repeat
        )
        parts.append(f"{size:,} workbooks\n\n{beside_peers(ours, peers, CLAIMS)}")
    return "\n\n".join(parts)
