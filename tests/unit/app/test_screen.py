"""The screen: worst first, what follows folded under its cause, one line a file."""

from pathlib import Path

from selfeval_xl.app.screen import file_lines, finding_lines, totals_line
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.findings import Finding
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
    assert lines[1] == "      由上一问题引起：I-02@收入!B5、X-01@支出!H7"


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
    assert lines[1:] == ["      已有说明：单位另有叫法", "      由上一问题引起：I-01@收入!B6"]


def test_nothing_found_is_nothing_said() -> None:
    assert list(finding_lines([])) == []


def test_a_file_is_named_with_its_department_and_status() -> None:
    one = Reduced(Path("a.xlsx"), "errors", findings=[ERROR], department="某局")
    assert next(file_lines(one)) == "a.xlsx（某局）：有错误"
    assert len(list(file_lines(one))) == 2


def test_a_file_without_a_department_is_named_alone() -> None:
    assert list(file_lines(Reduced(Path("a.xlsx"), "clean"))) == ["a.xlsx：没有问题"]


def test_a_refused_file_is_one_line_with_the_reason() -> None:
    one = Reduced(Path("a.xlsx"), "refused", "文件已损坏。", findings=[ERROR], department="某局")
    assert list(file_lines(one)) == ["a.xlsx：拒收。文件已损坏。"]


def test_the_last_line_counts_the_files_of_each_status() -> None:
    statuses = ("clean", "clean", "info", "warnings", "errors", "errors", "errors", "refused")
    line = totals_line([Reduced(Path("a.xlsx"), status) for status in statuses])
    assert line == "共 8 个文件：没有问题 2，只有提示 1，需说明 1，有错误 3，拒收 1。"
