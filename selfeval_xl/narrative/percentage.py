"""What a percentage is a share of."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from selfeval_xl.form.prose import Spoken
from selfeval_xl.narrative import lexicon as lx
from selfeval_xl.narrative.clause import CHANGES, is_figure, phrase, words_behind
from selfeval_xl.narrative.joining import JOINING, joined
from selfeval_xl.narrative.lexicon import Token
from selfeval_xl.narrative.model import ACTUAL, BUDGET, CHANGE, GROWTH, SHARE
from selfeval_xl.narrative.quantities import PERCENT, Quantity
from selfeval_xl.narrative.state import Bound, State
from selfeval_xl.narrative.wholes import Wholes
from selfeval_xl.narrative.words import words

_HUNDRED = Decimal(100)
_AGO = {"former": 2, "latter": 1}
_HUNDREDTH = Decimal("0.01")
_OTHERS = frozenset({"whole_of_others", "each", lx.BUDGET, "prior"})


class Percentages:
    """Binds percentages to a part and its whole, or to what grew."""

    def __init__(self, state: State) -> None:
        self.state, self.wholes = state, Wholes(state)

    def bind(self, place: int) -> Bound:
        """Return what the percentage at *place* is a share of."""
        figure = self.state.tokens[place].figure
        if place in self.state.turns:
            return self._in_turn(figure, *self.state.turns[place])
        region = phrase(self.state.tokens, place) or self._before_bracket(place)
        shares = [at for at, token in enumerate(region) if token.kind == "share"]
        if any(token.kind == "in_turn" or (token.kind == "both" and not shares) for token in region):
            return Bound(figure)
        if shares:
            one = self._share(figure, place, region, _first_of_last(region, shares))
            return one if one.spoken is not None else self._borne_out(figure, region)
        for at in range(len(region) - 1, -1, -1):
            token = region[at]
            if token.meaning.rates:
                return self._rate(
                    figure, token, is_sure=at == 0 or region[at - 1].kind not in (lx.UNKNOWN, lx.ITEM)
                )
            if token.kind in CHANGES:
                return self._growth(figure, region, CHANGES[token.kind])
        last = self.state.found[-1] if self.state.found else None
        if last is not None and last.role == CHANGE and self._is_bracketed(place):
            return Bound(figure, last.spoken, GROWTH, last.row, direction=last.direction)
        for one in (self._ratio(figure, region), self._named(figure, place, region)):
            if one.spoken is not None:
                return one
        return self._behind(figure, place, region, None)

    def _named(self, figure: Quantity, place: int, region: Sequence[Token]) -> Bound:
        """Bind a percentage that stands alone behind a name, or in brackets behind an amount: *A 60 %, B (40 %)*.

        It must be a share, or stand in a list with one.
        """
        row = self.state.context.row
        if region and region[-1].kind == lx.ITEM:
            meant = self.state.choices(region[-1])[0]
        elif not region and self._is_bracketed(place) and self.state.found[-1].role == ACTUAL:
            last = self.state.found[-1]
            meant, row = [last.spoken] if last.spoken is not None else [], last.row
        else:
            return Bound(figure)
        before = next((one.base for one in reversed(self.state.found) if one.role == SHARE), None)
        for one in meant:
            wholes = self.state.wholes_of(one)
            if any(self.wholes.bears_out(figure, one, whole, row) for whole in wholes):
                return self.wholes.shared(figure, one, wholes, row)
            if before in wholes and before is not None:
                return self.wholes.shared(figure, one, [before], row)
        return Bound(figure)

    def _is_bracketed(self, place: int) -> bool:
        """Tell whether a percentage stands alone in brackets behind an amount."""
        tokens = self.state.tokens
        return (
            place > 1
            and tokens[place - 1].kind == "open"
            and is_figure(tokens[place - 2])
            and tokens[place + 1 : place + 2] != []
            and tokens[place + 1].kind == "close"
        )

    def _growth(self, figure: Quantity, region: Sequence[Token], direction: str) -> Bound:
        """Bind a rate of change to what the change before it was of, else to what the sentence is about."""
        last = self.state.found[-1] if self.state.found else None
        spoken = self.state.subject()
        if last is not None and last.role == CHANGE and not any(token.kind == lx.ITEM for token in region):
            spoken = last.spoken
        return Bound(figure, spoken, GROWTH, self.state.context.row, direction=direction)

    def _before_bracket(self, place: int) -> Sequence[Token]:
        """Return the words before the bracket in which a percentage stands that says them over again: *most (75 %)*."""
        tokens = self.state.tokens
        if not 1 < place < len(tokens) - 1 or (tokens[place - 1].kind, tokens[place + 1].kind) != (
            "open",
            "close",
        ):
            return ()
        before = list(phrase(tokens, place - 1))
        while before and before[-1].kind == "filler":
            before.pop()
        return () if any(is_figure(token) for token in before) else before

    def _in_turn(self, figure: Quantity, meant: list[Spoken], base: Spoken | None, row: int) -> Bound:
        """Bind a share of a list to the meaning of its name that bears it out, or to the first."""
        bound = [
            self.wholes.shared(figure, one, [base] if base else self.state.wholes_of(one), row)
            for one in meant
        ]
        borne = [
            one
            for one in bound
            if one.spoken and one.base and self.wholes.bears_out(figure, one.spoken, one.base, row)
        ]
        return (borne or bound)[0]

    def _rate(self, figure: Quantity, token: Token, *, is_sure: bool) -> Bound:
        """Bind a percentage with a name of its own; one that is part of a longer name must be the table's."""
        single, row = self.state.ledger.prose.single, self.state.context.row
        pairs = [(single[rate.item], single[rate.of]) for rate in token.meaning.rates]
        borne = [(item, of) for item, of in pairs if self.wholes.bears_out(figure, item, of, row)]
        is_spoken = any(
            token.text not in rate.short or self._is_about(rate.item[0]) for rate in token.meaning.rates
        )
        if not borne and not (is_sure and is_spoken):
            return Bound(figure)
        item, of = (borne or pairs)[0]
        return self.wholes.shared(figure, item, [of])

    def _is_about(self, table: str) -> bool:
        """Tell whether the text speaks of a table, and its last item was none of another one."""
        topic = self.state.topic
        return table in self.state.tables and (topic is None or topic.table == table)

    def _share(self, figure: Quantity, place: int, region: Sequence[Token], at: int) -> Bound:
        """Bind a share: of what stands before the word for it or behind the figure, in what stands between."""
        behind = region[at + 1 :]
        if _OTHERS & {token.kind for token in behind}:
            return Bound(figure)
        if region[at].text.startswith(_to()):
            return self._one_to_other(figure, region[:at])
        if _is_entitys(region[:at]):
            return Bound(figure)
        bases, is_sure = self.wholes.bases(behind)
        if is_sure and _is_of_several(region[:at]):
            return self._of_several(figure, region[:at], bases)
        subject, row = self._subject(figure, region[:at], behind, bases if is_sure else [])
        if subject is None:
            return self._behind(figure, place, behind, bases if is_sure else [])
        if not is_sure:
            bases = [one for one in bases if self.wholes.bears_out(figure, subject, one, row)]
        if not bases and any(token.kind in (lx.UNKNOWN, lx.ITEM, lx.OWN) for token in behind):
            return Bound(figure)
        if not region[:at] and bases:
            subject, row = self._whole_subject(figure, subject, bases, row)
        return self.wholes.shared(figure, subject, bases or self.wholes.of_subject(subject), row)

    def _borne_out(self, figure: Quantity, region: Sequence[Token]) -> Bound:
        """Bind a share of which words do not tell the part to an amount of the sentence that makes it up to the digit."""
        if figure.rough or figure.step > _HUNDREDTH or _OTHERS & {token.kind for token in region}:
            return Bound(figure)
        named = [one for token in region for one in (*token.meaning.plain, *token.meaning.short)]
        for last in reversed(self.state.recent()):
            if last.role != ACTUAL or last.spoken is None:
                continue
            for whole in named or self.state.wholes_of(last.spoken):
                if whole is not last.spoken and self.wholes.bears_out(figure, last.spoken, whole, last.row):
                    return self.wholes.shared(figure, last.spoken, [whole], last.row)
        return Bound(figure)

    def _of_several(self, figure: Quantity, before: Sequence[Token], bases: list[Spoken]) -> Bound:
        """Bind the share of several items together, if they bear it out: *both make up 56 % of the whole*."""
        row = self.state.recent()[-1].row if self.state.recent() else 0
        for one in joined(self.state, before):
            for base in bases or self.state.wholes_of(one):
                if self.wholes.bears_out(figure, one, base, row):
                    return self.wholes.shared(figure, one, [base], row)
        return Bound(figure)

    def _one_to_other(self, figure: Quantity, before: Sequence[Token]) -> Bound:
        """Bind the ratio of one item to another, if they bear it out."""
        named = [
            some[0] for token in before if token.kind == lx.ITEM and (some := self.state.choices(token)[0])
        ]
        row = self.state.context.row
        if len(named) > 1 and self.wholes.bears_out(figure, named[-2], named[-1], row):
            return self.wholes.shared(figure, named[-2], named[-1:])
        return Bound(figure)

    def _whole_subject(
        self, figure: Quantity, subject: Spoken, bases: list[Spoken], row: int
    ) -> tuple[Spoken, int]:
        """Return of what a share speaks that opens a clause: the last amount, or the one whose parts were listed."""
        if any(self.wholes.bears_out(figure, subject, base, row) for base in bases):
            return subject, row
        for one in reversed(self.state.recent()):
            wider = one.spoken
            if wider is None or one.role != ACTUAL or not set(wider.items) > set(subject.items):
                continue
            if any(self.wholes.bears_out(figure, wider, base, one.row) for base in bases):
                return wider, one.row
        return subject, row

    def _ratio(self, figure: Quantity, region: Sequence[Token]) -> Bound:
        """Bind a percentage of one item that another one is: *A is 40 % of B*."""
        places = [at for at, token in enumerate(region) if token.kind == lx.ITEM and token.meaning.plain]
        kinds = {token.kind for token in region}
        if not places or region[-1].text != _of() or kinds & (_OTHERS | {lx.UNKNOWN}):
            return Bound(figure)
        wholes = self.state.choices(region[places[-1]])[0]
        if len(places) > 1:
            return self.wholes.shared(figure, self.state.choices(region[places[-2]])[0][0], wholes)
        last = self._last_amount()
        if last is None or last.spoken is None or any(is_figure(token) for token in region):
            return Bound(figure)
        return self.wholes.shared(figure, last.spoken, wholes, last.row)

    def _last_amount(self) -> Bound | None:
        """Return the last amount or share bound, if it is this year's."""
        found = [one for one in self.state.found if one.quantity.kind != PERCENT or one.role == SHARE]
        return found[-1] if found and found[-1].role in (ACTUAL, SHARE) else None

    def _behind(
        self, figure: Quantity, place: int, before: Sequence[Token], bases: list[Spoken] | None
    ) -> Bound:
        """Bind a percentage to the item behind it: *60 % of it went to A, 40 % to B*."""
        right = self._words_behind(place)
        after = next((at for at, token in enumerate(right) if token.kind == lx.ITEM), -1)
        if after < 0 or any(token.kind not in ("filler", lx.OWN) for token in right[:after]):
            return Bound(figure)
        last = self.state.found[-1] if self.state.found else None
        if not bases and last is not None and last.role == SHARE and last.base is not None:
            bases = [last.base]
        subject = self.wholes.meant(figure, right[after], bases or [])
        if subject is None:
            return Bound(figure)
        row, wholes = self.state.context.row, bases or self.state.wholes_of(subject)
        if after > 0 and (bases or any(token.kind == "within" for token in before)):
            return self.wholes.shared(figure, subject, wholes)
        return self.wholes.shared(
            figure, subject, [one for one in wholes if self.wholes.bears_out(figure, subject, one, row)]
        )

    def _words_behind(self, place: int) -> list[Token]:
        """Return the words behind a percentage, or behind the amount that it says over again."""
        right = words_behind(self.state.tokens, place)
        amount = place + len(right) + 1
        is_again = bool(right) and right[-1].text in _that_is() and amount < len(self.state.tokens)
        if is_again and is_figure(self.state.tokens[amount]):
            return words_behind(self.state.tokens, amount)
        return right

    def _subject(
        self, figure: Quantity, before: Sequence[Token], behind: Sequence[Token], bases: list[Spoken]
    ) -> tuple[Spoken | None, int]:
        """Return what a share is a share of: the item named before, or that of the last figure but those behind."""
        later = sum(is_figure(token) for token in behind)
        items = [
            token
            for token in before
            if token.kind == lx.ITEM or (token.kind == lx.ACTUAL and token.meaning.vague)
        ]
        has_figure = any(is_figure(token) for token in before)
        if not has_figure and items:
            return self.wholes.meant(figure, items[-1], bases), self.state.context.row
        if not has_figure and any(token.kind == lx.UNKNOWN for token in before):
            return None, 0
        ago = next((_AGO[token.kind] for token in reversed(before) if token.kind in _AGO), 0)
        if ago:
            amounts = [one for one in self.state.recent() if one.role == ACTUAL]
            return (amounts[-ago].spoken, amounts[-ago].row) if len(amounts) >= ago else (None, 0)
        last = self._last(later)
        if last is None or last.role not in (ACTUAL, SHARE) or (before and last.role == SHARE):
            return None, 0
        return last.spoken, last.row

    def _last(self, later: int) -> Bound | None:
        """Return the last figure but *later* ones: none aside in brackets, and no budget's with its percentage."""
        found = self.state.found[: len(self.state.found) - later]
        is_other = False
        for at in range(len(found) - 1, -1, -1):
            one = found[at]
            if at in self.state.aside:
                continue
            if one.spoken is None and one.quantity.kind == PERCENT:
                is_other = True
            elif not (is_other and one.role == BUDGET):
                return one
        return None


def _is_of_several(before: Sequence[Token]) -> bool:
    """Tell whether words for several items together have a share, and neither an item named nor an amount."""
    return any(token.kind in JOINING for token in before) and not any(
        token.kind in (lx.ITEM, lx.UNKNOWN) or is_figure(token) for token in before
    )


def _is_entitys(before: Sequence[Token]) -> bool:
    """Tell whether words name an entity, and no item, as that which has a share."""
    return any(token.kind == lx.ENTITY for token in before) and not any(
        token.kind == lx.ITEM or is_figure(token) for token in before
    )


def _first_of_last(region: Sequence[Token], shares: list[int]) -> int:
    """Return the first of the words for a share between which no figure stands, up to the last."""
    last = shares[-1]
    return next(at for at in shares if not any(is_figure(token) for token in region[at:last]))


@lru_cache(maxsize=1)
def _that_is() -> frozenset[str]:
    return frozenset(words()["share"]["that_is"])


@lru_cache(maxsize=1)
def _to() -> str:
    return str(words()["share"]["to"])


@lru_cache(maxsize=1)
def _of() -> str:
    return str(words()["share"]["of"])
