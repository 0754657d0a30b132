"""The figures of one year by rows and items, whether they come from a report or from a list.

An amount that is not there is not in a row's ``amounts``.  In a report that is a blank cell;
in a list it is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from selfeval_xl.amounts import round_half_up
from selfeval_xl.blueprint.screen import Figures as Columns
from selfeval_xl.blueprint.screen import screen_of
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Value
from selfeval_xl.consolidation.parts import code_of
from selfeval_xl.form.heads import head_names
from selfeval_xl.form.model import Form, Key
from selfeval_xl.names import match_key
from selfeval_xl.papers.items import item_key, items_by_name
from selfeval_xl.submission.inspect import Report
from selfeval_xl.submission.model import Entity


class Row(Struct, frozen=True):
    """An entity, or the department's total row, whose ``index`` is 0.

    ``amounts`` are in the form's unit; ``odd`` are the items where no number stands; ``sources`` says
    where in a list an amount stands.
    """

    index: int
    name: str | None
    code: str | None
    amounts: Mapping[Key, Decimal]
    odd: frozenset[Key] = frozenset()
    sources: Mapping[Key, str] = {}

    @property
    def is_bare(self) -> bool:
        """Tell whether the row is only a name: nobody filled in an amount."""
        return not any(self.amounts.values()) and not self.odd


class Figures(Struct, frozen=True):
    """A year's figures; ``rows[0]`` is the total row.

    ``source`` is what a message calls them.  ``is_complete`` tells that what is not there is blank, and not
    just unknown.  ``fields`` are the single numbers, such as the staff.
    """

    source: str
    rows: tuple[Row, ...]
    is_complete: bool
    fields: Mapping[Key, Decimal] = {}

    def knows(self, row: Row, key: Key) -> bool:
        """Tell whether the row's amount is known; a blank cell of a report is."""
        return key not in row.odd and (self.is_complete or key in row.amounts)

    def source_of(self, row: Row, key: Key) -> str:
        """Return what a message calls the place of an amount."""
        return row.sources.get(key, self.source)


def figures_of(report: Report) -> Figures | None:
    """Return a report's figures as they stand in it; ``None`` for one that was refused."""
    blueprint, values = report.blueprint, report.values
    if blueprint is None or values is None:
        return None
    there = [(0, None), *((n, one) for n, one in enumerate(report.entities, start=1) if not one.is_empty)]
    plain = screen_of(blueprint).figures(values)
    rows = tuple(_row(blueprint.form, index, one, _shown(values, plain, index)) for index, one in there)
    fields = {key: report.field_value(key) for key in blueprint.places.fields}
    numbers = {key: value for key, value in fields.items() if isinstance(value, Decimal)}
    return Figures(report.path.name, rows, is_complete=True, fields=numbers)


def rounded(figures: Figures, places: int) -> Figures:
    """Return the figures as a report's cells would show them."""
    rows = [
        replace(row, amounts={key: round_half_up(amount, places) for key, amount in row.amounts.items()})
        for row in figures.rows
    ]
    return replace(figures, rows=tuple(rows))


def _shown(values: Values, plain: Columns | None, index: int) -> dict[Key, Value]:
    """Return what a row shows by items, looked up by columns where the amounts are plain."""
    if plain is not None:
        return {key: column[index] for key, column in plain.amounts.items() if plain.filled[key][index]}
    tables = values.blueprint.places.tables.values()
    return {
        (table.label, label): values(table.cell(label, index)) for table in tables for label in table.columns
    }


def _row(form: Form, index: int, entity: Entity | None, shown: Mapping[Key, Value]) -> Row:
    amounts = {
        key: round_half_up(value, form.decimals) for key, value in shown.items() if isinstance(value, Decimal)
    }
    odd = frozenset(key for key, value in shown.items() if key not in amounts and not _is_blank(value))
    if entity is None:
        return Row(index, form.names.total_label, None, amounts, odd)
    return Row(index, entity.name, code_of(entity), amounts, odd)


def _is_blank(value: Value) -> bool:
    return value is None or value == ""


def as_in(form: Form, other: Form, figures: Figures) -> Figures:
    """Return another edition's figures under the items of *form*; an item that it does not have is left out."""
    if form is other:
        return figures
    here = items_by_name(form)
    keys: dict[Key, Key] = {}
    for key, column in other.columns.items():
        names = (column.label, *column.synonyms)
        found = [here.get(item_key(table + name)) for name in names for table in (column.table, "")]
        known = key if key in form.columns else next((one for one in found if one is not None), None)
        if known is not None:
            keys[key] = known
    unknown = frozenset(form.columns) - set(keys.values())
    rows = tuple(_renamed(row, keys, unknown) for row in figures.rows)
    return Figures(figures.source, rows, figures.is_complete, figures.fields)


def _renamed(row: Row, keys: Mapping[Key, Key], unknown: frozenset[Key]) -> Row:
    """Return the row under other items; what the other edition does not have is not blank, but unknown."""
    amounts = {new: row.amounts[key] for key, new in keys.items() if key in row.amounts}
    odd = unknown.union(new for key, new in keys.items() if key in row.odd)
    return Row(row.index, row.name, row.code, amounts, odd, row.sources)


def counterparts(
    form: Form, rows: Iterable[Row], others: Iterable[Row], department: str | None = None
) -> dict[int, Row]:
    """Return for each row, by its index, the one of *others* that is the same entity.

    Codes win over names; the head is the head by whatever name, its department's too.
    """
    heads = head_names(form, department) | {match_key(department or form.head)}

    def name_of(row: Row) -> str:
        name = match_key(row.name or "")
        return "" if name in heads else name

    candidates = [row for row in others if row.index]
    by_code = {row.code: row for row in reversed(candidates) if row.code}
    by_name = {name_of(row): row for row in reversed(candidates) if row.name}
    found: dict[int, Row] = {}
    for row in rows:
        if row.index == 0:
            continue
        other = by_code.get(row.code) if row.code else None
        if other is None and row.name:
            other = by_name.get(name_of(row))
            if other is not None and row.code and other.code:
                other = None
        if other is not None:
            found[row.index] = other
    return found
