"""A copy of a clerk's form with what was found marked at its cells; the clerk's own file is never written to.

The copy holds values and no formulas, so that it shows what stood there when it was checked, and nobody
goes on filling it in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from selfeval_xl.blueprint.model import Blueprint, CellPlan, Link, Mark
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address
from selfeval_xl.findings import INFO, Finding, folded, message
from selfeval_xl.texts import say

COPIED = ("form", "checks")
LINKED = "check.link"
LONGEST_NOTE = 1200
# A finding that counts its cells is about all of them alike.
ALIKE = "count"
Place = tuple[int, int]


def copied_sheets(source: Blueprint) -> list[str]:
    """Return the names of the sheets that a copy shows: those that a clerk fills in or looks at."""
    return [sheet.name for sheet in source.sheets.values() if sheet.kind in COPIED and not sheet.hidden]


def put_copy(
    book: Blueprint,
    source: Blueprint,
    values: Values,
    formats: Mapping[Address, str],
    findings: Sequence[Finding],
) -> None:
    """Add to *book* the sheets of *source* with their *values*; the first cell of each finding gets a note."""
    marks = _marks(findings)
    for name in copied_sheets(source):
        plan = source.sheets[name]
        cells = {place: _copied(source, values, formats, Address(name, *place)) for place in plan.cells}
        own = {place: mark for place, mark in marks[name].items() if place in cells}
        book.sheets[name] = replace(plan, cells=cells, validations=[], conditions=[], marks=own)


def _copied(source: Blueprint, values: Values, formats: Mapping[Address, str], cell: Address) -> CellPlan:
    plan = source.sheets[cell.sheet].cells[(cell.row, cell.column)]
    value = values(cell)
    if value == "":
        value = None
    if plan.style == LINKED and isinstance(value, str):
        value = Link(value, f"#{value}")
    return CellPlan(plan.style, value, format=formats.get(cell, plan.format))


def _marks(findings: Sequence[Finding]) -> Mapping[str, dict[Place, Mark]]:
    """Return the marks by sheet and place; a cell's colour is that of the worst finding at it."""
    marks: dict[str, dict[Place, Mark]] = defaultdict(dict)
    for first, followers in folded(findings):
        _add(marks, first, first.severity, _note(first))
        for one in followers:
            _add(marks, one, INFO, say("book.follower", rule=first.rule) + _note(one))
    return marks


def _add(marks: Mapping[str, dict[Place, Mark]], finding: Finding, severity: str, text: str) -> None:
    if ALIKE in finding.facts:
        for cell in finding.cells[1:]:
            marks[cell.sheet].setdefault((cell.row, cell.column), Mark(severity, ""))
    cell = finding.cells[0]
    there = marks[cell.sheet].get((cell.row, cell.column))
    note = text if there is None or not there.note else f"{there.note}\n\n{text}"
    kept = severity if there is None else there.severity
    marks[cell.sheet][(cell.row, cell.column)] = Mark(kept, note[:LONGEST_NOTE])


def _note(finding: Finding) -> str:
    severity = say(f"severity.{finding.severity}")
    text = say("report.line", severity=severity, message=message(finding), rule=finding.rule).strip()
    if finding.explanation is None:
        return text
    return text + "\n" + say("report.explained", text=finding.explanation).strip()
