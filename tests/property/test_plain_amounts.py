"""Amounts that stand plainly behind their names are bound at once, as they would be word by word."""

import random

import pytest

from selfeval_xl.narrative.amount import Amounts
from tests.unit.narrative.reports import TOTALS, items

NAMES = [
    "基本支出",
    "人员经费",
    "公用经费",
    "项目支出",
    "三公经费",
    "公务接待费",
    "上年结转",
    "财政拨款",
    "总收入",
    "年末结余",
]
BETWEEN = [
    "，",
    "；",
    "、",
    "，其中",
    "：",
    "（",
    "，比上年的",
    "，年初预算",
    "，由",
    "增加到",
    "。",
    "，县水文站",
    "，占",
    "，按性质分，",
]
FIGURES = [value for table in TOTALS.values() for value in table.values()] + ["35.20", "12.34", "100"]


def sentence(chance: random.Random) -> str:
    parts = [
        f"{chance.choice(NAMES)}{chance.choice(['', '为', '共', '合计'])}{chance.choice(FIGURES)}万元{chance.choice(BETWEEN)}"
        for _ in range(chance.randrange(2, 7))
    ]
    return "".join(parts)


def test_the_quick_way_binds_as_the_long_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(2022)
    texts = [sentence(chance) for _ in range(400)]
    quick = [items(text) for text in texts]
    monkeypatch.setattr(Amounts, "_plainly", lambda *_: None)
    assert [items(text) for text in texts] == quick
