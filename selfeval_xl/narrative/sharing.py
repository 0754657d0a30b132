"""Parts and wholes within the text: amounts that should add up, and shares that should be what they are of."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from msgspec.structs import replace

from selfeval_xl.amounts import ZERO, round_half_up
from selfeval_xl.findings import Finding
from selfeval_xl.form.model import Key, Rule
from selfeval_xl.form.prose import Spoken
from selfeval_xl.narrative.ledger import agrees, tree_of
from selfeval_xl.narrative.listing import wrong_lists
from selfeval_xl.narrative.model import ACTUAL, FISCAL, SHARE, UNNAMED, Mention
from selfeval_xl.narrative.quantities import PERCENT
from selfeval_xl.narrative.view import View
from selfeval_xl.texts import say

_HUNDRED, _TWO = Decimal(100), Decimal(2)
_PARAGRAPHS_ON = 4
"""How many paragraphs below a total its parts may stand."""


def sums(view: View, rule: Rule) -> Iterator[Finding]:
    """Find totals in the text that are not the sum of their parts in the text."""
    tree = tree_of(view.form)
    for number, total in view.of_rule(rule.id):
        spoken = total.spoken
        if spoken is None or spoken.sums != rule.id or not _is_exact(total):
            continue
        parts = _parts(view, number, tree.parts.get(spoken.items[0], ()))
        if parts is None:
            continue
        added = sum((one.quantity.low for one in parts), ZERO)
        slack = sum((one.quantity.step for one in [total, *parts]), ZERO) / _TWO
        if abs(total.quantity.low - added) > slack:
            yield _does_not_add_up(view, rule, spoken, [total, *parts], added)
    if rule.id == view.prose.lists:
        yield from _lists(view, rule)


def _lists(view: View, rule: Rule) -> Iterator[Finding]:
    """Find lists of anything behind their whole that do not add up to it; those of the form's own parts are sums."""
    for number, found in view.source.each(wrong_lists):
        said = {one.quantity.start: one for one in view.mentions if one.paragraph == number}
        for whole, *parts in ([said.get(each.start) for each in (one.whole, *one.parts)] for one in found):
            kept = [one for one in parts if one is not None and one.role == ACTUAL]
            if (
                whole is None
                or whole.role != ACTUAL
                or len(kept) < len(parts)
                or _are_sums(view, whole, kept)
            ):
                continue
            spoken = whole.spoken or UNNAMED
            near = [one for one in said.values() if one.sentence == whole.sentence]
            added = sum((one.quantity.low for one in kept), ZERO)
            one = _does_not_add_up(view, rule, spoken, [whole, *kept], added)
            yield replace(one, follows=view.first_wrong(near))


def _are_sums(view: View, whole: Mention, parts: list[Mention]) -> bool:
    """Tell whether a list is of items of the form alone."""
    return (
        all(one.spoken is not None for one in parts) and whole.spoken is not None and bool(whole.spoken.sums)
    )


def _does_not_add_up(view: View, rule: Rule, spoken: Spoken, found: list[Mention], added: Decimal) -> Finding:
    total, *parts = found
    said, expected = view.own(spoken, total.quantity.low), view.own(spoken, added)
    return view.finding(
        rule,
        tuple(dict.fromkeys(one.cell for one in found)),
        entity=view.entity(total.row),
        item=view.name_of(spoken) or None,
        expected=expected,
        actual=said,
        difference=said - expected,
        places=view.places(spoken),
        unit=view.unit(spoken),
        written=total.text,
        parts=say("word.and").join(one.text for one in parts),
        follows=view.first_wrong(found),
    )


def _parts(view: View, number: int, keys: tuple[Key, ...]) -> list[Mention] | None:
    """Return the mentions of a total's parts near it; ``None`` where one that the table has is not there."""
    total = view.mentions[number]
    missing = set(keys)
    found: list[Mention] = []
    for one in view.mentions[number + 1 :]:
        if one.paragraph > total.paragraph + _PARAGRAPHS_ON or view.section(one.paragraph) != view.section(
            total.paragraph
        ):
            break
        if one.spoken is total.spoken and one.is_actual:
            break
        if not (
            one.is_actual and one.row == total.row and one.scope == total.scope and one.spoken is not None
        ):
            continue
        if (
            one.spoken.items
            and not one.spoken.less
            and missing.issuperset(one.spoken.items)
            and _is_exact(one)
        ):
            missing.difference_update(one.spoken.items)
            found.append(one)
    absent = any(view.ledger.item(key, total.row) for key in missing)
    return None if absent or len(found) < 2 else found


def _is_exact(one: Mention) -> bool:
    return not one.quantity.rough and one.quantity.low == one.quantity.high


def shares(view: View, rule: Rule) -> Iterator[Finding]:
    """Find shares that are neither those of the text's amounts nor those of the table's."""
    for mention in view.mentions:
        spoken, base = mention.spoken, mention.base
        if mention.role != SHARE or mention.quantity.kind != PERCENT or spoken is None or base is None:
            continue
        part, whole = view.last(spoken, mention), view.last(base, mention) or _above(view, base, mention)
        rates = _rates(view, mention, (spoken, part), (base, whole))
        if rates and not any(agrees(mention.quantity, rate, ZERO) for rate in rates):
            yield _not_the_share(
                view, rule, mention, (view.name_of(spoken), view.name_of(base)), rates[0], [part, whole]
            )


_Side = tuple[Spoken, Mention | None]


def _rates(view: View, mention: Mention, part: _Side, whole: _Side) -> list[Decimal]:
    """Return what the share may be: by the text's amounts first, then by the table's.

    Of a part in narrower scope the whole must stand in the text, or be what all parts there add up to.
    """
    row = mention.row
    tables = _rate(_in_table(view, part[0], row), _in_table(view, whole[0], row))
    top = part[1].quantity.low if part[1] else _in_table(view, part[0], row)
    bottom = whole[1].quantity.low if whole[1] else _in_table(view, whole[0], row)
    if whole[1] is None and part[1] is not None and part[1].scope == FISCAL:
        bottom, tables = _added_up(view, mention, whole[0]), None
    return [rate for rate in (_rate(top, bottom), tables) if rate is not None]


def _added_up(view: View, mention: Mention, whole: Spoken) -> Decimal | None:
    """Return the sum of all parts of *whole* that its paragraph gives in the narrower scope, if it gives all."""
    keys = tree_of(view.form).parts.get(whole.items[0], ()) if whole.items else ()
    said = {
        one.spoken.items[0]: one.quantity.low
        for one in view.actual()
        if one.spoken is not None
        and one.spoken.items
        and one.paragraph == mention.paragraph
        and one.scope == FISCAL
    }
    if any(key not in said and view.ledger.item(key, mention.row) for key in keys):
        return None
    return sum((said[key] for key in keys if key in said), ZERO)


def _in_table(view: View, one: Spoken, row: int) -> Decimal | None:
    return view.ledger.value(one, row) if view.ledger.is_known(one, row) else None


def _above(view: View, base: Spoken, mention: Mention) -> Mention | None:
    """Return the base's mention in a paragraph above, in the same section."""
    for one in reversed(view.mentions[: view.mentions.index(mention)]):
        if view.section(one.paragraph) != view.section(mention.paragraph):
            return None
        if one.is_actual and one.spoken is base and one.row == mention.row:
            return one
    return None


def _rate(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return part / whole * _HUNDRED if part is not None and whole else None


def _not_the_share(
    view: View,
    rule: Rule,
    mention: Mention,
    names: tuple[str, str],
    rate: Decimal,
    found: list[Mention | None],
) -> Finding:
    places = max(0, -int(mention.quantity.step.as_tuple().exponent))
    expected = round_half_up(rate, places)
    amounts = [one for one in found if one is not None]
    return view.finding(
        rule,
        (mention.cell,),
        entity=view.entity(mention.row),
        item=names[0],
        expected=expected,
        actual=mention.quantity.low,
        difference=mention.quantity.low - expected,
        places=places,
        written=mention.text,
        base=names[1],
        basis=say("prose.share_text" if len(amounts) == len(found) else "prose.share_table"),
        follows=view.first_wrong(amounts),
    )
