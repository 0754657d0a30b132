"""Puts macros, buttons and the ribbon tab into a workbook that is being written."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from selfeval_xl.blueprint.model import Blueprint
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Area
from selfeval_xl.ooxml.macros import project
from selfeval_xl.ooxml.protection import Hash
from selfeval_xl.template.buttons import HEIGHT, WIDTH, ButtonSheet, button_sheet, buttons, modules, ribbon
from selfeval_xl.template.heights import PIXELS_PER_POINT
from selfeval_xl.template.locked import LockedWorkbook, LockedWorksheet
from selfeval_xl.template.rows import SheetRows


def add_macros(book: LockedWorkbook, blueprint: Blueprint, values: Values, lock: Hash) -> dict[str, Area]:
    """Add to *book*, whose other sheets are there, what an ``.xlsm`` has beside them; return the names to define."""
    hidden = button_sheet(blueprint)
    _hidden_sheet(book, hidden, values, lock)
    for one in buttons(blueprint):
        look = {"macro": one.macro, "caption": one.caption, "width": WIDTH, "height": HEIGHT}
        place = {"x_offset": one.right, "y_offset": one.below}
        sheet = book.get_worksheet_by_name(one.at.sheet)
        _know_heights(sheet)
        sheet.insert_button(one.at.row - 1, one.at.column - 1, look | place)
    book.ribbon = ribbon()
    book.add_vba_project(BytesIO(project(modules(), len(book.worksheets()))), is_stream=True)
    return hidden.names


def _hidden_sheet(book: LockedWorkbook, hidden: ButtonSheet, values: Values, lock: Hash) -> None:
    sheet = book.add_worksheet(hidden.name, worksheet_class=LockedWorksheet)
    sheet.agile = lock
    sheet.rows = SheetRows({}, (), book.str_table._get_shared_string_index)
    look = book.add_format()
    for spot in sorted(hidden.texts.keys() | hidden.formulas.keys()):
        sheet._check_dimensions(spot[0] - 1, spot[1] - 1)
        if spot in hidden.texts:
            sheet.rows.put(*spot, look, hidden.texts[spot])
        else:
            sheet.rows.put(*spot, look, values.evaluate(hidden.formulas[spot]), hidden.printed(spot))
    sheet.very_hidden()


def _know_heights(sheet: Any) -> None:
    """Tell XlsxWriter how high the rows are, which it did not write itself, so that it knows where a button ends."""
    for row, height in sheet.rows.heights.items():
        sheet.row_sizes[row - 1] = [round(height * PIXELS_PER_POINT), False]
