"""What turns red while it is wrong: conditional formats on the cells that a failing rule points at.

Each looks only at its own sheet, because no program is sure to read one that looks at another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from selfeval_xl.blueprint.checks import Verdicts
from selfeval_xl.blueprint.instances import FAILED, active_rules
from selfeval_xl.blueprint.lower import not_computable
from selfeval_xl.blueprint.model import Blueprint, CellPlan, Condition, Instance, TablePlace
from selfeval_xl.cells import Address, Area
from selfeval_xl.findings import INFO
from selfeval_xl.form.model import Rule
from selfeval_xl.rules.tree import Block, Cell, Node, call, equal, more, references

WRONG = "wrong"


def place_conditions(blueprint: Blueprint, verdicts: Verdicts) -> None:
    """Give the cells that rules point at their conditional formats; hints colour nothing."""
    by_rule: dict[str, list[Instance]] = {}
    for instance in blueprint.instances:
        by_rule.setdefault(instance.rule.id, []).append(instance)
    for rule in active_rules(blueprint):
        if rule.severity == INFO:
            continue
        instances = by_rule.get(rule.id, [])
        for (rule_id, table), area in verdicts.items():
            if rule_id == rule.id:
                place = blueprint.places.tables[table]
                for condition in _of_table(rule, place, area, instances):
                    blueprint.sheet(place.sheet).conditions.append(condition)
        for instance in instances:
            if instance.index is None:
                _of_field(blueprint, instance)


def _of_table(
    rule: Rule, place: TablePlace, verdicts: Area, instances: Iterable[Instance]
) -> Iterator[Condition]:
    """Yield the conditions in one table, from the verdicts beside it or below it."""
    first = Address(verdicts.sheet, verdicts.top, verdicts.left)
    if rule.scope == "column":
        area = verdicts._replace(top=place.total_row, bottom=place.total_row)
        yield Condition(area, WRONG, equal(first, FAILED))
    elif rule.scope in ("cell", "number"):
        yield from _of_cells(rule, place, instances)
    else:
        columns = {one.look.column for one in instances if one.look.sheet == place.sheet}
        for column in sorted(columns):
            area = verdicts._replace(left=column, right=column)
            yield Condition(area, WRONG, equal(first, FAILED))


def _of_cells(rule: Rule, place: TablePlace, instances: Iterable[Instance]) -> Iterator[Condition]:
    """Yield a condition for each run of columns, from what the rule says of its first cell."""
    last: Condition | None = None
    for one in instances:
        if one.index != 1 or one.item is None or one.item[0] != place.label:
            continue
        tree = _broken(rule, one)
        if tree is None or not _is_local(tree, place.sheet):
            continue
        area = place.block(one.item[1])
        # What speaks of its own cell alone is the same formula one column on.
        is_alike = all(_stands_at(found, one.look) for found in references(tree))
        if last is not None and is_alike and last.area.right + 1 == area.left:
            last = Condition(last.area._replace(right=area.right), WRONG, last.formula)
            continue
        if last is not None:
            yield last
        last = Condition(area, WRONG, tree)
        if not is_alike:
            yield last
            last = None
    if last is not None:
        yield last


def _stands_at(reference: Cell | Block, address: Address) -> bool:
    if isinstance(reference, Cell):
        return reference.address == address
    return reference.area.addresses() == [address]


def _broken(rule: Rule, instance: Instance) -> Node | None:
    if rule.scope == "number":
        return not_computable([instance.look])
    return None if instance.condition is None else equal(call("IF", instance.condition, 1, 0), 0)


def _is_local(tree: Node, sheet: str) -> bool:
    sheets = {one.area.sheet if isinstance(one, Block) else one.address.sheet for one in references(tree)}
    return sheets <= {sheet}


def _of_field(blueprint: Blueprint, instance: Instance) -> None:
    """Paint a single field; where its rule looks at another sheet, by a verdict beside the page."""
    look = instance.look
    sheet = blueprint.sheet(look.sheet)
    if blueprint.plan(look) is None or (look.row, look.column) not in sheet.cells:
        return
    tree: Node = equal(instance.verdict, FAILED)
    if not _is_local(instance.verdict, look.sheet):
        column = max(column for row, column in sheet.cells if row == look.row) + 1
        helper = sheet.put(
            look.row, max(column, sheet.print_columns + 1), CellPlan("verdict", formula=instance.verdict)
        )
        tree = equal(helper, FAILED)
    if instance.rule.blank_severity == INFO:
        tree = call("AND", more(call("LEN", call("TRIM", look)), 0), tree)
    area = Area(look.sheet, look.row, look.column, look.row, look.column)
    sheet.conditions.append(Condition(area, WRONG, tree))
