"""Amounts that were typed in another unit than the form's: one a row, those of a table, or all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from operator import itemgetter

from msgspec.structs import replace

from selfeval_xl.amounts import round_half_up
from selfeval_xl.blueprint.model import Blueprint, Instance, TablePlace
from selfeval_xl.blueprint.screen import screen_of
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address
from selfeval_xl.findings import Finding, show_value
from selfeval_xl.rules.tree import Cell, references
from selfeval_xl.submission.explain import is_broken
from selfeval_xl.submission.integrity import locate
from selfeval_xl.submission.prose import prose_of
from selfeval_xl.submission.slips import MYRIAD
from selfeval_xl.submission.telling import figure

Amounts = Mapping[Address, Decimal]


def in_other_unit(values: Values, broken: Sequence[Instance]) -> Amounts:
    """Return the amounts that were meant in another unit, where a rule about units is *broken*, as they would be right.

    It is the reading with which the least is wrong in the report; there is none if the rule holds with none.
    """
    fit = []
    for changes in _readings(values, broken):
        mended = Values(values.blueprint, {**values.typed, **changes}, values.stated)
        if not any(is_broken(mended, one) for one in broken):
            fit.append((_wrong(mended), changes))
    return min(fit, key=lambda one: one[0])[1] if fit else {}


def in_wrong_unit(finding: Finding, instance: Instance, values: Values, meant: Amounts) -> Finding:
    """Return a finding at what was *meant* in another unit: the row's only such amount, else its total there."""
    wrong = list(meant)
    rows = _of_entity(values.blueprint, wrong, instance.index) or wrong
    sheets = {cell.sheet for cell in wrong}
    near = rows if len(rows) == 1 else [cell for cell in finding.cells if cell.sheet in sheets]
    if not near or near[0] == finding.cells[0]:
        return finding
    look = near[0]
    entity, item = locate(values.blueprint, look, values)
    return replace(
        finding,
        cells=(look, *(cell for cell in finding.cells if cell != look)),
        entity=entity,
        item=item[1] if item else None,
        facts={**finding.facts, "actual": show_value(figure(values(look)), finding.places)},
    )


def _of_entity(blueprint: Blueprint, cells: Iterable[Address], index: int | None) -> list[Address]:
    """Return those of the tables' cells that stand in an entity's row."""
    tables = list(blueprint.places.tables.values())
    return [
        cell
        for cell in cells
        if index and cell in {table.cell(one, index) for table in tables for one in table.inputs}
    ]


def _wrong(values: Values) -> int:
    """Return how much is wrong in a report."""
    screened = screen_of(values.blueprint).screened(values)
    broken = sum(is_broken(values, one) for one in screened.closely)
    return broken + len(prose_of(values, screened.figures).findings)


def _readings(values: Values, broken: Sequence[Instance]) -> Iterator[Amounts]:
    """Yield what may stand in another unit, the fewest amounts first: in the rows that are broken, or in all."""
    rows = {one.index for one in broken if one.index}
    tables = values.blueprint.places.tables
    amounts = {
        label: [_row(values, table, row) for row in range(1, table.rows + 1) if row in rows or not rows]
        for label, table in tables.items()
    }
    named = _sheets(broken)
    near = [label for label, table in tables.items() if table.sheet in named]
    for label in near:
        yield _smaller(values, (dict([max(row.items(), key=itemgetter(1))]) for row in amounts[label] if row))
    for labels in (*([one] for one in near), list(amounts)):
        yield _smaller(values, (row for label in labels for row in amounts[label]))


def _sheets(broken: Sequence[Instance]) -> set[str]:
    """Return the sheets whose amounts the rule calls too large."""
    found = (one for each in broken if each.left is not None for one in references(each.left))
    return {one.address.sheet for one in found if isinstance(one, Cell)}


def _row(values: Values, table: TablePlace, row: int) -> Amounts:
    cells = [table.cell(label, row) for label in table.inputs]
    return {cell: value for cell in cells if isinstance(value := values(cell), Decimal)}


def _smaller(values: Values, rows: Iterable[Amounts]) -> Amounts:
    places = values.blueprint.form.decimals
    return {cell: round_half_up(amount / MYRIAD, places) for row in rows for cell, amount in row.items()}
