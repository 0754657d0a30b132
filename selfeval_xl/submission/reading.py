"""Which number was meant, where somebody typed a text in its place."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from selfeval_xl.amounts import Likely, Words, likely, round_half_up, show
from selfeval_xl.findings import Cause
from selfeval_xl.form.model import Form, Key
from selfeval_xl.texts import say

_AMOUNT = "amounts"


def meant(text: str, form: Form, item: Key | None) -> Likely | None:
    """Return the number that a text means in an item's cell, in the item's own unit, or ``None``.

    The number is as exact as it was written, also where that is finer than the form's decimals.
    """
    field = form.fields.get(item) if item is not None else None
    return likely(text, words_for(form, _AMOUNT if field is None else field.type))


@lru_cache(maxsize=64)
def words_for(form: Form, kind: str) -> Words:
    """Return the words that may stand beside a number: of an amount in the form's unit, or of a field's type."""
    nothing = frozenset(say("reading.nothing").split())
    if kind == _AMOUNT:
        return Words(units_of(form), say("reading.points"), nothing)
    beside = say(f"reading.{kind}").split() if kind in ("score", "integer", "year") else ()
    return Words(dict.fromkeys(beside, Decimal(1)), say("reading.points"))


@lru_cache(maxsize=64)
def units_of(form: Form) -> dict[str, Decimal]:
    """Return what one of each unit of money is worth in the form's unit, which is worth 1."""
    pairs = (one.split("=") for one in say("reading.amounts").split())
    worth = {unit: Decimal(value) for unit, value in pairs}
    if form.unit not in worth:
        return {form.unit: Decimal(1)}
    return {unit: value / worth[form.unit] for unit, value in worth.items()}


def cause_of(text: str, form: Form, item: Key | None) -> Cause | None:
    """Return what is wrong with a text in a number's place, and what to type instead."""
    found = meant(text, form, item)
    if found is None:
        return None
    places = 0 if item in form.fields else form.decimals
    value = round_half_up(found.value, form.decimals) if item in form.columns else found.value
    return Cause(f"read.{found.kind}", {"value": show(value, places), "unit": form.unit})
