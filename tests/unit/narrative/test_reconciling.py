"""The narrower scope is reconciled with the whole, and reported only where the tables do not explain it."""

from decimal import Decimal as D

import pytest

from tests.unit.narrative.reports import REPORT, figures, look

RULES = ("T-03", "T-04")


def test_what_other_income_explains_is_reconciled() -> None:
    prose = look("财政拨款基本支出179.01万元，人员经费117.88万元，公用经费61.13万元。", rules=RULES)
    assert prose.findings == ()
    first, second = prose.reconciliations
    assert (first.item, first.figure - first.said, first.parts) == (
        "基本支出",
        D("0.99"),
        (("其他收入", D("0.99")),),
    )
    assert second.item == "人员支出"
    assert first.sentence() == (
        f"{REPORT}!A30 财政拨款基本支出 179.01 万元：与 支出!C5 180.00 万元相差 0.99 万元，等于其他收入 0.99，是口径不同，已对上。"
    )


def test_a_gap_within_other_sources_names_them_all() -> None:
    (one,) = look("财政拨款基本支出170万元。", rules=RULES).reconciliations
    assert {item for item, _ in one.parts} == {"其他收入", "上年结转"}
    assert "不超过" in one.sentence()


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("一般公共预算财政拨款支出中，项目支出2.78万元。", False),
        ("财政拨款支出中，项目支出2.78万元。", True),
        ("一般公共预算财政拨款支出中，项目支出1.78万元。", True),
    ],
)
def test_what_the_fund_paid_for_is_no_part_of_the_general_budget(text: str, *, is_told: bool) -> None:
    fund = {("收入", "政府基金拨款"): D("30.00"), ("收入", "上年结转"): None, ("收入", "其他收入"): D("0.10")}
    prose = look(text, rules=("T-17",), totals=figures().totals | fund)
    assert bool(prose.findings) == is_told


@pytest.mark.parametrize("amount", ["180.50", "100.00"])
def test_more_than_the_whole_or_less_than_sources_explain_is_a_finding(amount: str) -> None:
    prose = look(f"财政拨款基本支出{amount}万元。", rules=RULES)
    assert [one.rule for one in prose.findings] == ["T-03"]
    assert prose.reconciliations == ()


def test_without_a_word_on_the_scope_only_an_exact_difference_is_reconciled() -> None:
    assert len(look("基本支出179.01万元。", rules=RULES).reconciliations) == 1
    assert len(look("基本支出178.00万元。", rules=RULES).findings) == 1


@pytest.mark.parametrize(
    "text", ["约180万元", "近180万元", "180余万元", "0.018亿元", "1800000元", "178万元至182万元"]
)
def test_an_amount_counts_as_exactly_as_it_is_written(text: str) -> None:
    assert look(f"基本支出{text}。", rules=RULES).findings == ()


@pytest.mark.parametrize("text", ["约150万元", "180.01万元", "0.019亿元"])
def test_rounding_excuses_no_more_than_the_last_digit(text: str) -> None:
    assert len(look(f"基本支出{text}。", rules=RULES).findings) == 1
