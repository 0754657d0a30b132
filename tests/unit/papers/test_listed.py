"""Lists of other papers' amounts as people keep them, and what a report should equal."""

from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from msgspec.structs import replace

from selfeval_xl.consolidation.lists import ListUnreadable
from selfeval_xl.findings import Finding, message
from selfeval_xl.form.model import Silenced
from selfeval_xl.papers.check import Papers, compare
from selfeval_xl.papers.listed import Entry, Listed, read_listed
from selfeval_xl.submission.inspect import Report
from tests.support import reports
from tests.support import small_report as small
from tests.support.two_years import listed

LINES = (
    "007,,,决算,收入合计,335.90,万元",
    "007,007002,,上年,累计结余,1500.00,元",
    "007,,乙站,预算,项目支出,0.00002,亿元",
)


def read(path: Path) -> Listed:
    return read_listed(path)


def drawn(found: Listed) -> list[tuple[Any, ...]]:
    return [
        (one.line, one.code, one.entity_code, one.entity, one.category, one.item, one.amount, one.unit)
        for one in found.entries
    ]


WANTED = [
    (2, "007", None, None, "final", "收入合计", D("335.90"), "ten_thousand"),
    (3, "007", "007002", None, "previous", "累计结余", D(1500), "yuan"),
    (4, "007", None, "乙站", "budget", "项目支出", D("0.00002"), "hundred_million"),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_a_text_file_is_read_in_what_encoding_it_is(tmp_path: Path, encoding: str) -> None:
    assert drawn(read(listed(tmp_path, *LINES, encoding=encoding))) == WANTED


def test_a_workbook_is_read_from_the_sheet_that_has_the_header(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("说明").write(0, 0, "本表由预算股提供")
        sheet = book.add_worksheet("数据")
        sheet.write(1, 2, "2022年对照表")
        sheet.write_row(3, 1, ["单位", "金额", "项目", "类别", "部门 编码", "备注"])
        sheet.write_row(4, 1, ["元", 3359000.5, "收入合计", "决算", 7, "…"])
    assert drawn(read(path)) == [(5, "7", None, None, "final", "收入合计", D("3359000.5"), "yuan")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "缺少列：类别、项目、金额、单位"),
        ("部门编码,类别,项目,金额\n007,决算,收入合计,1\n", "缺少列：单位"),
        ("\x00", "缺少列"),
    ],
)
def test_a_list_without_its_columns_is_refused(tmp_path: Path, content: str, reason: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ListUnreadable, match=reason):
        read(path)


def test_a_list_that_is_not_there_or_no_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ListUnreadable, match="文件不存在"):
        read(tmp_path / "none.csv")
    (tmp_path / "a.xlsx").write_bytes(b"<html>")
    with pytest.raises(ListUnreadable, match="网页"):
        read(tmp_path / "a.xlsx")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("007,,,决算,收入合计,1,美元", "row_unit"),
        ("007,,,决算,收入合计,1,", "row_unit"),
        ("007,,,预测,收入合计,1,元", "row_category"),
        ("007,,,决算,收入合计,约3万,元", "row_amount"),
        ("007,,,决算,收入合计,,元", "row_amount"),
        ("007,,,决算,,1,元", "row_amount"),
        (",,,决算,收入合计,1,元", "row_department"),
        ('007,,,决算,收入合计,"12,34",元', "row_amount"),
    ],
)
def test_a_row_that_says_nothing_is_named(tmp_path: Path, line: str, code: str) -> None:
    found = read(listed(tmp_path, line))
    assert [(one.code, one.facts["line"]) for one in found.problems] == [(code, "2")]
    assert found.entries == []
    values = line.replace('"12,34"', "12;34").split(",")
    at = {"row_unit": 6, "row_category": 3, "row_amount": 5}.get(code)
    said = found.problems[0].facts.get("value", "").replace("12,34", "12;34")
    assert said == ("" if at is None else values[at] or "空白")


@pytest.mark.parametrize("amount", ['"2,127,812.34"', "２１２７８１２．３４", " 2127812.34 ", "+2127812.34"])
def test_an_amount_may_be_written_as_offices_write_it(tmp_path: Path, amount: str) -> None:
    (entry,) = read(listed(tmp_path, f"007,,,决算,收入合计,{amount},元")).entries
    assert entry.amount == D("2127812.34")


def test_blank_rows_are_nothing(tmp_path: Path) -> None:
    found = read(listed(tmp_path, ",,,,,,", LINES[0], ""))
    assert (len(found.entries), found.problems) == (1, [])


def test_a_row_that_says_something_else_of_the_same_is_named_and_the_first_counts(tmp_path: Path) -> None:
    same = ("007,,,决算,收入合计,335.90,万元", "007,,,决算,收入 合计,3359000,元")
    assert read(listed(tmp_path, *same)).problems == []
    other = "007,,,决算,收入合计,335.91,万元"
    found = read(listed(_folder(tmp_path), *same, other))
    assert [(one.code, one.facts) for one in found.problems] == [("row_twice", {"line": "4", "other": "2"})]
    assert [one.amount for one in found.entries] == [D("335.90")]


def _folder(folder: Path) -> Path:
    """A place for a second list: one path is read once."""
    (folder / "other").mkdir()
    return folder / "other"


def entry(code: str | None, name: str | None) -> Entry:
    return Entry(2, code, name, None, None, "final", "收入合计", D(1), "yuan")


@pytest.mark.parametrize(
    ("code", "name", "count"),
    [
        ("007", None, 1),
        ("007", "某县某某局", 1),
        ("008", "某县某某局", 1),
        (None, "某县 某某局", 2),
        (None, None, 0),
        ("009", "别的局", 0),
    ],
)
def test_a_departments_rows_are_found_by_code_else_by_name(
    code: str | None, name: str | None, count: int
) -> None:
    found = Listed("a.csv", [entry("007", "某县某某局"), entry(None, "某县某某局"), entry("010", "某某办")])
    assert len(found.of(code, name)) == count


def test_items_that_no_form_has_are_named(tmp_path: Path) -> None:
    lines = (
        "007,,,决算,招待费,1,元",
        "007,,,决算,一般公共预算财政拨款,1,元",
        "007,,,决算,固定资产·其他,1,元",
    )
    found = read(listed(tmp_path, *lines))
    assert [one.facts for one in found.unknown_items([small.form()])] == [{"line": "2", "value": "招待费"}]
    assert [one.facts["line"] for one in found.unknown_items([reports.second_form()])] == ["2", "3", "4"]


# Against the report


def report_with(folder: Path, data: dict[str, Any], *lines: str) -> Report:
    report = small.inspected(data)
    compare(report, Papers(listed=listed(folder, *lines)))
    return report


def told(folder: Path, *lines: str, **changes: Any) -> list[Finding]:
    report = report_with(folder, small.changed(**changes), *lines)
    return [one for one in (*report.findings, *report.doubts) if one.rule != "N-05"]


def shown(folder: Path, *lines: str, **changes: Any) -> list[str]:
    return small.shown(told(folder, *lines, **changes))


SOUND = (
    "007,,,决算,收入总计,3359000.00,元",
    "007,,,决算,支出合计,327.75,万元",
    "007,,局机关,决算,人员经费,110.2500,万元",
    "007,,甲中心,决算,公用经费,200000,元",
    "007,,汇总,决算,项目支出,58.25,万元",
    "007,,,决算,三公经费合计,5.70,万元",
    "007,,（乙） 站,决算,固定资产合计,7.77,万元",
    "007,,本级,上年,累计结余,10,万元",
    "007,,,预算,支出合计,328,万元",
    "007,,,预算,三公经费合计,6,万元",
)


def test_amounts_that_agree_say_nothing(tmp_path: Path) -> None:
    assert shown(tmp_path, *SOUND) == []


def test_a_finer_amount_is_rounded_as_the_cell_is(tmp_path: Path) -> None:
    assert shown(tmp_path, "007,,乙站,决算,公共财政拨款,300049.99,元") == []
    (one,) = told(_folder(tmp_path), "007,,乙站,决算,公共财政拨款,300050,元")
    assert (one.expected, one.difference) == (D("30.01"), D("-0.01"))


@pytest.mark.parametrize(
    ("amount", "causes"),
    [("335.91", ["tail"]), ("335.98", ["tail"]), ("335.82", ["tail"]), ("335.99", []), ("335.81", [])],
)
def test_a_tail_of_rounding_is_told_as_such(tmp_path: Path, amount: str, causes: list[str]) -> None:
    """The total's fifteen addends leave at most 0.08."""
    (one,) = told(tmp_path, f"007,,,决算,收入合计,{amount},万元")
    assert [cause.code for cause in one.causes] == causes
    assert (one.rule, str(one.cells[0]), one.severity) == ("D-01", "收入!B5", "warning")


def test_the_sentence_names_both_figures_and_the_row_of_the_list(tmp_path: Path) -> None:
    (one,) = told(tmp_path, "", "007,,甲中心,决算,人员支出,49,万元")
    assert message(one) == (
        "支出!D8 甲中心·人员支出：为 50.00，决算为 49.00（list.csv 第 3 行），相差 +1.00 万元。"
        "请核对；确属口径不同的，请写说明。"
    )


@pytest.mark.parametrize(
    ("line", "items"),
    [
        ("007,,局机关,决算,收入合计,215.00,万元", "其他收入"),
        ("007,,局机关,决算,收入合计,208.50,万元", "上年结转"),
        ("007,,局机关,决算,收入合计,205.00,万元", "其他收入＋上年结转"),
        ("007,,局机关,决算,基本支出,167.00,万元", "其他收入"),
        ("007,,甲中心,决算,支出合计,79.95,万元", "纳入专户管理的非税收入拨款"),
    ],
)
def test_a_difference_that_is_another_scope_says_which(tmp_path: Path, line: str, items: str) -> None:
    (one,) = told(tmp_path, line)
    assert [(cause.code, cause.facts) for cause in one.causes] == [("paper_scope", {"items": items})]
    assert f"差额正好等于本表的{items}，像是口径不同。" in message(one)


@pytest.mark.parametrize("amount", ["20,元", "200000,万元"])
def test_an_amount_in_another_unit_says_so(tmp_path: Path, amount: str) -> None:
    (one,) = told(tmp_path, f"007,,甲中心,决算,公用支出,{amount}")
    assert [cause.code for cause in one.causes] == ["paper_unit"]


def test_sums_follow_the_slip_that_made_them_wrong(tmp_path: Path) -> None:
    lines = (
        "007,,,决算,支出合计,326.75,万元",
        "007,,,决算,人员支出,179.25,万元",
        "007,,局机关,决算,人员支出,109.25,万元",
        "007,,局机关,决算,基本支出,169.50,万元",
        "007,,局机关,决算,支出合计,209.50,万元",
    )
    lead = "D-03@支出!D7"
    assert shown(tmp_path, *lines) == [
        lead,
        *(f"{one}<{lead}" for one in ("D-03@支出!D6", "D-03@支出!C7", "D-02@支出!B7", "D-02@支出!B6")),
    ]


def test_two_slips_stand_beside_each_other(tmp_path: Path) -> None:
    lines = (
        "007,,局机关,决算,人员支出,109.25,万元",
        "007,,甲中心,决算,人员支出,48,万元",
        "007,,,决算,人员支出,177.25,万元",
    )
    assert shown(tmp_path, *lines) == ["D-03@支出!D7", "D-03@支出!D8", "D-03@支出!D6<D-03@支出!D7"]


@pytest.mark.parametrize(
    ("total", "follows"),
    [("177.25", "D-03@支出!D7"), ("179.25", "D-03@支出!D7"), ("178.25", "D-03@支出!D8"), ("175.25", None)],
)
def test_a_total_follows_the_row_that_is_off_by_as_much_or_the_first_of_all(
    total: str, follows: str | None, tmp_path: Path
) -> None:
    lines = (
        "007,,局机关,决算,人员支出,109.25,万元",
        "007,,甲中心,决算,人员支出,48,万元",
        f"007,,,决算,人员支出,{total},万元",
    )
    (found,) = [one for one in told(tmp_path, *lines) if str(one.cells[0]) == "支出!D6"]
    assert found.follows == follows


def test_a_total_that_somebody_printed_explains_the_difference_there(tmp_path: Path) -> None:
    told_ = shown(tmp_path, "007,,甲中心,决算,收入合计,86.15,万元", 收入_2_收入合计=90)
    assert "D-01@收入!B7<I-01@收入!B7" in told_


def test_blank_is_said_to_be_blank_and_equals_0(tmp_path: Path) -> None:
    line = "007,,乙站,决算,公共财政拨款,{},万元"
    assert (
        shown(tmp_path, line.format(0), 收入_3_公共财政拨款=None, 支出_3_公用支出=0, 支出_3_人员支出=1) != []
    )
    (one,) = [
        one
        for one in told(_folder(tmp_path), line.format(30), 收入_3_公共财政拨款=None)
        if one.rule == "D-01"
    ]
    assert (one.actual, one.difference) == (None, D(-30))


def test_what_came_over_is_compared_with_what_the_list_says_was_left(tmp_path: Path) -> None:
    assert shown(tmp_path, "007,,,上年,累计结余,12,万元") == ["D-06@收入!C5"]


def test_last_years_amounts_in_the_smaller_unit_are_rounded_as_a_cell_is(tmp_path: Path) -> None:
    for name, amount, wanted in (("a", "26966.88", []), ("b", "26949.99", ["Y-02@三公经费!C5"])):
        (tmp_path / name).mkdir()
        assert shown(tmp_path / name, f"007,,,上年,公务接待费,{amount},元") == wanted


def test_where_the_lists_own_rule_is_silenced_that_on_last_year_speaks(tmp_path: Path) -> None:
    used = replace(small.settings(), silenced=(Silenced("D-06", "试点"),))
    report = small.inspected(small.balanced(), used)
    compare(report, Papers(listed=listed(tmp_path, "007,,,上年,累计结余,12,万元")))
    assert small.shown(report.findings) == ["Y-01@收入!C5"]


def test_last_year_is_taken_from_the_list_where_nobody_gave_last_years_report(tmp_path: Path) -> None:
    lines = (
        "007,,,上年,三公经费合计,5,万元",
        "007,,局机关,上年,人员支出,70,万元",
        "007,,,上年,公共财政拨款,310.10,元",
    )
    assert shown(tmp_path, *lines) == [
        "Y-04@收入!D5",
        "Y-02@三公经费!B5",
        "Y-03@收入!D5<Y-04@收入!D5",
        "Y-03@支出!D7",
    ]


def test_an_item_above_its_budget_is_told_with_its_base(tmp_path: Path) -> None:
    (one,) = told(tmp_path, "007,,,预算,三公经费合计,5,万元", "007,,,预算,公务接待费,2,万元")
    assert (one.rule, one.expected) == ("Y-02", D(5))
    assert (
        "大于预算数 5.00（list.csv 第 2 行），超出 +0.70 万元，变动率 +14.00%（以预算数为基数）"
        in message(one)
    )


@pytest.mark.parametrize(
    ("budget", "highest"),
    [("409.68", None), ("409.69", 89), ("468.21", None), ("468.22", 79), ("546.26", 69), ("655.51", 59)],
)
def test_a_score_has_a_cap_by_what_was_spent(tmp_path: Path, budget: str, highest: int | None) -> None:
    """327.75 were spent; the report gives itself 91.5, in the last but one case less."""
    score = 89 if budget == "468.21" else 91.5
    found = told(tmp_path, f"007,,,预算,支出合计,{budget},万元", 绩效自评_绩效自评综合得分=score)
    caps = [one for one in found if one.rule == "G-03"]
    assert [one.expected for one in caps] == ([] if highest is None else [D(highest)])
    if caps:
        assert f"最多 {highest} 分" in message(caps[0])
        assert str(caps[0].cells[0]) == small.field("绩效自评.绩效自评综合得分")


def test_of_a_single_entity_the_cell_that_is_typed_is_looked_at(tmp_path: Path) -> None:
    data = small.balanced()
    for table in ("收入", "支出", "三公经费", "固定资产"):
        del data[table][1:]
    report = report_with(tmp_path, data, "007,,,决算,人员支出,100,万元", "007,,,上年,累计结余,9,万元")
    assert small.shown(report.findings) == ["D-03@支出!D7", "D-06@收入!C6"]


def test_an_entity_that_the_report_lacks_is_named_and_the_rest_is_used(tmp_path: Path) -> None:
    report = small.inspected(small.balanced())
    lines = ("007,,丙站,决算,人员支出,1,万元", "007,,甲中心,决算,人员支出,1,万元")
    remarks = compare(report, Papers(listed=listed(tmp_path, *lines)))
    assert [(one.code, one.facts["value"]) for one in remarks] == [("row_entity", "丙站")]
    assert small.shown(report.findings) == ["D-03@支出!D8"]


def test_an_entity_is_found_by_code_else_by_name_and_else_not_at_all(tmp_path: Path) -> None:
    data = small.balanced()
    data["收入"][1]["机构编码"] = "007002"
    lines = (
        "007,007002,别名,决算,人员支出,1,万元",
        "007,007009,甲中心,决算,公用支出,1,万元",
        "007,007009,,决算,项目支出,1,万元",
    )
    report = small.inspected(data)
    remarks = compare(report, Papers(listed=listed(tmp_path, *lines)))
    assert small.shown(report.findings) == ["D-03@支出!D8", "D-03@支出!E8"]
    assert [one.facts for one in remarks] == [{"line": "4", "value": "007009"}]


def test_a_department_that_the_list_lacks_is_named(tmp_path: Path) -> None:
    report = small.inspected(small.balanced())
    remarks = compare(report, Papers(listed=listed(tmp_path, "001,,,决算,人员支出,1,万元")))
    assert [one.code for one in remarks] == ["not_listed"]
    assert report.findings == []
