"""From a tree to its value, exactly and with Excel's meaning.

A tree is turned once into nested functions, which then run for as many workbooks
as there are.  What hosts compute differently is refused when the tree is compiled:
a ``ValueError`` there means a fault of the rule, never of somebody's data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from selfeval_xl.amounts import ZERO
from selfeval_xl.cells import Address, Area, CellError, Value
from selfeval_xl.rules import values
from selfeval_xl.rules.functions import complaint
from selfeval_xl.rules.over_cells import OVER_CELLS, Arguments, Evaluator, Lookup, choice
from selfeval_xl.rules.scalars import SCALARS, TESTS
from selfeval_xl.rules.tree import Binary, Block, Call, Cell, Name, Node, Number, Text, Unary, chain

__all__ = ["Evaluator", "Lookup", "compiled"]


def compiled(tree: Node) -> Evaluator:
    """Return the function that computes the tree from the cells' values.

    A formula that shows a blank cell gives 0, so the result is never ``None``.
    Raises ``ValueError`` for a name that is left and for what no rule may use.
    """
    evaluate = _value(tree)

    def result(lookup: Lookup) -> Value:
        value = evaluate(lookup)
        return ZERO if value is None else value

    return result


def _value(tree: Node) -> Evaluator:
    """Compile *tree* where one value is wanted."""
    match tree:
        case Number(value=constant) | Text(value=constant):
            return lambda _: constant
        case Cell(address):
            return lambda lookup: lookup(address)
        case Block(area):
            return _only_cell(area)
        case Binary():
            return _binary(tree)
        case Unary(operand=operand):
            inner = _value(operand)
            return lambda lookup: values.negate(inner(lookup))
        case Call():
            return _call(tree)
        case Name(text):
            raise ValueError(f"the name {text} stands for no cell yet")


def _only_cell(area: Area) -> Evaluator:
    if area.height != 1 or area.width != 1:
        raise ValueError(f"{area} is more than one cell; reach one with INDEX")
    address = Address(area.sheet, area.top, area.left)
    return lambda lookup: lookup(address)


# Operators


def _comparison(holds: Callable[[int], bool]) -> Callable[[Value, Value], Value]:
    def apply(left: Value, right: Value) -> Value:
        order = values.compare(left, right)
        return order if isinstance(order, CellError) else holds(order)

    return apply


_OPERATIONS: Mapping[str, Callable[[Value, Value], Value]] = {
    "+": values.add,
    "-": values.subtract,
    "*": values.multiply,
    "/": values.divide,
    "&": values.concatenate,
    "=": _comparison(lambda order: order == 0),
    "<>": _comparison(lambda order: order != 0),
    "<": _comparison(lambda order: order < 0),
    "<=": _comparison(lambda order: order <= 0),
    ">": _comparison(lambda order: order > 0),
    ">=": _comparison(lambda order: order >= 0),
}


def _binary(tree: Binary) -> Evaluator:
    start, rest = chain(tree)
    first = _value(start)
    steps = [(_OPERATIONS[operator], _value(right)) for operator, right in rest]
    if len(steps) == 1:
        ((apply, second),) = steps
        return lambda lookup: apply(first(lookup), second(lookup))

    def run(lookup: Lookup) -> Value:
        result = first(lookup)
        for apply, operand in steps:
            result = apply(result, operand(lookup))
        return result

    return run


# Functions


def _call(tree: Call) -> Evaluator:
    wrong = complaint(tree.function, len(tree.arguments))
    if wrong:
        raise ValueError(wrong)
    match tree:
        case Call("ROUND", (Call("N", (Cell(address),)), Number(places))):
            return _rounded_amount(address, int(places))
    if tree.function in SCALARS:
        return _scalar(tree)
    if tree.function in TESTS:
        test, inner = TESTS[tree.function], _value(tree.arguments[0])
        return lambda lookup: test(inner(lookup))
    if tree.function in OVER_CELLS:
        return OVER_CELLS[tree.function](tree.arguments, _value)
    return _FORMS[tree.function](tree.arguments)


def _rounded_amount(address: Address, places: int) -> Evaluator:
    """Compile the amount of a cell as every rule takes it, which is most of all there is to compute."""

    def evaluate(lookup: Lookup) -> Value:
        value = lookup(address)
        if isinstance(value, Decimal):
            return values.rounded(value, places)
        return value if isinstance(value, CellError) else values.ONE if value is True else ZERO

    return evaluate


def _scalar(tree: Call) -> Evaluator:
    conversions, function = SCALARS[tree.function]
    pairs = list(zip(conversions, map(_value, tree.arguments), strict=False))

    def evaluate(lookup: Lookup) -> Value:
        converted = []
        for convert, argument in pairs:
            value = convert(argument(lookup))
            if isinstance(value, CellError):
                return value
            converted.append(value)
        return function(*converted)

    return evaluate


def _if(arguments: Arguments) -> Evaluator:
    return choice(arguments, _value, _value)


def _if_error(arguments: Arguments) -> Evaluator:
    tried, fallback = map(_value, arguments)

    def evaluate(lookup: Lookup) -> Value:
        value = tried(lookup)
        return fallback(lookup) if isinstance(value, CellError) else value

    return evaluate


def _text(arguments: Arguments) -> Evaluator:
    if arguments[1] not in (Text("0"), Text("0.00")):
        raise ValueError('TEXT takes the formats "0" and "0.00"')
    inner, places = _value(arguments[0]), 0 if arguments[1] == Text("0") else 2

    def evaluate(lookup: Lookup) -> Value:
        value = inner(lookup)
        if isinstance(value, (str, bool)):
            return values.as_text(value)
        amount = values.as_number(value)
        return amount if isinstance(amount, CellError) else f"{values.rounded(amount, places):.{places}f}"

    return evaluate


def _char(arguments: Arguments) -> Evaluator:
    if arguments != (Number(Decimal(10)),):
        raise ValueError("CHAR takes 10, the line break; other codes differ by host")
    return lambda _: "\n"


_FORMS: Mapping[str, Callable[[Arguments], Evaluator]] = {
    "CHAR": _char,
    "IF": _if,
    "IFERROR": _if_error,
    "TEXT": _text,
}
