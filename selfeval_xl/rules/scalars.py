"""The functions that make one value of single values.  Each argument is converted first."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple

from selfeval_xl.amounts import ZERO
from selfeval_xl.cells import CellError, Value
from selfeval_xl.rules.values import as_condition, as_integer, as_number, as_text, kind, rounded

_LAST_DAY = 2_958_465
_FALSE_LEAP_DAY = 60
Conversion = Callable[[Value], Value | int]


class Scalar(NamedTuple):
    """A function, and how each argument is converted; a conversion that fails is the result."""

    conversions: tuple[Conversion, ...]
    function: Callable[..., Value]


def _as_is(value: Value) -> Value:
    return value


def _left(text: str, count: int = 1) -> Value:
    return text[:count] if count >= 0 else CellError.VALUE


def _right(text: str, count: int = 1) -> Value:
    if count < 0:
        return CellError.VALUE
    return text[-count:] if count else ""


def _mid(text: str, start: int, count: int) -> Value:
    return text[start - 1 : start - 1 + count] if start >= 1 and count >= 0 else CellError.VALUE


def _substitute(text: str, old: str, new: str) -> Value:
    return text.replace(old, new) if old else text


def _trim(text: str) -> Value:
    return re.sub(" +", " ", text.strip(" "))


def _year(serial: Decimal) -> Value:
    """Return the year of a day of Excel's calendar, which has a 29 February 1900 that never was."""
    if not 0 <= serial < _LAST_DAY + 1:
        return CellError.NUM
    first = datetime.date(1899, 12, 31 if serial < _FALSE_LEAP_DAY else 30)
    day = first + datetime.timedelta(days=max(int(serial), 1))
    return Decimal(day.year)


def _date(year: int, month: int, day: int) -> Value:
    """Return a day's number; what Excel would carry over to another month is an error here."""
    try:
        return Decimal((datetime.date(year, month, day) - datetime.date(1899, 12, 30)).days)
    except ValueError:
        return CellError.NUM


def _number_or_zero(value: Value) -> Value:
    return ZERO if kind(value) is str else as_number(value)


def _text_or_nothing(value: Value) -> Value:
    return value if isinstance(value, str) else ""


SCALARS: Mapping[str, Scalar] = {
    "ABS": Scalar((as_number,), lambda number: number.copy_abs()),
    "DATE": Scalar((as_integer, as_integer, as_integer), _date),
    "FALSE": Scalar((), lambda: False),
    "HYPERLINK": Scalar((_as_is, _as_is), lambda target, shown: shown),
    "LEFT": Scalar((as_text, as_integer), _left),
    "LEN": Scalar((as_text,), lambda text: Decimal(len(text))),
    "MID": Scalar((as_text, as_integer, as_integer), _mid),
    "N": Scalar((_as_is,), _number_or_zero),
    "NOT": Scalar((as_condition,), lambda condition: not condition),
    "RIGHT": Scalar((as_text, as_integer), _right),
    "ROUND": Scalar((as_number, as_integer), rounded),
    "SUBSTITUTE": Scalar((as_text, as_text, as_text), _substitute),
    "T": Scalar((_as_is,), _text_or_nothing),
    "TRIM": Scalar((as_text,), _trim),
    "TRUE": Scalar((), lambda: True),
    "YEAR": Scalar((as_number,), _year),
}
"""An error among the arguments is the result; the first one counts."""

TESTS: Mapping[str, Callable[[Value], bool]] = {
    "ISBLANK": lambda value: value is None,
    "ISERROR": lambda value: isinstance(value, CellError),
    "ISNUMBER": lambda value: isinstance(value, Decimal),
    "ISTEXT": lambda value: kind(value) is str,
}
"""These look at an error as at any other value."""
