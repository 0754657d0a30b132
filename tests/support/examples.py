"""A real finding for every sentence: cases of the rules, workbooks that were tampered with, departments put together."""

from collections.abc import Iterator
from pathlib import Path

from openpyxl import load_workbook

from tests.acceptance.calling import SEED, Data, filled, saved, selfeval
from tests.acceptance.test_department_level import entity, fill_row, head_data
from tests.vectors.test_rule_vectors import CASES, changed, findings

ROSTER = "部门编码,部门名称,机构名称,机构类别,状态\n,东局,,局机关,应报\n,东局,甲中心,二级机构,应报\n,东局,乙站,二级机构,撤销\n"


def examples(folder: Path) -> dict[str, Data]:
    """Return a finding by its code, as JSON has it; *folder* is for files on the way."""
    found: dict[str, Data] = {}
    for finding in _findings(folder):
        found.setdefault(finding["code"], finding)
    return found


def _findings(folder: Path) -> Iterator[Data]:
    for case in CASES:
        yield from findings(changed(case))
    yield from tampered(folder)
    yield from _put_together(folder)
    yield from _rivals(folder)


def tampered(folder: Path) -> Iterator[Data]:
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
    outcome = selfeval("consolidate", folder / "rivals", "-o", folder / "rivals.xlsx", "--json")
    yield from (finding for one in outcome.json["files"] for finding in one["findings"])
