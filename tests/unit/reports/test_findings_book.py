"""The workbook of findings: a row a file, a row a finding, links, and what the bureau alone weighs."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from selfeval_xl.blueprint.model import Blueprint, Link, SheetPlan
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.findings import Cause, Finding, Reconciliation
from selfeval_xl.form.model import Silenced
from selfeval_xl.reports.checked import Checked
from selfeval_xl.reports.findings_book import findings_book
from selfeval_xl.template.write import write_workbook
from tests.support.small_report import at, form, settings

ERROR = Finding(
    "I-01",
    "total.mismatch",
    "error",
    (at("收入!B6"),),
    entity="局机关",
    item="收入合计",
    actual=Decimal("218.87"),
    expected=Decimal("218.50"),
    difference=Decimal("0.37"),
    facts={"unit": "万元", "cells": "收入!C6:G6"},
)
FOLLOWER = Finding(
    "I-02", "cell.blank", "error", (at("收入!B5"),), follows="I-01@收入!B6", facts={"count": "1", "list": ""}
)
WARNING = Finding("N-04", "label.changed", "warning", (at("收入!C3"),), actual="其中：3.7", expected="其中：")
DOUBT = Finding(
    "X-12", "rule.failed", "info", (at("支出!D7"),), is_doubt=True, facts={"text": "", "cells": ""}
)
RECONCILED = Reconciliation(
    at("基本概况!A9"),
    "财政拨款",
    "基本支出",
    at("支出!C7"),
    Decimal("179.51"),
    Decimal("180.00"),
    (("其他收入", Decimal("0.49")),),
    "万元",
)


def checked(**changes: Any) -> Reduced:
    facts: dict[str, Any] = {
        "form_path": form().path,
        "kind": "filling",
        "department": "某局",
        "code": "007",
        "year": 2022,
    }
    return Reduced(Path("a.xlsx"), **{"status": "errors", **facts, **changes})


def nowhere(_one: Checked, _cell: Address | None) -> str | None:
    return None


def book(*files: Reduced, places: Any = nowhere, taken: tuple[str, ...] = ()) -> Blueprint:
    return findings_book(files, form(), settings(), places, taken)


def rows(sheet: SheetPlan) -> list[dict[str, Any]]:
    """The rows of a list by its headings."""
    heads = [str(cell.value) for (row, _), cell in sorted(sheet.cells.items()) if row == 3]
    assert sheet.body is not None
    return [dict(zip(heads, row.values, strict=True)) for row in sheet.body.rows()]


def test_the_workbook_says_that_it_is_a_report() -> None:
    properties = book(checked()).properties
    assert (properties["kind"], properties["form"], properties["year"]) == ("报告", form().id, "2022")


def test_every_file_has_a_row_with_its_counts() -> None:
    explained = replace(WARNING, explanation="单位另有叫法")
    sound = checked(findings=[ERROR, FOLLOWER, WARNING, explained], doubts=[DOUBT], revision=Decimal(2))
    refused = Reduced(Path("b.xlsx"), "refused", "文件已损坏。")
    first, second = rows(book(sound, refused).sheets["总览"])
    assert first == {
        "文件": "a.xlsx",
        "部门": "某局",
        "编码": "007",
        "年度": "2022",
        "类别": "填报",
        "报送次数": 2,
        "结果": "有错误",
        "错误": 1,
        "需说明": 2,
        "已说明": 1,
        "提示": 0,
        "疑点": 1,
        "拒收原因": None,
    }
    assert (second["文件"], second["结果"], second["拒收原因"]) == ("b.xlsx", "拒收", "文件已损坏。")
    assert (second["错误"], second["报送次数"]) == (None, None)


def test_a_finding_is_a_row_with_its_figures_as_numbers() -> None:
    one = checked(findings=[replace(ERROR, causes=(Cause("tail"),), explanation="另有原因")])
    (row,) = rows(book(one).sheets["问题"])
    message = row.pop("内容")
    assert message.startswith("收入!B6 局机关·收入合计：填报 218.87 万元")
    assert row == {
        "部门": "某局",
        "文件": "a.xlsx",
        "级别": "错误",
        "规则": "I-01",
        "单元格": "收入!B6",
        "机构": "局机关",
        "项目": "收入合计",
        "填报": Decimal("218.87"),
        "应为": Decimal("218.50"),
        "差额": Decimal("0.37"),
        "依据": "表样“其中”栏",
        "说明": "另有原因",
        "可能原因": "尾差",
        "由何引起": None,
    }


def test_counts_and_what_is_finer_than_amounts_are_shown_as_they_are() -> None:
    people = replace(ERROR, actual=Decimal(13), expected=Decimal(9), difference=Decimal(4), places=0)
    fine = replace(ERROR, actual=Decimal("3.125"), expected=Decimal("3.13"), difference=Decimal("-0.005"))
    found = rows(book(checked(findings=[people, fine])).sheets["问题"])
    assert [[row[head] for head in ("填报", "应为", "差额")] for row in found] == [
        ["13", "9", "4"],
        ["3.125", Decimal("3.13"), "-0.005"],
    ]


def test_amounts_are_shown_with_two_decimals_and_what_follows_is_printed(tmp_path: Path) -> None:
    whole = replace(ERROR, actual=Decimal(300), expected=Decimal(290), difference=Decimal(10))
    plan = book(checked(findings=[whole]))
    write_workbook(plan, Values(plan, {}), tmp_path / "a.xlsx")
    sheet = load_workbook(tmp_path / "a.xlsx")["问题"]
    heads = {cell.value: cell.column for cell in sheet[3]}
    shown = [sheet.cell(4, heads[head]) for head in ("填报", "应为", "差额")]
    assert [cell.value for cell in shown] == [300, 290, 10]
    assert {cell.number_format.split(";")[0] for cell in shown} == {"#,##0.00"}
    assert f"${get_column_letter(heads['由何引起'])}$" in sheet.print_area
    assert (sheet.print_title_rows, sheet.page_setup.orientation) == ("$3:$3", "landscape")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_the_worst_comes_first_and_what_follows_stands_behind_it() -> None:
    found = rows(book(checked(findings=[WARNING, FOLLOWER, ERROR])).sheets["问题"])
    assert [(row["规则"], row["由何引起"]) for row in found] == [
        ("I-01", None),
        ("I-02", "I-01@收入!B6"),
        ("N-04", None),
    ]


def test_files_and_cells_are_links_where_they_lead_somewhere() -> None:
    (row,) = rows(
        book(
            checked(findings=[ERROR]), places=lambda one, cell: f"{one.path}#{cell}" if cell else None
        ).sheets["问题"]
    )
    link = row["单元格"]
    assert isinstance(link, Link)
    assert (link, link.target) == ("收入!B6", "a.xlsx#收入!B6")
    assert not isinstance(row["文件"], Link)


def test_a_target_too_long_for_a_formula_is_no_link() -> None:
    (row,) = rows(book(checked(findings=[ERROR]), places=lambda _one, _cell: "x" * 256).sheets["问题"])
    assert not isinstance(row["单元格"], Link)


def test_sheets_about_nothing_are_left_out() -> None:
    assert list(book(checked()).sheets) == ["总览", "问题"]
    full = checked(
        doubts=[DOUBT],
        reconciliations=[RECONCILED],
        silenced=(Silenced("X-03", "有借款"), Silenced("X-06", "", "别局")),
    )
    sheets = book(full).sheets
    assert list(sheets) == ["总览", "问题", "对账", "疑点", "停用规则"]
    (line,) = rows(sheets["对账"])
    assert (line["文中的数"], line["表中的数"], line["表中位置"]) == (
        Decimal("179.51"),
        Decimal("180.00"),
        "支出!C7",
    )
    assert line["内容"] == RECONCILED.sentence()
    assert [row["规则"] for row in rows(sheets["疑点"])] == ["X-12"]
    assert [(row["规则"], row["停用原因"]) for row in rows(sheets["停用规则"])] == [("X-03", "有借款")]


def test_a_sheet_of_the_form_keeps_its_name() -> None:
    assert list(book(checked(), taken=("问题", "问题_")).sheets) == ["总览", "问题__"]


@pytest.mark.parametrize(("sheet", "column"), [("总览", 7), ("问题", 3)])
def test_severities_have_their_colours(sheet: str, column: int) -> None:
    plan = book(checked(findings=[ERROR])).sheets[sheet]
    assert {one.style for one in plan.conditions} == {"error", "warning", "info"}
    assert {(one.area.left, one.area.top, one.area.bottom) for one in plan.conditions} == {(column, 4, 4)}


def test_lists_can_be_filtered_and_their_headings_stay() -> None:
    plan = book(checked(findings=[ERROR])).sheets["问题"]
    assert plan.freeze == (3, 0)
    assert plan.filtered is not None
    assert (plan.filtered.top, plan.filtered.bottom) == (3, 4)
