"""Which typed cell of a row is probably wrong, where rules that imply each other do not hold.

The sides of such rules are sums; so each cell has one figure with which all of them
would hold, or none.  The cell is named where a usual slip leads from that figure to
what was typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import combinations

from msgspec import Struct
from msgspec.structs import replace

from selfeval_xl.amounts import ZERO
from selfeval_xl.blueprint.model import Blueprint, Instance, TablePlace
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address, CellError, Value
from selfeval_xl.form.model import Balance
from selfeval_xl.rules.linear import NotLinear, coefficients
from selfeval_xl.rules.tree import Node, minus
from selfeval_xl.submission.causes import (
    ALONE,
    BLANK,
    ITEM,
    OMITTED,
    ROW,
    SCOPE,
    SHIFTED,
    SIDE,
    SWAPPED,
    Causes,
    Guess,
    beside,
    named,
    rules_by_row,
    table_of,
)
from selfeval_xl.submission.explain import Corrections, is_broken
from selfeval_xl.submission.telling import list_cells

Terms = Mapping[Address, int]

BEYOND = 1_000
"""So many times the row's other amounts, an amount is of another unit."""


class Unbalanced(Struct, frozen=True, dict=True):
    """The rules of a balance in one row: by how much each is off, and how often each typed cell counts in it."""

    causes: Causes
    rules: Sequence[Instance]
    gaps: Sequence[Decimal]
    terms: Sequence[Terms]

    @property
    def values(self) -> Values:
        """Return the report's values."""
        return self.causes.values

    @cached_property
    def suspects(self) -> dict[Address, Decimal]:
        """Return the typed cells of which one alone can be wrong, each with the figure it should hold."""
        found = {cell: self._right(cell) for cell in self._cells}
        return {cell: right for cell, right in found.items() if right is not None}

    @cached_property
    def _cells(self) -> list[Address]:
        sheets = list(self.values.blueprint.sheets)
        cells = {cell for terms in self.terms for cell in terms}
        return sorted(cells, key=lambda cell: (sheets.index(cell.sheet), cell.row, cell.column))

    def _right(self, cell: Address) -> Decimal | None:
        plan = self.values.blueprint.plan(cell)
        moves = set()
        for gap, terms in zip(self.gaps, self.terms, strict=True):
            if cell in terms:
                moves.add(-gap / terms[cell])
            elif gap:
                return None
        if plan is None or plan.locked or len(moves) != 1 or moves == {ZERO}:
            return None
        right = self.causes.amount(cell) + moves.pop()
        return right if is_possible(self.values.blueprint, cell, right) else None

    def holds_with(self, changes: Mapping[Address, Decimal]) -> bool:
        """Tell whether all rules would hold with other amounts in some cells."""
        moves = {cell: amount - self.causes.amount(cell) for cell, amount in changes.items()}
        return not any(
            gap + sum((terms.get(cell, 0) * move for cell, move in moves.items()), ZERO)
            for gap, terms in zip(self.gaps, self.terms, strict=True)
        )

    # Guesses

    def guesses(self, look: Address) -> Iterator[Guess]:
        """Yield what explains the row exactly; *look* is where the declaration would have the clerk look."""
        for cell, right in self.suspects.items():
            yield from self._of_cell(cell, right)
        yield from self._swapped(look)
        yield from self._shifted(look)
        plan = self.values.blueprint.plan(look)
        if plan is not None and plan.locked:
            yield from self._of_items(look)

    def _of_cell(self, cell: Address, right: Decimal) -> Iterator[Guess]:
        slip = self.causes.slip(cell, right, cell)
        if slip is not None:
            yield Guess(slip, {cell: right})
        for instance in self.rules:
            if instance.look == cell and instance.right is not None and self.values(cell) is not None:
                yield from self._of_result(cell, right, instance.right)
        if self._is_omitted(cell, right):
            yield Guess(self.causes.cause(OMITTED, cell, cell), {cell: right})
        for other in beside(self.values.blueprint, cell):
            if right and self.causes.amount(other) == right:
                yield Guess(self.causes.cause(ROW, other, cell), {cell: right})

    @cached_property
    def likely(self) -> dict[Address, Decimal]:
        """Return the suspects that could in reason hold their figure: it is of the unit that the amounts beside it have."""
        return {
            cell: right
            for cell, right in self.suspects.items()
            if not (largest := self._largest_beside(cell)) or right <= largest * BEYOND
        }

    def _largest_beside(self, cell: Address) -> Decimal:
        table = table_of(self.values.blueprint, cell)
        if table is None:
            return ZERO
        return max(self.causes.amount(table.cell(one, self._index)) for one in table.inputs)

    def is_beyond(self, declared: Address) -> bool:
        """Tell whether no amount of the table of *declared* can be it, and some of another table can."""
        return bool(self.likely) and all(cell.sheet != declared.sheet for cell in self.suspects)

    def standing_alone(self, readings: Sequence[Corrections], declared: Address) -> list[Guess]:
        """Return what there is to say of the cells that the rest of the report speaks against, with no slip to name.

        A blank one leads where no amount can be it: a typed 0 is meant.  A total stands for several amounts.
        """
        cells = [cell for one in readings if len(one) == 1 for cell in one if cell in self.likely]
        blank = [cell for cell in cells if self.values(cell) is None and self.suspects[cell] > 0]
        filled = [cell for cell in cells if self.causes.amount(cell)]
        sheets = {cell.sheet for cell in cells}
        if blank and not filled:
            return [self._told_of(OMITTED if len(blank) == 1 else BLANK, blank)]
        if len(cells) == 1:
            return [self._told_of(ALONE, cells)]
        if not cells or len(sheets) > 1:
            return [self._told_of(BLANK, blank)] if blank else []
        side = self._told_of(SIDE, [*filled, *(cell for cell in cells if cell not in filled)])
        side = replace(side, look=declared) if sheets == {declared.sheet} else side
        return [side, self._told_of(BLANK, blank)] if blank else [side]

    def _told_of(self, code: str, cells: Sequence[Address]) -> Guess:
        cause = self.causes.cause(code, cells[0], cells[0])
        facts = {**cause.facts, "cells": list_cells(sorted(cells))}
        return Guess(replace(cause, facts=facts), {cells[0]: self.suspects[cells[0]]})

    def _of_result(self, cell: Address, right: Decimal, formula: Node) -> Iterator[Guess]:
        """Yield what was left out, or counted twice, when somebody worked out the cell by hand."""
        terms, amount = coefficients(formula), self.causes.amount(cell)
        sources = (*named(self.rules), *(one.look for one in self.rules))
        for one in (
            *self.causes.of_terms(amount - right, terms, cell),
            *self.causes.copies(cell, amount, sources),
        ):
            yield Guess(one.cause, {cell: right})

    def _is_omitted(self, cell: Address, right: Decimal) -> bool:
        """Tell whether an item of the rules is empty, and a limit of the row holds with its figure only."""
        if self.causes.amount(cell) or right <= 0 or cell not in named(self.rules):
            return False
        return any(self._mends(one, cell) for one in self._limits)

    @cached_property
    def _limits(self) -> list[Instance]:
        rules = rules_by_row(self.values.blueprint)[self._index].values()
        return [one for one in rules if one.rule.op != "="]

    def _mends(self, limit: Instance, cell: Address) -> bool:
        """Tell whether a limit does not hold, and would with a suspect's figure."""
        corrected = self.values.with_stated({cell: self.suspects[cell]})
        return is_broken(self.values, limit) and not is_broken(corrected, limit)

    @property
    def _index(self) -> int:
        return self.rules[0].index or 0

    def _swapped(self, look: Address) -> Iterator[Guess]:
        """Yield the pairs of cells in one table whose exchange makes every rule hold."""
        amount = self.causes.amount
        for pair in combinations(sorted(self._cells, key=lambda cell: cell != look), 2):
            one, other = pair
            right = {one: amount(other), other: amount(one)}
            if one.sheet == other.sheet and all(right.values()) and self.holds_with(right):
                yield Guess(self.causes.cause(SWAPPED, other, one), right)

    def _shifted(self, look: Address) -> Iterator[Guess]:
        """Yield the row beside with which the table of *look* goes together: the amounts stand a row off."""
        table = table_of(self.values.blueprint, look)
        here = rules_by_row(self.values.blueprint)
        if table is None:
            return
        for other in (self._index - 1, self._index + 1):
            if other in here and (
                self._fits(table, other, self) or self._fits_there(table, other, here[other])
            ):
                there = look._replace(row=table.first_row + other - 1)
                yield Guess(self.causes.cause(SHIFTED, there, look), self._moved(table, other, look))

    def _moved(self, table: TablePlace, other: int, look: Address) -> dict[Address, Value]:
        """Return the table with the two rows exchanged; with all that follow moved up, if this one is empty."""
        rows = {self._index: other, other: self._index}
        if other > self._index and not any(
            self.causes.amount(table.cell(one, self._index)) for one in table.inputs
        ):
            rows = {row: row + 1 for row in range(self._index, table.rows + 1)}
        right = {
            table.cell(label, row): self.values(table.cell(label, source)) if source <= table.rows else None
            for row, source in rows.items()
            for label in table.inputs
        }
        first = look if look in right else next(iter(right))
        return {first: right[first], **right}

    def _fits_there(self, table: TablePlace, other: int, rules: Mapping[str, Instance]) -> bool:
        there = unbalanced(self.causes, [rules[one.rule.id] for one in self.rules])
        return there is not None and there._fits(table, self._index, there)

    def _fits(self, table: TablePlace, other: int, row: Unbalanced) -> bool:
        """Tell whether the row's rules hold with the amounts that its table has in another row."""
        changes = {
            table.cell(label, row._index): row.causes.amount(table.cell(label, other))
            for label in table.inputs
        }
        return any(changes.values()) and row.holds_with(changes)

    def _of_items(self, look: Address) -> Iterator[Guess]:
        """Yield the items that make up the difference: of another scope, left out or counted twice."""
        gap, terms = next((gap, terms) for gap, terms in zip(self.gaps, self.terms, strict=True) if gap)
        if not any(self.causes.amount(cell) for cell in terms if cell.sheet == look.sheet):
            return
        for cell, times in terms.items():
            share = self.causes.amount(cell) * times
            if share and share == gap and cell.sheet != look.sheet:
                yield Guess(self.causes.cause(SCOPE, cell, look))
            elif share and abs(share) == abs(gap):
                yield Guess(self.causes.cause(ITEM, cell, look))


def is_possible(blueprint: Blueprint, cell: Address, amount: Decimal) -> bool:
    """Tell whether an item can have this amount: one that has no sign is never negative."""
    table = table_of(blueprint, cell)
    return amount >= 0 or (
        table is not None
        and any(
            blueprint.form.columns[table.label, label].signed
            for label, column in table.columns.items()
            if column == cell.column
        )
    )


def of_row(causes: Causes, balance: Balance, index: int) -> Unbalanced | None:
    """Return the rules of a balance in an entity's row, or ``None`` where they are no sums of amounts."""
    rules = rules_by_row(causes.values.blueprint).get(index, {})
    return unbalanced(causes, [rules[one] for one in balance.rules if one in rules])


def unbalanced(causes: Causes, rules: Sequence[Instance]) -> Unbalanced | None:
    """Return the rules with their gaps, or ``None`` where one of them cannot be computed or compares otherwise."""
    terms = []
    for one in rules:
        if one.rule.op != "=" or one.left is None or one.right is None:
            return None
        try:
            terms.append(_typed_terms(causes.values, minus(one.left, one.right)))
        except NotLinear:
            return None
    if any(isinstance(causes.values(cell), (str, CellError)) for one in terms for cell in one):
        return None
    gaps = [sum((times * causes.amount(cell) for cell, times in one.items()), ZERO) for one in terms]
    return Unbalanced(causes, rules, gaps, terms) if rules else None


def _typed_terms(values: Values, tree: Node) -> dict[Address, int]:
    """Return how often each typed cell counts in a sum, totals replaced by what they are added up from."""
    found: dict[Address, int] = {}
    waiting = list(coefficients(tree).items())
    while waiting:
        cell, times = waiting.pop(0)
        plan = values.blueprint.plan(cell)
        if plan is None or plan.formula is None or cell in values.stated:
            found[cell] = found.get(cell, 0) + times
        else:
            waiting += [(one, times * more) for one, more in coefficients(plan.formula).items()]
    return {cell: times for cell, times in found.items() if times}
