"""What is generated and shipped is what the program would make now; ``selfeval build`` makes it anew."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from selfeval_xl.jobs.build import contents, shipped, stale
from selfeval_xl.texts import catalogue
from tests.acceptance.calling import Data
from tests.support.examples import gathered
from tests.support.message_page import PAGE, message_page
from tests.support.package_checks import problems
from tests.support.review_book import BOOK, review_book
from tests.vectors.test_rule_vectors import FORM


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[Data]:
    return gathered(tmp_path_factory.mktemp("examples"))


@pytest.mark.slow
def test_shipped_templates_samples_and_pages_are_fresh() -> None:
    assert len(shipped()) >= 9
    assert [path.name for path in stale()] == []


# Told by no rule of the main form, or where there is more to it than one report and its papers.
NOT_SHOWN = {"rule.failed", "previous.surplus_share", "prose.other"}


@pytest.mark.slow
def test_every_sentence_of_a_finding_has_a_real_one(found: list[Data]) -> None:
    codes = {key.removeprefix("finding.") for key in catalogue() if key.startswith("finding.")}
    assert codes - {one["code"] for one in found} == NOT_SHOWN, "add a case to tests/support/examples.py"


@pytest.mark.slow
def test_page_of_the_messages_is_fresh(found: list[Data]) -> None:
    assert PAGE.read_text(encoding="utf-8") == message_page(found), "python -m tests.support.message_page"


@pytest.mark.slow
def test_workbook_for_reviewers_is_fresh_and_small(tmp_path: Path, found: list[Data]) -> None:
    review_book(tmp_path / "a.xlsx", found)
    assert problems(tmp_path / "a.xlsx") == []
    assert contents(tmp_path / "a.xlsx") == contents(BOOK), "python -m tests.support.review_book"
    assert BOOK.stat().st_size < 60_000
    sheet = load_workbook(BOOK)["规则"]
    rules = {sheet.cell(row, 1).value for row in range(4, sheet.max_row + 1)}
    assert rules == {rule.id for rule in FORM.rules}
