"""The clerk's explanations: however the difference is written, and which row and rule they are for."""

from typing import Any

import pytest

from selfeval_xl.findings import Finding, message
from tests.support import small_report as small


def noted(*notes: tuple[str, str | None, str], **changes: Any) -> list[Finding]:
    """Return the warnings that stand, with explanations as (rule, entity, text)."""
    listed = [{"规则": rule, "机构": entity, "说明": text} for rule, entity, text in notes]
    found = small.findings(small.changed(审核说明=listed, **changes))
    return [one for one in found if one.follows is None and one.severity == "warning"]


def is_accepted(rule: str, entity: str | None, text: str, **changes: Any) -> bool:
    (one,) = noted((rule, entity, text), **changes)
    assert (one.explanation is None) is (one.stale is not None) or one.stale is None
    return one.explanation is not None


OFF = {"支出_2_累计结余": 10.64}
"""The accumulated balance is 10.49 too high."""


@pytest.mark.parametrize(
    "text",
    [
        *(
            "差额10.49万元：上缴",
            "差额：10.49",
            "差额:10.49万元",
            "差额为10.49万元",
            "差额是 10.49",
            "差额10.49",
        ),
        *("差额共计10.490万元", "差额-10.49万元", "差额＋１０．４９万元", "相差10.49万元", "差额约10.49万元"),
        *(
            "因上缴财政，差额10.49万元",
            "上缴财政 10.49 万元",
            "差额104900元",
            "差额104,900.00元",
            "差额104,902.31元",
        ),
        *("差额0.001049亿元", "2022年差额10.49万元，其中2021年5万元", "差额5.00万元，另差额10.49万元"),
        *("差额\u300010.49\n万元", "差额金额为10.49万元"),
    ],
)
def test_a_difference_counts_however_it_is_written(text: str) -> None:
    assert is_accepted("E-04", "甲中心", text, **OFF)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "情况属实",
            "差额10.48万元",
            "差额1.049万元",
            "差额10.49元",
            "差额104900万元",
            "10.49",
            "差额110.49万元",
        ),
        *("差额10.49%", "差额若干", "2022年10.49", "差额10.4万元"),
        # It says what the difference is, and that is another one.
        "差额10.50万元：其中上缴财政10.49万元",
    ],
)
def test_another_difference_does_not_count(text: str) -> None:
    assert not is_accepted("E-04", "甲中心", text, **OFF)


def test_a_note_of_old_is_shown_as_such() -> None:
    (one,) = noted(("E-04", "甲中心", "差额9.00万元：上缴"), **OFF)
    assert one.stale == "差额9.00万元：上缴"
    assert message(one).endswith("已写的说明没有写明现在的差额 10.49，不算数，请改写。")


def test_of_several_notes_one_that_fits_is_enough() -> None:
    (one,) = noted(("E-04", "甲中心", "差额9.00万元"), ("X-01", "甲中心", "差额10.49万元"), **OFF)
    assert (one.explanation, one.stale) == ("差额10.49万元", None)


@pytest.mark.parametrize("rule", ["E-04", "X-01", "X-02"])
def test_a_balance_is_explained_under_any_of_its_rules(rule: str) -> None:
    assert is_accepted(rule, "甲中心", "差额10.49万元", **OFF)
    assert not is_accepted("X-03", "甲中心", "差额10.49万元", **OFF)


def test_each_rule_of_a_balance_is_explained_with_the_difference_that_it_shows() -> None:
    """With the two balances in each other's place the rules are off by different amounts."""
    swapped = {"支出_1_当年结余": 8.0, "支出_1_累计结余": -2.0}
    assert is_accepted("E-04", "机关", "差额20.00万元", **swapped)
    assert is_accepted("X-02", "机关", "差额10.00万元", **swapped)
    assert not is_accepted("E-04", "机关", "差额10.00万元", **swapped)


def test_a_cell_that_is_probably_wrong_can_still_be_explained() -> None:
    assert is_accepted("X-01", "机关", "差额992.25万元：确实如此", 支出_1_人员支出=1102.5)


@pytest.mark.parametrize("entity", ["机关", "局机关", "本级", "局 本级", "部门本级"])
def test_the_head_has_several_names(entity: str) -> None:
    assert is_accepted("E-04", entity, "差额1.00万元", 支出_1_累计结余=9)


@pytest.mark.parametrize("entity", [None, "", "汇总", "乙站", "中心"])
def test_another_row_is_not_explained(entity: str | None) -> None:
    assert not is_accepted("E-04", entity, "差额10.49万元", **OFF)


def test_a_total_is_explained_under_its_own_name_or_none() -> None:
    off = {"汇总": {"支出": {"累计结余": 8.16}}}
    found = [one for one in small.findings(small.changed(**off)) if one.severity == "warning"]
    for entity in ("汇总", None, "机关及二级机构汇总"):
        notes = [
            {"规则": one.rule, "机构": entity, "说明": f"差额{abs(one.difference or 0)}"} for one in found
        ]
        after = small.findings(small.changed(审核说明=notes, **off))
        assert [one.explanation for one in after if one.severity == "warning" and one.follows is None] == [
            notes[0]["说明"]
        ]


@pytest.mark.parametrize("entity", [None, "汇总", "机关"])
def test_where_there_is_one_entity_its_name_may_be_left_out(entity: str | None) -> None:
    data = small.changed(支出_1_累计结余=9)
    for table in ("收入", "支出", "三公经费", "固定资产"):
        data[table] = data[table][:1]
    data["审核说明"] = [{"规则": "E-04", "机构": entity, "说明": "差额1.00万元：调整"}]
    (one,) = [one for one in small.findings(data) if one.follows is None and one.severity == "warning"]
    assert one.explanation == "差额1.00万元：调整"


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        *(("差额3：借调", True), ("差额3人", True), ("超编3人", True), ("差额3.00万元：", True)),
        *(("3万元", False), ("差额4：", False), ("借调3", False)),
    ],
)
def test_people_are_counted_without_a_unit_of_money(text: str, *, accepted: bool) -> None:
    assert is_accepted("X-14", None, text, 基本概况_实有人数=23) is accepted
    assert "为 23，大于核定的 20，超出 +3。" in message(noted(基本概况_实有人数=23)[0])


def test_what_compares_no_amounts_needs_no_difference() -> None:
    blank = {f"支出_3_{item}": None for item in ("人员支出", "公用支出", "项目支出", "当年结余", "累计结余")}
    (one,) = noted(("X-05", "乙站", "已撤销，账并入局机关"), **blank)
    assert (one.rule, one.difference, one.expected, one.actual) == ("X-05", None, None, None)
    assert one.explanation == "已撤销，账并入局机关"
