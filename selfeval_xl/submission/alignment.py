"""A sheet laid against its plan: which of its rows and columns are which, whatever was inserted or deleted.

Printed labels are the landmarks.  A row or column without one is found only where its neighbours on both
sides moved by the same distance, or by what stands in it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

from selfeval_xl.blueprint.model import Blueprint, SheetPlan
from selfeval_xl.findings import Verdict
from selfeval_xl.form.model import Form
from selfeval_xl.names import match_key
from selfeval_xl.ooxml.book import Sheet
from selfeval_xl.ooxml.formulas import mentioned

HALF = 0.5
SAME_ROW, NEXT_ROW = 0.1, 0.5
"""What it counts for a landmark, worth 1 at least, to stand where it stood, or as far below the last one as it did."""
SAME_COLUMN = 1.5
"""What it counts for a column without a label, beside the values in it, to lie where its neighbours say."""

WIDEST = 24
"""How far from the last known column one without a label is looked for."""

MISFIT = 3
"""How much more a text among marks, or a mark among texts, tells than one in its place."""

Texts = dict[int, dict[int, str]]
"""Texts by row and column, as keys that compare equal."""


class Landmarks(Struct, frozen=True):
    """The labels of a planned sheet, by row and column, and how much each tells: the rarer, the more."""

    rows: Texts
    weights: Mapping[str, float]

    @property
    def total(self) -> float:
        """Return what all labels together weigh."""
        return sum(self.weights.values())

    def share(self, sheet: Sheet) -> float:
        """Return how many of the labels, by weight, stand anywhere on *sheet*."""
        there = {key for row in texts_of(sheet).values() for key in row.values()}
        return sum(weight for key, weight in self.weights.items() if key in there) / (self.total or 1)


@lru_cache(maxsize=256)
def landmarks(blueprint: Blueprint, name: str) -> Landmarks:
    """Return the labels of a sheet of *blueprint*."""
    rows: Texts = defaultdict(dict)
    for (row, column), plan in blueprint.sheets[name].cells.items():
        if plan.locked and plan.formula is None and isinstance(plan.value, str) and match_key(plan.value):
            rows[row][column] = match_key(plan.value)
    counts = Counter(key for row in rows.values() for key in row.values())
    return Landmarks(dict(sorted(rows.items())), {key: 1 / count for key, count in counts.items()})


def texts_of(sheet: Sheet) -> Texts:
    """Return the texts of a sheet that nobody calculated."""
    rows: Texts = defaultdict(dict)
    for place, value in sheet.values.items():
        if isinstance(value, str) and place not in sheet.formulas and (key := match_key(value)):
            rows[place[0]][place[1]] = key
    return rows


class Run(Struct, frozen=True):
    """The rows that can belong to a run of planned rows; ``last`` is 0 where nothing stands below it.

    ``is_sure`` tells that the landmark next below was found, so that no rows of another run are among them;
    ``is_whole`` that no row was lost or added, so that each is the one that was planned.
    """

    first: int
    last: int
    is_sure: bool = True
    is_whole: bool = False


class Alignment(Struct):
    """Where the rows and columns of a plan stand in a sheet.

    ``rows`` holds the landmarks that were found, ``planned`` the rows of all; ``columns`` all columns that
    were found.
    """

    rows: dict[int, int]
    planned: tuple[int, ...]
    columns: dict[int, int] = {}

    def row(self, planned: int) -> int | None:
        """Return a row that must be where its neighbours say, or ``None``."""
        return _between(self.rows, planned)

    def likely_row(self, planned: int) -> int | None:
        """Return a row that is where its neighbours say, above the first landmark and below the last one neighbour."""
        found = self.row(planned)
        if found is None and self.rows:
            first, last = min(self.rows), max(self.rows)
            if not first < planned < last:
                nearest = first if planned < first else last
                return planned + self.rows[nearest] - nearest
        return found

    def planned_height(self, first: int, count: int) -> int:
        """Return how many rows the plan has from *first* to the landmark below a run of *count* rows."""
        return next((row for row in self.planned if row >= first + count), first + count) - first

    def run(self, first: int, count: int) -> Run | None:
        """Return the rows from a landmark to the next; ``None`` where nobody can tell where they begin."""
        above = max((row for row in self.planned if row <= first), default=0)
        if above == first and first not in self.rows and first - 1 in self.rows:
            above = first - 1
        below = next((row for row in self.planned if row >= first + count), None)
        start = (
            self.row(first) if above and above not in self.rows else self.rows.get(above, 0) + first - above
        )
        if start is None:
            return None
        if below is None:
            return Run(start, 0)
        end = self.row(below)
        if end is None:
            later = next((row for row in self.planned if row > below and row in self.rows), None)
            return Run(start, 0 if later is None else self.rows[later] - 1, is_sure=False)
        return Run(start, end - 1, is_whole=end - start == below - first)


def _between(known: Mapping[int, int], planned: int) -> int | None:
    """Return where a row is whose neighbours on both sides moved by the same distance."""
    if planned in known:
        return known[planned]
    before = max((one for one in known if one < planned), default=None)
    after = min((one for one in known if one > planned), default=None)
    if before is None or after is None or known[before] - before != known[after] - after:
        return None
    return planned + known[before] - before


def aligned(blueprint: Blueprint, name: str, sheet: Sheet) -> Alignment:
    """Lay *sheet* against the plan of the sheet called *name*."""
    marks = landmarks(blueprint, name)
    texts = texts_of(sheet)
    rows = _rows(marks, texts)
    plan = blueprint.sheets[name]
    known = _labelled(marks, texts, rows)
    words = {match_key(word) for word in mark_words(blueprint.form)}
    return Alignment(rows, tuple(marks.rows), known | _Filled(plan, marks, sheet, words).columns(known))


def mark_words(form: Form) -> tuple[str, ...]:
    """Return the words that can stand in a column of marks."""
    return form.keys.more_mark, form.keys.paragraph_mark, form.keys.heading_mark


class _Step(Struct):
    """A landmark taken to be at a row, and the best way of placing those before it."""

    planned: int
    found: int
    worth: float
    before: _Step | None = None


def _rows(marks: Landmarks, texts: Texts) -> dict[int, int]:
    """Return the rows of landmarks, in the order of both sides, that together tell most."""
    rows_of: dict[str, set[int]] = defaultdict(set)
    for row, cells in texts.items():
        for key in cells.values():
            rows_of[key].add(row)
    steps: list[_Step] = []
    for planned, labels in marks.rows.items():
        candidates = sorted({row for key in labels.values() for row in rows_of.get(key, ())})
        steps += [
            step
            for found in candidates
            if (step := _step(marks, labels, texts[found], planned, found, steps)) is not None
        ]
    best = max(steps, key=lambda one: one.worth, default=None)
    found_rows: dict[int, int] = {}
    while best is not None:
        found_rows[best.planned] = best.found
        best = best.before
    return dict(sorted(found_rows.items()))


def _step(
    marks: Landmarks,
    labels: Mapping[int, str],
    there: Mapping[int, str],
    planned: int,
    found: int,
    steps: Iterable[_Step],
) -> _Step | None:
    """Return a landmark at a row where at least half of what it says stands, by weight."""
    keys = set(labels.values())
    weight = sum(marks.weights[key] for key in keys & set(there.values()))
    share = weight / sum(marks.weights[key] for key in keys)
    if share < HALF:
        return None
    worth = 1 + share + (SAME_ROW if planned == found else 0.0)
    before, most = None, 0.0
    for one in steps:
        if one.planned < planned and one.found < found:
            total = one.worth + (NEXT_ROW if planned - one.planned == found - one.found else 0.0)
            if total > most:
                before, most = one, total
    return _Step(planned, found, worth + most, before)


# Columns


def _labelled(marks: Landmarks, texts: Texts, rows: Mapping[int, int]) -> dict[int, int]:
    """Return the columns that have labels, by most of their labels."""
    votes: dict[int, Counter[int]] = defaultdict(Counter)
    for planned, found in rows.items():
        labels, there = marks.rows[planned], texts[found]
        for key in set(labels.values()) & set(there.values()):
            wanted = [column for column, label in labels.items() if label == key]
            seen = [column for column, label in there.items() if label == key]
            if len(wanted) == len(seen):
                for column, at in zip(sorted(wanted), sorted(seen), strict=True):
                    votes[column][at] += 1
    return _rising({column: _elected(column, count) for column, count in sorted(votes.items())})


def _elected(column: int, count: Counter[int]) -> int:
    """Return the column with most votes; where two have as many, the one that stands where it stood."""
    return max(count, key=lambda at: (count[at], at == column))


def _rising(columns: Mapping[int, int]) -> dict[int, int]:
    """Return the most columns that keep their order."""
    chains: list[list[int]] = []
    for column, at in columns.items():
        before = max((one for one in chains if columns[one[-1]] < at), key=len, default=[])
        chains.append([*before, column])
    return {column: columns[column] for column in max(chains, key=len, default=[])}


class _Filled:
    """The columns that have no label: where their neighbours say, else by what stands in them.

    An amount is never taken for another's by its looks: its column has a label, or lies between two that
    moved alike.
    """

    def __init__(self, plan: SheetPlan, marks: Landmarks, sheet: Sheet, words: set[str]) -> None:
        styles: dict[int, set[str]] = defaultdict(set)
        for (_, column), cell in plan.cells.items():
            styles[column].add("" if cell.locked else cell.style)
        self._styles = styles
        self._planned = Counter(
            column for (_, column), cell in plan.cells.items() if cell.formula is not None
        )
        self._suits: Counter[tuple[int, bool]] = Counter()
        own = marks.weights.keys() | {match_key(verdict.word) for verdict in Verdict}
        for (row, column), value in sheet.values.items():
            key = match_key(value) if isinstance(value, str) else None
            if (row, column) not in sheet.formulas and key not in own and value != "":
                self._suits[column, key in words] += 1
        self._calculated = Counter(
            column for (_, column), text in sheet.formulas.items() if mentioned(text, "")
        )
        self._last = max((column for _, column in sheet.values), default=0)

    def columns(self, known: Mapping[int, int]) -> dict[int, int]:
        """Return where the columns are that are not *known*."""
        found: dict[int, int] = {}
        borders = [0, *known, max(self._styles, default=0) + 1]
        for left, right in pairwise(borders):
            inner = [column for column in range(left + 1, right) if column in self._styles]
            start = known.get(left, 0)
            most = min(max(self._last, start + right - left), start + WIDEST)
            end = known.get(right, most + 1)
            if right in known and end - start == right - left:
                found |= {column: column + start - left for column in inner}
            else:
                typed = [one for one in inner if self._styles[one] - {"", "amount.input"}]
                found |= self._best(typed, start + 1, end, start - left)[1]
        return found

    def _best(self, columns: list[int], start: int, end: int, shift: int) -> tuple[float, dict[int, int]]:
        """Return the placing of *columns*, in order, between *start* and *end* that suits best what stands there."""
        if not columns:
            return 0.0, {}
        first, rest = columns[0], columns[1:]
        best = self._best(rest, start, end, shift)
        for at in range(start, end):
            worth, placed = self._best(rest, at + 1, end, shift)
            worth += self._worth(first, at) + (SAME_COLUMN if at == first + shift else 0.0)
            if worth > best[0]:
                best = worth, {first: at, **placed}
        return best

    def _worth(self, column: int, at: int) -> int:
        is_mark = "mark.input" in self._styles[column]
        strange = self._suits[at, not is_mark] + max(0, self._calculated[at] - self._planned[column])
        return self._suits[at, is_mark] - MISFIT * strange
