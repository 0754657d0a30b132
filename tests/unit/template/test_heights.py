"""Row heights: as many lines as the text needs in its column, merged cells to the right counted in."""

import pytest

from selfeval_xl.blueprint.build import build
from selfeval_xl.blueprint.model import CellPlan, Shape, SheetPlan
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Area
from selfeval_xl.template.heights import MOST, TIGHT, count_lines, fitted_heights, is_crowded, shown_style
from tests.support import small_report as small

WIDTH = 32.0
"""Sixteen characters of eleven points: (32 x 7.8 - 6) / (11 x 4/3) = 16.6."""


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", 1),
        ("字" * 16, 1),
        ("字" * 17, 2),
        ("字" * 33, 2),
        ("字" * 34, 3),
        ("一\n二", 2),
        ("一\n\n二", 3),
        ("字" * 17 + "\n二", 3),
        ("a" * 30, 1),
        ("a" * 31, 2),
    ],
)
def test_text_is_counted_in_lines_of_its_column(text: str, lines: int) -> None:
    assert count_lines(text, WIDTH) == lines


def test_larger_type_needs_more_lines() -> None:
    assert count_lines("字" * 16, WIDTH, 22) == 2


def test_even_the_narrowest_column_holds_a_character_a_line() -> None:
    assert count_lines("字字字", 0.1) == 3


def heights(cells: dict[tuple[int, int], CellPlan], merges: tuple[Area, ...] = ()) -> dict[int, float]:
    sheet = SheetPlan("表", "form", cells=cells, merges=list(merges), widths={1: WIDTH, 2: WIDTH})
    sheet.heights[9] = 32.0
    built = build(small.form(), small.settings(), Shape(3), 2022)
    blueprint = type(built)(built.form, built.settings, built.shape, 2022, built.kind, {"表": sheet})
    return fitted_heights(sheet, Values(blueprint, {}))


LONG = "字" * 33


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        ({(1, 1): CellPlan("text", "短句")}, {}),
        ({(1, 1): CellPlan("text", LONG)}, {1: 2 * 11 * 1.45 + 2}),
        ({(1, 1): CellPlan("text", "短句"), (1, 2): CellPlan("text", LONG)}, {1: 2 * 11 * 1.45 + 2}),
        ({(1, 1): CellPlan("line.title", LONG)}, {1: 3 * 15 * 1.45 + 2}),
        ({(1, 1): CellPlan("line.cover", "短句")}, {1: 22 * 1.45}),
        ({(9, 1): CellPlan("text", LONG)}, {}),
        ({(1, 1): CellPlan("text", "字" * 5000)}, {1: MOST}),
        ({(1, 1): CellPlan("text", None)}, {}),
    ],
)
def test_a_row_is_as_high_as_its_longest_text(
    cells: dict[tuple[int, int], CellPlan], wanted: dict[int, float]
) -> None:
    assert heights(cells) == pytest.approx(wanted)


def test_a_text_merged_to_the_right_has_more_room() -> None:
    cells = {(1, 1): CellPlan("text", LONG), (1, 2): CellPlan("text")}
    assert heights(cells, (Area("表", 1, 1, 1, 2),)) == {}


def test_a_text_merged_downwards_makes_its_rows_higher_by_the_same() -> None:
    cells = {(1, 1): CellPlan("text", LONG), (2, 1): CellPlan("text")}
    assert heights(cells, (Area("表", 1, 1, 2, 1),)) == pytest.approx({1: 16.95, 2: 16.95})


def collection(rows: int) -> SheetPlan:
    cells = {(row, 1): CellPlan("name", LONG) for row in range(1, rows + 1)}
    return SheetPlan("表", "form", cells=cells, widths={1: WIDTH}, print_bottom=rows, is_collection=True)


def final_heights(sheet: SheetPlan) -> dict[int, float]:
    built = build(small.form(), small.settings(), Shape(3), 2022)
    blueprint = type(built)(built.form, built.settings, built.shape, 2022, built.kind, {"表": sheet})
    return fitted_heights(sheet, Values(blueprint, {}), final=True)


def test_a_name_that_wraps_once_it_is_final_has_room_for_its_lines() -> None:
    assert final_heights(collection(3))[2] == pytest.approx(2 * 11 * 1.45 + 2)


def test_a_name_in_a_crowded_table_is_made_smaller_and_its_row_stays_low() -> None:
    crowded = collection(101)
    assert is_crowded(crowded)
    assert shown_style(crowded, "name.input", final=True) == "name"
    assert final_heights(crowded).get(2, TIGHT) <= TIGHT + 1
