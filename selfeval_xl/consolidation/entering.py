"""What was received is entered into the ledger; what does not go with it is found.

The time of reporting decides: a later one is entered, the same one again is nothing new, and another file
under the same number is a finding.  What the reviewers passed is never entered over.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from msgspec import Struct, field
from msgspec.structs import replace

from selfeval_xl.amounts import ZERO
from selfeval_xl.cells import Address
from selfeval_xl.consolidation.ledger import (
    AGAIN,
    DAYS,
    MISSING,
    PASSED,
    REPORTED,
    RETURNED,
    STATES,
    Ledger,
    LedgerRow,
)
from selfeval_xl.consolidation.parts import same
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.consolidation.roster import Roster
from selfeval_xl.consolidation.select import Selection
from selfeval_xl.findings import ERROR, INFO, WARNING, Finding, worst
from selfeval_xl.form.load import load_form
from selfeval_xl.names import match_key
from selfeval_xl.texts import say

NOT_REPORTED, OTHER_PASSED, SAME_REVISION = "R-01", "R-13", "R-14"
LEAST_OF_NAME = 3
STILL_RETURNED, NOT_FOUND, UNREADABLE, OTHER_CODE = "R-15", "R-16", "R-17", "R-18"


class Entered(Struct):
    """What an entering came to: the departments whose row was changed, and findings about no single file."""

    departments: list[str] = []
    findings: list[Finding] = []


class Entering(Struct):
    """One run's files on their way into the ledger.

    ``day`` is the day of receipt.  Where the run is over *all* departments, what the ledger names and the run
    lacks is found too; ``passed_only`` says that nothing counts but what the reviewers passed.
    """

    ledger: Ledger
    day: datetime.date
    all: bool = False
    passed_only: bool = False
    result: Entered = field(default_factory=Entered)
    known: dict[str, Reduced] = {}

    def enter(self, received: Selection, roster: Roster | None = None) -> Entered:
        """Enter what counts of the received files, and with a roster who is due."""
        files = [*received.accepted, *(one for one, _ in received.skipped)]
        self.known = {one.sha256: one for one in reversed(files) if one.sha256}
        self._look_through()
        if roster is not None:
            self._expect(roster)
        for one in received.accepted:
            # One without both would be a new row in every run.
            if one.code or one.department:
                self._receive(one, roster)
        if self.all:
            there = [*received.accepted, *received.conflicts]
            self._look_for(there)
        changed = [row for row in self.ledger.rows if row.changes]
        self.result.departments = [row.name or row.code or "" for row in changed]
        return self.result

    def _look_through(self) -> None:
        """Find what nobody can read, in whichever row."""
        states = say("word.and").join(say(f"ledger.state_{state}") for state in STATES)
        for row in self.ledger.rows:
            for column in row.unreadable():
                facts = {"text": row.text(column) or "", "heading": say(f"ledger.{column}"), "states": states}
                code = "ledger.not_day" if column in DAYS else f"ledger.not_{column}"
                self._find(UNREADABLE, code, WARNING, row, column, **facts)

    def _expect(self, roster: Roster) -> None:
        """Add the departments that are due, and fill in what the roster knows of those that are there."""
        for listed in roster.rows:
            row = self.ledger.row_of(listed.code, listed.name)
            if row is None:
                if listed.is_due:
                    state = say(f"ledger.state_{MISSING}")
                    self.ledger.add(listed.code, listed.name, office=listed.office, state=state)
                continue
            if listed.is_due:
                row.enter(state=row.text("state") or say(f"ledger.state_{MISSING}"))
            row.enter(code=row.code or listed.code, office=row.text("office") or listed.office)

    def _receive(self, one: Reduced, roster: Roster | None) -> None:
        row = self.ledger.row_of(one.code, one.department)
        if row is None:
            listed = None if roster is None else roster.row_of(one.code, one.department)
            office = None if listed is None else listed.office
            row = self.ledger.add(one.code, one.department or one.path.stem, office=office)
        elif self._is_anothers(one, row):
            return
        try:
            revision, state = row.revision, row.state
        except ValueError:  # told of all rows at once
            return
        if self._is_recorded(one, row, revision):
            self._complete(one, row, state)
            if self.all and not self.passed_only and state == RETURNED:
                self._find(STILL_RETURNED, "ledger.returned", WARNING, row, name=one.path.name)
        elif one.revision_cell is not None and revision is not None and one.revision < revision:
            self._find_older(one, row)
        elif state == PASSED:
            self._find_other(one, row)
        elif one.revision_cell is None:
            # Where a form does not count the times, another file is the next one.
            self._record(one, row, (revision or ZERO) + 1)
        elif revision is None or one.revision > revision:
            self._record(one, row)
        else:
            self._find_same_revision(one, row)

    def _is_anothers(self, one: Reduced, row: LedgerRow) -> bool:
        """Tell whether a report came under the code of another department, whose row it must not take."""
        own = self.ledger.row_of(None, one.department)
        if own is None or own is row:
            return False
        found = list(code_findings(one, (row.code, row.name or ""), own.code))
        one.findings += found
        one.status = worst(one.findings)
        return any(finding.severity == ERROR for finding in found)

    def _is_recorded(self, one: Reduced, row: LedgerRow, revision: Decimal | None) -> bool:
        """Tell whether the row is about this report, in this file or in another one that says the same."""
        if row.hash is None:
            is_same_number = one.revision_cell is None or revision in (None, one.revision)
            return is_same_number and bool(row.text("state") or revision is not None)
        other = self.known.get(row.hash)
        return one.sha256 == row.hash or (
            other is not None and bool(one.content) and one.content == other.content
        )

    def _complete(self, one: Reduced, row: LedgerRow, state: str | None) -> None:
        """Fill in what a row lacks of a report that it is about."""
        if state in (None, MISSING):
            self._record(one, row)
            return
        file = one.path.name if row.hash is None else row.text("file") or one.path.name
        row.enter(
            received=row.text("received") or self.day.isoformat(),
            revision=row.revision or one.revision,
            hash=row.text("hash") or one.sha256,
            file=file,
        )

    def _record(self, one: Reduced, row: LedgerRow, revision: Decimal | None = None) -> None:
        """Enter a report that was not there before, by default under its own number."""
        revision = revision or one.revision
        state = REPORTED if revision <= 1 else AGAIN
        row.enter(
            received=self.day.isoformat(),
            revision=revision,
            hash=one.sha256,
            state=say(f"ledger.state_{state}"),
            file=one.path.name,
        )

    def _look_for(self, there: Sequence[Reduced]) -> None:
        """Find what the ledger says was received and the run has not."""
        found = {id(self.ledger.row_of(one.code, one.department)) for one in there}
        for row in self.ledger.rows:
            if id(row) not in found and row.hash is not None:
                self._find(NOT_FOUND, "ledger.lost", ERROR, row, **_recorded(row))

    def _find_older(self, one: Reduced, row: LedgerRow) -> None:
        facts = {"name": one.path.name, "other": format(one.revision, "f"), **_recorded(row)}
        self._find(NOT_FOUND, "ledger.older", ERROR, row, **facts)

    def _find_other(self, one: Reduced, row: LedgerRow) -> None:
        """Say that the reviewers passed another file than the one that was received last."""
        is_there = self.passed_only and row.hash in self.known
        facts = {"name": one.path.name, "other": format(one.revision, "f"), **_recorded(row)}
        severity = WARNING if is_there else ERROR
        self._find(OTHER_PASSED, "ledger.other_passed", severity, row, **facts)

    def _find_same_revision(self, one: Reduced, row: LedgerRow) -> None:
        """Say in the report itself that it is another one under the number of the one before."""
        cell = one.revision_cell or one.department_cell or Address("", 1, 1)
        facts = {"name": row.text("file") or "", "next": format(one.revision + 1, "f")}
        role = None if one.form_path is None else load_form(one.form_path).roles.revision
        item = None if role is None else role[1]
        found = Finding(SAME_REVISION, "revision.same", ERROR, (cell,), item=item, facts=facts, places=0)
        one.findings.append(replace(found, actual=one.revision))
        one.status = worst(one.findings)

    def _find(
        self, rule: str, code: str, severity: str, row: LedgerRow, column: str = "state", **facts: str
    ) -> None:
        cell = self.ledger.cell(row, column)
        found = Finding(rule, code, severity, (cell,), item=row.name or row.code, facts=facts)
        self.result.findings.append(found)


def _recorded(row: LedgerRow) -> dict[str, str]:
    """Return what a row says of the file that it is about, for a sentence."""
    revision = row.text("revision") or say("word.blank")
    return {"file": row.text("file") or say("word.blank"), "revision": revision}


def code_findings(one: Reduced, listed: tuple[str | None, str], own_code: str | None) -> Iterator[Finding]:
    """Yield what is wrong where a list has another name under a report's code.

    *listed* is the list's code and name; *own_code* is the code that the report's own name has in it.
    """
    code, name = listed
    keys = match_key(name), match_key(one.department or "")
    if not one.code or code != one.code or not all(keys) or keys[0] == keys[1]:
        return
    cell = one.department_cell or Address("", 1, 1)
    facts = {"code": one.code, "text": name}
    if own_code is not None and own_code != one.code:
        found = Finding(OTHER_CODE, "code.other", ERROR, (cell,), item=one.department, facts=facts)
        yield replace(found, expected=own_code)
        return
    is_short = keys[0] in keys[1] or keys[1] in keys[0]
    severity = INFO if is_short else WARNING
    yield Finding(OTHER_CODE, "code.other_name", severity, (cell,), item=one.department, facts=facts)


def not_reported(
    received: Iterable[Reduced],
    roster: Roster | None,
    ledger: Ledger | None,
    deadline: str,
    day: datetime.date,
    unused: Sequence[tuple[Reduced, str]] = (),
) -> list[Finding]:
    """Return who is due, by the roster or else by the ledger, and sent nothing; an error once the *deadline* is over.

    A file among the *unused* that seems to be the department's is named with the reason why it does not count.
    """
    files = list(received)
    severity = ERROR if deadline and day.isoformat() > deadline else INFO
    until = say("roster.until", deadline=deadline) if deadline else ""
    due: list[tuple[str | None, str, Address]] = []
    if roster is not None:
        due = [(row.code, row.name, roster.cell(row)) for row in roster.not_in(files) if row.is_due]
    elif ledger is not None:
        word = say(f"ledger.state_{MISSING}")
        rows = [row for row in ledger.rows if row.text("state") == word]
        due = [(row.code, row.name or "", ledger.cell(row)) for row in rows]
    senders = _senders(unused, [(code, name) for code, name, _ in due])
    found = []
    for number, (_, name, cell) in enumerate(due):
        came = senders.get(number)
        told = "" if came is None else say("roster.came", name=came[0].path.name, reason=came[1])
        facts = {"text": until, "came": told}
        found.append(Finding(NOT_REPORTED, "roster.not_reported", severity, (cell,), item=name, facts=facts))
    return found


def _senders(
    unused: Iterable[tuple[Reduced, str]], due: Sequence[tuple[str | None, str]]
) -> dict[int, tuple[Reduced, str]]:
    """Return the first file that seems to be from each of the departments *due*, by its number among them.

    A file is from whom it says, or else by its own name, if that goes with one department alone.
    """
    keys = [match_key(name) for _, name in due]
    known: dict[str, list[int]] = {}
    for number, ((code, _), key) in enumerate(zip(due, keys, strict=True)):
        for word in {code or key, key}:
            known.setdefault(word, []).append(number)
    found: dict[int, tuple[Reduced, str]] = {}
    for pair in unused:
        one = pair[0]
        if one.department or one.code:
            alike = {one.code or "", match_key(one.department or "")} - {""}
            near = {number for word in alike for number in known.get(word, ())}
            senders = [number for number in near if same(one.code, one.department, *due[number])]
        else:
            called = match_key(one.path.stem)
            fitting = [number for number, key in enumerate(keys) if _goes_with(called, key)]
            senders = fitting if len(fitting) == 1 else []
        for number in senders:
            found.setdefault(number, pair)
    return found


def _goes_with(called: str, name: str) -> bool:
    """Tell whether a file's name holds a department's or enough of its end, where the county's name may lack."""
    end = name[-LEAST_OF_NAME:]
    return len(end) == LEAST_OF_NAME and (end in called or (len(called) > 1 and name.endswith(called)))
