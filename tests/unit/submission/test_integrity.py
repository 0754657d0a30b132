"""What a workbook lost against its blueprint: formulas, labels, and where each cell belongs."""

from decimal import Decimal as D

import pytest

from selfeval_xl.blueprint.build import build
from selfeval_xl.blueprint.model import Shape
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Value
from selfeval_xl.ooxml.book import Book
from selfeval_xl.submission.check import check
from selfeval_xl.submission.integrity import MANY, Damage, compare, locate, normalised
from selfeval_xl.submission.workbook import typed_cells
from tests.support import small_report as small
from tests.support.cells import Cell, put

REPORT = small.inspected(small.balanced())
BLUEPRINT = build(
    small.form(), small.settings(), REPORT.blueprint.shape if REPORT.blueprint else Shape(3), 2022
)


def damaged(changes: dict[str, Cell | None], book: Book | None = None) -> Damage:
    found = book or small.book()
    for cell, content in changes.items():
        at = small.at(cell)
        put(found.sheets[at.sheet], (at.row, at.column), content)
    return compare(found, BLUEPRINT, typed_cells(found, BLUEPRINT))


def typed(value: Value) -> Cell:
    return Cell(value, None)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("=SUM(A1:A2)", "sum($A$1:$A$2)"),
        ("'收入'!A1 + 1", "收入!A1+1"),
        ("_xlfn.IFS(A1,1)", "IFS(A1, 1)"),
        ('IF(A1=0,\n"",1)', 'IF(A1=0,"",1)'),
    ],
)
def test_what_programs_write_differently_is_the_same_formula(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize("other", ["SUM(A1:A3)", "SUM(A1,A2)", "SUM(A1:A2)+0", "-SUM(A1:A2)", ""])
def test_another_formula_is_another(other: str) -> None:
    assert normalised(other) != normalised("SUM(A1:A2)")


def test_an_undamaged_workbook_lost_nothing() -> None:
    assert damaged({}) == Damage()


@pytest.mark.parametrize(
    ("content", "actual", "difference"),
    [
        (typed(D(90)), D(90), D("3.85")),
        (typed("90万"), "90万", None),
        (None, None, None),
        (Cell(D("86.15"), "SUM(C7:F7)"), D("86.15"), D(0)),
        (Cell(None, "#REF!+1"), None, None),
    ],
)
def test_a_lost_formula_is_told_with_what_stands_there_and_what_should(
    content: Cell | None, actual: Value, difference: D | None
) -> None:
    damage = damaged({"收入!B7": content})
    (finding,) = damage.findings
    assert (finding.id, finding.code, finding.severity) == ("F-02@收入!B7", "formula.lost", "error")
    assert (finding.entity, finding.item) == (None, "收入合计")
    assert (finding.actual, finding.expected, finding.difference) == (actual, D("86.15"), difference)
    assert damage.stated == {small.at("收入!B7"): actual}
    assert damage.expected == {small.at("收入!B7"): D("86.15")}


def test_a_formula_that_another_program_wrote_anew_is_no_loss() -> None:
    book = small.book()
    sheet = book.sheets["收入"]
    spelled = "=" + sheet.formulas[7, 2].replace(",", " , ").replace("B", "$B").lower()
    assert damaged({"收入!B7": Cell(sheet.values[7, 2], spelled)}, book).findings == []


def test_what_a_lost_formula_made_wrong_follows_it() -> None:
    damage = damaged({"收入!B7": typed(D(90))})
    assert REPORT.values is not None
    found = small.shown(check(Values(BLUEPRINT, REPORT.values.typed, damage.stated), damage=damage).findings)
    assert found[0] == "F-02@收入!B7"
    assert "I-01@收入!B7<F-02@收入!B7" in found
    assert all(one.endswith("<F-02@收入!B7") for one in found[1:])


@pytest.mark.parametrize(("count", "findings"), [(MANY, MANY), (MANY + 1, 1)])
def test_a_sheet_pasted_over_as_values_is_one_finding(count: int, findings: int) -> None:
    book = small.book()
    sheet = book.sheets["收入"]
    for spot in sorted(sheet.formulas)[:count]:
        del sheet.formulas[spot]
    damage = damaged({}, book)
    assert len(damage.findings) == findings
    assert sum(len(one.cells) for one in damage.findings) == count
    assert len(damage.stated) == count
    if findings == 1:
        (one,) = damage.findings
        assert (one.code, one.facts) == ("formula.lost_many", {"count": str(count), "sheet": "收入"})


@pytest.mark.parametrize(
    ("cell", "content", "actual"),
    [
        ("收入!C3", typed("其中：3.7"), "其中：3.7"),
        ("收入!C3", None, None),
        ("支出!A6", typed("合计"), "合计"),
        ("收入!A6", typed(D(3)), D(3)),
        ("校验!C7", typed("随便"), "随便"),
    ],
)
def test_a_changed_label_is_told_with_the_templates(cell: str, content: Cell | None, actual: Value) -> None:
    (finding,) = damaged({cell: content}).findings
    assert (finding.id, finding.code, finding.severity) == (f"N-04@{cell}", "label.changed", "warning")
    plan = BLUEPRINT.plan(small.at(cell))
    assert plan is not None
    assert (finding.actual, finding.expected) == (actual, plan.value)


@pytest.mark.parametrize("text", ["三公经费 合计", "三公经费\n合计 ", "三公经费\r\n合计"])
def test_blanks_and_line_breaks_change_no_label(text: str) -> None:
    assert damaged({"三公经费!B3": typed(text)}).findings == []


def test_an_empty_part_of_a_merged_header_may_be_written_as_empty_text() -> None:
    assert damaged({"收入!D3": typed("")}).findings == []
    assert [one.id for one in damaged({"收入!D3": typed("x")}).findings] == ["N-04@收入!D3"]


def test_the_settings_sheet_is_no_clerks_label() -> None:
    assert damaged({"_设置!B5": typed(D(2021))}).findings == []


def test_formulas_come_before_labels() -> None:
    damage = damaged({"收入!A5": typed("合计"), "固定资产!B6": typed(D(1))})
    assert [one.id for one in damage.findings] == ["F-02@固定资产!B6", "N-04@收入!A5"]


@pytest.mark.parametrize(
    ("cell", "entity", "item"),
    [
        ("收入!B5", "局机关及二级机构汇总", ("收入", "收入合计")),
        ("支出!B6", "机关及二级机构汇总", ("支出", "支出合计")),
        ("支出!D7", "机关", ("支出", "人员支出")),
        ("支出!D8", "甲中心", ("支出", "人员支出")),
        ("支出!A8", "甲中心", None),
        ("收入!H7", "甲中心", None),
        ("支出!D11", None, ("支出", "人员支出")),
        ("支出!D12", None, None),
        ("支出!A1", None, None),
        ("封面!A1", None, None),
    ],
)
def test_a_cell_is_located_by_entity_and_item(
    cell: str, entity: str | None, item: tuple[str, str] | None
) -> None:
    assert locate(BLUEPRINT, small.at(cell), REPORT.values) == (entity, item)


def test_a_single_field_is_located_by_its_own_name() -> None:
    key = ("基本概况", "实有人数")
    assert locate(BLUEPRINT, BLUEPRINT.places.fields[key], REPORT.values) == (None, key)


def test_without_values_only_printed_names_are_known() -> None:
    assert locate(BLUEPRINT, small.at("支出!D7")) == ("机关", ("支出", "人员支出"))
    assert locate(BLUEPRINT, small.at("支出!D8")) == (None, ("支出", "人员支出"))
