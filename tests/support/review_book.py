"""Writes a workbook in which an expert judges the rules: for each one a case that it passes and those that it fails.

    python -m tests.support.review_book -o FILE

The cases are those of the tests (`tests/vectors/rules.toml`): a sound little report with a thing or two changed.
"""

import argparse
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from selfeval_xl.blueprint.checks import AT, FIRST_RULE_ROW
from selfeval_xl.blueprint.limits import rules_of
from selfeval_xl.blueprint.lists import Column, put_list, start_sheet
from selfeval_xl.blueprint.model import Blueprint
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address, Value
from selfeval_xl.form.library import settings_for
from selfeval_xl.form.model import Rule
from selfeval_xl.reports.findings_book import report_blueprint
from selfeval_xl.submission.data import read_data
from selfeval_xl.submission.inspect import inspect_submission
from selfeval_xl.template.write import write_workbook
from tests.acceptance.calling import ROOT, Data
from tests.support.examples import first_by, gathered
from tests.vectors.test_rule_vectors import CASES, FORM, VECTORS, base, changed, findings

BOOK = ROOT / "docs" / "review" / "rules-2022.xlsx"
SEVERITIES = {"error": "错误", "warning": "需说明", "info": "提示"}
ABOUT = "每条规则先列不改动的底稿，再列改动后的各种情形。同意或不同意的打“√”，意见写在右边。底稿见“底稿”表。"
BASE, TAMPERED = "（底稿，不改动）", "（另一份报告，有这个错）"
COLUMNS = [
    Column("规则", 7.0, style="check.count"),
    Column("级别", 8.0, style="check.count"),
    Column("内容和依据", 36.0),
    Column("改动", 34.0),
    Column("结论", 9.0, style="check.count"),
    Column("先看", 13.0),
    Column("差额", 10.0, style="check.figure"),
    Column("屏幕上怎样说", 58.0),
    Column("同意", 6.0),
    Column("不同意", 7.0),
    Column("意见", 30.0),
]
NOTHING: Sequence[Value] = (None, None, None)


def review_book(path: Path, shown: Iterable[Data]) -> None:
    """Write the workbook to *path*, the same bytes each time; *shown* shows the rules that no case shows."""
    book = report_blueprint(FORM, settings_for(FORM), FORM.edition)
    cases = {case["rule"] for case in CASES if "cell" in case}
    found = {rule: one for rule, one in first_by("rule", shown).items() if rule not in cases}
    verdicts = _verdicts()
    rows = [row for rule in rules_of(FORM, book.settings) for row in _rows(rule, verdicts, found)]
    sheet = start_sheet(book, "规则", COLUMNS, f"{FORM.name}（{FORM.edition} 版）规则审阅", ABOUT)
    put_list(sheet, COLUMNS, lambda: rows, len(rows))
    _base(book)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_workbook(book, Values(book, {}), path)


def _rows(rule: Rule, verdicts: Mapping[str, Value], found: Mapping[str, Data]) -> list[Sequence[Value]]:
    about = (rule.id, SEVERITIES[rule.severity], f"{rule.text}\n依据：{rule.basis}")
    cases = [case for case in CASES if case["rule"] == rule.id]
    others = [found[rule.id]] if rule.id in found else []
    return [
        (*about, BASE, verdicts[rule.id], None, None, None, *NOTHING),
        *((*about, _change(case), *_outcome(case), *NOTHING) for case in cases),
        *((*about, TAMPERED, "不符", *_told(one), *NOTHING) for one in others),
    ]


def _verdicts() -> dict[str, Value]:
    """Return what the check sheet says of every rule in the report that nothing was changed in."""
    data = json.dumps(base(), ensure_ascii=False).encode()
    report = inspect_submission(Path("base.json"), read_data(data), settings_for(FORM))
    assert report.values is not None
    name = FORM.sheet_of_kind("checks").name
    rows = range(FIRST_RULE_ROW, FIRST_RULE_ROW + len(FORM.rules))
    return {
        str(report.values(Address(name, row, AT["rule"]))): report.values(Address(name, row, AT["verdict"]))
        for row in rows
    }


def _change(case: Data) -> str:
    """Return what is different from the base, a line each."""
    lines = [f"{path} = {value}" for path, value in case.get("set", {}).items()]
    if case.get("printed"):
        lines.append("（数据里印出的合计）")
    return "\n".join(lines)


def _outcome(case: Data) -> Sequence[Value]:
    """Return the verdict, where to look, the difference, and the sentence as a clerk reads it."""
    verdict = case.get("verdict", "不符")
    both = [*findings(changed(case)), *findings(changed(case), doubts=True)]
    found = [one for one in both if one["rule"] == case["rule"]]
    if "cell" not in case or not found:
        return verdict, None, None, None
    one = next((one for one in found if one["cells"][0] == case["cell"]), found[0])
    return verdict, *_told(one)


def _told(finding: Data) -> Sequence[Value]:
    difference = None if finding["difference"] is None else Decimal(finding["difference"])
    follows = f"（由 {finding['follows']} 引起）" if finding["follows"] else ""
    return finding["cells"][0], difference, finding["message"] + follows


def _base(book: Blueprint) -> None:
    """Lay out the report from which every case starts."""
    columns = [Column("位置", 44.0), Column("内容", 30.0, style="check.figure")]
    rows: list[Sequence[Value]] = [(path, _value(value)) for path, value in VECTORS["base"].items()]
    for number, row in enumerate(VECTORS["row"], start=1):
        for table in FORM.tables.values():
            items = [one.label for one in table.inputs]
            named = f"{table.label}[{number}]（{row[FORM.names.name_label]}）"
            rows += [
                (f"{named}.{item}", _value(value))
                for item, value in zip(items, row[table.label], strict=True)
            ]
    sheet = start_sheet(book, "底稿", columns, "底稿：各种情形都从它改动而来")
    put_list(sheet, columns, lambda: rows, len(rows))


def _value(value: object) -> Value:
    return Decimal(str(value)) if isinstance(value, (int, float)) else str(value)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=BOOK)
    with tempfile.TemporaryDirectory() as folder:
        review_book(parser.parse_args().output, gathered(Path(folder)))
