"""Summaries that hold the same reports: nothing may be added up twice."""

from __future__ import annotations

from selfeval_xl.cells import Address
from selfeval_xl.consolidation.reduce import Line, Reduced
from selfeval_xl.consolidation.select import Selection, name_beside
from selfeval_xl.findings import ERROR, Finding, worst
from selfeval_xl.names import match_key
from selfeval_xl.texts import say

CONFLICT = "R-04"


def part_overlaps(selection: Selection) -> None:
    """Take out of the accepted summaries what stands in another one too.

    One that went into another is skipped.  Two that share a file are a conflict, and neither counts; nor does one
    that only bears the name of what stands in another with other figures, since nobody knows whether it is the same.
    """
    accepted = list(selection.accepted)
    for one in accepted:
        others = [other for other in accepted if other is not one]
        whole = next((other for other in others if _went_into(one, other)), None)
        if whole is not None:
            _set_aside(one, say("report.skip_part", name=name_beside(whole, one)), selection)
            continue
        for code, overlaps in (("shared", _shares), ("namesake", _is_namesake)):
            rival = next((other for other in others if overlaps(one, other)), None)
            if rival is not None:
                _refuse(one, code, rival, selection)
                break
    selection.skipped.sort(key=lambda pair: str(pair[0].path))


def _went_into(one: Reduced, other: Reduced) -> bool:
    """Tell whether a summary is among another's files; saved anew, it has other bytes and the same figures."""
    line = _line_of(one, other)
    return one.sha256 in other.parts or (
        line is not None and dict(line.amounts) == dict(one.lines[0].amounts)
    )


def _shares(one: Reduced, other: Reduced) -> bool:
    return bool(one.parts & other.parts)


def _is_namesake(one: Reduced, other: Reduced) -> bool:
    return _line_of(one, other) is not None


def _line_of(one: Reduced, other: Reduced) -> Line | None:
    """Return the line of a region's name in a summary of a higher level."""
    if other.level <= one.level or not one.department:
        return None
    return next(
        (line for line in other.lines[1:] if match_key(line.name or "") == match_key(one.department)), None
    )


def _refuse(one: Reduced, code: str, rival: Reduced, selection: Selection) -> None:
    facts = {"name": name_beside(rival, one)}
    cell = one.department_cell or Address("", 1, 1)
    # A run that sums up only what was passed chooses twice.
    if all(finding.rule != CONFLICT for finding in one.findings):
        one.findings.append(
            Finding(CONFLICT, f"summary.{code}", ERROR, (cell,), item=one.department, facts=facts)
        )
    one.status = worst(one.findings)
    selection.conflicts.append(one)
    selection.rivals[one.path] = rival
    _set_aside(one, say(f"report.skip_{code}", **facts), selection)


def _set_aside(one: Reduced, reason: str, selection: Selection) -> None:
    selection.accepted.remove(one)
    selection.skipped.append((one, reason))
