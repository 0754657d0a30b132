"""Random reports and random changes of them: what is found is what a plain count over the data says."""

import copy
import random
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from selfeval_xl.findings import Finding
from tests.support import small_report as small
from tests.support.two_years import found, report_after

Data = dict[str, Any]
Spots = set[tuple[str, str]]

TABLES = {
    "收入": (
        "收入合计",
        "上年结转",
        "公共财政拨款",
        "政府基金拨款",
        "纳入专户管理的非税收入拨款",
        "其他收入",
    ),
    "支出": ("支出合计", "基本支出", "人员支出", "公用支出", "项目支出", "当年结余", "累计结余"),
    "三公经费": ("三公经费合计", "公务接待费", "公务用车运维费", "公务用车购置费", "因公出国费"),
    "固定资产": ("固定资产合计", "在用固定资产", "出租固定资产", "其他"),
}
FIRST_ROW = {"收入": 6, "支出": 7, "三公经费": 6, "固定资产": 6}
COMPUTED = {"收入合计", "支出合计", "基本支出", "三公经费合计", "固定资产合计"}
SEEDS = range(15)


def report(chance: Random) -> Data:
    """A made-up department: every amount of some size, so that a change is one of the figures and not of blanks."""
    data = small.balanced()
    data["封面"]["年度"] = 2022
    for table, items in TABLES.items():
        data[table] = [
            {
                "机构名称": "局机关" if row == 0 else f"第{row}站",
                **{item: chance.randrange(100, 90_000) / 100 for item in items if item not in COMPUTED},
            }
            for row in range(chance.choice((2, 3, 6)) if table == "收入" else len(data["收入"]))
        ]
    return data


def year_before(data: Data) -> Data:
    """The same department a year earlier: all that came over was left then."""
    past = copy.deepcopy(data)
    past["封面"]["年度"] = 2021
    for row, line in enumerate(past["支出"]):
        line["累计结余"] = data["收入"][row]["上年结转"]
    return past


def amount(line: Data, item: str) -> Decimal:
    parts = {
        "基本支出": ("人员支出", "公用支出"),
        "支出合计": ("人员支出", "公用支出", "项目支出"),
        "三公经费合计": TABLES["三公经费"][1:],
        "固定资产合计": TABLES["固定资产"][1:],
        "收入合计": TABLES["收入"][1:],
    }.get(item, (item,))
    return sum((Decimal(str(line[part] or 0)) for part in parts), Decimal(0))


def total(data: Data, table: str, item: str) -> Decimal:
    return sum((amount(line, item) for line in data[table]), Decimal(0))


def cell(table: str, item: str, row: int) -> str:
    """Where an item stands; row 0 is the total row."""
    column = "BCDEFGH"[TABLES[table].index(item)]
    return f"{table}!{column}{FIRST_ROW[table] + row - 1}"


# What a reader of both reports would find


def carried(now: Data, then: Data) -> Iterator[tuple[str, str]]:
    gaps = [
        amount(a, "上年结转") - amount(b, "累计结余") for a, b in zip(now["收入"], then["支出"], strict=True)
    ]
    yield from (("Y-01", cell("收入", "上年结转", row)) for row, gap in enumerate(gaps, start=1) if gap)
    if sum(gaps):
        yield "Y-01", cell("收入", "上年结转", 0)


def grown(now: Data, then: Data) -> Iterator[tuple[str, str]]:
    rises = {
        item: total(now, "三公经费", item) - total(then, "三公经费", item) for item in TABLES["三公经费"]
    }
    if rises["三公经费合计"] > 0:
        yield "Y-02", cell("三公经费", "三公经费合计", 0)
    elif max(rises.values()) > 0:
        yield "Y-02", cell("三公经费", max(rises, key=lambda item: rises[item]), 0)


def in_another_unit(now: Data, then: Data) -> Spots:
    found: Spots = set()
    for table, items in TABLES.items():
        for item in items:
            for row, (a, b) in enumerate(zip(now[table], then[table], strict=True), start=1):
                both = sorted((abs(amount(a, item)), abs(amount(b, item))))
                if item not in COMPUTED and both[0] and both[1] >= 100 and 2000 <= both[1] / both[0] <= 50000:
                    found.add((table, cell(table, item, row)))
    return found


def standing(findings: list[Finding]) -> list[Finding]:
    return [one for one in findings if one.follows is None and not one.is_doubt]


def spots(findings: list[Finding], *rules: str) -> Spots:
    return {(one.rule, str(one.cells[0])) for one in findings if one.rule in rules}


# Random changes


def changed(data: Data, chance: Random) -> Data:
    """Change a few amounts: a little, much, or by a factor of 10,000."""
    other = copy.deepcopy(data)
    for _ in range(chance.randrange(4)):
        table = chance.choice(list(TABLES))
        line = chance.choice(other[table])
        item = chance.choice([name for name in line if name != "机构名称"])
        kind = chance.random()
        if kind < 0.5:
            line[item] = round(line[item] + chance.choice((-1, 1)) * chance.randrange(1, 500) / 100, 2)
        elif kind < 0.8:
            line[item] = round(line[item] * chance.choice((0.1, 0.5, 1.5, 3)), 2)
        else:
            line[item] = round(line[item] * 10000, 2)
    return other


@pytest.mark.parametrize("seed", SEEDS)
def test_random_changes_are_found_and_nothing_else(seed: int) -> None:
    chance = random.Random(seed)
    now = report(chance)
    then = changed(year_before(now), chance)
    # Never the same report: what came over and what is left differ by chance.
    findings = found(now, then)
    assert spots(findings, "Y-01") == set(carried(now, then))
    assert spots(findings, "Y-02") == set(grown(now, then))
    units = {(str(c).split("!")[0], str(c)) for one in findings if one.rule == "Y-04" for c in one.cells}
    assert units == in_another_unit(now, then)
    assert "Y-07" not in {one.rule for one in findings}


@pytest.mark.parametrize("seed", SEEDS)
def test_changes_beyond_the_limits_are_found_item_by_item(seed: int) -> None:
    chance = random.Random(1000 + seed)
    now = report(chance)
    then = changed(year_before(now), chance)
    findings = found(now, then)
    for table, item in (
        ("收入", "公共财政拨款"),
        ("支出", "人员支出"),
        ("支出", "公用支出"),
        ("支出", "项目支出"),
    ):
        much = dict(changed_much(now, then, table, item))
        told = {str(one.cells[0]) for one in findings if one.rule == "Y-03" and one.item == item}
        most = {where for where, gap in much.items() if gap == max(much.values())}
        assert bool(most & told) == bool(much)
        assert told - {cell(table, item, 0)} <= much.keys()


def changed_much(now: Data, then: Data, table: str, item: str) -> Iterator[tuple[str, Decimal]]:
    for row, (a, b) in enumerate(zip(now[table], then[table], strict=True), start=1):
        gap, base = abs(amount(a, item) - amount(b, item)), amount(b, item)
        if gap > 10 and (not base or gap / abs(base) > Decimal("0.2")):
            yield cell(table, item, row), gap


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_report_again_is_only_that(seed: int) -> None:
    now = report(random.Random(seed))
    same = copy.deepcopy(now)
    same["封面"]["年度"] = 2021
    findings = found(now, same)
    assert [one.rule for one in standing(findings)] == ["Y-07"]
    assert {one.rule for one in findings if not one.is_doubt} <= {"Y-07", "Y-01", "X-15"}


@pytest.mark.parametrize("seed", SEEDS)
def test_what_stands_on_its_own_explains_all_the_rest(seed: int) -> None:
    chance = random.Random(seed)
    now = report(chance)
    findings = report_after(now, changed(year_before(now), chance)).findings
    leaders = {one.id for one in standing(findings)}
    assert [one for one in findings if one.follows is not None and one.follows not in leaders] == []
