"""The two figures that a change compares: those of its sentence, or one of them and the change itself."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from selfeval_xl.narrative.model import ACTUAL, BUDGET, CHANGE, PRIOR, UP, Mention
from selfeval_xl.narrative.quantities import PERCENT, Quantity
from selfeval_xl.narrative.view import View
from selfeval_xl.narrative.words import words

Pair = tuple[Quantity | None, Quantity | None]
_BESIDE = 12
"""How many signs may stand between two figures of which one goes on from the other."""
_BACK = 3
_SMALL = 100


def compared(view: View, number: int) -> Pair:
    """Return the figures before and after a change; of a rate one of them may be told by the change before it.

    Figures that the change bears out are exact, however few digits they are written with.
    """
    mention = view.mentions[number]
    before, now = _pair(view, number) if mention.spoken is not None else _beside(view, number)
    if mention.role == CHANGE:
        return _unrounded(view, before), _unrounded(view, now)
    change = view.mentions[number - 1] if number else mention
    if change.role != CHANGE or not _goes_with(change, mention):
        return before, now
    by = change.quantity.low if change.direction == UP else -change.quantity.low
    if before is not None and now is not None:
        is_borne_out = now.low - before.low == by
        return (_exact(view, before), _exact(view, now)) if is_borne_out else (before, now)
    if before is not None and _is_base(view, change, before):
        return _exact(view, before), _made(view, change, before.low + by)
    if now is not None and now.low > by:
        return _made(view, change, now.low - by), _exact(view, now)
    return None, None


def _exact(view: View, figure: Quantity) -> Quantity:
    """Return a figure as exact as the form is, unless it is in a larger unit than the form."""
    return (
        figure
        if figure.scale > view.ledger.worth
        else replace(figure, step=min(figure.step, view.ledger.precision))
    )


def _unrounded(view: View, figure: Quantity | None) -> Quantity | None:
    """Return a small figure as exact as the form is: nobody rounds 4.32 to 4."""
    return figure if figure is None or abs(figure.low) >= _SMALL * view.ledger.worth else _exact(view, figure)


def _made(view: View, change: Mention, value: Decimal) -> Quantity:
    """Return the figure that a change makes of the other one; a whole change may be rounded."""
    figure = change.quantity if change.quantity.step >= view.ledger.worth else _exact(view, change.quantity)
    return replace(figure, low=value, high=value)


def _goes_with(change: Mention, rate: Mention) -> bool:
    """Tell whether a rate says over again the change right before it."""
    is_same = (change.sentence, change.spoken) == (rate.sentence, rate.spoken)
    is_exact = not change.quantity.rough and change.quantity.low == change.quantity.high
    return is_same and is_exact and 0 <= rate.quantity.start - change.quantity.end <= _BESIDE


def _is_base(view: View, change: Mention, before: Quantity) -> bool:
    """Tell whether a change follows at once on the figure that it starts from, and is compared with nothing else."""
    spec = words()["change"]
    between = _between(view, change, before)
    for word in spec["compared"]:
        between = between.replace(word, "")
    return len(between) <= _BESIDE and not any(word in between for word in spec["than"])


def _between(view: View, mention: Mention, before: Quantity) -> str:
    return view.source.folded(mention.paragraph)[before.end : mention.quantity.start]


def _beside(view: View, number: int) -> Pair:
    """Return the figures that a change of something unknown compares: those right before it, one behind the other."""
    mention = view.mentions[number]
    before = [
        one
        for one in view.mentions[max(0, number - _BACK) : number]
        if one.sentence == mention.sentence and one.spoken is None
    ]
    change = before.pop() if before and before[-1].role == CHANGE else mention
    if (
        not before
        or before[-1].role not in (PRIOR, BUDGET)
        or not _is_base(view, change, before[-1].quantity)
    ):
        return None, None
    base = before[-1].quantity
    first = before[-2] if len(before) > 1 else None
    is_now = first is not None and first.role == ACTUAL and _goes_on(view, before[-1], first.quantity)
    return base, first.quantity if first is not None and is_now else None


def _goes_on(view: View, base: Mention, now: Quantity) -> bool:
    """Tell whether a figure stands before the one that it is compared with, and no other name between them."""
    between = _between(view, base, now).lstrip("".join(words()["grammar"]["comma"]))
    return len(between) <= _BESIDE and between.startswith(tuple(words()["change"]["than"]))


def _pair(view: View, number: int) -> Pair:
    """Return the two figures that a change compares: both stand in its sentence and speak of its item."""
    mention = view.mentions[number]
    before = now = None
    for one in reversed(view.mentions[:number]):
        if one.sentence != mention.sentence or (before is not None and now is not None):
            break
        if one.spoken is None or one.quantity.kind == PERCENT or one.role == CHANGE:
            continue
        if one.spoken is not mention.spoken or one.quantity.low != one.quantity.high:
            break
        if one.role in (PRIOR, BUDGET) and before is None and not _is_of_other(view, mention, one):
            before = one.quantity
        elif one.is_actual and now is None:
            now = one.quantity
    return before, now


def _is_of_other(view: View, mention: Mention, before: Mention) -> bool:
    """Tell whether words behind an amount of a budget compare with last year, or the other way round."""
    between = _between(view, mention, before.quantity)
    others = view.prose.budget if before.role == PRIOR else words()["grammar"]["prior"]
    return any(word in between for word in others)
