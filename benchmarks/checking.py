"""What checking costs beside reading: both stages of every file timed in one process.

``python -m benchmarks.checking`` takes files, a line each, and prints the figures of one round.  Two processes, one that
only reads and one that checks too, would not tell: reading alone keeps the processor's caches to itself, and is quicker by a
sixth than between checks, where it always stands.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.measure import ROOT, Figure, Plan, Wrong, peak
from benchmarks.report import Claim, beside_peers

CHECKING = "selfeval: checking"
READING = "selfeval: reading, every cell placed"
CLAIMS = {READING: Claim(1.0)}
NOTE = (
    "One process, imports and one file before the clock starts, both stages of each file in turn. Checking is what follows "
    "reading: the file's parts compared with its blueprint, every rule over the figures, the prose held against the tables, "
    "findings made."
)


def measure(plan: Plan) -> str:
    """Return the tables, one for each size."""
    parts = [NOTE]
    for size in plan.sizes:
        rounds = [_round(plan.books[:size]) for _ in range(plan.repeat)]
        checking, reading = (
            Figure(
                label,
                size,
                wall=min(one[stage][0] for one in rounds),
                cpu=min(one[stage][1] for one in rounds),
                peak=max(one["peak"] for one in rounds),
            )
            for label, stage in ((CHECKING, "checking"), (READING, "reading"))
        )
        parts.append(f"{size:,} workbooks\n\n{beside_peers(checking, [reading], CLAIMS)}")
    return "\n\n".join(parts)


def _round(files: Sequence[Path]) -> dict[str, Any]:
    print(f"  {CHECKING}, {len(files)} workbooks", file=sys.stderr)
    command = [sys.executable, "-m", "benchmarks.checking"]
    lines = "\n".join(map(str, files))
    done = subprocess.run(command, input=lines, stdout=subprocess.PIPE, text=True, cwd=ROOT, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _stages(files: Sequence[Path]) -> dict[str, Any]:
    """Return the seconds, on the clock and of the processor, that each stage took over all files."""
    from selfeval_xl.runs.pool import rare_collections
    from selfeval_xl.submission.inspect import inspect_opened
    from selfeval_xl.submission.workbook import open_workbook

    inspect_opened(files[0], open_workbook(files[0]))
    taken = {"reading": [0.0, 0.0], "checking": [0.0, 0.0]}

    def timed(stage: str, work: Callable[[], Any]) -> Any:
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        taken[stage][0] += time.perf_counter() - wall
        taken[stage][1] += time.process_time() - cpu
        return result

    with rare_collections():
        for file in files:
            opened = timed("reading", partial(open_workbook, file))
            report = timed("checking", partial(inspect_opened, file, opened))
            if report.status not in ("clean", "info", "warnings"):
                raise Wrong(f"{file.name} is {report.status}")
    return {**taken, "peak": peak()}


if __name__ == "__main__":
    print(json.dumps(_stages([Path(line) for line in sys.stdin.read().splitlines()])))
