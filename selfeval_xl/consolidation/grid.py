"""What the sheets of a summary have in common: their title, totals by formula, adjustments as a row of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from msgspec import Struct

from selfeval_xl.amounts import ZERO, round_half_up
from selfeval_xl.blueprint import lists
from selfeval_xl.blueprint.lists import BODY_ROW, Column
from selfeval_xl.blueprint.model import Blueprint, CellPlan, SheetPlan
from selfeval_xl.cells import Address, Area, Value
from selfeval_xl.findings import Verdict
from selfeval_xl.rules.tree import Node, call, equal, more
from selfeval_xl.texts import say

TOTAL_ROW, SUM_ROW, ADJUST_ROW, PARTIAL_ROW, FIRST_ROW = range(BODY_ROW, BODY_ROW + 5)
FIRST_AMOUNT = 5
"""The first column of amounts in the sheet of a table."""

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


class Sum(Struct):
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


class Totals(Struct, frozen=True):
    """What stands above the rows of a sheet: the total, its two parts, and what can be computed of it.

    The rows are those of ``block``, from the first to the last.  ``adjusted`` gives the formula of the row of
    adjustments for the column of amounts with this 0-based index.  ``level`` is the column that marks the rows
    to be added up with ``word``, so that folding moves nothing; what can be computed is found in those marked with
    ``word_below``, whose sums are ``partials``, where there are such, or
    by the formula that ``partial`` gives.  The words stand in the column ``word_at``.
    """

    block: tuple[int, int]
    sums: Sequence[Sum]
    decimals: int
    adjusted: Callable[[int, Address], Node]
    level: int | None = None
    word: str = ""
    word_below: str = ""
    partials: Sequence[Sum] = ()
    partial: Callable[[int], Node] | None = None
    word_at: int = 2

    @property
    def is_partial(self) -> bool:
        """Tell whether a figure of a row is no figure."""
        return any(one.is_partial for one in self.sums)

    @property
    def rows(self) -> Sequence[int]:
        """Return the rows that there are."""
        return range(TOTAL_ROW, FIRST_ROW if self.is_partial else PARTIAL_ROW)

    def put(self, sheet: SheetPlan, columns: Sequence[Column]) -> dict[Address, Value]:
        """Write the rows; return what the formulas show that go over the rows below."""
        shown: dict[Address, Value] = {}
        words = ("total", "sum", "adjusted", "partial")
        for row, word in zip(self.rows, words, strict=False):
            number = 0
            for column, one in enumerate(columns, start=1):
                if one.aside:
                    continue
                cell = Address(sheet.name, row, column)
                if one.amount:
                    sheet.put(row, column, CellPlan("amount.total", formula=self._formula(cell, number)))
                    if row == SUM_ROW or (row == PARTIAL_ROW and self.partial is None):
                        shown[cell] = self._shown(number, honest=row == SUM_ROW)
                    number += 1
                else:
                    said = say(f"summary.{word}") if column == self.word_at else None
                    sheet.put(row, column, CellPlan("name.total", said))
            sheet.print_bottom = max(sheet.print_bottom, row)
        return shown

    def _shown(self, number: int, *, honest: bool) -> Value:
        sums = self.sums if honest else self.partials or self.sums
        return sums[number].total(self.decimals, honest=honest)

    def _formula(self, cell: Address, number: int) -> Node:
        """Return the formula of a cell in the column of amounts with this 0-based index."""
        if cell.row == TOTAL_ROW:
            return self._official(cell)
        if cell.row == ADJUST_ROW:
            return self.adjusted(number, cell)
        if cell.row == PARTIAL_ROW and self.partial is not None:
            return self.partial(number)
        return self._summed(cell.column, cell.sheet, honest=cell.row == SUM_ROW)

    def _official(self, cell: Address) -> Node:
        """Return the sum with the adjustments, unless the sum says that it cannot be computed."""
        parts = [cell._replace(row=row) for row in (SUM_ROW, ADJUST_ROW)]
        added = call(
            "IF", equal(call("COUNT", *parts), 0), "", call("ROUND", call("SUM", *parts), self.decimals)
        )
        word = Verdict.NOT_COMPUTABLE.word
        return call("IF", equal(parts[0], word), word, added)

    def _summed(self, column: int, sheet: str, *, honest: bool) -> Node:
        block = Area(sheet, self.block[0], column, max(self.block), column)
        summed: Node = call("SUM", block)
        if self.level is not None:
            levels = block._replace(left=self.level, right=self.level)
            summed = call("SUMIF", levels, self.word if honest else self.word_below or self.word, block)
        rounded = call("ROUND", summed, self.decimals)
        blank = call("IF", equal(call("COUNT", block), 0), "", rounded)
        if not honest:
            return blank
        word = Verdict.NOT_COMPUTABLE.word
        return call("IF", more(call("COUNTIF", block, word), 0), word, blank)
