"""The verdicts beside the tables, and the check sheet's lines made from them."""

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from selfeval_xl.blueprint.build import build
from selfeval_xl.blueprint.checks import AT, FIRST_RULE_ROW, listed_rules
from selfeval_xl.blueprint.model import Blueprint, Shape
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address
from selfeval_xl.form.model import Settings, Silenced
from selfeval_xl.rules.printing import print_formula
from tests.support import small_report as small

UNCHECKED = sum(rule.scope == "program" or rule.bureau for rule in small.form().rules)
PASSED_IN_THE_SHEET = f"表内校验通过，另 {UNCHECKED} 项须完整校验"
COLUMNS = ("verdict", "open", "entity", "left", "right", "difference", "opening")


def values_of(data: dict[str, Any] | None = None, used: Settings | None = None) -> Values:
    report = small.inspected(data or small.balanced(), used)
    assert report.blueprint is not None
    assert report.values is not None
    return Values(report.blueprint, report.values.typed)


def line(values: Values, rule: str, *columns: str) -> list[str]:
    """Return what stands on a rule's line of the check sheet."""
    row = FIRST_RULE_ROW + [one.id for one in listed_rules(values.blueprint)].index(rule)
    found = (values(Address("校验", row, AT[name])) for name in columns or COLUMNS)
    return ["" if one is None else str(one) for one in found]


def status(values: Values) -> str:
    return str(values(Address("校验", 2, 1)))


def column(values: Values, name: str) -> list[str]:
    """Return the verdicts in the block of a defined name."""
    return [str(values(address)) for address in values.blueprint.names[name].addresses()]


# Beside the tables


@pytest.mark.parametrize(
    ("name", "changes", "wanted"),
    [
        ("支出_核对_E04", {}, "通过 通过 通过 通过 不适用 不适用"),
        ("支出_核对_E04", {"支出_2_累计结余": 1}, "不符 通过 不符 通过 不适用 不适用"),
        ("支出_核对_E04", {"支出_2_累计结余": "无"}, "无法计算 通过 无法计算 通过 不适用 不适用"),
        ("收入_核对_N02", {"收入_2_其他收入": "无"}, "不适用 通过 不符 通过 不适用 不适用"),
        ("收入_核对_N05", {"收入_3_其他收入": None}, "不适用 通过 通过 不符 不适用 不适用"),
        ("收入_核对_N01", {"收入_3_其他收入": -1}, "不适用 通过 通过 不符 不适用 不适用"),
        ("收入_核对_N01", {"收入_3_其他收入": "-1"}, "不适用 通过 通过 无法计算 不适用 不适用"),
        ("收入_核对_X04", {}, "不适用 不适用 通过 通过 不适用 不适用"),
    ],
)
def test_a_row_has_one_verdict_for_all_its_cells(name: str, changes: dict[str, Any], wanted: str) -> None:
    assert column(values_of(small.changed(**changes)), name) == wanted.split()


def test_a_column_rule_has_its_verdicts_below_the_table() -> None:
    values = values_of(small.changed(收入_2_其他收入="无"))
    area = values.blueprint.names["收入_核对_I02"]
    table = values.blueprint.places.tables["收入"]
    assert area.top > table.first_row + table.rows
    assert column(values, "收入_核对_I02") == ["无法计算", *["通过"] * 4, "无法计算"]
    sums = [values(address._replace(row=address.row - 1)) for address in area.addresses()]
    assert [str(one) for one in sums] == ["无法计算", "11.25", "310.1", "5", "6.05", "无法计算"]


def test_a_row_exists_with_a_name_or_anything_typed() -> None:
    blueprint = build(small.form(), small.settings(), Shape(4), 2022)
    typed = {small.at("收入!A7"): "甲中心", small.at("固定资产!E8"): "x"}
    values = Values(blueprint, typed)
    assert [values(blueprint.places.exists[index]) for index in range(1, 5)] == [1, 1, 1, 0]


def test_verdicts_stand_outside_the_print_area() -> None:
    blueprint = values_of().blueprint
    for name, area in blueprint.names.items():
        if "_核对_" in name:
            sheet = blueprint.sheet(area.sheet)
            assert area.left > sheet.print_columns or area.top > sheet.print_bottom, name


# On the check sheet


def by_program() -> int:
    return sum(rule.scope == "program" and not rule.bureau for rule in small.form().rules)


def test_a_balanced_report_passes_but_for_what_no_formula_can_check() -> None:
    values = values_of()
    assert status(values) == f"表内校验通过，另 {by_program()} 项须完整校验"
    assert line(values, "F-02", "verdict", "open") == ["未检", ""]
    assert line(values, "I-01") == ["通过", "0", "", "", "", "", ""]
    assert line(values, "X-11", "verdict") == ["不适用"]


def test_the_cover_repeats_the_status() -> None:
    values = values_of(small.changed(支出_2_累计结余=1))
    cover = values.blueprint.sheet("封面")
    spot = next(spot for spot, plan in cover.cells.items() if plan.style == "status")
    assert values(Address("封面", *spot)) == status(values) == "校验未过：错误 0 项，需说明 4 项，见“校验”表"


def test_a_line_names_the_first_entity_that_fails_with_its_figures() -> None:
    values = values_of(small.changed(支出_2_累计结余=1))
    assert line(values, "E-04") == ["不符", "2", "甲中心", "1", "0.15", "0.85", "差额0.85万元："]
    assert line(values, "E-04", "link") == ["支出!H8"]


def test_a_total_that_fails_alone_is_named_itself() -> None:
    report = small.inspected(small.balanced())
    assert report.blueprint is not None
    values = Values(
        report.blueprint, report.values.typed if report.values else {}, {small.at("支出!B6"): Decimal(999)}
    )
    assert line(values, "E-01", "verdict", "open", "entity", "link") == [
        "不符", "1", "机关及二级机构汇总", "支出!B6",
    ]  # fmt: skip


def test_a_column_that_does_not_add_up_is_named_by_its_item() -> None:
    report = small.inspected(small.balanced())
    assert report.values is not None
    values = report.values.with_stated({small.at("收入!D5"): Decimal(300)})
    assert line(values, "I-02") == ["不符", "1", "公共财政拨款", "300", "310.1", "-10.1", ""]
    assert line(values, "I-02", "link") == ["收入!D5"]


def test_an_explanation_is_begun_for_what_may_be_explained_and_for_no_error() -> None:
    values = values_of(small.changed(支出_2_累计结余=1, 封面_年度=2021))
    assert line(values, "E-04", "severity", "opening") == ["需说明", "差额0.85万元："]
    assert line(values, "T-11", "severity", "difference", "opening") == ["错误", "-1", ""]
    values = values_of(small.changed(基本概况_实有人数=23))
    assert line(values, "X-14", "difference", "opening") == ["3", "差额3："]


def test_years_and_numbers_of_people_are_not_shown_as_amounts() -> None:
    blueprint = build(small.form(), small.settings(), Shape(3), 2022)
    rules = [one.id for one in listed_rules(blueprint)]
    formats = {}
    for rule in ("T-11", "X-14", "E-04"):
        plan = blueprint.plan(Address("校验", FIRST_RULE_ROW + rules.index(rule), AT["left"]))
        formats[rule] = plan.format if plan else None
    assert formats == {"T-11": "General", "X-14": "General", "E-04": ""}


def test_a_hint_is_not_red_on_the_check_sheet() -> None:
    sheet = build(small.form(), small.settings(), Shape(3), 2022).sheet("校验")
    [red] = [one for one in sheet.conditions if one.style == "wrong"]
    assert print_formula(red.formula, "校验") == 'AND(D5="不符",B5<>"提示")'


def test_a_line_over_several_tables_names_the_first_row_of_the_first_table() -> None:
    values = values_of(small.changed(支出_3_人员支出="二十", 三公经费_2_公务接待费="两千"))
    assert line(values, "N-02", "verdict", "open", "entity", "link") == ["不符", "2", "乙站", "支出!A9"]


def test_a_number_among_the_single_fields_is_counted_with_the_tables() -> None:
    values = values_of(small.changed(基本概况_实有人数="十八"))
    wanted = ["不符", "1", "实有人数", small.field("基本概况.实有人数")]
    assert line(values, "N-02", "verdict", "open", "entity", "link") == wanted


def test_several_required_fields_are_counted_and_the_first_is_named() -> None:
    values = values_of(small.changed(基本概况_联系人=None, 基本概况_联络电话=" "))
    wanted = ["不符", "2", "联系人", small.field("基本概况.联系人")]
    assert line(values, "G-05", "verdict", "open", "entity", "link") == wanted


def test_text_is_named_as_not_computable_and_keeps_the_whole_from_passing() -> None:
    values = values_of(small.changed(基本概况_人员编制="二十"))
    assert line(values, "X-14", "verdict", "open") == ["无法计算", "0"]
    assert status(values).startswith("校验未过：错误 1 项")


@pytest.mark.parametrize(("grade", "severity"), [(None, "提示"), ("良", "错误")])
def test_a_blank_grade_is_milder_than_a_wrong_one(grade: str | None, severity: str) -> None:
    values = values_of(small.changed(绩效自评_评价等次=grade))
    assert line(values, "G-02", "severity", "verdict", "right") == [severity, "不符", "优"]


def test_a_silenced_rule_is_listed_with_its_reason_and_not_checked() -> None:
    used = replace(small.settings(), silenced=(Silenced("X-03", "试点单位"),))
    values = values_of(small.balanced(), used)
    assert line(values, "X-03", "verdict", "text") == ["不适用", "支出合计不大于收入合计（停用：试点单位）"]
    assert status(values) == f"表内校验通过，另 {by_program()} 项须完整校验"


def test_the_explanations_are_an_unlocked_list_that_offers_the_rules() -> None:
    blueprint = build(small.form(), small.settings(), Shape(3), 2022)
    place = blueprint.places.lists["notes"]
    for index in range(place.rows):
        for label in place.columns:
            plan = blueprint.plan(place.cell(label, index))
            assert plan is not None
            assert not plan.locked
    offered = [one for one in blueprint.sheet("校验").validations if one.kind == "list"]
    wanted = tuple(
        rule.id for rule in listed_rules(blueprint) if rule.severity == "warning" and not rule.bureau
    )
    assert [sorted(one.choices) for one in offered] == [sorted(wanted)]


def unplaced_rows(blueprint: Blueprint) -> int:
    place = blueprint.places.lists.get("unplaced")
    return 0 if place is None else place.rows


@pytest.mark.parametrize("rows", [0, 3])
def test_what_found_no_place_has_a_list_only_where_there_is_some(rows: int) -> None:
    blocks = (("unplaced", rows),) if rows else ()
    assert unplaced_rows(build(small.form(), small.settings(), Shape(3, blocks), 2022)) == rows


@pytest.mark.parametrize(("score", "grade"), [(None, ""), (89.5, "良"), (97.5, "优")])
def test_a_bureau_may_have_the_grade_filled_in_by_formula(score: float | None, grade: str) -> None:
    used = replace(small.settings(), grade_source="formula")
    values = values_of(small.changed(绩效自评_绩效自评综合得分=score, 绩效自评_评价等次=None), used)
    cell = values.blueprint.places.fields["绩效自评", "评价等次"]
    plan = values.blueprint.plan(cell)
    assert plan is not None
    assert plan.locked
    assert values(cell) == grade
