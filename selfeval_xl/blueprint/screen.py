"""Which rules have to be looked at closely: every rule first over whole columns at once.

Most figures of most reports are plain amounts, and nearly every rule holds.  So a rule is
first computed for all rows of its table together, from the declaration itself; where it
holds that way there is nothing to find.  Where a report is not plain, or a rule cannot be
computed over columns, everything is looked at closely.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from selfeval_xl.amounts import ZERO
from selfeval_xl.blueprint.instances import active_rules, item_keys
from selfeval_xl.blueprint.model import Blueprint, Instance, TablePlace
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address, CellError, Value
from selfeval_xl.form.model import Key, Rule
from selfeval_xl.form.vocabulary import EntityName, ItemName, TableName, ThisName, Vocabulary
from selfeval_xl.rules.columns import Columns, Computation, NotByColumns, Source
from selfeval_xl.rules.tree import Call, Name, Node, Number, walk

LARGEST = Decimal(10) ** 12
"""Amounts below it, hundredths and all, have fewer than Excel's 15 digits."""

_BY_COLUMNS = ("rows", "entities", "column", "cell", "total", "once")
# Single fields may be finer than an amount: what holds of them exactly also does once their difference is rounded.
_NOT_STRICT = ("=", "<=", ">=")
# Of a report whose amounts are plain these say nothing: each amount is a number, and no name
# repeated by formula differs from the one typed.
_KEPT = ("number", "names")

Found = tuple[str, Key | None, int]
"""An instance's rule, item and row; 0 is the total row, and where there is no row."""


class Figures(Struct):
    """The amounts of a plain workbook by columns: the total row first, then the entity rows.

    Totals and computed columns are among them.  A blank is 0 in ``amounts``, which rules
    compute with, and not ``filled``; so is a total that shows nothing.  ``fields`` are the single fields
    that hold a number.
    """

    rows: int
    amounts: dict[Key, list[Decimal]] = {}
    filled: dict[Key, list[bool]] = {}
    counts: dict[str, list[int]] = {}
    names: list[Value] = []
    fields: dict[Key, Decimal] = {}
    blank: list[tuple[Key, int]] = []


class Screened(Struct, frozen=True):
    """What is left to look at in one workbook, in the blueprint's order.

    ``closely`` may not hold.  ``blank`` are the amounts that may be missing; they are if the
    workbook is plain, which is when there are ``figures``.
    """

    closely: Sequence[Instance]
    blank: Sequence[Instance]
    figures: Figures | None

    @property
    def is_plain(self) -> bool:
        """Tell whether all amounts are plain, so that the columns say all there is to say."""
        return self.figures is not None


class _Check(Struct, frozen=True):
    """A rule ready to be computed; its first result is that of row ``first``."""

    rule: Rule
    item: Key | None
    first: int
    applies: Computation[Figures] | None
    holds: Computation[Figures]
    fields: frozenset[Key] = frozenset()

    def broken(self, figures: Figures) -> Iterator[int]:
        """Yield the rows where the rule applies and does not hold; it applies only with all its single fields."""
        if not self.fields <= figures.fields.keys():
            return
        results = self.holds(figures)
        if all(results):
            return
        applies = [True] * len(results) if self.applies is None else self.applies(figures)
        for row, (holds, there) in enumerate(zip(results, applies, strict=True), start=self.first):
            if there and not holds:
                yield row


class _Rows(Struct, frozen=True):
    """What names stand for in the rows from ``first`` on, or in the total row alone."""

    blueprint: Blueprint
    words: Vocabulary
    table: str
    this: Key | None = None
    first: int = 1
    only_total: bool = False

    def height(self, figures: Figures) -> int:
        """Return the number of rows."""
        return 1 if self.only_total else figures.rows + 1 - self.first

    def source(self, tree: Node) -> tuple[Source[Figures], bool] | None:
        """Return what a name, or a function of a name, stands for, and whether that is amounts."""
        match tree:
            case Name() | Call("N", (Name(),)):
                return self._name(tree if isinstance(tree, Name) else tree.arguments[0])
            case Call("SUM", (Name() as name,)):
                key = self._item(name)
                return (lambda figures: [figures.amounts[key][0]] * self.height(figures)), True
            case Call("COUNT", (Name() as name,)):
                return self._counted(name), True
        return None

    def _name(self, name: Node) -> tuple[Source[Figures], bool]:
        meaning = self.words.meaning(name.text, self.table) if isinstance(name, Name) else None
        if isinstance(meaning, EntityName):
            if self.first < 1 or meaning.table != self.blueprint.form.name_table:
                raise NotByColumns
            return (lambda figures: figures.names), False
        single = getattr(meaning, "key", None)
        if self.only_total and single in self.blueprint.form.fields:
            return (lambda figures: [figures.fields[single]]), True
        key, first = self._item(name), self.first
        if self.only_total:
            return (lambda figures: figures.amounts[key][:1]), True
        return (lambda figures: figures.amounts[key][first:]), True

    def _item(self, name: Node) -> Key:
        meaning = self.words.meaning(name.text, self.table) if isinstance(name, Name) else None
        key = self.this if isinstance(meaning, ThisName) else getattr(meaning, "key", None)
        if key is None or key not in self.blueprint.form.columns:
            raise NotByColumns
        return key

    def _counted(self, name: Name) -> Source[Figures]:
        meaning = self.words.meaning(name.text, self.table)
        if not isinstance(meaning, TableName) or self.first < 1 or self.only_total:
            raise NotByColumns
        table = meaning.table
        return lambda figures: figures.counts[table]


@lru_cache(maxsize=64)
def screen_of(blueprint: Blueprint) -> Screen:
    """Return the blueprint's screen; made once."""
    return Screen(blueprint)


class Screen:
    """The rules of one blueprint, ready to be computed over columns."""

    def __init__(self, blueprint: Blueprint) -> None:
        form = blueprint.form
        self._blueprint = blueprint
        self._words = Vocabulary(form.tables.values(), form.fields.values(), form.keys)
        self._smallest = Decimal(1).scaleb(-form.decimals)
        self._numbers = {_found(one): number for number, one in enumerate(blueprint.instances)}
        self._computed: list[tuple[Key, Computation[Figures], list[Key]]] = []
        self._checks: list[_Check] = []
        self._close: set[str] = set()
        for rule in active_rules(blueprint):
            self._prepare(rule)
        self._numeric = self._single("number")
        self._required = self._single("required")
        self._whole = self._single("whole")
        easy = {number for number, _ in (*self._numeric, *self._required, *self._whole)}
        self._always = [
            number
            for number, one in enumerate(blueprint.instances)
            if number not in easy and self._is_always(one)
        ]
        self._is_able = self._prepare_computed() and self._adds_up()
        self._blank_rules = [rule.id for rule in active_rules(blueprint) if rule.scope == "blank"]
        self._blank = [one for one in blueprint.instances if one.rule.scope == "blank"]
        self._not_blank = [one for one in blueprint.instances if one.rule.scope != "blank"]
        tables = blueprint.places.tables
        named = tables[form.name_table]
        self._names = [named.cell("", row) for row in range(1, named.rows + 1)]
        self._attributes = [_column(named, label) for label in named.attributes]
        self._inputs = {
            table.label: [((table.label, label), _column(table, label)) for label in table.inputs]
            for table in tables.values()
        }

    def screened(self, values: Values) -> Screened:
        """Return what is left to look at."""
        instances = self._blueprint.instances
        figures = self.figures(values)
        if figures is None:
            return Screened(self._not_blank, self._blank, None)
        found = set(self._always)
        found.update(number for number, cell in self._numeric if self._is_odd(values.typed.get(cell)))
        found.update(number for number, cell in self._required if self._is_nothing(values.typed.get(cell)))
        found.update(number for number, cell in self._whole if not self._is_whole(values.typed.get(cell)))
        for check in self._checks:
            for row in check.broken(figures):
                found.add(self._numbers[check.rule.id, check.item, row])
        blank = [self._numbers[rule, key, row] for rule in self._blank_rules for key, row in figures.blank]
        closely = [instances[number] for number in sorted(found)]
        return Screened(closely, [instances[number] for number in sorted(blank)], figures)

    # Ready to compute

    def _prepare(self, rule: Rule) -> None:
        """Make the rule's checks; a rule that is not computed over columns is looked at closely."""
        if rule.scope not in _BY_COLUMNS:
            return
        items: Sequence[Key | None] = (None,)
        if rule.scope == "cell":
            items = item_keys(self._blueprint, rule)
        elif rule.scope in ("total", "once"):
            items = [one.item for one in self._blueprint.instances if one.rule.id == rule.id]
        elif rule.scope == "column":
            items = [(rule.table, label) for label in self._blueprint.places.tables[rule.table].columns]
        if rule.scope == "once" and rule.op not in _NOT_STRICT:
            self._close.add(rule.id)
            return
        if rule.op == "=" and rule.left == Call("N", (rule.right,) if rule.right else ()):
            # An amount is itself; what would not be is not plain.
            return
        try:
            self._checks += [self._check(rule, item) for item in items]
        except NotByColumns:
            self._close.add(rule.id)

    def _check(self, rule: Rule, item: Key | None) -> _Check:
        first = 0 if rule.scope in ("rows", "column", "total", "once") else 1
        table = rule.table if item is None or rule.scope in ("total", "once") else item[0]
        only_total = rule.scope in ("column", "total", "once")
        rows = _Rows(self._blueprint, self._words, table, item, first, only_total)
        columns = Columns(rows.source, rows.height)
        if rule.left is None or rule.right is None or self._has_fractions(rule):
            raise NotByColumns
        applies = None if rule.when is None else columns.conditions(rule.when)
        holds = columns.comparison(rule.op, rule.left, rule.right)
        return _Check(rule, item, first, applies, holds, self._fields_of(rule))

    def _fields_of(self, rule: Rule) -> frozenset[Key]:
        """Return the single fields that a rule names."""
        trees = [tree for tree in (rule.when, rule.left, rule.right) if tree is not None]
        return frozenset(
            key
            for tree in trees
            for key in self._items(tree, rule.table)
            if key in self._blueprint.form.fields
        )

    def _has_fractions(self, rule: Rule) -> bool:
        """Tell whether a constant is finer than an amount: then a difference is rounded, and not small."""
        trees = [tree for tree in (rule.when, rule.left, rule.right) if tree is not None]
        numbers = [one.value for tree in trees for one in walk(tree) if isinstance(one, Number)]
        return any(value != value.quantize(self._smallest) for value in numbers)

    def _single(self, scope: str) -> list[tuple[int, Address]]:
        """Return the rule's instances at single fields that somebody types."""
        found = []
        for number, one in enumerate(self._blueprint.instances):
            plan = self._blueprint.plan(one.look)
            if one.rule.scope == scope and one.index is None and plan is not None and not plan.locked:
                found.append((number, one.look))
        return found

    @staticmethod
    def _is_odd(value: Value) -> bool:
        return value is not None and not isinstance(value, Decimal)

    @staticmethod
    def _is_whole(value: Value) -> bool:
        # Whether 0 will do depends on the field.
        return value is None or (isinstance(value, Decimal) and value > 0 and value == int(value))

    @staticmethod
    def _is_nothing(value: Value) -> bool:
        return value is None or (isinstance(value, str) and not value.strip(" "))

    def _is_always(self, instance: Instance) -> bool:
        scope = instance.rule.scope
        if scope in _BY_COLUMNS:
            return instance.rule.id in self._close
        # A number outside the tables is no amount of a column.
        return scope != "blank" and (scope not in _KEPT or instance.index is None)

    def _prepare_computed(self) -> bool:
        """Put the computed columns into the order in which they lean on each other."""
        waiting = {key: one.computed for key, one in self._blueprint.form.columns.items() if one.computed}
        while waiting:
            ready = [
                key for key, tree in waiting.items() if waiting.keys().isdisjoint(self._items(tree, key[0]))
            ]
            if not ready:
                return False
            for key in ready:
                rows, tree = _Rows(self._blueprint, self._words, key[0]), waiting.pop(key)
                try:
                    computation = Columns(rows.source, rows.height).amounts(tree)
                except NotByColumns:
                    return False
                self._computed.append((key, computation, self._items(tree, key[0])))
        return True

    def _adds_up(self) -> bool:
        """Tell whether every total and computed amount is a formula, as it is in a workbook of ours."""
        for key, column in self._blueprint.form.columns.items():
            table = self._blueprint.places.tables[key[0]]
            first = 0 if column.computed is not None else table.rows
            cells = [
                table.cell(key[1], 0),
                *(table.cell(key[1], row) for row in range(first + 1, table.rows + 1)),
            ]
            plans = [self._blueprint.plan(cell) for cell in cells]
            if any(plan is None or plan.formula is None for plan in plans):
                return False
        return True

    def _items(self, tree: Node, table: str) -> list[Key]:
        meanings = (self._words.meaning(one.text, table) for one in walk(tree) if isinstance(one, Name))
        return [one.key for one in meanings if isinstance(one, ItemName)]

    # One workbook

    def figures(self, values: Values) -> Figures | None:
        """Return the amounts by columns, or ``None`` where one is not plain or a formula is gone."""
        if values.stated or not self._is_able:
            return None
        figures = Figures(self._blueprint.shape.rows)
        figures.names = [values(address) for address in self._names]
        typed_fields = ((key, values.typed.get(cell)) for key, cell in self._blueprint.places.fields.items())
        figures.fields = {key: value for key, value in typed_fields if isinstance(value, Decimal)}
        if any(isinstance(name, CellError) for name in figures.names):
            return None
        there = [name not in (None, "") for name in figures.names]
        blank: list[tuple[Key, int]] = []
        typed = values.typed
        for attribute in self._attributes:
            there = [found or address in typed for found, address in zip(there, attribute, strict=True)]
        for table, inputs in self._inputs.items():
            counts = [0] * figures.rows
            for key, addresses in inputs:
                amounts, filled = [ZERO], [False]
                for row, address in enumerate(addresses):
                    value = typed.get(address)
                    if value is None:
                        blank.append((key, row + 1))
                        amounts.append(ZERO)
                        filled.append(False)
                    elif isinstance(value, Decimal) and self._is_plain(value):
                        counts[row] += 1
                        amounts.append(value)
                        filled.append(True)
                    else:
                        return None
                amounts[0], filled[0] = sum(amounts, ZERO), any(filled)
                figures.amounts[key], figures.filled[key] = amounts, filled
            figures.counts[table] = counts
            there = [found or count > 0 for found, count in zip(there, counts, strict=True)]
        for key, computation, operands in self._computed:
            column = computation(figures)
            figures.amounts[key] = [sum(column, ZERO), *column]
            # The first flag is that of the totals, and a total is filled if one of its rows is.
            figures.filled[key] = list(map(any, zip(*(figures.filled[one] for one in operands), strict=True)))
        figures.blank = [(key, row) for key, row in blank if there[row - 1]]
        return figures

    def _is_plain(self, value: Decimal) -> bool:
        return -LARGEST < value < LARGEST and value == value.quantize(self._smallest)


def _column(table: TablePlace, label: str) -> list[Address]:
    return [table.cell(label, row) for row in range(1, table.rows + 1)]


def _found(instance: Instance) -> Found:
    is_row = instance.rule.scope in ("rows", "entities")
    return instance.rule.id, None if is_row else instance.item, instance.index or 0
