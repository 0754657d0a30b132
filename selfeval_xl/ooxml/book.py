"""What one read of a workbook yields: sheets, values, formulas, names.  Knows no form and no file format."""

from __future__ import annotations

from dataclasses import dataclass, field

from selfeval_xl.cells import Value

Place = tuple[int, int]
"""A cell of a sheet: row and column, both 1-based."""


@dataclass(slots=True)
class Sheet:
    """One sheet.

    ``values`` holds what cells show; one that shows nothing is not in it, unless it is a
    formula whose result is ``""``.  ``formulas`` holds the calculated cells' formulas without
    the equals sign; one that was saved without a result has no value.
    """

    name: str
    state: str = "visible"
    values: dict[Place, Value] = field(default_factory=dict)
    formulas: dict[Place, str] = field(default_factory=dict)
    protected: bool = False
    merges: frozenset[str] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


@dataclass(slots=True)
class Book:
    """One workbook: its sheets in their order, and what the package says beside them.

    *names* are the defined names of workbook scope with the text they refer to,
    *properties* the custom document properties as text.
    """

    sheets: dict[str, Sheet] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    date1904: bool = False
    has_macros: bool = False
    external_links: bool = False
