"""The check sheet: a line a rule, the state of the whole, and the clerk's explanations."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable

from msgspec import Struct

from selfeval_xl.blueprint.instances import (
    FAILED,
    NOT_APPLICABLE,
    NOT_COMPUTABLE,
    PASSED,
    active_rules,
    applies,
)
from selfeval_xl.blueprint.lower import FirstFailing, lower, not_computable
from selfeval_xl.blueprint.model import (
    GENERAL,
    TEXT,
    Blueprint,
    CellPlan,
    Condition,
    Instance,
    ListPlace,
    SheetPlan,
    Validation,
)
from selfeval_xl.blueprint.verdicts import rule_tables
from selfeval_xl.cells import Address, Area, column_letters, quote_sheet
from selfeval_xl.findings import INFO, SEVERITIES, WARNING, Verdict
from selfeval_xl.form.model import Rule
from selfeval_xl.form.vocabulary import Vocabulary
from selfeval_xl.rules.tree import (
    Node,
    call,
    equal,
    joined,
    minus,
    more,
    node,
    plus,
    times,
    unequal,
)
from selfeval_xl.texts import say

COLUMNS = (
    "rule", "severity", "text", "verdict", "open", "entity",
    "left", "right", "difference", "link", "opening", "row",
)  # fmt: skip
WIDTHS = (8.0, 16.0, 52.0, 9.0, 8.0, 24.0, 12.0, 12.0, 11.0, 16.0, 18.0, 6.0)
AT = {name: index for index, name in enumerate(COLUMNS, start=1)}
FIRST_RULE_ROW = 5
NOTE_ROWS = 20
NOTES = "notes"
UNPLACED = "unplaced"
RESULTS_COLUMN = 14
RESULT_COLUMNS = {"severity": 9.0, "cell": 18.0, "message": 90.0, "rule": 8.0}
"""The columns of what a full check found, with their widths."""
RESULT_ROWS = 100
# A year or a number of people is no amount: it shows its own digits.
PLAIN = "General"

Verdicts = dict[tuple[str, str], Area]


def place_checks(blueprint: Blueprint, sheet: SheetPlan, verdicts: Verdicts) -> None:
    """Lay out the check sheet from the verdicts beside the tables."""
    sheet.put(1, 1, CellPlan("line.section", say("checks.title")))
    for column, width in enumerate(WIDTHS, start=1):
        sheet.widths[column] = width
        sheet.put(FIRST_RULE_ROW - 1, column, CellPlan("header", say(f"checks.{COLUMNS[column - 1]}")))
    by_rule: dict[str, list[Instance]] = {}
    for instance in blueprint.instances:
        by_rule.setdefault(instance.rule.id, []).append(instance)
    row = FIRST_RULE_ROW
    for rule in listed_rules(blueprint):
        _Line(blueprint, sheet, row, rule, by_rule.get(rule.id, []), verdicts).write()
        row += 1
    last = row - 1
    _status(blueprint, sheet, last)
    sheet.conditions.append(_red(sheet, last))
    sheet.freeze = (FIRST_RULE_ROW - 1, 1)
    sheet.print_columns = AT["opening"]
    # Below as many lines nobody finds where to write.
    link = call("HYPERLINK", f"#{Address(sheet.name, row + 3, 1)}", say("checks.notes_link", row=row + 3))
    sheet.put(3, 1, CellPlan("check.link", formula=link))
    place_lists(blueprint, sheet, row + 1)
    _results(sheet)


def _results(sheet: SheetPlan) -> None:
    """Lay out where a full check writes what it found: right of the rules, unlocked, read by no formula."""
    head = Address(sheet.name, FIRST_RULE_ROW - 1, RESULTS_COLUMN)
    sheet.put(head.row - 1, head.column, CellPlan("heading", say("checks.results_title")))
    link = call("HYPERLINK", f"#{head}", say("checks.results_link"))
    sheet.put(3, AT["text"], CellPlan("check.link", formula=link))
    for column, (name, width) in enumerate(RESULT_COLUMNS.items(), start=head.column):
        sheet.widths[column] = width
        sheet.put(head.row, column, CellPlan("header", say(f"checks.result_{name}")))
        for row in range(head.row + 1, head.row + RESULT_ROWS + 1):
            sheet.put(row, column, CellPlan("result", locked=False, format=TEXT))
    last = head.column + len(RESULT_COLUMNS) - 1
    sheet.results = Area(sheet.name, head.row + 1, head.column, head.row + RESULT_ROWS, last)
    first = head._replace(row=head.row + 1)
    for severity in SEVERITIES:
        painted = sheet.results._replace(right=head.column)
        sheet.conditions.append(Condition(painted, severity, equal(first, say(f"severity.{severity}"))))


def listed_rules(blueprint: Blueprint) -> list[Rule]:
    """Return the rules in the order of their lines: what the sheet itself can check comes first."""
    return sorted(blueprint.rules, key=lambda rule: rule.scope == "program" or rule.bureau)


def place_lists(blueprint: Blueprint, sheet: SheetPlan, row: int, left: int = 1) -> None:
    """Lay out the clerk's explanations, and what an import could not place."""
    row = _notes(blueprint, sheet, row, left)
    _unplaced(blueprint, sheet, row + 1, left)


def _red(sheet: SheetPlan, last: int) -> Condition:
    """Return what paints a verdict red; a mere hint is none of what has to be put right."""
    area = Area(sheet.name, FIRST_RULE_ROW, AT["verdict"], last, AT["verdict"])
    failed = equal(Address(sheet.name, area.top, area.left), FAILED)
    is_no_hint = unequal(Address(sheet.name, area.top, AT["severity"]), say(f"severity.{INFO}"))
    return Condition(area, "wrong", call("AND", failed, is_no_hint))


def _status(blueprint: Blueprint, sheet: SheetPlan, last: int) -> None:
    """Write the state of the whole, here and on the cover."""
    severities = Area(sheet.name, FIRST_RULE_ROW, AT["severity"], last, AT["severity"])
    open_counts = severities._replace(left=AT["open"], right=AT["open"])
    results = severities._replace(left=AT["verdict"], right=AT["verdict"])
    errors, warnings = (
        call("SUMIF", severities, say(f"severity.{severity}"), open_counts)
        for severity in ("error", "warning")
    )
    texts = call("COUNTIF", results, NOT_COMPUTABLE)
    doubts = sum(rule.bureau for rule in active_rules(blueprint))
    unchecked = minus(call("COUNTIF", results, Verdict.UNCHECKED.word), doubts)
    failed = _pattern(
        say("checks.failed"), {"errors": errors, "warnings": warnings, "sheet": node(sheet.name)}
    )
    passed = _pattern(say("checks.passed"), {"count": unchecked})
    tree = call("IF", more(plus(errors, warnings, texts), 0), failed, passed)
    here = sheet.put(2, 1, CellPlan("status", formula=tree))
    cover = blueprint.sheet(blueprint.form.roles.status)
    # Right of the printed page where something else stands there already, else below it.
    spot = (1, cover.print_columns + 2) if cover.side_row else (cover.last_row + 2, 2)
    cover.put(*spot, CellPlan("status", formula=node(here)))


def _pattern(text: str, facts: dict[str, Node]) -> Node:
    """Return a text with placeholders as a concatenation."""
    parts: list[Node] = []
    for literal, name, _, _ in string.Formatter().parse(text):
        if literal:
            parts.append(node(literal))
        if name:
            parts.append(facts[name])
    return joined(*parts)


class _Line(Struct):
    """One rule's line."""

    blueprint: Blueprint
    sheet: SheetPlan
    row: int
    rule: Rule
    instances: list[Instance]
    verdicts: Verdicts

    def write(self) -> None:
        reason = self.blueprint.settings.reason(self.rule.id)
        text = self.rule.text + (say("checks.silenced", reason=reason) if reason else "")
        text += say("checks.bureau") if self.rule.bureau else ""
        self._put("rule", "check", self.rule.id)
        self._put("text", "check.text", text)
        self._put("severity", "check", self._severity())
        is_unchecked = self.rule.scope == "program" or self.rule.bureau
        if reason is not None or not applies(self.blueprint, self.rule):
            self._rest(NOT_APPLICABLE)
        elif is_unchecked or not self.instances:
            self._rest(Verdict.UNCHECKED.word if is_unchecked else NOT_APPLICABLE)
        else:
            self._writer()()

    def _writer(self) -> Callable[[], None]:
        tables = rule_tables(self.blueprint, self.rule)
        if self.rule.scope == "column":
            return self._column
        if self.rule.scope in ("rows", "entities"):
            return self._rows
        return self._many if tables else self._single

    def _severity(self) -> str | Node:
        word = say(f"severity.{self.rule.severity}")
        if self.rule.blank_severity is None or not self.instances:
            return word
        blank = equal(call("LEN", call("TRIM", self.instances[0].look)), 0)
        return call("IF", blank, say(f"severity.{self.rule.blank_severity}"), word)

    def _put(
        self, name: str, style: str, content: str | Node | None, number_format: str = GENERAL
    ) -> Address:
        if isinstance(content, str | None):
            plan = CellPlan(style, content)
        else:
            plan = CellPlan(style, formula=content, format=number_format)
        return self.sheet.put(self.row, AT[name], plan)

    def _at(self, name: str) -> Address:
        return Address(self.sheet.name, self.row, AT[name])

    def _rest(self, verdict: str) -> None:
        self._put("verdict", "check.verdict", verdict)
        for name in COLUMNS[4:]:
            self._put(name, "check", None)

    def _when_open(self, tree: Node) -> Node:
        return call("IF", equal(self._at("open"), 0), "", tree)

    def _summary(self, areas_of: Iterable[Area]) -> None:
        """Write verdict and open count over blocks of verdicts."""
        blocks = list(areas_of)

        def count(word: str) -> Node:
            return plus(*(call("COUNTIF", block, word) for block in blocks))

        self._put("open", "check.count", count(FAILED))
        tree: Node = call("IF", more(count(PASSED), 0), PASSED, NOT_APPLICABLE)
        tree = call("IF", more(count(NOT_COMPUTABLE), 0), NOT_COMPUTABLE, tree)
        self._put("verdict", "check.verdict", call("IF", more(self._at("open"), 0), FAILED, tree))

    def _figures(
        self, left: Node | None, right: Node | None, number_format: str = GENERAL, *, is_count: bool = False
    ) -> None:
        """Write both sides, their difference, and the beginning of an explanation where one is accepted."""
        if left is None or right is None:
            for name in ("left", "right", "difference", "opening"):
                self._put(name, "check", None)
            return
        self._put("left", "check.amount", self._when_open(left), number_format)
        self._put("right", "check.amount", self._when_open(right), number_format)
        decimals = self.blueprint.form.decimals
        both = equal(call("COUNT", self._at("left"), self._at("right")), 2)
        difference = call("ROUND", minus(self._at("left"), self._at("right")), decimals)
        self._put("difference", "check.amount", call("IF", both, difference, ""), number_format)
        if self.rule.severity != WARNING:
            self._put("opening", "check", None)
            return
        pattern = "0." + "0" * decimals if decimals and not is_count else "0"
        shown = call("TEXT", call("ABS", self._at("difference")), pattern)
        facts = {"difference": shown, "unit": node(self.blueprint.form.unit)}
        opening = _pattern(say("checks.opening_count" if is_count else "checks.opening_text"), facts)
        self._put("opening", "check", call("IF", call("ISNUMBER", self._at("difference")), opening, ""))

    def _rows(self) -> None:
        table = rule_tables(self.blueprint, self.rule)[0]
        place, block = self.blueprint.places.tables[table], self.verdicts[(self.rule.id, table)]
        below = block._replace(top=place.first_row)
        self._summary([block])
        first = plus(call("MATCH", FAILED, below, 0), 1)
        position = call("IF", more(call("COUNTIF", below, FAILED), 0), first, 1)
        self._put("row", "check.faint", self._when_open(position))
        self._put("entity", "check", self._when_open(call("INDEX", place.with_total(""), self._at("row"))))
        # The cell to look at can stand on another sheet, whose rows begin elsewhere.
        last = self.instances[-1]
        link = _row_link(last.look, last.look.row - (last.index or 0), self._at("row"))
        self._put("link", "check.link", self._when_open(link))
        self._figures(*self._sides(table))

    def _sides(self, table: str) -> tuple[Node | None, Node | None]:
        left, right = self.rule.left, self.rule.right
        if left is None or right is None or self.rule.counts:
            return None, None
        form, places = self.blueprint.form, self.blueprint.places
        words = Vocabulary(form.tables.values(), form.fields.values(), form.keys)
        context = FirstFailing(form, places, words, table, 1, position=node(self._at("row")))
        decimals = form.decimals
        return call("ROUND", lower(left, context), decimals), call("ROUND", lower(right, context), decimals)

    def _column(self) -> None:
        table = rule_tables(self.blueprint, self.rule)[0]
        place, block = self.blueprint.places.tables[table], self.verdicts[(self.rule.id, table)]
        self._summary([block])
        self._put("row", "check.faint", self._when_open(call("MATCH", FAILED, block, 0)))
        at = self._at("row")
        labels = block._replace(top=block.top - 2, bottom=block.top - 2)
        sums = block._replace(top=block.top - 1, bottom=block.top - 1)
        totals = block._replace(top=place.total_row, bottom=place.total_row)
        self._put("entity", "check", self._when_open(call("INDEX", labels, at)))
        sheet = quote_sheet(place.sheet)
        letters = "".join(column_letters(column).ljust(3) for column in range(block.left, block.right + 1))
        letter = call("TRIM", call("MID", letters, minus(times(at, 3), 2), 3))
        target = joined(f"{sheet}!", letter, place.total_row)
        link = call("HYPERLINK", joined("#", target), target)
        self._put("link", "check.link", self._when_open(link))
        # A total that was typed over can have more decimals; the sums below the table are rounded already.
        left = call("ROUND", call("INDEX", totals, at), self.blueprint.form.decimals)
        self._figures(left, call("INDEX", sums, at))

    def _many(self) -> None:
        """Write a line over several tables; it names the first row that fails."""
        tables = rule_tables(self.blueprint, self.rule)
        blocks = [self.verdicts[(self.rule.id, table)] for table in tables]
        places = [self.blueprint.places.tables[table] for table in tables]
        fields = [one for one in self.instances if one.index is None]
        self._summary(blocks) if not fields else self._summary_with(blocks, fields)
        names: Node = node("")
        link: Node = node("")
        for instance in reversed(fields):
            wrong = equal(instance.verdict, FAILED)
            names = call("IF", wrong, instance.item[1] if instance.item else "", names)
            link = call("IF", wrong, _link(instance.look), link)
        for place, block in reversed(list(zip(places, blocks, strict=True))):
            found, position = more(call("COUNTIF", block, FAILED), 0), call("MATCH", FAILED, block, 0)
            names = call("IF", found, call("INDEX", place.with_total(""), position), names)
            target = Address(place.sheet, place.total_row, place.name_column)
            link = call("IF", found, _row_link(target, place.total_row, position), link)
        self._put("entity", "check", self._when_open(names))
        self._put("link", "check.link", self._when_open(link))
        self._put("row", "check.faint", None)
        self._figures(None, None)

    def _summary_with(self, blocks: list[Area], fields: list[Instance]) -> None:
        """Write verdict and open count over blocks and the numbers among the single fields."""
        wrong = [not_computable([one.look]) for one in fields]
        failed = [call("COUNTIF", block, FAILED) for block in blocks]
        failed += [call("IF", tree, 1, 0) for tree in wrong if tree is not None]
        self._put("open", "check.count", plus(*failed))
        self._put("verdict", "check.verdict", call("IF", more(self._at("open"), 0), FAILED, PASSED))

    def _single(self) -> None:
        """Write a line about single fields, each with a verdict of its own."""
        if len(self.instances) == 1:
            only = self.instances[0]
            verdict = self._put("verdict", "check.verdict", only.verdict)
            self._put("open", "check.count", call("IF", equal(verdict, FAILED), 1, 0))
        else:
            failed = [call("IF", equal(one.verdict, FAILED), 1, 0) for one in self.instances]
            self._put("open", "check.count", plus(*failed))
            self._put("verdict", "check.verdict", call("IF", more(self._at("open"), 0), FAILED, PASSED))
        names: Node = node("")
        link: Node = node("")
        for one in reversed(self.instances):
            wrong = equal(one.verdict, FAILED)
            names = call("IF", wrong, one.item[1] if one.item else "", names)
            link = call("IF", wrong, _link(one.look), link)
        self._put("entity", "check", self._when_open(names))
        self._put("link", "check.link", self._when_open(link))
        self._put("row", "check.faint", None)
        only = self.instances[0]
        field = self.blueprint.form.fields.get(only.item) if only.item else None
        number_format = PLAIN if field and field.is_number else GENERAL
        self._figures(only.left, only.right, number_format, is_count=field is not None and field.is_count)


def _row_link(look: Address, top: int, position: Node | Address) -> Node:
    """Return a link to the cell in the column of *look* at a position counted from row *top*."""
    start = f"{quote_sheet(look.sheet)}!{column_letters(look.column)}"
    row = plus(node(position), top - 1)
    return call("HYPERLINK", joined("#" + start, row), joined(start, row))


def _link(look: Address) -> Node:
    return call("HYPERLINK", f"#{look}", str(look))


def _notes(blueprint: Blueprint, sheet: SheetPlan, row: int, left: int) -> int:
    """Lay out the unlocked list of explanations."""
    keys = blueprint.form.keys
    labels = (keys.note_rule, keys.note_entity, keys.note_text)
    rows = blueprint.shape.block(NOTES, NOTE_ROWS)
    sheet.put(row, left, CellPlan("heading", say("checks.notes_title")))
    heads = (say("checks.note_rule"), say("checks.note_entity"), say("checks.note_text"))
    _input_list(blueprint, sheet, NOTES, row + 1, rows, labels, heads, left)
    rules = tuple(rule.id for rule in blueprint.rules if rule.severity == WARNING and not rule.bureau)
    area = Area(sheet.name, row + 2, left, row + 1 + rows, left)
    if rows and len(",".join(rules)) <= 255:
        sheet.validations.append(Validation((area,), "list", rules, "", "", say("input.list_error")))
    return row + 2 + rows


def _unplaced(blueprint: Blueprint, sheet: SheetPlan, row: int, left: int) -> None:
    """Lay out what an import could not place; the list stands only where there is something."""
    rows = blueprint.shape.block(UNPLACED, 0)
    if not rows:
        return
    keys = blueprint.form.keys
    sheet.put(row, left, CellPlan("heading", say("checks.unplaced_title")))
    labels = (keys.unplaced_place, keys.unplaced_text)
    _input_list(blueprint, sheet, UNPLACED, row + 1, rows, labels, labels, left + 1)


def _input_list(
    blueprint: Blueprint,
    sheet: SheetPlan,
    list_id: str,
    row: int,
    rows: int,
    labels: tuple[str, ...],
    heads: tuple[str, ...],
    left: int,
) -> None:
    columns = {label: left + index for index, label in enumerate(labels)}
    for label, head in zip(labels, heads, strict=True):
        sheet.put(row, columns[label], CellPlan("header", head))
        for offset in range(1, rows + 1):
            style = "text.bottom.input" if offset == rows else "text.input"
            sheet.put(row + offset, columns[label], CellPlan(style, locked=False, format=TEXT))
    blueprint.places.lists[list_id] = ListPlace(sheet.name, row + 1, rows, columns)
