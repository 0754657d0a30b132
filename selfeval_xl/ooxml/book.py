"""What one read of a workbook yields: sheets, cells, names.  Knows no form and no file format."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from selfeval_xl.cells import Value


class Cell(NamedTuple):
    """One cell's value and, where it is calculated, its formula without the equals sign.

    A formula that was saved without a result has the value ``None``; one that
    shows nothing has ``""``.
    """

    value: Value
    formula: str | None


@dataclass(slots=True)
class Sheet:
    """One sheet; *cells* holds, by 1-based (row, column), those with a value or a formula."""

    name: str
    state: str = "visible"
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
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
