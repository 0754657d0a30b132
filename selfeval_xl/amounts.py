"""Exact amounts.

Owns how a figure in a file becomes a decimal, how it is rounded and how it is
shown.  Knows no form, no unit and no file format.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

ZERO = Decimal(0)
PLACES = 2

# Excel keeps 15 significant digits, whatever a file says behind them.
_FIFTEEN = Context(prec=15, rounding=ROUND_HALF_UP)
_WIDE = Context(prec=400, rounding=ROUND_HALF_UP)


def from_stored(text: str) -> Decimal:
    """Return the decimal that Excel shows for a number as stored in a file.

    Excel writes 0.58 as ``0.57999999999999996``; the value is taken at 15
    significant digits.  Raises ``ValueError`` where the text is no finite number.
    """
    number = float(text)
    if number - number != 0.0:
        raise ValueError(f"not a finite number: {text!r}")
    return plain(Decimal(format(number, ".15g")))


def plain(value: Decimal) -> Decimal:
    """Return *value* at 15 significant digits, without trailing zeros or a negative zero."""
    value = _FIFTEEN.plus(value)
    if not value:
        return ZERO
    value = value.normalize()
    exponent = value.as_tuple().exponent
    # Written out, so that no amount is ever shown with an exponent.
    return Decimal(format(value, "f")) if isinstance(exponent, int) and exponent > 0 else value


def round_half_up(value: Decimal, places: int = PLACES) -> Decimal:
    """Round half away from zero, as Excel's ROUND does on decimal digits."""
    return value.quantize(Decimal(1).scaleb(-places), context=_WIDE)


def show(value: Decimal, places: int = PLACES) -> str:
    """Return *value* with *places* decimals at least, and more only where it has more."""
    rounded = round_half_up(value, places)
    return str(rounded) if rounded == value else format(plain(value), "f")


def show_signed(value: Decimal, places: int = PLACES) -> str:
    """Return a difference with its sign: ``+0.37``, ``-0.37``, ``0.00``."""
    text = show(value, places)
    return f"+{text}" if value > 0 else text
