"""Rows that are made while they are written."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from decimal import Decimal as D
from pathlib import Path

import pytest

from selfeval_xl.blueprint.model import Blueprint, Body, CellPlan, Link, Row, Shape, SheetPlan
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Area, CellError, Value
from selfeval_xl.ooxml.read import read_book
from selfeval_xl.rules.tree import call
from selfeval_xl.template.write import write_workbook
from tests.support import office
from tests.support import small_report as small
from tests.support.package_checks import problems

ROWS = (
    Row(("001", "某局", D("212.78"), None), strong=True),
    Row((None, " 甲<中心>&\n乙_x0041_\x07 ", "六万", D("-0.10")), level=1),
    Row(("", "#N/A", D("1E+3"), "=1+1"), level=1),
    Row(("a", "长" * 200, D("0.00"), D(3))),
)


def sheet(rows: Iterable[Row] = ROWS) -> Blueprint:
    """A sheet with a title, rows that are made, a total below them and one above."""
    made = list(rows)
    blueprint = Blueprint(small.form(), small.settings(), Shape(0), 2022, "summary")
    plan = blueprint.sheets["表"] = SheetPlan("表", "summary", protected=False, print_columns=4)
    plan.widths = {1: 10.0, 2: 30.0, 3: 13.0, 4: 13.0}
    plan.put(1, 1, CellPlan("line.title", "标题"))
    plan.put(2, 3, CellPlan("amount.total", formula=call("SUM", Area("表", 3, 3, 2 + len(made), 3))))
    styles = ("check.text", "check.text", "amount", "amount")
    strong = ("name.total", "name.total", "amount.total", "amount.total")
    plan.body = Body(3, len(made), lambda: made, styles, strong, (False, False, True, True), depth=1)
    plan.print_bottom = 2 + len(made)
    plan.put(4 + len(made), 1, CellPlan("caption", "下面的签字"))
    return blueprint


@pytest.fixture
def path(tmp_path: Path) -> Path:
    blueprint = sheet()
    total = small.at("表!C2")
    write_workbook(blueprint, Values(blueprint, {}, {total: D("1212.78")}), tmp_path / "a.xlsx")
    return tmp_path / "a.xlsx"


def test_every_value_is_read_back_where_it_stands(path: Path) -> None:
    values = read_book(path).sheets["表"].values
    assert values[1, 1] == "标题"
    assert values[2, 3] == D("1212.78")
    assert values[8, 1] == "下面的签字"
    for number, row in enumerate(ROWS, start=3):
        shown = [values.get((number, column)) for column in (1, 2, 3, 4)]
        assert shown == [value or (None if value != D(0) else D(0)) for value in row.values]


def test_the_package_is_sound_and_the_same_each_time(path: Path, tmp_path: Path) -> None:
    assert problems(path) == []
    blueprint = sheet()
    write_workbook(blueprint, Values(blueprint, {}, {small.at("表!C2"): D("1212.78")}), tmp_path / "b.xlsx")
    assert path.read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_rows_fold_and_are_as_high_as_their_texts_need(path: Path) -> None:
    opened = office.load_workbook(path)["表"]
    levels = [opened.row_dimensions[row].outlineLevel for row in range(3, 7)]
    assert levels == [0, 1, 1, 0]
    assert opened.sheet_format.outlineLevelRow == 1
    heights = [opened.row_dimensions[row].height for row in range(3, 7)]
    assert heights[0] is None
    assert heights[3] > 100
    assert opened["A3"].font.bold
    assert not opened["A4"].font.bold
    assert opened["A3"].number_format == "@"
    assert opened["C4"].number_format == opened["C3"].number_format


def test_a_sheet_without_rows_is_only_its_cells(tmp_path: Path) -> None:
    blueprint = sheet([])
    blueprint.sheet("表").body = None
    write_workbook(blueprint, Values(blueprint, {}, {small.at("表!C2"): ""}), tmp_path / "a.xlsx")
    assert read_book(tmp_path / "a.xlsx").sheets["表"].values[4, 1] == "下面的签字"


def test_every_kind_of_value_is_stored_as_what_it_is(tmp_path: Path) -> None:
    """A result that is the text #N/A is no error, one of nothing is a text, a whole number has no point."""
    results: list[Value] = [
        D("0.58"),
        D("12.00"),
        True,
        False,
        CellError.NA,
        "#N/A",
        "",
        'a<b&"c"',
        D("-1E+15"),
    ]
    blueprint = Blueprint(small.form(), small.settings(), Shape(0), 2022, "summary")
    plan = blueprint.sheets["表"] = SheetPlan("表", "summary", protected=False, print_columns=3)
    formula = call("IF", Area("表", 1, 1, 1, 1), "x<y", "&")
    for row, _ in enumerate(results, start=1):
        plan.put(row, 1, CellPlan("check", formula=formula))
        plan.put(row, 2, CellPlan("check", None))
    for row, value in enumerate(results[:4], start=1):
        plan.put(row, 3, CellPlan("check", value))
    stated = {small.at(f"表!A{row}"): value for row, value in enumerate(results, start=1)}
    write_workbook(blueprint, Values(blueprint, {}, stated), tmp_path / "a.xlsx")
    found = read_book(tmp_path / "a.xlsx").sheets["表"]
    assert [found.values.get((row, 1)) for row in range(1, 10)] == results
    assert [type(found.values.get((row, 1))) for row in range(1, 10)] == [type(value) for value in results]
    assert [found.values.get((row, 3)) for row in range(1, 5)] == results[:4]
    assert set(found.formulas.values()) == {'IF(A1,"x<y","&")'}
    assert problems(tmp_path / "a.xlsx") == []
    text = zipfile.ZipFile(tmp_path / "a.xlsx").read("xl/worksheets/sheet1.xml").decode()
    assert "<v>12</v>" in text


def test_heights_set_by_hand_are_kept_and_fitted_ones_are_not_fixed(tmp_path: Path) -> None:
    blueprint = Blueprint(small.form(), small.settings(), Shape(0), 2022, "summary")
    plan = blueprint.sheets["表"] = SheetPlan("表", "summary", protected=False, print_columns=1)
    plan.widths, plan.heights = {1: 10.0}, {1: 30.0, 5: 9.0}
    plan.put(1, 1, CellPlan("check.text", "标题"))
    plan.put(2, 1, CellPlan("check.text", "长" * 60))
    plan.put(3, 1, CellPlan("check.text", "短"))
    write_workbook(blueprint, Values(blueprint, {}), tmp_path / "a.xlsx")
    text = zipfile.ZipFile(tmp_path / "a.xlsx").read("xl/worksheets/sheet1.xml").decode()
    assert '<row r="1" ht="30" customHeight="1">' in text
    assert re.search('<row r="2" ht="[0-9.]+">', text)
    assert '<row r="3">' in text
    assert '<row r="5" ht="9" customHeight="1"></row>' in text


def test_a_link_is_a_formula_that_shows_its_text(tmp_path: Path) -> None:
    link = Link('a"b.xlsx', "收到/a.xlsx#收入!B6")
    blueprint = sheet([Row((link, None, None, None))])
    blueprint.sheets["表"].put(1, 2, CellPlan("check.link", link))
    write_workbook(blueprint, Values(blueprint, {}), tmp_path / "a.xlsx")
    assert problems(tmp_path / "a.xlsx") == []
    book = read_book(tmp_path / "a.xlsx").sheets["表"]
    for place in ((3, 1), (1, 2)):
        assert book.values[place] == 'a"b.xlsx'
        assert book.formulas[place] == 'HYPERLINK("收到/a.xlsx#收入!B6","a""b.xlsx")'
