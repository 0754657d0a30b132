"""Several items as one: what words such as *both together* mean, whether or not the form has a name for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from selfeval_xl.form.prose import Spoken
from selfeval_xl.narrative.lexicon import Token
from selfeval_xl.narrative.model import ACTUAL
from selfeval_xl.narrative.numerals import Numerals
from selfeval_xl.narrative.state import Bound, State
from selfeval_xl.narrative.words import words

_FEWEST, _MOST = 2, 5
JOINING = frozenset({"total", "both"})


def joined(state: State, told: Sequence[Token]) -> list[Spoken]:
    """Return what the amounts bound last make up: as many as the words *told* say, else two, three and so on."""
    listed = _listed(state)
    count = _count_of(told)
    counts = (count,) if count else range(_FEWEST, min(_MOST, len(listed)) + 1)
    found = [_of_last(state, listed, number) for number in counts]
    return [one for one in found if one is not None]


def _of_last(state: State, listed: list[Bound], count: int) -> Spoken | None:
    last = listed[-count:]
    if not _FEWEST <= len(last) == count or len({one.row for one in last}) > 1:
        return None
    spoken = [one.spoken for one in last if one.spoken is not None]
    items = {key for one in spoken for key in one.items}
    total = next((key for key, parts in state.tree.parts.items() if items == set(parts)), None)
    return state.ledger.prose.single.get(total) if total is not None else state.ledger.joined(spoken)


def _listed(state: State) -> list[Bound]:
    """Return this year's amounts bound last, but those that are parts of another one among them."""
    found = [one for one in state.recent() if one.role == ACTUAL and one.spoken is not None]
    said = {key for one in found if one.spoken is not None for key in one.spoken.items}
    return [
        one
        for one in found
        if one.spoken is not None
        and one.spoken.items
        and said.isdisjoint(key for item in one.spoken.items for key in state.tree.above(item))
    ]


def _count_of(told: Sequence[Token]) -> int:
    """Return how many items words for several say that they mean; 0 where they do not say."""
    for token in told:
        if token.kind in JOINING and token.text[:1] in _numerals().digits:
            return int(_numerals().digits[token.text[:1]])
    return 0


@lru_cache(maxsize=1)
def _numerals() -> Numerals:
    return Numerals(words()["numerals"])
