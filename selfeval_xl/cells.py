"""Addresses of cells and the values a cell can hold.  Knows no file format and no form."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384


class CellError(StrEnum):
    """An error value as Excel writes it."""

    NULL = "#NULL!"
    DIV0 = "#DIV/0!"
    VALUE = "#VALUE!"
    REF = "#REF!"
    NAME = "#NAME?"
    NUM = "#NUM!"
    NA = "#N/A"


Value = Decimal | str | bool | CellError | None
"""What a cell holds.  ``None`` is a blank cell; ``""`` is a formula that shows nothing."""


class Address(NamedTuple):
    """One cell: sheet name, row and column, both 1-based as Excel counts."""

    sheet: str
    row: int
    column: int

    def __str__(self) -> str:
        return f"{quote_sheet(self.sheet)}!{ref(self.row, self.column)}"


class Area(NamedTuple):
    """A rectangle of cells on one sheet, both corners included, 1-based."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        """Return the number of rows."""
        return self.bottom - self.top + 1

    @property
    def width(self) -> int:
        """Return the number of columns."""
        return self.right - self.left + 1

    def addresses(self) -> list[Address]:
        """Return the cells, row by row."""
        return [
            Address(self.sheet, row, column)
            for row in range(self.top, self.bottom + 1)
            for column in range(self.left, self.right + 1)
        ]

    def __str__(self) -> str:
        return f"{quote_sheet(self.sheet)}!{range_ref(self)}"


@lru_cache(maxsize=4096)
def column_letters(column: int) -> str:
    """Return the letters of a 1-based column number: 1 is ``A``, 28 is ``AB``."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@lru_cache(maxsize=4096)
def column_number(letters: str) -> int:
    """Return the 1-based number of a column's letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def ref(row: int, column: int, *, absolute: bool = False) -> str:
    """Return a cell's address within its sheet: ``B6`` or ``$B$6``."""
    return f"${column_letters(column)}${row}" if absolute else f"{column_letters(column)}{row}"


def range_ref(area: Area, *, absolute: bool = False) -> str:
    """Return an area's address within its sheet; one cell is not written as a range."""
    first = ref(area.top, area.left, absolute=absolute)
    if area.height == 1 and area.width == 1:
        return first
    return f"{first}:{ref(area.bottom, area.right, absolute=absolute)}"


_REF = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")


def parse_ref(text: str) -> tuple[int, int]:
    """Return ``(row, column)`` of ``B6`` or ``$B$6``; raises ``ValueError`` for anything else."""
    match = _REF.fullmatch(text)
    if match is None:
        raise ValueError(f"not a cell address: {text!r}")
    row, column = int(match[2]), column_number(match[1])
    if row > MAX_ROW or column > MAX_COLUMN:
        raise ValueError(f"outside a sheet: {text!r}")
    return row, column


_NEEDS_QUOTES = re.compile(r"[^\w.]|^\d|^[A-Za-z]{1,3}\d+$")


def quote_sheet(name: str) -> str:
    """Return a sheet's name as a formula must write it, quoted where Excel quotes it."""
    if _NEEDS_QUOTES.search(name) is None:
        return name
    return "'" + name.replace("'", "''") + "'"
