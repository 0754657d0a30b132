"""What else in a report speaks for an amount: with it put right, other rules hold and the texts agree."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from selfeval_xl.blueprint.screen import screen_of
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address, Value
from selfeval_xl.findings import INFO, Finding
from selfeval_xl.submission.explain import is_broken
from selfeval_xl.submission.prose import prose_of

MOST_TRIALS, MOST_SLOW_TRIALS = 32, 12
"""How often one report is looked through again: a plain one, and one that has to be looked at row by row."""

Changes = Mapping[Address, Value]
Faults = frozenset[Hashable]


class Witnesses(Struct, dict=True):
    """What one report says against its own amounts, asked anew for other amounts in their place."""

    values: Values
    _trials: int = 0
    _heard: dict[frozenset[tuple[Address, Value]], Faults] = {}

    def favour(self, readings: Sequence[Changes]) -> list[Changes]:
        """Return the readings that the report bears out best; all of them where nothing speaks for one.

        A reading is what cells should hold.  Nothing may be wrong with it that is not wrong now: texts repeat what
        stands in the tables, and on which side they say more means nothing.  Of those the ones with which the least is
        wrong are left.  A report with very much wrong is not asked without end.
        """
        if len(readings) < 2 or not self.can_hear(len(readings) + 1):
            return list(readings)
        now = self.against({})
        left = {number: wrong for number, one in enumerate(readings) if (wrong := self.against(one)) <= now}
        least = min(map(len, left.values()), default=0)
        return [readings[number] for number, wrong in left.items() if len(wrong) == least] or list(readings)

    def can_hear(self, count: int) -> bool:
        """Tell whether so many readings more can be asked for."""
        return self._trials + count <= self._most

    @cached_property
    def _most(self) -> int:
        is_plain = screen_of(self.values.blueprint).figures(self.values) is not None
        return MOST_TRIALS if is_plain else MOST_SLOW_TRIALS

    def against(self, reading: Changes) -> Faults:
        """Return what is wrong with a reading."""
        name = frozenset(reading.items())
        if name not in self._heard:
            self._trials += 1
            values = Values(self.values.blueprint, {**self.values.typed, **reading}, self.values.stated)
            self._heard[name] = faults(values)
        return self._heard[name]


def faults(values: Values) -> Faults:
    """Return what is wrong in a report beside its balances; hints, and what is for the bureau, do not count."""
    blueprint = values.blueprint
    balanced = {rule for balance in blueprint.form.balances for rule in balance.rules}
    screened = screen_of(blueprint).screened(values)
    broken = {
        (one.rule.id, one.look)
        for one in screened.closely
        if one.rule.id not in balanced
        and one.rule.severity != INFO
        and not one.rule.bureau
        and is_broken(values, one)
    }
    prose = prose_of(values, screened.figures).findings
    return frozenset((*broken, *(said(one) for one in prose if one.severity != INFO)))


def said(finding: Finding) -> Hashable:
    """Return what a finding about a text is known by, whatever the figures are."""
    return finding.rule, finding.cells[0], finding.item, finding.actual
