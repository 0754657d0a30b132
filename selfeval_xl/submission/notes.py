"""The clerk's explanations: which finding each one is for, and whether it still fits the figures."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from msgspec.structs import replace

from selfeval_xl.amounts import round_half_up
from selfeval_xl.blueprint.values import Values
from selfeval_xl.findings import ERROR, Finding
from selfeval_xl.form.heads import head_names
from selfeval_xl.form.model import Form
from selfeval_xl.names import match_key
from selfeval_xl.submission.model import Note
from selfeval_xl.submission.reading import units_of
from selfeval_xl.texts import say

_NUMBER = re.compile(r"(?P<figure>\d[\d,]*(?:\.\d+)?)")

Differences = dict[str | None, set[Decimal | None]]
"""The differences that rules show, by the rules' ids."""


def explained(findings: Sequence[Finding], notes: Sequence[Note], values: Values) -> list[Finding]:
    """Return the findings with the explanations that hold.

    One counts for what is no error and stands on its own if it names its rule (or one that says the same of the
    row), its entity, and the difference as it is now; so it lapses when the figures change.  One that
    names another difference is kept as ``stale``, for the message to say so.
    """
    if not notes:
        return list(findings)
    differences = _by_rule(findings, values.blueprint.form)
    return [
        _with_note(one, differences[one.id], notes, values)
        if one.severity != ERROR and one.follows is None
        else one
        for one in findings
    ]


def _by_rule(findings: Iterable[Finding], form: Form) -> dict[str, Differences]:
    """Return under which rules each finding can be explained, and which difference each of them shows.

    These are its own rule and those that come to the same; what follows it in the rows
    below has a difference of its own.
    """
    balances = {rule: balance.rules for balance in form.balances for rule in balance.rules}
    found: dict[str, Differences] = defaultdict(lambda: defaultdict(set))
    for one in findings:
        rules = found[one.follows or one.id]
        for rule in (one.rule, *balances.get(one.rule, ())):
            rules[rule] |= {one.difference} if rule == one.rule else set()
    return found


def _with_note(finding: Finding, rules: Differences, notes: Sequence[Note], values: Values) -> Finding:
    names = _names_of(finding.entity, values)
    mine = [
        note
        for note in notes
        if note.rule in rules and note.text and (names is None or match_key(note.entity or "") in names)
    ]
    for note in mine:
        shown = {finding.difference, *rules[str(note.rule)]}
        if finding.difference is None or any(
            names_difference(str(note.text), one, finding, values.blueprint.form)
            for one in shown
            if one is not None
        ):
            return replace(finding, explanation=note.text)
    return replace(finding, stale=mine[0].text) if mine else finding


def _names_of(entity: str | None, values: Values) -> set[str] | None:
    """Return the names by which a clerk may call the row; ``None`` where the finding is about no row."""
    form, places = values.blueprint.form, values.blueprint.places
    named = match_key(entity or "")
    if not named:
        return None
    totals = {
        "",
        *(match_key(name) for table in form.tables.values() for name in (table.total_label, form.keys.total)),
    }
    if named in totals:
        return totals
    heads = {*head_names(form, str(values(places.fields[form.roles.department]) or ""))}
    first = match_key(str(values(places.tables[form.name_table].cell("", 1)) or ""))
    names = heads | {first} if named in heads | {first} else {named}
    # Where there is one entity only, the whole is the same as that one.
    is_alone = sum(values(cell) == 1 for cell in places.exists.values()) == 1
    return names | totals if is_alone else names


def names_difference(text: str, difference: Decimal, finding: Finding, form: Form) -> bool:
    """Tell whether a text names a difference, in the form's unit or another one.

    Where a number stands behind a word for the difference, only such numbers count;
    else any that stands before a unit.  A count, which has no unit, is a whole number.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    is_count = finding.places < form.decimals
    units = dict.fromkeys(say("reading.integer").split(), Decimal(1)) if is_count else units_of(form)
    wanted = round_half_up(abs(difference), form.decimals)
    named = list(_pattern().finditer(plain))
    found = named or list(_NUMBER.finditer(plain))
    return any(
        wanted == _amount(one, plain, units, form, needs_unit=not named, any_unit=is_count) for one in found
    )


def _amount(
    number: re.Match[str],
    text: str,
    units: Mapping[str, Decimal],
    form: Form,
    *,
    needs_unit: bool,
    any_unit: bool,
) -> Decimal | None:
    """Return the amount of a number and the unit behind it, or ``None`` where it is none of this kind."""
    behind = text[number.end() :]
    unit = next((one for one in sorted(units, key=len, reverse=True) if behind.startswith(one)), None)
    if (unit is None and needs_unit) or behind.startswith("%"):
        return None
    worth = Decimal(1) if unit is None or any_unit else units[unit]
    return round_half_up(Decimal(number["figure"].replace(",", "")) * worth, form.decimals)


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """Return what finds a number behind a word for the difference."""
    words, between = (
        "|".join(re.escape(one) for one in say(key).split())
        for key in ("reading.difference", "reading.between")
    )
    return re.compile(f"(?:{words})(?:{between})*[+-]?{_NUMBER.pattern}")
