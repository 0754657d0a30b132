"""The sheets of a summary as rows and columns: title, caption, header, totals by formula, plain lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from selfeval_xl.blueprint.model import GENERAL, TEXT, Blueprint, CellPlan, SheetPlan
from selfeval_xl.cells import Area, Value
from selfeval_xl.findings import Verdict
from selfeval_xl.rules.tree import Node, call, equal, more
from selfeval_xl.texts import say

TITLE_ROW, UNIT_ROW, HEADER_ROW, TOTAL_ROW, PARTIAL_ROW, FIRST_ROW = 1, 2, 3, 4, 5, 6
WIDE, MIDDLE, NARROW = 46.0, 24.0, 13.0
NUMBER = "0"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the summary: its header, and whether it holds amounts.

    One that is ``aside`` stands right of what is printed.
    """

    header: str
    width: float
    amount: bool = False
    aside: bool = False
    style: str = "check.text"


def start_sheet(
    blueprint: Blueprint, name: str, columns: Sequence[Column], caption: str = "", title: str | None = None
) -> SheetPlan:
    """Start a sheet: title, caption, header."""
    sheet = SheetPlan(name, "summary", landscape=True, protected=False)
    blueprint.sheets[name] = sheet
    settings = blueprint.settings
    whole = say("summary.title", region=settings.region, year=blueprint.year, form=blueprint.form.name)
    printed = sum(not column.aside for column in columns)
    sheet.put(TITLE_ROW, 1, CellPlan("line.title", f"{whole} {name}" if title is None else whole))
    sheet.heights[TITLE_ROW] = 30.0
    if printed > 1:
        sheet.merges.append(Area(name, TITLE_ROW, 1, TITLE_ROW, printed))
    if caption:
        sheet.put(UNIT_ROW, 1, CellPlan("caption", caption))
    for number, column in enumerate(columns, start=1):
        style = "header.side" if column.aside else "header"
        sheet.put(HEADER_ROW, number, CellPlan(style, column.header))
        sheet.widths[number] = column.width
    sheet.freeze = (HEADER_ROW, 0)
    sheet.repeat = (HEADER_ROW, HEADER_ROW)
    sheet.print_columns, sheet.print_bottom = printed, HEADER_ROW
    return sheet


def unit_caption(blueprint: Blueprint) -> str:
    """Return what says in which unit amounts stand."""
    return say("summary.unit", unit=blueprint.form.unit)


STRONG = {"amount": "amount.total", "check.text": "name.total"}


def put_row(
    sheet: SheetPlan, row: int, columns: Sequence[Column], values: Iterable[Value], *, strong: bool = False
) -> None:
    """Write a row; texts stay texts, and a number that is no amount shows its own digits."""
    for number, (column, value) in enumerate(zip(columns, values, strict=True), start=1):
        style = "amount" if column.amount else "check.faint" if column.aside else column.style
        style = STRONG.get(style, style) if strong else style
        number_format = GENERAL if column.amount or isinstance(value, Decimal) else TEXT
        sheet.put(row, number, CellPlan(style, value, format=number_format))
    sheet.print_bottom = row


def put_list(
    blueprint: Blueprint,
    name: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
    caption: str = "",
) -> None:
    """Lay out a plain list that somebody can filter."""
    sheet = start_sheet(blueprint, name, columns, caption)
    for row, values in enumerate(rows, start=TOTAL_ROW):
        put_row(sheet, row, columns, values)
    if sheet.print_bottom > HEADER_ROW:
        sheet.filtered = Area(name, HEADER_ROW, 1, sheet.print_bottom, len(columns))


def is_partial(columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> bool:
    """Tell whether an amount cannot be computed, so that a total cannot either."""
    word = Verdict.NOT_COMPUTABLE.word
    return any(
        value == word for row in rows for column, value in zip(columns, row, strict=True) if column.amount
    )


def put_totals(
    sheet: SheetPlan,
    columns: Sequence[Column],
    block: tuple[int, int],
    decimals: int,
    *,
    level: int | None = None,
    partial: bool = False,
    word_at: int = 2,
) -> None:
    """Write the total row over the rows of *block*, and below it the sum of what can be computed.

    *level* is the column that marks the departments' rows, so that folding moves nothing.
    """
    words = {TOTAL_ROW: say("summary.total"), PARTIAL_ROW: say("summary.partial")}
    for row in (TOTAL_ROW, PARTIAL_ROW) if partial else (TOTAL_ROW,):
        for number, column in enumerate(columns, start=1):
            if column.aside:
                continue
            plan = CellPlan("name.total", words[row] if number == word_at else None)
            if column.amount:
                area = Area(sheet.name, block[0], number, max(block), number)
                plan = CellPlan(
                    "amount.total", formula=_total(area, level, decimals, honest=row == TOTAL_ROW)
                )
            sheet.put(row, number, plan)
        sheet.print_bottom = max(sheet.print_bottom, row)


def _total(block: Area, level: int | None, decimals: int, *, honest: bool) -> Node:
    summed: Node = call("SUM", block)
    if level is not None:
        levels = block._replace(left=level, right=level)
        summed = call("SUMIF", levels, say("summary.level_department"), block)
    rounded = call("ROUND", summed, decimals)
    blank = call("IF", equal(call("COUNT", block), 0), "", rounded)
    if not honest:
        return blank
    word = Verdict.NOT_COMPUTABLE.word
    return call("IF", more(call("COUNTIF", block, word), 0), word, blank)
