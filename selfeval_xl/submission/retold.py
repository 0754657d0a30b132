"""What texts say wrongly because a figure is wrong: it follows what is wrong with that figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from selfeval_xl.blueprint.values import Values
from selfeval_xl.findings import Finding
from selfeval_xl.submission.explain import Explanations
from selfeval_xl.submission.prose import prose_of

Said = tuple[object, ...]


def following(prose: Sequence[Finding], explanations: Explanations) -> Iterator[Finding]:
    """Yield findings of the prose; what would agree with the figures put right follows what is wrong with them."""
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


def _said_with(values: Values) -> frozenset[Said]:
    return frozenset(map(_said, prose_of(values, None).findings))


def _said(finding: Finding) -> Said:
    return finding.rule, finding.cells[0], finding.item, finding.actual
