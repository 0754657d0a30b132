"""Reads and checks what a declaration's rules say, and the names in them."""

from __future__ import annotations

from collections.abc import Container

from selfeval_xl.findings import SEVERITIES, has_pattern
from selfeval_xl.form import model
from selfeval_xl.form.programs import ITEMS_NEEDED, PROGRAM_CHECKS
from selfeval_xl.form.source import Entry
from selfeval_xl.form.vocabulary import Meaning, TableName, UnknownName, Vocabulary
from selfeval_xl.rules.parse import RuleSyntaxError, error_at, parse
from selfeval_xl.rules.tree import Node, names

OPERATORS = ("=", "<>", "<", "<=", ">", ">=")
SCOPES = (
    "rows", "entities", "column", "cell", "total", "once",
    "number", "whole", "date", "dated", "names", "grade", "required", "blank", "year", "program",
)  # fmt: skip
EXPRESSED = ("rows", "entities", "column", "cell", "total", "once")

# What a scope that needs no expression reports, unless the rule says otherwise.
SCOPE_MESSAGES = {
    "number": "cell.not_number",
    "whole": "cell.not_whole",
    "date": "cell.not_date",
    "dated": "date.out_of_range",
    "names": "names.differ",
    "grade": "grade.wrong",
    "required": "cell.required_blank",
    "blank": "cell.blank",
    "year": "year.wrong",
}


def read_expression(entry: Entry, key: str) -> Node | None:
    """Return the tree of the text at *key*, or ``None`` where there is none."""
    source = entry.text(key, "")
    if not source:
        return None
    try:
        return parse(source)
    except RuleSyntaxError as error:
        entry.fail(str(error), key)


def read_item(entry: Entry, key: str, words: Vocabulary, table: str = "") -> model.Key:
    """Return the item that is named at *key*."""
    meaning = read_meaning(entry, key, entry.text(key), words, table)
    found = getattr(meaning, "key", None)
    if found is None:
        entry.fail(f"{entry.text(key)!r} is no item", key)
    return (str(found[0]), str(found[1]))


def read_meaning(entry: Entry, key: str, name: str, words: Vocabulary, table: str) -> Meaning:
    """Return what *name* stands for."""
    try:
        return words.meaning(name, table)
    except UnknownName as error:
        entry.fail(str(error), key)


def read_rule(entry: Entry, words: Vocabulary) -> model.Rule:
    """Read one rule."""
    scope = entry.choice("scope", SCOPES)
    tables = entry.array("tables") or ((entry.text("table"),) if "table" in entry.values else ())
    key = "tables" if "tables" in entry.values else "table"
    for table in tables:
        if not isinstance(read_meaning(entry, key, table, words, ""), TableName):
            entry.fail(f"{table!r} is no table", key)
    table = tables[0] if tables else ""
    message = entry.text("message", SCOPE_MESSAGES.get(scope, "rule.failed"))
    if not has_pattern(message):
        entry.fail(f"the catalogue has no message {message!r}", "message")
    limits = entry.table("limits") if "limits" in entry.values else None
    numbers = {} if limits is None else {name: limits.number(name) for name in limits.values}
    rule = model.Rule(
        id=entry.text("id"),
        scope=scope,
        tables=tables,
        excluded=frozenset(read_items(entry, "except", words)),
        when=_rule_expression(entry, "when", words, table, numbers),
        left=_rule_expression(entry, "left", words, table, numbers),
        op=entry.choice("op", OPERATORS, "="),
        right=_rule_expression(entry, "right", words, table, numbers),
        exact=entry.flag("exact"),
        look_at=_look_at(entry, words, table),
        severity=entry.choice("severity", SEVERITIES),
        blank_severity=entry.choice("blank_severity", SEVERITIES)
        if "blank_severity" in entry.values
        else None,
        message=message,
        text=entry.text("text"),
        basis=entry.text("basis"),
        since=entry.integer("since") if "since" in entry.values else None,
        until=entry.integer("until") if "until" in entry.values else None,
        line=entry.line(),
        check=entry.choice("check", PROGRAM_CHECKS) if scope == "program" else "",
        limits=tuple(numbers.items()),
        bureau=entry.flag("bureau"),
        items=read_items(entry, "items", words),
        parts=read_items(entry, "parts", words),
        mild=read_items(entry, "mild", words),
        together=entry.flag("together"),
    )
    entry.finish()
    if scope in EXPRESSED and (rule.left is None or rule.right is None):
        entry.fail(f"a rule with scope {scope!r} needs left and right")
    if scope in ("rows", "entities", "column", "cell", "names") and not tables:
        entry.fail(f"a rule with scope {scope!r} needs a table")
    if len(rule.items) != (needed := ITEMS_NEEDED.get(rule.check, len(rule.items))):
        entry.fail(f"the check {rule.check!r} goes over {needed} items", "items")
    return rule


def read_items(entry: Entry, key: str, words: Vocabulary) -> tuple[model.Key, ...]:
    """Return the items named in the array at *key*."""
    found = []
    for name in entry.array(key):
        item = getattr(read_meaning(entry, key, name, words, ""), "key", None)
        if item is None:
            entry.fail(f"{name!r} is no item", key)
        found.append(item)
    return tuple(found)


def _look_at(entry: Entry, words: Vocabulary, table: str) -> model.Key | None:
    if "look_at" not in entry.values:
        return None
    name = entry.text("look_at")
    meaning = read_meaning(entry, "look_at", name, words, table)
    key = getattr(meaning, "key", None)
    return key if key is not None else (table, name)


def _rule_expression(
    entry: Entry, key: str, words: Vocabulary, table: str, limits: Container[str]
) -> Node | None:
    tree = read_expression(entry, key)
    if tree is None:
        return None
    for name in names(tree):
        if name.text in limits:
            continue
        try:
            words.meaning(name.text, table)
        except UnknownName as error:
            entry.fail(str(error_at(name, entry.text(key), str(error))), key)
    return tree


def read_balance(entry: Entry, words: Vocabulary) -> model.Balance:
    """Read the rules that one wrong amount breaks together."""
    balance = model.Balance(
        rules=entry.array("rules"),
        look=tuple(_balance_look(look, words) for look in entry.tables("look")),
    )
    entry.finish()
    return balance


def _balance_look(entry: Entry, words: Vocabulary) -> tuple[frozenset[str], model.Key, tuple[model.Key, ...]]:
    look = (
        frozenset(entry.array("broken")),
        read_item(entry, "at", words),
        read_items(entry, "blank_first", words),
    )
    entry.finish()
    return look
