"""Reads what a declaration says of the form's sheets and of what stands on them."""

from __future__ import annotations

from collections.abc import Callable

from selfeval_xl.form import model
from selfeval_xl.form.load_rules import read_expression
from selfeval_xl.form.source import DeclarationError, Entry

FIELD_TYPES = ("text", "code", "year", "date", "integer", "score", "grade", "phone")


def read_sheet(entry: Entry) -> model.SheetSpec:
    """Read one sheet."""
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


def read_block(entry: Entry) -> model.Block:
    """Read a line, field, table or whatever its kind says."""
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
        computed=read_expression(entry, "computed"),
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
