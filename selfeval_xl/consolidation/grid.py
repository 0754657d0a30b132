"""The sheets of a summary as rows and columns: title, caption, header, totals by formula, plain lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from selfeval_xl.amounts import ZERO, round_half_up
from selfeval_xl.blueprint.model import Blueprint, Body, CellPlan, Row, SheetPlan
from selfeval_xl.cells import Address, Area, Value
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
            "amount" if column.amount else "check.faint" if column.aside else column.style
            for column in columns
        )
        strong = tuple(STRONG.get(style, style) for style in styles)
        amounts = tuple(column.amount for column in columns)
        sheet.body = Body(top, count, rows, styles, strong, amounts, depth, least_height)
        sheet.print_bottom = sheet.body.bottom


def put_list(
    blueprint: Blueprint,
    name: str,
    columns: Sequence[Column],
    rows: Callable[[], Iterable[Sequence[Value]]],
    count: int,
    caption: str = "",
) -> None:
    """Lay out a plain list that somebody can filter."""
    sheet = start_sheet(blueprint, name, columns, caption)
    put_body(sheet, TOTAL_ROW, columns, lambda: map(Row, rows()), count)
    if count:
        sheet.filtered = Area(name, HEADER_ROW, 1, sheet.print_bottom, len(columns))


@dataclass(slots=True)
class Sum:
    """What is known of a column of amounts: its sum, whether anything is in it, whether it cannot be added up."""

    amount: Decimal = ZERO
    is_filled: bool = False
    is_partial: bool = False

    def add(self, value: Value, *, is_summed: bool = True) -> None:
        """Take in the value of a row; one that is not summed only shows that the column is filled."""
        if isinstance(value, Decimal):
            self.is_filled = True
            if is_summed:
                self.amount += value
        elif value == Verdict.NOT_COMPUTABLE.word:
            self.is_partial = True

    def total(self, decimals: int, *, honest: bool) -> Value:
        """Return what the total shows; the *honest* one says so where a figure is no figure."""
        if honest and self.is_partial:
            return Verdict.NOT_COMPUTABLE.word
        return round_half_up(self.amount, decimals) if self.is_filled else ""


def put_totals(
    sheet: SheetPlan,
    columns: Sequence[Column],
    block: tuple[int, int],
    sums: Sequence[Sum],
    decimals: int,
    *,
    level: int | None = None,
    word_at: int = 2,
) -> dict[Address, Value]:
    """Write the total row over the rows of *block*, and below it the sum of what can be computed.

    *level* is the column that marks the departments' rows, so that folding moves nothing.  *sums*
    are those of the columns of amounts; returned is what the formulas show.
    """
    words = {TOTAL_ROW: say("summary.total"), PARTIAL_ROW: say("summary.partial")}
    shown: dict[Address, Value] = {}
    for row in (TOTAL_ROW, PARTIAL_ROW) if any(one.is_partial for one in sums) else (TOTAL_ROW,):
        honest, left = row == TOTAL_ROW, iter(sums)
        for number, column in enumerate(columns, start=1):
            if column.aside:
                continue
            plan = CellPlan("name.total", words[row] if number == word_at else None)
            if column.amount:
                area = Area(sheet.name, block[0], number, max(block), number)
                plan = CellPlan("amount.total", formula=_total(area, level, decimals, honest=honest))
            cell = sheet.put(row, number, plan)
            if column.amount:
                shown[cell] = next(left).total(decimals, honest=honest)
        sheet.print_bottom = max(sheet.print_bottom, row)
    return shown


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
