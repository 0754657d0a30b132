"""A report as the normal form of its data file: what ``dump`` gives and ``fill`` takes back."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from selfeval_xl.cells import Value
from selfeval_xl.form.model import Field, Goals, Headings, ListBlock, Table, Text
from selfeval_xl.submission.data import ordered_sections
from selfeval_xl.submission.model import Section, Submission


def to_data(submission: Submission) -> dict[str, Any]:
    """Return a report as the normal form of its data: computed items and trailing empty rows left out."""
    form, keys = submission.form, submission.form.keys
    data: dict[str, Any] = {keys.form: form.id, keys.edition: form.edition}
    for block in form.blocks:
        if isinstance(block, Table):
            data[block.label] = [
                _table_row(submission, block, index) for index in range(_last_entity(submission))
            ]
        elif isinstance(block, ListBlock):
            data[block.label] = submission.lists.get(block.label, [])
        elif isinstance(block, Headings):
            data[block.label] = _headings_data(block, submission.sections.get(block.label, []))
        elif isinstance(block, (Field, Text, Goals)):
            data.setdefault(block.section, {})[block.label] = _block_data(submission, block)
    labels = (keys.note_rule, keys.note_entity, keys.note_text)
    data[keys.notes] = [
        dict(zip(labels, (note.rule, note.entity, note.text), strict=True)) for note in submission.notes
    ]
    data[keys.unplaced] = [
        {keys.unplaced_place: place, keys.unplaced_text: text} for place, text in submission.unplaced
    ]
    return data


def _block_data(submission: Submission, block: Field | Text | Goals) -> Any:
    if isinstance(block, Field):
        return _json_value(submission.fields.get(block.key))
    if isinstance(block, Goals):
        labels = (block.group_label, block.class_label, block.goal_label, block.done_label)
        goals = submission.goals.get(block.key, [])
        return [
            dict(zip(labels, (one.group, one.name, one.goal, list(one.done)), strict=True)) for one in goals
        ]
    if not block.columns:
        return list(submission.texts.get((*block.key, ""), ()))
    return {column: list(submission.texts.get((*block.key, column), ())) for column in block.columns}


def _headings_data(block: Headings, sections: list[Section]) -> list[dict[str, Any]]:
    labels = (block.number_label, block.title_label, block.body_label)
    ordered = ordered_sections(block, sections)
    return [dict(zip(labels, (one.number, one.title, list(one.body)), strict=True)) for one in ordered]


def _last_entity(submission: Submission) -> int:
    """Return how many rows the tables have; one that holds nothing but a printed total is empty."""
    return max(
        (index for index, one in enumerate(submission.entities, start=1) if not one.is_empty), default=1
    )


def _table_row(submission: Submission, table: Table, index: int) -> dict[str, Any]:
    entity = submission.entities[index]
    row: dict[str, Any] = {table.name_label: entity.name}
    if table.label == submission.form.name_table:
        row |= {item.label: entity.attributes.get(item.label) for item in table.attributes}
    return row | {column.label: _json_value(entity.amounts.get(column.key)) for column in table.inputs}


def _json_value(value: Value) -> Any:
    """Return a decimal as a JSON number: whole ones without a point, others to 15 digits exactly."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else float(value)


def write_data(submission: Submission) -> str:
    """Return the data file's text."""
    return json.dumps(to_data(submission), ensure_ascii=False, indent=2) + "\n"
