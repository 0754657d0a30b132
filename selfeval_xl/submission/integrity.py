"""What a clerk's workbook lost against its blueprint: formulas and labels.

Every locked cell must still hold what the blueprint says; the blueprint itself is the
measure, so there is nothing to keep up to date.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from selfeval_xl.blueprint.instances import active_rules
from selfeval_xl.blueprint.model import Blueprint, TablePlace
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address, CellError, Value
from selfeval_xl.findings import Finding
from selfeval_xl.form.model import Key, Rule
from selfeval_xl.ooxml.book import Book, Place, Sheet

FORMULAS, LABELS, ERRORS = "integrity.formulas", "integrity.labels", "integrity.errors"
MANY = 12
"""More lost formulas or labels than these on one sheet are one finding: the sheet was pasted over."""
SHEET = "_many"
"""The end of a code that speaks of a whole sheet."""

_SPACES = re.compile(r"[\s'$]|_xlfn\.", re.IGNORECASE)


class Damage(Struct):
    """What was lost: findings, the figures that stand in formulas' places, and the right ones.

    ``calculated`` are the formulas that somebody typed into input cells.
    """

    findings: list[Finding] = []
    stated: dict[Address, Value] = {}
    expected: dict[Address, Value] = {}
    calculated: dict[Address, str] = {}


@lru_cache(maxsize=64)
def program_rules(blueprint: Blueprint) -> dict[str, Rule]:
    """Return the rules in force that no formula can do, by the name of their check."""
    return {rule.check: rule for rule in active_rules(blueprint) if rule.scope == "program"}


def normalised(formula: str) -> str:
    """Return a formula without what programs write differently: case, blanks, quotes, dollars."""
    return _SPACES.sub("", formula).upper().removeprefix("=")


def compare(book: Book, blueprint: Blueprint, typed: dict[Address, Value]) -> Damage:
    """Return what differs between the workbook's locked cells and its blueprint."""
    damage = Damage()
    rules = program_rules(blueprint)
    pristine = Values(blueprint, typed)
    lost: dict[str, list[Address]] = defaultdict(list)
    labels: dict[str, list[Address]] = defaultdict(list)
    for sheet in blueprint.sheets.values():
        found = book.sheets[sheet.name]
        for place in () if sheet.kind == "settings" else sorted(_differing(blueprint, found, damage)):
            address, plan = Address(sheet.name, *place), sheet.cells[place]
            if plan.formula is not None:
                damage.stated[address], damage.expected[address] = found.values.get(place), pristine(address)
                lost[sheet.name].append(address)
            else:
                labels[sheet.name].append(address)
    for cells in lost.values():
        damage.findings += _lost_on_sheet(rules, blueprint, cells, damage)
    if LABELS in rules:
        leads = {one.cells[0].sheet: one.id for one in damage.findings if one.code.endswith(SHEET)}
        for name, cells in labels.items():
            found = book.sheets[name]
            damage.findings += _labels(rules[LABELS], blueprint, found, cells, leads.get(name))
    return damage


def _differing(blueprint: Blueprint, found: Sheet, damage: Damage) -> Iterator[Place]:
    """Yield the locked cells that are not as the blueprint has them; nearly always there is none."""
    fixed, values = blueprint.fixed(found.name), found.values
    if not fixed.constants.items() <= values.items():
        for place, wanted in fixed.constants.items():
            value = values.get(place)
            if value != wanted and not _same(wanted, value):
                yield place
    if not values.keys().isdisjoint(fixed.blanks):
        yield from (place for place in fixed.blanks if values.get(place))
    if found.formulas != fixed.formulas:
        inputs = blueprint.inputs[found.name]
        damage.calculated |= {
            inputs[place]: found.formulas[place] for place in sorted(inputs.keys() & found.formulas.keys())
        }
        for place, text in fixed.formulas.items():
            formula = found.formulas.get(place)
            if formula is None or (formula != text and normalised(formula) != normalised(text)):
                yield place


def _same(wanted: Value, value: Value) -> bool:
    if isinstance(wanted, str) and isinstance(value, str):
        return " ".join(wanted.split()) == " ".join(value.split())
    return (wanted or None) == (value or None)


def _lost_on_sheet(
    rules: Mapping[str, Rule], blueprint: Blueprint, cells: list[Address], damage: Damage
) -> Iterator[Finding]:
    """Yield the findings on a sheet's lost formulas; what shows an error now is told by its own rule."""
    broken = [cell for cell in cells if ERRORS in rules and isinstance(damage.stated[cell], CellError)]
    if FORMULAS in rules:
        typed_over = [cell for cell in cells if cell not in broken]
        yield from _lost(rules[FORMULAS], blueprint, typed_over, damage)
    if broken:
        yield from _lost(rules[ERRORS], blueprint, broken, damage, code="formula.error")


def _lost(
    rule: Rule, blueprint: Blueprint, cells: list[Address], damage: Damage, code: str | None = None
) -> Iterator[Finding]:
    """Yield a finding for each lost formula, or one for them all where a whole sheet lost them."""
    groups = [[cell] for cell in cells] if len(cells) <= MANY else [cells]
    for group in groups:
        first = group[0]
        actual, expected = damage.stated[first], damage.expected[first]
        entity, item = locate(blueprint, first)
        yield Finding(
            rule=rule.id,
            code=(code or rule.message) + ("" if len(group) == 1 else SHEET),
            severity=rule.severity,
            cells=tuple(group),
            entity=entity,
            item=item[1] if item else None,
            expected=_figure(expected),
            actual=_figure(actual),
            difference=difference(actual, expected),
            places=blueprint.form.decimals,
            facts={"count": str(len(group)), "sheet": first.sheet},
        )


def difference(actual: Value, expected: Value) -> Decimal | None:
    """Return how much more the one value is than the other, or ``None`` where one is no number."""
    if isinstance(actual, Decimal) and isinstance(expected, Decimal):
        return actual - expected
    return None


def _figure(value: Value) -> Decimal | str | None:
    return value if isinstance(value, (Decimal, str)) or value is None else str(value)


def _labels(
    rule: Rule, blueprint: Blueprint, found: Sheet, cells: list[Address], lead: str | None
) -> Iterator[Finding]:
    """Yield a finding for each changed label, or one for all of a sheet; pasted over with formulas, they follow."""
    groups = [[cell] for cell in cells] if len(cells) <= MANY else [cells]
    for group in groups:
        first = group[0]
        plan, value = blueprint.plan(first), found.values.get((first.row, first.column))
        entity, item = locate(blueprint, first)
        yield Finding(
            rule=rule.id,
            code=rule.message + ("" if len(group) == 1 else SHEET),
            severity=rule.severity,
            cells=tuple(group),
            entity=entity,
            item=item[1] if item else None,
            expected=_figure(plan.value if plan is not None else None),
            actual=_figure(value),
            facts={"count": str(len(group)), "sheet": first.sheet},
            follows=lead,
        )


def locate(
    blueprint: Blueprint, address: Address, values: Values | None = None
) -> tuple[str | None, Key | None]:
    """Return the entity's name and the item of a table's cell, as far as it has any."""
    for table in blueprint.places.tables.values():
        if table.sheet != address.sheet:
            continue
        labels = [label for label, column in table.columns.items() if column == address.column]
        item = (table.label, labels[0]) if labels else None
        if address.row == table.total_row:
            return blueprint.form.tables[table.label].total_label, item
        index = address.row - table.first_row + 1
        if 1 <= index <= table.rows:
            return _entity_name(blueprint, table, index, values), item
    for key, place in blueprint.places.fields.items():
        if place == address:
            return None, key
    return None, None


def _entity_name(blueprint: Blueprint, table: TablePlace, index: int, values: Values | None) -> str | None:
    """Return the name beside a row; where this table shows none, the one typed in the first table."""
    for place in (table, blueprint.places.tables[blueprint.form.name_table]):
        address = place.cell("", index)
        plan = blueprint.plan(address)
        name = values(address) if values is not None else plan.value if plan is not None else None
        if name:
            return str(name)
    return None
