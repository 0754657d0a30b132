"""A report out of the cells of a blueprint: what was typed there, the inverse of placing it.

A row marked as going on belongs to the paragraph above it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from selfeval_xl.blueprint.checks import NOTES, UNPLACED
from selfeval_xl.blueprint.model import Blueprint, GoalPlace, ListPlace, TextPlace
from selfeval_xl.cells import Address, Value
from selfeval_xl.dates import from_serial
from selfeval_xl.form.model import Key
from selfeval_xl.submission.model import (
    Entity,
    Goal,
    Note,
    Section,
    Submission,
    clean_line,
    paragraphs,
)

Row = tuple[str, str]
"""A row of text: its mark and its text."""


def take(blueprint: Blueprint, typed: Mapping[Address, Value]) -> Submission:
    """Return the report that stands in the input cells."""
    return _Taker(blueprint, typed).take()


def take_field(blueprint: Blueprint, typed: Mapping[Address, Value], key: Key) -> Value:
    """Return what stands in a single field, or ``None`` where this workbook has no such field."""
    address = blueprint.places.fields.get(key)
    return None if address is None else _Taker(blueprint, typed).field(key, address)


def take_entities(blueprint: Blueprint, typed: Mapping[Address, Value]) -> list[Entity]:
    """Return the entities with what was typed in their rows; empty rows at the end are left out."""
    return _Taker(blueprint, typed).entities()


def take_notes(blueprint: Blueprint, typed: Mapping[Address, Value]) -> list[Note]:
    """Return the clerk's explanations."""
    return _Taker(blueprint, typed).notes()


class _Taker:
    def __init__(self, blueprint: Blueprint, typed: Mapping[Address, Value]) -> None:
        self.blueprint, self.typed, self.form = blueprint, typed, blueprint.form
        self.result = Submission(blueprint.form, blueprint.shape.entity)

    def take(self) -> Submission:
        places, result = self.blueprint.places, self.result
        for key, address in places.fields.items():
            result.fields[key] = self.field(key, address)
        result.entities = self.entities()
        for text_key, spot in places.texts.items():
            result.texts[text_key] = self._paragraphs(self._rows(spot))
        for key, goals in self.form.goals.items():
            result.goals[key] = [
                one
                for pair in goals.classes
                if pair in places.goals
                for one in self._goals(pair, places.goals[pair])
            ]
        for label in self.form.lists:
            if label in places.lists:
                result.lists[label] = self._records(places.lists[label])
        for label, headings in self.form.headings.items():
            if places.headings:
                numbers = ["", *(one.number for one in headings.headings)]
                result.sections[label] = [one for number in numbers for one in self._sections(number)]
        result.notes = self.notes()
        if UNPLACED in places.lists:
            for record in self._records(places.lists[UNPLACED]):
                keys = self.form.keys
                result.unplaced.append((record[keys.unplaced_place], record[keys.unplaced_text]))
        return result

    def _text(self, address: Address) -> str:
        value = self.typed.get(address)
        return "" if value is None else _shown(value)

    def field(self, key: Key, address: Address) -> Value:
        """Return the value of a single field."""
        value, entry = self.typed.get(address), self.form.fields[key]
        if entry.type == "date" and isinstance(value, Decimal):
            return from_serial(value)
        if entry.is_number and isinstance(value, Decimal):
            return value
        return None if value is None else clean_line(_shown(value))

    def entities(self) -> list[Entity]:
        """Return the rows of the tables, without the empty ones at the end."""
        found: list[Entity] = []
        tables = self.blueprint.places.tables
        named = tables[self.form.name_table]
        for index in range(1, named.rows + 1):
            entity = Entity(clean_line(self._text(named.cell("", index))))
            entity.attributes = {
                label: clean_line(self._text(named.cell(label, index))) for label in named.attributes
            }
            for table in tables.values():
                for label in table.inputs:
                    value = self.typed.get(table.cell(label, index))
                    amount = (
                        value if isinstance(value, Decimal) or value is None else clean_line(_shown(value))
                    )
                    entity.amounts[(table.label, label)] = amount
            found.append(entity)
        while len(found) > 1 and found[-1].is_empty:
            found.pop()
        if not self.blueprint.shape.entity:
            found[0].name = self.form.head
        return found

    def _rows(self, spot: TextPlace) -> list[Row]:
        return [
            (self._text(spot.mark(index)).strip(), self._text(spot.cell(index))) for index in range(spot.rows)
        ]

    def _paragraphs(self, rows: Sequence[Row]) -> tuple[str, ...]:
        """Join continuations to what they continue; a row's own line breaks make paragraphs."""
        joined: list[str] = []
        for mark, text in rows:
            if mark == self.form.keys.more_mark and joined:
                joined[-1] += text
            else:
                joined.append(text)
        return paragraphs(*joined)

    def _goals(self, pair: tuple[str, str], spot: GoalPlace) -> list[Goal]:
        keys = self.form.keys
        records: list[tuple[list[Row], list[Row]]] = []
        for left, right in zip(self._rows(spot.goal), self._rows(spot.done), strict=True):
            goes_on = left[0] == keys.more_mark or right[0] in (keys.more_mark, keys.paragraph_mark)
            if not (goes_on and records):
                records.append(([], []))
            records[-1][0].append(left)
            records[-1][1].append(right)
        goals = []
        for left_rows, right_rows in records:
            goal = clean_line("".join(self._paragraphs(left_rows)))
            done = self._paragraphs(right_rows)
            if goal is not None or done:
                goals.append(Goal(*pair, goal, done))
        return goals

    def _records(self, spot: ListPlace) -> list[dict[str, str | None]]:
        records = [
            {label: clean_line(self._text(spot.cell(label, index))) for label in spot.columns}
            for index in range(spot.rows)
        ]
        return [record for record in records if any(value is not None for value in record.values())]

    def _sections(self, number: str) -> list[Section]:
        """Return the heading's own section and those of the clerk below it."""
        title = next(
            (
                one.title
                for block in self.form.headings.values()
                for one in block.headings
                if one.number == number
            ),
            None,
        )
        parts: list[tuple[Section, list[Row]]] = [(Section(number or None, title, ()), [])]
        spot = self.blueprint.places.headings.get(number)
        for mark, text in self._rows(spot) if spot is not None else ():
            if mark == self.form.keys.heading_mark:
                parts.append((Section(None, clean_line(text), ()), []))
            else:
                parts[-1][1].append((mark, text))
        for section, rows in parts:
            section.body = self._paragraphs(rows)
        return [one for one, _ in parts if one.number is not None or one.title is not None or one.body]

    def notes(self) -> list[Note]:
        """Return the clerk's explanations."""
        keys = self.form.keys
        labels = (keys.note_rule, keys.note_entity, keys.note_text)
        records = self._records(self.blueprint.places.lists[NOTES])
        return [Note(*(record[label] for label in labels)) for record in records]


def _shown(value: Value) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)
