"""The rewriter into other programs' dialects: each habit is really there, and alone it changes no value."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl.formula.translate import Translator

from selfeval_xl.cells import CellError
from selfeval_xl.ooxml.book import Book
from selfeval_xl.ooxml.read import read_book
from tests.support import dialect_formulas as formulas
from tests.support import dialect_markup as markup
from tests.support import dialect_programs as programs
from tests.support import dialect_values as values
from tests.support import dialects, package_checks
from tests.support.dialect_parts import Package, Step, read, rewritten
from tests.support.package_parts import MAIN, Element

STEPS = dict.fromkeys([*dialects.EXCEL, *dialects.WPS, *dialects.LIBRARY, *dialects.STRICT])
# Habits that XlsxWriter shares, so that they show only after another step.
OURS_TOO = (formulas.spelt_by_excel, values.strings_by_first_use)
NUMBERS = (0.58, 0.07, 0.01, 1234567.89, 1e-5, 45105)
TEXTS = (" 前后 ", "一\n二", "_x0041_", "部门（单位）", "A", "再填一段文字")


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook with one of each kind of cell, and formulas that repeat down and across."""
    path = tmp_path_factory.mktemp("dialects") / "自评.xlsx"
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": 'yyyy"年"m"月"d"日"'})
        hours = book.add_format({"num_format": '0.00"hours of day"'})
        sheet, other = book.add_worksheet("收入"), book.add_worksheet("附 表")
        for row, (number, text) in enumerate(zip(NUMBERS, TEXTS, strict=True)):
            sheet.write_number(row, 0, number)
            sheet.write_string(row, 1, text)
            sheet.write_formula(row, 3, f"=ROUND(A{row + 1}*$A$1,2)", None, round(number * 0.58, 2))
            sheet.write_formula(row, 4, f'=IF(\'附 表\'!A{row + 1}="","A1",A{row + 1})', None, "A1")
            sheet.write_formula(row, 5, "=SUM(A:A)", None, 1)
        for column in range(4):
            sheet.write_formula(7, column, f"=SUM({'ABCD'[column]}1:{'ABCD'[column]}6)", None, 1)
        sheet.write_datetime(8, 0, date(2023, 6, 28), day)
        sheet.write_number(8, 1, 45105, hours)
        sheet.write_boolean(8, 2, True)
        sheet.write_formula(8, 3, "=1/0", None, "#DIV/0!")
        sheet.write_formula(8, 4, "=A1>0", None, True)
        sheet.write_formula(8, 5, '=""', None, "")
        sheet.write_formula(8, 6, "=INDEX(A1:A6,2)", None, 0.07)
        sheet.write_blank(9, 5, None, day)
        sheet.set_column("A:C", 12)
        sheet.autofilter("A1:B6")
        sheet.set_paper(9)
        sheet.protect("x")
        other.write("A1", "附")
        book.define_name("收入_合计", "=收入!$A$8")
        book.set_custom_property("form", "自评")
    return path


def changed(workbook: Path, *steps: Step) -> Package:
    package = read(workbook)
    for step in steps:
        step(package)
    return package


def cell(package: Package, reference: str, sheet: int = 0) -> Element:
    return next(one for one in package.sheets[sheet].iter(f"{MAIN}c") if one.get("r") == reference)


def stored(package: Package, reference: str) -> str | None:
    return cell(package, reference).findtext(f"{MAIN}v")


def same_values(one: Book, other: Book) -> bool:
    return [sheet.values for sheet in one.sheets.values()] == [
        sheet.values for sheet in other.sheets.values()
    ]


@pytest.mark.parametrize("step", [*STEPS, markup.cell_extensions], ids=lambda step: step.__name__)
def test_a_step_alone_changes_the_file_and_no_value(step: Step, workbook: Path, tmp_path: Path) -> None:
    plain = rewritten(workbook, tmp_path / "plain.xlsx")
    other = rewritten(workbook, tmp_path / "other.xlsx", step)
    assert same_values(read_book(workbook), read_book(other))
    if step not in OURS_TOO:
        assert plain.read_bytes() != other.read_bytes()


@pytest.mark.parametrize(
    "dialect", [dialects.as_excel, dialects.as_wps, dialects.as_library, dialects.as_strict]
)
def test_a_dialect_is_the_same_bytes_each_time_and_leaves_its_source_alone(
    dialect: Callable[[Path, Path], Path], workbook: Path, tmp_path: Path
) -> None:
    before = workbook.read_bytes()
    assert (
        dialect(workbook, tmp_path / "1.xlsx").read_bytes()
        == dialect(workbook, tmp_path / "2.xlsx").read_bytes()
    )
    assert workbook.read_bytes() == before
    assert read_book(tmp_path / "1.xlsx").sheets["收入"].values[9, 4] is CellError.DIV0


def test_a_small_workbook_of_every_kind_stays_sound(workbook: Path, tmp_path: Path) -> None:
    assert package_checks.problems(dialects.as_excel(workbook, tmp_path / "1.xlsx")) == []


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("0.58", "0.57999999999999996"),
        ("0.07", "7.0000000000000007E-2"),
        ("0.01", "0.01"),
        ("0.001", "1E-3"),
        ("1.1E-05", "1.1E-5"),
        ("-0.005", "-5.0000000000000001E-3"),
        ("1234567.89", "1234567.8899999999"),
        ("45105", "45105"),
        ("0", "0"),
        ("1e+20", "1E+20"),
    ],
)
def test_numbers_are_spelt_as_excel_spells_them(text: str, spelt: str) -> None:
    assert values.excel_number(text) == spelt
    assert float(spelt) == float(text)


def test_only_cells_that_show_a_date_are_counted_from_1904(workbook: Path, tmp_path: Path) -> None:
    moved = rewritten(workbook, tmp_path / "moved.xlsx", values.dates_from_1904)
    shown = read_book(moved).sheets["收入"].values
    assert shown[9, 1] == Decimal(45105 - 1462)
    assert shown[9, 2] == shown[6, 1] == Decimal(45105)
    assert read_book(moved).date1904
    assert not read_book(workbook).date1904


def test_days_of_the_strict_format_are_iso_dates(workbook: Path) -> None:
    package = changed(workbook, values.dates_as_iso_text)
    assert stored(package, "A9") == "2023-06-28"
    assert cell(package, "A9").get("t") == "d"
    assert stored(package, "B9") == "45105"


def test_shared_formulas_are_what_openpyxl_makes_of_their_first_cell(workbook: Path) -> None:
    before, after = changed(workbook), changed(workbook, formulas.shared_formulas)
    masters, children = {}, 0
    for sheet, ours in zip(after.sheets, before.sheets, strict=True):
        written = {f.getparent().get("r"): f.text for f in ours.iter(f"{MAIN}f")}
        for formula in sheet.iter(f"{MAIN}f"):
            place = formula.getparent().get("r")
            if formula.text and formula.get("t") == "shared":
                masters[formula.get("si")] = (formula.text, place)
            elif formula.get("t") == "shared":
                text, first = masters[formula.get("si")]
                assert Translator(f"={text}", first).translate_formula(place) == f"={written[place]}"
                children += 1
    assert {first for _, first in masters.values()} == {"D1", "E1", "A8"}
    assert children == 5 + 5 + 3


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("A1+$B$1", "A2+$B$1", True),
        ("A1+$B$1", "A2+$B$2", False),
        ("A$1", "A$1", True),
        ('"A1"&A1', '"A1"&A2', True),
        ('"A1"&A1', '"A2"&A2', False),
        ("'A1'!A1", "'A1'!A2", True),
        ("收入_核对_E01", "收入_核对_E01", True),
        ("LOG10(A1)", "LOG10(A2)", True),
        ("SUM(A:A)", "SUM(A:A)", False),
        ("SUM(1:2)", "SUM(2:3)", False),
    ],
)
def test_formulas_are_alike_if_they_say_the_same_from_where_they_stand(
    one: str, other: str, alike: bool
) -> None:
    seen = formulas.relative(one, 5, 5), formulas.relative(other, 6, 5)
    assert (None not in seen and seen[0] == seen[1]) is alike


@pytest.mark.parametrize(
    ("spelling", "formula", "spelt"),
    [
        (formulas.excel_spelling, 'if(a1,"sum(",textjoin(b2))', 'IF(a1,"sum(",_xlfn.TEXTJOIN(b2))'),
        (formulas.excel_spelling, "_xlfn.IFS(A1,2)", "_xlfn.IFS(A1,2)"),
        (formulas.loose_spelling, 'IF(A1>0,"A,B",SUM(A1,B1))', 'if(A1>0, "A,B", sum(A1, B1))'),
        (formulas.quoted_spelling, "收入!A1&'附 表'!B2&\"收入!\"", "'收入'!A1&'附 表'!B2&\"收入!\""),
    ],
)
def test_formulas_are_spelt_anew_outside_their_texts(
    spelling: Callable[[str], str], formula: str, spelt: str
) -> None:
    assert spelling(formula) == spelt


def test_a_text_is_cut_where_no_escaped_character_is() -> None:
    for text in ("_x005F_x0041_", "一二", "a_x000D_b"):
        cut = values.cut_of(text)
        assert 0 < cut < len(text)
        assert all(not found.start() < cut < found.end() for found in values.ESCAPE.finditer(text))
    assert values.cut_of("一") == values.cut_of("_x000D_") == values.cut_of("") == 0


def test_texts_have_runs_and_readings_that_are_no_part_of_them(workbook: Path) -> None:
    package = changed(workbook, values.rich_text, values.phonetic_text)
    rich = [item for item in package.strings if item.find(f"{MAIN}r") is not None]
    assert rich
    assert all(len(item.findall(f"{MAIN}r")) == 2 for item in rich)
    assert any("".join(item.itertext()).endswith(values.PHONETIC) for item in rich)


def test_line_ends_are_escaped_once(workbook: Path) -> None:
    package = changed(workbook, values.escaped_line_ends, values.escaped_line_ends)
    assert "一_x000D_\n二" in package.strings.xpath("//*[local-name()='t']/text()")


def test_strings_are_numbered_in_the_order_of_their_use(workbook: Path) -> None:
    package = changed(workbook, values.strings_reversed, values.strings_by_first_use)
    used = [int(one.findtext(f"{MAIN}v")) for one in package.cells() if one.get("t") == "s"]
    assert used == list(range(len(package.strings)))
    cell(package, "B1").attrib.pop("t")
    values.strings_by_first_use(package)
    assert len(package.strings) == len(used) - 1


def test_every_formula_is_in_the_calculation_chain(workbook: Path) -> None:
    package = changed(workbook, formulas.calculation_chain)
    assert len(package.trees["xl/calcChain.xml"]) == sum(
        1 for sheet in package.sheets for _ in sheet.iter(f"{MAIN}f")
    )


def test_wps_adds_its_properties_behind_ours(workbook: Path, tmp_path: Path) -> None:
    properties = read_book(dialects.as_wps(workbook, tmp_path / "1.xlsx")).properties
    assert list(properties) == ["form", "KSOProductBuildVer", "ICV", "CalculationRule"]
    assert properties["form"] == "自评"


def test_properties_are_made_where_a_workbook_has_none(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "bare.xlsx") as book:
        book.add_worksheet()
    other = rewritten(tmp_path / "bare.xlsx", tmp_path / "other.xlsx", programs.wps_properties)
    assert "ICV" in read_book(other).properties
    assert package_checks.problems(other) == []


def test_blank_cells_come_and_go(workbook: Path) -> None:
    counts = [
        sum(1 for _ in changed(workbook, *steps).cells())
        for steps in ((markup.blank_cells_dropped,), (), (markup.blank_cells_added,))
    ]
    assert counts == sorted(set(counts))


def test_styles_keep_their_meaning_under_other_numbers(workbook: Path) -> None:
    before, after = (
        changed(workbook, *steps)
        for steps in ((), (markup.styles_renumbered, markup.number_formats_renumbered))
    )
    assert cell(before, "A9").get("s") != cell(after, "A9").get("s")
    for package in (before, after):
        assert [one.getparent().get("r") for one in values.dates(package)] == ["A9"]


def test_tags_have_a_prefix_and_parts_other_names(workbook: Path, tmp_path: Path) -> None:
    package = read(dialects.as_library(workbook, tmp_path / "1.xlsx"))
    assert package.sheet_parts() == ["xl/sheets/Blatt_1.xml", "xl/sheets/Blatt_2.xml"]
    assert {tree.prefix for tree in (package.book, *package.sheets)} == {"x"}
    targets = [link.get("Target") for link in package.trees["xl/_rels/workbook.xml.rels"]]
    assert all(target.startswith("/xl/") for target in targets)
