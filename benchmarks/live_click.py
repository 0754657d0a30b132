"""The click on the button as a process: Excel's object model played, everything else as on a clerk's machine.

``python -m benchmarks.live_click make FILE`` puts what the first workbook shows in Excel into FILE; with ``press`` it is
opened in a played Excel and checked as its button does. Imports stand where a click has them.
"""

from __future__ import annotations

import gc
import pickle
import sys
from pathlib import Path


def make(file: Path) -> None:
    """Put the first of the workbooks into *file*, every formula with its value."""
    from benchmarks.workbooks import data
    from tests.support import fake_com, reports

    contents = fake_com.opened(reports.filled(reports.report(data(0))))
    file.write_bytes(pickle.dumps(contents))


def press(file: Path) -> None:
    """Open the workbook, press the button, and see that it was checked in few reads and writes."""
    from selfeval_xl.app import excel
    from tests.support import fake_com

    desk = fake_com.Desk(books=[pickle.loads(file.read_bytes())])  # noqa: S301 - written by make
    with fake_com.excel(desk):
        excel.main(["--wb=自评表.xlsm", f"--app={desk.window}"])
    assert "完整校验" in desk.boxes[0], desk.boxes
    assert max(desk.reads.values()) <= 2
    assert max(desk.writes.values()) <= 2


if __name__ == "__main__":
    {"make": make, "press": press}[sys.argv[1]](Path(sys.argv[2]))
    gc.freeze()
