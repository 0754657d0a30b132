"""Shared formulas: one text for many cells, moved to each.  Knows no functions and calculates nothing."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from selfeval_xl.cells import MAX_COLUMN, MAX_ROW, Area, CellError, column_letters, column_number

MAX_LENGTH = 8192
"""Excel's own limit for the text of a formula."""

# The first three alternatives are where no address can stand: text, a quoted sheet, the brackets of
# a table or of another workbook.  The last takes whole a name that only begins or ends like an address.
_PIECE = re.compile(
    r"""
      "(?:[^"]|"")*"
    | '(?:[^']|'')*'
    | \[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\]
    | (?P<areas>(?<![\w.$\\?])(?:\$?[A-Z]{1,3}:\$?[A-Z]{1,3}|\$?[0-9]{1,7}:\$?[0-9]{1,7})(?![\w.$\\?(!]))
    | (?P<cell>(?<![\w.$\\?])\$?[A-Z]{1,3}\$?[1-9][0-9]{0,6}(?![\w.$\\?(!]))
    | [\w.$\\?]+
    """,
    re.VERBOSE | re.DOTALL,
)
_MENTION = re.compile(
    r"""
      "(?:[^"]|"")*"
    | (?:(?P<sheet>'(?:[^']|'')*'|[\w.]+)!)?
      \$?(?P<left>[A-Z]{1,3})\$?(?P<top>[1-9][0-9]{0,6})(?::\$?(?P<right>[A-Z]{1,3})\$?(?P<bottom>[1-9][0-9]{0,6}))?
      (?![\w.(!])
    | [\w.$\\?]+
    """,
    re.VERBOSE | re.DOTALL,
)
_HALF = re.compile(r"(\$?)([A-Z]+)|(\$?)([0-9]+)")


def mentioned(text: str, sheet: str) -> list[Area]:
    """Return the cells and ranges that a formula on *sheet* names, in order; whole rows and columns are not among them."""
    found = []
    for match in _MENTION.finditer(text):
        if match["left"]:
            name = match["sheet"]
            there = sheet if name is None else name.removeprefix("'").removesuffix("'").replace("''", "'")
            top, left = int(match["top"]), column_number(match["left"])
            bottom, right = int(match["bottom"] or top), column_number(match["right"] or match["left"])
            found.append(Area(there, min(top, bottom), min(left, right), max(top, bottom), max(left, right)))
    return found


class _Part(NamedTuple):
    """A column or a row of an address, as far as it moves."""

    number: int
    is_row: bool
    fixed: bool


@lru_cache(maxsize=16_384)
def formula_at(text: str, from_row: int, from_column: int, row: int, column: int) -> str:
    """Return a shared formula as it reads in another cell; the same in most workbooks of a form."""
    return _shared(text, from_row, from_column).at(row, column)


class _SharedFormula:
    """A formula as its first cell holds it, and as any other cell of its range reads it."""

    def __init__(self, text: str, row: int, column: int) -> None:
        """Split *text*, which stands at (*row*, *column*)."""
        self._row, self._column = row, column
        self._pieces: list[str | tuple[_Part | str, ...]] = []
        end = 0
        for match in _PIECE.finditer(text):
            if match["areas"] or match["cell"]:
                self._pieces += [text[end : match.start()], _address(match[0])]
                end = match.end()
        self._pieces.append(text[end:])

    def at(self, row: int, column: int) -> str:
        """Return the formula of another cell; an address pushed off the sheet becomes ``#REF!``."""
        down, right = row - self._row, column - self._column
        return "".join(
            piece if isinstance(piece, str) else _moved(piece, down, right) for piece in self._pieces
        )


_shared = lru_cache(maxsize=1024)(_SharedFormula)


def _address(text: str) -> str | tuple[_Part | str, ...]:
    """Split an address into what moves and what does not; a mere name off the sheet stays text."""
    parts: list[_Part | str] = []
    for index, corner in enumerate(text.split(":")):
        if index:
            parts.append(":")
        for column_fixed, letters, row_fixed, digits in _HALF.findall(corner):
            number = column_number(letters) if letters else int(digits)
            if not 1 <= number <= (MAX_COLUMN if letters else MAX_ROW):
                return text
            parts.append(_Part(number, not letters, bool(column_fixed or row_fixed)))
    return tuple(parts)


def _moved(parts: tuple[_Part | str, ...], down: int, right: int) -> str:
    pieces: list[str] = []
    for part in parts:
        if isinstance(part, str):
            pieces.append(part)
            continue
        number = part.number + (0 if part.fixed else down if part.is_row else right)
        if not 1 <= number <= (MAX_ROW if part.is_row else MAX_COLUMN):
            return CellError.REF.value
        pieces.append(("$" if part.fixed else "") + (str(number) if part.is_row else column_letters(number)))
    return "".join(pieces)
