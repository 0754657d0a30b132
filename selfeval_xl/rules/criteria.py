"""What COUNTIF, SUMIF and MATCH look for.

A criterion is a value, or a text such as ``>=5`` or ``<>x``.  As in Excel:

* ``""`` finds blank cells and empty texts, ``"="`` blank cells only, ``"<>"`` all others;
* a blank criterion is 0;
* a number behind an operator compares with numbers only, a text with texts only,
  but ``<>`` finds whatever is not equal, blank cells too;
* ``*``, ``?`` and ``~`` in a text are wildcards.

``<``, ``<=``, ``>`` and ``>=`` with nothing behind them find nothing.  A number
finds numbers only, here and with MATCH: hosts also find some of the texts that look
like it, each in its own way, so codes such as ``001`` are not looked for like this.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from selfeval_xl.amounts import ZERO
from selfeval_xl.cells import CellError, Value
from selfeval_xl.rules.values import compare, folded, kind

Test = Callable[[Value], bool]

_OPERATOR = re.compile(r"<>|<=|>=|[=<>]|")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_WILD = re.compile(r"[*?~]")
_ORDERS: dict[str, Callable[[int], bool]] = {
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


def has_wildcards(text: str) -> bool:
    """Say whether a text holds a character that stands for others."""
    return _WILD.search(text) is not None


def criterion(value: Value) -> Test | CellError:
    """Return the test that COUNTIF and SUMIF put to each cell."""
    if isinstance(value, CellError):
        return value
    if not isinstance(value, str):
        return same(ZERO if value is None else value)
    match = _OPERATOR.match(value)
    operator = match[0] if match is not None else ""
    operand = value[len(operator) :]
    if not operand:
        return _EMPTY.get(operator, _never)
    wanted = _constant(operand)
    if operator in _ORDERS:
        return _ordered(wanted, _ORDERS[operator])
    equal = same(wanted)
    return (lambda found: not equal(found)) if operator == "<>" else equal


def same(wanted: Value) -> Test:
    """Return the test for an equal value of the same kind; a text may hold wildcards."""
    if kind(wanted) is str and has_wildcards(str(wanted)):
        matches = _pattern(str(wanted)).fullmatch
        return lambda found: kind(found) is str and matches(folded(str(found))) is not None
    return _ordered(wanted, lambda order: order == 0)


def _never(_: Value) -> bool:
    return False


_EMPTY: dict[str, Test] = {
    "": lambda found: found is None or found == "",
    "=": lambda found: found is None,
    "<>": lambda found: found is not None,
}


def _constant(operand: str) -> Value:
    """Return the value that a criterion's text stands for."""
    if _NUMBER.fullmatch(operand):
        return Decimal(operand)
    if operand.upper() in ("TRUE", "FALSE"):
        return operand.upper() == "TRUE"
    return operand


def _ordered(wanted: Value, holds: Callable[[int], bool]) -> Test:
    wanted_kind = kind(wanted)

    def test(found: Value) -> bool:
        if kind(found) is not wanted_kind:
            return False
        order = compare(found, wanted)
        return not isinstance(order, CellError) and holds(order)

    return test


def _pattern(text: str) -> re.Pattern[str]:
    """Return a text with wildcards as an expression: ``~`` takes the next one literally."""
    signs = {"*": ".*", "?": "."}
    parts = re.findall(r"~[*?~]|.", folded(text), re.DOTALL)
    return re.compile("".join(signs.get(part) or re.escape(part[-1]) for part in parts), re.DOTALL)
