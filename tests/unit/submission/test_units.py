"""Amounts in another unit than the form's: one finding, and what it spoils follows."""

from typing import Any

import pytest

from selfeval_xl.findings import message
from tests.support import small_report as small

SAID = "全年支出合计327.75万元，其中项目支出58.25万元。"


def in_yuan(*tables: str, rows: tuple[int, ...] = (0, 1, 2)) -> dict[str, Any]:
    data = small.balanced()
    data["评价报告综述"][0]["正文"].append(SAID)
    for table in tables:
        for row in rows:
            line = data[table][row]
            line |= {
                item: round(value * 10000, 2) for item, value in line.items() if isinstance(value, float)
            }
    return data


def standing(data: dict[str, Any]) -> list[str]:
    return [one.id for one in small.findings(data) if one.follows is None and one.severity != "info"]


def test_the_report_in_its_own_unit_has_nothing_against_it() -> None:
    assert standing(in_yuan()) == []


@pytest.mark.parametrize(
    ("tables", "wanted"),
    [
        (["支出"], ["X-16@支出!B7"]),
        (["收入"], ["X-16@收入!B6"]),
        (["固定资产"], ["X-17@固定资产!B6"]),
        (["三公经费"], ["X-21@三公经费!B6"]),
        (["收入", "支出", "三公经费", "固定资产"], ["X-18@支出!D6"]),
    ],
)
def test_a_table_in_another_unit_is_one_finding(tables: list[str], wanted: list[str]) -> None:
    assert standing(in_yuan(*tables)) == wanted


@pytest.mark.parametrize("rows", [(0,), (0, 1), (0, 1, 2)], ids=len)
def test_rows_with_a_single_amount_lead_nowhere_else(rows: tuple[int, ...]) -> None:
    # The balance of such a row names its amount by itself; of several rows the table is named.
    data = small.balanced()
    for row in rows:
        line = data["收入"][row]
        total = sum(value for value in line.values() if isinstance(value, float))
        line |= {item: 0.0 for item, value in line.items() if isinstance(value, float)}
        line["公共财政拨款"] = round(total, 2)
        data["支出"][row]["当年结余"] = data["支出"][row]["累计结余"]
    assert standing(data) == []
    for row in rows:
        data["收入"][row]["公共财政拨款"] = round(data["收入"][row]["公共财政拨款"] * 10000, 2)
    assert len(standing(data)) == 1


def test_rows_in_another_unit_are_one_finding_at_the_first() -> None:
    assert standing(in_yuan("支出", rows=(1, 2))) == ["X-16@支出!B8"]


def test_one_amount_in_another_unit_is_one_finding_at_its_cell() -> None:
    (one,) = standing(small.changed(支出_2_人员支出=500000))
    assert one.endswith("@支出!D8")
    (found,) = [
        one for one in small.findings(small.changed(固定资产_1_在用固定资产=3000000)) if one.follows is None
    ]
    assert found.id == "X-17@固定资产!C6"
    assert message(found).startswith("固定资产!C6 局机关·在用固定资产：为 3000000.00 万元")


def test_a_second_fault_in_the_row_stands_beside_the_unit() -> None:
    data = in_yuan("固定资产")
    data["三公经费"][1]["公务接待费"] = -1
    assert standing(data) == ["S-03@三公经费!C7", "X-17@固定资产!B6"]


def test_a_share_in_a_text_follows_the_amount_that_makes_it_wrong() -> None:
    data = small.changed(支出_2_人员支出=500000)
    data["评价报告综述"][0]["正文"].append("全年项目支出58.25万元，占支出合计的17.77%。")
    assert standing(data) == ["X-01@支出!D8"]


def test_a_text_in_a_cell_explains_what_other_texts_say() -> None:
    data = small.changed(固定资产_2_其他="—")
    said = "固定资产合计360.77万元，其中在用固定资产347.77万元，出租固定资产12.00万元。"
    data["评价报告综述"][0]["正文"].append(said)
    assert standing(data) == ["N-02@固定资产!E7"]
