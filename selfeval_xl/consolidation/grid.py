"""What the sheets of a summary have in common: their title, totals by formula."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from selfeval_xl.amounts import ZERO, round_half_up
from selfeval_xl.blueprint import lists
from selfeval_xl.blueprint.lists import BODY_ROW, Column
from selfeval_xl.blueprint.model import Blueprint, CellPlan, SheetPlan
from selfeval_xl.cells import Address, Area, Value
from selfeval_xl.findings import Verdict
from selfeval_xl.rules.tree import Node, call, equal, more
from selfeval_xl.texts import say

TOTAL_ROW, PARTIAL_ROW, FIRST_ROW = BODY_ROW, BODY_ROW + 1, BODY_ROW + 2
NUMBER = "0"


def summary_title(blueprint: Blueprint) -> str:
    """Return the title of the whole summary."""
    facts = {"region": blueprint.settings.region, "year": blueprint.year, "form": blueprint.form.name}
    return say("summary.title", **facts)


def start_sheet(blueprint: Blueprint, name: str, columns: Sequence[Column], caption: str = "") -> SheetPlan:
    """Start a sheet of the summary."""
    return lists.start_sheet(blueprint, name, columns, f"{summary_title(blueprint)} {name}", caption)


def put_list(
    blueprint: Blueprint,
    name: str,
    columns: Sequence[Column],
    rows: Callable[[], Iterable[Sequence[Value]]],
    count: int,
    caption: str = "",
) -> None:
    """Lay out a plain list that somebody can filter."""
    lists.put_list(start_sheet(blueprint, name, columns, caption), columns, rows, count)


def unit_caption(blueprint: Blueprint) -> str:
    """Return what says in which unit amounts stand."""
    return say("summary.unit", unit=blueprint.form.unit)


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
