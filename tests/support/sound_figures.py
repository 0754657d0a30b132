"""The figures of made-up departments, this year's and last year's, balanced to the hundredth.

Amounts are whole hundredths of 万元 while they are drawn, so that nothing is lost, and decimals afterwards.
"""

import random
import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from tests.support import reports

YEAR = 2022
Key = tuple[str, str]
Amounts = dict[Key, Decimal]

INCOME = ("上年结转", "公共财政拨款", "政府基金拨款", "纳入专户管理的非税收入拨款", "其他收入")
SPENDING = ("人员支出", "公用支出", "项目支出", "当年结余", "累计结余")
MEALS = ("公务接待费", "公务用车运维费", "公务用车购置费", "因公出国费")
ASSETS = ("在用固定资产", "出租固定资产", "其他")
INPUTS = {"收入": INCOME, "支出": SPENDING, "三公经费": MEALS, "固定资产": ASSETS}
TOTALS = {
    ("支出", "基本支出"): (("支出", "人员支出"), ("支出", "公用支出")),
    ("支出", "支出合计"): (("支出", "人员支出"), ("支出", "公用支出"), ("支出", "项目支出")),
    ("收入", "收入合计"): tuple(("收入", item) for item in INCOME),
    ("三公经费", "三公经费合计"): tuple(("三公经费", item) for item in MEALS),
    ("固定资产", "固定资产合计"): tuple(("固定资产", item) for item in ASSETS),
}
GRADES = ((90, "优"), (80, "良"), (60, "中"), (0, "差"))


@cache
def words() -> dict[str, Any]:
    """Names and sentences to make reports of."""
    return tomllib.loads(Path(__file__).with_name("sound.toml").read_text(encoding="utf-8"))


class Entity(Struct):
    """A row of the tables: the amounts that are typed in, none of them blank."""

    name: str
    staff: int
    amounts: Amounts

    def of(self, table: str, item: str) -> Decimal:
        """Return an amount, or a total of amounts."""
        parts = TOTALS.get((table, item), ((table, item),))
        return sum((self.amounts[one] for one in parts), Decimal(0))


class Department(Struct):
    """A department's figures; ``before`` is what it had the year before."""

    name: str
    code: str
    office: dict[str, Any]
    year: int
    entities: list[Entity]
    quota: int
    score: Decimal
    before: "Department | None" = None
    chosen: dict[str, Any] = {}

    @property
    def staff(self) -> int:
        """Return the number of people."""
        return sum(one.staff for one in self.entities)

    @property
    def grade(self) -> str:
        """Return the grade that belongs to the score."""
        return next(name for lowest, name in GRADES if self.score >= lowest)

    def of(self, table: str, item: str) -> Decimal:
        """Return an item's sum over the entities."""
        return sum((one.of(table, item) for one in self.entities), Decimal(0))


class Wish(Struct, frozen=True):
    """What a department must be like; ``None`` leaves it to chance."""

    entities: tuple[int, int] = (1, 12)
    others: bool | None = None
    fees: bool | None = None
    funds: bool | None = None
    carried: bool | None = None
    left: bool | None = None
    cars_bought: bool | None = None
    let: bool | None = None
    drift: float = 0.07
    """How far the year before was from this one, at most."""


TIDY = Wish(entities=(1, 5), cars_bought=False)


def department(chance: Random, wish: Wish = TIDY) -> Department:
    """Return a department of this year with the year before."""
    office = chance.choice(words()["office"])
    size = _size(chance, *wish.entities)
    place = chance.choice(words()["places"])
    prefix = f"中共{place}" if office["self"] == "我办" else place
    names = ["局机关", *(f"{place}{name}" for name in chance.sample(office["entities"], size - 1))]
    now = [_entity(chance, name, wish) for name in names]
    staff = sum(one.staff for one in now)
    found = Department(
        prefix + office["name"],
        str(chance.randrange(101, 799)),
        office,
        YEAR,
        now,
        quota=staff + chance.randrange(0, max(2, staff // 5)),
        score=Decimal(chance.randrange(1600, 1980)) / 20,
    )
    return replace(found, before=_before(found, chance, wish.drift))


def _size(chance: Random, least: int, most: int) -> int:
    """Return how many entities: small departments are many."""
    return min(chance.randint(least, most), chance.randint(least, most))


def _cents(chance: Random, low: float, high: float) -> int:
    return int(chance.uniform(low, high))


def _wanted(wish: bool | None, chance: Random, odds: float) -> bool:
    return chance.random() < odds if wish is None else wish


def _entity(chance: Random, name: str, wish: Wish) -> Entity:
    staff = chance.choice((chance.randrange(4, 12), chance.randrange(8, 40), chance.randrange(30, 160)))
    people = _cents(chance, 800, 2000) * staff + chance.randrange(100)
    running = _cents(chance, 150, 650) * staff + chance.randrange(100)
    works = _cents(chance, 0.05 * (people + running), 0.9 * (people + running)) + 300
    amounts = {("支出", "人员支出"): people, ("支出", "公用支出"): running, ("支出", "项目支出"): works}
    amounts |= _sources(chance, people + running + works, works, wish)
    amounts |= _meals(chance, running, works, wish)
    amounts |= _assets(chance, people + running + works, amounts, wish)
    return Entity(name, staff, _decimals(amounts))


def _sources(chance: Random, spent: int, works: int, wish: Wish) -> dict[Key, int]:
    """Return where the money came from and what was left of it."""
    carried = _cents(chance, 0.005 * spent, 0.03 * spent) if _wanted(wish.carried, chance, 0.4) else 0
    left = _cents(chance, 0.005 * spent, 0.03 * spent) if _wanted(wish.left, chance, 0.4) else 0
    if left == carried and left:
        left += 1
    other = _cents(chance, 10, 0.02 * spent + 20) if _wanted(wish.others, chance, 0.35) else 0
    fees = _cents(chance, 0.02 * spent, 0.08 * spent) if _wanted(wish.fees, chance, 0.2) else 0
    funds = _cents(chance, 0.2 * works, 0.5 * works) if _wanted(wish.funds, chance, 0.15) else 0
    grant = spent + left - carried - other - fees - funds
    income = dict(zip(INCOME, (carried, grant, funds, fees, other), strict=True))
    rest = {("支出", "当年结余"): left - carried, ("支出", "累计结余"): left}
    return {("收入", item): amount for item, amount in income.items()} | rest


def _meals(chance: Random, running: int, works: int, wish: Wish) -> dict[Key, int]:
    guests = _cents(chance, 0.004 * running, 0.05 * running)
    cars = _cents(chance, 0.01 * running, 0.06 * running) if chance.random() < 0.6 else 0
    bought = _cents(chance, 0.1 * works, 0.3 * works) + 100 if _wanted(wish.cars_bought, chance, 0.06) else 0
    abroad = _cents(chance, 50, 0.02 * running + 60) if chance.random() < 0.05 else 0
    return {
        ("三公经费", item): amount for item, amount in zip(MEALS, (guests, cars, bought, abroad), strict=True)
    }


def _assets(chance: Random, spent: int, amounts: dict[Key, int], wish: Wish) -> dict[Key, int]:
    rent = amounts["收入", "其他收入"] + amounts["收入", "纳入专户管理的非税收入拨款"]
    used = _cents(chance, 0.3 * spent, 2.5 * spent) + 2 * amounts["三公经费", "公务用车购置费"]
    let = _cents(chance, 0.01 * used, 0.1 * used) if _wanted(wish.let, chance, 0.3) and rent else 0
    rest = _cents(chance, 100, 0.05 * used + 200) if chance.random() < 0.15 else 0
    return {("固定资产", item): amount for item, amount in zip(ASSETS, (used, let, rest), strict=True)}


def _decimals(amounts: dict[Key, int]) -> Amounts:
    return {key: Decimal(amount).scaleb(-2) for key, amount in amounts.items()}


def _before(now: Department, chance: Random, drift: float) -> Department:
    entities = [replace(one, amounts=_earlier(one.amounts, chance, drift)) for one in now.entities]
    score = now.score - Decimal(chance.randrange(1, 8)) / 4
    return replace(now, year=now.year - 1, entities=entities, score=score)


def _earlier(amounts: Amounts, chance: Random, drift: float) -> Amounts:
    """Return what an entity had the year before: its balance is this year's carry-over, costs never lower on meals."""
    cents = {key: int(amount.scaleb(2)) for key, amount in amounts.items()}
    found = {key: int(value * chance.uniform(1 - drift, 1 + drift)) for key, value in cents.items()}
    for item in MEALS:
        found["三公经费", item] = int(
            cents["三公经费", item] * chance.choice((1, chance.uniform(1.01, 1.15)))
        )
    bought = cents["三公经费", "公务用车购置费"]
    for item in ASSETS:
        found["固定资产", item] = cents["固定资产", item]
    found["固定资产", "在用固定资产"] -= bought + int(
        cents["固定资产", "在用固定资产"] * chance.uniform(0, 0.05)
    )
    spent = sum(found["支出", item] for item in SPENDING[:3])
    left = cents["收入", "上年结转"]
    carried = found["收入", "上年结转"] = int(spent * chance.uniform(0, 0.03)) if left else 0
    found["支出", "累计结余"], found["支出", "当年结余"] = left, left - carried
    rest = sum(found["收入", item] for item in INCOME if item != "公共财政拨款")
    found["收入", "公共财政拨款"] = spent + left - rest
    return _decimals(found)


def seeded(seed: int) -> Random:
    """Return chance that the seed alone decides."""
    return random.Random(f"season {seed}")


def tables(found: Department) -> dict[str, list[dict[str, Any]]]:
    """Return the four tables as data, every amount typed in."""
    label = reports.main_form().tables["收入"].name_label
    return {
        table: [
            {label: one.name, **{item: float(one.amounts[table, item]) for item in items}}
            for one in found.entities
        ]
        for table, items in INPUTS.items()
    }
