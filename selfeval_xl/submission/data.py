"""The data file: one JSON object with the form's own labels as keys.

What cannot be placed is refused.  Text where an amount belongs is kept, and found by the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, TypeVar

from msgspec import Struct

from selfeval_xl.cells import Value
from selfeval_xl.form.heads import head_names
from selfeval_xl.form.library import DEFAULT_FORM, UnknownForm, find_form, known_forms
from selfeval_xl.form.model import Attribute, Field, Form, Goals, Headings, ListBlock, Table, Text
from selfeval_xl.names import match_key
from selfeval_xl.submission.model import (
    MOST_ROWS,
    DataRefused,
    Entity,
    Goal,
    Note,
    Section,
    Submission,
)
from selfeval_xl.submission.wire import (
    Where,
    as_line,
    as_mapping,
    as_number,
    as_paragraphs,
    as_records,
    as_rows,
    load_json,
    refuse_type,
    refuse_unknown,
    renamed,
)
from selfeval_xl.texts import say

Named = TypeVar("Named", str, Decimal)


def read_data(content: bytes) -> Submission:
    """Return the report in a data file; raises :class:`DataRefused`."""
    return _Reader(load_json(content)).submission()


def _known_edition(edition: Decimal) -> int:
    """Return the edition as a whole number; what is none of the known ones is 0."""
    return next((form.edition for form in known_forms() if form.edition == edition), 0)


class _Reader:
    def __init__(self, root: Any) -> None:
        if root is None:
            refuse_type(Where(), root, "object")
        self.root = as_mapping(root, Where())
        self.form = self._form()
        self.result = Submission(self.form)

    def _form(self) -> Form:
        """Return the form that the data name; data that name none are the default form's."""
        form_id = self._named((form.keys.form for form in known_forms()), str, "string") or DEFAULT_FORM
        edition = self._named((form.keys.edition for form in known_forms()), Decimal, "number")
        try:
            return find_form(form_id, edition if edition is None else _known_edition(edition))
        except UnknownForm as unknown:
            known = say("word.and").join(unknown.known)
            if any(one.split(" ")[0] == form_id for one in unknown.known):
                raise DataRefused("unknown_edition", form=form_id, edition=edition, known=known) from None
            raise DataRefused("unknown_form", form=form_id) from None

    def _named(self, keys: Iterable[str], kind: type[Named], wanted: str) -> Named | None:
        for key in keys:
            value = self.root.get(key)
            if value is not None:
                if not isinstance(value, kind):
                    refuse_type(Where() / key, value, wanted)
                return value
        return None

    def submission(self) -> Submission:
        """Read every block of the form, then refuse what nobody asked for."""
        form, keys = self.form, self.form.keys
        sections = self._sections()
        refuse_unknown(
            self.root, [keys.form, keys.edition, *sections, keys.printed, keys.notes, keys.unplaced], Where()
        )
        for name, read in sections.items():
            if name not in form.tables:
                read(self.root.get(name), Where() / name)
        self._tables()
        self._printed(as_mapping(self.root.get(keys.printed), Where() / keys.printed))
        self._notes()
        return self.result

    def _sections(self) -> dict[str, Callable[[Any, Where], None]]:
        """Return the top-level keys and what reads each."""
        found: dict[str, Callable[[Any, Where], None]] = {}
        for block in self.form.blocks:
            if isinstance(block, (Field, Text, Goals)):
                found[block.section] = self._section_reader(block.section)
            elif isinstance(block, Table):
                found[block.label] = lambda value, path: None
            elif isinstance(block, ListBlock):
                found[block.label] = self._list_reader(block)
            elif isinstance(block, Headings):
                found[block.label] = self._headings_reader(block)
        return found

    # Single fields, texts and goals

    def _section_reader(self, section: str) -> Callable[[Any, Where], None]:
        def read(value: Any, path: Where) -> None:
            blocks = [
                block
                for block in self.form.blocks
                if isinstance(block, (Field, Text, Goals)) and block.section == section
            ]
            synonyms = {
                synonym: block.label
                for block in blocks
                if isinstance(block, Field)
                for synonym in block.synonyms
            }
            values = renamed(as_mapping(value, path), synonyms)
            refuse_unknown(values, [block.label for block in blocks], path)
            for block in blocks:
                self._block(block, values.get(block.label), path / block.label)

        return read

    def _block(self, block: Field | Text | Goals, value: Any, path: Where) -> None:
        if isinstance(block, Field):
            reader = as_number if block.is_number else as_line
            self.result.fields[block.key] = reader(value, path)
        elif isinstance(block, Goals):
            self._goals(block, value, path)
        elif not block.columns:
            self.result.texts[(*block.key, "")] = as_paragraphs(value, path)
        else:
            values = as_mapping(value, path)
            refuse_unknown(values, block.columns, path)
            for column in block.columns:
                self.result.texts[(*block.key, column)] = as_paragraphs(values.get(column), path / column)

    def _goals(self, block: Goals, value: Any, path: Where) -> None:
        labels = (block.group_label, block.class_label, block.goal_label, block.done_label)
        goals = []
        for index, row in enumerate(as_rows(value, path)):
            here = path / index
            values = as_mapping(row, here)
            refuse_unknown(values, labels, here)
            group, name, goal = (as_line(values.get(label), here / label) for label in labels[:3])
            done = as_paragraphs(values.get(labels[3]), here / labels[3])
            if goal is None and not done:
                continue
            goals.append(Goal(*self._goal_class(block, group, name, here), goal, done))
        order = {pair: index for index, pair in enumerate(block.classes)}
        self.result.goals[block.key] = sorted(goals, key=lambda one: order[(one.group, one.name)])

    def _goal_class(self, block: Goals, group: str | None, name: str | None, path: Where) -> tuple[str, str]:
        for pair in block.classes:
            if pair[1] == name and group in (None, pair[0]):
                return pair
        known = say("word.and").join("/".join(pair) for pair in block.classes)
        raise DataRefused("unknown_value", path=path, value=f"{group or ''}/{name or ''}", known=known)

    # Lists and headings

    def _list_reader(self, block: ListBlock) -> Callable[[Any, Where], None]:
        def read(value: Any, path: Where) -> None:
            self.result.lists[block.label] = as_records(value, path, block.columns)

        return read

    def _headings_reader(self, block: Headings) -> Callable[[Any, Where], None]:
        def read(value: Any, path: Where) -> None:
            labels = (block.number_label, block.title_label, block.body_label)
            sections: list[Section] = []
            for index, row in enumerate(as_rows(value, path)):
                here = path / index
                values = as_mapping(row, here)
                refuse_unknown(values, labels, here)
                number, title = (as_line(values.get(label), here / label) for label in labels[:2])
                body = as_paragraphs(values.get(labels[2]), here / labels[2])
                if number is not None and number not in {one.number for one in block.headings}:
                    raise DataRefused("unknown_heading", path=here, number=number)
                if number is not None and number in {one.number for one in sections}:
                    raise DataRefused("duplicate_key", key=number)
                sections.append(Section(number, title, body))
            self.result.sections[block.label] = ordered_sections(block, sections)

        return read

    # Tables

    def _tables(self) -> None:
        form = self.form
        named = form.names
        rows = {label: self._table_rows(table) for label, table in form.tables.items()}
        department = str(self.result.fields.get(form.roles.department) or "")
        heads = head_names(form, department) | {match_key(department)} - {""}
        for table_rows in rows.values():
            # A list that begins with another entity has no row for the head.
            if table_rows and table_rows[0].name is not None and match_key(table_rows[0].name) not in heads:
                table_rows.insert(0, _Row())
        entities = [Entity(name=row.name, attributes=row.attributes) for row in rows[named.label]]
        self.result.entities = entities or [Entity()]
        for label, table in form.tables.items():
            self._place_rows(table, rows[label], heads)
        while len(self.result.entities) > 1 and self._is_last_empty():
            self.result.entities.pop()
        if len(self.result.entities) > MOST_ROWS:
            raise DataRefused("too_many_rows", rows=len(self.result.entities), most=MOST_ROWS)
        self.result.entities[0].name = form.head

    def _is_last_empty(self) -> bool:
        index = len(self.result.entities)
        return self.result.entities[-1].is_empty and not any(at == index for _, at in self.result.printed)

    def _table_rows(self, table: Table) -> list[_Row]:
        path = Where() / table.label
        attributes = table.attributes if table.label == self.form.name_table else ()
        synonyms = {synonym: column.label for column in table.columns for synonym in column.synonyms}
        known = [
            table.name_label,
            *(item.label for item in attributes),
            *(one.label for one in table.columns),
        ]
        rows = []
        for index, value in enumerate(as_rows(self.root.get(table.label), path)):
            here = path / index
            values = renamed(as_mapping(value, here), synonyms)
            refuse_unknown(values, known, here)
            rows.append(_row(table, attributes, values, here))
        return rows

    def _place_rows(self, table: Table, rows: list[_Row], heads: frozenset[str]) -> None:
        """Put a table's rows to the entities of the same name; the k-th of a name to the k-th.

        A name that the first table lacks goes to the entity in its place, if that one is
        missing here: a slip of the pen, which X-04 reports, makes no new entity.
        """
        entities = self.result.entities
        taken: set[int] = set()
        names = {match_key(row.name or "") for row in rows}
        order: list[int] = []
        for position, row in enumerate(rows):
            index = self._entity_index(row, position, taken, heads)
            if index is None and position < len(entities) and position not in taken:
                index = position if match_key(entities[position].name or "") not in names else None
            if index is None:
                entities.append(Entity(name=row.name))
                index = len(entities) - 1
            taken.add(index)
            order.append(index)
            for label, value in row.amounts.items():
                if self.form.columns[(table.label, label)].computed is None:
                    entities[index].amounts[(table.label, label)] = value
                elif value is not None:
                    self.result.printed[((table.label, label), index + 1)] = value
        if table.label != self.form.name_table and rows:
            self.result.listed[table.label] = self._listed(rows, order)

    def _listed(self, rows: list[_Row], order: list[int]) -> list[str | None]:
        """Return a table's own names, each at the entity it was put to; in another order, as they stand."""
        if order != sorted(order):
            return [row.name for row in rows]
        listed: list[str | None] = [None] * len(self.result.entities)
        for row, index in zip(rows, order, strict=True):
            listed[index] = row.name
        return listed

    def _entity_index(self, row: _Row, position: int, taken: set[int], heads: frozenset[str]) -> int | None:
        entities = self.result.entities
        if position == 0 and (row.name is None or match_key(row.name) in heads):
            return 0
        if row.name is None:
            return position if position < len(entities) and position not in taken else None
        key = match_key(row.name)
        for index, entity in enumerate(entities):
            if index not in taken and entity.name is not None and match_key(entity.name) == key:
                return index
        return None

    def _printed(self, values: dict[str, Any]) -> None:
        path = Where() / self.form.keys.printed
        refuse_unknown(values, self.form.tables, path)
        for label, row in values.items():
            table, here = self.form.tables[label], path / label
            synonyms = {synonym: column.label for column in table.columns for synonym in column.synonyms}
            amounts = renamed(as_mapping(row, here), synonyms)
            refuse_unknown(amounts, [column.label for column in table.columns], here)
            for item, value in amounts.items():
                number = as_number(value, here / item)
                if number is not None:
                    self.result.printed[((label, item), 0)] = number

    # Explanations and what found no place

    def _notes(self) -> None:
        keys = self.form.keys
        labels = (keys.note_rule, keys.note_entity, keys.note_text)
        for record in as_records(self.root.get(keys.notes), Where() / keys.notes, labels):
            self.result.notes.append(Note(*(record[label] for label in labels)))
        labels = (keys.unplaced_place, keys.unplaced_text, "")
        for record in as_records(self.root.get(keys.unplaced), Where() / keys.unplaced, labels[:2]):
            self.result.unplaced.append((record[labels[0]], record[labels[1]]))


class _Row(Struct):
    name: str | None = None
    attributes: dict[str, str | None] = {}
    amounts: dict[str, Value] = {}


def _row(table: Table, attributes: tuple[Attribute, ...], values: dict[str, Any], path: Where) -> _Row:
    return _Row(
        as_line(values.get(table.name_label), path / table.name_label),
        {item.label: as_line(values.get(item.label), path / item.label) for item in attributes},
        {column.label: as_number(values.get(column.label), path / column.label) for column in table.columns},
    )


def ordered_sections(block: Headings, sections: list[Section]) -> list[Section]:
    """Return every heading of the form in its order, the clerk's own behind the one they followed."""
    own: dict[str | None, list[Section]] = {}
    found: dict[str, Section] = {}
    current: str | None = None
    for section in sections:
        if section.number is not None:
            current = section.number
            found[section.number] = section
        elif section.title is not None or section.body:
            own.setdefault(current, []).append(section)
    result = list(own.get(None, ()))
    for heading in block.headings:
        body = found[heading.number].body if heading.number in found else ()
        result.append(Section(heading.number, heading.title, body))
        result.extend(own.get(heading.number, ()))
    return result
