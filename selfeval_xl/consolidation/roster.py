"""The roster: which departments and entities there are, and which are due to report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from selfeval_xl.cells import Address
from selfeval_xl.consolidation.lists import Listing, ListUnreadable, find_list
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.findings import WARNING, Finding
from selfeval_xl.form.heads import head_names
from selfeval_xl.form.model import Form
from selfeval_xl.names import match_key
from selfeval_xl.texts import say

COLUMNS = ("code", "department", "entity_code", "entity", "role", "nature", "state", "public", "office")
NEEDED = ("department",)
NOT_EXPECTED, NOT_LISTED, WRONG_ROW = "R-02", "R-03", "R-19"


class RosterUnreadable(ValueError):
    """The roster cannot be read; the text is for the clerk."""


class RosterEntity(Struct):
    """An entity below the head, with its code; blank state means that it is due."""

    name: str
    code: str | None
    state: str | None = None
    line: int = 0

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

    ``name`` is the file's, ``sheet`` and ``column`` say where their names stand in it; ``findings`` name the rows with which
    something is wrong, and what was made of them.
    """

    rows: list[RosterRow]
    sheet: str = ""
    column: int = 1
    findings: list[Finding] = []
    name: str = ""

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
    roster = _Rows(found, form).roster()
    roster.name = path.name
    return roster


class _Rows:
    """Takes in a roster's rows; what is wrong with one of them is told with its number."""

    def __init__(self, found: Listing, form: Form) -> None:
        self.found, self.form = found, form
        self.result = Roster([], found.sheet, found.at["department"])
        self.by_code: dict[str, RosterRow] = {}
        self.by_name: dict[str, RosterRow] = {}
        self.entity_codes: dict[str, RosterEntity] = {}
        self.own: dict[int, int] = {}
        self.head: dict[int, int] = {}

    def roster(self) -> Roster:
        """Return the roster."""
        for line, values in self.found.records:
            if values["department"] is not None:
                self._take(line, values["department"], values)
            elif any(values.values()):
                self._find("nameless", line, "department")
        for row in self.result.rows:
            # A department that stands in its entities' rows only is due if one of them is.
            if id(row) not in self.own and id(row) not in self.head:
                row.state = None if any(one.is_due for one in row.entities) else row.entities[0].state
        return self.result

    def _take(self, line: int, name: str, values: Mapping[str, str | None]) -> None:
        row = self._row_of(line, name, values.get("code"))
        entity = values.get("entity")
        if self._is_head(values):
            first = self.head.setdefault(id(row), line)
        elif entity is not None:
            first = self._add_entity(line, row, entity, values)
        else:
            first = self.own.setdefault(id(row), line)
        if first != line:
            self._find("twice", line, "department", row.name, first=str(first))
            return
        state = values.get("state")
        if state is not None and state not in say("roster.states").split():
            self._find("unknown_state", line, "state", row.name, text=state)
        row.public, row.office = row.public or values.get("public"), row.office or values.get("office")
        if entity is None or self._is_head(values):
            row.nature, row.state = row.nature or values.get("nature"), row.state or state
        if self._is_head(values):
            row.head_code, row.head_name = values.get("entity_code"), entity

    def _row_of(self, line: int, name: str, code: str | None) -> RosterRow:
        """Return the department's row, a new one where it is the first of its code, or of its name without one."""
        key = match_key(name)
        row = self.by_code.get(code) if code else None
        if row is not None and match_key(row.name) != key:
            is_short = key in match_key(row.name) or match_key(row.name) in key
            facts = {"code": code or "", "other": row.name, "first": str(row.line)}
            self._find("code_short" if is_short else "code_twice", line, "department", name, **facts)
            row, code = (row, code) if is_short else (None, None)
        if row is None:
            named = self.by_name.get(key)
            row = named if named is not None and (not code or not named.code) else None
        if row is None:
            row = RosterRow(name, code, None, line=line)
            self.result.rows.append(row)
            self.by_name.setdefault(key, row)
        if code:
            row.code = code
            self.by_code.setdefault(code, row)
        return row

    def _add_entity(self, line: int, row: RosterRow, name: str, values: Mapping[str, str | None]) -> int:
        """Add an entity to its department and return its line, that of the earlier row where it is there already."""
        code = values.get("entity_code")
        for one in row.entities:
            if match_key(one.name) == match_key(name) and (not code or not one.code or code == one.code):
                return one.line
        other = self.entity_codes.get(code) if code else None
        if other is not None:
            facts = {"code": code or "", "other": other.name, "first": str(other.line)}
            self._find("code_twice", line, "entity", row.name, **facts)
            code = None
        row.entities.append(RosterEntity(name, code, values.get("state"), line))
        if code:
            self.entity_codes[code] = row.entities[-1]
        return line

    def _is_head(self, values: Mapping[str, str | None]) -> bool:
        """Tell whether a row is about the head: by its words, or because it bears the department's own name."""
        words = {match_key(values[name] or "") for name in ("role", "entity") if name in values} - {""}
        if not words:
            return False
        department = values["department"] or ""
        return bool(words & {match_key(department), *head_names(self.form, department)})

    def _find(self, code: str, line: int, column: str, name: str | None = None, /, **facts: str) -> None:
        cell = Address(self.found.sheet, line, self.found.at.get(column, self.result.column))
        facts = {**facts, "line": str(line)}
        self.result.findings.append(
            Finding(WRONG_ROW, f"roster.{code}", WARNING, (cell,), item=name, facts=facts)
        )
