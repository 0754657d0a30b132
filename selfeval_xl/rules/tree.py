"""The tree of a rule or formula, and short ways to build, walk and change one.

Trees are immutable values, and know nothing of the text that they were read from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache, reduce
from typing import TypeAlias

from msgspec import Struct

from selfeval_xl.cells import Address, Area
from selfeval_xl.rules.functions import complaint

PRECEDENCE = {"=": 1, "<>": 1, "<": 1, "<=": 1, ">": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4}
COMPARISONS = frozenset(operator for operator, level in PRECEDENCE.items() if level == 1)


class Number(Struct, frozen=True):
    """A number as written: finite and never negative (a minus sign is a ``Unary``)."""

    value: Decimal

    def __post_init__(self) -> None:
        if not self.value.is_finite() or self.value.is_signed():
            raise ValueError(f"a number in a rule is finite and has no sign: {self.value}")


class Text(Struct, frozen=True):
    """A text in double quotes, without them."""

    value: str


class Name(Struct, frozen=True):
    """A name without its single quotes; the parts of a dotted one are joined by ``.``."""

    text: str


class Cell(Struct, frozen=True):
    """One cell."""

    address: Address
    absolute: bool = False


class Block(Struct, frozen=True):
    """A rectangle of cells."""

    area: Area
    absolute: bool = False


class Call(Struct, frozen=True):
    """A function, in upper case, with its arguments."""

    function: str
    arguments: tuple[Node, ...] = ()


class Binary(Struct, frozen=True):
    """Two operands and an operator of ``PRECEDENCE``; all of them group from the left."""

    operator: str
    left: Node
    right: Node


class Unary(Struct, frozen=True):
    """A minus sign before an operand."""

    operator: str
    operand: Node


Node: TypeAlias = Number | Text | Name | Cell | Block | Call | Binary | Unary
_NODES = (Call, Cell, Binary, Number, Text, Block, Unary, Name)
Part: TypeAlias = Node | Address | Area | Decimal | int | str
"""What the constructors below take: a node, or a plain value that stands for one."""


# Building


def node(part: Part, *, absolute: bool = False) -> Node:
    """Return *part* as a node: addresses become references, plain values constants."""
    if isinstance(part, _NODES):
        return part
    if isinstance(part, Address):
        return Cell(part, absolute)
    if isinstance(part, Area):
        return Block(part, absolute)
    if isinstance(part, bool):
        return Call("TRUE" if part else "FALSE")
    return text(part) if isinstance(part, str) else number(part)


@lru_cache(maxsize=1024)
def number(value: Decimal | int | str) -> Node:
    """Return a constant; a negative one is a minus sign and a number."""
    amount = Decimal(value)
    return Unary("-", Number(-amount)) if amount < 0 else Number(abs(amount))


@lru_cache(maxsize=1024)
def text(value: str) -> Text:
    """Return a text constant."""
    return Text(value)


def call(function: str, *arguments: Part) -> Call:
    """Return a call; raises ``ValueError`` for an unknown function or a wrong count."""
    wrong = complaint(function, len(arguments))
    if wrong:
        raise ValueError(wrong)
    return Call(function, tuple(node(argument) for argument in arguments))


def _run(operator: str, first: Part, others: tuple[Part, ...]) -> Node:
    return reduce(lambda left, right: Binary(operator, left, node(right)), others, node(first))


def plus(first: Part, *others: Part) -> Node:
    """Return ``first + …``."""
    return _run("+", first, others)


def minus(first: Part, *others: Part) -> Node:
    """Return ``first - …``."""
    return _run("-", first, others)


def times(first: Part, *others: Part) -> Node:
    """Return ``first * …``."""
    return _run("*", first, others)


def over(left: Part, right: Part) -> Node:
    """Return ``left / right``."""
    return _run("/", left, (right,))


def joined(first: Part, *others: Part) -> Node:
    """Return ``first & …``."""
    return _run("&", first, others)


def negative(operand: Part) -> Unary:
    """Return ``-operand``."""
    return Unary("-", node(operand))


def equal(left: Part, right: Part) -> Node:
    """Return ``left = right``."""
    return _run("=", left, (right,))


def unequal(left: Part, right: Part) -> Node:
    """Return ``left <> right``."""
    return _run("<>", left, (right,))


def less(left: Part, right: Part) -> Node:
    """Return ``left < right``."""
    return _run("<", left, (right,))


def at_most(left: Part, right: Part) -> Node:
    """Return ``left <= right``."""
    return _run("<=", left, (right,))


def more(left: Part, right: Part) -> Node:
    """Return ``left > right``."""
    return _run(">", left, (right,))


def at_least(left: Part, right: Part) -> Node:
    """Return ``left >= right``."""
    return _run(">=", left, (right,))


# Walking and changing


def walk(tree: Node) -> Iterator[Node]:
    """Yield every node, a parent before its children, these from left to right."""
    waiting = [tree]
    while waiting:
        current = waiting.pop()
        yield current
        match current:
            case Call(arguments=arguments):
                waiting.extend(reversed(arguments))
            case Binary(left=left, right=right):
                waiting += (right, left)
            case Unary(operand=operand):
                waiting.append(operand)


def names(tree: Node) -> list[Name]:
    """Return the names in order of appearance, repeated ones too."""
    return [found for found in walk(tree) if isinstance(found, Name)]


def references(tree: Node) -> list[Cell | Block]:
    """Return the cells and blocks in order of appearance, repeated ones too."""
    return [found for found in walk(tree) if isinstance(found, (Cell, Block))]


def chain(tree: Binary) -> tuple[Node, list[tuple[str, Node]]]:
    """Return the first operand of a run of one precedence, and what follows it.

    ``a - b + c`` is ``a`` and ``[("-", b), ("+", c)]``.  Sums over hundreds of
    cells lean far to the left; whoever goes along the run needs no recursion.
    """
    level, first, rest = PRECEDENCE[tree.operator], tree.left, [(tree.operator, tree.right)]
    while isinstance(first, Binary) and PRECEDENCE[first.operator] == level:
        rest.append((first.operator, first.right))
        first = first.left
    return first, rest[::-1]


def substitute(tree: Node, replace: Callable[[Name], Node]) -> Node:
    """Return the tree with every name replaced."""
    match tree:
        case Name():
            return replace(tree)
        case Call():
            arguments = tuple(substitute(argument, replace) for argument in tree.arguments)
            return Call(tree.function, arguments)
        case Unary():
            return Unary(tree.operator, substitute(tree.operand, replace))
        case Binary():
            first, rest = chain(tree)
            result = substitute(first, replace)
            for operator, right in rest:
                result = Binary(operator, result, substitute(right, replace))
            return result
        case _:
            return tree
