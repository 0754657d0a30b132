"""Amounts by where the money comes from: fiscal money, sums of items, what another source paid for."""

from __future__ import annotations

from functools import lru_cache

from selfeval_xl.form.prose import Spoken
from selfeval_xl.narrative.adding import Sums
from selfeval_xl.narrative.lexicon import Token
from selfeval_xl.narrative.model import ACTUAL, FISCAL
from selfeval_xl.narrative.quantities import Quantity
from selfeval_xl.narrative.state import Bound, State
from selfeval_xl.narrative.words import words


class Payments:
    """Binds amounts of fiscal money, of items joined into a sum, or of what a source paid for."""

    def __init__(self, state: State, sums: Sums) -> None:
        self.state, self.sums = state, sums

    def in_part(
        self, figure: Quantity, left: list[Token], chosen: int, choices: list[Spoken], *, sure: bool
    ) -> Bound | None:
        """Bind an amount of fiscal money, of items joined into a sum, or of what a source paid for."""
        if left[chosen].meaning.fiscal:
            return self._fiscal(figure, choices, sure=sure)
        if (total := self.sums.named(left, chosen)) is not None:
            return self.state.claimed(figure, [total], sure=False)
        if self._is_paying(left[chosen:]):
            return self.state.exactly(figure, choices) or Bound(figure)
        return None

    def _is_paying(self, named: list[Token]) -> bool:
        """Tell whether a source is named for what of the spending before it is paid from it."""
        last = self.state.recent()[-1:]
        if not last or last[0].spoken is None or not self.state.ledger.is_fiscal(last[0].spoken):
            return False
        is_source = any(self.state.ledger.is_source(one) for one in named[0].meaning.plain)
        return is_source and any(token.text in _pays() for token in named)

    def is_from_elsewhere(self, left: list[Token], chosen: int) -> bool:
        """Tell whether spending is only what one source paid for: a source before its name, or earlier in its list."""
        ledger, meant = self.state.ledger, left[chosen].meaning
        if not any(ledger.is_fiscal(one) for one in meant.plain + meant.short):
            return False
        for token in left[:chosen]:
            plain = token.meaning.plain
            if plain and not token.meaning.fiscal and any(ledger.is_source(one) for one in plain):
                self.state.from_elsewhere, self.state.fiscal = True, False
        return self.state.from_elsewhere

    def _fiscal(self, figure: Quantity, choices: list[Spoken], *, sure: bool) -> Bound:
        """Bind an amount of fiscal money: income, or within spending the fiscal part of that."""
        last = self.state.recent()[-1:]
        spent = last[0].spoken if last and last[0].role == ACTUAL else None
        if any(self.state.ledger.fits(figure, one, self.state.context.row) for one in choices):
            return self.state.claimed(figure, choices, sure=False)
        if spent is not None and self.state.ledger.is_fiscal(spent):
            if self.state.ledger.reconciles(figure, spent, self.state.context.row):
                return Bound(figure, spent, row=self.state.context.row, scope=FISCAL)
            return Bound(figure)
        return self.state.claimed(figure, choices, sure=sure)


@lru_cache(maxsize=1)
def _pays() -> frozenset[str]:
    return frozenset(words()["scope"]["pays"])
