"""Computes a workbook: inputs in, the value of every formula cell out.

The same trees that are printed as formulas are evaluated here, in exact decimals,
so that a formula and the value cached beside it cannot disagree.
"""

from __future__ import annotations

from collections.abc import Mapping

from selfeval_xl.blueprint.model import Blueprint
from selfeval_xl.cells import Address, Value
from selfeval_xl.rules.tree import Node


class Values:
    """The values of a workbook's cells, formulas computed when asked for.

    ``typed`` holds what stands in input cells.  ``stated`` holds figures that stand in
    a formula's place: printed in a data file, or typed over a formula; what depends on
    them is computed from them, as Excel would.
    """

    def __init__(
        self,
        blueprint: Blueprint,
        typed: Mapping[Address, Value],
        stated: Mapping[Address, Value] | None = None,
    ) -> None:
        self.blueprint = blueprint
        self.typed = typed
        self.stated = dict(stated or {})
        self._known: dict[Address, Value] = {}

    def __call__(self, address: Address) -> Value:
        """Return the value of a cell."""
        try:
            return self._known[address]
        except KeyError:
            value = self._known[address] = self._compute(address)
            return value

    def _compute(self, address: Address) -> Value:
        if address in self.stated:
            return self.stated[address]
        plan = self.blueprint.plan(address)
        if plan is None:
            return None
        if plan.formula is not None:
            return self.blueprint.evaluator(plan.formula)(self)
        return plan.value if plan.locked else self.typed.get(address)

    def evaluate(self, tree: Node) -> Value:
        """Return the value of a tree that stands in no cell."""
        return self.blueprint.evaluator(tree)(self)

    def with_stated(self, stated: Mapping[Address, Value]) -> Values:
        """Return the same workbook with other figures stated."""
        return Values(self.blueprint, self.typed, {**self.stated, **stated})

    def all_cells(self) -> dict[Address, Value]:
        """Return every cell's value: labels, inputs and formulas."""
        return {
            Address(sheet.name, row, column): self(Address(sheet.name, row, column))
            for sheet in self.blueprint.sheets.values()
            for row, column in sheet.cells
        }
