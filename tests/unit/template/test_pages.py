"""Where pages end: what belongs together stays on one, the rest is left to the program or set."""

from selfeval_xl.blueprint.model import SheetPlan
from selfeval_xl.cells import Area
from selfeval_xl.template.pages import page_breaks, parts_on_pages

ROW = 100.0
HEIGHTS = dict.fromkeys(range(1, 21), ROW)
"""A page holds six of these rows: (842 - 115) x 0.96 / 100 = 6.98."""


def sheet(*keep: tuple[int, int], rows: int = 20, repeat: tuple[int, int] | None = None) -> SheetPlan:
    return SheetPlan(
        "表", "form", widths={1: 60.0}, print_columns=1, print_bottom=rows, keep=list(keep), repeat=repeat
    )


def test_nothing_to_keep_whole_sets_no_break_while_it_is_filled_in() -> None:
    assert page_breaks(sheet(), HEIGHTS, final=False) == []


def test_every_page_of_a_finished_sheet_is_set() -> None:
    assert page_breaks(sheet(), HEIGHTS, final=True) == [6, 12, 18]


def test_a_run_that_would_be_cut_begins_a_page() -> None:
    assert page_breaks(sheet((5, 8)), HEIGHTS, final=False) == [4]


def test_a_run_that_fits_stays_where_it_is() -> None:
    assert page_breaks(sheet((4, 6)), HEIGHTS, final=False) == []


def test_a_run_longer_than_a_page_is_cut_like_anything_else() -> None:
    assert page_breaks(sheet((3, 15)), HEIGHTS, final=False) == []
    assert page_breaks(sheet((3, 15)), HEIGHTS, final=True) == [2, 8, 14]


def test_repeated_rows_take_room_on_every_page() -> None:
    assert page_breaks(sheet(repeat=(1, 2)), HEIGHTS, final=True)[:2] == [4, 8]


def test_a_sheet_wider_than_the_page_is_printed_smaller_and_holds_more() -> None:
    wide = sheet()
    wide.widths[1] = 170.0
    assert page_breaks(wide, HEIGHTS, final=True) == [14]


def test_breaks_of_the_blueprint_stay() -> None:
    plan = sheet()
    plan.breaks = [3]
    assert page_breaks(plan, HEIGHTS, final=False) == [3]


def test_a_merged_area_is_cut_where_a_page_ends() -> None:
    area = Area("表", 3, 1, 9, 2)
    assert parts_on_pages(area, {2, 9}) == [area]
    parts = [(part.top, part.bottom) for part in parts_on_pages(area, {5, 3, 12})]
    assert parts == [(3, 3), (4, 5), (6, 9)]
