"""One formula, three engines: the value in the file, Python's, and what LibreOffice calculates are the same.

`SELFEVAL_FILLINGS=300` or `SELFEVAL_FILLINGS=1000-1300` tries more fillings, or others.
"""

import os
from collections import Counter
from decimal import Decimal

import pytest

from selfeval_xl.blueprint.instances import FAILED, active_rules
from selfeval_xl.findings import Verdict
from tests.support import compare_engines, reports
from tests.support.engines import Compared, compared, is_number, same, shown
from tests.support.fillings import random_filling
from tests.support.reports import Filled

pytestmark = [pytest.mark.office, pytest.mark.slow]

RANGE = "SELFEVAL_FILLINGS"
FILLINGS = 40
MOST_SHOWN = 20


def seeds() -> range:
    first, _, last = os.environ.get(RANGE, str(FILLINGS)).rpartition("-")
    return range(int(first or 0), int(last))


def books() -> dict[str, Filled]:
    """Every sample, blank workbooks of several sizes, and random fillings."""
    found = {f"sample-{file.stem}": reports.filled(reports.report(file)) for file in reports.sample_files()}
    for name, form in (("main", reports.main_form()), ("second", reports.second_form())):
        found[f"{name}-blank"] = reports.blank(form, 5)
        found[f"{name}-entity"] = reports.blank(form, entity=True)
    return found | {f"random-{seed}": random_filling(seed) for seed in seeds()}


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> list[Compared]:
    """Every formula cell of every book, written, recalculated by LibreOffice and read."""
    return list(compared(books().items(), tmp_path_factory.mktemp("engines")))


def test_file_python_and_libreoffice_agree_on_every_formula_cell(cells: list[Compared]) -> None:
    differing = [one for one in cells if not one.agree]
    assert not differing, "\n".join(
        [f"{len(differing)} of {len(cells)} cells differ", *map(shown, differing[:MOST_SHOWN])]
    )


def test_comparison_covers_many_cells_and_every_verdict(cells: list[Compared]) -> None:
    words = Counter(one.python for one in cells if isinstance(one.python, str))
    assert len(cells) > 20_000
    assert sum(is_number(one.python) for one in cells) > 4_000
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


def test_every_rule_that_is_a_formula_fails_somewhere(cells: list[Compared]) -> None:
    failed = {(one.form, one.rule) for one in cells if one.python == FAILED}
    for form in (reports.main_form(), reports.second_form()):
        for rule in active_rules(reports.blank(form).blueprint):
            if rule.scope != "program" and not rule.bureau:
                assert (form.id, rule.id) in failed


def test_command_compares_what_was_asked_for_and_reports_it() -> None:
    tally = compare_engines.run(300, 1000)
    assert tally.differences == []
    assert 300 <= tally.instances < tally.cells
    assert tally.verdicts.total() == tally.instances
    report = compare_engines.report(tally, 300)
    assert f"{tally.instances:,} rule instances among them: no differences." in report
    assert "{" not in report
