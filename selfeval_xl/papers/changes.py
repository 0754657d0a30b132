"""Amounts that changed against last year: by a factor of 10,000, by much, or upwards where they should not."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from selfeval_xl.amounts import ZERO, show
from selfeval_xl.cells import Address
from selfeval_xl.findings import INFO, Cause, Finding
from selfeval_xl.form.model import Key, Rule
from selfeval_xl.papers.figures import Row
from selfeval_xl.papers.items import components, leaves
from selfeval_xl.papers.years import Years, change, limits_of, percent, rate_word
from selfeval_xl.submission.telling import list_cells
from selfeval_xl.texts import say

UNIT_STEP = Decimal(10_000)


# A factor of 10,000


def units(years: Years, rule: Rule) -> None:
    """Find amounts that are about 10,000 times last year's, or a 10,000th: one finding a table.

    What a later table has in the same rows follows the first.
    """
    limits = limits_of(rule)
    first: list[tuple[set[int], Finding]] = []
    right: dict[Address, Decimal] = {}
    for table in years.trail.form.tables.values():
        odd = [
            (row, last, column.key)
            for column in table.columns
            if not _is_sum_of_known(years, column.key)
            for row, last in _rows_for_units(years, column.key)
            if _is_other_unit(row, last, column.key, limits)
        ]
        odd.sort(key=lambda one: one[0].index)
        if not odd:
            continue
        rows = {row.index for row, _, _ in odd}
        after = next((found.id for there, found in first if rows <= there), None)
        found = _unit_finding(years, rule, odd, after)
        first += [(rows, found)] if after is None else []
        right |= {years.trail.cell(key, row): _in_unit(row, last, key) for row, last, key in odd}
    if first:
        years.trail.follow_if_right(first[0][1], right)


def _rows_for_units(years: Years, key: Key) -> list[tuple[Row, Row]]:
    """Return the entities' rows; the total row only where no entity's amount is known."""
    pairs = [pair for pair in years.pairs() if key in pair[1].amounts]
    return [pair for pair in pairs if pair[0].index] or pairs


def _is_other_unit(row: Row, last: Row, key: Key, limits: dict[str, Decimal]) -> bool:
    now, then = abs(row.amounts.get(key, ZERO)), abs(last.amounts.get(key, ZERO))
    if not now or not then or max(now, then) < limits["least"]:
        return False
    factor = max(now, then) / min(now, then)
    return UNIT_STEP / limits["within"] <= factor <= UNIT_STEP * limits["within"]


def _in_unit(row: Row, last: Row, key: Key) -> Decimal:
    """Return the amount as it would be in last year's unit."""
    now = row.amounts[key]
    return now / UNIT_STEP if abs(now) > abs(last.amounts[key]) else now * UNIT_STEP


def _is_sum_of_known(years: Years, key: Key) -> bool:
    """Tell whether an item is added up from others that can be looked at themselves."""
    parts = components(years.trail.form, key)
    return any(part in last.amounts for part in parts for _, last in years.pairs())


def _unit_finding(years: Years, rule: Rule, odd: list[tuple[Row, Row, Key]], after: str | None) -> Finding:
    trail, (row, last, key) = years.trail, odd[0]
    cells = [trail.cell(one, at) for at, _, one in odd]
    larger = row.amounts[key] > last.amounts[key]
    facts = {
        **years.source(last, key),
        "times": say("papers.larger" if larger else "papers.smaller"),
        "cells": list_cells(cells),
    }
    found = trail.finding(rule, key, row, expected=last.amounts[key], cells=cells, facts=facts)
    found = trail.add(found, (key, row.index), after=after)
    _cure(years, odd, found)
    return found


def _cure(years: Years, odd: list[tuple[Row, Row, Key]], found: Finding) -> None:
    """Note the cells that *found* calls wrong.

    Where all that can be compared in a table's row is in another unit, so is what last year says nothing of.
    """
    trail = years.trail
    for row, last, key in odd:
        trail.cured.update(dict.fromkeys(trail.inputs(key, row), found))
        inputs = [item.key for item in trail.form.tables[key[0]].inputs]
        comparable = {one for one in inputs if row.amounts.get(one) and last.amounts.get(one)}
        if len(comparable) > 1 and comparable <= {one for at, _, one in odd if at is row}:
            trail.cured.update(dict.fromkeys((trail.cell(one, row) for one in inputs), found))


# Much more, or much less


def changes(years: Years, rule: Rule) -> None:
    """Find items that changed by more than the rule's limits: one finding an item, for all its rows.

    A computed item follows the item in it that changed as much in the same row.
    """
    found: dict[Key, tuple[Finding, set[int]]] = {}
    for key in sorted(rule.items, key=lambda one: len(leaves(years.trail.form, one))):
        much = [pair for pair in years.known(key) if _is_much(*pair, key, rule)]
        if not much:
            continue
        lead = max((pair for pair in much if pair[0].index), key=_size(key), default=much[0])
        parts = (found[one] for one in components(years.trail.form, key) if one in found)
        after = next((one.follows or one.id for one, rows in parts if lead[0].index in rows), None)
        finding = _change(years, rule, key, lead, [row for row, _ in much], after)
        found[key] = finding, {row.index for row, _ in much}


def _size(key: Key) -> Callable[[tuple[Row, Row]], Decimal]:
    return lambda pair: abs(change(*pair, key))


def _is_much(row: Row, last: Row, key: Key, rule: Rule) -> bool:
    limits, difference = limits_of(rule), change(row, last, key)
    if abs(difference) <= limits["least"]:
        return False
    rate = percent(difference, last.amounts.get(key))
    return rate is None or abs(rate) > limits["percent"]


def _change(
    years: Years, rule: Rule, key: Key, lead: tuple[Row, Row], rows: list[Row], after: str | None
) -> Finding:
    trail, (row, last) = years.trail, lead
    part = _only_part(years, key, row, last)
    facts = {
        **years.source(last, key),
        "rate": rate_word(change(row, last, part), last.amounts.get(part)),
    }
    is_stock = any(key[0] == stock.items[0][0] for stock in trail.rules("previous.assets"))
    found = trail.finding(
        rule,
        part,
        row,
        expected=last.amounts.get(part),
        severity=INFO if key in rule.mild else None,
        cells=[trail.cell(key, one) for one in rows],
        causes=(Cause("paper_valuation"),) if is_stock else (),
        facts=facts,
    )
    return trail.add(found, touched=trail.inputs(key, row), after=after)


def _only_part(years: Years, key: Key, row: Row, last: Row) -> Key:
    """Return the input item that alone made a computed one change, else the item itself."""
    parts = [one for one in leaves(years.trail.form, key) if years.past.knows(last, one)]
    changed = [one for one in parts if change(row, last, one)]
    return (
        changed[0] if len(changed) == 1 and change(row, last, changed[0]) == change(row, last, key) else key
    )


# Upwards


def up(years: Years, rule: Rule) -> None:
    """Find items that should not grow: one finding for all, at the first item if that grew."""
    grown: list[tuple[Key, Row, Row]] = []
    for key in rule.items:
        whole = years.whole(key)
        if whole is not None and change(*whole, key) > 0:
            grown.append((key, *whole))
    if not grown:
        return
    trail = years.trail
    most = max(grown, key=lambda one: change(one[1], one[2], one[0]))
    key, row, last = grown[0] if grown[0][0] == rule.items[0] else most
    rest = [one for one in grown if one[0] != key]
    listed = say("word.and").join(
        f"{one[1]} {show(change(now, then, one), trail.form.decimals)}" for one, now, then in rest
    )
    facts = {
        **years.source(last, key),
        "rate": rate_word(change(row, last, key), last.amounts.get(key)),
        "list": say("papers.also_up", list=listed) if rest else "",
    }
    cells: list[Address] = [trail.cell(one, now) for one, now, _ in rest]
    found = trail.finding(rule, key, row, expected=last.amounts.get(key), cells=cells, facts=facts)
    trail.add(found, touched=trail.inputs(key, row))
