"""Builds the blueprint of a workbook from form, settings and shape."""

from __future__ import annotations

from functools import lru_cache

from selfeval_xl.blueprint import blocks
from selfeval_xl.blueprint.checks import place_checks
from selfeval_xl.blueprint.identity import FILLING, place_identity
from selfeval_xl.blueprint.instances import expected_grade, make_instances
from selfeval_xl.blueprint.model import Blueprint, CellPlan, Shape, SheetPlan
from selfeval_xl.blueprint.tables import place_table
from selfeval_xl.blueprint.verdicts import place_exists, place_verdicts
from selfeval_xl.form import model
from selfeval_xl.form.model import Form, Settings
from selfeval_xl.rules.tree import call, equal


@lru_cache(maxsize=64)
def build(form: Form, settings: Settings, shape: Shape, year: int, kind: str = FILLING) -> Blueprint:
    """Return the blueprint of a workbook, to be filled in or final; callers must not change it."""
    blueprint = Blueprint(form, settings, shape, year, kind)
    for spec in form.sheets:
        if spec.entity or not shape.entity:
            blueprint.sheets[spec.name] = _sheet(form, spec)
    place_identity(blueprint, blueprint.sheet(form.sheet_of_kind("settings").name))
    for block in form.blocks:
        if block.sheet in blueprint.sheets:
            _place(blueprint, block)
    blocks.fill_lines(blueprint)
    place_exists(blueprint)
    blueprint.instances = make_instances(blueprint)
    verdicts = place_verdicts(blueprint)
    _grade_by_formula(blueprint)
    place_checks(blueprint, blueprint.sheet(form.sheet_of_kind("checks").name), verdicts)
    return blueprint


def _sheet(form: Form, spec: model.SheetSpec) -> SheetPlan:
    sheet = SheetPlan(spec.name, spec.kind, landscape=spec.landscape)
    sheet.widths = {column: float(width) for column, width in enumerate(spec.widths, start=1)}
    tables = [len(table.columns) + 1 for table in form.tables.values() if table.sheet == spec.name]
    sheet.print_columns = max((len(spec.widths), *tables))
    return sheet


def _place(blueprint: Blueprint, block: model.Block) -> None:
    sheet = blueprint.sheet(block.sheet)
    row = sheet.print_bottom + 1
    match block:
        case model.Line():
            row = blocks.place_line(blueprint, sheet, block, row)
        case model.Field():
            row = blocks.place_field(blueprint, sheet, block, row)
        case model.Table():
            row = place_table(blueprint, sheet, block, row)
        case model.Text():
            row = blocks.place_text(blueprint, sheet, block, row)
        case model.Goals():
            row = blocks.place_goals(blueprint, sheet, block, row)
        case model.ListBlock():
            row = blocks.place_list(blueprint, sheet, block, row)
        case model.Sign():
            row = blocks.place_sign(blueprint, sheet, block, row)
        case model.Headings():
            row = blocks.place_headings(blueprint, sheet, block, row)
        case model.Help():
            row = blocks.place_help(blueprint, sheet, block, row)
    sheet.print_bottom = row - 1


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
