"""Rules with the numbers that the bureau's settings give them."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from selfeval_xl.form.model import Form, Rule, Settings
from selfeval_xl.rules.tree import Name, Node, number, substitute


def rules_of(form: Form, settings: Settings) -> tuple[Rule, ...]:
    """Return the form's rules, numbers in place of the names of their limits."""
    return tuple(with_limits(rule, settings) for rule in form.rules)


def with_limits(rule: Rule, settings: Settings) -> Rule:
    """Return the rule with its limits as the settings give them, else as the form does."""
    if not rule.limits:
        return rule
    own = {one.name: one.value for one in settings.limits if one.rule == rule.id}
    limits = {name: own.get(name, value) for name, value in rule.limits}

    def known(name: Name) -> Node:
        return number(limits[name.text]) if name.text in limits else name

    return replace(
        rule,
        limits=tuple(limits.items()),
        text=rule.text.format(**{name: _shown(value) for name, value in limits.items()}),
        when=None if rule.when is None else substitute(rule.when, known),
        left=None if rule.left is None else substitute(rule.left, known),
        right=None if rule.right is None else substitute(rule.right, known),
    )


def _shown(value: Decimal) -> str:
    return format(value.normalize(), "f")
