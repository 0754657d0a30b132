"""Numbers and dates as workbooks keep them.  Knows no file."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache

from selfeval_xl.amounts import from_stored, plain

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
# At most 15 digits, no zero at either end: Excel's 15 digits are the text itself.
_SIMPLE_NUMBER = re.compile(r"0|-?(?:[1-9][0-9]{0,8}|(?:0|[1-9][0-9]{0,8})\.[0-9]{0,5}[1-9])")

_DAY_0_OF_1900 = date(1899, 12, 30).toordinal()
_DAY_0_OF_1904 = date(1904, 1, 1).toordinal()
# Excel counts a 29 February 1900, so that the days before it have one number less.
_LAST_DAY_BEFORE_THE_GAP = 60
_MICROSECONDS_A_DAY = 86_400_000_000


@lru_cache(maxsize=16_384)
def number(text: str) -> Decimal:
    """Return a stored number at Excel's 15 digits; raises ``ValueError`` where it is none."""
    if _SIMPLE_NUMBER.fullmatch(text) is not None:
        return Decimal(text)
    text = text.strip(" \t\r\n")
    if _NUMBER.fullmatch(text) is None:
        raise ValueError(f"not a number: {text!r}")
    try:
        return from_stored(text)
    except ArithmeticError:
        # Longer than a decimal context holds, 1E+30 for instance: no amount, and no damage either.
        return Decimal(format(float(text), ".15g"))


def serial(text: str, *, date1904: bool) -> Decimal:
    """Return the day number under which Excel keeps an ISO 8601 date, time or both."""
    if "-" not in text:
        return _part_of_day(time.fromisoformat(text))
    moment = datetime.fromisoformat(text)
    days = moment.toordinal() - (_DAY_0_OF_1904 if date1904 else _DAY_0_OF_1900)
    if not date1904 and days <= _LAST_DAY_BEFORE_THE_GAP:
        days -= 1
    if days < 0:
        raise ValueError(f"before Excel's first day: {text!r}")
    return plain(days + _part_of_day(moment.time()))


def _part_of_day(moment: time) -> Decimal:
    seconds = (moment.hour * 60 + moment.minute) * 60 + moment.second
    return plain(Decimal(seconds * 1_000_000 + moment.microsecond) / _MICROSECONDS_A_DAY)
