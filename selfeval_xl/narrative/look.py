"""Prose held against tables."""

from __future__ import annotations

from collections.abc import Sequence

from selfeval_xl.form.model import Form, Rule
from selfeval_xl.narrative.ledger import Ledger
from selfeval_xl.narrative.model import Figures, Paragraph, Prose
from selfeval_xl.narrative.reading import read


def look_at(paragraphs: Sequence[Paragraph], figures: Figures, form: Form, rules: Sequence[Rule]) -> Prose:
    """Find what the *paragraphs* say in figures and hold it against the tables."""
    if form.prose is None:
        return Prose((), (), ())
    ledger = Ledger(figures, form, form.prose)
    mentions = read(paragraphs, ledger, form, form.prose)
    return Prose(tuple(mentions), (), ())
