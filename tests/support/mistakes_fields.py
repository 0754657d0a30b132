"""Mistakes in names, single fields and lists."""

from decimal import Decimal

from msgspec.structs import replace

from tests.support.planting import TEXT_RULES, Expected, Plot, expect, mistake
from tests.support.sound_figures import GRADES, INPUTS, Wish

SEVERAL = Wish(entities=(2, 5), cars_bought=False)
MANY = Wish(entities=(3, 6), cars_bought=False)


def rename(plot: Plot, row: int, name: str | None) -> None:
    """Give an entity another name in all tables."""
    for table in INPUTS:
        plot.data[table][row - 1]["机构名称"] = name


@mistake(6, "a sub-agency still called 二级机构1, with amounts", SEVERAL)
def placeholder(plot: Plot) -> Expected:
    row = plot.pick(plot.rows(first=2))
    rename(plot, row, f"二级机构{row - 1}")
    return expect("X-11", plot.cell("收入", "", row), "error")


@mistake(7, "amounts without a name, or a name without amounts", SEVERAL)
def one_sided(plot: Plot) -> Expected:
    if plot.chance.random() < 0.5:
        row = plot.pick(plot.rows(first=2))
        rename(plot, row, None)
        return expect("N-08", plot.cell("收入", "", row), "error warning")
    row = len(plot.found.entities) + 1
    for table in INPUTS:
        plot.data[table].append({"机构名称": "临溪县备用站"})
    return expect("X-19", plot.cell("收入", "", row), "info")


@mistake(8, "the same sub-agency twice, with a blank or a width between", MANY)
def twice(plot: Plot) -> Expected:
    first, second = sorted(plot.chance.sample(plot.rows(first=2), 2))
    name = plot.entity(first).name
    at = plot.chance.randrange(1, len(name))
    copies = (name, f"{name[:at]} {name[at:]}", f"　{name}", f"（{name[:2]}）{name[2:]}")
    rename(plot, second, plot.chance.choice(copies))
    # A text that names the source by entities does not know the new name.
    return expect("N-06", plot.cell("收入", "", second), "error warning", also="X-10")


@mistake(9, "sub-agencies in another order, or otherwise called, in one table", MANY)
def order(plot: Plot) -> Expected:
    table = plot.chance.choice([one for one in INPUTS if one != "收入"])
    first, second = sorted(plot.chance.sample(plot.rows(first=2), 2))
    plot.as_data = True
    rows = plot.data[table]
    if plot.chance.random() < 0.5:
        rows[first - 1], rows[second - 1] = rows[second - 1], rows[first - 1]
        return expect("X-04", plot.cell(table, "", first), "error", also="X-04")
    rows[first - 1]["机构名称"] = f"{plot.entity(first).name}（筹）中心"
    return expect("X-04", plot.cell(table, "", first), "error")


@mistake(42, "more people than posts")
def too_many(plot: Plot) -> Expected:
    over = plot.chance.randrange(1, 6)
    plot.found.quota = plot.found.staff - over
    plot.need(plot.found.quota > 0)
    plot.write_anew()
    return expect("X-14", plot.field("基本概况", "实有人数"), "warning", difference=Decimal(over))


@mistake(43, "so few people that each would cost a fortune")
def absurd_heads(plot: Plot) -> Expected:
    costs = plot.found.of("支出", "人员支出")
    plot.need(costs > 200)
    few = int(costs / plot.chance.randrange(70, 90))
    entities = [replace(one, staff=0) for one in plot.found.entities]
    plot.found.entities = [replace(entities[0], staff=max(1, few)), *entities[1:]]
    plot.write_anew()
    cells = [
        plot.field("基本概况", "实有人数"),
        *(plot.cell("支出", item, 0) for item in ("人员支出", "公用支出")),
    ]
    return expect("X-12 X-13", cells, also="X-12 X-13")


@mistake(44, "a score above 100, or with 分 behind it")
def score(plot: Plot) -> Expected:
    cell = plot.field("绩效自评", "绩效自评综合得分")
    if plot.chance.random() < 0.5:
        plot.data["绩效自评"]["绩效自评综合得分"] = f"{plot.found.score.normalize():f}分"
        return expect("N-02", cell, "error")
    over = Decimal(plot.chance.randrange(1, 80)) / 2
    plot.found.score = 100 + over
    plot.write_anew()
    return expect("G-01", cell, "error", difference=over)


@mistake(45, "no grade, or one that does not belong to the score")
def grade(plot: Plot) -> Expected:
    cell = plot.field("绩效自评", "评价等次")
    if plot.chance.random() < 0.5:
        plot.data["绩效自评"]["评价等次"] = None
        return expect("G-02", cell, "info")
    wrong = plot.chance.choice([name for _, name in GRADES if name != plot.found.grade])
    plot.data["绩效自评"]["评价等次"] = wrong
    return expect("G-02", cell, "error")


@mistake(47, "the wrong year on the cover or in the text")
def year(plot: Plot) -> Expected:
    if plot.chance.random() < 0.5:
        plot.data["封面"]["年度"] = plot.chance.choice((2021, 2020, 2023))
        return expect("T-11", plot.field("封面", "年度"), "error")
    return expect(TEXT_RULES, plot.replace_text("2022年度", plot.chance.choice(("2021年度", "2020年度"))))


@mistake(48, "a report dated before the year was over, or on no day at all")
def date(plot: Plot) -> Expected:
    early = ("2022-09-15", "2022-12-01", "2021-06-20")
    odd = ("2023年9月9 日", "2023-02-30", "2023.6", "6月20日", "二O二三年五月")
    value = plot.chance.choice((plot.chance.choice(early), plot.chance.choice(odd)))
    plot.data["封面"]["报告日期"] = value
    return expect("G-06" if value in early else "N-09", plot.field("封面", "报告日期"))


@mistake(74, "no evaluators, or one without post or unit")
def evaluators(plot: Plot) -> Expected:
    places = plot.filled().blueprint.places.lists["评价人员"]
    if plot.chance.random() < 0.5:
        plot.data["评价人员"] = []
        return expect("G-07", "评价人员!*", "warning")
    index = plot.chance.randrange(len(plot.data["评价人员"]))
    label = plot.chance.choice(("职务/职称", "单位"))
    plot.data["评价人员"][index][label] = None
    return expect("G-07", [places.cell(label, index), places.cell("姓名", index)], "warning")


@mistake(75, "a telephone number without area code or with digits missing")
def phone(plot: Plot) -> Expected:
    right = plot.data["基本概况"]["联络电话"]
    wrong = plot.chance.choice(
        (right.split("-")[1], right[:-2], "同上", "办公室", right.replace("-", "")[:5])
    )
    plot.data["基本概况"]["联络电话"] = wrong
    return expect("N-10", plot.field("基本概况", "联络电话"), "info warning")
