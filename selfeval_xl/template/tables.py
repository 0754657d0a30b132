"""The lists of a workbook as files for other programs: text with commas, or Parquet.

A number is written exactly.  A text that a program would take for a formula is made harmless, since what
stands in a report was typed by anybody.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from msgspec import Struct

from selfeval_xl.blueprint.lists import BODY_ROW, HEADER_ROW
from selfeval_xl.blueprint.model import Blueprint, SheetPlan
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address, Value

CSV, PARQUET = ENDINGS = (".csv", ".parquet")
LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
ROWS_A_GROUP = 50_000
PRECISION = 24

Rows = Iterable[Sequence[Value]]


class ListTable(Struct, frozen=True):
    """A list: its name, headers, which of its columns hold amounts, and its rows, made anew each time.

    Amounts have so many ``decimals``; another word in their place is no amount.
    """

    name: str
    headers: Sequence[str]
    amounts: Sequence[bool]
    decimals: int
    rows: Callable[[], Rows]


def list_tables(blueprint: Blueprint, values: Values) -> Iterator[ListTable]:
    """Yield the lists of a workbook: sheets with a body, and the filled rows of those that are filled in."""
    for sheet in blueprint.sheets.values():
        if sheet.body is None and not sheet.is_filled_in:
            continue
        last = max(column for row, column in sheet.cells if row == HEADER_ROW)
        headers = [str(sheet.cells[HEADER_ROW, column].value) for column in range(1, last + 1)]
        if sheet.body is not None:
            body = sheet.body
            amounts = body.amounts
            yield ListTable(sheet.name, headers, amounts, blueprint.form.decimals, _body_rows(body.rows))
        else:
            shown = headers[: sheet.print_columns]
            numeric = [_is_amount(sheet, column) for column in range(1, len(shown) + 1)]
            rows = _typed_rows(sheet, values, len(shown))
            yield ListTable(sheet.name, shown, numeric, blueprint.form.decimals, rows)


def _body_rows(rows: Callable[[], Iterable[Any]]) -> Callable[[], Rows]:
    return lambda: (row.values for row in rows())


def _is_amount(sheet: SheetPlan, column: int) -> bool:
    return sheet.cells[BODY_ROW, column].style.startswith("amount")


def _typed_rows(sheet: SheetPlan, values: Values, width: int) -> Callable[[], Rows]:
    """Return the rows in which somebody typed anything."""
    filled = sorted({cell.row for cell in values.typed if cell.sheet == sheet.name})

    def rows() -> Rows:
        return (
            [values(Address(sheet.name, row, column)) for column in range(1, width + 1)] for row in filled
        )

    return rows


def write_csv(table: ListTable, path: Path) -> None:
    """Write a list as UTF-8 that Excel recognises, a record a line; blank is nothing between commas."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(map(_harmless, table.headers))
        writer.writerows([_harmless(value) for value in row] for row in table.rows())


def _harmless(value: Value) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(LIKE_A_FORMULA) else text


def write_parquet(table: ListTable, path: Path) -> None:
    """Write a list as Parquet: amounts and other numbers as exact decimals, the rest as text; blank is null.

    A word where an amount belongs is null too.
    """
    import pyarrow
    from pyarrow import parquet

    places = _places(table)
    kinds = [pyarrow.string() if one is None else pyarrow.decimal128(PRECISION, one) for one in places]
    schema = pyarrow.schema(list(zip(table.headers, kinds, strict=True)))
    rows = iter(table.rows())
    with parquet.ParquetWriter(path, schema) as writer:
        while group := list(islice(rows, ROWS_A_GROUP)):
            columns = [
                pyarrow.array([_typed(value, one) for value in column], kind)
                for column, one, kind in zip(zip(*group, strict=True), places, kinds, strict=True)
            ]
            writer.write_table(pyarrow.table(columns, schema=schema))


def _places(table: ListTable) -> list[int | None]:
    """Return the decimals of every column of numbers, ``None`` for texts."""
    places: list[int | None] = [table.decimals if amount else None for amount in table.amounts]
    other = [index for index, amount in enumerate(table.amounts) if not amount]
    texts: set[int] = set()
    for row in table.rows():
        for index in other:
            value = row[index]
            if isinstance(value, Decimal):
                places[index] = max(places[index] or 0, _decimals(value))
            elif value not in (None, ""):
                texts.add(index)
    return [None if index in texts else one for index, one in enumerate(places)]


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _typed(value: Value, places: int | None) -> Decimal | str | None:
    if places is not None:
        return value if isinstance(value, Decimal) else None
    if isinstance(value, Decimal):
        return format(value, "f")
    return None if value in (None, "") else str(value)
