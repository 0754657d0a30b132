"""The screen: worst first, what follows folded under its cause, one line a file."""

import sys
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from selfeval_xl.app.cli import run
from selfeval_xl.app.screen import coloured, file_lines, finding_lines, totals_line
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.findings import Finding, Reconciliation
from selfeval_xl.form.model import Silenced
from tests.acceptance.calling import SEED
from tests.support.small_report import at

INFO = Finding("N-05", "cell.blank", "info", (at("收入!C6"),), facts={"count": "2", "list": "收入!C6:D6"})
WARNING = Finding("N-04", "label.changed", "warning", (at("收入!C3"),), actual="其中：3.7", expected="其中：")
ERROR = Finding(
    "F-02", "formula.lost_many", "error", (at("收入!B6"),), facts={"sheet": "收入", "count": "13"}
)


def follower(rule: str, cell: str, cause: str) -> Finding:
    return Finding(rule, "cell.blank", "error", (at(cell),), follows=cause)


def test_the_worst_comes_first_whatever_was_found_first() -> None:
    lines = list(finding_lines([INFO, WARNING, ERROR]))
    assert [line.strip()[:4] for line in lines] == ["[错误]", "[需说明"[:4], "[提示]"]
    assert [line.rsplit("（", 1)[1] for line in lines] == ["F-02）", "N-04）", "N-05）"]


def test_of_one_severity_the_order_of_explanation_is_kept() -> None:
    second = Finding("N-02", "cell.not_number", "error", (at("收入!B7"),), actual="无")
    assert [line[-5:-1] for line in finding_lines([ERROR, second])] == ["F-02", "N-02"]
    assert [line[-5:-1] for line in finding_lines([second, ERROR])] == ["N-02", "F-02"]


def test_what_follows_is_folded_under_its_cause() -> None:
    findings = [
        follower("I-02", "收入!B5", "F-02@收入!B6"),
        ERROR,
        follower("X-01", "支出!H7", "F-02@收入!B6"),
        INFO,
    ]
    lines = list(finding_lines(findings))
    assert len(lines) == 3
    assert lines[1] == "      由上一问题引起，不用另改：I-02@收入!B5、X-01@支出!H7"


def test_an_accepted_explanation_stands_below_its_finding_and_above_what_follows() -> None:
    explained = Finding(
        "N-04",
        "label.changed",
        "warning",
        (at("收入!C3"),),
        actual="a",
        expected="b",
        explanation="单位另有叫法",
    )
    lines = list(finding_lines([follower("I-01", "收入!B6", "N-04@收入!C3"), explained]))
    assert lines[1:] == ["      已有说明：单位另有叫法", "      由上一问题引起，不用另改：I-01@收入!B6"]


def test_nothing_found_is_nothing_said() -> None:
    assert list(finding_lines([])) == []


def test_a_file_is_named_with_its_department_and_status() -> None:
    one = Reduced(Path("a.xlsx"), "errors", findings=[ERROR], department="某局")
    assert next(file_lines(one)) == "a.xlsx（某局）：有错误"
    assert len(list(file_lines(one))) == 3


def test_what_a_rule_rests_on_stands_behind_its_number() -> None:
    (line,) = finding_lines([ERROR], {"F-02": "填表说明第1条"})
    assert line.endswith("（F-02，依据：填表说明第1条）")


def test_the_last_line_of_a_file_counts_what_stands_on_its_own() -> None:
    explained = replace(WARNING, explanation="单位另有叫法")
    found = [ERROR, follower("I-01", "收入!B6", ERROR.id), WARNING, explained, INFO]
    *_, last = file_lines(Reduced(Path("a.xlsx"), "errors", findings=found))
    assert last == "  共：错误 1 项，需说明 2 项（已说明 1 项），提示 1 项。"


def test_of_very_many_findings_of_a_rule_the_first_are_shown() -> None:
    many = [Finding("N-02", "cell.not_number", "error", (at(f"收入!C{row}"),)) for row in range(6, 30)]
    lines = list(finding_lines([*many, WARNING]))
    assert len(lines) == 8 + 1 + 1
    assert lines[8].startswith("  [错误] 另有 16 处同类问题：收入!C14、收入!C15、")
    assert lines[8].endswith("、收入!C21等（N-02）")
    assert "另有" not in "".join(finding_lines(many[:8]))
    assert "另有 1 处同类问题：收入!C14（N-02）" in list(finding_lines(many[:9]))[8]


def test_very_many_that_follow_are_counted() -> None:
    followers = [follower("I-01", f"收入!B{row}", ERROR.id) for row in range(6, 14)]
    assert list(finding_lines([ERROR, *followers]))[1].endswith("、I-01@收入!B11等，另 2 处")


def test_what_goes_together_and_what_is_not_checked_is_told_and_no_doubt() -> None:
    amounts = (Decimal("179.51"), Decimal("180.00"), (("其他收入", Decimal("0.49")),))
    line = Reconciliation(at("基本概况!A9"), "财政拨款", "基本支出", at("支出!C7"), *amounts, "万元")
    silenced = (Silenced("X-03", "有借款"), Silenced("X-06", "别的部门的", "某某局"))
    doubt = Finding("X-12", "rule.failed", "info", (at("支出!D7"),), is_doubt=True)
    one = Reduced(
        Path("a.xlsx"), "clean", doubts=[doubt], reconciliations=[line], silenced=silenced, department="某局"
    )
    assert list(file_lines(one)) == [
        "a.xlsx（某局）：没有问题",
        f"  [已对上] {line.sentence()}",
        "  停用的规则：X-03（有借款）",
    ]


def test_severity_and_status_have_their_colours() -> None:
    lines = list(file_lines(Reduced(Path("a.xlsx"), "errors", findings=[ERROR, INFO]), coloured))
    assert [line.count("\x1b[31m") for line in lines] == [1, 1, 0, 0]
    assert "\x1b[36m" in lines[2]


@pytest.mark.parametrize(
    ("is_terminal", "no_color", "shown"), [(True, "", True), (True, "1", False), (False, "", False)]
)
def test_colours_are_for_a_terminal_where_nobody_refused_them(
    is_terminal: bool,
    no_color: str,
    shown: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: is_terminal)
    run(["validate", str(SEED)])
    assert ("\x1b[" in capsys.readouterr().out) == shown


def test_a_file_without_a_department_is_named_alone() -> None:
    assert list(file_lines(Reduced(Path("a.xlsx"), "clean"))) == ["a.xlsx：没有问题"]


def test_a_refused_file_is_one_line_with_the_reason() -> None:
    one = Reduced(Path("a.xlsx"), "refused", "文件已损坏。", findings=[ERROR], department="某局")
    assert list(file_lines(one)) == ["a.xlsx：拒收。文件已损坏。"]


def test_the_last_line_counts_the_files_of_each_status() -> None:
    statuses = ("clean", "clean", "info", "warnings", "errors", "errors", "errors", "refused")
    line = totals_line([Reduced(Path("a.xlsx"), status) for status in statuses])
    assert line == "共 8 个文件：没有问题 2，只有提示 1，需说明 1，有错误 3，拒收 1。"


def test_a_cell_that_is_told_twice_is_named_once_and_not_under_itself() -> None:
    lead = Finding("X-21", "unit.doubtful", "error", (at("三公经费!C6"),), facts={"text": "", "unit": "万元"})
    again, other = replace(lead, follows=lead.id), follower("X-06", "三公经费!B6", lead.id)
    lines = list(finding_lines([lead, again, other, other]))
    assert lines[1].strip() == "由上一问题引起，不用另改：X-06@三公经费!B6"
