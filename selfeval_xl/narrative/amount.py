"""Which item an amount speaks of, of which year, and of which entity.

Words decide: an item's name that stands right before its amount.  Where words leave a doubt, the amount itself
must bear them out; else it is taken to speak of something else.
"""

from __future__ import annotations

from itertools import takewhile

from selfeval_xl.form.prose import MONEY, Spoken
from selfeval_xl.narrative import lexicon as lx
from selfeval_xl.narrative.adding import Sums
from selfeval_xl.narrative.clause import (
    CHANGES,
    ENDS,
    is_clear,
    is_figure,
    is_modified,
    is_of_others,
    words_before,
    words_behind,
)
from selfeval_xl.narrative.ledger import tells
from selfeval_xl.narrative.lexicon import Token
from selfeval_xl.narrative.model import ACTUAL, BUDGET, CHANGE, GROWTH, PRIOR
from selfeval_xl.narrative.naming import Names
from selfeval_xl.narrative.paying import Payments
from selfeval_xl.narrative.quantities import Quantity
from selfeval_xl.narrative.state import Bound, State

_OPENED_BY = frozenset({"current", lx.OWN, lx.ENTITY, lx.ACTUAL, lx.QUANTITY})
_OPENING = _OPENED_BY | {"filler", "comma", "total", "colon", lx.ITEM}
_VERSIONS = frozenset({lx.BUDGET, lx.ACTUAL})
_TELLING = frozenset(CHANGES) | _VERSIONS | {"to", "from", "prior", "current", lx.QUANTITY}
_BEFORE = ENDS | {"open"}
_DIGITS_OF_UNKNOWN = 4
"""How many digits make an amount with a name of its own an item's, though no word says so."""
_LONGEST_CALLED = 4
_STARTS = frozenset({"semicolon", "stop", "colon", lx.OWN, lx.ENTITY})


def _back(tokens: list[Token], place: int) -> int:
    """Return where the last word before *place* stands that does more than fill; -1 where none does."""
    at = place - 1
    while at >= 0 and tokens[at].kind == "filler":
        at -= 1
    return at


class Amounts:
    """Binds amounts of money, people and scores."""

    def __init__(self, state: State) -> None:
        self.state, self.names, self.sums = state, Names(state), Sums(state)
        self.payments = Payments(state, self.sums)

    def bind(self, place: int) -> Bound:
        """Return what the amount at *place* speaks of; that nothing was spent bears out no item that is not named."""
        one = self._bind(place)
        if one.spoken is None and one.role == ACTUAL and len(self.state.ledger.figures.entities) > 1:
            one = self._of_entity(one)
        if one.quantity.low or one.role != ACTUAL or one.spoken is None or place in self.state.turns:
            return one
        left, right = words_before(self.state.tokens, place), words_behind(self.state.tokens, place)
        is_named = any(one.spoken in token.meaning.plain + token.meaning.short for token in [*left, *right])
        is_topic = one.spoken is self.state.topic and all(token.kind != lx.UNKNOWN for token in left)
        return one if is_named or is_topic else Bound(one.quantity)

    def _bind(self, place: int) -> Bound:
        figure, self.state.place = self.state.tokens[place].figure, place
        if place in self.state.turns:
            meant, _, self.state.context.row = self.state.turns[place]
            return self.state.claimed(figure, meant, sure=True)
        if (plain := self._plainly(figure, place)) is not None:
            return plain
        right = words_behind(self.state.tokens, place)
        left, chosen, is_near = self.names.before(place, right)
        kinds = {token.kind for token in left}
        role, direction = self._role(left, right)
        if role == PRIOR and (opening := self.names.opening(figure, left, chosen)) is not None:
            return opening
        if chosen is None and lx.ENTITY in kinds:
            self.state.lent_row = self.state.row_before
        if "each" in kinds or is_of_others(left[:chosen]):
            return self._of_others(figure, left, role, direction)
        if chosen is not None:
            one = self._by_item(figure, left, right, chosen, role, direction, is_near=is_near)
            one = one if one.spoken is not None or role != ACTUAL else self._earlier(figure, left, chosen)
            if one.spoken is not None or role != ACTUAL:
                return one
        if role != ACTUAL:
            return self._of_topic(figure, left, right, role, direction)
        if figure.kind != MONEY:
            return self._of_people(figure, left, right)
        return self._without_item(figure, left, right, kinds)

    def _of_entity(self, one: Bound) -> Bound:
        """Bind an amount behind a very short name to the entity that may be called so and has that amount."""
        left = words_before(self.state.tokens, self.state.place)
        name = next((token.text for token in left if token.kind == lx.UNKNOWN), "")
        if not 1 < len(name) <= _LONGEST_CALLED or not tells(one.quantity):
            return one
        last = [each.spoken for each in self.state.recent()[-1:] if each.spoken is not None]
        meant = [
            each for token in left if token.kind == lx.ITEM for each in self.state.choices(token)[0]
        ] or last
        for row in self.state.ledger.called(name):
            for each in meant:
                if self.state.ledger.is_known(each, row) and self.state.ledger.fits(one.quantity, each, row):
                    self.state.context.row = self.state.last_row = row
                    return Bound(one.quantity, each, row=row, scope=self.state.scope(each))
        return one

    def _earlier(self, figure: Quantity, left: list[Token], chosen: int) -> Bound:
        """Bind an amount whose nearest name it does not bear out to one further back that it does: *bought: a car, 9.8*."""
        if not left[chosen].meaning.plain:
            for token in reversed(left[:chosen]):
                one = self.state.exactly(figure, token.meaning.plain + token.meaning.short)
                if one is not None:
                    return one
        return Bound(figure)

    def _plainly(self, figure: Quantity, place: int) -> Bound | None:
        """Bind an amount that stands alone behind a name, with which it agrees: most do, and it is quick."""
        state, tokens = self.state, self.state.tokens
        if state.from_elsewhere or state.time != ACTUAL or state.version != ACTUAL:
            return None
        at = _back(tokens, place)
        meaning = tokens[at].meaning if at >= 0 else None
        if meaning is None or not meaning.plain or meaning.fiscal or meaning.plain[0].kind != figure.kind:
            return None
        before = _back(tokens, at)
        if before >= 0 and tokens[before].kind not in _BEFORE:
            return None
        one = state.exactly(figure, meaning.plain)
        if one is not None:
            state.topic, state.doubted = meaning.plain[0], False
        return one

    def _of_topic(
        self, figure: Quantity, left: list[Token], right: list[Token], role: str, direction: str
    ) -> Bound:
        """Bind another year's amount, a budget's or a change to what the sentence is about; a gap to a balance."""
        if role == CHANGE and not direction:
            gap = self._behind(figure, right) or self.state.exactly(figure, self.state.ledger.gaps)
            if gap is not None:
                return gap
        others = [token for token in left if token.kind not in CHANGES]
        topic = self.state.subject() if is_clear(others) else None
        return Bound(figure, topic, role, self.state.context.row, direction=direction)

    def _of_people(self, figure: Quantity, left: list[Token], right: list[Token]) -> Bound:
        """Bind people or a score by what stands behind, as a sum, or to what the sentence is about."""
        is_total = self.sums.is_total(left, {token.kind for token in left})
        every = self.state.ledger.prose.single.values() if is_total else ()
        about = [self.state.topic] if self.state.topic is not None and is_clear(left) else []
        return (
            self.state.exactly(figure, tuple(every))
            or self._behind(figure, right)
            or self.state.claimed(figure, about, sure=False)
        )

    def _of_others(self, figure: Quantity, left: list[Token], role: str, direction: str) -> Bound:
        """Bind an amount of a wider area only where the unit is that area's and the amount is the table's."""
        if role == ACTUAL and left and left[-1].kind == lx.ITEM and tells(figure):
            is_plain = bool(left[-1].meaning.plain)
            return self.state.claimed(figure, self.state.choices(left[-1])[0], sure=False, slips=is_plain)
        return Bound(figure, role=role, direction=direction)

    def _by_item(
        self,
        figure: Quantity,
        left: list[Token],
        right: list[Token],
        chosen: int,
        role: str,
        direction: str,
        *,
        is_near: bool,
    ) -> Bound:
        """Bind an amount to the item whose name stands before it."""
        token = left[chosen]
        choices, named = self.state.choices(token)
        if (
            named
            and choices[0].kind == figure.kind
            and (token.meaning.plain or not is_modified(left, chosen))
        ):
            self.state.topic = choices[0]
        modified = is_modified(left, chosen) or (named and self._goes_on_in_doubt(token))
        clear = is_near and is_clear(left[chosen + 1 :]) and not modified
        if self.payments.is_from_elsewhere(left, chosen):
            return self.state.exactly(figure, choices) or Bound(figure)
        if role != ACTUAL:
            meant = choices[0] if choices else None
            return Bound(figure, meant, role, self.state.context.row, direction=direction)
        one = self.payments.in_part(figure, left, chosen, choices, sure=clear)
        if one is None and not named:
            one = self._vaguely(figure, left, right, chosen)
        if one is not None:
            return one
        clear = clear and (figure.kind == MONEY or not self.state.divided)
        one = self.state.claimed(
            figure,
            choices,
            sure=clear and (named or self._opens(figure, choices, right)),
            slips=not self.names.is_of_another(left, chosen, modified=modified, is_near=is_near),
        )
        self.state.doubted = named and one.spoken is None
        # A name of posts or people with a word before it divides them; so does one of a kind that is not all of them.
        if figure.kind != MONEY and (modified if named else one.spoken is None and not modified):
            self.state.divided = True
        return one

    def _vaguely(self, figure: Quantity, left: list[Token], right: list[Token], chosen: int) -> Bound | None:
        """Bind an amount behind a vague name to the item behind it, or where that may be something else's, exactly."""
        if (one := self._behind(figure, right)) is not None:
            return one
        if is_clear(left[chosen + 1 :]) and not self._is_of_unknown(left[chosen]):
            return None
        return self.state.claimed(figure, self.state.choices(left[chosen])[0], sure=False, slips=False)

    def _is_of_unknown(self, name: Token) -> bool:
        """Tell whether a vague name may be that of something unknown before it, or of a part of another item."""
        at = self.state.place_of(name)
        for token in reversed(self.state.tokens[:at]):
            if token.kind in _STARTS or (is_figure(token) and token.figure.kind == MONEY):
                return False
            if token.kind == lx.UNKNOWN or (token.meaning.plain and not token.meaning.fiscal):
                return True
        return False

    def _goes_on_in_doubt(self, name: Token) -> bool:
        """Tell whether a name goes on in a list with one that its amount did not bear out."""
        if not self.state.doubted:
            return False
        at = self.state.place_of(name) - 1
        while self.state.tokens[at].kind in ("filler", "enumeration"):
            at -= 1
        return at >= 0 and self.state.tokens[at].quantity is self.state.found[-1].quantity

    def _opens(self, figure: Quantity, choices: list[Spoken], right: list[Token]) -> bool:
        """Tell whether a paragraph begins with a word for a total, a unit or a time before it, and the amount alone.

        There even a vague word speaks of the whole, unless the amount is another item's: *we spent 5 million.*
        """
        context = self.state.context
        if not context.is_first or right or context.heading or self.state.found or not choices[0].sums:
            return False
        kinds = {token.kind for token in self.state.tokens[: self.state.place]}
        is_opening = kinds <= _OPENING and not kinds.isdisjoint(_OPENED_BY)
        return is_opening and self._by_digits(figure).spoken is None

    def _without_item(
        self, figure: Quantity, left: list[Token], right: list[Token], kinds: set[str]
    ) -> Bound:
        """Bind an amount by the item behind it, by what the sentence is about, as a sum, or by its digits alone."""
        if (one := self._behind(figure, right)) is not None:
            return one
        if self.sums.is_total(left, kinds) and (one := self.sums.bind(figure, left)) is not None:
            return one
        topic = self.state.topic
        done = [one for token in left if token.kind == lx.ACTUAL for one in token.meaning.vague]
        last = [
            one.spoken for one in self.state.recent()[-1:] if one.role == ACTUAL and one.spoken is not None
        ]
        told = [topic] if topic is not None else last
        for likely in (told if lx.ENTITY in kinds else [], done):
            if (one := self.state.exactly(figure, likely)) is not None:
                return one
        continued = kinds & {lx.ACTUAL, "to"} or any(self.state.time_of(token) == ACTUAL for token in left)
        is_titled = topic is not None and topic is self.state.context.topic and not self.state.found
        continued = continued or is_titled or self._is_outcome(left, right)
        exact = self._by_digits(figure, is_known=is_clear(left) or self._stands_alone(figure, left))
        if done and topic is not None and not self.state.ledger.is_fiscal(topic):
            return exact
        if self.state.topic is None or exact.spoken is not None or not is_clear(left):
            return exact
        if len(self.names.since()) > 1 or lx.ITEM in kinds:
            return exact
        if lx.ENTITY in kinds:
            return self.state.claimed(figure, [self.state.topic], sure=False)
        return self.state.claimed(figure, [self.state.topic], sure=True) if continued else exact

    def _stands_alone(self, figure: Quantity, left: list[Token]) -> bool:
        """Tell whether an amount is in no list of what is not the form's; with few digits it may have an unknown's name."""
        last = self.state.found[-1] if self.state.found else None
        if last is not None and last.spoken is None and last.role == ACTUAL:
            return False
        return left[-1].kind != lx.UNKNOWN or tells(figure, _DIGITS_OF_UNKNOWN)

    def _is_outcome(self, left: list[Token], right: list[Token]) -> bool:
        """Tell whether an amount is what a change came to: *down by 9, or 5 %, to be 170*."""
        last = self.state.found[-1] if self.state.found else None
        is_change = last is not None and last.role in (CHANGE, GROWTH) and last.spoken is self.state.topic
        return is_change and not right and bool(left) and all(token.kind == "filler" for token in left)

    def _behind(self, figure: Quantity, right: list[Token]) -> Bound | None:
        """Bind an amount to the item behind it, if the amount bears that out."""
        known = [token for token in right if token.kind not in ("filler", "current", lx.OWN)]
        names = list(takewhile(lambda token: token.kind == lx.ITEM, known))
        for token in reversed(names):
            # A vague word with another name before it may go on from that: *13.6 is the balance of A*.
            is_name = bool(token.meaning.plain or token.meaning.short) or len(names) == 1
            one = self.state.claimed(figure, self.state.choices(token)[0], sure=False, slips=is_name)
            if one.spoken is not None:
                return one
        return None

    def _by_digits(self, figure: Quantity, *, is_known: bool = True) -> Bound:
        """Bind an amount that is one item's figure to the digit, and no other's.

        In a list of what is not the form's it must be of a table of which the text speaks.
        """
        if not tells(figure):
            return Bound(figure)
        own = [one for one in self.state.ledger.prose.single.values() if one.kind == figure.kind]
        same = [one for one in own if self._is_same(figure, one)]
        near = [one for one in same if one.table in self.state.tables]
        chosen = same if len(same) == 1 and (is_known or tells(figure, _DIGITS_OF_UNKNOWN)) else near
        return self.state.claimed(figure, chosen[:1], sure=False)

    def _is_same(self, figure: Quantity, one: Spoken) -> bool:
        row = self.state.context.row
        return self.state.ledger.is_known(one, row) and figure.low == self.state.ledger.value(one, row) != 0

    def _role(self, left: list[Token], right: list[Token]) -> tuple[str, str]:
        """Return whether an amount is this year's, last year's, a budget's or a change, and which way."""
        telling = [token for token in left if token.kind in _TELLING or token.meaning.now]
        time = version = ""
        is_from = is_to = False
        for token in reversed(telling):
            is_from, is_to = is_from or token.kind == "from", is_to or token.kind == "to"
            if token.kind in CHANGES and not is_to:
                return CHANGE, CHANGES[token.kind]
            time = time or self.state.time_of(token)
            version = version or (token.kind if token.kind in _VERSIONS else "")
        comes_from = is_from and any(token.kind == "to" for token in right)
        if comes_from or (time or self.state.time) == PRIOR:
            return PRIOR, ""
        return (BUDGET, "") if (version or self.state.version) == lx.BUDGET else (ACTUAL, "")
