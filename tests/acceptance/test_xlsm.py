"""The ending .xlsm makes a workbook with buttons, and every command reads it as it reads an .xlsx."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.acceptance.calling import NINE, SAMPLES, selfeval, with_cell

SETTINGS = ("--settings", SAMPLES / "yunxi-settings.toml")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("filled")
    for ending in ("xlsx", "xlsm"):
        selfeval("fill", NINE, "-o", folder / f"nine.{ending}", *SETTINGS)
    return {ending: folder / f"nine.{ending}" for ending in ("xlsx", "xlsm")}


def has_macros(path: Path) -> bool:
    with zipfile.ZipFile(path) as package:
        return "xl/vbaProject.bin" in package.namelist()


def test_new_makes_one_with_buttons_for_the_ending_alone(tmp_path: Path) -> None:
    for name in ("a.xlsm", "自评表 (1).XLSM", "b.xlsx"):
        assert selfeval("new", "-o", tmp_path / name).status == 0
        assert has_macros(tmp_path / name) == name.lower().endswith(".xlsm")


def test_roster_makes_those_with_buttons_where_they_are_asked_for(tmp_path: Path) -> None:
    roster = tmp_path / "名册.csv"
    roster.write_text("部门编码,部门名称\n1,甲局\n2,乙局\n", encoding="utf-8")
    assert selfeval("new", "--roster", roster, "-d", tmp_path / "下发", "--xlsm").status == 0
    found = sorted((tmp_path / "下发").iterdir())
    assert [path.name for path in found] == ["1-甲局.xlsm", "2-乙局.xlsm"]
    assert all(map(has_macros, found))
    assert selfeval("new", "-o", tmp_path / "a.xlsx", "--xlsm").status == 2


def test_what_was_filled_in_is_dumped_and_checked_alike(filled: dict[str, Path]) -> None:
    assert selfeval("dump", filled["xlsm"]).out == selfeval("dump", filled["xlsx"]).out
    findings = [selfeval("validate", path, "--json").findings for path in filled.values()]
    assert findings[0] == findings[1]


def test_files_with_and_without_buttons_are_summed_up_alike(filled: dict[str, Path], tmp_path: Path) -> None:
    sums = []
    for path in filled.values():
        folder = tmp_path / path.suffix[1:]
        folder.mkdir()
        shutil.copy(path, folder)
        outcome = selfeval("consolidate", folder, "-o", tmp_path / f"{folder.name}.xlsx", "--json")
        assert outcome.status == 0
        sums.append(outcome.json["summary"]["sums"])
    assert sums[0] == sums[1]
    assert selfeval("consolidate", filled["xlsm"], "-o", tmp_path / "s.xlsm").status == 2


@pytest.mark.parametrize("ending", ["xlsx", "xlsm"])
def test_a_damaged_one_is_repaired_with_buttons_or_without(
    filled: dict[str, Path], tmp_path: Path, ending: str
) -> None:
    broken = with_cell(filled["xlsm"], tmp_path / "broken.xlsm", "收入", "B6", 1)
    assert "F-02" in {one["rule"] for one in selfeval("validate", broken, "--json").findings}
    target = tmp_path / f"new.{ending}"
    assert selfeval("repair", broken, "-o", target).status == 0
    assert has_macros(target) == (ending == "xlsm")
    before = json.loads(selfeval("dump", filled["xlsx"]).out)
    after = json.loads(selfeval("dump", target).out)
    assert {key: after[key] for key in ("收入", "支出", "绩效自评")} == {
        key: before[key] for key in ("收入", "支出", "绩效自评")
    }


def test_it_is_finished_without_buttons(filled: dict[str, Path], tmp_path: Path) -> None:
    assert selfeval("export", filled["xlsm"], "-o", tmp_path / "定稿.xlsm").status == 2
    assert selfeval("export", filled["xlsm"], "-o", tmp_path / "定稿.xlsx").status == 0
    assert not has_macros(tmp_path / "定稿.xlsx")
