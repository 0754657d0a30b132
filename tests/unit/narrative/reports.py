"""A small report whose texts the tests write: a department with one sub-agency, figures as on the form."""

from __future__ import annotations

from decimal import Decimal as D

from selfeval_xl.cells import Address
from selfeval_xl.findings import Finding
from selfeval_xl.form.library import find_form
from selfeval_xl.form.model import Form, Key
from selfeval_xl.narrative.look import look_at
from selfeval_xl.narrative.model import Figures, Mention, Paragraph, Prose

TOTALS = {
    "收入": {"收入合计": "268.48", "上年结转": "55.20", "公共财政拨款": "212.29", "其他收入": "0.99"},
    "支出": {
        "支出合计": "212.78",
        "基本支出": "180.00",
        "人员支出": "118.87",
        "公用支出": "61.13",
        "项目支出": "32.78",
        "当年结余": "0.50",
        "累计结余": "55.70",
    },
    "三公经费": {"三公经费合计": "8.20", "公务接待费": "3.70", "公务用车运维费": "4.50"},
    "固定资产": {"固定资产合计": "24.00", "在用固定资产": "19.00", "出租固定资产": "5.00"},
}
STATION = {
    ("支出", "基本支出"): D("35.20"),
    ("支出", "人员支出"): D("25.20"),
    ("支出", "公用支出"): D("10.00"),
}
FIELDS = {
    ("基本概况", "人员编制"): D(13),
    ("基本概况", "实有人数"): D(9),
    ("绩效自评", "绩效自评综合得分"): D("97.5"),
}
REPORT, FIRST_ROW = "评价报告综述", 30


def form() -> Form:
    return find_form("linxiang-zhengti", 2022)


def figures(**changes: object) -> Figures:
    totals: dict[Key, D | None] = dict.fromkeys(form().columns)
    totals |= {(table, item): D(value) for table, items in TOTALS.items() for item, value in items.items()}
    given: dict[str, object] = {
        "year": 2022,
        "department": "临江县水利局",
        "totals": totals,
        "entities": [("局机关", {("收入", "其他收入"): D("0.99")}), ("临江县水文站", STATION)],
        "fields": FIELDS,
        "cells": lambda key, row: Address(key[0], 5 + row, 3),
        "places": {(REPORT, "二（二）"): Address(REPORT, 12, 1)},
    }
    return Figures(**(given | changes))  # type: ignore[arg-type]


def paragraph(
    text: str, row: int = FIRST_ROW, section: Key = (REPORT, "二（一）"), heading: str = ""
) -> Paragraph:
    return Paragraph(Address(REPORT, row, 1), section, heading, text)


def look(*texts: str | Paragraph, rules: tuple[str, ...] | None = None, **changes: object) -> Prose:
    """Hold some paragraphs against the small report, by all rules or by the named ones."""
    given = [
        one if isinstance(one, Paragraph) else paragraph(one, FIRST_ROW + at) for at, one in enumerate(texts)
    ]
    mine = [rule for rule in form().rules if rule.scope == "program" and (rules is None or rule.id in rules)]
    return look_at(given, figures(**changes), form(), mine)


def found(*texts: str | Paragraph, rule: str, **changes: object) -> list[Finding]:
    return list(look(*texts, rules=(rule,), **changes).findings)


def speaks(text: str, heading: str = "") -> list[Mention]:
    return list(look(paragraph(text, heading=heading), rules=()).mentions)


def items(text: str, heading: str = "") -> list[str]:
    """What each figure speaks of, in words short enough for a table: item, scope, role, row."""
    told = []
    for one in speaks(text, heading):
        keys = "+".join(key[1] for key in one.spoken.items or one.spoken.less) if one.spoken else "-"
        base = f"/{one.base.items[0][1]}" if one.base else ""
        scope = "*" if one.scope == "fiscal" else ""
        role = "" if one.role in ("actual", "share") else f" {one.role}"
        told.append(f"{keys}{base}{scope}{role}{f' @{one.row}' if one.row else ''}")
    return told
