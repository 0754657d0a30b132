"""The finished sheet as a blueprint: the paper, with its four tables on one sheet and no helpers."""

from itertools import pairwise

import pytest

from selfeval_xl.blueprint.build import build
from selfeval_xl.blueprint.identity import FINAL
from selfeval_xl.blueprint.model import Blueprint, Shape
from tests.support import small_report as small

TABLES = ("收入", "支出", "三公经费", "固定资产")


@pytest.fixture(scope="module")
def final() -> Blueprint:
    return build(small.form(), small.settings(), Shape(3), 2022, FINAL)


def test_the_tables_stand_on_one_sheet_in_the_order_of_the_paper(final: Blueprint) -> None:
    places = [final.places.tables[label] for label in TABLES]
    assert {place.sheet for place in places} == {"收支情况"}
    assert [place.total_row for place in places] == sorted(place.total_row for place in places)
    for upper, lower in pairwise(places):
        assert upper.first_row + upper.rows < lower.total_row


def test_there_is_neither_check_sheet_nor_instructions_nor_a_sheet_of_one_table(final: Blueprint) -> None:
    expected = ["封面", "基本概况", "收支情况", "绩效自评", "评价人员", "评价报告综述", "_设置"]
    assert list(final.sheets) == expected


def test_no_verdict_stands_beside_the_paper(final: Blueprint) -> None:
    for sheet in final.sheets.values():
        if sheet.kind == "form":
            assert not [plan for plan in sheet.cells.values() if plan.style.startswith("verdict")], sheet.name


def test_the_rules_are_all_there_to_be_checked(final: Blueprint) -> None:
    filling = build(small.form(), small.settings(), Shape(3), 2022)

    def told(blueprint: Blueprint) -> list[tuple[str, int | None, object]]:
        return [(one.rule.id, one.index, one.item) for one in blueprint.instances]

    assert told(final) == told(filling)


def test_only_the_tables_that_the_paper_titles_have_a_title(final: Blueprint) -> None:
    titles = [
        plan.value
        for plan in final.sheet("收支情况").cells.values()
        if plan.style in ("line.title", "line.section") and plan.value
    ]
    assert titles == [
        "二、部门（单位）收支情况",
        "年度收入情况（万元）",
        "部门（单位）年度支出和结余情况（万元）",
    ]


def test_every_table_is_as_wide_as_the_page_and_kept_whole(final: Blueprint) -> None:
    sheet = final.sheet("收支情况")
    for label in TABLES:
        place = final.places.tables[label]
        assert max(place.columns.values()) == sheet.print_columns
        last = place.first_row + place.rows - 1
        assert any(top < place.total_row and bottom == last for top, bottom in sheet.keep)
    assert min(sheet.keep)[0] == 1, "the section's title stays with the first table"


def test_explanations_are_kept_on_the_very_hidden_sheet(final: Blueprint) -> None:
    place = final.places.lists["notes"]
    assert place.sheet == "_设置"
    assert final.sheet(place.sheet).hidden


def test_the_other_workbook_has_no_collecting_sheet() -> None:
    assert "收支情况" not in build(small.form(), small.settings(), Shape(3), 2022).sheets
