"""Reading a workbook: values, formulas and dialects."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.formula.translate import Translator
from python_calamine import CalamineWorkbook

from selfeval_xl.cells import CellError, Value, column_letters, parse_ref
from selfeval_xl.ooxml.book import Book, Sheet
from selfeval_xl.ooxml.read import read_book
from tests.support.cells import Cell, cell, cells
from tests.unit.ooxml.parts import (
    MAIN,
    OFFICE,
    STRICT_MAIN,
    STRICT_OFFICE,
    relations,
    workbook,
    workbook_parts,
    zipped,
)


def cell_of(inner: str, *, strings: str = "", settings: str = "") -> Cell | None:
    rows = f'<row r="1">{inner}</row>'
    sheet = read_book(workbook(rows, strings=strings, settings=settings)).sheets["收支表"]
    return cells(sheet).get((1, 1))


def sheet_of(rows: str, **around: str) -> Sheet:
    return read_book(workbook(rows, **around)).sheets["收支表"]


@pytest.mark.parametrize(
    ("inner", "value"),
    [
        ('<c r="A1"><v>0.57999999999999996</v></c>', Decimal("0.58")),
        ('<c r="A1" t="n"><v>-12.50</v></c>', Decimal("-12.5")),
        ('<c r="A1"><v>1E3</v></c>', Decimal(1000)),
        ('<c r="A1"><v>-0</v></c>', Decimal(0)),
        ('<c r="A1"><v>\n 7 \n</v></c>', Decimal(7)),
        ('<c r="A1"><v>1e+300</v></c>', Decimal("1e300")),
        ('<c r="A1" t="b"><v>1</v></c>', True),
        ('<c r="A1" t="b"><v>0</v></c>', False),
        ('<c r="A1" t="e"><v>#DIV/0!</v></c>', CellError.DIV0),
        ('<c r="A1" t="e"><v>#SPILL!</v></c>', CellError.VALUE),
        ('<c r="A1" t="str"><v>文字</v></c>', "文字"),
        ('<c r="A1" t="inlineStr"><is><t>局机关</t></is></c>', "局机关"),
        ('<c r="A1" t="d"><v>2024-05-01</v></c>', Decimal(45413)),
        ('<c r="A1" t="d"><v>2024-05-01T12:00:00</v></c>', Decimal("45413.5")),
        ('<c r="A1" t="d"><v>06:00:00</v></c>', Decimal("0.25")),
        ('<c r="A1" t="d"><v>1900-02-28</v></c>', Decimal(59)),
    ],
)
def test_each_stored_type_is_read(inner: str, value: Value) -> None:
    assert cell_of(inner) == Cell(value, None)
    assert type(cell_of(inner).value) is type(value)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("<t>财政拨款</t>", "财政拨款"),
        ("<r><t>财政</t></r><r><rPr><b/></rPr><t xml:space='preserve'> 拨款</t></r>", "财政 拨款"),
        ("<t>課</t><rPh sb='0' eb='1'><t>カ</t></rPh><phoneticPr fontId='1'/>", "課"),
        ("<t>一_x000D_\n二&#13;\n三</t>", "一\n二\n三"),
        ("<t>_x005F_x0041_ 与 _x0041_</t>", "_x0041_ 与 A"),
        ("<t>_xD83D__xDE00_</t>", "😀"),
        ("<t>_xD83D_</t>", "�"),
        ("<r><t>_x00</t></r><r><t>41_</t></r>", "_x0041_"),
        ("<t>a &lt; b &amp; c</t>", "a < b & c"),
    ],
)
def test_shared_strings_are_the_text_a_clerk_sees(item: str, text: str) -> None:
    found = cell_of('<c r="A1" t="s"><v>0</v></c>', strings=f"<si>{item}</si>")
    assert found == Cell(text, None)


@pytest.mark.parametrize(
    ("inner", "found"),
    [
        ('<c r="A1"><f>B1</f></c>', Cell(None, "B1")),
        ('<c r="A1"><f>B1</f><v></v></c>', Cell(None, "B1")),
        ('<c r="A1"><f>B1</f><v/></c>', Cell(None, "B1")),
        ('<c r="A1" t="str"><f>B1</f><v></v></c>', Cell("", "B1")),
        ('<c r="A1" t="str"><f>B1</f></c>', Cell(None, "B1")),
        ('<c r="A1" t="b"><f>B1&gt;0</f><v>1</v></c>', Cell(True, "B1>0")),
        ('<c r="A1"><f>=B1</f><v>2</v></c>', Cell(Decimal(2), "B1")),
        (
            '<c r="A1"><f t="array" ref="A1:A2">SUM(B1:B2*C1:C2)</f><v>2</v></c>',
            Cell(Decimal(2), "SUM(B1:B2*C1:C2)"),
        ),
        ('<c r="A1" s="3"/>', None),
        ('<c r="A1" t="s"><v>0</v></c>', None),
        ('<c r="A1" t="inlineStr"><is><t></t></is></c>', None),
        ('<c r="A1"><f/><v>3</v></c>', Cell(Decimal(3), None)),
    ],
)
def test_a_formula_is_kept_apart_from_its_value(inner: str, found: Cell | None) -> None:
    assert cell_of(inner, strings="<si><t/></si>") == found


def test_dates_count_from_1904_where_the_workbook_says_so() -> None:
    found = cell_of('<c r="A1" t="d"><v>1904-01-02</v></c>', settings='<workbookPr date1904="1"/>')
    assert found == Cell(Decimal(1), None)


def test_rows_and_cells_without_references_follow_each_other() -> None:
    sheet = sheet_of(
        "<row/><row><c/><c><v>2</v></c></row><row r='5'><c r='C5'><v>3</v></c><c><v>4</v></c></row>"
    )
    assert sheet.values == {(2, 2): 2, (5, 3): 3, (5, 4): 4}


def test_a_shared_formula_reads_in_each_cell_as_excel_shows_it() -> None:
    formula = "SUM($A1:B$2)+'A1 表'!C3*LOG10(D4)&amp;\"A1\"+收入A1+Table1[A1]+A:B+$3:4+S1!$E$5"
    sheet = sheet_of(
        f'<row r="1"><c r="F1"><f t="shared" ref="F1:G3" si="0">{formula}</f><v>1</v></c>'
        '<c r="G1"><f t="shared" si="0"/><v>1</v></c></row>'
        '<row r="3"><c r="G3"><f t="shared" si="0"/><v>1</v></c></row>'
    )
    assert sheet.formulas[1, 7] == (
        "SUM($A1:C$2)+'A1 表'!D3*LOG10(E4)&\"A1\"+收入A1+Table1[A1]+B:C+$3:4+S1!$E$5"
    )
    assert sheet.formulas[3, 7] == (
        "SUM($A3:C$2)+'A1 表'!D5*LOG10(E6)&\"A1\"+收入A1+Table1[A1]+B:C+$3:6+S1!$E$5"
    )


@pytest.mark.parametrize(
    "formula",
    ["ROUND(SUM(B2:B9)-收支表!$C2,2)=0", "IF(A2<>\"\",INDEX(名单,ROW()-1),D$1&'表 1'!E2)", "-A2%^2+1.5E3"],
)
def test_shared_formulas_move_as_openpyxl_moves_them(formula: str) -> None:
    escaped = formula.replace("<", "&lt;").replace(">", "&gt;").replace("&'", "&amp;'")
    sheet = sheet_of(
        f'<row r="2"><c r="F2"><f t="shared" ref="F2:H7" si="3">{escaped}</f></c></row>'
        '<row r="7"><c r="H7"><f t="shared" si="3"/></c></row>'
    )
    assert "=" + sheet.formulas[7, 8] == Translator("=" + formula, "F2").translate_formula("H7")


def test_an_address_moved_off_the_sheet_is_a_reference_error() -> None:
    sheet = sheet_of(
        '<row r="2"><c r="B2"><f t="shared" ref="A1:B2" si="0">A1+1</f></c></row>'
        '<row r="3"><c r="A3"><f t="shared" si="0"/></c></row>'
    )
    assert sheet.formulas[3, 1] == "#REF!+1"


def test_what_stands_beside_the_cells_is_read() -> None:
    sheet = sheet_of(
        '<row r="1"/><row r="2" hidden="1"><c r="A2"><v>1</v></c></row><row r="3" hidden="0"/>',
        before='<cols><col min="2" max="4" hidden="1"/><col min="6" max="6" hidden="0"/></cols>',
        after='<sheetProtection sheet="1" algorithmName="SHA-512"/>'
        '<mergeCells count="1"><mergeCell ref="A1:C1"/></mergeCells>',
    )
    assert sheet.hidden_rows == {2}
    assert sheet.hidden_columns == {2, 3, 4}
    assert sheet.merges == {"A1:C1"}
    assert sheet.protected
    assert not sheet_of("", after='<sheetProtection sheet="0"/>').protected


def test_names_of_workbook_scope_are_read_and_names_of_a_sheet_are_not() -> None:
    names = (
        "<definedNames><definedName name='收入合计'>收支表!$B$9</definedName>"
        "<definedName name='_xlnm.Print_Area' localSheetId='0'>收支表!$A$1</definedName></definedNames>"
    )
    assert read_book(workbook(settings=names)).names == {"收入合计": "收支表!$B$9"}


def test_the_strict_dialect_reads_as_the_usual_one() -> None:
    parts = workbook_parts('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', strings="<si><t>一</t></si>")
    strict = {
        name: str(text).replace(MAIN, STRICT_MAIN).replace(OFFICE, STRICT_OFFICE)
        for name, text in parts.items()
    }
    assert read_book(zipped(strict)).shown() == read_book(zipped(parts)).shown()


def test_a_prefixed_namespace_a_byte_order_mark_and_utf_16_read_as_the_usual_dialect() -> None:
    parts = workbook_parts('<row r="1"><c r="A1" t="str"><v>一</v></c></row>')
    usual = read_book(zipped(parts)).shown()
    path = "xl/worksheets/sheet1.xml"
    text = str(parts[path])
    prefixed = (
        text.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:").replace("xmlns=", "xmlns:x=")
    )
    declared = '<?xml version="1.0" encoding="{}"?>\r\n' + text
    for content in (
        prefixed.encode(),
        b"\xef\xbb\xbf" + declared.format("UTF-8").encode(),
        declared.format("UTF-16").encode("utf-16"),
    ):
        assert read_book(zipped(parts | {path: content})).shown() == usual


def test_parts_are_found_by_relative_absolute_escaped_and_differently_written_targets() -> None:
    parts = workbook_parts('<row r="1"><c r="A1"><v>1</v></c></row>')
    usual = read_book(zipped(parts)).shown()
    sheet = parts.pop("xl/worksheets/sheet1.xml")
    for name, target in [
        ("xl/worksheets/Sheet1.XML", "worksheets/sheet1.xml"),
        ("xl/表/表1.xml", "%E8%A1%A8/%E8%A1%A81.xml"),
        ("other/a.xml", "../other/a.xml"),
        ("xl/worksheets/sheet1.xml", r"\xl\worksheets\sheet1.xml"),
    ]:
        links = relations(("worksheet", target))
        assert read_book(zipped(parts | {name: sheet, "xl/_rels/workbook.xml.rels": links})).shown() == usual


def test_a_sheet_that_is_a_chart_stays_empty_and_keeps_its_place() -> None:
    parts = workbook_parts()
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="图" r:id="rId2"/>'
        '<sheet name="表" state="veryHidden" r:id="rId1"/></sheets></workbook>'
    )
    parts["xl/_rels/workbook.xml.rels"] = relations(
        ("worksheet", "worksheets/sheet1.xml"), ("chartsheet", "chartsheets/sheet1.xml")
    )
    book = read_book(zipped(parts))
    assert [(sheet.name, sheet.state) for sheet in book.sheets.values()] == [
        ("图", "visible"),
        ("表", "veryHidden"),
    ]


def test_macros_and_links_to_other_workbooks_are_noticed() -> None:
    plain = read_book(workbook())
    assert not plain.has_macros
    assert not plain.external_links
    parts = workbook_parts()
    parts["xl/_rels/workbook.xml.rels"] = relations(
        ("worksheet", "worksheets/sheet1.xml"), ("vbaProject", "vbaProject.bin"), ("externalLink", "e.xml")
    )
    book = read_book(zipped(parts))
    assert book.has_macros
    assert book.external_links
    assert read_book(zipped(workbook_parts() | {"xl/vbaProject.bin": b"x"})).has_macros


def generated_workbook(path: Path) -> None:
    """Write the kinds of cells that a form has, through XlsxWriter."""
    workbook = xlsxwriter.Workbook(str(path))
    rich, bold = workbook.add_worksheet("收支表"), workbook.add_format({"bold": True})
    for row in range(40):
        rich.write(row, 0, f"项目{row} <&> \n 说明")
        rich.write(row, 1, row * 0.1 + 0.07)
        rich.write_formula(row, 2, f"=ROUND(B{row + 1}*2,2)", None, round(row * 0.2 + 0.14, 2))
        rich.write_formula(row, 3, f'=IF(B{row + 1}>0,"","缺")', None, "")  # an empty v without a type
        rich.write_boolean(row, 4, row % 2 == 0)
        rich.write_blank(row, 5, None, bold)
    rich.write_rich_string(41, 0, "财政", bold, "拨款")
    rich.write_formula(41, 1, "=1/0", None, "#DIV/0!")
    rich.write_datetime(41, 2, date(2024, 5, 1))
    rich.merge_range("A45:C45", "合并")
    rich.protect("密码")
    rich.set_column("H:I", None, None, {"hidden": True})
    rich.set_row(50, None, None, {"hidden": True})
    workbook.add_worksheet("附 表").hide()
    workbook.define_name("收入合计", "=收支表!$B$9")
    workbook.set_custom_property("form", "自评")
    workbook.set_custom_property("rows", 12)
    workbook.set_custom_property("done", True)
    workbook.close()


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("books") / "自评表.xlsx"
    generated_workbook(path)
    return path


def as_decimal_text(value: object) -> object:
    return (
        Decimal(format(value, ".15g"))
        if isinstance(value, int | float) and not isinstance(value, bool)
        else value
    )


def test_a_generated_workbook_reads_as_openpyxl_reads_it(generated: Path) -> None:
    book = read_book(generated)
    values, formulas = openpyxl.load_workbook(generated, data_only=True), openpyxl.load_workbook(generated)
    assert list(book.sheets) == values.sheetnames
    for name, sheet in book.sheets.items():
        ours = sheet.values
        theirs = {
            (cell.row, cell.column): as_decimal_text(cell.value)
            for row in values[name].iter_rows()
            for cell in row
            if cell.value is not None
        }
        assert ours == theirs
        assert {place: f"={formula}" for place, formula in sheet.formulas.items()} == {
            (cell.row, cell.column): cell.value
            for row in formulas[name].iter_rows()
            for cell in row
            if cell.data_type == "f"
        }


def test_a_generated_workbook_reads_as_calamine_reads_it(generated: Path) -> None:
    book = read_book(generated)
    theirs = CalamineWorkbook.from_path(generated)
    grid = theirs.get_sheet_by_name("收支表").to_python(skip_empty_area=False)
    sheet = book.sheets["收支表"]
    for row, line in enumerate(grid, 1):
        for column, value in enumerate(line, 1):
            ours = cell(sheet, (row, column)).value
            if not isinstance(value, date) and not isinstance(ours, CellError):
                assert (ours if ours is not None else "") == as_decimal_text(value)


def test_the_surroundings_of_a_generated_workbook_are_read(generated: Path) -> None:
    book = read_book(generated.read_bytes())
    sheet = book.sheets["收支表"]
    assert sheet.protected
    assert sheet.merges == {"A45:C45"}
    assert sheet.hidden_columns == {8, 9}
    assert sheet.hidden_rows == {51}
    assert book.sheets["附 表"].state == "hidden"
    assert book.names == {"收入合计": "收支表!$B$9"}
    assert book.properties == {"form": "自评", "rows": "12", "done": "true"}


def test_a_workbook_saved_by_openpyxl_has_formulas_without_values() -> None:
    workbook = openpyxl.Workbook()
    workbook.active["B2"] = "=SUM(A1:A2)"
    workbook.active["B3"] = Decimal("3.70")
    stream = BytesIO()
    workbook.save(stream)
    assert cells(read_book(stream.getvalue()).sheets["Sheet"]) == {
        parse_ref("B2"): Cell(None, "SUM(A1:A2)"),
        parse_ref("B3"): Cell(Decimal("3.7"), None),
    }


def test_reading_the_same_bytes_twice_gives_the_same_book(generated: Path) -> None:
    first: Book = read_book(generated)
    assert first.shown() == read_book(generated).shown()
    assert column_letters(max(column for _, column in first.sheets["收支表"].values)) == "E"
