"""Runs the rules on one report: every instance of the blueprint, in the order of explanation.

A finding that an earlier one explains follows it: with the earlier one's figure put
right, it would not be there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from selfeval_xl.amounts import ZERO
from selfeval_xl.blueprint.instances import active_rules, number_instance
from selfeval_xl.blueprint.model import Blueprint, Instance
from selfeval_xl.blueprint.screen import Screened, screen_of
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address
from selfeval_xl.findings import INFO, SEVERITIES, Cause, Finding, Reconciliation
from selfeval_xl.form.model import Balance
from selfeval_xl.ooxml.book import Book
from selfeval_xl.submission.causes import Causes
from selfeval_xl.submission.entries import entry_findings
from selfeval_xl.submission.explain import Explanations, is_broken, solve
from selfeval_xl.submission.figures import RESULTS, results
from selfeval_xl.submission.integrity import Damage, locate, program_rules
from selfeval_xl.submission.leading import Leading
from selfeval_xl.submission.prose import prose_of
from selfeval_xl.submission.reading import meant as meant_by
from selfeval_xl.submission.record import Record
from selfeval_xl.submission.retold import by_one_entry, following
from selfeval_xl.submission.telling import list_cells
from selfeval_xl.submission.units import Amounts, in_other_unit, in_wrong_unit
from selfeval_xl.submission.witnesses import Witnesses

EMPTY = "entity.empty"


class Checked(Struct, frozen=True):
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
    record = Record(values, frozenset(tolerant), Explanations(values))
    causes = Causes(values)
    checker, leading = _Checker(record, causes), Leading(record, causes, Witnesses(values))
    if damage is not None:
        record.take(damage)
    if record.tolerant:
        checker.run(_printed_texts(values, record.tolerant))
    screened = screen_of(values.blueprint).screened(values)
    rule = program_rules(values.blueprint).get(RESULTS)
    if damage is not None and book is not None and rule is not None:
        record.findings += results(rule, values, screened.figures, book, damage)
    for balance, group in _groups(values, screened.closely):
        if balance is None:
            checker.run(group)
        else:
            leading.run(balance, group)
    record.look_back()
    checker.explain(leading.guessed)
    record.findings += entry_findings(values)
    prose = prose_of(values, screened.figures)
    told = following(prose.findings, record.findings, record.explanations)
    record.findings += by_one_entry(told, leading.witnesses)
    record.findings += _blanks(values, screened, record.findings)
    return Checked(list(_no_worse(record.findings)), prose.reconciliations)


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
    for balance, rules in _order_of(values.blueprint):
        found = [one for rule in rules if rule in by_rule for one in by_rule[rule]]
        if balance is None:
            if found:
                yield None, sorted(found, key=lambda one: one.index == 0)
            continue
        rows: dict[int, list[Instance]] = defaultdict(list)
        for one in found:
            rows[one.index or 0].append(one)
        for index in sorted(rows, key=lambda index: (index == 0, index)):
            yield balance, rows[index]


@lru_cache(maxsize=64)
def _order_of(blueprint: Blueprint) -> Sequence[tuple[Balance | None, Sequence[str]]]:
    """Return the rules in the order in which they are looked at: each alone, those of a balance together."""
    balances = {rule: balance for balance in blueprint.form.balances for rule in balance.rules}
    groups: dict[str, tuple[Balance | None, Sequence[str]]] = {}
    # A doubt explains nothing: it may follow what the clerk has to put right.
    for rule in sorted(blueprint.rules, key=lambda rule: rule.bureau):
        balance = balances.get(rule.id)
        together = (rule.id,) if balance is None else balance.rules
        groups.setdefault(together[0], (balance, together))
    return list(groups.values())


def _printed_texts(values: Values, printed: frozenset[Address]) -> Iterator[Instance]:
    """Yield the rule about numbers at every printed total; formulas, which else stand there, need none."""
    rules = [rule for rule in active_rules(values.blueprint) if rule.scope == "number"]
    for rule in rules:
        for address in sorted(printed):
            _, item = locate(values.blueprint, address)
            if item is not None:
                yield number_instance(rule, address, None, item)


class _Checker(Struct):
    """One run over the rules that are no balance."""

    record: Record
    causes: Causes

    @property
    def values(self) -> Values:
        """Return what is checked."""
        return self.record.values

    def run(self, instances: Iterable[Instance]) -> None:
        """Check one rule."""
        broken = [one for one in instances if is_broken(self.values, one)]
        meant = in_other_unit(self.values, broken) if broken and broken[0].rule.together else {}
        if meant:
            self._drop_narrower(meant, broken)
        for instance in broken:
            finding = in_wrong_unit(self.record.told(instance), instance, self.values, meant)
            if finding.follows is None:
                finding = replace(finding, follows=self._same_in_rows(finding, instance))
            self.record.note(finding, instance)
            if finding.follows is None and not finding.is_doubt:
                right = self._right_at(instance)
                self.record.explanations.add(finding.id, {} if right is None else {instance.look: right})
        if meant and self.record.findings[-len(broken)].follows is None:
            self.record.explanations.add(self.record.findings[-len(broken)].id, meant)

    def _right_at(self, instance: Instance) -> Decimal | None:
        """Return the figure that would be right where a rule looks: by the rule, or by what a text means."""
        value = self.values(instance.look)
        if instance.rule.scope == "number" and isinstance(value, str):
            found = meant_by(value, self.values.blueprint.form, instance.item)
            return None if found is None else found.value
        return solve(self.values, instance, instance.look) if instance.rule.op == "=" else None

    def _drop_narrower(self, meant: Amounts, broken: Sequence[Instance]) -> None:
        """Forget the findings that told less of it: at a total, or at some of the amounts *meant* in another unit."""
        explanations = self.record.explanations
        known = {name: explanations.known.get(name, {}) for name in self.record.standing}
        explanations.drop([name for name, cells in known.items() if any(map(self._is_computed, cells))])
        # One amount by itself is named best by its own rules; of several, the unit is what they have in common.
        told = {explanations.of(one) for one in broken}
        if None in told or len(told) > 1:
            explanations.drop([name for name, cells in known.items() if cells.keys() < meant.keys()])

    def _is_computed(self, cell: Address) -> bool:
        plan = self.values.blueprint.plan(cell)
        return plan is not None and plan.formula is not None and cell not in self.values.stated

    def _same_in_rows(self, finding: Finding, instance: Instance) -> str | None:
        """Return the first row's finding of the same rule, if it stands for all, or the rows make up the total row's."""
        rows = [one for one in self.record.findings if one.rule == finding.rule]
        if rows and instance.rule.together:
            return rows[0].follows or rows[0].id
        rows = [one for one in rows if one.follows is None]
        if not rows or instance.index != 0 or finding.difference is None:
            return None
        made_up = sum((abs(one.difference or ZERO) for one in rows), ZERO)
        return rows[0].id if abs(finding.difference) <= made_up else None

    def explain(self, guessed: Mapping[str, tuple[Cause, ...]]) -> None:
        """Name the probable causes of what stands on its own."""
        for number, finding in enumerate(self.record.findings):
            if finding.follows is None and not finding.causes and not finding.is_doubt:
                instance = self.record.standing.get(finding.id)
                causes = guessed.get(finding.id)
                if causes is None and (instance is None or instance.look == finding.cells[0]):
                    causes = self.causes.of(finding, instance)
                self.record.findings[number] = replace(finding, causes=causes) if causes else finding


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
