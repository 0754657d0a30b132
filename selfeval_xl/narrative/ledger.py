"""The tables' figures as prose may speak of them, and whether a figure in a text agrees with one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from selfeval_xl.amounts import ZERO
from selfeval_xl.form.model import Form, Key
from selfeval_xl.form.prose import MONEY, Prose, Spoken
from selfeval_xl.narrative.model import Figures
from selfeval_xl.narrative.quantities import Quantity
from selfeval_xl.narrative.words import words
from selfeval_xl.rules.tree import names

_TWO, _TENTH, _HUNDRED = Decimal(2), Decimal("0.1"), Decimal(100)
SHIFTS = tuple(Decimal(10) ** power for power in (-4, -3, -2, -1, 1, 2, 3, 4))
_DIGITS_THAT_TELL = 3


class Ledger:
    """Figures by item and row, money in the smallest unit (one yuan)."""

    def __init__(self, figures: Figures, form: Form, prose: Prose) -> None:
        self.figures, self.form, self.prose = figures, form, prose
        self.worth = Decimal(words()["money"]["units"].get(form.unit, 1))
        self.precision = self.worth.scaleb(-form.decimals)
        self.gaps, self.openings = _gaps(prose), _openings(prose)
        self.fiscal, self.sources = _kinds(prose)
        self._values: dict[tuple[Spoken, int], Decimal] = {}
        self._is_known: dict[tuple[Spoken, int], bool] = {}
        self._joined: dict[frozenset[Key], Spoken] = {}
        self._by_last_sign: dict[str, list[tuple[int, str]]] = {}

    def item(self, key: Key, row: int = 0) -> Decimal | None:
        """Return an item's figure in the form's own unit; ``None`` where it is blank or not known."""
        if key in self.form.fields:
            value = self.figures.fields.get(key)
            return value if isinstance(value, Decimal) else None
        return self._amounts(row).get(key)

    def is_known(self, one: Spoken, row: int) -> bool:
        """Tell whether the figures have such items in this row at all, be they blank."""
        known = self._is_known.get((one, row))
        if known is None:
            if one.kind != MONEY:
                known = row == 0 and all(self.item(key) is not None for key in one.keys)
            else:
                known = all(key in self._amounts(row) for key in one.keys)
            self._is_known[one, row] = known
        return known

    def _amounts(self, row: int) -> Mapping[Key, Decimal | None]:
        """Return a row's amounts: none for a name that the tables do not have."""
        if row <= 0:
            return self.figures.totals if row == 0 else {}
        return self.figures.entities[row - 1][1]

    def value(self, one: Spoken, row: int = 0) -> Decimal:
        """Return what the tables say; blank counts as 0."""
        known = self._values.get((one, row))
        if known is None:
            if len(one.items) == 1 and not one.less:
                known = self.item(one.items[0], row) or ZERO
            else:
                plus = sum((self.item(key, row) or ZERO for key in one.items), ZERO)
                known = plus - sum((self.item(key, row) or ZERO for key in one.less), ZERO)
            known = self._values[one, row] = known * self.worth if one.kind == MONEY else known
        return known

    def called(self, name: str) -> list[int]:
        """Return the rows of the entities whose names hold the signs of *name* in their order, up to the last."""
        if not self._by_last_sign:
            for row, (full, _) in enumerate(self.figures.entities[1:], start=2):
                self._by_last_sign.setdefault(full[-1:], []).append((row, full))
        rows = []
        for row, full in self._by_last_sign.get(name[-1:], ()):
            signs = iter(full)
            if all(sign in signs for sign in name):
                rows.append(row)
        return rows

    def joined(self, some: Sequence[Spoken]) -> Spoken | None:
        """Return several items as one: as the form speaks of them, or without words of its own; ``None`` if they overlap."""
        keys = [key for one in some for key in one.items]
        items = frozenset(keys)
        if len(items) < len(keys) or any(one.less or one.kind != MONEY for one in some):
            return None
        if items not in self._joined:
            known = (one for one in self.prose.spoken if not one.less and items == frozenset(one.items))
            alone = Spoken(tuple(keys), (), (), (), (), MONEY, some[0].rule, "", some[0].line)
            self._joined[items] = next(known, alone)
        return self._joined[items]

    def explainable(self, row: int = 0) -> Decimal:
        """Return by how much the whole may exceed what is fiscal, in the narrowest sense."""
        keys = (*self.prose.explains, *self.prose.general_lacks)
        return sum((self.item(key, row) or ZERO for key in keys), ZERO) * self.worth

    def is_own(self, kind: str) -> bool:
        """Tell whether the department is itself of a kind, such as a school."""
        department = self.figures.department or ""
        return any(
            kind.endswith(word) and department.endswith(endings)
            for word, endings in self.prose.self_names.items()
        )

    def is_source(self, one: Spoken) -> bool:
        """Tell whether it is other money than fiscal, or last year's, that spending may be paid from."""
        return one in self.sources

    def is_fiscal(self, one: Spoken) -> bool:
        """Tell whether the item may be spoken of in the narrower scope."""
        return one in self.fiscal

    def fits(self, figure: Quantity, one: Spoken, row: int = 0) -> bool:
        """Tell whether a figure is the table's, as exactly as it is written."""
        return agrees(figure, self.value(one, row), self.precision if one.kind == MONEY else ZERO)

    def reconciles(self, figure: Quantity, one: Spoken, row: int = 0, most: Decimal | None = None) -> bool:
        """Tell whether a figure of narrower scope lacks no more than *most*: what other sources may explain."""
        gap = self.value(one, row) - figure.low
        most = self.explainable(row) if most is None else most
        return self.is_fiscal(one) and -self.precision <= gap <= most + self.precision

    def akin(self, figure: Quantity, one: Spoken, row: int = 0) -> bool:
        """Tell whether a figure is the table's with a slip: the point or the unit shifted, a digit or two wrong."""
        value = self.value(one, row)
        if not value or not figure.low:
            return False
        precision = self.precision if one.kind == MONEY else ZERO
        if tells(figure) and any(agrees(figure, value * shift, precision) for shift in SHIFTS):
            return True
        if len(_digits(figure.low)) < 2 or len(_digits(value)) < 2:
            return False
        unit = precision or figure.step
        mine, theirs = (str(int(abs(amount) / unit)) for amount in (figure.low, value))
        return len(mine) >= _DIGITS_THAT_TELL and (_is_swap(mine, theirs) or _is_misread(mine, theirs))

    def rate_fits(self, figure: Quantity, part: Spoken, whole: Spoken, row: int = 0) -> bool:
        """Tell whether a percentage is what the tables give for a part in its whole."""
        if not (self.is_known(part, row) and self.is_known(whole, row)) or not self.value(whole, row):
            return False
        return agrees(figure, self.value(part, row) / self.value(whole, row) * _HUNDRED, ZERO)


@lru_cache(maxsize=8)
def _kinds(prose: Prose) -> tuple[frozenset[Spoken], frozenset[Spoken]]:
    """Return the items that may be spoken of in the narrower scope, and those that are other sources of money."""
    sources = {*prose.explains, *prose.general_lacks}
    return (
        frozenset(one for one in prose.spoken if prose.fiscal_items.issuperset(one.keys)),
        frozenset(one for one in prose.spoken if one.items and sources.issuperset(one.items)),
    )


@lru_cache(maxsize=8)
def _gaps(prose: Prose) -> tuple[Spoken, ...]:
    """Return the items that words for a difference may mean."""
    gaps = words()["grammar"]["gap"]
    return tuple(
        one for one in prose.spoken if any(gap in word for gap in gaps for word in (*one.words, *one.vague))
    )


@lru_cache(maxsize=8)
def _openings(prose: Prose) -> tuple[Spoken, ...]:
    """Return this year's items that words for an earlier year name: what that left."""
    prior = tuple(words()["grammar"]["prior"])
    return tuple(one for one in prose.spoken if any(word.startswith(prior) for word in one.words))


def agrees(figure: Quantity, value: Decimal, precision: Decimal) -> bool:
    """Tell whether *value* is what a text says: within a range, about, or rounded as it is written."""
    if value == figure.low:
        return True
    if figure.low != figure.high:
        return figure.low <= value <= figure.high
    slack = max(figure.step, precision) / _TWO
    if figure.rough:
        slack = max(slack, min(_last_place(figure.low), abs(figure.low) * _TENTH))
    return abs(value - figure.low) <= slack


def is_swapped(one: Decimal, other: Decimal, unit: Decimal) -> bool:
    """Tell whether two figures with digits enough are the same, in *unit*, but for two digits that changed places."""
    if one <= 0 or other <= 0 or len(_digits(one)) < _DIGITS_THAT_TELL:
        return False
    return _is_swap(str(int(one / unit)), str(int(other / unit)))


def is_misread(one: Decimal, other: Decimal, unit: Decimal) -> bool:
    """Tell whether two figures with digits enough are the same, in *unit*, but for one digit: another, missing, too many."""
    return one > 0 and other > 0 and _is_misread(str(int(one / unit)), str(int(other / unit)))


def _is_swap(mine: str, theirs: str) -> bool:
    """Tell whether two numbers are the same but for two digits that changed places."""
    differing = [pair for pair in zip(mine, theirs, strict=False) if pair[0] != pair[1]]
    return len(mine) == len(theirs) and len(differing) == 2 and differing[0] == differing[1][::-1]


def _is_misread(mine: str, theirs: str) -> bool:
    """Tell whether two numbers with digits enough are the same but for one digit: another, missing or too many."""
    short, long = sorted((mine, theirs), key=len)
    if len(short) <= _DIGITS_THAT_TELL or len(long) - len(short) > 1:
        return False
    if len(short) == len(long):
        return sum(one != other for one, other in zip(mine, theirs, strict=True)) == 1
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def _last_place(value: Decimal) -> Decimal:
    """Return the place of the last digit that is not 0."""
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(exponent) if isinstance(exponent, int) else Decimal(1)


def _digits(value: Decimal) -> str:
    return "".join(map(str, value.normalize().as_tuple().digits)).strip("0")


def tells(figure: Quantity, least: int = _DIGITS_THAT_TELL) -> bool:
    """Tell whether a figure has digits enough to be no coincidence."""
    return not figure.rough and len(_digits(figure.low)) >= least


class Tree:
    """Which total each item is a part of."""

    def __init__(self, form: Form) -> None:
        self.parents: dict[Key, Key] = {}
        self.parts: dict[Key, tuple[Key, ...]] = {}
        self._below: dict[tuple[Key, ...], frozenset[Key]] = {}
        for column in form.columns.values():
            if column.computed is not None:
                found = tuple((column.table, name.text.rpartition(".")[2]) for name in names(column.computed))
                self.parts[column.key] = found
                self.parents |= dict.fromkeys(found, column.key)

    def above(self, key: Key) -> list[Key]:
        """Return the totals that an item belongs to, the nearest first."""
        found = []
        while key in self.parents:
            key = self.parents[key]
            found.append(key)
        return found

    def leaves(self, key: Key) -> list[Key]:
        """Return what a total is made of in the end, in order."""
        parts = self.parts.get(key, ())
        return [leaf for part in parts for leaf in self.leaves(part)] if parts else [key]

    def below(self, keys: tuple[Key, ...]) -> frozenset[Key]:
        """Return all that the totals *keys* are made of, themselves left out."""
        known = self._below.get(keys)
        if known is None:
            found: set[Key] = set()
            waiting = list(keys)
            while waiting:
                for part in self.parts.get(waiting.pop(), ()):
                    found.add(part)
                    waiting.append(part)
            known = self._below[keys] = frozenset(found)
        return known


@lru_cache(maxsize=8)
def tree_of(form: Form) -> Tree:
    """Return the tree of a form, made when first asked for."""
    return Tree(form)
