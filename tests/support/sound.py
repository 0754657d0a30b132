"""Made-up reports in the manner of real ones, in which nothing is wrong: tidy, or with the usual sloppiness.

The same seed gives the same report, its last year, and its list of other papers' figures.
"""

import copy
import csv
import io
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from msgspec import Struct

from tests.support import dialects, reports
from tests.support.calculated import with_calculations
from tests.support.sloppy import sloppy
from tests.support.sound_figures import (
    INPUTS,
    TIDY,
    TOTALS,
    Department,
    Wish,
    department,
    seeded,
    tables,
    words,
)
from tests.support.sound_prose import Style, Writer, style_of

Data = dict[str, Any]
USUAL = Wish(entities=(1, 12), drift=0.12)
REFERENCE = ("部门编码", "机构编码", "类别", "项目", "金额", "单位")


class Sound(Struct):
    """A report, the figures it was made of, and how it was written."""

    found: Department
    data: Data
    style: Style


def tidy(seed: int, wish: Wish = TIDY, **style: Any) -> Sound:
    """Return a report without anything to remark on: every cell filled, every goal measured."""
    chance = seeded(seed)
    found = department(chance, wish)
    return written(found, chance, style_of(found, chance, **style))


def written(found: Department, chance: Random, style: Style) -> Sound:
    """Write a department's report."""
    writer = Writer(found, chance, style)
    form = reports.main_form()
    data: Data = {"表单": form.id, "版次": form.edition, **_fields(found, chance), **tables(found)}
    for row, code in zip(data["收入"], codes(found), strict=True):
        row["机构编码"] = code
    data["基本概况"] |= {
        "职能职责概述": list(found.office["duties"]),
        "年度主要工作内容": list(found.office["tasks"]),
        "年度部门（单位）总体运行情况及取得的成绩": [writer.say("results")],
    }
    data["绩效自评"] |= {
        "定性目标": {"预期目标": list(found.office["tasks"]), "实际完成": [writer.say("results")]},
        "定量目标": writer.goals,
    }
    data["评价报告综述"] = writer.sections()
    return Sound(found, data, style)


def codes(found: Department) -> list[str]:
    """Return the bureau's codes of a department's entities."""
    return [f"{found.code}{number:03}" for number in range(1, len(found.entities) + 1)]


def _fields(found: Department, chance: Random) -> Data:
    people = [
        chance.choice(words()["surnames"]) + name
        for name in chance.sample(words()["given"], chance.choice((3, 4)))
    ]
    posts = chance.sample(words()["posts"], len(people))
    phone = f"0{chance.choice((730, 731, 745))}-{chance.randrange(3000000, 8999999)}"
    date = f"{found.year + 1}-{chance.randrange(3, 10):02}-{chance.randrange(1, 29):02}"
    return {
        "封面": {
            "部门(单位)名称": found.name,
            "部门编码": found.code,
            "预算编码": None,
            "年度": found.year,
            "评价方式": chance.choice(words()["methods"]),
            "评价机构": chance.choice(words()["groups"]),
            "报告日期": date,
            "报送次数": 1,
        },
        "基本概况": {
            "联系人": people[0],
            "联络电话": phone,
            "人员编制": found.quota,
            "实有人数": found.staff,
        },
        "绩效自评": {"绩效自评综合得分": float(found.score), "评价等次": found.grade},
        "评价人员": [
            {"姓名": name, "职务/职称": post, "单位": found.name}
            for name, post in zip(people, posts, strict=True)
        ],
        "签署": {"填报人": people[0], "联系电话": phone},
    }


def before(one: Sound) -> Sound:
    """Return the same department's report of the year before."""
    assert one.found.before is not None
    chance = Random(f"{one.found.name} {one.found.before.year}")
    return written(one.found.before, chance, one.style)


def usual(seed: int) -> Sound:
    """Return a sound report with what real ones have: blanks, spaces, full-width digits, roundings."""
    one = tidy(seed, USUAL)
    return Sound(one.found, sloppy(one, seeded(-seed - 1)), one.style)


def sound_report(seed: int) -> Data:
    """Return the data of a sound report in the usual sloppiness."""
    return usual(seed).data


def previous_report(seed: int) -> Data:
    """Return the data of last year's report of the same department."""
    return sloppy(before(tidy(seed, USUAL)), seeded(-seed - 1), printed=False)


def previous_file(seed: int, name: Path) -> Path:
    """Write last year's report: the workbook of that year, or its data."""
    data = previous_report(seed)
    if seed % 2:
        return saved(data, name.with_suffix(".json"))
    name.parent.mkdir(parents=True, exist_ok=True)
    return reports.filled(reports.report(data), year=data["封面"]["年度"]).write(name.with_suffix(".xlsx"))


def sound_workbook(seed: int, target: Path) -> Path:
    """Write the workbook of a sound report: half as this program writes it, half as Excel or WPS saved it again."""
    one = usual(seed)
    made = reports.filled(reports.report(one.data)).write(target)
    with_calculations(made, seeded(seed), odds=0.25 if seed % 3 == 0 else 0)
    if seed % 4 < 2:
        again = target.with_name(f"{target.stem}-again.xlsx")
        (dialects.as_excel if seed % 4 else dialects.as_wps)(made, again)
        again.replace(target)
    return target


def reference_rows(one: Sound, chance: Random) -> list[dict[str, str]]:
    """Return the figures of other papers that a report is held against: one row a figure, 元 or 万元."""
    items = [*((table, item) for table, listed in INPUTS.items() for item in listed), *TOTALS]
    unit = chance.choice(("元", "万元"))
    rows = []
    for code, entity, earlier in _holders(one):
        for table, item in items:
            rows.append(_row(code, "决算", item, entity.of(table, item), unit, chance))
            rows.append(_row(code, "上年", item, earlier.of(table, item), unit, chance))
    return [{"部门编码": one.found.code} | row for row in rows]


def _holders(one: Sound) -> list[tuple[str, Any, Any]]:
    past = one.found.before
    assert past is not None
    return [("", one.found, past), *zip(codes(one.found), one.found.entities, past.entities, strict=True)]


def _row(code: str, kind: str, item: str, amount: Decimal, unit: str, chance: Random) -> dict[str, str]:
    # Books are kept in 元: what the report rounds away is there.
    exact = amount * 10000 + (Decimal(chance.randrange(-4900, 4900)) / 100 if amount else 0)
    shown = f"{exact:.2f}" if unit == "元" else f"{amount:.2f}"
    return {"机构编码": code, "类别": kind, "项目": item, "金额": shown, "单位": unit}


def reference_list(one: Sound, seed: int) -> str:
    """Return the list as CSV."""
    return as_csv(reference_rows(one, seeded(seed)))


def as_csv(rows: list[dict[str, str]]) -> str:
    """Return rows as CSV with a head."""
    text = io.StringIO()
    writer = csv.DictWriter(text, REFERENCE)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def saved(data: Mapping[str, Any], target: Path) -> Path:
    """Write data to a file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(data, ensure_ascii=False, default=float), encoding="utf-8")
    return target


def copied(data: Data) -> Data:
    """Return data free to be changed."""
    return copy.deepcopy(data)
