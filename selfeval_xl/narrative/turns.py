"""Lists that name items or entities first and give their figures in turn."""

from __future__ import annotations

from selfeval_xl.form.prose import Spoken
from selfeval_xl.narrative import lexicon as lx
from selfeval_xl.narrative.clause import ENDS, is_figure
from selfeval_xl.narrative.model import ACTUAL, SHARE
from selfeval_xl.narrative.quantities import PERCENT
from selfeval_xl.narrative.state import State
from selfeval_xl.narrative.words import words

_FEWEST_IN_TURN = 2
_BETWEEN = frozenset({"filler", "enumeration", "comma", "than"})
_IN_LIST = _BETWEEN | {"colon"}
_ON_THE_WAY = _BETWEEN | {"share", "total", "in_turn", lx.ACTUAL, lx.ITEM}


class Turns:
    """Gives the figures behind a word such as "respectively" to what was named before it."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.rows: list[int] = []

    def take(self, place: int) -> None:
        """Give the figures behind a word such as "respectively" to the items or entities before it."""
        figures = self._figures_behind(place)
        count = len(figures)
        if count < _FEWEST_IN_TURN or figures[0] in self.state.turns:
            return
        share = self._share_before(place)
        has_share = share < place or any(one.kind == "share" for one in self.state.tokens[place : figures[0]])
        base = self._first_item(share, figures[0]) if has_share else []
        names, rows = self._named_before(share, count)
        if not names:
            own = [] if has_share else self._first_item(place, figures[0])
            names = [own] if own else self._bound_before()
        if len(names) == 1 and not rows and len(self.rows) == count:
            rows = self.rows
        if len(names) == 1 and len(rows) >= count:
            names = names * count
            self.rows = rows[-count:]
        elif len(names) >= count:
            rows = []
        if len(names) < count:
            names = self._all_parts(figures)
        if len(names) < count:
            return
        for at, one, row in zip(
            figures, names[-count:], (rows or [self.state.context.row] * count)[-count:], strict=True
        ):
            self.state.turns[at] = one, base[0] if base else None, row

    def take_shares(self, place: int) -> None:
        """Do so behind a word for a share, if percentages in a list follow at once."""
        figures = self._figures_behind(place)
        between = self.state.tokens[figures[0] : figures[-1]] if figures else ()
        if all(token.kind != "comma" for token in between):
            self.take(place)

    def _share_before(self, place: int) -> int:
        """Return where in the clause before *place* a word for a share stands; *place* where none does."""
        for at in range(place - 1, -1, -1):
            token = self.state.tokens[at]
            if is_figure(token) or token.kind in ENDS:
                break
            if token.kind == "share" and self._first_item(at, place):
                return at
        return place

    def _first_item(self, start: int, end: int) -> list[Spoken]:
        """Return what the first name of an item from *start* to *end* may mean."""
        named = (token for token in self.state.tokens[start:end] if token.kind == lx.ITEM)
        return next((some for token in named if (some := self.state.choices(token)[0])), [])

    def _bound_before(self) -> list[list[Spoken]]:
        """Return the items bound last, or whose shares were, but for totals of others among them."""
        found = [one.spoken for one in self.state.recent() if one.role == ACTUAL and one.spoken is not None]
        if not found:
            found = [one.spoken for one in self.state.found if one.role == SHARE and one.spoken is not None]
        above = {key for one in found if one.items for key in self.state.tree.above(one.items[0])}
        return [[one] for one in found if not above.issuperset(one.items)]

    def _all_parts(self, figures: list[int]) -> list[list[Spoken]]:
        """Return the parts of a total in the form's order, if the figures are just theirs: *all three are 5, 3 and 2*."""
        state = self.state
        row, ledger = state.context.row, state.ledger
        for total in state.tree.parts:
            leaves = [key for key in state.tree.leaves(total) if key in ledger.prose.single]
            spoken = [ledger.prose.single[key] for key in leaves if ledger.item(key, row)]
            pairs = zip(figures, spoken, strict=False)
            if len(spoken) == len(figures) > _FEWEST_IN_TURN and all(
                ledger.fits(state.tokens[at].figure, one, row) for at, one in pairs
            ):
                return [[one] for one in spoken]
        return []

    def _figures_behind(self, place: int) -> list[int]:
        """Return where the figures of one kind stand that follow at once, at most an item's name before them."""
        found: list[int] = []
        for at in range(place + 1, len(self.state.tokens)):
            token = self.state.tokens[at]
            if is_figure(token):
                if not found and self._is_whole(at):
                    continue
                if found and token.figure.kind != self.state.tokens[found[0]].figure.kind:
                    break
                found.append(at)
            elif token.kind not in (_IN_LIST if found else _ON_THE_WAY):
                break
        return found

    def _is_whole(self, place: int) -> bool:
        """Tell whether an amount is that of the whole, its shares following: *each of 500 the 60 % and 40 %*."""
        behind = self.state.tokens[place + 1 : place + 3]
        is_of = len(behind) == 2 and behind[0].text == words()["share"]["of"] and is_figure(behind[1])
        return is_of and behind[1].figure.kind == PERCENT != self.state.tokens[place].figure.kind

    def _named_before(self, place: int, count: int) -> tuple[list[list[Spoken]], list[int]]:
        """Return what the names of items may mean and the rows of entities named since the figure before *place*.

        Vague words count where with them there are as many names as figures.
        """
        items: list[tuple[list[Spoken], bool]] = []
        rows: list[int] = []
        for at in range(place - 1, -1, -1):
            token = self.state.tokens[at]
            if is_figure(token) or token.kind in ("semicolon", "stop", "within"):
                break
            if token.kind == lx.ENTITY:
                rows.append(token.meaning.row)
            elif token.kind == lx.ITEM:
                choices, named = self.state.choices(token)
                items += [(choices, named)] if choices else []
        every = [some for some, _ in reversed(items)]
        sure = [some for some, named in reversed(items) if named]
        is_one = len(every) == 1 and len(rows) >= count
        return every if is_one or len(every) == count else sure, rows[::-1]
