"""What goes over from last year into this one: balances, assets, and money under another heading."""

from __future__ import annotations

from decimal import Decimal

from selfeval_xl.amounts import ZERO, show
from selfeval_xl.form.model import Rule
from selfeval_xl.papers.figures import Row
from selfeval_xl.papers.years import Years, change, limits_of, percent, rate_word
from selfeval_xl.texts import say

HALF = Decimal("0.5")


def carry(years: Years, rule: Rule) -> None:
    """Compare what came over from last year with what was left then, in every row."""
    brought, left = rule.items
    trail = years.trail
    for row, last in years.known(left):
        expected = last.amounts.get(left)
        difference = row.amounts.get(brought, ZERO) - (expected or ZERO)
        if brought in row.odd or not difference:
            continue
        facts = {**years.source(last, left), "other": left[1]}
        found = trail.finding(rule, brought, row, expected=expected, facts=facts)
        after = trail.explained(brought, row, difference)
        if after is None and row.index == 0 and difference == _of_others(years, rule):
            # The finding about entities, not the one about the staff, stands beside the names.
            rules = {one.id for one in trail.rules("previous.roster")}
            after = next((one.id for one in trail.findings if one.rule in rules and one.item is None), None)
        trail.add(found, (brought, row.index), trail.inputs(brought, row), after)


def _of_others(years: Years, rule: Rule) -> Decimal:
    """Return what new entities brought and entities that are gone left: the roster's change explains that much."""
    brought, left = rule.items
    known = {id(row) for row in years.matched.values()}
    new = [row for row in years.trail.this.rows[1:] if row.index not in years.matched]
    gone = [row for row in years.past.rows[1:] if id(row) not in known]
    paired = [
        row.amounts.get(brought, ZERO) - years.matched[row.index].amounts.get(left, ZERO)
        for row in years.trail.this.rows[1:]
        if row.index in years.matched
    ]
    alone = [row.amounts.get(brought, ZERO) for row in new] + [-row.amounts.get(left, ZERO) for row in gone]
    return sum(alone, ZERO) + sum(paired, ZERO)


def bought(years: Years, rule: Rule) -> None:
    """Find assets that did not grow although something was bought, in entities' rows where they are known."""
    stock, purchase = rule.items
    trail = years.trail
    pairs = list(years.known(stock))
    for row, last in [pair for pair in pairs if pair[0].index] or pairs:
        if row.amounts.get(purchase, ZERO) <= 0 or change(row, last, stock) > 0:
            continue
        facts = {
            **years.source(last, stock),
            "other": purchase[1],
            "amount": show(row.amounts[purchase], trail.form.decimals),
        }
        cells = [trail.cell(purchase, row)]
        look = rule.look_at if rule.look_at is not None and years.past.knows(last, rule.look_at) else stock
        found = trail.finding(rule, look, row, expected=last.amounts.get(look), cells=cells, facts=facts)
        trail.add(found, touched=[*trail.inputs(stock, row), *cells])


def moved(years: Years, rule: Rule) -> None:
    """Find an item that is gone while another one grew by at least half of it."""
    grown, gone = rule.items
    trail = years.trail
    pairs = [pair for pair in years.known(gone) if years.past.knows(pair[1], grown)]
    for row, last in [pair for pair in pairs if pair[0].index] or pairs:
        before = last.amounts.get(gone, ZERO)
        if before <= 0 or row.amounts.get(gone, ZERO) or change(row, last, grown) < before * HALF:
            continue
        facts = {
            **years.source(last, gone),
            "other": gone[1],
            "amount": show(before, trail.form.decimals),
        }
        found = trail.finding(
            rule,
            grown,
            row,
            expected=last.amounts.get(grown),
            cells=[trail.cell(gone, row)],
            facts=facts,
        )
        trail.add(found, touched=trail.inputs(grown, row))


def surplus(years: Years, rule: Rule) -> None:
    """Find a surplus of the whole department that changed much, or is large beside the budget."""
    left, spent = rule.items
    whole, limits = years.whole(left), limits_of(rule)
    if whole is None or abs(whole[0].amounts.get(left, ZERO)) <= limits["least"]:
        return
    row, last = whole
    rate = percent(change(row, last, left), last.amounts.get(left))
    if (rate is None and change(row, last, left)) or (rate is not None and abs(rate) > limits["percent"]):
        facts = {
            **years.source(last, left),
            "rate": rate_word(change(row, last, left), last.amounts.get(left)),
        }
        found = years.trail.finding(rule, left, row, expected=last.amounts.get(left), facts=facts)
        years.trail.add(found, touched=years.trail.inputs(left, row))
        return
    budget = None if years.budget is None else years.budget.rows[0]
    planned = None if budget is None else budget.amounts.get(spent)
    share = percent(row.amounts.get(left, ZERO), planned)
    if planned and budget is not None and share is not None and share > limits["share"]:
        _large(years, rule, row, budget)


def _large(years: Years, rule: Rule, row: Row, budget: Row) -> None:
    left, spent = rule.items
    facts = {
        "source": budget.sources.get(spent, ""),
        "other": spent[1],
        "rate": rate_word(row.amounts[left], budget.amounts[spent]).lstrip("+"),
    }
    found = years.trail.finding(
        rule, left, row, expected=budget.amounts[spent], code="previous.surplus_share", facts=facts
    )
    years.trail.add(found, touched=years.trail.inputs(left, row))


def assets(years: Years, rule: Rule) -> None:
    """Find assets of the whole department that are not about last year's and what was bought."""
    stock, purchase = rule.items
    whole, limits = years.whole(stock), limits_of(rule)
    if whole is None or stock not in whole[1].amounts:
        return
    row, last = whole
    expected = last.amounts[stock] + row.amounts.get(purchase, ZERO)
    difference = row.amounts.get(stock, ZERO) - expected
    rate = percent(difference, expected)
    if abs(difference) <= limits["least"] or (rate is not None and abs(rate) <= limits["percent"]):
        return
    facts = {**years.source(last, stock), "list": say("word.plus").join((stock[1], purchase[1]))}
    found = years.trail.finding(rule, stock, row, expected=expected, facts=facts)
    years.trail.add(found, touched=years.trail.inputs(stock, row))
