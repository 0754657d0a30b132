"""A report's texts and figures, as the checks of prose take them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from msgspec.structs import replace

from selfeval_xl.blueprint.instances import active_rules
from selfeval_xl.blueprint.model import Blueprint, TextPlace
from selfeval_xl.blueprint.screen import Figures as Columns
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address
from selfeval_xl.findings import Finding
from selfeval_xl.form.model import Key
from selfeval_xl.narrative.look import look_at
from selfeval_xl.narrative.model import Figures, Paragraph, Prose

LAST_YEAR = "narrative.previous"


def prose_of(values: Values, columns: Columns | None) -> Prose:
    """Hold the report's texts against its figures; *columns* are its amounts where the workbook is plain."""
    blueprint = values.blueprint
    if blueprint.form.prose is None:
        return Prose((), (), ())
    found = list(paragraphs_of(values))
    return look_at(found, figures_of(values, columns), blueprint.form, active_rules(blueprint))


def of_last_year(values: Values, previous: Mapping[Key, Decimal | None]) -> Sequence[Finding]:
    """Hold what the report's texts say of last year against last year's total row."""
    blueprint = values.blueprint
    rules = [rule for rule in active_rules(blueprint) if rule.check == LAST_YEAR]
    if blueprint.form.prose is None or not rules:
        return ()
    figures = replace(figures_of(values, None), previous=previous)
    return look_at(list(paragraphs_of(values)), figures, blueprint.form, rules).findings


def paragraphs_of(values: Values) -> Iterator[Paragraph]:
    """Yield the paragraphs of all texts in the order of the form, those that go on in the next row as one."""
    runs = _runs_of(values.blueprint)
    for section, column, run in runs.texts:
        for cell, text, _ in _rows(values, run):
            yield from _split(cell, section, column, text)
    for section, goal, done in runs.goals:
        yield from _goals(values, section, goal, done)
    for section, title, run in runs.headings:
        yield from _section(values, section, title, run)


_Run = Sequence[tuple[Address, Address]]
"""The cells of a run of rows, each with that of its mark."""


class _Runs(NamedTuple):
    """Where a blueprint's texts stand, with their sections and what they stand under."""

    texts: Sequence[tuple[Key, str, _Run]]
    goals: Sequence[tuple[Key, _Run, _Run]]
    headings: Sequence[tuple[Key, str, _Run]]


@lru_cache(maxsize=64)
def _runs_of(blueprint: Blueprint) -> _Runs:
    places, form = blueprint.places, blueprint.form
    return _Runs(
        [((section, label), column, _run(spot)) for (section, label, column), spot in places.texts.items()],
        [
            (goals.key, _run(places.goals[pair].goal), _run(places.goals[pair].done))
            for goals in form.goals.values()
            for pair in goals.classes
            if pair in places.goals
        ],
        [
            ((label, number), titles.get(number, ""), _run(spot))
            for label, headings in form.headings.items()
            for titles in [{one.number: one.title for one in headings.headings}]
            for number, spot in places.headings.items()
        ],
    )


def _run(spot: TextPlace) -> _Run:
    return [(spot.cell(index), spot.mark(index)) for index in range(spot.rows)]


def _rows(values: Values, run: _Run) -> list[tuple[Address, str, str]]:
    """Return where each text begins, the text with what goes on below it, and its mark."""
    typed, more = values.typed, values.blueprint.form.keys.more_mark
    found: list[tuple[Address, str, str]] = []
    for cell, beside in run:
        value = typed.get(cell)
        if value is None:
            continue
        text, mark = str(value), str(typed.get(beside) or "").strip()
        if mark == more and found:
            first, before, its = found[-1]
            found[-1] = first, before + text, its
        else:
            found.append((cell, text, mark))
    return found


def _split(cell: Address, section: Key, heading: str, text: str) -> Iterator[Paragraph]:
    for line in text.splitlines():
        if line.strip():
            yield Paragraph(cell, section, heading, line)


def _goals(values: Values, section: Key, goal_run: _Run, done_run: _Run) -> Iterator[Paragraph]:
    """Yield each goal, and what was achieved under it, also where that is blank."""
    achieved: dict[int, list[tuple[Address, str]]] = {}
    goals = {cell.row: (cell, text) for cell, text, _ in _rows(values, goal_run)}
    for cell, text, _ in _rows(values, done_run):
        row = max((row for row in goals if row <= cell.row), default=cell.row)
        achieved.setdefault(row, []).append((cell, text))
    for row in sorted({*goals, *achieved}):
        if row not in goals:
            yield from (Paragraph(at, section, "", text) for at, text in achieved[row])
            continue
        cell, goal = goals[row]
        yield Paragraph(cell, section, "", goal)
        beside = done_run[row - done_run[0][0].row][0]
        yield from (Paragraph(at, section, goal, text) for at, text in achieved.get(row, [(beside, "")]))


def _section(values: Values, section: Key, title: str, run: _Run) -> Iterator[Paragraph]:
    """Yield the paragraphs under a heading, and under those of the clerk's own among them."""
    mark = values.blueprint.form.keys.heading_mark
    for cell, text, found in _rows(values, run):
        if found == mark:
            section, title = (section[0], ""), text.strip()
        else:
            yield from _split(cell, section, title, text)


def figures_of(values: Values, columns: Columns | None) -> Figures:
    """Return the report's figures; of a workbook that is not plain, those that are numbers or blank.

    A total that was printed or typed over its formula has a finding of its own: texts are held against
    what the entries make, those put right as they would be; against the total only where there are none.
    """
    blueprint = values.blueprint
    if values.stated:
        entries = {cell: value for cell, value in values.stated.items() if not _is_computed(blueprint, cell)}
        made = Values(blueprint, values.typed, entries)
        alone = {cell: value for cell, value in values.stated.items() if not made(cell)}
        values, columns = Values(blueprint, values.typed, entries | alone), None
    roles = blueprint.form.roles
    rows = _rows_of(values, columns)
    fields = {key: values(address) for key, address in blueprint.places.fields.items()}
    department = fields.get(roles.department)
    return Figures(
        year=blueprint.year,
        department=str(department) if department else None,
        totals=rows[0][1],
        entities=rows[1:],
        fields=fields,
        cells=lambda key, row: _cell(blueprint, key, row),
        places=_begins(blueprint),
    )


def _is_computed(blueprint: Blueprint, cell: Address) -> bool:
    plan = blueprint.plan(cell)
    return plan is not None and plan.formula is not None


def _rows_of(values: Values, columns: Columns | None) -> list[tuple[str, Mapping[Key, Decimal | None]]]:
    """Return the total row and the entities' rows with their names, without spare rows at the end."""
    blueprint = values.blueprint
    tables, form = blueprint.places.tables, blueprint.form
    named = tables[form.name_table]
    names = [str(values(named.cell("", row)) or "") for row in range(named.rows + 1)]
    rows: list[tuple[str, Mapping[Key, Decimal | None]]] = []
    for row, name in enumerate(names):
        if columns is not None:
            found = {
                key: column[row] if columns.filled[key][row] else None
                for key, column in columns.amounts.items()
            }
        else:
            shown = {key: values(tables[key[0]].cell(key[1], row)) for key in form.columns}
            found = {
                key: value if isinstance(value, Decimal) else None
                for key, value in shown.items()
                if isinstance(value, Decimal) or value in (None, "")
            }
        rows.append((name, found))
    while len(rows) > 1 and not rows[-1][0] and not any(rows[-1][1].values()):
        rows.pop()
    return rows


def _cell(blueprint: Blueprint, key: Key, row: int) -> Address:
    field = blueprint.places.fields.get(key)
    return field if field is not None else blueprint.places.tables[key[0]].cell(key[1], row)


@lru_cache(maxsize=64)
def _begins(blueprint: Blueprint) -> Mapping[Key, Address]:
    """Return where every section of texts begins."""
    places = blueprint.places
    found = {(section, label): spot.cell(0) for (section, label, _), spot in reversed(places.texts.items())}
    for label in blueprint.form.headings:
        found |= {(label, number): spot.cell(0) for number, spot in places.headings.items()}
    return found
