"""Workbooks opened: whose form, what is refused, what stands in the input cells."""

import json
from collections.abc import Callable
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

from selfeval_xl.blueprint.build import build
from selfeval_xl.blueprint.model import Shape
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import CellError, Value
from selfeval_xl.ooxml.book import Book, Sheet
from selfeval_xl.submission import inspect as inspecting
from selfeval_xl.submission.model import MOST_ROWS
from selfeval_xl.submission.workbook import WorkbookRefused, identify, open_workbook, typed_cells
from selfeval_xl.template.write import write_workbook
from selfeval_xl.texts import say
from tests.support import small_report as small
from tests.support.cells import Cell, put

LINE = {"form": 1, "edition": 2, "version": 3, "kind": 4, "year": 5, "shape": 6, "settings": 7}


def with_line(key: str, value: Value) -> Book:
    book = small.book()
    book.sheets["_设置"].values[LINE[key], 2] = value
    return book


def without_sheet(name: str) -> Book:
    book = small.book()
    del book.sheets[name]
    return book


def renamed_sheet() -> Book:
    book = small.book()
    book.sheets["Sheet7"] = book.sheets.pop("支出")
    return book


def of_rows(rows: int) -> Book:
    return with_line("shape", json.dumps({"rows": rows, "entity": False, "blocks": {}}))


def moved(reference: str) -> Book:
    book = small.book()
    book.names["收入_上年结转"] = reference
    return book


def of_kind(kind: str, *, form: bool = True) -> Book:
    properties = {"kind": kind, **({"form": "linxiang-zhengti"} if form else {})}
    return Book({"总表": Sheet("总表")}, properties=properties)


def refusal(monkeypatch: pytest.MonkeyPatch, book: Book) -> WorkbookRefused:
    monkeypatch.setattr("selfeval_xl.ooxml.read.read_book", lambda source: book)
    with pytest.raises(WorkbookRefused) as caught:
        open_workbook(b"")
    assert say(f"refused.{caught.value.code}", **caught.value.facts)
    return caught.value


@pytest.mark.parametrize(
    ("make", "code", "facts"),
    [
        (lambda: Book({"Sheet1": Sheet("Sheet1")}), "foreign", {}),
        (lambda: without_sheet("_设置"), "unstamped", {}),
        (lambda: with_line("shape", "{"), "unstamped", {}),
        (lambda: with_line("year", "二〇二二"), "unstamped", {}),
        (lambda: of_rows(0), "unstamped", {}),
        (lambda: of_rows(MOST_ROWS + 1), "unstamped", {}),
        (lambda: of_kind("汇总"), "wrong_kind", {"kind": "汇总"}),
        (lambda: of_kind("报告"), "wrong_kind", {"kind": "报告"}),
        (lambda: of_kind("汇总", form=False), "foreign", {}),
        (lambda: of_kind("别的"), "foreign", {}),
        (lambda: with_line("form", "nonesuch"), "unknown_form", {"form": "nonesuch"}),
        (lambda: with_line("edition", "1999"), "unknown_edition", {"form": "linxiang-zhengti"}),
        (lambda: with_line("version", "2.0"), "version", {"found": "2.0"}),
        (lambda: without_sheet("支出"), "sheet_missing", {"sheet": "支出"}),
        (lambda: without_sheet("填表说明"), "sheet_missing", {"sheet": "填表说明"}),
        (renamed_sheet, "sheet_renamed", {"sheet": "支出", "like": "Sheet7"}),
        (lambda: moved("收入!$D$6:$D$10"), "layout_changed", {"name": "收入_上年结转"}),
        (lambda: moved("收入!$C$6:$C$11"), "layout_changed", {"name": "收入_上年结转"}),
        (lambda: moved("收入!$C$7:$C$11"), "layout_changed", {"moved": "的上部插入了 1 行"}),
        (lambda: moved("收入!$C$4:$C$8"), "layout_changed", {"moved": "的上部删除了 2 行"}),
        (lambda: moved("收入!$C$6:$C$11"), "layout_changed", {"moved": "的表格里插入了 1 行"}),
        (lambda: moved("收入!$C$6:$C$8"), "layout_changed", {"moved": "的表格里删除了 2 行"}),
        (lambda: moved("收入!$D$6:$D$10"), "layout_changed", {"sheet": "收入", "moved": "插入了 1 列"}),
        (lambda: moved("收入!$B$6:$B$10"), "layout_changed", {"moved": "删除了 1 列"}),
        (lambda: moved("支出!$C$6:$C$10"), "layout_changed", {"moved": "的“收入_上年结转”被移到了别处"}),
        (lambda: moved("某个常数"), "layout_changed", {"moved": "的“收入_上年结转”被移到了别处"}),
        (lambda: moved("#REF!"), "layout_changed", {"moved": "删除了“收入_上年结转”所在的行或列"}),
    ],
)
def test_only_what_cannot_be_placed_is_refused(
    monkeypatch: pytest.MonkeyPatch, make: Callable[[], Book], code: str, facts: dict[str, Any]
) -> None:
    refused = refusal(monkeypatch, make())
    assert refused.code == code
    assert facts.items() <= refused.facts.items()


@pytest.mark.parametrize("reference", ["='收入'!$C$6:$C$10", "收入!C6:C10", ""])
def test_a_name_may_be_spelled_as_programs_like_or_be_lost(
    monkeypatch: pytest.MonkeyPatch, reference: str
) -> None:
    monkeypatch.setattr("selfeval_xl.ooxml.read.read_book", lambda source: moved(reference))
    assert open_workbook(b"").blueprint.year == 2022


def test_a_year_stored_as_a_number_or_as_text_is_the_same() -> None:
    assert identify(with_line("year", D(2023))).year == identify(with_line("year", "2023")).year == 2023


def test_a_clerks_own_sheet_before_the_settings_is_passed_over() -> None:
    book = small.book()
    book.sheets = {"_草稿": Sheet("_草稿", values={(1, 1): "表单"}), **book.sheets}
    assert identify(book).form_id == "linxiang-zhengti"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (Cell(D("3.5"), None), D("3.5")),
        (Cell("3.5万元", None), "3.5万元"),
        (Cell(D("212.78"), "2127812.34/10000"), D("212.78")),
        (Cell(None, "2127800/10000"), D("212.78")),
        (Cell(None, "1/0"), CellError.DIV0),
        (Cell(None, "A1*2"), "=A1*2"),
        (Cell(None, "收入合计"), "=收入合计"),
        (Cell(None, "SUM("), "=SUM("),
        (Cell("", None), None),
        (Cell("", '""'), None),
        (Cell(CellError.REF, "#REF!"), CellError.REF),
    ],
)
def test_an_input_cell_holds_what_it_shows(cell: Cell, value: Value) -> None:
    book = small.book()
    put(book.sheets["收入"], (7, 7), cell)
    blueprint = build(small.form(), small.settings(), Shape(5), 2022)
    assert typed_cells(book, blueprint).get(small.at("收入!G7")) == value


def test_what_is_typed_into_locked_cells_or_beside_the_form_is_not_taken() -> None:
    book = small.book()
    book.sheets["收入"].values |= {(6, 1): "别的名称", (99, 9): D(1)}
    blueprint = build(small.form(), small.settings(), Shape(5), 2022)
    typed = typed_cells(book, blueprint)
    assert small.at("收入!A6") not in typed
    assert small.at("收入!I99") not in typed


def test_dates_of_a_workbook_that_counts_from_1904_are_the_days_that_it_shows() -> None:
    blueprint = build(small.form(), small.settings(), Shape(3), 2022)
    book = small.book()
    book.date1904 = True
    usual = typed_cells(small.book(), blueprint)
    day = small.at(small.field("封面.报告日期"))
    book.sheets[day.sheet].values[day.row, day.column] = D(43643)
    typed = typed_cells(book, blueprint)
    assert typed[day] == D(45105)
    assert {key: value for key, value in typed.items() if key != day} == {
        key: value for key, value in usual.items() if key != day
    }
    book.sheets[day.sheet].values[day.row, day.column] = "六月末"
    assert typed_cells(book, blueprint)[day] == "六月末"


# One file looked at


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The balanced report as a file."""
    report = small.inspected(small.balanced())
    assert report.blueprint is not None
    assert report.values is not None
    path = tmp_path_factory.mktemp("books") / "small.xlsx"
    write_workbook(report.blueprint, Values(report.blueprint, report.values.typed), path)
    return path


def test_a_written_workbook_is_clean_and_says_whose_it_is(workbook: Path) -> None:
    report = inspecting.inspect(workbook)
    assert (report.status, report.findings, report.reason) == ("clean", [], None)
    assert (report.department, report.code, report.year, report.kind) == (
        "某县某某局",
        "007",
        2022,
        "filling",
    )
    assert report.revision == 1
    assert report.field_value(("绩效自评", "评价等次")) == "优"


def test_looking_at_a_file_does_not_change_it(workbook: Path) -> None:
    before = workbook.read_bytes(), workbook.stat().st_mtime_ns
    inspecting.inspect(workbook)
    assert (workbook.read_bytes(), workbook.stat().st_mtime_ns) == before


def test_a_file_shorn_of_its_end_is_refused_and_nothing_is_raised(workbook: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(workbook.read_bytes()[:-200])
    report = inspecting.inspect(broken)
    assert report.status == "refused"
    assert report.reason == say("refused.damaged")
    assert (report.department, report.code, report.year, report.kind, report.form) == (None,) * 5
    assert report.revision == 1


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.json", b"{", say("refused.not_json", line=1, column=2)),
        ("a.JSON", b"\xff", say("refused.not_text")),
        ("a.xlsx", b"<html>", say("refused.is_html")),
        ("a.xlsx", b"", say("refused.empty")),
        ("none.json", None, say("refused.missing")),
        ("none.xlsx", None, say("refused.missing")),
    ],
)
def test_a_refused_file_has_its_reason(tmp_path: Path, name: str, content: bytes | None, reason: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    report = inspecting.inspect(tmp_path / name)
    assert (report.status, report.reason, report.other_kind) == ("refused", reason, False)


def test_too_large_a_data_file_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspecting, "MOST_DATA", 10)
    path = tmp_path / "a.json"
    path.write_bytes(b"{" + b" " * 20 + b"}")
    assert inspecting.inspect(path).reason == say("refused.too_large")


def test_a_workbook_of_another_kind_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("selfeval_xl.ooxml.read.read_book", lambda source: of_kind("汇总"))
    report = inspecting.inspect(tmp_path / "summary.xlsx")
    assert (report.reason, report.other_kind) == (say("refused.wrong_kind", kind="汇总"), True)


def test_text_where_year_or_revision_belongs_counts_as_none() -> None:
    report = small.inspected(small.changed(封面_年度="二〇二二", 封面_报送次数="二"))
    assert (report.year, report.revision) == (None, 1)
    assert report.field_value(None) is None
