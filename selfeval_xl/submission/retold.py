"""What texts say wrongly because a figure is wrong: it follows what is wrong with that figure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache

from msgspec.structs import replace

from selfeval_xl.amounts import ZERO
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address
from selfeval_xl.findings import INFO, Cause, Finding
from selfeval_xl.submission.causes import BLANK
from selfeval_xl.submission.explain import Explanations
from selfeval_xl.submission.integrity import locate
from selfeval_xl.submission.prose import prose_of
from selfeval_xl.submission.telling import list_cells
from selfeval_xl.submission.witnesses import Witnesses, said

MOST_BLANK = 3
"""How many blank entries are asked about: where more are blank, they say little."""

UNNAMED = ("entity.placeholder", "entity.unnamed", "names.twice")
YEAR, YEAR_SAID = "year.wrong", "prose.year"


def following(
    prose: Sequence[Finding], found: Sequence[Finding], explanations: Explanations
) -> Iterator[Finding]:
    """Yield findings of the prose; what would agree with the entries put right follows what is *found* wrong there."""
    prose = [_of_year(_of_unnamed(one, found, explanations.values), found) for one in prose]
    if not explanations.known or not prose:
        yield from prose
        return
    still = _said_with(explanations.corrected)

    @cache
    def said_with(name: str) -> frozenset[Hashable]:
        return _said_with(explanations.values.with_stated(explanations.known[name]))

    for finding in prose:
        lead = None
        if finding.follows is None and said(finding) not in still:
            # A share names no cell of the tables; then it is asked which figures make it right.
            mending = (name for name in explanations.known if said(finding) not in said_with(name))
            lead = explanations.of_cells(finding.cells) or next(mending, None)
        yield finding if lead is None else replace(finding, follows=lead)


def by_one_entry(prose: Iterable[Finding], witnesses: Witnesses) -> list[Finding]:
    """Return findings of the prose; those that end with one entry put right follow the one about its item.

    The blank ones among the entries that can be it are named.
    """
    found = list(prose)
    if sum(map(_is_open, found)) < 2:
        return found
    for number, lead in enumerate(found):
        ended = _ended_by_entry(lead, found, witnesses) if _is_open(lead) else {}
        most = max(map(len, ended.values()), default=0)
        cells = [cell for cell, ends in ended.items() if ends and len(ends) == most]
        if cells:
            for at in ended[cells[0]] - {number}:
                found[at] = replace(found[at], follows=lead.id)
            found[number] = _with_blank(lead, [cell for cell in cells if witnesses.values(cell) is None])
    return found


def _is_open(finding: Finding) -> bool:
    return finding.follows is None and finding.severity != INFO and not finding.is_doubt


def _ended_by_entry(
    lead: Finding, found: Sequence[Finding], witnesses: Witnesses
) -> dict[Address, frozenset[int]]:
    """Return for each entry that can have caused a finding which of those *found* it causes, two at least."""
    ended: dict[Address, frozenset[int]] = {}
    for cell, right in _entries(lead, witnesses.values):
        if witnesses.can_hear(1):
            still = witnesses.against({cell: right})
            gone = frozenset(n for n, one in enumerate(found) if _is_open(one) and said(one) not in still)
            if len(gone) > 1 and said(lead) not in still and len(still) < len(witnesses.against({})):
                ended[cell] = gone
    return ended


def _entries(finding: Finding, values: Values) -> list[tuple[Address, Decimal]]:
    """Return the entries with which the tables have a text's figure, and what they would hold: blank, or the largest."""
    tables = values.blueprint.places.tables.values()
    inputs = ((table, label) for table in tables for label in table.inputs)
    for table, label in inputs:
        rows = [n for n in range(table.rows + 1) if table.cell(label, n) in finding.cells[1:]]
        if rows and finding.difference is not None:
            named = [n for n in rows if n] or [
                n for n in range(1, table.rows + 1) if values(table.cell("", n))
            ]
            amounts = {table.cell(label, n): values(table.cell(label, n)) for n in named}
            blank = [cell for cell, amount in amounts.items() if amount is None]
            filled = {cell: amount for cell, amount in amounts.items() if isinstance(amount, Decimal)}
            likely = [*blank[:MOST_BLANK], *sorted(filled, key=filled.__getitem__)[-1:]]
            rights = [(cell, filled.get(cell, ZERO) + finding.difference) for cell in likely]
            return [(cell, right) for cell, right in rights if right >= 0]
    return []


def _with_blank(finding: Finding, blank: Sequence[Address]) -> Finding:
    """Name the blank entries that may have been forgotten."""
    if not blank or finding.causes:
        return finding
    return replace(finding, causes=(Cause(BLANK, {"cells": list_cells(blank)}),))


def _of_year(finding: Finding, found: Sequence[Finding]) -> Finding:
    """Let a year in the prose follow the cover's, if that is another one than the form's."""
    lead = next((one.id for one in found if one.code == YEAR), None)
    is_year = finding.code == YEAR_SAID and finding.follows is None
    return replace(finding, follows=lead) if is_year and lead is not None else finding


def _of_unnamed(finding: Finding, found: Sequence[Finding], values: Values) -> Finding:
    """Let what prose says of an entity by its name follow the row where that name is missing, or stands twice."""
    if finding.follows is not None or not isinstance(finding.actual, Decimal):
        return finding
    tables = values.blueprint.places.tables
    named = tables[values.blueprint.form.name_table]
    located = (locate(values.blueprint, cell)[1] for cell in finding.cells)
    items = [item for item in located if item is not None and item[0] in tables]
    for lead in found:
        if lead.code in UNNAMED and lead.follows is None:
            rows = {cell.row - named.first_row + 1 for cell in lead.cells if cell.sheet == named.sheet}
            there = (values(tables[table].cell(label, row)) for table, label in items for row in rows)
            if finding.actual in there:
                return replace(finding, follows=lead.id)
    return finding


def _said_with(values: Values) -> frozenset[Hashable]:
    return frozenset(map(said, prose_of(values, None).findings))
