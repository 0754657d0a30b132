"""Whether it is last year's report again, and whether the entities and the staff are still the same."""

from __future__ import annotations

from decimal import Decimal

from selfeval_xl.amounts import ZERO
from selfeval_xl.cells import Address
from selfeval_xl.findings import Finding
from selfeval_xl.form.model import Key, Rule
from selfeval_xl.papers.figures import Row
from selfeval_xl.papers.years import Years, limits_of, percent, rate_word
from selfeval_xl.texts import say


def same(years: Years, rule: Rule) -> None:
    """Find a report all of whose amounts are last year's; few amounts may be that by chance."""
    if not years.past.is_complete:
        return
    rows, then = years.trail.this.rows[1:], years.past.rows[1:]
    if len(rows) != len(then):
        return
    pairs = (
        [(row, years.matched.get(row.index)) for row in rows] if not years.is_single else [(rows[0], then[0])]
    )
    keys = [column.key for table in years.trail.form.tables.values() for column in table.inputs]
    if any(row.odd or last is None or not _is_same(row, last, keys) for row, last in pairs):
        return
    count = sum(bool(row.amounts.get(key)) for row in rows for key in keys)
    if count >= limits_of(rule)["least"]:
        _same_finding(years, rule, count)


def _is_same(row: Row, last: Row, keys: list[Key]) -> bool:
    return not last.odd and all(row.amounts.get(key, ZERO) == last.amounts.get(key, ZERO) for key in keys)


def _same_finding(years: Years, rule: Rule, count: int) -> None:
    trail = years.trail
    year = trail.form.roles.year
    look = trail.blueprint.places.fields[year]
    facts = {**trail.facts(rule), "source": years.past.source, "count": str(count)}
    found = Finding(rule.id, rule.message, rule.severity, (look,), item=year[1], facts=facts)
    found = trail.add(found)
    for row in trail.this.rows[1:]:
        for key in trail.form.columns:
            trail.cured.update(dict.fromkeys(trail.inputs(key, row), found))


def roster(years: Years, rule: Rule) -> None:
    """Find entities that are new or gone, and a staff that changed much."""
    if not years.past.is_complete:
        return
    _entities(years, rule)
    for key in rule.items:
        _staff(years, rule, key)


def _entities(years: Years, rule: Rule) -> None:
    if years.is_single:
        return
    known = {id(row) for row in years.matched.values()}
    new = [row for row in years.trail.this.rows[1:] if row.index not in years.matched and not row.is_bare]
    gone = [row for row in years.past.rows[1:] if id(row) not in known and not row.is_bare]
    if not new and not gone:
        return
    trail = years.trail
    names = trail.blueprint.places.tables[trail.form.name_table]
    cells = [names.cell("", row.index) for row in new] or [names.cell("", 0)]
    listed = [
        say(f"papers.{word}", list=say("word.and").join(row.name or say("word.blank") for row in rows))
        for word, rows in (("added", new), ("gone", gone))
        if rows
    ]
    facts = {**trail.facts(rule), "source": years.past.source, "list": say("word.comma").join(listed)}
    entity = new[0].name if new else trail.form.names.total_label
    found = Finding(rule.id, rule.message, rule.severity, tuple(cells), entity=entity, facts=facts)
    trail.add(found)


def _staff(years: Years, rule: Rule, key: Key) -> None:
    """Compare a single number, such as that of the staff; blank says nothing."""
    trail, limits = years.trail, limits_of(rule)
    now, then = trail.this.fields.get(key), years.past.fields.get(key)
    look: Address | None = trail.blueprint.places.fields.get(key)
    if now is None or then is None or look is None or abs(now - then) < limits["least"]:
        return
    rate = percent(now - then, then)
    if rate is None or abs(rate) <= limits["percent"]:
        return
    facts = {**trail.facts(rule), "source": years.past.source, "rate": rate_word(now - then, then)}
    found = Finding(
        rule.id,
        "previous.staff",
        rule.severity,
        (look,),
        item=key[1],
        expected=Decimal(then),
        actual=Decimal(now),
        difference=now - then,
        facts=facts,
        places=0,
    )
    trail.add(found)
