"""Slips of the hand: how a figure that was typed came out of the one that is right."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

SIGN, UNIT, POINT, TRANSPOSED, MISSING, EXTRA = (
    "sign",
    "unit",
    "point",
    "transposed",
    "missing_digit",
    "extra_digit",
)

MYRIAD = 10_000
_TENS = (10, 100, 1_000)
_FEWEST_DIGITS = 3
"""Shorter figures are alike by chance."""


def slip(typed: Decimal, right: Decimal, places: int) -> tuple[str, str] | None:
    """Return which slip makes *typed* out of *right*, and the factor between them where it is one (``1/10``).

    Both are amounts with at most *places* decimals; the slip explains the figure
    exactly, or there is none.
    """
    if not typed or not right or typed == right:
        return None
    if typed == -right:
        return SIGN, ""
    if (typed < 0) != (right < 0):
        return None
    for kind, factors in ((UNIT, (MYRIAD,)), (POINT, _TENS)):
        for factor in factors:
            if typed == right * factor:
                return kind, f"{factor:,}"
            if typed * factor == right:
                return kind, f"1/{factor:,}"
    of_digits = _of_digits(typed, right, places)
    return (of_digits, "") if of_digits else None


def _written(value: Decimal, places: int) -> str:
    return format(abs(value), f".{places}f")


def _of_digits(typed: Decimal, right: Decimal, places: int) -> str | None:
    """Return which slip of one digit, or of two side by side, makes one figure out of the other."""
    wanted = _written(right, places)
    digits = max(len(one.replace(".", "").strip("0")) for one in (wanted, _written(typed, places)))
    if digits < _FEWEST_DIGITS or typed != round(typed, places + 1):
        return None
    if typed != round(typed, places):
        # One decimal too many: it can only be a digit of the fraction that was typed twice.
        return EXTRA if wanted in _without_decimal(_written(typed, places + 1)) else None
    found = _written(typed, places)
    if len(found) == len(wanted):
        return TRANSPOSED if _is_transposed(found.replace(".", ""), wanted.replace(".", "")) else None
    if len(found) + 1 == len(wanted):
        # Without its first digit, any figure beside it would be wrong by as much.
        return MISSING if found in _without_digit(wanted, _run(wanted)) else None
    return EXTRA if len(found) == len(wanted) + 1 and wanted in _without_digit(found, 1) else None


def _run(text: str) -> int:
    """Return how often the first digit is repeated at the start."""
    return len(text) - len(text.lstrip(text[0]))


def _is_transposed(one: str, other: str) -> bool:
    """Tell whether two digits side by side are exchanged, and nothing else."""
    unlike = [at for at, (left, right) in enumerate(zip(one, other, strict=True)) if left != right]
    if not unlike or unlike != [unlike[0], unlike[0] + 1]:
        return False
    first, second = unlike
    return one[first] == other[second] and one[second] == other[first]


def _without_digit(text: str, first: int) -> Iterator[str]:
    """Yield the text without one of the digits before the point, from a place on."""
    whole, point, fraction = text.partition(".")
    return (f"{whole[:at]}{whole[at + 1 :]}{point}{fraction}" for at in range(first, len(whole)))


def _without_decimal(text: str) -> Iterator[str]:
    """Yield the text without one of the digits behind the point."""
    whole, point, fraction = text.partition(".")
    return (f"{whole}{point}{fraction[:at]}{fraction[at + 1 :]}" for at in range(len(fraction)))
