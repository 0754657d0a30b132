"""Rates of completion: a percentage of a budget against the amounts that its sentence gives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from selfeval_xl.amounts import round_half_up
from selfeval_xl.findings import Finding
from selfeval_xl.form.model import Rule
from selfeval_xl.narrative.ledger import agrees
from selfeval_xl.narrative.model import BUDGET, Mention
from selfeval_xl.narrative.quantities import MONEY, PERCENT, Quantity
from selfeval_xl.narrative.view import View
from selfeval_xl.narrative.words import words
from selfeval_xl.texts import say

_HUNDRED = Decimal(100)
_BEFORE = 24
"""How many signs before a percentage may say of which budget it is."""


class _Rate(Struct, frozen=True):
    """What an amount is of a budget, in percent; *slack* is what rounding of the two may make of it."""

    budget: str
    value: Decimal
    slack: Decimal

    def is_said_by(self, mention: Mention) -> bool:
        return agrees(mention.quantity, self.value, self.slack)


def completions(view: View, rule: Rule) -> Iterator[Finding]:
    """Find percentages of a budget that its amount and that which was spent, in the same sentence, do not make."""
    if not any(one.role == BUDGET for one in view.mentions):
        return
    for mention in view.mentions:
        named = _named(view, mention) if mention.quantity.kind == PERCENT and mention.spoken is None else None
        if named is None:
            continue
        rates = _rates(view, mention)
        meant = [one for one in rates if one.budget == named] or (rates if named == _general(view) else [])
        # Of several budgets, a rate that names none may be of any.
        if (
            not meant
            or any(one.is_said_by(mention) for one in meant)
            or len({one.budget for one in meant}) > 1
        ):
            continue
        yield _finding(view, rule, mention, meant[-1], rates)


def _finding(view: View, rule: Rule, mention: Mention, right: _Rate, rates: Sequence[_Rate]) -> Finding:
    places = max(0, -int(mention.quantity.step.as_tuple().exponent))
    expected = round_half_up(right.value, places)
    other = next((one for one in rates if one.is_said_by(mention)), None)
    return view.finding(
        rule,
        (mention.cell,),
        actual=mention.quantity.low,
        expected=expected,
        difference=mention.quantity.low - expected,
        places=places,
        written=mention.text,
        base=right.budget,
        nearest=say("prose.completion_of", base=other.budget) if other else "",
    )


def _rates(view: View, mention: Mention) -> list[_Rate]:
    """Return what each amount of this year in the sentence is of each budget that speaks of the same item."""
    here = [one for one in view.mentions if one.sentence == mention.sentence and one.quantity.kind == MONEY]
    found = []
    for budget in here:
        name = _budget_before(view, budget) if budget.role == BUDGET and budget.quantity.low else ""
        for spent in here if name else ():
            if spent.is_actual and budget.spoken in (None, spent.spoken) and spent.quantity.low:
                value = spent.quantity.low / budget.quantity.low * _HUNDRED
                slack = sum(_tail(view, one.quantity) / one.quantity.low for one in (spent, budget)) * value
                found.append(_Rate(name, value, slack))
    return found


def _tail(view: View, quantity: Quantity) -> Decimal:
    """Return what rounding may have taken off: whole amounts of the form's unit are mostly exact."""
    return quantity.step if quantity.rough else min(quantity.step, view.ledger.precision)


def _named(view: View, mention: Mention) -> str | None:
    """Return of which budget a percentage says to be; ``None`` where it does not say so."""
    start = mention.quantity.start
    match = _rate_pattern(view.prose.budget).search(
        view.source.folded(mention.paragraph), max(0, start - _BEFORE), start
    )
    return _plain(match["of"] or match["rate"]) if match else None


def _budget_before(view: View, mention: Mention) -> str:
    """Return the words for a budget that stand right before its amount."""
    start = mention.quantity.start
    text = view.source.folded(mention.paragraph)
    found = _budget_pattern(view.prose.budget).findall(text, max(0, start - _BEFORE), start)
    return _plain(found[-1]) if found else ""


def _plain(budget: str) -> str:
    """Return words for a budget without the endings that make no difference."""
    for ending in words()["completion"]["endings"]:
        budget = budget.removesuffix(ending)
    return budget


def _general(view: View) -> str:
    """Return the word for a budget that names none in particular: the shortest that others end in."""
    names = [_plain(name) for name in view.prose.budget]
    return max(names, key=lambda name: sum(other.endswith(name) for other in names))


@lru_cache(maxsize=8)
def _rate_pattern(budget: tuple[str, ...]) -> re.Pattern[str]:
    spec = words()["completion"]
    done, tail, rates = ("|".join(map(re.escape, spec[key])) for key in ("done", "tail", "rates"))
    return re.compile(
        rf"(?:(?:{done})(?P<of>{_one_of(budget)})(?:{tail})*|(?P<rate>{_one_of(budget)})(?:{rates})(?:{tail})*)$"
    )


@lru_cache(maxsize=8)
def _budget_pattern(budget: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(_one_of(budget))


def _one_of(budget: tuple[str, ...]) -> str:
    return "|".join(map(re.escape, sorted(budget, key=len, reverse=True)))
