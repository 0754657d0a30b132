"""What roster and ledger come to in a run: who is missing, what was entered, what does not go together."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from selfeval_xl.blueprint.identity import SUMMARY
from selfeval_xl.cells import Address
from selfeval_xl.consolidation.entering import OTHER_CODE, Entering, code_findings, not_reported
from selfeval_xl.consolidation.ledger import Ledger
from selfeval_xl.consolidation.reduce import Reduced, digest
from selfeval_xl.consolidation.roster import NOT_EXPECTED, NOT_LISTED, Roster
from selfeval_xl.consolidation.select import Selection, has_other_name, name_beside, select
from selfeval_xl.findings import ERROR, WARNING, Finding, worst
from selfeval_xl.form.library import DEFAULT_FORM, find_form
from selfeval_xl.form.load import load_form
from selfeval_xl.form.model import Form, Settings
from selfeval_xl.jobs.forms import settings_named
from selfeval_xl.jobs.ledger import ledger_written, today
from selfeval_xl.texts import say

CONFLICT = "R-04"


class Received(Struct, frozen=True):
    """The ledger into which a run enters its files, and the day of their receipt.

    With *passed_only* nothing counts but what the ledger says was passed.
    """

    ledger: Ledger
    day: datetime.date
    passed_only: bool = False


class Register(Struct):
    """The findings about no single file, and with a ledger the departments whose row was changed.

    ``settled`` are checked files of which nobody wants to hear any more: a later one is there, or they were passed.
    ``unentered`` are those that are none of the ledger's, each with the reason.
    """

    findings: list[Finding] = []
    ledger: Ledger | None = None
    entered: list[str] = []
    form: Form | None = None
    settings: Settings | None = None
    year: int | None = None
    settled: list[Reduced] = []
    unentered: list[tuple[Reduced, str]] = []

    @property
    def has_errors(self) -> bool:
        """Tell whether one of the findings is an error."""
        return any(finding.severity == ERROR for finding in self.findings)


def registered(
    selection: Selection,
    roster: Roster | None,
    received: Received | None,
    settings: Settings,
    *,
    all_departments: bool = True,
) -> Register:
    """Enter a selection into the ledger and compare it with the roster.

    What is missing is found only where the run is over *all_departments*.
    """
    register = Register([] if roster is None else list(roster.findings))
    ledger, day = None, today()
    if received is not None:
        ledger, day = received.ledger, received.day
        passed_only = received.passed_only
        entering = Entering(ledger, day, all=all_departments, passed_only=passed_only)
        entered = entering.enter(selection, roster)
        register.ledger, register.entered = ledger, entered.departments
        register.findings += entered.findings
    if all_departments:
        there = [*selection.accepted, *selection.conflicts]
        register.findings += not_reported(there, roster, ledger, settings.deadline, day, selection.unused)
    return register


def expected(
    ledger: Ledger, roster: Roster, form: Form, settings: Settings, year: int | None
) -> list[Finding]:
    """Write into the ledger who is due by the roster; return what nobody can read in it."""
    entered = Entering(ledger, today()).enter(Selection(), roster)
    with ledger_written(ledger, form, settings, year):
        pass
    return entered.findings


def enter_checked(
    results: Sequence[Reduced], received: Received, settings_file: Path | None = None
) -> Register:
    """Enter files that were checked, which need not be all; rivals among them are marked.  Nothing is written yet."""
    for one in results:
        one.sha256 = one.sha256 or digest(one.path)
    selection = select(results, received.ledger.passed)
    mark_conflicts(selection)
    form = find_form(DEFAULT_FORM) if selection.form_path is None else load_form(selection.form_path)
    settings = settings_named(form, settings_file)
    register = registered(selection, None, received, settings, all_departments=False)
    mark_renamed(selection)
    register.form, register.settings, register.year = form, settings, selection.year
    passed = received.ledger.passed
    register.unentered = list(_unentered(selection))
    register.settled = [*selection.aside, *(one for one in selection.accepted if one.sha256 in passed)]
    return register


def _unentered(selection: Selection) -> Iterator[tuple[Reduced, str]]:
    """Yield the reports that the ledger does not hear of, without rivals, which say so themselves."""
    told = {id(one) for one in (*selection.aside, *selection.conflicts)}
    yield from ((one, why) for one, why in selection.skipped if id(one) not in told and not one.other_kind)
    nameless = say("report.nameless")
    yield from ((one, nameless) for one in selection.accepted if not (one.code or one.department))


def write_register(register: Register) -> None:
    """Write the ledger after :func:`enter_checked`."""
    if register.form is not None and register.settings is not None:
        with ledger_written(register.ledger, register.form, register.settings, register.year):
            pass


def mark_conflicts(selection: Selection) -> None:
    """Add to every file that a rival excludes the finding that says so."""
    for one in selection.conflicts:
        if any(finding.rule == CONFLICT for finding in one.findings):
            continue
        cell = one.department_cell or Address("", 1, 1)
        rival = selection.rivals[one.path]
        is_other = has_other_name(one, rival)
        code = (
            "summary.same_region"
            if one.kind == SUMMARY
            else f"duplicate.{'code' if is_other else 'conflict'}"
        )
        facts = _facts_of(rival, one)
        finding = Finding(CONFLICT, code, ERROR, (cell,), item=one.department, facts=facts)
        one.findings.append(finding)
        one.status = "errors"


def mark_renamed(selection: Selection) -> None:
    """Add to every file that replaces one of another name that it does, unless roster or ledger said whose its code is."""
    for one, other in selection.renamed:
        if any(finding.rule == OTHER_CODE for finding in one.findings):
            continue
        cell = one.department_cell or Address("", 1, 1)
        facts = _facts_of(other, one)
        found = Finding(OTHER_CODE, "duplicate.renamed", WARNING, (cell,), item=one.department, facts=facts)
        one.findings.append(found)
        one.status = worst(one.findings)


def _facts_of(other: Reduced, one: Reduced) -> dict[str, str]:
    """Return what a sentence says of another file of the same code as *one*."""
    return {"name": name_beside(other, one), "code": one.code or "", "other": other.department or ""}


def compare_with_roster(selection: Selection, roster: Roster) -> None:
    """Add to accepted files what the roster says against them: not listed, not expected, or under another's code."""
    for one in selection.accepted:
        found = list(_against_roster(one, roster))
        one.findings += found
        one.status = worst(one.findings) if found else one.status


def _against_roster(one: Reduced, roster: Roster) -> Iterator[Finding]:
    row = roster.row_of(one.code, one.department)
    cell = one.department_cell or Address("", 1, 1)
    if row is None:
        yield Finding(NOT_LISTED, "roster.not_listed", WARNING, (cell,), item=one.department)
        return
    if not row.is_due:
        facts = {"text": str(row.state)}
        yield Finding(NOT_EXPECTED, "roster.not_due", WARNING, (cell,), item=one.department, facts=facts)
    if not any(finding.rule == OTHER_CODE for finding in one.findings):
        own = roster.row_of(None, one.department)
        yield from code_findings(one, (row.code, row.name), None if own is None else own.code)
