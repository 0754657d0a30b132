"""LibreOffice driven through UNO, by orders that come in as JSON lines; run by the Python that LibreOffice's bindings are for.

Imports nothing of the project: that Python may be another than the one of the tests.
"""

import contextlib
import json
import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.accessibility.AccessibleRole import ALERT, DIALOG, OPTION_PANE, PUSH_BUTTON
from com.sun.star.beans import PropertyValue

SECONDS_TO_START = 60
SECONDS_TO_SHOW = 20
SECONDS_TO_WORK = 60
STEADY = 8
RUN_MACROS = 4  # com.sun.star.document.MacroExecMode.ALWAYS_EXECUTE_NO_WARN


class Desk:
    """One running office with one open workbook."""

    def __init__(self, profile, headless):
        pipe = Path(profile).name
        words = ["soffice", f"-env:UserInstallation={Path(profile).as_uri()}", "--norestore", "--nolockcheck"]
        words += ["--nologo", "--nodefault", f"--accept=pipe,name={pipe};urp;StarOffice.ComponentContext"]
        self.process = subprocess.Popen([*words, *(["--headless"] if headless else [])])
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        address = f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext"
        self.context = waited(lambda: resolver.resolve(address), SECONDS_TO_START)
        self.desktop = self.service("com.sun.star.frame.Desktop")
        self.book = None

    def service(self, name):
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    def open(self, path):
        options = {"Hidden": False, "MacroExecutionMode": RUN_MACROS}
        values = tuple(PropertyValue(Name=name, Value=value) for name, value in options.items())
        self.book = self.desktop.loadComponentFromURL(Path(path).as_uri(), "_blank", 0, values)

    def close(self):
        self.book.close(True)

    def save(self, path, program):
        values = (PropertyValue(Name="FilterName", Value=program),)
        self.book.storeToURL(Path(path).as_uri(), values)

    def sheet(self, name):
        return self.book.Sheets.getByName(name)

    def show(self, sheet):
        self.book.CurrentController.setActiveSheet(self.sheet(sheet))

    def controls(self, sheet):
        """Return the buttons of a sheet by their labels; in a new window they come one after the other."""
        page = self.sheet(sheet).DrawPage
        shapes = [page.getByIndex(number) for number in range(page.Count)]
        models = [getattr(shape, "Control", None) for shape in shapes]
        return {model.Label: model for model in models if model is not None}

    def control(self, sheet, label):
        """Return what stands for a button on the screen, which is there only when the sheet is shown."""
        return waited(lambda: self._control(sheet, label), SECONDS_TO_SHOW)

    def _control(self, sheet, label):
        # A macro that is still at work may show another sheet meanwhile.
        self.show(sheet)
        view = self.book.CurrentController.getControl(self.controls(sheet)[label]).getPeer()
        return view.getAccessibleContext()

    def labels(self, sheet):
        return sorted(self.controls(sheet))

    def press(self, sheet, label):
        return self.control(sheet, label).doAccessibleAction(0)

    def place(self, sheet, label):
        """Return the middle of a button in pixels of the screen, once the window has come to rest."""
        seen = []
        while len(seen) < STEADY or len(set(seen[-STEADY:])) > 1:
            seen.append(tuple(middle(self.control(sheet, label))))
            time.sleep(0.1)
        return seen[-1]

    def select(self, sheet, cell):
        self.show(sheet)
        self.book.CurrentController.select(self.sheet(sheet).getCellRangeByName(cell))

    def selected(self):
        """Return the selected cell as Excel writes it, of merged ones the first; nothing where it is no cell."""
        found = self.book.CurrentController.getSelection()
        if not hasattr(found, "AbsoluteName"):
            return ""
        return found.AbsoluteName.replace("$", "").replace(".", "!", 1).partition(":")[0]

    def selected_other_than(self, cell):
        """Return the selected cell when it is another than this one, and stays."""
        return waited(lambda: self._settled(cell), SECONDS_TO_SHOW)

    def _settled(self, cell):
        found = self.selected()
        time.sleep(0.1)
        return found if found not in ("", cell) and found == self.selected() else None

    def put(self, sheet, cell, value):
        target = self.sheet(sheet).getCellRangeByName(cell)
        if isinstance(value, str):
            target.String = value
        else:
            target.Value = value

    def text(self, sheet, cell):
        return self.sheet(sheet).getCellRangeByName(cell).String

    def text_other_than(self, sheet, cell, *known):
        """Return what a cell shows when it is none of these texts."""
        return waited(
            lambda: None if self.text(sheet, cell) in known else self.text(sheet, cell), SECONDS_TO_WORK
        )

    def all_texts(self, sheet):
        """Return what every used cell of a sheet holds, to see whether anything was changed."""
        cursor = self.sheet(sheet).createCursor()
        cursor.gotoEndOfUsedArea(False)
        area = self.sheet(sheet).getCellRangeByPosition(
            0, 0, cursor.RangeAddress.EndColumn, cursor.RangeAddress.EndRow
        )
        return [list(row) for row in area.getFormulaArray()]

    def modules(self):
        return list(self.book.BasicLibraries.getByName("VBAProject").ElementNames)

    def message(self):
        """Wait for a box over the document's window and return what it says, with the middle of its button."""
        return waited(self._message, SECONDS_TO_SHOW)

    def no_message(self):
        """Wait until no box is there."""
        return waited(lambda: None if self.has_message() else True, SECONDS_TO_SHOW)

    def has_message(self):
        """Tell whether there is a box."""
        return self._message() is not None

    def _message(self):
        toolkit = self.service("com.sun.star.awt.Toolkit")
        for number in range(toolkit.getTopWindowCount()):
            box = toolkit.getTopWindow(number).getAccessibleContext()
            if box.getAccessibleRole() in (ALERT, DIALOG, OPTION_PANE):
                parts = list(within(box))
                (button,) = [one for one in parts if one.getAccessibleRole() == PUSH_BUTTON]
                said = [one.getAccessibleName() for one in parts if one is not button]
                return {"says": "".join(said), "button": middle(button)}
        return None

    def end(self):
        with contextlib.suppress(Exception):  # it may be gone already, which is what is wanted
            self.desktop.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


def within(part):
    """Yield all that a box holds; of a sheet nobody could wait for the end."""
    for number in range(part.getAccessibleChildCount()):
        child = part.getAccessibleChild(number).getAccessibleContext()
        yield child
        yield from within(child)


def middle(part):
    """Return the middle of something shown, in pixels of the screen."""
    where, size = part.getLocationOnScreen(), part.getSize()
    return [where.X + size.Width // 2, where.Y + size.Height // 2]


def waited(ask, seconds):
    """Ask again until there is an answer; raises where none comes in time."""
    end = time.monotonic() + seconds
    while True:
        try:
            found = ask()
        except Exception:  # not there yet, whatever the bridge calls it
            if time.monotonic() > end:
                raise
            found = None
        if found is not None:
            return found
        if time.monotonic() > end:
            raise TimeoutError("LibreOffice did not answer in time")
        time.sleep(0.05)


def answered(answer):
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def main():
    desk = Desk(sys.argv[1], sys.argv[2] == "headless")
    answered({"result": "ready"})
    for line in sys.stdin:
        order = json.loads(line)
        try:
            answer = {"result": getattr(desk, order["do"])(*order["with"])}
        except Exception as fault:  # noqa: BLE001 - told to the test, which fails
            answer = {"fault": f"{type(fault).__name__}: {fault}"}
        answered(answer)
    desk.end()


if __name__ == "__main__":
    main()
