"""The sheet on which a bureau adjusts totals: what is moved from where to where, how much, and why.

An amount leaves the totals at the unit that it is moved from and enters them at the one that it is moved
to; where both are named the totals stay as they are.  A line without a reason, of a unit that the totals do
not hold, or with more decimals than the form has, changes nothing and says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from selfeval_xl.blueprint.lists import BODY_ROW, NARROW, Column
from selfeval_xl.blueprint.model import Blueprint, CellPlan, Condition, SheetPlan, Validation
from selfeval_xl.cells import Address, Area, Value
from selfeval_xl.consolidation.grid import ADJUST_ROW, FIRST_AMOUNT, start_sheet
from selfeval_xl.consolidation.lists import read_list
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.form.heads import head_names
from selfeval_xl.form.model import Form, Key
from selfeval_xl.form.vocabulary import ItemName, Vocabulary
from selfeval_xl.names import match_key
from selfeval_xl.rules.tree import (
    Call,
    Name,
    Node,
    call,
    equal,
    minus,
    more,
    names,
    substitute,
    text,
    times,
    unequal,
)
from selfeval_xl.texts import say

COLUMNS = ("giver", "taker", "item", "amount", "reason")
LEAST_ROWS = 30
SPARE_ROWS = 10
MOST_ALIKE = 3
STATES = ("no_unit", "no_giver", "no_taker", "no_item", "no_amount", "decimals", "no_reason")
"""What may be wrong with a line."""

# Columns of the sheet; the items that may be adjusted, and the units, stand right of what is printed.
GIVER, TAKER, ITEM, AMOUNT, REASON, EFFECT, STATE, ITEMS, UNITS = range(2, 11)


class Adjustment(Struct, frozen=True):
    """One line as somebody typed it; ``line`` is its row in the list that it comes from, from 1.

    ``amount`` is in the form's unit; a text in its place is kept, and the line changes nothing.
    """

    line: int
    giver: str | None
    taker: str | None
    item: str | None
    amount: Decimal | str | None
    reason: str | None

    @property
    def texts(self) -> tuple[str | None, str | None, str | None, Decimal | str | None, str | None]:
        """Return what stands in the input cells, from the left."""
        return self.giver, self.taker, self.item, self.amount, self.reason


def units_in(files: Iterable[Reduced], form: Form) -> dict[str, str]:
    """Return what an adjustment may name, each by its code or the key of its name: departments, regions, what is below.

    A head is called the same everywhere, so it goes by its department's name.
    """
    units: dict[str, str] = {}
    for one in files:
        heads = head_names(form, one.department)
        lines = [(line.code, line.name) for line in one.lines[1:]]
        for code, name in [(one.code, one.department), *lines]:
            key = match_key(name or "")
            if name and key not in heads and name != say("summary.adjusted"):
                units.setdefault(key, name)
                units.setdefault(code or key, name)
    return units


def with_names(lines: Iterable[Adjustment], units: dict[str, str]) -> list[Adjustment]:
    """Return the lines with their units called as in the reports; one that is not there keeps its words."""

    def called(text: str | None) -> str | None:
        return text and (units.get(text) or units.get(match_key(text)) or text)

    return [replace(line, giver=called(line.giver), taker=called(line.taker)) for line in lines]


def read_adjustments(path: Path, form: Form) -> list[Adjustment]:
    """Read the lines of a list or of an earlier summary; raises ``ListUnreadable``.

    An item may be written without its table where its name is unique.
    """
    headings = {name: say(f"adjust.{name}") for name in COLUMNS}
    records = read_list(path, headings, ("item", "amount", "reason"), say("summary.adjustments"))
    words = Vocabulary(form.tables.values(), form.fields.values(), form.keys)
    found = []
    for line, texts in records:
        values = {name: texts.get(name) for name in COLUMNS}
        if any(values.values()):
            item = values["item"]
            values["item"] = None if item is None else _full_name(item, words)
            found.append(_adjustment(line, values))
    return found


def _adjustment(line: int, values: dict[str, str | None]) -> Adjustment:
    amount = _amount(values["amount"])
    return Adjustment(line, values["giver"], values["taker"], values["item"], amount, values["reason"])


def _full_name(item: str, words: Vocabulary) -> str:
    try:
        meaning = words.meaning(item)
    except ValueError:
        return item
    return ".".join(meaning.key) if isinstance(meaning, ItemName) else item


def _amount(text: str | None) -> Decimal | str | None:
    try:
        amount = None if text is None else Decimal(text.replace(",", ""))
    except InvalidOperation:
        return text
    return amount if amount is None or amount.is_finite() else text


class AdjustmentSheet:
    """The sheet and what its lines do to the totals."""

    def __init__(self, blueprint: Blueprint, lines: Sequence[Adjustment], units: Iterable[str]) -> None:
        """Take the *lines* that are there already, and the names of the units; further lines can be typed in below."""
        self.form, self.lines, self.blueprint = blueprint.form, lines, blueprint
        self.name = say("summary.adjustments")
        self.rows = max(LEAST_ROWS, len(lines) + SPARE_ROWS)
        self.last = BODY_ROW + self.rows - 1
        self.items = [column.key for column in self.form.columns.values() if column.computed is None]
        self.units = list(dict.fromkeys(units))

    @property
    def typed(self) -> dict[Address, Value]:
        """Return what stands in the input cells."""
        return {
            Address(self.name, row, column): value
            for row, line in enumerate(self.lines, start=BODY_ROW)
            for column, value in enumerate(line.texts, start=GIVER)
            if value is not None
        }

    def like(self, text: str | None) -> str:
        """Return a sentence that names the units whose names hold *text*, or are held by it; ``""`` where none does."""
        key = match_key(text or "")
        near = [unit for unit in self.units if key and (key in match_key(unit) or match_key(unit) in key)]
        return say("adjust.like", names=say("word.and").join(near[:MOST_ALIKE])) if near else ""

    def state(self, index: int) -> Address:
        """Return the cell that says whether the line with this 0-based index counts."""
        return Address(self.name, BODY_ROW + index, STATE)

    def row_of(self, key: Key, cell: Address) -> Node:
        """Return what stands in the row of adjustments at *cell*, an item's in its table.

        A computed item is computed from those that stand in the same row.
        """
        column, decimals = self.form.columns[key], self.form.decimals
        if column.computed is None:
            item = ".".join(key)
            changed = call("SUMIF", self._block(ITEM), item, self._block(EFFECT))
            there: Node = call("COUNTIF", self._block(ITEM), item)
            return call("IF", equal(there, 0), "", call("ROUND", changed, decimals))
        words = Vocabulary(self.form.tables.values(), self.form.fields.values(), self.form.keys)
        place = partial(_place, words, key[0], cell, self.form)
        parts = [place(name) for name in names(column.computed)]
        total = substitute(column.computed, lambda name: call("N", place(name)))
        return call("IF", equal(call("COUNT", *parts), 0), "", call("ROUND", total, decimals))

    def _block(self, column: int) -> Area:
        return Area(self.name, BODY_ROW, column, self.last, column)

    def put(self) -> None:
        """Lay out the sheet."""
        widths = {"giver": 26.0, "taker": 26.0, "item": 30.0, "amount": NARROW, "reason": 44.0}
        columns = [
            Column(say("summary.number"), 6.0),
            *(Column(say(f"adjust.{name}"), widths[name]) for name in COLUMNS),
            Column(say("adjust.effect"), NARROW),
            Column(say("adjust.state"), 18.0),
            Column(say("adjust.items"), 30.0, aside=True),
            Column(say("adjust.units"), 30.0, aside=True),
        ]
        about = say("adjust.about", unit=self.form.unit)
        sheet = start_sheet(self.blueprint, self.name, columns, about)
        sheet.protected = sheet.is_filled_in = True
        for number, row in enumerate(range(BODY_ROW, self.last + 1), start=1):
            self._put_row(sheet, row, number)
        for row, key in enumerate(self.items, start=BODY_ROW):
            sheet.put(row, ITEMS, CellPlan("check.faint", ".".join(key)))
        for row, name in enumerate(self.units, start=BODY_ROW):
            sheet.put(row, UNITS, CellPlan("check.faint", name))
        sheet.print_bottom = self.last
        sheet.validations += self._validations()
        sheet.conditions.append(self._condition())

    def _put_row(self, sheet: SheetPlan, row: int, number: int) -> None:
        sheet.put(row, 1, CellPlan("label", Decimal(number)))
        for column in (GIVER, TAKER, ITEM, AMOUNT, REASON):
            style = "amount.input" if column == AMOUNT else "field.input"
            sheet.put(row, column, CellPlan(style, locked=False))
        cells = {column: Address(sheet.name, row, column) for column in range(GIVER, ITEMS)}
        sheet.put(row, EFFECT, CellPlan("amount", formula=self._effect(cells)))
        sheet.put(row, STATE, CellPlan("label", formula=self._state(cells)))

    def _effect(self, cells: dict[int, Address]) -> Node:
        """Return by how much a line changes the total of its item."""
        entering = minus(_one_if_there(cells[TAKER]), _one_if_there(cells[GIVER]))
        changed = times(call("ROUND", call("N", cells[AMOUNT]), self.form.decimals), entering)
        return call("IF", equal(cells[STATE], say("adjust.counted")), changed, "")

    def _state(self, cells: dict[int, Address]) -> Node:
        """Return what is wrong with a line, or that it counts; of a blank line nothing."""
        filled = [call("LEN", cells[column]) for column in (GIVER, TAKER, ITEM, AMOUNT, REASON)]
        amount = call("N", cells[AMOUNT])
        tests: dict[str, Node] = {
            "no_unit": equal(call("SUM", *filled[:2]), 0),
            "no_giver": call("AND", more(filled[0], 0), self._is_none_of(UNITS, cells[GIVER])),
            "no_taker": call("AND", more(filled[1], 0), self._is_none_of(UNITS, cells[TAKER])),
            "no_item": self._is_none_of(ITEMS, cells[ITEM]),
            "no_amount": equal(call("COUNT", cells[AMOUNT]), 0),
            "decimals": unequal(amount, call("ROUND", amount, self.form.decimals)),
            "no_reason": equal(call("LEN", call("TRIM", call("T", cells[REASON]))), 0),
        }
        result: Node = text(say("adjust.counted"))
        for state in reversed(STATES):
            result = call("IF", tests[state], say(f"adjust.{state}"), result)
        return call("IF", equal(call("SUM", *filled), 0), "", result)

    def _is_none_of(self, column: int, cell: Address) -> Node:
        """Return whether what is typed in *cell* is none of the choices in *column*."""
        return equal(call("COUNTIF", self._choices(column), call("T", cell)), 0)

    def _choices(self, column: int) -> Area:
        """Return where the items or the units stand; where there are none, a blank cell."""
        count = max(1, len(self.items if column == ITEMS else self.units))
        return Area(self.name, BODY_ROW, column, BODY_ROW + count - 1, column)

    def _validations(self) -> Iterator[Validation]:
        for column, word, source in ((GIVER, "giver", UNITS), (TAKER, "taker", UNITS), (ITEM, "item", ITEMS)):
            yield Validation(
                (self._block(column),), "list", error=say("input.list_error"), source=self._choices(source),
                title=say(f"adjust.{word}"), prompt=say(f"adjust.{word}_prompt"),
            )  # fmt: skip
        facts = {"decimals": self.form.decimals, "hint": ""}
        yield Validation((self._block(AMOUNT),), "amount", error=say("input.amount_error", **facts))

    def _condition(self) -> Condition:
        """Return what colours the state of a line that does not count."""
        first = Address(self.name, BODY_ROW, STATE)
        wrong = call("AND", unequal(first, ""), unequal(first, say("adjust.counted")))
        return Condition(self._block(STATE), "wrong", wrong)


def _one_if_there(cell: Address) -> Call:
    return call("IF", equal(call("LEN", cell), 0), 0, 1)


def _place(words: Vocabulary, table: str, cell: Address, form: Form, name: Name) -> Address:
    """Return where the adjustment of an item stands that another in the row of *cell* is computed from."""
    meaning = words.meaning(name.text, table)
    if not isinstance(meaning, ItemName):
        raise ValueError(f"{name.text!r} is no item of a table")
    return adjust_cell(form, meaning.key)


def adjust_cell(form: Form, key: Key) -> Address:
    """Return where the adjustment of an item stands in the sheet of its table."""
    columns = [column.label for column in form.tables[key[0]].columns]
    return Address(key[0], ADJUST_ROW, FIRST_AMOUNT + columns.index(key[1]))
