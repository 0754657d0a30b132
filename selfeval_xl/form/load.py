"""Reads a form's declaration and a bureau's settings, and checks them.

Everything that could go wrong later with a wrong declaration is an error here,
with the file and the line: unknown names, duplicates, colliding defined names,
an item without a place.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from selfeval_xl.form import model
from selfeval_xl.form.check import check_form
from selfeval_xl.form.load_blocks import read_block, read_sheet
from selfeval_xl.form.load_prose import read_prose
from selfeval_xl.form.load_rules import read_balance, read_item, read_items, read_rule
from selfeval_xl.form.prose import Prose
from selfeval_xl.form.source import DeclarationError, Entry, read_entry
from selfeval_xl.form.vocabulary import Vocabulary

FORM_FILE = "form.toml"
SETTINGS_FILE = "settings.toml"


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
    blocks = tuple(read_block(entry) for entry in root.tables("block"))
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
        sheets=tuple(read_sheet(entry) for entry in root.tables("sheet")),
        blocks=blocks,
        rules=tuple(read_rule(entry, words) for entry in root.tables("rule")),
        balances=tuple(read_balance(entry, words) for entry in root.tables("balance")),
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
        staff=read_item(entry, "staff", words),
        items=read_items(entry, "items", words),
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
    keys = read_items(head, "overview", words)
    amounts = {column.key for table in tables for column in table.columns}
    for index, key in enumerate(keys):
        if key not in amounts:
            head.fail(f"{'.'.join(key)!r} is no column of a table", "overview")
        if key in keys[:index]:
            head.fail(f"{'.'.join(key)!r} stands twice", "overview")
    return keys


def _keys(entry: Entry) -> model.Keys:
    keys = model.Keys(**{name: entry.text(name) for name in model.Keys.__struct_fields__})
    entry.finish()
    return keys


def _roles(entry: Entry, words: Vocabulary) -> model.Roles:
    def role(name: str, *, needed: bool = False) -> model.Key | None:
        if not needed and name not in entry.values:
            return None
        return read_item(entry, name, words)

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
