"""Which item an amount speaks of, of which year, and of which entity.

Words decide: an item's name that stands right before its amount.  Where words leave a doubt, the amount itself
must bear them out; else it is taken to speak of something else.
"""

from __future__ import annotations

from selfeval_xl.form.prose import MONEY, Spoken
from selfeval_xl.narrative import lexicon as lx
from selfeval_xl.narrative.clause import (
    CHANGES,
    comes_from,
    is_clear,
    is_modified,
    kinds_of,
    words_before,
    words_behind,
)
from selfeval_xl.narrative.ledger import tells
from selfeval_xl.narrative.lexicon import Token
from selfeval_xl.narrative.model import ACTUAL, BUDGET, CHANGE, FISCAL, PRIOR
from selfeval_xl.narrative.quantities import Quantity
from selfeval_xl.narrative.state import Bound, State


class Amounts:
    """Binds amounts of money, people and scores."""

    def __init__(self, state: State) -> None:
        self.state = state

    def bind(self, place: int) -> Bound:
        """Return what the amount at *place* speaks of."""
        figure = self.state.tokens[place].figure
        if place in self.state.turns:
            spoken, _, self.state.context.row = self.state.turns[place]
            return self.state.claimed(figure, [spoken], sure=True)
        left, right = words_before(self.state.tokens, place), words_behind(self.state.tokens, place)
        kinds = {token.kind for token in left}
        role, direction = self._role(left, right)
        if "whole_of_others" in kinds:
            return Bound(figure, role=role, direction=direction)
        chosen = self._item(left, figure.kind)
        if chosen is not None:
            one = self._by_item(figure, left, right, chosen, role, direction)
            if one.spoken is not None or role != ACTUAL:
                return one
        if role == CHANGE and not direction and (behind := self._behind(figure, right)) is not None:
            return behind
        if role != ACTUAL:
            words = [token for token in left if token.kind not in CHANGES]
            topic = self.state.topic if is_clear(words) else None
            return Bound(figure, topic, role, self.state.context.row, direction=direction)
        if figure.kind != MONEY:
            return self._behind(figure, right) or Bound(figure)
        return self._without_item(figure, left, right, kinds)

    def _by_item(
        self, figure: Quantity, left: list[Token], right: list[Token], chosen: int, role: str, direction: str
    ) -> Bound:
        """Bind an amount to the item whose name stands before it."""
        token = left[chosen]
        choices, named = self.state.choices(token)
        if choices and named:
            self.state.topic = choices[0]
        if token.meaning.fiscal and role == ACTUAL:
            return self._fiscal(figure, choices)
        if role != ACTUAL:
            return Bound(
                figure, choices[0] if choices else None, role, self.state.context.row, direction=direction
            )
        if not named and (one := self._behind(figure, right)) is not None:
            return one
        clear = is_clear(left[chosen + 1 :]) and not is_modified(left, chosen)
        return self.state.claimed(figure, choices, sure=clear and named)

    def _fiscal(self, figure: Quantity, choices: list[Spoken]) -> Bound:
        """Bind an amount of fiscal money: income, or within spending the fiscal part of that."""
        last = self.state.recent()[-1:]
        spent = last[0].spoken if last and last[0].role == ACTUAL else None
        if any(self.state.ledger.fits(figure, one, self.state.context.row) for one in choices):
            return self.state.claimed(figure, choices, sure=False)
        if spent is not None and self.state.ledger.is_fiscal(spent):
            if self.state.ledger.reconciles(figure, spent, self.state.context.row):
                return Bound(figure, spent, row=self.state.context.row, scope=FISCAL)
            return Bound(figure)
        return self.state.claimed(figure, choices, sure=True)

    def _without_item(
        self, figure: Quantity, left: list[Token], right: list[Token], kinds: set[str]
    ) -> Bound:
        """Bind an amount by the item behind it, by what the sentence is about, as a sum, or by its digits alone."""
        if (one := self._behind(figure, right)) is not None:
            return one
        if "total" in kinds and (one := self._sum(figure)) is not None:
            return one
        continued = kinds & {lx.ACTUAL, "to"} or any(self.state.time_of(token) == ACTUAL for token in left)
        exact = self._by_digits(figure)
        if self.state.topic is None or exact.spoken is not None or not is_clear(left):
            return exact
        if lx.ENTITY in kinds:
            return self.state.claimed(figure, [self.state.topic], sure=False)
        return self.state.claimed(figure, [self.state.topic], sure=True) if continued else exact

    def _behind(self, figure: Quantity, right: list[Token]) -> Bound | None:
        """Bind an amount to the item behind it, if the amount bears that out."""
        after = next((token for token in right if token.kind not in ("filler", "current", lx.OWN)), None)
        if after is None or after.kind != lx.ITEM:
            return None
        one = self.state.claimed(figure, self.state.choices(after)[0], sure=False)
        return one if one.spoken is not None else None

    def _by_digits(self, figure: Quantity) -> Bound:
        """Bind an amount that is one item's figure to the digit, and no other's."""
        if not tells(figure):
            return Bound(figure)
        own = [one for one in self.state.ledger.prose.single.values() if one.kind == figure.kind]
        same = [one for one in own if self._is_same(figure, one)]
        near = [one for one in same if one.table in self.state.tables]
        chosen = same if len(same) == 1 else near
        return self.state.claimed(figure, chosen[:1], sure=False)

    def _is_same(self, figure: Quantity, one: Spoken) -> bool:
        row = self.state.context.row
        return self.state.ledger.is_known(one, row) and figure.low == self.state.ledger.value(one, row) != 0

    def _item(self, left: list[Token], kind: str) -> int | None:
        """Return which word of the clause is the item's name: the last one that does more than fill."""
        places = [at for at, token in enumerate(left) if token.kind == lx.ITEM and kind in kinds_of(token)]
        for at in reversed(places):
            token = left[at]
            if token.meaning.fiscal and self._narrows(left, at):
                continue
            if not token.meaning.plain and any(
                self._fills(left, before, at) for before in places if before < at
            ):
                continue
            return at
        return None

    def _narrows(self, left: list[Token], at: int) -> bool:
        """Tell whether a word for fiscal money stands beside another item of the clause."""
        others = [token for place, token in enumerate(left) if place != at and token.kind == lx.ITEM]
        return any(
            self.state.ledger.is_fiscal(one)
            for token in others
            if not token.meaning.fiscal
            for one in token.meaning.plain + token.meaning.vague
        )

    def _fills(self, left: list[Token], first: int, at: int) -> bool:
        """Tell whether a vague word only goes on from the item named before it, and is no other kind of amount."""
        named, vague = left[first].meaning, left[at].meaning
        if not named.plain or (named.fiscal and self._narrows(left, first)):
            return False
        goes_on = any(
            one.table == named.plain[0].table
            or (self.state.ledger.is_fiscal(one) and self.state.ledger.is_fiscal(named.plain[0]))
            for one in vague.short + vague.vague
        )
        return goes_on and is_clear(left[first + 1 : at])

    def _sum(self, figure: Quantity) -> Bound | None:
        """Bind a sum without a name: the total of the items that were named before it."""
        last = [one.spoken for one in self.state.recent() if one.role == ACTUAL and one.spoken is not None]
        for one in reversed(last):
            for key in self.state.tree.above(one.items[0])[:1] if one.items else ():
                total = self.state.ledger.prose.single.get(key)
                siblings = [
                    other
                    for other in last
                    if other.items and self.state.tree.parents.get(other.items[0]) == key
                ]
                if total is not None and len(siblings) > 1:
                    return self.state.claimed(figure, [total], sure=True)
        choices = [
            *((self.state.topic,) if self.state.topic is not None else ()),
            *self.state.context.heading,
        ]
        bound = self.state.claimed(figure, choices, sure=False)
        return bound if bound.spoken is not None else None

    def _role(self, left: list[Token], right: list[Token]) -> tuple[str, str]:
        """Return whether an amount is this year's, last year's, a budget's or a change, and which way."""
        for token in reversed(left):
            if token.kind == "to":
                break
            if token.kind in CHANGES:
                return CHANGE, CHANGES[token.kind]
        time = next(
            (self.state.time_of(token) for token in reversed(left) if self.state.time_of(token)),
            self.state.time,
        )
        if time == PRIOR or comes_from(left, right):
            return PRIOR, ""
        version = next(
            (token.kind for token in reversed(left) if token.kind in (lx.BUDGET, lx.ACTUAL)),
            self.state.version,
        )
        return (BUDGET, "") if version == lx.BUDGET else (ACTUAL, "")
