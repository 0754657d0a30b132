"""Which of the rules that a row's balance breaks leads, and at which cell: the others follow it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from selfeval_xl.blueprint.model import Instance
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address, Value
from selfeval_xl.findings import Cause, Finding
from selfeval_xl.form.model import Balance
from selfeval_xl.submission.balances import Unbalanced, is_possible, of_row
from selfeval_xl.submission.causes import BLANK, OMITTED, SURE, Causes, Guess, best, table_of
from selfeval_xl.submission.explain import Corrections, is_broken, solve
from selfeval_xl.submission.integrity import locate
from selfeval_xl.submission.record import Record
from selfeval_xl.submission.telling import figure, list_cells
from selfeval_xl.submission.witnesses import Witnesses


class Leading(Struct):
    """Checks balances, noting what it finds in a record; ``guessed`` are the causes of its leads by their ids."""

    record: Record
    causes: Causes
    witnesses: Witnesses
    guessed: dict[str, tuple[Cause, ...]] = {}

    @property
    def values(self) -> Values:
        """Return what is checked."""
        return self.record.values

    def run(self, balance: Balance, row: Sequence[Instance]) -> None:
        """Check rules that imply each other in one row: the others follow the first."""
        broken = [one for one in row if is_broken(self.values, one)]
        findings = [self.record.told(one) for one in broken]
        open_ones = [n for n, finding in enumerate(findings) if finding.follows is None]
        if open_ones:
            self._lead(balance, findings, broken, open_ones)
        for finding, instance in zip(findings, broken, strict=True):
            self.record.note(finding, instance)

    def _lead(
        self, balance: Balance, findings: list[Finding], broken: Sequence[Instance], open_ones: Sequence[int]
    ) -> None:
        """Let the findings of one row follow one of them, at the cell that is probably wrong."""
        declared = self._where_to_look(balance, [broken[n] for n in open_ones])
        row = of_row(self.causes, balance, broken[0].index or 0)
        guesses = [] if row is None else self._guesses(row, declared, broken)
        right = dict(guesses[0].right) if guesses else {}
        look = (guesses[0].look if guesses else None) or next(iter(right), declared)
        name, lead = self._about(look) or (None if guesses else self._about_row(look, broken[0].index)), None
        if name is None:
            lead = next((n for n in open_ones if look in broken[n].cells), open_ones[0])
            one = right.get(look) if len(right) == 1 else None
            figure = one if isinstance(one, Decimal) else solve(self.values, broken[lead], look)
            suspects = [] if row is None else [cell for cell in row.suspects if cell != look]
            findings[lead] = self._moved(findings[lead], look, figure, suspects)
            if guesses and guesses[0].cause.code in (OMITTED, BLANK):
                findings[lead] = replace(findings[lead], code="balance.blank")
            name = findings[lead].id
            right = right or ({} if figure is None else {look: figure})
        for n in open_ones:
            findings[n] = findings[n] if n == lead else replace(findings[n], follows=name)
        if row is not None:
            self.guessed[name] = tuple(one.cause for one in guesses)
        self._put_right(name, right, [broken[n] for n in open_ones if n != lead])

    def _guesses(self, row: Unbalanced, declared: Address, broken: Sequence[Instance]) -> list[Guess]:
        """Return what explains a row best, of the readings with which the rest of the report agrees."""
        found = list(row.guesses(declared))
        if not row.likely or any(one.cause.code in SURE for one in found):
            return best(found)
        readings: list[Corrections] = [{cell: right} for cell, right in row.likely.items()]
        readings += [one.right for one in found if one.right and one.right not in readings]
        plan = self.values.blueprint.plan(declared)
        if declared not in row.suspects and plan is not None and not plan.locked:
            readings += [{declared: solve(self.values, broken[0], declared)}]
        favoured = self.witnesses.favour(readings)
        if len(favoured) == len(readings) and not row.is_beyond(declared):
            return best(found)
        return best(one for one in found if one.right in favoured) or row.standing_alone(favoured, declared)

    def _about(self, cell: Address) -> str | None:
        """Return the earlier finding about a typed cell by itself, such as its sign."""
        standing = ((name, one) for name, one in self.record.standing.items() if one.look == cell)
        return next((name for name, one in standing if one.rule.scope == "cell"), None)

    def _about_row(self, look: Address, index: int | None) -> str | None:
        """Return the earlier finding that an entity has no amounts at all in the table of a cell."""
        table = table_of(self.values.blueprint, look)
        if table is None or any(self.values(table.cell(one, index or 0)) is not None for one in table.inputs):
            return None
        standing = ((name, one) for name, one in self.record.standing.items() if one.index == index)
        return next((name for name, one in standing if one.rule.counts), None)

    def _put_right(self, name: str, right: Mapping[Address, Value], others: Iterable[Instance]) -> None:
        """Note the figures that are right, and those of the rules that they do not put right."""
        blueprint = self.values.blueprint
        figures: dict[Address, Value] = {
            cell: value
            for cell, value in right.items()
            if not isinstance(value, Decimal) or is_possible(blueprint, cell, value)
        }
        self.record.explanations.add(name, figures)
        for other in others:
            if not self.record.explanations.does_explain(name, other):
                figure = solve(self.values, other, other.look)
                if figure is not None and is_possible(blueprint, other.look, figure):
                    figures[other.look] = figure
        self.record.explanations.add(name, figures)

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
