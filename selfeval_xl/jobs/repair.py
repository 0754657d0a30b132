"""A damaged workbook into a clean one: what was typed comes over, the rest is listed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from selfeval_xl.blueprint.build import build
from selfeval_xl.blueprint.model import Blueprint, Shape
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Value
from selfeval_xl.findings import show_value
from selfeval_xl.jobs.files import check_input, check_output, output
from selfeval_xl.jobs.forms import FIRST_YEAR, LAST_YEAR
from selfeval_xl.jobs.problems import InputRefused
from selfeval_xl.ooxml.book import Book
from selfeval_xl.ooxml.errors import WorkbookUnreadable
from selfeval_xl.ooxml.read import read_book
from selfeval_xl.submission.inspect import DATA_SUFFIX, Report
from selfeval_xl.submission.layout import place, shape_for
from selfeval_xl.submission.model import MOST_CHARACTERS, Submission
from selfeval_xl.submission.rescue import Line, Rescued, rescue
from selfeval_xl.template.write import write_workbook
from selfeval_xl.texts import say

ENDINGS = (".xlsx", ".xlsm")


class Repaired(Struct, frozen=True):
    """The new workbook's report, and what is to be told about the old one.

    ``came`` counts the cells that came over, ``converted`` are texts taken as numbers, ``left`` is what did
    not come over; ``is_guessed`` that the old workbook no longer said which form it is.
    """

    source: Path
    report: Report
    blueprint: Blueprint
    came: int
    is_guessed: bool
    renamed: list[tuple[str, str]]
    missing: list[str]
    converted: list[Line]
    left: list[Line]


def repair(source: Path, target: Path, *, force: bool) -> Repaired:
    """Write a clean workbook with what was typed in *source* to *target*.

    Raises ``InputRefused`` where nothing of *source* can be placed; then nothing is written.
    """
    check_input(source)
    check_output(target, [source], ENDINGS)
    if source.suffix.lower() == DATA_SUFFIX:
        raise InputRefused(say("repair.is_data", name=source.name))
    found = rescue(_read(source))
    if found is None or not (found.came or found.left):
        raise InputRefused(say("repair.nothing", name=source.name))
    submission, plan = found.submission, found.origin.blueprint
    left = [*found.left, *_dropped(found)]
    submission.unplaced += [(one.place, one.said[:MOST_CHARACTERS]) for one in left]
    settings = plan.settings.for_department(*_names(submission))
    blueprint = build(plan.form, settings, _shape(found), _year(found))
    placed = place(submission, blueprint)
    values = Values(blueprint, placed.typed)
    report = Report(target, blueprint=blueprint, values=values, taken=submission, formats=placed.formats)
    report.look()
    with output(target, [source], ENDINGS, force=force) as path:
        write_workbook(blueprint, values, path, placed.formats)
    return Repaired(
        source,
        report,
        blueprint,
        found.came,
        not found.origin.is_told,
        found.renamed,
        found.missing,
        found.converted,
        left,
    )


def _read(source: Path) -> Book:
    try:
        return read_book(source)
    except WorkbookUnreadable as unreadable:
        reason = say(f"refused.{unreadable.reason}")
        raise InputRefused(say("report.refused", name=source.name, reason=reason)) from None


def _names(submission: Submission) -> list[str]:
    roles = submission.form.roles
    keys = (roles.department, roles.code)
    return [str(submission.fields.get(key) or "") for key in keys if key is not None]


def _shape(found: Rescued) -> Shape:
    """Return a shape with room for everything, and not with fewer rows than the workbook had."""
    old = found.origin.blueprint.shape
    shape = shape_for(found.submission)
    if old.entity:
        return replace(shape, rows=1, entity=True)
    return replace(shape, rows=max(shape.rows, old.rows))


def _year(found: Rescued) -> int:
    """Return the year that the workbook was made for; where nothing tells, the one that was filled in."""
    plan = found.origin.blueprint
    typed = found.submission.fields.get(plan.form.roles.year)
    if found.origin.is_told or not isinstance(typed, Decimal) or not FIRST_YEAR <= typed <= LAST_YEAR:
        return plan.year
    return int(typed)


def _dropped(found: Rescued) -> list[Line]:
    """Return the figures that stood in the place of formulas and differ from what these give."""
    plan = found.fitted
    values = Values(plan, place(found.submission, plan).typed)
    lines = []
    for cell, key, index, value in found.dropped:
        right = values(plan.places.tables[key[0]].cell(key[1], index))
        if (right or None) != (value or None):
            decimals = plan.form.decimals
            taken = show_value(_figure(right), decimals)
            lines.append(Line("dropped", str(cell), show_value(_figure(value), decimals), taken))
    return lines


def _figure(value: Value) -> Decimal | str | None:
    return value if isinstance(value, Decimal) or value is None else str(value) or None
