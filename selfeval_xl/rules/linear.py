"""How often each cell counts in a formula that only adds up."""

from __future__ import annotations

from collections import Counter

from selfeval_xl.cells import Address
from selfeval_xl.rules.tree import Binary, Call, Cell, Node, Unary, chain


class NotLinear(Exception):
    """The tree does more than add and subtract cells."""


def coefficients(*trees: Node) -> dict[Address, int]:
    """Return how often each cell counts in the sum of *trees*: 1, -1, 2 …; one that cancels out is left away.

    Rounding and guards are looked through.  Raises ``NotLinear`` for a tree that is no sum of cells.
    """
    found: Counter[Address] = Counter()
    for tree in trees:
        _add(tree, 1, found)
    return {cell: times for cell, times in found.items() if times}


def _add(tree: Node, times: int, found: Counter[Address]) -> None:
    match tree:
        case Cell(address):
            found[address] += times
        case Unary(operand=operand):
            _add(operand, -times, found)
        case Binary(operator="+" | "-"):
            first, rest = chain(tree)
            _add(first, times, found)
            for operator, right in rest:
                _add(right, times if operator == "+" else -times, found)
        case Call("ROUND" | "N", (operand, *_)) | Call("IF", (_, _, operand)):
            _add(operand, times, found)
        case _:
            raise NotLinear
