"""The check on a workbook that is open in LibreOffice finds what the check of its file finds.

Here the program calculates, refuses and selects by itself; what it shows was never computed by us.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from selfeval_xl.app import excel
from selfeval_xl.shipped import SEARCH_VARIABLE
from selfeval_xl.submission.inspect import inspect
from tests.support import office_engine, reports
from tests.support.fillings import random_filling
from tests.support.office_engine import Office

pytestmark = pytest.mark.office
SEED = reports.SAMPLES / "seed-2022.json"
# All 50 of tests/property/test_live_is_file.py take two minutes: SELFEVAL_FILLINGS=50.
FILLINGS = int(os.environ.get("SELFEVAL_FILLINGS", "10"))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    running = Office(tmp_path_factory.mktemp("profile"))
    yield running
    running.end()


@pytest.fixture(autouse=True)
def _both_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SEARCH_VARIABLE, str(reports.FORMS))


def same_as_file(office: Office, filled: reports.Filled, path: Path) -> None:
    file = inspect(filled.write(path))
    with office_engine.opened(office, path):
        live = excel.check()
    assert live.reduced.findings == file.findings
    assert live.is_written
    assert max(office.reads.values()) <= 2
    assert max(office.writes.values()) <= 2


@pytest.mark.parametrize("sample", reports.sample_files(), ids=lambda path: path.stem)
def test_every_sample_is_told_the_same(office: Office, sample: Path, tmp_path: Path) -> None:
    same_as_file(office, reports.filled(reports.report(sample)), tmp_path / "自评表.xlsx")


@pytest.mark.parametrize("first", range(0, FILLINGS, 5))
def test_whatever_is_filled_in_is_told_the_same(office: Office, first: int, tmp_path: Path) -> None:
    for seed in range(first, first + 5):
        same_as_file(office, random_filling(seed), tmp_path / f"{seed}.xlsx")


def test_what_was_typed_and_not_saved_is_checked_and_shown(office: Office, tmp_path: Path) -> None:
    path = reports.filled(reports.report(SEED)).write(tmp_path / "自评表 (1).xlsx")
    before = path.read_bytes()
    with office_engine.opened(office, path):
        first = excel.check("自评表 (1).xlsx")
        office.ask("put", "收入", 6, 4, 100.0)
        second = excel.check()
        office.ask("put", "收入", 6, 4, 212.29)
        third = excel.check()
        shown = [row for row in office.ask("values", "校验", 5, 14, 104, 17) if any(row)]
        selected = office.ask("selected")
    assert third.reduced.findings == first.reduced.findings
    codes = {one.code for one in second.reduced.findings} - {one.code for one in first.reduced.findings}
    # The totals were calculated by the program: none is stale.
    assert "balance.mismatch" in codes
    assert "result.stale" not in codes
    assert len(shown) == len(third.lines)
    assert selected in third.sentence
    assert path.read_bytes() == before


def test_a_locked_result_area_is_refused_and_said(office: Office, tmp_path: Path) -> None:
    filled = reports.filled(reports.report(SEED))
    plan = filled.blueprint.sheets["校验"]
    cells = {place: replace(cell, locked=True) for place, cell in plan.cells.items()}
    sheets = {**filled.blueprint.sheets, "校验": replace(plan, cells=cells)}
    locked = replace(filled, blueprint=replace(filled.blueprint, sheets=sheets))
    path = locked.write(tmp_path / "locked.xlsx")
    with office_engine.opened(office, path):
        done = excel.check()
        shown = [row for row in office.ask("values", "校验", 5, 14, 104, 17) if any(row)]
    assert not done.is_written
    assert "没有写进工作簿" in done.sentence
    assert shown == []
