"""What a department's own consolidation reads: an entity's workbook, the head's, or one with several entities."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from selfeval_xl.consolidation.reduce import Reduced, reduced
from selfeval_xl.form.heads import head_names
from selfeval_xl.form.load import load_form
from selfeval_xl.form.model import Settings
from selfeval_xl.names import match_key

if TYPE_CHECKING:
    from selfeval_xl.blueprint.model import TablePlace
    from selfeval_xl.submission.model import Entity, Submission


class Part(Struct):
    """One file with its report, and where its tables stand; small enough to travel between processes."""

    reduced: Reduced
    submission: Submission | None = None
    settings: Settings | None = None
    year: int | None = None
    tables: dict[str, TablePlace] = {}


def read_part(path: Path, settings_file: Path | None = None) -> Part:
    """Read and check one file; a refused one has no report."""
    from selfeval_xl.submission.inspect import inspect

    report = inspect(path, settings_file)
    part = Part(reduced(report), report.submission)
    if report.blueprint is not None:
        part.settings, part.year = report.blueprint.settings, report.blueprint.year
        part.tables = report.blueprint.places.tables
    return part


class Single(Struct):
    """A report on one entity: an entity's workbook, or a department's with one row filled in."""

    part: Part
    submission: Submission
    entity: Entity
    name: str | None
    code: str | None
    is_head: bool

    @property
    def reduced(self) -> Reduced:
        """Return what a list of files says of it."""
        return self.part.reduced

    def matches(self, code: str | None, name: str | None) -> bool:
        """Tell whether it is the entity with this code and name: codes win over names."""
        return same(self.code, self.name, code, name)


def same(code: str | None, name: str | None, other_code: str | None, other_name: str | None) -> bool:
    """Tell whether two are the same: by code where both have one, else by name."""
    if code and other_code:
        return code == other_code
    return match_key(name or "") == match_key(other_name or "") != ""


def code_of(entity: Entity) -> str | None:
    """Return the entity's code, which is the first attribute of a row."""
    return next(iter(entity.attributes.values()), None)


def single(part: Part) -> Single | None:
    """Return the report on one entity, or ``None`` where the file is refused or holds several.

    In a department's workbook the first row is called the head; it is the head's only where the
    file turns out to be the head's own: a sub-agency may have filled in that workbook for itself.
    """
    if part.submission is None or part.reduced.form_path is None:
        return None
    # A form that came from another process is another object; the form is compared by identity.
    part.submission.form = form = load_form(part.reduced.form_path)
    submission, report = part.submission, part.reduced
    rows = filled_rows(submission)
    if len(rows) > 1:
        return None
    row = rows[0] if rows else 0
    entity = submission.entities[row]
    code = code_of(entity)
    if submission.entity_only or row:
        is_head = match_key(entity.name or "") in head_names(form, report.department)
        return Single(part, submission, entity, entity.name, code, is_head)
    return Single(part, submission, entity, report.department, code or report.code, is_head=True)


def filled_rows(submission: Submission) -> list[int]:
    """Return the 0-based rows in which an amount stands; names alone come from the roster."""
    return [
        index
        for index, entity in enumerate(submission.entities)
        if any(amount is not None for amount in entity.amounts.values())
    ]
