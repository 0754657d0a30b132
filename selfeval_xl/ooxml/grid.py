"""The cells of one sheet as they are read: places, stored values, formulas.  Knows no XML."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from selfeval_xl.cells import MAX_COLUMN, MAX_ROW, CellError, Value, parse_ref
from selfeval_xl.ooxml.book import Place
from selfeval_xl.ooxml.errors import WorkbookUnreadable
from selfeval_xl.ooxml.formulas import MAX_LENGTH, formula_at
from selfeval_xl.ooxml.numbers import number, serial
from selfeval_xl.ooxml.strings import decode

MAX_SHARED_TEXT = 100_000_000
"""Characters that the shared formulas of one workbook may grow to."""

_WHOLE = re.compile(r"[0-9]{1,9}")
_BOOLEANS = {"1": True, "0": False, "true": True, "false": False}
_TEXT_KINDS = ("str", "inlineStr")
_ERRORS = {error.value: error for error in CellError}

# The sheets of a form use the same addresses.
cell_place = lru_cache(maxsize=65_536)(parse_ref)


class Workspace(Struct):
    """What the cells of all sheets of one workbook lean on; *strings* by their index as text."""

    strings: dict[str, str]
    date1904: bool = False
    shared_left: int = MAX_SHARED_TEXT


class Grid:
    """Collects the cells of one sheet; what makes no sense raises ``ValueError`` or ``LookupError``."""

    def __init__(self, workspace: Workspace) -> None:
        self.values: dict[Place, Value] = {}
        self.formulas: dict[Place, str] = {}
        self.hidden_rows: list[int] = []
        self._put_count = 0
        self._row = 0
        self._column = 0
        self._masters: dict[str, tuple[str, int, int]] = {}
        self._workspace = workspace
        self._readers: dict[str, Callable[[str], Value]] = {
            **READERS,
            "s": workspace.strings.__getitem__,
            "d": self._date,
        }

    def open_row(self, reference: str | None, *, hidden: bool) -> None:
        """Begin a row; without a number it follows the one before."""
        self._row = self._row + 1 if reference is None else whole(reference)
        self._column = 0
        if not 1 <= self._row <= MAX_ROW:
            raise ValueError(f"row {reference!r}")
        if hidden:
            self.hidden_rows.append(self._row)

    def place(self, reference: str | None) -> Place:
        """Return the place of the row's next cell; without a reference it follows the one before."""
        place = (self._row, self._column + 1) if reference is None else cell_place(reference)
        row, self._column = place
        if row != self._row or self._column > MAX_COLUMN:
            raise ValueError(f"cell {reference!r} in row {self._row}")
        return place

    def put(self, place: Place, kind: str, formula: str | None, text: str | None) -> None:
        """Put a cell of the stored type *kind*; *text* is ``None`` where no value is stored."""
        value = stored(self._readers, kind, text)
        # A constant that shows nothing is a blank cell to whoever looks at it.  No `value == ""`:
        # comparing a Decimal with a text costs as much as all the rest here.
        if formula is not None:
            self.formulas[place] = formula
        elif value is None or (isinstance(value, str) and not value):
            return
        if value is not None:
            self.values[place] = value
        self._put_count += 1

    def formula(self, place: tuple[int, int], attributes: Mapping[str, str], text: str | None) -> str | None:
        """Return a cell's formula; the first cell of a shared one keeps it for the others."""
        text = formula_text(text)
        if attributes.get("t") != "shared":
            return text
        index = attributes["si"]
        if text is None:
            return self._expanded(index, place)
        if "ref" in attributes or index not in self._masters:
            if len(text) > MAX_LENGTH:
                raise ValueError("a shared formula longer than Excel allows")
            self._masters[index] = (text, *place)
        return text

    def finish(self) -> None:
        """Refuse a sheet that gives one cell twice: programs differ in which they take."""
        if self._put_count != len(self.values.keys() | self.formulas.keys()):
            raise ValueError("a cell stands twice")

    def _expanded(self, index: str, place: tuple[int, int]) -> str:
        text = formula_at(*self._masters[index], *place)
        self._workspace.shared_left -= len(text)
        if self._workspace.shared_left < 0:
            raise WorkbookUnreadable("too_large", "shared formulas")
        return text

    def _date(self, text: str) -> Decimal:
        return serial(text.strip(), date1904=self._workspace.date1904)


def stored(readers: Mapping[str, Callable[[str], Value]], kind: str, text: str | None) -> Value:
    """Return the value of a cell of the stored type *kind*; *text* is ``None`` where none is stored."""
    if text:
        return readers[kind](text)
    return "" if text is not None and kind in _TEXT_KINDS else None


def formula_text(text: str | None) -> str | None:
    """Return a formula as it is written after the equals sign, ``None`` for an empty one."""
    return text.removeprefix("=").replace("\r\n", "\n") if text else None


def whole(text: str) -> int:
    """Return a number that XML writes in digits only; raises ``ValueError`` for anything else."""
    # int() alone would take underscores and the digits of other scripts.
    if _WHOLE.fullmatch(text) is None:
        raise ValueError(f"not a whole number: {text!r}")
    return int(text)


def _boolean(text: str) -> bool:
    return _BOOLEANS[text.strip()]


def _error(text: str) -> CellError:
    # Newer errors, #SPILL! and the like, are to older programs what #VALUE! is.
    return _ERRORS.get(text.strip(), CellError.VALUE)


READERS: Mapping[str, Callable[[str], Value]] = {
    "": number,
    "n": number,
    "str": decode,
    "inlineStr": str,
    "b": _boolean,
    "e": _error,
}
"""How a value is read by the type its cell is stored with, for the types that need no more than the cell."""
