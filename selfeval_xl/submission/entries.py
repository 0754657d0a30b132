"""What no formula sees in the entries: names that stand twice, telephone numbers, lists left blank."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from selfeval_xl.blueprint.instances import active_rules
from selfeval_xl.blueprint.model import ListPlace
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address
from selfeval_xl.findings import Finding
from selfeval_xl.form.model import Rule
from selfeval_xl.names import match_key

_MOBILE = re.compile(r"(?:\+?86)?1\d{10}")
_LANDLINE = re.compile(r"0\d{9,11}(?:-?\d{1,6})?")
_LOCAL = re.compile(r"\d{7,8}(?:-\d{1,6})?")
_BETWEEN, _BETWEEN_OR_SPACE = re.compile(r"[,;/\u3001]+"), re.compile(r"[,;/\s\u3001]+")


def entry_findings(values: Values) -> list[Finding]:
    """Return the findings of the rules about entries, in the order of the declaration."""
    return [
        finding
        for rule in active_rules(values.blueprint)
        if rule.check in _CHECKS
        for finding in _CHECKS[rule.check](values, rule)
    ]


def _names(values: Values, rule: Rule) -> Iterator[Finding]:
    """Yield every entity that goes by a name that stands further up already, however it is spaced."""
    blueprint = values.blueprint
    table = blueprint.places.tables[blueprint.form.name_table]
    seen: dict[str, Address] = {}
    for index in range(1, table.rows + 1):
        cell = table.cell("", index)
        name = str(values(cell) or "")
        key = match_key(name)
        if not key:
            continue
        first = seen.setdefault(key, cell)
        if first != cell:
            facts = {"first": str(first)}
            yield Finding(
                rule.id, rule.message, rule.severity, (cell, first), entity=name, actual=name, facts=facts
            )


def _phones(values: Values, rule: Rule) -> Iterator[Finding]:
    for key, cell in values.blueprint.places.fields.items():
        text = str(values(cell) or "").strip()
        if values.blueprint.form.fields[key].type == "phone" and text and not is_telephone(text):
            yield Finding(rule.id, rule.message, rule.severity, (cell,), item=key[1], actual=text)


def is_telephone(text: str) -> bool:
    """Tell whether a text holds telephone numbers of China, one or several, and nothing else."""
    plain = unicodedata.normalize("NFKC", text).replace("(", "").replace(")", "-").strip()
    return any(
        _are_numbers(["".join(part.split()) for part in separator.split(plain) if part])
        for separator in (_BETWEEN, _BETWEEN_OR_SPACE)
    )


def _are_numbers(parts: list[str]) -> bool:
    """Tell whether all are numbers; one without an area code stands only behind another that is whole."""
    whole = [bool(_MOBILE.fullmatch(one) or _LANDLINE.fullmatch(one)) for one in map(_digits, parts)]
    known = [here or bool(_LOCAL.fullmatch(part)) for here, part in zip(whole, parts, strict=True)]
    return bool(parts) and whole[0] and all(known)


def _digits(part: str) -> str:
    return part.replace("-", "")


def _lists(values: Values, rule: Rule) -> Iterator[Finding]:
    """Yield where a list has a record with a gap, else where it has fewer records than it needs.

    One finding a list: at the first gap of the first record that was begun and not finished.
    """
    blueprint = values.blueprint
    for block in blueprint.form.lists.values():
        place = blueprint.places.lists.get(block.label)
        if place is None or not block.least:
            continue
        begun = [row for row in range(place.rows) if _is_begun(values, place, row)]
        gaps = [(row, gap) for row in begun if (gap := _gap(values, place, row)) is not None]
        if gaps or len(begun) < block.least:
            free = next((row for row in range(place.rows) if row not in begun), 0)
            row, label = gaps[0] if gaps else (free, next(iter(place.columns)))
            facts = {"list": block.label, "least": str(block.least)}
            yield Finding(
                rule.id, rule.message, rule.severity, (place.cell(label, row),), item=label, facts=facts
            )


def _gap(values: Values, place: ListPlace, row: int) -> str | None:
    """Return the first item of a record that is blank."""
    return next(
        (label for label in place.columns if not str(values(place.cell(label, row)) or "").strip()), None
    )


def _is_begun(values: Values, place: ListPlace, row: int) -> bool:
    return any(str(values(place.cell(label, row)) or "").strip() for label in place.columns)


_CHECKS: dict[str, Callable[[Values, Rule], Iterator[Finding]]] = {
    "entries.names": _names,
    "entries.phones": _phones,
    "entries.lists": _lists,
}
