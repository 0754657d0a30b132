"""Sums without a name of their own: of what was named, or listed, before them."""

from __future__ import annotations

from functools import lru_cache

from selfeval_xl.form.prose import Spoken
from selfeval_xl.narrative.joining import joined
from selfeval_xl.narrative.lexicon import Token
from selfeval_xl.narrative.model import ACTUAL
from selfeval_xl.narrative.quantities import Quantity
from selfeval_xl.narrative.state import Bound, State
from selfeval_xl.narrative.words import words

_LEAST_LISTED = 2


class Sums:
    """Binds sums to the total of the items before them."""

    def __init__(self, state: State) -> None:
        self.state = state

    def is_total(self, left: list[Token], kinds: set[str]) -> bool:
        """Tell whether words name a sum, or only a sign for one stands behind a list."""
        if kinds & {"total", "both"}:
            return True
        is_sign = bool(left) and all(token.kind == "filler" for token in left)
        return is_sign and len(self.state.found) > 1 and any(token.text in _sum_signs() for token in left)

    def bind(self, figure: Quantity, left: list[Token]) -> Bound | None:
        """Bind a sum without a name: the total of the items that were named before it."""
        if (one := self._of_entities(figure)) is not None:
            return one
        total = self._total_of_last()
        likely = [*([total, *self._less(total)] if total is not None else []), *self._joined()]
        if (one := self.state.exactly(figure, likely)) is not None:
            return one
        together = joined(self.state, left)
        if (one := self.state.exactly(figure, together)) is not None:
            return one
        if total is not None:
            return self.state.claimed(figure, [total], sure=self._has_all_parts(total))
        if together and (one := self.state.claimed(figure, together, sure=False)).spoken is not None:
            return one
        choices = [
            *((self.state.topic,) if self.state.topic is not None else ()),
            *self.state.context.heading,
        ]
        bound = self.state.claimed(figure, choices, sure=self._is_about_topic())
        return bound if bound.spoken is not None else self._sum_of_projects(figure)

    def _of_entities(self, figure: Quantity) -> Bound | None:
        """Bind the sum of what was given of one item for several entities to the item of them all."""
        recent = self.state.recent()
        last = recent[-1] if recent else None
        if last is None or last.spoken is None or not last.row:
            return None
        rows = {one.row for one in recent if one.spoken is last.spoken and one.role == ACTUAL}
        if len(rows) < _LEAST_LISTED or 0 in rows:
            return None
        fits = self.state.ledger.fits(figure, last.spoken)
        return Bound(figure, last.spoken, scope=self.state.scope(last.spoken)) if fits else None

    def _has_all_parts(self, total: Spoken) -> bool:
        """Tell whether all parts of a total were bound before, but those that are blank."""
        said = {key for one in self.state.recent() if one.spoken is not None for key in one.spoken.items}
        row, tree = self.state.context.row, self.state.tree
        return all(
            part in said
            or said.issuperset(tree.parts.get(part, (part,)))
            or not self.state.ledger.item(part, row)
            for part in tree.parts[total.items[0]]
        )

    def named(self, left: list[Token], chosen: int) -> Spoken | None:
        """Return the total of the items that words join before a word for a sum: *A and B together*."""
        if not any(token.kind == "total" for token in left[chosen + 1 :]):
            return None
        before = chosen - 1
        while before >= 0 and left[before].kind == "filler" and left[before].text not in joins():
            before -= 1
        if before < 1 or left[before].text not in joins():
            return None
        return self.state.common(left[before - 1], left[chosen])

    def _joined(self) -> list[Spoken]:
        """Return the items that are made of several which were bound before."""
        said = {key for one in self.state.recent() if one.spoken is not None for key in one.spoken.items}
        spoken = self.state.ledger.prose.spoken
        return [one for one in spoken if len(one.items) > 1 and not one.less and said.issuperset(one.items)]

    def _less(self, total: Spoken) -> list[Spoken]:
        """Return what is a total but for some of its parts."""
        return [one for one in self.state.ledger.prose.spoken if one.less and one.items == total.items]

    def _sum_of_projects(self, figure: Quantity) -> Bound | None:
        """Bind the sum of a list of what is not the form's to its projects, if it is theirs."""
        prose, found = self.state.ledger.prose, self.state.found
        listed = [one.quantity.low for one in found if one.spoken is None or one.role != ACTUAL]
        if prose.projects is None or len(listed) < _LEAST_LISTED or sum(listed) != figure.low:
            return None
        return self.state.exactly(figure, [prose.single[prose.projects]])

    def _total_of_last(self) -> Spoken | None:
        """Return the widest total of which several parts, or all that make up a part, were bound before."""
        said = [
            one.spoken.items[0]
            for one in self.state.recent()
            if one.role == ACTUAL and one.spoken is not None and len(one.spoken.items) == 1
        ]
        if not said:
            return None
        tree, found = self.state.tree, None
        for key in tree.above(said[-1]):
            known = [
                part
                for part in tree.parts[key]
                if part in said or set(tree.parts.get(part, "-")) <= set(said)
            ]
            found = key if len(known) > 1 and key not in said else found
        return self.state.ledger.prose.single.get(found) if found is not None else None

    def _is_about_topic(self) -> bool:
        """Tell whether the sentence has named one item so far, and no figure."""
        items = {token.text for token in self.state.tokens[: self.state.place] if token.meaning.plain}
        return len(items) == 1 and not self.state.found


@lru_cache(maxsize=1)
def joins() -> frozenset[str]:
    """Return the words that join two names."""
    return frozenset(words()["names"]["joins"])


@lru_cache(maxsize=1)
def _sum_signs() -> frozenset[str]:
    return frozenset(words()["sum"]["signs"])
