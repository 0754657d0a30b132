"""A data file into a workbook, and a workbook into a data file."""

from __future__ import annotations

from pathlib import Path

from selfeval_xl.blueprint.values import Values
from selfeval_xl.jobs.files import check_input, check_output, output
from selfeval_xl.jobs.problems import InputRefused
from selfeval_xl.submission.dump import write_data
from selfeval_xl.submission.inspect import Report, inspect
from selfeval_xl.template.write import write_workbook
from selfeval_xl.texts import say

WORKBOOKS = (".xlsx", ".xlsm")
DATA = (".json",)


def fill(data: Path, target: Path, settings_file: Path | None = None, *, force: bool) -> Report:
    """Write the workbook of a data file and return its findings; nothing is written for a refused one."""
    check_input(data)
    check_output(target, [data], WORKBOOKS)
    report = inspect(data, settings_file)
    if report.blueprint is not None and report.values is not None:
        with output(target, [data], WORKBOOKS, force=force) as path:
            # Printed totals are checked, but the workbook holds its formulas.
            values = Values(report.blueprint, report.values.typed)
            write_workbook(report.blueprint, values, path, report.formats)
    return report


def dump(source: Path, settings_file: Path | None = None) -> str:
    """Return the data file of a workbook, or the normal form of a data file."""
    check_input(source)
    report = inspect(source, settings_file)
    if report.submission is None:
        raise InputRefused(say("report.refused", name=source.name, reason=report.reason))
    return write_data(report.submission)


def dump_to(source: Path, target: Path, settings_file: Path | None = None, *, force: bool) -> None:
    """Write the data file of *source* to *target*."""
    check_output(target, [source], DATA)
    text = dump(source, settings_file)
    with output(target, [source], DATA, force=force) as path:
        path.write_bytes(text.encode("utf-8"))
