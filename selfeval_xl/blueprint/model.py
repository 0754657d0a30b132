"""What a blueprint is made of: cells, sheets, names, and where each item stands.

Pure values.  The template is written from them, the text twin printed, data placed,
formulas computed, a clerk's file compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from msgspec import Struct, field

from selfeval_xl.blueprint.limits import rules_of
from selfeval_xl.cells import Address, Area, Value, quote_sheet, range_ref
from selfeval_xl.form.model import Form, Key, Rule, Settings
from selfeval_xl.rules.evaluate import Evaluator, compiled
from selfeval_xl.rules.printing import print_formula
from selfeval_xl.rules.tree import Node

GENERAL = ""
TEXT = "@"


def numbered_format(pattern: str, number: int) -> str:
    """Return the number format that shows a text with a generated number before it; *pattern* holds ``{n}``."""
    shown = pattern.replace("{n}", str(number))
    return f'"{shown}"@' if shown else TEXT


class Shape(Struct, frozen=True):
    """How many rows a workbook has.

    ``rows`` counts the entity rows, the head's included.  ``blocks`` gives the rows of
    every text block, list and group of goals by its id.  ``entity`` marks the workbook
    of a single entity.
    """

    rows: int
    blocks: tuple[tuple[str, int], ...] = ()
    entity: bool = False

    def block(self, block_id: str, default: int) -> int:
        """Return the rows of a block, or *default*."""
        return dict(self.blocks).get(block_id, default)


class CellPlan(Struct, frozen=True):
    """A cell: how it looks, its constant or formula, and whether it is locked."""

    style: str
    value: Value = None
    formula: Node | None = None
    locked: bool = True
    format: str = GENERAL


class Validation(Struct, frozen=True):
    """What an input cell accepts; the texts are for the clerk.

    The choices of a list stand in the cells of ``source`` where there is one; ``least`` is the smallest whole number.
    """

    areas: tuple[Area, ...]
    kind: str
    choices: tuple[str, ...] = ()
    title: str = ""
    prompt: str = ""
    error: str = ""
    source: Area | None = None
    least: int = 0


class Condition(Struct, frozen=True):
    """A conditional format: the style of *area* where *formula* holds, relative to its first cell."""

    area: Area
    style: str
    formula: Node


class Link(str):
    """A text that leads somewhere: ``target`` is what HYPERLINK takes, a file or ``#`` and a cell."""

    __slots__ = ("target",)
    target: str

    def __new__(cls, text: str, target: str) -> Link:
        """Return *text* with where it leads."""
        link = super().__new__(cls, text)
        link.target = target
        return link


class Chart(Struct, frozen=True):
    """A chart over cells: the names in ``categories``, and the figures of each series with its name.

    ``kind`` is ``bar`` (from the top down), ``column`` or ``stacked`` (bars in a row).  It stands at a cell
    and is so many pixels wide and high.
    """

    title: str
    kind: str
    categories: Area
    series: tuple[tuple[str, Area], ...]
    row: int
    column: int
    width: int
    height: int
    number_format: str


LONGEST_TARGET = 255
"""What a text in a formula of Excel can hold."""


def linked(text: str, target: str | None) -> str:
    """Return *text* as something to click on, unless it leads nowhere or too far for a formula."""
    return text if not target or len(target) > LONGEST_TARGET else Link(text, target)


class Mark(Struct, frozen=True):
    """What is said of a cell of somebody else's: a severity, which gives its colour, and a note or ``""``."""

    severity: str
    note: str


class Row(NamedTuple):
    """A row of a body: its values from the first column on, whether it stands out, how deep it folds."""

    values: Sequence[Value]
    strong: bool = False
    level: int = 0


class Body(Struct, frozen=True):
    """Rows that are made while they are written, because there can be very many.

    The first stands at ``top``.  ``styles`` and ``strong_styles`` are those of the columns;
    ``amounts`` are the columns shown as amounts, in which a text is still a text.
    ``depth`` is the deepest level at which a row folds.
    """

    top: int
    count: int
    rows: Callable[[], Iterable[Row]]
    styles: tuple[str, ...]
    strong_styles: tuple[str, ...]
    amounts: tuple[bool, ...]
    depth: int = 0
    least_height: float = 0.0

    @property
    def bottom(self) -> int:
        """Return the last row."""
        return self.top + self.count - 1


class SheetPlan(Struct):
    """One worksheet.

    ``heights`` are set by hand, ``least_heights`` are exceeded where a text needs more;
    ``plain`` leaves texts without a box; ``keep`` holds runs of rows that stay together on a printed page; ``side_row`` is the next
    free row for what is not printed; ``field_slot`` counts the fields on the last row of fields;
    ``before`` and ``before_top`` tell what was laid out last, and from which row.
    ``filtered`` is what somebody can filter, its first row holding the buttons; ``body`` stands among
    the cells, in rows that none of them is in.  ``marks`` are colours and notes on cells.  One that
    ``is_filled_in`` has input cells although nobody fills in the workbook.
    ``results`` is where a program writes what it found: unlocked, and never read.
    """

    name: str
    kind: str
    landscape: bool = False
    plain: bool = False
    hidden: bool = False
    cells: dict[tuple[int, int], CellPlan] = {}
    merges: list[Area] = []
    widths: dict[int, float] = {}
    heights: dict[int, float] = {}
    least_heights: dict[int, float] = {}
    validations: list[Validation] = []
    conditions: list[Condition] = []
    freeze: tuple[int, int] | None = None
    print_columns: int = 0
    print_bottom: int = 0
    repeat: tuple[int, int] | None = None
    breaks: list[int] = []
    keep: list[tuple[int, int]] = []
    side_row: int = 0
    field_slot: int = 0
    is_collection: bool = False
    before: str = ""
    before_top: int = 0
    protected: bool = True
    is_filled_in: bool = False
    body: Body | None = None
    filtered: Area | None = None
    results: Area | None = None
    marks: dict[tuple[int, int], Mark] = {}
    charts: list[Chart] = []

    def put(self, row: int, column: int, plan: CellPlan) -> Address:
        """Set a cell and return its address; a cell set twice is a bug in the layout."""
        if (row, column) in self.cells:
            raise ValueError(f"{self.name}: cell {row},{column} is set twice")
        self.cells[(row, column)] = plan
        return Address(self.name, row, column)

    @property
    def corners(self) -> list[tuple[int, int]]:
        """Return the first and the last row and column that have a cell, or nothing."""
        if not self.cells:
            return []
        rows, columns = zip(*self.cells, strict=True)
        return [(min(rows), min(columns)), (max(rows), max(columns))]

    @property
    def last_row(self) -> int:
        """Return the last row that has a cell."""
        return max((row for row, _ in self.cells), default=0)


class TablePlace(Struct, frozen=True):
    """Where a table stands: the total row, the first entity row, and its columns."""

    sheet: str
    label: str
    total_row: int
    first_row: int
    rows: int
    name_column: int
    columns: dict[str, int]
    attributes: dict[str, int]
    inputs: tuple[str, ...]

    def cell(self, label: str, index: int) -> Address:
        """Return the cell of an item; index 0 is the total row, 1 the first entity row."""
        column = self.columns.get(label) or self.attributes.get(label) or self.name_column
        row = self.total_row if index == 0 else self.first_row + index - 1
        return Address(self.sheet, row, column)

    def block(self, label: str) -> Area:
        """Return the block of an item's entity rows, spare ones included."""
        top = self.cell(label, 1)
        return Area(self.sheet, top.row, top.column, top.row + self.rows - 1, top.column)

    def with_total(self, label: str) -> Area:
        """Return an item's block with the total row above it."""
        return self.block(label)._replace(top=self.total_row)


class TextPlace(Struct, frozen=True):
    """Where paragraphs stand: a run of rows in one column, with a column of marks."""

    sheet: str
    first_row: int
    rows: int
    column: int
    mark_column: int
    capacity: int

    def area(self) -> Area:
        """Return the rows of text."""
        return Area(self.sheet, self.first_row, self.column, self.first_row + self.rows - 1, self.column)

    def cell(self, index: int) -> Address:
        """Return the cell of the row with this 0-based index."""
        return Address(self.sheet, self.first_row + index, self.column)

    def mark(self, index: int) -> Address:
        """Return the cell of the mark beside the row."""
        return Address(self.sheet, self.first_row + index, self.mark_column)


class GoalPlace(Struct, frozen=True):
    """Where the goals of one class stand: goal and achievement side by side."""

    goal: TextPlace
    done: TextPlace


class ListPlace(Struct, frozen=True):
    """Where records stand: a row each, a column an item."""

    sheet: str
    first_row: int
    rows: int
    columns: dict[str, int]

    def cell(self, label: str, index: int) -> Address:
        """Return the cell of an item in the record with this 0-based index."""
        return Address(self.sheet, self.first_row + index, self.columns[label])


class Places(Struct):
    """Where each item of the form stands."""

    fields: dict[Key, Address] = {}
    tables: dict[str, TablePlace] = {}
    texts: dict[tuple[str, str, str], TextPlace] = {}
    goals: dict[tuple[str, str], GoalPlace] = {}
    lists: dict[str, ListPlace] = {}
    headings: dict[str, TextPlace] = {}
    exists: dict[int, Address] = {}
    year: Address | None = None
    grades: tuple[tuple[Address, Address], ...] = ()


class Instance(Struct, frozen=True):
    """A rule at one place: an entity's row, a column, a cell, or the single fields.

    ``index`` is the entity row as in :class:`TablePlace`, ``None`` where there is none.
    ``verdict`` is the whole tree, ``left`` and ``right`` its sides; ``addends`` counts
    what a printed total was added up from; ``condition`` is what must hold, without guards.
    """

    rule: Rule
    index: int | None
    item: Key | None
    look: Address
    cells: tuple[Address, ...]
    make_verdict: Callable[[], Node]
    left: Node | None = None
    right: Node | None = None
    addends: int = 0
    condition: Node | None = None

    @property
    def verdict(self) -> Node:
        """Return the tree; it is made when first asked for, since most places are only asked for their row's."""
        return self.make_verdict()


class Fixed(Struct, frozen=True):
    """What the locked cells of a sheet hold, by place: constants, nothing at all, or a formula's text."""

    constants: dict[tuple[int, int], Value]
    blanks: frozenset[tuple[int, int]]
    formulas: dict[tuple[int, int], str]


class Blueprint(Struct, eq=False):
    """A workbook as a value; two are the same only if they are one.

    ``row_verdicts`` gives the cell of a rule's verdict by rule, table and row.
    """

    form: Form
    settings: Settings
    shape: Shape
    year: int
    kind: str
    sheets: dict[str, SheetPlan] = {}
    names: dict[str, Area] = {}
    places: Places = field(default_factory=Places)
    instances: list[Instance] = []
    row_verdicts: dict[tuple[str, str, int], Address] = {}
    properties: dict[str, str] = {}
    _rules: tuple[Rule, ...] = ()
    _name_texts: dict[str, str] = {}
    _inputs: dict[str, dict[tuple[int, int], Address]] = {}
    _fixed: dict[str, Fixed] = {}
    _compiled: dict[int, tuple[Node, Evaluator]] = {}

    def __post_init__(self) -> None:
        # What was made for a blueprint is not true of one that was made from it by changing a field.
        self._rules, self._name_texts, self._inputs, self._fixed, self._compiled = (), {}, {}, {}, {}

    def evaluator(self, tree: Node) -> Evaluator:
        """Return the function that computes *tree*, a formula or rule of this blueprint; compiled once."""
        # Found by identity: comparing whole trees would cost more than computing them.
        known = self._compiled.get(id(tree))
        if known is None:
            known = self._compiled[id(tree)] = (tree, compiled(tree))
        return known[1]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Return the form's rules with the bureau's limits; made once."""
        if not self._rules:
            self._rules = rules_of(self.form, self.settings)
        return self._rules

    @property
    def name_texts(self) -> dict[str, str]:
        """Return the text that every defined name refers to; printed once."""
        if not self._name_texts:
            for name, area in self.names.items():
                self._name_texts[name] = f"{quote_sheet(area.sheet)}!{range_ref(area, absolute=True)}"
        return self._name_texts

    @property
    def inputs(self) -> dict[str, dict[tuple[int, int], Address]]:
        """Return the input cells of every sheet by their places; found once."""
        if not self._inputs:
            for name, sheet in self.sheets.items():
                left_out = set() if sheet.results is None else set(sheet.results.addresses())
                found = {
                    place: Address(name, *place) for place, plan in sheet.cells.items() if not plan.locked
                }
                self._inputs[name] = {
                    place: address for place, address in found.items() if address not in left_out
                }
        return self._inputs

    def fixed(self, name: str) -> Fixed:
        """Return what the locked cells of a sheet hold; formulas are printed once."""
        known = self._fixed.get(name)
        if known is None:
            locked = {place: plan for place, plan in self.sheets[name].cells.items() if plan.locked}
            known = self._fixed[name] = Fixed(
                {place: plan.value for place, plan in locked.items() if plan.value is not None},
                frozenset(
                    place for place, plan in locked.items() if plan.value is None and plan.formula is None
                ),
                {
                    place: print_formula(plan.formula, name)
                    for place, plan in locked.items()
                    if plan.formula is not None
                },
            )
        return known

    def sheet(self, name: str) -> SheetPlan:
        """Return a sheet by name."""
        return self.sheets[name]

    def plan(self, address: Address) -> CellPlan | None:
        """Return the plan of a cell, or ``None`` outside the blueprint."""
        sheet = self.sheets.get(address.sheet)
        return None if sheet is None else sheet.cells.get((address.row, address.column))

    def formulas(self) -> list[Address]:
        """Return every formula cell, sheet by sheet, row by row."""
        return [
            Address(sheet.name, row, column)
            for sheet in self.sheets.values()
            for (row, column), plan in sorted(sheet.cells.items())
            if plan.formula is not None
        ]
