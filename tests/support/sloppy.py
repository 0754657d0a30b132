"""What sound reports are sloppy in: each habit changes how a report looks and nothing of what it says."""

import copy
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from random import Random
from typing import Any

from tests.support.sound_figures import INPUTS, MEALS, words
from tests.support.sound_prose import fiscal_scope

Data = dict[str, Any]
FULL_WIDTH = str.maketrans("0123456789.%", "０１２３４５６７８９．％")
AMOUNT = re.compile(r"[\d,.]+(?= ?(?:万元|元|%))")


def sloppy(one: Any, chance: Random, *, printed: bool = True) -> Data:
    """Return a report's data with the habits of one clerk; *printed* says whether totals may be printed with tails."""
    data: Data = copy.deepcopy(one.data)
    blanks(data, chance)
    if chance.random() < 0.6:
        names(data, chance)
    for habit, odds in HABITS:
        if chance.random() < odds:
            habit(data, chance)
    for habit, odds in OF_FIGURES if printed else ():
        if chance.random() < odds:
            habit(one, data, chance)
    return data


def blanks(data: Data, chance: Random) -> None:
    """Leave cells blank where there is nothing."""
    odds = chance.choice((0.5, 1, 1, 1))
    for table, items in INPUTS.items():
        for row in data[table]:
            for item in items:
                if not row[item] and chance.random() < odds:
                    row[item] = None


def names(data: Data, chance: Random) -> None:
    """Call the head what it is called elsewhere, and space the names of others."""
    head = chance.choice(words()["sloppy"]["heads"])
    for table in INPUTS:
        data[table][0]["机构名称"] = head if chance.random() < 0.8 else data[table][0]["机构名称"]
        for row in data[table][1:]:
            row["机构名称"] = _spaced(row["机构名称"], chance)


def _spaced(name: str, chance: Random) -> str:
    at = chance.randrange(1, len(name))
    shapes = (name, name, f" {name}", f"{name}　", f"{name[:at]} {name[at:]}")
    return chance.choice(shapes)


def placeholders(data: Data, chance: Random) -> None:
    """Leave the form's own names in rows without amounts."""
    for number in range(1, chance.choice((2, 3))):
        for table in INPUTS:
            data[table].append({"机构名称": f"二级机构{number}"})


def no_grade(data: Data, chance: Random) -> None:
    """Leave the grade to the bureau."""
    data["绩效自评"]["评价等次"] = None


def no_codes(data: Data, chance: Random) -> None:
    """Leave the codes away."""
    data["封面"]["部门编码"] = None
    for row in data["收入"]:
        row["机构编码"] = None


def only_done(data: Data, chance: Random) -> None:
    """Say of a goal that it was reached, and no more."""
    chance.choice(data["绩效自评"]["定量目标"])["完成情况"] = list(words()["sloppy"]["done"])
    data["绩效自评"]["定性目标"]["实际完成"] = list(words()["sloppy"]["done"])


def trend(data: Data, chance: Random) -> None:
    """Praise a trend without figures."""
    section(data, "二（一）")["正文"].extend(words()["sloppy"]["trend"])


def full_width(data: Data, chance: Random) -> None:
    """Write some amounts with full-width digits."""
    each_paragraph(
        data,
        lambda text: AMOUNT.sub(
            lambda found: found[0].translate(FULL_WIDTH) if chance.random() < 0.4 else found[0], text
        ),
    )


def punctuation(data: Data, chance: Random) -> None:
    """Mix half-width and full-width signs."""
    pairs = (("，", ","), ("：", ":"), ("（", "("), ("）", ")"), ("；", ";"))
    old, new = chance.choice(pairs)
    each_paragraph(data, lambda text: text.replace(old, new))


def indents(data: Data, chance: Random) -> None:
    """Begin paragraphs with blanks, as in Word, and end them with some."""
    each_paragraph(
        data, lambda text: chance.choice(("　　", "  ", "")) + text + chance.choice(("", " ", "\n"))
    )


def stray_blanks(data: Data, chance: Random) -> None:
    """Put blanks before units and after signs."""
    each_paragraph(data, lambda text: re.sub(r"(?<=\d)(?=万元)", lambda _: chance.choice(("", " ")), text))


def field_blanks(data: Data, chance: Random) -> None:
    """Put blanks around fields."""
    for key, label in (("封面", "部门(单位)名称"), ("基本概况", "联系人")):
        data[key][label] = f" {data[key][label]}　"


HABITS: tuple[tuple[Callable[[Data, Random], None], float], ...] = (
    (placeholders, 0.3),
    (no_grade, 0.3),
    (no_codes, 0.3),
    (only_done, 0.35),
    (trend, 0.25),
    (full_width, 0.2),
    (punctuation, 0.2),
    (indents, 0.3),
    (stray_blanks, 0.3),
    (field_blanks, 0.3),
)


# Habits that need the figures


def printed_totals(one: Any, data: Data, chance: Random) -> None:
    """Print totals as another program rounded them: a tail of 0.01 in one."""
    tail = chance.choice((Decimal("0.01"), Decimal("-0.01"), Decimal(0)))
    data["汇总"] = {
        "收入": {"收入合计": float(one.found.of("收入", "收入合计") + tail)},
        "支出": {"支出合计": float(one.found.of("支出", "支出合计"))},
        "三公经费": {"三公经费合计": float(one.found.of("三公经费", "三公经费合计"))},
    }


def tail_in_prose(one: Any, data: Data, chance: Random) -> None:
    """Let a total of the prose differ by 0.01 from its parts, as figures do that were rounded one by one."""
    total = one.found.of("支出", "基本支出")
    if one.style.fiscal:
        total = fiscal_scope(one.found)["财政基本支出"]
    old, new = one.style.money(total), one.style.money(total + Decimal("0.01"))
    body = section(data, "二（一）")["正文"]
    body[0] = body[0].replace(old, new, 1)


def over_quota(one: Any, data: Data, chance: Random) -> None:
    """Have one person too many, with leave, and say so."""
    data["基本概况"]["人员编制"] = one.found.staff - 1
    say = words()["sloppy"]["over_note"].format(difference="差额1.00万元")
    overview = section(data, "一")["正文"]
    overview[0] = re.sub(rf"(?<!\d){one.found.quota}(?!\d)", str(one.found.staff - 1), overview[0], count=1)
    data.setdefault("审核说明", []).append({"规则": "X-14", "机构": None, "说明": say})


def returned(one: Any, data: Data, chance: Random) -> None:
    """Give what was left back to the treasury, and explain why it is not in 累计结余."""
    left = [
        (row, entity)
        for row, entity in zip(data["支出"], one.found.entities, strict=False)
        if row["累计结余"]
    ]
    if left and one.found.of("支出", "累计结余"):
        row, entity = chance.choice(left)
        amount = entity.amounts["支出", "累计结余"]
        row["累计结余"] = 0
        for note_rule in ("E-04", "X-01"):
            say = words()["sloppy"]["balance_note"].format(difference=f"差额{amount:.2f}万元")
            name = data["收入"][one.found.entities.index(entity)]["机构名称"]
            data.setdefault("审核说明", []).append({"规则": note_rule, "机构": name, "说明": say})
        body = section(data, "二")["正文"]
        section(data, "二")["正文"] = [text for text in body if "累计结余" not in text]


def source_in_note(one: Any, data: Data, chance: Random) -> None:
    """Name the source of 其他收入 in an explanation instead of the text."""
    having = [entity for entity in one.found.entities if entity.amounts["收入", "其他收入"]]
    body = section(data, "二")["正文"]
    section(data, "二")["正文"] = [text for text in body if not text.startswith("其他收入")]
    for entity in having:
        amount = entity.amounts["收入", "其他收入"]
        say = words()["sloppy"]["source_note"].format(amount=amount, source=one.found.chosen["source"])
        name = data["收入"][one.found.entities.index(entity)]["机构名称"]
        data.setdefault("审核说明", []).append({"规则": "X-10", "机构": name, "说明": say})


def meals_retold(one: Any, data: Data, chance: Random) -> None:
    """Say once more which costs there were none of."""
    none = [item for item in MEALS if not one.found.of("三公经费", item)]
    if none:
        section(data, "二（一）")["正文"].append(f"本年没有发生{'、'.join(none)}。")


OF_FIGURES: tuple[tuple[Callable[[Any, Data, Random], None], float], ...] = (
    (printed_totals, 0.25),
    (tail_in_prose, 0.12),
    (over_quota, 0.06),
    (returned, 0.08),
    (source_in_note, 0.15),
    (meals_retold, 0.2),
)


def section(data: Data, number: str) -> Data:
    """Return a section of the report in prose."""
    return next(one for one in data["评价报告综述"] if one["编号"] == number)


def text_lists(data: Data) -> Iterator[list[str]]:
    """Yield every list of paragraphs."""
    for one in data["评价报告综述"]:
        yield one["正文"]
    for label in ("职能职责概述", "年度主要工作内容", "年度部门（单位）总体运行情况及取得的成绩"):
        yield data["基本概况"][label]
    yield from data["绩效自评"]["定性目标"].values()
    for goal in data["绩效自评"]["定量目标"]:
        yield goal["完成情况"]


def each_paragraph(data: Data, change: Callable[[str], str]) -> None:
    """Rewrite every paragraph."""
    for texts in text_lists(data):
        texts[:] = [change(text) for text in texts]
