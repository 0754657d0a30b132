"""The texts of made-up reports: sentences of several offices, whose figures are those of the tables.

Where a text speaks of 财政拨款 only, what it leaves out was paid from 其他收入 and 专户, as published reports have it.
"""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from msgspec import Struct

from tests.support.sound_figures import INCOME, INPUTS, TOTALS, Department, Entity, words

CENT = Decimal("0.01")
# How an amount in 万元 is written.
WAYS: dict[str, Callable[[Decimal], str]] = {
    "plain": lambda amount: f"{amount:.2f}万元",
    "short": lambda amount: f"{_short(amount)}万元",
    "commas": lambda amount: f"{amount:,.2f}万元",
    "space": lambda amount: f"{amount:.2f} 万元",
    "yuan": lambda amount: f"{amount * 10000:,.2f}元",
}
SYNONYMS = {
    "上年结转": ("上年结转", "年初结转和结余"),
    "公共财政拨款": ("公共财政拨款", "一般公共预算财政拨款"),
    "政府基金拨款": ("政府基金拨款", "政府性基金预算财政拨款"),
    "纳入专户管理的非税收入拨款": ("纳入专户管理的非税收入拨款", "财政专户管理资金"),
    "其他收入": ("其他收入", "其他收入"),
}


def _short(amount: Decimal) -> str:
    return format(amount.normalize(), "f") if amount else "0"


def share(part: Decimal, whole: Decimal, places: int = 2) -> str:
    """Return a share in percent, rounded half up."""
    step = Decimal(1).scaleb(-places)
    return f"{(part / whole * 100).quantize(step, ROUND_HALF_UP) if whole else Decimal(0):.{places}f}%"


class Style(Struct):
    """How one clerk writes."""

    way: str
    places: int
    fiscal: bool
    synonym: int

    def money(self, amount: Decimal) -> str:
        """Write an amount."""
        return WAYS[self.way](amount)


def style_of(found: Department, chance: Random, **fixed: Any) -> Style:
    """Choose how to write; *fixed* says what is not left to chance."""
    chosen = {
        "way": chance.choice(("plain", "plain", "plain", "short", "commas", "space", "yuan")),
        "places": chance.choice((2, 2, 1)),
        "fiscal": chance.random() < 0.4,
        "synonym": chance.randrange(2),
    }
    return Style(**(chosen | fixed))


class Speech(Mapping[str, str]):
    """What the braces of a sentence stand for."""

    def __init__(self, found: Department | Entity, style: Style, more: Mapping[str, str]) -> None:
        self.found, self.style, self.more = found, style, more
        self.amounts = {item: found.of(table, item) for table, item in _items()}
        if isinstance(found, Department):
            self.amounts |= fiscal_scope(found)

    def __getitem__(self, key: str) -> str:
        if key in self.more:
            return self.more[key]
        if "%" in key:
            part, whole = (self.amounts[one] for one in key.split("%"))
            return share(part, whole, self.style.places)
        return self.style.money(self.amounts[key])

    def __iter__(self) -> Any:
        return iter((*self.more, *self.amounts))

    def __len__(self) -> int:
        return len(self.more) + len(self.amounts)

    def say(self, sentence: str) -> str:
        """Fill a sentence."""
        return sentence.format_map(self)


def _items() -> list[tuple[str, str]]:
    # 其他 of the assets is never said by that name alone.
    return [(table, item) for table, items in INPUTS.items() for item in items if item != "其他"] + [*TOTALS]


def fiscal_scope(found: Department) -> dict[str, Decimal]:
    """Return what a text in the scope of 财政拨款 says, and combined items."""
    outside = found.of("收入", "其他收入") + found.of("收入", "纳入专户管理的非税收入拨款")
    outside += found.chosen.get("old money", Decimal(0))
    people, running = found.of("支出", "人员支出"), found.of("支出", "公用支出")
    if found.chosen.get("outside", "people") == "people":
        people -= outside
    else:
        running -= outside
    return {
        "财政人员支出": people,
        "财政公用支出": running,
        "财政基本支出": people + running,
        "公务用车": found.of("三公经费", "公务用车运维费") + found.of("三公经费", "公务用车购置费"),
    }


class Writer:
    """One report's texts, written as data."""

    def __init__(self, found: Department, chance: Random, style: Style) -> None:
        self.found, self.chance, self.style = found, chance, style
        # What is left out of the text's scope must have room in the item that it was paid from.
        outside = found.of("支出", "公用支出") > 3 * (
            found.of("收入", "其他收入") + found.of("收入", "纳入专户管理的非税收入拨款")
        )
        found.chosen.setdefault("outside", chance.choice(("people", "running")) if outside else "people")
        # Some of what was carried over was no money of the treasury, and was spent.
        spent = max(Decimal(0), -found.of("支出", "当年结余"))
        found.chosen.setdefault("old money", chance.choice((Decimal(0), spent)))
        found.chosen.setdefault("source", chance.choice(words()["say"]["sources"]))
        self.speech = Speech(found, style, self._words())
        self.goals = self._goals()

    def _words(self) -> dict[str, str]:
        found = self.found
        names = [one.name for one in found.entities[1:]]
        listed = (
            f"有局机关和{len(names)}个二级机构（{'、'.join(names)}）" if names else "只有局机关，没有二级机构"
        )
        return {
            "year": str(found.year),
            "self": found.office["self"],
            "entities": listed,
            "quota": str(found.quota),
            "staff": str(found.staff),
            "score": _short(found.score),
            "grade": found.grade,
            "收入明细": self._income(),
            "资产其余": self._assets(),
            "projects": self._projects(),
            "source": found.chosen["source"],
            "detail": self._detail(),
            "三公比上年": self._growth("三公经费", "三公经费合计"),
            "支出合计比上年": self._growth("支出", "支出合计"),
            "上年支出合计": self.style.money(self._before("支出", "支出合计")),
            **self._budget(),
            **self._others(),
        }

    def _budget(self) -> dict[str, str]:
        """Make up a budget, which is no figure of the form."""
        spent, money = self.found.of("支出", "支出合计"), self.style.money
        first = (spent * self.chance.randrange(70, 98) / 100).quantize(CENT)
        more = (spent * self.chance.randrange(3, 40) / 100).quantize(CENT)
        more = max(more, spent - first)
        rate = share(spent, first + more)
        return {"预算": money(first), "追加": money(more), "调整后": money(first + more), "完成率": rate}

    def _others(self) -> dict[str, str]:
        """Make up figures of other things, and one of the form's that is rounded."""
        amount = Decimal(self.chance.randrange(500, 90000)) / 100
        part = (amount * self.chance.randrange(60, 99) / 100).quantize(CENT)
        income = self.found.of("收入", "收入合计").quantize(Decimal(1), ROUND_HALF_UP)
        return {
            "补助": self.style.money(amount),
            "到位": self.style.money(part),
            "到位率": share(part, amount),
            "人数": str(self.chance.randrange(12, 900)),
            "次数": str(self.chance.randrange(3, 15)),
            "约收入": f"约{income}万元",
        }

    def _income(self) -> str:
        parts = [(SYNONYMS[item][self.style.synonym], self.found.of("收入", item)) for item in INCOME]
        return "，".join(f"{name}{self.style.money(amount)}" for name, amount in parts if amount)

    def _assets(self) -> str:
        let = self.found.of("固定资产", "出租固定资产")
        return f"，出租固定资产{self.style.money(let)}" if let else ""

    def _projects(self) -> str:
        """Share 项目支出 out among projects, to the last hundredth."""
        names = self.chance.sample(self.found.office["projects"], self.chance.choice((2, 3)))
        rest, parts = self.found.of("支出", "项目支出"), []
        for name in names[:-1]:
            part = (rest * Decimal(self.chance.randrange(20, 60)) / 100).quantize(CENT)
            parts.append(f"{name}{self.style.money(part)}")
            rest -= part
        return "，".join([*parts, f"{names[-1]}{self.style.money(rest)}"])

    def _detail(self) -> str:
        """Name who had 其他收入, where it was not the head alone."""
        having = [one for one in self.found.entities if one.amounts["收入", "其他收入"]]
        if [one.name for one in having] in ([], ["局机关"]):
            return ""
        parts = [f"{one.name}{self.style.money(one.amounts['收入', '其他收入'])}" for one in having]
        return f"（{'，'.join(parts)}）"

    def _growth(self, table: str, item: str) -> str:
        now, before = self.found.of(table, item), self._before(table, item)
        if now == before:
            return f"与上年{self.style.money(before)}持平"
        rate = share(abs(now - before), before)
        word = ("减少", "下降") if now < before else ("增加", "增长")
        return (
            f"比上年{self.style.money(before)}{word[0]}{self.style.money(abs(now - before))}，{word[1]}{rate}"
        )

    def _before(self, table: str, item: str) -> Decimal:
        before = self.found.before or self.found
        return before.of(table, item)

    def say(self, key: str) -> str:
        """Say one of the sentences of a kind."""
        return self.speech.say(self.chance.choice(words()["say"][key]))

    def _goals(self) -> list[dict[str, Any]]:
        groups = ["产出目标"] * 3 + ["效益目标"] * 3
        return [
            self._goal(group, *one) for group, one in zip(groups, self.found.office["goals"], strict=True)
        ]

    def _goal(self, group: str, kind: str, goal: str, done: str) -> dict[str, Any]:
        wanted = self.chance.randrange(3, 400)
        rate = self.chance.randrange(85, 98)
        filled = {
            "a": str(wanted),
            "b": str(wanted + self.chance.choice((0, 0, wanted // 20))),
            "p": f"{rate}%",
            "q": f"{rate + self.chance.randrange(1, 20) / 10:.1f}%",
        }
        texts = {"绩效目标": goal.format_map(filled), "完成情况": [done.format_map(filled)]}
        return {"评价内容": group, "指标类别": kind, **texts}

    def sections(self) -> list[dict[str, Any]]:
        """Return the report in prose, heading by heading."""
        found, say = self.found, self.say
        other = [say("other")] if found.of("收入", "其他收入") else []
        rest = [say("balance")] if found.of("支出", "当年结余") or found.of("支出", "累计结余") else []
        texts = {
            "一": [say("overview")],
            "一1": list(found.office["duties"]),
            "二": [say("income"), say("expense"), *self._maybe("budget", "compared"), *rest, *other],
            "二（一）": [say("fiscal" if self.style.fiscal else "basic"), say("meals"), *self._extra()],
            "二（二）": [say("special")],
            "二（二）1": [say("special1")],
            "二（二）2": [say("special2")],
            "二（二）3": [say("special3")],
            "三": [],
            "三（一）": [say("organised")],
            "三（二）": [say("managed")],
            "四": [say("results"), *self._maybe("done", "scored")],
            "五": [say("problems")],
            "六": list(self.chance.choice(words()["say"]["measures"])),
        }
        return [{"编号": number, "标题": None, "正文": body} for number, body in texts.items()]

    def _maybe(self, *kinds: str) -> list[str]:
        """Say what some reports say and others do not."""
        return [self.say(kind) for kind in kinds if self.chance.random() < 0.4]

    def _extra(self) -> list[str]:
        """Say something of the assets or of one entity, as longer reports do."""
        lines = [self.say("assets")] if self.chance.random() < 0.5 else []
        if len(self.found.entities) > 1 and self.chance.random() < 0.4:
            one = self.chance.choice(self.found.entities[1:])
            sentence = self.chance.choice(words()["say"]["entity_costs"])
            lines.append(Speech(one, self.style, {"name": one.name}).say(sentence))
        return lines
