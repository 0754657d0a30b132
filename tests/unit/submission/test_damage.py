"""What befell a workbook: each kind of damage alone is one finding, at its place, that says what to do."""

from collections.abc import Callable
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest
from openpyxl.styles import Protection
from openpyxl.workbook import Workbook

from selfeval_xl.blueprint.values import Values
from selfeval_xl.findings import Finding, message
from selfeval_xl.submission.inspect import inspect
from selfeval_xl.template.write import write_workbook
from tests.acceptance.calling import with_cell, with_text
from tests.support import small_report as small
from tests.support.tampering import by_library, comments, in_sheet, leading_to, with_parts


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    report = small.inspected(small.balanced())
    assert report.blueprint is not None
    assert report.values is not None
    path = tmp_path_factory.mktemp("books") / "small.xlsx"
    write_workbook(report.blueprint, Values(report.blueprint, report.values.typed), path)
    return path


def found(path: Path) -> list[Finding]:
    report = inspect(path)
    assert report.reason is None, report.reason
    return report.findings


def told(path: Path) -> list[str]:
    return small.shown(found(path))


def swap(book: Workbook) -> None:
    book.move_sheet("支出", 1)


def hide(name: str) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        book[name].sheet_state = "hidden"

    return change


def show(book: Workbook) -> None:
    book["_设置"].sheet_state = "visible"


def bare(*names: str) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        for name in names:
            book[name].protection.sheet = False

    return change


def open_cell(book: Workbook) -> None:
    book["收入"]["B6"].protection = Protection(locked=False)


def without_name(book: Workbook) -> None:
    del book.defined_names["收入_收入合计"]


def merged(book: Workbook) -> None:
    book["收入"].merge_cells("C7:D7")


def apart(book: Workbook) -> None:
    book["收入"].unmerge_cells("A3:A4")


def hidden_row(book: Workbook) -> None:
    book["收入"].row_dimensions[7].hidden = True


def hidden_columns(book: Workbook) -> None:
    book["支出"].column_dimensions["D"].hidden = True


def hidden_spare_row(book: Workbook) -> None:
    book["收入"].row_dimensions[10].hidden = True


def error_typed(book: Workbook) -> None:
    book["三公经费"]["C7"] = "#N/A"


def linked(book: Workbook) -> None:
    book["三公经费"]["C8"] = "='D:\\[别处.xlsx]表1'!B2"


def linked_to_its_like(book: Workbook) -> None:
    book["三公经费"]["C8"] = "=[1]三公经费!C8"


def circular(book: Workbook) -> None:
    book["收入"]["D7"] = "=支出!B8-收入!B7+收入!D7"


def circular_over_a_total(book: Workbook) -> None:
    book["收入"]["C7"] = "=B7-D7"


def below(book: Workbook) -> None:
    book["收入"]["A11"], book["收入"]["D11"] = "丙所", 5


def far_below(book: Workbook) -> None:
    book["支出"]["D60"] = 7


def stamp_spelt_otherwise(book: Workbook) -> None:
    book["_设置"]["B7"] = str(book["_设置"]["B7"].value).replace(",", ", ")


def own_sheet(book: Workbook) -> None:
    book.create_sheet("草稿", 0)["A1"] = 3


def properties_changed(book: Workbook) -> None:
    for one in book.custom_doc_props.props:
        if one.name == "year":
            one.value = "2021"


def bands_changed(book: Workbook) -> None:
    book["_设置"]["B10"] = 85


BY_LIBRARY: list[tuple[Callable[[Workbook], object], str]] = [
    (swap, "F-01@支出!A1 sheet.moved error"),
    (hide("固定资产"), "F-01@固定资产!A1 sheet.hidden error"),
    (show, "F-01@_设置!A1 sheet.shown info"),
    (bare("收入"), "F-03@收入!A1 protection.removed warning"),
    (bare("收入", "支出"), "F-03@收入!A1 protection.removed warning"),
    (open_cell, "F-03@收入!B6 protection.open warning"),
    (without_name, "F-04@收入!B6 name.lost error"),
    (merged, "F-05@收入!C7 merge.changed error"),
    (apart, "F-05@收入!A3 merge.changed error"),
    (hidden_row, "F-06@收入!A7 hidden.values warning"),
    (hidden_columns, "F-06@支出!D7 hidden.values warning"),
    (linked_to_its_like, "F-08@三公经费!C8 link.used warning"),
    (error_typed, "F-07@三公经费!C7 cell.error error"),
    (circular, "F-15@收入!D7 formula.circular error"),
    (circular_over_a_total, "F-15@收入!C7 formula.circular error"),
    (below, "F-14@收入!D11 row.outside error"),
    (far_below, "F-14@支出!D60 row.outside error"),
    (properties_changed, "F-12@_设置!B5 stamp.changed error"),
    (bands_changed, "F-12@_设置!B10 stamp.changed error"),
]


@pytest.mark.parametrize(("change", "wanted"), BY_LIBRARY, ids=[wanted for _, wanted in BY_LIBRARY])
def test_one_damage_is_one_finding_at_its_place(
    sound: Path, tmp_path: Path, change: Callable[[Workbook], object], wanted: str
) -> None:
    report = found(by_library(sound, tmp_path / "a.xlsx", change))
    standing = [one for one in report if one.rule.startswith("F") and one.follows is None]
    assert [f"{one.id} {one.code} {one.severity}" for one in standing] == [wanted]
    (finding,) = standing
    assert message(finding).startswith(str(finding.cells[0]))
    assert "请" in message(finding) or finding.code == "sheet.shown"


@pytest.mark.parametrize("change", [lambda book: None, hidden_spare_row, own_sheet, stamp_spelt_otherwise])
def test_what_harms_nobody_is_no_finding(
    sound: Path, tmp_path: Path, change: Callable[[Workbook], object]
) -> None:
    assert told(by_library(sound, tmp_path / "a.xlsx", change)) == []


def test_an_error_in_an_input_explains_that_it_is_no_number(sound: Path, tmp_path: Path) -> None:
    assert told(by_library(sound, tmp_path / "a.xlsx", error_typed)) == [
        "F-07@三公经费!C7",
        "N-02@三公经费!C7<F-07@三公经费!C7",
    ]


def test_many_errors_on_a_sheet_are_one_finding(sound: Path, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        for row in range(6, 11):
            for column in "CDF":
                book["收入"][f"{column}{row}"] = "#REF!"

    (finding,) = [one for one in found(by_library(sound, tmp_path / "a.xlsx", change)) if one.rule == "F-07"]
    assert (finding.code, finding.facts["count"], len(finding.cells)) == ("cell.error_many", "15", 15)


def test_a_formula_that_shows_an_error_is_an_error_and_no_typed_figure(sound: Path, tmp_path: Path) -> None:
    broken = '<c r="B7" t="e"><f>ROUND(#REF!,2)</f><v>#REF!</v></c>'
    path = in_sheet(sound, tmp_path / "a.xlsx", "收入", r'<c r="B7".*?</c>', broken)
    first = found(path)[0]
    assert (first.id, first.code) == ("F-07@收入!B7", "formula.error")
    assert (first.actual, first.expected) == ("#REF!", D("86.15"))
    assert all(one.follows == first.id for one in found(path)[1:])
    path = in_sheet(path, tmp_path / "b.xlsx", "收入", r"<sheetProtection[^>]*>", "")
    assert "F-03@收入!A1<F-07@收入!B7" in told(path)


# Links, macros, comments, embedded things


@pytest.mark.parametrize(
    ("kind", "part", "sheet", "wanted"),
    [
        ("externalLink", "xl/externalLinks/externalLink1.xml", "", "F-08@封面!A1 link.left"),
        ("vbaProject", "xl/vbaProject.bin", "", "F-09@封面!A1 macro.foreign"),
        ("xlMacrosheet", "xl/macrosheets/sheet1.xml", "", "F-09@封面!A1 macro.foreign"),
        ("connections", "xl/connections.xml", "", "F-13@封面!A1 guest.found"),
        ("oleObject", "xl/embeddings/oleObject1.bin", "支出", "F-13@支出!A1 guest.found"),
        ("control", "xl/activeX/activeX1.xml", "支出", "F-13@支出!A1 guest.found"),
        ("package", "xl/embeddings/a.xlsx", "支出", "F-13@支出!A1 guest.found"),
    ],
)
def test_what_a_file_holds_beside_the_form_is_told(
    sound: Path, tmp_path: Path, kind: str, part: str, sheet: str, wanted: str
) -> None:
    (finding,) = found(leading_to(sound, tmp_path / "a.xlsx", kind, part, sheet=sheet))
    assert f"{finding.id} {finding.code}" == wanted
    assert message(finding).startswith(str(finding.cells[0]))


def test_a_program_in_the_package_is_told(sound: Path, tmp_path: Path) -> None:
    (finding,) = found(with_parts(sound, tmp_path / "a.xlsx", {"xl/media/install.EXE": b"MZ"}))
    assert (finding.rule, "可执行的程序" in message(finding)) == ("F-13", True)


@pytest.mark.parametrize("kind", ["printerSettings", "drawing", "image", "theme", "customProperty"])
def test_printers_pictures_and_looks_are_nobodys_affair(sound: Path, tmp_path: Path, kind: str) -> None:
    assert told(leading_to(sound, tmp_path / "a.xlsx", kind, "xl/a.bin", sheet="支出")) == []


def test_a_figure_taken_from_another_file_names_cell_and_file(sound: Path, tmp_path: Path) -> None:
    path = by_library(sound, tmp_path / "a.xlsx", linked)
    standing = [one for one in found(path) if one.rule == "F-08"]
    assert [f"{one.id} {one.code}" for one in standing] == ["F-08@三公经费!C8 link.used"]


def test_a_link_is_named_by_its_file(sound: Path, tmp_path: Path) -> None:
    path = leading_to(sound, tmp_path / "a.xlsx", "externalLink", "xl/externalLinks/e1.xml", b"<x/>")
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
        'Id="rId1" Type="http://x/externalLinkPath" Target="file:///D:\\2022\\%E6%97%A7%E8%A1%A8.xlsx" '
        'TargetMode="External"/></Relationships>'
    )
    path = with_parts(path, tmp_path / "b.xlsx", {"xl/externalLinks/_rels/e1.xml.rels": rels})
    (finding,) = found(path)
    assert finding.facts["files"] == "旧表.xlsx"


def test_comments_are_listed_with_what_they_say(sound: Path, tmp_path: Path) -> None:
    content = comments(("D7", "其中 0.37 万元\n为代管资金"), ("C6", "结转数已与决算核对" * 9))
    path = leading_to(sound, tmp_path / "a.xlsx", "comments", "xl/comments1.xml", content, "收入")
    (finding,) = found(path)
    assert (finding.rule, finding.severity) == ("F-10", "info")
    assert [str(cell) for cell in finding.cells] == ["收入!C6", "收入!D7"]
    text = message(finding)
    assert "D7“其中 0.37 万元 为代管资金”" in text
    assert "…”" in text
    assert len(text) < 300


def test_damaged_comments_do_not_keep_a_report_from_being_read(sound: Path, tmp_path: Path) -> None:
    path = leading_to(sound, tmp_path / "a.xlsx", "comments", "xl/comments1.xml", b"<comments", "收入")
    assert [f"{one.id} {one.code}" for one in found(path)] == ["F-13@收入!A1 guest.found"]


# Results of another time


def test_totals_that_were_not_calculated_anew_are_told_once(sound: Path, tmp_path: Path) -> None:
    path = with_cell(sound, tmp_path / "a.xlsx", "三公经费", "C7", 0.3)
    (finding,) = [one for one in found(path) if one.follows is None]
    assert (finding.id, finding.severity) == ("F-11@三公经费!B5", "error")
    assert (finding.actual, finding.expected, finding.difference) == (D("5.7"), D("5.8"), D("-0.1"))
    assert [str(cell) for cell in finding.cells] == ["三公经费!B5", "三公经费!B7", "三公经费!C5"]


def test_results_that_no_text_lets_compute_weigh_as_amounts(sound: Path, tmp_path: Path) -> None:
    path = with_cell(sound, tmp_path / "a.xlsx", "三公经费", "C7", "两千")
    report = [one for one in found(path) if one.rule == "F-11"]
    assert [(one.id, one.severity, one.expected) for one in report] == [
        ("F-11@三公经费!B5", "error", "无法计算")
    ]


def test_totals_from_before_a_formula_was_typed_over_follow_it(sound: Path, tmp_path: Path) -> None:
    path = with_cell(sound, tmp_path / "a.xlsx", "收入", "B7", 90)
    standing = [one for one in told(path) if "<" not in one]
    assert standing == ["F-02@收入!B7"]
    assert "F-11@收入!B5<F-02@收入!B7" in told(path)


@pytest.mark.parametrize("spelt", ["0", "0.0", "-0"])
def test_nought_in_place_of_nothing_is_no_other_result(sound: Path, tmp_path: Path, spelt: str) -> None:
    path = in_sheet(
        sound,
        tmp_path / "a.xlsx",
        "收入",
        r'(<c r="B10"[^>]*?)( t="str")?>(<f>.*?</f>)<v></v>',
        rf"\1>\3<v>{spelt}</v>",
    )
    assert told(path) == []
    path = with_cell(path, tmp_path / "b.xlsx", "支出", "D7", "五十")
    (finding,) = [one for one in found(path) if one.rule == "F-11"]
    assert {cell.sheet for cell in finding.cells} == {"支出"}


def test_totals_without_results_are_no_fault(sound: Path, tmp_path: Path) -> None:
    path = by_library(sound, tmp_path / "a.xlsx", lambda book: None)
    assert told(path) == []


# What follows what


def test_a_sheet_pasted_over_has_one_leading_finding(sound: Path, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        sheet = book["收入"]
        for area in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(area))
        sheet.protection.sheet = False
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f" or cell.row < 5:
                    cell.value = "贴"

    report = found(by_library(sound, tmp_path / "a.xlsx", change))
    standing = [one for one in report if one.follows is None and one.severity != "info"]
    assert [f"{one.id} {one.code}" for one in standing] == ["F-02@收入!A2 formula.lost_many"]
    assert {one.rule for one in report if one.follows == "F-02@收入!A2"} >= {"N-04", "F-05", "F-03"}


def test_a_lock_taken_off_follows_the_formula_that_was_changed_under_it(sound: Path, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        bare("收入", "支出")(book)
        book["支出"]["B7"] = 1

    shown = told(by_library(sound, tmp_path / "a.xlsx", change))
    assert [one for one in shown if "<" not in one] == ["F-02@支出!B7"]
    assert "F-03@收入!A1<F-02@支出!B7" in shown


def test_a_cell_opened_by_hand_in_excel_is_found_by_the_new_lock(sound: Path, tmp_path: Path) -> None:
    """Excel keeps the lock of a sheet that nobody touched, and makes a new one when a sheet is protected again."""
    opened = by_library(sound, tmp_path / "a.xlsx", open_cell)
    named = with_text(
        opened,
        tmp_path / "b.xlsx",
        "xl/workbook.xml",
        "<workbookPr",
        '<fileVersion appName="xl"/><workbookPr',
    )
    assert told(named) == []
    again = in_sheet(named, tmp_path / "c.xlsx", "收入", r'saltValue="[^"]*"', 'saltValue="AAAA"')
    assert told(again) == ["F-03@收入!B6"]


@pytest.mark.parametrize("rule", ["F-03", "F-06"])
def test_a_silenced_rule_finds_nothing(tmp_path: Path, rule: str) -> None:
    from msgspec.structs import replace

    from selfeval_xl.form.model import Silenced

    used: Any = replace(small.settings(), silenced=(Silenced(rule, "试点"),))
    report = small.inspected(small.balanced(), used)
    assert report.blueprint is not None
    assert report.values is not None
    path = tmp_path / "small.xlsx"
    write_workbook(report.blueprint, Values(report.blueprint, report.values.typed), path)

    def change(book: Workbook) -> None:
        bare("收入")(book)
        hidden_row(book)

    assert {one.rule for one in found(by_library(path, tmp_path / "a.xlsx", change))} == {"F-03", "F-06"} - {
        rule
    }
