"""What other programs read: the JSON of validate, fill and consolidate, key by key."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.calling import (
    COUNTY,
    DAMAGED,
    NINE,
    SEED,
    Data,
    filled,
    saved,
    seed,
    selfeval,
    with_cell,
)

FILE_KEYS = {"file", "department", "code", "year", "kind", "status", "reason", "findings"} | {
    *("doubts", "reconciliations", "silenced"),
}
FINDING_KEYS = {
    *("rule", "code", "severity", "cells", "entity", "item", "expected", "actual", "difference", "causes"),
    *("follows", "explanation", "message"),
}
STATUSES = ("clean", "info", "warnings", "errors", "refused")
CELL = re.compile(r"('[^']+'|[^!' ]+)![A-Z]{1,3}[1-9][0-9]*")
AMOUNT = re.compile(r"-?[0-9]+\.[0-9]{2}")


def text_or_null(value: Any) -> bool:
    return value is None or (isinstance(value, str) and value != "")


def check_file(one: Data) -> None:
    assert set(one) == FILE_KEYS
    assert isinstance(one["file"], str)
    assert text_or_null(one["department"])
    assert text_or_null(one["code"])
    assert one["year"] is None or type(one["year"]) is int
    assert one["kind"] in (None, "填报", "定稿", "汇总", "报告")
    assert one["status"] in STATUSES
    assert (one["reason"] is not None) == (one["status"] == "refused")
    for finding in one["findings"]:
        check_finding(finding)
    ids = {f"{finding['rule']}@{finding['cells'][0]}" for finding in one["findings"]}
    assert {finding["follows"] for finding in one["findings"]} <= ids | {None}
    severities = {finding["severity"] for finding in one["findings"]}
    if one["reason"] is None:
        worst = next((word for word in ("error", "warning", "info") if word in severities), "clean")
        assert one["status"] == {"error": "errors", "warning": "warnings"}.get(worst, worst)


def check_finding(finding: Data) -> None:
    assert set(finding) == FINDING_KEYS
    assert re.fullmatch(r"[A-Z]+-[0-9]{2}", finding["rule"])
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", finding["code"])
    assert finding["severity"] in ("error", "warning", "info")
    assert finding["cells"]
    for cell in finding["cells"]:
        assert CELL.fullmatch(cell), cell
    for key in ("entity", "item", "expected", "actual", "follows", "explanation"):
        assert text_or_null(finding[key]), (key, finding)
    assert finding["difference"] is None or re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", finding["difference"])
    assert isinstance(finding["causes"], list)
    assert re.search("[\u4e00-\u9fff]", finding["message"])
    assert "{" not in finding["message"]


def check_totals(result: Data) -> None:
    assert set(result["totals"]) == {"files", *STATUSES}
    assert result["totals"]["files"] == len(result["files"])
    for status in STATUSES:
        assert result["totals"][status] == sum(one["status"] == status for one in result["files"])


def test_validate_prints_one_object_of_the_agreed_shape() -> None:
    result = selfeval("validate", SEED, NINE, COUNTY, "--json").json
    assert set(result) == {"files", "totals"}
    for one in result["files"]:
        check_file(one)
    check_totals(result)
    assert {one["status"] for one in result["files"]} >= {"info", "errors", "refused"}


def test_fill_prints_the_same_object_for_its_one_file(tmp_path: Path) -> None:
    outcome = selfeval("fill", NINE, "-o", tmp_path / "a.xlsx", "--json")
    assert set(outcome.json) == {"files", "totals"}
    check_file(outcome.file)
    check_totals(outcome.json)
    assert outcome.file["file"] == str(NINE)
    assert outcome.file["kind"] == "填报"


def test_refused_file_has_a_reason_and_nothing_else() -> None:
    one = selfeval("validate", DAMAGED, "--json").file
    check_file(one)
    reason = one.pop("reason")
    assert one == {
        "file": str(DAMAGED),
        "department": None,
        "code": None,
        "year": None,
        "kind": None,
        "status": "refused",
        **{key: [] for key in ("findings", "doubts", "reconciliations", "silenced")},
    }
    assert "损坏" in reason


@pytest.mark.parametrize(
    ("printed", "difference"), [(213.15, "0.37"), (212.0, "-0.78"), (212.78001, None), (0, "-212.78")]
)
def test_amounts_are_decimal_strings_and_differences_signed(
    printed: float, difference: str | None, tmp_path: Path
) -> None:
    data = seed()
    data["收入"][0]["收入合计"] = printed
    outcome = selfeval("validate", saved(tmp_path / "a.json", data), "--json")
    check_file(outcome.file)
    if difference is None:
        assert "I-01" not in {one["rule"] for one in outcome.findings}
        return
    finding = outcome.only("I-01")
    assert finding["difference"] == difference
    assert AMOUNT.fullmatch(finding["expected"])
    assert AMOUNT.fullmatch(finding["actual"])


def test_following_findings_name_a_finding_of_the_same_file(tmp_path: Path) -> None:
    book = with_cell(filled(SEED, tmp_path / "a.xlsx"), tmp_path / "b.xlsx", "收入", "B6", 213.15)
    one = selfeval("validate", book, "--json").file
    check_file(one)
    assert [finding for finding in one["findings"] if finding["follows"] == "F-02@收入!B6"]


def test_consolidate_adds_the_summary(tmp_path: Path) -> None:
    result = selfeval("consolidate", COUNTY, "-o", tmp_path / "s.xlsx", "--json").json
    assert set(result) == {"files", "totals", "findings", "summary"}
    assert result["findings"] == []
    for one in result["files"]:
        check_file(one)
    check_totals(result)
    summary = result["summary"]
    assert set(summary) >= {"sums", "departments"}
    assert list(summary["sums"]) == ["收入", "支出", "三公经费", "固定资产"]
    assert list(summary["sums"]["支出"]) == [
        *("支出合计", "基本支出", "人员支出", "公用支出", "项目支出", "当年结余", "累计结余")
    ]
    for row in summary["sums"].values():
        for value in row.values():
            assert value in (None, "无法计算") or AMOUNT.fullmatch(value)
    assert set(summary["departments"]) == set(STATUSES)
    assert sum(summary["departments"].values()) == 13
    assert summary["control"] == {"found": 13, "read": 12, "accepted": 12, "skipped": 0, "refused": 1}
