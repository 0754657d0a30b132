"""Sheets that are lists: title, caption, header, and rows that are made while they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from selfeval_xl.blueprint.model import Blueprint, Body, CellPlan, Row, SheetPlan
from selfeval_xl.cells import Area, Value

TITLE_ROW, CAPTION_ROW, HEADER_ROW, BODY_ROW = 1, 2, 3, 4
WIDE, MIDDLE, NARROW = 46.0, 24.0, 13.0


class Column(Struct, frozen=True):
    """A column of a list: its header, whether it holds amounts, and its style if it is not that of a text or an amount.

    One that is ``aside`` stands right of what is printed.
    """

    header: str
    width: float
    amount: bool = False
    aside: bool = False
    style: str = ""


def start_sheet(
    blueprint: Blueprint, name: str, columns: Sequence[Column], title: str, caption: str = ""
) -> SheetPlan:
    """Start a sheet: title, caption, header."""
    sheet = SheetPlan(name, blueprint.kind, landscape=True, protected=False)
    blueprint.sheets[name] = sheet
    printed = sum(not column.aside for column in columns)
    sheet.put(TITLE_ROW, 1, CellPlan("line.title", title))
    sheet.heights[TITLE_ROW] = 30.0
    if printed > 1:
        sheet.merges.append(Area(name, TITLE_ROW, 1, TITLE_ROW, printed))
    if caption:
        sheet.put(CAPTION_ROW, 1, CellPlan("caption", caption))
    for number, column in enumerate(columns, start=1):
        style = "header.side" if column.aside else "header"
        sheet.put(HEADER_ROW, number, CellPlan(style, column.header))
        sheet.widths[number] = column.width
    sheet.freeze = (HEADER_ROW, 0)
    sheet.repeat = (HEADER_ROW, HEADER_ROW)
    sheet.print_columns, sheet.print_bottom = printed, HEADER_ROW
    return sheet


STRONG = {"amount": "amount.total", "check.text": "name.total"}


def put_body(
    sheet: SheetPlan,
    top: int,
    columns: Sequence[Column],
    rows: Callable[[], Iterable[Row]],
    count: int,
    *,
    depth: int = 0,
    least_height: float = 0.0,
) -> None:
    """Lay out *count* rows from *top* on, which *rows* makes anew each time it is called."""
    if count:
        styles = tuple(
            "check.faint" if column.aside else column.style or ("amount" if column.amount else "check.text")
            for column in columns
        )
        strong = tuple(STRONG.get(style, style) for style in styles)
        amounts = tuple(column.amount for column in columns)
        sheet.body = Body(top, count, rows, styles, strong, amounts, depth, least_height)
        sheet.print_bottom = sheet.body.bottom


def put_list(
    sheet: SheetPlan, columns: Sequence[Column], rows: Callable[[], Iterable[Sequence[Value]]], count: int
) -> None:
    """Lay out plain rows below the header that somebody can filter."""
    put_body(sheet, BODY_ROW, columns, lambda: map(Row, rows()), count)
    if count:
        sheet.filtered = Area(sheet.name, HEADER_ROW, 1, sheet.print_bottom, len(columns))
