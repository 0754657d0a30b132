"""The check of one report: what follows what, balances, tails, blanks, explanations."""

from decimal import Decimal as D
from typing import Any

import pytest
from msgspec.structs import replace

from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Value
from selfeval_xl.findings import Finding
from selfeval_xl.form.model import Silenced
from selfeval_xl.submission.check import check
from selfeval_xl.submission.explain import Explanations, is_broken, solve
from selfeval_xl.submission.integrity import Damage
from selfeval_xl.submission.model import Note
from selfeval_xl.submission.notes import explained
from selfeval_xl.submission.telling import list_cells
from tests.support import small_report as small


def shown(**changes: Any) -> list[str]:
    return small.shown(small.findings(small.changed(**changes)))


def found(rule: str, **changes: Any) -> Finding:
    return next(one for one in small.findings(small.changed(**changes)) if one.rule == rule)


def values_of(**changes: Any) -> Values:
    report = small.inspected(small.changed(**changes))
    assert report.values is not None
    return report.values


# What follows what


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, []),
        # One wrong total makes the rest of the row and its own column wrong.
        (
            {"收入_2_收入合计": 90},
            [
                "I-01@收入!B7",
                *(f"{one}<I-01@收入!B7" for one in ("I-01@收入!B5", "X-01@支出!H8", "X-02@支出!G8")),
                *(f"{one}<I-01@收入!B7" for one in ("X-01@支出!H6", "X-02@支出!G6")),
            ],
        ),
        # A printed total of an item is found after the row's total, which it made wrong.
        ({"汇总": {"收入": {"其他收入": 4.5}}}, ["I-01@收入!B5<I-02@收入!G5", "I-02@收入!G5"]),
        # Rules that imply each other are one finding; the total row says the same as the entity's row.
        (
            {"支出_2_累计结余": 1.15},
            [
                "E-04@支出!H8",
                "X-01@支出!H8<E-04@支出!H8",
                "E-04@支出!H6<E-04@支出!H8",
                "X-01@支出!H6<E-04@支出!H8",
            ],
        ),
        (
            {"固定资产_1_其他": -13},
            ["A-03@固定资产!C6", "A-03@固定资产!C5<A-03@固定资产!C6"],
        ),
        # Two entities' slips are two findings.
        (
            {"三公经费_2_公务接待费": "二千", "三公经费_3_公务接待费": "无"},
            ["N-02@三公经费!C7", "N-02@三公经费!C8"],
        ),
    ],
)
def test_what_an_earlier_finding_explains_follows_it(changes: dict[str, Any], wanted: list[str]) -> None:
    assert shown(**changes) == wanted


def test_a_second_slip_that_the_first_does_not_explain_stands_on_its_own() -> None:
    standing = [one for one in shown(收入_2_收入合计=90, 固定资产_1_固定资产合计=300) if "<" not in one]
    assert standing == ["I-01@收入!B7", "A-01@固定资产!B6"]


def test_a_total_row_that_is_off_by_more_than_its_rows_make_up_stands_on_its_own() -> None:
    printed = {"收入": {"收入合计": 500}}
    assert "I-01@收入!B5" in shown(收入_2_收入合计=90, 汇总=printed)
    assert "I-01@收入!B5<I-01@收入!B7" in shown(收入_2_收入合计=90)


def test_what_follows_weighs_no_more_than_what_it_follows() -> None:
    findings = small.findings(small.changed(汇总={"收入": {"收入合计": 335.91}}))
    assert {(one.rule, one.severity) for one in findings if one.follows is None} == {("I-01", "warning")}
    assert {one.severity for one in findings} == {"warning"}


# Balances


@pytest.mark.parametrize(
    ("changes", "look", "expected", "difference"),
    [
        ({"支出_1_累计结余": 9}, "支出!H7", "8", "1"),
        ({"支出_1_当年结余": 8}, "支出!G7", "-2", "10"),
        ({"收入_2_公共财政拨款": 80.2}, "支出!B8", "86.10", "-0.10"),
        ({"支出_2_当年结余": 0, "支出_2_累计结余": None}, "支出!H8", "0.15", "-0.15"),
    ],
)
def test_what_is_broken_of_a_balance_says_where_to_look(
    changes: dict[str, Any], look: str, expected: str, difference: str
) -> None:
    first = next(one for one in small.findings(small.changed(**changes)) if one.severity == "warning")
    assert str(first.cells[0]) == look
    assert first.follows is None
    assert (first.expected, first.difference) == (D(expected), D(difference))
    assert first.item == {"H": "累计结余", "G": "当年结余", "B": "支出合计"}[look[3]]


def test_a_row_with_text_breaks_no_balance() -> None:
    assert shown(支出_1_累计结余="八") == ["N-02@支出!H7"]


# Tails


@pytest.mark.parametrize(
    ("total", "severity", "causes"),
    [
        (335.90, None, ()),
        (335.91, "warning", ("tail",)),
        (335.93, "warning", ("tail",)),
        (335.87, "warning", ("tail",)),
        (335.94, "error", ()),
        (335.86, "error", ()),
    ],
)
def test_a_tail_of_half_a_cent_for_each_addend_and_the_total_is_forgiven(
    total: float, severity: str | None, causes: tuple[str, ...]
) -> None:
    """收入合计 has five addends: 0.005 x 6 = 0.03."""
    findings = [
        one for one in small.findings(small.changed(汇总={"收入": {"收入合计": total}})) if one.rule == "I-01"
    ]
    assert [(one.severity, tuple(cause.code for cause in one.causes)) for one in findings] == (
        [(severity, causes)] if severity else []
    )


def test_only_amounts_that_are_there_count_as_addends() -> None:
    """Two addends: 0.005 x 3 = 0.015, so 0.02 is no tail."""
    blank = {f"收入_3_{item}": None for item in ("政府基金拨款", "纳入专户管理的非税收入拨款", "其他收入")}
    one = found("I-01", **blank, 收入_3_收入合计=31.27)
    assert (one.severity, one.difference) == ("error", D("0.02"))
    assert found("I-01", **blank, 收入_3_收入合计=31.26).causes[0].code == "tail"


def test_no_tail_is_forgiven_where_nobody_printed_a_total() -> None:
    values = values_of().with_stated({small.at("收入!B6"): D("218.51")})
    assert [one.severity for one in check(values).findings if one.rule == "I-01"] == ["error", "error"]
    tolerant = check(values, tolerant=[small.at("收入!B6")]).findings
    assert [one.severity for one in tolerant if one.cells[0] == small.at("收入!B6")] == ["warning"]


def test_text_printed_as_a_total_is_not_a_number() -> None:
    one = found("N-02", 收入_2_收入合计="约86万")
    assert (str(one.cells[0]), one.item, one.actual) == ("收入!B7", "收入合计", "约86万")


# Explanations


def noted(text: str | None, *, rule: str = "E-04", entity: str | None = "甲中心") -> list[Finding]:
    notes = [{"规则": rule, "机构": entity, "说明": text}]
    return small.findings(small.changed(支出_2_累计结余=1.15, 审核说明=notes))


@pytest.mark.parametrize(
    ("note", "accepted"),
    [
        ({"text": "差额1.00万元：年初结转调整"}, True),
        ({"text": "差额 1.00 万元:年初结转调整"}, True),
        ({"text": "因年初调整，差额1.00万元"}, True),
        ({"text": "差额１.００万元：", "entity": " 甲 中心"}, True),
        ({"text": "差额0.99万元：年初结转调整"}, False),
        ({"text": "情况属实"}, False),
        ({"text": None}, False),
        ({"text": "差额1.00万元：", "rule": "X-03"}, False),
        ({"text": "差额1.00万元：", "entity": "乙站"}, False),
        ({"text": "差额1.00万元：", "entity": None}, False),
    ],
)
def test_an_explanation_counts_with_rule_entity_and_difference(
    note: dict[str, Any], *, accepted: bool
) -> None:
    first = noted(**note)[0]
    assert (first.explanation is not None) is accepted
    assert first.is_open is not accepted


def test_an_explanation_lapses_when_the_figures_change() -> None:
    notes = [{"规则": "E-04", "机构": "甲中心", "说明": "差额1.00万元：调整"}]
    assert found("E-04", 支出_2_累计结余=1.15, 审核说明=notes).explanation == "差额1.00万元：调整"
    assert found("E-04", 支出_2_累计结余=1.25, 审核说明=notes).explanation is None


def test_only_warnings_can_be_explained_and_only_those_that_stand() -> None:
    values = values_of(固定资产_1_其他=-13, 支出_2_累计结余=1.15)
    notes = [
        Note(one.rule, one.entity, f"差额{abs(one.difference or D(0)):.2f}万元：")
        for one in check(values).findings
    ]
    accepted = [one for one in explained(check(values).findings, notes, values) if one.explanation]
    assert [one.id for one in accepted] == ["E-04@支出!H8"]


def test_a_warning_without_a_difference_is_explained_by_words_alone() -> None:
    note = Note("N-04", None, "单位另有叫法")
    label = Finding("N-04", "label.changed", "warning", (small.at("收入!C3"),))
    values = values_of()
    (one,) = explained(check(values, damage=Damage([label])).findings, [note], values)
    assert one.explanation == "单位另有叫法"


# What findings say


def test_blank_amounts_are_one_finding_at_the_end() -> None:
    blank = found("N-05", 固定资产_1_其他=None, 固定资产_2_其他=None, 收入_3_其他收入=None)
    assert [str(cell) for cell in blank.cells] == ["收入!G8", "固定资产!E6", "固定资产!E7"]
    assert blank.facts == {"count": "3", "list": "收入!G8、固定资产!E6:E7"}


@pytest.mark.parametrize(
    ("grade", "code", "severity"), [("良", "grade.wrong", "error"), (None, "grade.blank", "info")]
)
def test_a_grade_is_told_with_the_right_one_and_the_score(
    grade: str | None, code: str, severity: str
) -> None:
    one = found("G-02", 绩效自评_评价等次=grade)
    assert (one.code, one.severity, one.expected, one.facts["score"]) == (code, severity, "优", "91.5")


def test_a_year_is_told_without_decimals() -> None:
    one = found("T-11", 封面_年度=2021)
    assert (one.actual, one.expected, one.difference) == ("2021", "2022", None)


def test_a_finding_names_the_entity_as_its_own_table_does() -> None:
    assert found("E-04", 支出_1_累计结余=9).entity == "机关"
    assert found("S-03", 三公经费_2_公务接待费=-1).entity == "甲中心"
    total = next(one for one in small.findings(small.changed(支出_1_累计结余=9)) if one.cells[0].row == 6)
    assert total.entity == "机关及二级机构汇总"


def test_a_blank_on_the_left_is_told_as_a_blank() -> None:
    one = found("E-04", 支出_1_累计结余=None)
    assert (one.actual, one.expected, one.difference) == (None, D(8), D(-8))


@pytest.mark.parametrize(
    ("cells", "listed"),
    [
        ("B1", "表!B1"),
        ("B1 C1 D1", "表!B1:D1"),
        ("B1 B2 B4", "表!B1:B2、表!B4"),
        ("B1 C2", "表!B1、表!C2"),
        (
            " ".join(f"{letter}1" for letter in "ACEGIKMOQSUW"),
            "、".join(f"表!{one}1" for one in "ACEGIKMOQSUW"),
        ),
        (
            " ".join(f"{letter}1" for letter in "ACEGIKMOQSUWY"),
            "、".join(f"表!{one}1" for one in "ACEGIKMOQSUW") + "等",
        ),
    ],
)
def test_cells_are_listed_as_runs_and_no_more_than_twelve(cells: str, listed: str) -> None:
    assert list_cells([small.at(f"表!{cell}") for cell in cells.split()]) == listed


# The right figure


@pytest.mark.parametrize(
    ("rule", "index", "cell", "stated", "right"),
    [
        ("I-01", 1, "收入!B6", {"收入!B6": D(1)}, D("218.50")),
        ("I-01", 1, "收入!G6", {"收入!B6": D("220.50")}, D("5.50")),
        ("E-04", 1, "收入!C6", {"支出!H7": D(9)}, D("11.00")),
        ("I-01", 1, "收入!B6", {"收入!B6": None}, D("218.50")),
        ("I-01", 1, "收入!C7", {}, None),
        ("X-11", 2, "收入!A7", {}, None),
        ("N-02", 1, "收入!C6", {}, None),
    ],
)
def test_the_right_figure_is_the_one_that_makes_both_sides_equal(
    rule: str, index: int, cell: str, stated: dict[str, Value], right: D | None
) -> None:
    values = values_of().with_stated({small.at(one): value for one, value in stated.items()})
    instance = next(one for one in values.blueprint.instances if one.rule.id == rule and one.index == index)
    assert solve(values, instance, small.at(cell)) == right


def test_a_finding_is_explained_by_all_corrections_together_if_by_none_alone() -> None:
    stated = {small.at("支出!C7"): D(1), small.at("支出!C8"): D(2)}
    values = values_of().with_stated(stated)
    total = next(one for one in values.blueprint.instances if one.rule.id == "X-01" and one.index == 0)
    assert is_broken(values, total)
    explanations = Explanations(values)
    assert explanations.of(total) is None
    explanations.add("first", {small.at("支出!C7"): D("170.50")})
    assert explanations.of(total) is None
    explanations.add("second", {small.at("支出!C8"): D("70.00")})
    assert explanations.of(total) == "first"
    assert not explanations.does_explain("first", total)


def test_corrections_elsewhere_explain_nothing() -> None:
    values = values_of(支出_1_累计结余=9)
    broken = next(one for one in values.blueprint.instances if one.rule.id == "E-04" and one.index == 1)
    explanations = Explanations(values)
    explanations.add("elsewhere", {small.at("固定资产!C6"): D(1)})
    explanations.add("nothing", {})
    assert explanations.of(broken) is None
    assert not explanations.does_explain("unknown", broken)


def test_a_silenced_rule_finds_nothing() -> None:
    used = replace(small.settings(), silenced=(Silenced("E-04", "试点"), Silenced("X-01", "试点")))
    assert small.findings(small.changed(支出_1_累计结余=9), used) == []


def test_a_calculation_with_more_decimals_is_legal_and_said_to_be_rounded() -> None:
    report = small.inspected(small.changed(收入_3_其他收入=0.333))
    assert report.values is not None
    cell = small.at("收入!G8")
    typed = next(one for one in check(report.values).findings if one.rule == "N-03")
    assert (typed.severity, typed.code) == ("error", "cell.decimals")
    damage = Damage(calculated={cell: "3330/10000"})
    one = next(one for one in check(report.values, damage=damage).findings if one.rule == "N-03")
    assert (one.severity, one.code, one.cells[0]) == ("info", "cell.decimals_calculated", cell)
