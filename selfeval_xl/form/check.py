"""Checks a form as a whole: duplicates, places, computed columns, defined names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NoReturn

from selfeval_xl.form import model
from selfeval_xl.form.layout_check import layout_complaints
from selfeval_xl.form.source import DeclarationError, Entry
from selfeval_xl.form.vocabulary import ItemName, Meaning, TableName, ThisName, UnknownName, Vocabulary
from selfeval_xl.names import defined_name
from selfeval_xl.rules.tree import Binary, Call, Name, Node, Unary, names


def check_form(form: model.Form, root: Entry) -> None:
    """Raise ``DeclarationError`` at the first thing wrong with *form* as a whole."""
    _places(form, root)
    _duplicates(form, root)
    for place, complaint in layout_complaints(form):
        _fail(root, root.lines.get(place, root.lines.get(place[:-1], 1)), complaint)
    _computed(form, root)
    _expressions(form, root)
    _balances(form, root)
    _prose(form, root)
    _defined_names(form, root)


def _fail(root: Entry, line: int, message: str) -> NoReturn:
    raise DeclarationError(message, root.file, line)


def _places(form: model.Form, root: Entry) -> None:
    sheets = {sheet.name for sheet in form.sheets}
    for index, block in enumerate(form.blocks):
        if block.sheet not in sheets:
            line = root.lines.get(("block", index, "sheet"), 1)
            _fail(root, line, f"no sheet {block.sheet!r}: the block has no place")
    for kind in ("checks", "help", "settings"):
        if sum(sheet.kind == kind for sheet in form.sheets) != 1:
            _fail(root, 1, f"exactly one sheet of kind {kind!r} is needed")
    if form.name_table not in form.tables:
        _fail(root, root.lines.get(("form", "name_row"), 1), f"{form.name_table!r} is no table")
    if form.name_table != next(iter(form.tables)):
        # The other tables show the names by formula, and can do so only from a place that is known.
        _fail(root, root.lines.get(("form", "name_row"), 1), f"{form.name_table!r} is not the first table")
    if form.roles.status not in sheets:
        _fail(root, root.lines.get(("roles", "status"), 1), f"no sheet {form.roles.status!r}")


def _twice(values: Iterable[object]) -> list[object]:
    return [value for value, count in Counter(values).items() if count > 1]


def _duplicates(form: model.Form, root: Entry) -> None:
    seen: set[object] = set()
    for index, block in enumerate(form.blocks):
        for line, key in _keys_of(block, root.lines.get(("block", index), 1)):
            if key in seen:
                _fail(root, line, f"{'.'.join(key)!r} stands twice")
            seen.add(key)
    for index, sheet in enumerate(form.sheets):
        if sheet.name in {other.name for other in form.sheets[:index]}:
            _fail(root, root.lines.get(("sheet", index), 1), f"sheet {sheet.name!r} stands twice")
    for index, rule in enumerate(form.rules):
        if rule.id in {other.id for other in form.rules[:index]}:
            _fail(root, root.lines.get(("rule", index), 1), f"rule {rule.id} stands twice")
    for index, block in enumerate(form.blocks):
        twice = _twice(one.number for one in block.headings) if isinstance(block, model.Headings) else []
        if twice:
            _fail(root, root.lines.get(("block", index, "headings"), 1), f"heading {twice[0]!r} stands twice")


def _keys_of(block: model.Block, line: int) -> list[tuple[int, tuple[str, ...]]]:
    """Return the keys that a block brings, each with its line."""
    if isinstance(block, model.Table):
        labels = [(line, block.name_label), *((column.line, column.label) for column in block.columns)]
        labels += [(line, item.label) for item in block.attributes]
        return [(line, (block.label,)), *((at, (block.label, label)) for at, label in labels)]
    if isinstance(block, (model.Field, model.Text, model.Goals)):
        return [(line, block.key)]
    if isinstance(block, (model.ListBlock, model.Headings)):
        return [(line, (block.label,))]
    return []


def _computed(form: model.Form, root: Entry) -> None:
    words = Vocabulary(form.tables.values(), (), form.keys)
    for column in form.columns.values():
        for name in names(column.computed) if column.computed is not None else ():
            try:
                meaning = words.meaning(name.text, column.table)
            except UnknownName as error:
                _fail(root, column.line, str(error))
            if not isinstance(meaning, ItemName) or meaning.key[0] != column.table:
                _fail(root, column.line, f"{name.text!r} is no item of {column.table!r}")
    for column in form.columns.values():
        if column.key in _needed(form, words, column):
            _fail(root, column.line, f"{column.label!r} depends on itself")


def _needed(form: model.Form, words: Vocabulary, column: model.Column) -> set[model.Key]:
    """Return the items that a computed column is made of, directly or not."""
    found: set[model.Key] = set()
    waiting = [column]
    while waiting:
        tree = waiting.pop().computed
        for name in names(tree) if tree is not None else ():
            meaning = words.meaning(name.text, column.table)
            if isinstance(meaning, ItemName) and meaning.key not in found:
                found.add(meaning.key)
                waiting.append(form.columns[meaning.key])
    return found


def _expressions(form: model.Form, root: Entry) -> None:
    """See that every name of a rule has a cell in the rule's scope."""
    words = Vocabulary(form.tables.values(), form.fields.values(), form.keys)
    for index, rule in enumerate(form.rules):
        for key in ("when", "left", "right"):
            tree = getattr(rule, key)
            for name, function in _uses(tree) if tree is not None else ():
                if name.text in dict(rule.limits):
                    continue
                if wrong := _misuse(form, rule, words.meaning(name.text, rule.table), function):
                    line = root.lines.get(("rule", index, key), rule.line)
                    _fail(root, line, f"{name.text!r} {wrong}")
        if rule.left is not None and rule.look_at is None and not names(rule.left):
            _fail(root, rule.line, "the left side names no item, and look_at is missing")


def _uses(tree: Node, function: str = "") -> Iterator[tuple[Name, str]]:
    """Yield every name with the function whose whole argument it is."""
    if isinstance(tree, Name):
        yield tree, function
    elif isinstance(tree, Call):
        for argument in tree.arguments:
            yield from _uses(argument, tree.function)
    elif isinstance(tree, Binary):
        yield from _uses(tree.left)
        yield from _uses(tree.right)
    elif isinstance(tree, Unary):
        yield from _uses(tree.operand)


def _misuse(form: model.Form, rule: model.Rule, meaning: Meaning, function: str) -> str:
    """Return what is wrong with a name at its place in a rule, or ``""``."""
    if isinstance(meaning, ThisName):
        return (
            "" if rule.scope in ("column", "cell") else f"means nothing in a rule with scope {rule.scope!r}"
        )
    if isinstance(meaning, TableName) and function != "COUNT":
        return "is a table: only COUNT takes one"
    is_field = isinstance(meaning, ItemName) and meaning.key in form.fields
    if rule.scope == "total" and function == "SUM":
        return "stands for its total already in a rule with scope 'total'"
    if rule.scope == "once" and not is_field:
        return "has no row in a rule with scope 'once'"
    return "is a single field, which has no rows to add up" if is_field and function == "SUM" else ""


def _balances(form: model.Form, root: Entry) -> None:
    ids = {rule.id for rule in form.rules}
    for index, balance in enumerate(form.balances):
        for rule_id in {*balance.rules, *(one for broken, _, _ in balance.look for one in broken)}:
            if rule_id not in ids:
                _fail(root, root.lines.get(("balance", index), 1), f"no rule {rule_id!r}")


def _prose(form: model.Form, root: Entry) -> None:
    """See that rules and text sections that ``[prose]`` names are there."""
    if form.prose is None:
        return
    ids = {rule.id for rule in form.rules}
    for one in form.prose.spoken:
        for rule_id in (one.rule, one.sums):
            if rule_id and rule_id not in ids:
                _fail(root, one.line, f"no rule {rule_id!r}")
    numbers = {(label, one.number) for label, block in form.headings.items() for one in block.headings}
    for key in ("project_sections", "same_sections"):
        for section in getattr(form.prose, key):
            if section not in numbers and section not in form.texts:
                _fail(root, root.lines.get(("prose", key), 1), f"no section {'.'.join(section)!r}")


def _defined_names(form: model.Form, root: Entry) -> None:
    taken: dict[str, str] = {}
    for line, parts in _name_parts(form):
        try:
            name = defined_name(*parts)
        except ValueError as error:
            _fail(root, line, str(error))
        if name.casefold() in taken:
            _fail(root, line, f"defined name {name!r} collides with that of {taken[name.casefold()]}")
        taken[name.casefold()] = ".".join(parts)


def _name_parts(form: model.Form) -> Iterable[tuple[int, tuple[str, ...]]]:
    for table in form.tables.values():
        labels = [(table.line, table.name_label), *((table.line, item.label) for item in table.attributes)]
        labels += [(column.line, column.label) for column in table.columns]
        for line, label in labels:
            yield line, (table.label, label)
        for column in table.columns:
            yield column.line, (table.label, column.label, form.keys.total)
    for entry in form.fields.values():
        yield entry.line, entry.key
    for rule in form.rules:
        for table_label in rule.tables:
            yield rule.line, (table_label, form.keys.check, rule.id.replace("-", ""))
