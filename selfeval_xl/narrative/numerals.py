"""Numbers written in digits, in Chinese numerals, or in both."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

NUMBER = re.compile(r"[0-9](?:[0-9]{0,2}(?:,[0-9]{3})+(?![0-9])|[0-9]*)(?:\.[0-9]+)?")

_ZERO, _ONE = Decimal(0), Decimal(1)


class Numerals:
    """Reads numbers with the numerals of ``words.toml``."""

    def __init__(self, spec: Mapping[str, Any]) -> None:
        self.digits = {sign: value for value, sign in enumerate(spec["digits"])} | spec["also"]
        self.tens: dict[str, int] = spec["tens"]
        self.big: dict[str, int] = spec["big"]
        self.point: str = spec["point"]
        digits, bigs = "".join(self.digits), "".join(self.big)
        first = digits + "".join(self.tens)
        self.pattern = re.compile(rf"[{first}][{first}{bigs}]*(?:{self.point}[{digits}]+[{bigs}]?)?")
        self.mixed = re.compile(rf"[0-9.]+[{bigs}][0-9][0-9.]*[{first}]?[{bigs}]?")

    def value(self, text: str) -> Decimal:
        """Return what *text* amounts to; raises ``ValueError`` where it is no number."""
        whole, _, fraction = text.partition(self.point)
        if not fraction:
            return self._whole(text)
        places = "".join(str(self.digits[sign]) for sign in fraction if sign in self.digits)
        return (self._whole(whole) + Decimal(f"0.{places}")) * self.big.get(fraction[-1], 1)

    def _whole(self, text: str) -> Decimal:
        """Add up: digits count under tens, and all before it under ten thousands."""
        total = section = digit = _ZERO
        place = 0
        while place < len(text):
            sign = text[place]
            number = NUMBER.match(text, place)
            place = number.end() if number else place + 1
            if number:
                digit = Decimal(number[0].replace(",", ""))
            elif sign in self.tens:
                section, digit = section + (digit or _ONE) * self.tens[sign], _ZERO
            elif sign in self.big:
                total, section, digit = total + (section + digit) * self.big[sign], _ZERO, _ZERO
            elif sign in self.digits:
                digit = digit * 10 + self.digits[sign]
            else:
                raise ValueError(f"no numeral: {text!r}")
        return total + section + digit

    def step(self, text: str) -> Decimal:
        """Return the worth of one more in the last place that *text* is written with."""
        places = len(text.partition(".")[2]) if text[-1].isdigit() else 0
        scale = Decimal(self.big.get(text[-1], self.tens.get(text[-1], 1)))
        places += sum(sign in self.digits for sign in text.partition(self.point)[2])
        return scale.scaleb(-places)
