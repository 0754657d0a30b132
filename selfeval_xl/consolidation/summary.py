"""The summary of many departments as a blueprint: totals, a row a department and entity, where it came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from selfeval_xl.blueprint.identity import SUMMARY
from selfeval_xl.blueprint.model import TEXT, Blueprint, CellPlan, Shape, SheetPlan
from selfeval_xl.cells import Address, Area, Value
from selfeval_xl.consolidation.reduce import Line, Reduced
from selfeval_xl.consolidation.roster import Roster, RosterRow
from selfeval_xl.consolidation.select import Selection
from selfeval_xl.findings import ERROR, WARNING, Verdict, message, show_value
from selfeval_xl.form.model import Form, Key, Settings, Table
from selfeval_xl.rules.tree import Node, call, equal, more
from selfeval_xl.texts import say

TITLE_ROW, UNIT_ROW, HEADER_ROW, TOTAL_ROW = 1, 2, 3, 4
FIRST_ROW = 6
PARTIAL_ROW = 5
WIDE, MIDDLE, NARROW = 46.0, 24.0, 13.0


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the summary: its header, and whether it holds amounts."""

    header: str
    width: float
    amount: bool = False
    total: bool = False


def summary_blueprint(
    form: Form, settings: Settings, selection: Selection, roster: Roster | None = None
) -> Blueprint:
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
    _overview(blueprint, selection)
    for table in form.tables.values():
        _table_sheet(blueprint, table, selection)
    _reported(blueprint, selection, roster)
    _sources(blueprint, selection)
    _refused(blueprint, selection)
    _findings(blueprint, selection)
    return blueprint


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


def _sheet(blueprint: Blueprint, name: str, columns: Sequence[Column]) -> SheetPlan:
    """Start a sheet: title, unit, header."""
    sheet = SheetPlan(name, "summary", landscape=True, protected=False)
    blueprint.sheets[name] = sheet
    settings = blueprint.settings
    title = say("summary.title", region=settings.region, year=blueprint.year, form=blueprint.form.name)
    sheet.put(TITLE_ROW, 1, CellPlan("line.title", f"{title} {name}"))
    sheet.put(UNIT_ROW, 1, CellPlan("caption", say("summary.unit", unit=blueprint.form.unit)))
    for number, column in enumerate(columns, start=1):
        sheet.put(HEADER_ROW, number, CellPlan("header", column.header))
        sheet.widths[number] = column.width
    sheet.freeze = (HEADER_ROW, 0)
    sheet.repeat = (HEADER_ROW, HEADER_ROW)
    sheet.print_columns = len(columns)
    return sheet


def _put_row(sheet: SheetPlan, row: int, columns: Sequence[Column], values: Iterable[Value]) -> None:
    for number, (column, value) in enumerate(zip(columns, values, strict=True), start=1):
        style = "amount" if column.amount else "check.text"
        number_format = "" if column.amount or isinstance(value, Decimal) else TEXT
        sheet.put(row, number, CellPlan(style, value, format=number_format))
    sheet.print_bottom = row


def _totals(
    sheet: SheetPlan, columns: Sequence[Column], last: int, decimals: int, level: int | None, first: str
) -> None:
    """Write the total row, and below it the sum of what can be computed where something cannot."""
    words = {PARTIAL_ROW: say("summary.partial"), TOTAL_ROW: first}
    partial = any(
        plan.value == Verdict.NOT_COMPUTABLE.word
        for (row, column), plan in sheet.cells.items()
        if row >= FIRST_ROW and columns[column - 1].amount
    )
    for row in (TOTAL_ROW, PARTIAL_ROW) if partial else (TOTAL_ROW,):
        for number, column in enumerate(columns, start=1):
            plan = CellPlan("name.total", words[row] if number == 2 else None)
            if column.total:
                block = Area(sheet.name, FIRST_ROW, number, max(last, FIRST_ROW), number)
                plan = CellPlan(
                    "amount.total", formula=_total(block, level, decimals, honest=row == TOTAL_ROW)
                )
            sheet.put(row, number, plan)


def _total(block: Area, level: int | None, decimals: int, *, honest: bool) -> Node:
    """Return the sum of the departments' rows; by a level column, so that folding moves nothing."""
    summed: Node = call("SUM", block)
    if level is not None:
        levels = block._replace(left=level, right=level)
        summed = call("SUMIF", levels, say("summary.level_department"), block)
    rounded = call("ROUND", summed, decimals)
    blank = call("IF", equal(call("COUNT", block), 0), "", rounded)
    if not honest:
        return blank
    word = Verdict.NOT_COMPUTABLE.word
    return call("IF", more(call("COUNTIF", block, word), 0), word, blank)


def _overview(blueprint: Blueprint, selection: Selection) -> None:
    """Lay out the first sheet: one line a department with every computed item."""
    form = blueprint.form
    items = [column for column in form.columns.values() if column.computed is not None]
    columns = [
        Column(say("summary.number"), 7.0),
        Column(say("summary.department"), 34.0),
        Column(say("summary.code"), 10.0),
        *(Column(item.label, NARROW, amount=True, total=True) for item in items),
        Column(say("summary.score"), 10.0),
        Column(say("summary.grade"), 8.0),
        Column(say("summary.status"), 14.0),
        Column(say("summary.file"), MIDDLE),
    ]
    sheet = _sheet(blueprint, say("summary.overview"), columns)
    row = FIRST_ROW - 1
    for row, one in enumerate(selection.accepted, start=FIRST_ROW):
        amounts = one.lines[0].amounts
        ends = (one.score, one.grade, say(f"status.{one.status}"), one.path.name)
        number = Decimal(row - FIRST_ROW + 1)
        _put_row(
            sheet,
            row,
            columns,
            (number, one.department, one.code, *(amounts.get(i.key) for i in items), *ends),
        )
    _totals(sheet, columns, row, form.decimals, None, say("summary.total"))


def _table_sheet(blueprint: Blueprint, table: Table, selection: Selection) -> None:
    """Lay out one table: a row a department, and below it a row an entity."""
    columns = [
        Column(say("summary.code"), 10.0),
        Column(say("summary.department"), 34.0),
        Column(say("summary.level"), 8.0),
        Column(say("summary.entity"), 34.0),
        *(Column(column.label, NARROW, amount=True, total=True) for column in table.columns),
    ]
    sheet = _sheet(blueprint, _table_name(table), columns)
    row = FIRST_ROW
    for one in selection.accepted:
        for line, level in _levels(one):
            amounts = (line.amounts.get(column.key) for column in table.columns)
            head = (one.code, one.department, say(f"summary.level_{level}"), line.name)
            _put_row(sheet, row, columns, (*head, *amounts))
            if level == "entity":
                sheet.outline[row] = 1
            row += 1
    _totals(sheet, columns, row - 1, blueprint.form.decimals, 3, say("summary.total"))


def _levels(one: Reduced) -> list[tuple[Line, str]]:
    return [(line, "entity" if index else "department") for index, line in enumerate(one.lines)]


def _plain_sheet(
    blueprint: Blueprint, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]]
) -> None:
    sheet = _sheet(blueprint, name, columns)
    for row, values in enumerate(rows, start=TOTAL_ROW):
        _put_row(sheet, row, columns, values)


def _reported(blueprint: Blueprint, selection: Selection, roster: Roster | None) -> None:
    """Lay out who reported: the accepted files, and with a roster those that did not."""
    names = ("code", "department", "state", "file", "kind", "revision", "date", "score", "grade", "status")
    widths = (10.0, 34.0, 10.0, MIDDLE, 9.0, 9.0, 12.0, 10.0, 8.0, 14.0)
    columns = [Column(say(f"summary.{name}"), width) for name, width in zip(names, widths, strict=True)]
    columns += [Column(say("summary.errors"), 8.0), Column(say("summary.warnings"), 8.0)]
    rows: list[Sequence[Value]] = [_reported_row(one) for one in selection.accepted]
    if roster is not None:
        rows += [_missing_row(missing, len(columns)) for missing in roster.not_in(selection.accepted)]
    _plain_sheet(blueprint, say("summary.reported"), columns, rows)


def _reported_row(one: Reduced) -> Sequence[Value]:
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
    )


def _missing_row(missing: RosterRow, width: int) -> Sequence[Value]:
    state = say("summary.state_missing") if missing.is_due else missing.state
    return (missing.code, missing.name, state, *[None] * (width - 3))


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
    rows = (
        (
            str(one.path),
            one.department,
            one.code,
            say(f"kind.{one.kind}") if one.kind else None,
            state,
            one.sha256,
        )
        for one, state in sorted([*accepted, *skipped, *refused], key=lambda pair: str(pair[0].path))
    )
    _plain_sheet(blueprint, say("summary.sources"), columns, rows)


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
    _plain_sheet(blueprint, say("summary.refused"), columns, rows)


def _name(path: Path) -> str:
    return path.name


def _findings(blueprint: Blueprint, selection: Selection) -> None:
    names = ("department", "file", "severity", "rule", "cell", "entity", "actual", "expected", "difference")
    widths = (30.0, MIDDLE, 8.0, 8.0, 16.0, 24.0, 14.0, 14.0, 12.0)
    columns = [Column(say(f"summary.{name}"), width) for name, width in zip(names, widths, strict=True)]
    columns += [Column(say("summary.message"), 90.0), Column(say("summary.follows"), 18.0)]
    columns.append(Column(say("summary.explanation"), 40.0))
    rows = (
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
    _plain_sheet(blueprint, say("summary.findings"), columns, rows)
