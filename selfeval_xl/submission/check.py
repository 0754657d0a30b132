"""Runs the rules on one report: every instance of the blueprint, in the order of explanation.

A finding that an earlier one explains follows it: with the earlier one's figure put
right, it would not be there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from selfeval_xl.amounts import ZERO, round_half_up
from selfeval_xl.blueprint.instances import active_rules, number_instance
from selfeval_xl.blueprint.model import Instance
from selfeval_xl.blueprint.screen import Screened, screen_of
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address, Value
from selfeval_xl.findings import (
    INFO,
    SEVERITIES,
    WARNING,
    Cause,
    Finding,
    Reconciliation,
)
from selfeval_xl.form.model import Balance
from selfeval_xl.ooxml.book import Book
from selfeval_xl.rules.tree import Name
from selfeval_xl.submission.balances import is_possible, of_row
from selfeval_xl.submission.causes import Causes, best, table_of
from selfeval_xl.submission.entries import entry_findings
from selfeval_xl.submission.explain import Explanations, is_broken, solve
from selfeval_xl.submission.figures import RESULTS, results
from selfeval_xl.submission.integrity import Damage, locate, program_rules
from selfeval_xl.submission.prose import prose_of
from selfeval_xl.submission.reading import meant as meant_by
from selfeval_xl.submission.retold import following
from selfeval_xl.submission.telling import figure, list_cells, special
from selfeval_xl.submission.units import in_other_unit, in_wrong_unit

TAIL = Cause("tail")
EMPTY = "entity.empty"
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found, in the order of explanation, and which figures of the prose were reconciled."""

    findings: list[Finding]
    reconciliations: Sequence[Reconciliation]


def check(
    values: Values,
    *,
    damage: Damage | None = None,
    book: Book | None = None,
    tolerant: Iterable[Address] = (),
) -> Checked:
    """Check one report: what befell its file, its figures, its entries, its prose.

    *damage* is what the workbook lost against its template, *book* what it shows; *tolerant* are
    cells that hold printed totals, whose tail is forgiven.
    """
    checker = _Checker(values, frozenset(tolerant), Explanations(values))
    if damage is not None:
        checker.take(damage)
    if checker.tolerant:
        checker.run(_printed_texts(values, checker.tolerant))
    screened = screen_of(values.blueprint).screened(values)
    rule = program_rules(values.blueprint).get(RESULTS)
    if damage is not None and book is not None and rule is not None:
        checker.findings += results(rule, values, screened.figures, book, damage)
    for balance, group in _groups(values, screened.closely):
        if balance is None:
            checker.run(group)
        else:
            checker.run_balance(balance, group)
    checker.look_back()
    checker.explain()
    checker.findings += entry_findings(values)
    prose = prose_of(values, screened.figures)
    checker.findings += following(prose.findings, checker.findings, checker.explanations)
    checker.findings += _blanks(values, screened, checker.findings)
    return Checked(list(_no_worse(checker.findings)), prose.reconciliations)


def _no_worse(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings; one that follows another weighs no more than that one."""
    severities: dict[str, str] = {}
    for finding in findings:
        severity = finding.severity
        if finding.follows in severities:
            severity = max(severity, severities[finding.follows], key=SEVERITIES.index)
        severities.setdefault(finding.id, severity)
        yield finding if severity == finding.severity else replace(finding, severity=severity)


def _groups(values: Values, instances: Sequence[Instance]) -> Iterator[tuple[Balance | None, list[Instance]]]:
    """Yield the instances rule by rule, those of a balance row by row; entities before the total row."""
    by_rule: dict[str, list[Instance]] = defaultdict(list)
    for instance in instances:
        by_rule[instance.rule.id].append(instance)
    balances = {rule: balance for balance in values.blueprint.form.balances for rule in balance.rules}
    done: set[int] = set()
    # A doubt explains nothing: it may follow what the clerk has to put right.
    for rule in sorted(values.blueprint.rules, key=lambda rule: rule.bureau):
        balance = balances.get(rule.id)
        if balance is None:
            yield None, sorted(by_rule.get(rule.id, ()), key=lambda one: one.index == 0)
        elif id(balance) not in done:
            done.add(id(balance))
            rows: dict[int, list[Instance]] = defaultdict(list)
            for one in (one for rule_id in balance.rules for one in by_rule.get(rule_id, ())):
                rows[one.index or 0].append(one)
            for index in sorted(rows, key=lambda index: (index == 0, index)):
                yield balance, rows[index]


def _printed_texts(values: Values, printed: frozenset[Address]) -> Iterator[Instance]:
    """Yield the rule about numbers at every printed total; formulas, which else stand there, need none."""
    rules = [rule for rule in active_rules(values.blueprint) if rule.scope == "number"]
    for rule in rules:
        for address in sorted(printed):
            _, item = locate(values.blueprint, address)
            if item is not None:
                yield number_instance(rule, address, None, item)


@dataclass(slots=True)
class _Checker:
    """One run; ``tolerant`` are the cells whose figure somebody rounded and printed."""

    values: Values
    tolerant: frozenset[Address]
    explanations: Explanations
    findings: list[Finding] = field(default_factory=list)
    standing: dict[str, Instance] = field(default_factory=dict)
    calculated: frozenset[Address] = frozenset()
    guessed: dict[str, tuple[Cause, ...]] = field(default_factory=dict)
    causes: Causes = field(init=False)

    def __post_init__(self) -> None:
        self.causes = Causes(self.values)

    def take(self, damage: Damage) -> None:
        """Begin with what the workbook lost, and with the figures that would be right there."""
        self.calculated = frozenset(damage.calculated)
        for finding in damage.findings:
            self.findings.append(finding)
            right = {cell: damage.expected[cell] for cell in finding.cells if cell in damage.expected}
            self.explanations.add(finding.id, right)

    def run(self, instances: Iterable[Instance]) -> None:
        """Check one rule."""
        broken = [one for one in instances if is_broken(self.values, one)]
        meant = in_other_unit(self.values, broken) if broken and broken[0].rule.together else {}
        if meant:
            self.explanations.drop(self._guessed_totals())
        for instance in broken:
            finding = in_wrong_unit(self._finding(instance), instance, self.values, meant)
            if finding.follows is None:
                finding = replace(finding, follows=self._same_in_rows(finding, instance))
            self._note(finding, instance)
            if finding.follows is None and not finding.is_doubt:
                right = self._right_at(instance)
                self.explanations.add(finding.id, {} if right is None else {instance.look: right})
        if meant and self.findings[-len(broken)].follows is None:
            self.explanations.add(self.findings[-len(broken)].id, meant)

    def _right_at(self, instance: Instance) -> Decimal | None:
        """Return the figure that would be right where a rule looks: by the rule, or by what a text means."""
        value = self.values(instance.look)
        if instance.rule.scope == "number" and isinstance(value, str):
            found = meant_by(value, self.values.blueprint.form, instance.item)
            return None if found is None else found.value
        return solve(self.values, instance, instance.look) if instance.rule.op == "=" else None

    def _guessed_totals(self) -> list[str]:
        """Return the findings that were told at a total, for want of a cell that somebody typed."""
        known = {name: self.explanations.known.get(name, ()) for name in self.standing}
        return [name for name, cells in known.items() if any(map(self._is_computed, cells))]

    def _is_computed(self, cell: Address) -> bool:
        plan = self.values.blueprint.plan(cell)
        return plan is not None and plan.formula is not None and cell not in self.values.stated

    def _note(self, finding: Finding, instance: Instance) -> None:
        if finding.follows is None and not finding.is_doubt:
            self.standing[finding.id] = instance
        self.findings.append(finding)

    def _same_in_rows(self, finding: Finding, instance: Instance) -> str | None:
        """Return the first row's finding of the same rule, if it stands for all, or the rows make up the total row's."""
        rows = [one for one in self.findings if one.rule == finding.rule]
        if rows and instance.rule.together:
            return rows[0].follows or rows[0].id
        rows = [one for one in rows if one.follows is None]
        if not rows or instance.index != 0 or finding.difference is None:
            return None
        made_up = sum((abs(one.difference or ZERO) for one in rows), ZERO)
        return rows[0].id if abs(finding.difference) <= made_up else None

    def look_back(self) -> None:
        """Let an earlier finding follow a later one that explains it and is not explained by it.

        A printed total of one item is found after the row's total, which it made wrong.
        """
        moved: dict[str, str] = {}
        for early, instance in self.standing.items():
            for late, other in self.standing.items():
                if late == early or late in moved:
                    continue
                if self.explanations.does_explain(late, instance) and not self.explanations.does_explain(
                    early, other
                ):
                    moved[early] = late
                    break
        self.explanations.drop(moved)
        for number, finding in enumerate(self.findings):
            target = moved.get(finding.id) if finding.follows is None else moved.get(finding.follows)
            if target is not None and target != finding.id:
                self.findings[number] = replace(finding, follows=target)

    def run_balance(self, balance: Balance, row: Sequence[Instance]) -> None:
        """Check rules that imply each other in one row: the others follow the first."""
        broken = [one for one in row if is_broken(self.values, one)]
        findings = [self._finding(one) for one in broken]
        open_ones = [n for n, finding in enumerate(findings) if finding.follows is None]
        if open_ones:
            self._lead(balance, findings, broken, open_ones)
        for finding, instance in zip(findings, broken, strict=True):
            self._note(finding, instance)

    def _lead(
        self, balance: Balance, findings: list[Finding], broken: Sequence[Instance], open_ones: Sequence[int]
    ) -> None:
        """Let the findings of one row follow one of them, at the cell that is probably wrong."""
        declared = self._where_to_look(balance, [broken[n] for n in open_ones])
        row = of_row(self.causes, balance, broken[0].index or 0)
        guesses = [] if row is None else best(row.guesses(declared))
        right = dict(guesses[0].right) if guesses else {}
        other = None if row is None or guesses else row.mending(declared)
        look = next(iter(right), other or declared)
        name, lead = self._about(look) or (None if guesses else self._about_row(look, broken[0].index)), None
        if name is None:
            lead = next((n for n in open_ones if look in broken[n].cells), open_ones[0])
            one = right.get(look) if len(right) == 1 else None
            figure = one if isinstance(one, Decimal) else solve(self.values, broken[lead], look)
            suspects = [] if row is None else [cell for cell in row.suspects if cell != look]
            findings[lead] = self._moved(findings[lead], look, figure, suspects)
            name = findings[lead].id
            right = right or ({} if figure is None else {look: figure})
        for n in open_ones:
            findings[n] = findings[n] if n == lead else replace(findings[n], follows=name)
        if row is not None:
            self.guessed[name] = tuple(one.cause for one in guesses)
        self._put_right(name, right, [broken[n] for n in open_ones if n != lead])

    def _about(self, cell: Address) -> str | None:
        """Return the earlier finding about a typed cell by itself, such as its sign."""
        standing = ((name, one) for name, one in self.standing.items() if one.look == cell)
        return next((name for name, one in standing if one.rule.scope == "cell"), None)

    def _about_row(self, look: Address, index: int | None) -> str | None:
        """Return the earlier finding that an entity has no amounts at all in the table of a cell."""
        table = table_of(self.values.blueprint, look)
        if table is None or any(self.values(table.cell(one, index or 0)) is not None for one in table.inputs):
            return None
        standing = ((name, one) for name, one in self.standing.items() if one.index == index)
        return next((name for name, one in standing if one.rule.counts), None)

    def _put_right(self, name: str, right: Mapping[Address, Value], others: Iterable[Instance]) -> None:
        """Note the figures that are right, and those of the rules that they do not put right."""
        blueprint = self.values.blueprint
        figures: dict[Address, Value] = {
            cell: value
            for cell, value in right.items()
            if not isinstance(value, Decimal) or is_possible(blueprint, cell, value)
        }
        self.explanations.add(name, figures)
        for other in others:
            if not self.explanations.does_explain(name, other):
                figure = solve(self.values, other, other.look)
                if figure is not None and is_possible(blueprint, other.look, figure):
                    figures[other.look] = figure
        self.explanations.add(name, figures)

    def explain(self) -> None:
        """Name the probable causes of what stands on its own."""
        for number, finding in enumerate(self.findings):
            if finding.follows is None and not finding.causes and not finding.is_doubt:
                instance = self.standing.get(finding.id)
                causes = self.guessed.get(finding.id)
                if causes is None and (instance is None or instance.look == finding.cells[0]):
                    causes = self.causes.of(finding, instance)
                self.findings[number] = replace(finding, causes=causes) if causes else finding

    def _where_to_look(self, balance: Balance, broken: Sequence[Instance]) -> Address:
        """Return the declared place for what is broken; a blank item is looked at before any total."""
        ids, index = {one.rule.id for one in broken}, broken[0].index or 0
        tables = self.values.blueprint.places.tables
        for wanted, key, blank_first in balance.look:
            if wanted <= ids:
                cells = [tables[table].cell(label, index) for table, label in (*blank_first, key)]
                return next((cell for cell in cells[:-1] if self.values(cell) is None), cells[-1])
        return broken[0].look

    def _moved(
        self, finding: Finding, look: Address, right: Decimal | None, suspects: Sequence[Address]
    ) -> Finding:
        """Return the finding with another cell as the place to look, and the figure right there.

        Of a total, which is a formula, the cells are named that somebody typed.
        """
        if look == finding.cells[0] or right is None:
            return finding
        _, item = locate(self.values.blueprint, look)
        actual = figure(self.values(look))
        others = suspects or [cell for cell in finding.cells if cell != look]
        return replace(
            finding,
            cells=(look, *others),
            facts={**finding.facts, "cells": list_cells(others)},
            item=item[1] if item else None,
            expected=right,
            actual=actual,
            difference=self.causes.amount(look) - right,
        )

    # What a finding says

    def _finding(self, instance: Instance) -> Finding:
        rule, form = instance.rule, self.values.blueprint.form
        actual, expected = self._sides(instance)
        difference = None
        if isinstance(actual, Decimal) and isinstance(expected, Decimal):
            difference = actual - expected
            difference = difference if rule.exact else round_half_up(difference, form.decimals)
        if isinstance(rule.left, Name) and self.values(instance.look) is None:
            actual = None
        entity, item = locate(self.values.blueprint, instance.look, self.values)
        label = instance.item or item
        field_ = form.fields.get(label) if label is not None else None
        others = [cell for cell in instance.cells if cell != instance.look]
        finding = Finding(
            rule=rule.id,
            code=rule.message,
            severity=rule.severity,
            cells=(instance.look, *others),
            entity=entity,
            item=label[1] if label else None,
            expected=expected,
            actual=actual,
            difference=difference,
            facts={"unit": form.unit, "text": rule.text, "cells": list_cells(others or [instance.look])},
            follows=self.explanations.of(instance),
            places=0 if field_ is not None and field_.is_count else form.decimals,
            is_doubt=rule.bureau,
        )
        if rule.exact and instance.look in self.calculated:
            # A calculation from yuan is as good as its rounded result, which is what counts.
            finding = replace(finding, code=f"{finding.code}_calculated", severity=INFO)
        return self._with_tail(special(self.values, instance, finding), instance)

    def _sides(self, instance: Instance) -> tuple[Decimal | str | None, Decimal | str | None]:
        if instance.rule.counts:
            return None, None
        if instance.left is None or instance.right is None:
            return figure(self.values(instance.look)), None
        left, right = self.values.evaluate(instance.left), self.values.evaluate(instance.right)
        return figure(left), figure(right)

    def _with_tail(self, finding: Finding, instance: Instance) -> Finding:
        """Grade a small difference from a printed total as what rounding leaves over."""
        if instance.look not in self.tolerant or finding.difference is None or instance.rule.op != "=":
            return finding
        addends = sum(isinstance(self.values(cell), Decimal) for cell in finding.cells[1:])
        smallest = Decimal(1).scaleb(-self.values.blueprint.form.decimals)
        if abs(finding.difference) <= HALF * smallest * (addends + 1):
            return replace(finding, severity=WARNING, causes=(TAIL,))
        return finding


def _blanks(values: Values, screened: Screened, found: Sequence[Finding]) -> list[Finding]:
    """Return one finding for all blank amounts of existing rows; one with no amount at all has its own."""
    named = values.blueprint.places.tables[values.blueprint.form.name_table]
    empty = {one.cells[0].row - named.first_row + 1 for one in found if one.code == EMPTY}
    blank = [
        one
        for one in screened.blank
        if one.index not in empty and (screened.is_plain or is_broken(values, one))
    ]
    if not blank:
        return []
    cells = tuple(one.look for one in blank)
    facts = {"count": str(len(cells)), "list": list_cells(cells)}
    rule = blank[0].rule
    return [Finding(rule=rule.id, code=rule.message, severity=INFO, cells=cells, facts=facts)]
