"""Which item an amount in a sentence speaks of, of which year and scope, and of which entity.

Words decide: an item's name that stands right before its amount.  Where words leave a doubt, the amount itself
must bear them out; else it is taken to speak of something else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from selfeval_xl.form.model import Key
from selfeval_xl.form.prose import MONEY, Spoken
from selfeval_xl.narrative import lexicon as lx
from selfeval_xl.narrative.ledger import Ledger, Tree, tells
from selfeval_xl.narrative.lexicon import Token
from selfeval_xl.narrative.model import (
    ACTUAL,
    ALL,
    BUDGET,
    CHANGE,
    DOWN,
    FISCAL,
    FLAT,
    GROWTH,
    PRIOR,
    SHARE,
    UP,
)
from selfeval_xl.narrative.quantities import PERCENT, YEAR, Quantity

_ENDS = frozenset({"comma", "semicolon", "stop", "enumeration"})
_CHANGES = {"up": UP, "down": DOWN, "flat": FLAT, "gap": ""}
# Words between an item and its amount that leave no doubt that they belong together.
_CLEAR = frozenset(
    {"filler", "colon", "total", "current", "prior", "than", "to", "from", "open", "close", "own", "among"}
    | {lx.ACTUAL, lx.BUDGET, lx.SCOPE, lx.WHOLE, lx.ENTITY}
)
_FEWEST_IN_TURN = 2
_KEPT = 12
"""How many amounts back a share or a sum may look for what it is a share or sum of."""


@dataclass(slots=True)
class Bound:
    """What one figure of a sentence speaks of; ``spoken`` is ``None`` where it is nothing of the form's."""

    quantity: Quantity
    spoken: Spoken | None = None
    role: str = ACTUAL
    row: int = 0
    scope: str = ALL
    base: Spoken | None = None
    direction: str = ""


@dataclass(slots=True)
class Context:
    """What earlier words of a paragraph or section leave behind for the next sentence."""

    heading: tuple[Spoken, ...] = ()
    narrow: frozenset[Key] = frozenset()
    row: int = 0
    bound: list[Bound] = field(default_factory=list)


class Sentence:
    """Binds the figures of one sentence, from left to right."""

    def __init__(self, tokens: list[Token], ledger: Ledger, tree: Tree, context: Context) -> None:
        self.tokens, self.ledger, self.tree, self.context = tokens, ledger, tree, context
        self.topic: Spoken | None = None
        self.tables: set[str] = {one.table for one in context.heading}
        self.fiscal = False
        self.last_row = context.row
        self.time = self.version = ACTUAL
        self.turns: dict[int, tuple[Spoken, Spoken | None, int]] = {}
        self.found: list[Bound] = []
        self.outer: list[Spoken | None] = []

    def bind(self) -> list[Bound]:
        """Return what each figure but years speaks of, in order."""
        for place, token in enumerate(self.tokens):
            if token.quantity is None:
                self._pass(place, token)
            elif token.quantity.kind == YEAR:
                self._pass_year(place, token.quantity)
            else:
                one = self._percent(place) if token.quantity.kind == PERCENT else self._amount(place)
                self.found.append(one)
                if one.spoken is not None:
                    self._keep(one)
        return self.found

    # What words on the way leave behind.

    def _pass(self, place: int, token: Token) -> None:
        kind = token.kind
        if kind == lx.ITEM:
            self._pass_item(place, token)
        elif kind in (lx.SCOPE, lx.WHOLE):
            self.fiscal = kind == lx.SCOPE
        elif kind in (lx.ENTITY, lx.OWN, "that"):
            self._pass_name(token)
        elif kind in ("among", "colon"):
            self._carry(place)
        elif kind == "in_turn":
            self._take_turns(place)
        elif kind == "current" or (kind == "prior" and self._leads(place)):
            self.time = ACTUAL if kind == "current" else PRIOR
        elif kind == lx.ACTUAL:
            self.version = ACTUAL
        elif kind == "open":
            self.outer.append(self.topic)
        elif kind == "close" and self.outer:
            self.topic = self.outer.pop()

    def _pass_name(self, token: Token) -> None:
        """Follow of which entity the text speaks from here on; the department itself is row 0."""
        if token.kind == lx.ENTITY:
            self.last_row = token.meaning.row or self.last_row
        self.context.row = self.last_row if token.kind == "that" else token.meaning.row

    def _pass_item(self, place: int, token: Token) -> None:
        if token.meaning.fiscal and self._is_scope(place):
            self.fiscal = True
        elif token.meaning.plain:
            self.tables.add(token.meaning.plain[0].table)
            if not any(one.kind == "share" for one in self._left(place)):
                self.topic = token.meaning.plain[0]

    def _pass_year(self, place: int, year: Quantity) -> None:
        if year.low == self.ledger.figures.year:
            self.time = ACTUAL
        elif self._leads(place):
            self.time = PRIOR

    def _leads(self, place: int) -> bool:
        """Tell whether a time stands at the head of the sentence, where it counts for all that follows."""
        before = [token.kind for token in self.tokens[:place]]
        return (
            all(kind in ("filler", lx.OWN, lx.ENTITY, lx.UNKNOWN) for kind in before) and "than" not in before
        )

    def _carry(self, place: int) -> None:
        """Keep what the figure or the words before a list say of year and budget for the whole list."""
        if self.found and self.tokens[place].kind == "among":
            last = self.found[-1].role
            if last in (PRIOR, BUDGET):
                self.time, self.version = (PRIOR, ACTUAL) if last == PRIOR else (ACTUAL, BUDGET)
            return
        left = self._left(place)
        if left and left[-1].kind == lx.BUDGET:
            self.version = BUDGET

    def _is_scope(self, place: int) -> bool:
        """Tell whether a word for fiscal money narrows another item of its clause instead of being one."""
        clause = [*self._left(place), *self._right(place)]
        others = [one for one in clause if one.kind == lx.ITEM and not one.meaning.fiscal]
        return any(
            self.ledger.is_fiscal(one)
            for token in others
            for one in token.meaning.plain + token.meaning.vague
        )

    # The words around a figure.

    def _left(self, place: int) -> list[Token]:
        """Return the words of the clause before *place*, back to the figure or sign that ends the one before."""
        found: list[Token] = []
        at = place - 1
        while at >= 0:
            token = self.tokens[at]
            if token.kind in _ENDS or (token.kind == "open" and found) or _is_figure(token):
                break
            if token.kind == "close":
                at = self._opening(at)
            elif token.kind != "open":
                found.append(token)
            at -= 1
        return found[::-1]

    def _opening(self, place: int) -> int:
        depth = 0
        for at in range(place, -1, -1):
            kind = self.tokens[at].kind
            depth += (kind == "close") - (kind == "open")
            if depth == 0:
                return at
        return 0

    def _right(self, place: int) -> list[Token]:
        """Return the words of the clause behind *place*, up to the next figure or sign that ends it."""
        found: list[Token] = []
        for token in self.tokens[place + 1 :]:
            if token.kind in _ENDS or token.kind in ("open", "close") or _is_figure(token):
                break
            found.append(token)
        return found

    # Amounts.

    def _amount(self, place: int) -> Bound:
        figure = self.tokens[place].figure
        if place in self.turns:
            spoken, _, self.context.row = self.turns[place]
            return self._claimed(figure, [spoken], sure=True)
        left, right = self._left(place), self._right(place)
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
            words = [token for token in left if token.kind not in _CHANGES]
            topic = self.topic if self._is_clear(words) else None
            return Bound(figure, topic, role, self.context.row, direction=direction)
        if figure.kind != MONEY:
            return self._behind(figure, right) or Bound(figure)
        return self._without_item(figure, left, right, kinds)

    def _by_item(
        self, figure: Quantity, left: list[Token], right: list[Token], chosen: int, role: str, direction: str
    ) -> Bound:
        """Bind an amount to the item whose name stands before it."""
        token = left[chosen]
        choices, named = self._choices(token)
        if choices and named:
            self.topic = choices[0]
        if token.meaning.fiscal and role == ACTUAL:
            return self._fiscal(figure, choices)
        if role != ACTUAL:
            return Bound(figure, choices[0] if choices else None, role, self.context.row, direction=direction)
        if not named and (one := self._behind(figure, right)) is not None:
            return one
        clear = self._is_clear(left[chosen + 1 :]) and not self._is_modified(left, chosen)
        return self._claimed(figure, choices, sure=clear and named)

    def _fiscal(self, figure: Quantity, choices: list[Spoken]) -> Bound:
        """Bind an amount of fiscal money: income, or within spending the fiscal part of that."""
        last = self._recent()[-1:]
        spent = last[0].spoken if last and last[0].role == ACTUAL else None
        if any(self.ledger.fits(figure, one, self.context.row) for one in choices):
            return self._claimed(figure, choices, sure=False)
        if spent is not None and self.ledger.is_fiscal(spent):
            if self.ledger.reconciles(figure, spent, self.context.row):
                return Bound(figure, spent, row=self.context.row, scope=FISCAL)
            return Bound(figure)
        return self._claimed(figure, choices, sure=True)

    def _without_item(
        self, figure: Quantity, left: list[Token], right: list[Token], kinds: set[str]
    ) -> Bound:
        """Bind an amount by the item behind it, by what the sentence is about, as a sum, or by its digits alone."""
        if (one := self._behind(figure, right)) is not None:
            return one
        if "total" in kinds and (one := self._sum(figure)) is not None:
            return one
        continued = kinds & {lx.ACTUAL, "to", "current"}
        exact = self._by_digits(figure)
        if self.topic is None or exact.spoken is not None or not self._is_clear(left):
            return exact
        if lx.ENTITY in kinds:
            return self._claimed(figure, [self.topic], sure=False)
        return self._claimed(figure, [self.topic], sure=True) if continued else exact

    def _behind(self, figure: Quantity, right: list[Token]) -> Bound | None:
        """Bind an amount to the item behind it, if the amount bears that out."""
        after = next((token for token in right if token.kind not in ("filler", "current", lx.OWN)), None)
        if after is None or after.kind != lx.ITEM:
            return None
        one = self._claimed(figure, self._choices(after)[0], sure=False)
        return one if one.spoken is not None else None

    def _by_digits(self, figure: Quantity) -> Bound:
        """Bind an amount that is one item's figure to the digit, and no other's."""
        if not tells(figure):
            return Bound(figure)
        own = [one for one in self.ledger.prose.single.values() if one.kind == figure.kind]
        same = [one for one in own if self._is_same(figure, one)]
        near = [one for one in same if one.table in self.tables]
        chosen = same if len(same) == 1 else near
        return self._claimed(figure, chosen[:1], sure=False)

    def _is_same(self, figure: Quantity, one: Spoken) -> bool:
        row = self.context.row
        return self.ledger.is_known(one, row) and figure.low == self.ledger.value(one, row) != 0

    def _item(self, left: list[Token], kind: str) -> int | None:
        """Return which word of the clause is the item's name: the last one that does more than fill."""
        places = [at for at, token in enumerate(left) if token.kind == lx.ITEM and kind in _kinds(token)]
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
            self.ledger.is_fiscal(one)
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
            or (self.ledger.is_fiscal(one) and self.ledger.is_fiscal(named.plain[0]))
            for one in vague.short + vague.vague
        )
        return goes_on and self._is_clear(left[first + 1 : at])

    def _is_clear(self, between: Sequence[Token]) -> bool:
        return all(
            token.kind in _CLEAR
            or (token.kind == lx.QUANTITY)
            or (token.kind == lx.ITEM and (token.meaning.fiscal or not token.meaning.plain))
            for token in between
        )

    def _is_modified(self, left: list[Token], chosen: int) -> bool:
        """Tell whether words before an item's name may make it a part of the item, or somebody else's.

        What stands before a colon or ends in "and so on" leaves the name as it is.
        """
        for token in reversed(left[:chosen]):
            if token.kind in ("colon", "and_so"):
                return False
            if token.kind == lx.UNKNOWN:
                return True
        before = left[chosen - 1] if chosen else None
        return before is not None and before.kind == lx.ITEM and not before.meaning.plain

    def _choices(self, token: Token) -> tuple[list[Spoken], bool]:
        """Return the items that a word may stand for here, and whether it names them."""
        meaning = token.meaning
        short = [one for one in meaning.short if one.table in self.tables]
        if meaning.plain:
            return [*meaning.plain, *short], True
        loose = [*meaning.vague, *((self.topic,) if self.topic is not None else ()), *self.context.heading]
        return [*short, *(meaning.short if not short else ()), *loose], bool(short)

    def _claimed(self, figure: Quantity, choices: Sequence[Spoken], *, sure: bool) -> Bound:
        """Bind a figure to the choice that it agrees with, to the first where words are sure, or to none."""
        fitting = [one for one in choices if one.kind == figure.kind]
        for one in fitting:
            for row in dict.fromkeys((self.context.row, 0)):
                if self.ledger.is_known(one, row) and self.ledger.fits(figure, one, row):
                    return Bound(figure, one, row=row, scope=self._scope(one))
        for one in fitting:
            row = self.context.row
            if self._scope(one) == FISCAL and self.ledger.reconciles(figure, one, row):
                return Bound(figure, one, row=row, scope=FISCAL)
        for one in fitting:
            row = self.context.row
            if sure or (self.ledger.is_known(one, row) and self.ledger.akin(figure, one, row)):
                return Bound(figure, one, row=row, scope=self._scope(one))
        return Bound(figure)

    def _scope(self, one: Spoken) -> str:
        if not self.ledger.is_fiscal(one):
            return ALL
        return FISCAL if self.fiscal or self.context.narrow.issuperset(one.keys) else ALL

    def _sum(self, figure: Quantity) -> Bound | None:
        """Bind a sum without a name: the total of the items that were named before it."""
        last = [one.spoken for one in self._recent() if one.role == ACTUAL and one.spoken is not None]
        for one in reversed(last):
            for key in self.tree.above(one.items[0])[:1] if one.items else ():
                total = self.ledger.prose.single.get(key)
                siblings = [
                    other for other in last if other.items and self.tree.parents.get(other.items[0]) == key
                ]
                if total is not None and len(siblings) > 1:
                    return self._claimed(figure, [total], sure=True)
        choices = [*((self.topic,) if self.topic is not None else ()), *self.context.heading]
        bound = self._claimed(figure, choices, sure=False)
        return bound if bound.spoken is not None else None

    def _recent(self) -> list[Bound]:
        return [one for one in self.found[-_KEPT:] if one.spoken is not None and one.quantity.kind != PERCENT]

    # Year, budget, change.

    def _role(self, left: list[Token], right: list[Token]) -> tuple[str, str]:
        """Return whether an amount is this year's, last year's, a budget's or a change, and which way."""
        for token in reversed(left):
            if token.kind == "to":
                break
            if token.kind in _CHANGES:
                return CHANGE, _CHANGES[token.kind]
        time = next((self._time_of(token) for token in reversed(left) if self._time_of(token)), self.time)
        if time == PRIOR or self._comes_from(left, right):
            return PRIOR, ""
        version = next(
            (token.kind for token in reversed(left) if token.kind in (lx.BUDGET, lx.ACTUAL)), self.version
        )
        return (BUDGET, "") if version == lx.BUDGET else (ACTUAL, "")

    def _time_of(self, token: Token) -> str:
        if token.kind == "prior":
            return PRIOR
        if token.kind == "current":
            return ACTUAL
        if token.quantity is not None and token.quantity.kind == YEAR:
            return ACTUAL if token.quantity.low == self.ledger.figures.year else PRIOR
        return ""

    @staticmethod
    def _comes_from(left: list[Token], right: list[Token]) -> bool:
        return any(token.kind == "from" for token in left) and any(token.kind == "to" for token in right)

    # Percentages.

    def _percent(self, place: int) -> Bound:
        figure = self.tokens[place].figure
        if place in self.turns:
            subject, base, row = self.turns[place]
            return self._shared(figure, subject, base, row)
        region = self._phrase(place)
        shares = [at for at, token in enumerate(region) if token.kind == "share"]
        if shares:
            return self._share(figure, region, shares[-1])
        for token in reversed(region):
            if token.meaning.rate is not None:
                rate = token.meaning.rate
                single = self.ledger.prose.single
                return self._shared(figure, single[rate.item], single[rate.of])
            if token.kind in _CHANGES:
                return Bound(figure, self.topic, GROWTH, self.context.row, direction=_CHANGES[token.kind])
        return Bound(figure)

    def _phrase(self, place: int) -> list[Token]:
        """Return the words and amounts before a percentage, back to the sign that ends the phrase before."""
        at = place - 1
        while at >= 0 and self.tokens[at].kind not in _ENDS and self.tokens[at].kind not in ("open", "close"):
            quantity = self.tokens[at].quantity
            if quantity is not None and quantity.kind == PERCENT:
                break
            at -= 1
        return self.tokens[at + 1 : place]

    def _share(self, figure: Quantity, region: list[Token], at: int) -> Bound:
        """Bind a share: of what stands before the word for it, in what stands behind it."""
        behind = region[at + 1 :]
        subject, row = self._subject(region[:at], sum(_is_figure(token) for token in behind))
        if subject is None:
            return Bound(figure)
        kinds = {token.kind for token in behind}
        if kinds & {"whole_of_others", lx.BUDGET, "prior"}:
            return Bound(figure)
        base = self._base(behind)
        if base is None and any(token.kind in (lx.UNKNOWN, lx.ITEM) for token in behind):
            return Bound(figure)
        return self._shared(figure, subject, base or self._whole_of(subject), row)

    def _subject(self, before: list[Token], later: int) -> tuple[Spoken | None, int]:
        """Return what a share is a share of: the item named before, or that of the last figure but *later* ones."""
        items = [token for token in before if token.kind == lx.ITEM]
        if not any(_is_figure(token) for token in before) and items:
            choices, named = self._choices(items[-1])
            return (choices[0], self.context.row) if named and choices else (None, 0)
        if any(token.kind == lx.UNKNOWN for token in before) and not any(
            _is_figure(token) for token in before
        ):
            return None, 0
        last = self.found[-1 - later] if len(self.found) > later else None
        if last is None or last.role not in (ACTUAL, SHARE) or last.quantity.kind == PERCENT:
            return None, 0
        return last.spoken, last.row

    def _base(self, behind: list[Token]) -> Spoken | None:
        places = [at for at, token in enumerate(behind) if token.kind == lx.ITEM]
        if not places or (places[0] > 0 and behind[places[0] - 1].kind == lx.UNKNOWN):
            return None
        choices, _ = self._choices(behind[places[0]])
        return choices[0] if choices else None

    def _whole_of(self, one: Spoken) -> Spoken | None:
        """Return the total that a share without one belongs to: the nearest that was named, or that it fits."""
        if not one.items:
            return None
        single = self.ledger.prose.single
        above = [single[key] for key in self.tree.above(one.items[0]) if key in single]
        named = [bound.spoken for bound in self.found] + [bound.base for bound in self.found]
        for total in above:
            if any(total is spoken for spoken in named):
                return total
        return above[0] if above else None

    def _shared(
        self, figure: Quantity, subject: Spoken, base: Spoken | None, row: int | None = None
    ) -> Bound:
        if base is None or base is subject:
            return Bound(figure)
        return Bound(figure, subject, SHARE, self.context.row if row is None else row, base=base)

    # Lists: names first, then their figures in turn.

    def _take_turns(self, place: int) -> None:
        """Give the figures behind a word such as "respectively" to the items or entities before it."""
        figures, base = self._figures_behind(place)
        count = len(figures)
        if count < _FEWEST_IN_TURN:
            return
        names, rows = self._named_before(place)
        if not names:
            names = [one.spoken for one in self._recent() if one.role == ACTUAL and one.spoken is not None]
        if len(names) == 1 and len(rows) >= count:
            names = names * count
        elif len(names) >= count:
            rows = []
        if len(names) < count:
            return
        for at, one, row in zip(
            figures, names[-count:], (rows or [self.context.row] * count)[-count:], strict=True
        ):
            self.turns[at] = one, base or self._whole_of(one), row

    def _figures_behind(self, place: int) -> tuple[list[int], Spoken | None]:
        found: list[int] = []
        base: Spoken | None = None
        for at in range(place + 1, len(self.tokens)):
            token = self.tokens[at]
            if _is_figure(token):
                found.append(at)
            elif (
                token.kind == lx.ITEM and not found and any(t.kind == "share" for t in self.tokens[place:at])
            ):
                base = self._choices(token)[0][0] if self._choices(token)[0] else None
            elif token.kind not in ("filler", "enumeration", "comma", "share", "total", lx.ACTUAL):
                break
        kinds = {self.tokens[at].figure.kind for at in found}
        return (found, base) if len(kinds) == 1 else ([], None)

    def _named_before(self, place: int) -> tuple[list[Spoken], list[int]]:
        """Return the items and the rows of entities named since the figure before *place*."""
        items: list[Spoken] = []
        rows: list[int] = []
        for at in range(place - 1, -1, -1):
            token = self.tokens[at]
            if _is_figure(token) or token.kind in ("semicolon", "stop", "within"):
                break
            if token.kind == lx.ENTITY:
                rows.append(token.meaning.row)
            elif token.kind == lx.ITEM:
                choices, named = self._choices(token)
                items += choices[:1] if named else []
        return items[::-1], rows[::-1]

    def _keep(self, one: Bound) -> None:
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


def _kinds(token: Token) -> set[str]:
    """Return what kinds of figures a word may stand before."""
    meaning = token.meaning
    return {one.kind for one in meaning.plain + meaning.short + meaning.vague}


def _is_figure(token: Token) -> bool:
    return token.quantity is not None and token.quantity.kind != YEAR
