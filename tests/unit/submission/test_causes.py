"""The probable cause of a finding, at the typed cell that is probably wrong."""

from decimal import Decimal as D
from typing import Any

import pytest
from msgspec.structs import replace

from selfeval_xl.findings import Cause, Finding, message
from selfeval_xl.form.model import Silenced
from selfeval_xl.submission.balances import Unbalanced
from selfeval_xl.submission.causes import Causes, Guess, best, of_figures
from selfeval_xl.submission.check import check
from selfeval_xl.submission.integrity import compare
from tests.support import small_report as small


def standing(**changes: Any) -> list[Finding]:
    found = small.findings(small.changed(**changes))
    return [one for one in found if one.follows is None and one.severity != "info"]


def only(**changes: Any) -> Finding:
    (one,) = standing(**changes)
    return one


def told(finding: Finding) -> list[tuple[str, str]]:
    """Return the causes with the other cell that they name."""
    return [(one.code, one.facts.get("cell", "")) for one in finding.causes]


# Balances: which typed cell is wrong


@pytest.mark.parametrize(
    ("changes", "cell", "right", "causes"),
    [
        ({"支出_1_人员支出": 1102.5}, "支出!D7", "110.25", [("point", "")]),
        ({"支出_1_公用支出": 602500}, "支出!E7", "60.25", [("unit", "")]),
        ({"收入_2_公共财政拨款": 81.0}, "收入!D7", "80.10", [("transposed", "")]),
        ({"收入_1_公共财政拨款": 2000}, "收入!D6", "200", [("point", "")]),
        ({"收入_1_上年结转": 1}, "收入!C6", "10", [("point", "")]),
        ({"支出_1_当年结余": 2}, "支出!G7", "-2", [("sign", "")]),
        ({"支出_2_累计结余": -0.15}, "支出!H8", "0.15", [("sign", "")]),
        # Mistake 27, and the other reading of the year's balance.
        ({"支出_1_累计结余": -2}, "支出!H7", "8", [("left_out", "收入!C6"), ("copied", "支出!G7")]),
        ({"支出_1_当年结余": 8}, "支出!G7", "-2", [("left_out", "收入!C6"), ("copied", "支出!H7")]),
        ({"支出_1_累计结余": 10}, "支出!H7", "8", [("left_out", "支出!G7"), ("copied", "收入!C6")]),
        ({"支出_1_累计结余": 18}, "支出!H7", "8", [("twice", "收入!C6")]),
        # Mistake 26: more was spent than came in.
        ({"收入_3_上年结转": None}, "收入!C8", "1.25", [("omitted", "收入!C8")]),
        ({"支出_1_人员支出": 50.0, "支出_2_人员支出": 110.25}, "支出!D7", "110.25", [("row", "支出!D8")]),
    ],
)
def test_the_typed_cell_is_found_with_what_happened_there(
    changes: dict[str, Any], cell: str, right: str, causes: list[tuple[str, str]]
) -> None:
    first = standing(**changes)[0]
    assert (str(first.cells[0]), first.expected) == (cell, D(right))
    assert told(first) == causes
    assert first.difference == (first.actual or D(0)) - D(right)


@pytest.mark.parametrize(
    "changes",
    [
        {"支出_1_人员支出": 1102.5},
        {"支出_1_公用支出": 602500},
        {"收入_1_上年结转": 1},
        {"收入_3_上年结转": None},
        {"支出_1_当年结余": 8.0, "支出_1_累计结余": -2.0},
        {"收入_1_上年结转": 200, "收入_1_公共财政拨款": 10},
        {"支出_1_人员支出": -110.25},
        {"支出_1_人员支出": 11.025},
    ],
)
def test_one_slip_is_one_finding(changes: dict[str, Any]) -> None:
    """All other rules of the report hold with the cell put right, the limits among them."""
    assert len(standing(**changes)) == 1


def test_two_cells_filled_in_the_wrong_way_round_are_both_named() -> None:
    one = only(支出_1_当年结余=8.0, 支出_1_累计结余=-2.0)
    assert (str(one.cells[0]), told(one)) == ("支出!H7", [("swapped", "支出!G7")])
    one = only(收入_1_上年结转=200, 收入_1_公共财政拨款=10)
    assert (str(one.cells[0]), told(one)) == ("收入!C6", [("swapped", "收入!D6")])


def test_a_slip_in_a_cell_with_a_finding_of_its_own_belongs_to_that() -> None:
    one = only(支出_1_人员支出=11.025)
    assert (one.id, one.severity, told(one)) == ("N-03@支出!D7", "error", [("point", "")])
    one = only(支出_1_人员支出=-110.25)
    assert (one.id, told(one)) == ("N-01@支出!D7", [("sign", "")])


def test_a_difference_as_large_as_another_item_is_one_of_scope() -> None:
    one = only(支出_2_人员支出=43.95)
    assert (str(one.cells[0]), told(one)) == ("支出!B8", [("scope", "收入!F7")])


def test_an_item_that_another_one_holds_already_is_counted_twice() -> None:
    one = only(支出_1_人员支出=150.25)
    assert (str(one.cells[0]), told(one)) == ("支出!B7", [("item", "支出!F7")])


@pytest.mark.parametrize(
    "changes",
    [
        # As much as would be a slip in the grant, which stands in none but the other rule.
        {"支出_1_累计结余": -172},
        # Blank is not worked out wrongly; a row without spending leaves nothing out.
        {"支出_2_累计结余": None},
        {
            "收入_3_上年结转": 0,
            **{f"支出_3_{item}": 0 for item in ("人员支出", "公用支出", "项目支出", "当年结余")},
        },
    ],
)
def test_what_fits_by_chance_is_not_named(changes: dict[str, Any]) -> None:
    assert [told(one) for one in standing(**changes)] == [[]]


def test_a_total_that_is_a_formula_is_not_said_to_be_mistyped() -> None:
    silenced = tuple(Silenced(rule, "") for rule in ("E-03",))
    data = small.changed(汇总={"支出": {"当年结余": -48.10, "累计结余": -36.85}})
    found = small.findings(data, replace(small.settings(), silenced=silenced))
    first = next(one for one in found if one.rule == "X-01")
    assert (str(first.cells[0]), first.actual, first.expected) == ("支出!B6", D("327.75"), D("372.75"))
    assert first.causes == ()


def test_a_cell_that_a_broken_rule_does_not_name_cannot_be_all_that_is_wrong() -> None:
    report = small.inspected(small.balanced())
    assert report.values is not None
    one, other = small.at("支出!G7"), small.at("支出!H7")
    off = [D(1), D(2)]
    assert Unbalanced(Causes(report.values), (), off, [{one: 1}, {other: 1}]).suspects == {}
    assert Unbalanced(Causes(report.values), (), off, [{one: 1}, {one: 2}]).suspects == {one: D(-3)}


def test_where_three_cells_are_as_likely_none_is_named() -> None:
    guesses = [Guess(Cause("transposed"), {small.at(f"收入!{at}6"): D(1)}) for at in "CDE"]
    assert best(guesses) == []
    assert best(guesses[1:]) == guesses[1:]
    assert best([*guesses, Guess(Cause("sign"))]) == [Guess(Cause("sign"))]


def test_a_difference_without_a_cause_names_the_cells_that_somebody_typed() -> None:
    one = only(收入_2_公共财政拨款=80.20)
    assert (str(one.cells[0]), one.causes) == ("支出!B8", ())
    assert "请核对 收入!D7、收入!F7、支出!D8:F8；" in message(one)
    assert one.cells[1:] == tuple(small.at(f"收入!{at}7") for at in "DF") + tuple(
        small.at(f"支出!{at}8") for at in "DEF"
    )


def test_a_row_with_text_in_it_is_told_only_what_its_own_rule_shows() -> None:
    found = standing(收入_1_公共财政拨款="二百", 支出_1_累计结余=-2)
    assert told(next(one for one in found if one.rule == "E-04")) == [
        ("left_out", "收入!C6"),
        ("copied", "支出!G7"),
    ]


def test_amounts_typed_a_row_lower_are_one_finding() -> None:
    data = small.balanced()
    for table in ("收入", "支出", "三公经费", "固定资产"):
        data[table].append(dict.fromkeys(data[table][0]))
    amounts = [{item: row[item] for item in row if item != "机构名称"} for row in data["支出"]]
    for number, one in enumerate([amounts[-1], *amounts[:-1]]):
        data["支出"][number] |= one
    (one,) = [one for one in small.findings(data) if one.follows is None and one.severity != "info"]
    assert (str(one.cells[0]), told(one)) == ("支出!H7", [("shifted", "支出!H8")])


def test_amounts_typed_over_those_of_the_row_above_are_found_there() -> None:
    data = small.balanced()
    data["支出"][0] |= {item: value for item, value in data["支出"][1].items() if item != "机构名称"}
    data["支出"][1] |= {item: None for item in data["支出"][1] if item != "机构名称"}
    found = [one for one in small.findings(data) if one.follows is None and one.rule in ("E-04", "X-01")]
    assert (str(found[0].cells[0]), told(found[0])) == ("支出!H7", [("shifted", "支出!H8")])


def test_two_rows_in_each_others_place_are_one_finding() -> None:
    data = small.balanced()
    rows = [{item: row[item] for item in row if item != "机构名称"} for row in data["支出"][:2]]
    data["支出"][0] |= rows[1]
    data["支出"][1] |= rows[0]
    (one,) = [one for one in small.findings(data) if one.follows is None and one.severity != "info"]
    assert told(one) == [("shifted", "支出!H8")]


# Totals


@pytest.mark.parametrize(
    ("total", "causes"),
    [
        (218.50, None),
        (213.50, [("left_out", "收入!E6")]),
        (222.00, [("twice", "收入!G6")]),
        (211.50, [("turned", "收入!G6")]),
        (2185, [("point", "")]),
        (2185000, [("unit", "")]),
        (281.50, [("transposed", "")]),
        (200, [("copied", "收入!D6")]),
        (86.15, [("copied", "收入!B7")]),
        (217.77, []),
    ],
)
def test_a_printed_total_is_compared_with_its_addends(total: float, causes: Any) -> None:
    found = [one for one in standing(收入_1_收入合计=total) if one.rule == "I-01"]
    assert [told(one) for one in found] == ([] if causes is None else [causes])


def test_an_addend_as_small_as_a_tail_is_not_made_out_to_be_the_reason() -> None:
    changes = {"收入_1_政府基金拨款": 0.02, "支出_1_公用支出": 55.27, "收入_1_收入合计": 213.50}
    report = small.inspected(small.changed(**changes))
    assert report.values is not None
    (first, *_) = check(report.values, tolerant=()).findings
    assert (first.rule, first.difference, first.causes) == ("I-01", D("-0.02"), ())


def test_a_column_that_lacks_an_entity_names_it() -> None:
    one = only(汇总={"支出": {"项目支出": 42.25}})
    assert told(one) == [("left_out", "支出!F8")]
    assert "差额正好等于“甲中心·项目支出”（支出!F8）" in message(one)


def test_a_formula_typed_over_is_compared_with_its_addends() -> None:
    report = small.inspected(small.balanced())
    assert report.blueprint is not None
    assert report.values is not None
    book = small.book()
    place = small.at("收入!B6")
    del book.sheets["收入"].formulas[place.row, place.column]
    book.sheets["收入"].values[place.row, place.column] = D(215)
    damage = compare(book, report.blueprint, dict(report.values.typed))
    values = report.values.with_stated(damage.stated)
    first = check(values, damage=damage).findings[0]
    assert (first.rule, told(first)) == ("F-02", [("left_out", "收入!G6")])


# Limits


def test_an_amount_far_above_its_limit_was_meant_in_another_unit() -> None:
    used = replace(small.settings(), silenced=(Silenced("X-21", "试点"),))
    data = small.changed(三公经费_1_公务接待费=25000)
    (one,) = [one for one in small.inspected(data, used).findings if one.follows is None]
    assert (one.rule, told(one)) == ("X-06", [("unit", "")])
    assert "三公经费!C6 恰好是应有数的 10,000 倍" in message(one)
    assert told(only(三公经费_1_公务接待费=250)) == []


def test_a_negative_part_of_a_limit_has_the_wrong_sign() -> None:
    one = only(固定资产_1_其他=-13)
    assert (one.rule, told(one)) == ("A-03", [("sign", "")])
    assert "固定资产!E6 多半写反了正负号，请改为 13.00 万元" in message(one)


def test_spending_more_than_came_in_is_a_carry_in_that_was_left_out() -> None:
    one = only(收入_3_上年结转=None, 支出_3_累计结余=-1.25)
    assert (one.rule, told(one)) == ("X-03", [("omitted", "收入!C8")])
    found = standing(收入_3_上年结转=None, 支出_3_累计结余=5, 支出_3_当年结余=7)
    assert [one.causes for one in found if one.rule == "X-03"] == [()]


# Figures from elsewhere


def test_two_figures_of_one_item_are_compared_by_themselves() -> None:
    form = small.form()
    (cause,) = of_figures(D(1188700), D("118.87"), form, small.at("收入!B6"))
    assert (cause.code, cause.word, cause.facts["at"]) == ("unit", "元和万元", "收入!B6 ")
    assert of_figures(D(5), D(6), form) == of_figures(None, D(6), form) == of_figures("x", D(6), form) == ()
