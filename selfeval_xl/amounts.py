"""Exact amounts.

Owns how a figure in a file becomes a decimal, how it is rounded, how it is
shown, and which number a text means.  Knows no form, no unit and no file format.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal

from msgspec import Struct

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


class Words(Struct, frozen=True):
    """What may stand beside digits: units with what one of them is worth, signs for a point, words for nothing.

    The unit in which amounts are read is worth 1.
    """

    units: Mapping[str, Decimal] = {}
    points: str = ""
    nothing: frozenset[str] = frozenset()


class Likely(Struct, frozen=True):
    """The number that a text means: exact, in the unit of the words it was read with.

    ``kind`` says what was wrong with the text, the weightiest of ``KINDS``: another unit, a unit, letters like
    digits, points, commas, spaces, full width, or only that it is a text; ``nothing`` is a word for 0.
    """

    value: Decimal
    kind: str


KINDS = ("converted", "unit", "letters", "point", "comma", "space", "width", "text")

_NUMBER = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{1,12})?|\.\d{1,12})")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[+-]?\d{1,3}(?: \d{3})+(?:\.\d+)?")
_LOOSE_SPACE = re.compile(r"(?<!\d) +| +(?!\d)")
_LIKE_A_NUMBER = re.compile(r"[OolI|.,+\- ]*(?:\d[OolI|.,+\- ]*)+")
_LETTERS = str.maketrans("OolI|", "00111")
_SIGNS = str.maketrans("\u2212\u2013", "--")


def likely(text: str, words: Words) -> Likely | None:
    """Return the one number that a text means, or ``None`` where it means none or may mean another."""
    kinds = {"text"}

    def noted(kind: str, before: str, after: str) -> str:
        if after != before:
            kinds.add(kind)
        return after

    rest = noted("width", text, unicodedata.normalize("NFKC", text)).translate(_SIGNS)
    rest = noted("space", rest, rest.strip().removeprefix("'"))
    if rest.casefold() in words.nothing:
        return Likely(ZERO, "nothing")
    unit, rest = _unit(rest, words)
    worth = words.units.get(unit, Decimal(1))
    kinds |= {"unit"} if unit else set()
    kinds |= {"converted"} if worth != 1 else set()
    rest = noted("point", rest, _pointed(rest, words.points))
    if _LIKE_A_NUMBER.fullmatch(rest):
        rest = noted("letters", rest, rest.translate(_LETTERS))
    if _GROUPED.fullmatch(rest):
        rest = noted("comma", rest, rest.replace(",", ""))
        rest = noted("space", rest, rest.replace(" ", ""))
    rest = noted("space", rest, _LOOSE_SPACE.sub("", rest))
    if not _NUMBER.fullmatch(rest):
        return None
    return Likely(plain(Decimal(rest) * worth), next(kind for kind in KINDS if kind in kinds))


def _unit(text: str, words: Words) -> tuple[str, str]:
    """Return the unit at the end of a text, bare or in brackets, and what stands before it."""
    for unit in sorted(words.units, key=len, reverse=True):
        for written in (unit, f"({unit})"):
            if text.endswith(written):
                return unit, text.removesuffix(written).rstrip()
    return "", text


def _pointed(text: str, points: str) -> str:
    """Return the text with full stops for the signs that stand for one, none doubled and none at the end."""
    for sign in points:
        text = text.replace(sign, ".")
    return re.sub(r"\.{2,}", ".", text).rstrip(".,; ")
