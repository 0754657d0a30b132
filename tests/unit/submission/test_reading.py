"""Texts where a number belongs: what was probably meant, said beside what is wrong."""

from decimal import Decimal as D
from typing import Any

import pytest

from selfeval_xl.findings import message
from selfeval_xl.submission.reading import meant, units_of
from tests.support import reports
from tests.support import small_report as small

STAFF, YEAR, SCORE = ("基本概况", "实有人数"), ("封面", "年度"), ("绩效自评", "绩效自评综合得分")


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("3.7万元", "read.unit", "带了单位，看来是 3.70，请只填 3.70。"),
        ("37000元", "read.converted", "按所写单位换算是 3.70 万元，确实如此就填 3.70。"),
        ("21278.12元", "read.converted", "按所写单位换算是 2.13 万元，确实如此就填 2.13。"),
        ("2,940.05", "read.comma", "带了千分位逗号，看来是 2940.05，请只填 2940.05。"),
        ("１２．３", "read.width", "写成了全角，看来是 12.30，请用半角重新填。"),
        ("8.30.", "read.point", "小数点写得不对，看来是 8.30，请重新填。"),
        ("1O.5", "read.letters", "把字母当成了数字，看来是 10.50，请重新填。"),
        ("3. 7", "read.space", "夹了空格，看来是 3.70，请重新填。"),
        ("3.7", "read.text", "存成了文本，看来是 3.70，请清除此格再重新填。"),
        ("无", "read.nothing", "没有的项目请填 0。"),
        ("—", "read.nothing", "没有的项目请填 0。"),
    ],
)
def test_a_text_in_an_amounts_place_is_told_with_the_amount_it_means(text: str, code: str, said: str) -> None:
    (one,) = [
        one for one in small.findings(small.changed(三公经费_2_公务接待费=text)) if one.severity == "error"
    ]
    assert (one.rule, [cause.code for cause in one.causes]) == ("N-02", [code])
    assert message(one).endswith(said)
    assert one.causes[0].word


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        (STAFF, "18人", "18"),
        (STAFF, "18 名", "18"),
        (STAFF, "18万元", None),
        (STAFF, "无", None),
        (YEAR, "2022年度", "2022"),
        (SCORE, "97.5分", "97.5"),
        (SCORE, "97.5人", None),
        (("收入", "其他收入"), "3.7分", None),
    ],
)
def test_a_field_is_read_with_words_of_its_own(key: Any, text: str, value: str | None) -> None:
    found = meant(text, small.form(), key)
    assert (found and found.value) == (value and D(value))


def test_what_cannot_be_read_has_no_cause() -> None:
    (one,) = [
        one for one in small.findings(small.changed(收入_1_其他收入="约三万")) if one.severity == "error"
    ]
    assert one.causes == ()


def test_a_score_with_its_unit_is_told_without_decimals_of_money() -> None:
    found = small.findings(small.changed(绩效自评_绩效自评综合得分="97.5分"))
    assert "看来是 97.5，请只填 97.5。" in message(next(one for one in found if one.rule == "N-02"))


def test_units_are_worth_what_the_form_counts_in() -> None:
    assert units_of(small.form())["元"] == D("0.0001")
    assert units_of(reports.second_form())["万元"] == D(10000)
    assert units_of(reports.changed(small.form(), unit="吨")) == {"吨": D(1)}
