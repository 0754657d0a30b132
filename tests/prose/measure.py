"""How many amounts of marked sentences are matched, and what is reported: ``python -m tests.prose.measure [FILE]``."""

from __future__ import annotations

import sys
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec import Struct

from selfeval_xl.cells import Address
from selfeval_xl.form.library import find_form
from selfeval_xl.form.model import Form, Key
from selfeval_xl.narrative.look import look_at
from selfeval_xl.narrative.model import FISCAL, SHARE, Figures, Mention, Paragraph, Prose

KNOWN = Path(__file__).with_name("known.toml")
SCOPES = {"财政拨款": True, "全口径": False}


class Outcome(Struct):
    amounts: int = 0
    matched: int = 0
    false_alarms: int = 0
    faults: int = 0
    faults_found: int = 0
    failures: list[str] = []


def key_of(name: str) -> Key:
    section, _, label = name.partition(".")
    return section, label


def figures_of(report: dict[str, Any], form: Form) -> Figures:
    totals: dict[Key, Decimal | None] = dict.fromkeys(form.columns)
    totals |= {key_of(name): Decimal(value) for name, value in report["items"].items()}
    rows = [
        (name, {key_of(item): Decimal(value) for item, value in items.items()})
        for name, items in report.get("entity", {}).items()
    ]
    fields = {
        key_of(name): Decimal(value) if value.replace(".", "").isdigit() else value
        for name, value in report.get("fields", {}).items()
    }
    head: list[tuple[str, dict[Key, Decimal | None]]] = [(form.head, {} if rows else totals)]
    return Figures(
        year=report["year"],
        department=report["department"],
        totals=totals,
        entities=[*head, *rows],
        fields=fields,
        cells=lambda key, row: Address(key[0], 6 + row, 3),
    )


def looked_at(report: dict[str, Any], sentence: dict[str, Any], form: Form) -> Prose:
    heading = sentence.get("heading", "")
    title = heading.rpartition("）")[2] if heading[:1] in "一二三四五六" else ""
    paragraph = Paragraph(Address("评价报告综述", 40, 1), ("评价报告综述", heading), title, sentence["text"])
    return look_at(
        [paragraph], figures_of(report, form), form, [rule for rule in form.rules if rule.scope == "program"]
    )


def place_of(text: str, amount: dict[str, Any]) -> tuple[int, int]:
    at = -1
    for _ in range(amount.get("nth", 1)):
        at = text.index(amount["text"], at + 1)
    return at, at + len(amount["text"])


def same_item(mention: Mention, amount: dict[str, Any]) -> bool:
    spoken = mention.spoken
    if spoken is None:
        return False
    items = [key for one in spoken.items for key in [one]]
    wanted = {key_of(part) for part in amount["item"].split("-")[0].split("+")}
    less = {key_of(part) for part in amount["item"].split("-")[1:]}
    if set(items) == wanted and set(spoken.less) == less:
        return True
    return not items and set(spoken.less) == wanted


def is_matched(mention: Mention | None, amount: dict[str, Any], rows: list[str]) -> bool:
    claimed = mention is not None and mention.spoken is not None and mention.role in ("actual", SHARE)
    if amount["item"] == "":
        return not claimed
    if not claimed or mention is None or not same_item(mention, amount):
        return False
    if "of" in amount:
        return mention.base is not None and set(mention.base.items) == {
            key_of(part) for part in amount["of"].split("+")
        }
    entity = amount.get("entity")
    if (rows[mention.row] if mention.row else None) != entity:
        return False
    return amount["scope"] not in SCOPES or (mention.scope == FISCAL) == SCOPES[amount["scope"]]


def name_of(mention: Mention) -> str:
    keys = mention.spoken.items or mention.spoken.less if mention.spoken else ()
    return "＋".join(key[1] for key in keys)


def shown(mention: Mention | None) -> str:
    if mention is None:
        return "没有读到"
    items = "+".join(key[1] for key in mention.spoken.keys) if mention.spoken else "无"
    base = f" / {mention.base.keys[0][1]}" if mention.base else ""
    return f"{items}{base} [{mention.role} {mention.scope} 行{mention.row}]"


def measure_sentence(report: dict[str, Any], sentence: dict[str, Any], form: Form, outcome: Outcome) -> None:
    prose = looked_at(report, sentence, form)
    rows = ["", form.head, *report.get("entity", {})]
    serious = [finding for finding in prose.findings if finding.severity != "info"]
    reported = {(finding.facts.get("written"), finding.item) for finding in serious}
    leading = {(finding.facts.get("written"), finding.item) for finding in serious if finding.follows is None}
    where = f"{report['id']} {sentence['text']}"
    for amount in sentence.get("amount", []):
        start, end = place_of(sentence["text"], amount)
        mention = next(
            (one for one in prose.mentions if one.quantity.start < end and start < one.quantity.end), None
        )
        outcome.amounts += 1
        if is_matched(mention, amount, rows):
            outcome.matched += 1
        else:
            wanted = f"{amount['item'] or '无'} {amount['scope']} {amount.get('of', '')} {amount.get('entity', '')}"
            outcome.failures.append(f"配错 {amount['text']}：应为 {wanted}，读成 {shown(mention)}｜{where}")
        told = (mention.text, name_of(mention)) if mention is not None else None
        is_reported = told in reported
        if amount["expect"] == "differs":
            outcome.faults += 1
            outcome.faults_found += is_reported
            if not is_reported:
                outcome.failures.append(f"漏报 {amount['text']}（{shown(mention)}）｜{where}")
        elif told in leading:
            outcome.false_alarms += 1
            outcome.failures.append(f"误报 {amount['text']}（{amount['expect']}）｜{where}")


def measure(path: Path) -> Outcome:
    form = find_form("linxiang-zhengti", 2022)
    outcome = Outcome()
    for report in tomllib.loads(path.read_text(encoding="utf-8"))["report"]:
        for sentence in report.get("sentence", []):
            measure_sentence(report, sentence, form, outcome)
    return outcome


def as_markdown(outcome: Outcome) -> str:
    rows = [
        ("金额", outcome.amounts, ""),
        ("项目和口径配对", outcome.matched, f"{outcome.matched / outcome.amounts:.1%}"),
        ("误报", outcome.false_alarms, f"{outcome.false_alarms / outcome.amounts:.1%}"),
        ("写错的金额", outcome.faults, ""),
        ("其中报出", outcome.faults_found, f"{outcome.faults_found / max(1, outcome.faults):.1%}"),
    ]
    table = [
        "| | 数 | 比例 |",
        "|---|---|---|",
        *(f"| {name} | {count} | {share} |" for name, count, share in rows),
    ]
    return "\n".join([*table, "", *(f"- {failure}" for failure in outcome.failures)])


if __name__ == "__main__":
    sys.stdout.write(as_markdown(measure(Path(sys.argv[1]) if len(sys.argv) > 1 else KNOWN)) + "\n")
