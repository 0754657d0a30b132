"""A workbook that is open in Excel as the ``Book`` that a file would be read as: two reads a sheet.

Left out is what only the package says: merged cells, embedded things, macros, which program saved it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from selfeval_xl.app.com import is_busy, is_complaint
from selfeval_xl.blueprint.model import Blueprint, SheetPlan
from selfeval_xl.cells import MAX_COLUMN, MAX_ROW, CellError, Value, range_ref
from selfeval_xl.ooxml.book import Book, Comment, Sheet
from selfeval_xl.ooxml.numbers import number, serial
from selfeval_xl.submission.workbook import SETTINGS_PREFIX

MOST_ROWS, MOST_COLUMNS = 20_000, 250
"""What is read of a sheet: formats down to the last row make Excel call all of it used."""

VERY_HIDDEN = 2
EXCEL_LINKS = 1

_ERRORS = {
    -2146826288: CellError.NULL,
    -2146826281: CellError.DIV0,
    -2146826273: CellError.VALUE,
    -2146826265: CellError.REF,
    -2146826259: CellError.NAME,
    -2146826252: CellError.NUM,
    -2146826246: CellError.NA,
}
"""Errors as the numbers that Excel hands out for them."""
_ERROR_NUMBERS = range(-2146826288, -2146826199)
_ERROR_TEXTS = {error.value: error for error in CellError}

Block = Sequence[Sequence[Any]]


def stamped(live: Any) -> Book:
    """Return a book that is open, of which only the sheet that says whose form it is has been read."""
    book = Book(date1904=bool(_asked(lambda: live.api.Date1904, default=False)))
    for sheet in live.sheets:
        found = book.sheets[sheet.name] = Sheet(sheet.name, _state(sheet.visible))
        if sheet.name.startswith(SETTINGS_PREFIX):
            block = _values(_cells(sheet))
            fill(found, block, [[""] * len(row) for row in block], date1904=book.date1904)
    book.properties = _asked(lambda: dict(_properties(live)), default={})
    return book


def read_live(live: Any, book: Book, blueprint: Blueprint, tell: Callable[[str], None]) -> None:
    """Read the form's sheets into *book*, which has been :func:`stamped`; *tell* is told each sheet's name before."""
    for sheet in live.sheets:
        plan = blueprint.sheets.get(sheet.name)
        if plan is not None:
            tell(sheet.name)
            _read_sheet(sheet, book.sheets[sheet.name], plan, date1904=book.date1904)
    book.names = dict(_names(live))
    book.external_links = tuple(_asked(lambda: live.api.LinkSources(EXCEL_LINKS), default=()) or ())


def _read_sheet(sheet: Any, found: Sheet, plan: SheetPlan, *, date1904: bool) -> None:
    found.merges = frozenset(map(range_ref, plan.merges))
    found.protected = bool(_asked(lambda: sheet.api.ProtectContents, default=plan.protected))
    if plan.kind == "settings":
        return
    cells = _cells(sheet)
    formulas = _rows(cells.formula)
    fill(found, _values(cells), formulas, date1904=date1904, shown=lambda: _shown(cells))
    _beside(sheet, found, cells.shape)


def fill(
    sheet: Sheet,
    values: Block,
    formulas: Block,
    *,
    date1904: bool = False,
    shown: Callable[[], Block] = tuple,
) -> None:
    """Put blocks of values and formulas that begin at the first cell into *sheet*.

    What begins with an equals sign and is its own value is a text.  *shown* gives the cells as they look, for
    programs that have no value for an error.
    """
    texts: Block | None = None
    for row, (values_of, formulas_of) in enumerate(zip(values, formulas, strict=True), start=1):
        for column, (raw, formula) in enumerate(zip(values_of, formulas_of, strict=True), start=1):
            if not formula and (raw is None or raw == ""):
                continue
            is_formula = isinstance(formula, str) and formula.startswith("=") and formula != raw
            try:
                value = cell_value(raw, date1904=date1904)
            except TypeError:
                if not is_formula:
                    continue
                texts = texts or shown()
                value = _ERROR_TEXTS.get(texts[row - 1][column - 1] if texts else "", CellError.VALUE)
            if is_formula:
                sheet.formulas[row, column] = formula[1:]
            elif value is None or value == "":
                continue
            if value is not None:
                sheet.values[row, column] = value


def cell_value(raw: Any, *, date1904: bool = False) -> Value:
    """Return a value as the file would hold it; raises ``TypeError`` for what is none, as errors are on a Mac."""
    match raw:
        case None | bool() | str():
            return raw
        case float():
            return number(f"{raw:.15g}")
        case int():
            return _ERRORS.get(raw, CellError.VALUE) if raw in _ERROR_NUMBERS else Decimal(raw)
        case Decimal():
            return number(str(raw))
        case datetime():
            return serial(raw.replace(tzinfo=None).isoformat(), date1904=date1904)
        case _:
            raise TypeError(type(raw).__name__)


def _cells(sheet: Any) -> Any:
    """Return the cells from the first to the last used one; never a single one, which would come without rows."""
    used = sheet.used_range
    bottom, right = used.row + used.shape[0] - 1, used.column + used.shape[1] - 1
    corner = min(max(bottom, 2), MOST_ROWS, MAX_ROW), min(max(right, 2), MOST_COLUMNS, MAX_COLUMN)
    return sheet.range((1, 1), corner)


def _values(cells: Any) -> Block:
    """Return the values in one read; dates as numbers and amounts of money with all their digits, if Excel can."""
    try:
        return _rows(cells.api.Value2)
    except AttributeError:
        return _rows(cells.raw_value)


def _rows(block: Any) -> Block:
    return [list(row) for row in block]


def _shown(cells: Any) -> Block:
    found: Block = _asked(lambda: _rows(cells.api.string_value.get()), default=())
    return found


def _state(visible: Any) -> str:
    """Return a sheet's state; Excel on Windows has a number for it."""
    if visible == VERY_HIDDEN and not isinstance(visible, bool):
        return "veryHidden"
    return "visible" if visible else "hidden"


def _asked(question: Callable[[], Any], *, default: Any) -> Any:
    """Return what a program answers, or *default* where it does not know the question or has no answer."""
    try:
        return question()
    except Exception as error:
        # A TypeError: some builds hand out properties that nobody can go through.
        if isinstance(error, AttributeError | TypeError) or (is_complaint(error) and not is_busy(error)):
            return default
        raise


def _names(live: Any) -> Iterator[tuple[str, str]]:
    """Yield the defined names of workbook scope, with what they refer to."""
    for name in live.names:
        if "!" not in name.name:
            yield name.name, str(name.refers_to)


def _properties(live: Any) -> Iterator[tuple[str, str]]:
    for one in live.api.CustomDocumentProperties:
        yield str(one.Name), str(one.Value)


def _beside(sheet: Any, found: Sheet, shape: tuple[int, int]) -> None:
    """Note hidden rows and columns, and the comments."""
    api = sheet.api

    def is_hidden(kind: str, first: int, last: int) -> Any:
        lines = api.Range(api.Cells(first, 1), api.Cells(last, 1)).EntireRow
        if kind == "columns":
            lines = api.Range(api.Cells(1, first), api.Cells(1, last)).EntireColumn
        return lines.Hidden

    try:
        found.hidden_rows = frozenset(_hidden(lambda *ends: is_hidden("rows", *ends), 1, shape[0]))
        found.hidden_columns = frozenset(_hidden(lambda *ends: is_hidden("columns", *ends), 1, shape[1]))
        notes = api.Comments
        found.comments = tuple(
            sorted(Comment((one.Parent.Row, one.Parent.Column), one.Text().strip()) for one in notes)
        )
    except AttributeError:
        return


def _hidden(is_hidden: Callable[[int, int], Any], first: int, last: int) -> Iterator[int]:
    """Yield the hidden ones of rows or columns; of some that are not all alike, each half is asked for."""
    answer = is_hidden(first, last)
    if answer is None and first < last:
        middle = (first + last) // 2
        yield from _hidden(is_hidden, first, middle)
        yield from _hidden(is_hidden, middle + 1, last)
    elif answer:
        yield from range(first, last + 1)
