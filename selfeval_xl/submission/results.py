"""What a full check wrote into a workbook, taken out again before anything of it is read as a clerk's words."""

from __future__ import annotations

from msgspec.structs import replace

from selfeval_xl.blueprint.model import SheetPlan
from selfeval_xl.ooxml.book import Sheet


def without_results(sheet: Sheet, plan: SheetPlan) -> Sheet:
    """Return a sheet without what was written into its result area, which is found by its title wherever it stands."""
    area = plan.results
    if area is None:
        return sheet
    planned = area.top - 2, area.left
    title = plan.cells[planned].value
    row, column = next((place for place, value in sheet.values.items() if value == title), planned)
    first = row + area.top - planned[0]
    rows, columns = range(first, first + area.height), range(column, column + area.width)
    kept = {
        place: value
        for place, value in sheet.values.items()
        if place[0] not in rows or place[1] not in columns
    }
    return sheet if len(kept) == len(sheet.values) else replace(sheet, values=kept)
