"""Departments' files into one summary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.consolidation.roster import Roster, RosterUnreadable, read_roster
from selfeval_xl.consolidation.select import Selection, select
from selfeval_xl.consolidation.summary import summary_blueprint, table_totals
from selfeval_xl.findings import ERROR, Finding
from selfeval_xl.form.load import load_form
from selfeval_xl.form.model import Form
from selfeval_xl.jobs.files import check_output, output
from selfeval_xl.jobs.forms import settings_named
from selfeval_xl.jobs.problems import WrongUsage
from selfeval_xl.jobs.validate import validate
from selfeval_xl.template.write import write_workbook

ENDINGS = (".xlsx",)
CONFLICT = "R-04"


@dataclass(slots=True)
class Consolidated:
    """What came of a consolidation; ``sums`` by table and item, in the form's unit."""

    files: list[Reduced] = field(default_factory=list)
    selection: Selection = field(default_factory=Selection)
    form: Form | None = None
    sums: dict[str, dict[str, Decimal | str]] = field(default_factory=dict)

    @property
    def written(self) -> bool:
        """Tell whether there was anything to sum up."""
        return bool(self.selection.accepted)


def consolidate(
    paths: Sequence[Path],
    target: Path,
    *,
    settings_file: Path | None = None,
    roster_file: Path | None = None,
    jobs: int = 1,
    force: bool = False,
) -> Consolidated:
    """Write the summary of all accepted files to *target*; without any, nothing is written."""
    check_output(target, paths, ENDINGS)
    files = [one for one in validate(paths, settings_file, jobs) if not _is_target(one, target)]
    for one in files:
        check_output(target, [one.path], ENDINGS)
    result = Consolidated(files, select(files))
    for one in result.selection.conflicts:
        one.findings.append(_conflict(one, result.selection))
        one.status = "errors"
    if not result.written or result.selection.form_path is None:
        return result
    form = result.form = load_form(result.selection.form_path)
    roster = None if roster_file is None else roster_named(roster_file, form)
    blueprint = summary_blueprint(form, settings_named(form, settings_file), result.selection, roster)
    values = Values(blueprint, {})
    with output(target, paths, ENDINGS, force=force) as path:
        write_workbook(blueprint, values, path)
    for (table, item), cell in table_totals(blueprint).items():
        total = values(cell)
        if isinstance(total, (Decimal, str)):
            result.sums.setdefault(table, {})[item] = total
    return result


def _is_target(one: Reduced, target: Path) -> bool:
    """Tell whether a file found in a folder is the summary of an earlier run."""
    return one.reason is not None and one.path.resolve() == target.resolve()


def roster_named(file: Path, form: Form) -> Roster:
    """Return the roster in *file*; raises ``WrongUsage`` where it cannot be read."""
    try:
        return read_roster(file, form)
    except RosterUnreadable as unreadable:
        raise WrongUsage("usage.roster", name=file.name, detail=unreadable) from None


def _conflict(one: Reduced, selection: Selection) -> Finding:
    other = next(rival for rival in selection.conflicts if rival is not one and rival.key == one.key)
    cell = one.department_cell or Address("", 1, 1)
    facts = {"name": other.path.name}
    return Finding(CONFLICT, "duplicate.conflict", ERROR, (cell,), item=one.department, facts=facts)
