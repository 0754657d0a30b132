"""The locked columns right of each table: does the row exist, and each rule's verdict on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from selfeval_xl.blueprint.instances import FAILED, NOT_APPLICABLE, NOT_COMPUTABLE, PASSED, active_rules
from selfeval_xl.blueprint.lower import amount, areas, not_computable
from selfeval_xl.blueprint.model import Blueprint, CellPlan, Instance, SheetPlan, TablePlace
from selfeval_xl.cells import Address, Area
from selfeval_xl.form.model import Rule
from selfeval_xl.names import defined_name
from selfeval_xl.rules.tree import Node, call, equal, more, plus
from selfeval_xl.texts import say

GAP = 1
VERDICT_WIDTH = 8.0
EXISTS_COLUMN = 4


def place_exists(blueprint: Blueprint, elsewhere: SheetPlan | None = None) -> None:
    """Reserve the column that says whether a row exists: it has a name, or something typed.

    It stands beside the first table, or on the sheet *elsewhere*.
    """
    named = blueprint.places.tables[blueprint.form.name_table]
    sheet = elsewhere or blueprint.sheet(named.sheet)
    column = EXISTS_COLUMN if elsewhere else _first_helper_column(named)
    sheet.put(named.first_row - 2, column, CellPlan("verdict.head", say("checks.exists")))
    sheet.widths[column] = VERDICT_WIDTH
    for index in range(1, named.rows + 1):
        address = Address(sheet.name, named.first_row + index - 1, column)
        blueprint.places.exists[index] = address
        typed = areas(
            place.cell(label, index)
            for place in blueprint.places.tables.values()
            for label in (*place.inputs, *place.attributes)
        )
        anything = plus(call("LEN", named.cell("", index)), call("COUNTA", *typed))
        sheet.put(address.row, column, CellPlan("verdict", formula=call("IF", more(anything, 0), 1, 0)))


def _first_helper_column(place: TablePlace) -> int:
    return max((*place.columns.values(), *place.attributes.values())) + 1 + GAP


def place_verdicts(blueprint: Blueprint) -> dict[tuple[str, str], Area]:
    """Lay out the verdicts; return the areas by (rule, table), total row included."""
    by_rule: dict[str, list[Instance]] = defaultdict(list)
    for instance in blueprint.instances:
        by_rule[instance.rule.id].append(instance)
    result: dict[tuple[str, str], Area] = {}
    columns = {label: _first_helper_column(place) for label, place in blueprint.places.tables.items()}
    columns[blueprint.form.name_table] += 1
    rows = {label: place.first_row + place.rows + GAP for label, place in blueprint.places.tables.items()}
    for rule in (one for one in active_rules(blueprint) if not one.bureau):
        for table in rule_tables(blueprint, rule):
            place, instances = blueprint.places.tables[table], by_rule[rule.id]
            if rule.scope == "column":
                area = _column_verdicts(blueprint, rule, place, instances, rows[table])
                rows[table] = area.bottom + 1
            else:
                area = _row_verdicts(blueprint, rule, place, instances, columns[table])
                columns[table] += 1
            result[(rule.id, table)] = area
            name = defined_name(table, blueprint.form.keys.check, rule.id.replace("-", ""))
            blueprint.names[name] = area
    return result


def rule_tables(blueprint: Blueprint, rule: Rule) -> tuple[str, ...]:
    """Return the tables beside which a rule has verdicts."""
    if rule.scope in ("number", "blank"):
        return tuple(blueprint.form.tables)
    return rule.tables if rule.scope in ("rows", "entities", "column", "cell", "names") else ()


def _row_verdicts(
    blueprint: Blueprint, rule: Rule, place: TablePlace, instances: Sequence[Instance], column: int
) -> Area:
    sheet = blueprint.sheet(place.sheet)
    sheet.put(place.total_row - 1, column, CellPlan("verdict.head", rule.id))
    sheet.widths[column] = VERDICT_WIDTH
    by_index: dict[int, list[Instance]] = defaultdict(list)
    for instance in instances:
        if rule.scope == "names" or instance.item is None or _stands_in(rule, instance, place):
            by_index[instance.index or 0].append(instance)
    for index in range(place.rows + 1):
        row = place.total_row if index == 0 else place.first_row + index - 1
        here = by_index.get(index, [])
        plan = CellPlan("verdict", NOT_APPLICABLE)
        if here:
            plan = CellPlan("verdict", formula=_row_verdict(blueprint, rule, here))
        blueprint.row_verdicts[(rule.id, place.label, index)] = sheet.put(row, column, plan)
    return Area(place.sheet, place.total_row, column, place.first_row + place.rows - 1, column)


def _stands_in(rule: Rule, instance: Instance, place: TablePlace) -> bool:
    if rule.scope in ("rows", "entities"):
        return True
    return instance.item is not None and instance.item[0] == place.label


def _row_verdict(blueprint: Blueprint, rule: Rule, here: list[Instance]) -> Node:
    """Return one verdict for a row: that of its only instance, or of all its cells together."""
    if rule.scope in ("rows", "entities"):
        return here[0].verdict
    cells = [instance.look for instance in here]
    wrong = not_computable(cells)
    exists = equal(blueprint.places.exists[here[0].index or 1], 0)
    tree: Node
    if rule.scope == "blank":
        blank = plus(*(call("COUNTBLANK", area) for area in areas(cells)))
        tree = call("IF", more(blank, 0), FAILED, PASSED)
    elif rule.scope == "names":
        same = (equal(call("TRIM", one.cells[0]), call("TRIM", one.cells[1])) for one in here)
        tree = call("IF", call("AND", *same), PASSED, FAILED)
    elif rule.scope == "number" and wrong is not None:
        tree = call("IF", wrong, FAILED, PASSED)
    else:
        conditions = [one.condition for one in here if one.condition is not None]
        tree = call("IF", call("AND", *conditions), PASSED, FAILED)
        tree = tree if wrong is None else call("IF", wrong, NOT_COMPUTABLE, tree)
    return call("IF", exists, NOT_APPLICABLE, tree)


def _column_verdicts(
    blueprint: Blueprint, rule: Rule, place: TablePlace, instances: Sequence[Instance], top: int
) -> Area:
    """Lay out three rows below the table: the items, the sums of the rows, the verdicts."""
    sheet = blueprint.sheet(place.sheet)
    _column_labels(sheet, place, rule, top)
    for instance in instances:
        if instance.item is None:
            continue
        column, label = place.columns[instance.item[1]], instance.item[1]
        cells = place.block(label).addresses()
        added = call(
            "ROUND", plus(*(amount(cell, blueprint.form) for cell in cells)), blueprint.form.decimals
        )
        wrong = not_computable(cells)
        shown = added if wrong is None else call("IF", wrong, NOT_COMPUTABLE, added)
        sheet.put(top, column, CellPlan("verdict.head", label))
        sheet.put(top + 1, column, CellPlan("verdict.amount", formula=shown))
        sheet.put(top + 2, column, CellPlan("verdict", formula=instance.verdict))
    right = max(place.columns.values())
    return Area(place.sheet, top + 2, min(place.columns.values()), top + 2, right)


def _column_labels(sheet: SheetPlan, place: TablePlace, rule: Rule, top: int) -> None:
    labels = ("", say("checks.sum_row"), f"{say('checks.check_row')} {rule.id}")
    for offset, label in enumerate(labels):
        sheet.put(top + offset, place.name_column, CellPlan("verdict.head", label or None))
