"""Cells of somebody's workbook are changed, and not a byte elsewhere."""

import io
import zipfile
from decimal import Decimal as D

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from selfeval_xl.ooxml.patch import CellCalculated, patched_sheet, with_cells
from selfeval_xl.ooxml.read import read_book


def book() -> bytes:
    """A workbook as a person keeps it: colours, a comment, a formula, a second sheet, a gap."""
    made = Workbook()
    sheet = made.active
    sheet.title = "表"
    for row in (["甲", "乙", None, "丁"], ["a", 1, None, "x"], ["b", 2, None, "=B2+B3"]):
        sheet.append(row)
    sheet["A3"].fill = PatternFill("solid", fgColor="FFFF0000")
    sheet["D2"].comment = Comment("问过了", "某")
    sheet["D2"].number_format = "0.000"
    made.create_sheet("别的")["B2"] = "不动"
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


BOOK = book()


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_only_the_sheet_of_the_changed_cells_is_another() -> None:
    before, after = parts(BOOK), parts(with_cells(BOOK, "表", {(2, 2): D("7.5")}))
    assert list(before) == list(after)
    assert [name for name in before if before[name] != after[name]] == ["xl/worksheets/sheet1.xml"]


def test_cells_are_changed_added_and_made_blank_and_the_others_stay() -> None:
    changes = {(2, 1): "甲<乙>&“丙” ", (2, 3): "新", (3, 2): None, (5, 2): D(9), (5, 4): "尾"}
    after = read_book(with_cells(BOOK, "表", changes))
    before = read_book(BOOK)
    wanted = before.sheets["表"].values | changes
    del wanted[3, 2]
    assert after.sheets["表"].values == wanted
    assert after.sheets["表"].formulas == before.sheets["表"].formulas
    assert after.sheets["表"].comments == before.sheets["表"].comments
    assert after.sheets["别的"] == before.sheets["别的"]


def test_a_changed_cell_keeps_its_looks_and_a_row_below_looks_like_the_last() -> None:
    content = with_cells(BOOK, "表", {(2, 4): D(3), (3, 1): "c", (4, 2): "n"})
    sheet = load_workbook(io.BytesIO(content))["表"]
    assert sheet["D2"].number_format == "0.000"
    assert sheet["D2"].comment.text == "问过了"
    assert [sheet[cell].fill.fgColor.rgb for cell in ("A3", "A4")] == ["FFFF0000"] * 2
    assert sheet["A4"].value is None
    assert sheet.dimensions == "A1:D4"


def test_a_formula_is_not_written_over() -> None:
    with pytest.raises(CellCalculated) as caught:
        with_cells(BOOK, "表", {(3, 4): "x"})
    assert (caught.value.place, str(caught.value)) == ((3, 4), "D3")


@pytest.mark.parametrize(
    ("xml", "cells", "wanted"),
    [
        (
            b'<x:worksheet><x:sheetData><x:row r="1" spans="1:2"><x:c r="A1" s="2"/></x:row></x:sheetData></x:worksheet>',
            {(1, 1): "t"},
            b'<x:worksheet><x:sheetData><x:row r="1"><x:c r="A1" s="2" t="inlineStr"><x:is><x:t xml:space="preserve">t</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>',
        ),
        (
            b"<w><sheetData><row><c><v>1</v></c><c><v>2</v></c></row><row/></sheetData></w>",
            {(1, 2): D(5), (2, 1): D(6)},
            b'<w><sheetData><row><c><v>1</v></c><c r="B1"><v>5</v></c></row><row><c r="A2"><v>6</v></c></row></sheetData></w>',
        ),
        (
            b'<w><dimension ref="B2"/><sheetData/></w>',
            {(3, 1): D(1)},
            b'<w><dimension ref="A2:B3"/><sheetData><row r="3"><c r="A3"><v>1</v></c></row></sheetData></w>',
        ),
    ],
    ids=["with prefixes", "without references", "without rows"],
)
def test_sheets_of_other_programs_are_patched(
    xml: bytes, cells: dict[tuple[int, int], D | str], wanted: bytes
) -> None:
    assert patched_sheet(xml, cells) == wanted


def test_characters_that_no_workbook_can_hold_are_left_out() -> None:
    content = with_cells(BOOK, "表", {(2, 1): "a\x00b\x1fc"})
    assert read_book(content).sheets["表"].values[2, 1] == "abc"
