"""What a finding shows beyond its figures: cells as a list, and what a rule's scope adds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from selfeval_xl.blueprint.model import Instance
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address, Value, ref
from selfeval_xl.dates import from_serial
from selfeval_xl.findings import Finding
from selfeval_xl.texts import say

LISTED = 12


def figure(value: Value) -> Decimal | str | None:
    """Return a cell's value as a finding shows it: an amount, a text, or nothing."""
    if isinstance(value, Decimal) or value is None:
        return value
    return str(value) or None


def list_cells(cells: Sequence[Address]) -> str:
    """Return cells for a message: runs as ranges, at most a few."""
    runs: list[list[Address]] = []
    for cell in cells:
        if runs and _next_to(runs[-1][-1], cell):
            runs[-1].append(cell)
        else:
            runs.append([cell])
    shown = [str(run[0]) + (f":{ref(run[-1].row, run[-1].column)}" if len(run) > 1 else "") for run in runs]
    return say("word.and").join(shown[:LISTED]) + (say("word.more") if len(shown) > LISTED else "")


def _next_to(last: Address, cell: Address) -> bool:
    in_row = cell.row == last.row and cell.column == last.column + 1
    in_column = cell.column == last.column and cell.row == last.row + 1
    return cell.sheet == last.sheet and (in_row or in_column)


Special = Callable[[Values, Instance, Finding], Finding]


def special(values: Values, instance: Instance, finding: Finding) -> Finding:
    """Return the finding with what its rule's scope says beyond left and right."""
    add = _SPECIAL.get(instance.rule.scope)
    return finding if add is None else add(values, instance, finding)


def _graded(values: Values, instance: Instance, finding: Finding) -> Finding:
    """A blank grade is milder than a wrong one; both name the score."""
    score = values(instance.cells[1])
    facts = {**finding.facts, "score": format(score, "f") if isinstance(score, Decimal) else ""}
    if finding.actual is not None:
        return replace(finding, facts=facts)
    severity = instance.rule.blank_severity or finding.severity
    return replace(finding, code="grade.blank", severity=severity, facts=facts)


def _dated(_values: Values, _instance: Instance, finding: Finding) -> Finding:
    """A year is no amount: it is shown without decimals."""
    years = [
        format(one, "f") if isinstance(one, Decimal) else one for one in (finding.actual, finding.expected)
    ]
    return replace(finding, actual=years[0], expected=years[1], difference=None)


def _as_typed(values: Values, instance: Instance, finding: Finding) -> Finding:
    """A number that should be whole is shown with the digits that it has."""
    actual = format(finding.actual, "f") if isinstance(finding.actual, Decimal) else finding.actual
    least = values.blueprint.form.fields[instance.item or ("", "")].least
    facts = {**finding.facts, "least": str(least)}
    return replace(finding, actual=actual, expected=None, difference=None, facts=facts)


def _as_days(_values: Values, instance: Instance, finding: Finding) -> Finding:
    """A date is no amount: it is shown as one."""
    actual, expected = (
        from_serial(one) if isinstance(one, Decimal) else one for one in (finding.actual, finding.expected)
    )
    late = instance.rule.scope == "dated" and str(actual) > str(expected)
    code = "date.late" if late else finding.code
    return replace(finding, code=code, actual=actual, expected=expected, difference=None)


def _named(values: Values, _instance: Instance, finding: Finding) -> Finding:
    return replace(finding, facts={**finding.facts, "table": values.blueprint.form.name_table})


_SPECIAL: Mapping[str, Special] = {
    "grade": _graded,
    "year": _dated,
    "whole": _as_typed,
    "date": _as_days,
    "dated": _as_days,
    "names": _named,
}
