"""The full check on a workbook that is open: read, checked, its findings written beside the rules, the first one shown.

Nothing else in the workbook is touched: nothing is unlocked, nothing saved.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from selfeval_xl.app.com import ExcelBusy, is_busy, is_complaint
from selfeval_xl.app.live_book import read_live, stamped
from selfeval_xl.blueprint.model import Blueprint
from selfeval_xl.cells import Address, Area
from selfeval_xl.consolidation.reduce import Reduced, identified
from selfeval_xl.findings import Finding, folded, message
from selfeval_xl.ooxml.book import Book
from selfeval_xl.submission.inspect import inspect_opened, refused_report
from selfeval_xl.submission.workbook import WorkbookRefused, blueprint_of, open_book
from selfeval_xl.texts import say

WAITS = (0.0, 0.1, 0.3, 0.6, 1.0)
"""Seconds between attempts to be heard by Excel."""

MOST_CHARACTERS = 900
"""Of a text that is written as part of a block; older programs refuse longer ones."""

Line = tuple[str, str, str, str]
"""A line of the result area: severity, cell, message, rule."""


class Checked(Struct, frozen=True):
    """What a check found; ``is_written`` tells whether the findings stand in the workbook, ``lines`` what would."""

    reduced: Reduced
    sentence: str
    lines: Sequence[Line]
    is_written: bool


def check(live: Any) -> Checked:
    """Check *live*, a book of xlwings that is open; raises ``ExcelBusy`` where Excel does not answer."""
    try:
        with _quiet(live) as app:
            return _Check(live, app).run()
    except Exception as error:
        if is_busy(error):
            raise ExcelBusy from None
        raise


class _Check:
    def __init__(self, live: Any, app: Any) -> None:
        self.live, self.app = live, app
        self.name = str(live.name)
        self.can_write = False

    def run(self) -> Checked:
        """Do it all."""
        self._say("live.reading", sheet="")
        try:
            book = stamped(self.live)
            blueprint = blueprint_of(book)
            area = self._area(blueprint, book)
            begun = say("live.begun", time=_now())
            if area is not None:
                self.can_write = self._write(area, [("", "", begun, "")])
            read_live(self.live, book, blueprint, lambda sheet: self._say("live.reading", sheet=sheet))
            self.can_write = self.can_write and area is not None and _stands(book, area, begun)
            self._say("live.checking")
            reduced = identified(inspect_opened(Path(self.name), open_book(book)))
        except WorkbookRefused as refused:
            reduced = identified(refused_report(Path(self.name), refused))
            return Checked(reduced, say("live.refused", name=self.name, reason=reduced.reason), (), False)
        lines = result_lines(reduced, 0 if area is None else area.height)
        self._say("live.writing")
        if area is not None and self.can_write:
            self.can_write = self._write(area, lines)
        first = self._show_first(reduced, book)
        return Checked(reduced, self._sentence(reduced, first, area), lines, self.can_write)

    def _say(self, key: str, **facts: str) -> None:
        self.app.status_bar = say(key, **facts)

    def _area(self, blueprint: Blueprint, book: Book) -> Area | None:
        """Return where findings are written; an older workbook has no such place."""
        areas = (sheet.results for sheet in blueprint.sheets.values())
        return next((area for area in areas if area is not None and area.sheet in book.sheets), None)

    def _write(self, area: Area, lines: Sequence[Line]) -> bool:
        """Write the whole area as one block, which takes away what stood there; tell whether Excel took it."""
        rows = [[_cell(text) for text in line] for line in lines]
        rows += [[""] * area.width] * (area.height - len(rows))
        cells = self.live.sheets[area.sheet].range((area.top, area.left), (area.bottom, area.right))
        try:
            cells.raw_value = rows
        except Exception as error:
            if is_complaint(error) and not is_busy(error):
                return False
            raise
        return True

    def _show_first(self, reduced: Reduced, book: Book) -> Address | None:
        """Select the cell of the first finding that is still open and can be seen; return it."""
        standing = [one for one, _ in folded(reduced.findings)]
        for finding in sorted(standing, key=lambda one: not one.is_open):
            cell = finding.cells[0]
            if cell.sheet in book.sheets and book.sheets[cell.sheet].state == "visible":
                return cell if self._select(cell) else None
        return None

    def _select(self, cell: Address) -> bool:
        try:
            self.live.impl.activate()
            sheet = self.live.sheets[cell.sheet]
            # Sheet.activate() of xlwings wants this Excel to be the one in front.
            sheet.impl.activate()
            sheet.range((cell.row, cell.column)).select()
        except Exception as error:
            if is_complaint(error):
                return False
            raise
        return True

    def _sentence(self, reduced: Reduced, first: Address | None, area: Area | None) -> str:
        facts = {**reduced.counts, "name": self.name}
        text = say("live.found" if reduced.findings else "live.clean", **facts)
        if first is not None:
            text += say("live.first", cell=first)
        if area is not None and self.can_write:
            return text + (say("live.all", sheet=area.sheet) if reduced.findings else "")
        return text + say("live.not_written")


def result_lines(reduced: Reduced, height: int) -> list[Line]:
    """Return the lines of the result area, at most *height*: what was found in all, then the findings, worst first."""
    facts = {**reduced.counts, "time": _now()}
    lines: list[Line] = [
        ("", "", say("live.summary" if reduced.findings else "live.summary_clean", **facts), "")
    ]
    lines += [_line(*one) for one in folded(reduced.findings)]
    lines += [("", str(one.cell), one.sentence(), "") for one in reduced.reconciliations]
    if len(lines) > height > 0:
        rest = len(lines) - height + 1
        lines[height - 1 :] = [("", "", say("live.more", count=rest), "")]
    return lines


def _line(finding: Finding, followers: Sequence[Finding]) -> Line:
    text = message(finding)
    if finding.explanation is not None:
        text += say("live.explained", text=finding.explanation)
    if followers:
        text += say("live.follows", count=len(followers))
    return say(f"severity.{finding.severity}"), str(finding.cells[0]), text, finding.rule


def _cell(text: str) -> str:
    """Return a text as it is written: never as a formula or a number, whatever it begins with."""
    short = text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"
    return f"'{short}" if short.startswith(("=", "+", "-", "@", "'")) else short


def _stands(book: Book, area: Area, text: str) -> bool:
    """Tell whether a text that was written first was found again: some programs ignore what they refuse."""
    return text in (book.sheets[area.sheet].values.get((area.top, column)) for column in _columns(area))


def _columns(area: Area) -> range:
    return range(area.left, area.right + 1)


def _now() -> str:
    return datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S")


@contextlib.contextmanager
def _quiet(live: Any) -> Iterator[Any]:
    """Keep the screen still and other macros asleep while the check runs, and leave Excel as it was; yield Excel."""
    app = _reached(live)
    before: dict[str, Any] = {"status_bar": False}
    for name in ("screen_updating", "enable_events"):
        with contextlib.suppress(AttributeError, NotImplementedError):
            before[name] = getattr(app, name)
            setattr(app, name, False)
    try:
        yield app
    finally:
        for name, value in before.items():
            with _forgiving():
                setattr(app, name, value)


@contextlib.contextmanager
def _forgiving() -> Iterator[None]:
    """Let Excel's complaints pass."""
    try:
        yield
    except Exception as error:
        if not is_complaint(error):
            raise


def _reached(live: Any) -> Any:
    """Return Excel as soon as it takes a text for its status bar; raises ``ExcelBusy`` after a while."""
    for seconds in WAITS:
        time.sleep(seconds)
        try:
            app = live.app
            app.status_bar = say("live.start")
        except Exception as error:
            if not is_busy(error):
                raise
        else:
            return app
    raise ExcelBusy
