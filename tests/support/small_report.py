"""A small balanced report in the main form, to be changed in a place or two, and its workbook in memory.

Three entities, every cell filled, no rule broken.
"""

import copy
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from selfeval_xl.blueprint.build import build
from selfeval_xl.blueprint.model import Blueprint, Shape
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address, parse_ref, quote_sheet, range_ref
from selfeval_xl.findings import Finding
from selfeval_xl.form.library import find_form, settings_for
from selfeval_xl.form.model import Form, Settings
from selfeval_xl.ooxml.book import Book, Sheet
from selfeval_xl.rules.printing import print_formula
from selfeval_xl.submission.data import read_data
from selfeval_xl.submission.inspect import Report, inspect_submission

ENTITIES = ("局机关", "甲中心", "乙站")
TABLES = """
收入      上年结转 公共财政拨款 政府基金拨款 纳入专户管理的非税收入拨款 其他收入
局机关    10.00    200.00       5.00         0                          3.50
甲中心    0        80.10        0            6.05                       0
乙站      1.25     30.00        0            0                          0

支出      人员支出 公用支出 项目支出 当年结余 累计结余
局机关    110.25   60.25    40.00    -2.00    8.00
甲中心    50.00    20.00    16.00    0.15     0.15
乙站      20.00    9.00     2.25     -1.25    0

三公经费  公务接待费 公务用车运维费 公务用车购置费 因公出国费
局机关    2.50       3.00           0              0
甲中心    0.20       0              0              0
乙站      0          0              0              0

固定资产  在用固定资产 出租固定资产 其他
局机关    300.00       12.00        1.00
甲中心    40.00        0            0
乙站      7.77         0            0
"""
FIELDS = {
    "封面": {"部门(单位)名称": "某县某某局", "部门编码": "007", "年度": 2022, "报送次数": 1},
    "基本概况": {"联系人": "张三", "联络电话": "0730-3000000", "人员编制": 20, "实有人数": 18},
    "绩效自评": {"绩效自评综合得分": 91.5, "评价等次": "优"},
    "评价人员": [{"姓名": "李四", "职务/职称": "主任", "单位": "某县某某局"}],
    "评价报告综述": [
        {"编号": "二（一）", "标题": "基本支出", "正文": ["其他收入为存款利息。"]},
        {"编号": "二（二）", "标题": "专项支出", "正文": ["设备更新安排1.00万元。"]},
    ],
}


@cache
def form() -> Form:
    return find_form("linxiang-zhengti", 2022)


@cache
def settings() -> Settings:
    return settings_for(form())


def table(text: str) -> list[dict[str, Any]]:
    """Read a table as it stands above: the head names the items, a row is an entity."""
    head, *rows = (line.split() for line in text.strip().splitlines())
    return [{"机构名称": row[0], **dict(zip(head[1:], map(float, row[1:]), strict=True))} for row in rows]


def balanced() -> dict[str, Any]:
    """Return the report's data, free to be changed."""
    blocks = TABLES.strip().split("\n\n")
    tables = {block.split()[0]: table(block) for block in blocks}
    return {"表单": form().id, "版次": form().edition, **copy.deepcopy(FIELDS), **tables}


def changed(**changes: Any) -> dict[str, Any]:
    """Return the report with changes such as ``收入_2_其他收入=…`` and ``封面_年度=…``; rows count from 1."""
    data = balanced()
    for path, value in changes.items():
        section, *steps = path.split("_")
        if len(steps) == 2:
            data[section][int(steps[0]) - 1][steps[1]] = value
        elif steps:
            data[section][steps[0]] = value
        else:
            data[section] = value
    return data


def encoded(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode("utf-8")


def inspected(data: Mapping[str, Any], used: Settings | None = None, name: str = "small.json") -> Report:
    return inspect_submission(Path(name), read_data(encoded(data)), used or settings())


def findings(data: Mapping[str, Any], used: Settings | None = None) -> list[Finding]:
    return inspected(data, used).findings


def shown(found: list[Finding]) -> list[str]:
    """Return findings as ``rule@cell``, with ``<cause`` where one follows another."""
    return [one.id + (f"<{one.follows}" if one.follows else "") for one in found]


def at(text: str) -> Address:
    """Return the address of ``收入!B6``."""
    sheet, _, cell = text.partition("!")
    return Address(sheet, *parse_ref(cell))


def field(key: str) -> str:
    """Return where a single field such as ``封面.年度`` stands: tests of figures need not know the layout."""
    section, _, label = key.partition(".")
    return str(build(form(), settings(), Shape(3), 2022).places.fields[section, label])


def book_of(blueprint: Blueprint, values: Values) -> Book:
    """Return the workbook as it would be read back, without a file."""
    book = Book(properties=dict(blueprint.properties))
    for plan in blueprint.sheets.values():
        sheet = book.sheets[plan.name] = Sheet(plan.name)
        for (row, column), cell in plan.cells.items():
            value = values(Address(plan.name, row, column))
            if value is not None:
                sheet.values[(row, column)] = value
            if cell.formula is not None:
                sheet.formulas[(row, column)] = print_formula(cell.formula, plan.name)
    for name, area in blueprint.names.items():
        book.names[name] = f"{quote_sheet(area.sheet)}!{range_ref(area, absolute=True)}"
    return book


def book(data: Mapping[str, Any] | None = None) -> Book:
    """Return the workbook of a report, its totals computed."""
    report = inspected(balanced() if data is None else data)
    assert report.blueprint is not None
    assert report.values is not None
    return book_of(report.blueprint, Values(report.blueprint, report.values.typed))
