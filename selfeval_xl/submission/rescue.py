"""What a clerk typed, found again in a workbook whose sheets, rows or columns are no longer where they were.

Every typed value either comes to the item that its labels name, or is listed: none is ever guessed to a place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct

from selfeval_xl.blueprint.build import build
from selfeval_xl.blueprint.checks import NOTES
from selfeval_xl.blueprint.model import Blueprint, Shape, TablePlace
from selfeval_xl.cells import Address, CellError, Value
from selfeval_xl.findings import Verdict
from selfeval_xl.form.model import Key
from selfeval_xl.names import match_key
from selfeval_xl.ooxml.book import Book, Place, Sheet
from selfeval_xl.ooxml.formulas import mentioned
from selfeval_xl.submission.alignment import Alignment, aligned, landmarks, mark_words
from selfeval_xl.submission.model import MOST_ROWS, Submission
from selfeval_xl.submission.origin import Origin, origin_of
from selfeval_xl.submission.rescue_blocks import block_places
from selfeval_xl.submission.rescue_rows import Rows, rows_of
from selfeval_xl.submission.results import without_results
from selfeval_xl.submission.taking import take
from selfeval_xl.submission.typed_numbers import plain_number
from selfeval_xl.submission.workbook import calculated, count_from_1900
from selfeval_xl.texts import say

MOST_TEXT_ROWS = 2000
TEXT, MARK, NUMBER, AMOUNT = "text", "mark", "number", "amount"
VERDICTS = tuple(verdict.word for verdict in Verdict)


class Line(Struct, frozen=True):
    """Something to tell about one cell: why (a code), where it stood, what it holds, and what was made of it."""

    code: str
    place: str
    text: str = ""
    taken: str = ""

    @property
    def said(self) -> str:
        """Return what there is to tell, as a clerk reads it."""
        return say(f"repair.{self.code}", text=self.text, taken=self.taken)


class Rescued(Struct):
    """A report found again.

    ``came`` counts the values that came over.  ``converted`` are texts taken as the numbers that they are,
    ``dropped`` figures that stood in the place of formulas, ``left`` what found no place.
    """

    origin: Origin
    fitted: Blueprint
    submission: Submission
    came: int = 0
    converted: list[Line] = []
    dropped: list[tuple[Address, Key, int, Value]] = []
    left: list[Line] = []
    renamed: list[tuple[str, str]] = []
    missing: list[str] = []


def rescue(book: Book) -> Rescued | None:
    """Return the report in *book*, or ``None`` where nothing says which form it is."""
    origin = origin_of(book)
    return None if origin is None else _Rescue(book, origin).run()


class _Rescue:
    def __init__(self, book: Book, origin: Origin) -> None:
        self.book, self.origin, self.plan = book, origin, origin.blueprint
        self.form = self.plan.form
        self.sheets: dict[str, Sheet] = {
            name: without_results(book.sheets[there], self.plan.sheets[name])
            for name, there in origin.sheets.items()
        }
        self.lines: dict[str, Alignment] = {
            name: aligned(self.plan, name, sheet) for name, sheet in self.sheets.items()
        }
        self.taken: dict[str, set[Place]] = {name: set() for name in self.sheets}
        self.typed: dict[Address, Value] = {}
        self.strays = {name: self._strays(name) for name in self.sheets}
        self.words = {match_key(word) for word in mark_words(self.form)}
        self.fitted = self.plan
        self.result = Rescued(origin, self.plan, Submission(self.form))

    def _strays(self, name: str) -> set[str]:
        """Return the labels that were not found where they should be: elsewhere they are no clerk's words."""
        found = self.lines[name].rows
        rows = landmarks(self.plan, name).rows
        return {key for row, labels in rows.items() if row not in found for key in labels.values()}

    def run(self) -> Rescued:
        """Find everything; the report is then read from a blueprint of the size that was found."""
        result = self.result
        result.missing = [
            sheet.name
            for sheet in self.plan.sheets.values()
            if sheet.name not in self.sheets and sheet.kind in ("form", "checks")
        ]
        result.renamed = [(name, there) for name, there in self.origin.sheets.items() if name != there]
        rows = rows_of(self.plan, self.sheets, self.lines)
        runs = self._runs()
        self.fitted = result.fitted = self._fitted(rows, runs)
        self._fields(self.fitted)
        self._tables(self.fitted, rows)
        self._blocks(self.fitted, runs)
        if self.book.date1904:
            count_from_1900(self.typed, self.fitted)
        result.came = len(self.typed)
        result.submission = take(self.fitted, self.typed)
        result.left += [*self._leftovers(), *self._comments(), *self._own_sheets()]
        return result

    # Blocks of text, lists and goals: as many rows as lie between two landmarks

    def _runs(self) -> dict[str, tuple[int, int]]:
        """Return where each block was found: the first row, and how many up to the last that holds anything; empty ones are left out."""
        found: dict[str, tuple[int, int]] = {}
        for block in block_places(self.plan):
            line = self.lines.get(block.sheet)
            run = line.run(block.first, block.rows) if line is not None and block.rows else None
            if line is None or run is None or not run.is_sure:
                continue
            there = {line.columns.get(column) for column, _ in block.columns}
            filled = [
                row
                for row, column in self.sheets[block.sheet].values
                if column in there and row >= run.first and (not run.last or row <= run.last)
            ]
            if filled:
                found[block.id] = run.first, min(max(filled) - run.first + 1, MOST_TEXT_ROWS)
        return found

    def _fitted(self, rows: Rows, runs: Mapping[str, tuple[int, int]]) -> Blueprint:
        """Return a blueprint in which every block has room for what was found."""
        planned = {block.id: block.rows for block in block_places(self.plan)}
        blocks = dict(self.plan.shape.blocks) | {
            block: max(planned[block], count) for block, (_, count) in runs.items()
        }
        count = max(self.plan.shape.rows, rows.count)
        shape = Shape(min(count, MOST_ROWS), tuple(blocks.items()), self.plan.shape.entity)
        return build(self.form, self.plan.settings, shape, self.plan.year, self.plan.kind)

    def _blocks(self, fitted: Blueprint, runs: Mapping[str, tuple[int, int]]) -> None:
        for block in block_places(fitted):
            start, count = runs.get(block.id, (0, 0))
            for column, is_mark in block.columns if count else ():
                at = self.lines[block.sheet].columns.get(column)
                if at is not None:
                    for offset in range(count):
                        target = Address(block.sheet, block.first + offset, column)
                        self._take((start + offset, at), target, MARK if is_mark else TEXT)

    # Single fields and tables

    def _fields(self, fitted: Blueprint) -> None:
        for key, address in self.plan.places.fields.items():
            line, plan = self.lines.get(address.sheet), self.plan.plan(address)
            if line is None or plan is None or plan.locked:
                continue
            row, column = line.row(address.row), line.columns.get(address.column)
            if row is not None and column is not None:
                what = NUMBER if self.form.fields[key].is_number else TEXT
                self._take((row, column), fitted.places.fields[key], what)

    def _tables(self, fitted: Blueprint, rows: Rows) -> None:
        """Take over the tables, first the one that says who the entities are."""
        tables = fitted.places.tables
        for label in sorted(tables, key=lambda one: one != rows.named):
            line = self.lines.get(tables[label].sheet)
            for item in ("", *tables[label].columns, *tables[label].attributes):
                column = None if line is None else self._column(line, label, item)
                if column is not None:
                    for row, index in rows.of.get(label, {}).items():
                        self._table_cell((row, column), tables[label], item, index, rows.named)

    def _column(self, line: Alignment, label: str, item: str) -> int | None:
        return line.columns.get(self.plan.places.tables[label].cell(item, 1).column)

    def _table_cell(self, place: Place, table: TablePlace, item: str, index: int, named: str) -> None:
        target = table.cell(item, index)
        if item in table.inputs and index:
            self._take(place, target, AMOUNT)
        elif item in table.columns:
            self._typed_over(table.sheet, place, (table.label, item), index)
        elif index and item:
            self._take(place, target)
        elif index and table.label == named:
            is_head = index == 1 and not self.plan.shape.entity
            if not is_head:
                self._take(place, self._name_cell(index), TEXT, table.sheet)
        elif index:
            self._repeated_name(table.sheet, place, index)

    def _name_cell(self, index: int) -> Address:
        return self.fitted.places.tables[self.form.name_table].cell("", index)

    def _repeated_name(self, name: str, place: Place, index: int) -> None:
        """Pass over the entity's name where a formula showed it once."""
        value = self.sheets[name].values.get(place)
        typed = self.typed.get(self._name_cell(index))
        if value is not None and match_key(_shown(value)) == match_key(_shown(typed or "")):
            self.taken[name].add(place)

    def _typed_over(self, name: str, place: Place, key: Key, index: int) -> None:
        """Note a figure in the place of a formula; the formula comes back."""
        sheet = self.sheets[name]
        value = sheet.values.get(place)
        if place not in sheet.formulas and value is not None:
            self.taken[name].add(place)
            self.result.dropped.append((self._there(name, place), key, index, value))

    def _there(self, name: str, place: Place) -> Address:
        return Address(self.origin.sheets[name], *place)

    def _take(self, place: Place, target: Address, what: str = TEXT, name: str = "") -> None:
        """Take what stands at a place of the target's sheet, or of the sheet *name*, over to *target*.

        A mark that is none stays where it is, as do an error and a label that strayed.
        """
        name = name or target.sheet
        value = self.sheets[name].values.get(place)
        if place in self.sheets[name].formulas:
            value = self._calculated(name, place, value, may_lean=what == AMOUNT or name != target.sheet)
        if value is None or value == "" or place in self.taken[name] or isinstance(value, CellError):
            return
        key = match_key(_shown(value))
        is_misplaced = (what == MARK and key not in self.words) or key in self.strays[name]
        if is_misplaced or self.fitted.plan(target) is None:
            return
        if what in (NUMBER, AMOUNT) and isinstance(value, str):
            value = self._as_number(name, place, value)
        self.taken[name].add(place)
        self.typed[target] = value

    def _as_number(self, name: str, place: Place, text: str) -> Value:
        """Return the number that a text is beyond doubt, and note it; else the text."""
        number = plain_number(text, self.form.unit)
        if number is None:
            return text
        there = str(self._there(name, place))
        self.result.converted.append(Line("converted", there, text, _shown(number)))
        return number

    def _calculated(self, name: str, place: Place, value: Value, *, may_lean: bool) -> Value:
        """Return the result of a calculation; one that nobody here can do, or that may not lean on cells, is listed."""
        formula = self.sheets[name].formulas[place]
        leans = bool(mentioned(formula, name))
        if value is None and not leans:
            value = calculated(formula)
        if value is not None and (may_lean or not leans):
            return value
        if value not in VERDICTS and value != "":
            text = f"={formula}" if value is None else _shown(value)
            self.result.left.append(Line("left", str(self._there(name, place)), text))
        return None

    # What found no place

    def _leftovers(self) -> Iterator[Line]:
        """Yield the values on the form's own sheets that are neither taken, nor a label, nor calculated."""
        for name, sheet in self.sheets.items():
            of_formulas = _OfFormulas(self.plan, name, self.lines[name])
            labels, top = landmarks(self.plan, name).weights, self._top(name)
            for place, value in sheet.values.items():
                is_ours = place in self.taken[name] or place in sheet.formulas or value in ("", *VERDICTS)
                is_ours = is_ours or match_key(_shown(value)) in labels or of_formulas.holds(place, value)
                if not is_ours and top is not None and place[0] >= top:
                    code = "error" if isinstance(value, CellError) else "left"
                    yield Line(code, str(self._there(name, place)), _shown(value))

    def _top(self, name: str) -> int | None:
        """Return the first row in which somebody can have typed: on the check sheet that of the explanations."""
        kind = self.plan.sheets[name].kind
        if kind != "checks":
            return 1 if kind == "form" else None
        heading = self.plan.places.lists[NOTES].first_row - 2
        found = self.lines[name].rows
        return max((found[row] for row in found if row <= heading), default=None)

    def _comments(self) -> Iterator[Line]:
        for sheet in self.book.sheets.values():
            for comment in sheet.comments:
                yield Line("comment", str(Address(sheet.name, *comment.place)), comment.text)

    def _own_sheets(self) -> Iterator[Line]:
        ours = set(self.origin.sheets.values())
        for name, sheet in self.book.sheets.items():
            if name not in ours and sheet.values:
                yield Line("sheet", name, str(len(sheet.values)))


class _OfFormulas:
    """Where a sheet's formulas stood, so that what stands there now was calculated once."""

    def __init__(self, plan: Blueprint, name: str, line: Alignment) -> None:
        self._cells = plan.sheets[name].cells
        self._rows = {line.likely_row(row): row for row, _ in self._cells}
        self._columns = {found: planned for planned, found in line.columns.items()}
        tables = [table for table in plan.places.tables.values() if table.sheet == name]
        self._names = {table.name_column: table.total_row for table in tables}
        self._flags = {cell.column for cell in plan.places.exists.values() if cell.sheet == name}

    def holds(self, place: Place, value: Value) -> bool:
        """Tell whether a value is no clerk's own; a name that a formula repeated can be all there is of it."""
        column = self._columns.get(place[1])
        if column in self._flags:
            return value in (Decimal(0), Decimal(1))
        row = self._rows.get(place[0])
        if column in self._names and row is not None and row > self._names[column]:
            return False
        cell = None if row is None or column is None else self._cells.get((row, column))
        return cell is not None and cell.formula is not None


def _shown(value: Value) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)
