"""``docs/form.md``: everything a form's declaration says, as a page for people.

Owns the page's order and layout.  Knows no form: labels come from the declaration,
all other words from the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from selfeval_xl.form.model import (
    Balance,
    Block,
    Column,
    Field,
    Form,
    Goals,
    Headings,
    Key,
    ListBlock,
    Rule,
    Settings,
    Table,
    Text,
)
from selfeval_xl.names import defined_name
from selfeval_xl.rules.printing import print_rule
from selfeval_xl.texts import say

Row = Sequence[str]


def form_page(form: Form, settings: Settings) -> str:
    """Return the page: items sheet by sheet, rules, grades; the same form gives the same text."""
    lines = [f"# {say('doc.title', name=form.name, edition=form.edition)}", "", f"> {say('doc.note')}", ""]
    lines.append(say("doc.about", id=form.id, version=form.version, source=form.source))
    lines.append(say("doc.amounts", unit=form.unit, decimals=form.decimals))
    lines += ["", f"## {say('doc.items')}", ""]
    for sheet, blocks in groupby(form.blocks, key=lambda block: block.sheet):
        found = list(_blocks(form, settings, list(blocks)))
        lines += [f"### {sheet}", "", *found] if found else []
    lines += [f"## {say('doc.rules')}", "", *_reading(form), *_rules(form, settings), *_balances(form)]
    lines += [f"## {say('doc.grades')}", "", *_grades(settings)]
    return "\n".join(lines).rstrip() + "\n"


# Layout


def _grid(heads: Sequence[str], rows: Iterable[Row]) -> list[str]:
    """Return a Markdown table, without the columns that no row fills."""
    filled = list(rows)
    kept = [index for index in range(len(heads)) if any(row[index] for row in filled)]
    lines = [[say(f"doc.{heads[index]}") for index in kept], ["---"] * len(kept)]
    lines += [[_in_cell(row[index]) for index in kept] for row in filled]
    return [f"| {' | '.join(line)} |" for line in lines] + [""]


def _in_cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "<br>")


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _named(*parts: str) -> str:
    return _code(defined_name(*parts))


def _listed(words: Iterable[str]) -> str:
    return say("word.and").join(words)


def _pair(name: str, value: str) -> str:
    return say("doc.pair", name=name, value=value)


def _item(key: Key) -> str:
    return _code(".".join(part for part in key if part))


# Items


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
    return _grid(heads, (_field(settings, field) for field in fields))


def _field(settings: Settings, field: Field) -> Row:
    kind = say(f"doc.type.{field.type}")
    if field.type == "grade":
        kind = _pair(kind, _listed(grade.name for grade in settings.grades))
    if not field.printed:
        kind += say("doc.not_printed")
    return (
        field.label,
        "" if field.title == field.label else field.title,
        _named(*field.key),
        kind,
        say("doc.yes") if field.required else "",
        "" if field.default is None else str(field.default),
        field.prompt,
        _listed(field.synonyms),
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
    rows = [(table.name_label, "", _named(table.label, table.name_label), "", "", content, "", "")]
    rows += [_column(form, column) for column in table.columns]
    for item in table.attributes:
        name = _named(table.label, item.label)
        rows.append((item.label, "", name, "", "", say("doc.attribute"), item.prompt, ""))
    yield from _grid(heads, rows)


def _column(form: Form, column: Column) -> tuple[str, str, str, str, str, str, str, str]:
    content = say("doc.signed_input" if column.signed else "doc.input")
    if column.computed is not None:
        content = say("doc.computed", expression=_code(print_rule(column.computed)))
    header = "" if column.header == (column.label,) else " / ".join(column.header)
    name, total = _named(*column.key), _named(*column.key, form.keys.total)
    return column.label, header, name, total, form.unit, content, column.prompt, _listed(column.synonyms)


def _texts(texts: list[Text]) -> list[str]:
    rows: list[Row] = []
    for text in texts:
        for label in text.columns or ("",):
            parts = [*text.key, *([label] if label else [])]
            shown = " / ".join(part for part in (text.label, label) if part)
            title = "" if text.title == text.label else text.title
            rows.append((shown, title, _named(*parts), str(text.rows), text.source))
    return _grid(("text", "printed", "name", "rows", "source"), rows)


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
            _named(goals.section, goals.label, group.label, name),
            str(goals.rows),
            group.note,
        )
        for group in goals.groups
        for name in group.classes
    ]
    yield from _grid(("group", "class", "name", "rows", "remark"), rows)


def _list(block: ListBlock) -> Iterator[str]:
    yield f"#### {say('doc.list_title', label=block.label, rows=block.rows)}"
    yield ""
    rows = [(label, _named(block.label, label), say("doc.input")) for label in block.columns]
    rows += [(label, "", say("doc.by_hand")) for label in block.printed_columns]
    yield from _grid(("item", "name", "content"), rows)


def _headings(block: Headings) -> Iterator[str]:
    yield f"#### {say('doc.headings_title', label=block.label, rows=block.rows)}"
    yield ""
    rows = [(one.number, one.title, one.printed, _named(block.label, one.number)) for one in block.headings]
    yield from _grid(("number", "heading", "printed", "name"), rows)


# Rules


def _reading(form: Form) -> list[str]:
    """Return what holds for all rules: how sides are compared, and what a tail is."""
    half = Decimal(5).scaleb(-form.decimals - 1)
    tail = say("doc.tail_rule", half=half, severity=say("severity.warning"), cause=say("doc.tail"))
    return [say("doc.compared", decimals=form.decimals), "", tail, ""]


def _rules(form: Form, settings: Settings) -> Iterator[str]:
    for rule in form.rules:
        yield f"### {rule.id}"
        yield ""
        yield rule.text
        yield ""
        facts = (*_what(rule), *_circumstances(rule, settings.reason(rule.id)))
        yield from (f"- {_pair(say(f'doc.{name}'), text)}" for name, text in facts if text)
        yield ""


def _what(rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield what a rule compares, where, and how heavily it weighs."""
    severity = say(f"severity.{rule.severity}")
    if rule.blank_severity is not None:
        severity += say("doc.when_blank", severity=say(f"severity.{rule.blank_severity}"))
    yield "severity", severity
    scope = say(f"doc.check.{rule.check}" if rule.check else f"doc.scope.{rule.scope}")
    yield "scope_head", _pair(scope, _listed(rule.tables)) if rule.tables else scope
    yield "except", _listed(_item(key) for key in sorted(rule.excluded))
    if rule.left is not None and rule.right is not None:
        yield "expression", _code(f"{print_rule(rule.left)} {rule.op} {print_rule(rule.right)}")
    if rule.exact:
        yield "precision", say("doc.exact")
    if rule.when is not None:
        yield "when", _code(print_rule(rule.when))
    if _compares_a_total(rule):
        yield "tail", say("doc.tail_applies")


def _circumstances(rule: Rule, reason: str | None) -> Iterator[tuple[str, str]]:
    """Yield where to look, why the rule holds, and when."""
    yield "look", _item(rule.look_at) if rule.look_at is not None else ""
    yield "basis", rule.basis
    years = [say("doc.since", year=rule.since)] if rule.since is not None else []
    years += [say("doc.until", year=rule.until)] if rule.until is not None else []
    yield "years", _listed(years)
    yield "silenced", reason or ""


def _compares_a_total(rule: Rule) -> bool:
    """Tell whether the rule's left side may be a total that somebody printed; in the total row it is."""
    return rule.op == "=" and rule.scope in ("rows", "column")


def _balances(form: Form) -> Iterator[str]:
    for balance in form.balances:
        yield say("doc.balance", rules=_listed(balance.rules))
        yield ""
        yield from _grid(("broken", "look", "blank_first"), _looks(balance))


def _looks(balance: Balance) -> Iterator[Row]:
    for broken, at, blank_first in balance.look:
        rules = _listed(rule for rule in balance.rules if rule in broken)
        yield rules, _item(at), _listed(_item(key) for key in blank_first)


def _grades(settings: Settings) -> list[str]:
    about = say(f"doc.grade_{settings.grade_source}")
    return [about, "", *_grid(("grade", "lowest"), ((one.name, str(one.lowest)) for one in settings.grades))]
