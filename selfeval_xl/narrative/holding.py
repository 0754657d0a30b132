"""Amounts in the text against the tables, and the narrower scope reconciled with the whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import combinations

from msgspec.structs import replace

from selfeval_xl.amounts import ZERO, show, show_signed
from selfeval_xl.cells import Address
from selfeval_xl.findings import Finding, Reconciliation
from selfeval_xl.form.model import Key, Rule
from selfeval_xl.form.prose import MONEY, Spoken
from selfeval_xl.narrative.model import FISCAL, Mention
from selfeval_xl.narrative.view import View
from selfeval_xl.texts import say

_NEAR = Decimal("0.05")


def amounts(view: View, rule: Rule) -> Iterator[Finding]:
    """Find amounts that are not the table's; those of narrower scope that the tables explain are reconciled."""
    found: dict[tuple[Spoken, int, Decimal], Finding] = {}
    for _, mention in view.of_rule(rule.id):
        spoken = mention.spoken
        if spoken is None or spoken.rule != rule.id:
            continue
        if not view.ledger.is_known(spoken, mention.row) or view.ledger.fits(
            mention.quantity, spoken, mention.row
        ):
            continue
        reconciled = _reconciled(view, mention, spoken)
        if reconciled is not None:
            view.reconciliations.append(reconciled)
            continue
        same = spoken, mention.row, mention.quantity.low
        if same in found:
            first = found[same]
            found[same] = replace(first, cells=(*dict.fromkeys([*first.cells, mention.cell]),))
        else:
            found[same] = _differs(view, rule, mention, spoken, _exchanged(view, found, mention))
        view.wrong[id(mention)] = found[same].id
    yield from found.values()


def _exchanged(
    view: View, found: Mapping[tuple[Spoken, int, Decimal], Finding], mention: Mention
) -> str | None:
    """Return the finding of which this one is the other half: two items that have each other's amount."""
    for (other, row, said), finding in found.items():
        if row == mention.row and mention.spoken is not None and mention.spoken.kind == other.kind:
            is_other = view.ledger.fits(mention.quantity, other, row)
            if is_other and abs(view.ledger.value(mention.spoken, row) - said) < view.ledger.precision:
                return finding.id
    return None


def _differs(view: View, rule: Rule, mention: Mention, spoken: Spoken, follows: str | None) -> Finding:
    expected = view.own(spoken, view.ledger.value(spoken, mention.row))
    said = view.own(spoken, mention.quantity.low)
    place = view.place_of(spoken, mention.row)
    return view.finding(
        rule,
        (mention.cell, place),
        entity=view.entity(mention.row),
        item=view.name_of(spoken),
        expected=expected,
        actual=said,
        difference=said - expected,
        places=view.places(spoken),
        unit=view.unit(spoken),
        written=mention.text,
        other_cell=place,
        nearest=_nearest(view, mention, spoken),
        follows=follows,
    )


def _nearest(view: View, mention: Mention, spoken: Spoken) -> str:
    """Say which other item has this very figure, or comes near it; nothing where the item itself is nearest."""
    row, said = mention.row, mention.quantity.low
    if spoken.kind != MONEY or not said:
        return ""
    others = [
        one for one in view.prose.single.values() if one.kind == MONEY and view.ledger.is_known(one, row)
    ]
    best = min(others, key=lambda one: abs(view.ledger.value(one, row) - said), default=None)
    if best is None or best is spoken:
        return ""
    facts = {"cell": view.place_of(best, row), "item": view.name_of(best)}
    if view.ledger.fits(mention.quantity, best, row):
        return say("prose.equal", **facts)
    gap = view.own(best, said - view.ledger.value(best, row))
    if abs(gap) * view.ledger.worth > abs(said) * _NEAR:
        return ""
    figure = show(view.own(best, view.ledger.value(best, row)), view.form.decimals)
    difference = show_signed(gap, view.form.decimals)
    return say("prose.nearest", figure=figure, difference=difference, unit=view.unit(best), **facts)


def _reconciled(view: View, mention: Mention, spoken: Spoken) -> Reconciliation | None:
    """Return how a smaller amount goes together with the table, if its scope is narrower.

    Without a word on the scope the difference must be other items' amounts to the cent.
    """
    ledger, row = view.ledger, mention.row
    if not ledger.is_fiscal(spoken) or mention.quantity.low != mention.quantity.high:
        return None
    said, figure = view.own(spoken, mention.quantity.low), view.own(spoken, ledger.value(spoken, row))
    lacks = view.prose.general_lacks if _is_general(view, mention) else ()
    sources = [(key, ledger.item(key, row) or ZERO) for key in (*view.prose.explains, *lacks)]
    parts = _made_of(figure - said, [(key, amount) for key, amount in sources if amount > 0])
    most = sum((amount for _, amount in sources), ZERO) * ledger.worth
    if not parts and (mention.scope != FISCAL or not ledger.reconciles(mention.quantity, spoken, row, most)):
        return None
    if not parts:
        parts = tuple((key, amount) for key, amount in sources if amount > 0)
    return Reconciliation(
        cell=mention.cell,
        scope=view.prose.fiscal[0] if view.prose.fiscal else "",
        item=view.name_of(spoken),
        item_cell=view.place_of(spoken, row),
        said=said,
        figure=figure,
        parts=tuple((key[1], amount) for key, amount in parts),
        unit=view.form.unit,
        places=view.form.decimals,
    )


def _is_general(view: View, mention: Mention) -> bool:
    """Tell whether the section speaks, up to an amount of fiscal money, of a part of that alone."""
    if mention.scope != FISCAL:
        return False
    text = view.source.folded(mention.paragraph)[: mention.quantity.start]
    number = mention.paragraph
    while number > 0 and view.section(number - 1) == view.section(mention.paragraph):
        number -= 1
        text = view.source.folded(number) + text
    return any(word in text for word in view.prose.general)


def _made_of(gap: Decimal, sources: list[tuple[Key, Decimal]]) -> tuple[tuple[Key, Decimal], ...]:
    """Return the fewest sources that make up *gap* to the cent, or none."""
    if gap <= 0:
        return ()
    for count in range(1, len(sources) + 1):
        for some in combinations(sources, count):
            if sum(amount for _, amount in some) == gap:
                return some
    return ()


def fiscal(view: View, rule: Rule) -> Iterator[Finding]:
    """Find fiscal spending that is more than what fiscal sources gave."""
    uses = [view.prose.single[key] for key in view.prose.fiscal_uses]
    said = {
        one.spoken: one
        for one in view.actual()
        if one.scope == FISCAL and one.row == 0 and one.spoken in uses
    }
    exact = [one for one in said.values() if not one.quantity.rough]
    if not exact:
        return
    # What the table has of uses that the text leaves out may have been paid from other sources as well.
    others = () if len(said) == len(uses) else view.prose.explains
    keys = dict.fromkeys([*view.prose.fiscal_sources, *others])
    limit = sum((view.ledger.item(key) or ZERO for key in keys), ZERO)
    total = sum((_said(view, one, said) for one in uses), ZERO)
    tail = view.ledger.precision / view.ledger.worth * len(uses) / 2
    if total - limit <= tail:
        return
    first = exact[0]
    other = _sources_place(view)
    yield view.finding(
        rule,
        (first.cell, other),
        expected=limit,
        actual=total,
        difference=total - limit,
        places=view.form.decimals,
        unit=f" {view.form.unit}",
        scope=view.prose.fiscal[0] if view.prose.fiscal else "",
        other_cell=other,
        follows=view.first_wrong(exact),
    )


def _said(view: View, one: Spoken, said: dict[Spoken, Mention]) -> Decimal:
    """Return what the text gives as the fiscal amount of an item, or what the table has of it."""
    mention = said.get(one)
    return view.own(one, mention.quantity.low if mention is not None else view.ledger.value(one))


def _sources_place(view: View) -> Address:
    return view.figures.cells(view.prose.fiscal_sources[0], 0)
