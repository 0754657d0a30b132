"""What was found in a report so far, in the order of explanation, and what of it stands on its own."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from selfeval_xl.amounts import round_half_up
from selfeval_xl.blueprint.model import Instance
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address
from selfeval_xl.findings import INFO, WARNING, Cause, Finding
from selfeval_xl.rules.tree import Name
from selfeval_xl.submission.explain import Explanations
from selfeval_xl.submission.integrity import Damage, locate
from selfeval_xl.submission.telling import figure, list_cells, special

TAIL = Cause("tail")
HALF = Decimal("0.5")


class Record(Struct):
    """The findings of one run; ``tolerant`` are the cells whose figure somebody rounded and printed.

    ``standing`` has the broken rule of each finding that follows none, by the finding's id; ``calculated`` are
    the cells in which somebody typed a calculation.
    """

    values: Values
    tolerant: frozenset[Address]
    explanations: Explanations
    findings: list[Finding] = []
    standing: dict[str, Instance] = {}
    calculated: frozenset[Address] = frozenset()

    def take(self, damage: Damage) -> None:
        """Begin with what the workbook lost, and with the figures that would be right there."""
        self.calculated = frozenset(damage.calculated)
        for finding in damage.findings:
            self.findings.append(finding)
            right = {cell: damage.expected[cell] for cell in finding.cells if cell in damage.expected}
            self.explanations.add(finding.id, right)

    def note(self, finding: Finding, instance: Instance) -> None:
        """Add a finding, and remember what was broken if it stands on its own."""
        if finding.follows is None and not finding.is_doubt:
            self.standing[finding.id] = instance
        self.findings.append(finding)

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

    def told(self, instance: Instance) -> Finding:
        """Return what a broken rule says, and which earlier finding it follows."""
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
