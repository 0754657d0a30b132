"""Builds the blueprint of a workbook from form, settings and shape."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from selfeval_xl.blueprint import blocks
from selfeval_xl.blueprint.checks import place_checks, place_lists
from selfeval_xl.blueprint.conditions import place_conditions
from selfeval_xl.blueprint.identity import FILLING, FINAL, place_identity
from selfeval_xl.blueprint.instances import expected_grade, make_instances
from selfeval_xl.blueprint.model import Blueprint, CellPlan, Shape, SheetPlan
from selfeval_xl.blueprint.tables import place_table
from selfeval_xl.blueprint.verdicts import place_exists, place_verdicts
from selfeval_xl.form import model
from selfeval_xl.form.model import Form, Settings
from selfeval_xl.rules.tree import call, equal

# Where the very hidden sheet of a final workbook holds explanations and what could not be placed.
LISTS_COLUMN = 6


@lru_cache(maxsize=64)
def build(form: Form, settings: Settings, shape: Shape, year: int, kind: str = FILLING) -> Blueprint:
    """Return the blueprint of a workbook, to be filled in or final; callers must not change it.

    The final one is the paper: no verdicts, no check sheet and no instructions, and the
    tables' sheets collected into one where the form says so.
    """
    blueprint = Blueprint(form, settings, shape, year, kind)
    for spec in form.sheets:
        if _has_sheet(blueprint, spec):
            blueprint.sheets[spec.name] = _sheet(form, spec)
    own = blueprint.sheet(form.sheet_of_kind("settings").name)
    place_identity(blueprint, own)
    for block in form.blocks:
        _place(blueprint, block)
    blocks.fill_lines(blueprint)
    place_exists(blueprint, own if kind == FINAL else None)
    blueprint.instances = make_instances(blueprint)
    verdicts = place_verdicts(blueprint) if kind != FINAL else {}
    _grade_by_formula(blueprint)
    if kind == FINAL:
        place_lists(blueprint, own, 1, LISTS_COLUMN)
    else:
        place_checks(blueprint, blueprint.sheet(form.sheet_of_kind("checks").name), verdicts)
        place_conditions(blueprint, verdicts)
    return blueprint


def _has_sheet(blueprint: Blueprint, spec: model.SheetSpec) -> bool:
    if blueprint.shape.entity and not spec.entity:
        return False
    if blueprint.kind != FINAL:
        return not spec.collects
    return spec.kind not in ("checks", "help") and spec.name not in _collected(blueprint)


def _collected(blueprint: Blueprint) -> dict[str, str]:
    """Return the sheets that stand on another one in this workbook."""
    if blueprint.kind != FINAL:
        return {}
    return {name: spec.name for spec in blueprint.form.sheets for name in spec.collects}


def _sheet(form: Form, spec: model.SheetSpec) -> SheetPlan:
    sheet = SheetPlan(spec.name, spec.kind, landscape=spec.landscape, plain=spec.look == "plain")
    sheet.widths = {column: float(width) for column, width in enumerate(spec.widths, start=1)}
    names = spec.collects or (spec.name,)
    tables = [len(table.columns) + 1 for table in form.tables.values() if table.sheet in names]
    sheet.print_columns = max((len(spec.widths), *tables))
    sheet.is_collection = bool(spec.collects)
    return sheet


def _place(blueprint: Blueprint, block: model.Block) -> None:
    name = _collected(blueprint).get(block.sheet, block.sheet)
    is_left_out = isinstance(block, model.Line) and not block.printed and blueprint.kind == FINAL
    if name not in blueprint.sheets or is_left_out:
        return
    sheet = blueprint.sheet(name)
    row = sheet.print_bottom + 1 + (1 if sheet.is_collection and sheet.before == "Table" else 0)
    if not isinstance(block, model.Field):
        sheet.field_slot = 0
    below = _PLACERS[type(block)](blueprint, sheet, block, row)
    _keep(sheet, block, row, below - 1)
    sheet.print_bottom = below - 1


_PLACERS: dict[type[model.Block], Callable[[Blueprint, SheetPlan, Any, int], int]] = {
    model.Line: blocks.place_line,
    model.Field: blocks.place_field,
    model.Table: place_table,
    model.Text: blocks.place_text,
    model.Goals: blocks.place_goals,
    model.ListBlock: blocks.place_list,
    model.Sign: blocks.place_sign,
    model.Headings: blocks.place_headings,
    model.Help: blocks.place_help,
}


def _keep(sheet: SheetPlan, block: model.Block, top: int, bottom: int) -> None:
    """Keep on one page a sign-off with the opinion above it, a collected table with its titles."""
    leads = {"Sign": "Text", "Table": "Line"}
    kind = type(block).__name__
    if kind == "Sign" or (kind == "Table" and sheet.is_collection):
        sheet.keep.append((sheet.before_top if sheet.before == leads[kind] else top, bottom))
    is_next_line = kind == "Line" and sheet.before == "Line"
    sheet.before, sheet.before_top = kind, sheet.before_top if is_next_line else top


def _grade_by_formula(blueprint: Blueprint) -> None:
    """Lock the grade and fill it by formula where the bureau's settings say so."""
    roles, places = blueprint.form.roles, blueprint.places
    if blueprint.settings.grade_source != "formula" or roles.grade is None or roles.score is None:
        return
    if roles.grade in places.fields and roles.score in places.fields:
        address = places.fields[roles.grade]
        score = places.fields[roles.score]
        formula = call("IF", equal(call("COUNT", score), 0), "", expected_grade(blueprint, score))
        blueprint.sheet(address.sheet).cells[(address.row, address.column)] = CellPlan(
            "field", formula=formula
        )
