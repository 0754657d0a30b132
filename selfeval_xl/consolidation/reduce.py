"""One file reduced to what a summary and a list of findings need; small, and fit to travel between processes.

What reads and checks a file is imported when one is read: most runs know nearly all files from an earlier one.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from selfeval_xl.cells import Address, Value
from selfeval_xl.consolidation.members import Scored
from selfeval_xl.consolidation.packed import Packed
from selfeval_xl.findings import ERROR, INFO, WARNING, Finding, Reconciliation
from selfeval_xl.form.library import present
from selfeval_xl.form.load import load_form
from selfeval_xl.form.model import Key, Settings, Silenced
from selfeval_xl.names import match_key

if TYPE_CHECKING:
    from selfeval_xl.blueprint.model import Blueprint
    from selfeval_xl.blueprint.screen import Figures
    from selfeval_xl.blueprint.values import Values
    from selfeval_xl.submission.inspect import Report
    from selfeval_xl.submission.model import Submission


class Remark(Struct, frozen=True):
    """Something about how a file was checked that is no finding; ``facts`` are for its sentence."""

    code: str
    facts: Mapping[str, str]


class Line(Struct):
    """One row of the tables: an entity, or the department's total row; amounts by item, computed ones too.

    What a region's summary lists has a code, the cells where it stands by table, and the file that it comes from.
    """

    name: str | None
    amounts: Mapping[Key, Value]
    code: str | None = None
    places: Mapping[str, Address] | None = None
    source: str | None = None


class Reduced(Struct):
    """What a file says.  ``lines[0]`` is the total row; amounts are in the form's unit.

    ``first_cells`` says where that row begins in each table of the file; the others are below it.
    ``sha256`` is of the file, ``content`` of the report in it, however it was saved.
    ``remarks`` are for whoever runs the check.  A region's summary has its departments as ``members``, and
    a ``level`` above 0: it sums up reports, or summaries of the level below;
    ``parts`` are the digests of its files, ``carried`` how many errors and warnings stand in them.  ``staff`` is the number of people.
    """

    path: Path
    status: str
    reason: str | None = None
    findings: list[Finding] = []
    doubts: list[Finding] = []
    reconciliations: list[Reconciliation] = []
    silenced: tuple[Silenced, ...] = ()
    form_path: Path | None = None
    settings: Settings | None = None
    kind: str | None = None
    entity_only: bool = False
    other_kind: bool = False
    department: str | None = None
    code: str | None = None
    year: int | None = None
    revision: Decimal = Decimal(1)
    report_date: str | None = None
    score: Decimal | str | None = None
    grade: str | None = None
    lines: list[Line] = []
    first_cells: dict[str, Address] = {}
    department_cell: Address | None = None
    revision_cell: Address | None = None
    sha256: str = ""
    content: str = ""
    remarks: list[Remark] = []
    members: list[Scored] | None = None
    parts: frozenset[str] = frozenset()
    carried: Mapping[str, int] = {}
    staff: Decimal | None = None
    level: int = 0

    @property
    def key(self) -> str:
        """Return what identifies the department: its code, else its name."""
        return self.code or match_key(self.department or "") or str(self.path)

    def count(self, severity: str) -> int:
        """Return the number of findings of a severity that stand on their own."""
        return sum(finding.severity == severity and finding.follows is None for finding in self.findings)

    @property
    def explained(self) -> int:
        """Return the number of warnings with an explanation that holds."""
        return sum(one.follows is None and one.explanation is not None for one in self.findings)

    @property
    def counts(self) -> dict[str, int]:
        """Return how many findings stand on their own, for a sentence: by severity, and how many are explained."""
        by_severity = {"errors": ERROR, "warnings": WARNING, "infos": INFO}
        counts = {name: self.count(severity) for name, severity in by_severity.items()}
        return {**counts, "explained": self.explained}

    @property
    def bases(self) -> Mapping[str, str]:
        """Return what each rule of the file's form rests on."""
        return (
            {} if self.form_path is None else {one.id: one.basis for one in load_form(self.form_path).rules}
        )

    @property
    def has_errors(self) -> bool:
        """Tell whether something is wrong that bars the report."""
        return self.count(ERROR) > 0

    @property
    def has_open_warnings(self) -> bool:
        """Tell whether something wants an explanation and has none."""
        return any(finding.severity == WARNING and finding.is_open for finding in self.findings)


def reduce_file(path: Path, settings_file: Path | None = None) -> Reduced:
    """Read, check and reduce one file."""
    return reduced(_inspect(path, settings_file))


def check_file(path: Path, settings_file: Path | None = None) -> Reduced:
    """Read and check one file of which only the findings are wanted, not its rows."""
    return identified(_inspect(path, settings_file))


def identify_file(path: Path, settings_file: Path | None = None) -> Reduced:
    """Read one file of which is only asked whose it is."""
    return identified(_inspect(path, settings_file, checked=False))


def _inspect(path: Path, settings_file: Path | None, *, checked: bool = True) -> Report:
    from selfeval_xl.submission.inspect import inspect

    return inspect(path, settings_file, checked=checked)


def reduced(report: Report) -> Reduced:
    """Reduce a report; a refused one keeps its reason."""
    result = identified(report)
    result.sha256 = digest(report.path)
    if report.blueprint is not None and report.submission is not None:
        result.lines = _lines(report)
        result.first_cells = _first_cells(report.blueprint)
        result.content = _content(report.submission)
    return result


def identified(report: Report) -> Reduced:
    """Return who reports, and what was found, without the rows."""
    result = Reduced(
        report.path,
        report.status,
        report.reason,
        report.findings,
        report.doubts,
        report.reconciliations,
        other_kind=report.other_kind,
    )
    form = report.form
    if form is None or report.blueprint is None:
        return result
    roles = form.roles
    score, grade = report.field_value(roles.score), report.field_value(roles.grade)
    date = report.field_value(roles.report_date)
    result.form_path, result.kind = present(form), report.kind
    result.settings = report.blueprint.settings
    result.silenced = result.settings.silenced
    result.entity_only = report.blueprint.shape.entity
    result.department, result.code, result.year = report.department, report.code, report.year
    result.revision, result.score = report.revision, score
    result.report_date = None if date is None else str(date)
    result.grade = None if grade is None else str(grade)
    staff = None if form.per_head is None else report.field_value(form.per_head.staff)
    result.staff = staff if isinstance(staff, Decimal) else None
    result.department_cell = report.blueprint.places.fields[roles.department]
    result.revision_cell = report.blueprint.places.fields.get(roles.revision) if roles.revision else None
    return result


def _lines(report: Report) -> list[Line]:
    if report.blueprint is None or report.values is None or report.submission is None or report.form is None:
        return []
    from selfeval_xl.blueprint.screen import screen_of
    from selfeval_xl.blueprint.values import Values

    # Computed anew: a total that somebody printed or typed over is a finding, and no figure to add up.
    values = Values(report.blueprint, report.values.typed)
    figures = screen_of(report.blueprint).figures(values)
    keys, decimals = tuple(report.form.columns), report.form.decimals
    names = [report.form.names.total_label, *(entity.name for entity in report.submission.entities)]
    return [
        Line(name, Packed(keys, _amounts(values, figures, index), decimals))
        for index, name in enumerate(names)
    ]


@lru_cache(maxsize=64)
def _first_cells(blueprint: Blueprint) -> dict[str, Address]:
    return {label: table.cell("", 0) for label, table in blueprint.places.tables.items()}


def _amounts(values: Values, figures: Figures | None, index: int) -> dict[Key, Value]:
    """Return the amounts of a row, without those that show nothing."""
    if figures is not None:
        return {key: column[index] for key, column in figures.amounts.items() if figures.filled[key][index]}
    shown = {
        (table.label, label): values(table.cell(label, index))
        for table in values.blueprint.places.tables.values()
        for label in table.columns
    }
    return {key: value for key, value in shown.items() if value not in (None, "")}


def _content(submission: Submission) -> str:
    """Return a digest of all that was filled in, printed totals too."""
    import hashlib
    import json

    from selfeval_xl.submission.dump import to_data

    told = f"{json.dumps(to_data(submission), ensure_ascii=False)}{sorted(submission.printed.items())}"
    return hashlib.sha256(told.encode("utf-8")).hexdigest()


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, ``""`` where it cannot be read."""
    import hashlib

    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""
