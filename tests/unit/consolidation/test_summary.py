"""The summary: totals by formula over the departments' rows, honest where something cannot be computed."""

from collections.abc import Sequence
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

from selfeval_xl.blueprint.lists import HEADER_ROW
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Value
from selfeval_xl.consolidation.grid import FIRST_ROW, PARTIAL_ROW, SUM_ROW, TOTAL_ROW
from selfeval_xl.consolidation.reduce import Reduced, reduced
from selfeval_xl.consolidation.roster import Roster, RosterRow
from selfeval_xl.consolidation.select import Selection, select
from selfeval_xl.consolidation.summary import Summary, summarised
from selfeval_xl.consolidation.tables import table_totals
from selfeval_xl.rules.printing import print_formula
from tests.support import small_report as small


def report(code: str, name: str = "small.json", **changes: Any) -> Reduced:
    data = small.changed(封面_部门编码=code, **changes)
    data["封面"]["部门(单位)名称"] = f"第{code}局"
    one = reduced(small.inspected(data, name=name))
    one.sha256 = code
    return one


def summary(*files: Reduced, roster: Roster | None = None) -> Summary:
    return summarised(small.form(), small.settings(), select(files), roster)


def row(one: Summary, sheet: str, number: int) -> list[Value]:
    values = Values(one.blueprint, one.typed, one.shown)
    plan = one.blueprint.sheet(sheet)
    if plan.body is not None and plan.body.top <= number <= plan.body.bottom:
        return list(list(plan.body.rows())[number - plan.body.top].values)[: plan.print_columns]
    cells = [small.at(f"{sheet}!A{number}")._replace(column=one) for one in range(1, plan.print_columns + 1)]
    return [values(cell) for cell in cells]


def by_header(one: Summary, sheet: str, number: int) -> dict[Value, Value]:
    return dict(zip(row(one, sheet, HEADER_ROW), row(one, sheet, number), strict=True))


def body(one: Summary, sheet: str, first: int) -> list[list[Value]]:
    last = one.blueprint.sheet(sheet).print_bottom
    return [row(one, sheet, number) for number in range(first, last + 1)]


def column(rows: Sequence[Sequence[Value]], number: int) -> list[Value]:
    return [one[number - 1] for one in rows]


SOUND = (report("002", "b.json"), report("001", "a.json", 收入_2_公共财政拨款=80.2, 支出_2_公用支出=20.1))
TEXT = report("003", "c.json", 收入_2_其他收入="六万")
BLANK = report("004", "d.json", 固定资产_1_其他=None, 固定资产_2_其他=None, 固定资产_3_其他=None)


def test_the_departments_stand_in_the_order_of_their_codes_with_their_entities() -> None:
    rows = body(summary(*SOUND), "收入", FIRST_ROW)
    assert column(rows, 1) == ["001"] * 4 + ["002"] * 4
    assert column(rows, 3) == ["部门", "机构", "机构", "机构"] * 2
    assert column(rows, 4) == ["局机关及二级机构汇总", *small.ENTITIES] * 2
    assert column(rows, 5)[:4] == [D("336.00"), D("218.50"), D("86.25"), D("31.25")]


def test_entities_can_be_folded_away_under_their_department() -> None:
    body = summary(*SOUND).blueprint.sheet("支出").body
    assert body is not None
    assert [one.level for one in body.rows()] == [0, 1, 1, 1] * 2
    assert [one.strong for one in body.rows()] == [True, False, False, False] * 2


def test_totals_add_the_departments_and_not_their_entities_again() -> None:
    one = summary(*SOUND)
    values = Values(one.blueprint, one.typed, one.shown)
    totals = {key: values(cell) for key, cell in table_totals(small.form()).items()}
    assert totals["收入", "收入合计"] == D("671.90")
    assert totals["收入", "公共财政拨款"] == D("620.30")
    assert totals["支出", "当年结余"] == D("-6.20")
    assert set(totals) == set(small.form().columns)
    plan = one.blueprint.plan(table_totals(small.form())["收入", "收入合计"]._replace(row=SUM_ROW))
    assert plan is not None
    assert plan.formula is not None
    assert 'SUMIF(C8:C15,"部门",E8:E15)' in print_formula(plan.formula, "收入")


def test_the_overview_says_the_same_as_the_tables() -> None:
    one = summary(*SOUND)
    total, first = (by_header(one, "总表", number) for number in (TOTAL_ROW, PARTIAL_ROW))
    assert (total["名称"], total["支出合计"]) == ("合计", D("655.60"))
    assert (first["序号"], first["名称"], first["编码"], first["支出合计"]) == (
        1,
        "第001局",
        "001",
        D("327.85"),
    )
    assert (first["自评得分"], first["自评等次"], first["备注"]) == (D("91.5"), "优", None)


# What cannot be computed


def test_a_figure_that_cannot_be_computed_makes_the_total_say_so_and_the_rest_stands_below() -> None:
    one = summary(*SOUND, TEXT)
    assert row(one, "收入", TOTAL_ROW)[4] == "无法计算"
    partial = row(one, "收入", PARTIAL_ROW)
    assert (partial[1], partial[4]) == ("其中能够计算的合计", D("671.90"))
    one = summary(*SOUND, report("003", "c.json", 支出_2_项目支出="六万"))
    assert by_header(one, "总表", TOTAL_ROW)["支出合计"] == "无法计算"
    assert by_header(one, "总表", PARTIAL_ROW)["支出合计"] == D("655.60")


def test_items_that_can_be_computed_keep_their_whole_total() -> None:
    one = summary(*SOUND, TEXT)
    assert row(one, "收入", TOTAL_ROW)[5] == row(one, "收入", PARTIAL_ROW)[5] == D("33.75")


@pytest.mark.parametrize(("files", "partial"), [(SOUND, False), ((*SOUND, TEXT), True)])
def test_the_partial_row_stands_only_where_it_is_needed(files: tuple[Reduced, ...], *, partial: bool) -> None:
    one = summary(*files)
    assert ((PARTIAL_ROW, 1) in one.blueprint.sheet("收入").cells) is partial
    assert (PARTIAL_ROW, 1) not in one.blueprint.sheet("支出").cells


def test_an_item_that_everybody_left_blank_has_a_blank_total() -> None:
    one = summary(BLANK)
    assert row(one, "固定资产", TOTAL_ROW)[7] == ""
    assert row(one, "固定资产", TOTAL_ROW)[4] == D("359.77")


def test_a_summary_of_nothing_has_blank_totals() -> None:
    one = summarised(small.form(), small.settings(), Selection())
    assert {
        Values(one.blueprint, one.typed, one.shown)(cell) for cell in table_totals(small.form()).values()
    } == {""}


# Who reported, where it came from, what was found


def test_with_a_roster_those_who_did_not_report_are_listed() -> None:
    roster = Roster(
        [
            RosterRow("第001局", "001", None),
            RosterRow("缺报局", "008", "应报"),
            RosterRow("免报局", "009", "免报"),
        ]
    )
    rows = body(summary(*SOUND, roster=roster), "报送情况", TOTAL_ROW)
    assert column(rows, 2) == ["第001局", "第002局", "缺报局", "免报局"]
    assert column(rows, 3) == ["已采用", "已采用", "未报", "免报"]


def test_open_errors_and_warnings_are_counted_for_each_department() -> None:
    wrong = report("005", 支出_2_累计结余=1.15, 三公经费_1_公务接待费=-2.5)
    (one,) = body(summary(wrong), "报送情况", TOTAL_ROW)
    assert one[9:12] == ["有错误", 1, 1]


def test_every_file_is_listed_with_its_digest_and_what_became_of_it() -> None:
    refused = Reduced(Path("z.xlsx"), "refused", "文件已损坏。", sha256="ff")
    older = report("001", "0.json", 收入_2_公共财政拨款=99)
    newer = report("001", "1.json", 封面_报送次数=2)
    one = summary(newer, older, refused)
    rows = body(one, "来源", TOTAL_ROW)
    assert [(one[0], one[4], one[5]) for one in rows] == [
        ("0.json", "跳过", "001"),
        ("1.json", "已采用", "001"),
        ("z.xlsx", "拒收", "ff"),
    ]
    assert body(one, "拒收和跳过", TOTAL_ROW) == [
        ["z.xlsx", None, "拒收", "文件已损坏。"],
        ["0.json", "第001局", "跳过", "同一部门另有“1.json”，采用那一份"],
    ]


def test_every_finding_is_listed_with_its_figures_and_what_it_follows() -> None:
    rows = body(summary(report("005", 支出_2_累计结余=1.15)), "问题", TOTAL_ROW)
    first, second = rows[:2]
    assert first[:9] == ["第005局", "small.json", "需说明", "E-04", "支出!H8", "甲中心", "1.15", "0.15", 1]
    assert first[10] is None
    assert second[10] == "E-04@支出!H8"


def test_the_summary_says_its_kind_and_year() -> None:
    one = summary(*SOUND)
    assert one.blueprint.properties["kind"] == "汇总"
    assert one.blueprint.properties["year"] == "2022"
    assert row(one, "收入", 1)[0] == ("临湘市2022年度部门（单位）整体支出绩效评价自评报告汇总表 收入")
    assert [sheet.name for sheet in one.blueprint.sheets.values() if sheet.protected] == ["调整"]
