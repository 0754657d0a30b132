"""A summary read back as one of the files of a summary above it: a county's into its city's, a city's into its province's.

Its rows count, not its totals: these are added up anew, with the adjustments, and a total that differs is a finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from msgspec import Struct

from selfeval_xl.amounts import ZERO, round_half_up
from selfeval_xl.blueprint.identity import SUMMARY
from selfeval_xl.blueprint.lists import BODY_ROW, HEADER_ROW
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address, Value
from selfeval_xl.consolidation.adjustments import adjust_cell, read_adjustments
from selfeval_xl.consolidation.grid import FIRST_ROW, TOTAL_ROW, Sum
from selfeval_xl.consolidation.lists import ListUnreadable
from selfeval_xl.consolidation.members import Scored
from selfeval_xl.consolidation.packed import Packed
from selfeval_xl.consolidation.reduce import Line, Reduced, digest
from selfeval_xl.consolidation.select import Selection
from selfeval_xl.consolidation.summary import summarised
from selfeval_xl.consolidation.tables import level_words
from selfeval_xl.findings import ERROR, Finding, worst
from selfeval_xl.form.library import UnknownForm, find_form, settings_for
from selfeval_xl.form.model import Form, Key
from selfeval_xl.names import match_key
from selfeval_xl.ooxml.book import Book
from selfeval_xl.ooxml.errors import WorkbookUnreadable
from selfeval_xl.ooxml.read import read_book
from selfeval_xl.texts import say

WRONG_SUM = "R-06"


class _Unlike(ValueError):
    """A workbook that says that it is a summary, and is none that this program can read."""


def is_summary(one: Reduced) -> bool:
    """Tell whether a file that was set aside is a summary; what it says of itself is looked at."""
    if not one.other_kind:
        return False
    try:
        return read_book(one.path, say("summary.overview")).properties.get("kind") == say(f"kind.{SUMMARY}")
    except WorkbookUnreadable:
        return False


def read_summary(path: Path) -> Reduced:
    """Read a summary; one that cannot be placed is refused with the reason."""
    try:
        book = read_book(path)
        form = find_form(book.properties["form"], int(book.properties["edition"]))
        return _Reader(path, book, form).reduced()
    except WorkbookUnreadable as unreadable:
        reason = say(f"refused.{unreadable.reason}")
    except (UnknownForm, KeyError, ValueError, ListUnreadable):
        reason = say("refused.summary")
    return Reduced(path, "refused", reason, sha256=digest(path))


class _Member(Struct):
    """A line of the summary, collected table by table; ``parts`` are the rows below it."""

    name: str
    code: str | None
    source: str | None
    amounts: dict[Key, Value] = {}
    places: dict[str, Address] = {}
    parts: dict[Key, Decimal] | None = None


class _Reader:
    def __init__(self, path: Path, book: Book, form: Form) -> None:
        self.path, self.book, self.form = path, book, form
        self.level = int(book.properties.get("level", "1"))
        self.members: dict[str, _Member] = {}
        self.findings: list[Finding] = []

    def reduced(self) -> Reduced:
        properties = self.book.properties
        for table in self.form.tables:
            self._table(table)
        result = Reduced(self.path, "clean", kind=SUMMARY, form_path=self.form.path, level=self.level)
        result.department = properties.get("region") or None
        result.year = int(properties["year"])
        result.department_cell = Address(say("summary.overview"), 1, 1)
        result.lines = self._lines()
        result.members = self._scores()
        result.parts, result.carried = self._sources(), self._carried()
        result.sha256, result.content = digest(self.path), self._content(result)
        result.findings = self.findings
        result.status = worst(self.findings)
        return result

    def _rows(self, sheet: str, first: int) -> Iterator[tuple[int, dict[str, Value]]]:
        """Yield the rows of a list by the headers of its columns; raises ``_Unlike`` where there is no such sheet."""
        found = self.book.sheets.get(sheet)
        if found is None:
            raise _Unlike(sheet)
        headers = {column: str(value) for (row, column), value in found.values.items() if row == HEADER_ROW}
        rows: dict[int, dict[str, Value]] = {}
        for (row, column), value in found.values.items():
            if row >= first and column in headers and value != "":
                rows.setdefault(row, {})[headers[column]] = value
        yield from sorted(rows.items())

    def _table(self, table: str) -> None:
        """Take in the rows of a table: those of its departments or regions, and what stands below each."""
        own, below = level_words(self.level)
        names = {word: say(f"summary.{word}") for word in ("level", "code", "file")}
        whose = say("summary.department" if self.level == 1 else "summary.region")
        items = {column.label: column.key for column in self.form.tables[table].columns}
        for number, row in self._rows(table, FIRST_ROW):
            kind, name = row.get(names["level"]), str(row.get(whose) or "")
            if kind == own:
                member = self._member(name, row, names)
                member.places[table] = Address(table, number, 1)
                member.amounts |= {key: row[label] for label, key in items.items() if label in row}
            elif kind == below:
                self._add_parts(self._member(name, row, names), row, items)

    def _add_parts(self, member: _Member, row: Mapping[str, Value], items: Mapping[str, Key]) -> None:
        """Add a row below a member's to its parts, each amount rounded as in the report's own sums."""
        parts = member.parts = {} if member.parts is None else member.parts
        for label, key in items.items():
            amount = row.get(label)
            if isinstance(amount, Decimal):
                parts[key] = parts.get(key, ZERO) + round_half_up(amount, self.form.decimals)

    def _member(self, name: str, row: Mapping[str, Value], names: Mapping[str, str]) -> _Member:
        """Return the member that a row belongs to; somebody may have sorted the rows."""
        code = _text(row.get(names["code"])) if self.level == 1 else None
        key = code or match_key(name)
        return self.members.setdefault(key, _Member(name, code, _text(row.get(names["file"]))))

    def _lines(self) -> list[Line]:
        """Return the summary's total, computed anew, and below it what it is made of."""
        members = [one for one in self.members.values() if len(one.places) == len(self.form.tables)]
        if len(members) != len(self.members):
            raise _Unlike("a row stands in some tables only")
        adjusted = self._adjusted()
        keys, decimals = tuple(self.form.columns), self.form.decimals
        totals: dict[Key, Value] = {}
        for key in keys:
            total = Sum()
            for one in members:
                total.add(one.amounts.get(key))
            total.add(adjusted.get(key))
            totals[key] = total.total(decimals, honest=True)
        self._compare(members, totals)
        lines = [Line(say("summary.total"), Packed(keys, totals, decimals), places=self._places(TOTAL_ROW))]
        lines += [
            Line(one.name, Packed(keys, one.amounts, decimals), one.code, one.places, one.source)
            for one in members
        ]
        if any(adjusted.values()):
            row = adjust_cell(self.form, keys[0]).row
            lines.append(
                Line(say("summary.adjusted"), Packed(keys, adjusted, decimals), places=self._places(row))
            )
        return lines

    def _places(self, row: int) -> dict[str, Address]:
        return {table: Address(table, row, 1) for table in self.form.tables}

    def _adjusted(self) -> dict[Key, Value]:
        """Return the adjustments by item, as an empty summary computes them from the same lines."""
        lines = read_adjustments(self.path, self.form)
        rows = self._rows(say("summary.adjustments"), BODY_ROW)
        units = [str(row[say("adjust.units")]) for _, row in rows if say("adjust.units") in row]
        settings = settings_for(self.form)
        empty = summarised(self.form, settings, Selection(), adjustments=lines, further_units=units)
        values = Values(empty.blueprint, empty.typed, empty.shown)
        found = {key: values(adjust_cell(self.form, key)) for key in self.form.columns}
        return {key: value for key, value in found.items() if isinstance(value, Decimal)}

    def _compare(self, members: list[_Member], totals: Mapping[Key, Value]) -> None:
        """Find the totals that are not the sum of their rows, and rows that are not the sum of those below."""
        for key, total in totals.items():
            cell = adjust_cell(self.form, key)._replace(row=TOTAL_ROW)
            self._found(cell, say("summary.total"), total, self._value(cell))
            for one in members:
                place = cell._replace(row=one.places[key[0]].row)
                if one.parts is not None:
                    self._found(place, one.name, one.parts.get(key, ZERO), one.amounts.get(key))

    def _value(self, cell: Address) -> Value:
        return self.book.sheets[cell.sheet].values.get((cell.row, cell.column))

    def _found(self, cell: Address, whose: str, wanted: Value, there: Value) -> None:
        # A total without a result was saved by a program that does not calculate; nobody typed it.
        wanted = wanted or ZERO
        if isinstance(wanted, Decimal) and isinstance(there, Decimal) and wanted != there:
            header = self._value(cell._replace(row=HEADER_ROW))
            self.findings.append(
                Finding(
                    WRONG_SUM, "summary.wrong_sum", ERROR, (cell,), whose, str(header), wanted, there, there - wanted,
                    facts={"unit": self.form.unit}, places=self.form.decimals,
                )
            )  # fmt: skip

    def _scores(self) -> list[Scored]:
        if self.form.roles.score is None:
            return []
        words = ("region", "code", "department", "score", "grade", "review", "review_grade")
        headers = [say(f"summary.{word}") for word in words]
        found = []
        for _, row in self._rows(say("summary.ranking"), BODY_ROW):
            region, code, name, score, grade, review, review_grade = map(row.get, headers)
            weighed = review if isinstance(review, Decimal) else None
            texts = _text(region), _text(code), _text(name)
            found.append(Scored(*texts, score, _text(grade), weighed, _text(review_grade)))
        return found

    def _sources(self) -> frozenset[str]:
        """Return the digests of the files that the summary is made of."""
        state, digest_of = say("summary.state"), say("summary.hash")
        rows = self._rows(say("summary.sources"), BODY_ROW)
        counted = say("summary.state_accepted")
        return frozenset(
            str(row[digest_of]) for _, row in rows if row.get(state) == counted and digest_of in row
        )

    def _carried(self) -> dict[str, int]:
        """Return how many errors and warnings stand in the files that the summary is made of."""
        rows = [row for _, row in self._rows(say("summary.reported"), BODY_ROW)]
        counts = {}
        for word in ("errors", "warnings"):
            there = (row.get(say(f"summary.{word}")) for row in rows)
            counts[word] = sum(int(count) for count in there if isinstance(count, Decimal))
        return counts

    def _content(self, result: Reduced) -> str:
        """Return a digest of all figures; a copy that was made to be sent up has the same."""
        import hashlib

        told = [(line.name, line.code, sorted(line.amounts.items())) for line in result.lines]
        return hashlib.sha256(f"{told}{result.members}".encode()).hexdigest()


def _text(value: Value) -> str | None:
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value) if value not in (None, "") else None
