"""What a percentage may be a share of: a part and its whole that words name and amounts bear out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

from selfeval_xl.amounts import ZERO
from selfeval_xl.form.prose import Spoken
from selfeval_xl.narrative import lexicon as lx
from selfeval_xl.narrative.adding import joins
from selfeval_xl.narrative.ledger import agrees
from selfeval_xl.narrative.lexicon import Token
from selfeval_xl.narrative.model import SHARE
from selfeval_xl.narrative.quantities import Quantity
from selfeval_xl.narrative.state import Bound, State

_HUNDRED = Decimal(100)


class Wholes:
    """Finds the part and the whole of a share."""

    def __init__(self, state: State) -> None:
        self.state = state

    def meant(self, figure: Quantity, token: Token, bases: list[Spoken]) -> Spoken | None:
        """Return the item that a word means: the one it names, else one bound before or whose share it is."""
        choices, named = self.state.choices(token)
        if named:
            return choices[0] if choices else None
        bound = [one.spoken for one in self.state.recent()]
        row = self.state.context.row
        for one in choices:
            wholes = bases or self.state.wholes_of(one)
            if one in bound or any(self.bears_out(figure, one, whole, row) for whole in wholes):
                return one
        return None

    def bases(self, behind: Sequence[Token]) -> tuple[list[Spoken], bool]:
        """Return the items that the words of a share may mean as the whole, and whether they leave no doubt."""
        places = [at for at, token in enumerate(behind) if token.kind == lx.ITEM]
        if not places:
            return [], True
        is_sure = places[0] == 0 or behind[places[0] - 1].kind != lx.UNKNOWN
        for first, second in pairwise(places):
            if joins() & {token.text for token in behind[first + 1 : second]}:
                return self.total_of(behind[first], behind[second]), is_sure
        return self.state.choices(behind[places[0]])[0], is_sure

    def total_of(self, first: Token, second: Token) -> list[Spoken]:
        """Return the total that two items make up by themselves, if they do."""
        total, row, ledger = self.state.common(first, second), self.state.context.row, self.state.ledger
        named = [(one.meaning.plain or one.meaning.short)[0] for one in (first, second) if total is not None]
        added = sum((ledger.value(one, row) for one in named), ZERO)
        return [total] if total is not None and ledger.value(total, row) == added else []

    def shared(
        self, figure: Quantity, subject: Spoken, bases: Iterable[Spoken], row: int | None = None
    ) -> Bound:
        """Bind a share to the first whole that bears it out, or to the first."""
        row = self.state.context.row if row is None else row
        wholes = [one for one in bases if one is not subject and one.kind == subject.kind]
        if not wholes:
            return Bound(figure)
        base = next((one for one in wholes if self.bears_out(figure, subject, one, row)), wholes[0])
        return Bound(figure, subject, SHARE, row, base=base)

    def bears_out(self, figure: Quantity, part: Spoken, whole: Spoken, row: int) -> bool:
        """Tell whether the text's amounts or the tables' make up the percentage."""
        said = {one.spoken: one.quantity.low for one in self.state.recent()}
        if part in said and said.get(whole) and agrees(figure, said[part] / said[whole] * _HUNDRED, ZERO):
            return True
        return self.state.ledger.rate_fits(figure, part, whole, row)

    def of_subject(self, subject: Spoken) -> list[Spoken]:
        """Return what a share without a whole may be a share of: a total, or the whole of the share before."""
        last = self.state.found[-1] if self.state.found else None
        before = [last.base] if last is not None and last.role == SHARE and last.base is not None else []
        within = [self.state.within] if self.state.within is not None else []
        return [*self.state.wholes_of(subject), *within, *before]
