"""The summary of many departments as a blueprint: totals, a row a department and entity, where it came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import NamedTuple

from selfeval_xl.blueprint.identity import SUMMARY
from selfeval_xl.blueprint.lists import HEADER_ROW, MIDDLE, NARROW, WIDE, Column, put_body
from selfeval_xl.blueprint.model import Blueprint, Row, Shape
from selfeval_xl.cells import Address, Area, Value
from selfeval_xl.consolidation.grid import (
    FIRST_ROW,
    PARTIAL_ROW,
    TOTAL_ROW,
    Sum,
    put_list,
    put_totals,
    start_sheet,
    unit_caption,
)
from selfeval_xl.consolidation.overview import put_overview, put_spread
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.consolidation.roster import Roster, RosterRow
from selfeval_xl.consolidation.select import Selection
from selfeval_xl.findings import ERROR, WARNING, message, show_value
from selfeval_xl.form.model import Form, Key, Settings, Table
from selfeval_xl.texts import say

LEVEL_COLUMN = 3
__all__ = ["FIRST_ROW", "HEADER_ROW", "PARTIAL_ROW", "TOTAL_ROW", "Summary", "summarised", "table_totals"]


class Summary(NamedTuple):
    """A summary ready to be written; ``shown`` is what the formulas show that go over its rows."""

    blueprint: Blueprint
    shown: dict[Address, Value]


def summarised(form: Form, settings: Settings, selection: Selection, roster: Roster | None = None) -> Summary:
    """Return the summary of the accepted files; amounts in the form's unit.

    Totals are formulas over the departments' rows.  A department whose figure cannot be
    computed makes the total say so; the sum of the others stands below it.
    """
    year = selection.year or settings.year or form.edition
    blueprint = Blueprint(form, settings, Shape(0), year, SUMMARY)
    blueprint.properties = {
        "form": form.id,
        "edition": str(form.edition),
        "version": form.version,
        "kind": say(f"kind.{SUMMARY}"),
        "year": str(year),
    }
    scores, shown = put_overview(blueprint, selection, roster)
    for table in form.tables.values():
        shown |= _table_sheet(blueprint, table, selection)
    if form.roles.score is not None:
        put_spread(blueprint, scores, len(selection.accepted))
    _reported(blueprint, selection, roster)
    _sources(blueprint, selection)
    _refused(blueprint, selection)
    _findings(blueprint, selection)
    return Summary(blueprint, shown)


def table_totals(blueprint: Blueprint) -> dict[Key, Address]:
    """Return the cell of every table's and item's total."""
    form = blueprint.form
    return {
        (table.label, column.label): Address(_table_name(table), TOTAL_ROW, 5 + index)
        for table in form.tables.values()
        for index, column in enumerate(table.columns)
    }


def _table_name(table: Table) -> str:
    return table.label


def _table_sheet(blueprint: Blueprint, table: Table, selection: Selection) -> dict[Address, Value]:
    """Lay out one table: a row a department, below it a row an entity that folds away, beside it where from.

    The row between totals and departments holds the filter's buttons, so that the totals stay in sight.
    """
    columns = [
        Column(say("summary.code"), 11.0),
        Column(say("summary.department"), 30.0),
        Column(say("summary.level"), 7.0, style="label"),
        Column(say("summary.entity"), 32.0),
        *(Column(column.label, NARROW, amount=True) for column in table.columns),
        Column(say("summary.file"), MIDDLE, aside=True),
        Column(say("summary.cell"), 12.0, aside=True),
    ]
    name = _table_name(table)
    sheet = start_sheet(blueprint, name, columns, unit_caption(blueprint))
    count = sum(len(one.lines) for one in selection.accepted)
    put_body(sheet, FIRST_ROW, columns, partial(_table_rows, table, selection.accepted), count, depth=1)
    last = max(FIRST_ROW, sheet.print_bottom)
    sums = _sums(table, selection.accepted)
    sheet.freeze = (PARTIAL_ROW, 0)
    if count:
        sheet.filtered = Area(name, PARTIAL_ROW, 1, last, len(columns))
    return put_totals(sheet, columns, (FIRST_ROW, last), sums, blueprint.form.decimals, level=LEVEL_COLUMN)


def _table_rows(table: Table, files: Sequence[Reduced]) -> Iterator[Row]:
    keys = [column.key for column in table.columns]
    levels = (say("summary.level_department"), say("summary.level_entity"))
    for one in files:
        sheet, row, column = one.first_cells[table.label]
        for index, line in enumerate(one.lines):
            amounts = map(line.amounts.get, keys)
            place = (one.path.name, str(Address(sheet, row + index, column)))
            names = (one.code, one.department, levels[index > 0], line.name)
            yield Row((*names, *amounts, *place), strong=index == 0, level=int(index > 0))


def _sums(table: Table, files: Sequence[Reduced]) -> list[Sum]:
    """Return the sum of every column over the departments' own rows."""
    sums = [Sum() for _ in table.columns]
    for column, added in zip(table.columns, sums, strict=True):
        for one in files:
            for index, line in enumerate(one.lines):
                added.add(line.amounts.get(column.key), is_summed=index == 0)
    return sums


def _reported(blueprint: Blueprint, selection: Selection, roster: Roster | None) -> None:
    """Lay out who reported: the accepted files, and with a roster those that did not."""
    names = ("code", "department", "state", "file", "kind", "revision", "date", "score", "grade", "status")
    widths = (10.0, 34.0, 10.0, MIDDLE, 9.0, 9.0, 12.0, 10.0, 8.0, 14.0)
    columns = [Column(say(f"summary.{name}"), width) for name, width in zip(names, widths, strict=True)]
    columns += [Column(say("summary.errors"), 8.0), Column(say("summary.warnings"), 8.0)]
    columns.append(Column(say("roster.office"), 14.0))
    missing = [] if roster is None else roster.not_in(selection.accepted)

    def rows() -> Iterator[Sequence[Value]]:
        yield from (_reported_row(one, roster) for one in selection.accepted)
        yield from (_missing_row(one, len(columns)) for one in missing)

    count = len(selection.accepted) + len(missing)
    put_list(blueprint, say("summary.reported"), columns, rows, count, _counts(selection, roster))


def _counts(selection: Selection, roster: Roster | None) -> str:
    """Return how many are due and reported, and how many files were read and what became of them."""
    counts = (selection.accepted, selection.skipped, selection.refused)
    accepted, skipped, refused = (len(one) for one in counts)
    files = accepted + skipped + refused
    text = say("summary.count_files", files=files, accepted=accepted, skipped=skipped, refused=refused)
    if roster is None:
        return text
    missing = sum(row.is_due for row in roster.not_in(selection.accepted))
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
        Decimal(one.count(ERROR)),
        Decimal(one.count(WARNING)),
        listed.office if listed is not None else None,
    )


def _missing_row(missing: RosterRow, width: int) -> Sequence[Value]:
    state = say("summary.state_missing") if missing.is_due else missing.state
    return (missing.code, missing.name, state, *[None] * (width - 4), missing.office)


def _sources(blueprint: Blueprint, selection: Selection) -> None:
    columns = [
        Column(say("summary.file"), WIDE),
        Column(say("summary.department"), 34.0),
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
            yield (str(one.path), one.department, one.code, kind, state, one.sha256)

    put_list(blueprint, say("summary.sources"), columns, rows, len(pairs))


def _refused(blueprint: Blueprint, selection: Selection) -> None:
    columns = [
        Column(say("summary.file"), WIDE),
        Column(say("summary.department"), 34.0),
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
    names = ("department", "file", "severity", "rule", "cell", "entity", "actual", "expected", "difference")
    widths = (22.0, 18.0, 8.0, 7.0, 14.0, 18.0, 12.0, 12.0, 10.0)
    columns = [Column(say(f"summary.{name}"), width) for name, width in zip(names, widths, strict=True)]
    columns += [Column(say("summary.message"), 60.0), Column(say("summary.follows"), 14.0)]
    columns.append(Column(say("summary.explanation"), 26.0))

    def rows() -> Iterator[Sequence[Value]]:
        return (
            (
                one.department,
                one.path.name,
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
            for one in selection.accepted
            for finding in one.findings
        )

    count = sum(len(one.findings) for one in selection.accepted)
    put_list(blueprint, say("summary.findings"), columns, rows, count)
