"""The check on an open workbook finds what the check of its file finds, in two reads and two writes a sheet."""

from pathlib import Path

import pytest

from selfeval_xl.app import excel
from selfeval_xl.shipped import SEARCH_VARIABLE
from selfeval_xl.submission.inspect import Report, inspect
from tests.support import fake_com, reports
from tests.support.fillings import random_filling

FILLINGS = 50


@pytest.fixture(autouse=True)
def _both_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SEARCH_VARIABLE, str(reports.FORMS))


def same_as_file(filled: reports.Filled, folder: Path) -> Report:
    """Check a report as a file and in Excel, and return what the file says."""
    file = inspect(filled.write(folder / "自评表.xlsx"))
    desk = fake_com.Desk(books=[fake_com.opened(filled)])
    with fake_com.excel(desk):
        live = excel.check()
    assert live.reduced.findings == file.findings
    assert live.reduced.reconciliations == file.reconciliations
    assert live.reduced.doubts == file.doubts
    assert live.is_written
    assert max(desk.reads.values()) <= 2
    assert max(desk.writes.values()) <= 2
    return file


@pytest.mark.parametrize("sample", reports.sample_files(), ids=lambda path: path.stem)
def test_every_sample_is_told_the_same(sample: Path, tmp_path: Path) -> None:
    assert same_as_file(reports.filled(reports.report(sample)), tmp_path).reason is None


@pytest.mark.parametrize("first", range(0, FILLINGS, 10))
def test_whatever_is_filled_in_is_told_the_same(first: int, tmp_path: Path) -> None:
    found = sum(
        len(same_as_file(random_filling(seed), tmp_path).findings) for seed in range(first, first + 10)
    )
    assert found > 10
