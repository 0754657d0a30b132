"""The copy of a clerk's form: the same values, no formula, and a note at the cell of each finding."""

import pytest
from msgspec.structs import replace

from selfeval_xl.blueprint.model import Blueprint, Link
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address
from selfeval_xl.findings import Finding
from selfeval_xl.reports.annotated import copied_sheets, put_copy
from selfeval_xl.reports.findings_book import report_blueprint
from selfeval_xl.submission.inspect import Report
from tests.support.small_report import at, balanced, changed, form, inspected, settings

F02 = Finding(
    "F-02",
    "formula.lost_many",
    "error",
    (at("收入!B6"), at("收入!B7")),
    facts={"sheet": "收入", "count": "2"},
)
N05 = Finding("N-05", "cell.blank", "info", (at("收入!C6"),), facts={"count": "1", "list": "收入!C6"})


@pytest.fixture(scope="module")
def report() -> Report:
    return inspected(balanced())


def copy(report: Report, *findings: Finding) -> Blueprint:
    assert report.blueprint is not None
    assert report.values is not None
    book = report_blueprint(form(), settings(), 2022)
    put_copy(book, report.blueprint, report.values, report.formats, findings)
    return book


def test_sheets_that_a_clerk_sees_are_copied(report: Report) -> None:
    assert report.blueprint is not None
    names = list(copy(report).sheets)
    assert names == copied_sheets(report.blueprint)
    assert {"封面", "收入", "校验"} <= set(names)
    assert not any(name.startswith("_") for name in names)


def test_every_cell_shows_its_value_and_has_no_formula(report: Report) -> None:
    book = copy(report)
    assert report.values is not None
    shown = Values(book, {})
    for name, sheet in book.sheets.items():
        for place, plan in sheet.cells.items():
            cell = Address(name, *place)
            assert plan.formula is None
            assert plan.locked
            assert (shown(cell) or None) == (report.values(cell) or None) or shown(cell) == report.values(
                cell
            )
        assert (sheet.conditions, sheet.validations) == ([], [])
    assert not book.names


def test_a_total_that_was_typed_over_shows_what_was_typed(report: Report) -> None:
    assert report.values is not None
    typed_over = replace(report, values=report.values.with_stated({at("收入!B6"): "213.15"}))
    assert Values(copy(typed_over), {})(at("收入!B6")) == "213.15"


def test_the_first_cell_of_a_finding_has_its_colour_and_its_sentence(report: Report) -> None:
    marks = copy(report, N05).sheets["收入"].marks
    assert list(marks) == [(6, 3)]
    assert marks[(6, 3)].severity == "info"
    assert (
        marks[(6, 3)].note
        == "[提示] 收入!C6 等 1 格空白，计算时按 0 处理：收入!C6。确实没有的项目请填 0。（N-05）"
    )


def test_a_finding_about_many_cells_alike_colours_them_all_and_says_it_once(report: Report) -> None:
    marks = copy(report, F02).sheets["收入"].marks
    assert {place: mark.severity for place, mark in marks.items()} == {(6, 2): "error", (7, 2): "error"}
    assert [bool(mark.note) for _, mark in sorted(marks.items())] == [True, False]


def test_two_findings_at_a_cell_share_a_note_in_the_colour_of_the_worse(report: Report) -> None:
    worse = replace(F02, cells=(at("收入!C6"),))
    mark = copy(report, N05, worse).sheets["收入"].marks[(6, 3)]
    assert mark.severity == "error"
    assert [line[:4] for line in mark.note.split("\n\n")] == ["[错误]", "[提示]"]


def test_what_follows_is_marked_mildly_and_says_what_it_comes_from(report: Report) -> None:
    follower = replace(N05, rule="I-02", severity="error", cells=(at("收入!B5"),), follows=F02.id)
    mark = copy(report, F02, follower).sheets["收入"].marks[(5, 2)]
    assert mark.severity == "info"
    assert mark.note.startswith("由 F-02 引起：")


def test_an_explanation_stands_in_the_note(report: Report) -> None:
    mark = copy(report, replace(N05, explanation="已撤销")).sheets["收入"].marks[(6, 3)]
    assert mark.note.endswith("\n已有说明：已撤销")


def test_what_is_found_outside_the_sheets_is_left_to_the_list(report: Report) -> None:
    book = copy(report, replace(N05, cells=(Address("", 1, 1),)), replace(N05, cells=(at("收入!ZZ99"),)))
    assert not any(sheet.marks for sheet in book.sheets.values())


def test_links_of_the_check_sheet_lead_to_the_copy() -> None:
    wrong = inspected(changed(三公经费_2_公务接待费=500))
    links = [plan.value for plan in copy(wrong).sheets["校验"].cells.values() if isinstance(plan.value, Link)]
    assert "#三公经费!B7" in [link.target for link in links]
    assert all(link.target == f"#{link}" for link in links)
