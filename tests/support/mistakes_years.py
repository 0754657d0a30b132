"""Mistakes that last year's file shows."""

from decimal import Decimal

from tests.support.planting import Expected, Plot, expect, mistake
from tests.support.sound_figures import ASSETS, Wish

UNIT_CHANGED = Wish(entities=(1, 4), cars_bought=False)


def last_of(plot: Plot, table: str, row: int) -> dict[str, float]:
    """Return a row of last year's tables, free to be changed."""
    found: dict[str, float] = plot.last[table][row - 1]
    return found


def add(row: dict[str, float], item: str, amount: Decimal) -> None:
    """Add to an amount without binary dust."""
    row[item] = float(Decimal(str(row[item])) + amount)


@mistake(29, "上年结转 is not what was left last year", given="last")
def carry_over(plot: Plot) -> Expected:
    row = plot.pick(plot.rows())
    more = Decimal(plot.chance.randrange(200, 3000)) / 100
    for table, item in (("支出", "累计结余"), ("支出", "当年结余"), ("收入", "公共财政拨款")):
        add(last_of(plot, table, row), item, more)
    return expect("Y-01", plot.cell("收入", "上年结转", row), "warning", difference=-more)


@mistake(
    37, "a car bought, and the assets did not grow", Wish(entities=(1, 3), cars_bought=True), given="last"
)
def nothing_to_show(plot: Plot) -> Expected:
    row = plot.pick(plot.rows(lambda one: one.amounts["三公经费", "公务用车购置费"]))
    shrunk = plot.entity(row).of("固定资产", "固定资产合计") / 50
    last = last_of(plot, "固定资产", row)
    for item in ASSETS:
        last[item] = float(plot.entity(row).amounts["固定资产", item])
    add(last, "在用固定资产", shrunk.quantize(Decimal("0.01")))
    return expect("X-15", ["三公经费!*", "固定资产!*"], "warning", also="Y-06 X-15")


@mistake(38, "assets at cost in one year and at book value in the other", given="last")
def other_value(plot: Plot) -> Expected:
    row = plot.pick(plot.rows(lambda one: one.of("固定资产", "固定资产合计") > 60))
    last = last_of(plot, "固定资产", row)
    last["在用固定资产"] = round(last["在用固定资产"] * plot.chance.choice((1.9, 2.3, 0.45)), 2)
    return expect("Y-03 Y-06", "固定资产!*", "warning info", also="Y-03 Y-06 Y-05")


@mistake(67, "last year's file sent again", given="last")
def same_again(plot: Plot) -> Expected:
    plot.data = _as_this_year(plot.last)
    return expect("Y-07", ["封面!*", "收入!*"], "error")


def _as_this_year(data: object) -> object:
    """Return data with this year's number wherever last year's stood."""
    if isinstance(data, dict):
        return {key: 2022 if key == "年度" else _as_this_year(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_as_this_year(one) for one in data]
    if isinstance(data, str):
        return data.replace("2022-", "2023-").replace("2021", "2022")
    return data


@mistake(
    72, "money of 专户 put down as 其他收入", Wish(fees=True, others=False, cars_bought=False), given="last"
)
def renamed_fees(plot: Plot) -> Expected:
    row = plot.pick(plot.rows())
    fees = plot.entity(row).amounts["收入", "纳入专户管理的非税收入拨款"]
    plot.change(row, "收入", "其他收入", fees)
    plot.change(row, "收入", "纳入专户管理的非税收入拨款", Decimal(0))
    plot.write_anew()
    items = ("其他收入", "纳入专户管理的非税收入拨款")
    cells = [plot.cell("收入", item, one) for item in items for one in (row, 0)]
    return expect("Y-03 Y-09 Y-10 Y-11", cells, also="Y-03")
