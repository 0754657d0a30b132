"""One workbook checked by a whole process, as after a click, beside a process that only imports pandas.

Twice: the file by the command, and the open workbook by its button, over a played Excel.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.live_click import EIGHT, REAL
from benchmarks.measure import ROOT, Plan, whole_processes
from benchmarks.report import Claim, beside_peers

OURS = "`selfeval validate` of one workbook"
PEER = '`python -c "import pandas"`'
BARE = '`python -c ""`'
BUTTONS = {
    REAL: "the button's check of the real report, open in a played Excel",
    EIGHT: "the button's check of a workbook of eight entities",
}
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
        script = [sys.executable, "-m", "benchmarks.live_click"]
        subprocess.run([*script, "make", folder], cwd=ROOT, check=True)
        commands = {label: [*script, "press", f"{folder}/{name}"] for name, label in BUTTONS.items()}
        commands[BUTTON_PEER] = [sys.executable, "-c", "import xlwings, pandas"]
        *ours, peer = whole_processes(commands, plan.pairs)
    return "\n\n".join(beside_peers(one, [peer], CLAIMS) for one in ours)
