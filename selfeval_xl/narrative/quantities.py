"""Figures in a text: amounts of money, percentages, counts and years, however they are written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from selfeval_xl.narrative.numerals import NUMBER, Numerals
from selfeval_xl.narrative.words import words

MONEY, PERCENT, POINT, SCORE, PEOPLE, YEAR, COUNT, BARE = KINDS = (
    *("money", "percent", "point", "score"),
    *("people", "year", "count", "bare"),
)
ONE = Decimal(1)
_STEPS = tuple(ONE.scaleb(-places) for places in range(5))


class Quantity(Struct, eq=False):
    """A figure as written, from *start* to *end* of the text.  Nobody changes it.

    Money is in the smallest unit (one yuan); ``scale`` is what one of the written unit is worth.  ``low`` and
    ``high`` differ for a range; ``step`` is one more in the last written digit; ``rough`` says that words
    around it (about, nearly, more than) make it no exact figure.
    """

    start: int
    end: int
    kind: str
    low: Decimal
    high: Decimal
    scale: Decimal = ONE
    step: Decimal = ONE
    rough: bool = False
    unit: str = ""


def quantities(text: str) -> Sequence[Quantity]:
    """Return the figures of a folded *text* in order; a bare number takes the unit that its list ends with."""
    return tuple(_reader().read(text))


class _Reader:
    """Reads figures with the units of ``words.toml``."""

    def __init__(self) -> None:
        spec = words()
        money, units, numerals = spec["money"], spec["units"], spec["numerals"]
        self.numerals = Numerals(numerals)
        self.hundredth: str = numerals["hundredth"]
        self.between, self.seams = tuple(numerals["between"]), tuple(numerals["list"])
        self.minus = tuple(numerals["minus"])
        self.stops = frozenset(spec["grammar"]["stop"])
        self.worth = {unit: Decimal(worth) for unit, worth in (money["units"] | money["short"]).items()}
        self.short, self.after_short = frozenset(money["short"]), tuple(money["after_short"])
        self.never = {
            MONEY: tuple(money["never_after"]),
            **{kind: tuple(not_) for kind, not_ in units["not"].items()},
        }
        self.kinds = dict.fromkeys(self.worth, MONEY)
        self.kinds |= {unit: kind for kind in KINDS for unit in units.get(kind, ())}
        self.lengths: dict[str, list[int]] = {}
        for length, first in sorted({(len(unit), unit[0]) for unit in self.kinds}, reverse=True):
            self.lengths.setdefault(first, []).append(length)
        inside = spec["about"]["inside"]
        self.follow_money = frozenset(sign[0] for sign in (*self.worth, *inside, " "))
        self.follow = frozenset(sign[0] for sign in (*self.kinds, *self.between, *inside, " "))
        self.goes_on = frozenset(sign[0] for sign in (*self.between, " "))
        self.coin: str = money["coin"]
        self.header: str = money["header"]
        self.before, self.inside, self.after = (
            tuple(spec["about"][side]) for side in ("before", "inside", "after")
        )

    def read(self, text: str) -> list[Quantity]:
        found = list(self._in_digits(text))
        if self.coin in text or self.hundredth in text:
            found = sorted([*found, *self._in_numerals(text)], key=lambda one: one.start)
        return self._with_lent_units(found, text) if any(one.kind == BARE for one in found) else found

    def _in_digits(self, text: str) -> Iterator[Quantity]:
        end = 0
        for match in NUMBER.finditer(text):
            if match.start() >= end:
                one = self._in_mixed(text, match.start()) or self._figure(text, match.start(), match.end())
                end = one.end
                yield one

    def _in_mixed(self, text: str, start: int) -> Quantity | None:
        """Return an amount in which a unit stands between two numbers."""
        match = self.numerals.mixed.match(text, start)
        return self._plain(text, start, match.end(), match[0]) if match else None

    def _in_numerals(self, text: str) -> Iterator[Quantity]:
        for match in self.numerals.pattern.finditer(text):
            start, end = match.span()
            if text[end : end + 1] not in self.follow_money and not text.endswith(self.hundredth, 0, start):
                continue
            if not text[start - 1 : start].isdecimal():
                one = self._plain(text, match.start(), match.end(), match[0])
                if one is not None:
                    yield one

    def _plain(self, text: str, start: int, end: int, written: str) -> Quantity | None:
        """Return the figure written in numerals, if it is an amount or stands after a hundredth."""
        inner = self._skip(text, end, self.inside)
        unit, kind, last = self._unit(text, inner)
        if text.endswith(self.hundredth, 0, start):
            start, unit, kind, last = start - len(self.hundredth), "%", PERCENT, end
        elif kind != MONEY or unit in self.short:
            return None
        value, step = self.numerals.value(written), self.numerals.step(written)
        scale = self.worth.get(unit, ONE) if kind == MONEY else ONE
        rough = inner > end or self._is_rough(text, start, last)
        value, step = value * scale, step * scale
        return Quantity(start, last, kind, value, value, scale, step, rough, unit)

    def _figure(self, text: str, start: int, end: int) -> Quantity:
        """Return the figure that begins with the digits at *start*, with its unit; a range is one figure."""
        low, step = _number(text[start:end])
        is_after_hundredth = text.endswith(self.hundredth, 0, start)
        if text[end : end + 1] not in self.follow and not is_after_hundredth:
            return Quantity(start, end, BARE, low, low, ONE, step)
        unit, kind, last = self._unit(text, end)
        if unit and text[last : last + 1] not in self.goes_on and not is_after_hundredth:
            return self._whole(text, (start, last), (low, step), unit, kind)
        own, until = self._until(text, end)
        stop = until[1] if until else end
        inner = self._skip(text, stop, self.inside)
        unit, kind, last = self._unit(text, inner)
        if is_after_hundredth:
            start, unit, kind, last = start - len(self.hundredth), "%", PERCENT, stop
        if kind == BARE:
            return Quantity(start, end, BARE, low, low, ONE, step)
        high = _number(text[until[0] : until[1]])[0] if until else low
        scale = self.worth[unit] if kind == MONEY else ONE
        if minus := self._minus(text, start):
            start, low, high = start - minus, -low, -high
        rough = inner > stop or self._is_rough(text, start, last)
        return Quantity(
            start,
            last,
            kind,
            low * self.worth.get(own, scale),
            high * scale,
            scale,
            step * scale,
            rough,
            unit,
        )

    def _whole(
        self, text: str, place: tuple[int, int], number: tuple[Decimal, Decimal], unit: str, kind: str
    ) -> Quantity:
        """Return a figure that is no range, its unit right behind it."""
        (start, last), (low, step) = place, number
        rough = self._is_rough(text, start, last)
        if minus := self._minus(text, start):
            start, low = start - minus, -low
        if kind != MONEY:
            return Quantity(start, last, kind, low, low, ONE, step, rough, unit)
        scale = self.worth[unit]
        low *= scale
        return Quantity(start, last, kind, low, low, scale, step * scale, rough, unit)

    def _until(self, text: str, end: int) -> tuple[str, tuple[int, int] | None]:
        """Return the unit of a range's lower end, if it has its own, and where its upper end stands."""
        own, kind, at = self._unit(text, end, strict=False)
        if kind not in (MONEY, PERCENT):
            own, at = "", end
        dash = self._skip(text, at, self.between)
        match = NUMBER.match(text, dash) if dash > at else None
        if match is None or (own and self._unit(text, match.end(), strict=False)[1] != kind):
            return "", None
        return own, match.span()

    def _unit(self, text: str, place: int, *, strict: bool = True) -> tuple[str, str, int]:
        """Return the unit at *place*, its kind and its end; a kind of ``BARE`` where there is none."""
        at = place
        while text.startswith(" ", at):
            at += 1
        for length in self.lengths.get(text[at : at + 1], ()):
            unit = text[at : at + length]
            kind = self.kinds.get(unit)
            if kind is None or len(unit) < length:
                continue
            if text.startswith(self.never.get(kind, ()), at + (length if kind == MONEY else 0)):
                continue
            if strict and unit in self.short and not self._ends(text, at + length):
                continue
            return unit, kind, at + length
        return "", BARE, place

    def _ends(self, text: str, place: int) -> bool:
        return place == len(text) or text[place] in " .,;:()" or text.startswith(self.after_short, place)

    def _minus(self, text: str, start: int) -> int:
        """Return how long the word or sign before a number is that makes it negative; 0 where none stands there."""
        for word in self.minus:
            if text.endswith(word, 0, start):
                return len(word)
        before = text[start - 2 : start - 1] if start > 1 else ""
        is_dash = (
            text[start - 1 : start] == "-"
            and not (before.isascii() and before.isalnum())
            and before not in ("%", ")")
        )
        return int(is_dash)

    def _is_rough(self, text: str, start: int, end: int) -> bool:
        while text[start - 1 : start] == " ":
            start -= 1
        return text.startswith(self.after, end) or text.endswith(self.before, 0, start)

    @staticmethod
    def _skip(text: str, place: int, signs: Sequence[str]) -> int:
        """Return the place behind one of *signs* with blanks around it, or *place* where none stands there."""
        at = place
        while text.startswith(" ", at):
            at += 1
        for sign in signs:
            if text.startswith(sign, at):
                at += len(sign)
                while text.startswith(" ", at):
                    at += 1
                return at
        return place

    def _with_lent_units(self, found: list[Quantity], text: str) -> list[Quantity]:
        """Give bare numbers the unit that their list ends with, or that stands in brackets above; drop the rest."""
        above, worth = self._header(text)
        kept: list[Quantity] = []
        for one in reversed(found):
            lender = kept[-1] if kept else None
            lent = one
            if one.kind == BARE and lender is not None and self._lends(text, one, lender):
                lent = _lend(one, lender.kind, lender.scale, lender.unit)
            elif one.kind == BARE and above >= 0 and one.step < 1 and self._ends(text, one.end):
                lent = _lend(one, MONEY, worth, self.coin)
            kept.append(lent)
        return [one for one in reversed(kept) if one.kind != BARE]

    def _header(self, text: str) -> tuple[int, Decimal]:
        """Return where the text says in which unit its bare numbers are, and that unit's worth; -1 for nowhere."""
        at = text.find(self.header)
        unit, kind, _ = self._unit(text, at + len(self.header)) if at >= 0 else ("", BARE, 0)
        return (at, self.worth[unit]) if kind == MONEY else (-1, ONE)

    def _lends(self, text: str, one: Quantity, lender: Quantity) -> bool:
        """Tell whether the unit behind a later number is that of a list in which a bare number stands.

        In a list of names with amounts only decimals are amounts for sure.
        """
        between = text[one.end : lender.start].strip()
        if lender.kind in (MONEY, PERCENT) and between in self.seams:
            return True
        is_listed = one.step < 1 and between.startswith(self.seams) and self.stops.isdisjoint(between)
        return is_listed and lender.kind == MONEY


def _number(written: str) -> tuple[Decimal, Decimal]:
    plain = written.replace(",", "")
    places = len(plain.partition(".")[2])
    return Decimal(plain), _STEPS[places] if places < len(_STEPS) else ONE.scaleb(-places)


def _lend(one: Quantity, kind: str, scale: Decimal, unit: str) -> Quantity:
    low, high, step = one.low * scale, one.high * scale, one.step * scale
    return replace(one, kind=kind, low=low, high=high, scale=scale, step=step, unit=unit)


@lru_cache(maxsize=1)
def _reader() -> _Reader:
    return _Reader()
