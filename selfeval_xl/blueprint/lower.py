"""From names to cells: a rule's tree becomes a formula's tree for one row.

Every amount enters rounded to the form's decimals, so that a formula and the exact
check start from the same figure; what is text or an error is kept out by a guard.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct, field

from selfeval_xl.blueprint.model import Places
from selfeval_xl.cells import Address, Area
from selfeval_xl.form.model import Form, Key
from selfeval_xl.form.vocabulary import EntityName, ItemName, Meaning, TableName, ThisName, Vocabulary
from selfeval_xl.rules.tree import Binary, Call, Name, Node, Unary, call, chain, less, node, plus


class Context(Struct):
    """The row, table and item for which a tree is lowered; collects the operands met."""

    form: Form
    places: Places
    words: Vocabulary
    table: str = ""
    index: int | None = None
    this: Key | None = None
    operands: list[Address] = []

    def meaning(self, name: Name) -> Meaning:
        """Return what a name stands for here."""
        meaning = self.words.meaning(name.text, self.table)
        if isinstance(meaning, ThisName):
            if self.this is None:
                raise ValueError(f"{name.text!r} means nothing outside a rule that goes over items")
            return ItemName(self.this)
        return meaning

    def address(self, meaning: Meaning) -> Address:
        """Return the cell of an item or of an entity's name."""
        if isinstance(meaning, EntityName):
            place = self.places.tables[meaning.table]
            return Address(place.sheet, place.cell("", self._row()).row, place.name_column)
        if not isinstance(meaning, ItemName):
            raise ValueError("a table has no single cell")
        if meaning.key in self.places.fields:
            return self.places.fields[meaning.key]
        return self.places.tables[meaning.key[0]].cell(meaning.key[1], self._row())

    def reference(self, meaning: Meaning) -> Node:
        """Return the cell as it stands in the formula, and note it as an operand."""
        address = self.address(meaning)
        if isinstance(meaning, ItemName):
            self.operands.append(address)
        return node(address)

    def _row(self) -> int:
        if self.index is None:
            raise ValueError("a rule about single fields names a table's item")
        return self.index

    def block(self, meaning: Meaning) -> list[Address]:
        """Return the entity rows' cells of an item."""
        if not isinstance(meaning, ItemName):
            raise ValueError("only an item's rows can be added up")
        place = self.places.tables[meaning.key[0]]
        return place.block(meaning.key[1]).addresses()


class FirstFailing(Context):
    """A context whose row is known only to the sheet: ``INDEX(block, position)``.

    The position counts from the total row, which is 1.
    """

    position: Node = field(default_factory=lambda: node(1))

    def reference(self, meaning: Meaning) -> Node:
        """Return the item's figure in the failing row."""
        if isinstance(meaning, ItemName) and meaning.key not in self.places.fields:
            place = self.places.tables[meaning.key[0]]
            return call("INDEX", place.with_total(meaning.key[1]), self.position)
        return Context.reference(self, meaning)


def lower(tree: Node, context: Context) -> Node:
    """Return *tree* with cells for names, amounts rounded."""
    match tree:
        case Name():
            return _operand(tree, context)
        case Call("N", (Name() as name,)):
            return call("N", context.reference(context.meaning(name)))
        case Call("SUM", (Name() as name,)):
            cells = context.block(context.meaning(name))
            context.operands += cells
            return plus(*(amount(cell, context.form) for cell in cells))
        case Call("COUNT", (Name() as name,)):
            return call("COUNT", *_counted(name, context))
        case Call():
            return Call(tree.function, tuple(lower(argument, context) for argument in tree.arguments))
        case Unary():
            return Unary(tree.operator, lower(tree.operand, context))
        case Binary():
            first, rest = chain(tree)
            result = lower(first, context)
            for operator, right in rest:
                result = Binary(operator, result, lower(right, context))
            return result
        case _:
            return tree


def _operand(name: Name, context: Context) -> Node:
    meaning = context.meaning(name)
    cell = context.reference(meaning)
    return cell if isinstance(meaning, EntityName) else amount(cell, context.form)


def _counted(name: Name, context: Context) -> list[Area]:
    meaning = context.meaning(name)
    if isinstance(meaning, TableName):
        place = context.places.tables[meaning.table]
        return areas(place.cell(label, context.index or 0) for label in place.inputs)
    return areas([context.address(meaning)])


def amount(cell: Node | Address, form: Form) -> Node:
    """Return the amount of a cell: blank and ``""`` count as 0, rounded to the form's decimals."""
    return _amount(node(cell), form.decimals)


@lru_cache(maxsize=16_384)
def _amount(cell: Node, decimals: int) -> Node:
    """Return one tree for all formulas in which a cell's amount stands."""
    return call("ROUND", call("N", cell), decimals)


def areas(cells: Iterable[Address]) -> list[Area]:
    """Return the cells as few areas: runs along a row or down a column are joined."""
    result: list[Area] = []
    for sheet, row, column in cells:
        last = result[-1] if result else None
        if last and last.sheet == sheet:
            if last.top == last.bottom == row and last.right == column - 1:
                result[-1] = last._replace(right=column)
                continue
            if last.left == last.right == column and last.bottom == row - 1:
                result[-1] = last._replace(bottom=row)
                continue
        result.append(Area(sheet, row, column, row, column))
    return result


def not_computable(cells: Iterable[Address]) -> Node | None:
    """Return the condition that an operand is neither a number nor blank."""
    unique = list(dict.fromkeys(cells))
    if not unique:
        return None
    blocks = areas(unique)
    counted = plus(call("COUNT", *blocks), *(call("COUNTBLANK", block) for block in blocks))
    return less(counted, len(unique))
