"""Ways to break the rules about texts, each alone."""

from decimal import Decimal

from tests.support.alone import breaks
from tests.support.planting import Expected, Plot, expect
from tests.support.sloppy import section
from tests.support.sound_figures import Wish


@breaks("T-01")
def _text_parts(plot: Plot) -> Expected:
    """Say that both parts are others than the table's, in the scope of 财政拨款, and do not add up."""
    whole = plot.found.of("支出", "基本支出")
    people, rest = plot.found.of("支出", "人员支出"), plot.found.of("支出", "公用支出")
    plot.body("二（一）")[0] = f"基本支出{whole}万元，其中人员经费{people}万元，公用经费{rest + 5}万元。"
    return expect("T-01 T-04", plot.paragraph("，公用经费"), "warning")


def _text_amount(rule: str, text: str, item: tuple[str, str], number: str) -> None:
    @breaks(rule)
    def make(plot: Plot) -> Expected:
        right = plot.found.of(*item)
        plot.need(right > 1)
        body = plot.body(number)
        body[:] = [text.format(right + 3)]
        section(plot.tidy, number)["正文"] = [text.format(right)]
        return expect(rule, plot.paragraph(text.split("{", maxsplit=1)[0]), "warning", difference=Decimal(3))


_text_amount("T-03", "2022年度基本支出{}万元。", ("支出", "基本支出"), "二（一）")
_text_amount("T-04", "2022年度人员经费{}万元。", ("支出", "人员支出"), "二（一）")
_text_amount("T-06", "“三公”经费支出合计{}万元。", ("三公经费", "三公经费合计"), "二（一）")
_text_amount("T-17", "2022年度收入合计{}万元。", ("收入", "收入合计"), "二")


@breaks("T-05", Wish(entities=(1, 1), others=True, left=False, cars_bought=False), fiscal=True)
def _too_much_fiscal(plot: Plot) -> Expected:
    """Count 其他收入 as 财政拨款: what the text says of 财政拨款 is all that was spent."""
    whole, works = plot.found.of("支出", "基本支出"), plot.found.of("支出", "项目支出")
    over = plot.found.of("收入", "其他收入") + plot.found.of("收入", "纳入专户管理的非税收入拨款")
    say = "2022年度财政拨款基本支出{}万元，财政拨款项目支出{}万元。"
    plot.body("二（一）")[0] = say.format(whole, works)
    section(plot.tidy, "二（一）")["正文"][0] = say.format(whole - over, works)
    return expect("T-05", plot.paragraph("2022年度财政拨款基本支出"), "warning", difference=over)


@breaks("T-07")
def _text_meals(plot: Plot) -> Expected:
    total = plot.found.of("三公经费", "三公经费合计")
    guests = plot.found.of("三公经费", "公务接待费")
    cars = plot.found.of("三公经费", "公务用车运维费")
    plot.need(cars and guests + cars == total)
    text = "“三公”经费支出合计{}万元，其中公务接待费{}万元，公务用车运维费{}万元，因公出国费0万元。"
    plot.body("二（一）")[1:] = [text.format(total, guests, cars + 2)]
    section(plot.tidy, "二（一）")["正文"][1:] = [text.format(total, guests, cars)]
    return expect("T-07 T-06", plot.paragraph("“三公”经费支出合计"), "warning")


@breaks("T-15")
def _duties_differ(plot: Plot) -> Expected:
    plot.body("一1")[-1] = "（四）承办其他与本表职责不同的事项。"
    return expect("T-15", ["评价报告综述!*", "基本概况!*"], "info")


@breaks("T-16")
def _only_done(plot: Plot) -> Expected:
    goal = plot.chance.choice(plot.data["绩效自评"]["定量目标"])
    goal["完成情况"] = ["已完成"]
    return expect("T-16", "绩效自评!*", "info")


@breaks("T-18")
def _other_staff(plot: Plot) -> Expected:
    say = "截至2022年末，实有在职人员{}人。"
    cell = plot.add_text("一", say.format(plot.found.staff + 3), say.format(plot.found.staff))
    return expect("T-18", cell, "warning", difference=Decimal(3))


@breaks("T-19")
def _other_score(plot: Plot) -> Expected:
    say = "经自评，绩效自评综合得分{}分。"
    cell = plot.add_text("四", say.format(plot.found.score - 5), say.format(plot.found.score))
    return expect("T-19", cell, "warning", difference=Decimal(-5))


@breaks("T-20", Wish(entities=(1, 1), others=False, fees=False, funds=True, carried=False, cars_bought=False))
def _text_sources(plot: Plot) -> Expected:
    """Say that the sources are others than the table's: each is wrong or the sum is."""
    whole, funds = plot.found.of("收入", "收入合计"), plot.found.of("收入", "政府基金拨款")
    say = "2022年度收入合计{}万元，其中公共财政拨款{}万元，政府基金拨款{}万元。"
    plot.body("二")[:] = [say.format(whole, whole - funds, funds + 3)]
    section(plot.tidy, "二")["正文"] = [say.format(whole, whole - funds, funds)]
    return expect("T-17 T-20", plot.paragraph("2022年度收入合计"), "warning")


@breaks("T-21")
def _year_of_another_report(plot: Plot) -> Expected:
    say = "{}年度部门整体支出绩效自评工作由办公室牵头。"
    return expect("T-21", plot.add_text("四", say.format(2020), say.format(2022)), "info")


@breaks("T-22", given="last")
def _other_last_year(plot: Plot) -> Expected:
    say = "2022年支出合计{}万元，上年为{}万元。"
    now, before = (one.of("支出", "支出合计") for one in (plot.found, plot.before))
    cell = plot.add_text("二", say.format(now, before + 4), say.format(now, before))
    return expect("T-22", cell, "warning", difference=Decimal(4))
