"""What texts say wrongly because a figure is wrong: it follows what is wrong with that figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache

from msgspec.structs import replace

from selfeval_xl.blueprint.values import Values
from selfeval_xl.findings import Finding
from selfeval_xl.submission.explain import Explanations
from selfeval_xl.submission.integrity import locate
from selfeval_xl.submission.prose import prose_of

Said = tuple[object, ...]
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
    def said_with(name: str) -> frozenset[Said]:
        return _said_with(explanations.values.with_stated(explanations.known[name]))

    for finding in prose:
        lead = None
        if finding.follows is None and _said(finding) not in still:
            # A share names no cell of the tables; then it is asked which figures make it right.
            mending = (name for name in explanations.known if _said(finding) not in said_with(name))
            lead = explanations.of_cells(finding.cells) or next(mending, None)
        yield finding if lead is None else replace(finding, follows=lead)


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


def _said_with(values: Values) -> frozenset[Said]:
    return frozenset(map(_said, prose_of(values, None).findings))


def _said(finding: Finding) -> Said:
    return finding.rule, finding.cells[0], finding.item, finding.actual
