"""Departments' files into one summary.

What reads summaries and what writes is imported when it is needed: most runs find everything as it was.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from selfeval_xl.consolidation.ledger import COLUMNS
from selfeval_xl.consolidation.reduce import Reduced, reduce_file
from selfeval_xl.consolidation.roster import Roster, RosterUnreadable, read_roster
from selfeval_xl.consolidation.select import Selection, select
from selfeval_xl.form.load import load_form
from selfeval_xl.form.model import Form
from selfeval_xl.jobs.extras import NOTHING_MORE, Extras, check_extras
from selfeval_xl.jobs.files import check_free, check_output, inputs
from selfeval_xl.jobs.forms import settings_named
from selfeval_xl.jobs.ledger import ledger_written
from selfeval_xl.jobs.problems import WrongUsage
from selfeval_xl.jobs.reading import ONE_BY_ONE, Reading, read_files
from selfeval_xl.jobs.register import (
    Received,
    Register,
    compare_with_roster,
    mark_conflicts,
    mark_renamed,
    registered,
)
from selfeval_xl.jobs.shelf import Shelf, open_shelf
from selfeval_xl.runs.pool import rare_collections
from selfeval_xl.runs.store import digest_of
from selfeval_xl.texts import say

ENDINGS = (".xlsx",)
# One alone is more likely to be what an earlier run left among the files.
LEAST_SUMMARIES = 2


class Consolidated(Struct):
    """What came of a consolidation; ``sums`` by table and item, in the form's unit.

    The sums include what is ``adjusted``, which is by table and item too; ``left_out`` tells of what does not
    count; ``outputs`` are the files and folders that were written.  ``problem`` says why nothing was, which is so where
    it ``is_unchanged`` too; ``register`` is what roster and ledger come to; ``control`` are the files' control totals.
    At the department's level the last of ``files`` is
    the workbook that was written, with its findings.
    """

    files: list[Reduced] = []
    selection: Selection = field(default_factory=Selection)
    form: Form | None = None
    sums: dict[str, dict[str, Decimal | str]] = {}
    adjusted: dict[str, dict[str, Decimal | str]] = {}
    left_out: list[str] = []
    outputs: list[Path] = []
    problem: str | None = None
    is_unchanged: bool = False
    register: Register = field(default_factory=Register)
    control: dict[str, int] = {}

    @property
    def written(self) -> bool:
        """Tell whether there was anything to sum up."""
        return bool(self.selection.accepted)

    @property
    def counted(self) -> list[Reduced]:
        """Return the files whose findings are told and count: those that no better one of the department replaces."""
        aside = {id(one) for one in self.selection.aside}
        return [one for one in self.files if not one.other_kind and id(one) not in aside]


@rare_collections()
def consolidate(
    paths: Sequence[Path],
    target: Path,
    *,
    settings_file: Path | None = None,
    roster_file: Path | None = None,
    extras: Extras = NOTHING_MORE,
    received: Received | None = None,
    of_regions: bool = False,
    reading: Reading = ONE_BY_ONE,
    force: bool = False,
) -> Consolidated:
    """Write the summary of all accepted files to *target*; without any, nothing is written.

    A summary that stands there already, made of just the same, is left as it is.  With *received*, the files are
    entered into its ledger, even where none of them counts.  Adjustments come from the list among the *extras*, else
    from the summary that is replaced.  Where there are several summaries and no report, or with *of_regions*, the
    summaries are summed up.
    """
    check_free(target, paths, ENDINGS, force=force)
    check_extras(extras, target, paths, force=force)
    lists = [] if roster_file is None else [roster_file]
    lists += [] if received is None else [received.ledger.path]
    found = inputs(paths, [one for one in lists if one not in paths])
    with open_shelf(settings_file, files=len(found), anew=reading.anew) as shelf:
        files = list(read_files(reduce_file, found, settings_file, reading, shelf))
        files = [one for one in files if not _is_target(one, target)]
        files, is_region = of_summaries(files, wanted=of_regions)
        for one in files:
            check_output(target, [one.path], ENDINGS)
        work = _Work(target, extras, settings_file, roster_file, received, is_region, force)
        try:
            return _sum_up(files, work, shelf, reading)
        finally:
            reading.watch.end()


class _Work(Struct, frozen=True):
    """What a summary is to be made with; ``of_regions`` tells that the files are summaries themselves."""

    target: Path
    extras: Extras
    settings_file: Path | None
    roster_file: Path | None
    received: Received | None
    of_regions: bool
    force: bool


def _sum_up(files: list[Reduced], work: _Work, shelf: Shelf, reading: Reading) -> Consolidated:
    target, received, extras = work.target, work.received, work.extras
    ledger = None if received is None else received.ledger
    passed = frozenset() if ledger is None else ledger.passed
    result = Consolidated(files, _selected(files, passed, of_regions=work.of_regions))
    mark_conflicts(result.selection)
    result.control = result.selection.totals
    if result.selection.form_path is None:
        result.problem = say("report.nothing")
        return result
    form = result.form = load_form(result.selection.form_path)
    settings = settings_named(form, work.settings_file)
    roster = None if work.roster_file is None else roster_named(work.roster_file, form)
    register = result.register = registered(result.selection, roster, received, settings)
    if received is not None and received.passed_only:
        now = received.ledger.passed
        result.selection = _selected(files, now, of_regions=work.of_regions, passed_only=True)
    result.selection.remarks = register.findings
    result.control = result.selection.totals
    if roster is not None:
        compare_with_roster(result.selection, roster)
    mark_renamed(result.selection)
    with ledger_written(register.ledger, form, settings, result.selection.year):
        if not result.written:
            result.problem = say("report.nothing")
            return result
        made_of = _made_of(files, work)
        made_of += [f"{one.id} {one.severity}" for one in register.findings]
        sums = None if extras.has_outputs else shelf.sums_in(target, made_of)
        if sums is not None:
            (result.sums, result.adjusted), result.is_unchanged = sums, True
            return result
        reading.watch.busy()
        from selfeval_xl.jobs.summary import Contents, write_summary

        reviews = None if ledger is None else ledger.review_of
        contents = Contents(form, settings, result.selection, [one.path for one in files], roster, reviews)
        written = write_summary(contents, target, extras, force=work.force)
    result.sums, result.adjusted, result.left_out = written.sums, written.adjusted, written.left_out
    result.outputs = [*written.files, *written.folders]
    if not written.has_adjustments:
        shelf.put_sums(target, made_of, result.sums, result.adjusted)
    return result


def of_summaries(files: list[Reduced], *, wanted: bool) -> tuple[list[Reduced], bool]:
    """Return the files, their summaries read, and whether these are to be summed up."""
    if not wanted and sum(one.other_kind for one in files) < LEAST_SUMMARIES:
        return files, False
    from selfeval_xl.consolidation.region import is_summary, read_summary

    has_reports = any(one.reason is None and not one.other_kind for one in files)
    others = [] if has_reports and not wanted else [one for one in files if is_summary(one)]
    if not wanted and len(others) < LEAST_SUMMARIES:
        return files, False
    read = {one.path: read_summary(one.path) for one in others}
    reason = say("report.skip_not_summary")
    return [
        read[one.path]
        if one.path in read
        else replace(one, other_kind=True, reason=reason)
        if one.reason is None
        else one
        for one in files
    ], True


def _selected(
    files: Sequence[Reduced], passed: frozenset[str], *, of_regions: bool, passed_only: bool = False
) -> Selection:
    selection = select(files, passed, passed_only=passed_only)
    if of_regions:
        from selfeval_xl.consolidation.overlaps import part_overlaps

        part_overlaps(selection)
    return selection


def _made_of(files: Sequence[Reduced], work: _Work) -> list[str]:
    """Return what a summary depends on besides the settings: every file's path and contents, the lists, the ledger."""
    told = [f"{one.sha256 or os.urandom(8).hex()} {one.path}" for one in files]
    told.append(str(work.of_regions))
    lists = (work.roster_file, work.extras.adjustments)
    told += ["" if file is None else (digest_of(file) or os.urandom(8)).hex() for file in lists]
    if work.received is not None:
        told += [str([row.text(column) for column in COLUMNS]) for row in work.received.ledger.rows]
        told.append(str(work.received.passed_only))
    return told


def _is_target(one: Reduced, target: Path) -> bool:
    """Tell whether a file found in a folder is the summary of an earlier run."""
    return one.reason is not None and one.path.resolve() == target.resolve()


def roster_named(file: Path, form: Form) -> Roster:
    """Return the roster in *file*; raises ``WrongUsage`` where it cannot be read."""
    try:
        return read_roster(file, form)
    except RosterUnreadable as unreadable:
        raise WrongUsage("usage.roster", name=file.name, detail=unreadable) from None
