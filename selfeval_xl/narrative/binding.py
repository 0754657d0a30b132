"""The figures of one sentence bound to what they speak of, from left to right."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import lru_cache

from selfeval_xl.narrative import lexicon as lx
from selfeval_xl.narrative.amount import Amounts
from selfeval_xl.narrative.clause import ENDS, is_figure, words_before, words_behind
from selfeval_xl.narrative.ledger import Ledger, Tree
from selfeval_xl.narrative.lexicon import Token
from selfeval_xl.narrative.model import ACTUAL, BUDGET, PRIOR
from selfeval_xl.narrative.percentage import Percentages
from selfeval_xl.narrative.period import Span
from selfeval_xl.narrative.quantities import COUNT, PERCENT, YEAR, Quantity
from selfeval_xl.narrative.state import UNLISTED, Bound, Context, State
from selfeval_xl.narrative.turns import Turns
from selfeval_xl.narrative.words import words

# Where a name stands that begins a statement, and what may stand between it and the item that it goes on with.
_HEADS = ENDS | {"", "colon", "among", lx.OWN}
_BETWEEN = frozenset({"filler", "current", lx.ACTUAL, lx.QUANTITY})
NOWHERE = sys.maxsize


class Sentence:
    """Reads one sentence; what it leaves behind for the next stands in *context*, a part of the year in *parts*."""

    def __init__(
        self,
        tokens: list[Token],
        ledger: Ledger,
        tree: Tree,
        context: Context,
        parts: tuple[Span, ...] = (),
    ) -> None:
        self.parts = parts
        self.state = State(tokens, ledger, tree, context)
        self.amounts, self.percentages, self.turns = (
            Amounts(self.state),
            Percentages(self.state),
            Turns(self.state),
        )

    def bind(self) -> list[Bound]:
        """Return what each figure but years speaks of, in order."""
        for place, token in enumerate(self.state.tokens):
            if token.quantity is None:
                follow = _MEANT.get(token.kind)
                if follow is not None:
                    follow(self, place, token)
            elif token.quantity.kind == YEAR:
                self._pass_year(place, token.quantity)
            elif token.quantity.kind != COUNT:
                one = (
                    self.percentages.bind(place)
                    if token.quantity.kind == PERCENT
                    else self.amounts.bind(place)
                )
                if self.parts and not self._is_of_year(one):
                    one = Bound(one.quantity)
                self.state.found.append(one)
                self._follow(place, one)
                if one.spoken is not None:
                    self.state.keep(one)
        return self.state.found

    def _follow(self, place: int, one: Bound) -> None:
        """Follow of whether changes from here on are of something unknown: a name of its own stands before this year's amount."""
        if one.role != ACTUAL or one.quantity.kind == PERCENT:
            return
        before = words_before(self.state.tokens, place) if one.spoken is None else ()
        if one.spoken is not None or any(token.kind == lx.UNKNOWN for token in before):
            self.state.is_foreign = one.spoken is None

    def _is_of_year(self, one: Bound) -> bool:
        """Tell whether a figure is of the whole year: words for a part of it do not stand before, or it is the table's."""
        at = one.quantity.start
        if one.spoken is None or not any(start <= at < end for start, end in self.parts):
            return True
        if one.base is not None:
            return self.state.ledger.rate_fits(one.quantity, one.spoken, one.base, one.row)
        return one.role == ACTUAL and self.state.ledger.fits(one.quantity, one.spoken, one.row)

    def _pass_scope(self, place: int, token: Token) -> None:
        self.state.from_elsewhere = False
        self.state.fiscal = token.kind == lx.SCOPE

    def _pass_semicolon(self, place: int, token: Token) -> None:
        self.state.from_elsewhere = self.state.strict = False
        if self.state.lent_row is not None:
            self.state.context.row, self.state.lent_row = self.state.lent_row, None

    def _pass_turn(self, place: int, token: Token) -> None:
        self.turns.take(place)

    def _pass_share(self, place: int, token: Token) -> None:
        self.turns.take_shares(place)

    def _pass_time(self, place: int, token: Token) -> None:
        if token.kind == "current" or self._leads(place):
            self.state.time = ACTUAL if token.kind == "current" else PRIOR

    def _pass_version(self, place: int, token: Token) -> None:
        self.state.version = ACTUAL

    def _pass_bracket(self, place: int, token: Token) -> None:
        found = self.state.found
        if token.kind == "open":
            is_aside = place > 0 and is_figure(self.state.tokens[place - 1])
            self.state.outer.append((self.state.topic, len(found) if is_aside else NOWHERE))
            self.state.strict = is_aside and self._is_of_nothing(place - 1)
        elif self.state.outer:
            self.state.topic, first = self.state.outer.pop()
            self.state.strict = False
            self.state.aside.update(range(first, len(found)))

    def _is_of_nothing(self, place: int) -> bool:
        """Tell whether the amount at *place* is of nothing that the form has: what paid for it is not either."""
        last = self.state.found[-1] if self.state.found else None
        if last is None or last.spoken is not None or last.role != ACTUAL:
            return False
        return all(token.kind != lx.ITEM for token in words_before(self.state.tokens, place))

    def _pass_within(self, place: int, token: Token) -> None:
        """Follow of what the text goes on to name the parts: the last amount, if only words that fill follow it."""
        before = next((one for one in reversed(self.state.tokens[:place]) if one.kind != "filler"), None)
        found = self.state.found
        if before is not None and before.quantity is not None and found and found[-1].role == ACTUAL:
            self.state.within = found[-1].spoken
        elif before is not None and before.meaning.plain:
            self.state.within = before.meaning.plain[0]

    def _pass_name(self, place: int, token: Token) -> None:
        """Follow of which entity the text speaks from here on; the department itself is row 0."""
        self.state.row_before, self.state.lent_row = self.state.context.row, None
        if token.kind == lx.ENTITY:
            self.state.last_row = token.meaning.row or self.state.last_row
        self.state.context.row = self.state.last_row if token.kind == "that" else token.meaning.row

    def _pass_class(self, place: int, token: Token) -> None:
        """Take a sentence that begins with another classification to be about what that divides."""
        prose = self.state.ledger.prose
        if self.state.topic is None and prose.classed is not None:
            self.state.topic = prose.single.get(prose.classed)

    def _pass_unknown(self, place: int, token: Token) -> None:
        """Follow an entity that the tables do not have: a name at the head of a clause, an item behind it."""
        if not token.text.endswith(_endings()):
            return
        is_under = token.text.startswith(tuple(words()["names"]["under"]))
        is_self = token.text in _selves() and self.state.ledger.is_own(token.text)
        if is_self:
            self.state.tokens[place] = Token(lx.OWN, text=token.text)
        if is_under or is_self:
            self.state.context.row = 0
            return
        before = self.state.tokens[place - 1].kind if place else ""
        if token.text.endswith(_divisions()) and self._is_divided(place):
            self.state.fiscal, self.state.context.narrow = False, frozenset()
        if not token.text.endswith(_foreign()) or before not in _HEADS:
            return
        after = next((one for one in self.state.tokens[place + 1 :] if one.kind not in _BETWEEN), None)
        if after is not None and after.kind == lx.ITEM:
            self.state.context.row = self.state.last_row = UNLISTED

    def _is_divided(self, place: int) -> bool:
        """Tell whether a clause says by what the sentence divides its amounts from here on."""
        clause = words_before(self.state.tokens, place)
        return any(one.text == words()["scope"]["by"] for one in clause) and not any(
            one.kind == lx.SCOPE or one.meaning.fiscal for one in clause
        )

    def _pass_item(self, place: int, token: Token) -> None:
        if token.text.endswith(words()["scope"]["source"]) and self._is_part_of_spending():
            self.state.strict = True
        if token.meaning.fiscal and self._is_scope(place):
            self.state.fiscal = True
        elif token.meaning.plain:
            self.state.is_foreign = False
            self.state.named += token.meaning.plain
            if token.meaning.now:
                self.state.time = ACTUAL
            if token.meaning.done:
                self.state.version = ACTUAL
            self.state.tables.add(token.meaning.plain[0].table)
            if not self.state.has_share or not any(
                one.kind == "share" for one in words_before(self.state.tokens, place)
            ):
                self.state.topic = token.meaning.plain[0]

    def _is_part_of_spending(self) -> bool:
        """Tell whether the sentence is about a part of the spending, which has but a part of the sources."""
        topic = self.state.topic
        return (
            topic is not None
            and self.state.ledger.is_fiscal(topic)
            and bool(self.state.tree.above(topic.keys[0]))
        )

    def _pass_year(self, place: int, year: Quantity) -> None:
        if year.low == self.state.ledger.figures.year:
            self.state.time = ACTUAL
        elif self._leads(place):
            self.state.time = PRIOR

    def _leads(self, place: int) -> bool:
        """Tell whether a time stands at the head of the sentence, where it counts for all that follows."""
        before = [token.kind for token in self.state.tokens[:place]]
        return (
            all(kind in ("filler", lx.OWN, lx.ENTITY, lx.UNKNOWN) for kind in before) and "than" not in before
        )

    def _carry(self, place: int, token: Token) -> None:
        """Keep what the figure or the words before a list say of year and budget for the whole list."""
        if self.state.found and token.kind == "among":
            last = self.state.found[-1].role
            if last in (PRIOR, BUDGET):
                self.state.time, self.state.version = (PRIOR, ACTUAL) if last == PRIOR else (ACTUAL, BUDGET)
            return
        left = words_before(self.state.tokens, place)
        if left and left[-1].kind == lx.BUDGET:
            self.state.version = BUDGET

    def _is_scope(self, place: int) -> bool:
        """Tell whether a word for fiscal money narrows another item of its clause instead of being one."""
        behind = words_behind(self.state.tokens, place)
        if behind and behind[0].text.startswith(_viewed()):
            return True
        clause = [*words_before(self.state.tokens, place), *behind]
        others = [one for one in clause if one.kind == lx.ITEM and not one.meaning.fiscal]
        return any(
            self.state.ledger.is_fiscal(one)
            for token in others
            for one in token.meaning.plain + token.meaning.vague
        )


_MEANT: dict[str, Callable[[Sentence, int, Token], None]] = {
    **dict.fromkeys((lx.SCOPE, lx.WHOLE), Sentence._pass_scope),
    **dict.fromkeys((lx.ENTITY, lx.OWN, "that"), Sentence._pass_name),
    **dict.fromkeys(("among", "colon"), Sentence._carry),
    **dict.fromkeys(("in_turn", "both"), Sentence._pass_turn),
    "share": Sentence._pass_share,
    "semicolon": Sentence._pass_semicolon,
    "within": Sentence._pass_within,
    **dict.fromkeys(("current", "prior"), Sentence._pass_time),
    **dict.fromkeys(("open", "close"), Sentence._pass_bracket),
    lx.ITEM: Sentence._pass_item,
    lx.CLASS: Sentence._pass_class,
    lx.UNKNOWN: Sentence._pass_unknown,
    lx.ACTUAL: Sentence._pass_version,
}


@lru_cache(maxsize=1)
def _endings() -> tuple[str, ...]:
    return (*_divisions(), *_foreign())


@lru_cache(maxsize=1)
def _selves() -> frozenset[str]:
    return frozenset(words()["names"]["self"])


@lru_cache(maxsize=1)
def _divisions() -> tuple[str, ...]:
    return tuple(words()["scope"]["divisions"])


@lru_cache(maxsize=1)
def _viewed() -> tuple[str, ...]:
    return tuple(words()["scope"]["viewed"])


@lru_cache(maxsize=1)
def _foreign() -> tuple[str, ...]:
    return tuple(words()["names"]["foreign"])
