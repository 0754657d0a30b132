"""One workbook checked by a whole process, as after a click, beside a process that only imports pandas.

Twice: the file by the command, and the open workbook by its button, over a played Excel.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import ROOT, Plan, whole_processes
from benchmarks.report import Claim, beside_peers

OURS = "`selfeval validate` of one workbook"
PEER = '`python -c "import pandas"`'
BARE = '`python -c ""`'
BUTTON = "the button's check of that workbook, open in a played Excel"
BUTTON_PEER = '`python -c "import xlwings, pandas"`'
CLAIMS = {PEER: Claim(0.5), BUTTON_PEER: Claim(0.6)}


def command() -> Sequence[str]:
    """Return the installed command, or what it calls where it is not installed beside this Python."""
    installed = Path(sys.executable).with_name("selfeval")
    if installed.exists():
        return [str(installed)]
    return [sys.executable, "-c", "from selfeval_xl.app.cli import main; main()"]


def measure(plan: Plan) -> str:
    """Return the tables for one workbook, closed and open."""
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
    return f"{note}\n\n{beside_peers(ours, peers, CLAIMS)}\n\n{_button(plan)}"


def _button(plan: Plan) -> str:
    with tempfile.TemporaryDirectory(prefix="selfeval-bench-") as folder:
        script, file = [sys.executable, "-m", "benchmarks.live_click"], f"{folder}/open.pickle"
        subprocess.run([*script, "make", file], cwd=ROOT, check=True)
        commands = {
            BUTTON: [*script, "press", file],
            BUTTON_PEER: [sys.executable, "-c", "import xlwings, pandas"],
        }
        ours, peer = whole_processes(commands, plan.pairs)
    return beside_peers(ours, [peer], CLAIMS)
