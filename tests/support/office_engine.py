"""An engine of xlwings over a workbook that is open in LibreOffice: real recalculation, real locks, a real selection.

Only what a check asks for. What Excel has and LibreOffice lacks, its own object model, is not there at all.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from selfeval_xl.app.excel import load_xlwings
from tests.support import office
from tests.support.win_stub import having

SERVER = Path(__file__).with_name("office_book_server.py")
PLACES = ("", "/usr/lib/python3/dist-packages", "/usr/lib/libreoffice/program")

ERROR_NUMBERS = {
    "#NULL!": -2146826288,
    "#DIV/0!": -2146826281,
    "#VALUE!": -2146826273,
    "#REF!": -2146826265,
    "#NAME?": -2146826259,
    "#NUM!": -2146826252,
    "#N/A": -2146826246,
}


class CommandError(Exception):
    """What LibreOffice refused; by this name a program's complaints are known."""


class Office:
    """LibreOffice in a process of its own; counts reads and writes of cells by sheet."""

    def __init__(self, folder: Path) -> None:
        office.write_profile(folder, recalculate=True)
        command = [*_python_with_uno(), str(SERVER), str(folder)]
        # Without a UTF-8 locale LibreOffice cannot open files with Chinese names.
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=os.environ | {"LC_ALL": "C.UTF-8"},
        )
        self.reads: Counter[str] = Counter()
        self.writes: Counter[str] = Counter()
        self.status: list[Any] = []
        self._answer()

    def ask(self, do: str, *words: Any) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, "with": words}) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        answer = json.loads(self._process.stdout.readline())
        if "fault" in answer:
            raise CommandError(answer["fault"])
        return answer["result"]

    def end(self) -> None:
        self._process.communicate(timeout=60)


@lru_cache(maxsize=1)
def _python_with_uno() -> list[str]:
    """Return how to start a Python that has LibreOffice's bindings."""
    for python in (sys.executable, "/usr/bin/python3"):
        for place in PLACES:
            words = [python, "-c", f"import sys; sys.path.append({place!r}); import uno"]
            if subprocess.run(words, capture_output=True, check=False).returncode == 0:
                start = f"import sys, runpy; sys.path.append({place!r}); del sys.argv[0]; runpy.run_path(sys.argv[0], run_name='__main__')"
                return [python, "-c", start]
    raise office.OfficeMissing("no Python has LibreOffice's bindings (python3-uno)")


class Engine:
    name, type = "office", "desktop"

    def __init__(self, app: "App") -> None:
        self.apps = [app]


class Nothing:
    """What stands for Excel's own object model."""


class App:
    screen_updating = enable_events = True
    pid = 1

    def __init__(self, running: Office, book_name: str) -> None:
        self._running = running
        self.books = [Book(self, running, book_name)]

    @property
    def status_bar(self) -> Any:
        return self._running.status[-1] if self._running.status else False

    @status_bar.setter
    def status_bar(self, text: Any) -> None:
        self._running.status.append(text)


class Book:
    def __init__(self, app: App, running: Office, name: str) -> None:
        self.app, self.name, self._running = app, name, running
        self.api = Nothing()

    @property
    def sheets(self) -> "Sheets":
        return Sheets([Sheet(self._running, *one) for one in self._running.ask("sheets")])

    @property
    def names(self) -> "Names":
        return Names([Name(*one) for one in self._running.ask("names")])

    def activate(self) -> None:
        """There is only one."""


class _Several:
    def __init__(self, items: list[Any]) -> None:
        self._items = items

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __call__(self, key: int | str) -> Any:
        if isinstance(key, int):
            return self._items[key - 1]
        return next(one for one in self._items if one.name == key)


class Sheets(_Several):
    pass


class Names(_Several):
    def snapshot(self) -> list[tuple[str, Any]]:
        return [(one.name, one) for one in self._items]


class Name:
    def __init__(self, name: str, refers_to: str) -> None:
        self.name, self.refers_to = name, f"={refers_to}"


class SheetApi:
    """Of Excel's own sheets, what LibreOffice can say."""

    def __init__(self, protected: bool) -> None:
        self.ProtectContents = protected


class Sheet:
    def __init__(self, running: Office, name: str, visible: bool, protected: bool) -> None:
        self._running, self.name, self.visible = running, name, visible
        self.api = SheetApi(protected)

    @property
    def used_range(self) -> "Range":
        return Range(self._running, self.name, 1, 1, *self._running.ask("used", self.name))

    def range(self, first: tuple[int, int], last: tuple[int, int] | None = None) -> "Range":
        return Range(self._running, self.name, *first, *(last or first))

    def activate(self) -> None:
        self._running.ask("show", self.name)


class Range:
    def __init__(self, running: Office, sheet: str, *area: int) -> None:
        self._running, self._sheet, self._area = running, sheet, area
        self.api, self.options = Nothing(), {}
        self.row, self.column = area[:2]
        self.shape = area[2] - area[0] + 1, area[3] - area[1] + 1

    @property
    def raw_value(self) -> list[list[Any]]:
        self._running.reads[self._sheet] += 1
        rows = self._running.ask("values", self._sheet, *self._area)
        return [
            [
                ERROR_NUMBERS.get(one[0], ERROR_NUMBERS["#VALUE!"]) if isinstance(one, list) else one
                for one in row
            ]
            for row in rows
        ]

    @raw_value.setter
    def raw_value(self, rows: list[list[str]]) -> None:
        self._running.writes[self._sheet] += 1
        plain = [[one.removeprefix("'") for one in row] for row in rows]
        self._running.ask("write", self._sheet, *self._area, plain)

    @property
    def formula(self) -> list[list[str]]:
        self._running.reads[self._sheet] += 1
        rows: list[list[str]] = self._running.ask("formulas", self._sheet, *self._area)
        return rows

    def select(self) -> None:
        self._running.ask("select", self._sheet, *self._area)


@contextmanager
def opened(running: Office, path: Path) -> Iterator[None]:
    """Open a workbook, and let xlwings find it."""
    running.ask("open", str(path))
    running.reads.clear()
    running.writes.clear()
    xlwings = load_xlwings()
    engine = xlwings.main.Engine(impl=Engine(App(running, path.name)))
    try:
        with having(xlwings.engines, active=engine):
            yield
    finally:
        running.ask("close")
