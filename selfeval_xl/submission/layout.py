"""A report into the cells of a blueprint: how many rows it needs, and what stands in which input cell.

A paragraph longer than a row can show goes on in the next row, marked as its continuation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from selfeval_xl.blueprint.blocks import DONE_COLUMN, GOAL_COLUMN, capacity_of
from selfeval_xl.blueprint.checks import NOTE_ROWS, NOTES, UNPLACED
from selfeval_xl.blueprint.model import Blueprint, GoalPlace, ListPlace, Shape, TextPlace, numbered_format
from selfeval_xl.cells import Address, Value
from selfeval_xl.dates import to_serial
from selfeval_xl.form.model import Form, Goals
from selfeval_xl.names import match_key
from selfeval_xl.submission.model import (
    MOST_ROWS,
    Goal,
    Section,
    Submission,
)

SPARE_ROWS = 2
LEAST_ROWS = 3

Typed = dict[Address, Value]
Row = tuple[str, str]
"""A row of text: its mark and its text."""


class Placed(Struct):
    """What a report puts into the cells: inputs, printed totals, number formats."""

    typed: Typed = {}
    stated: Typed = {}
    formats: dict[Address, str] = {}


def defaults(blueprint: Blueprint) -> Typed:
    """Return what a blank workbook holds in its input cells."""
    return {
        Address(sheet.name, row, column): plan.value
        for sheet in blueprint.sheets.values()
        for (row, column), plan in sheet.cells.items()
        if not plan.locked and plan.value is not None
    }


# How many rows a report needs


def shape_for(
    submission: Submission, least_rows: int = 0, spare: int = SPARE_ROWS, *, least: bool = True
) -> Shape:
    """Return the shape that holds *submission* with spare rows, at least *least_rows* of entities.

    Without *least*, blocks have the rows that they need and not those that the form gives them.
    """
    form = submission.form
    needed = min(MOST_ROWS, len(submission.entities) + (0 if least_rows else spare))
    rows = max(LEAST_ROWS, least_rows, needed)
    blocks: dict[str, int] = {}
    for key, text in form.texts.items():
        needed = max(
            len(
                _rows_of(
                    submission.texts.get((*key, label), ()),
                    capacity_of(form, text.sheet, at, text.span),
                    form,
                )
            )
            for label, at in zip(text.columns or ("",), text.at, strict=True)
        )
        blocks[".".join(key)] = max(text.rows * least, needed + spare)
    for key, goals in form.goals.items():
        for pair in goals.classes:
            records = [one for one in submission.goals.get(key, ()) if (one.group, one.name) == pair]
            needed = sum(len(_goal_rows(form, goals, one)) for one in records)
            blocks[".".join((*key, *pair))] = max(goals.rows * least, needed + spare)
    for label, block in form.lists.items():
        blocks[label] = max(block.rows * least, len(submission.lists.get(label, ())) + spare)
    for label, headings in form.headings.items():
        room = capacity_of(form, headings.sheet, 1)
        for number, sections in _by_heading(submission.sections.get(label, ())).items():
            needed = sum(len(_section_rows(form, one, room)) for one in sections)
            if number or needed:
                blocks[f"{label}/{number}"] = max(headings.rows * least if number else 0, needed + spare)
    blocks[NOTES] = max(NOTE_ROWS, len(submission.notes) + spare)
    if submission.unplaced:
        blocks[UNPLACED] = len(submission.unplaced) + spare
    return Shape(rows, tuple(blocks.items()), submission.entity_only)


def final_shape(submission: Submission, entity_only: bool) -> Shape:
    """Return the shape of the finished sheet: no spare rows, but as many as the paper prints.

    A section without text keeps the room that it has for writing by hand; a heading
    without any has none.
    """
    form = submission.form
    filled = dict(shape_for(submission, least_rows=1, spare=0, least=False).blocks)
    blocks = {block_id: rows for block_id, rows in filled.items() if rows}
    for key, text in form.texts.items():
        blocks.setdefault(".".join(key), text.rows)
    for key, goals in form.goals.items():
        for pair in goals.classes:
            blocks.setdefault(".".join((*key, *pair)), 1)
    for label in form.lists:
        blocks[label] = max(form.printed_rows, filled[label])
    for label, headings in form.headings.items():
        for number in ("", *(one.number for one in headings.headings)):
            blocks[f"{label}/{number}"] = filled.get(f"{label}/{number}", 0)
    blocks[NOTES] = len(submission.notes)
    rows = 1 if entity_only else max(form.printed_rows, len(submission.entities))
    return Shape(rows, tuple(blocks.items()), entity_only)


def chunks(paragraph: str, room: int) -> list[str]:
    """Cut a paragraph into rows of at most *room* characters, at the end of a sentence where there is one."""
    result = []
    while len(paragraph) > room:
        ends = [match.end() for match in _SENTENCE_END.finditer(paragraph, room // 2, room)]
        cut = ends[-1] if ends else room
        result.append(paragraph[:cut])
        paragraph = paragraph[cut:]
    return [*result, paragraph]


_SENTENCE_END = re.compile("[\u3002\uff1b\uff01\uff1f;!?]")


def _rows_of(texts: Sequence[str], room: int, form: Form, first: str = "", later: str = "") -> list[Row]:
    """Return the rows of *texts*: the marks of the first and of later paragraphs, then continuations."""
    rows: list[Row] = []
    for text in texts:
        mark = later if rows else first
        for index, part in enumerate(chunks(text, room)):
            rows.append((form.keys.more_mark if index else mark, part))
    return rows


def _section_rows(form: Form, section: Section, room: int) -> list[Row]:
    rows = _rows_of(section.body, room, form)
    return rows if section.number is not None else [(form.keys.heading_mark, section.title or ""), *rows]


def _by_heading(sections: Sequence[Section]) -> dict[str, list[Section]]:
    """Return the sections under each heading of the form, itself first; ``""`` is before them all."""
    result: dict[str, list[Section]] = {"": []}
    current = ""
    for section in sections:
        current = current if section.number is None else section.number
        result.setdefault(current, []).append(section)
    return result


def _goal_rows(form: Form, goals: Goals, goal: Goal) -> list[tuple[Row, Row]]:
    left = _rows_of([goal.goal] if goal.goal else [], capacity_of(form, goals.sheet, GOAL_COLUMN), form)
    room = capacity_of(form, goals.sheet, DONE_COLUMN)
    right = _rows_of(goal.done, room, form, later=form.keys.paragraph_mark)
    height = max(len(left), len(right), 1)
    more = form.keys.more_mark
    left += [(more if index else "", "") for index in range(len(left), height)]
    right += [(form.keys.paragraph_mark if index else "", "") for index in range(len(right), height)]
    return list(zip(left, right, strict=True))


# Into the cells


def place(submission: Submission, blueprint: Blueprint) -> Placed:
    """Return what stands in every input cell of *blueprint*; it must be of a shape that holds it."""
    placed = Placed()
    places = blueprint.places
    for key, address in places.fields.items():
        value = submission.fields.get(key)
        if blueprint.form.fields[key].type == "date":
            value = to_serial(value) if isinstance(value, str) else value
        plan = blueprint.plan(address)
        # A field that the bureau fills by formula is checked against what the report says.
        by_formula = plan is not None and plan.formula is not None
        _set(placed.stated if by_formula else placed.typed, address, value)
    _place_entities(submission, blueprint, placed)
    for text_key, place_ in places.texts.items():
        _put_rows(
            placed, place_, _rows_of(submission.texts.get(text_key, ()), place_.capacity, blueprint.form)
        )
    _place_goals(submission, blueprint, placed)
    for label in blueprint.form.lists:
        if label in places.lists:
            _put_records(placed, places.lists[label], submission.lists.get(label, ()))
    for label in blueprint.form.headings:
        for number, sections in _by_heading(submission.sections.get(label, ())).items():
            if number in places.headings:
                spot = places.headings[number]
                rows = [row for one in sections for row in _section_rows(blueprint.form, one, spot.capacity)]
                _put_rows(placed, spot, rows)
    _place_notes(submission, blueprint, placed)
    return placed


def _set(typed: Typed, address: Address, value: Value) -> None:
    if value is not None:
        typed[address] = value


def _place_entities(submission: Submission, blueprint: Blueprint, placed: Placed) -> None:
    form, tables = blueprint.form, blueprint.places.tables
    named = tables[form.name_table]
    for index, entity in enumerate(submission.entities, start=1):
        if index > 1 or blueprint.shape.entity:
            _set(placed.typed, named.cell("", index), entity.name)
        for label, value in entity.attributes.items():
            _set(placed.typed, named.cell(label, index), value)
        for (table, label), amount in entity.amounts.items():
            _set(placed.typed, tables[table].cell(label, index), amount)
    for ((table, label), index), printed in submission.printed.items():
        placed.stated[tables[table].cell(label, index)] = printed
    _state_names(submission, blueprint, placed)


def _state_names(submission: Submission, blueprint: Blueprint, placed: Placed) -> None:
    """State a table's own list of entities where it differs from the first table's."""
    names = [entity.name for entity in submission.entities]
    for label, listed in submission.listed.items():
        table = blueprint.places.tables[label]
        for index in range(1, len(names)):
            found = listed[index] if index < len(listed) else None
            if match_key(found or "") != match_key(names[index] or ""):
                placed.stated[table.cell("", index + 1)] = found or ""


def _put_rows(placed: Placed, spot: TextPlace, rows: Sequence[Row]) -> None:
    for index, (mark, text) in enumerate(rows):
        _set(placed.typed, spot.cell(index), text or None)
        _set(placed.typed, spot.mark(index), mark or None)


def _place_goals(submission: Submission, blueprint: Blueprint, placed: Placed) -> None:
    form = blueprint.form
    for key, goals in form.goals.items():
        for pair in goals.classes:
            if pair in blueprint.places.goals:
                records = [one for one in submission.goals.get(key, ()) if (one.group, one.name) == pair]
                _put_goals(placed, blueprint.places.goals[pair], goals, form, records)


def _put_goals(placed: Placed, spot: GoalPlace, goals: Goals, form: Form, records: Sequence[Goal]) -> None:
    index = 0
    for number, record in enumerate(records, start=1):
        for offset, (left, right) in enumerate(_goal_rows(form, goals, record)):
            _put_at(placed, spot.goal, index, left)
            _put_at(placed, spot.done, index, right)
            shown = numbered_format(goals.number, number) if offset == 0 else "@"
            placed.formats[spot.goal.cell(index)] = shown
            index += 1
    for spare in range(index, spot.goal.rows):
        placed.formats[spot.goal.cell(spare)] = numbered_format(
            goals.number, len(records) + 1 + spare - index
        )


def _put_at(placed: Placed, spot: TextPlace, index: int, row: Row) -> None:
    _set(placed.typed, spot.cell(index), row[1] or None)
    _set(placed.typed, spot.mark(index), row[0] or None)


def _put_records(placed: Placed, spot: ListPlace, records: Sequence[Mapping[str, str | None]]) -> None:
    for index, record in enumerate(records):
        for label, value in record.items():
            _set(placed.typed, spot.cell(label, index), value)


def _place_notes(submission: Submission, blueprint: Blueprint, placed: Placed) -> None:
    keys, lists = blueprint.form.keys, blueprint.places.lists
    labels = (keys.note_rule, keys.note_entity, keys.note_text)
    notes = [dict(zip(labels, (one.rule, one.entity, one.text), strict=True)) for one in submission.notes]
    _put_records(placed, lists[NOTES], notes)
    if UNPLACED in lists:
        pairs = (
            {keys.unplaced_place: place_, keys.unplaced_text: text} for place_, text in submission.unplaced
        )
        _put_records(placed, lists[UNPLACED], list(pairs))
