"""Excel's view of single values: as a number, a text or a condition, and which comes first.

Text is never taken for a number, though Excel does so in some places: hosts and
locales differ there, so formulas guard their operands.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TypeVar

from selfeval_xl.amounts import ZERO, round_half_up
from selfeval_xl.cells import CellError, Value

ONE = Decimal(1)

# Wide enough that sums and products of amounts are exact; limits as Excel's own numbers.
# Beyond them a result is infinite, and nothing raises.
_EXACT = Context(prec=40, Emin=-308, Emax=308, traps=[])
_FIFTEEN = Context(prec=15, rounding=ROUND_HALF_UP)
_LEAST_PLAIN, _MOST_PLAIN = -9, 19


def fifteen(value: Decimal) -> Decimal:
    """Return *value* at the 15 digits that Excel keeps."""
    return _FIFTEEN.plus(value)


def as_number(value: Value) -> Decimal | CellError:
    """Return the number that arithmetic sees: blank is 0, TRUE is 1, text is an error."""
    if isinstance(value, (Decimal, CellError)):
        return value
    if value is None:
        return ZERO
    if isinstance(value, bool):
        return ONE if value else ZERO
    return CellError.VALUE


def as_integer(value: Value) -> int | CellError:
    """Return the number without its decimals, as Excel takes counts and places."""
    number = as_number(value)
    return number if isinstance(number, CellError) else int(fifteen(number))


def as_text(value: Value) -> str | CellError:
    """Return the text that ``&`` and LEN see; a number in Excel's general format."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return general(value) if isinstance(value, Decimal) else str(value).upper()


def as_condition(value: Value) -> bool | CellError:
    """Return what IF and NOT see: blank and 0 are FALSE, text is an error."""
    if isinstance(value, (bool, CellError)):
        return value
    number = as_number(value)
    return number if isinstance(number, CellError) else bool(number)


def general(value: Decimal) -> str:
    """Return a number in 15 digits at most, with an exponent where it is very large or small."""
    value = fifteen(value).normalize()
    if not value or _LEAST_PLAIN <= value.adjusted() <= _MOST_PLAIN:
        return format(value, "f")
    mantissa, exponent = format(value, "E").split("E")
    return f"{mantissa}E{int(exponent):+03d}"


# Arithmetic


def _arithmetic(operation: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Value, Value], Value]:
    def apply(left: Value, right: Value) -> Value:
        if not isinstance(left, Decimal):
            left = as_number(left)
            if isinstance(left, CellError):
                return left
        if not isinstance(right, Decimal):
            right = as_number(right)
            if isinstance(right, CellError):
                return right
        return finite(operation(left, right))

    return apply


def finite(result: Decimal) -> Decimal | CellError:
    """Return a result, never a negative zero, or ``#NUM!`` where Excel's numbers end."""
    if not result:
        return ZERO
    return result if result.is_finite() else CellError.NUM


add = _arithmetic(_EXACT.add)
subtract = _arithmetic(_EXACT.subtract)
multiply = _arithmetic(_EXACT.multiply)
_divide = _arithmetic(_EXACT.divide)


def divide(left: Value, right: Value) -> Value:
    """Return ``left / right``; by zero, and by a blank, it is ``#DIV/0!``."""
    if as_number(right) == ZERO and not isinstance(as_number(left), CellError):
        return CellError.DIV0
    return _divide(left, right)


def negate(value: Value) -> Value:
    """Return ``-value``."""
    return subtract(ZERO, value)


def concatenate(left: Value, right: Value) -> Value:
    """Return ``left & right``."""
    first, second = as_text(left), as_text(right)
    if isinstance(first, CellError):
        return first
    return second if isinstance(second, CellError) else first + second


def total(numbers: list[Decimal]) -> Decimal | CellError:
    """Return the exact sum."""
    result = ZERO
    for amount in numbers:
        result = _EXACT.add(result, amount)
    return finite(result)


def rounded(value: Decimal, places: int) -> Decimal:
    """Return *value* rounded half away from zero, from its 15 digits; *places* may be negative."""
    value = fifteen(value)
    if value.adjusted() < -places - 1:
        return ZERO
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -places:
        return value
    return round_half_up(value, places) or ZERO


# Order


def compare(left: Value, right: Value) -> int | CellError:
    """Return a number below, at or above 0; the first error where there is one.

    Numbers come before texts, texts before FALSE and TRUE.  A blank is 0, ``""``
    or FALSE, whichever the other side is.
    """
    if isinstance(left, CellError):
        return left
    if isinstance(right, CellError):
        return right
    if left is None:
        left = _empty_like(right)
    if right is None:
        right = _empty_like(left)
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return 0 if left == right else _order(fifteen(left), fifteen(right))
    if isinstance(left, str) and isinstance(right, str):
        return _order(folded(left), folded(right))
    return _order((_RANKS[kind(left)], left is True), (_RANKS[kind(right)], right is True))


def kind(value: Value) -> type:
    """Return the one type that stands for what *value* is."""
    for candidate in (Decimal, CellError, str, bool):
        if isinstance(value, candidate):
            return candidate
    return type(None)


def folded(text: str) -> str:
    """Return a text as comparisons see it: without case."""
    return text.lower()


_RANKS = {Decimal: 0, str: 1, bool: 2}
_Ordered = TypeVar("_Ordered", Decimal, str, tuple[int, bool])


def _empty_like(value: Value) -> Value:
    if isinstance(value, bool):
        return False
    return "" if isinstance(value, str) else ZERO


def _order(left: _Ordered, right: _Ordered) -> int:
    return (left > right) - (left < right)
