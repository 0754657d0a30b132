"""Which finding explains which: what would hold if an earlier figure were right.

Holds the right figures of the findings so far, and computes the report anew with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from msgspec import Struct

from selfeval_xl.amounts import ZERO, round_half_up
from selfeval_xl.blueprint.model import Instance
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address, Value
from selfeval_xl.findings import Verdict
from selfeval_xl.rules.tree import Block, Node, references

_HOLDS = (Verdict.PASSED.word, Verdict.NOT_APPLICABLE.word)

Corrections = Mapping[Address, Value]


def is_broken(values: Values, instance: Instance) -> bool:
    """Tell whether the rule does not hold at this place.

    The verdict on the whole row is asked first: it is one formula for all
    cells of the row.  One that somebody typed over says nothing.
    """
    if instance.item is not None and instance.index is not None:
        row = values.blueprint.row_verdicts.get((instance.rule.id, instance.item[0], instance.index))
        if row is not None and row not in values.stated and values(row) in _HOLDS:
            return False
    return values.evaluate(instance.verdict) == Verdict.FAILED.word


class Explanations(Struct):
    """The right figures of earlier findings, by the findings' ids."""

    values: Values
    known: dict[str, Corrections] = {}
    _corrected: Values | None = None
    _reached: dict[tuple[Address, ...], set[Address]] = {}

    def add(self, name: str, corrections: Corrections) -> None:
        """Note the right figures for the finding with this id."""
        if corrections:
            self.known[name] = corrections
            self._corrected = None

    def drop(self, names: Iterable[str]) -> None:
        """Forget the right figures of findings that turned out to follow another."""
        for name in names:
            self.known.pop(name, None)
        self._corrected = None

    def of(self, instance: Instance) -> str | None:
        """Return the id of the finding without which this rule would hold, or ``None``."""
        if not self.known or is_broken(self.corrected, instance):
            return None
        for name in self.known:
            if self.does_explain(name, instance):
                return name
        return self.of_cells(instance.cells, instance.condition)

    def does_explain(self, name: str, instance: Instance) -> bool:
        """Tell whether the rule would hold with the figures of this one finding put right."""
        right = self.known.get(name)
        if right is None or self._precedents((), instance.verdict).isdisjoint(right):
            return False
        return not is_broken(self.values.with_stated(right), instance)

    def of_cells(self, cells: tuple[Address, ...], condition: Node | None = None) -> str | None:
        """Return the id of the first finding whose right figures change these cells, or those of a condition."""
        precedents = self._precedents(cells, condition)
        return next((name for name, one in self.known.items() if not precedents.isdisjoint(one)), None)

    @property
    def corrected(self) -> Values:
        """Return the report's values with all right figures."""
        if self._corrected is None:
            merged = {cell: value for one in self.known.values() for cell, value in one.items()}
            self._corrected = self.values.with_stated(merged)
        return self._corrected

    def _precedents(self, cells: tuple[Address, ...], tree: Node | None = None) -> set[Address]:
        """Return the cells, those that a tree names, and all that their formulas come from."""
        named = (*cells, *_referred(tree))
        if named in self._reached:
            return self._reached[named]
        seen: set[Address] = set()
        waiting = list(named)
        while waiting:
            address = waiting.pop()
            if address in seen:
                continue
            seen.add(address)
            plan = self.values.blueprint.plan(address)
            waiting += _referred(plan.formula if plan is not None else None)
        self._reached[named] = seen
        return seen


def _referred(tree: Node | None) -> Iterator[Address]:
    """Yield the cells that a tree names, those of blocks one by one."""
    for found in references(tree) if tree is not None else ():
        yield from found.area.addresses() if isinstance(found, Block) else [found.address]


def solve(values: Values, instance: Instance, cell: Address) -> Decimal | None:
    """Return the figure in *cell* with which both sides of the rule are equal, or ``None``.

    The sides are linear in every cell a rule names, so two computations are enough.
    """
    here = values(cell)
    start = here if isinstance(here, Decimal) else ZERO
    gap = _gap(values.with_stated({cell: start}), instance)
    moved = _gap(values.with_stated({cell: start + 1}), instance)
    if gap is None or moved is None or moved == gap:
        return None
    return round_half_up(start - gap / (moved - gap), values.blueprint.form.decimals)


def _gap(values: Values, instance: Instance) -> Decimal | None:
    if instance.left is None or instance.right is None:
        return None
    left, right = values.evaluate(instance.left), values.evaluate(instance.right)
    return left - right if isinstance(left, Decimal) and isinstance(right, Decimal) else None
