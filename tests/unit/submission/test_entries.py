"""What no formula sees in the entries."""

from typing import Any

import pytest

from selfeval_xl.findings import Finding, message
from selfeval_xl.submission.entries import is_telephone
from tests.support import small_report as small


def found(rule: str, **changes: Any) -> list[Finding]:
    return [one for one in small.findings(small.changed(**changes)) if one.rule == rule]


def named(second: str, third: str) -> dict[str, Any]:
    data = small.changed()
    for table in ("收入", "支出", "三公经费", "固定资产"):
        data[table][1]["机构名称"], data[table][2]["机构名称"] = second, third
    return data


@pytest.mark.parametrize("name", ["甲中心", "甲 中心", "　甲中心", "甲中心 "])
def test_a_name_that_stands_further_up_already_is_found_however_it_is_spaced(name: str) -> None:
    (one,) = [one for one in small.findings(named("甲中心", name)) if one.rule == "N-06"]
    assert [str(cell) for cell in one.cells] == ["收入!A8", "收入!A7"]
    assert "与 收入!A7 是同一个机构" in message(one)


def test_brackets_of_either_width_make_no_other_name() -> None:
    twice = small.findings(named("监测站(筹)", "监测站（筹）"))
    assert "N-06" in {one.rule for one in twice}
    assert "N-06" not in {one.rule for one in small.findings(named("监测站", "监测一站"))}


@pytest.mark.parametrize(
    "text",
    ["0730-3723709", "07303723709", "０７３０－３７２３７０９", "(0730)3723709", "13800000000", "+86 138 0000 0000",
     "0730-3723709-801", "0730-3723709、13800000000", "0730-3723709 / 3723710", "0730 3723709", "0730-3723709 13800000000"],
)  # fmt: skip
def test_telephone_numbers_of_all_kinds_are_known(text: str) -> None:
    assert is_telephone(text)


@pytest.mark.parametrize(
    "text",
    ["办公室", "0730", "1380000", "3723709", "138000000000000", "373-x", "同上", "张三0730-3723709", "、"],
)
def test_what_is_no_whole_telephone_number_is_found(text: str) -> None:
    assert not is_telephone(text)


@pytest.mark.parametrize(
    ("people", "cell"),
    [
        ([], "评价人员!A3"),
        ([{"姓名": "李四"}], "评价人员!B3"),
        ([{"姓名": "李四", "职务/职称": "主任"}], "评价人员!C3"),
        ([{"职务/职称": "主任", "单位": "某局"}], "评价人员!A3"),
    ],
)
def test_a_list_without_one_whole_record_is_found_at_its_first_gap(people: list[Any], cell: str) -> None:
    (one,) = found("G-07", 评价人员=people)
    assert str(one.cells[0]) == cell


def test_one_whole_record_is_enough_if_no_other_was_begun() -> None:
    whole = {"姓名": "李四", "职务/职称": "主任", "单位": "某局"}
    assert found("G-07", 评价人员=[whole]) == []
    (one,) = found("G-07", 评价人员=[whole, {"姓名": "王五"}, {"单位": "某局"}])
    assert str(one.cells[0]) == "评价人员!B4"
