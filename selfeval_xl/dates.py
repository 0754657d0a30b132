"""Days as Excel counts them, and as ISO dates."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

_ISO_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY_ZERO = datetime.date(1899, 12, 30)
# Before it Excel counts a day that there never was.
_FIRST_SAFE, _LAST = 61, 2_958_465


def to_serial(text: str) -> Decimal | str:
    """Return an ISO date as Excel's day number; what is no date stays as it was typed."""
    if _ISO_DATE.fullmatch(text) is None:
        return text
    try:
        days = (datetime.date.fromisoformat(text) - _DAY_ZERO).days
    except ValueError:
        return text
    return Decimal(days) if days >= _FIRST_SAFE else text


def from_serial(value: Decimal) -> str:
    """Return Excel's day number as an ISO date; a number that is no day is shown as it is."""
    if value < _FIRST_SAFE or value > _LAST:
        return format(value, "f")
    return (_DAY_ZERO + datetime.timedelta(days=int(value))).isoformat()
