"""A cell as a pair, for tests that compare or change what was read."""

from typing import NamedTuple

from selfeval_xl.cells import Value
from selfeval_xl.ooxml.book import Place, Sheet


class Cell(NamedTuple):
    """What a cell shows, and its formula where it is calculated."""

    value: Value
    formula: str | None


def cell(sheet: Sheet, place: Place) -> Cell:
    return Cell(sheet.values.get(place), sheet.formulas.get(place))


def cells(sheet: Sheet) -> dict[Place, Cell]:
    """Return every cell that has a value or a formula."""
    return {place: cell(sheet, place) for place in sorted(sheet.values.keys() | sheet.formulas.keys())}


def put(sheet: Sheet, place: Place, content: Cell | None) -> None:
    """Set a cell, or clear it."""
    sheet.values.pop(place, None)
    sheet.formulas.pop(place, None)
    if content is not None and content.value is not None:
        sheet.values[place] = content.value
    if content is not None and content.formula is not None:
        sheet.formulas[place] = content.formula
