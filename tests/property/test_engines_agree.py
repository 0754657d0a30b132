"""One formula, three engines: the value in the file, Python's, and what LibreOffice calculates are the same.

`SELFEVAL_FILLINGS=300` or `SELFEVAL_FILLINGS=1000-1300` tries more fillings, or others.
"""

import os
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
from openpyxl.utils.escape import unescape

from selfeval_xl.cells import Address, Value
from selfeval_xl.findings import Verdict
from selfeval_xl.rules.printing import print_formula
from tests.support import office, reports
from tests.support.fillings import random_filling
from tests.support.reports import Filled

pytestmark = [pytest.mark.office, pytest.mark.slow]

RANGE = "SELFEVAL_FILLINGS"
FILLINGS = 40
CLOSE = 1e-9
MOST_SHOWN = 20
# One run of LibreOffice 7.4 gives up silently after some 245 files.
BATCH = 150


class Compared(NamedTuple):
    """A formula's cell in the three engines: in our file, in Python, in LibreOffice."""

    book: str
    address: Address
    formula: str
    stored: object
    python: object
    office: object

    @property
    def agree(self) -> bool:
        return same(self.python, self.stored) and same(self.python, self.office)


def seeds() -> range:
    first, _, last = os.environ.get(RANGE, str(FILLINGS)).rpartition("-")
    return range(int(first or 0), int(last))


def same(one: object, other: object) -> bool:
    """Tell whether two values are equal: numbers at 15 digits or as good as equal, all else exactly."""
    numbers = [float(value) for value in (one, other) if _is_number(value)]
    if len(numbers) == 2:
        return (
            format(numbers[0], ".15g") == format(numbers[1], ".15g") or abs(numbers[0] - numbers[1]) <= CLOSE
        )
    return type(one) is type(other) and one == other


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def stored(value: object) -> object:
    """Return a value as openpyxl reads it from a file; a formula's text it leaves escaped."""
    return unescape(value) if isinstance(value, str) else value


def computed(value: Value) -> object:
    """Return Python's value; a formula that shows nothing is a blank, as openpyxl sees it."""
    return (str(value) or None) if isinstance(value, str) else value


def books() -> dict[str, Filled]:
    """Every sample, blank workbooks of several sizes, and random fillings."""
    found = {f"sample-{file.stem}": reports.filled(reports.report(file)) for file in reports.sample_files()}
    for name, form in (("main", reports.main_form()), ("second", reports.second_form())):
        found[f"{name}-blank"] = reports.blank(form, 5)
        found[f"{name}-entity"] = reports.blank(form, entity=True)
    return found | {f"random-{seed}": random_filling(seed) for seed in seeds()}


def compared(
    name: str, book: Filled, written: office.Values, recalculated: office.Values
) -> Iterator[Compared]:
    for address in book.blueprint.formulas():
        plan = book.blueprint.plan(address)
        if plan is None or plan.formula is None:
            continue
        place = (address.row, address.column)
        yield Compared(
            name,
            address,
            print_formula(plan.formula, address.sheet),
            stored(written[address.sheet].get(place)),
            computed(book.values(address)),
            stored(recalculated[address.sheet].get(place)),
        )


def shown(one: Compared) -> str:
    return (
        f"{one.book} {one.address}: file {one.stored!r}, Python {one.python!r}, "
        f"LibreOffice {one.office!r}: ={one.formula[:300]}"
    )


def batches(paths: list[Path], size: int) -> list[list[Path]]:
    return [paths[start : start + size] for start in range(0, len(paths), size)]


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> list[Compared]:
    """Every formula cell of every book, written, recalculated by LibreOffice in one run, and read."""
    folder = tmp_path_factory.mktemp("engines")
    made = books()
    written = {name: book.write(folder / f"{name}.xlsx") for name, book in made.items()}
    results = [
        result
        for batch in batches(list(written.values()), BATCH)
        for result in office.recalculated(batch, folder / "out")
    ]
    found: list[Compared] = []
    for (name, path), result in zip(written.items(), results, strict=True):
        found += compared(name, made[name], office.values(path), office.values(result))
    return found


def test_file_python_and_libreoffice_agree_on_every_formula_cell(cells: list[Compared]) -> None:
    differing = [one for one in cells if not one.agree]
    assert not differing, "\n".join(
        [f"{len(differing)} of {len(cells)} cells differ", *map(shown, differing[:MOST_SHOWN])]
    )


def test_comparison_covers_many_cells_and_every_verdict(cells: list[Compared]) -> None:
    words = Counter(one.python for one in cells if isinstance(one.python, str))
    assert len(cells) > 20_000
    assert sum(_is_number(one.python) for one in cells) > 4_000
    for verdict in Verdict:
        if verdict is not Verdict.UNCHECKED:
            assert words[verdict.word] > 200, verdict


def test_a_difference_is_noticed() -> None:
    assert not same(Decimal("0.01"), 0.0)
    assert not same(Decimal(1), "1")
    assert not same("通过", "不符")
    assert not same(None, 0.0)
    assert not same(True, 1.0)
    assert same(Decimal("0.58"), 0.57999999999999996)
