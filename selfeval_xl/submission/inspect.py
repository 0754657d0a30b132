"""One file looked at: read, placed, checked, or refused with the reason.

Whatever is wrong with a file ends in a report on it; nothing is raised for a file's
sake, so that one bad file never stops a batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from msgspec import Struct

from selfeval_xl.blueprint.build import build
from selfeval_xl.blueprint.model import Blueprint
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address
from selfeval_xl.findings import Finding, Reconciliation, worst
from selfeval_xl.form.library import settings_for
from selfeval_xl.form.model import Form, Key, Settings
from selfeval_xl.ooxml.book import Book
from selfeval_xl.ooxml.errors import WorkbookUnreadable
from selfeval_xl.submission.check import check
from selfeval_xl.submission.damage import examined
from selfeval_xl.submission.integrity import Damage
from selfeval_xl.submission.model import DataRefused, Entity, Note, Submission
from selfeval_xl.submission.notes import explained
from selfeval_xl.submission.taking import take, take_entities, take_field, take_notes
from selfeval_xl.submission.workbook import WRONG_KIND, Opened, WorkbookRefused, open_workbook
from selfeval_xl.texts import say

DATA_SUFFIX = ".json"
REFUSED = "refused"
MOST_DATA = 50_000_000


class Report(Struct):
    """What one file holds and what was found in it.

    ``reason`` is set where it was refused; ``other_kind`` where it is a workbook of ours
    that nobody fills in, such as a summary.  ``doubts`` are for the bureau alone.  ``taken`` is the report where it was read from data,
    or has been taken from the workbook.
    """

    path: Path
    reason: str | None = None
    findings: list[Finding] = []
    doubts: list[Finding] = []
    reconciliations: list[Reconciliation] = []
    other_kind: bool = False
    blueprint: Blueprint | None = None
    values: Values | None = None
    taken: Submission | None = None
    formats: Mapping[Address, str] = {}

    def look(
        self, *, damage: Damage | None = None, book: Book | None = None, tolerant: Iterable[Address] = ()
    ) -> None:
        """Check the report; *damage*, *book* and *tolerant* are as for :func:`check`."""
        if self.values is None:
            return
        found = check(self.values, damage=damage, book=book, tolerant=tolerant)
        self.reconciliations += found.reconciliations
        self.take(found.findings)

    def take(self, findings: Iterable[Finding]) -> None:
        """Add findings, doubts apart from what the clerk has to put right, with the clerk's explanations."""
        if self.values is None:
            return
        found = list(findings)
        self.doubts += [one for one in found if one.is_doubt]
        self.findings += explained([one for one in found if not one.is_doubt], self.notes, self.values)

    @property
    def notes(self) -> Sequence[Note]:
        """Return the clerk's explanations."""
        if self.taken is not None:
            return self.taken.notes
        return take_notes(self.blueprint, self.values.typed) if self.blueprint and self.values else ()

    @property
    def status(self) -> str:
        """Return ``refused``, or what the worst finding makes of the file."""
        return REFUSED if self.reason is not None else worst(self.findings)

    def field_value(self, key: Key | None) -> Decimal | str | None:
        """Return a single field's value, or ``None`` where the form has no such role."""
        if key is None or self.blueprint is None or self.values is None:
            return None
        if self.taken is not None:
            value = self.taken.fields.get(key)
        else:
            value = take_field(self.blueprint, self.values.typed, key)
        return value if isinstance(value, (Decimal, str)) else None

    @property
    def form(self) -> Form | None:
        """Return the form, unless the file was refused."""
        return None if self.blueprint is None else self.blueprint.form

    @property
    def submission(self) -> Submission | None:
        """Return the report itself, unless the file was refused; taken from the workbook when first asked for."""
        if self.taken is None and self.blueprint is not None and self.values is not None:
            self.taken = take(self.blueprint, self.values.typed)
        return self.taken

    @property
    def entities(self) -> Sequence[Entity]:
        """Return the rows of the tables; the rest of the report need not be taken for them."""
        if self.taken is not None:
            return self.taken.entities
        return take_entities(self.blueprint, self.values.typed) if self.blueprint and self.values else ()

    @property
    def kind(self) -> str | None:
        """Return the kind of workbook, a data file counting as one to be filled in."""
        return None if self.blueprint is None else self.blueprint.kind

    @property
    def department(self) -> str | None:
        """Return the department's name as filled in."""
        found = self.field_value(self.form.roles.department) if self.form else None
        return None if found is None else str(found)

    @property
    def code(self) -> str | None:
        """Return the department's code as filled in."""
        found = self.field_value(self.form.roles.code) if self.form else None
        return None if found is None else str(found)

    @property
    def year(self) -> int | None:
        """Return the year as filled in."""
        found = self.field_value(self.form.roles.year) if self.form else None
        return int(found) if isinstance(found, Decimal) else None

    @property
    def revision(self) -> Decimal:
        """Return which time the department reports; blank, and what is no whole number from 1, counts as the first."""
        found = self.field_value(self.form.roles.revision) if self.form else None
        is_count = isinstance(found, Decimal) and found >= 1 and found == int(found)
        return found if is_count and isinstance(found, Decimal) else Decimal(1)


def inspect(path: Path, settings_file: Path | None = None, *, checked: bool = True) -> Report:
    """Read and check the workbook or data file at *path*.

    *settings_file* counts for data files; a workbook carries its bureau's settings.  What is not *checked* is
    only read, its totals computed from what was typed in.
    """
    try:
        if path.suffix.lower() == DATA_SUFFIX:
            return inspect_data(path, settings_file, checked=checked)
        return inspect_workbook(path, checked=checked)
    except (DataRefused, WorkbookRefused) as refused:
        return refused_report(path, refused)
    except WorkbookUnreadable as unreadable:
        return Report(path, reason=say(f"refused.{unreadable.reason}"))


def refused_report(path: Path, refused: DataRefused | WorkbookRefused) -> Report:
    """Return the report on a file whose values cannot be placed."""
    reason = say(f"refused.{refused.code}", **refused.facts)
    return Report(path, reason=reason, other_kind=refused.code == WRONG_KIND)


def inspect_workbook(path: Path, *, checked: bool = True) -> Report:
    """Read and check a workbook; raises what makes it unreadable or refused."""
    opened = open_workbook(path)
    if not checked:
        return Report(path, blueprint=opened.blueprint, values=Values(opened.blueprint, opened.typed))
    return inspect_opened(path, opened)


def inspect_opened(path: Path, opened: Opened) -> Report:
    """Check a workbook that was opened, from a file or in a program."""
    damage = examined(opened)
    values = Values(opened.blueprint, opened.typed, damage.stated)
    report = Report(path, blueprint=opened.blueprint, values=values)
    report.look(damage=damage, book=opened.book)
    return report


def inspect_data(path: Path, settings_file: Path | None = None, *, checked: bool = True) -> Report:
    """Read and check a data file; raises ``DataRefused``."""
    from selfeval_xl.submission.data import read_data

    try:
        if path.stat().st_size > MOST_DATA:
            raise DataRefused("too_large")
        content = path.read_bytes()
    except OSError as fault:
        raise DataRefused("no_access" if isinstance(fault, PermissionError) else "missing") from None
    submission = read_data(content)
    settings = settings_for(submission.form, settings_file)
    roles, fields = submission.form.roles, submission.fields
    named = (str(fields.get(key) or "") for key in (roles.department, roles.code) if key is not None)
    return inspect_submission(path, submission, settings.for_department(*named), checked=checked)


def inspect_submission(
    path: Path, submission: Submission, settings: Settings, *, checked: bool = True
) -> Report:
    """Place a report in a blueprint of its own size and check it."""
    from selfeval_xl.submission.layout import place, shape_for

    year = settings.year or submission.form.edition
    blueprint = build(submission.form, settings, shape_for(submission), year)
    placed = place(submission, blueprint)
    values = Values(blueprint, placed.typed, placed.stated if checked else None)
    report = Report(path, blueprint=blueprint, values=values, taken=submission, formats=placed.formats)
    if checked:
        report.look(tolerant=placed.stated)
    return report
