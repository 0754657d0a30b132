"""The bureau's ledger: a row a department, what was received of it, what the reviewers say.

The program enters what it received; the reviewers' own columns, columns that it does not know, and whatever
else stands in the file are left as they are.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cached_property, lru_cache
from itertools import zip_longest
from pathlib import Path

from msgspec import Struct

from selfeval_xl.cells import Address, Value
from selfeval_xl.consolidation.lists import find_list
from selfeval_xl.consolidation.parts import same
from selfeval_xl.dates import from_serial
from selfeval_xl.names import match_key
from selfeval_xl.ooxml.book import Place
from selfeval_xl.texts import say

COLUMNS = (
    *("code", "department", "office", "received", "revision", "hash", "state", "reviewer", "reviewed"),
    *("opinion", "file", "score", "grade", "url", "remark"),
)
"""All columns, in the order of a new ledger."""

NEEDED = ("department", "state")
DAYS = ("received", "reviewed")
MISSING, REPORTED, RETURNED, AGAIN, PASSED = STATES = ("missing", "reported", "returned", "again", "passed")


MOST_POINTS = 100
_DAY = re.compile(r"([0-9]{4})[^0-9]?([0-9]{1,2})[^0-9]?([0-9]{1,2})[^0-9]?(?: [0-9:]+)?")


def headings() -> dict[str, str]:
    """Return the heading of every column."""
    return {name: say(f"ledger.{name}") for name in COLUMNS}


class LedgerRow(Struct):
    """A row as it stands in the file, and what is to be entered in it; ``line`` is its row in the file, from 1."""

    line: int
    texts: Mapping[str, str | None]
    changes: dict[str, Value] = {}
    is_new: bool = False

    def text(self, column: str) -> str | None:
        """Return what stands in a column, after the changes; blank is ``None``."""
        if column in self.changes:
            value = self.changes[column]
            return None if value is None else format(value, "f") if isinstance(value, Decimal) else str(value)
        return self.texts.get(column)

    def enter(self, **values: Value) -> None:
        """Note what is to stand in the program's columns; what stands there already is no change."""
        for column, value in values.items():
            text = format(value, "f") if isinstance(value, Decimal) else value
            if text != self.text(column):
                self.changes[column] = value

    @property
    def code(self) -> str | None:
        """Return the department's code."""
        return self.text("code")

    @property
    def name(self) -> str | None:
        """Return the department's name."""
        return self.text("department")

    @property
    def hash(self) -> str | None:
        """Return the digest of the file that was received last, in lower case."""
        text = "".join((self.text("hash") or "").split()).lower()
        return text or None

    @property
    def revision(self) -> Decimal | None:
        """Return which time the department reported; raises ``ValueError`` where it is no whole number from 1."""
        number = _number(self.text("revision"))
        if number is not None and (number < 1 or number % 1):
            raise ValueError(self.text("revision"))
        return number

    @property
    def state(self) -> str | None:
        """Return one of :data:`STATES`, or ``None`` for blank; raises ``ValueError`` for another word."""
        text = self.text("state")
        if text is None:
            return None
        if match_key(text) not in _states():
            raise ValueError(text)
        return _states()[match_key(text)]

    @property
    def is_passed(self) -> bool:
        """Tell whether the reviewers passed what the row names."""
        return match_key(self.text("state") or "") == match_key(say(f"ledger.state_{PASSED}"))

    @property
    def review(self) -> tuple[Decimal | None, str | None]:
        """Return the reviewers' score and grade; a score that is none of 0 to 100 counts as none."""
        try:
            return self._score(), self.text("grade")
        except ValueError:
            return None, self.text("grade")

    def _score(self) -> Decimal | None:
        score = _number(self.text("score"))
        if score is not None and not 0 <= score <= MOST_POINTS:
            raise ValueError(self.text("score"))
        return score

    def unreadable(self) -> Iterator[str]:
        """Yield the columns that hold something that nobody can read."""
        readers = {"state": lambda: self.state, "revision": lambda: self.revision, "score": self._score}
        for column, read in readers.items():
            try:
                read()
            except ValueError:
                yield column
        for column in DAYS:
            text = self.text(column)
            if text is not None and not _is_day(text):
                yield column


@lru_cache(maxsize=1)
def _states() -> dict[str, str]:
    return {match_key(say(f"ledger.state_{state}")): state for state in STATES}


def _is_day(text: str) -> bool:
    """Tell whether a text is a day as people write it, or as a workbook holds it."""
    written = _DAY.fullmatch(text)
    try:
        if written is not None:
            datetime.date(*map(int, written.groups()))
            return True
        number = Decimal(text)
        return number.is_finite() and from_serial(number) != format(number, "f")
    except (InvalidOperation, ValueError):
        return False


def _number(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None
    if not number.is_finite():
        raise ValueError(text)
    return number


class Ledger(Struct, dict=True):
    """A ledger as it was read; ``content`` are the file's bytes, ``None`` where there is none yet.

    ``at`` gives the column of every heading that is there, from 1; ``bottom`` and ``width`` are the last row and
    column in which the sheet holds anything.
    """

    path: Path
    content: bytes | None = None
    sheet: str = ""
    header: int = 1
    at: Mapping[str, int] = {}
    rows: list[LedgerRow] = []
    bottom: int = 1
    width: int = 0
    grid: Sequence[Sequence[str]] = ()

    @cached_property
    def _by_code(self) -> dict[str, list[LedgerRow]]:
        return _grouped((row.code, row) for row in self.rows)

    @cached_property
    def _by_name(self) -> dict[str, list[LedgerRow]]:
        return _grouped((match_key(row.name or ""), row) for row in self.rows)

    def row_of(self, code: str | None, name: str | None) -> LedgerRow | None:
        """Return a department's row, by code, else by name; of several the one of the latest report."""
        found = self._by_code.get(code, []) if code else []
        if not found:
            named = self._by_name.get(match_key(name), []) if name else []
            found = [row for row in named if same(row.code, row.name, code, name)]
        return max(found, key=_rank, default=None)

    def add(self, code: str | None, name: str, **values: Value) -> LedgerRow:
        """Add a row below all others and return it."""
        self.bottom += 1
        row = LedgerRow(self.bottom, {}, is_new=True)
        row.enter(code=code, department=name, **values)
        if code:
            self._by_code.setdefault(code, []).append(row)
        self._by_name.setdefault(match_key(name), []).append(row)
        self.rows.append(row)
        return row

    @property
    def passed(self) -> frozenset[str]:
        """Return the digests of the files that the reviewers passed."""
        return frozenset(row.hash for row in self.rows if row.is_passed and row.hash is not None)

    @property
    def counts(self) -> dict[str, int]:
        """Return how many departments are in each state; a blank counts as nothing received, an unknown word not at all."""
        counts = dict.fromkeys(STATES, 0)
        for row in self.rows:
            try:
                counts[row.state or MISSING] += bool(row.name)
            except ValueError:
                continue
        return counts

    @property
    def uncounted(self) -> int:
        """Return how many departments have a word for their state that nobody knows."""
        return sum(bool(row.name) for row in self.rows) - sum(self.counts.values())

    @property
    def is_changed(self) -> bool:
        """Tell whether anything is to be entered."""
        return self.content is None or any(row.changes for row in self.rows)

    def cells(self) -> dict[Place, Value]:
        """Return what is to be written; a column that the file lacks comes, with its heading, behind all others."""
        entered = [(row, name, value) for row in self.rows for name, value in row.changes.items()]
        entered = [one for one in entered if one[2] is not None or one[1] in self.at]
        used = {name for _, name, _ in entered}
        lacking = [name for name in COLUMNS if name in used and name not in self.at]
        places = {name: self.width + number for number, name in enumerate(lacking, start=1)}
        cells: dict[Place, Value] = {(self.header, places[name]): say(f"ledger.{name}") for name in lacking}
        return cells | {(row.line, {**places, **self.at}[name]): value for row, name, value in entered}

    def line(self, row: LedgerRow) -> list[tuple[str, str]]:
        """Return all that stands in a row of the file, each with its heading; days are ISO dates."""
        days = {self.at.get(name) for name in DAYS}
        heads, cells = self.grid[self.header - 1], self.grid[row.line - 1]
        return [
            (head, _day(cell) if column in days else cell)
            for column, (head, cell) in enumerate(zip_longest(heads, cells, fillvalue=""), start=1)
        ]

    def cell(self, row: LedgerRow, column: str = "state") -> Address:
        """Return where a row's column stands."""
        return Address(self.sheet, row.line, self.at.get(column, 1))

    def review_of(self, code: str | None, name: str | None) -> tuple[Decimal | None, str | None]:
        """Return the reviewers' score and grade of a department; both ``None`` where there is none."""
        row = self.row_of(code, name)
        return (None, None) if row is None else row.review


def _day(text: str) -> str:
    """Return a day as an ISO date where a workbook holds its number."""
    try:
        return from_serial(Decimal(text))
    except InvalidOperation:
        return text


def _grouped(pairs: Iterable[tuple[str | None, LedgerRow]]) -> dict[str, list[LedgerRow]]:
    groups: dict[str, list[LedgerRow]] = {}
    for key, row in pairs:
        if key:
            groups.setdefault(key, []).append(row)
    return groups


def _rank(row: LedgerRow) -> Decimal:
    try:
        return row.revision or Decimal(0)
    except ValueError:
        return Decimal(0)


def read_ledger(path: Path, content: bytes) -> Ledger:
    """Read a ledger from ``.xlsx``, ``.xlsm`` or ``.csv``, in whatever order its columns stand.

    Raises ``ListUnreadable`` where it cannot be read, or lacks a column that it cannot do without.
    """
    found = find_list(path, headings(), NEEDED, content)
    rows = [
        LedgerRow(line, texts) for line, texts in found.records if texts["department"] or texts.get("code")
    ]
    bottom = found.header + len(found.records)
    return Ledger(path, content, found.sheet, found.header, found.at, rows, bottom, found.width, found.grid)
