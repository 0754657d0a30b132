"""Lists that name items or entities first and give their figures in turn."""

from __future__ import annotations

from selfeval_xl.form.prose import Spoken
from selfeval_xl.narrative import lexicon as lx
from selfeval_xl.narrative.clause import is_figure
from selfeval_xl.narrative.model import ACTUAL
from selfeval_xl.narrative.state import State

_FEWEST_IN_TURN = 2


class Turns:
    """Gives the figures behind a word such as "respectively" to what was named before it."""

    def __init__(self, state: State) -> None:
        self.state = state

    def take(self, place: int) -> None:
        """Give the figures behind a word such as "respectively" to the items or entities before it."""
        figures, base = self._figures_behind(place)
        count = len(figures)
        if count < _FEWEST_IN_TURN:
            return
        names, rows = self._named_before(place)
        if not names:
            names = [
                one.spoken for one in self.state.recent() if one.role == ACTUAL and one.spoken is not None
            ]
        if len(names) == 1 and len(rows) >= count:
            names = names * count
        elif len(names) >= count:
            rows = []
        if len(names) < count:
            return
        for at, one, row in zip(
            figures, names[-count:], (rows or [self.state.context.row] * count)[-count:], strict=True
        ):
            self.state.turns[at] = one, base or self.state.whole_of(one), row

    def _figures_behind(self, place: int) -> tuple[list[int], Spoken | None]:
        found: list[int] = []
        base: Spoken | None = None
        for at in range(place + 1, len(self.state.tokens)):
            token = self.state.tokens[at]
            if is_figure(token):
                found.append(at)
            elif (
                token.kind == lx.ITEM
                and not found
                and any(t.kind == "share" for t in self.state.tokens[place:at])
            ):
                base = self.state.choices(token)[0][0] if self.state.choices(token)[0] else None
            elif token.kind not in ("filler", "enumeration", "comma", "share", "total", lx.ACTUAL):
                break
        kinds = {self.state.tokens[at].figure.kind for at in found}
        return (found, base) if len(kinds) == 1 else ([], None)

    def _named_before(self, place: int) -> tuple[list[Spoken], list[int]]:
        """Return the items and the rows of entities named since the figure before *place*."""
        items: list[Spoken] = []
        rows: list[int] = []
        for at in range(place - 1, -1, -1):
            token = self.state.tokens[at]
            if is_figure(token) or token.kind in ("semicolon", "stop", "within"):
                break
            if token.kind == lx.ENTITY:
                rows.append(token.meaning.row)
            elif token.kind == lx.ITEM:
                choices, named = self.state.choices(token)
                items += choices[:1] if named else []
        return items[::-1], rows[::-1]
