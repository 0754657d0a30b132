"""The checks of written packages: a good file passes, and each way to break it is found and named."""

import base64
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from tests.support.formula_checks import formula_problems, is_legal_name
from tests.support.package_checks import problems

SHEET = "xl/worksheets/sheet1.xml"
BOOK = "xl/workbook.xml"
STYLES = "xl/styles.xml"
Parts = dict[str, bytes]


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A workbook with something of each kind that the checks look at."""
    path = tmp_path / "好.xlsx"
    with xlsxwriter.Workbook(path) as book:
        amount = book.add_format({"num_format": '0.00"万元";[Red]-0.00', "locked": False})
        red = book.add_format({"bg_color": "#FFC7CE"})
        sheet, other = book.add_worksheet("收入"), book.add_worksheet("填表 说明")
        sheet.set_column("A:A", 20)
        sheet.set_column("B:C", 12)
        sheet.set_row(0, 30)
        sheet.merge_range("A1:C1", "一、收入")
        sheet.merge_range("A2:A3", "局机关")
        sheet.write_number("B2", 212.29, amount)
        sheet.write_formula("B3", "=ROUND(SUM(B2:B2),2)", amount, 212.29)
        sheet.write_formula("C3", '=IF(收入_合计>0,"通过","不符")', None, "通过")
        sheet.write_boolean("C2", True)
        sheet.data_validation(
            "B2", {"validate": "decimal", "criteria": ">=", "value": 0, "input_message": "万元"}
        )
        sheet.data_validation("C5", {"validate": "list", "source": ["优", "良", "中", "差"]})
        for criteria in ("=$B$2<0", '=$B$3=""'):
            sheet.conditional_format("B2:B3", {"type": "formula", "criteria": criteria, "format": red})
        sheet.write_url("A5", "internal:'填表 说明'!A1", string="说明")
        sheet.write_comment("B2", "批注")
        sheet.protect("x")
        sheet.set_footer("&C第 &P 页")
        sheet.set_h_pagebreaks([10])
        sheet.print_area("A1:C5")
        sheet.autofilter("A4:C5")
        other.write("A1", "说明")
        book.define_name("收入_合计", "=收入!$B$3")
        book.set_custom_property("kind", "填报")
    return path


def rewritten(good: Path, change: Callable[[Parts], None]) -> Path:
    """Give the package once more with its parts changed."""
    with zipfile.ZipFile(good) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    path = good.with_name("坏.xlsx")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def with_text(good: Path, part: str, old: str, new: str) -> Path:
    """Give the package with one text of one part replaced, which must be there."""

    def change(parts: Parts) -> None:
        text = parts[part].decode()
        assert old in text, f"{old!r} is not in {part}: the case would prove nothing"
        parts[part] = text.replace(old, new, 1).encode()

    return rewritten(good, change)


def test_good_workbook_has_no_problems(good: Path) -> None:
    assert problems(good) == []


def test_rewriting_alone_breaks_nothing(good: Path) -> None:
    assert problems(rewritten(good, lambda _: None)) == []


CASES = {
    # The package
    "malformed sheet": (SHEET, "</sheetData>", "", "not well-formed"),
    "document type": (
        SHEET,
        "<worksheet ",
        "<!DOCTYPE worksheet><worksheet ",
        "a document type is not allowed",
    ),
    "relationship to nowhere": (
        "xl/_rels/workbook.xml.rels",
        "worksheets/sheet2.xml",
        "worksheets/sheet9.xml",
        "leads to xl/worksheets/sheet9.xml, which does not exist",
    ),
    "relationship id twice": (
        "xl/_rels/workbook.xml.rels",
        'Id="rId2"',
        'Id="rId1"',
        "relationship id rId1 twice",
    ),
    "unknown relationship id": (
        SHEET,
        '<legacyDrawing r:id="rId',
        '<legacyDrawing r:id="rId9',
        "unknown here",
    ),
    "part without content type": (
        "[Content_Types].xml",
        '<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>',
        "",
        "vmlDrawing1.vml: no content type",
    ),
    "content type without part": (
        "[Content_Types].xml",
        "/xl/worksheets/sheet2.xml",
        "/xl/worksheets/sheet9.xml",
        "sheet9.xml is declared and does not exist",
    ),
    "macro content type without macros": (
        "[Content_Types].xml",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        "does not go with the ending .xlsx",
    ),
    "custom property number": ("docProps/custom.xml", 'pid="2"', 'pid="1"', "custom properties: number"),
    # The workbook
    "sheet name twice": (BOOK, 'name="填表 说明"', 'name="收入"', "sheet name '收入' twice"),
    "long sheet name": (BOOK, 'name="填表 说明"', f'name="{"长" * 32}"', "must have 1 to 31 characters"),
    "sheet name with a colon": (BOOK, 'name="填表 说明"', 'name="填表:说明"', "not allowed"),
    "sheet id twice": (BOOK, 'sheetId="2"', 'sheetId="1"', "sheetId 1 twice"),
    "hidden active sheet": (BOOK, 'sheetId="1"', 'sheetId="1" state="hidden"', "does not exist or is hidden"),
    "name like a cell": (BOOK, 'name="收入_合计"', 'name="AB12"', "defined name 'AB12' is not legal"),
    "name with a bracket": (BOOK, 'name="收入_合计"', 'name="收入（合计）"', "is not legal"),
    "name to a missing sheet": (
        BOOK,
        "收入!$B$3</definedName>",
        "支出!$B$3</definedName>",
        "no sheet '支出'",
    ),
    "name to a lost cell": (BOOK, "收入!$B$3</definedName>", "收入!#REF!</definedName>", "refers to nothing"),
    "name of a missing sheet": (BOOK, 'localSheetId="0"', 'localSheetId="7"', "a sheet that does not exist"),
    "font out of range": (
        STYLES,
        '<xf numFmtId="0" fontId="0"',
        '<xf numFmtId="0" fontId="99"',
        "fontId 99 is out",
    ),
    "undefined number format": (
        STYLES,
        '<xf numFmtId="164"',
        '<xf numFmtId="190"',
        "number format 190 is not defined",
    ),
    "open quote in a number format": (STYLES, "0.00&quot;万元&quot;", "0.00&quot;万元", "is not legal"),
    # Rows and cells
    "rows out of order": (SHEET, '<row r="5"', '<row r="2"', "row 2 comes after row 3"),
    "cells out of order": (SHEET, '<c r="B3"', '<c r="D3"', "cell 'C3' stands in row 3 after column 4"),
    "cell in a wrong row": (SHEET, '<c r="B3"', '<c r="B4"', "cell 'B4' stands in row 3"),
    "high row": (SHEET, 'ht="30"', 'ht="410"', "row 1 is 410 points high"),
    "style out of range": (SHEET, '<c r="B2" s="1"', '<c r="B2" s="77"', "B2: style 77 is out of range"),
    "shared string out of range": (SHEET, 't="s"><v>0<', 't="s"><v>99<', "'99' is no value of type 's'"),
    "text as number": (SHEET, "<v>212.29</v>", "<v>二百</v>", "is no value of type 'n'"),
    "wide column": (SHEET, 'width="20.7109375"', 'width="256"', "256 wide"),
    "columns overlap": (SHEET, 'min="2" max="3"', 'min="1" max="3"', "columns 1 to 3 come after column 1"),
    "merges overlap": (SHEET, 'ref="A2:A3"', 'ref="A1:A3"', "merged range A1:A3 overlaps A1:C1"),
    "one-cell merge": (SHEET, 'ref="A2:A3"', 'ref="A2"', "merged range 'A2' is not legal or a single cell"),
    "blocks out of order": (
        SHEET,
        "<sheetData>",
        '<pageSetup scale="90"/><sheetData>',
        "<sheetData> must not come",
    ),
    # Formulas
    "open parenthesis": (SHEET, "ROUND(SUM(B2:B2),2)", "ROUND(SUM(B2:B2),2", "parentheses are not balanced"),
    "missing value": (SHEET, "ROUND(SUM(B2:B2),2)", "ROUND(SUM(B2:B2)+,2)", "',' must not follow '+'"),
    "unknown name": (
        SHEET,
        "收入_合计&gt;0",
        "收入_总计&gt;0",
        "'收入_总计' is neither a range nor a defined name",
    ),
    "long formula": (SHEET, "ROUND(SUM(B2:B2),2)", "1" + "+1" * 4096, "more than 8192 characters"),
    "long text in a formula": (SHEET, '"通过"', f'"{"通" * 256}"', "a text of more than 255 characters"),
    "function without its prefix": (SHEET, "SUM(B2:B2)", "CONCAT(B2:B2)", "CONCAT needs the prefix _xlfn."),
    # Formats, validations, links, print, protection
    "format out of range": (
        SHEET,
        'dxfId="0" priority="1"',
        'dxfId="5" priority="1"',
        "dxfId 5 is out of range",
    ),
    "priority twice": (SHEET, 'priority="2"', 'priority="1"', "priority 1 is not legal or there 2 times"),
    "long prompt": (SHEET, 'prompt="万元"', f'prompt="{"元" * 256}"', "prompt is longer than 255 characters"),
    "long title": (SHEET, 'prompt="万元"', f'promptTitle="{"元" * 33}"', "promptTitle is longer than 32"),
    "long list": (SHEET, '"优,良,中,差"', f'"{"优" * 256}"', "list is longer than 255 characters"),
    "range outside the sheet": (SHEET, 'sqref="C5"', 'sqref="C1048577"', "which is no range"),
    "link to a missing sheet": (SHEET, "'填表 说明'!A1", "附表!A1", "no sheet '附表'"),
    "long footer": (SHEET, "&amp;C第", f"&amp;C{'第' * 250}", "longer than 255 characters"),
    "page break at the top": (SHEET, '<brk id="10"', '<brk id="0"', "not legal"),
    "old hash": (SHEET, 'password="', 'password="x', "old password hash"),
    "broken hash": (SHEET, 'password="', 'hashValue="%" saltValue="AA==" x="', "hash or salt is not base64"),
}


@pytest.mark.parametrize(("part", "old", "new", "found"), CASES.values(), ids=CASES.keys())
def test_break_is_found(good: Path, part: str, old: str, new: str, found: str) -> None:
    own = [problem for problem in problems(with_text(good, part, old, new)) if "openxml-audit" not in problem]
    assert [problem for problem in own if found in problem], own


def with_modern_hash(good: Path, size: int) -> Path:
    digest = base64.b64encode(bytes(size)).decode()
    salt = base64.b64encode(bytes(16)).decode()
    new = f'algorithmName="SHA-512" hashValue="{digest}" saltValue="{salt}" spinCount="100000" sheet="1"'

    def change(parts: Parts) -> None:
        parts[SHEET] = re.sub(rb'password="\w+" sheet="1"', new.encode(), parts[SHEET])
        assert new.encode() in parts[SHEET]

    return rewritten(good, change)


def test_modern_hash_is_legal(good: Path) -> None:
    assert problems(with_modern_hash(good, 64)) == []


def test_modern_hash_of_a_wrong_length_is_found(good: Path) -> None:
    found = problems(with_modern_hash(good, 63))
    assert "收入: <sheetProtection>: hash of 63 bytes does not go with SHA-512, or no salt" in found


def test_second_entry_of_one_name_is_found(good: Path) -> None:
    with zipfile.ZipFile(good, "a") as archive:
        archive.writestr("XL/workbook.xml", archive.read(BOOK))
    assert "xl/workbook.xml: 2 entries of this name" in problems(good)


def test_overlong_shared_string_is_found(good: Path) -> None:
    path = with_text(good, "xl/sharedStrings.xml", "局机关", "长" * 32_768)
    assert "shared string 1 is longer than 32767 characters" in problems(path)


def test_comment_without_author_is_found(good: Path) -> None:
    path = with_text(good, "xl/comments1.xml", 'authorId="0"', 'authorId="4"')
    assert "xl/comments1.xml: comment at B2 has no author" in problems(path)


def test_file_that_is_no_package_is_one_problem(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("not a zip")
    assert [
        problem.startswith("a.xlsx: not a readable package") for problem in problems(tmp_path / "a.xlsx")
    ] == [True]


def test_package_without_workbook_is_a_problem(good: Path) -> None:
    assert "坏.xlsx: no workbook part" in problems(rewritten(good, lambda parts: parts.pop(BOOK)))


LEGAL_FORMULAS = [
    "ROUND(收入!$B$3-支出!B3,2)=0",
    "INDEX(收入_合计,3)",
    "IF(AND(ISNUMBER(B2),OR(B2>=0,B2=-1)),-B2%,)",
    "'填表 说明'!A1&\"（见“说明”）\"",
    "SUM(A:A,1:1,A1:B2 B2:C3)",
    "NOW()-1.5E+3",
    "MATCH(1,{1,2;3,4},0)",
    "SUM(INDEX(A:A,2):INDEX(A:A,4))",
    "_xlfn.CONCAT(A1,B1)",
    "SUM(,1)",
    "IF(TRUE,#N/A,1)",
]
SHEETS, NAMES = frozenset({"收入", "支出", "填表 说明"}), frozenset({"收入_合计"})


@pytest.mark.parametrize("formula", LEGAL_FORMULAS)
def test_legal_formula_is_left_alone(formula: str) -> None:
    assert formula_problems(formula, SHEETS, NAMES) == ()


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ("1+", "the formula must not end with '+'"),
        ("", "the formula must not end with 'the beginning'"),
        ("SUM(1))", "formula cannot be read"),
        ("(1", "parentheses are not balanced"),
        ("()", "')' must not follow '('"),
        ("SUM(1+)", "')' must not follow '+'"),
        ("A1 + * 2", "'*' must not follow '+'"),
        ("1(2)", "'1' is no function"),
        ("(1)(2)", "'(' must not follow ')'"),
        ("SUM(1)A1", "'A1' must not follow ')'"),
        ('"a', "formula cannot be read"),
        ("填表 说明!A1", "neither a range nor a defined name"),
        ("SUM(#REF!)", "lost reference #REF!"),
        ("收入!XFE1", "'XFE1' is neither a range nor a defined name"),
        ("(" * 65 + "1" + ")" * 65, "more than 64 levels of nesting"),
    ],
)
def test_illegal_formula_is_found(formula: str, found: str) -> None:
    assert any(found in problem for problem in formula_problems(formula, SHEETS, NAMES))


@pytest.mark.parametrize(
    ("name", "legal"),
    [
        ("收入_收入合计", True),
        ("_完", True),
        ("封面_部门单位名称", True),
        ("A.b?", True),
        ("RC收入", True),
        ("R", False),
        ("c", False),
        ("R1C1", False),
        ("A1", False),
        ("xfd1048576", False),
        ("1季度", False),
        ("收入-合计", False),
        ("收入 合计", False),
        ("收" * 256, False),
        ("", False),
    ],
)
def test_defined_names_are_judged_as_excel_does(name: str, legal: bool) -> None:
    assert is_legal_name(name) is legal
