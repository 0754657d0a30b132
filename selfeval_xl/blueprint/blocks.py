"""The layout of everything on the paper that is no table of amounts.

Fields, paragraphs, goals, lists, headings, sign-offs.  A paragraph is a row of one
unmerged column, so that Excel fits the row's height and a paste from Word falls into
rows; beside it, outside the print area, stands a column for marks.
"""

from __future__ import annotations

from decimal import Decimal

from selfeval_xl.blueprint.model import (
    TEXT,
    Blueprint,
    CellPlan,
    GoalPlace,
    ListPlace,
    SheetPlan,
    TextPlace,
    Validation,
    numbered_format,
)
from selfeval_xl.cells import Address, Area, Value
from selfeval_xl.form import model
from selfeval_xl.names import defined_name
from selfeval_xl.rules.tree import joined
from selfeval_xl.texts import say

# Excel's rows end at 409 points: about this many lines of 11-point type, with air.
LINES_IN_A_ROW = 22
PIXELS_PER_WIDTH = 7
PIXELS_PER_CHARACTER = 15
MARK_WIDTH = 6.0
# One column that is wider than the page would be cut when it is printed.
HELP_WIDTH = 70.0
SIGN_HEIGHT = 32.0
# Not "0.##", with which 90 is shown as "90.".
SCORE = "General"
RECORD_HEIGHT = 30.0
MERGED_HEIGHT = 34.0
SIDE_LABEL_WIDTH, SIDE_WIDTH = 12.0, 16.0

# The columns of the table of goals: its title, group, class, goal, achievement.
TITLE_COLUMN, GROUP_COLUMN, CLASS_COLUMN, GOAL_COLUMN, DONE_COLUMN = range(1, 6)


def capacity(width: float) -> int:
    """Return how many Chinese characters one row of a column of *width* can show."""
    return int(width * PIXELS_PER_WIDTH / PIXELS_PER_CHARACTER) * LINES_IN_A_ROW


def capacity_of(form: model.Form, sheet: str, column: int, span: bool = False) -> int:
    """Return the capacity of a text column, or of all from there to the paper's edge."""
    widths = next(spec.widths for spec in form.sheets if spec.name == sheet)
    return capacity(sum(widths[column - 1 :]) if span else widths[column - 1])


def place_line(_blueprint: Blueprint, sheet: SheetPlan, line: model.Line, row: int) -> int:
    """Lay out a printed line across the sheet; :func:`fill_lines` puts in what it names."""
    _across(sheet, row, max(sheet.print_columns, 1), CellPlan(f"line.{line.style}", line.text))
    if line.height:
        sheet.heights[row] = float(line.height)
    return row + 1


def fill_lines(blueprint: Blueprint) -> None:
    """Fill region, maker and year into the printed lines, once every field has its place."""
    for sheet in blueprint.sheets.values():
        for place, plan in sheet.cells.items():
            if plan.style.startswith("line.") and isinstance(plan.value, str) and "{" in plan.value:
                sheet.cells[place] = _filled(blueprint, plan.style, plan.value)


def _filled(blueprint: Blueprint, style: str, text: str) -> CellPlan:
    """Return a line's cell; a ``{year}`` in it follows the cell in which the year is typed."""
    settings = blueprint.settings
    text = text.replace("{region}", settings.region).replace("{maker}", settings.maker)
    before, found, after = text.partition("{year}")
    if not found:
        return CellPlan(style, text)
    return CellPlan(style, formula=joined(before, blueprint.places.fields[blueprint.form.roles.year], after))


def _across(sheet: SheetPlan, row: int, last: int, plan: CellPlan, first: int = 1) -> None:
    for column in range(first, last + 1):
        sheet.put(row, column, plan if column == first else CellPlan(plan.style, locked=plan.locked))
    if last > first:
        sheet.merges.append(Area(sheet.name, row, first, row, last))


def place_field(blueprint: Blueprint, sheet: SheetPlan, field: model.Field, row: int) -> int:
    """Lay out a field: its title, and the cell in which it is typed.

    Fields stand in pairs on a row where the sheet has columns for two; one that the paper
    does not print stands beside the page.
    """
    if not field.printed:
        _place_aside(blueprint, sheet, field, row)
        return row
    spec = _spec(blueprint, sheet)
    pairs = len(spec.fields_at) // 2
    slot = sheet.field_slot % pairs
    row = row - 1 if slot else row
    sheet.field_slot = slot + 1
    label_column, column = spec.fields_at[2 * slot : 2 * slot + 2]
    last = spec.fields_to if slot == pairs - 1 and spec.fields_to else column
    on_cover = spec.look == "cover"
    label, style = ("label.cover", "field.cover.input") if on_cover else ("label", _field_style(field))
    _across(sheet, row, column - 1, CellPlan(label, field.title), label_column)
    _across(sheet, row, last, _field_plan(blueprint, field, style), column)
    if spec.field_height:
        sheet.heights[row] = float(spec.field_height)
    _note_field(blueprint, sheet, field, row, column)
    return row + 1


def _spec(blueprint: Blueprint, sheet: SheetPlan) -> model.SheetSpec:
    return next(spec for spec in blueprint.form.sheets if spec.name == sheet.name)


def _place_aside(blueprint: Blueprint, sheet: SheetPlan, field: model.Field, row: int) -> None:
    """Lay out a field right of the printed page."""
    column = sheet.print_columns + 2
    row = sheet.side_row or max(1, row - 1)
    sheet.side_row = row + 1
    sheet.widths[column], sheet.widths[column + 1] = SIDE_LABEL_WIDTH, SIDE_WIDTH
    sheet.put(row, column, CellPlan("label.side", field.title))
    sheet.put(row, column + 1, _field_plan(blueprint, field, _field_style(field)))
    _note_field(blueprint, sheet, field, row, column + 1)


def _field_plan(blueprint: Blueprint, field: model.Field, style: str) -> CellPlan:
    default = blueprint.year if field.key == blueprint.form.roles.year else field.default
    return CellPlan(style, _default(default), locked=False, format=_field_format(field))


def _note_field(blueprint: Blueprint, sheet: SheetPlan, field: model.Field, row: int, column: int) -> None:
    """Note where a field stands, its defined name and what it accepts."""
    blueprint.places.fields[field.key] = Address(sheet.name, row, column)
    area = Area(sheet.name, row, column, row, column)
    blueprint.names[defined_name(*field.key)] = area
    sheet.validations.append(_field_validation(blueprint, field, area))


def _default(value: str | int | None) -> Value:
    return Decimal(value) if isinstance(value, int) else value


def _field_style(field: model.Field) -> str:
    kinds = {"integer": "number.input", "year": "number.input", "score": "number.input", "date": "date.input"}
    return kinds.get(field.type, "field.input")


def _field_format(field: model.Field) -> str:
    formats = {"integer": "0", "year": "0", "score": SCORE, "date": say("format.date")}
    return formats.get(field.type, TEXT)


def _field_validation(blueprint: Blueprint, field: model.Field, area: Area) -> Validation:
    choices = tuple(grade.name for grade in blueprint.settings.grades) if field.type == "grade" else ()
    kind = field.type if field.type in {"integer", "year", "score", "date"} else "any"
    error = say(f"input.{kind}_error") if kind != "any" else ""
    if choices:
        kind, error = "list", say("input.list_error")
    return Validation((area,), kind, choices, field.label, field.prompt, error, least=field.least)


def place_text(blueprint: Blueprint, sheet: SheetPlan, text: model.Text, row: int) -> int:
    """Lay out a section of paragraphs, with several columns side by side where declared."""
    rows = blueprint.shape.block(".".join(text.key), text.rows)
    first = row
    if text.columns:
        for label, column in zip(text.columns, text.at, strict=True):
            sheet.put(row, column, CellPlan("header", label))
        first = row + 1
    label_right = text.at[0] - 1
    _merged_label(sheet, Area(sheet.name, row, 1, first + rows - 1, label_right), text.title)
    for index, column in enumerate(text.at):
        label = text.columns[index] if text.columns else ""
        last = sheet.print_columns if text.span else column
        place = _text_rows(sheet, first, rows, column, sheet.print_columns + 1 + index, last)
        blueprint.places.texts[(*text.key, label)] = place
        blueprint.names[defined_name(*text.key, *([label] if label else []))] = place.area()
    _mark_validation(blueprint, sheet, first, rows, len(text.at))
    return first + rows


def _merged_label(sheet: SheetPlan, area: Area, label: str) -> None:
    for address in area.addresses():
        first = (address.row, address.column) == (area.top, area.left)
        sheet.put(address.row, address.column, CellPlan("label.block", label if first else None))
    if area.height > 1 or area.width > 1:
        sheet.merges.append(area)


def _text_rows(
    sheet: SheetPlan,
    first: int,
    rows: int,
    column: int,
    mark_column: int,
    last: int | None = None,
    style: str = "text",
) -> TextPlace:
    last = column if last is None else last
    room = capacity(sum(sheet.widths[one] for one in range(column, last + 1)))
    for row in range(first, first + rows):
        look = f"{style}.plain" if sheet.plain else f"{style}{_edges(row - first, rows)}"
        _across(sheet, row, last, CellPlan(f"{look}.input", locked=False, format=TEXT), column)
        if last > column:
            # No program fits a row to a merged cell.
            sheet.least_heights[row] = MERGED_HEIGHT
        sheet.put(row, mark_column, CellPlan("mark.input", locked=False, format=TEXT))
    sheet.widths[mark_column] = MARK_WIDTH
    return TextPlace(sheet.name, first, rows, column, mark_column, room)


def _edges(index: int, rows: int) -> str:
    """Return which edges a row of a box has; rows of text make one box."""
    return ".top" * (index == 0) + ".bottom" * (index == rows - 1)


def _mark_validation(
    blueprint: Blueprint, sheet: SheetPlan, first: int, rows: int, count: int, *, heading: bool = False
) -> None:
    keys = blueprint.form.keys
    choices = (keys.more_mark, keys.heading_mark) if heading else (keys.more_mark, keys.paragraph_mark)
    left = sheet.print_columns + 1
    area = Area(sheet.name, first, left, first + rows - 1, left + count - 1)
    prompt = say("input.heading_mark_prompt" if heading else "input.mark_prompt")
    error = say("input.list_error")
    sheet.validations.append(Validation((area,), "list", choices, "", prompt, error))


def place_goals(blueprint: Blueprint, sheet: SheetPlan, goals: model.Goals, row: int) -> int:
    """Lay out the quantitative goals: title, groups and classes merged at the left."""
    first = row
    _across(sheet, row, CLASS_COLUMN, CellPlan("header", goals.group_label), GROUP_COLUMN)
    sheet.put(row, GOAL_COLUMN, CellPlan("header", goals.goal_label))
    sheet.put(row, DONE_COLUMN, CellPlan("header", goals.done_label))
    row += 1
    for group in goals.groups:
        top = row
        for name in group.classes:
            row = _goal_class(blueprint, sheet, goals, (group.label, name), row)
        area = Area(sheet.name, top, GROUP_COLUMN, row - 1, GROUP_COLUMN)
        _merged_label(sheet, area, "\n".join(part for part in (group.label, group.note) if part))
    _merged_label(sheet, Area(sheet.name, first, TITLE_COLUMN, row - 1, TITLE_COLUMN), goals.title)
    return row


def _goal_class(
    blueprint: Blueprint, sheet: SheetPlan, goals: model.Goals, group: tuple[str, str], row: int
) -> int:
    rows = blueprint.shape.block(".".join((*goals.key, *group)), goals.rows)
    left = sheet.print_columns + 1
    _merged_label(sheet, Area(sheet.name, row, CLASS_COLUMN, row + rows - 1, CLASS_COLUMN), group[1])
    place = GoalPlace(
        _text_rows(sheet, row, rows, GOAL_COLUMN, left, style="text.goal"),
        _text_rows(sheet, row, rows, DONE_COLUMN, left + 1, style="text.goal"),
    )
    for index in range(rows):
        address = place.goal.cell(index)
        plan = sheet.cells[(address.row, address.column)]
        sheet.cells[(address.row, address.column)] = CellPlan(
            plan.style, locked=False, format=numbered_format(goals.number, index + 1)
        )
    blueprint.places.goals[group] = place
    area = place.goal.area()._replace(right=DONE_COLUMN)
    blueprint.names[defined_name(goals.section, goals.label, *group)] = area
    _mark_validation(blueprint, sheet, row, rows, 2)
    sheet.keep.append((row, row + rows - 1))
    return row + rows


def place_list(blueprint: Blueprint, sheet: SheetPlan, block: model.ListBlock, row: int) -> int:
    """Lay out a list of records under its column headers."""
    labels = (*block.columns, *block.printed_columns)
    for column, label in enumerate(labels, start=1):
        sheet.put(row, column, CellPlan("header", label))
    rows = blueprint.shape.block(block.label, block.rows)
    for offset in range(1, rows + 1):
        sheet.heights[row + offset] = RECORD_HEIGHT
        for column, label in enumerate(labels, start=1):
            typed = label in block.columns
            style = "field.input" if typed else "label"
            sheet.put(row + offset, column, CellPlan(style, locked=not typed, format=TEXT))
    columns = {label: index for index, label in enumerate(block.columns, start=1)}
    place = ListPlace(sheet.name, row + 1, rows, columns)
    blueprint.places.lists[block.label] = place
    for label, column in columns.items():
        area = Area(sheet.name, row + 1, column, row + rows, column)
        blueprint.names[defined_name(block.label, label)] = area
    return row + rows + 1


def place_sign(_blueprint: Blueprint, sheet: SheetPlan, sign: model.Sign, row: int) -> int:
    """Lay out lines for a signature or a seal."""
    for offset, line in enumerate(sign.lines):
        ends = ".top" * (offset == 0) + ".bottom" * (offset == len(sign.lines) - 1)
        _across(sheet, row + offset, sheet.print_columns, CellPlan(f"sign{ends}", line))
        sheet.heights[row + offset] = SIGN_HEIGHT
    return row + len(sign.lines)


def place_headings(blueprint: Blueprint, sheet: SheetPlan, block: model.Headings, row: int) -> int:
    """Lay out the report in prose: a locked row for each heading, rows of text below it."""
    lead: int | None = None
    for heading in ("", *(heading.number for heading in block.headings)):
        default = block.rows if heading else 0
        rows = blueprint.shape.block(f"{block.label}/{heading}", default)
        if heading:
            printed = next(one.printed for one in block.headings if one.number == heading)
            _across(sheet, row, sheet.print_columns, CellPlan("heading", printed))
            lead = row if lead is None else lead
            row += 1
        if rows:
            place = _text_rows(sheet, row, rows, 1, sheet.print_columns + 1)
            blueprint.places.headings[heading] = place
            if heading:
                blueprint.names[defined_name(block.label, heading)] = place.area()
            _mark_validation(blueprint, sheet, row, rows, 1, heading=True)
            # No page ends between headings and the text that they lead to.
            sheet.keep.append((row if lead is None else lead, row))
            lead = None
        row += rows
    return row


def place_help(_blueprint: Blueprint, sheet: SheetPlan, block: model.Help, row: int) -> int:
    """Lay out the instructions, a line a row."""
    sheet.widths.setdefault(1, HELP_WIDTH)
    sheet.print_columns = max(sheet.print_columns, 1)
    for offset, line in enumerate(block.lines):
        sheet.put(row + offset, 1, CellPlan("help", line))
    return row + len(block.lines)
