"""Rules at their places: how many, with which guards, and what each verdict is."""

from typing import Any

import pytest
from msgspec.structs import replace

from selfeval_xl.blueprint.build import build
from selfeval_xl.blueprint.instances import active_rules, expected_grade, make_instances
from selfeval_xl.blueprint.model import Blueprint, Instance, Shape
from selfeval_xl.blueprint.values import Values
from selfeval_xl.form.model import Settings, Silenced
from tests.support import small_report as small

ROWS = 5
"""Three entities and two spare rows."""


def values_of(**changes: Any) -> Values:
    report = small.inspected(small.changed(**changes))
    assert report.values is not None
    return report.values


def instance(values: Values, rule: str, index: int | None) -> Instance:
    return next(one for one in values.blueprint.instances if one.rule.id == rule and one.index == index)


def verdict(rule: str, index: int | None, **changes: Any) -> str:
    values = values_of(**changes)
    return str(values.evaluate(instance(values, rule, index).verdict))


def plain(used: Settings | None = None, *, year: int = 2022, entity: bool = False) -> Blueprint:
    return build(small.form(), used or small.settings(), Shape(1 if entity else 3, entity=entity), year)


@pytest.mark.parametrize(
    ("rule", "count"),
    [
        ("I-01", 1 + ROWS),
        ("I-02", 6),
        ("E-03", 7),
        ("X-11", ROWS),
        ("X-04", 3 * (ROWS - 1)),
        ("N-01", ROWS * (5 + 3)),
        ("S-03", ROWS * 4),
        ("N-05", ROWS * (5 + 5 + 4 + 3)),
        ("N-02", ROWS * (5 + 5 + 4 + 3) + 5),
        ("G-05", 7),
        ("G-02", 1),
        ("T-11", 1),
        ("X-14", 1),
        ("F-02", 0),
        ("N-04", 0),
    ],
)
def test_a_rule_stands_once_at_every_place_of_its_scope(rule: str, count: int) -> None:
    instances = values_of().blueprint.instances
    assert sum(one.rule.id == rule for one in instances) == count


def test_instances_come_in_the_order_of_the_declaration_rows_from_top_to_bottom() -> None:
    instances = values_of().blueprint.instances
    order = [rule.id for rule in small.form().rules]
    places = [order.index(one.rule.id) for one in instances]
    assert places == sorted(places)
    assert [one.index for one in instances if one.rule.id == "E-04"] == list(range(ROWS + 1))


@pytest.mark.parametrize(
    ("rule", "index", "changes", "wanted"),
    [
        ("E-04", 1, {}, "通过"),
        ("E-04", 1, {"支出_1_累计结余": 9}, "不符"),
        ("E-04", 1, {"支出_1_累计结余": "9万元"}, "无法计算"),
        ("E-04", 2, {"支出_1_累计结余": "9万元"}, "通过"),
        ("E-04", 0, {"支出_1_累计结余": "9万元"}, "无法计算"),
        ("E-04", 4, {}, "不适用"),
        ("E-04", 1, {"支出_1_累计结余": None}, "不符"),
        ("E-04", 2, {"收入_2_上年结转": None}, "通过"),
        ("X-11", 3, {}, "不适用"),
        ("X-06", 2, {"三公经费_2_公务接待费": 36.0}, "通过"),
        ("X-06", 2, {"三公经费_2_公务接待费": 36.01}, "不符"),
        ("X-06", 2, {"三公经费_2_公务接待费": 36.004}, "通过"),
        ("X-14", None, {"基本概况_实有人数": None}, "不适用"),
        ("X-14", None, {"基本概况_实有人数": "十八"}, "无法计算"),
        ("G-01", None, {"绩效自评_绩效自评综合得分": -0.5}, "不符"),
        ("G-02", None, {"绩效自评_绩效自评综合得分": 105}, "不适用"),
        ("G-02", None, {"绩效自评_绩效自评综合得分": "九十"}, "无法计算"),
        ("G-02", None, {"绩效自评_评价等次": " 优 "}, "通过"),
        ("G-02", None, {"绩效自评_绩效自评综合得分": 89.99}, "不符"),
        ("T-11", None, {"封面_年度": None}, "不适用"),
        ("T-11", None, {"封面_年度": 2021}, "不符"),
    ],
)
def test_a_verdict_says_what_the_rule_makes_of_its_place(
    rule: str, index: int | None, changes: dict[str, Any], wanted: str
) -> None:
    assert verdict(rule, index, **changes) == wanted


@pytest.mark.parametrize(("count", "wanted"), [(0, "不适用"), (1, "不符")])
def test_an_inactive_entity_is_found_where_only_one_table_has_amounts(count: int, wanted: str) -> None:
    """A row without any amounts is nobody's inactivity; one with 固定资产 alone is."""
    data = small.balanced()
    for table in ("收入", "支出", "三公经费", "固定资产"):
        data[table][2] = {"机构名称": "乙站"}
    if count:
        data["固定资产"][2]["在用固定资产"] = 7.77
    report = small.inspected(data)
    assert report.values is not None
    assert report.values.evaluate(instance(report.values, "X-05", 3).verdict) == wanted


@pytest.mark.parametrize(
    ("rule", "index", "look", "cells"),
    [
        ("I-01", 1, "收入!B6", "C6 D6 E6 F6 G6"),
        ("I-01", 0, "收入!B5", "C5 D5 E5 F5 G5"),
        ("E-04", 2, "支出!H8", "收入!C7 G8"),
        ("A-03", 1, "固定资产!C6", "D6 B6"),
        ("X-11", 2, "收入!A7", ""),
        ("X-05", 2, "收入!B7", ""),
        ("X-04", 2, "支出!A8", "收入!A7"),
    ],
)
def test_the_place_to_look_comes_first_then_the_operands(
    rule: str, index: int | None, look: str, cells: str
) -> None:
    found = instance(values_of(), rule, index)
    sheet = look.split("!", maxsplit=1)[0]
    wanted = [small.at(one if "!" in one else f"{sheet}!{one}") for one in cells.split()]
    assert found.look == small.at(look)
    assert list(found.cells) == [found.look, *wanted]


def test_a_grade_is_looked_at_before_its_score() -> None:
    cells = [small.at(small.field(f"绩效自评.{label}")) for label in ("评价等次", "绩效自评综合得分")]
    assert list(instance(values_of(), "G-02", None).cells) == cells


@pytest.mark.parametrize(
    ("rule", "index", "addends"), [("I-01", 1, 5), ("E-02", 1, 2), ("S-01", 0, 4), ("I-02", 0, ROWS)]
)
def test_addends_are_what_a_total_is_added_up_from(rule: str, index: int, addends: int) -> None:
    assert instance(values_of(), rule, index).addends == addends


@pytest.mark.parametrize(
    ("since", "until", "year", "holds"),
    [
        (None, None, 2022, True),
        (2022, None, 2022, True),
        (2023, None, 2022, False),
        (None, 2022, 2022, True),
        (None, 2021, 2022, False),
    ],
)
def test_a_rule_holds_in_its_years_only(
    since: int | None, until: int | None, year: int, *, holds: bool
) -> None:
    dated = replace(small.form().rule("I-01"), since=since, until=until)
    form = replace(small.form(), rules=(dated,))
    built = replace(plain(year=year), form=form)
    assert [rule.id for rule in active_rules(built)] == (["I-01"] if holds else [])


def test_a_silenced_rule_is_checked_nowhere() -> None:
    silenced = plain(replace(small.settings(), silenced=(Silenced("X-03", "试点"),)))
    assert "X-03" not in {one.rule.id for one in silenced.instances}
    assert "X-03" in {one.rule.id for one in plain().instances}


def test_a_single_entitys_workbook_has_no_rules_about_what_it_lacks() -> None:
    found = {one.rule.id for one in plain(entity=True).instances}
    assert found.isdisjoint({"X-14", "G-01", "G-02"})
    assert {"I-01", "X-06", "X-04"} <= found


@pytest.mark.parametrize(
    ("score", "grade"),
    [(100, "优"), (90, "优"), (89.99, "良"), (80, "良"), (79.5, "中"), (60, "中"), (59.99, "差"), (0, "差")],
)
def test_bands_are_half_open(score: float, grade: str) -> None:
    values = values_of(绩效自评_绩效自评综合得分=score)
    cell = values.blueprint.places.fields["绩效自评", "绩效自评综合得分"]
    assert values.evaluate(expected_grade(values.blueprint, cell)) == grade


def test_a_rule_without_an_expression_is_refused() -> None:
    bare = replace(small.form().rule("I-01"), left=None)
    built = replace(plain(), form=replace(small.form(), rules=(bare,)))
    with pytest.raises(ValueError, match="I-01 has no expression"):
        make_instances(built)
