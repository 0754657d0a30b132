"""What probably led to a finding: the one slip that explains its difference to the last cent.

Only what explains a figure exactly is named, and at most two causes: no cause is better
than a wrong one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from selfeval_xl.amounts import ZERO, round_half_up, show
from selfeval_xl.blueprint.model import Blueprint, Instance, TablePlace
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address, Value
from selfeval_xl.findings import Cause, Finding
from selfeval_xl.form.model import Form
from selfeval_xl.rules.linear import NotLinear, coefficients
from selfeval_xl.rules.tree import Block, Cell, Node, references
from selfeval_xl.submission import slips
from selfeval_xl.submission.explain import is_broken
from selfeval_xl.submission.integrity import locate
from selfeval_xl.submission.reading import cause_of

MOST = 2
FAR = 100
"""How many times a limit has to be exceeded before the unit is doubted."""

LEFT_OUT, TWICE, TURNED, COPIED, SWAPPED, SHIFTED = (
    "left_out",
    "twice",
    "turned",
    "copied",
    "swapped",
    "shifted",
)
OMITTED, ROW, SCOPE, ITEM = "omitted", "row", "scope", "item"
SURE = slips.SIGN, slips.UNIT, slips.POINT, SCOPE, SHIFTED
"""What is hardly ever so by chance, whatever the rest of a report says."""

BLANK, ALONE, SIDE = "blank", "alone", "side"

# The surest first: what comes later is more often so by chance.
_ORDER = (
    *(slips.SIGN, slips.UNIT, slips.POINT, OMITTED, LEFT_OUT, TWICE, TURNED, COPIED, SWAPPED, SHIFTED),
    *(slips.TRANSPOSED, ROW, SCOPE, ITEM, slips.EXTRA, slips.MISSING),
)


class Guess(Struct, frozen=True):
    """A cause that explains a difference; ``right`` holds the typed cells that are wrong, and what they should hold.

    The first of them is where to look, if ``look`` names no total that stands for several; there is none where
    the cause tells of no typed cell.
    """

    cause: Cause
    right: Mapping[Address, Value] = {}
    look: Address | None = None


def best(guesses: Iterable[Guess]) -> list[Guess]:
    """Return the surest guess, and another if it is as sure or says more of the same cell.

    Nothing is returned where more than two are as sure as the first.
    """
    found = sorted(guesses, key=lambda one: _ORDER.index(one.cause.code))
    as_sure = [one for one in found if one.cause.code == found[0].cause.code]
    if len(as_sure) > MOST:
        return []
    more = [one for one in found[1:] if one.cause.code == COPIED and one.right == found[0].right]
    return (as_sure + more)[:MOST]


def of_figures(
    actual: object, expected: object, form: Form, cell: Address | None = None
) -> tuple[Cause, ...]:
    """Return which slip makes one figure out of another; nothing where either is no amount.

    *cell* is named in the cause where it is not the one that the finding is about.
    """
    if not isinstance(actual, Decimal) or not isinstance(expected, Decimal):
        return ()
    found = slips.slip(actual, expected, form.decimals)
    if found is None:
        return ()
    code, times = found
    at = f"{cell} " if cell is not None else ""
    return (
        Cause(code, {"at": at, "right": show(expected, form.decimals), "unit": form.unit, "times": times}),
    )


@lru_cache(maxsize=64)
def rules_by_row(blueprint: Blueprint) -> Mapping[int, Mapping[str, Instance]]:
    """Return the rules that go row by row: for each entity row, by their ids."""
    found: dict[int, dict[str, Instance]] = {}
    for one in blueprint.instances:
        if one.rule.scope == "rows" and one.index:
            found.setdefault(one.index, {})[one.rule.id] = one
    return found


class Causes(Struct):
    """The probable causes of one report's findings."""

    values: Values

    def of(self, finding: Finding, instance: Instance | None) -> tuple[Cause, ...]:
        """Return the causes of a finding about a text, a total or a limit, the surest first.

        A finding of no rule's *instance* is about a formula that was typed over.
        """
        if instance is not None and instance.rule.scope == "number" and isinstance(finding.actual, str):
            read = cause_of(finding.actual, self.values.blueprint.form, instance.item)
            return () if read is None else (read,)
        if finding.difference is None or not isinstance(finding.actual, Decimal):
            return ()
        if instance is None:
            plan = self.values.blueprint.plan(finding.cells[0])
            return () if plan is None or plan.formula is None else self._of_total(finding, plan.formula)
        if instance.index is None or instance.rule.scope == "cell" or instance.right is None:
            return ()
        return (
            self._of_total(finding, instance.right) if instance.rule.op == "=" else self._of_limit(instance)
        )

    # What a cell holds, and how a cause names it

    def amount(self, cell: Address) -> Decimal:
        """Return a cell's amount as rules compute with it."""
        value = self.values(cell)
        decimals = self.values.blueprint.form.decimals
        return round_half_up(value, decimals) if isinstance(value, Decimal) else ZERO

    def cause(self, code: str, cell: Address, near: Address) -> Cause:
        """Return a cause that names another cell: by its item, and its entity where that is of another row."""
        entity, item = locate(self.values.blueprint, cell, self.values)
        names = [entity] if cell.row != near.row and cell.sheet == near.sheet else []
        names += [item[1]] if item is not None else []
        return Cause(code, {"item": "·".join(name for name in names if name), "cell": str(cell)})

    def slip(self, cell: Address, right: Decimal, near: Address) -> Cause | None:
        """Return which slip of the hand made what stands in a cell out of the right figure."""
        value, form = self.values(cell), self.values.blueprint.form
        found = of_figures(value, right, form, None if cell == near else cell)
        return found[0] if found else None

    # Sums

    def _of_total(self, finding: Finding, formula: Node) -> tuple[Cause, ...]:
        """Return why a printed figure, or one typed over a formula, is not the sum that it should be."""
        actual, expected, look = finding.actual, finding.expected, finding.cells[0]
        if not isinstance(actual, Decimal) or not isinstance(expected, Decimal):
            return ()
        try:
            terms = coefficients(formula)
        except NotLinear:
            return ()
        found = [Guess(one) for one in of_figures(actual, expected, self.values.blueprint.form)]
        if abs(actual - expected) > self._tail(terms):
            found += self.of_terms(actual - expected, terms, look)
            found += self.copies(look, actual, terms)
        return tuple(one.cause for one in best(found))

    def _tail(self, terms: Iterable[Address]) -> Decimal:
        """Return up to which difference rounding is as good a reason as an addend of that size."""
        addends = sum(bool(self.amount(cell)) for cell in terms)
        return Decimal(5 * (addends + 1)).scaleb(-self.values.blueprint.form.decimals - 1)

    def of_terms(self, difference: Decimal, terms: Mapping[Address, int], look: Address) -> Iterator[Guess]:
        """Yield which term of a sum, left out, added twice or with the wrong sign, makes the difference."""
        for cell, times in terms.items():
            share = self.amount(cell) * times
            for code, part in ((LEFT_OUT, -share), (TWICE, share), (TURNED, -2 * share)):
                if part and part == difference:
                    yield Guess(self.cause(code, cell, look))

    def copies(self, look: Address, actual: Decimal, terms: Iterable[Address]) -> Iterator[Guess]:
        """Yield the cells from which the figure may have been copied: terms of its sum, or the rows beside it."""
        if actual:
            for cell in dict.fromkeys((*terms, *beside(self.values.blueprint, look))):
                if cell != look and self.amount(cell) == actual:
                    yield Guess(self.cause(COPIED, cell, look))

    # Limits

    def _of_limit(self, instance: Instance) -> tuple[Cause, ...]:
        """Return why a figure is above its limit: one typed cell with which it would not be."""
        found = [*self._turned(instance), *self._far_above(instance), *self._omitted(instance)]
        return tuple(one.cause for one in found) if len(found) == 1 else ()

    def _turned(self, instance: Instance) -> Iterator[Guess]:
        for cell in self._inputs(instance.left, instance.right):
            if self.amount(cell) < 0 and self._holds_with(instance, cell, -self.amount(cell)):
                yield from self._guessed(cell, -self.amount(cell), instance.look)

    def _far_above(self, instance: Instance) -> Iterator[Guess]:
        """Yield the amounts that are far above the limit, and not if they were meant in another unit."""
        limit = self.values.evaluate(instance.right) if instance.right is not None else None
        if not isinstance(limit, Decimal) or limit <= 0:
            return
        for cell in self._inputs(instance.left):
            amount = self.amount(cell)
            right = amount / slips.MYRIAD
            if amount > limit * FAR and self._holds_with(instance, cell, right):
                yield from self._guessed(cell, right, instance.look)

    def _omitted(self, instance: Instance) -> Iterator[Guess]:
        """Yield an empty amount that raises the limit, where the row's balance holds and names it.

        What is wrong in all rows together is no amount left out.
        """
        if instance.rule.together:
            return
        blueprint = self.values.blueprint
        rules = rules_by_row(blueprint).get(instance.index or 0, {})
        balanced = [
            rules[one] for balance in blueprint.form.balances for one in balance.rules if one in rules
        ]
        if any(is_broken(self.values, one) for one in balanced):
            return
        raising = self._inputs(instance.right)
        for cell in named(balanced):
            if cell in raising and cell.sheet != instance.look.sheet and not self.amount(cell):
                yield Guess(self.cause(OMITTED, cell, instance.look))

    def _guessed(self, cell: Address, right: Decimal, look: Address) -> Iterator[Guess]:
        cause = self.slip(cell, right, look)
        if cause is not None:
            yield Guess(cause, {cell: right})

    def _holds_with(self, instance: Instance, cell: Address, amount: Decimal) -> bool:
        return not is_broken(self.values.with_stated({cell: amount}), instance)

    def _inputs(self, *trees: Node | None) -> list[Address]:
        """Return the typed cells on which trees lean, those of totals among them."""
        found: dict[Address, None] = {}
        waiting = [tree for tree in trees if tree is not None]
        while waiting:
            for one in references(waiting.pop()):
                for cell in one.area.addresses() if isinstance(one, Block) else [one.address]:
                    plan = self.values.blueprint.plan(cell)
                    if plan is not None and plan.formula is not None and cell not in self.values.stated:
                        waiting.append(plan.formula)
                    elif plan is not None and not plan.locked:
                        found[cell] = None
        return list(found)


def named(rules: Iterable[Instance]) -> list[Address]:
    """Return the cells that rules name on the right, those that only count in a total not among them."""
    trees = [one.right for one in rules if one.right is not None]
    cells = (one.address for tree in trees for one in references(tree) if isinstance(one, Cell))
    return list(dict.fromkeys(cells))


def table_of(blueprint: Blueprint, cell: Address) -> TablePlace | None:
    """Return the table in which a cell stands."""
    for table in blueprint.places.tables.values():
        if table.sheet == cell.sheet and table.total_row <= cell.row < table.first_row + table.rows:
            return table
    return None


def beside(blueprint: Blueprint, cell: Address) -> list[Address]:
    """Return the cells of the same item in the entity rows above and below."""
    table = table_of(blueprint, cell)
    if table is None:
        return []
    rows = range(table.first_row, table.first_row + table.rows)
    return [cell._replace(row=row) for row in (cell.row - 1, cell.row + 1) if row in rows]
