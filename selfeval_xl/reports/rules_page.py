"""``docs/rules.md``: every rule of a form, what it compares, on what ground, where it points to, how it is told.

Knows no form: labels come from the declaration, all other words from the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from selfeval_xl.blueprint.limits import rules_of
from selfeval_xl.form.model import Balance, Form, Rule, Settings
from selfeval_xl.reports.markdown import Row, code, grid, item, listed, pair
from selfeval_xl.rules.printing import print_rule
from selfeval_xl.texts import say

MESSAGES = "messages.md"


def rules_page(form: Form, settings: Settings) -> str:
    """Return the page: every rule with the bureau's limits; the same form gives the same text."""
    lines = [
        f"# {say('doc.rules_title', name=form.name, edition=form.edition)}",
        "",
        f"> {say('doc.note')}",
        "",
    ]
    lines += [*_reading(form), *_rules(form, settings), *_balances(form)]
    return "\n".join(lines).rstrip() + "\n"


def _reading(form: Form) -> list[str]:
    """Return what holds for all rules: how sides are compared, and what a tail is."""
    half = Decimal(5).scaleb(-form.decimals - 1)
    tail = say("doc.tail_rule", half=half, severity=say("severity.warning"), cause=say("doc.tail"))
    return [say("doc.compared", decimals=form.decimals), "", tail, ""]


def _rules(form: Form, settings: Settings) -> Iterator[str]:
    for rule in rules_of(form, settings):
        yield f"## {rule.id}"
        yield ""
        yield rule.text
        yield ""
        facts = (*_what(rule), *_circumstances(rule, settings.reason(rule.id)))
        yield from (f"- {pair(say(f'doc.{name}'), text)}" for name, text in facts if text)
        yield ""


def _what(rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield what a rule compares, where, and how heavily it weighs."""
    severity = say(f"severity.{rule.severity}")
    if rule.blank_severity is not None:
        severity += say("doc.when_blank", severity=say(f"severity.{rule.blank_severity}"))
    yield "severity", severity
    scope = say(f"doc.check.{rule.check}" if rule.check else f"doc.scope.{rule.scope}")
    yield "scope_head", pair(scope, listed(rule.tables)) if rule.tables else scope
    yield "rule_items", listed(map(item, rule.items))
    yield "rule_mild", listed(map(item, rule.mild))
    yield "rule_parts", listed(map(item, rule.parts))
    yield "except", listed(item(key) for key in sorted(rule.excluded))
    if rule.left is not None and rule.right is not None:
        yield "expression", code(f"{print_rule(rule.left)} {rule.op} {print_rule(rule.right)}")
    if rule.exact:
        yield "precision", say("doc.exact")
    if rule.when is not None:
        yield "when", code(print_rule(rule.when))
    yield "together", say("doc.first_of_rows") if rule.together else ""
    yield "limits", listed(code(f"{name} = {value.normalize():f}") for name, value in rule.limits)
    if _compares_a_total(rule):
        yield "tail", say("doc.tail_applies")


def _circumstances(rule: Rule, reason: str | None) -> Iterator[tuple[str, str]]:
    """Yield where to look, why the rule holds, and when."""
    yield "look", item(rule.look_at) if rule.look_at is not None else ""
    yield "basis", rule.basis
    years = [say("doc.since", year=rule.since)] if rule.since is not None else []
    years += [say("doc.until", year=rule.until)] if rule.until is not None else []
    yield "years", listed(years)
    yield "engine", say(f"doc.engine_{_engine(rule)}")
    yield "message", f"[{rule.message}]({MESSAGES}#{rule.message.replace('.', '')})"
    yield "silenced", reason or ""


def _engine(rule: Rule) -> str:
    """Return who looks after the rule: the workbook's formulas and the program, or the program alone."""
    if rule.bureau:
        return "bureau"
    return "program" if rule.scope == "program" else "both"


def _compares_a_total(rule: Rule) -> bool:
    """Tell whether the rule's left side may be a total that somebody printed; in the total row it is."""
    return rule.op == "=" and rule.scope in ("rows", "column")


def _balances(form: Form) -> Iterator[str]:
    for balance in form.balances:
        yield say("doc.balance", rules=listed(balance.rules))
        yield ""
        yield from grid(("broken", "look", "blank_first"), _looks(balance))


def _looks(balance: Balance) -> Iterator[Row]:
    for broken, at, blank_first in balance.look:
        rules = listed(rule for rule in balance.rules if rule in broken)
        yield rules, item(at), listed(item(key) for key in blank_first)
