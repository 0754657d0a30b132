"""Which word before a figure is its item's name, and how far back to look for one."""

from __future__ import annotations

from functools import lru_cache

from selfeval_xl.form.prose import MONEY, Spoken
from selfeval_xl.narrative import lexicon as lx
from selfeval_xl.narrative.clause import clause_before, is_clear, is_figure, words_before
from selfeval_xl.narrative.ledger import tells
from selfeval_xl.narrative.lexicon import Token
from selfeval_xl.narrative.quantities import Quantity
from selfeval_xl.narrative.state import Bound, State
from selfeval_xl.narrative.words import words

_LEADING = frozenset({"among", "within"})


class Names:
    """Finds the names of items in the words before a figure."""

    def __init__(self, state: State) -> None:
        self.state = state

    def before(self, place: int, right: list[Token]) -> tuple[list[Token], int | None, bool]:
        """Return the words before a figure, which is its item's name, and whether it stands near enough to leave no doubt.

        Where the figure's own clause has no item, those of the clause before count as well, if no figure ended it.
        """
        figure = self.state.tokens[place].figure
        left, end = clause_before(self.state.tokens, place)
        own = self.item(left, figure.kind)
        if right or (own is not None and not self._is_loose(left[own], figure)):
            return left, own, True
        before = self.state.tokens[end].kind if end >= 0 else ""
        if before not in ("comma", "enumeration"):
            return left, own, True
        further = words_before(self.state.tokens, end)
        chosen = self.item(further, figure.kind)
        if chosen is None or "total" in {token.kind for token in left}:
            return left, own, True
        is_only = sum(token.kind == lx.ITEM and bool(token.meaning.plain) for token in further) <= 1
        both = [*further, *left]
        return both, self.item(both, figure.kind), before == "comma" and is_only and is_clear(left)

    def _is_loose(self, token: Token, figure: Quantity) -> bool:
        """Tell whether a word names no item, nor any that the figure agrees with."""
        meaning = token.meaning
        return not (meaning.plain or meaning.short) and self.state.exactly(figure, meaning.vague) is None

    def item(self, left: list[Token], kind: str) -> int | None:
        """Return which word of the clause is the item's name: the last one that does more than fill."""
        places = [
            at for at, token in enumerate(left) if token.kind == lx.ITEM and kind in token.meaning.kinds
        ]
        for at in reversed(places):
            token = left[at]
            if token.meaning.fiscal and self._narrows(left, at):
                continue
            if (
                not token.meaning.plain
                and not token.meaning.short
                and any(self._fills(left, before, at) for before in places if before < at)
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
        names = named.plain or named.short
        if not names or (named.fiscal and self._narrows(left, first)):
            return False
        goes_on = any(
            self._is_wider(one, names[0])
            or (self.state.ledger.is_fiscal(one) and self.state.ledger.is_fiscal(names[0]))
            for one in vague.vague
        )
        return goes_on and (named.short != () or is_clear(left[first + 1 : at]))

    def _is_wider(self, one: Spoken, named: Spoken) -> bool:
        """Tell whether a vague word may be a total of the item named, or is of its table where that has no totals."""
        above = self.state.tree.above(named.items[0]) if named.items else []
        if one.kind != MONEY:
            return one.table == named.table
        return one.items[:1] == named.items[:1] or any(key in above for key in one.items)

    def is_of_another(self, left: list[Token], chosen: int, *, modified: bool, is_near: bool) -> bool:
        """Tell whether something unknown right before the figure has it as its own, and the item's name only leads to that.

        Projects have names, spending has purposes, and some words lead to parts.
        """
        if left[-1].kind != lx.UNKNOWN:
            return False
        ledger, meant = self.state.ledger, left[chosen].meaning.plain + left[chosen].meaning.short
        is_of_projects = any(ledger.prose.projects in one.items for one in meant)
        is_of_purpose = modified and any(ledger.is_fiscal(one) for one in meant)
        leads = any(token.kind in _LEADING or token.text in _leads() for token in left[chosen:])
        return not is_near or is_of_projects or is_of_purpose or leads

    def opening(self, figure: Quantity, left: list[Token], chosen: int | None) -> Bound | None:
        """Bind what the year before left, where the amount is this year's carry-over: *last year's end was 55.2*."""
        if not tells(figure) or any(token.kind == "than" for token in left):
            return None
        likely = self.state.ledger.openings
        if chosen is not None:
            name = left[chosen]
            likely = tuple(
                one
                for one in likely
                if one in name.meaning.vague or any(word.endswith(name.text) for word in one.words)
            )
        return self.state.exactly(figure, likely)

    def since(self) -> set[str]:
        """Return the names of items that no figure has followed yet."""
        found: set[str] = set()
        for token in reversed(self.state.tokens[: self.state.place]):
            if is_figure(token):
                break
            if token.meaning.plain:
                found.add(token.text)
        return found


@lru_cache(maxsize=1)
def _leads() -> frozenset[str]:
    return frozenset(words()["names"]["leads"])
