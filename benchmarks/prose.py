"""What a department's report says in prose: the sample's length and manner, with the department's own figures."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Section = dict[str, Any]
CENT = Decimal("0.01")

SPENDING = (
    "二",
    "二（一）",
    "二（二）",
    "二（二）1",
    "二（二）2",
)
"""The headings under which the sample gives figures."""

TEXTS = {
    "二": [
        (
            "{year}年度收入合计{收入合计}万元，其中上年结转{上年结转}万元，公共财政拨款{公共财政拨款}万元，政府基金拨款{政府基金拨款}万元，"
            "纳入专户管理的非税收入拨款{纳入专户管理的非税收入拨款}万元，其他收入{其他收入}万元。其他收入来源为房屋租金和存款利息。"
        ),
        "支出合计{支出合计}万元，当年结余{当年结余}万元，累计结余{累计结余}万元，收支按规定全部纳入预算管理，没有出现赤字。",
    ],
    "二（一）": [
        "{year}年度，局机关和各二级机构基本支出合计{基本支出}万元，占支出合计的{基本支出%支出合计}%，其中：",
        "人员支出{人员支出}万元，占基本支出的{人员支出%基本支出}%，主要用于工资、津贴补贴、绩效工资、社会保障缴费和住房公积金。",
        "公用支出{公用支出}万元，占基本支出的{公用支出%基本支出}%，主要用于办公、水电、维修、差旅、培训和物业管理等日常开支。",
        (
            "“三公”经费支出合计{三公经费合计}万元，其中公务接待费{公务接待费}万元，因公出国（境）费{因公出国费}万元，"
            "公务用车购置费及运行维护费{车}万元，全部在公用支出和项目支出中列支。"
        ),
        "年末固定资产合计{固定资产合计}万元，其中在用{在用固定资产}万元，出租{出租固定资产}万元，其他{其他}万元，租金按规定纳入收入管理。",
    ],
    "二（二）": [
        "项目支出{项目支出}万元，占支出合计的{项目支出%支出合计}%，涉及设施维修、设备购置和业务培训三个方面。"
    ],
    "二（二）1": [
        "年初根据批复的预算，把专项资金分解落实到具体单位，按照轻重缓急安排，资金来源包括公共财政拨款、政府基金拨款和上年结转。"
    ],
    "二（二）2": [
        "专项资金当年实际使用{项目支出}万元，与支出表所列一致，主要用于设施维修和设备更新，没有结余和闲置。"
    ],
}

SAMPLE = {"收入合计": "11313.47", "支出合计": "10969.93", "人员编制": "642", "实有人数": "618"}
"""What the sample says elsewhere."""

SUMS = {
    "收入合计": ("上年结转", "公共财政拨款", "政府基金拨款", "纳入专户管理的非税收入拨款", "其他收入"),
    "基本支出": ("人员支出", "公用支出"),
    "支出合计": ("人员支出", "公用支出", "项目支出"),
    "三公经费合计": ("公务接待费", "公务用车运维费", "公务用车购置费", "因公出国费"),
    "车": ("公务用车运维费", "公务用车购置费"),
    "固定资产合计": ("在用固定资产", "出租固定资产", "其他"),
}


def with_own_figures(data: dict[str, Any]) -> None:
    """Let the report in prose speak of the department's own tables."""
    figures = _figures(data)
    for section in data["评价报告综述"]:
        if section["编号"] in SPENDING:
            section["正文"] = [text.format(**figures) for text in TEXTS[section["编号"]]]
        else:
            section["正文"] = [_with(text, figures) for text in section["正文"]]
    about = data["基本概况"]
    for label, texts in about.items():
        if isinstance(texts, list):
            about[label] = [_with(text, figures) for text in texts]


def _with(text: str, figures: dict[str, str]) -> str:
    """Put the department's own figures where the sample has its own."""
    for label, sample in SAMPLE.items():
        text = text.replace(sample, figures[label])
    return text


def _figures(data: dict[str, Any]) -> dict[str, str]:
    totals: dict[str, Decimal] = {}
    for table in ("收入", "支出", "三公经费", "固定资产"):
        for row in data[table]:
            for label, value in row.items():
                amount = Decimal(str(value)) if isinstance(value, float) else Decimal(0)
                totals[label] = totals.get(label, Decimal(0)) + amount
    totals |= {label: sum((totals[part] for part in parts), Decimal(0)) for label, parts in SUMS.items()}
    shares = {
        f"{part}%{whole}": (totals[part] * 100 / totals[whole]).quantize(CENT, ROUND_HALF_UP)
        for part, whole in (
            ("基本支出", "支出合计"),
            ("人员支出", "基本支出"),
            ("公用支出", "基本支出"),
            ("项目支出", "支出合计"),
        )
    }
    texts = {label: f"{value.quantize(CENT)}" for label, value in {**totals, **shares}.items()}
    people = {label: str(data["基本概况"][label]) for label in ("人员编制", "实有人数")}
    return {"year": str(data["封面"]["年度"]), **texts, **people}
