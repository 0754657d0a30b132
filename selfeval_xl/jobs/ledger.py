"""The ledger's file: read at the start of a run, written at its end, whole or not at all."""

from __future__ import annotations

import csv
import datetime
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from selfeval_xl.blueprint.lists import HEADER_ROW
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Value
from selfeval_xl.consolidation.ledger import COLUMNS, Ledger, headings, read_ledger
from selfeval_xl.consolidation.lists import ListUnreadable, csv_grid
from selfeval_xl.form.model import Form, Settings
from selfeval_xl.jobs.problems import WrongUsage
from selfeval_xl.ooxml.output import OutputBlocked, whole_file
from selfeval_xl.texts import say

TEXT_SUFFIX = ".csv"
SUFFIXES = (".xlsx", ".xlsm", TEXT_SUFFIX)
NEW_SUFFIXES = (".xlsx", TEXT_SUFFIX)
# What Excel and WPS, WPS on Linux, and LibreOffice put beside a workbook while somebody has it open.
OPEN_MARKS = ("~${name}", ".~{name}", ".~lock.{name}#")
WINDOWS = sys.platform == "win32"
FORMULA_SIGNS = ("=", "+", "-", "@", "\t")


def today() -> datetime.date:
    """Return the day on which files are received now."""
    return datetime.datetime.now().astimezone().date()


def day_named(text: str | None) -> datetime.date:
    """Return the day in *text*, an ISO date, else today."""
    if text is None:
        return today()
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise WrongUsage("usage.day", value=text) from None


def open_ledger(file: Path, *, must_exist: bool = False) -> Ledger:
    """Return the ledger in *file*, an empty one where there is none yet.

    Raises ``WrongUsage`` where it cannot be read, ``OutputBlocked`` where somebody has it open.
    """
    endings = SUFFIXES if file.exists() else NEW_SUFFIXES
    if file.suffix.lower() not in endings:
        raise WrongUsage("usage.ledger_ending", name=file.name, endings=say("word.and").join(endings))
    if not file.exists():
        if must_exist:
            raise WrongUsage("usage.not_found", path=file)
        return _new(file)
    _check_closed(file)
    try:
        return read_ledger(file, file.read_bytes())
    except ListUnreadable as unreadable:
        raise WrongUsage("usage.ledger", name=file.name, detail=unreadable) from None


def _new(file: Path) -> Ledger:
    """Return an empty ledger that stands where it will be written."""
    is_text = file.suffix.lower() == TEXT_SUFFIX
    sheet, header = (file.stem, 1) if is_text else (say("ledger.name"), HEADER_ROW)
    at = {name: number for number, name in enumerate(COLUMNS, start=1)}
    return Ledger(file, sheet=sheet, header=header, at=at, bottom=header)


def _check_closed(file: Path) -> None:
    """Raise ``OutputBlocked`` where the file cannot be written now; found out before any work is done."""
    if file.is_dir():
        raise OutputBlocked(file, "is_folder")
    if any(file.with_name(mark.format(name=file.name)).exists() for mark in OPEN_MARKS):
        raise OutputBlocked(file, "open_elsewhere")
    try:
        file.open("r+b").close()
    except PermissionError:
        # Windows says no more than that of a file that Excel has open.
        raise OutputBlocked(file, "open_elsewhere" if WINDOWS else "permission") from None


@contextmanager
def ledger_written(ledger: Ledger | None, form: Form, settings: Settings, year: int | None) -> Iterator[None]:
    """Write the ledger when the block ends well; where nothing is to be entered, its file is left alone.

    Raises ``OutputBlocked`` where somebody has changed it since it was read.
    """
    if ledger is None or not ledger.is_changed:
        yield
        return
    content = _content(ledger)
    with whole_file(ledger.path, force=ledger.content is not None) as path:
        if content is None:
            _write_new(ledger, form, settings, year, path)
        else:
            path.write_bytes(content)
        yield
        _check_unchanged(ledger)


def _check_unchanged(ledger: Ledger) -> None:
    if ledger.content is None:
        return
    _check_closed(ledger.path)
    if ledger.path.read_bytes() != ledger.content:
        raise OutputBlocked(ledger.path, "changed")


def _content(ledger: Ledger) -> bytes | None:
    """Return what the file is to hold; ``None`` for a new workbook."""
    if ledger.path.suffix.lower() == TEXT_SUFFIX:
        return _text(ledger)
    if ledger.content is None:
        return None
    from selfeval_xl.ooxml.patch import CellCalculated, with_cells

    try:
        return with_cells(ledger.content, ledger.sheet, ledger.cells())
    except CellCalculated as calculated:
        raise WrongUsage("usage.ledger_formula", name=ledger.path.name, cell=calculated) from None


def _text(ledger: Ledger) -> bytes:
    """Return a text file's content with the entries; its encoding stays, other cells stay as they are."""
    grid, encoding = ([], "utf-8-sig") if ledger.content is None else csv_grid(ledger.content)
    if not grid:
        grid.append([headings()[name] for name in COLUMNS])
    for (row, column), value in ledger.cells().items():
        while len(grid) < row:
            grid.append([])
        cells = grid[row - 1]
        cells += [""] * (column - len(cells))
        cells[column - 1] = _harmless(value)
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(grid)
    return stream.getvalue().encode(encoding)


def _harmless(value: Value) -> str:
    """Return a text that Excel does not take for a formula when it opens the file."""
    if isinstance(value, Decimal):
        return format(value, "f")
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def _write_new(ledger: Ledger, form: Form, settings: Settings, year: int | None, path: Path) -> None:
    from selfeval_xl.consolidation.ledger_sheet import ledger_sheet
    from selfeval_xl.template.write import write_workbook

    book = ledger_sheet(ledger, form, settings, year)
    write_workbook(book, Values(book, {}), path)
