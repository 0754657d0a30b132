"""Which row of a damaged table is whose: by the formulas that lead from table to table, by names, by place.

A row that none of them tells stays where it is, and is listed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from msgspec import Struct

from selfeval_xl.blueprint.model import Blueprint, TablePlace
from selfeval_xl.names import match_key
from selfeval_xl.ooxml.book import Sheet
from selfeval_xl.ooxml.formulas import mentioned
from selfeval_xl.submission.alignment import Alignment, Run, landmarks

MOST = 0.75

Sheets = Mapping[str, Sheet]
Lines = Mapping[str, Alignment]


class Rows(Struct):
    """By table the index of each row that was found, 0 for the total row; ``count`` is the largest.

    ``named`` is the table that says who the entities are: the form's own, or the first where that is gone.
    """

    named: str
    of: dict[str, dict[int, int]] = {}
    count: int = 0


def rows_of(plan: Blueprint, sheets: Sheets, lines: Lines) -> Rows:
    """Return whose the rows of all tables are."""
    finder = _Finder(plan, sheets, lines)
    rows = Rows(finder.table.label)
    for label, table in plan.places.tables.items():
        if table.sheet in lines:
            total = lines[table.sheet].rows.get(table.total_row)
            found = finder.named if table is finder.table else finder.by_formula_name_or_place(table)
            rows.of[label] = ({total: 0} if total is not None else {}) | found
    rows.count = max((index for found in rows.of.values() for index in found.values()), default=0)
    return rows


class _Finder:
    def __init__(self, plan: Blueprint, sheets: Sheets, lines: Lines) -> None:
        self.plan, self.sheets, self.lines = plan, sheets, lines
        tables = plan.places.tables
        own = tables[plan.form.name_table]
        self.is_own = own.sheet in lines
        there = (table for table in tables.values() if table.sheet in lines)
        self.table = own if self.is_own else next(there, own)
        self.run = self._run(self.table)
        self.named = self._named()
        self.by_origin = self._by_origin()
        self._names = Counter(self._name(self.table, row) for row in self.named)
        self.by_name = self._by_name()

    def _run(self, table: TablePlace) -> Run | None:
        line = self.lines.get(table.sheet)
        return None if line is None else line.run(table.first_row, table.rows)

    def _rows(self, table: TablePlace, run: Run | None) -> list[int]:
        """Return the rows in which entities of a table can stand."""
        if run is None:
            return []
        last = run.last or max((row for row, _ in self.sheets[table.sheet].values), default=0)
        return [row for row in range(run.first, last + 1) if not self._is_printed(table, row)]

    def _is_printed(self, table: TablePlace, row: int) -> bool:
        """Tell whether a label stands among the amounts of a row: then it is a printed one, and no entity's."""
        sheet, labels = self.sheets[table.sheet], landmarks(self.plan, table.sheet).weights
        places = [(row, self._column(table, item)) for item in table.columns]
        texts = [sheet.values.get((row, column)) for row, column in places if column is not None]
        return any(isinstance(text, str) and match_key(text) in labels for text in texts)

    def _head(self, table: TablePlace) -> int | None:
        """Return the row of the head, ``None`` where it is gone or the workbook is of one entity.

        Under another label it is still the first row, if no row was lost or added.
        """
        line, run = self.lines.get(table.sheet), self._run(table)
        if line is None or run is None or self.plan.shape.entity:
            return None
        return line.rows.get(table.first_row, run.first if run.is_whole else None)

    def _is_filled(self, table: TablePlace, row: int) -> bool:
        columns = [self._column(table, item) for item in (*table.inputs, *table.attributes, "")]
        values = self.sheets[table.sheet].values
        return any(column is not None and values.get((row, column), "") != "" for column in columns)

    def _column(self, table: TablePlace, item: str) -> int | None:
        return self.lines[table.sheet].columns.get(table.cell(item, 1).column)

    def _name(self, table: TablePlace, row: int) -> str:
        column = self._column(table, "")
        value = None if column is None else self.sheets[table.sheet].values.get((row, column))
        return match_key(value) if isinstance(value, str) else ""

    def _named(self) -> dict[int, int]:
        """Return the rows of the table in which entities are named, in their order.

        A row that holds neither anything nor a formula was added, or lies below the table.
        """
        rows = self._rows(self.table, self.run)
        head = self._head(self.table)
        others = [row for row in rows if row != head and self._is_row(row)]
        first = 1 if self.plan.shape.entity else 2
        found = {row: index for index, row in enumerate(others, start=first)}
        return found if head is None else {head: 1, **found}

    def _is_row(self, row: int) -> bool:
        run, table = self.run, self.table
        is_planned = run is not None and run.is_whole and row < run.first + table.rows
        formulas = self.sheets[table.sheet].formulas
        is_calculated = any((row, self._column(table, item)) in formulas for item in table.columns)
        return is_planned or is_calculated or self._is_filled(table, row)

    def _by_origin(self) -> dict[int, int]:
        """Return the index of each row by the number under which formulas speak of it.

        Excel changes that number when a row moves, some programs do not; the row's own formulas tell, or where
        the table of names is gone, what the name is a formula of.
        """
        found: dict[int, list[int]] = defaultdict(list)
        for row, index in self.named.items():
            spoken = self._own_number(row) if self.is_own else self._spoken_of(self.table, row)
            if spoken is not None:
                found[spoken].append(index)
        return {row: indexes[0] for row, indexes in found.items() if len(indexes) == 1}

    def _own_number(self, row: int) -> int | None:
        """Return the row that nearly all formulas in a row speak of, which is their own."""
        votes: Counter[int] = Counter()
        for (there, _), text in self.sheets[self.table.sheet].formulas.items():
            if there == row:
                rows = {one.top for one in mentioned(text, "") if one.sheet == "" and one.height == 1}
                votes.update(rows if len(rows) == 1 else ())
        best = votes.most_common(1)
        return best[0][0] if best and best[0][1] >= MOST * votes.total() else None

    def _by_name(self) -> dict[str, int]:
        """Return the index of each name that stands once."""
        names = {self._name(self.table, row): index for row, index in self.named.items()}
        return {name: index for name, index in names.items() if name and self._names[name] == 1}

    def by_formula_name_or_place(self, table: TablePlace) -> dict[int, int]:
        """Return whose the rows of another table are; an index that two rows claim is nobody's."""
        run, head = self._run(table), self._head(table)
        rows = self._rows(table, run)
        claims: dict[int, list[int]] = defaultdict(list)
        for row in rows:
            index = 1 if row == head else self._index(table, row)
            if index is not None:
                claims[index].append(row)
        found = {claimed[0]: index for index, claimed in claims.items() if len(claimed) == 1}
        if run is None or self.run is None or not (run.is_whole and self.run.is_whole):
            return found
        claimed = {row for rows_ in claims.values() for row in rows_}
        inner = [row for row in rows if row not in claimed and row < run.first + table.rows]
        return found | {row: row - run.first + 1 for row in inner if self._fits(table, row, run.first, found)}

    def _index(self, table: TablePlace, row: int) -> int | None:
        spoken = self._spoken_of(table, row)
        if spoken in self.by_origin:
            return self.by_origin[spoken]
        return self.by_name.get(self._name(table, row))

    def _fits(self, table: TablePlace, row: int, first: int, found: Mapping[int, int]) -> bool:
        """Tell whether a row that nothing names stands where it stood: the next known ones above and below do.

        A name that somebody else has in the first table contradicts that.
        """
        above = max((one for one in found if one < row), default=None)
        below = min((one for one in found if one > row), default=None)
        name = self._name(table, row)
        if above is None or below is None or (name and name in self._names):
            return False
        return found[above] == above - first + 1 and found[below] == below - first + 1

    def _spoken_of(self, table: TablePlace, row: int) -> int | None:
        """Return the row of the named table that a row's name is a formula of."""
        column = self._column(table, "")
        text = None if column is None else self.sheets[table.sheet].formulas.get((row, column))
        rows = {one.top for one in mentioned(text, "")} if text else set()
        return rows.pop() if len(rows) == 1 else None
