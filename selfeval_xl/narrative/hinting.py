"""What is likely wrong with an amount that is not the table's."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from selfeval_xl.amounts import show, show_signed
from selfeval_xl.form.prose import MONEY, Spoken
from selfeval_xl.narrative.ledger import SHIFTS, agrees, is_misread, is_swapped, tree_of
from selfeval_xl.narrative.model import PRIOR, Mention
from selfeval_xl.narrative.view import View
from selfeval_xl.texts import say

_NEAR = Decimal("0.01")
"""By what part of itself an amount may miss another item's for that to be told."""
_UNIT = Decimal(10000)
_TWO = Decimal(2)


def hint(view: View, mention: Mention, spoken: Spoken) -> str:
    """Return a sentence on the likeliest cause; ``""`` where none is likely."""
    if spoken.kind != MONEY or not mention.quantity.low:
        return ""
    return next(_hints(view, mention, spoken), "")


def _hints(view: View, mention: Mention, spoken: Spoken) -> Iterator[str]:
    """Yield the causes that fit, the surest first."""
    said, value = mention.quantity.low, view.ledger.value(spoken, mention.row)
    if abs(said - value) <= _tail(view, spoken):
        yield say("prose.tail")
    shift = next(
        (one for one in SHIFTS if value and agrees(mention.quantity, value * one, view.ledger.precision)),
        None,
    )
    if shift is not None:
        is_unit = shift in (_UNIT, 1 / _UNIT)
        yield say("prose.unit" if is_unit else "prose.point", times=format(shift.normalize(), "f"))
    others = [
        one
        for one in view.prose.single.values()
        if one.kind == MONEY and view.ledger.is_known(one, mention.row)
    ]
    best = min(others, key=lambda one: abs(view.ledger.value(one, mention.row) - said), default=spoken)
    facts = {"cell": view.place_of(best, mention.row), "item": view.name_of(best)}
    if best is not spoken and view.ledger.fits(mention.quantity, best, mention.row):
        yield say("prose.equal", **facts)
    if _is_last_years(view, mention, spoken):
        yield say("prose.last_year")
    if is_swapped(said, value, view.ledger.precision):
        yield say("prose.transposed")
    if is_misread(said, value, view.ledger.precision):
        yield say("prose.misread")
    gap = view.own(best, said - view.ledger.value(best, mention.row))
    if best is not spoken and abs(gap) * view.ledger.worth <= abs(said) * _NEAR:
        figure = show(view.own(best, view.ledger.value(best, mention.row)), view.form.decimals)
        difference = show_signed(gap, view.form.decimals)
        yield say("prose.nearest", figure=figure, difference=difference, unit=view.unit(best), **facts)


def _tail(view: View, spoken: Spoken) -> Decimal:
    """Return what rounding may make of a total: half a last digit for each of its parts, and for itself."""
    tree = tree_of(view.form)
    parts = sum(len(tree.parts.get(key, ())) for key in spoken.keys)
    return view.ledger.precision * (parts + 1) / _TWO if parts else view.ledger.precision / _TWO


def _is_last_years(view: View, mention: Mention, spoken: Spoken) -> bool:
    """Tell whether the text gives the same amount for the year before."""
    said = mention.quantity.low
    return any(
        one.role == PRIOR and one.spoken is spoken and one.quantity.low == said for one in view.mentions
    )
