"""Figures are read however they are written."""

from decimal import Decimal as D

import pytest

from selfeval_xl.narrative.quantities import Quantity, quantities
from selfeval_xl.narrative.words import fold


def read(text: str) -> list[Quantity]:
    return list(quantities(fold(text)))


MONEY = [
    ("基本支出179.51万元", "179.51万元", "1795100"),
    ("合计1,795,100.00元。", "1,795,100.00元", "1795100"),
    ("合计１，７９５，１００元，其中", "１，７９５，１００元", "1795100"),
    ("共三万七千元", "三万七千元", "37000"),
    ("约一百八十万元", "一百八十万元", "1800000"),
    ("三点七万元", "三点七万元", "37000"),
    ("总投资1.2亿元", "1.2亿元", "120000000"),
    ("共1亿2000万元", "1亿2000万元", "120000000"),
    ("共3万5千元", "3万5千元", "35000"),
    ("接待费3.7 万元", "3.7 万元", "37000"),
    ("接待费3.7万，其中", "3.7万", "37000"),
    ("结余-56.45万元", "-56.45万元", "-564500"),
    ("结余负5万元", "负5万元", "-50000"),
    ("当年是负的5万元", "负的5万元", "-50000"),
    ("预算安排0万元", "0万元", "0"),
]


@pytest.mark.parametrize(("text", "written", "value"), MONEY)
def test_an_amount_is_read_whole_and_in_yuan(text: str, written: str, value: str) -> None:
    (one,) = read(text)
    assert (one.kind, text[one.start : one.end]) == ("money", written)
    assert one.low == one.high == D(value)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("每年3至5万元", "30000", "50000"), ("每年3-5万元", "30000", "50000"), ("5万—8万元", "50000", "80000")],
)
def test_a_range_is_one_figure(text: str, low: str, high: str) -> None:
    (one,) = read(text)
    assert (one.low, one.high) == (D(low), D(high))


@pytest.mark.parametrize(
    "text",
    [
        "三公经费",
        "二元结构",
        "0730-3723709",
        "12，345",
        "一是，二是",
        "2.3万余人",
        "3.6万平方米",
        "人均3.2万元/人",
    ],
)
def test_what_is_no_amount_is_left_alone(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    "text", ["约180万元", "180余万元", "近180万元", "180万元左右", "不足180万元", "一百八十余万元"]
)
def test_words_that_make_an_amount_rough_are_heard(text: str) -> None:
    (one,) = read(text)
    assert one.low == D(1800000) or text.startswith("一百")
    assert one.rough


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("占65.95%", "percent", "65.95"),
        ("占６５．９５％", "percent", "65.95"),
        ("占百分之六十五点九五", "percent", "65.95"),
        ("占百分之65.95", "percent", "65.95"),
        ("上升5.8个百分点", "point", "5.8"),
        ("得97.5分", "score", "97.5"),
        ("编制13名", "people", "13"),
        ("2022年度", "year", "2022"),
        ("53个问题", "count", "53"),
    ],
)
def test_other_kinds(text: str, kind: str, value: str) -> None:
    (one,) = read(text)
    assert (one.kind, one.low) == (kind, D(value))


def test_bare_numbers_take_the_unit_their_list_ends_with() -> None:
    first, second, third = read("分别为118.38、61.13和3.7万元")
    assert [first.low, second.low, third.low] == [D(1183800), D(611300), D(37000)]
    assert [one.low for one in read("分别占65.95、34.05%")] == [D("65.95"), D("34.05")]


def test_bare_numbers_take_the_unit_in_brackets_above() -> None:
    text = "（单位：万元）收入合计212.78，支出合计180.00，共13项，编号20221"
    assert [one.low for one in read(text) if one.kind == "money"] == [D(2127800), D(1800000)]
    assert [one.low for one in read("收入合计212.78，支出合计180.00")] == []


@pytest.mark.parametrize(
    ("text", "step"), [("1.2亿元", "10000000"), ("179.51万元", "100"), ("37000元", "1"), ("1.05%", "0.01")]
)
def test_step_is_one_in_the_last_digit_written(text: str, step: str) -> None:
    (one,) = read(text)
    assert one.step == D(step)
