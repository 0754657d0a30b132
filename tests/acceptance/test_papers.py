"""`validate` with last year's reports and with a list of other papers' amounts."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.calling import DAMAGED, FORMS, ROOT, Outcome, bytes_of, filled, saved, selfeval
from tests.support import small_report as small
from tests.support.two_years import last_year, listed

NAME = "封面_部门(单位)名称"


@pytest.fixture
def this(tmp_path: Path) -> Path:
    return filled(saved(tmp_path / "data.json", small.balanced()), tmp_path / "this.xlsx")


def past(path: Path, **changes: Any) -> Path:
    return saved(path, last_year(**changes))


def lines(outcome: Outcome) -> list[str]:
    return outcome.err.splitlines()


def test_last_year_is_a_workbook_or_a_data_file(this: Path, tmp_path: Path) -> None:
    data = past(tmp_path / "last.json", 支出_1_累计结余=9)
    book = filled(data, tmp_path / "last.xlsx")
    for file in (data, book):
        outcome = selfeval("validate", this, "--previous", file, "--json")
        assert (outcome.status, outcome.err) == (0, "")
        assert outcome.rules() == ["Y-01@收入!C6", "Y-01@收入!C5 <- Y-01@收入!C6"]
        assert outcome.file["status"] == "warnings"
    assert selfeval("validate", this).out.endswith("：没有问题\n")


def test_a_clerk_reads_place_figures_file_and_what_to_do(this: Path, tmp_path: Path) -> None:
    outcome = selfeval("validate", this, "--previous", past(tmp_path / "last.json", 支出_1_累计结余=9))
    said = (
        "  [需说明] 收入!C6 局机关·上年结转：为 10.00，上年的累计结余为 9.00（last.json），相差 +1.00 万元。"
        "请核对；如属会计差错更正、收回以前年度支出、归集调入或调出，请写说明。（Y-01"
    )
    assert said in outcome.out
    assert "由上一问题引起，不用另改：Y-01@收入!C5" in outcome.out


def test_an_error_against_last_year_is_an_error_of_the_file(this: Path, tmp_path: Path) -> None:
    same = saved(tmp_path / "last.json", small.changed(封面_年度=2021))
    outcome = selfeval("validate", this, "--previous", same, "--json")
    assert (outcome.status, outcome.standing()) == (1, [f"Y-07@{small.field('封面.年度')}"])


def county(folder: Path, count: int, *, year: int = 2022) -> Path:
    """Departments of which every third one's balance did not come over as it was left."""
    for number in range(count):
        who = {"封面_部门编码": f"{number:03}", NAME: f"第{number}局"}
        left = 9 if number % 3 == 0 else 10
        make = small.changed if year == 2022 else last_year
        changes = who if year == 2022 else {**who, "支出_1_累计结余": left}
        saved(folder / f"{number:03}.json", make(**changes))
    return folder


def test_a_folder_is_matched_with_a_folder_and_processes_change_nothing(tmp_path: Path) -> None:
    now, before = county(tmp_path / "now", 18), county(tmp_path / "before", 18, year=2021)
    (before / "004.json").unlink()
    (before / "damaged.xlsx").write_bytes(DAMAGED.read_bytes())
    untouched = bytes_of([*now.iterdir(), *before.iterdir()])
    one = selfeval("validate", now, "--previous", before, "--json")
    two = selfeval("validate", now, "--previous", before, "--json", "--jobs", "2")
    assert one == two
    found = [bool(file["findings"]) for file in one.json["files"]]
    assert found == [number % 3 == 0 for number in range(18)]
    refused, missing = lines(one)
    assert "damaged.xlsx：拒收，没有用它比较。" in refused
    assert missing.startswith("没有上年的表可比：第4局（1 个）。")
    assert one.status == 0
    assert bytes_of(untouched) == untouched


def test_what_is_odd_about_last_years_file_is_a_line_on_stderr(this: Path, tmp_path: Path) -> None:
    old = past(tmp_path / "old.json", 封面_年度=2019)
    outcome = selfeval("validate", this, "--previous", old)
    assert lines(outcome) == [
        "this.xlsx：上年的表只有“old.json”，是 2019 年度的（应为 2021 年度），仍用它比较。请核对。"
    ]
    new = saved(tmp_path / "new.json", small.balanced())
    outcome = selfeval("validate", this, "--previous", new)
    assert lines(outcome) == [
        "this.xlsx：“new.json”也是 2022 年度的，只查数字是否相同。请换上 2021 年度的表。"
    ]
    assert "（Y-07" in outcome.out


@pytest.mark.parametrize(
    "words", [("--previous", "none.xlsx"), ("--previous", "empty"), ("--reference", "none.csv")]
)
def test_a_paper_that_is_not_there_is_wrong_usage(
    words: tuple[str, str], this: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    outcome = selfeval("validate", this, *words)
    assert (outcome.status, outcome.out) == (2, "")
    assert words[1] in outcome.err


def test_a_list_that_is_none_is_wrong_usage_with_the_reason(this: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("部门编码,金额\n007,1\n", encoding="utf-8")
    outcome = selfeval("validate", this, "--reference", tmp_path / "a.csv")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == "对照表“a.csv”读不出来：缺少列：类别、项目、单位\n"


def test_a_list_is_compared_and_its_useless_rows_are_named(this: Path, tmp_path: Path) -> None:
    rows = (
        "007,,,决算,收入总计,3359000,元",
        "007,,甲中心,决算,人员经费,49,万元",
        "007,,,决算,招待费,1,万元",
        "007,,,决算,支出合计,1,美元",
        "007,,丙站,决算,支出合计,1,元",
    )
    outcome = selfeval("validate", this, "--reference", listed(tmp_path, *rows, encoding="gbk"), "--json")
    assert outcome.rules() == ["D-03@支出!D8"]
    (found,) = outcome.findings
    assert (found["expected"], found["actual"], found["difference"]) == ("49.00", "50.00", "1.00")
    assert sorted(lines(outcome)) == [
        "list.csv 第 4 行：项目“招待费”表样里没有，没有用。",
        "list.csv 第 5 行：单位“美元”不认识，请写元或万元；没有用。",
        "list.csv 第 6 行：机构“丙站”表里没有，没有用。",
    ]


def test_many_useless_rows_are_counted(this: Path, tmp_path: Path) -> None:
    rows = [f"007,,,决算,项目{number},1,万元" for number in range(50)]
    outcome = selfeval("validate", this, "--reference", listed(tmp_path, *rows))
    assert len(lines(outcome)) == 21
    assert lines(outcome)[-1] == "list.csv：另有 30 行没有用。"


def test_doubts_go_to_the_bureau_and_not_to_the_clerk(this: Path, tmp_path: Path) -> None:
    before = past(tmp_path / "last.json", 固定资产_1_在用固定资产=250)
    outcome = selfeval("validate", this, "--previous", before, "--json")
    assert outcome.findings == []
    assert [one["rule"] for one in outcome.file["doubts"]] == ["Y-06"]


def test_both_papers_together_say_a_thing_once(this: Path, tmp_path: Path) -> None:
    before = past(tmp_path / "last.json", 支出_1_累计结余=9)
    rows = ("007,,局机关,上年,累计结余,90000,元", "007,,局机关,决算,收入合计,217.50,万元")
    outcome = selfeval(
        "validate", this, "--previous", before, "--reference", listed(tmp_path, *rows), "--json"
    )
    assert outcome.standing() == ["Y-01@收入!C6"]
    assert {one["rule"] for one in outcome.findings} == {"Y-01", "D-01", "D-06"}


def test_an_entitys_own_workbook_is_compared_with_its_own(tmp_path: Path) -> None:
    words = ("--kind", "entity", "--department", "某局")
    for folder, year in (("now", 2022), ("before", 2021)):
        (tmp_path / folder).mkdir()
        for name in ("甲站", "乙站"):
            target = tmp_path / folder / f"{name}.xlsx"
            assert selfeval("new", "-o", target, *words, "--year", year, "--entity", name).status == 0
            data = json.loads(selfeval("dump", target).out)
            amount = 10 if (folder, name) == ("now", "乙站") else 5
            data["收入"][0]["上年结转"], data["支出"][0]["累计结余"] = amount, 5
            saved(target.with_suffix(".json"), data)
            target.unlink()
    outcome = selfeval("validate", tmp_path / "now", "--previous", tmp_path / "before", "--json")
    found = {Path(one["file"]).stem: {f["rule"] for f in one["findings"]} for one in outcome.json["files"]}
    assert "Y-01" in found["乙站"]
    assert "Y-01" not in found["甲站"]


def test_another_form_is_compared_by_its_own_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELFEVAL_FORMS", str(FORMS))
    data = json.loads((FORMS / "wharf-2024" / "sample.json").read_text(encoding="utf-8"))
    this = saved(tmp_path / "this.json", data)
    last = json.loads(json.dumps(data))
    last["填表单位"]["所属年份"] = 2023
    row = next(row for row in last["资金用途"] if row["人工"])
    row["人工"] = row["人工"] * 3 + 9000
    outcome = selfeval("validate", this, "--previous", saved(tmp_path / "last.json", last), "--json")
    assert [one["rule"] for one in outcome.findings if one["code"] == "previous.change"] == ["L-02"]
    total = sum(row["人工"] + row["燃料"] + row["修理"] for row in data["资金用途"])
    name = data["填表单位"]["单位全称"]
    for amount, unit, is_same in ((total / 10000, "万元", True), (total + 100, "元", False)):
        folder = tmp_path / unit
        folder.mkdir()
        rows = listed(folder, f"{name},决算,用途合计,{amount},{unit}", header="部门名称,类别,项目,金额,单位")
        outcome = selfeval("validate", this, "--reference", rows, "--json")
        assert ("L-04" not in {one["rule"] for one in outcome.findings}) == is_same


def test_a_plain_check_imports_nothing_of_it(this: Path) -> None:
    code = (
        "import sys; from selfeval_xl.app.cli import run; run(['validate', sys.argv[1]]);"
        "print([one for one in sys.modules if 'papers' in one or one in ('csv', 'selfeval_xl.consolidation.lists')])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(this)], capture_output=True, cwd=ROOT, check=True)
    assert done.stdout.decode("utf-8").splitlines()[-1] == "[]"
