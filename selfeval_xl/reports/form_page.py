"""``docs/form.md``: everything a form's declaration says, as a page for people.

Owns the page's order and layout.  Knows no form: labels come from the declaration,
all other words from the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from selfeval_xl.form.model import (
    Block,
    Column,
    Field,
    Form,
    Goals,
    Headings,
    ListBlock,
    Settings,
    Table,
    Text,
)
from selfeval_xl.reports.markdown import Row, code, grid, listed, named, pair
from selfeval_xl.rules.printing import print_rule
from selfeval_xl.texts import say


def form_page(form: Form, settings: Settings) -> str:
    """Return the page: items sheet by sheet, grades; the same form gives the same text."""
    lines = [f"# {say('doc.title', name=form.name, edition=form.edition)}", "", f"> {say('doc.note')}", ""]
    lines.append(say("doc.about", id=form.id, version=form.version, source=form.source))
    lines.append(say("doc.amounts", unit=form.unit, decimals=form.decimals))
    lines += ["", f"## {say('doc.items')}", ""]
    for sheet, blocks in groupby(form.blocks, key=lambda block: block.sheet):
        found = list(_blocks(form, settings, list(blocks)))
        lines += [f"### {sheet}", "", *found] if found else []
    lines += [f"## {say('doc.grades')}", "", *_grades(settings)]
    return "\n".join(lines).rstrip() + "\n"


def _blocks(form: Form, settings: Settings, blocks: list[Block]) -> Iterator[str]:
    """Yield the items of a sheet; neighbouring fields and texts share a table."""
    for kind, members in groupby(blocks, key=type):
        alike = list(members)
        if kind is Field:
            yield from _fields(settings, [one for one in alike if isinstance(one, Field)])
        if kind is Text:
            yield from _texts([one for one in alike if isinstance(one, Text)])
        for block in alike:
            if isinstance(block, Table):
                yield from _table(form, block)
            elif isinstance(block, Goals):
                yield from _goals(block)
            elif isinstance(block, ListBlock):
                yield from _list(block)
            elif isinstance(block, Headings):
                yield from _headings(block)


def _fields(settings: Settings, fields: list[Field]) -> list[str]:
    heads = ("item", "printed", "name", "kind", "required", "default", "prompt", "synonyms", "source")
    return grid(heads, (_field(settings, field) for field in fields))


def _field(settings: Settings, field: Field) -> Row:
    kind = say(f"doc.type.{field.type}")
    if field.type == "grade":
        kind = pair(kind, listed(grade.name for grade in settings.grades))
    if not field.printed:
        kind += say("doc.not_printed")
    return (
        field.label,
        "" if field.title == field.label else field.title,
        named(*field.key),
        kind,
        say("doc.yes") if field.required else "",
        "" if field.default is None else str(field.default),
        field.prompt,
        listed(field.synonyms),
        field.source,
    )


def _table(form: Form, table: Table) -> Iterator[str]:
    yield f"#### {say('doc.table_title', label=table.label)}"
    yield ""
    yield say("doc.table_about", total=table.total_label, head=table.head_label, source=table.source)
    yield ""
    heads = ("item", "header", "name", "total_name", "unit", "content", "prompt", "synonyms")
    owner = table.label == form.name_table
    content = say("doc.input") if owner else say("doc.names_from", table=form.name_table)
    rows = [(table.name_label, "", named(table.label, table.name_label), "", "", content, "", "")]
    rows += [_column(form, column) for column in table.columns]
    for item in table.attributes:
        name = named(table.label, item.label)
        rows.append((item.label, "", name, "", "", say("doc.attribute"), item.prompt, ""))
    yield from grid(heads, rows)


def _column(form: Form, column: Column) -> tuple[str, str, str, str, str, str, str, str]:
    content = say("doc.signed_input" if column.signed else "doc.input")
    if column.computed is not None:
        content = say("doc.computed", expression=code(print_rule(column.computed)))
    header = "" if column.header == (column.label,) else " / ".join(column.header)
    name, total = named(*column.key), named(*column.key, form.keys.total)
    return column.label, header, name, total, form.unit, content, column.prompt, listed(column.synonyms)


def _texts(texts: list[Text]) -> list[str]:
    rows: list[Row] = []
    for text in texts:
        for label in text.columns or ("",):
            parts = [*text.key, *([label] if label else [])]
            shown = " / ".join(part for part in (text.label, label) if part)
            title = "" if text.title == text.label else text.title
            rows.append((shown, title, named(*parts), str(text.rows), text.source))
    return grid(("text", "printed", "name", "rows", "source"), rows)


def _goals(goals: Goals) -> Iterator[str]:
    yield f"#### {say('doc.goals_title', label=goals.label)}"
    yield ""
    number = goals.number.replace("{n}", "1")
    yield say(
        "doc.goals_about", title=goals.title, goal=goals.goal_label, done=goals.done_label, number=number
    )
    yield ""
    rows = [
        (
            group.label,
            name,
            named(goals.section, goals.label, group.label, name),
            str(goals.rows),
            group.note,
        )
        for group in goals.groups
        for name in group.classes
    ]
    yield from grid(("group", "class", "name", "rows", "remark"), rows)


def _list(block: ListBlock) -> Iterator[str]:
    yield f"#### {say('doc.list_title', label=block.label, rows=block.rows)}"
    yield ""
    rows = [(label, named(block.label, label), say("doc.input")) for label in block.columns]
    rows += [(label, "", say("doc.by_hand")) for label in block.printed_columns]
    yield from grid(("item", "name", "content"), rows)


def _headings(block: Headings) -> Iterator[str]:
    yield f"#### {say('doc.headings_title', label=block.label, rows=block.rows)}"
    yield ""
    rows = [(one.number, one.title, one.printed, named(block.label, one.number)) for one in block.headings]
    yield from grid(("number", "heading", "printed", "name"), rows)


def _grades(settings: Settings) -> list[str]:
    about = say(f"doc.grade_{settings.grade_source}")
    return [about, "", *grid(("grade", "lowest"), ((one.name, str(one.lowest)) for one in settings.grades))]
