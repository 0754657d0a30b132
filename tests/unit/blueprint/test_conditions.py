"""What turns red: the cells that failing rules point at, by formulas that stay on their own sheet."""

import pytest

from selfeval_xl.blueprint.build import build
from selfeval_xl.blueprint.identity import FINAL
from selfeval_xl.blueprint.model import Blueprint, Condition, Shape
from selfeval_xl.cells import Address, range_ref
from selfeval_xl.rules.printing import print_formula
from selfeval_xl.rules.tree import Block, references
from tests.support import small_report as small


@pytest.fixture(scope="module")
def blueprint() -> Blueprint:
    return build(small.form(), small.settings(), Shape(4), 2022)


def shown(blueprint: Blueprint, sheet: str) -> list[str]:
    return [
        f"{range_ref(one.area)} {print_formula(one.formula, sheet)}"
        for one in blueprint.sheet(sheet).conditions
    ]


def all_conditions(blueprint: Blueprint) -> list[tuple[str, Condition]]:
    return [(sheet.name, one) for sheet in blueprint.sheets.values() for one in sheet.conditions]


def test_no_condition_looks_at_another_sheet(blueprint: Blueprint) -> None:
    for sheet, condition in all_conditions(blueprint):
        for found in references(condition.formula):
            place = found.area if isinstance(found, Block) else found.address
            assert place.sheet == sheet, print_formula(condition.formula, sheet)


def test_text_among_the_amounts_is_one_condition_over_all_columns(blueprint: Blueprint) -> None:
    assert "C6:G9 COUNT(C6)+COUNTBLANK(C6)<1" in shown(blueprint, "收入")
    assert "D7:H10 COUNT(D7)+COUNTBLANK(D7)<1" in shown(blueprint, "支出")


def test_a_row_rule_paints_the_item_it_points_at_from_the_verdict_beside_it(blueprint: Blueprint) -> None:
    place = blueprint.places.tables["支出"]
    verdicts = blueprint.names["支出_核对_E01"]
    first = Address("", verdicts.top, verdicts.left)
    total = place.with_total("支出合计")
    assert f'{range_ref(total)} {str(first).split("!")[-1]}="不符"' in shown(blueprint, "支出")


def test_a_sum_that_is_wrong_paints_the_total_row(blueprint: Blueprint) -> None:
    total_row = blueprint.places.tables["收入"].total_row
    below = blueprint.names["收入_核对_I02"]
    assert f'B{total_row}:G{total_row} B{below.top}="不符"' in shown(blueprint, "收入")


def test_every_input_of_a_single_field_rule_has_a_condition(blueprint: Blueprint) -> None:
    painted = {
        (sheet, address.row, address.column)
        for sheet, one in all_conditions(blueprint)
        for address in one.area.addresses()
    }
    for instance in blueprint.instances:
        if instance.index is None and instance.rule.severity != "info":
            assert (instance.look.sheet, instance.look.row, instance.look.column) in painted, instance.rule.id


def test_a_blank_grade_that_is_only_a_hint_stays_as_it_is(blueprint: Blueprint) -> None:
    grade = blueprint.places.fields[("绩效自评", "评价等次")]
    cell = range_ref(blueprint.names["绩效自评_评价等次"])
    formulas = [one for one in shown(blueprint, grade.sheet) if one.startswith(f"{cell} ")]
    assert any(f"AND(LEN(TRIM({cell}))>0," in one for one in formulas)


def test_hints_and_the_finished_sheet_paint_nothing(blueprint: Blueprint) -> None:
    hints = blueprint.names["收入_核对_N05"]
    used = {
        (reference.address.sheet, reference.address.column)
        for _, one in all_conditions(blueprint)
        for reference in references(one.formula)
        if not isinstance(reference, Block)
    }
    assert (hints.sheet, hints.left) not in used
    final = build(small.form(), small.settings(), Shape(4), 2022, FINAL)
    assert all_conditions(final) == []
