"""Findings as JSON: the shape that other programs rely on."""

import json
from decimal import Decimal as D
from pathlib import Path

from selfeval_xl.app.as_json import consolidated_json, dumps, files_json
from selfeval_xl.consolidation.reduce import Reduced, reduced
from selfeval_xl.consolidation.select import select
from selfeval_xl.jobs.consolidate import Consolidated
from tests.support import small_report as small

FILE_KEYS = [
    "file",
    "department",
    "code",
    "year",
    "kind",
    "status",
    "reason",
    "findings",
    "doubts",
    "reconciliations",
    "silenced",
]
FINDING_KEYS = [
    *("rule", "code", "severity", "cells", "entity", "item", "expected", "actual", "difference"),
    *("causes", "follows", "explanation", "message"),
]
REFUSED = Reduced(Path("z.xlsx"), "refused", "文件已损坏。")


def test_a_finding_has_the_promised_keys_and_figures_as_text() -> None:
    one = reduced(small.inspected(small.changed(收入_1_收入合计=218.87)))
    data = files_json([one])
    (file,) = data["files"]
    first = file["findings"][0]
    assert list(file) == FILE_KEYS
    assert list(first) == FINDING_KEYS
    assert first == {
        **first,
        "rule": "I-01",
        "code": "total.mismatch",
        "severity": "error",
        "entity": "局机关",
        "item": "收入合计",
        "expected": "218.50",
        "actual": "218.87",
        "difference": "0.37",
        "causes": [],
        "follows": None,
        "explanation": None,
    }
    assert first["cells"][0] == "收入!B6"
    assert first["message"].startswith("收入!B6 局机关·收入合计：填报 218.87 万元")
    assert file["findings"][1]["follows"] == "I-01@收入!B6"
    assert (file["kind"], file["year"], file["status"], file["reason"]) == ("填报", 2022, "errors", None)


def test_differences_are_signed_and_causes_are_words() -> None:
    one = reduced(small.inspected(small.changed(汇总={"收入": {"收入合计": 335.89}})))
    (finding, *_) = files_json([one])["files"][0]["findings"]
    assert (finding["difference"], finding["causes"]) == ("-0.01", ["尾差"])


def test_a_blank_figure_is_null() -> None:
    one = reduced(small.inspected(small.changed(支出_1_累计结余=None)))
    assert files_json([one])["files"][0]["findings"][0]["actual"] is None


def test_a_refused_file_has_its_reason_and_nothing_else() -> None:
    (file,) = files_json([REFUSED])["files"]
    assert file == {
        **dict.fromkeys(FILE_KEYS),
        "file": "z.xlsx",
        "status": "refused",
        "reason": "文件已损坏。",
        **{key: [] for key in ("findings", "doubts", "reconciliations", "silenced")},
    }


def test_every_status_is_counted_even_where_there_is_none() -> None:
    files = [REFUSED, Reduced(Path("a"), "clean"), Reduced(Path("b"), "clean")]
    assert files_json(files)["totals"] == {
        "files": 3, "clean": 2, "info": 0, "warnings": 0, "errors": 0, "refused": 1,
    }  # fmt: skip
    assert files_json([]) == {
        "files": [],
        "totals": {"files": 0, "clean": 0, "info": 0, "warnings": 0, "errors": 0, "refused": 0},
    }


def test_a_consolidation_adds_sums_statuses_and_what_was_skipped() -> None:
    files = [
        reduced(small.inspected(small.changed(), name="a.json")),
        reduced(small.inspected(small.changed(封面_报送次数=2, 支出_2_累计结余=1.15), name="b.json")),
        REFUSED,
    ]
    sums: dict[str, dict[str, D | str]] = {"收入": {"收入合计": D("335.9"), "其他收入": "无法计算"}}
    result = Consolidated(files, select(files), small.form(), sums)
    data = consolidated_json(result)
    summary = data["summary"]
    assert data["totals"]["files"] == 3
    assert (summary["form"], summary["year"]) == ("linxiang-zhengti", 2022)
    assert summary["sums"] == {"收入": {"收入合计": "335.90", "其他收入": "无法计算"}}
    assert summary["departments"] == {"clean": 0, "info": 0, "warnings": 1, "errors": 0, "refused": 1}
    assert summary["skipped"] == [{"file": "a.json", "reason": "同一部门另有“b.json”，采用那一份"}]


def test_a_consolidation_of_nothing_names_no_form() -> None:
    summary = consolidated_json(Consolidated([REFUSED], select([REFUSED])))["summary"]
    assert (summary["form"], summary["year"], summary["sums"]) == (None, None, {})


def test_json_is_printed_with_its_chinese_and_read_back() -> None:
    text = dumps(files_json([REFUSED]))
    assert "拒收" not in text
    assert "文件已损坏。" in text
    assert json.loads(text)["totals"]["refused"] == 1
