"""The ledger: read whatever its columns' order, changed only where the program enters something."""

from decimal import Decimal as D
from pathlib import Path

import pytest

from selfeval_xl.consolidation.ledger import (
    COLUMNS,
    MISSING,
    PASSED,
    REPORTED,
    Ledger,
    headings,
    read_ledger,
)
from selfeval_xl.consolidation.lists import ListUnreadable

TEXT = """某县台账,,,,,,
备注,状态,部门名称,自己的栏,部门编码,SHA-256,报送次数
问过,通过,东局,x,101,AA 11,2
,已报,西 局,y,,bb22,1
,退回,东局,z,101,cc33,1
,,（筹）北局,,104,,
,搁置,南局,,103,dd44,第一次
"""


def ledger(text: str = TEXT) -> Ledger:
    return read_ledger(Path("账.csv"), text.encode())


def test_columns_are_found_in_any_order_below_any_title() -> None:
    found = ledger()
    assert (found.sheet, found.header, found.bottom) == ("账", 2, 7)
    assert [(row.line, row.code, row.name) for row in found.rows] == [
        (3, "101", "东局"),
        (4, None, "西 局"),
        (5, "101", "东局"),
        (6, "104", "（筹）北局"),
        (7, "103", "南局"),
    ]
    assert found.at["state"] == 2
    assert "office" not in found.at
    assert found.width == 7


def test_a_department_is_found_by_code_else_by_name_and_its_latest_report_counts() -> None:
    found = ledger()
    assert found.row_of("101", "西局") is found.rows[0]
    assert found.row_of("102", "西局") is found.rows[1]
    assert found.row_of(None, "东 局") is found.rows[0]
    assert found.row_of("105", "东局") is None
    assert found.row_of(None, "[筹]北局") is found.rows[3]
    assert found.row_of(None, None) is None


def test_states_hashes_and_counts_are_read() -> None:
    found = ledger()
    assert [row.state for row in found.rows[:2]] == [PASSED, REPORTED]
    assert (found.rows[0].hash, found.rows[0].revision) == ("aa11", D(2))
    assert found.passed == {"aa11"}
    assert found.counts == {"missing": 1, "reported": 1, "returned": 1, "again": 0, "passed": 1}
    for wrong in ("state", "revision"):
        with pytest.raises(ValueError, match=r"搁置|第一次"):
            getattr(found.rows[4], wrong)


def test_only_what_is_another_is_a_change() -> None:
    found = ledger()
    found.rows[0].enter(state="通过", revision=D(2), office=None)
    assert not found.is_changed
    found.rows[0].enter(state="重报", revision=D(3), file="a.xlsx")
    assert found.cells() == {(3, 2): "重报", (3, 7): D(3), (3, 8): "a.xlsx", (2, 8): "采用文件"}
    assert (found.rows[0].text("state"), found.rows[0].revision) == ("重报", D(3))


def test_a_new_row_stands_below_everything_and_is_found() -> None:
    found = ledger(TEXT + ",,,,,,制表人\n")
    row = found.add(None, "新局", state="未报")
    assert row.line == 9
    assert found.cells() == {(9, 3): "新局", (9, 2): "未报"}
    assert found.row_of(None, "新局") is row
    assert row.state == MISSING


def test_a_line_is_given_whole_with_its_days_as_dates() -> None:
    found = ledger("部门名称,状态,,审核日期,自己的\n东局,通过,x,45021\n")
    assert found.line(found.rows[0]) == [
        *(("部门名称", "东局"), ("状态", "通过"), ("", "x"), ("审核日期", "2023-04-05"), ("自己的", "")),
    ]


def test_reviews_are_given_by_department() -> None:
    found = ledger("部门名称,状态,复核得分,复核等次\n东局,通过,91.5,优\n西局,通过,待定,良\n")
    assert found.review_of(None, "东局") == (D("91.5"), "优")
    assert found.review_of(None, "西局") == (None, "良")
    assert found.review_of(None, "南局") == (None, None)


@pytest.mark.parametrize(
    ("text", "missing"),
    [("", "部门名称、状态"), ("部门名称,部门编码\n东局,1\n", "状态"), ("状态\n通过\n", "部门名称")],
)
def test_a_list_without_names_or_states_is_no_ledger(text: str, missing: str) -> None:
    with pytest.raises(ListUnreadable, match=f"：{missing}$"):
        ledger(text)


def test_headings_are_those_of_the_contract() -> None:
    wanted = "部门编码、部门名称、归口科室、收到日期、报送次数、SHA-256、状态、审核人、审核日期、退回意见、采用文件"
    assert "、".join(headings()[name] for name in COLUMNS) == f"{wanted}、复核得分、复核等次、公开网址、备注"
