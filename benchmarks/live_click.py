"""The click on the button as a process: Excel's object model played, everything else as on a clerk's machine.

``python -m benchmarks.live_click make FOLDER`` puts what two workbooks show in Excel into files there; ``press FILE`` opens
one in a played Excel and checks it as its button does. Imports stand where a click has them.
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

REAL, EIGHT = "real.pickle", "eight.pickle"


def make(folder: Path) -> None:
    """Put the real report, and the first of the benchmarks' workbooks, into *folder*, every formula with its value."""
    from benchmarks.workbooks import data
    from tests.support import fake_com, reports

    for name, source in ((REAL, reports.SAMPLES / "seed-2022.json"), (EIGHT, data(0))):
        contents = fake_com.opened(reports.filled(reports.report(source)))
        (folder / name).write_bytes(pickle.dumps(contents))


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
    excel.leave()


if __name__ == "__main__":
    {"make": make, "press": press}[sys.argv[1]](Path(sys.argv[2]))
