"""A rule's tree computed for many rows at once, where all amounts are plain.

The columns that names stand for hold exact amounts, 0 for a blank; what else a rule may say
goes through the functions that compute single values.  So a result here is the result
there, for a fraction of the time.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from selfeval_xl.cells import CellError
from selfeval_xl.rules import values
from selfeval_xl.rules.scalars import SCALARS
from selfeval_xl.rules.tree import COMPARISONS, Binary, Call, Node, Number, Text, Unary, chain

Figures = TypeVar("Figures")
Column = list[Any]
"""One value for every row."""

Computation = Callable[[Figures], Column]
Source = Callable[[Figures], Column]

_AMOUNTS: Mapping[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub}
_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_OVER_AMOUNTS: Mapping[str, Callable[..., Any]] = {"MIN": min, "MAX": max}
_OVER_CONDITIONS: Mapping[str, Callable[[Any], bool]] = {"AND": all, "OR": any}


class NotByColumns(Exception):
    """The tree says something that has to be computed row by row."""


class Columns(Generic[Figures]):
    """Turns trees into computations over columns.

    *source* returns what a name, or a function of a name, stands for and whether that is
    amounts; it raises ``NotByColumns`` for what has no column.  *height* is the number of rows.
    """

    def __init__(
        self,
        source: Callable[[Node], tuple[Source[Figures], bool] | None],
        height: Callable[[Figures], int],
    ) -> None:
        self._source = source
        self._height = height

    def amounts(self, tree: Node) -> Computation[Figures]:
        """Return the computation of a tree whose values are amounts."""
        found = self._source(tree)
        if found is not None and found[1]:
            return found[0]
        match tree:
            case Number(value):
                return lambda figures: [value] * self._height(figures)
            case Binary(operator="+" | "-"):
                return self._sum(tree)
            case Binary("*", operand, Number(value)) if value == int(value):
                # A fraction would make digits that are rounded away elsewhere.
                inner = self.amounts(operand)
                return lambda figures: [amount * value for amount in inner(figures)]
            case Unary(operand=operand):
                negated = self.amounts(operand)
                return lambda figures: [-amount for amount in negated(figures)]
            case Call(function, arguments) if function in _OVER_AMOUNTS and len(arguments) > 1:
                apply, parts = _OVER_AMOUNTS[function], [self.amounts(one) for one in arguments]
                return lambda figures: list(map(apply, *(part(figures) for part in parts)))
        raise NotByColumns

    def _sum(self, tree: Binary) -> Computation[Figures]:
        start, rest = chain(tree)
        first = self.amounts(start)
        steps = [(_AMOUNTS[sign], self.amounts(right)) for sign, right in rest]

        def run(figures: Figures) -> Column:
            result = first(figures)
            for apply, operand in steps:
                result = list(map(apply, result, operand(figures)))
            return result

        return run

    def conditions(self, tree: Node) -> Computation[Figures]:
        """Return the computation of a tree whose values are true or false; an error counts as false."""
        match tree:
            case Binary(sign, left, right) if sign in COMPARISONS:
                return self.comparison(sign, left, right)
            case Call(function, arguments) if function in _OVER_CONDITIONS:
                apply, parts = _OVER_CONDITIONS[function], [self.conditions(one) for one in arguments]
                return lambda figures: [
                    apply(row) for row in zip(*(part(figures) for part in parts), strict=True)
                ]
        raise NotByColumns

    def comparison(self, sign: str, left: Node, right: Node) -> Computation[Figures]:
        """Return the computation of a comparison, with amounts or other values on both sides."""
        holds = _ORDER[sign]
        try:
            one, other = self.amounts(left), self.amounts(right)
        except NotByColumns:
            one, other = self._values(left), self._values(right)
            return lambda figures: [
                _ordered(holds, *pair) for pair in zip(one(figures), other(figures), strict=True)
            ]
        return lambda figures: list(map(holds, one(figures), other(figures)))

    def _values(self, tree: Node) -> Computation[Figures]:
        """Return the computation of a tree with values of any kind."""
        found = self._source(tree)
        if found is not None:
            return found[0]
        match tree:
            case Number(value=constant) | Text(value=constant):
                return lambda figures: [constant] * self._height(figures)
            case Call(function, arguments) if function in SCALARS:
                conversions, apply = SCALARS[function]
                pairs = list(zip(conversions, map(self._values, arguments), strict=False))
                return lambda figures: [
                    _applied(apply, row)
                    for row in zip(
                        *([convert(value) for value in part(figures)] for convert, part in pairs), strict=True
                    )
                ]
        raise NotByColumns


def _ordered(holds: Callable[[Any, Any], bool], left: Any, right: Any) -> bool:
    order = values.compare(left, right)
    return not isinstance(order, CellError) and holds(order, 0)


def _applied(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    return next((one for one in arguments if isinstance(one, CellError)), None) or function(*arguments)
