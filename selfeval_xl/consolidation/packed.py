"""The amounts of a row in little room: a county's rows are kept until the summary is written."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache

from selfeval_xl.cells import Value
from selfeval_xl.form.model import Key

_BLANK = -(2**63)
_LARGEST = Decimal(2**62)

Keys = tuple[Key, ...]


@lru_cache(maxsize=256)
def _places_of(keys: Keys) -> tuple[Keys, dict[Key, int]]:
    """Return one tuple for all that are equal, and where each key stands in it."""
    return keys, {key: number for number, key in enumerate(keys)}


class Packed(Mapping[Key, Value]):
    """Amounts by item, read-only; items that show nothing are left out.

    An amount takes eight bytes, as a count of the smallest unit; what is no such count, a
    word or an amount with more decimals, is kept as it is.
    """

    __slots__ = ("_at", "_decimals", "_keys", "_odd", "_units")

    def __init__(self, keys: Keys, amounts: Mapping[Key, Value], decimals: int) -> None:
        """Take the *amounts* of *keys*; *decimals* is how many the smallest unit has."""
        self._keys, self._at = _places_of(keys)
        self._decimals = decimals
        self._units = array("q", [_BLANK]) * len(keys)
        self._odd: dict[Key, Value] | None = None
        for key, value in amounts.items():
            units = _units(value, decimals)
            if units is not None:
                self._units[self._at[key]] = units
            elif value is not None and value != "":
                self._odd = {**(self._odd or {}), key: value}

    @property
    def odd(self) -> Mapping[Key, Value]:
        """Return what is no count of the smallest unit."""
        return self._odd or {}

    def __getitem__(self, key: Key) -> Value:
        units = self._units[self._at[key]]
        if units != _BLANK:
            return Decimal(units).scaleb(-self._decimals)
        if self._odd is None:
            raise KeyError(key)
        return self._odd[key]

    def __iter__(self) -> Iterator[Key]:
        odd = self._odd or {}
        return (
            key for key, units in zip(self._keys, self._units, strict=True) if units != _BLANK or key in odd
        )

    def __len__(self) -> int:
        return len(self._keys) - self._units.count(_BLANK) + len(self._odd or {})

    def __reduce__(self) -> tuple[object, ...]:
        return unpacked, (self._keys, self._units, self._odd, self._decimals)


def unpacked(keys: Keys, units: array[int], odd: dict[Key, Value] | None, decimals: int) -> Packed:
    """Return amounts that came from a pickle as they went into it; no amount is looked at."""
    amounts = Packed.__new__(Packed)
    amounts._keys, amounts._at = _places_of(keys)
    amounts._units, amounts._odd, amounts._decimals = units, odd, decimals
    return amounts


def _units(value: Value, decimals: int) -> int | None:
    if not isinstance(value, Decimal) or not -_LARGEST < (scaled := value.scaleb(decimals)) < _LARGEST:
        return None
    units = int(scaled)
    return units if units == scaled else None
