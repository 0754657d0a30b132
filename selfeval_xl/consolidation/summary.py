"""The summary of many departments as a blueprint: totals, a row a department and entity, where it came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from selfeval_xl.blueprint.identity import SUMMARY
from selfeval_xl.blueprint.lists import MIDDLE, WIDE, Column
from selfeval_xl.blueprint.model import Blueprint, Shape
from selfeval_xl.cells import Address, Value
from selfeval_xl.consolidation.adjustments import Adjustment, AdjustmentSheet, units_in, with_names
from selfeval_xl.consolidation.charts import ChartSheet, Progress
from selfeval_xl.consolidation.grid import put_list
from selfeval_xl.consolidation.heads import put_heads
from selfeval_xl.consolidation.overview import put_overview, put_regions
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.consolidation.roster import Roster, RosterRow
from selfeval_xl.consolidation.scores import Reviews, put_ranking, ranked, scored
from selfeval_xl.consolidation.select import Selection
from selfeval_xl.consolidation.spread import SpreadPlace, put_spread
from selfeval_xl.consolidation.tables import Ways, put_table
from selfeval_xl.findings import ERROR, WARNING, Finding, message, show_value
from selfeval_xl.form.model import Form, Settings
from selfeval_xl.texts import say


class Summary(NamedTuple):
    """A summary ready to be written.

    ``typed`` is what stands in its input cells, ``shown`` what the formulas show that go over its rows.
    """

    blueprint: Blueprint
    typed: dict[Address, Value]
    shown: dict[Address, Value]
    adjustments: AdjustmentSheet


def summarised(
    form: Form,
    settings: Settings,
    selection: Selection,
    roster: Roster | None = None,
    *,
    reviews: Reviews | None = None,
    adjustments: Sequence[Adjustment] = (),
    further_units: Iterable[str] = (),
    ways: Ways | None = None,
    public: bool = False,
) -> Summary:
    """Return the summary of the accepted files; amounts in the form's unit.

    Totals are formulas over the departments' rows and the *adjustments*.  A department whose figure cannot be
    computed makes the total say so; the sum of the others stands below it.  *reviews* are the bureau's scores.
    An adjustment may name the units that stand in the files, and *further_units*.
    Of summaries, it is the summary of the level above: a row a region, below it what its summary lists.
    *ways* says how to get to a file from where the summary will be; without it, rows lead nowhere.  A *public*
    one names files without their folders, and keeps the bureau's doubts to itself.
    """
    year = selection.year or settings.year or form.edition
    level = 1 + max((one.level for one in selection.accepted), default=0)
    blueprint = Blueprint(form, settings, Shape(0), year, SUMMARY)
    blueprint.properties = {
        "form": form.id,
        "edition": str(form.edition),
        "version": form.version,
        "kind": say(f"kind.{SUMMARY}"),
        "year": str(year),
        "level": str(level),
        "region": settings.region,
    }
    departments = ranked(scored(selection.accepted, reviews, settings.grades))
    units = units_in(selection.accepted, form)
    sheet = AdjustmentSheet(blueprint, with_names(adjustments, units), [*units.values(), *further_units])
    if level == 1:
        shown = put_overview(blueprint, selection, roster, departments)
    else:
        shown = put_regions(blueprint, selection)
    for table in form.tables.values():
        shown |= put_table(blueprint, table, selection.accepted, sheet, ways, level)
    sheet.put()
    spread = None
    if form.roles.score is not None:
        scores = put_ranking(blueprint, departments, of_regions=level > 1)
        shown |= scores.shown
        spread = put_spread(blueprint, scores)
    _charts(blueprint, spread, _progress(selection, roster))
    if not public and level == 1:
        put_heads(blueprint, selection.accepted, roster)
    _reported(blueprint, selection, roster)
    _sources(blueprint, selection, public=public)
    _refused(blueprint, selection)
    _findings(blueprint, selection)
    return Summary(blueprint, sheet.typed, shown, sheet)


def _whose(blueprint: Blueprint) -> str:
    """Return what the rows of a list are about: departments, or in a summary of summaries regions."""
    return "department" if blueprint.properties["level"] == "1" else "region"


def _charts(blueprint: Blueprint, spread: SpreadPlace | None, progress: Progress) -> None:
    charts = ChartSheet(blueprint)
    for table in blueprint.form.tables.values():
        charts.put_table(table)
    if spread is not None:
        charts.put_grades(spread)
    charts.put_progress(progress)


def _progress(selection: Selection, roster: Roster | None) -> Progress:
    """Return how many of those that are due reported, by the office that looks after them; without a roster nothing."""
    if roster is None:
        return {}
    missing = {id(row) for row in roster.not_in(selection.sent)}
    counts: dict[str, tuple[int, int]] = {}
    for row in roster.rows:
        if row.is_due:
            office = row.office or say("summary.no_office")
            there, gone = counts.get(office, (0, 0))
            is_gone = id(row) in missing
            counts[office] = there + (not is_gone), gone + is_gone
    return counts


def _reported(blueprint: Blueprint, selection: Selection, roster: Roster | None) -> None:
    """Lay out who reported: the accepted files, and with a roster those that did not."""
    whose = _whose(blueprint)
    names = ("code", whose, "state", "file", "kind", "revision", "date", "score", "grade", "status")
    widths = (10.0, 34.0, 10.0, MIDDLE, 9.0, 9.0, 12.0, 10.0, 8.0, 14.0)
    columns = [Column(say(f"summary.{name}"), width) for name, width in zip(names, widths, strict=True)]
    columns += [Column(say("summary.errors"), 8.0), Column(say("summary.warnings"), 8.0)]
    columns.append(Column(say("roster.office"), 14.0))
    missing = [] if roster is None else roster.not_in(selection.accepted)
    silent = set() if roster is None else {id(row) for row in roster.not_in(selection.sent)}

    def rows() -> Iterator[Sequence[Value]]:
        yield from (_reported_row(one, roster) for one in selection.accepted)
        yield from (_missing_row(one, len(columns), id(one) in silent) for one in missing)

    count = len(selection.accepted) + len(missing)
    put_list(blueprint, say("summary.reported"), columns, rows, count, _counts(selection, roster))


def _counts(selection: Selection, roster: Roster | None) -> str:
    """Return how many are due and reported, and how many files were read and what became of them."""
    text = say("summary.count_files", **selection.totals)
    if roster is None:
        return text
    missing = sum(row.is_due for row in roster.not_in(selection.sent))
    due = sum(row.is_due for row in roster.rows)
    return say("summary.count_due", due=due, reported=due - missing, missing=missing) + text


def _reported_row(one: Reduced, roster: Roster | None) -> Sequence[Value]:
    listed = roster.row_of(one.code, one.department) if roster is not None else None
    return (
        one.code,
        one.department,
        say("summary.state_accepted"),
        one.path.name,
        say(f"kind.{one.kind}"),
        one.revision,
        one.report_date,
        one.score,
        one.grade,
        say(f"status.{one.status}"),
        Decimal(one.count(ERROR) + one.carried.get("errors", 0)),
        Decimal(one.count(WARNING) + one.carried.get("warnings", 0)),
        listed.office if listed is not None else None,
    )


def _missing_row(missing: RosterRow, width: int, is_silent: bool) -> Sequence[Value]:
    """Return the row of a department that is not in the summary; it may have sent something that does not count."""
    state = missing.state if not missing.is_due else say("summary.state_missing")
    if not is_silent:
        state = say("summary.state_open")
    return (missing.code, missing.name, state, *[None] * (width - 4), missing.office)


def _sources(blueprint: Blueprint, selection: Selection, *, public: bool) -> None:
    columns = [
        Column(say("summary.file"), WIDE),
        Column(say(f"summary.{_whose(blueprint)}"), 34.0),
        Column(say("summary.code"), 10.0),
        Column(say("summary.kind"), 9.0),
        Column(say("summary.state"), 10.0),
        Column(say("summary.hash"), 68.0),
    ]
    accepted = [(one, say("summary.state_accepted")) for one in selection.accepted]
    skipped = [(one, say("summary.state_skipped")) for one, _ in selection.skipped]
    refused = [(one, say("summary.state_refused")) for one in selection.refused]
    pairs = sorted([*accepted, *skipped, *refused], key=lambda pair: str(pair[0].path))

    def rows() -> Iterator[Sequence[Value]]:
        for one, state in pairs:
            kind = say(f"kind.{one.kind}") if one.kind else None
            yield (
                one.path.name if public else str(one.path),
                one.department,
                one.code,
                kind,
                state,
                one.sha256,
            )

    put_list(blueprint, say("summary.sources"), columns, rows, len(pairs))


def _refused(blueprint: Blueprint, selection: Selection) -> None:
    columns = [
        Column(say("summary.file"), WIDE),
        Column(say(f"summary.{_whose(blueprint)}"), 34.0),
        Column(say("summary.state"), 10.0),
        Column(say("summary.reason"), 80.0),
    ]
    rows: list[Sequence[Value]] = [
        (_name(one.path), None, say("summary.state_refused"), one.reason) for one in selection.refused
    ]
    rows += [
        (_name(one.path), one.department, say("summary.state_skipped"), reason)
        for one, reason in selection.skipped
    ]
    put_list(blueprint, say("summary.refused"), columns, lambda: rows, len(rows))


def _name(path: Path) -> str:
    return path.name


def _findings(blueprint: Blueprint, selection: Selection) -> None:
    names = (
        _whose(blueprint),
        "file",
        "severity",
        "rule",
        "cell",
        "entity",
        "actual",
        "expected",
        "difference",
    )
    widths = (22.0, 18.0, 8.0, 7.0, 14.0, 18.0, 12.0, 12.0, 10.0)
    columns = [Column(say(f"summary.{name}"), width) for name, width in zip(names, widths, strict=True)]
    columns += [Column(say("summary.message"), 60.0), Column(say("summary.follows"), 14.0)]
    columns.append(Column(say("summary.explanation"), 26.0))

    told = list(_told(selection))

    def rows() -> Iterator[Sequence[Value]]:
        return (
            (
                department,
                file,
                say(f"severity.{finding.severity}"),
                finding.rule,
                str(finding.cells[0]),
                finding.entity,
                None if finding.actual is None else show_value(finding.actual, finding.places),
                None if finding.expected is None else show_value(finding.expected, finding.places),
                finding.difference,
                message(finding),
                finding.follows,
                finding.explanation,
            )
            for department, file, finding in told
        )

    put_list(blueprint, say("summary.findings"), columns, rows, len(told))


def _told(selection: Selection) -> Iterator[tuple[str | None, str | None, Finding]]:
    """Yield every finding with its department and file: those about no file, of what counts, of rivals."""
    yield from ((finding.item, None, finding) for finding in selection.remarks)
    for one in (*selection.accepted, *selection.conflicts):
        yield from ((one.department, one.path.name, finding) for finding in one.findings)
