"""Reads a form's declaration and a bureau's settings, and checks them.

Everything that could go wrong later with a wrong declaration is an error here,
with the file and the line: unknown names, duplicates, colliding defined names,
an item without a place.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Container
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from selfeval_xl.findings import SEVERITIES, has_pattern
from selfeval_xl.form import model
from selfeval_xl.form.check import check_form
from selfeval_xl.form.load_prose import read_prose
from selfeval_xl.form.programs import ITEMS_NEEDED, PROGRAM_CHECKS
from selfeval_xl.form.prose import Prose
from selfeval_xl.form.source import DeclarationError, Entry, read_entry
from selfeval_xl.form.vocabulary import Meaning, TableName, UnknownName, Vocabulary
from selfeval_xl.rules.parse import RuleSyntaxError, parse
from selfeval_xl.rules.tree import Node, names

FORM_FILE = "form.toml"
SETTINGS_FILE = "settings.toml"

FIELD_TYPES = ("text", "code", "year", "date", "integer", "score", "grade", "phone")
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


@lru_cache(maxsize=32)
def load_form(path: Path) -> model.Form:
    """Read and check the declaration at *path*; raises ``DeclarationError`` with the line."""
    root = read_entry(path)
    form = _form(root, path)
    root.finish()
    check_form(form, root)
    return form


@lru_cache(maxsize=32)
def load_settings(path: Path) -> model.Settings:
    """Read a bureau's settings at *path*; raises ``DeclarationError`` with the line."""
    root = read_entry(path)
    settings = model.Settings(
        year=root.integer("year") if "year" in root.values else None,
        region=root.text("region"),
        maker=root.text("maker"),
        deadline=root.text("deadline", ""),
        grade_source=root.choice("grade_source", ("offered", "formula"), "offered"),
        grades=tuple(_grade(entry) for entry in root.tables("grade")),
        silenced=tuple(_silenced(entry) for entry in root.tables("silenced")),
        limits=tuple(_limit(entry) for entry in root.tables("limit")),
    )
    root.finish()
    if settings.deadline:
        try:
            datetime.date.fromisoformat(settings.deadline)
        except ValueError:
            root.fail(f"{settings.deadline!r} is no date such as 2023-09-30", "deadline")
    for index, (higher, grade) in enumerate(pairwise(settings.grades), start=1):
        if grade.lowest >= higher.lowest:
            message = "grades must go from high to low, each with its own lowest score"
            raise DeclarationError(message, root.file, root.lines.get(("grade", index), 1))
    return settings


def _grade(entry: Entry) -> model.Grade:
    grade = model.Grade(entry.text("name"), Decimal(entry.integer("from")))
    entry.finish()
    return grade


def _silenced(entry: Entry) -> model.Silenced:
    department = entry.text("department") if "department" in entry.values else None
    silenced = model.Silenced(entry.text("rule"), entry.text("reason"), department)
    entry.finish()
    if not silenced.reason.strip():
        entry.fail("a silenced rule needs a reason", "reason")
    return silenced


def _limit(entry: Entry) -> model.Limit:
    limit = model.Limit(entry.text("rule"), entry.text("name"), entry.number("value"))
    entry.finish()
    return limit


def _form(root: Entry, path: Path) -> model.Form:
    head = root.table("form")
    keys = _keys(root.table("keys"))
    blocks = tuple(_block(entry) for entry in root.tables("block"))
    tables = [block for block in blocks if isinstance(block, model.Table)]
    fields = [block for block in blocks if isinstance(block, model.Field)]
    words = Vocabulary(tables, fields, keys)
    form = model.Form(
        id=head.text("id"),
        edition=head.integer("edition"),
        version=head.text("version"),
        name=head.text("name"),
        unit=head.text("unit"),
        decimals=head.integer("decimals"),
        amount_hint=head.text("amount_hint", ""),
        source=head.text("source"),
        password=head.text("password"),
        salt=head.text("salt"),
        name_table=head.text("name_row"),
        head=head.text("head"),
        head_synonyms=head.array("head_synonyms"),
        entity=head.text("entity"),
        printed_rows=head.integer("printed_rows"),
        row_number=head.text("row_number", ""),
        roles=_roles(root.table("roles"), words),
        keys=keys,
        sheets=tuple(_sheet(entry) for entry in root.tables("sheet")),
        blocks=blocks,
        rules=tuple(_rule(entry, words) for entry in root.tables("rule")),
        balances=tuple(_balance(entry, words) for entry in root.tables("balance")),
        path=path,
        overview=_overview(head, words, tables),
        prose=_prose(root, words, tables, fields),
        per_head=_per_head(root, words),
    )
    head.finish()
    return form


def _prose(
    root: Entry, words: Vocabulary, tables: list[model.Table], fields: list[model.Field]
) -> Prose | None:
    """Return how prose speaks of the form's items, if the declaration says so."""
    if "prose" not in root.values:
        return None
    columns = [column for table in tables for column in table.columns]
    items: list[model.Column | model.Field] = [*columns, *fields]
    labels = {one.key: (one.label, *one.synonyms) for one in items}
    return read_prose(root.table("prose"), words, labels, {one.key: one.type for one in fields})


def _per_head(root: Entry, words: Vocabulary) -> model.PerHead | None:
    """Return what a summary looks at by head, if the declaration says so."""
    if "per_head" not in root.values:
        return None
    entry = root.table("per_head")
    found = model.PerHead(
        staff=_item(entry, "staff", words),
        items=_items(entry, "items", words),
        low=entry.number("low"),
        high=entry.number("high"),
        least=entry.integer("least"),
    )
    entry.finish()
    if not 0 <= found.low < 1 < found.high:
        entry.fail("low is below 1 and high above: they are multiples of the median", "low")
    return found


def _overview(head: Entry, words: Vocabulary, tables: list[model.Table]) -> tuple[model.Key, ...]:
    """Return the items of a summary's first sheet: amounts of the tables, each once."""
    keys = _items(head, "overview", words)
    amounts = {column.key for table in tables for column in table.columns}
    for index, key in enumerate(keys):
        if key not in amounts:
            head.fail(f"{'.'.join(key)!r} is no column of a table", "overview")
        if key in keys[:index]:
            head.fail(f"{'.'.join(key)!r} stands twice", "overview")
    return keys


def _keys(entry: Entry) -> model.Keys:
    keys = model.Keys(**{name: entry.text(name) for name in model.Keys.__dataclass_fields__})
    entry.finish()
    return keys


def _roles(entry: Entry, words: Vocabulary) -> model.Roles:
    def role(name: str, *, needed: bool = False) -> model.Key | None:
        if not needed and name not in entry.values:
            return None
        return _item(entry, name, words)

    department, year = role("department", needed=True), role("year", needed=True)
    if department is None or year is None:
        entry.fail("the roles department and year are needed")
    roles = model.Roles(
        department=department,
        year=year,
        status=entry.text("status"),
        code=role("code"),
        revision=role("revision"),
        report_date=role("report_date"),
        score=role("score"),
        grade=role("grade"),
    )
    entry.finish()
    return roles


def _item(entry: Entry, key: str, words: Vocabulary, table: str = "") -> model.Key:
    meaning = _meaning(entry, key, entry.text(key), words, table)
    found = getattr(meaning, "key", None)
    if found is None:
        entry.fail(f"{entry.text(key)!r} is no item", key)
    return (str(found[0]), str(found[1]))


def _meaning(entry: Entry, key: str, name: str, words: Vocabulary, table: str) -> Meaning:
    try:
        return words.meaning(name, table)
    except UnknownName as error:
        entry.fail(str(error), key)


def _sheet(entry: Entry) -> model.SheetSpec:
    sheet = model.SheetSpec(
        name=entry.text("name"),
        kind=entry.choice("kind", ("form", "checks", "help", "settings")),
        entity=entry.flag("entity"),
        landscape=entry.flag("landscape"),
        widths=entry.array("widths", int),
        fields_at=entry.array("fields_at", int, [1, 2]),
        fields_to=entry.integer("fields_to", 0),
        field_height=entry.integer("field_height", 0),
        look=entry.choice("look", ("boxed", "cover", "plain"), "boxed"),
        collects=entry.array("collects"),
    )
    entry.finish()
    return sheet


def _block(entry: Entry) -> model.Block:
    kind = entry.choice("kind", tuple(_BLOCKS))
    block = _BLOCKS[kind](entry)
    entry.finish()
    return block


def _line(entry: Entry) -> model.Line:
    return model.Line(
        sheet=entry.text("sheet"),
        style=entry.choice("style", ("cover", "subtitle", "section", "title", "maker")),
        text=entry.text("text"),
        height=entry.integer("height", 0),
        printed=entry.flag("printed", True),
    )


def _field(entry: Entry) -> model.Field:
    sheet, label = entry.text("sheet"), entry.text("label")
    kind, summed, positive = entry.choice("type", FIELD_TYPES), entry.flag("summed"), entry.flag("positive")
    if summed and kind != "integer":
        entry.fail("only whole numbers are added up", "summed")
    if positive and kind != "integer":
        entry.fail("only whole numbers begin with 1", "positive")
    return model.Field(
        sheet=sheet,
        section=entry.text("section", sheet),
        label=label,
        title=entry.text("title", label),
        type=kind,
        required=entry.flag("required"),
        default=entry.value("default"),
        printed=entry.flag("printed", True),
        prompt=entry.text("prompt", ""),
        source=entry.text("source"),
        synonyms=entry.array("synonyms"),
        line=entry.line(),
        summed=summed,
        positive=positive,
    )


def _table(entry: Entry) -> model.Table:
    label = entry.text("label")
    table = model.Table(
        sheet=entry.text("sheet"),
        label=label,
        name_label=entry.text("name_label"),
        total_label=entry.text("total_label"),
        head_label=entry.text("head_label"),
        columns=tuple(_column(column, label) for column in entry.tables("column")),
        attributes=tuple(_attribute(attribute) for attribute in entry.tables("attribute")),
        source=entry.text("source"),
        line=entry.line(),
    )
    if not table.columns:
        entry.fail("a table needs columns")
    for index, column in enumerate(table.columns):
        # Before any rule is read: what a rule says of a name that stands twice would mislead.
        if column.label in {other.label for other in table.columns[:index]}:
            message = f"{'.'.join(column.key)!r} stands twice"
            raise DeclarationError(message, entry.file, column.line)
    return table


def _column(entry: Entry, table: str) -> model.Column:
    label = entry.text("label")
    column = model.Column(
        table=table,
        label=label,
        header=entry.array("header", str, [label]),
        computed=_expression(entry, "computed"),
        signed=entry.choice("sign", ("plain", "any"), "plain") == "any",
        prompt=entry.text("prompt", ""),
        synonyms=entry.array("synonyms"),
        line=entry.line(),
    )
    entry.finish()
    return column


def _attribute(entry: Entry) -> model.Attribute:
    attribute = model.Attribute(entry.text("label"), entry.text("prompt", ""))
    entry.finish()
    return attribute


def _text(entry: Entry) -> model.Text:
    sheet, label = entry.text("sheet"), entry.text("label")
    columns = entry.array("columns")
    text = model.Text(
        sheet=sheet,
        section=entry.text("section", sheet),
        label=label,
        title=entry.text("title", label),
        columns=columns,
        at=entry.array("at", int, [2]),
        span=entry.flag("span"),
        rows=entry.integer("rows"),
        source=entry.text("source"),
    )
    if len(text.at) != max(1, len(columns)):
        entry.fail("'at' needs one sheet column for every column of text", "at")
    return text


def _goals(entry: Entry) -> model.Goals:
    sheet, label = entry.text("sheet"), entry.text("label")
    entry.text("source")
    return model.Goals(
        sheet=sheet,
        section=entry.text("section", sheet),
        label=label,
        title=entry.text("title", label),
        group_label=entry.text("group_label"),
        class_label=entry.text("class_label"),
        goal_label=entry.text("goal_label"),
        done_label=entry.text("done_label"),
        number=entry.text("number"),
        groups=tuple(_group(group) for group in entry.tables("group")),
        rows=entry.integer("rows"),
    )


def _group(entry: Entry) -> model.GoalGroup:
    group = model.GoalGroup(entry.text("label"), entry.text("note", ""), entry.array("classes"))
    entry.finish()
    return group


def _list(entry: Entry) -> model.ListBlock:
    entry.text("source")
    return model.ListBlock(
        sheet=entry.text("sheet"),
        label=entry.text("label"),
        columns=entry.array("columns"),
        printed_columns=entry.array("printed_columns"),
        rows=entry.integer("rows"),
        least=entry.integer("least", 0),
    )


def _sign(entry: Entry) -> model.Sign:
    return model.Sign(entry.text("sheet"), entry.array("lines"))


def _headings(entry: Entry) -> model.Headings:
    entry.text("source")
    rows = entry.array("headings", list)
    if any(len(row) != 3 or any(not isinstance(part, str) for part in row) for row in rows):
        entry.fail("every heading is [number, title, as printed]", "headings")
    return model.Headings(
        sheet=entry.text("sheet"),
        label=entry.text("label"),
        number_label=entry.text("number_label"),
        title_label=entry.text("title_label"),
        body_label=entry.text("body_label"),
        headings=tuple(model.Heading(*row) for row in rows),
        rows=entry.integer("rows"),
    )


def _help(entry: Entry) -> model.Help:
    return model.Help(entry.text("sheet"), entry.array("lines"))


_BLOCKS: dict[str, Callable[[Entry], model.Block]] = {
    "line": _line,
    "field": _field,
    "table": _table,
    "text": _text,
    "goals": _goals,
    "list": _list,
    "sign": _sign,
    "headings": _headings,
    "help": _help,
}


def _expression(entry: Entry, key: str) -> Node | None:
    source = entry.text(key, "")
    if not source:
        return None
    try:
        return parse(source)
    except RuleSyntaxError as error:
        entry.fail(str(error), key)


def _rule(entry: Entry, words: Vocabulary) -> model.Rule:
    scope = entry.choice("scope", SCOPES)
    tables = entry.array("tables") or ((entry.text("table"),) if "table" in entry.values else ())
    key = "tables" if "tables" in entry.values else "table"
    for table in tables:
        if not isinstance(_meaning(entry, key, table, words, ""), TableName):
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
        excluded=frozenset(_items(entry, "except", words)),
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
        items=_items(entry, "items", words),
        parts=_items(entry, "parts", words),
        mild=_items(entry, "mild", words),
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


def _items(entry: Entry, key: str, words: Vocabulary) -> tuple[model.Key, ...]:
    """Return the items named in the array at *key*."""
    found = []
    for name in entry.array(key):
        item = getattr(_meaning(entry, key, name, words, ""), "key", None)
        if item is None:
            entry.fail(f"{name!r} is no item", key)
        found.append(item)
    return tuple(found)


def _look_at(entry: Entry, words: Vocabulary, table: str) -> model.Key | None:
    if "look_at" not in entry.values:
        return None
    name = entry.text("look_at")
    meaning = _meaning(entry, "look_at", name, words, table)
    key = getattr(meaning, "key", None)
    return key if key is not None else (table, name)


def _rule_expression(
    entry: Entry, key: str, words: Vocabulary, table: str, limits: Container[str]
) -> Node | None:
    tree = _expression(entry, key)
    if tree is None:
        return None
    for name in names(tree):
        if name.text in limits:
            continue
        try:
            words.meaning(name.text, table)
        except UnknownName as error:
            shown = RuleSyntaxError(str(error), entry.text(key), name.position, len(name.text))
            entry.fail(str(shown), key)
    return tree


def _balance(entry: Entry, words: Vocabulary) -> model.Balance:
    balance = model.Balance(
        rules=entry.array("rules"),
        look=tuple(_balance_look(look, words) for look in entry.tables("look")),
    )
    entry.finish()
    return balance


def _balance_look(entry: Entry, words: Vocabulary) -> tuple[frozenset[str], model.Key, tuple[model.Key, ...]]:
    look = frozenset(entry.array("broken")), _item(entry, "at", words), _items(entry, "blank_first", words)
    entry.finish()
    return look
