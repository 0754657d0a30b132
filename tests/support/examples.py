"""A real finding for every sentence: cases of the rules, workbooks that were tampered with, departments put together."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec.structs import replace
from openpyxl import Workbook, load_workbook

from selfeval_xl.blueprint.values import Values
from selfeval_xl.findings import Finding, message
from selfeval_xl.papers.check import Papers, compare
from selfeval_xl.submission.inspect import inspect
from selfeval_xl.template.write import write_workbook
from tests.acceptance.calling import SAMPLES, SEED, Data, filled, saved, selfeval, with_cell
from tests.acceptance.test_department_level import entity, fill_row, head_data
from tests.support import small_report as small
from tests.support.alone import BREAKS, broken
from tests.support.tampering import by_library, in_sheet, leading_to
from tests.support.two_years import last_year, listed, report_after, without
from tests.unit.submission.test_damage import BY_LIBRARY
from tests.vectors.test_alone import SEED as SEED_OF_ALONE
from tests.vectors.test_rule_vectors import CASES, FORM, changed, findings

LISTS: tuple[tuple[tuple[str, ...], dict[str, object]], ...] = (
    (("007,,,预算,三公经费合计,5,万元",), {}),
    (("007,,,预算,支出合计,600,万元",), {}),
    (("007,,,预算,支出合计,20,万元", "007,,,上年,累计结余,8,万元"), {}),
)
TEXTS = (
    "2021年三公经费支出5.00万元，2022年三公经费支出5.70万元，增长20%。",
    "2021年公务用车购置费0万元，2022年公务接待费5.00万元，比上年的0万元增长20%。",
    "三公经费支出5.70万元，上年为0万元，同比增长100%。",
    "所属事业单位共53个，其中公益一类49个、公益二类3个。",
    "2019年度我单位认真开展了各项工作。",
    "根据2021年度部门整体支出绩效评价要求开展自评。",
)
GUESTS = (
    ("externalLink", "xl/externalLinks/externalLink1.xml", ""),
    ("vbaProject", "xl/vbaProject.bin", ""),
    ("oleObject", "xl/embeddings/oleObject1.bin", "支出"),
)

SETTINGS = SAMPLES / "yunxi-settings.toml"
ROSTER = "部门编码,部门名称,机构名称,机构类别,状态\n,东局,,局机关,应报\n,东局,甲中心,二级机构,应报\n,东局,乙站,二级机构,撤销\n"


def gathered(folder: Path) -> list[Data]:
    """Return findings as JSON has them, at least one of every rule that can be shown; *folder* is for files on the way."""
    found = [*_findings(folder)]
    told = {finding[key] for finding in found for key in ("rule", "code")}
    for rule in FORM.rules:
        if rule.id in BREAKS and not {rule.id, rule.message} <= told:
            found += _broken_alone(rule.id, folder)
    return found


def first_by(key: str, found: Iterable[Data]) -> dict[str, Data]:
    """Return the first finding of each ``code`` or ``rule``."""
    first: dict[str, Data] = {}
    for finding in found:
        first.setdefault(finding[key], finding)
    return first


def _findings(folder: Path) -> Iterator[Data]:
    for case in CASES:
        yield from findings(changed(case))
        yield from findings(changed(case), doubts=True)
    yield from _tampered(folder)
    yield from map(_told, _damaged(folder))
    yield from map(_told, _over_years())
    yield from map(_told, _listed(folder))
    yield from map(_told, _told_in_text())
    yield from map(_told, _left_blank())
    yield from _told_of_last_year(folder)
    yield from _put_together(folder)
    yield from _rivals(folder)
    yield from _kept_in_a_ledger(folder)
    yield from _summed_up_again(folder)


def _told(finding: Finding) -> Data:
    """Return what the pages need of a finding, as JSON has it."""
    facts = {
        "rule": finding.rule,
        "code": finding.code,
        "severity": finding.severity,
        "follows": finding.follows,
    }
    difference = None if finding.difference is None else str(finding.difference)
    cells = [str(cell) for cell in finding.cells]
    return {**facts, "cells": cells, "difference": difference, "message": message(finding)}


def _broken_alone(rule: str, folder: Path) -> Iterator[Data]:
    """Yield what is found of a rule in a report in which it alone is broken."""
    (folder / rule).mkdir()
    one = broken(rule, SEED_OF_ALONE, folder / rule)
    file = selfeval("validate", one.path, *one.words, "--json").file
    yield from (finding for finding in (*file["findings"], *file["doubts"]) if finding["rule"] == rule)


def _damaged(folder: Path) -> Iterator[Finding]:
    """A workbook that was changed in each of the ways in which people and programs change it."""
    report = small.inspected(small.balanced())
    assert report.blueprint is not None
    assert report.values is not None
    book = folder / "small.xlsx"
    write_workbook(report.blueprint, Values(report.blueprint, report.values.typed), book)
    for number, (change, _) in enumerate([*BY_LIBRARY, (_errors, "")]):
        yield from inspect(by_library(book, folder / f"{number}.xlsx", change)).findings
    for number, (kind, part, sheet) in enumerate(GUESTS):
        yield from inspect(leading_to(book, folder / f"guest{number}.xlsx", kind, part, sheet=sheet)).findings
    divided = r"\1<f>801004/10000</f><v>80.1004</v>"
    typed = r'(<c r="D7"[^>]*>)<v>[^<]*</v>'
    yield from inspect(in_sheet(book, folder / "divided.xlsx", "收入", typed, divided)).findings
    path = book
    for cell in [
        *(f"{column}6" for column in "BCDEFGH"),
        *(f"{column}{row}" for row in (7, 8, 9) for column in "BC"),
    ]:
        lost = f'<c r="{cell}" t="e"><f>ROUND(#REF!,2)</f><v>#REF!</v></c>'
        path = in_sheet(path, folder / f"formula{cell}.xlsx", "支出", f'<c r="{cell}".*?</c>', lost)
        yield from inspect(path).findings


def _errors(book: Workbook) -> None:
    for row in range(6, 11):
        for column in "CDF":
            book["收入"][f"{column}{row}"] = "#REF!"
    for row in book["基本概况"].iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.protection.locked:
                cell.value = "别的"
    for row in book["校验"].iter_rows(min_row=3, max_col=3):
        for cell in row:
            if isinstance(cell.value, str) and not cell.value.startswith("="):
                cell.value = "别的"


def _over_years() -> Iterator[Finding]:
    """A report beside last year's, one or the other changed in a place."""
    past, this = last_year, small.balanced()
    moved = small.changed(收入_2_纳入专户管理的非税收入拨款=None, 收入_2_其他收入=6.05)
    for now, before in (
        (moved, past()),
        (small.changed(支出_1_累计结余=18), past()),
        (this, past(固定资产_1_在用固定资产=250)),
        (this, past(基本概况_实有人数=14)),
        (this, without(past(), 3)),
    ):
        report = report_after(now, before)
        yield from (*report.findings, *report.doubts)


def _listed(folder: Path) -> Iterator[Finding]:
    """A report beside lists of other papers' amounts, and one that came late."""
    for number, (lines, changes) in enumerate(LISTS):
        report = small.inspected(small.changed(**changes))
        path = folder / f"list{number}"
        path.mkdir()
        compare(report, Papers(listed=listed(path, *lines)))
        yield from (*report.findings, *report.doubts)
    late = replace(small.settings(), deadline="2023-03-31")
    report = small.inspected(small.changed(封面_报告日期="2023-09-09"), late)
    yield from (*report.findings, *report.doubts)


def _told_in_text() -> Iterator[Finding]:
    """Texts that do not go with the tables, or with themselves."""
    for text in TEXTS:
        data = small.balanced()
        data["评价报告综述"] = [{"编号": "二（一）", "正文": [text]}]
        report = small.inspected(data)
        yield from (*report.findings, *report.doubts)


def _left_blank() -> Iterator[Finding]:
    """An entry that was forgotten: more was spent than there is."""
    data = small.balanced()
    data["收入"][2]["公共财政拨款"] = None
    yield from small.findings(data)


def _told_of_last_year(folder: Path) -> Iterator[Data]:
    """A text that says of last year what last year's report does not."""
    data = small.balanced()
    data["评价报告综述"] = [
        {"编号": "二（一）", "正文": ["2021年基本支出120.00万元，2022年基本支出241.75万元。"]}
    ]
    this, past = saved(folder / "this.json", data), saved(folder / "past.json", last_year())
    yield from selfeval("validate", this, "--previous", past, "--json").findings


def _tampered(folder: Path) -> Iterator[Data]:
    """A total and a heading typed over, and a table pasted over as values."""
    book = load_workbook(filled(SEED, folder / "typed-over.xlsx"))
    book["收入"]["B6"] = 213.15
    book["三公经费"]["C4"] = "接待费"
    for row in book["支出"].iter_rows():
        for cell in row:
            if cell.data_type == "f":
                cell.value = 1
    book.save(folder / "typed-over.xlsx")
    yield from selfeval("validate", folder / "typed-over.xlsx", "--json").findings


def _put_together(folder: Path) -> Iterator[Data]:
    """A department's entities with what the department filed itself, against a roster."""
    head, own = head_data(), head_data()
    for row, (name, amount) in enumerate((("甲中心", 30.0), ("丙院", 5.0)), start=1):
        fill_row(own, row, amount, name)
    head["收入"][0]["机构编码"], own["收入"][1]["机构编码"] = None, "7"
    filled(saved(folder / "head.json", head), folder / "together" / "局机关.xlsx")
    filled(saved(folder / "own.json", own), folder / "together" / "部门.xlsx")
    entity(folder / "together" / "甲.xlsx", "甲中心", 30.25, 三公经费_公务接待费="无")
    entity(folder / "together" / "乙.xlsx", "乙站", 20.5)
    entity(folder / "together" / "丁.xlsx", "丁所", 1)
    (folder / "roster.csv").write_text(ROSTER + ",东局,戊馆,二级机构,应报\n", encoding="utf-8")
    words = ("--level", "department", "--roster", folder / "roster.csv", "--json")
    outcome = selfeval("consolidate", folder / "together", "-o", folder / "together.xlsx", *words)
    yield from (finding for one in outcome.json["files"] for finding in one["findings"])


def _rivals(folder: Path) -> Iterator[Data]:
    """Two different reports of one department."""
    for name, amount in (("a.json", 1), ("b.json", 2)):
        saved(folder / "rivals" / name, head_data(amount=amount))
    for name, code, times in (("子局", "7", 1), ("丑局", "7", 1), ("寅局", "8", 1), ("卯局", "8", 2)):
        data = head_data()
        data["封面"] |= {"部门(单位)名称": name, "部门编码": code, "报送次数": times}
        saved(folder / "rivals" / f"{name}.json", data)
    outcome = selfeval("consolidate", folder / "rivals", "-o", folder / "rivals.xlsx", "--json")
    yield from (finding for one in outcome.json["files"] for finding in one["findings"])


LEDGER = """部门名称,报送次数,SHA-256,状态,采用文件,收到日期,复核得分
甲局,1,a1,通过,甲局.json,,九十
乙局,2,b2,重报,乙局第2次.json,上周,
丙局,1,c1,已报,丙局.json,,
丁局,1,,退回,丁局.json,,
戊局,1,e1,已报,戊局旧.json,,
己局,第一次,f1,已报,己局.json,,
辛局,1,,已退,辛局.json,,
"""
DUE = """部门编码,部门名称,状态
,甲局,
,庚局,
1,子局,
2,丑局,
2,丑局,
2,某市丑局,
1,壬局,
,,免报
,癸局,缓报
"""
REPORTS = {"甲局": 2, "乙局": 1, "丁局": 1, "戊局": 1, "己局": 2}


def _kept_in_a_ledger(folder: Path) -> Iterator[Data]:
    """Reports that do not go with what the ledger says of them, and a department that sent none."""
    (folder / "ledger.csv").write_text(LEDGER, encoding="utf-8")
    (folder / "due.csv").write_text(DUE, encoding="utf-8")
    for code, name in (("1", "丑局"), ("2", "寅局")):
        data = head_data()
        data["封面"] |= {"部门(单位)名称": name, "部门编码": code}
        saved(folder / "kept" / f"{name}.json", data)
    for name, times in REPORTS.items():
        data = head_data()
        data["封面"] |= {"部门(单位)名称": name, "部门编码": None, "报送次数": times}
        saved(folder / "kept" / f"{name}.json", data)
    words = ("--ledger", folder / "ledger.csv", "--roster", folder / "due.csv", "--json")
    result = selfeval("consolidate", folder / "kept", "-o", folder / "kept.xlsx", *words).json
    yield from result["findings"]
    yield from (finding for one in result["files"] for finding in one["findings"])


def _summed_up_again(folder: Path) -> Iterator[Data]:
    """Counties' summaries: one in which somebody typed another total, two with the same report, two of one name."""
    first = _county(folder, "一县", 1)
    second = _county(folder, "二县", 2)
    city = folder / "city.xlsx"
    typed = with_cell(first, folder / "typed.xlsx", "收入", "G4", 999.99)
    yield from _summed(folder / "a.xlsx", typed, second)
    yield from _summed(folder / "b.xlsx", first, _county(folder, "三县", 1))
    yield from _summed(folder / "d.xlsx", first, _county(folder / "other", "一县", 4))
    yield from _summed(city, first, second)
    yield from _summed(folder / "c.xlsx", city, _county(folder / "later", "一县", 3))


def _county(folder: Path, region: str, amount: int) -> Path:
    """Return the summary of a county with one department."""
    data = head_data(amount=amount)
    data["封面"] |= {"部门(单位)名称": f"{amount}局", "部门编码": None}
    saved(folder / region / "a.json", data)
    settings = folder / f"{region}.toml"
    text = SETTINGS.read_text(encoding="utf-8").replace("云溪县", region)
    settings.write_text(text, encoding="utf-8")
    selfeval("consolidate", folder / region, "-o", folder / f"{region}.xlsx", "--settings", settings)
    return folder / f"{region}.xlsx"


def _summed(target: Path, *summaries: Path) -> Iterator[Data]:
    outcome = selfeval("consolidate", *summaries, "-o", target, "--level", "region", "--json")
    yield from (finding for one in outcome.json["files"] for finding in one["findings"])
