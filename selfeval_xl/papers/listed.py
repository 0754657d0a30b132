"""A list of amounts from other papers: this year's final accounts, last year's figures, the budget.

Read once for all reports; a department's rows are put under the form's items when its report is checked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path

from msgspec import Struct

from selfeval_xl.amounts import plain
from selfeval_xl.consolidation.lists import read_list
from selfeval_xl.consolidation.reduce import Remark
from selfeval_xl.form.heads import head_names
from selfeval_xl.form.model import Form, Key
from selfeval_xl.names import match_key
from selfeval_xl.papers.figures import Figures, Row
from selfeval_xl.papers.items import item_key, items_by_name
from selfeval_xl.texts import say

FINAL, PREVIOUS, BUDGET = CATEGORIES = ("final", "previous", "budget")
UNITS = {
    "yuan": Decimal(1),
    "thousand": Decimal(1_000),
    "ten_thousand": Decimal(10_000),
    "hundred_million": Decimal(100_000_000),
}
"""How many times the smallest unit each unit is."""

NEEDED = ("category", "item", "amount", "unit")
_AMOUNT = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")


class Entry(Struct, frozen=True):
    """One row of the list; without an entity it is about the whole department.  ``unit`` is a key of ``UNITS``."""

    line: int
    code: str | None
    department: str | None
    entity_code: str | None
    entity: str | None
    category: str
    item: str
    amount: Decimal
    unit: str

    @property
    def spot(self) -> tuple[str | None, ...]:
        """Return what the amount is of; two rows with the same one should not be."""
        who = self.code or match_key(self.department or ""), self.entity_code or match_key(self.entity or "")
        return (*who, self.category, item_key(self.item))


class Listed(Struct, dict=True):
    """A list that was read, and the rows that could not be used; not to be changed once it is asked."""

    name: str
    entries: Sequence[Entry]
    problems: list[Remark] = []

    @cached_property
    def _by_code(self) -> dict[str, list[Entry]]:
        return _grouped((entry.code or "", entry) for entry in self.entries)

    @cached_property
    def _by_name(self) -> dict[str, list[Entry]]:
        return _grouped((match_key(entry.department or ""), entry) for entry in self.entries)

    def of(self, code: str | None, name: str | None) -> list[Entry]:
        """Return a department's rows: by code, else those by name that have no other code."""
        if code and code in self._by_code:
            return self._by_code[code]
        named = self._by_name.get(match_key(name), []) if name else []
        return [entry for entry in named if not (entry.code and code)]

    def unknown_items(self, forms: Iterable[Form]) -> list[Remark]:
        """Return the rows whose item none of the forms has."""
        known = {name for form in forms for name in items_by_name(form)}
        return [
            _problem("row_item", entry.line, value=entry.item)
            for entry in self.entries
            if known and item_key(entry.item) not in known
        ]


def _grouped(pairs: Iterable[tuple[str, Entry]]) -> dict[str, list[Entry]]:
    groups: dict[str, list[Entry]] = {}
    for key, entry in pairs:
        if key:
            groups.setdefault(key, []).append(entry)
    return groups


def _problem(code: str, line: int, **facts: str) -> Remark:
    return Remark(code, {"line": str(line), **facts})


@lru_cache(maxsize=4)
def read_listed(path: Path) -> Listed:
    """Read the list at *path*, ``.xlsx`` or ``.csv``; raises ``ListUnreadable``."""
    columns = {
        **{name: say(f"roster.{name}") for name in ("code", "department", "entity_code", "entity")},
        **{name: say(f"listed.{name}") for name in NEEDED},
    }
    listed = Listed(path.name, [])
    entries: dict[tuple[str | None, ...], Entry] = {}
    for line, texts in read_list(path, columns, NEEDED):
        found = _entry(line, texts)
        if isinstance(found, Remark):
            listed.problems.append(found)
        elif found is not None:
            first = entries.setdefault(found.spot, found)
            if first is not found and _smallest(first) != _smallest(found):
                listed.problems.append(_problem("row_twice", line, other=str(first.line)))
    listed.entries = list(entries.values())
    return listed


def _smallest(entry: Entry) -> Decimal:
    return entry.amount * UNITS[entry.unit]


def _entry(line: int, texts: dict[str, str | None]) -> Entry | Remark | None:
    """Return a row as an entry, as a remark that says what is wrong with it, or as nothing where it is blank."""
    if not any(texts.values()):
        return None
    code, department = texts.get("code"), texts.get("department")
    if not code and not department:
        return _problem("row_department", line)
    words = {say(f"listed.{name}"): name for name in CATEGORIES}
    category = words.get(match_key(texts["category"] or ""))
    if category is None:
        return _problem("row_category", line, value=texts["category"] or say("word.blank"))
    units = {say(f"unit.{name}"): name for name in UNITS}
    unit = units.get(match_key(texts["unit"] or ""))
    if unit is None:
        return _problem("row_unit", line, value=texts["unit"] or say("word.blank"))
    amount = _amount(texts["amount"] or "")
    if amount is None or not texts["item"]:
        return _problem("row_amount", line, value=texts["amount"] or say("word.blank"))
    who = texts.get("entity_code"), texts.get("entity")
    return Entry(line, code, department, *who, category, texts["item"], amount, unit)


def _amount(text: str) -> Decimal | None:
    text = unicodedata.normalize("NFKC", text).replace(" ", "")
    return Decimal(text.replace(",", "")) if _AMOUNT.fullmatch(text) else None


class Extract(Struct, frozen=True):
    """What a list says of one report: figures by category, and what could not be placed in it."""

    figures: dict[str, Figures]
    remarks: list[Remark]


def extract(
    listed: Listed, form: Form, entries: Sequence[Entry], rows: Sequence[Row], department: str | None = None
) -> Extract:
    """Put a *department*'s rows of the list under the form's items and beside the report's *rows*."""
    factor = {say(f"unit.{name}"): size for name, size in UNITS.items()}.get(form.unit, Decimal(1))
    items, places = items_by_name(form), _Places(form, rows, department)
    found: dict[str, dict[int, dict[Key, tuple[Decimal, str]]]] = {}
    remarks: dict[str, Remark] = {}
    for entry in entries:
        key, index = items.get(item_key(entry.item)), places.index_of(entry)
        if index is None:
            name = entry.entity or entry.entity_code or ""
            remarks.setdefault(name, _problem("row_entity", entry.line, value=name))
        elif key is not None:
            amount = plain(entry.amount * UNITS[entry.unit] / factor)
            source = say("papers.line", name=listed.name, line=entry.line)
            found.setdefault(entry.category, {}).setdefault(index, {})[key] = amount, source
    return Extract(
        {name: _figures(listed.name, rows, at) for name, at in found.items()}, list(remarks.values())
    )


class _Places:
    """The rows of a report by what a list calls their entities; without a name it is the total row."""

    def __init__(self, form: Form, rows: Sequence[Row], department: str | None) -> None:
        totals = {table.total_label for table in form.tables.values()} | {form.keys.total}
        self._heads = head_names(form, department)
        self._by_code = {row.code: row.index for row in reversed(rows) if row.code}
        self._by_name = {self._key(row.name): row.index for row in reversed(rows) if row.name and row.index}
        self._by_name |= {match_key(name): 0 for name in totals}

    def index_of(self, entry: Entry) -> int | None:
        """Return the index of the row that an entry is about, or ``None``."""
        if entry.entity_code and entry.entity_code in self._by_code:
            return self._by_code[entry.entity_code]
        if entry.entity:
            return self._by_name.get(self._key(entry.entity))
        return None if entry.entity_code else 0

    def _key(self, name: str | None) -> str:
        key = match_key(name or "")
        return "" if key in self._heads else key


def _figures(name: str, rows: Sequence[Row], at: dict[int, dict[Key, tuple[Decimal, str]]]) -> Figures:
    def lines() -> Iterator[Row]:
        for row in rows:
            known = at.get(row.index, {})
            if known or row.index == 0:
                amounts = {key: amount for key, (amount, _) in known.items()}
                sources = {key: source for key, (_, source) in known.items()}
                yield Row(row.index, row.name, row.code, amounts, sources=sources)

    return Figures(name, tuple(lines()), is_complete=False)
