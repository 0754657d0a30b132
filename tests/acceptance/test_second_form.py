"""Quite another form, in a folder of its own, through every command: no line of code knows it."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.acceptance.calling import (
    FORMS,
    SEED,
    data_of,
    exact_data_of,
    parts,
    property_of,
    saved,
    selfeval,
    sheet_parts,
    values_of,
    with_cell,
)
from tests.support import package_checks

SAMPLE = FORMS / "wharf-2024" / "sample.json"
WRONG = FORMS / "wharf-2024" / "sample-errors.json"


@pytest.fixture(autouse=True)
def _forms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELFEVAL_FORMS", str(FORMS))


def test_both_forms_are_listed() -> None:
    lines = selfeval("form", "list").out.splitlines()
    assert [line.split()[0] for line in lines] == ["wharf", "linxiang-zhengti"]


def test_blank_workbook_of_the_form(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    assert (
        selfeval("new", "-o", target, "--form", "wharf", "--department", "某港", "--entity", "北站").status
        == 0
    )
    assert list(sheet_parts(target))[:4] == ["首页", "来源表", "用途 表", "打分与小结"]
    data = json.loads(selfeval("dump", target).out)
    assert data["填表单位"]["单位全称"] == "某港"
    assert [row["作业点名称"] for row in data["资金来源"]] == ["港务处本部", "北站"]
    assert package_checks.problems(target) == []


def test_form_is_taken_from_its_declaration_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SELFEVAL_FORMS")
    file = FORMS / "wharf-2024" / "form.toml"
    assert selfeval("new", "-o", tmp_path / "a.xlsx", "--form", "wharf").status == 2
    assert selfeval("new", "-o", tmp_path / "a.xlsx", "--form", file).status == 0
    assert "来源表" in sheet_parts(tmp_path / "a.xlsx")
    assert selfeval("validate", tmp_path / "a.xlsx").status == 3, (
        "without the declaration nothing can be placed"
    )


def test_form_is_filled_checked_and_read_back_unchanged(tmp_path: Path) -> None:
    book = tmp_path / "a.xlsx"
    assert selfeval("fill", SAMPLE, "-o", book).status == 0
    assert package_checks.problems(book) == []
    outcome = selfeval("validate", book, "--json")
    assert outcome.status == 0
    assert outcome.file["department"] == "某湾港务处"
    assert outcome.findings == selfeval("validate", SAMPLE, "--json").findings
    assert json.loads(selfeval("dump", book).out) == data_of(SAMPLE)
    values = values_of(book)["来源表"].values()
    data = exact_data_of(SAMPLE)["资金来源"]
    total = sum(row[item] for row in data for item in ("上年余款", "拨款", "靠泊费"))
    assert float(total) in values


def test_grades_unit_and_rules_are_the_forms_own(tmp_path: Path) -> None:
    data = data_of(SAMPLE)
    data["打分"] |= {"总分": 61, "档次": "良"}
    outcome = selfeval("validate", saved(tmp_path / "a.json", data), "--json")
    grade = outcome.only("G-82")
    assert (grade["expected"], grade["actual"]) == ("合格", "良")
    data["打分"] |= {"总分": 59, "档次": "优"}
    outcome = selfeval("validate", saved(tmp_path / "a.json", data), "--json")
    assert outcome.only("G-82")["expected"] == "不合格"
    wrong = selfeval("validate", WRONG)
    assert wrong.status == 1
    assert "万元" not in wrong.out
    assert " 元" in wrong.out
    rules = {one["rule"] for one in selfeval("validate", WRONG, "--json").findings}
    assert rules >= {"P-03", "Q-03", "Q-05", "Q-06", "G-81", "G-83", "G-84", "R-02"}


def test_lost_formula_is_found(tmp_path: Path) -> None:
    selfeval("fill", SAMPLE, "-o", tmp_path / "a.xlsx")
    rows = data_of(SAMPLE)["资金来源"]
    total = sum(row[item] for row in rows for item in ("上年余款", "拨款", "靠泊费"))
    place = next(cell for cell, value in values_of(tmp_path / "a.xlsx")["来源表"].items() if value == total)
    changed = with_cell(tmp_path / "a.xlsx", tmp_path / "b.xlsx", "来源表", place, total - 950)
    outcome = selfeval("validate", changed, "--json")
    assert outcome.status == 1
    assert f"P-01@来源表!{place}" in outcome.standing()
    assert outcome.only("P-01")["difference"] == "-950"


def test_form_is_consolidated(tmp_path: Path) -> None:
    other = data_of(SAMPLE)
    other["填表单位"]["单位全称"] = "另一港"
    book = tmp_path / "in" / "a.xlsx"
    selfeval("fill", SAMPLE, "-o", book)
    saved(tmp_path / "in" / "b.json", other)
    outcome = selfeval("consolidate", tmp_path / "in", "-o", tmp_path / "s.xlsx", "--json")
    assert outcome.status == 0
    sums = outcome.json["summary"]["sums"]
    assert list(sums) == ["资金来源", "资金用途"]
    data = exact_data_of(SAMPLE)
    assert Decimal(sums["资金来源"]["拨款"]) == 2 * sum(row["拨款"] for row in data["资金来源"])
    used = sum(row[item] for row in data["资金用途"] for item in ("人工", "燃料", "修理"))
    assert Decimal(sums["资金用途"]["用途合计"]) == 2 * used
    assert outcome.json["files"][0]["year"] == 2024
    assert package_checks.problems(tmp_path / "s.xlsx") == []
    mixed = selfeval("consolidate", tmp_path / "in", SEED, "-o", tmp_path / "t.xlsx", "--json")
    assert [one["file"] for one in mixed.json["summary"]["skipped"]] == [str(SEED)]


def test_form_is_exported_and_the_export_read_again(tmp_path: Path) -> None:
    final = tmp_path / "f.xlsx"
    assert selfeval("export", SAMPLE, "-o", final).status == 0
    assert property_of(final, "kind") == "定稿"
    assert json.loads(selfeval("dump", final).out) == data_of(SAMPLE)
    assert selfeval("validate", final).status == 0
    assert selfeval("export", WRONG, "-o", tmp_path / "g.xlsx").status == 1
    assert package_checks.problems(final) == []


def test_no_label_of_the_first_form_is_in_its_files(tmp_path: Path) -> None:
    selfeval("fill", SAMPLE, "-o", tmp_path / "a.xlsx")
    selfeval("consolidate", SAMPLE, "-o", tmp_path / "s.xlsx")
    for path in tmp_path.iterdir():
        text = b"".join(parts(path).values()).decode("utf-8", "ignore")
        for label in ("局机关", "二级机构", "收入合计", "三公", "临湘", "绩效自评"):
            assert label not in text, (path.name, label)
