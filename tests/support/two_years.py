"""A small report, the same department's report of the year before, and lists about both, to be changed in a place or two."""

from pathlib import Path
from typing import Any

from selfeval_xl.findings import Finding
from selfeval_xl.form.model import Settings
from selfeval_xl.papers.check import across
from selfeval_xl.papers.figures import figures_of
from selfeval_xl.papers.trail import Trail
from selfeval_xl.submission.inspect import Report
from tests.support import small_report as small

HEADER = "部门编码,机构编码,机构名称,类别,项目,金额,单位"


def last_year(**changes: Any) -> dict[str, Any]:
    """Last year's data: what was left then came over into this year, little else changed."""
    data = small.changed(**{"封面_年度": 2021, "支出_1_人员支出": 109.5, **changes})
    for number, left in enumerate((10.00, 0, 1.25), start=1):
        if f"支出_{number}_累计结余" not in changes:
            data["支出"][number - 1]["累计结余"] = left
    return data


def without(data: dict[str, Any], row: int) -> dict[str, Any]:
    """The same data without one entity; rows count from 1."""
    for table in ("收入", "支出", "三公经费", "固定资产"):
        del data[table][row - 1]
    return data


def trail_of(data: dict[str, Any], used: Settings | None = None) -> Trail:
    report = small.inspected(data, used)
    this = figures_of(report)
    assert this is not None
    assert report.blueprint is not None
    return Trail(report, report.blueprint, this)


def report_after(this: dict[str, Any], past: dict[str, Any], used: Settings | None = None) -> Report:
    """This year's report, compared with last year's."""
    trail = trail_of(this, used)
    before = figures_of(small.inspected(past, name="last.json"))
    assert before is not None
    across(trail, before)
    trail.report.take(trail.findings)
    return trail.report


def found(this: dict[str, Any], past: dict[str, Any], used: Settings | None = None) -> list[Finding]:
    """What last year's report says against this year's, doubts at the end."""
    report = report_after(this, past, used)
    rules = {rule.id for rule in small.form().rules if rule.check.startswith("previous.")}
    return [one for one in (*report.findings, *report.doubts) if one.rule in rules]


def shown(this: dict[str, Any], past: dict[str, Any]) -> list[str]:
    return small.shown(found(this, past))


def listed(folder: Path, *lines: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    """A list as a text file; the lines are about the small report's department."""
    path = folder / "list.csv"
    path.write_bytes("\n".join((header, *lines, "")).encode(encoding))
    return path
