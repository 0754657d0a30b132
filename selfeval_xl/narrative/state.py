"""What is known while a sentence is read, and how a figure is bound to one of the items that words allow."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from selfeval_xl.form.model import Key
from selfeval_xl.form.prose import Spoken
from selfeval_xl.narrative.ledger import Ledger, Tree
from selfeval_xl.narrative.lexicon import CLASS, Token
from selfeval_xl.narrative.model import ACTUAL, ALL, FISCAL, PRIOR
from selfeval_xl.narrative.quantities import PERCENT, YEAR, Quantity

UNLISTED = -1
"""The row of an entity that the tables do not have."""
_KEPT = 12
"""How many amounts back a share or a sum may look for what it is a share or sum of."""


class Bound(Struct):
    """What one figure of a sentence speaks of; ``spoken`` is ``None`` where it is nothing of the form's."""

    quantity: Quantity
    spoken: Spoken | None = None
    role: str = ACTUAL
    row: int = 0
    scope: str = ALL
    base: Spoken | None = None
    direction: str = ""


class Context(Struct):
    """What earlier words of a paragraph or section leave behind for the next sentence."""

    heading: tuple[Spoken, ...] = ()
    narrow: frozenset[Key] = frozenset()
    row: int = 0
    is_first: bool = True
    topic: Spoken | None = None


class State:
    """One sentence while it is read: its words, what they have told so far, and what was bound."""

    def __init__(self, tokens: list[Token], ledger: Ledger, tree: Tree, context: Context) -> None:
        self.tokens, self.ledger, self.tree, self.context = tokens, ledger, tree, context
        self.topic = context.topic
        self.place = 0
        self.divided = False
        self.named: list[Spoken] = []
        kinds = {token.kind for token in tokens}
        self.classed, self.has_share = CLASS in kinds, "share" in kinds
        self.tables: set[str] = {one.table for one in context.heading}
        self.fiscal = False
        self.last_row = context.row
        self.time = self.version = ACTUAL
        self.turns: dict[int, tuple[list[Spoken], Spoken | None, int]] = {}
        self.found: list[Bound] = []
        self.outer: list[tuple[Spoken | None, int]] = []
        self.aside: set[int] = set()
        self.within: Spoken | None = None
        self.from_elsewhere = self.doubted = False
        self.row_before = context.row
        self.lent_row: int | None = None

    def place_of(self, word: Token) -> int:
        """Return where a word of the clause before the figure stands."""
        return next(at for at in range(self.place - 1, -1, -1) if self.tokens[at] is word)

    def choices(self, token: Token) -> tuple[list[Spoken], bool]:
        """Return the items that a word may stand for here, and whether it names them."""
        meaning = token.meaning
        short = [one for one in meaning.short if one.table in self.tables and not self.classed]
        if meaning.plain:
            return [*meaning.plain, *short], True
        loose = [*meaning.vague, *((self.topic,) if self.topic is not None else ()), *self.context.heading]
        return [*short, *(meaning.short if not short else ()), *loose], bool(short)

    def claimed(
        self, figure: Quantity, choices: Sequence[Spoken], *, sure: bool, slips: bool = True
    ) -> Bound:
        """Bind a figure to the choice that it agrees with, to the first where words are sure, or to none.

        With *slips*, also to one that it agrees with but for a slip.
        """
        fitting = [one for one in choices if one.kind == figure.kind]
        if (exact := self.exactly(figure, fitting)) is not None:
            return exact
        for one in fitting:
            row = self.context.row
            if self.scope(one) == FISCAL and self.ledger.reconciles(figure, one, row):
                return Bound(figure, one, row=row, scope=FISCAL)
        row = self.context.row
        known = [one for one in fitting if self.ledger.is_known(one, row)]
        sure = sure and bool(known) and known[0].items[:1] == fitting[0].items[:1]
        likely = [one for one in known if slips and self.ledger.akin(figure, one, row)]
        if not likely and not sure:
            return Bound(figure)
        one = likely[0] if likely else self._nearest(figure, known)
        return Bound(figure, one, row=row, scope=self.scope(one))

    def exactly(self, figure: Quantity, choices: Sequence[Spoken]) -> Bound | None:
        """Bind a figure to the choice that it agrees with, in the row of which the text speaks or the total."""
        for one in choices:
            for row in (self.context.row, 0) if self.context.row else (0,):
                known = one.kind == figure.kind and self.ledger.is_known(one, row)
                if known and self.ledger.fits(figure, one, row):
                    return Bound(figure, one, row=row, scope=self.scope(one))
        return None

    def _nearest(self, figure: Quantity, fitting: Sequence[Spoken]) -> Spoken:
        """Return which of the items that the first one's name may mean comes nearest."""
        first, gaps = fitting[0], self.ledger.gaps
        same = [one for one in fitting if one.items[:1] == first.items[:1] or (first in gaps and one in gaps)]
        return min(same, key=lambda one: abs(self.ledger.value(one, self.context.row) - figure.low))

    def scope(self, one: Spoken) -> str:
        """Return in which scope an item is spoken of here."""
        narrow = self.context.narrow
        if not (self.fiscal or narrow) or not self.ledger.is_fiscal(one):
            return ALL
        return FISCAL if self.fiscal or narrow.issuperset(one.keys) else ALL

    def time_of(self, token: Token) -> str:
        """Return whether a word means this year or an earlier one, ``""`` for neither."""
        if token.kind == "prior":
            return PRIOR
        if token.kind == "current" or token.meaning.now:
            return ACTUAL
        if token.quantity is not None and token.quantity.kind == YEAR:
            return ACTUAL if token.quantity.low == self.ledger.figures.year else PRIOR
        return ""

    def whole_of(self, one: Spoken) -> Spoken | None:
        """Return the total that a share without one belongs to: the nearest that was named, or that it fits."""
        return next(iter(self.wholes_of(one)), None)

    def wholes_of(self, one: Spoken) -> list[Spoken]:
        """Return the totals that an item is a part of: those that the sentence named, the nearest first, then others."""
        single = self.ledger.prose.single
        above = self.tree.above(one.items[0]) if one.items else []
        named = [*self.named, *(one.base for one in self.found if one.base is not None)]
        wider = [
            other
            for other in named
            if other is not one
            and other.items
            and (other.items[0] in above or set(one.items) < set(other.items))
        ]
        nearest = sorted(
            wider, key=lambda other: above.index(other.items[0]) if other.items[0] in above else -1
        )
        return list(dict.fromkeys([*nearest, *(single[key] for key in above if key in single)]))

    def common(self, first: Token, second: Token) -> Spoken | None:
        """Return the nearest total of which the items that two words name are both parts."""
        named = [one.meaning.plain or one.meaning.short for one in (first, second)]
        if not all(named):
            return None
        above, others = (self.tree.above(some[0].keys[0]) for some in named)
        shared = next((key for key in above if key in others), None)
        return self.ledger.prose.single.get(shared) if shared is not None else None

    def recent(self) -> list[Bound]:
        """Return the amounts bound last."""
        return [one for one in self.found[-_KEPT:] if one.spoken is not None and one.quantity.kind != PERCENT]

    def keep(self, one: Bound) -> None:
        """Remember what the next figures may refer to."""
        spoken = one.spoken
        if spoken is None or one.role != ACTUAL:
            return
        self.tables.add(spoken.table)
        below = self.tree.below(spoken.items)
        if one.scope == FISCAL:
            self.context.narrow |= below
        elif self.ledger.is_fiscal(spoken):
            self.context.narrow -= below
