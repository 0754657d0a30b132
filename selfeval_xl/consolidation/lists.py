"""A list that somebody keeps in a workbook or a text file: a header somewhere above, a record a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from msgspec import Struct

from selfeval_xl.names import match_key
from selfeval_xl.ooxml.book import Sheet
from selfeval_xl.ooxml.errors import WorkbookUnreadable
from selfeval_xl.ooxml.read import read_book
from selfeval_xl.texts import say

Record = tuple[int, dict[str, str | None]]
"""The row's number in the file, from 1, and its texts by column; blank is ``None``."""

_Grid = list[list[str]]


class Listing(Struct, frozen=True):
    """A list with where it stands: its sheet (of a text file its name), the header's row, the columns' numbers from 1.

    ``width`` is the last column in which the sheet holds anything; ``grid`` are its cells, all of them.
    """

    sheet: str
    header: int
    width: int
    at: Mapping[str, int]
    records: Sequence[Record]
    grid: Sequence[Sequence[str]]


class ListUnreadable(ValueError):
    """The list cannot be read; the text is for the clerk."""


def read_list(
    path: Path, columns: Mapping[str, str], needed: Sequence[str], sheet: str | None = None
) -> Sequence[Record]:
    """Read the records of an ``.xlsx`` or ``.csv`` list; raises :class:`ListUnreadable`.

    In a workbook that has a *sheet* of that name the list stands there or nowhere.
    """
    return find_list(path, columns, needed, sheet=sheet).records


def find_list(
    path: Path,
    columns: Mapping[str, str],
    needed: Sequence[str],
    content: bytes | None = None,
    sheet: str | None = None,
) -> Listing:
    """Find the list in a file, or in its *content* where that was read before; raises :class:`ListUnreadable`.

    *columns* gives the heading of each column by the name under which its texts are returned.  The
    header is the first row that has all the *needed* ones, on whichever sheet it stands; numbers are
    texts without exponent.
    """
    labels = {match_key(heading): name for name, heading in columns.items()}
    missing = list(needed)
    for name_of_sheet, grid in _grids(path, content, sheet):
        for top, cells in enumerate(grid):
            at: dict[str, int] = {}
            for index, cell in enumerate(cells):
                if match_key(cell) in labels:
                    at.setdefault(labels[match_key(cell)], index)
            if all(name in at for name in needed):
                places = {name: index + 1 for name, index in at.items()}
                width = max(len(row) for row in grid)
                records = list(_records(grid[top + 1 :], at, top + 2))
                return Listing(name_of_sheet, top + 1, width, places, records, grid)
            # What is told is what the row lacks that comes nearest to a header.
            missing = min(missing, [name for name in needed if name not in at], key=len)
    raise ListUnreadable(
        say("usage.list_columns", columns=say("word.and").join(columns[one] for one in missing))
    )


def _records(grid: Iterable[Sequence[str]], at: Mapping[str, int], first: int) -> Iterator[Record]:
    for line, cells in enumerate(grid, start=first):
        yield (
            line,
            {
                name: (cells[index].strip() or None) if index < len(cells) else None
                for name, index in at.items()
            },
        )


def _grids(path: Path, content: bytes | None, only: str | None) -> list[tuple[str, _Grid]]:
    try:
        if path.suffix.lower() == ".csv":
            return [(path.stem, csv_grid(path.read_bytes() if content is None else content)[0])]
        book = read_book(path if content is None else content, only)
        return [(name, _sheet_grid(sheet)) for name, sheet in book.sheets.items()]
    except WorkbookUnreadable as unreadable:
        reason = "not_a_list" if unreadable.reason == "not_a_package" else unreadable.reason
        raise ListUnreadable(say(f"refused.{reason}")) from None
    except OSError as fault:
        raise ListUnreadable(say(f"refused.{_unopened(path, fault)}")) from None
    except (UnicodeDecodeError, csv.Error):
        raise ListUnreadable(say("refused.not_text")) from None


def _unopened(path: Path, fault: OSError) -> str:
    if path.is_dir():
        return "is_folder"
    return "no_access" if isinstance(fault, PermissionError) else "missing"


def csv_grid(content: bytes) -> tuple[_Grid, str]:
    """Return the cells of a text file and its encoding: UTF-8, or what Excel in China saves as CSV."""
    encoding = "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        encoding = "gb18030"
        text = content.decode(encoding)
    return list(csv.reader(io.StringIO(text, newline=""))), encoding


def _sheet_grid(sheet: Sheet) -> _Grid:
    bottom = max((row for row, _ in sheet.values), default=0)
    right = max((column for _, column in sheet.values), default=0)
    grid = [[""] * right for _ in range(bottom)]
    for (row, column), value in sheet.values.items():
        grid[row - 1][column - 1] = format(value, "f") if isinstance(value, Decimal) else str(value or "")
    return grid
