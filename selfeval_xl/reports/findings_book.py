"""Findings as a workbook: every file, every finding with where it stands, what the bureau alone weighs.

Owns the sheets and their columns.  Knows neither how a file was checked nor where the workbook goes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from selfeval_xl.blueprint.identity import REPORT
from selfeval_xl.blueprint.lists import BODY_ROW, WIDE, Column, put_list, start_sheet
from selfeval_xl.blueprint.model import Blueprint, Condition, Shape, SheetPlan, linked
from selfeval_xl.cells import Address, Area, Value
from selfeval_xl.findings import SEVERITIES, STATUSES, Finding, folded, message
from selfeval_xl.form.model import Form, Settings
from selfeval_xl.reports.checked import Checked
from selfeval_xl.rules.tree import equal
from selfeval_xl.texts import say

Rows = Sequence[Sequence[Value]]
Places = Callable[[Checked, Address | None], str | None]
"""Where a link to a file, or to a cell of it, leads; ``None`` where it leads nowhere."""


def findings_book(
    files: Sequence[Checked], form: Form, settings: Settings, places: Places, taken: Iterable[str] = ()
) -> Blueprint:
    """Return the workbook about *files*; sheets about nothing are left out, apart from the first two.

    *taken* are names of sheets that will stand in it too.
    """
    blueprint = report_blueprint(form, settings, next((one.year for one in files if one.year), None))
    writer = _Book(blueprint, files, places, set(taken))
    writer.files_sheet()
    writer.findings_sheet()
    writer.reconciled_sheet()
    writer.doubts_sheet()
    writer.silenced_sheet()
    return blueprint


def report_blueprint(form: Form, settings: Settings, year: int | None) -> Blueprint:
    """Return an empty workbook of the kind that nobody fills in or consolidates."""
    blueprint = Blueprint(form, settings, Shape(0), year or settings.year or form.edition, REPORT)
    blueprint.properties = {
        "form": form.id,
        "edition": str(form.edition),
        "version": form.version,
        "kind": say(f"kind.{REPORT}"),
        "year": str(blueprint.year),
    }
    return blueprint


class _Book:
    def __init__(
        self, blueprint: Blueprint, files: Sequence[Checked], places: Places, taken: set[str]
    ) -> None:
        self.blueprint, self.places, self.taken = blueprint, places, taken
        self.all_files = files
        self.files = [one for one in files if one.reason is None]

    def _list(self, name: str, columns: Sequence[Column], rows: Rows, caption: str = "") -> SheetPlan:
        shown = say(f"book.{name}")
        while shown in self.taken:
            shown += "_"
        title = say("book.title", year=self.blueprint.year, name=say(f"book.{name}"))
        sheet = start_sheet(self.blueprint, shown, columns, title, caption)
        put_list(sheet, columns, lambda: rows, len(rows))
        return sheet

    def _link(self, one: Checked, cell: Address | None = None) -> Value:
        """Return the file's name or the cell, as something to click on where it leads somewhere."""
        text = one.path.name if cell is None else str(cell)
        return linked(text, self.places(one, cell))

    def files_sheet(self) -> None:
        """Lay out a row a file: who reports, what came of it."""
        columns = [
            _column("file", 32.0, "check.link"),
            _column("department", 30.0),
            _column("code", 10.0),
            _column("year", 8.0),
            _column("kind", 8.0),
            _column("revision", 9.0, "check.count"),
            _column("status", 16.0),
            *(_column(name, 8.0, "check.count") for name in ("errors", "warnings", "explained", "infos")),
            _column("doubts", 8.0, "check.count"),
            _column("reason", WIDE),
        ]
        counts = Counter(one.status for one in self.all_files)
        facts = {status: counts[status] for status in STATUSES}
        caption = say("report.totals", files=len(self.all_files), **facts)
        sheet = self._list("files", columns, [self._file_row(one) for one in self.all_files], caption)
        statuses = {"errors": SEVERITIES[0], "warnings": SEVERITIES[1], "info": SEVERITIES[2]}
        words = {say(f"status.{status}"): severity for status, severity in statuses.items()}
        _colour(sheet, 7, {**words, say("status.refused"): SEVERITIES[0]})

    def _file_row(self, one: Checked) -> Sequence[Value]:
        counts: list[Value] = [None] * 5
        if one.reason is None:
            names = ("errors", "warnings", "explained", "infos")
            counts = [*(Decimal(one.counts[name]) for name in names), Decimal(len(one.doubts))]
        return (
            self._link(one),
            one.department,
            one.code,
            None if one.year is None else str(one.year),
            None if one.kind is None else say(f"kind.{one.kind}"),
            None if one.reason is not None else one.revision,
            say(f"status.{one.status}"),
            *counts,
            one.reason,
        )

    def findings_sheet(self) -> None:
        """Lay out a row a finding, file by file, worst first, what follows behind its first."""
        columns = [
            *_whose(),
            _column("severity", 8.0, "check.count"),
            *_figures(),
            _column("basis", 16.0),
            _column("explanation", 18.0),
            _column("follows", 15.0),
            Column(say("book.head_cause"), 14.0, aside=True),
        ]
        rows = [
            (*self._who(one), say(f"severity.{finding.severity}"), *self._figures(one, finding), *rest)
            for one in self.files
            for finding in _in_order(one.findings)
            for rest in [_rest(one, finding)]
        ]
        sheet = self._list("findings", columns, rows, say("book.findings_about"))
        _colour(sheet, 3, {say(f"severity.{severity}"): severity for severity in SEVERITIES})

    def _who(self, one: Checked) -> Sequence[Value]:
        return one.department, self._link(one)

    def _figures(self, one: Checked, finding: Finding) -> Sequence[Value]:
        return (
            finding.rule,
            self._link(one, finding.cells[0]),
            finding.entity,
            finding.item,
            *(_figure(one, finding.places) for one in (finding.actual, finding.expected, finding.difference)),
            message(finding),
        )

    def reconciled_sheet(self) -> None:
        """Lay out the figures in prose that the tables bear out."""
        columns = [
            *_whose(),
            _column("cell", 16.0, "check.link"),
            _column("scope", 12.0),
            _column("item", 16.0),
            _amount("said"),
            _amount("figure"),
            _column("figure_cell", 14.0, "check.link"),
            _column("message", 60.0),
        ]
        rows = [
            (
                *self._who(one),
                self._link(one, line.cell),
                line.scope,
                line.item,
                line.said,
                line.figure,
                self._link(one, line.item_cell),
                line.sentence(),
            )
            for one in self.files
            for line in one.reconciliations
        ]
        if rows:
            self._list("reconciled", columns, rows, say("book.reconciled_about"))

    def doubts_sheet(self) -> None:
        """Lay out what only the bureau weighs."""
        columns = [*_whose(), *_figures(), _column("basis", 24.0)]
        rows = [
            (*self._who(one), *self._figures(one, doubt), one.bases.get(doubt.rule))
            for one in self.files
            for doubt in one.doubts
        ]
        if rows:
            self._list("doubts", columns, rows, say("book.doubts_about"))

    def silenced_sheet(self) -> None:
        """Lay out the rules that were not run, and why."""
        columns = [*_whose(), _column("rule", 8.0), _column("silenced_reason", 80.0)]
        rows = [
            (*self._who(one), rule.rule, rule.reason)
            for one in self.files
            for rule in one.silenced
            if rule.department is None
        ]
        if rows:
            self._list("silenced", columns, rows)


def _column(name: str, width: float, style: str = "") -> Column:
    return Column(say(f"book.head_{name}"), width, style=style)


def _amount(name: str) -> Column:
    return Column(say(f"book.head_{name}"), 14.0, amount=True, style="check.figure")


def _figure(value: Decimal | str | None, places: int) -> Value:
    """Return an amount as a number; a count, and what has more decimals than amounts have, as it is written."""
    if not isinstance(value, Decimal):
        return value
    return value if places and value == round(value, places) else format(value, "f")


def _whose() -> list[Column]:
    return [_column("department", 18.0), _column("file", 18.0, "check.link")]


def _figures() -> list[Column]:
    return [
        _column("rule", 7.0, "check.count"),
        _column("cell", 14.0, "check.link"),
        _column("entity", 16.0),
        _column("item", 13.0),
        _amount("actual"),
        _amount("expected"),
        _amount("difference"),
        _column("message", 56.0),
    ]


def _rest(one: Checked, finding: Finding) -> Sequence[Value]:
    """Return the last columns of a finding's row."""
    causes = say("word.and").join(cause.word for cause in finding.causes)
    return one.bases.get(finding.rule), finding.explanation, finding.follows, causes or None


def _in_order(findings: Sequence[Finding]) -> Iterator[Finding]:
    for first, followers in folded(findings):
        yield first
        yield from followers


def _colour(sheet: SheetPlan, column: int, marks: Mapping[str, str]) -> None:
    """Colour the cells of a column by the word in them."""
    if sheet.body is None:
        return
    area = Area(sheet.name, BODY_ROW, column, sheet.body.bottom, column)
    first = Address(sheet.name, BODY_ROW, column)
    sheet.conditions += [Condition(area, mark, equal(first, word)) for word, mark in marks.items()]
