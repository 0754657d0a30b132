"""Figures in a workbook that are not what they seem: errors, results of another time, amounts beside the form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from selfeval_xl.amounts import ZERO, round_half_up
from selfeval_xl.blueprint.model import Blueprint
from selfeval_xl.blueprint.screen import Figures
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address, CellError, Value
from selfeval_xl.findings import INFO, Finding
from selfeval_xl.form.model import Key, Rule
from selfeval_xl.ooxml.book import Book, Place, Sheet
from selfeval_xl.ooxml.formulas import mentioned
from selfeval_xl.rules.tree import Block, references
from selfeval_xl.submission.around import listed
from selfeval_xl.submission.integrity import MANY, SHEET, Damage, difference, locate

ERRORS, RESULTS = "integrity.errors", "integrity.results"
OUTSIDE, CIRCLES = "integrity.outside", "integrity.circles"
ELSEWHERE = "["
"""Begins the name of another file in a formula."""


def errors(rule: Rule, blueprint: Blueprint, typed: Mapping[Address, Value]) -> Iterator[Finding]:
    """Yield the input cells that show an error; a formula shows one only where an input does."""
    if CellError not in set(map(type, typed.values())):
        return
    by_sheet: dict[str, list[Address]] = {}
    for cell, value in typed.items():
        if isinstance(value, CellError):
            by_sheet.setdefault(cell.sheet, []).append(cell)
    for name, cells in by_sheet.items():
        for group in [[cell] for cell in sorted(cells)] if len(cells) <= MANY else [sorted(cells)]:
            entity, item = locate(blueprint, group[0])
            yield Finding(
                rule.id,
                rule.message + ("" if len(group) == 1 else SHEET),
                rule.severity,
                tuple(group),
                entity=entity,
                item=item[1] if item else None,
                actual=str(typed[group[0]]),
                facts={"count": str(len(group)), "sheet": name},
            )


# Amounts beside the form


@lru_cache(maxsize=64)
def _beyond(blueprint: Blueprint) -> dict[str, tuple[int, frozenset[Place]]]:
    """Return by sheet its last row, and the places below the rows of its tables that are no part of the form."""
    found: dict[str, tuple[int, frozenset[Place]]] = {}
    for table in blueprint.places.tables.values():
        sheet = blueprint.sheets[table.sheet]
        if sheet.is_collection:
            continue
        rows = range(table.first_row + table.rows, sheet.last_row + 1)
        places = {(row, column) for row in rows for column in table.columns.values()}
        found[table.sheet] = sheet.last_row, frozenset(places - sheet.cells.keys())
    return found


def outside(rule: Rule, book: Book, blueprint: Blueprint) -> Iterator[Finding]:
    """Yield the amounts below the last row of a table, which no total counts."""
    for name, (last, places) in _beyond(blueprint).items():
        values = book.sheets[name].values
        is_below = next(reversed(values), (0, 0))[0] > last
        if is_below or not values.keys().isdisjoint(places):
            yield from _outside(rule, book.sheets[name], blueprint, last, places)


def _outside(
    rule: Rule, sheet: Sheet, blueprint: Blueprint, last: int, places: frozenset[Place]
) -> Iterator[Finding]:
    for table in blueprint.places.tables.values():
        if table.sheet == sheet.name:
            cells = [
                Address(sheet.name, *place)
                for place, value in sheet.values.items()
                if isinstance(value, Decimal)
                and place[1] in table.columns.values()
                and (place in places or place[0] > last)
            ]
            if cells:
                name = sheet.values.get((cells[0].row, table.name_column))
                facts = {"count": str(len(cells)), "list": listed(map(str, cells))}
                entity = str(name) if name else None
                yield Finding(rule.id, rule.message, rule.severity, tuple(cells), entity=entity, facts=facts)


# Formulas that lean on themselves


def circles(rule: Rule, blueprint: Blueprint, calculated: Mapping[Address, str]) -> Iterator[Finding]:
    """Yield the input cells whose own formula comes back to them."""
    for cell, formula in calculated.items():
        way = _way_back(blueprint, calculated, cell)
        if way is not None:
            entity, item = locate(blueprint, cell)
            facts = {"formula": f"={formula}", "over": str(way)}
            yield Finding(
                rule.id,
                rule.message,
                rule.severity,
                (cell,),
                entity=entity,
                item=item[1] if item else None,
                facts=facts,
            )


def _way_back(blueprint: Blueprint, calculated: Mapping[Address, str], start: Address) -> Address | None:
    """Return the first cell after *start* on a way that leads back to it."""
    for first in _operands(blueprint, calculated, start):
        seen, waiting = set[Address](), [first]
        while waiting:
            cell = waiting.pop()
            if cell == start:
                return first
            if cell not in seen:
                seen.add(cell)
                waiting += _operands(blueprint, calculated, cell)
    return None


def _operands(blueprint: Blueprint, calculated: Mapping[Address, str], cell: Address) -> list[Address]:
    """Return the blueprint's cells that a cell's formula names."""
    text = calculated.get(cell)
    if text is not None:
        areas = [] if ELSEWHERE in text else mentioned(text, cell.sheet)
        return [
            Address(one.sheet, row, column)
            for one in areas
            if one.sheet in blueprint.sheets
            for row, column in blueprint.sheets[one.sheet].cells
            if one.top <= row <= one.bottom and one.left <= column <= one.right
        ]
    plan = blueprint.plan(cell)
    if plan is None or plan.formula is None:
        return []
    named = (
        one.area.addresses() if isinstance(one, Block) else [one.address] for one in references(plan.formula)
    )
    return [address for group in named for address in group]


# Results of another time


@lru_cache(maxsize=64)
def _results(blueprint: Blueprint) -> dict[str, list[tuple[Place, Key, int]]]:
    """Return by sheet the formula cells of the tables: place, item, and row as in a table's place."""
    found: dict[str, list[tuple[Place, Key, int]]] = {}
    for table in blueprint.places.tables.values():
        for label in table.columns:
            for row in range(table.rows + 1):
                cell = table.cell(label, row)
                plan = blueprint.plan(cell)
                if plan is not None and plan.formula is not None:
                    found.setdefault(table.sheet, []).append(
                        ((cell.row, cell.column), (table.label, label), row)
                    )
    return found


def results(
    rule: Rule, values: Values, figures: Figures | None, book: Book, damage: Damage
) -> Iterator[Finding]:
    """Yield that totals show other figures than what was typed makes them: the file was not calculated anew.

    *figures* are the amounts where they are plain.  A total without any result is no fault.
    """
    stale = list(_stale(values, figures, book, damage))
    if not stale:
        return
    form = values.blueprint.form
    wrong = [one for one in stale if _weighs(*one[1:], form.decimals)]
    first, actual, expected = (wrong or stale)[0]
    cells = [cell for cell, _, _ in stale if cell != first]
    entity, item = locate(values.blueprint, first, values)
    yield Finding(
        rule.id,
        rule.message,
        rule.severity if wrong else INFO,
        (first, *cells),
        entity=entity,
        item=item[1] if item else None,
        expected=_shown(expected),
        actual=_shown(actual),
        difference=difference(actual, expected),
        facts={"count": str(len(stale))},
        places=form.decimals,
        follows=_made_wrong_by(values, stale, damage),
    )


def _stale(
    values: Values, figures: Figures | None, book: Book, damage: Damage
) -> Iterator[tuple[Address, Value, Value]]:
    """Yield the totals whose result is another than what is computed: the cell, both values."""
    for name, cells in _results(values.blueprint).items():
        shown = book.sheets[name].values
        for place, key, row in cells:
            result = shown.get(place)
            if figures is not None:
                amount = figures.amounts[key][row]
                if result == amount if isinstance(result, Decimal) else not result and not amount:
                    continue
            if result is None or (cell := Address(name, *place)) in damage.stated:
                continue
            computed = values(cell)
            if (result or None) != (computed or None):
                yield cell, result, computed


def _weighs(actual: Value, expected: Value, decimals: int) -> bool:
    """Tell whether two values differ by an amount; a blank is 0 here."""
    amounts = [
        round_half_up(one, decimals) for one in (actual or ZERO, expected or ZERO) if isinstance(one, Decimal)
    ]
    return bool(amounts) and (len(amounts) == 1 or amounts[0] != amounts[1])


def _made_wrong_by(
    values: Values, stale: Sequence[tuple[Address, Value, Value]], damage: Damage
) -> str | None:
    """Return the finding on a formula typed over, if the results are those from before."""
    if not damage.stated:
        return None
    before = Values(values.blueprint, values.typed)
    if any((result or None) != (before(cell) or None) for cell, result, _ in stale):
        return None
    return next((one.id for one in damage.findings if one.cells[0] in damage.stated), None)


def _shown(value: Value) -> Decimal | str | None:
    return value if isinstance(value, Decimal) else str(value) if value else None
