"""The clerk's explanations: which finding each one is for, and whether it still fits the figures."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from selfeval_xl.amounts import round_half_up
from selfeval_xl.blueprint.values import Values
from selfeval_xl.findings import ERROR, Finding
from selfeval_xl.form.model import Form
from selfeval_xl.names import match_key
from selfeval_xl.submission.model import Note
from selfeval_xl.texts import say

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def explained(findings: Sequence[Finding], notes: Sequence[Note], values: Values) -> list[Finding]:
    """Return the findings with the explanations that hold.

    One counts for what is no error and stands on its own if it names its rule (or one that says the same of the
    row), its entity, and the difference as it is now; so it lapses when the figures change.  One that
    names another difference is kept as ``stale``, for the message to say so.
    """
    if not notes:
        return list(findings)
    rules = _rules_of(findings, values.blueprint.form)
    return [
        _with_note(one, rules[one.id], notes, values)
        if one.severity != ERROR and one.follows is None
        else one
        for one in findings
    ]


def _rules_of(findings: Iterable[Finding], form: Form) -> dict[str, set[str]]:
    """Return under which rules each finding can be explained: its own, and those that come to the same."""
    balances = {rule: set(balance.rules) for balance in form.balances for rule in balance.rules}
    found: dict[str, set[str]] = defaultdict(set)
    for one in findings:
        found[one.follows or one.id] |= {one.rule, *balances.get(one.rule, ())}
    return found


def _with_note(finding: Finding, rules: set[str], notes: Sequence[Note], values: Values) -> Finding:
    names = _names_of(finding.entity, values)
    mine = [
        note
        for note in notes
        if note.rule in rules and note.text and (names is None or match_key(note.entity or "") in names)
    ]
    for note in mine:
        if finding.difference is None or names_amount(
            str(note.text), finding.difference, values.blueprint.form
        ):
            return replace(finding, explanation=note.text)
    return replace(finding, stale=mine[0].text) if mine else finding


def _names_of(entity: str | None, values: Values) -> set[str] | None:
    """Return the names by which a clerk may call the row; ``None`` where the finding is about no row."""
    form = values.blueprint.form
    totals = {
        match_key(name) for table in form.tables.values() for name in (table.total_label, form.keys.total)
    }
    heads = {match_key(name) for name in (form.head, *form.head_synonyms)}
    heads |= {match_key(table.head_label) for table in form.tables.values()}
    named = match_key(entity or "")
    if not named:
        return None
    if named in totals:
        return totals | {""}
    first = match_key(str(values(values.blueprint.places.tables[form.name_table].cell("", 1)) or ""))
    return heads | {first} if named in heads | {first} else {named}


def names_amount(text: str, difference: Decimal, form: Form) -> bool:
    """Tell whether a text names a difference: a number after the word for it, or before the form's unit."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    wanted = round_half_up(abs(difference), form.decimals)
    word = say("word.difference")
    for found in _NUMBER.finditer(plain):
        is_one = plain[: found.start()].endswith(word) or plain.startswith(form.unit, found.end())
        if is_one and Decimal(found[0].replace(",", "")) == wanted:
            return True
    return False
