"""The text twin: every change of a workbook changes it, and it stays small."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from msgspec.structs import replace

from selfeval_xl.blueprint.build import build
from selfeval_xl.blueprint.model import Blueprint, CellPlan, Condition, Shape, SheetPlan, Validation
from selfeval_xl.blueprint.twin import text_twin
from selfeval_xl.cells import Address, Area, Value, parse_ref
from selfeval_xl.form.library import find_form, settings_for
from selfeval_xl.rules.tree import Cell, Node, call, equal, minus, node, plus, times

SHEET = "表"


def blank(rows: int) -> Blueprint:
    form = find_form("linxiang-zhengti", 2022)
    return build(form, settings_for(form), Shape(rows=rows), 2022)


@pytest.fixture
def blueprint() -> Blueprint:
    """Return a blueprint that a test may change."""
    built = blank(5)
    sheets = {
        name: replace(
            sheet,
            cells=dict(sheet.cells),
            validations=list(sheet.validations),
            conditions=list(sheet.conditions),
        )
        for name, sheet in built.sheets.items()
    }
    return replace(built, sheets=sheets, names=dict(built.names), properties=dict(built.properties))


def first(sheet: SheetPlan, wanted: Callable[[CellPlan], bool]) -> tuple[int, int]:
    return next(spot for spot, plan in sorted(sheet.cells.items()) if wanted(plan))


def cell(ref: str, sheet: str = SHEET) -> Address:
    return Address(sheet, *parse_ref(ref))


def lines_for(cells: dict[str, CellPlan]) -> list[str]:
    """Return the lines of a sheet's cells."""
    built = blank(2)
    sheet = SheetPlan(SHEET, "form", cells={parse_ref(ref): plan for ref, plan in cells.items()})
    text = text_twin(replace(built, sheets={SHEET: sheet}, names={}, properties={}))
    return [line for line in text.splitlines() if re.match(r"[A-Z]+\d", line)]


def line_of(formula: Node) -> str:
    """Return how a formula in A1 is shown."""
    (line,) = lines_for({"A1": CellPlan("s", formula=formula)})
    return line.removeprefix("A1 s ")


def amounts(*refs: str) -> list[Node]:
    return [call("ROUND", call("N", cell(ref)), 2) for ref in refs]


def test_the_same_blueprint_gives_the_same_text(blueprint: Blueprint) -> None:
    assert text_twin(blueprint) == text_twin(blank(5))
    assert text_twin(blueprint).endswith("\n")


@pytest.mark.parametrize("rows", [5, 20, 60])
def test_the_blank_template_stays_small(rows: int) -> None:
    assert len(text_twin(blank(rows)).encode()) < 112 * 1024


def test_more_rows_make_no_more_lines() -> None:
    assert len(text_twin(blank(60)).splitlines()) == len(text_twin(blank(20)).splitlines())


def test_every_cell_is_in_one_line(blueprint: Blueprint) -> None:
    for sheet in blueprint.sheets.values():
        text = text_twin(replace(blueprint, sheets={sheet.name: sheet}, names={}))
        spots: list[tuple[int, int]] = []
        for line in text.splitlines():
            for word in line.split(" "):
                corners = re.fullmatch(r"([A-Z]+\d+)(?::([A-Z]+\d+))?", word)
                if corners is None:
                    break
                (top, left), (bottom, right) = parse_ref(corners[1]), parse_ref(corners[2] or corners[1])
                spots += [
                    (row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)
                ]
        assert sorted(spots) == sorted(sheet.cells)


# What changes it


def test_one_formula_changes_it(blueprint: Blueprint) -> None:
    before = text_twin(blueprint)
    cells = blueprint.sheet("收入").cells
    spot = max(spot for spot, plan in cells.items() if plan.style == "amount")
    cells[spot] = replace(cells[spot], formula=call("ROUND", node(1), 2))
    assert text_twin(blueprint) != before


def test_one_operand_in_the_middle_of_a_sum_changes_it(blueprint: Blueprint) -> None:
    before = text_twin(blueprint)
    cells = blueprint.sheet("收入").cells
    spot = first(blueprint.sheet("收入"), lambda plan: plan.style == "verdict.amount")
    operands = [call("ROUND", call("N", Address("收入", row, spot[1])), 2) for row in (6, 7, 9, 9, 10)]
    cells[spot] = replace(cells[spot], formula=plus(*operands))
    assert text_twin(blueprint) != before


@pytest.mark.parametrize("sheet", ["封面", "收入", "绩效自评", "校验"])
def test_one_lock_changes_it(blueprint: Blueprint, sheet: str) -> None:
    before = text_twin(blueprint)
    cells = blueprint.sheet(sheet).cells
    for spot in (min(cells), max(cells)):
        original = cells[spot]
        cells[spot] = replace(original, locked=not original.locked)
        assert text_twin(blueprint) != before
        cells[spot] = original


def test_one_label_changes_one_line(blueprint: Blueprint) -> None:
    before = text_twin(blueprint).splitlines()
    cells = blueprint.sheet("收入").cells
    spot = first(blueprint.sheet("收入"), lambda plan: plan.value == "其他收入")
    cells[spot] = replace(cells[spot], value="其它收入")
    after = text_twin(blueprint).splitlines()
    assert [new for old, new in zip(before, after, strict=True) if old != new] == ['G4 header "其它收入"']


@pytest.mark.parametrize("part", [{"style": "name"}, {"format": "0.000"}, {"value": Decimal(3)}])
def test_style_format_and_value_change_it(blueprint: Blueprint, part: dict[str, str]) -> None:
    before = text_twin(blueprint)
    cells = blueprint.sheet("固定资产").cells
    spot = first(blueprint.sheet("固定资产"), lambda plan: plan.style == "amount.input")
    cells[spot] = replace(cells[spot], **part)
    assert text_twin(blueprint) != before


@pytest.mark.parametrize(
    "part",
    [
        {"kind": "any"},
        {"prompt": "…"},
        {"error": "…"},
        {"title": "…"},
        {"choices": ("1",)},
        {"areas": (Area("收入", 6, 3, 9, 3),)},
    ],
)
def test_one_validation_changes_it(blueprint: Blueprint, part: dict[str, str]) -> None:
    before = text_twin(blueprint)
    validations = blueprint.sheet("收入").validations
    validations[0] = replace(validations[0], **part)
    assert text_twin(blueprint) != before


def test_one_conditional_format_changes_it(blueprint: Blueprint) -> None:
    before = text_twin(blueprint)
    area = Area("收入", 6, 3, 10, 3)
    blueprint.sheet("收入").conditions.append(Condition(area, "wrong", equal(Address("收入", 6, 3), 1)))
    new = set(text_twin(blueprint).splitlines()) - set(before.splitlines())
    assert new == {"条件格式 C6:C10 wrong =C6=1"}


def test_one_name_changes_it(blueprint: Blueprint) -> None:
    before = text_twin(blueprint)
    name = next(iter(blueprint.names))
    blueprint.names[name] = blueprint.names[name]._replace(bottom=99)
    changed = text_twin(blueprint)
    assert changed != before
    del blueprint.names[name]
    assert text_twin(blueprint) not in (before, changed)


@pytest.mark.parametrize(
    "change",
    [
        {"hidden": True},
        {"protected": False},
        {"landscape": False},
        {"freeze": None},
        {"repeat": (1, 2)},
        {"print_bottom": 5},
        {"print_columns": 2},
        {"merges": []},
        {"widths": {1: 30.0}},
        {"heights": {3: 12.5}},
        {"breaks": [9]},
    ],
)
def test_page_and_measures_change_it(blueprint: Blueprint, change: dict[str, object]) -> None:
    before = text_twin(blueprint)
    sheet = blueprint.sheet("收入")
    for name, value in change.items():
        setattr(sheet, name, value)
    assert text_twin(blueprint) != before


def test_a_property_changes_it(blueprint: Blueprint) -> None:
    before = text_twin(blueprint)
    blueprint.properties["version"] = "1.1"
    assert text_twin(blueprint) != before


# How cells and formulas are shortened


def test_cells_with_the_same_relative_formula_are_one_line() -> None:
    cells = {
        f"A{row}": CellPlan("s", formula=minus(cell(f"B{row}"), cell(f"C{row + 1}"))) for row in (1, 2, 3)
    }
    assert lines_for(cells) == ["A1:A3 s =B1-C2"]


def test_absolute_references_do_not_move_along() -> None:
    def formula(row: int, *, absolute: bool) -> Node:
        return minus(cell(f"B{row}"), Cell(cell("D9"), absolute))

    fixed = {f"A{row}": CellPlan("s", formula=formula(row, absolute=True)) for row in (1, 2)}
    assert lines_for(fixed) == ["A1:A2 s =B1-$D$9"]
    loose = {f"A{row}": CellPlan("s", formula=formula(row, absolute=False)) for row in (1, 2)}
    assert lines_for(loose) == ["A1 s =B1-D9", "A2 s =B2-D9"]


def test_the_same_place_on_another_sheet_is_another_formula() -> None:
    cells = {
        f"A{row}": CellPlan("s", formula=node(cell(f"B{row}", sheet)))
        for row, sheet in ((1, "甲"), (2, "乙"))
    }
    assert lines_for(cells) == ["A1 s =甲!B1", "A2 s =乙!B2"]


def test_cells_apart_that_look_alike_share_a_line() -> None:
    cells = {ref: CellPlan("s", "x") for ref in ("A1", "B1", "A2", "B2", "D4")}
    assert lines_for(cells) == ['A1:B2 D4 s "x"']


@pytest.mark.parametrize("value", [None, "", "1", Decimal(1), True, "TRUE", "=1"])
def test_no_two_kinds_of_value_look_the_same(value: Value) -> None:
    others = [None, "", "1", Decimal(1), True, "TRUE", "=1"]
    same = [
        other
        for other in others
        if lines_for({"A1": CellPlan("s", other)}) == lines_for({"A1": CellPlan("s", value)})
    ]
    assert same == [value]
    assert type(same[0]) is type(value)


def test_a_number_that_counts_rows_in_a_format_is_shown_first_and_last() -> None:
    counted = {f"A{row}": CellPlan("s", locked=False, format=f'"{row + 1}、"@') for row in range(1, 12)}
    assert lines_for(counted) == ['A1:A11 s 填写 格式 "2、"@…"12、"@']
    same = {f"A{row}": CellPlan("s", format='"2、"@') for row in range(1, 3)}
    assert len(lines_for(same)) == 2
    plain = {f"A{row}": CellPlan("s", format="0.00") for row in range(1, 12)}
    assert lines_for(plain) == ["A1:A11 s 格式 0.00"]


def test_a_long_run_shows_its_first_and_last_operand() -> None:
    assert line_of(plus(*amounts("B1", "B2", "B3", "B4"))) == "=ROUND(N(B1),2)+…+ROUND(N(B4),2)"
    assert line_of(call("AND", *amounts("B1", "C1", "D1", "E1"))) == "=AND(ROUND(N(B1),2),…,ROUND(N(E1),2))"


@pytest.mark.parametrize(
    "refs", [("B1", "B2", "B3"), ("B1", "B3", "B5", "B7"), ("B4", "B3", "B2", "B1"), ("B1", "C2", "D3", "E4")]
)
def test_what_is_short_or_irregular_is_written_out(refs: tuple[str, ...]) -> None:
    assert "…" not in line_of(plus(*amounts(*refs)))


def test_a_gap_ends_a_run() -> None:
    shown = line_of(plus(*(node(cell(f"B{row}")) for row in (1, 2, 3, 4, 6, 7, 8, 9))))
    assert shown == "=B1+…+B4+B6+…+B9"


def test_a_run_has_one_operator() -> None:
    run = [cell(f"B{row}") for row in range(2, 6)]
    assert line_of(minus(cell("B1"), *run)) == "=B1-B2-…-B5"
    assert line_of(plus(minus(cell("B1"), cell("B2"), cell("B3")), cell("B4"))) == "=B1-B2-B3+B4"


def test_in_a_run_references_stand_still_or_move_on_by_one() -> None:
    weighted = [times(cell("A9"), cell(f"B{row}")) for row in range(1, 6)]
    assert line_of(plus(*weighted)) == "=A9*B1+…+A9*B5"
    mixed = [*weighted[:3], times(cell("A10"), cell("B4")), times(cell("A11"), cell("B5"))]
    assert "…" not in line_of(plus(*mixed))
    blocks = [call("COUNT", Area(SHEET, 1, 2, row, 2)) for row in range(1, 6)]
    assert "…" not in line_of(plus(*blocks))


def test_a_run_inside_a_run_is_shortened_too() -> None:
    sums = [call("ROUND", plus(*(cell(f"{column}{row}") for column in "BCDE")), 2) for row in range(1, 5)]
    assert line_of(plus(*sums)) == "=ROUND(B1+…+E1,2)+…+ROUND(B4+…+E4,2)"


def test_neighbouring_validations_of_one_kind_are_one_line() -> None:
    built = blank(2)
    areas = [Area(SHEET, 1, column, 5, column) for column in (1, 2)]
    sheet = SheetPlan(
        SHEET, "form", validations=[Validation((area,), "score", prompt="提\n示") for area in areas]
    )
    lines = text_twin(replace(built, sheets={SHEET: sheet})).splitlines()
    assert '限制 A1:A5 B1:B5 score 提示 "提\\n示"' in lines
