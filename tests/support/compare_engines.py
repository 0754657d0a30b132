"""The engines compared over a great many random fillings, and the report on it.

`python -m tests.support.compare_engines --instances 100000 --seed 1000 -o docs/engines.md` goes on until so many rule
instances were compared. It ends with 1 if anything differs.
"""

import argparse
import platform
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import count
from pathlib import Path

from msgspec import Struct, field

from selfeval_xl.cells import Address, Value
from selfeval_xl.findings import Verdict
from tests.support import office, reports
from tests.support.engines import CLOSE, Compared, compared, is_number, rule_cells, shown
from tests.support.fillings import random_filling
from tests.support.reports import Filled

MOST_SHOWN = 20
KINDS = ("blank", "zero", "up to two decimals", "more decimals", "negative", "text")


class Tally(Struct):
    """What was compared so far."""

    seeds: list[int] = []
    forms: Counter[str] = field(default_factory=Counter)
    cells: int = 0
    places: int = 0
    close: int = 0
    values: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    typed: Counter[str] = field(default_factory=Counter)
    differing: int = 0
    differences: list[str] = []

    @property
    def instances(self) -> int:
        """Return the number of rule instances."""
        return self.verdicts.total()

    def plan(self, seed: int, book: Filled) -> None:
        """Count what stands in a workbook's input cells."""
        self.seeds.append(seed)
        self.forms[book.blueprint.form.id] += 1
        self.places += len(book.blueprint.instances)
        for sheet in book.blueprint.sheets.values():
            for (row, column), plan in sheet.cells.items():
                if plan.style == "amount.input":
                    self.typed[_kind(book.values(Address(sheet.name, row, column)))] += 1

    def add(self, one: Compared) -> None:
        """Count one cell."""
        self.cells += 1
        self.close += one.only_close
        self.values[_type(one.python)] += 1
        if one.rule is not None:
            self.verdicts[one.form, one.rule, str(one.python)] += 1
        if not one.agree:
            self.differing += 1
            if len(self.differences) < MOST_SHOWN:
                self.differences.append(shown(one))


def _kind(value: Value) -> str:
    if not isinstance(value, Decimal):
        return KINDS[0] if value in (None, "") else KINDS[5]
    if value == 0:
        return KINDS[1]
    if value < 0:
        return KINDS[4]
    return KINDS[2] if value == value.quantize(Decimal("0.01")) else KINDS[3]


def _type(value: object) -> str:
    if value is None:
        return "blank"
    return "number" if is_number(value) else "text" if isinstance(value, str) else "true or false"


def run(instances: int, seed: int) -> Tally:
    """Compare fillings from *seed* on, as many as hold so many rule instances."""
    tally = Tally()

    def fillings() -> Iterator[tuple[str, Filled]]:
        planned = 0
        for number in count(seed):
            if planned >= instances:
                return
            book = random_filling(number)
            tally.plan(number, book)
            planned += len(rule_cells(book.blueprint))
            yield f"random-{number}", book

    with tempfile.TemporaryDirectory(prefix="selfeval-engines-") as folder:
        for one in compared(fillings(), Path(folder)):
            tally.add(one)
            if tally.cells % 20_000 == 0:
                sys.stderr.write(f"{tally.cells:,} cells, {tally.instances:,} rule instances compared\n")
    return tally


def report(tally: Tally, wanted: int) -> str:
    """Return the report."""
    return REPORT.format(
        wanted=wanted,
        workbooks=len(tally.seeds),
        cells=tally.cells,
        instances=tally.instances,
        differing=tally.differing or "no",
        office=office.version(),
        python=platform.python_version(),
        first=tally.seeds[0],
        last=tally.seeds[-1],
        places=tally.places,
        others=tally.cells - tally.instances,
        rules=_rules(tally),
        values=_table(("value", "formula cells"), tally.values.most_common()),
        second=tally.forms[reports.second_form().id],
        typed=_table(("amount", "cells"), [(kind, tally.typed[kind]) for kind in KINDS]),
        close=CLOSE,
        only_close=tally.close or "none",
        differences="\n".join(f"- `{one}`" for one in tally.differences)
        or "None, so there was none to explain.",
    )


def _rules(tally: Tally) -> str:
    """Return a table of rules and verdicts, form by form in the order of the declaration."""
    words = [verdict.word for verdict in Verdict if verdict is not Verdict.UNCHECKED]
    words += sorted({word for _, _, word in tally.verdicts} - set(words))
    rows: list[tuple[object, ...]] = []
    for form in (reports.main_form(), reports.second_form()):
        for rule in form.rules:
            counts = [tally.verdicts[form.id, rule.id, word] for word in words]
            if any(counts):
                rows.append((f"{form.id} {rule.id}", *counts, sum(counts)))
    totals = [sum(n for (_, _, found), n in tally.verdicts.items() if found == word) for word in words]
    return _table(("rule", *words, "all"), [*rows, ("all", *totals, tally.instances)])


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [list(head), ["---", *["---:"] * (len(head) - 1)]]
    lines += [[f"{one:,}" if isinstance(one, int) else str(one) for one in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.compare_engines", description=__doc__)
    parser.add_argument("--instances", type=int, default=100_000, help="rule instances to compare (100000)")
    parser.add_argument("--seed", type=int, default=1000, help="of the first filling (1000)")
    parser.add_argument(
        "-o", "--output", type=Path, required=True, help="the report, such as docs/engines.md"
    )
    wanted = parser.parse_args()
    tally = run(wanted.instances, wanted.seed)
    wanted.output.write_text(report(tally, wanted.instances), encoding="utf-8")
    sys.exit(1 if tally.differing else 0)


REPORT = """\
# One rule, two engines

Made by `python -m tests.support.compare_engines --instances {wanted} --seed {first} -o docs/engines.md`.

**{workbooks:,} workbooks, {cells:,} formula cells, {instances:,} rule instances among them: {differing} differences.**

Every formula cell was compared three ways: the value that the program writes into the file, the value that Python computes, and the
value that LibreOffice calculates when it opens the file and is made to recalculate everything. {office}, Python {python},
seeds {first} to {last}; a filling depends on its seed alone.

A *rule instance* is a formula cell that holds a rule's verdict: a rule at one row of a table, at one column, or on one report. A
verdict may judge several cells of its row (every amount in it is a number); taken one by one, the verdicts stand for {places:,}
places at which a rule holds. The other {others:,} formula cells are totals, sums, names carried over from table to table, the marks
of rows that exist, and the check sheet with its counts, both sides of the first failure, differences and links.

## Rule instances by verdict

The second form is one of the tests' own.

{rules}

## Values of all formula cells

{values}

## How the fillings are made

`tests/support/fillings.py` draws each workbook at random: one of the two forms ({second:,} of {workbooks:,} in the second), a single
entity's workbook or one of 3 to 12 rows, grades offered or by formula. Each has its own degree of neglect: 5, 40 or 90% of its
inputs blank; none, 3, 15 or 50% of them odd; amounts of 0 to 4 decimals; some rows unused. What cells then get:

- amounts at the edge: halves that a binary fraction cannot hold (0.145, 1.005, 2.675), sums that only decimals get right, 1e-9,
  amounts of fourteen digits, negative ones, zero;
- texts where a number belongs: `无`, `3.7万元`, `1,234`, plain and full-width spaces, `TRUE`, `1e3`, `=1+1`, `#N/A`, `12%`, an
  emoji, the verdicts' own words;
- names with blanks around them or within, placeholders (`二级机构2`), capitals and small letters, wildcards, names that look like
  numbers, errors or XML;
- in two of five workbooks, figures a little beside the right ones, texts and other names typed over formulas of the tables: only
  so can a rule fail that compares a total with its parts, or a name with the first table's;
- scores out of range and at the edges of the bands, years and head counts that are wrong, grades with blanks around them.

What came to stand in the cells for amounts:

{typed}

## What counts as equal

Numbers whose 15 digits are the same, which is what Excel keeps, or that are within {close} of each other; texts, truth values and
errors exactly; a blank and a formula that shows nothing. Cells that needed the tolerance: {only_close}.

## Differences

{differences}
"""


if __name__ == "__main__":
    main()
