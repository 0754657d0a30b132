"""What a percentage is a share of."""

from __future__ import annotations

from collections.abc import Sequence

from selfeval_xl.form.prose import Spoken
from selfeval_xl.narrative import lexicon as lx
from selfeval_xl.narrative.clause import CHANGES, is_figure, phrase
from selfeval_xl.narrative.lexicon import Token
from selfeval_xl.narrative.model import ACTUAL, GROWTH, SHARE
from selfeval_xl.narrative.quantities import PERCENT, Quantity
from selfeval_xl.narrative.state import Bound, State


class Percentages:
    """Binds percentages to a part and its whole, or to what grew."""

    def __init__(self, state: State) -> None:
        self.state = state

    def bind(self, place: int) -> Bound:
        """Return what the percentage at *place* is a share of."""
        figure = self.state.tokens[place].figure
        if place in self.state.turns:
            subject, base, row = self.state.turns[place]
            return self._shared(figure, subject, base, row)
        region = phrase(self.state.tokens, place)
        shares = [at for at, token in enumerate(region) if token.kind == "share"]
        if shares:
            return self._share(figure, region, shares[-1])
        for token in reversed(region):
            if token.meaning.rate is not None:
                rate = token.meaning.rate
                single = self.state.ledger.prose.single
                return self._shared(figure, single[rate.item], single[rate.of])
            if token.kind in CHANGES:
                return Bound(
                    figure, self.state.topic, GROWTH, self.state.context.row, direction=CHANGES[token.kind]
                )
        return Bound(figure)

    def _share(self, figure: Quantity, region: Sequence[Token], at: int) -> Bound:
        """Bind a share: of what stands before the word for it, in what stands behind it."""
        behind = region[at + 1 :]
        subject, row = self._subject(region[:at], sum(is_figure(token) for token in behind))
        if subject is None:
            return Bound(figure)
        kinds = {token.kind for token in behind}
        if kinds & {"whole_of_others", lx.BUDGET, "prior"}:
            return Bound(figure)
        base = self._base(behind)
        if base is None and any(token.kind in (lx.UNKNOWN, lx.ITEM) for token in behind):
            return Bound(figure)
        return self._shared(figure, subject, base or self.state.whole_of(subject), row)

    def _subject(self, before: Sequence[Token], later: int) -> tuple[Spoken | None, int]:
        """Return what a share is a share of: the item named before, or that of the last figure but *later* ones."""
        items = [token for token in before if token.kind == lx.ITEM]
        if not any(is_figure(token) for token in before) and items:
            choices, named = self.state.choices(items[-1])
            return (choices[0], self.state.context.row) if named and choices else (None, 0)
        if any(token.kind == lx.UNKNOWN for token in before) and not any(
            is_figure(token) for token in before
        ):
            return None, 0
        last = self.state.found[-1 - later] if len(self.state.found) > later else None
        if last is None or last.role not in (ACTUAL, SHARE) or last.quantity.kind == PERCENT:
            return None, 0
        return last.spoken, last.row

    def _base(self, behind: Sequence[Token]) -> Spoken | None:
        places = [at for at, token in enumerate(behind) if token.kind == lx.ITEM]
        if not places or (places[0] > 0 and behind[places[0] - 1].kind == lx.UNKNOWN):
            return None
        choices, _ = self.state.choices(behind[places[0]])
        return choices[0] if choices else None

    def _shared(
        self, figure: Quantity, subject: Spoken, base: Spoken | None, row: int | None = None
    ) -> Bound:
        if base is None or base is subject:
            return Bound(figure)
        return Bound(figure, subject, SHARE, self.state.context.row if row is None else row, base=base)
