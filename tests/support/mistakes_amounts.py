"""Mistakes in what is typed into the tables: amounts in the wrong unit, shape or place."""

import re
from decimal import ROUND_DOWN, Decimal

from tests.support.planting import BALANCE, TEXT_RULES, Expected, Plot, expect, mistake
from tests.support.sound_figures import INPUTS, TOTALS, Wish

OWN_RULE = {
    "收入合计": "I-01",
    "支出合计": "E-01",
    "基本支出": "E-02",
    "三公经费合计": "S-01",
    "固定资产合计": "A-01",
}
SUM_RULE = {"收入": "I-02", "支出": "E-03", "三公经费": "S-02", "固定资产": "A-02"}
UNIT_RULES = frozenset(("X-16", "X-17", "X-18", "X-21", "Y-04", "X-12", "X-13", "X-07", "Y-03"))
SEVERAL = Wish(entities=(2, 5), cars_bought=False)


@mistake(3, "the total row is not the sum of the entities", SEVERAL)
def total_row(plot: Plot) -> Expected:
    table = plot.chance.choice(list(INPUTS))
    item = plot.chance.choice(INPUTS[table])
    right = plot.found.of(table, item)
    wrong = plot.off(right)
    plot.print_total(table, item, 0, wrong)
    return expect(SUM_RULE[table], plot.cell(table, item, 0), "error", difference=wrong - right)


@mistake(11, "元 typed where 万元 belongs, in one cell or everywhere")
def in_yuan(plot: Plot) -> Expected:
    if plot.chance.random() < 0.3:
        for row in plot.rows():
            row_in_yuan(plot, row, *INPUTS)
        cells = [f"{table}!*" for table in INPUTS]
        return expect([*UNIT_RULES, *TEXT_RULES], cells, "error warning", also=UNIT_RULES)
    table, item, row, right = plot.amount()
    plot.need(right > 1)
    plot.type_in(table, item, row, right * 10000)
    return expect(UNIT_RULES, plot.cell(table, item, row), "error warning", also="X-07")


def row_in_yuan(plot: Plot, row: int, *tables: str) -> None:
    """Type the amounts of a row in 元."""
    for table in tables:
        for item in INPUTS[table]:
            plot.type_in(table, item, row, plot.entity(row).amounts[table, item] * 10000)


@mistake(12, "one table in 元, the others in 万元", SEVERAL)
def one_table_in_yuan(plot: Plot) -> Expected:
    table = plot.chance.choice(list(INPUTS))
    for row in plot.rows():
        row_in_yuan(plot, row, table)
    return expect(UNIT_RULES, f"{table}!*", "error warning", also="X-07")


def _text(plot: Plot, shape: str) -> Expected:
    table, item, row, right = plot.amount()
    plot.type_in(table, item, row, shape.format(right, plain=f"{right:.2f}"))
    return expect("N-02", plot.cell(table, item, row), "error")


@mistake(13, "the unit typed behind the amount")
def unit_in_cell(plot: Plot) -> Expected:
    return _text(plot, plot.chance.choice(("{plain}万元", "{plain}万", "{plain} 元", "约{plain}")))


@mistake(14, "an amount stored as text")
def number_as_text(plot: Plot) -> Expected:
    return _text(plot, "{plain}")


@mistake(15, "a stray sign or full-width digits in an amount")
def stray_sign(plot: Plot) -> Expected:
    table, item, row, right = plot.amount()
    plain = f"{right:.2f}"
    wide = plain.translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))
    value = plot.chance.choice(
        (f"{plain}.", plain.replace(".", "·"), wide, plain.replace(".", ". "), f"{plain}，")
    )
    plot.type_in(table, item, row, value)
    return expect("N-02", plot.cell(table, item, row), "error")


@mistake(16, "a thousands comma typed as text")
def thousands_comma(plot: Plot) -> Expected:
    table, item, row, right = plot.amount()
    plot.need(right >= 1000)
    plot.type_in(table, item, row, f"{right:,.2f}")
    return expect("N-02", plot.cell(table, item, row), "error warning")


@mistake(17, "the letter O for 0, or l for 1")
def letters(plot: Plot) -> Expected:
    table, item, row, right = plot.amount()
    plain = f"{right:.2f}"
    plot.need(set(plain) & set("01"))
    plot.type_in(table, item, row, plain.replace("0", "O") if "0" in plain else plain.replace("1", "l"))
    return expect("N-02", plot.cell(table, item, row), "error")


@mistake(18, "more decimals than the cell shows")
def hidden_decimals(plot: Plot) -> Expected:
    table, item, row, right = plot.amount()
    more = Decimal(plot.chance.randrange(1, 49)) / 10000
    plot.type_in(table, item, row, right + more)
    return expect("N-03", plot.cell(table, item, row), difference=more)


@mistake(19, "a printed total with a tail of 0.01")
def tail(plot: Plot) -> Expected:
    table, item, row, right = plot.total()
    plot.need(right > 1)
    wrong = right + plot.chance.choice((Decimal("0.01"), Decimal("-0.01")))
    plot.print_total(table, item, row, wrong)
    rules = [OWN_RULE[item], SUM_RULE[table]] if row == 0 else [OWN_RULE[item]]
    return expect(rules, plot.cell(table, item, row), "warning", difference=wrong - right)


@mistake(24, "a stroke or 无 typed for nothing")
def stroke(plot: Plot) -> Expected:
    places = [
        (table, item, row)
        for table, items in INPUTS.items()
        for item in items
        for row in plot.rows(lambda one, table=table, item=item: one.amounts[table, item] == 0)
    ]
    plot.need(places)
    table, item, row = plot.chance.choice(places)
    plot.type_in(table, item, row, plot.chance.choice(("/", "—", "无", "-", "不适用")))
    return expect("N-02 N-05", plot.cell(table, item, row))


@mistake(25, "the columns of 结余 left blank", Wish(carried=True, left=True, cars_bought=False))
def no_balance(plot: Plot) -> Expected:
    row = plot.pick(
        plot.rows(lambda one: one.amounts["支出", "累计结余"] and one.amounts["支出", "当年结余"])
    )
    for item in ("当年结余", "累计结余"):
        plot.type_in("支出", item, row, None)
    cells = [plot.cell("支出", item, row) for item in ("当年结余", "累计结余")]
    return expect(BALANCE, cells, "warning", also="N-05")


@mistake(26, "上年结转 left out, so that more was spent than came in", Wish(carried=True, cars_bought=False))
def no_carry_over(plot: Plot) -> Expected:
    row = plot.pick(plot.rows(lambda one: one.amounts["支出", "累计结余"] < one.amounts["收入", "上年结转"]))
    plot.type_in("收入", "上年结转", row, None)
    cells = [plot.cell("收入", "上年结转", row), plot.cell("支出", "累计结余", row)]
    return expect([*BALANCE, "X-03"], cells, "warning error", also="N-05")


@mistake(27, "当年结余 and 累计结余 copied from each other", Wish(carried=True, left=True, cars_bought=False))
def balance_copied(plot: Plot) -> Expected:
    row = plot.pick(
        plot.rows(lambda one: one.amounts["收入", "上年结转"] and one.amounts["支出", "累计结余"])
    )
    items = ["当年结余", "累计结余"]
    plot.chance.shuffle(items)
    wrong, right = (plot.entity(row).amounts["支出", item] for item in reversed(items))
    plot.type_in("支出", items[0], row, wrong)
    return expect(BALANCE, plot.cell("支出", items[0], row), "warning", difference=wrong - right)


@mistake(28, "the sign of a negative 结余 lost", Wish(carried=True, cars_bought=False))
def sign_lost(plot: Plot) -> Expected:
    row = plot.pick(plot.rows(lambda one: one.amounts["支出", "当年结余"] < 0))
    right = plot.entity(row).amounts["支出", "当年结余"]
    plot.type_in("支出", "当年结余", row, -right)
    return expect(BALANCE, plot.cell("支出", "当年结余", row), "warning", difference=-2 * right)


def _spent_less(plot: Plot, item: str) -> Expected:
    """Leave 其他收入 out of an expense: what was left stays as it was."""
    row = plot.pick(
        plot.rows(lambda one: 0 < one.amounts["收入", "其他收入"] < one.amounts["支出", item] / 4)
    )
    amounts = plot.entity(row).amounts
    plot.change(row, "支出", item, amounts["支出", item] - amounts["收入", "其他收入"])
    plot.write_anew()
    cells = [plot.cell("支出", one, row) for one in ("支出合计", item, "基本支出")]
    return expect(BALANCE, cells, "warning", also="X-06")


@mistake(
    30, "人员支出 in the scope of 财政拨款 in a table of all money", Wish(others=True, cars_bought=False)
)
def fiscal_scope_in_table(plot: Plot) -> Expected:
    return _spent_less(plot, "人员支出")


@mistake(31, "what was paid from 其他收入 left out of the expenses", Wish(others=True, cars_bought=False))
def other_income_not_spent(plot: Plot) -> Expected:
    return _spent_less(plot, plot.chance.choice(("公用支出", "项目支出")))


@mistake(33, "项目支出 counted again in 公用支出 or in 基本支出")
def works_counted_twice(plot: Plot) -> Expected:
    row = plot.pick(plot.rows())
    amounts = plot.entity(row).amounts
    works = amounts["支出", "项目支出"]
    if plot.chance.random() < 0.5:
        plot.print_total("支出", "基本支出", row, plot.entity(row).of("支出", "基本支出") + works)
        return expect("E-02", plot.cell("支出", "基本支出", row), "error", difference=works)
    plot.change(row, "支出", "公用支出", amounts["支出", "公用支出"] + works)
    plot.write_anew()
    cells = [plot.cell("支出", item, row) for item in ("支出合计", "公用支出", "项目支出", "基本支出")]
    return expect([*BALANCE, "X-03"], cells, "warning error", also="X-13")


@mistake(34, "the total of 三公经费 is not the sum of its parts, or two parts are swapped")
def meals(plot: Plot) -> Expected:
    if plot.chance.random() < 0.5:
        return _wrong_total(plot, "三公经费", "三公经费合计")
    cars, bought = "公务用车运维费", "公务用车购置费"
    plot.need(re.search("公务用车购置费\\d", "".join(plot.body("二（一）"))))
    row = plot.pick(
        plot.rows(lambda one: one.amounts["三公经费", cars] and not one.amounts["三公经费", bought])
    )
    plot.type_in("三公经费", bought, row, plot.entity(row).amounts["三公经费", cars])
    plot.type_in("三公经费", cars, row, Decimal(0))
    cells = ["三公经费!*", plot.paragraph("公务用车购置费")]
    return expect("T-06 T-07 T-17 X-15", cells)


def _wrong_total(plot: Plot, table: str, item: str) -> Expected:
    row = plot.chance.choice((0, *plot.rows()))
    right = (plot.entity(row) if row else plot.found).of(table, item)
    wrong = plot.off(right)
    plot.print_total(table, item, row, wrong)
    rules = [OWN_RULE[item], SUM_RULE[table]] if row == 0 else [OWN_RULE[item]]
    return expect(rules, plot.cell(table, item, row), "error", difference=wrong - right)


@mistake(35, "三公经费 larger than the expenses that hold them")
def meals_too_large(plot: Plot) -> Expected:
    row = plot.pick(plot.rows())
    one = plot.entity(row)
    costs = one.of("支出", "公用支出") + one.of("支出", "项目支出")
    over = Decimal(plot.chance.randrange(100, 5000)) / 100
    others = one.of("三公经费", "三公经费合计") - one.amounts["三公经费", "公务接待费"]
    plot.change(row, "三公经费", "公务接待费", costs + over - others)
    plot.write_anew()
    return expect("X-06", plot.cell("三公经费", "三公经费合计", row), "error", difference=over, also="X-07")


@mistake(39, "the parts of 固定资产 do not make the total")
def assets_total(plot: Plot) -> Expected:
    return _wrong_total(plot, "固定资产", "固定资产合计")


@mistake(40, "assets let, and no income from letting", Wish(others=False, fees=False, cars_bought=False))
def let_without_rent(plot: Plot) -> Expected:
    row = plot.pick(plot.rows())
    used = plot.entity(row).amounts["固定资产", "在用固定资产"]
    plot.change(row, "固定资产", "出租固定资产", (used / 20).quantize(Decimal("0.01"), ROUND_DOWN))
    plot.write_anew()
    return expect("X-09", plot.cell("固定资产", "出租固定资产", row))


@mistake(41, "政府基金 received, and no 项目支出", Wish(entities=(2, 5), funds=True, cars_bought=False))
def funds_without_works(plot: Plot) -> Expected:
    row = plot.pick(plot.rows())
    amounts = plot.entity(row).amounts
    works = amounts["支出", "项目支出"]
    plot.need(amounts["收入", "公共财政拨款"] > works + 1)
    plot.change(row, "支出", "项目支出", Decimal(0))
    plot.change(row, "收入", "公共财政拨款", amounts["收入", "公共财政拨款"] - works)
    plot.write_anew()
    return expect("X-08", [plot.cell("收入", "政府基金拨款", row), plot.cell("支出", "项目支出", row)])


@mistake(69, "a negative expense", SEVERAL)
def negative(plot: Plot) -> Expected:
    row = plot.pick(plot.rows())
    amounts = dict(plot.entity(row).amounts)
    wrong = -Decimal(plot.chance.randrange(50, 300)) / 100
    rest = amounts["收入", "公共财政拨款"] - amounts["支出", "项目支出"] + wrong
    plot.need(rest > 0 and plot.found.of("支出", "项目支出") - amounts["支出", "项目支出"] > 20)
    plot.change(row, "支出", "项目支出", wrong)
    plot.change(row, "收入", "政府基金拨款", Decimal(0))
    plot.change(row, "收入", "公共财政拨款", rest + amounts["收入", "政府基金拨款"])
    plot.write_anew()
    return expect("N-01", plot.cell("支出", "项目支出", row), "warning", difference=wrong)


@mistake(70, "figures in the total row only, in one table")
def total_only(plot: Plot) -> Expected:
    table, item = plot.chance.choice((("三公经费", "三公经费合计"), ("固定资产", "固定资产合计")))
    words = "三公" if table == "三公经费" else "固定资产"
    for data in (plot.tidy, plot.data):
        for one in data["评价报告综述"]:
            one["正文"] = [text for text in one["正文"] if words not in text]
    right = plot.found.of(table, item)
    for row in plot.rows():
        for part in INPUTS[table]:
            plot.type_in(table, part, row, None)
    plot.print_total(table, item, 0, right)
    return expect(
        [OWN_RULE[item], SUM_RULE[table]], plot.cell(table, item, 0), "error", difference=right, also="N-05"
    )


@mistake(71, "a department of one fills in the total row only", Wish(entities=(1, 1), cars_bought=False))
def totals_only(plot: Plot) -> Expected:
    for table, items in INPUTS.items():
        for item in items:
            plot.type_in(table, item, 1, None)
            plot.print_total(table, item, 0, plot.found.of(table, item))
        for whole in (item for where, item in TOTALS if where == table):
            plot.print_total(table, whole, 0, plot.found.of(table, whole))
    again = [*OWN_RULE.values(), *SUM_RULE.values(), *BALANCE, "X-03", "X-06", "X-19", "A-03", "N-05"]
    return expect("I-01 I-02 X-05", "收入!*5", "error", also=frozenset(again))
