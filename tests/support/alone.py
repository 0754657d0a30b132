"""Each rule broken alone: one way a rule, by the ids that the form declares and those of the program.

A rule that is declared and has no way here turns the test red; so does one that cannot be broken alone and gives no reason.
"""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from tests.support import mistakes_fields, mistakes_years
from tests.support.mistakes import MISTAKES
from tests.support.mistakes_amounts import OWN_RULE, row_in_yuan
from tests.support.planting import BALANCE, PLAIN, TIDY, Expected, Mistake, Planted, Plot, expect, planted
from tests.support.sloppy import section
from tests.support.sound_figures import INPUTS, Wish

# Rules that no single workbook can break, each with the reason.
ELSEWHERE = {
    "R-10": "compares a department's workbook with its entities' own",
    "G-03": "needs the budget, which this form has not",
    "G-04": "needs a sheet of indicators, which this form has not",
}
# Two of three are broken by any one figure; they are reported as one finding.
TOGETHER: dict[str, frozenset[str]] = dict.fromkeys(BALANCE, BALANCE)
# An amount in a text that is not the table's spoils the sum that it stands in; either may be told first.
TOGETHER |= {
    rule: frozenset((rule, of)) for rule, of in (("T-01", "T-04"), ("T-07", "T-06"), ("T-20", "T-17"))
}
# The mistake of the list that breaks a rule.
BY_MISTAKE = """
N-01 69  N-02 13  N-03 18  N-04 36  N-06 8   N-09 48  N-10 75
F-01 58  F-02 1   F-03 61  F-05 60  F-06 59  F-08 2   F-10 73  F-11 62
A-01 39  A-02 3   E-03 3   I-02 3   S-02 3   E-04 27  X-01 30  X-02 28
X-04 9   X-06 35  X-08 41  X-09 40  X-11 6   X-14 42  X-15 37
G-01 44  G-02 45  G-06 48  G-07 74  Y-01 29  Y-03 38  Y-07 67
T-02 20  T-08 52  T-09 51  T-10 55  T-12 50  T-13 49  T-14 54  T-23 23
T-24 56
"""
BREAKS: dict[str, Mistake] = {
    rule: replace(MISTAKES[int(number)], number=rule)
    for line in BY_MISTAKE.strip().splitlines()
    for rule, number in zip(*[iter(line.split())] * 2, strict=True)
}


def breaks(rule: str, wish: Wish = TIDY, given: str = "", **style: Any) -> Callable[..., Any]:
    """Put a way to break a rule on the list."""

    def listed(make: Callable[[Plot], Expected]) -> Callable[[Plot], Expected]:
        assert rule not in BREAKS
        BREAKS[rule] = Mistake(rule, "", make, wish, PLAIN | style, given)
        return make

    return listed


def broken(rule: str, seed: int, folder: Path) -> Planted:
    """Write a report in which one rule is broken, and the same in which none is."""
    return planted(BREAKS[rule], seed, folder, rule, quick=True)


# Totals and amounts


def _row_total(item: str, table: str) -> Callable[[Plot], Expected]:
    """Print a row's total a little beside its parts."""

    def make(plot: Plot) -> Expected:
        row = plot.pick(plot.rows())
        right = plot.entity(row).of(table, item)
        wrong = plot.off(right)
        plot.print_total(table, item, row, wrong)
        return expect(OWN_RULE[item], plot.cell(table, item, row), "error", difference=wrong - right)

    return make


for _item, _table in (
    ("收入合计", "收入"),
    ("支出合计", "支出"),
    ("基本支出", "支出"),
    ("三公经费合计", "三公经费"),
):
    breaks(OWN_RULE[_item])(_row_total(_item, _table))


@breaks("S-03")
def _negative_meals(plot: Plot) -> Expected:
    row, wrong = plot.pick(plot.rows()), -Decimal(plot.chance.randrange(20, 300)) / 100
    plot.change(row, "三公经费", "公务接待费", wrong)
    plot.need(plot.found.of("三公经费", "三公经费合计") > 0)
    plot.write_anew()
    return expect("S-03", plot.cell("三公经费", "公务接待费", row), "error", difference=wrong)


@breaks("A-03")
def _more_in_use_than_there_is(plot: Plot) -> Expected:
    row, less = plot.pick(plot.rows()), -Decimal(plot.chance.randrange(100, 900)) / 100
    plot.need(not plot.entity(row).amounts["固定资产", "出租固定资产"])
    plot.change(row, "固定资产", "其他", less)
    plot.need(plot.entity(row).amounts["固定资产", "在用固定资产"] > 20)
    plot.write_anew()
    return expect("A-03", plot.cell("固定资产", "在用固定资产", row), "error", difference=-less)


@breaks("N-05")
def _blank(plot: Plot) -> Expected:
    row = plot.pick(plot.rows(lambda one: not one.amounts["三公经费", "公务用车购置费"]))
    plot.type_in("三公经费", "公务用车购置费", row, None)
    return expect("N-05", plot.cell("三公经费", "公务用车购置费", row), "info")


@breaks("N-07")
def _half_a_person(plot: Plot) -> Expected:
    plot.need(plot.found.quota > plot.found.staff)
    plot.data["基本概况"]["实有人数"] = plot.found.staff + 0.5
    return expect("N-07", plot.field("基本概况", "实有人数"))


@breaks("N-08", Wish(entities=(2, 5), cars_bought=False))
def _no_name(plot: Plot) -> Expected:
    row = plot.pick(plot.rows(first=2))
    mistakes_fields.rename(plot, row, None)
    return expect("N-08", plot.cell("收入", "", row), "error")


@breaks("X-19", Wish(entities=(2, 5), cars_bought=False))
def _name_alone(plot: Plot) -> Expected:
    row = len(plot.found.entities) + 1
    for table in INPUTS:
        plot.data[table].append({"机构名称": "临溪县备用站"})
    return expect("X-19", plot.cell("收入", "", row), "info")


@breaks("X-03", Wish(entities=(2, 5), cars_bought=False))
def _more_spent_than_there_was(plot: Plot) -> Expected:
    row, over = plot.pick(plot.rows()), Decimal(plot.chance.randrange(100, 900)) / 100
    amounts = plot.entity(row).amounts
    plot.need(plot.found.of("支出", "累计结余") - amounts["支出", "累计结余"] > over)
    less = amounts["支出", "累计结余"] + over
    for table, item in (("收入", "公共财政拨款"), ("支出", "当年结余"), ("支出", "累计结余")):
        plot.change(row, table, item, amounts[table, item] - less)
    plot.write_anew()
    return expect("X-03", plot.cell("支出", "支出合计", row), "warning", difference=over)


@breaks("X-05", Wish(entities=(2, 5), cars_bought=False))
def _assets_and_nothing_else(plot: Plot) -> Expected:
    row = len(plot.found.entities) + 1
    for table, items in INPUTS.items():
        filled = dict.fromkeys(items, 0) if table in ("三公经费", "固定资产", "支出") else {}
        plot.data[table].append({"机构名称": "临溪县新设站", **filled})
    plot.data["固定资产"][row - 1]["在用固定资产"] = 12.5
    return expect("X-05", plot.cell("收入", "收入合计", row), "warning", also="N-05")


@breaks("X-07")
def _many_guests(plot: Plot) -> Expected:
    row = plot.pick(plot.rows())
    costs = plot.entity(row).amounts["支出", "公用支出"]
    plot.change(row, "三公经费", "公务接待费", (costs * Decimal("0.6")).quantize(Decimal("0.01")))
    plot.write_anew()
    return expect("X-07", ["三公经费!*", "支出!*"], also="X-07")


@breaks("X-10", Wish(entities=(1, 1), others=True, cars_bought=False))
def _source_not_named(plot: Plot) -> Expected:
    section(plot.data, "二")["正文"] = [text for text in plot.body("二") if not text.startswith("其他收入")]
    return expect("X-10", plot.cell("收入", "其他收入", 1))


@breaks("X-12")
def _paid_a_head(plot: Plot) -> Expected:
    few = max(1, int(plot.found.of("支出", "人员支出") / 60))
    plot.need(plot.found.of("支出", "公用支出") / few < 14)
    entities = [replace(one, staff=0) for one in plot.found.entities]
    plot.found.entities = [replace(entities[0], staff=few), *entities[1:]]
    plot.write_anew()
    return expect("X-12", [plot.field("基本概况", "实有人数"), plot.cell("支出", "人员支出", 0)], "info")


@breaks("X-16", Wish(entities=(2, 5), cars_bought=False))
def _spent_in_yuan(plot: Plot) -> Expected:
    for row in plot.rows():
        row_in_yuan(plot, row, "支出")
    return expect("X-16", plot.cell("支出", "支出合计", 1), "warning")


@breaks("X-17", Wish(entities=(2, 5), cars_bought=False))
def _assets_in_yuan(plot: Plot) -> Expected:
    for row in plot.rows():
        row_in_yuan(plot, row, "固定资产")
    return expect("X-17", plot.cell("固定资产", "固定资产合计", 1), "warning")


@breaks("X-21", Wish(entities=(2, 5), cars_bought=False))
def _meals_in_yuan(plot: Plot) -> Expected:
    for row in plot.rows():
        row_in_yuan(plot, row, "三公经费")
    return expect("X-21", "三公经费!?6", "error")


@breaks("X-18", Wish(entities=(2, 5), cars_bought=False))
def _all_in_yuan(plot: Plot) -> Expected:
    for row in plot.rows():
        row_in_yuan(plot, row, *INPUTS)
    return expect("X-18", plot.cell("支出", "人员支出", 0), "warning")


@breaks("X-20")
def _costs_above_pay(plot: Plot) -> Expected:
    row = plot.pick(plot.rows())
    amounts = plot.entity(row).amounts
    whole = amounts["支出", "人员支出"] + amounts["支出", "公用支出"]
    plot.change(row, "支出", "公用支出", (whole * Decimal("0.51")).quantize(Decimal("0.01")))
    plot.change(row, "支出", "人员支出", whole - amounts["支出", "公用支出"])
    plot.write_anew()
    return expect("X-20", plot.cell("支出", "公用支出", row), "info", also="X-20")


@breaks("X-13")
def _costs_a_head(plot: Plot) -> Expected:
    few = max(1, int(plot.found.of("支出", "公用支出") / 20))
    plot.need(plot.found.of("支出", "人员支出") / few < 39)
    entities = [replace(one, staff=0) for one in plot.found.entities]
    plot.found.entities = [replace(entities[0], staff=few), *entities[1:]]
    plot.write_anew()
    return expect("X-13", [plot.field("基本概况", "实有人数"), plot.cell("支出", "公用支出", 0)])


@breaks("G-05")
def _nobody_to_ask(plot: Plot) -> Expected:
    label = plot.chance.choice(("联系人", "联络电话", "人员编制", "实有人数"))
    plot.data["基本概况"][label] = None
    return expect("G-05", plot.field("基本概况", label), "error")


@breaks("T-11")
def _other_year(plot: Plot) -> Expected:
    plot.data["封面"]["年度"] = plot.chance.choice((2021, 2020, 2023))
    return expect("T-11", plot.field("封面", "年度"), "error")


# Last year and other papers


@breaks("Y-02", given="last")
def _meals_grew(plot: Plot) -> Expected:
    row = plot.pick(plot.rows(lambda one: one.amounts["三公经费", "公务接待费"] > 1))
    last = mistakes_years.last_of(plot, "三公经费", row)
    last["公务接待费"] = round(last["公务接待费"] * 0.4, 2)
    return expect("Y-02", "三公经费!*", "warning", also="Y-02")


@breaks("Y-04", given="last")
def _last_year_in_yuan(plot: Plot) -> Expected:
    row, table = plot.pick(plot.rows()), plot.chance.choice(("支出", "固定资产"))
    item = INPUTS[table][0]
    last = mistakes_years.last_of(plot, table, row)
    last[item] = round(last[item] * 10000, 2)
    return expect("Y-04", f"{table}!*", "error", also="Y-04")


@breaks("Y-05", Wish(entities=(1, 1), carried=True, left=True, cars_bought=False), given="last")
def _left_over_grew(plot: Plot) -> Expected:
    left, carried = plot.found.of("支出", "累计结余"), plot.found.of("收入", "上年结转")
    plot.need(
        left > 15 and abs(left - carried) < carried / 3 and left * 10 < plot.found.of("收入", "公共财政拨款")
    )
    amounts = plot.entity(1).amounts
    for table, item in (("支出", "累计结余"), ("支出", "当年结余"), ("收入", "公共财政拨款")):
        plot.change(1, table, item, amounts[table, item] + left)
    plot.write_anew()
    return expect("Y-05", "支出!*", "info", difference=2 * left - carried)


@breaks("Y-06", given="last")
def _assets_not_explained(plot: Plot) -> Expected:
    plot.need(plot.found.of("固定资产", "固定资产合计") > 120)
    for row in plot.rows():
        last = mistakes_years.last_of(plot, "固定资产", row)
        last |= {
            item: float((amount * Decimal("0.87")).quantize(Decimal("0.01")))
            for (table, item), amount in plot.entity(row).amounts.items()
            if table == "固定资产"
        }
    return expect("Y-06", "固定资产!*", "info")


@breaks("Y-08", given="last")
def _other_people(plot: Plot) -> Expected:
    plot.last["基本概况"]["实有人数"] *= 2
    return expect("Y-08", ["基本概况!*"], "warning info")


@breaks("Y-09", Wish(fees=True, others=False, cars_bought=False), given="last")
def _fees_gone(plot: Plot) -> Expected:
    expected: Expected = mistakes_years.renamed_fees(plot)
    return replace(expected, rules=frozenset(("Y-09",)), also=frozenset())


def _paper(rule: str, table: str, item: str, label: str = "", kind: str = "决算") -> None:
    """Let other papers have another figure for the department's total."""

    @breaks(rule, Wish(entities=(1, 1), carried=True, cars_bought=False), given="papers")
    def make(plot: Plot) -> Expected:
        lines = [row for row in plot.papers if (row["类别"], row["项目"]) == (kind, label or item)]
        plot.need(lines)
        for row in lines:
            more = 50000 if row["单位"] == "元" else 5
            row["金额"] = f"{Decimal(row['金额']) + more:.2f}"
        return expect(rule, [plot.cell(table, item, 0), plot.cell(table, item, 1)], "warning")


_paper("D-01", "收入", "收入合计")
_paper("D-02", "支出", "支出合计")
_paper("D-03", "支出", "人员支出")
_paper("D-04", "三公经费", "公务接待费")
_paper("D-05", "固定资产", "固定资产合计")
_paper("D-06", "收入", "上年结转", "累计结余", "上年")
