"""The layout of an official table: title, header tree, total row, entity rows, totals."""

from __future__ import annotations

from collections.abc import Sequence

from selfeval_xl.blueprint.lower import Context, amount, areas, lower, not_computable
from selfeval_xl.blueprint.model import (
    TEXT,
    Blueprint,
    CellPlan,
    SheetPlan,
    TablePlace,
    Validation,
    numbered_format,
)
from selfeval_xl.cells import Address, Area
from selfeval_xl.findings import Verdict
from selfeval_xl.form.model import Column, Table
from selfeval_xl.form.vocabulary import Vocabulary
from selfeval_xl.names import defined_name
from selfeval_xl.rules.tree import Node, call, equal, joined, node, plus
from selfeval_xl.texts import say

NAME_COLUMN = 1
NAME_WIDTH, COLLECTED_NAME_WIDTH = 34.0, 27.0
AMOUNT_WIDTH, COLLECTED_AMOUNT_WIDTH = 13.0, 9.5


def place_table(blueprint: Blueprint, sheet: SheetPlan, table: Table, top: int) -> int:
    """Lay out *table* from row *top* and return the first free row below it."""
    # On a sheet with other tables all are as wide as the widest: the names take what is left over.
    right = max(NAME_COLUMN + len(table.columns), sheet.print_columns if sheet.is_collection else 0)
    names_to = right - len(table.columns)
    header = top
    if not sheet.is_collection:
        _caption(blueprint, sheet, top, right)
        header = top + 1
    total = header + table.depth
    columns = {column.label: names_to + 1 + index for index, column in enumerate(table.columns)}
    attributes = {
        item.label: max(right, sheet.print_columns) + 1 + index for index, item in enumerate(table.attributes)
    }
    place = TablePlace(
        sheet=sheet.name,
        label=table.label,
        total_row=total,
        first_row=total + 1,
        rows=blueprint.shape.rows,
        name_column=NAME_COLUMN,
        columns=columns,
        attributes=attributes,
        inputs=tuple(column.label for column in table.inputs),
    )
    blueprint.places.tables[table.label] = place
    _header(sheet, table, header, columns, attributes)
    _widen_names(sheet, place, names_to)
    _widths(sheet, place)
    _names(blueprint, sheet, table, place)
    _amounts(blueprint, sheet, table, place)
    _defined_names(blueprint, table, place)
    if not sheet.is_collection:
        sheet.freeze = (total, NAME_COLUMN)
        sheet.repeat = (max(1, top - 1), total - 1)
    return place.first_row + place.rows


def _caption(blueprint: Blueprint, sheet: SheetPlan, row: int, right: int) -> None:
    department = blueprint.places.fields[blueprint.form.roles.department]
    label = say("sheet.department", label=blueprint.form.roles.department[1])
    shown = call("IF", equal(call("LEN", department), 0), label, joined(label, department))
    sheet.put(row, NAME_COLUMN, CellPlan("caption", formula=shown))
    sheet.put(row, right, CellPlan("caption.right", say("sheet.unit", unit=blueprint.form.unit)))


def _header(
    sheet: SheetPlan, table: Table, top: int, columns: dict[str, int], attributes: dict[str, int]
) -> None:
    bottom = top + table.depth - 1
    names_to = min(columns.values()) - 1
    _head_cell(sheet, Area(sheet.name, top, NAME_COLUMN, bottom, names_to), table.name_label)
    _header_level(sheet, table.columns, 0, top, bottom, columns)
    for item in table.attributes:
        column = attributes[item.label]
        _head_cell(sheet, Area(sheet.name, top, column, bottom, column), item.label, "header.side")


def _header_level(
    sheet: SheetPlan, members: Sequence[Column], level: int, top: int, bottom: int, columns: dict[str, int]
) -> None:
    """Write one level of the header tree and the levels below it."""
    for group in _groups(members, level):
        left, right = columns[group[0].label], columns[group[-1].label]
        leaf = len(group) == 1 and len(group[0].header) == level + 1
        last = bottom if leaf else top
        _head_cell(sheet, Area(sheet.name, top, left, last, right), group[0].header[level])
        if not leaf:
            _header_level(sheet, group, level + 1, top + 1, bottom, columns)


def _groups(members: Sequence[Column], level: int) -> list[list[Column]]:
    """Return runs of columns under one cell: inner header cells of one text are one cell."""
    groups: list[list[Column]] = []
    for column in members:
        inner = len(column.header) > level + 1
        last = groups[-1][-1] if groups else None
        if last and inner and len(last.header) > level + 1 and last.header[level] == column.header[level]:
            groups[-1].append(column)
        else:
            groups.append([column])
    return groups


def _head_cell(sheet: SheetPlan, area: Area, label: str, style: str = "header") -> None:
    for row in range(area.top, area.bottom + 1):
        for column in range(area.left, area.right + 1):
            first = (row, column) == (area.top, area.left)
            sheet.put(row, column, CellPlan(style, label if first else None))
    if area.height > 1 or area.width > 1:
        sheet.merges.append(area)


def _widen_names(sheet: SheetPlan, place: TablePlace, names_to: int) -> None:
    """Merge the rest of each row of names with its first cell."""
    if names_to == place.name_column:
        return
    for row in range(place.total_row, place.first_row + place.rows):
        for column in range(place.name_column + 1, names_to + 1):
            sheet.put(row, column, CellPlan("name"))
        sheet.merges.append(Area(sheet.name, row, place.name_column, row, names_to))


def _widths(sheet: SheetPlan, place: TablePlace) -> None:
    sheet.widths[NAME_COLUMN] = COLLECTED_NAME_WIDTH if sheet.is_collection else NAME_WIDTH
    for column in place.columns.values():
        sheet.widths[column] = COLLECTED_AMOUNT_WIDTH if sheet.is_collection else AMOUNT_WIDTH
    for column in place.attributes.values():
        sheet.widths[column] = AMOUNT_WIDTH


def _names(blueprint: Blueprint, sheet: SheetPlan, table: Table, place: TablePlace) -> None:
    form, shape = blueprint.form, blueprint.shape
    sheet.put(place.total_row, NAME_COLUMN, CellPlan("name.total", table.total_label))
    owns_names = table.label == form.name_table
    for index in range(1, place.rows + 1):
        row = place.first_row + index - 1
        numbered = numbered_format(form.row_number, index)
        if index == 1 and not shape.entity:
            plan = CellPlan("name", table.head_label, format=numbered)
        elif owns_names:
            plan = CellPlan("name.input", None, locked=False, format=numbered)
        else:
            typed = blueprint.places.tables[form.name_table].cell("", index)
            shown = call("IF", equal(call("LEN", typed), 0), "", typed)
            plan = CellPlan("name", formula=shown, format=numbered)
        sheet.put(row, NAME_COLUMN, plan)


def _amounts(blueprint: Blueprint, sheet: SheetPlan, table: Table, place: TablePlace) -> None:
    words = Vocabulary(blueprint.form.tables.values(), blueprint.form.fields.values(), blueprint.form.keys)
    for column in table.columns:
        _total_cell(blueprint, sheet, column, place)
        for index in range(1, place.rows + 1):
            cell = place.cell(column.label, index)
            if column.computed is None:
                plan = CellPlan("amount.input", locked=False)
            else:
                context = Context(blueprint.form, blueprint.places, words, table.label, index)
                expression = lower(column.computed, context)
                plan = CellPlan("amount", formula=_guarded_sum(blueprint, expression, context.operands))
            sheet.put(cell.row, cell.column, plan)
    for label in place.attributes:
        for index in range(1, place.rows + 1):
            cell = place.cell(label, index)
            sheet.put(cell.row, cell.column, CellPlan("side.input", locked=False, format=TEXT))
    _validations(blueprint, sheet, table, place)


def _total_cell(blueprint: Blueprint, sheet: SheetPlan, column: Column, place: TablePlace) -> None:
    cells = place.block(column.label).addresses()
    added = plus(*(amount(cell, blueprint.form) for cell in cells))
    formula = _guarded_sum(blueprint, added, cells)
    target = place.cell(column.label, 0)
    sheet.put(target.row, target.column, CellPlan("amount.total", formula=formula))


def _guarded_sum(blueprint: Blueprint, expression: Node, operands: list[Address]) -> Node:
    """Return the total: a word where an operand is text, nothing where all are blank."""
    wrong = not_computable(operands)
    blank = equal(call("COUNT", *areas(dict.fromkeys(operands))), 0)
    shown = call("IF", blank, "", call("ROUND", expression, blueprint.form.decimals))
    return node(shown) if wrong is None else call("IF", wrong, Verdict.NOT_COMPUTABLE.word, shown)


def _validations(blueprint: Blueprint, sheet: SheetPlan, table: Table, place: TablePlace) -> None:
    form = blueprint.form
    error = say("input.amount_error", decimals=form.decimals, hint=form.amount_hint)
    usual = say("input.amount_prompt", unit=form.unit, hint=form.amount_hint)
    for column in table.inputs:
        title, prompt = say("input.amount_title"), f"{column.prompt}{usual}"
        areas_ = (place.block(column.label),)
        sheet.validations.append(Validation(areas_, "amount", (), title, prompt, error))
    for item in table.attributes:
        sheet.validations.append(Validation((place.block(item.label),), "any", (), item.label, item.prompt))
    if table.label == form.name_table:
        area = place.block("")
        typed = area if blueprint.shape.entity else area._replace(top=area.top + 1)
        if typed.height:
            sheet.validations.append(
                Validation((typed,), "any", (), table.name_label, say("input.name_prompt"))
            )


def _defined_names(blueprint: Blueprint, table: Table, place: TablePlace) -> None:
    names, total = blueprint.names, blueprint.form.keys.total
    for label in (table.name_label, *place.columns, *place.attributes):
        names[defined_name(table.label, label)] = place.block("" if label == table.name_label else label)
    for label in place.columns:
        cell = place.cell(label, 0)
        names[defined_name(table.label, label, total)] = Area(
            cell.sheet, cell.row, cell.column, cell.row, cell.column
        )
