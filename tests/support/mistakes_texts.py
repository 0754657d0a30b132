"""Mistakes in what the texts say: amounts, shares, directions, counts, and what was left over from elsewhere."""

import re
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from tests.support.planting import TEXT_RULES, Expected, Plot, expect, mistake
from tests.support.sound_figures import INPUTS, TOTALS, Wish
from tests.support.sound_prose import share

SHARE = re.compile(r"(\d+\.\d\d)%")
MONEY = re.compile(r"(?<![\d.])(\d+\.\d\d)万元")
CENT = Decimal("0.01")


def _shares(plot: Plot) -> list[str]:
    """Return the two shares in the paragraph on 基本支出."""
    found = SHARE.findall(plot.body("二（一）")[0])
    plot.need(len(found) == 2)
    return found


@mistake(20, "a share cut off instead of rounded")
def share_cut_off(plot: Plot) -> Expected:
    shares = _shares(plot)
    parts = [plot.found.of("支出", item) for item in ("人员支出", "公用支出")]
    whole = sum(parts)
    exact = [part / whole * 100 for part in parts]
    cut = [one.quantize(CENT, ROUND_DOWN) for one in exact]
    wrong = [index for index, one in enumerate(exact) if one.quantize(CENT, ROUND_HALF_UP) != cut[index]]
    plot.need(wrong)
    index = plot.chance.choice(wrong)
    cell = plot.replace_text(f"{shares[index]}%", f"{cut[index]}%", "二（一）")
    return expect("T-02", cell, difference=-CENT)


@mistake(21, "shares that add up to 100.01 or 99.99")
def shares_beside_100(plot: Plot) -> Expected:
    shares = _shares(plot)
    off = plot.chance.choice((CENT, -CENT))
    index = plot.chance.randrange(2)
    cell = plot.replace_text(f"{shares[index]}%", f"{Decimal(shares[index]) + off}%", "二（一）")
    return expect("T-02", cell, difference=off)


@mistake(22, "growth from nothing printed as 100%")
def growth_from_zero(plot: Plot) -> Expected:
    row = plot.pick(plot.rows())
    item = "因公出国费"
    plot.need(not plot.found.of("三公经费", item))
    amount = Decimal(plot.chance.randrange(80, 300)) / 100
    plot.need(plot.entity(row).amounts["支出", "公用支出"] > 20)
    plot.change(row, "三公经费", item, amount)
    plot.write_anew()
    say = f"因公出国（境）费{amount}万元，上年为0万元，增长100%。"
    return expect(TEXT_RULES, plot.add_text("二（一）", say))


@mistake(23, "a rate of completion on another base than it names")
def other_base(plot: Plot) -> Expected:
    spent = plot.found.of("支出", "支出合计")
    first = (spent * plot.chance.randrange(70, 90) / 100).quantize(CENT)
    whole = (spent * plot.chance.randrange(102, 115) / 100).quantize(CENT)
    say = f"支出年初预算数{first}万元，全年预算数{whole}万元，支出决算数{spent}万元，完成年初预算的{{}}。"
    cell = plot.add_text("二", say.format(share(spent, whole)), say.format(share(spent, first)))
    return expect(TEXT_RULES, cell)


@mistake(32, "人员支出 and 公用支出 swapped", Wish(entities=(1, 1), cars_bought=False))
def swapped(plot: Plot) -> Expected:
    amounts = plot.entity(1).amounts
    plot.type_in("支出", "人员支出", 1, amounts["支出", "公用支出"])
    plot.type_in("支出", "公用支出", 1, amounts["支出", "人员支出"])
    cells = ["支出![DE]*", plot.paragraph(plot.body("二（一）")[0][:60])]
    return expect([*TEXT_RULES, "X-12", "X-13", "X-17"], cells, also="X-12 X-13")


@mistake(49, "a placeholder left in the text")
def text_placeholder(plot: Plot) -> Expected:
    word = plot.chance.choice(("XX", "××", "某某", "***", "xxx"))
    number = plot.chance.choice(("三（一）", "三（二）", "四", "五"))
    return expect("T-13", plot.add_text(number, f"全年重点完成{word}项目建设，进度符合要求。"), "warning")


@mistake(50, "a text copied from another unit")
def copied(plot: Plot) -> Expected:
    own = plot.found.office["self"]
    other = plot.chance.choice([word for word in ("我局", "我办", "我委", "我会", "我院") if word != own])
    return expect("T-12", plot.replace_text(own, other))


@mistake(51, "the wrong word of direction")
def direction(plot: Plot) -> Expected:
    text = next((one for one in plot.body("二（一）") if "比上年" in one), "")
    swaps = {"减少": "增加", "增加": "减少", "下降": "增长", "增长": "下降"}
    plot.need("减少" in text or "增加" in text)
    turned = re.sub("减少|增加|下降|增长", lambda found: swaps[found[0]], text)
    return expect("T-09", plot.replace_text(text, turned, "二（一）"), "warning")


@mistake(52, "逐年递减 claimed without figures")
def trend(plot: Plot) -> Expected:
    words = (
        "严格控制“三公”经费支出，保持逐年递减趋势。",
        "“三公”经费逐年下降。",
        "近年来公用经费持续压减，逐年递减。",
    )
    return expect("T-08", plot.add_text("二（一）", plot.chance.choice(words)), "info")


@mistake(53, "an amount in the text that is not the table's")
def amount_beside(plot: Plot) -> Expected:
    numbers = ("二", "二（一）", "二（二）", "二（二）1", "二（二）2")
    items = [*TOTALS, *((table, item) for table, listed in INPUTS.items() for item in listed)]
    known = {plot.found.of(*item) for item in items}
    places = [
        (number, text, found[0], Decimal(found[1]))
        for number in numbers
        for text in plot.body(number)
        for found in MONEY.finditer(text)
        if Decimal(found[1]) in known and Decimal(found[1]) > 5 and text.count(found[0]) == 1
    ]
    plot.need(places)
    number, text, old, right = plot.chance.choice(places)
    wrong = _misread(plot, right)
    cell = plot.replace_text(text, text.replace(old, f"{wrong}万元"), number)
    return expect(TEXT_RULES, cell, "warning error", difference=wrong - right)


def _misread(plot: Plot, right: Decimal) -> Decimal:
    """Return an amount as somebody gets it wrong: a digit, two digits, the decimal point, the unit."""
    digits = list(f"{right:.2f}")
    at = [index for index in range(len(digits) - 1) if digits[index : index + 2][0] != digits[index + 1]]
    at = [index for index in at if "." not in digits[index : index + 2] and index]
    kind = plot.chance.choice(("swap", "digit", "ten", "unit"))
    if kind == "swap" and at:
        index = plot.chance.choice(at)
        digits[index], digits[index + 1] = digits[index + 1], digits[index]
        return Decimal("".join(digits))
    if kind == "ten":
        return right * 10
    if kind == "unit":
        return right * 10000
    digits[0] = str(int(digits[0]) % 9 + 1)
    return Decimal("".join(digits))


@mistake(54, "a count that is not that of what is listed")
def count(plot: Plot) -> Expected:
    number, done = plot.chance.randrange(40, 90), plot.chance.randrange(20, 35)
    rest = number - done + plot.chance.choice((-2, -1, 1, 3))
    steps = "开展专项检查{}次：一是春季检查，二是汛期检查，三是年终检查。"
    cases = f"全年共受理事项{number}件，其中办结{done}件，正在办理{{}}件。"
    if plot.chance.random() < 0.5:
        return expect("T-14", plot.add_text("四", steps.format(4), steps.format(3)), "info")
    return expect("T-14", plot.add_text("四", cases.format(rest), cases.format(number - done)), "info")


@mistake(55, "the headings of 专项支出 kept, with nothing under them")
def empty_sections(plot: Plot) -> Expected:
    numbers = ["二（二）", "二（二）1", "二（二）2", "二（二）3"]
    for number in numbers:
        plot.body(number).clear()
    cells = [cell for number in numbers for cell in plot.heading_rows(number)]
    return expect("T-10", cells, "warning")


@mistake(56, "numbering that slips")
def numbering(plot: Plot) -> Expected:
    lines = ["严格预算编制。", "规范资金支付。", "加强绩效监控。", "强化结果应用。"]
    right = [f"{number}.{line}" for number, line in enumerate(lines, start=1)]
    slips = plot.chance.choice(((1, 2, 2, 3), (1, 2, 4, 5), (1, 3, 3, 4)))
    wrong = [f"{number}.{line}" for number, line in zip(slips, lines, strict=True)]
    plot.body("六")[:] = wrong
    next(one for one in plot.tidy["评价报告综述"] if one["编号"] == "六")["正文"] = right
    cells = [plot.paragraph(one) for one, other in zip(wrong, right, strict=True) if one != other]
    return expect(TEXT_RULES, cells, "info warning")
