"""What every check looks at: the texts, their mentions, the figures, and what was found so far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from msgspec import Struct

from selfeval_xl.amounts import round_half_up
from selfeval_xl.cells import Address
from selfeval_xl.findings import Finding, Reconciliation
from selfeval_xl.form.model import Form, Key, Rule
from selfeval_xl.form.prose import MONEY, Prose, Spoken
from selfeval_xl.narrative.ledger import Ledger
from selfeval_xl.narrative.model import Figures, Mention, Paragraph
from selfeval_xl.narrative.source import Source
from selfeval_xl.texts import say

_COUNT_PLACES = 0


class View(Struct):
    """One report's prose as the checks see it; ``wrong`` names the finding that speaks of a mention, by its identity."""

    source: Source
    figures: Figures
    form: Form
    prose: Prose
    ledger: Ledger
    mentions: list[Mention]
    findings: list[Finding] = []
    reconciliations: list[Reconciliation] = []
    wrong: dict[int, str] = {}
    _by_rule: dict[str, list[tuple[int, Mention]]] = {}

    @property
    def paragraphs(self) -> Sequence[Paragraph]:
        """Return the report's paragraphs."""
        return self.source.paragraphs

    def actual(self) -> Iterator[Mention]:
        """Yield the mentions of this year's figures."""
        return (one for one in self.mentions if one.is_actual)

    def of_rule(self, rule: str) -> Sequence[tuple[int, Mention]]:
        """Return the mentions of this year's figures that a rule holds against tables or adds up, with their numbers."""
        if not self._by_rule:
            for number, one in enumerate(self.mentions):
                if one.spoken is not None and one.is_actual:
                    for name in (one.spoken.rule, one.spoken.sums):
                        self._by_rule.setdefault(name, []).append((number, one))
        return self._by_rule.get(rule, ())

    def own(self, one: Spoken, value: Decimal) -> Decimal:
        """Return a figure of the ledger in the unit in which the form shows it."""
        return round_half_up(value / self.ledger.worth, self.form.decimals) if one.kind == MONEY else value

    def place_of(self, one: Spoken, row: int) -> Address:
        """Return the cell of the first item that a figure is made of."""
        key = one.keys[0]
        return self.figures.cells(key, 0 if key in self.form.fields else row)

    def name_of(self, one: Spoken) -> str:
        """Return the label of an item, or of those that are added up."""
        plus = say("word.plus").join(key[1] for key in one.items or one.less)
        return (
            plus
            if not one.items or not one.less
            else say("word.minus").join([plus, *(key[1] for key in one.less)])
        )

    def entity(self, row: int) -> str | None:
        """Return the name of a row's entity, ``None`` for the total row."""
        return self.figures.entities[row - 1][0] if row else None

    def unit(self, one: Spoken) -> str:
        """Return the unit as it stands behind an amount, with the blank before it."""
        return f" {self.form.unit}" if one.kind == MONEY else ""

    def places(self, one: Spoken) -> int:
        """Return how many decimals the figure is shown with."""
        return self.form.decimals if one.kind == MONEY else _COUNT_PLACES

    def finding(self, rule: Rule, cells: Sequence[Address], code: str = "", **facts: object) -> Finding:
        """Return a finding of *rule*; *facts* that a finding has itself go there, the others to its sentence."""
        own = {name: facts.pop(name) for name in _OWN if name in facts}
        written = {name: str(value) for name, value in facts.items()}
        shown = {"unit": self.form.unit, "text": rule.text, "cells": say("word.and").join(map(str, cells))}
        own.setdefault("severity", rule.severity)
        return Finding(
            rule.id,
            code or rule.message,
            cells=tuple(cells),
            facts=shown | written,
            is_doubt=rule.bureau,
            **own,  # type: ignore[arg-type]
        )

    def last(self, spoken: Spoken, mention: Mention) -> Mention | None:
        """Return the nearest mention of an item before *mention*, in the same paragraph and of the same entity."""
        found = None
        for one in self.mentions:
            if one is mention:
                break
            if (
                one.is_actual
                and one.spoken is spoken
                and (one.paragraph, one.row) == (mention.paragraph, mention.row)
            ):
                found = one
        return found

    def first_wrong(self, mentions: Iterable[Mention]) -> str | None:
        """Return the id of the finding that speaks of one of these mentions, if there is any."""
        return next((self.wrong[id(one)] for one in mentions if id(one) in self.wrong), None)

    def section(self, number: int) -> tuple[Key, str]:
        """Return the section and heading of the paragraph with this number."""
        paragraph = self.paragraphs[number]
        return paragraph.section, paragraph.heading


_OWN = ("entity", "item", "expected", "actual", "difference", "follows", "severity", "places")
