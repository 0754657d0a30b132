# ruff: noqa: T201 - what it prints is its answers
"""LibreOffice holding one workbook open, by orders that come in as JSON lines; run by a Python that has UNO.

Imports nothing of the project: that Python may be another than the one of the tests.
"""

import contextlib
import json
import re
import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue

SECONDS_TO_START = 60
ERROR_RESULTS = 4  # com.sun.star.sheet.FormulaResult.ERROR
TEXT = re.compile(r'("(?:[^"]|"")*")')
SHEET = re.compile(r"\$?((?:'[^']*'|[\w·]+))\.(?=\$?[A-Z]{1,3}\$?[0-9])")


class Office:
    """One running office with one open workbook."""

    def __init__(self, profile):
        pipe = Path(profile).name
        words = ["soffice", f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--norestore"]
        words += ["--nologo", "--nodefault", f"--accept=pipe,name={pipe};urp;StarOffice.ComponentContext"]
        self.process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        local = uno.getComponentContext()
        maker = local.ServiceManager
        resolver = maker.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        end = time.monotonic() + SECONDS_TO_START
        while True:
            try:
                context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
                break
            except Exception:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)
        self.desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        self.book = None

    def open(self, path):
        hidden = PropertyValue(Name="Hidden", Value=True)
        self.book = self.desktop.loadComponentFromURL(Path(path).as_uri(), "_blank", 0, (hidden,))

    def close(self):
        self.book.close(True)

    def sheets(self):
        return [[one.Name, bool(one.IsVisible), bool(one.isProtected())] for one in self.book.Sheets]

    def names(self):
        return [[one.Name, excels(one.Content)] for one in self.book.NamedRanges]

    def used(self, sheet):
        cursor = self._sheet(sheet).createCursor()
        cursor.gotoEndOfUsedArea(False)
        return [cursor.RangeAddress.EndRow + 1, cursor.RangeAddress.EndColumn + 1]

    def values(self, sheet, *area):
        """Return what cells show, dates as numbers, an error as a list of its text."""
        cells = self._cells(sheet, *area)
        rows = [list(row) for row in cells.getDataArray()]
        top, left = area[:2]
        for one in cells.queryFormulaCells(ERROR_RESULTS).RangeAddresses:
            for row in range(one.StartRow, one.EndRow + 1):
                for column in range(one.StartColumn, one.EndColumn + 1):
                    shown = self._sheet(sheet).getCellByPosition(column, row).String
                    rows[row - top + 1][column - left + 1] = [shown]
        return rows

    def formulas(self, sheet, *area):
        """Return formulas as Excel writes them, and constants as they are typed."""
        rows = self._cells(sheet, *area).getFormulaArray()
        return [[excels(one) if one.startswith("=") else one for one in row] for row in rows]

    def write(self, sheet, top, left, bottom, right, block):
        self._cells(sheet, top, left, bottom, right).setDataArray(tuple(map(tuple, block)))

    def put(self, sheet, row, column, value):
        self._cells(sheet, row, column, row, column).setDataArray(((value,),))

    def show(self, sheet):
        self.book.CurrentController.setActiveSheet(self._sheet(sheet))

    def select(self, sheet, *area):
        self.book.CurrentController.select(self._cells(sheet, *area))

    def selected(self):
        return excels(self.book.CurrentController.getSelection().AbsoluteName).replace("$", "")

    def is_modified(self):
        return bool(self.book.isModified())

    def end(self):
        # It may be gone already, which is what was wanted.
        with contextlib.suppress(Exception):
            self.desktop.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def _sheet(self, name):
        return self.book.Sheets.getByName(name)

    def _cells(self, sheet, top, left, bottom, right):
        return self._sheet(sheet).getCellRangeByPosition(left - 1, top - 1, right - 1, bottom - 1)


def excels(formula):
    """Return a formula or reference as Excel writes it; the texts in it stay."""
    parts = TEXT.split(formula)
    parts[::2] = [SHEET.sub(r"\1!", part.replace(";", ",")) for part in parts[::2]]
    return "".join(parts)


def main():
    office = Office(sys.argv[1])
    print(json.dumps({"result": "ready"}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        try:
            answer = {"result": getattr(office, order["do"])(*order["with"])}
        except Exception as fault:  # noqa: BLE001 - the other end decides what it means
            answer = {"fault": f"{type(fault).__name__}: {fault}"}
        print(json.dumps(answer), flush=True)
    office.end()


if __name__ == "__main__":
    main()
