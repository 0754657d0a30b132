"""The sheets of a summary's tables: totals, a row a department and entity, and where each comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from selfeval_xl.blueprint.lists import MIDDLE, NARROW, Column, put_body
from selfeval_xl.blueprint.model import Blueprint, Row, linked
from selfeval_xl.cells import Address, Area, Value, ref
from selfeval_xl.consolidation.adjustments import AdjustmentSheet, adjust_cell
from selfeval_xl.consolidation.grid import (
    FIRST_ROW,
    PARTIAL_ROW,
    TOTAL_ROW,
    Sum,
    Totals,
    start_sheet,
    unit_caption,
)
from selfeval_xl.consolidation.packed import Packed
from selfeval_xl.consolidation.reduce import Line, Reduced
from selfeval_xl.form.model import Form, Key, Table
from selfeval_xl.submission.inspect import DATA_SUFFIX
from selfeval_xl.texts import say

LEVEL_COLUMN = 3
Ways = Callable[[Path], str | None]
"""How to get to a file from where the summary stands; ``None`` where a link cannot say it."""


def table_totals(form: Form) -> dict[Key, Address]:
    """Return the cell of every table's and item's total."""
    return {key: adjust_cell(form, key)._replace(row=TOTAL_ROW) for key in form.columns}


def level_words(level: int) -> tuple[str, str]:
    """Return what the rows of a summary of this level are called, and those below them."""
    if level == 1:
        return say("summary.level_department"), say("summary.level_entity")
    return say("summary.level_region"), say("summary.level_member")


def put_table(
    blueprint: Blueprint,
    table: Table,
    files: Sequence[Reduced],
    adjustments: AdjustmentSheet,
    ways: Ways | None,
    level: int = 1,
) -> dict[Address, Value]:
    """Lay out one table: a row a department, below it a row an entity that folds away, beside it where from.

    In a summary of summaries a row is a region, below it what its summary lists.

    The row between totals and departments holds the filter's buttons, so that the totals stay in sight.
    Returned is what the sums show.
    """
    own, below = ("department", "entity") if level == 1 else ("region", "member")
    columns = [
        Column(say("summary.code"), 11.0),
        Column(say(f"summary.{own}"), 30.0),
        Column(say("summary.level"), 7.0, style="label"),
        Column(say(f"summary.{below}"), 32.0),
        *(Column(column.label, NARROW, amount=True) for column in table.columns),
        Column(say("summary.file"), MIDDLE, aside=True),
        Column(say("summary.sheet"), 10.0, aside=True),
        Column(say("summary.cell"), 10.0, aside=True),
        *([Column(say("summary.origin"), MIDDLE, aside=True)] if level > 1 else []),
    ]
    sheet = start_sheet(blueprint, table.label, columns, unit_caption(blueprint))
    count = sum(len(one.lines) for one in files)
    put_body(sheet, FIRST_ROW, columns, partial(_rows, table, files, ways, level), count, depth=1)
    last = max(FIRST_ROW, sheet.print_bottom)
    sheet.freeze = (PARTIAL_ROW, 0)
    if count:
        sheet.filtered = Area(table.label, PARTIAL_ROW, 1, last, len(columns))
    keys = [column.key for column in table.columns]
    totals = Totals(
        (FIRST_ROW, last), table_sums(table, files), blueprint.form.decimals,
        lambda number, cell: adjustments.row_of(keys[number], cell),
        level=LEVEL_COLUMN, word=level_words(level)[0], word_below=level_words(level)[1] if level > 1 else "",
        partials=table_sums(table, files, below=True) if level > 1 else (),
    )  # fmt: skip
    return totals.put(sheet, columns)


def _rows(table: Table, files: Sequence[Reduced], ways: Ways | None, level: int) -> Iterator[Row]:
    keys = [column.key for column in table.columns]
    levels = level_words(level)
    for one in files:
        way = None if ways is None else ways(one.path)
        is_book = one.path.suffix.lower() != DATA_SUFFIX
        for index, line in enumerate(one.lines):
            place = _place(one, table.label, index)
            target = f"{way}#{place}" if way and is_book else way
            where = (one.path.name, place.sheet, linked(ref(place.row, place.column), target))
            names = (line.code or one.code, one.department, levels[index > 0], line.name)
            amounts = map(line.amounts.get, keys)
            origin = (line.source,) if level > 1 else ()
            yield Row((*names, *amounts, *where, *origin), strong=index == 0, level=int(index > 0))


def _place(one: Reduced, table: str, index: int) -> Address:
    """Return where a line of a file begins in a table."""
    places = one.lines[index].places
    if places is not None:
        return places[table]
    first = one.first_cells[table]
    return first._replace(row=first.row + index)


def table_sums(table: Table, files: Sequence[Reduced], *, below: bool = False) -> list[Sum]:
    """Return the sum of every column over the departments' own rows, or over those *below* them."""
    sums = {column.key: Sum() for column in table.columns}
    for one in files:
        for index, line in enumerate(one.lines):
            if (index > 0) == below:
                for key, added in sums.items():
                    added.add(line.amounts.get(key))
            else:
                _look_for_words(line, sums)
    return list(sums.values())


def _look_for_words(line: Line, sums: Mapping[Key, Sum]) -> None:
    """Note where a row that is not added up holds no amount; that it holds any shows in the row that is."""
    amounts = line.amounts.odd if isinstance(line.amounts, Packed) else line.amounts
    for key in sums.keys() & amounts.keys():
        sums[key].add(amounts[key], is_summed=False)
