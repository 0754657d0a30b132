"""One report under comparison: makes its findings, and lets each follow the one that explains it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from selfeval_xl.amounts import ZERO
from selfeval_xl.blueprint.instances import active_rules
from selfeval_xl.blueprint.model import Blueprint
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address, Value
from selfeval_xl.findings import SEVERITIES, Cause, Finding
from selfeval_xl.form.model import Form, Key, Rule
from selfeval_xl.papers.figures import Figures, Row
from selfeval_xl.papers.items import components, leaves
from selfeval_xl.submission.check import check
from selfeval_xl.submission.inspect import Report
from selfeval_xl.submission.telling import list_cells

Spot = tuple[Key, int]
"""An item in a row, by the row's index."""


class Trail(Struct):
    """The report, its figures, and what was found so far.

    ``leads`` are the cells that findings look at first, ``gaps`` the differences known at a spot, each with the
    finding that stands for it; ``cured`` are the input cells that one finding already calls wrong.
    """

    report: Report
    blueprint: Blueprint
    this: Figures
    findings: list[Finding] = []
    leads: dict[Address, Finding] = {}
    gaps: dict[Spot, tuple[Decimal, Finding]] = {}
    cured: dict[Address, Finding] = {}
    _active: dict[str, list[Rule]] = {}

    def __post_init__(self) -> None:
        for rule in active_rules(self.blueprint):
            self._active.setdefault(rule.check, []).append(rule)
        spots = {self.cell(key, row): (key, row.index) for row in self.this.rows for key in self.form.columns}
        by_id = {one.id: one for one in self.report.findings}
        for one in self.report.findings:
            self._note(one, spots.get(one.cells[0]), by_id.get(one.follows or "", one))

    @property
    def form(self) -> Form:
        """Return the report's form."""
        return self.blueprint.form

    def rules(self, check: str) -> list[Rule]:
        """Return the rules in force that ask for a check."""
        return self._active.get(check, [])

    def cell(self, key: Key, row: Row) -> Address:
        """Return the cell of an item in a row."""
        return self.blueprint.places.tables[key[0]].cell(key[1], row.index)

    def inputs(self, key: Key, row: Row) -> list[Address]:
        """Return the input cells that an item in a row is added up from."""
        rows = [row] if row.index else self.this.rows[1:]
        return [self.cell(leaf, one) for one in rows for leaf in leaves(self.form, key)]

    def addends(self, key: Key, row: Row) -> int:
        """Return how many amounts an item in a row is added up from, itself if it is typed."""
        rows = [row] if row.index else self.this.rows[1:]
        return sum(leaf in one.amounts for one in rows for leaf in leaves(self.form, key))

    def finding(
        self,
        rule: Rule,
        key: Key,
        row: Row,
        *,
        expected: Decimal | None,
        code: str | None = None,
        severity: str | None = None,
        cells: Sequence[Address] = (),
        causes: tuple[Cause, ...] = (),
        facts: Mapping[str, str] | None = None,
    ) -> Finding:
        """Return a finding at an item in a row; *cells* are others that it is about."""
        look, actual = self.cell(key, row), row.amounts.get(key)
        others = [cell for cell in cells if cell != look]
        return Finding(
            rule=rule.id,
            code=code or rule.message,
            severity=severity or rule.severity,
            cells=(look, *others),
            entity=self.name_of(key, row),
            item=key[1],
            expected=expected,
            actual=actual,
            difference=(actual or ZERO) - (expected or ZERO),
            causes=causes,
            facts={**self.facts(rule), "cells": list_cells(others or [look]), **(facts or {})},
            places=self.form.decimals,
            is_doubt=rule.bureau,
        )

    def facts(self, rule: Rule) -> dict[str, str]:
        """Return the facts that every sentence may ask for."""
        return {"unit": self.form.unit, "text": rule.text}

    def name_of(self, key: Key, row: Row) -> str | None:
        """Return what the item's table calls the row."""
        return row.name if row.index else self.form.tables[key[0]].total_label

    def add(
        self,
        finding: Finding,
        spot: Spot | None = None,
        touched: Iterable[Address] = (),
        after: str | None = None,
    ) -> Finding:
        """Keep a finding and return it; one that an earlier one explains follows that one.

        *spot* is where its difference stands, *touched* are the input cells behind its figure, *after* is the
        finding that explains it, where that is known already.
        """
        finding = replace(finding, follows=after or self._follows(finding, touched))
        leader = next((one for one in self.findings if one.id == finding.follows), finding)
        if leader is not finding and SEVERITIES.index(leader.severity) > SEVERITIES.index(finding.severity):
            finding = replace(finding, severity=leader.severity)
        self.findings.append(finding)
        self._note(finding, spot, leader)
        return finding

    def _follows(self, finding: Finding, touched: Iterable[Address]) -> str | None:
        cured = next((self.cured[cell] for cell in touched if cell in self.cured), None)
        earlier = cured or self.leads.get(finding.cells[0])
        if earlier is None or SEVERITIES.index(earlier.severity) > SEVERITIES.index(finding.severity):
            # What weighs less, such as a blank to be filled in, explains nothing that weighs more.
            return None
        return earlier.follows or earlier.id

    def _note(self, finding: Finding, spot: Spot | None, leader: Finding) -> None:
        if finding.is_doubt:
            return
        self.leads.setdefault(finding.cells[0], finding)
        if spot is not None and finding.difference is not None:
            self.gaps.setdefault(spot, (finding.difference, leader))

    def follow_if_right(self, cause: Finding, right: Mapping[Address, Value]) -> None:
        """Let those of the report's own findings follow *cause* that would not be there with the *right* figures."""
        values = self.report.values
        if values is None:
            return
        mended = check(Values(self.blueprint, {**values.typed, **right}, values.stated)).findings
        left = {one.id for one in mended}
        programs = {rule.id for rule in self.blueprint.rules if rule.scope == "program"}
        gone = {
            one.id
            for one in self.report.findings
            if one.follows is None and one.id not in left and one.rule not in programs
        }
        self.report.findings[:] = [
            replace(one, follows=cause.follows or cause.id) if one.id in gone or one.follows in gone else one
            for one in self.report.findings
        ]

    def explained(self, key: Key, row: Row, difference: Decimal) -> str | None:
        """Return the finding whose difference, in a part of this figure, is this difference too.

        Parts are the entities' rows of a total, and the items that an item is added up from.
        """
        rows = () if row.index else self.this.rows[1:]
        below = [self.gaps[key, one.index] for one in rows if (key, one.index) in self.gaps]
        parts = [(part, row.index) for part in components(self.form, key)]
        beside = _standing(self.gaps[spot] for spot in parts if spot in self.gaps)
        for known in (below, beside):
            same = [leader for gap, leader in known if gap == difference]
            if known and sum((gap for gap, _ in known), ZERO) == difference:
                same.append(known[0][1])
            if same:
                return same[0].follows or same[0].id
        return None


def _standing(known: Iterable[tuple[Decimal, Finding]]) -> list[tuple[Decimal, Finding]]:
    """Return one difference for each finding that stands for some."""
    return list({leader.id: (gap, leader) for gap, leader in reversed(list(known))}.values())
