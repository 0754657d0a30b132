"""Prose held against tables: the checks that a form's rules turn on, over all that a report's texts say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from selfeval_xl.findings import Finding
from selfeval_xl.form.model import Form, Rule
from selfeval_xl.narrative import filling, telling
from selfeval_xl.narrative.changing import changes, previous
from selfeval_xl.narrative.completing import completions
from selfeval_xl.narrative.holding import amounts, fiscal
from selfeval_xl.narrative.ledger import Ledger
from selfeval_xl.narrative.model import Figures, Paragraph, Prose
from selfeval_xl.narrative.reading import read
from selfeval_xl.narrative.sharing import shares, sums
from selfeval_xl.narrative.source import Source
from selfeval_xl.narrative.view import View

Check = Callable[[View, Rule], Iterable[Finding]]

# In the order of explanation: an amount that is wrong comes before the sums and shares that it makes wrong.
CHECKS: dict[str, Check] = {
    "narrative.amounts": amounts,
    "narrative.sums": sums,
    "narrative.shares": shares,
    "narrative.fiscal": fiscal,
    "narrative.completions": completions,
    "narrative.changes": changes,
    "narrative.previous": previous,
    "narrative.projects": filling.projects,
    "narrative.sources": filling.sources,
    "narrative.trends": telling.trends,
    "narrative.names": telling.own_names,
    "narrative.placeholders": telling.placeholders,
    "narrative.years": telling.years,
    "narrative.counts": telling.counts,
    "narrative.numbering": telling.numbering,
    "narrative.same": filling.same,
    "narrative.goals": filling.goals,
}


def look_at(paragraphs: Sequence[Paragraph], figures: Figures, form: Form, rules: Sequence[Rule]) -> Prose:
    """Hold what *paragraphs* say against *figures*.

    *rules* are those in force; one that is missing finds nothing.  A form that does not say how prose
    speaks of its items has no mentions and no findings.
    """
    if form.prose is None:
        return Prose((), (), ())
    ledger = Ledger(figures, form, form.prose)
    source = Source(paragraphs)
    view = View(source, figures, form, form.prose, ledger, read(source, ledger, form, form.prose))
    for check, run in CHECKS.items():
        for rule in rules:
            if rule.check == check:
                view.findings += run(view, rule)
    return Prose(tuple(view.mentions), tuple(view.findings), tuple(view.reconciliations))
