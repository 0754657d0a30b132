"""Summaries summed up: counties' into their city's, cities' into their province's, without the original files."""

import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.acceptance.calling import (
    DAMAGED,
    SAMPLES,
    Outcome,
    property_of,
    saved,
    selfeval,
    with_cell,
    with_text,
)
from tests.acceptance.test_summary_sheets import department, grid, rows
from tests.support import office, package_checks

SETTINGS = (SAMPLES / "yunxi-settings.toml").read_text(encoding="utf-8")
COUNTIES = {
    "甲县": [("财政局", "101", 100.11, 95), ("水利局", "102", 0.20, 80)],
    "乙县": [("财政局", "101", 30.05, 90), ("林业局", "103", 7.77, None)],
}
YEARS = [f'name="year"><vt:lpwstr>{year}<' for year in (2022, 2021)]
ADJUSTMENT = "调出,调入,项目,金额,原因\n财政局,,公共财政拨款,0.31,重复计算\n"


def of_region(folder: Path, region: str) -> Path:
    """A bureau's settings for another region."""
    text = re.sub('region = ".*?"', f'region = "{region}"', SETTINGS)
    path = folder / f"{region}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def county(folder: Path, region: str, *words: object) -> Path:
    """A county's summary, made of its departments' files."""
    for name, code, income, score in COUNTIES[region]:
        data = department(name, code, income, 绩效自评={"绩效自评综合得分": score, "评价等次": None})
        data["收入"].append({"机构名称": "下属站", "公共财政拨款": 1.005})
        for table in ("支出", "三公经费", "固定资产"):
            data[table].append({"机构名称": "下属站"})
        saved(folder / region / f"{code}.json", data)
    target = folder / "up" / f"{region}.xlsx"
    selfeval("consolidate", folder / region, "-o", target, "--settings", of_region(folder, region), *words)
    return target


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city's summary of two counties, one of which adjusted its totals."""
    folder = tmp_path_factory.mktemp("regions")
    (folder / "list.csv").write_text(ADJUSTMENT, encoding="utf-8")
    county(folder, "甲县", "--adjustments", folder / "list.csv")
    county(folder, "乙县")
    assert summed(folder, folder / "up").status == 0
    return folder


def summed(
    folder: Path, *paths: object, region: str = "某市", name: str = "city", level: str = ""
) -> Outcome:
    words = ("--level", level) if level else ()
    target = ("-o", folder / f"{name}.xlsx", "--settings", of_region(folder, region))
    return selfeval("consolidate", *paths, *target, "--json", "--force", *words)


def official(path: Path, item: str = "公共财政拨款") -> Decimal:
    return Decimal(str(next(rows(path, "收入"))[item]))


def test_totals_are_those_of_the_counties_to_the_cent(made: Path) -> None:
    assert official(made / "up" / "甲县.xlsx") == Decimal("102.02")
    assert official(made / "up" / "乙县.xlsx") == Decimal("39.84")
    assert official(made / "city.xlsx") == Decimal("141.86")
    assert summed(made, made / "up").json["summary"]["sums"]["收入"]["公共财政拨款"] == "141.86"
    assert package_checks.problems(made / "city.xlsx") == []


@pytest.mark.office
def test_office_calculates_the_same(made: Path, tmp_path: Path) -> None:
    (again,) = office.recalculated([made / "city.xlsx"], tmp_path)
    assert office.values(again) == office.values(made / "city.xlsx")


def test_every_row_leads_to_the_countys_cell_and_names_the_departments_file(made: Path) -> None:
    columns = ("地区", "所属", "公共财政拨款", "文件", "工作表", "单元格", "原文件")
    found = [tuple(row[name] for name in columns) for row in list(rows(made / "city.xlsx", "收入"))[4:]]
    assert found == [
        ("乙县", "合计", 39.84, "乙县.xlsx", "收入", "A4", None),
        ("乙县", "财政局", 31.06, "乙县.xlsx", "收入", "A8", "101.json"),
        ("乙县", "林业局", 8.78, "乙县.xlsx", "收入", "A11", "103.json"),
        ("甲县", "合计", 102.02, "甲县.xlsx", "收入", "A4", None),
        ("甲县", "财政局", 101.12, "甲县.xlsx", "收入", "A8", "101.json"),
        ("甲县", "水利局", 1.21, "甲县.xlsx", "收入", "A11", "102.json"),
        ("甲县", "抵销和调整", -0.31, "甲县.xlsx", "收入", "A6", None),
    ]
    cell = load_workbook(made / "up" / "甲县.xlsx", data_only=True)["收入"]["G11"]
    assert cell.value == 1.21
    links = load_workbook(made / "city.xlsx")["收入"]
    assert links.cell(9, 13).value == '=HYPERLINK("up/乙县.xlsx#收入!A8","A8")'


def test_first_sheet_has_a_line_a_county(made: Path) -> None:
    counties = {row["名称"]: row for row in rows(made / "city.xlsx", "总表") if row["序号"]}
    assert [counties[name]["部门数"] for name in ("甲县", "乙县")] == [2, 2]
    assert [counties[name]["平均自评得分"] for name in ("甲县", "乙县")] == [87.5, 90]
    assert counties["甲县"]["备注"], "what is open in its departments' files"


def test_departments_of_all_counties_are_ranked_together(made: Path) -> None:
    found = [(row["名次"], row["地区"], row["部门"]) for row in rows(made / "city.xlsx", "得分排名")]
    assert found == [
        (1, "甲县", "财政局"),
        (2, "乙县", "财政局"),
        (3, "甲县", "水利局"),
        (None, "乙县", "林业局"),
    ]
    assert {row[0]: row[2] for row in grid(made / "city.xlsx", "等次分布")[3:8]}["优"] == 2


def test_a_city_goes_into_its_province_in_the_same_way(made: Path, tmp_path: Path) -> None:
    shutil.copy(made / "city.xlsx", tmp_path / "city.xlsx")
    outcome = summed(tmp_path, tmp_path / "city.xlsx", region="某省", name="province", level="region")
    assert outcome.json["summary"]["sums"]["收入"]["公共财政拨款"] == "141.86"
    below = [row["所属"] for row in list(rows(tmp_path / "province.xlsx", "收入"))[4:]]
    assert below == ["合计", "乙县", "甲县"]
    levels = [property_of(path, "level") for path in (made / "up" / "甲县.xlsx", made / "city.xlsx")]
    assert [*levels, property_of(tmp_path / "province.xlsx", "level")] == ["1", "2", "3"]
    ranked = [row["地区"] for row in rows(tmp_path / "province.xlsx", "得分排名")]
    assert ranked[0] == "某市甲县"


def test_order_of_the_files_changes_nothing(made: Path, tmp_path: Path) -> None:
    summed(tmp_path, made / "up" / "甲县.xlsx", made / "up" / "乙县.xlsx", name="a")
    summed(tmp_path, made / "up" / "乙县.xlsx", made / "up" / "甲县.xlsx", name="b")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


# What counts


def skipped(outcome: Outcome) -> dict[str, str]:
    return {Path(one["file"]).name: one["reason"] for one in outcome.json["summary"]["skipped"]}


def test_summaries_among_reports_are_skipped(made: Path, tmp_path: Path) -> None:
    outcome = summed(tmp_path, made / "甲县", made / "up")
    assert set(skipped(outcome)) == {"甲县.xlsx", "乙县.xlsx"}
    assert property_of(tmp_path / "city.xlsx", "level") == "1"


def test_one_summary_alone_is_summed_up_only_if_somebody_says_so(made: Path, tmp_path: Path) -> None:
    outcome = summed(tmp_path, made / "up" / "甲县.xlsx")
    assert set(skipped(outcome)) == {"甲县.xlsx"}
    assert not (tmp_path / "city.xlsx").exists()
    outcome = summed(tmp_path, made / "up" / "甲县.xlsx", made / "甲县", level="region")
    assert skipped(outcome) == dict.fromkeys(("101.json", "102.json"), "不是汇总表，上级汇总只收汇总表")
    assert official(tmp_path / "city.xlsx") == Decimal("102.02")


def test_a_county_that_is_in_its_citys_summary_is_not_added_again(made: Path, tmp_path: Path) -> None:
    outcome = summed(tmp_path, made / "city.xlsx", made / "up", region="某省")
    assert skipped(outcome) == dict.fromkeys(("甲县.xlsx", "乙县.xlsx"), "已经汇总在“city.xlsx”里")
    assert official(tmp_path / "city.xlsx") == Decimal("141.86")


def test_a_county_that_was_saved_anew_is_known_by_its_figures(made: Path, tmp_path: Path) -> None:
    load_workbook(made / "up" / "甲县.xlsx").save(tmp_path / "again.xlsx")
    outcome = summed(tmp_path, made / "city.xlsx", tmp_path / "again.xlsx", region="某省")
    assert skipped(outcome) == {"again.xlsx": "已经汇总在“city.xlsx”里"}


def test_a_county_of_the_same_name_and_other_figures_counts_only_once_somebody_decided(
    made: Path, tmp_path: Path
) -> None:
    words = ("--settings", of_region(tmp_path, "甲县"))
    selfeval("consolidate", made / "甲县" / "102.json", "-o", tmp_path / "other.xlsx", *words)
    outcome = summed(tmp_path, made / "city.xlsx", tmp_path / "other.xlsx", region="某省")
    assert outcome.status == 1
    assert list(skipped(outcome)) == ["other.xlsx"]
    assert [one[0] for one in findings(outcome)] == ["R-04"]
    assert official(tmp_path / "city.xlsx") == Decimal("141.86")


def test_a_county_beside_another_city_is_added(made: Path, tmp_path: Path) -> None:
    COUNTIES["丙县"] = [("财政局", "101", 1, 60)]
    third = county(tmp_path, "丙县")
    outcome = summed(tmp_path, made / "city.xlsx", third, region="某省")
    assert skipped(outcome) == {}
    assert official(tmp_path / "city.xlsx") == Decimal("143.87")
    assert property_of(tmp_path / "city.xlsx", "level") == "3"


def test_a_department_in_two_summaries_is_a_conflict_and_neither_counts(made: Path, tmp_path: Path) -> None:
    for name in ("丁县", "戊县"):
        target = tmp_path / "up" / f"{name}.xlsx"
        words = ("--settings", of_region(tmp_path, name))
        selfeval("consolidate", made / "甲县" / "101.json", "-o", target, *words)
    outcome = summed(tmp_path, tmp_path / "up", made / "up" / "乙县.xlsx")
    assert outcome.status == 1
    assert set(skipped(outcome)) == {"丁县.xlsx", "戊县.xlsx"}
    assert [one[0] for one in findings(outcome)] == ["R-04", "R-04"]
    assert official(tmp_path / "city.xlsx") == Decimal("39.84")


def test_the_copy_that_was_sent_up_counts_like_the_summary_itself(made: Path, tmp_path: Path) -> None:
    copy = ("--public", tmp_path / "up" / "copy.xlsx", "--settings", of_region(tmp_path, "乙县"))
    selfeval("consolidate", made / "乙县", "-o", tmp_path / "up" / "own.xlsx", *copy)
    outcome = summed(tmp_path, tmp_path / "up", made / "up" / "甲县.xlsx")
    assert outcome.status == 0
    assert len(skipped(outcome)) == 1
    assert official(tmp_path / "city.xlsx") == Decimal("141.86")


def test_two_counties_that_kept_the_same_region_are_told_so(made: Path, tmp_path: Path) -> None:
    for region in COUNTIES:
        selfeval("consolidate", made / region, "-o", tmp_path / "up" / f"{region}.xlsx")
    outcome = summed(tmp_path, tmp_path / "up")
    assert outcome.status == 1
    assert "同一部门" not in outcome.out + outcome.err
    for own, other in (("甲县.xlsx", "乙县.xlsx"), ("乙县.xlsx", "甲县.xlsx")):
        assert f"临湘市：与“{other}”写的是同一个地区而内容不同，都未汇总。" in outcome.out
        assert skipped(outcome)[own].startswith(f"与“{other}”写的是同一个地区")
    assert "--settings" in outcome.out


def test_two_different_summaries_of_one_county_are_a_conflict(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made / "up", tmp_path / "up")
    words = ("--settings", of_region(tmp_path, "甲县"))
    selfeval("consolidate", made / "甲县" / "102.json", "-o", tmp_path / "up" / "again.xlsx", *words)
    outcome = summed(tmp_path, tmp_path / "up")
    assert outcome.status == 1
    assert set(skipped(outcome)) == {"甲县.xlsx", "again.xlsx"}


# What somebody did to a summary


def findings(outcome: Outcome) -> Iterator[tuple[str, str, str, str]]:
    for one in outcome.json["files"]:
        for finding in one["findings"]:
            yield finding["rule"], finding["cells"][0], finding["actual"], finding["expected"]


@pytest.mark.parametrize(
    ("cell", "typed", "found"),
    [
        ("G4", 999.99, {("收入!G4", "999.99", "102.02")}),
        ("G8", 101.13, {("收入!G4", "102.02", "102.03"), ("收入!G8", "101.13", "101.12")}),
        ("G9", 100.1, {("收入!G8", "101.12", "101.11")}),
        ("H4", 5, {("收入!H4", "5.00", "0.00")}),
        ("H8", 5, {("收入!H8", "5.00", "0.00")}),
    ],
)
def test_a_figure_typed_over_is_found_and_the_rows_count(
    made: Path, tmp_path: Path, cell: str, typed: float, found: set[tuple[str, str, str]]
) -> None:
    changed = with_cell(made / "up" / "甲县.xlsx", tmp_path / "a.xlsx", "收入", cell, typed)
    outcome = summed(tmp_path, changed, made / "up" / "乙县.xlsx")
    assert outcome.status == 1
    assert set(findings(outcome)) == {("R-06", *one) for one in found}
    expected = Decimal("141.87") if cell == "G8" else Decimal("141.86")
    assert official(tmp_path / "city.xlsx") == expected


@pytest.mark.office
def test_a_summary_saved_by_another_program_counts_the_same(made: Path, tmp_path: Path) -> None:
    (again,) = office.recalculated([made / "up" / "甲县.xlsx"], tmp_path / "again")
    book = load_workbook(made / "up" / "乙县.xlsx")
    book.save(tmp_path / "again" / "乙县.xlsx")
    outcome = summed(tmp_path, again, tmp_path / "again" / "乙县.xlsx")
    assert outcome.status == 0, "totals without results were typed by nobody"
    assert official(tmp_path / "city.xlsx") == Decimal("141.86")


def test_an_adjustment_typed_in_afterwards_counts(made: Path, tmp_path: Path) -> None:
    book = load_workbook(made / "up" / "乙县.xlsx")
    for column, value in ((2, "财政局"), (4, "收入.公共财政拨款"), (5, 0.84), (6, "重复计算")):
        book["调整"].cell(4, column, value)
    book.save(tmp_path / "b.xlsx")
    summed(tmp_path, tmp_path / "b.xlsx", made / "up" / "甲县.xlsx")
    assert official(tmp_path / "city.xlsx") == Decimal("141.02")


def test_rows_may_have_been_sorted(made: Path, tmp_path: Path) -> None:
    book = load_workbook(made / "up" / "乙县.xlsx")
    sheet = book["收入"]
    body = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=8)]
    for number, row in enumerate(reversed(body), start=8):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column, value)
    book.save(tmp_path / "b.xlsx")
    outcome = summed(tmp_path, tmp_path / "b.xlsx", made / "up" / "甲县.xlsx")
    assert outcome.status == 0
    assert official(tmp_path / "city.xlsx") == Decimal("141.86")


def test_a_summary_that_lost_a_sheet_is_refused(made: Path, tmp_path: Path) -> None:
    book = load_workbook(made / "up" / "乙县.xlsx")
    del book["三公经费"]
    book.save(tmp_path / "b.xlsx")
    outcome = summed(tmp_path, tmp_path / "b.xlsx", made / "up" / "甲县.xlsx", DAMAGED)
    assert outcome.status == 3
    reasons = {Path(one["file"]).name: one["reason"] for one in outcome.json["files"] if one["reason"]}
    assert "表样已改动" in reasons["b.xlsx"]
    assert official(tmp_path / "city.xlsx") == Decimal("102.02")


def test_a_summary_of_another_year_is_left_out(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made / "up", tmp_path / "up")
    source = made / "up" / "乙县.xlsx"
    with_text(source, tmp_path / "up" / "b.xlsx", "docProps/custom.xml", *YEARS)
    (tmp_path / "up" / "乙县.xlsx").unlink()
    assert list(skipped(summed(tmp_path, tmp_path / "up"))) == ["b.xlsx"]
