"""This year's report beside last year's: what came over, what changed, what is the same."""

from decimal import Decimal as D
from typing import Any

import pytest
from msgspec.structs import replace

from selfeval_xl.findings import Finding, message
from selfeval_xl.form.model import Limit, Silenced
from tests.support import small_report as small
from tests.support.two_years import found, last_year, report_after, shown, without


def only(this: dict[str, Any], past: dict[str, Any], rule: str) -> Finding:
    (one,) = [one for one in found(this, past) if one.rule == rule and one.follows is None]
    return one


def test_two_years_that_fit_have_nothing_against_them() -> None:
    assert shown(small.balanced(), last_year()) == []


# What came over


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"支出_1_累计结余": 9}, ["Y-01@收入!C6", "Y-01@收入!C5<Y-01@收入!C6"]),
        ({"支出_3_累计结余": 0}, ["Y-01@收入!C8", "Y-01@收入!C5<Y-01@收入!C8"]),
        ({"支出_2_累计结余": None}, []),
        # Two rows that make up for each other leave the total right.
        ({"支出_1_累计结余": 11.25, "支出_3_累计结余": 0}, ["Y-01@收入!C6", "Y-01@收入!C8"]),
        (
            {"支出_1_累计结余": 9, "支出_3_累计结余": 3},
            ["Y-01@收入!C6", "Y-01@收入!C8", "Y-01@收入!C5<Y-01@收入!C6"],
        ),
    ],
)
def test_what_was_left_last_year_came_over(changes: dict[str, Any], wanted: list[str]) -> None:
    assert shown(small.balanced(), last_year(**changes)) == wanted


def test_a_difference_in_what_came_over_names_both_figures_and_the_file() -> None:
    one = only(small.balanced(), last_year(支出_1_累计结余=9), "Y-01")
    assert (one.severity, one.expected, one.actual, one.difference) == ("warning", D(9), D(10), D(1))
    assert message(one).startswith("收入!C6 局机关·上年结转：为 10.00，上年的累计结余为 9.00（last.json），")


def test_blank_is_said_to_be_blank_and_is_not_0() -> None:
    one = only(small.changed(收入_2_上年结转=None), last_year(支出_2_累计结余=10), "Y-01")
    assert (one.actual, one.expected, one.difference) == (None, D(10), D(-10))
    assert "为 空白，上年的累计结余为 10.00" in message(one)


def test_an_explanation_that_names_the_difference_is_accepted() -> None:
    note = [{"规则": "Y-01", "机构": "局机关", "说明": "差额1.00万元：收回以前年度支出。"}]
    one = only(small.changed(审核说明=note), last_year(支出_1_累计结余=9), "Y-01")
    assert one.explanation == "差额1.00万元：收回以前年度支出。"


# What went up


def test_an_item_that_should_not_grow_is_told_with_its_base() -> None:
    one = only(small.balanced(), last_year(三公经费_1_公务接待费=2), "Y-02")
    assert [str(cell) for cell in one.cells] == ["三公经费!B5", "三公经费!C5"]
    text = message(one)
    assert "增加 +0.50 万元，变动率 +9.62%（以上年总额为基数），增加的还有 公务接待费 0.50。" in text
    assert (one.severity, one.expected, one.actual) == ("warning", D("5.2"), D("5.7"))


def test_the_sum_is_looked_at_first_though_an_item_of_it_grew_more() -> None:
    past = last_year(三公经费_1_公务接待费=1, 三公经费_1_公务用车运维费=3.5)
    assert shown(small.balanced(), past) == ["Y-02@三公经费!B5"]


def test_an_item_that_grew_while_the_sum_did_not_is_told_itself() -> None:
    past = last_year(三公经费_1_公务接待费=2, 三公经费_1_公务用车运维费=4)
    assert shown(small.balanced(), past) == ["Y-02@三公经费!C5"]


@pytest.mark.parametrize(("before", "word"), [(0, "无法计算（上年为 0）"), (None, "无法计算（上年空白）")])
def test_from_nothing_there_is_no_rate(before: int | None, word: str) -> None:
    past = last_year(三公经费_1_公务接待费=8, 三公经费_2_公务接待费=0, 三公经费_3_因公出国费=before)
    for number in (1, 2):
        past["三公经费"][number - 1]["因公出国费"] = before
    one = only(small.changed(三公经费_3_因公出国费=1), past, "Y-02")
    assert str(one.cells[0]) == "三公经费!F5"
    assert word in message(one)
    assert "100" not in message(one)


# What changed much


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"支出_1_公用支出": 50.21}, []),
        ({"支出_1_公用支出": 50.20}, ["Y-03@支出!E7"]),
        ({"支出_1_公用支出": 49}, ["Y-03@支出!E7"]),
        ({"支出_2_公用支出": 8}, ["Y-03@支出!E8", "Y-03@支出!E8<Y-03@支出!E8"]),
        ({"支出_3_公用支出": 2}, []),
        ({"支出_2_公用支出": 0}, ["Y-03@支出!E8", "Y-03@支出!E8<Y-03@支出!E8"]),
        ({"固定资产_1_在用固定资产": 200}, ["Y-03@固定资产!C6"]),
        ({"固定资产_1_在用固定资产": 200, "固定资产_1_其他": 3}, ["Y-03@固定资产!B6"]),
        ({"收入_1_公共财政拨款": 150}, ["Y-03@收入!D6"]),
    ],
)
def test_items_that_changed_much_are_one_finding_each(changes: dict[str, Any], wanted: list[str]) -> None:
    rows = [one for one in shown(small.balanced(), last_year(**changes)) if not one.startswith("Y-06")]
    assert rows == wanted


def test_a_sum_of_what_is_in_another_unit_follows_that_as_its_parts_do() -> None:
    told = shown(small.changed(支出_2_人员支出=500000), last_year())
    assert [one for one in told if one.startswith("Y-03")] == ["Y-03@支出!D8<Y-04@支出!D8"] * 2


def test_projects_that_changed_much_are_only_worth_a_look() -> None:
    one = only(small.balanced(), last_year(支出_1_项目支出=10), "Y-03")
    assert (str(one.cells[0]), one.severity) == ("支出!F7", "info")


def test_a_change_of_assets_asks_whether_both_years_are_valued_alike() -> None:
    one = only(small.balanced(), last_year(固定资产_1_在用固定资产=200), "Y-03")
    assert [cause.code for cause in one.causes] == ["paper_valuation"]
    assert only(small.balanced(), last_year(支出_1_公用支出=40), "Y-03").causes == ()


def test_the_bureau_sets_how_much_is_much() -> None:
    used = replace(small.settings(), limits=(Limit("Y-03", "percent", D(60)),))
    past = last_year(支出_1_公用支出=49)
    assert [one.id for one in found(small.balanced(), past)] == ["Y-03@支出!E7"]
    assert found(small.balanced(), past, used) == []


def test_a_silenced_rule_is_not_run() -> None:
    used = replace(small.settings(), silenced=(Silenced("Y-03", "试点"),))
    assert found(small.balanced(), last_year(支出_1_公用支出=49), used) == []


# The unit


def in_yuan(data: dict[str, Any], row: int, *tables: str) -> dict[str, Any]:
    for table in tables:
        line = data[table][row - 1]
        line |= {item: round(value * 10000, 2) for item, value in line.items() if isinstance(value, float)}
    return data


def test_one_amount_in_another_unit_is_an_error_at_its_cell() -> None:
    report = report_after(small.changed(收入_2_公共财政拨款=801000), last_year())
    standing = [one for one in report.findings if one.follows is None]
    assert small.shown(standing) == ["Y-04@收入!D7"]
    assert standing[0].severity == "error"
    assert "约为上年的 1 万倍" in message(standing[0])


def test_a_table_or_a_row_in_another_unit_is_one_finding() -> None:
    this = in_yuan(small.balanced(), 2, "收入")
    assert [one for one in shown(this, last_year()) if "<" not in one] == ["Y-04@收入!D7"]
    this = in_yuan(in_yuan(small.balanced(), 2, "收入", "支出"), 1, "固定资产")
    standing = [one for one in shown(this, last_year()) if "<" not in one]
    assert standing == ["Y-04@收入!D7", "Y-04@固定资产!C6"]


def test_amounts_of_last_year_in_another_unit_are_told_too() -> None:
    past = in_yuan(last_year(), 2, "支出")
    one = only(small.balanced(), past, "Y-04")
    assert "约为上年的万分之一" in message(one)


@pytest.mark.parametrize("amount", [0.01, 5, 1000, 80.1])
def test_amounts_that_only_changed_much_are_in_the_same_unit(amount: float) -> None:
    rules = {one.rule for one in found(small.changed(收入_2_公共财政拨款=amount), last_year())}
    assert "Y-04" not in rules


# Assets, headings, balances: for the bureau, but for a purchase


def test_a_purchase_without_more_assets_is_to_be_explained() -> None:
    this = small.changed(三公经费_1_公务用车购置费=18)
    past = last_year(三公经费_1_公务用车购置费=18)
    assert shown(this, past) == ["X-15@固定资产!C6"]
    one = only(this, past, "X-15")
    assert one.severity == "warning"
    assert "本年的公务用车购置费却有 18.00 万元（三公经费!E6）" in message(one)
    assert shown(small.changed(三公经费_1_公务用车购置费=18, 固定资产_1_在用固定资产=318), past) == []


def doubts(this: dict[str, Any], past: dict[str, Any]) -> list[Finding]:
    return report_after(this, past).doubts


def test_money_that_went_under_another_heading_is_a_doubt() -> None:
    this = small.changed(收入_2_纳入专户管理的非税收入拨款=None, 收入_2_其他收入=6.05)
    (one,) = doubts(this, last_year())
    assert (one.rule, str(one.cells[0]), one.severity) == ("Y-09", "收入!G7", "info")
    assert doubts(small.changed(收入_2_纳入专户管理的非税收入拨款=None), last_year()) == []
    assert doubts(small.changed(收入_2_其他收入=6.05), last_year()) == []


def test_a_surplus_that_grew_much_is_a_doubt() -> None:
    assert doubts(small.changed(支出_1_累计结余=18), last_year()) != []
    (one,) = [one for one in doubts(small.changed(支出_1_累计结余=18), last_year()) if one.rule == "Y-05"]
    assert "变动率 +61.33%" in message(one)
    assert str(one.cells[0]) == "支出!H6"
    assert doubts(small.changed(支出_1_累计结余=12), last_year()) == []


def test_assets_beside_last_years_and_what_was_bought_are_a_doubt() -> None:
    past = last_year(固定资产_1_在用固定资产=250)
    assert [one.rule for one in doubts(small.balanced(), past)] == ["Y-06"]
    bought = small.changed(三公经费_1_公务用车购置费=50)
    assert doubts(bought, past) == []


# The same again, and who is there


def test_last_years_report_sent_again_is_one_error() -> None:
    data = small.changed(封面_年度=2021)
    report = report_after(small.balanced(), data)
    standing = [one for one in report.findings if one.follows is None]
    assert small.shown(standing) == [f"Y-07@{small.field('封面.年度')}"]
    assert standing[0].severity == "error"
    assert "30 个金额" in message(standing[0])


def test_blank_and_0_do_not_make_another_report() -> None:
    data = small.changed(封面_年度=2021, 收入_2_上年结转=None)
    assert "Y-07" in {one.rule for one in found(small.balanced(), data)}


def test_few_amounts_may_be_the_same_by_chance() -> None:
    data = small.balanced()
    for table in ("收入", "支出", "三公经费", "固定资产"):
        for line in data[table]:
            line |= {item: 0.0 for item in line if item != "机构名称"}
    for number in range(4):
        data["固定资产"][0]["在用固定资产"] = 5.0
        assert "Y-07" not in {one.rule for one in found(data, data)}, number


def test_entities_that_came_and_went_are_one_finding() -> None:
    this, past = without(small.balanced(), 3), without(last_year(), 2)
    assert [one for one in shown(this, past) if one.startswith("Y-08")] == ["Y-08@收入!A7"]
    one = only(this, past, "Y-08")
    assert "增加 甲中心，减少 乙站" in message(one)
    assert one.difference is None


def test_a_total_that_a_new_entity_made_different_follows_the_change_of_the_roster() -> None:
    this = small.changed(收入_3_上年结转=7)
    assert shown(this, without(last_year(), 3)) == ["Y-08@收入!A8", "Y-01@收入!C5<Y-08@收入!A8"]


def test_a_name_without_amounts_is_no_change_of_the_entities() -> None:
    this, past = small.balanced(), last_year()
    for data, name in ((this, "二级机构1"), (past, "二级机构2")):
        for table in ("收入", "支出", "三公经费", "固定资产"):
            data[table].append({"机构名称": name})
    assert shown(this, past) == []


def test_entities_are_the_same_by_code_and_the_head_by_any_of_its_names() -> None:
    this, past = small.balanced(), last_year()
    this["收入"][1]["机构编码"] = past["收入"][1]["机构编码"] = "007002"
    for table in ("收入", "支出", "三公经费", "固定资产"):
        past[table][1]["机构名称"] = "原来的中心"
        past[table][0]["机构名称"] = "本级"
        past[table][2]["机构名称"] = "（乙） 站"
    assert shown(this, past) == []
    this["收入"][1]["机构编码"] = "007003"
    assert "Y-08" in {one.rule for one in found(this, past)}


@pytest.mark.parametrize(
    ("before", "is_told"), [(18, False), (15, False), (14, True), (24, True), (20, False)]
)
def test_a_staff_that_changed_much_is_told(before: int, *, is_told: bool) -> None:
    said = found(small.balanced(), last_year(基本概况_实有人数=before))
    assert [str(one.cells[0]) for one in said] == [small.field("基本概况.实有人数")] * is_told
    if said:
        assert f"为 18，上年为 {before}（last.json）" in message(said[0])


# What an earlier finding explains


def test_a_cell_that_already_has_a_finding_explains_the_later_one() -> None:
    this = small.changed(收入_1_上年结转=-5)
    report = report_after(this, last_year())
    assert "Y-01@收入!C6<N-01@收入!C6" in small.shown(report.findings)


def test_a_blank_to_be_filled_in_explains_nothing_that_weighs_more() -> None:
    report = report_after(small.changed(收入_2_上年结转=None), last_year(支出_2_累计结余=10))
    told = small.shown(report.findings)
    assert "N-05@收入!C7" in told
    assert "Y-01@收入!C7" in told


def test_a_carry_over_that_was_left_out_is_one_finding_with_what_it_unbalances() -> None:
    report = report_after(small.changed(收入_1_上年结转=None), last_year())
    assert "Y-01@收入!C6<E-04@收入!C6" in small.shown(report.findings)


def test_text_where_an_amount_belongs_is_compared_with_nothing() -> None:
    assert shown(small.changed(支出_1_公用支出="六十"), last_year(支出_1_公用支出=1)) == []
