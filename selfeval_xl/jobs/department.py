"""Entities' files into their department's workbook."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from selfeval_xl.blueprint.build import build
from selfeval_xl.blueprint.model import Blueprint
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address
from selfeval_xl.consolidation.department import (
    Department,
    compare_filed,
    first_form,
    gather,
    merged,
    roster_findings,
)
from selfeval_xl.consolidation.parts import read_part
from selfeval_xl.consolidation.reduce import reduced
from selfeval_xl.form.model import Key, Settings
from selfeval_xl.jobs.consolidate import Consolidated, roster_named
from selfeval_xl.jobs.files import check_output, inputs, output
from selfeval_xl.jobs.forms import settings_named
from selfeval_xl.jobs.reading import ONE_BY_ONE, Reading
from selfeval_xl.jobs.register import mark_conflicts
from selfeval_xl.jobs.summary import by_table
from selfeval_xl.runs.pool import rare_collections, run
from selfeval_xl.submission.inspect import Report
from selfeval_xl.submission.layout import place, shape_for
from selfeval_xl.template.write import write_workbook

WORKBOOKS = (".xlsx", ".xlsm")
"""A department's workbook is one to fill in, and can have the buttons."""


@rare_collections()
def consolidate_department(
    paths: Sequence[Path],
    target: Path,
    *,
    department: str | None = None,
    settings_file: Path | None = None,
    roster_file: Path | None = None,
    reading: Reading = ONE_BY_ONE,
    force: bool = False,
) -> Consolidated:
    """Write the department's workbook out of its entities' to *target*; without the head's, nothing is written."""
    check_output(target, paths, WORKBOOKS)
    # An earlier outcome in the same folder is no input of this one.
    sources = [path for path in inputs(paths) if path in paths or path.resolve() != target.resolve()]
    parts = list(run(partial(read_part, settings_file=settings_file), sources, reading.jobs))
    form = first_form(parts)
    roster = roster_named(roster_file, form) if roster_file is not None and form is not None else None
    found = gather(parts, roster, department)
    mark_conflicts(found.selection)
    result = Consolidated(
        [part.reduced for part in parts], found.selection, found.form, problem=found.problem
    )
    if roster is not None:
        result.register.findings += roster.findings
    if found.problem is not None or found.head is None or found.form is None:
        return result
    compare_filed(found)
    settings = found.head.part.settings
    if settings is None or settings_file is not None:
        settings = settings_named(found.form, settings_file)
    report = _department_report(found, settings.for_department(found.name), target)
    if report.blueprint is None or report.values is None:
        return result
    values = Values(report.blueprint, report.values.typed)
    with output(target, paths, WORKBOOKS, force=force) as path:
        write_workbook(report.blueprint, values, path, report.formats)
    written = reduced(report)
    result.files.append(written)
    result.selection.accepted = [written]
    result.sums = by_table(_department_totals(report.blueprint), values)
    return result


def _department_report(found: Department, settings: Settings, target: Path) -> Report:
    """Return the department's report with its findings, in a blueprint of its own size."""
    submission = merged(found)
    form, head = submission.form, found.head
    year = (head.part.year if head is not None else None) or settings.year or form.edition
    blueprint = build(form, settings, shape_for(submission), year)
    placed = place(submission, blueprint)
    values = Values(blueprint, placed.typed, placed.stated)
    names = blueprint.places.tables[form.name_table]
    cells = [names.cell("", index) for index in range(len(submission.entities) + 1)]
    report = Report(target, blueprint=blueprint, values=values, taken=submission, formats=placed.formats)
    report.look()
    report.take(roster_findings(found, cells))
    return report


def _department_totals(blueprint: Blueprint) -> dict[Key, Address]:
    tables = blueprint.places.tables
    return {key: tables[key[0]].cell(key[1], 0) for key in blueprint.form.columns}
