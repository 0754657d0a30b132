"""This year's rows beside last year's, and how a change between them is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from selfeval_xl.amounts import ZERO, round_half_up
from selfeval_xl.form.model import Key, Rule
from selfeval_xl.papers.figures import Figures, Row, counterparts
from selfeval_xl.papers.trail import Trail
from selfeval_xl.texts import say

HUNDRED = Decimal(100)
RATE_PLACES = 2


class Years(Struct):
    """A report and last year's figures under the same form's items.

    ``matched`` gives last year's row of an entity by the index of this year's; ``budget`` is this year's, if a list
    gives it.
    """

    trail: Trail
    past: Figures
    matched: Mapping[int, Row]
    budget: Figures | None = None

    @classmethod
    def of(cls, trail: Trail, past: Figures, budget: Figures | None = None) -> Years:
        """Return both years with their rows matched."""
        rows = trail.this.rows
        return cls(trail, past, counterparts(trail.form, rows, past.rows, trail.report.department), budget)

    @property
    def is_single(self) -> bool:
        """Tell whether the only entity's row says all that the total row does, in both years."""
        return len(self.trail.this.rows) == 2 and len(self.past.rows) <= 2

    def pairs(self) -> Iterator[tuple[Row, Row]]:
        """Yield this year's and last year's rows, entities before the total; of a single entity only its own."""
        rows = self.trail.this.rows
        if self.is_single:
            last = self.past.rows[-1]
            amounts = {**self.past.rows[0].amounts, **last.amounts}
            sources = {**self.past.rows[0].sources, **last.sources}
            yield rows[1], replace(last, amounts=amounts, sources=sources)
            return
        yield from ((row, self.matched[row.index]) for row in rows[1:] if row.index in self.matched)
        yield rows[0], self.past.rows[0]

    def known(self, key: Key) -> Iterator[tuple[Row, Row]]:
        """Yield the pairs of rows in which both amounts of an item are known, be it as blank."""
        for row, last in self.pairs():
            if key not in row.odd and self.past.knows(last, key):
                yield row, last

    def whole(self, key: Key) -> tuple[Row, Row] | None:
        """Return the pair that stands for the whole department, if the item is known in it."""
        found = list(self.known(key))
        return found[-1] if found and (self.is_single or found[-1][0].index == 0) else None

    def source(self, row: Row, key: Key) -> dict[str, str]:
        """Return the fact that says where last year's amount stands."""
        return {"source": self.past.source_of(row, key)}


def change(row: Row, last: Row, key: Key) -> Decimal:
    """Return by how much an amount grew, blank counting as 0."""
    return row.amounts.get(key, ZERO) - last.amounts.get(key, ZERO)


def percent(part: Decimal, base: Decimal | None) -> Decimal | None:
    """Return *part* in percent of *base*; ``None`` where there is no base, or a base of 0."""
    return None if not base else part / abs(base) * HUNDRED


def rate_word(part: Decimal, base: Decimal | None, no_base: str = "") -> str:
    """Return a rate for a message; of a base that is 0 or blank there is none, unless nothing changed."""
    rate = percent(part, base)
    if rate is not None:
        return f"{round_half_up(rate, RATE_PLACES):+f}%"
    if not part:
        return say("papers.level")
    return no_base or say("papers.no_base_blank" if base is None else "papers.no_base")


def limits_of(rule: Rule) -> dict[str, Decimal]:
    """Return the rule's limits by name."""
    return dict(rule.limits)
