"""What a report tells of one checked file; anything with these properties will do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from selfeval_xl.findings import Finding, Reconciliation
from selfeval_xl.form.model import Silenced


class Checked(Protocol):
    """A file with what was found in it; a refused one has a ``reason`` and hardly anything else."""

    @property
    def path(self) -> Path:
        """Return where the file lies."""

    @property
    def status(self) -> str:
        """Return ``clean``, ``info``, ``warnings``, ``errors`` or ``refused``."""

    @property
    def reason(self) -> str | None:
        """Return why the file was refused."""

    @property
    def findings(self) -> Sequence[Finding]:
        """Return what was found, in the order of explanation."""

    @property
    def doubts(self) -> Sequence[Finding]:
        """Return what only the bureau weighs."""

    @property
    def reconciliations(self) -> Sequence[Reconciliation]:
        """Return the figures in prose that differ for a reason that the tables show."""

    @property
    def silenced(self) -> Sequence[Silenced]:
        """Return the rules that were not run."""

    @property
    def kind(self) -> str | None:
        """Return the kind of workbook."""

    @property
    def department(self) -> str | None:
        """Return the department's name."""

    @property
    def code(self) -> str | None:
        """Return the department's code."""

    @property
    def year(self) -> int | None:
        """Return the year that is reported on."""

    @property
    def revision(self) -> Decimal:
        """Return which time the department reports."""

    @property
    def report_date(self) -> str | None:
        """Return the date on the report."""

    @property
    def counts(self) -> Mapping[str, int]:
        """Return how many findings stand on their own: ``errors``, ``warnings``, ``infos``, ``explained``."""

    @property
    def bases(self) -> Mapping[str, str]:
        """Return what each rule rests on."""
