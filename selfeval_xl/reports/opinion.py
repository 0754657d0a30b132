"""The letter that a department gets back: what was received, the result, what to put right, who signs.

One page of A4 where the list is short.  What only the bureau weighs does not stand in it.
"""

from __future__ import annotations

from collections.abc import Sequence

from selfeval_xl.blueprint.model import Blueprint, CellPlan, SheetPlan
from selfeval_xl.cells import Area, Value
from selfeval_xl.findings import ERROR, INFO, WARNING, Finding, folded, message
from selfeval_xl.form.model import Form, Settings
from selfeval_xl.reports.checked import Checked
from selfeval_xl.reports.findings_book import report_blueprint
from selfeval_xl.texts import say

WIDTHS = (5.0, 11.0, 58.0, 15.0)
HEADS = ("number", "wanted", "problem", "basis")
LINE = 24.0
PHRASES = ("repair", "decide", "code", "roster", "form", "update")


def opinion(files: Sequence[Checked], form: Form, settings: Settings) -> Blueprint:
    """Return the letter about the *files* of one department."""
    year = next((one.year for one in files if one.year), None)
    blueprint = report_blueprint(form, settings, year)
    name = say("opinion.name")
    blueprint.sheets[name] = sheet = SheetPlan(name, blueprint.kind, protected=False)
    _Letter(blueprint, sheet, files).write()
    return blueprint


def is_passed(one: Checked) -> bool:
    """Tell whether nothing has to be put right or explained any more."""
    return one.reason is None and not any(_is_wanted(finding) for finding in one.findings)


def for_department(text: str) -> str:
    """Return what is said of a file as its department needs it, which has neither the program nor the roster."""
    for phrase in PHRASES:
        text = text.replace(say(f"chair.{phrase}"), say(f"chair.to_{phrase}"))
    return text


def _is_wanted(finding: Finding) -> bool:
    return finding.is_open and finding.severity in (ERROR, WARNING)


class _Letter:
    def __init__(self, blueprint: Blueprint, sheet: SheetPlan, files: Sequence[Checked]) -> None:
        self.blueprint, self.sheet, self.files = blueprint, sheet, files
        self.form, self.settings = blueprint.form, blueprint.settings
        self.row = 0
        self.is_refused = any(one.reason is not None for one in files)
        self.is_passed = all(is_passed(one) for one in files)

    def write(self) -> None:
        """Lay out the letter from the top down."""
        for column, width in enumerate(WIDTHS, start=1):
            self.sheet.widths[column] = width
        self.sheet.print_columns = len(WIDTHS)
        self._head()
        self._table()
        first = self.row + 1
        self._close()
        self.sheet.keep.append((first, self.row))
        self.sheet.print_bottom = self.row

    def _line(self, style: str, text: str, height: float | None = None) -> None:
        """Write a text over the whole width."""
        self.row += 1
        for column in range(1, len(WIDTHS) + 1):
            self.sheet.put(self.row, column, CellPlan(style, text if column == 1 else None))
        self.sheet.merges.append(Area(self.sheet.name, self.row, 1, self.row, len(WIDTHS)))
        if height is not None:
            self.sheet.heights[self.row] = height

    def _cells(self, styles: Sequence[str], values: Sequence[Value]) -> None:
        self.row += 1
        for column, (style, value) in enumerate(zip(styles, values, strict=True), start=1):
            self.sheet.put(self.row, column, CellPlan(style, value))

    def _head(self) -> None:
        facts = {"region": self.settings.region, "year": self.blueprint.year, "form": self.form.name}
        self._line("line.title", say("opinion.name"), 36.0)
        self._line("letter.centre", say("opinion.about", **facts))
        first = self.files[0]
        code = say("opinion.code", code=first.code) if first.code else ""
        department = (first.department or say("opinion.unknown")) + code
        self._line("letter.strong", say("opinion.to", department=department), LINE)
        for one in self.files:
            reason = None if one.reason is None else for_department(one.reason)
            key = "refused" if reason is not None else "received_dated" if one.report_date else "received"
            facts = {"name": one.path.name, "revision": one.revision, "date": one.report_date}
            self._line("letter", say(f"opinion.{key}", reason=reason, **facts))
        self._line("letter.strong", self._result(), LINE)

    def _result(self) -> str:
        if self.is_refused:
            return say("opinion.not_read")
        counts = {name: sum(one.counts[name] for one in self.files) for name in self.files[0].counts}
        counts["open"] = sum(_is_wanted(finding) and finding.severity == WARNING for finding in self._all())
        return say("opinion.passed" if self.is_passed else "opinion.returned", **counts)

    def _all(self) -> list[Finding]:
        return [finding for one in self.files for finding in one.findings]

    def _table(self) -> None:
        if not any(finding.is_open for finding in self._all()):
            return
        self._cells(["header"] * len(HEADS), [say(f"opinion.head_{head}") for head in HEADS])
        for one in self.files:
            if len(self.files) > 1:
                self._line("check.text", one.path.name)
            self._findings(one)

    def _findings(self, one: Checked) -> None:
        standing = [pair for pair in folded(one.findings) if pair[0].is_open]
        wanted = {ERROR: "correct", WARNING: "correct_or_explain", INFO: "look"}
        for number, (finding, followers) in enumerate(standing, start=1):
            text = for_department(message(finding))
            if followers:
                text += say("opinion.followers", count=len(followers))
            basis = one.bases.get(finding.rule)
            rule = finding.rule if not basis else say("opinion.rule", rule=finding.rule, basis=basis)
            values = (str(number), say(f"opinion.{wanted[finding.severity]}"), text, rule)
            self._cells(("check.count", "check.count", "check.text", "check.text"), values)

    def _close(self) -> None:
        self.row += 1
        self._line("letter", self._asked())
        self.row += 1
        self._line("letter", say("opinion.signers"), LINE)
        self._line("letter.right", say("opinion.seal", maker=self.settings.maker), LINE)
        self._line("letter.right", say("opinion.date"), LINE)

    def _asked(self) -> str:
        """Return what the department is asked to do, and by when."""
        if self.is_passed:
            return say("opinion.nothing_asked")
        asked = ""
        if not self.is_refused:
            asked = say("opinion.asked", sheet=self.form.sheet_of_kind("checks").name)
        asked += say("opinion.again")
        if self.form.roles.revision is not None and not self.is_refused:
            revision = max(one.revision for one in self.files) + 1
            asked += say("opinion.again_revision", label=self.form.roles.revision[1], revision=revision)
        if self.settings.deadline:
            asked += say("opinion.deadline", deadline=self.settings.deadline)
        return asked
