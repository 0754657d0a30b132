"""One formula in three engines: the value in the file, Python's, and what LibreOffice calculates.

`tests/property/test_engines_agree.py` compares some fillings, `tests/support/compare_engines.py` a great many.
"""

import shutil
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from openpyxl.utils.escape import unescape

from selfeval_xl.blueprint.checks import AT, FIRST_RULE_ROW, listed_rules
from selfeval_xl.blueprint.model import Blueprint
from selfeval_xl.blueprint.verdicts import rule_tables
from selfeval_xl.cells import Address, Value
from selfeval_xl.names import defined_name
from tests.support import office
from tests.support.reports import Filled

CLOSE = 1e-9
# One run of LibreOffice 7.4 gives up silently after some 245 files.
BATCH = 150

Books = Iterable[tuple[str, Filled]]


class Compared(NamedTuple):
    """A formula's cell in the three engines; ``rule`` is set where the formula is a rule's verdict."""

    book: str
    form: str
    address: Address
    rule: str | None
    formula: str
    stored: object
    python: object
    office: object

    @property
    def agree(self) -> bool:
        """Tell whether all three show the same."""
        return same(self.python, self.stored) and same(self.python, self.office)

    @property
    def only_close(self) -> bool:
        """Tell whether numbers count as the same although their 15 digits differ."""
        return self.agree and not (
            _same_digits(self.python, self.stored) and _same_digits(self.python, self.office)
        )


def same(one: object, other: object) -> bool:
    """Tell whether two values are equal: numbers at 15 digits or as good as equal, all else exactly."""
    if is_number(one) and is_number(other):
        return _same_digits(one, other) or abs(float(one) - float(other)) <= CLOSE
    return type(one) is type(other) and one == other


def _same_digits(one: object, other: object) -> bool:
    if is_number(one) and is_number(other):
        return format(float(one), ".15g") == format(float(other), ".15g")
    return one == other


def is_number(value: object) -> bool:
    """Tell whether a value is a number, which a truth value is not."""
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def compared(books: Books, folder: Path) -> Iterator[Compared]:
    """Yield every formula cell of *books*, written, recalculated by LibreOffice and read; batch by batch.

    *folder* holds the files of one batch at a time.
    """
    remaining = iter(books)
    while batch := dict(islice(remaining, BATCH)):
        written = {name: book.write(folder / f"{name}.xlsx") for name, book in batch.items()}
        results = office.recalculated(list(written.values()), folder / "out")
        for (name, path), result in zip(written.items(), results, strict=True):
            yield from _cells(name, batch[name], office.values(path), office.values(result))
            path.unlink()
        shutil.rmtree(folder / "out")


def _cells(
    name: str, book: Filled, written: office.Values, recalculated: office.Values
) -> Iterator[Compared]:
    rules = rule_cells(book.blueprint)
    for address in book.blueprint.formulas():
        place = (address.row, address.column)
        yield Compared(
            name,
            book.blueprint.form.id,
            address,
            rules.get(address),
            book.blueprint.fixed(address.sheet).formulas[address.row, address.column],
            _stored(written[address.sheet].get(place)),
            _computed(book.values(address)),
            _stored(recalculated[address.sheet].get(place)),
        )


def _stored(value: object) -> object:
    """Return a value as openpyxl reads it from a file; a formula's text it leaves escaped."""
    return unescape(value) if isinstance(value, str) else value


def _computed(value: Value) -> object:
    """Return Python's value; a formula that shows nothing is a blank, as openpyxl sees it."""
    return (str(value) or None) if isinstance(value, str) else value


def shown(one: Compared) -> str:
    """Return one cell for a message."""
    return (
        f"{one.book} {one.address}: file {one.stored!r}, Python {one.python!r}, "
        f"LibreOffice {one.office!r}: ={one.formula[:300]}"
    )


def rule_cells(blueprint: Blueprint) -> dict[Address, str]:
    """Return the formula cells that are a rule's verdict, with the rule: a rule at one row, column, or report.

    They stand beside and below the tables; those of rules about single fields only, on the check sheet. The lines
    there that sum up the others count as no instance.
    """
    form = blueprint.form
    found = {address: rule for (rule, _, _), address in blueprint.row_verdicts.items()}
    checks = form.sheet_of_kind("checks").name
    for line, rule in enumerate(listed_rules(blueprint)):
        tables = rule_tables(blueprint, rule)
        if not tables:
            found[Address(checks, FIRST_RULE_ROW + line, AT["verdict"])] = rule.id
        if rule.scope == "column":
            for table in tables:
                area = blueprint.names.get(defined_name(table, form.keys.check, rule.id.replace("-", "")))
                found |= dict.fromkeys(area.addresses() if area else (), rule.id)
    plans = {address: blueprint.plan(address) for address in found}
    return {at: rule for at, rule in found.items() if (plan := plans[at]) and plan.formula is not None}
