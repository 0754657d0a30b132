"""Blank workbooks: one, or one for every department on a roster."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from selfeval_xl.blueprint.build import build
from selfeval_xl.blueprint.model import Blueprint, Shape
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Value
from selfeval_xl.consolidation.roster import Roster
from selfeval_xl.form.heads import head_names
from selfeval_xl.form.model import Form, Settings
from selfeval_xl.jobs.files import check_folder, file_names, output
from selfeval_xl.jobs.problems import WrongUsage
from selfeval_xl.names import match_key
from selfeval_xl.ooxml.output import OutputExists
from selfeval_xl.submission.layout import LEAST_ROWS, SPARE_ROWS, defaults
from selfeval_xl.submission.model import MOST_ROWS, clean_line
from selfeval_xl.template.write import write_workbook

ENDINGS = (".xlsx", ".xlsm")


class Blank(Struct, frozen=True):
    """What a blank workbook is to hold: the department, its entities, how many rows."""

    department: str | None = None
    code: str | None = None
    entities: tuple[tuple[str, str | None], ...] = ()
    head_code: str | None = None
    rows: int | None = None
    entity_only: bool = False


def blank_workbook(
    form: Form, settings: Settings, year: int, blank: Blank, target: Path, *, force: bool
) -> None:
    """Write a locked blank workbook to *target*."""
    blueprint, values = blank_values(form, settings, year, blank)
    with output(target, (), ENDINGS, force=force) as path:
        write_workbook(blueprint, values, path)


def entities_named(
    form: Form, department: str | None, names: Sequence[str], *, entity_only: bool
) -> tuple[tuple[str, None], ...]:
    """Return the entities that somebody names; raises ``WrongUsage`` where one has no name, or a row already."""
    heads = frozenset() if entity_only else head_names(form, department)
    seen: dict[str, str] = {}
    for name in names:
        key = match_key(name)
        if not key:
            raise WrongUsage("usage.entity_blank")
        if key in heads:
            raise WrongUsage("usage.entity_head", name=name)
        if key in seen:
            raise WrongUsage("usage.entity_twice", name=name, other=seen[key])
        seen[key] = name
    return tuple((name, None) for name in names)


def blank_values(form: Form, settings: Settings, year: int, blank: Blank) -> tuple[Blueprint, Values]:
    """Return the blueprint of a blank workbook and what stands in it from the start."""
    own = settings.for_department(blank.department, blank.code)
    blueprint = build(form, own, _shape(blank), year)
    typed = defaults(blueprint)
    places, roles = blueprint.places, form.roles
    named = places.tables[form.name_table]
    wanted: list[tuple[object, Value]] = [(places.fields[roles.department], clean_line(blank.department))]
    if roles.code is not None:
        wanted.append((places.fields[roles.code], clean_line(blank.code)))
    first = 1 if blank.entity_only else 2
    entities = [(None, blank.head_code), *blank.entities] if first == 2 else list(blank.entities)
    for index, (name, code) in enumerate(entities, start=1):
        if index >= first:
            wanted.append((named.cell("", index), clean_line(name)))
        wanted += [(named.cell(label, index), clean_line(code)) for label in list(named.attributes)[:1]]
    typed |= {address: value for address, value in wanted if value is not None}  # type: ignore[misc]
    return blueprint, Values(blueprint, typed)


def _shape(blank: Blank) -> Shape:
    if blank.entity_only:
        if len(blank.entities) > 1:
            raise WrongUsage("usage.one_entity")
        return Shape(1, entity=True)
    needed = 1 + len(blank.entities)
    if blank.rows is not None and not max(2, needed) <= blank.rows <= MOST_ROWS:
        raise WrongUsage("usage.rows", rows=blank.rows, least=max(2, needed), most=MOST_ROWS)
    rows = blank.rows or needed + SPARE_ROWS
    if rows > MOST_ROWS:
        raise WrongUsage("usage.rows", rows=rows, least=max(2, needed), most=MOST_ROWS)
    return Shape(max(LEAST_ROWS, rows))


def blank_workbooks(
    form: Form,
    settings: Settings,
    year: int,
    roster: Roster,
    folder: Path,
    *,
    force: bool,
    suffix: str = ".xlsx",
) -> list[Path]:
    """Write a blank workbook for every department on the roster that is due, macros in those of ``.xlsm``; return the files.

    Where one of them is there already, none is written.
    """
    check_folder(folder)
    targets = [folder / f"{name}{suffix}" for name in file_names((row.code, row.name) for row in roster.rows)]
    due = [(row, target) for row, target in zip(roster.rows, targets, strict=True) if row.is_due]
    if not due:
        raise WrongUsage("usage.nobody_due", name=roster.name)
    for _, target in due:
        if target.exists() and not force:
            raise OutputExists(target)
    for row, target in due:
        entities = tuple((entity.name, entity.code) for entity in row.entities)
        blank = Blank(row.name, row.code, entities, row.head_code)
        blank_workbook(form, settings, year, blank, target, force=force)
    return [target for _, target in due]
