"""The roster: which departments and entities there are, and which are due to report."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from selfeval_xl.cells import Address
from selfeval_xl.consolidation.lists import ListUnreadable, Record, find_list
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.form.model import Form
from selfeval_xl.names import match_key
from selfeval_xl.texts import say

COLUMNS = ("code", "department", "entity_code", "entity", "role", "nature", "state", "public", "office")
NEEDED = ("department",)
NOT_EXPECTED, NOT_LISTED = "R-02", "R-03"


class RosterUnreadable(ValueError):
    """The roster cannot be read; the text is for the clerk."""


class RosterEntity(Struct):
    """An entity below the head, with its code; blank state means that it is due."""

    name: str
    code: str | None
    state: str | None = None

    @property
    def is_due(self) -> bool:
        """Tell whether a report is expected."""
        return self.state in (None, say("roster.due"))


class RosterRow(Struct):
    """A department on the roster with its entities; blank state means that it is due.

    ``public`` says whether the report is published, ``office`` which office of the bureau looks after it, ``nature``
    of which kind the head is.
    """

    name: str
    code: str | None
    state: str | None
    head_code: str | None = None
    entities: list[RosterEntity] = []
    head_name: str | None = None
    public: str | None = None
    office: str | None = None
    nature: str | None = None
    line: int = 0

    @property
    def is_due(self) -> bool:
        """Tell whether a report is expected."""
        return self.state in (None, say("roster.due"))

    def matches(self, code: str | None, name: str | None) -> bool:
        """Tell whether a report is this department's: codes win over names."""
        if self.code and code:
            return self.code == code
        return match_key(self.name) == match_key(name or "")


class Roster(Struct, dict=True):
    """The departments in the roster's order; not to be changed once it is asked.

    ``sheet`` and ``column`` say where their names stand in the file.
    """

    rows: list[RosterRow]
    sheet: str = ""
    column: int = 1

    @cached_property
    def _by_code(self) -> dict[str, RosterRow]:
        return {row.code: row for row in reversed(self.rows) if row.code}

    @cached_property
    def _by_name(self) -> dict[str, RosterRow]:
        return {match_key(row.name): row for row in reversed(self.rows)}

    def row_of(self, code: str | None, name: str | None) -> RosterRow | None:
        """Return a department's row, the first where several are of its name."""
        if code and code in self._by_code:
            return self._by_code[code]
        row = self._by_name.get(match_key(name or ""))
        return row if row is not None and row.matches(code, name) else None

    def cell(self, row: RosterRow) -> Address:
        """Return where a department's name stands."""
        return Address(self.sheet, max(1, row.line), self.column)

    def not_in(self, accepted: Iterable[Reduced]) -> list[RosterRow]:
        """Return the departments of which no accepted report is there."""
        there = {id(self.row_of(one.code, one.department)) for one in accepted}
        return [row for row in self.rows if id(row) not in there]


def read_roster(path: Path, form: Form) -> Roster:
    """Read a roster from ``.xlsx`` or ``.csv``; raises :class:`RosterUnreadable`."""
    try:
        found = find_list(path, {name: say(f"roster.{name}") for name in COLUMNS}, NEEDED)
    except ListUnreadable as unreadable:
        raise RosterUnreadable(str(unreadable)) from None
    return Roster(_rows(found.records, form), found.sheet, found.at["department"])


def _rows(records: Iterable[Record], form: Form) -> list[RosterRow]:
    rows: dict[str, RosterRow] = {}
    for line, values in records:
        name, code = values["department"], values.get("code")
        if name is None:
            continue
        row = rows.setdefault(code or match_key(name), RosterRow(name, code, values.get("state"), line=line))
        row.public, row.office = row.public or values.get("public"), row.office or values.get("office")
        if values.get("entity") is None or _is_head(values, form):
            row.nature = row.nature or values.get("nature")
        _add_entity(row, values, form)
    return list(rows.values())


def _add_entity(row: RosterRow, values: dict[str, str | None], form: Form) -> None:
    entity, code = values.get("entity"), values.get("entity_code")
    if _is_head(values, form):
        row.head_code, row.head_name = code, entity
    elif entity is not None:
        row.entities.append(RosterEntity(entity, code, values.get("state")))


def _is_head(values: dict[str, str | None], form: Form) -> bool:
    heads = {match_key(name) for name in (form.head, *form.head_synonyms)}
    return any(match_key(values.get(name) or "") in heads for name in ("role", "entity"))
