"""Checks one file against other papers, after its own check."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from selfeval_xl.consolidation.reduce import Reduced, Remark, identified, reduced
from selfeval_xl.form.model import Rule
from selfeval_xl.papers.against import CARRY as LISTED_CARRY
from selfeval_xl.papers.against import cap, compare_listed, over_budget
from selfeval_xl.papers.carried import assets, bought, carry, moved, surplus
from selfeval_xl.papers.changes import changes, units, up
from selfeval_xl.papers.figures import Figures, figures_of, rounded
from selfeval_xl.papers.identity import roster, same
from selfeval_xl.papers.listed import BUDGET, PREVIOUS, extract, read_listed
from selfeval_xl.papers.previous import PastFile, choose, past_figures
from selfeval_xl.papers.trail import Trail
from selfeval_xl.papers.years import Years
from selfeval_xl.submission.inspect import Report, inspect
from selfeval_xl.submission.prose import of_last_year

SAME, CARRY, UP, CAP = "previous.same", "previous.carry", "previous.up", "reference.cap"
ACROSS: dict[str, Callable[[Years, Rule], None]] = {
    SAME: same,
    "previous.units": units,
    "previous.roster": roster,
    CARRY: carry,
    UP: up,
    "previous.change": changes,
    "previous.bought": bought,
    "previous.moved": moved,
    "previous.surplus": surplus,
    "previous.assets": assets,
}
"""The checks against last year, in the order of explanation."""


class Papers(Struct, frozen=True):
    """What reports are held against: last year's files, ``None`` if nobody gave any, and a list."""

    previous: tuple[PastFile, ...] | None = None
    listed: Path | None = None


def check_with(
    path: Path, papers: Papers, settings_file: Path | None = None, *, whole: bool = False
) -> Reduced:
    """Read and check one file, also against other papers; its rows only where it is wanted *whole*."""
    report = inspect(path, settings_file)
    remarks = compare(report, papers)
    result = reduced(report) if whole else identified(report)
    result.remarks = remarks
    return result


def compare(report: Report, papers: Papers) -> list[Remark]:
    """Add to a report what other papers say against it; return remarks on how that was done."""
    this = figures_of(report)
    if this is None or report.blueprint is None:
        return []
    trail, remarks = Trail(report, report.blueprint, this), list[Remark]()
    listed = _listed(trail, papers, remarks)
    _across(trail, papers, listed, remarks)
    compare_listed(trail, listed)
    if BUDGET in listed:
        over_budget(trail, listed[BUDGET], trail.rules(UP))
        cap(trail, listed[BUDGET], trail.rules(CAP))
    report.take(trail.findings)
    return remarks


def _listed(trail: Trail, papers: Papers, remarks: list[Remark]) -> dict[str, Figures]:
    """Return what the list says of this department, by category."""
    if papers.listed is None:
        return {}
    listed = read_listed(papers.listed)
    entries = listed.of(trail.report.code, trail.report.department)
    if not entries:
        remarks.append(Remark("not_listed", _names(trail)))
    found = extract(listed, trail.form, entries, trail.this.rows, trail.report.department)
    remarks += found.remarks
    return found.figures


def _names(trail: Trail) -> dict[str, str]:
    return {"name": trail.report.path.name, "department": trail.report.department or ""}


def _across(trail: Trail, papers: Papers, listed: dict[str, Figures], remarks: list[Remark]) -> None:
    """Compare with last year's report; without one, with what the list gives of last year."""
    past = rounded(listed[PREVIOUS], trail.form.decimals) if PREVIOUS in listed else None
    checks = _of_a_list(trail)
    if papers.previous is not None:
        chosen = choose(papers.previous, trail, remarks)
        found = None if chosen is None else past_figures(chosen.file.path, trail.form)
        if chosen is not None and found is not None:
            past, checks = found, {SAME: same} if chosen.is_same_year else ACROSS
        elif past is None:
            remarks.append(Remark("no_previous", _names(trail)))
    if past is not None:
        across(trail, past, listed.get(BUDGET), checks)
        if UP in checks:
            _retold(trail, past)


def _retold(trail: Trail, past: Figures) -> None:
    """Hold what the texts say of last year against it."""
    total, values = past.rows[0], trail.report.values
    if values is not None:
        keys = [key for key in trail.form.columns if past.knows(total, key)]
        for finding in of_last_year(values, {key: total.amounts.get(key) for key in keys}):
            trail.add(finding)


def _of_a_list(trail: Trail) -> Mapping[str, Callable[[Years, Rule], None]]:
    """Return the checks against what a list gives of last year; the form may have a rule of its own on what came over."""
    return {check: run for check, run in ACROSS.items() if check != CARRY or not trail.rules(LISTED_CARRY)}


def across(
    trail: Trail,
    past: Figures,
    budget: Figures | None = None,
    checks: Mapping[str, Callable[[Years, Rule], None]] = ACROSS,
) -> None:
    """Run the *checks* against last year's figures."""
    years = Years.of(trail, past, budget)
    for check, function in checks.items():
        for rule in trail.rules(check):
            function(years, rule)
