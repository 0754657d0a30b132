"""What one read of a workbook yields: sheets, values, formulas, names.  Knows no form and no file format."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from selfeval_xl.cells import Value

Place = tuple[int, int]
"""A cell of a sheet: row and column, both 1-based."""


class Comment(NamedTuple):
    """A comment on a cell: where, and what all of it says."""

    place: Place
    text: str


class Guest(NamedTuple):
    """Something in a workbook that is neither cells nor looks: its kind, and the sheet it is on, or ``""``.

    Kinds are ``control``, ``object``, ``file``, ``data``, ``dialog``, ``program`` and ``damaged``.
    """

    kind: str
    sheet: str = ""


class Sheet(Struct):
    """One sheet.

    ``values`` holds what cells show; one that shows nothing is not in it, unless it is a
    formula whose result is ``""``.  ``formulas`` holds the calculated cells' formulas without
    the equals sign; one that was saved without a result has no value.  ``lock`` is the salt of
    the protection's password, which a program makes anew whenever somebody protects a sheet.
    """

    name: str
    state: str = "visible"
    values: dict[Place, Value] = {}
    formulas: dict[Place, str] = {}
    protected: bool = False
    merges: frozenset[str] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    lock: str = ""
    comments: tuple[Comment, ...] = ()


class Book(Struct):
    """One workbook: its sheets in their order, and what the package says beside them.

    *names* are the defined names of workbook scope with the text they refer to,
    *properties* the custom document properties as text.  *external_links* are the files that it
    reaches for, by whatever is said of them; *program* is what the saving program calls itself, and
    *source* what was read.
    """

    sheets: dict[str, Sheet] = {}
    names: dict[str, str] = {}
    properties: dict[str, str] = {}
    date1904: bool = False
    has_macros: bool = False
    has_macro_sheets: bool = False
    external_links: tuple[str, ...] = ()
    guests: tuple[Guest, ...] = ()
    program: str = ""
    source: Path | bytes | None = None

    def shown(self) -> Book:
        """Return what the workbook holds alone, as it can be compared with another."""
        return replace(self, program="", source=None)
