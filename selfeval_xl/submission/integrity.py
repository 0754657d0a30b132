"""What a clerk's workbook lost against its blueprint: formulas and labels.

Every locked cell must still hold what the blueprint says; the blueprint itself is the
measure, so there is nothing to keep up to date.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from selfeval_xl.blueprint.instances import active_rules
from selfeval_xl.blueprint.model import Blueprint, CellPlan, TablePlace
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address, Value
from selfeval_xl.findings import Finding
from selfeval_xl.form.model import Key, Rule
from selfeval_xl.ooxml.book import Book, Place, Sheet

FORMULAS, LABELS = "integrity.formulas", "integrity.labels"
MANY = 12
"""More lost formulas than these on one sheet are one finding: the sheet was pasted over as values."""

_SPACES = re.compile(r"[\s'$]|_xlfn\.", re.IGNORECASE)


@dataclass(slots=True)
class Damage:
    """What was lost: findings, the figures that stand in formulas' places, and the right ones."""

    findings: list[Finding] = field(default_factory=list)
    stated: dict[Address, Value] = field(default_factory=dict)
    expected: dict[Address, Value] = field(default_factory=dict)


def normalised(formula: str) -> str:
    """Return a formula without what programs write differently: case, blanks, quotes, dollars."""
    return _SPACES.sub("", formula).upper().removeprefix("=")


def compare(book: Book, blueprint: Blueprint, typed: dict[Address, Value]) -> Damage:
    """Return what differs between the workbook's locked cells and its blueprint."""
    damage = Damage()
    rules = {rule.check: rule for rule in active_rules(blueprint) if rule.scope == "program"}
    pristine = Values(blueprint, typed)
    lost: dict[str, list[Address]] = defaultdict(list)
    for sheet in blueprint.sheets.values():
        found = book.sheets[sheet.name]
        for place in () if sheet.kind == "settings" else sorted(_differing(blueprint, found)):
            address, plan, value = Address(sheet.name, *place), sheet.cells[place], found.values.get(place)
            if plan.formula is not None:
                damage.stated[address], damage.expected[address] = value, pristine(address)
                lost[sheet.name].append(address)
            elif LABELS in rules:
                damage.findings.append(_label(rules[LABELS], blueprint, address, plan, value))
    if FORMULAS in rules:
        formulas = (_lost(rules[FORMULAS], blueprint, cells, damage) for cells in lost.values())
        damage.findings[:0] = [one for group in formulas for one in group]
    return damage


def _differing(blueprint: Blueprint, found: Sheet) -> Iterator[Place]:
    """Yield the locked cells that are not as the blueprint has them; nearly always there is none."""
    fixed, values = blueprint.fixed(found.name), found.values
    if not fixed.constants.items() <= values.items():
        for place, wanted in fixed.constants.items():
            value = values.get(place)
            if value != wanted and not _same(wanted, value):
                yield place
    if not fixed.blanks.isdisjoint(values):
        yield from (place for place in fixed.blanks if values.get(place))
    if found.formulas != fixed.formulas:
        for place, text in fixed.formulas.items():
            formula = found.formulas.get(place)
            if formula is None or (formula != text and normalised(formula) != normalised(text)):
                yield place


def _same(wanted: Value, value: Value) -> bool:
    if isinstance(wanted, str) and isinstance(value, str):
        return " ".join(wanted.split()) == " ".join(value.split())
    return (wanted or None) == (value or None)


def _lost(rule: Rule, blueprint: Blueprint, cells: list[Address], damage: Damage) -> Iterable[Finding]:
    """Return a finding for each lost formula, or one for them all where a whole sheet lost them."""
    groups = [[cell] for cell in cells] if len(cells) <= MANY else [cells]
    for group in groups:
        first = group[0]
        actual, expected = damage.stated[first], damage.expected[first]
        entity, item = locate(blueprint, first)
        yield Finding(
            rule=rule.id,
            code=rule.message if len(group) == 1 else f"{rule.message}_many",
            severity=rule.severity,
            cells=tuple(group),
            entity=entity,
            item=item[1] if item else None,
            expected=_figure(expected),
            actual=_figure(actual),
            difference=_difference(actual, expected),
            places=blueprint.form.decimals,
            facts={"count": str(len(group)), "sheet": first.sheet},
        )


def _difference(actual: Value, expected: Value) -> Decimal | None:
    if isinstance(actual, Decimal) and isinstance(expected, Decimal):
        return actual - expected
    return None


def _figure(value: Value) -> Decimal | str | None:
    return value if isinstance(value, (Decimal, str)) or value is None else str(value)


def _label(rule: Rule, blueprint: Blueprint, address: Address, plan: CellPlan, value: Value) -> Finding:
    entity, item = locate(blueprint, address)
    return Finding(
        rule=rule.id,
        code=rule.message,
        severity=rule.severity,
        cells=(address,),
        entity=entity,
        item=item[1] if item else None,
        expected=_figure(plan.value),
        actual=_figure(value),
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
