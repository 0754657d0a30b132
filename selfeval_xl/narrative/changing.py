"""Growth and decline: directions, amounts and rates of change against the two figures that they compare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec.structs import replace

from selfeval_xl.amounts import ZERO, round_half_up, show
from selfeval_xl.findings import Finding
from selfeval_xl.form.model import Key, Rule
from selfeval_xl.form.prose import MONEY, Spoken
from selfeval_xl.narrative.ledger import agrees
from selfeval_xl.narrative.model import BUDGET, CHANGE, DOWN, FISCAL, GROWTH, PRIOR, UP, Mention
from selfeval_xl.narrative.quantities import PERCENT, Quantity
from selfeval_xl.narrative.view import View

_HUNDRED = Decimal(100)
_TWO = Decimal(2)


def changes(view: View, rule: Rule) -> Iterator[Finding]:
    """Find directions, amounts and rates of change that the two figures in the sentence do not bear out."""
    first: dict[tuple[int, Spoken], str] = {}
    for number, mention in enumerate(view.mentions):
        if mention.role not in (CHANGE, GROWTH) or not mention.direction or mention.spoken is None:
            continue
        before, now = _pair(view.mentions, number)
        if (
            before is None
            or now is None
            or before.rough
            or now.rough
            or mention.quantity.kind not in (MONEY, PERCENT)
        ):
            continue
        if any(_is_right(mention, before, other) for other in _others(view, number)):
            continue
        code = _fault(mention, before, now, rule)
        if code is None:
            continue
        same = mention.sentence, mention.spoken
        follows = first.get(same) or view.first_wrong(_compared(view.mentions, number, now))
        one = _finding(view, rule, (mention, mention.spoken), code, before, now, follows)
        first.setdefault(same, one.id)
        yield one


def _fault(mention: Mention, before: Quantity, now: Quantity, rule: Rule) -> str | None:
    """Return which sentence tells what is wrong with a change; ``None`` where nothing is."""
    if mention.role == GROWTH and not before.low:
        return "prose.zero_base" if mention.quantity.low else None
    sign = (now.low > before.low) - (now.low < before.low)
    if sign and sign != {UP: 1, DOWN: -1}.get(mention.direction, 0):
        return rule.message
    return None if _is_right(mention, before, now) else "prose.change"


def _pair(mentions: list[Mention], number: int) -> tuple[Quantity | None, Quantity | None]:
    """Return the two figures that a change compares: both stand in its sentence and speak of its item."""
    mention = mentions[number]
    before = now = None
    for one in reversed(mentions[:number]):
        if one.sentence != mention.sentence or (before is not None and now is not None):
            break
        if one.spoken is None or one.quantity.kind == PERCENT or one.role == CHANGE:
            continue
        if one.spoken is not mention.spoken or one.quantity.low != one.quantity.high:
            break
        if one.role in (PRIOR, BUDGET) and before is None:
            before = one.quantity
        elif one.is_actual and now is None:
            now = one.quantity
    return before, now


def _others(view: View, number: int) -> Iterator[Quantity]:
    """Yield the sentence's other amounts of this year, of which a change may speak as well.

    Of one that is reported the tables' figure counts too: the change may have been reckoned from that.
    """
    mention = view.mentions[number]
    for one in view.mentions[:number]:
        if one.sentence != mention.sentence or not one.is_actual or one.spoken is None:
            continue
        if one.spoken is not mention.spoken:
            yield one.quantity
        if id(one) in view.wrong:
            right = view.ledger.value(one.spoken, one.row)
            yield replace(one.quantity, low=right, high=right)


def _compared(mentions: list[Mention], number: int, now: Quantity) -> Iterator[Mention]:
    """Yield the mention before a change whose figure it compares."""
    return (one for one in mentions[:number] if one.quantity is now)


def _is_right(mention: Mention, before: Quantity, now: Quantity) -> bool:
    tail = (before.step + now.step) / _TWO
    if mention.role == CHANGE:
        return abs(mention.quantity.low - abs(now.low - before.low)) <= tail + mention.quantity.step / _TWO
    if not before.low:
        return False
    rate = abs(now.low - before.low) / before.low * _HUNDRED
    return agrees(mention.quantity, rate, tail / abs(before.low) * _HUNDRED * _TWO)


def _finding(
    view: View,
    rule: Rule,
    change: tuple[Mention, Spoken],
    code: str,
    before: Quantity,
    now: Quantity,
    follows: str | None,
) -> Finding:
    mention, spoken = change
    is_rate = mention.role == GROWTH
    if is_rate:
        right = round_half_up(abs(now.low - before.low) / before.low * _HUNDRED) if before.low else ZERO
        said = mention.quantity.low
    else:
        right, said = view.own(spoken, abs(now.low - before.low)), view.own(spoken, mention.quantity.low)
    return view.finding(
        rule,
        (mention.cell,),
        code,
        item=view.name_of(spoken),
        expected=right,
        actual=view.own(spoken, now.low) if code == rule.message else said,
        difference=said - right,
        places=view.places(spoken),
        unit=view.unit(spoken),
        measure="%" if is_rate else view.unit(spoken),
        written=mention.text,
        before=show(view.own(spoken, before.low), view.places(spoken)),
        now=show(view.own(spoken, now.low), view.places(spoken)),
        follows=follows,
    )


def previous(view: View, rule: Rule) -> Iterator[Finding]:
    """Find figures of last year that are not those of last year's report; those of fiscal money alone are not known."""
    known = view.figures.previous
    if known is None:
        return
    for mention in view.mentions:
        spoken = mention.spoken
        here = [one for one in view.mentions if one.sentence == mention.sentence and one.spoken is spoken]
        if not any(one.is_actual for one in here):
            continue
        if mention.role != PRIOR or spoken is None or mention.row or spoken.kind != MONEY:
            continue
        if (
            mention.scope == FISCAL
            or any(key not in known for key in spoken.keys)
            or not _is_item_wise(spoken)
        ):
            continue
        expected = _added(known, spoken)
        if agrees(mention.quantity, expected * view.ledger.worth, view.ledger.precision):
            continue
        said = view.own(spoken, mention.quantity.low)
        yield view.finding(
            rule,
            (mention.cell,),
            item=view.name_of(spoken),
            expected=expected,
            actual=said,
            difference=said - expected,
            places=view.form.decimals,
            unit=view.unit(spoken),
            written=mention.text,
        )


def _is_item_wise(spoken: Spoken) -> bool:
    return bool(spoken.items) and not spoken.less


def _added(known: Mapping[Key, Decimal | None], spoken: Spoken) -> Decimal:
    return sum((known[key] or ZERO for key in spoken.items), ZERO)
