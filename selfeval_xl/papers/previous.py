"""Last year's reports: which files there are, and which one is a department's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache, partial
from pathlib import Path

from msgspec import Struct

from selfeval_xl.blueprint.identity import FINAL
from selfeval_xl.consolidation.reduce import Reduced, Remark, identify_file
from selfeval_xl.form.load import load_form
from selfeval_xl.form.model import Form
from selfeval_xl.names import match_key
from selfeval_xl.papers.figures import Figures, as_in, counterparts, figures_of
from selfeval_xl.papers.trail import Trail
from selfeval_xl.runs.pool import run
from selfeval_xl.submission.inspect import inspect


class PastFile(Struct, frozen=True):
    """One of last year's files: whose it is; small enough to travel between processes.

    ``name`` is the key under which the department's name is compared.
    """

    path: Path
    form_id: str
    code: str | None
    name: str
    year: int | None
    is_final: bool
    revision: Decimal
    entity_only: bool

    @property
    def rank(self) -> tuple[bool, Decimal]:
        """Return what a consolidation chooses by: finished before filled in, then the later time of reporting."""
        return self.is_final, self.revision


class Chosen(Struct, frozen=True):
    """A department's file of last year; ``is_same_year`` tells that it is none of last year's."""

    file: PastFile
    is_same_year: bool = False


def past_files(
    paths: Sequence[Path], settings_file: Path | None, jobs: int
) -> tuple[list[PastFile], list[Reduced]]:
    """Return the files at *paths* that can be compared with, and those that were refused."""
    files: list[PastFile] = []
    refused: list[Reduced] = []
    for one in run(partial(identify_file, settings_file=settings_file), paths, jobs):
        if one.form_path is None:
            refused.append(one)
            continue
        who = one.code, match_key(one.department or ""), one.year
        rank = one.kind == FINAL, one.revision
        files.append(PastFile(one.path, load_form(one.form_path).id, *who, *rank, one.entity_only))
    return files, refused


def choose(files: Iterable[PastFile], trail: Trail, remarks: list[Remark]) -> Chosen | None:
    """Return the file of the department's last year, or ``None``.

    One of another year counts if it is the only one, with a remark; one of the same year only to tell whether
    the same figures are there again.
    """
    report, year = trail.report, trail.report.year
    mine = _departments(files, trail)
    of_year = [one for one in mine if year is None or one.year in (None, year - 1)]
    candidates = of_year or (mine if len(mine) == 1 else [])
    if not candidates:
        return None
    best = max(candidates, key=lambda one: (one.rank, str(one.path)))
    facts = {"name": report.path.name, "previous": best.path.name, "year": str(best.year)}
    if len(candidates) > 1:
        remarks.append(Remark("several", facts))
    if of_year or year is None:
        return Chosen(best)
    is_same = best.year == year
    remarks.append(Remark("same_year" if is_same else "other_year", {**facts, "wanted": str(year - 1)}))
    return Chosen(best, is_same)


def _departments(files: Iterable[PastFile], trail: Trail) -> list[PastFile]:
    """Return the files of the report's department and form, itself left out: by code where both have one, else by name."""
    report, is_entity = trail.report, trail.blueprint.shape.entity
    code, name, itself = report.code, match_key(report.department or ""), report.path.resolve()
    return [
        one
        for one in files
        if (one.code == code if one.code and code else one.name == name != "")
        and (one.form_id, one.entity_only) == (trail.form.id, is_entity)
        and one.path.resolve() != itself
        and (not is_entity or _is_of_entity(one, trail))
    ]


def _is_of_entity(file: PastFile, trail: Trail) -> bool:
    past = past_figures(file.path, trail.form)
    return past is not None and bool(counterparts(trail.form, trail.this.rows, past.rows))


@lru_cache(maxsize=16)
def past_figures(path: Path, form: Form) -> Figures | None:
    """Return a file's figures under the items of *form*; ``None`` where it cannot be read any more."""
    report = inspect(path, checked=False)
    found = figures_of(report)
    return None if found is None or report.form is None else as_in(form, report.form, found)
