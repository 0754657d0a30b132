"""A workbook computed: from what was typed, and from figures that stand in a formula's place."""

from decimal import Decimal as D

import pytest

from selfeval_xl.blueprint.build import build
from selfeval_xl.blueprint.model import Shape
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import CellError, Value
from selfeval_xl.rules.tree import call, plus
from tests.support import small_report as small

BUILT = build(small.form(), small.settings(), Shape(3), 2022)


def computed(typed: dict[str, Value], stated: dict[str, Value] | None = None) -> Values:
    return Values(
        BUILT,
        {small.at(cell): value for cell, value in typed.items()},
        {small.at(cell): value for cell, value in (stated or {}).items()},
    )


def test_totals_add_up_row_by_row_and_down_to_the_total_row() -> None:
    values = computed({"支出!D7": D("118.87"), "支出!E7": D("61.13"), "支出!F7": D("32.78"), "支出!D8": D(1)})
    wanted = {"C7": "180", "B7": "212.78", "C8": "1", "B8": "1", "C6": "181", "B6": "213.78", "D6": "119.87"}
    for cell, total in wanted.items():
        assert values(small.at(f"支出!{cell}")) == D(total), cell


@pytest.mark.parametrize(
    ("typed", "total"),
    [
        ({}, ""),
        ({"固定资产!C6": D(0)}, D(0)),
        ({"固定资产!C6": D("0.005")}, D("0.01")),
        ({"固定资产!C6": D("0.004"), "固定资产!D6": D("0.004")}, D(0)),
        ({"固定资产!C6": D(19), "固定资产!D6": None}, D(19)),
        ({"固定资产!C6": "19.0"}, "无法计算"),
        ({"固定资产!C6": "19.0", "固定资产!D6": D(1)}, "无法计算"),
        ({"固定资产!C6": CellError.REF}, "无法计算"),
        ({"固定资产!C6": True}, "无法计算"),
    ],
)
def test_a_total_is_blank_a_sum_of_rounded_amounts_or_not_computable(
    typed: dict[str, Value], total: Value
) -> None:
    values = computed(typed)
    assert values(small.at("固定资产!B6")) == total
    assert values(small.at("固定资产!B5")) == total


def test_a_stated_figure_stands_in_the_formulas_place_and_others_are_computed_from_it() -> None:
    values = computed({"支出!D7": D(10), "支出!F7": D(5)}, {"支出!C7": D(99)})
    assert values(small.at("支出!C7")) == 99
    assert values(small.at("支出!B7")) == 104
    assert values(small.at("支出!C6")) == 99


def test_more_can_be_stated_without_a_change_to_the_first() -> None:
    first = computed({"支出!D7": D(10)}, {"支出!C7": D(99)})
    second = first.with_stated({small.at("支出!B7"): D(1)})
    assert (first(small.at("支出!B7")), second(small.at("支出!B7"))) == (99, 1)
    assert second(small.at("支出!C7")) == 99


def test_a_stated_blank_is_a_blank() -> None:
    values = computed({"支出!D7": D(10), "支出!F7": D(5)}, {"支出!C7": None})
    assert values(small.at("支出!C7")) is None
    assert values(small.at("支出!B7")) == 5


def test_nothing_typed_changes_a_locked_cell() -> None:
    values = computed({"收入!A6": "别的", "收入!B6": D(7)})
    assert values(small.at("收入!A6")) == "局机关"
    assert values(small.at("收入!B6")) == ""


def test_an_input_holds_what_was_typed_and_not_the_default() -> None:
    year = small.field("封面.年度")
    assert computed({})(small.at(year)) is None
    assert computed({year: D(2021)})(small.at(year)) == 2021


@pytest.mark.parametrize("cell", ["收入!ZZ999", "没有的表!A1"])
def test_outside_the_blueprint_everything_is_blank(cell: str) -> None:
    assert computed({cell: D(1)})(small.at(cell)) is None


def test_a_tree_that_stands_in_no_cell_is_computed_too() -> None:
    values = computed({"支出!D7": D("0.1"), "支出!E7": D("0.2")})
    tree = call("ROUND", plus(small.at("支出!D7"), small.at("支出!E7")), 2)
    assert values.evaluate(tree) == D("0.3")


def test_every_cell_has_its_value() -> None:
    cells = computed({"收入!D6": D("212.29")}).all_cells()
    assert len(cells) == sum(len(sheet.cells) for sheet in BUILT.sheets.values())
    assert cells[small.at("收入!B5")] == D("212.29")
    assert cells[small.at("收入!A5")] == "局机关及二级机构汇总"


def test_a_value_is_computed_once() -> None:
    typed = {small.at("支出!D7"): D(10)}
    values = Values(BUILT, typed)
    assert values(small.at("支出!C7")) == 10
    typed[small.at("支出!D7")] = D(11)
    assert values(small.at("支出!C7")) == 10


def test_the_title_follows_the_year_that_is_typed() -> None:
    assert (
        computed({small.field("封面.年度"): D(2023)})(small.at("封面!A1"))
        == "临湘市2023年度部门（单位）整体支出"
    )
