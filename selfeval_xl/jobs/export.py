"""The finished sheet: every cell locked, its values in the file, its kind final."""

from __future__ import annotations

from pathlib import Path

from selfeval_xl.blueprint.build import build
from selfeval_xl.blueprint.identity import FINAL
from selfeval_xl.blueprint.values import Values
from selfeval_xl.consolidation.reduce import Reduced, reduced
from selfeval_xl.jobs.files import check_input, check_output, output
from selfeval_xl.submission.inspect import Report, inspect
from selfeval_xl.submission.layout import final_shape, place
from selfeval_xl.template.write import write_workbook

ENDINGS = (".xlsx",)


def export(source: Path, target: Path, *, force: bool, draft: bool) -> tuple[Reduced, bool]:
    """Write the finished sheet of *source*; return what was found, and whether it was written.

    With an error or an unexplained warning nothing is written, unless as a draft.
    """
    check_input(source)
    check_output(target, [source], ENDINGS)
    report = inspect(source)
    result = reduced(report)
    ready = report.blueprint is not None and not result.has_errors and not result.has_open_warnings
    if report.blueprint is None or not (ready or draft):
        return result, False
    with output(target, [source], ENDINGS, force=force) as path:
        write_final(report, path, draft=draft)
    return result, True


def write_final(report: Report, path: Path, *, draft: bool) -> None:
    """Write a checked report as its finished sheet; typed-over totals are formulas again."""
    if report.blueprint is None or report.values is None or report.submission is None:
        raise ValueError("a refused report has no finished sheet")
    plan = report.blueprint
    shape = final_shape(report.submission, plan.shape.entity)
    final = build(plan.form, plan.settings, shape, plan.year, FINAL)
    placed = place(report.submission, final)
    write_workbook(final, Values(final, placed.typed), path, placed.formats, draft=draft)
