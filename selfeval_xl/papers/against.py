"""A report against amounts that other papers give: equal, a tail of rounding, or to be explained."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from selfeval_xl.amounts import ZERO, round_half_up
from selfeval_xl.findings import WARNING, Cause, Finding
from selfeval_xl.form.model import Key, Rule
from selfeval_xl.papers.changes import UNIT_STEP
from selfeval_xl.papers.figures import Figures, Row
from selfeval_xl.papers.items import leaves
from selfeval_xl.papers.listed import FINAL, PREVIOUS
from selfeval_xl.papers.trail import Trail
from selfeval_xl.papers.years import HUNDRED, limits_of, rate_word
from selfeval_xl.submission.record import HALF, TAIL
from selfeval_xl.texts import say

FIGURES, CARRY = "reference.figures", "reference.carry"

Claim = tuple[Rule, Key, Row, Key, Row]
"""A rule, the report's item and row, and the item and row of the list that it should equal."""


def compare_listed(trail: Trail, figures: dict[str, Figures]) -> None:
    """Compare the report with what a list gives of the final accounts and of last year.

    Entities before totals and inputs before sums, so that what is only the sum of a slip follows it.
    """
    claims = [*_claims(trail, FIGURES, figures.get(FINAL)), *_claims(trail, CARRY, figures.get(PREVIOUS))]
    papers = {FIGURES: say("listed.final"), CARRY: say("listed.previous")}
    for claim in sorted(claims, key=lambda one: (len(leaves(trail.form, one[1])), one[2].index == 0)):
        _compare(trail, claim, papers[claim[0].check])


def _claims(trail: Trail, check: str, listed: Figures | None) -> Iterator[Claim]:
    if listed is None:
        return
    only = trail.this.rows[1] if len(trail.this.rows) == 2 else None
    theirs = {row.index: row for row in listed.rows}
    for rule in trail.rules(check):
        pairs = [rule.items] if check == CARRY else [(key, key) for key in rule.items]
        for mine, other in pairs:
            for row in trail.this.rows:
                known = theirs.get(row.index)
                if known is None or other not in known.amounts or mine in row.odd:
                    continue
                if row.index or only is None:
                    yield rule, mine, row, other, known
                elif other not in getattr(theirs.get(only.index), "amounts", {}):
                    # Of a single entity the total row says nothing of its own; the clerk looks at what is typed.
                    yield rule, mine, only, other, known


def _compare(trail: Trail, claim: Claim, paper: str) -> None:
    rule, key, row, other, known = claim
    exact = known.amounts[other]
    expected = round_half_up(exact, trail.form.decimals)
    difference = row.amounts.get(key, ZERO) - expected
    if not difference:
        return
    is_tail = abs(difference) <= _tail(trail, key, row)
    causes = (TAIL,) if is_tail else _causes(trail, rule, key, row, exact, difference)
    facts = {
        "source": known.sources[other],
        "paper": paper if other == key else say("papers.item_of", paper=paper, item=other[1]),
    }
    severity = WARNING if is_tail else rule.severity
    found = trail.finding(rule, key, row, expected=expected, severity=severity, causes=causes, facts=facts)
    trail.add(found, (key, row.index), trail.inputs(key, row), trail.explained(key, row, difference))


def _tail(trail: Trail, key: Key, row: Row) -> Decimal:
    """Return the most that rounding can leave: half of the last digit for each addend, and for the sum."""
    return HALF.scaleb(-trail.form.decimals) * (trail.addends(key, row) + 1)


def _causes(
    trail: Trail, rule: Rule, key: Key, row: Row, exact: Decimal, difference: Decimal
) -> tuple[Cause, ...]:
    actual = row.amounts.get(key, ZERO)
    places = trail.form.decimals
    here, there = (
        {round_half_up(amount * step, places) for step in (1, UNIT_STEP, 1 / UNIT_STEP)} - {ZERO}
        for amount in (actual, exact)
    )
    if actual in there or round_half_up(exact, places) in here:
        return (Cause("paper_unit"),)
    parts = _makes_up(rule, key, row, difference)
    return (Cause("paper_scope", {"items": say("word.plus").join(parts)}),) if parts else ()


def _makes_up(rule: Rule, key: Key, row: Row, difference: Decimal) -> Sequence[str]:
    """Return the fewest items whose amounts are the difference: another scope then leaves them out."""
    there = [one for one in rule.parts if one != key and row.amounts.get(one)]
    for count in range(1, len(there) + 1):
        for group in combinations(there, count):
            if sum((row.amounts[one] for one in group), ZERO) == abs(difference):
                return [one[1] for one in group]
    return ()


def over_budget(trail: Trail, budget: Figures, rules: Iterable[Rule]) -> None:
    """Find items of the whole department that are above their budget."""
    for rule in rules:
        for key in rule.items:
            row, planned = trail.this.rows[0], budget.rows[0].amounts.get(key)
            amount = row.amounts.get(key)
            if amount is None or planned is None or amount <= round_half_up(planned, trail.form.decimals):
                continue
            facts = {
                "source": budget.source_of(budget.rows[0], key),
                "rate": rate_word(amount - planned, planned, say("papers.no_base_budget")),
            }
            expected = round_half_up(planned, trail.form.decimals)
            code = "previous.over_budget"
            found = trail.finding(rule, key, row, expected=expected, code=code, facts=facts)
            trail.add(found, (key, 0), trail.inputs(key, row))
            # The first item is the sum: that it is above its budget says it of its parts.
            break


def cap(trail: Trail, budget: Figures, rules: Iterable[Rule]) -> None:
    """Compare the score with the highest that goes with how much of the budget was spent."""
    for rule in rules:
        score_key, spent = rule.items
        row, planned = trail.this.rows[0], budget.rows[0].amounts.get(spent)
        score, amount = trail.this.fields.get(score_key), row.amounts.get(spent)
        look = trail.blueprint.places.fields.get(score_key)
        if score is None or amount is None or not planned or planned < 0 or look is None:
            continue
        highest = _highest(limits_of(rule), amount / planned * HUNDRED)
        if highest is None or score <= highest:
            continue
        facts = {
            **trail.facts(rule),
            "other": spent[1],
            "rate": rate_word(amount, planned).lstrip("+"),
            "source": budget.source_of(budget.rows[0], spent),
        }
        trail.add(_capped(rule, score_key, score, highest, facts, trail))


def _highest(limits: dict[str, Decimal], rate: Decimal) -> Decimal | None:
    """Return the lowest of the caps whose rate is not reached; ``rate_1`` goes with ``cap_1``."""
    caps = [
        limits[f"cap_{name[5:]}"]
        for name, bound in limits.items()
        if name.startswith("rate_") and rate < bound
    ]
    return min(caps, default=None)


def _capped(
    rule: Rule, key: Key, score: Decimal, highest: Decimal, facts: dict[str, str], trail: Trail
) -> Finding:
    return Finding(
        rule.id,
        rule.message,
        rule.severity,
        (trail.blueprint.places.fields[key], trail.cell(rule.items[1], trail.this.rows[0])),
        item=key[1],
        expected=highest,
        actual=score,
        difference=score - highest,
        facts=facts,
        places=0,
    )
