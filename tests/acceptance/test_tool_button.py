"""The consolidation workbook in LibreOffice: its button sums a folder up, and every file is there with what came of it."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from selfeval_xl.jobs.build import shipped
from selfeval_xl.texts import catalogue
from tests.acceptance.calling import COUNTY, ROOT, selfeval
from tests.support.desk import Desk

pytestmark = pytest.mark.office

SHEET, STATE = "汇总", "B11"
FIRST = 14
STATES = {"info": "有提示", "errors": "有错误", "refused": "拒收"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a space and Chinese in its name, the departments' files in it, the shipped workbook beside them."""
    folder = tmp_path_factory.mktemp("收到的表 (1)")
    shutil.copytree(COUNTY, folder / "表")
    (make,) = [make for path, make in shipped().items() if path.name == "汇总工具.xlsm"]
    make(folder / "汇总工具.xlsm")
    return folder


@pytest.fixture(scope="module")
def desk(folder: Path) -> Iterator[Desk]:
    with pytest.MonkeyPatch.context() as patch:
        # The macro starts Python, which finds the program as it does when it is installed.
        patch.setenv("PYTHONPATH", str(ROOT))
        with Desk() as running, running.opened(folder / "汇总工具.xlsm"):
            yield running


def test_without_the_program_it_says_what_to_do(desk: Desk) -> None:
    desk.press(SHEET, "开始汇总")
    assert desk.text_other_than(SHEET, STATE, "", "已经开始…") == catalogue()["tool.no_program"]


def test_button_sums_the_folder_up_and_lists_every_file(desk: Desk, folder: Path) -> None:
    told = selfeval("consolidate", folder / "表", "-o", folder / "other.xlsx", "--json").json["files"]
    desk.put(SHEET, "B3", str(folder / "表"))
    desk.put(SHEET, "B7", sys.executable)
    desk.press(SHEET, "开始汇总")
    shown = desk.text(SHEET, STATE)
    while "已写入" not in shown:
        shown = desk.text_other_than(SHEET, STATE, shown)
    rows = [[desk.text(SHEET, f"{column}{FIRST + n}") for column in "ABCD"] for n in range(len(told) + 1)]
    wanted = {(Path(one["file"]).name, one["department"] or "", STATES[one["status"]]) for one in told}
    assert {tuple(row[:3]) for row in rows[:-1]} == wanted
    assert rows[0][0] == "13-damaged.xlsx"
    assert "损坏" in rows[0][3]
    assert rows[-1] == [""] * 4
    assert (folder / "表" / "汇总.xlsx").is_file()


SLOW = """#!/bin/sh
# Called as Python would be; writes the record of a run that takes its time.
printf 'token\\t%s\\r\\nso_far\\t\\\\u5df2 7\\r\\n' "$6" >"$5"
sleep 3
printf 'one_file\\ta.xlsx\\t\\t=1+1\\t\\r\\nat_end\\tdone\\r\\n' >>"$5"
"""


def test_progress_is_shown_meanwhile_and_no_text_becomes_a_formula(desk: Desk, tmp_path: Path) -> None:
    program = tmp_path / "slow"
    program.write_text(SLOW, encoding="ascii")
    program.chmod(0o755)
    desk.put(SHEET, "B3", str(tmp_path))
    desk.put(SHEET, "B7", str(program))
    before = desk.text(SHEET, STATE)
    desk.press(SHEET, "开始汇总")
    assert desk.text_other_than(SHEET, STATE, before, "已经开始…") == "已 7"
    assert desk.text_other_than(SHEET, STATE, "已 7") == "done"
    assert desk.text(SHEET, f"C{FIRST}") == "=1+1"
    assert desk.text(SHEET, f"A{FIRST + 1}") == ""
