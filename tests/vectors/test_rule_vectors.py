"""Every rule's passing and failing cases, by Python's check and by LibreOffice's recalculation."""

import copy
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from selfeval_xl.app.as_json import files_json
from selfeval_xl.consolidation.reduce import reduced
from selfeval_xl.form.library import find_form, settings_for
from selfeval_xl.jobs.fill import fill
from selfeval_xl.submission.data import read_data
from selfeval_xl.submission.inspect import inspect_submission
from tests.support.office import recalculated, values

VECTORS = tomllib.loads(Path(__file__).with_name("rules.toml").read_text(encoding="utf-8"))
FORM = find_form("linxiang-zhengti")
CASES = VECTORS["case"]
NAMES = [f"{case['rule']}-{number}" for number, case in enumerate(CASES)]
# Tested where their files are: a workbook's parts, other papers, prose.
ELSEWHERE = ("integrity", "filed", "previous", "reference", "narrative")


def base() -> dict[str, Any]:
    data: dict[str, Any] = {"表单": FORM.id, "版次": FORM.edition}
    for path, value in VECTORS["base"].items():
        section, label = path.split(".", 1)
        data.setdefault(section, {})[label] = value
    for table in FORM.tables.values():
        data[table.label] = [
            {
                table.name_label: row["机构名称"],
                **dict(zip((one.label for one in table.inputs), row[table.label], strict=True)),
            }
            for row in VECTORS["row"]
        ]
    data["评价人员"], data["评价报告综述"] = VECTORS["evaluator"], VECTORS["section"]
    data["封面"]["年度"] = FORM.edition
    return data


def changed(case: dict[str, Any]) -> dict[str, Any]:
    data = copy.deepcopy(base())
    for path, value in case.get("set", {}).items():
        new = None if value == "空" else value
        row = re.fullmatch(r"(.+)\[(\d+)\]\.(.+)", path)
        if row is None:
            *steps, label = path.split(".", path.count(".") if path.startswith("汇总") else 1)
            target = data
            for step in steps:
                target = target.setdefault(step, {})
            target[label] = new
            continue
        for table in FORM.tables if row[1] == "*" else [row[1]]:
            data[table][int(row[2]) - 1][row[3]] = new
    return data


def findings(data: dict[str, Any], *, doubts: bool = False) -> list[dict[str, Any]]:
    submission = read_data(json.dumps(data, ensure_ascii=False).encode())
    report = inspect_submission(Path("case.json"), submission, settings_for(FORM))
    (file,) = files_json([reduced(report)])["files"]
    return list(file["doubts" if doubts else "findings"])


def test_the_base_report_is_clean() -> None:
    assert findings(base()) == findings(base(), doubts=True) == []


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_python_finds_the_case_at_its_cell_with_its_difference(case: dict[str, Any]) -> None:
    found = findings(changed(case), doubts=FORM.rule(case["rule"]).bureau)
    standing = [one for one in found if one["follows"] is None]
    if "cell" not in case:
        assert case["rule"] not in {one["rule"] for one in standing}
        assert {one["rule"] for one in standing} <= {*case.get("others", ()), "N-02"}
        return
    first = case.get("first", case["rule"])
    assert case["rule"] in {one["rule"] for one in found}
    assert [one["rule"] for one in standing if one["rule"] not in case.get("others", ())] == [first]
    one = next(one for one in standing if one["rule"] == first)
    assert one["cells"][0] == case["cell"]
    if "difference" in case:
        assert one["difference"] == case["difference"]


@pytest.fixture(scope="module")
def recalculated_checks(tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, str]]:
    """Return each case's verdicts by rule as LibreOffice computes them."""
    folder = tmp_path_factory.mktemp("vectors")
    books = []
    for number, case in enumerate(CASES):
        if not case.get("printed"):
            data, target = folder / f"{number}.json", folder / f"{number}.xlsx"
            data.write_text(json.dumps(changed(case), ensure_ascii=False), encoding="utf-8")
            fill(data, target, force=True)
            books.append(target)
    sheet = FORM.sheet_of_kind("checks").name
    checks: dict[int, dict[str, str]] = {}
    for path in recalculated(books, folder / "out"):
        cells = values(path)[sheet]
        rows = {str(value): row for (row, column), value in cells.items() if column == 1}
        checks[int(path.stem)] = {rule: str(cells.get((row, 4))) for rule, row in rows.items()}
    return checks


@pytest.mark.office
@pytest.mark.parametrize("number", range(len(CASES)), ids=NAMES)
def test_the_recalculated_workbook_says_the_same(
    number: int, recalculated_checks: dict[int, dict[str, str]]
) -> None:
    case = CASES[number]
    if case.get("printed"):
        assert number not in recalculated_checks
    elif FORM.rule(case["rule"]).scope == "program" or FORM.rule(case["rule"]).bureau:
        assert recalculated_checks[number][case["rule"]] == "未检"
    else:
        assert recalculated_checks[number][case["rule"]] == case["verdict"]


def test_every_rule_has_a_failing_case() -> None:
    failing = {case["rule"] for case in CASES if "cell" in case}
    wanted = {rule.id for rule in FORM.rules if rule.check.split(".")[0] not in ELSEWHERE}
    assert wanted - failing == set()
