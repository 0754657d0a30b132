"""A file reduced: what a summary needs of it, and nothing that a printed total could spoil."""

import hashlib
import pickle
from decimal import Decimal as D
from pathlib import Path

import pytest

from selfeval_xl.cells import Address
from selfeval_xl.consolidation.reduce import Reduced, reduce_file, reduced
from selfeval_xl.findings import Finding
from tests.support import small_report as small

CELL = (Address("收入", 6, 2),)


def finding(severity: str, *, follows: str | None = None, explanation: str | None = None) -> Finding:
    return Finding("X-03", "limit.exceeded", severity, CELL, follows=follows, explanation=explanation)


def of(*findings: Finding) -> Reduced:
    return Reduced(Path("a.xlsx"), "errors", findings=list(findings))


@pytest.mark.parametrize(
    ("code", "department", "key"),
    [("007", "某局", "007"), (None, "（某） 局", "某局"), ("", "某局", "某局"), (None, None, "a.xlsx")],
)
def test_a_department_is_known_by_its_code_else_its_name(
    code: str | None, department: str | None, key: str
) -> None:
    assert Reduced(Path("a.xlsx"), "clean", code=code, department=department).key == key


def test_only_findings_that_stand_on_their_own_are_counted() -> None:
    one = of(finding("error"), finding("error", follows="F-02@收入!B6"), finding("warning"), finding("info"))
    assert [one.count(severity) for severity in ("error", "warning", "info")] == [1, 1, 1]
    assert one.has_errors
    assert not of(finding("error", follows="F-02@收入!B6")).has_errors


@pytest.mark.parametrize(
    ("change", "is_open"),
    [({}, True), ({"follows": "E-04@支出!H7"}, False), ({"explanation": "差额1.00万元：调整"}, False)],
)
def test_an_explained_warning_is_not_open(change: dict[str, str], *, is_open: bool) -> None:
    assert of(finding("warning", **change)).has_open_warnings is is_open


def test_a_report_is_reduced_to_its_total_row_and_its_entities() -> None:
    one = reduced(small.inspected(small.balanced()))
    assert [line.name for line in one.lines] == ["局机关及二级机构汇总", *small.ENTITIES]
    assert one.lines[0].amounts["收入", "收入合计"] == D("335.90")
    assert one.lines[2].amounts["支出", "基本支出"] == 70
    assert (one.department, one.code, one.year, one.revision) == ("某县某某局", "007", 2022, 1)
    assert (one.score, one.grade, one.kind, one.status) == (D("91.5"), "优", "filling", "clean")
    assert one.department_cell == small.at(small.field("封面.部门(单位)名称"))


def test_a_printed_total_is_a_finding_and_no_figure_to_add_up() -> None:
    one = reduced(small.inspected(small.changed(收入_2_收入合计=9999)))
    assert one.status == "errors"
    assert one.lines[0].amounts["收入", "收入合计"] == D("335.90")
    assert one.lines[2].amounts["收入", "收入合计"] == D("86.15")


def test_blank_amounts_are_left_out_and_text_makes_totals_not_computable() -> None:
    one = reduced(small.inspected(small.changed(收入_2_其他收入="无", 收入_3_其他收入=None)))
    assert ("收入", "其他收入") not in one.lines[3].amounts
    assert one.lines[2].amounts["收入", "其他收入"] == "无"
    assert one.lines[0].amounts["收入", "收入合计"] == "无法计算"


def test_a_refused_file_keeps_its_reason_and_its_digest(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"{")
    one = reduce_file(path)
    assert (one.status, one.lines, one.form_path) == ("refused", [], None)
    assert one.reason
    assert one.sha256 == hashlib.sha256(b"{").hexdigest()


def test_a_file_that_is_not_there_has_no_digest(tmp_path: Path) -> None:
    assert reduce_file(tmp_path / "none.xlsx").sha256 == ""


def test_what_is_reduced_travels_between_processes() -> None:
    one = reduced(small.inspected(small.changed(支出_2_累计结余=1)))
    again = pickle.loads(pickle.dumps(one))  # noqa: S301 - pickled a moment ago
    assert again == one
    assert len(pickle.dumps(one)) < 20_000
