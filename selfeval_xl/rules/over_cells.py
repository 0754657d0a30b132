"""The functions that look at cells as such: sums, counts, look-ups.

In cells they pass over what is no number; a value given directly must be one.
INDEX, and IF between cells, stand for cells and not for their values, as in Excel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeAlias, TypeVar

from selfeval_xl.amounts import ZERO
from selfeval_xl.cells import Address, Area, CellError, Value
from selfeval_xl.rules import values
from selfeval_xl.rules.criteria import Test, criterion, has_wildcards, same
from selfeval_xl.rules.functions import complaint
from selfeval_xl.rules.tree import Block, Call, Cell, Node, Number, Text

Lookup: TypeAlias = Callable[[Address], Value]
Evaluator: TypeAlias = Callable[[Lookup], Value]
Arguments: TypeAlias = tuple[Node, ...]
Compile: TypeAlias = Callable[[Node], Evaluator]
Builder: TypeAlias = Callable[[Arguments, Compile], Evaluator]
_Result = TypeVar("_Result")
_Seen = TypeVar("_Seen")


class _Cells:
    """The cells that a reference stands for, row by row."""

    __slots__ = ("addresses", "area")

    def __init__(self, area: Area) -> None:
        self.area = area
        self.addresses = area.addresses()


_Operand: TypeAlias = Callable[[Lookup], Value | _Cells]


def choice(
    arguments: Arguments,
    compile_value: Compile,
    compile_branch: Callable[[Node], Callable[[Lookup], _Result]],
) -> Callable[[Lookup], _Result | CellError | bool]:
    """Compile an IF whose branches are wanted as values, or as cells where they are cells."""
    condition = compile_value(arguments[0])
    then = compile_branch(arguments[1])
    otherwise = compile_branch(arguments[2]) if len(arguments) > 2 else lambda _: False

    def choose(lookup: Lookup) -> _Result | CellError | bool:
        holds = values.as_condition(condition(lookup))
        if isinstance(holds, CellError):
            return holds
        return then(lookup) if holds else otherwise(lookup)

    return choose


def _operand(tree: Node, compile_value: Compile) -> _Operand:
    """Compile *tree* where cells are wanted as such: they are treated otherwise than values."""
    match tree:
        case Cell() | Block():
            cells = _cells(tree)
            return lambda _: cells
        case Call("INDEX", arguments):
            return _indexed(arguments, compile_value)
        case Call("IF", arguments) if not complaint("IF", len(arguments)):
            return choice(arguments, compile_value, lambda branch: _operand(branch, compile_value))
        case _:
            return compile_value(tree)


def _cells(tree: Node) -> _Cells:
    if isinstance(tree, Cell):
        return _one(tree.address)
    if isinstance(tree, Block):
        return _Cells(tree.area)
    raise ValueError("cells are wanted here, not a value")


def _one(address: Address) -> _Cells:
    sheet, row, column = address
    return _Cells(Area(sheet, row, column, row, column))


def _over(
    collected: Callable[[list[_Operand], Lookup], list[_Seen] | CellError],
    function: Callable[[list[_Seen]], Value],
) -> Builder:
    """Return what compiles a function of all that is *collected* from its arguments; an error is its value."""

    def build(arguments: Arguments, compile_value: Compile) -> Evaluator:
        operands = [_operand(argument, compile_value) for argument in arguments]

        def evaluate(lookup: Lookup) -> Value:
            found = collected(operands, lookup)
            return found if isinstance(found, CellError) else function(found)

        return evaluate

    return build


def _numbers(operands: list[_Operand], lookup: Lookup) -> list[Decimal] | CellError:
    """Return the numbers in cells, and values given directly as numbers; or the first error."""
    numbers = []
    for operand in operands:
        found = operand(lookup)
        if isinstance(found, _Cells):
            for address in found.addresses:
                value = lookup(address)
                if isinstance(value, Decimal):
                    numbers.append(value)
                elif isinstance(value, CellError):
                    return value
        else:
            number = values.as_number(found)
            if isinstance(number, CellError):
                return number
            numbers.append(number)
    return numbers


def _median(numbers: list[Decimal]) -> Value:
    """Return the middle number, or what lies between the two in the middle; of none there is none."""
    if not numbers:
        return CellError.NUM
    ordered, middle = sorted(numbers), len(numbers) // 2
    return ordered[middle] if len(numbers) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _conditions(operands: list[_Operand], lookup: Lookup) -> list[bool] | CellError:
    """Return what AND and OR see: of cells only numbers and conditions, at least one."""
    conditions = []
    for operand in operands:
        found = operand(lookup)
        for value in _seen_as_conditions(found, lookup) if isinstance(found, _Cells) else (found,):
            condition = values.as_condition(value)
            if isinstance(condition, CellError):
                return condition
            conditions.append(condition)
    return conditions or CellError.VALUE


def _seen_as_conditions(cells: _Cells, lookup: Lookup) -> list[Value]:
    found = map(lookup, cells.addresses)
    return [value for value in found if values.kind(value) in (Decimal, bool, CellError)]


def _counting(in_cells: Test, given: Test) -> Builder:
    def build(arguments: Arguments, compile_value: Compile) -> Evaluator:
        operands = [_operand(argument, compile_value) for argument in arguments]

        def evaluate(lookup: Lookup) -> Value:
            count = 0
            for operand in operands:
                found = operand(lookup)
                if isinstance(found, _Cells):
                    count += sum(map(in_cells, map(lookup, found.addresses)))
                else:
                    count += given(found)
            return Decimal(count)

        return evaluate

    return build


def _count_blank(arguments: Arguments, compile_value: Compile) -> Evaluator:
    (tree,) = arguments
    if not isinstance(tree, (Cell, Block)) and not (isinstance(tree, Call) and tree.function == "INDEX"):
        raise ValueError("COUNTBLANK counts cells, not a value")
    return _counting(_is_blank, lambda value: False)(arguments, compile_value)


def _is_blank(value: Value) -> bool:
    # No `value == ""`: comparing a Decimal with a text is slow.
    return value is None or (isinstance(value, str) and not value)


def _test(
    tree: Node, compile_value: Compile, make: Callable[[Value], Test | CellError]
) -> Callable[[Lookup], Test | CellError]:
    """Compile what is looked for; a constant is made into its test once."""
    if isinstance(tree, Text) and has_wildcards(tree.value):
        raise ValueError(f"wildcards are not for rules: {tree.value!r}")
    wanted = compile_value(tree)
    if isinstance(tree, (Text, Number)):
        test = make(tree.value)
        return lambda _: test
    return lambda lookup: make(wanted(lookup))


def _count_if(arguments: Arguments, compile_value: Compile) -> Evaluator:
    addresses = _cells(arguments[0]).addresses
    find_test = _test(arguments[1], compile_value, criterion)

    def evaluate(lookup: Lookup) -> Value:
        test = find_test(lookup)
        return test if isinstance(test, CellError) else Decimal(sum(map(test, map(lookup, addresses))))

    return evaluate


def _sum_if(arguments: Arguments, compile_value: Compile) -> Evaluator:
    searched, summed = _cells(arguments[0]), _cells(arguments[2])
    if (searched.area.height, searched.area.width) != (summed.area.height, summed.area.width):
        raise ValueError(f"{searched.area} and {summed.area} differ in shape")
    pairs = list(zip(searched.addresses, summed.addresses, strict=True))
    find_test = _test(arguments[1], compile_value, criterion)

    def evaluate(lookup: Lookup) -> Value:
        test = find_test(lookup)
        if isinstance(test, CellError):
            return test
        found = [lookup(amount) for key, amount in pairs if test(lookup(key))]
        errors = (value for value in found if isinstance(value, CellError))
        numbers = [value for value in found if isinstance(value, Decimal)]
        return next(errors, None) or values.total(numbers)

    return evaluate


def _index(arguments: Arguments, compile_value: Compile) -> Evaluator:
    find_cell = _place(arguments, compile_value)

    def evaluate(lookup: Lookup) -> Value:
        address = find_cell(lookup)
        return address if isinstance(address, CellError) else lookup(address)

    return evaluate


def _indexed(arguments: Arguments, compile_value: Compile) -> _Operand:
    find_cell = _place(arguments, compile_value)

    def evaluate(lookup: Lookup) -> Value | _Cells:
        address = find_cell(lookup)
        return address if isinstance(address, CellError) else _one(address)

    return evaluate


def _place(arguments: Arguments, compile_value: Compile) -> Callable[[Lookup], Address | CellError]:
    """Compile the cell that INDEX stands for."""
    wrong = complaint("INDEX", len(arguments))
    if wrong:
        raise ValueError(wrong)
    block = _cells(arguments[0])
    height, width = block.area.height, block.area.width
    if len(arguments) == 2 and height > 1 and width > 1:
        raise ValueError(f"INDEX over {block.area} needs a row and a column")
    if Number(ZERO) in arguments[1:]:
        raise ValueError("INDEX counts from 1; 0 would be a whole row or column")
    if len(arguments) == 2 and height == 1:
        arguments = (arguments[0], Number(values.ONE), arguments[1])
    positions = [compile_value(argument) for argument in arguments[1:]]

    def find(lookup: Lookup) -> Address | CellError:
        place = [values.as_integer(position(lookup)) for position in positions]
        row, column = place if len(place) == 2 else (*place, 1)
        if isinstance(row, CellError):
            return row
        if isinstance(column, CellError):
            return column
        if row < 1 or column < 1:
            return CellError.VALUE
        inside = row <= height and column <= width
        return block.addresses[(row - 1) * width + column - 1] if inside else CellError.REF

    return find


def _match(arguments: Arguments, compile_value: Compile) -> Evaluator:
    block = _cells(arguments[1])
    if block.area.height > 1 and block.area.width > 1:
        raise ValueError(f"MATCH looks through one row or column, not {block.area}")
    if arguments[2] != Number(ZERO):
        raise ValueError("MATCH is exact here: its third argument is 0")
    find_test = _test(arguments[0], compile_value, _lookup_test)

    def evaluate(lookup: Lookup) -> Value:
        test = find_test(lookup)
        if isinstance(test, CellError):
            return test
        for position, address in enumerate(block.addresses, 1):
            if test(lookup(address)):
                return Decimal(position)
        return CellError.NA

    return evaluate


def _lookup_test(value: Value) -> Test | CellError:
    if isinstance(value, CellError):
        return value
    return same(ZERO if value is None else value)


OVER_CELLS: Mapping[str, Builder] = {
    "AND": _over(_conditions, all),
    "COUNT": _counting(
        lambda value: isinstance(value, Decimal), lambda value: isinstance(value, (Decimal, bool))
    ),
    "COUNTA": _counting(lambda value: value is not None, lambda value: True),
    "COUNTBLANK": _count_blank,
    "COUNTIF": _count_if,
    "INDEX": _index,
    "MATCH": _match,
    "MAX": _over(_numbers, lambda numbers: max(numbers, default=ZERO)),
    "MEDIAN": _over(_numbers, _median),
    "MIN": _over(_numbers, lambda numbers: min(numbers, default=ZERO)),
    "OR": _over(_conditions, any),
    "SUM": _over(_numbers, values.total),
    "SUMIF": _sum_if,
}
"""How each function is compiled from its arguments and the way to compile one."""
