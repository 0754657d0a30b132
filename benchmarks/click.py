"""One workbook checked by a whole process, as after a click, beside a process that only imports pandas."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Plan, whole_processes
from benchmarks.report import Claim, beside_peers

OURS = "`selfeval validate` of one workbook"
PEER = '`python -c "import pandas"`'
BARE = '`python -c ""`'
CLAIMS = {PEER: Claim(0.5)}


def command() -> Sequence[str]:
    """Return the installed command, or what it calls where it is not installed beside this Python."""
    installed = Path(sys.executable).with_name("selfeval")
    if installed.exists():
        return [str(installed)]
    return [sys.executable, "-c", "from selfeval_xl.app.cli import main; main()"]


def measure(plan: Plan) -> str:
    """Return the table for one workbook."""
    commands = {
        OURS: [*command(), "validate", str(plan.books[0])],
        PEER: [sys.executable, "-c", "import pandas"],
        BARE: [sys.executable, "-c", ""],
    }
    ours, *peers = whole_processes(commands, plan.pairs)
    note = (
        f"Whole processes from start to end, the median of {plan.pairs} rounds after one that is not counted, so that "
        "compiled modules and files are at hand."
    )
    return f"{note}\n\n{beside_peers(ours, peers, CLAIMS)}"
