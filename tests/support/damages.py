"""Damage done to a workbook in memory: rows and columns moved as Excel moves them, or as a library does."""

import re
from collections.abc import Callable
from random import Random

from msgspec.structs import replace

from selfeval_xl.cells import column_letters, column_number
from selfeval_xl.ooxml.book import Book, Place, Sheet

REF = re.compile(
    r"""
      "(?:[^"]|"")*"
    | (?:(?P<sheet>'(?:[^']|'')*'|[\w.]+)!)?
      (?P<first>\$?[A-Z]{1,3}\$?[1-9][0-9]*)(?::(?P<last>\$?[A-Z]{1,3}\$?[1-9][0-9]*))?(?![\w.(!])
    | [\w.]+
    """,
    re.VERBOSE,
)
CELL = re.compile(r"(\$?)([A-Z]{1,3})(\$?)([1-9][0-9]*)")
Line = Callable[[int], int | None]


def inserted(at: int, count: int) -> Line:
    """Where a row or column goes when *count* are inserted before *at*."""
    return lambda line: line + count if line >= at else line


def deleted(at: int, count: int) -> Line:
    """Where a row or column goes when *count* are deleted from *at* on."""
    return lambda line: None if at <= line < at + count else line - count if line >= at + count else line


def move_rows(book: Book, name: str, line: Line, *, as_library: bool = False) -> None:
    _move(
        book,
        name,
        lambda place: _pair(line(place[0]), place[1]),
        lambda row: row,
        line,
        as_library=as_library,
    )


def move_columns(book: Book, name: str, line: Line, *, as_library: bool = False) -> None:
    _move(
        book,
        name,
        lambda place: _pair(place[0], line(place[1])),
        line,
        lambda row: row,
        as_library=as_library,
    )


def _pair(row: int | None, column: int | None) -> Place | None:
    return None if row is None or column is None else (row, column)


def _move(
    book: Book,
    name: str,
    move: Callable[[Place], Place | None],
    columns: Line,
    rows: Line,
    *,
    as_library: bool,
) -> None:
    sheet = book.sheets[name]
    sheet.values = {
        there: value for place, value in sheet.values.items() if (there := move(place)) is not None
    }
    sheet.formulas = {
        there: text for place, text in sheet.formulas.items() if (there := move(place)) is not None
    }
    if as_library:
        # A library moves the cells, leaves formulas and names as they are, and saves no results.
        for one in book.sheets.values():
            one.values = {place: value for place, value in one.values.items() if place not in one.formulas}
        return
    for one in book.sheets.values():
        one.formulas = {
            place: respelt(text, one.name, name, columns, rows) for place, text in one.formulas.items()
        }
    book.names = {key: respelt(text, "", name, columns, rows) for key, text in book.names.items()}


def respelt(text: str, here: str, name: str, columns: Line, rows: Line) -> str:
    """A formula after rows or columns of the sheet *name* moved."""

    def one(match: re.Match[str]) -> str:
        if match["first"] is None:
            return match[0]
        there = here if match["sheet"] is None else match["sheet"].strip("'").replace("''", "'")
        if there != name:
            return match[0]
        prefix = "" if match["sheet"] is None else f"{match['sheet']}!"
        first = _corner(match["first"], columns, rows)
        if match["last"] is None:
            return prefix + (first or "#REF!")
        return prefix + (_range(match["first"], match["last"], columns, rows) or "#REF!")

    return REF.sub(one, text)


def _corner(text: str, columns: Line, rows: Line) -> str | None:
    fixed_column, letters, fixed_row, digits = CELL.fullmatch(text).groups()  # type: ignore[union-attr]
    column, row = columns(column_number(letters)), rows(int(digits))
    if column is None or row is None:
        return None
    return f"{fixed_column}{column_letters(column)}{fixed_row}{row}"


def _range(first: str, last: str, columns: Line, rows: Line) -> str | None:
    """A range shrinks with what is deleted of it."""
    a, b, c, d = CELL.fullmatch(first).groups()  # type: ignore[union-attr]
    _, f, _, h = CELL.fullmatch(last).groups()  # type: ignore[union-attr]
    over = [
        there for one in range(column_number(b), column_number(f) + 1) if (there := columns(one)) is not None
    ]
    down = [there for one in range(int(d), int(h) + 1) if (there := rows(one)) is not None]
    if not over or not down:
        return None
    return f"{a}{column_letters(over[0])}{c}{down[0]}:{a}{column_letters(over[-1])}{c}{down[-1]}"


def renamed(book: Book, name: str, new: str) -> None:
    """Give a sheet another name, as Excel does: whatever speaks of it speaks of the new name."""
    for one in book.sheets.values():
        one.formulas = {place: _calling(text, name, new) for place, text in one.formulas.items()}
    book.names = {key: _calling(text, name, new) for key, text in book.names.items()}
    sheets = [replace(one, name=new) if one.name == name else one for one in book.sheets.values()]
    book.sheets = {one.name: one for one in sheets}


def _calling(text: str, name: str, new: str) -> str:
    return re.sub(rf"(?<![\w.'])(?:'{re.escape(name)}'|{re.escape(name)})!", lambda _: f"'{new}'!", text)


def pasted_as_values(sheet: Sheet) -> None:
    sheet.formulas = {}


def typed_over(sheet: Sheet, chance: Random, value: Callable[[], object]) -> None:
    """Put figures in the place of some formulas, but not of names."""
    for place in [place for place in sheet.formulas if place[1] > 1 and chance.random() < 0.1]:
        del sheet.formulas[place]
        sheet.values[place] = value()  # type: ignore[assignment]
