"""Every rule at every place: one tree for its verdict, one for each side.

The trees of a row stand in the sheet as formulas and are evaluated in Python; there
is no other statement of a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache, partial

from selfeval_xl.blueprint.lower import Context, lower, not_computable
from selfeval_xl.blueprint.model import Blueprint, Instance
from selfeval_xl.cells import Address
from selfeval_xl.findings import Verdict
from selfeval_xl.form.model import Key, Rule
from selfeval_xl.form.vocabulary import Vocabulary
from selfeval_xl.rules.tree import (
    Binary,
    Name,
    Node,
    at_least,
    call,
    equal,
    minus,
    node,
    number,
    plus,
    walk,
)

PASSED = Verdict.PASSED.word
FAILED = Verdict.FAILED.word
NOT_APPLICABLE = Verdict.NOT_APPLICABLE.word
NOT_COMPUTABLE = Verdict.NOT_COMPUTABLE.word
# What is no day from 2000 to 2100, such as 20230909 or 2023.9, is no date.
FIRST_DAY, LAST_DAY = call("DATE", 2000, 1, 1), call("DATE", 2100, 12, 31)


def make_instances(blueprint: Blueprint) -> list[Instance]:
    """Return the rules' instances in the order of the declaration, rows from top to bottom."""
    words = Vocabulary(blueprint.form.tables.values(), blueprint.form.fields.values(), blueprint.form.keys)
    result: list[Instance] = []
    for rule in active_rules(blueprint):
        result.extend(_MAKERS[rule.scope](blueprint, rule, words))
    return result


@lru_cache(maxsize=64)
def active_rules(blueprint: Blueprint) -> Sequence[Rule]:
    """Return the rules that hold in the blueprint's year, for its items, and are not silenced."""
    reason = blueprint.settings.reason
    return tuple(rule for rule in blueprint.rules if reason(rule.id) is None and applies(blueprint, rule))


def applies(blueprint: Blueprint, rule: Rule) -> bool:
    """Tell whether the rule is in force and all it speaks of stands in this workbook."""
    if rule.since is not None and blueprint.year < rule.since:
        return False
    if rule.until is not None and blueprint.year > rule.until:
        return False
    if rule.scope == "grade":
        roles = blueprint.form.roles
        return roles.score in blueprint.places.fields and roles.grade in blueprint.places.fields
    if rule.scope == "dated":
        return blueprint.form.roles.report_date in blueprint.places.fields
    return rule.scope not in ("once", "total") or _fields_present(blueprint, rule)


def _fields_present(blueprint: Blueprint, rule: Rule) -> bool:
    words = Vocabulary(blueprint.form.tables.values(), blueprint.form.fields.values(), blueprint.form.keys)
    trees = [tree for tree in (rule.when, rule.left, rule.right) if tree is not None]
    names = [name for tree in trees for name in walk(tree) if isinstance(name, Name)]
    keys = [getattr(words.meaning(name.text, rule.table), "key", None) for name in names]
    return all(key in blueprint.places.fields or key in blueprint.form.columns for key in keys)


def _context(
    blueprint: Blueprint, words: Vocabulary, rule: Rule, index: int | None, this: Key | None = None
) -> Context:
    table = this[0] if this else rule.table
    return Context(blueprint.form, blueprint.places, words, table, index, this)


def _rows(blueprint: Blueprint, rule: Rule, words: Vocabulary) -> Iterator[Instance]:
    yield from (
        _expressed(blueprint, rule, _context(blueprint, words, rule, index))
        for index in range(0 if rule.scope == "rows" else 1, blueprint.shape.rows + 1)
    )


def _columns(blueprint: Blueprint, rule: Rule, words: Vocabulary) -> Iterator[Instance]:
    for label in blueprint.places.tables[rule.table].columns:
        yield _expressed(blueprint, rule, _context(blueprint, words, rule, 0, (rule.table, label)))


def _cells(blueprint: Blueprint, rule: Rule, words: Vocabulary) -> Iterator[Instance]:
    for index in range(1, blueprint.shape.rows + 1):
        for key in item_keys(blueprint, rule):
            yield _expressed(blueprint, rule, _context(blueprint, words, rule, index, key))


def item_keys(blueprint: Blueprint, rule: Rule) -> list[Key]:
    """Return the items over which a rule about single amounts goes."""
    tables = (blueprint.form.tables[label] for label in rule.tables)
    keys = (column.key for table in tables for column in table.inputs)
    return [key for key in keys if key not in rule.excluded]


def _total(blueprint: Blueprint, rule: Rule, words: Vocabulary) -> Iterator[Instance]:
    yield _expressed(blueprint, rule, _context(blueprint, words, rule, 0))


def _once(blueprint: Blueprint, rule: Rule, words: Vocabulary) -> Iterator[Instance]:
    yield _expressed(blueprint, rule, _context(blueprint, words, rule, None))


def _expressed(blueprint: Blueprint, rule: Rule, context: Context) -> Instance:
    """Return the instance of a rule with left, op and right at one place."""
    if rule.left is None or rule.right is None:
        raise ValueError(f"rule {rule.id} has no expression")
    left, right = lower(rule.left, context), lower(rule.right, context)
    operands = tuple(dict.fromkeys(context.operands))
    when = None if rule.when is None else lower(rule.when, context)
    condition = _condition(blueprint, rule, left, right)
    exists = None if context.index in (None, 0) else blueprint.places.exists[context.index or 0]
    look, item = _look(context, rule)
    return Instance(
        rule=rule,
        index=context.index,
        item=item,
        look=look,
        cells=tuple(dict.fromkeys((look, *operands))),
        make_verdict=_later(_verdict, exists, context.operands, _applicable(rule, context, when), condition),
        left=left,
        right=right,
        addends=max(0, len(operands) - 1),
        condition=condition,
    )


def _applicable(rule: Rule, context: Context, when: Node | None) -> Node | None:
    """Return when the rule applies; a rule about single fields needs them filled in."""
    if rule.scope not in ("once", "total"):
        return when
    fields = set(context.places.fields.values())
    counted = [call("COUNT", address) for address in dict.fromkeys(context.operands) if address in fields]
    filled = equal(plus(*counted), len(counted))
    return filled if when is None else call("AND", when, filled)


def _condition(blueprint: Blueprint, rule: Rule, left: Node, right: Node) -> Node:
    if rule.exact:
        return Binary(rule.op, left, right)
    return Binary(rule.op, call("ROUND", minus(left, right), blueprint.form.decimals), number(0))


def _later(make: Callable[..., Node], *arguments: object) -> Callable[[], Node]:
    """Return what makes a tree when it is first called, and gives the same one ever after."""
    return cache(partial(make, *arguments))


def _verdict(exists: Address | None, operands: Sequence[Address], when: Node | None, condition: Node) -> Node:
    guard = not_computable(operands)
    tree: Node = call("IF", condition, PASSED, FAILED)
    if when is not None:
        tree = call("IF", when, tree, NOT_APPLICABLE)
    if guard is not None:
        tree = call("IF", guard, NOT_COMPUTABLE, tree)
    if exists is not None:
        tree = call("IF", equal(exists, 0), NOT_APPLICABLE, tree)
    return tree


def _look(context: Context, rule: Rule) -> tuple[Address, Key | None]:
    """Return where to look first: as declared, else the item on the left."""
    if rule.look_at is not None:
        table = context.places.tables.get(rule.look_at[0])
        if table is None:
            return context.places.fields[rule.look_at], rule.look_at
        label = rule.look_at[1] if rule.look_at[1] in table.columns else ""
        return table.cell(label, context.index or 0), rule.look_at
    if context.this is not None:
        return context.places.tables[context.this[0]].cell(context.this[1], context.index or 0), context.this
    first = next(name for name in walk(rule.left or number(0)) if isinstance(name, Name))
    meaning = context.meaning(first)
    return context.address(meaning), getattr(meaning, "key", None)


def _numbers(blueprint: Blueprint, rule: Rule, _words: Vocabulary) -> Iterator[Instance]:
    """Yield an instance for every cell that takes a number."""
    for place in blueprint.places.tables.values():
        for index in range(1, place.rows + 1):
            for label in place.inputs:
                yield number_instance(rule, place.cell(label, index), index, (place.label, label))
    for key, address in blueprint.places.fields.items():
        if blueprint.form.fields[key].is_number:
            yield number_instance(rule, address, None, key)


def number_instance(rule: Rule, address: Address, index: int | None, item: Key) -> Instance:
    """Return the instance of the rule that a number stands in this cell."""
    return Instance(rule, index, item, address, (address,), _later(_number_verdict, address))


def _number_verdict(address: Address) -> Node:
    wrong = not_computable([address])
    return call("IF", wrong if wrong is not None else number(0), FAILED, PASSED)


def _whole(blueprint: Blueprint, rule: Rule, _words: Vocabulary) -> Iterator[Instance]:
    """Yield an instance for every field that takes a whole number."""
    for key, address in blueprint.places.fields.items():
        field = blueprint.form.fields[key]
        if field.type in ("integer", "year"):
            rounded = call("MAX", field.least, call("ROUND", call("N", address), 0))
            same = call("IF", equal(call("N", address), rounded), PASSED, FAILED)
            verdict = _later(call, "IF", equal(call("COUNT", address), 0), NOT_APPLICABLE, same)
            yield Instance(rule, None, key, address, (address,), verdict, node(address), rounded)


def _dates(blueprint: Blueprint, rule: Rule, _words: Vocabulary) -> Iterator[Instance]:
    """Yield an instance for every field that takes a date; a text that only looks like one is none."""
    for key, address in blueprint.places.fields.items():
        if blueprint.form.fields[key].type == "date":
            is_day = call(
                "AND", at_least(call("N", address), FIRST_DAY), at_least(LAST_DAY, call("N", address))
            )
            blank = equal(call("LEN", address), 0)
            verdict = _later(call, "IF", blank, NOT_APPLICABLE, call("IF", is_day, PASSED, FAILED))
            yield Instance(rule, None, key, address, (address,), verdict, node(address))


def _dated(blueprint: Blueprint, rule: Rule, _words: Vocabulary) -> Iterator[Instance]:
    """Yield the report's date against the end of the year and the bureau's deadline."""
    address = blueprint.places.fields[blueprint.form.roles.report_date or ("", "")]
    day, earliest = call("N", address), call("DATE", blueprint.year, 12, 31)
    bound = call("MAX", earliest, day)
    if blueprint.settings.deadline:
        latest = call("DATE", *map(int, blueprint.settings.deadline.split("-")))
        bound = call("MAX", earliest, call("MIN", latest, day))
    is_day = call("AND", at_least(day, FIRST_DAY), at_least(LAST_DAY, day))
    same = call("IF", equal(day, bound), PASSED, FAILED)
    verdict = _later(call, "IF", is_day, same, NOT_APPLICABLE)
    yield Instance(
        rule, None, blueprint.form.roles.report_date, address, (address,), verdict, node(address), bound
    )


def _blanks(blueprint: Blueprint, rule: Rule, _words: Vocabulary) -> Iterator[Instance]:
    for place in blueprint.places.tables.values():
        for index in range(1, place.rows + 1):
            for label in place.inputs:
                cell = place.cell(label, index)
                verdict = _later(_blank_verdict, cell, blueprint.places.exists[index])
                yield Instance(rule, index, (place.label, label), cell, (cell,), verdict)


def _blank_verdict(cell: Address, exists: Address) -> Node:
    blank = call("IF", equal(call("COUNTBLANK", cell), 0), PASSED, FAILED)
    return call("IF", equal(exists, 0), NOT_APPLICABLE, blank)


def _names(blueprint: Blueprint, rule: Rule, _words: Vocabulary) -> Iterator[Instance]:
    """Yield an instance for every other table's name of an entity below the head."""
    named = blueprint.places.tables[blueprint.form.name_table]
    first = 1 if blueprint.shape.entity else 2
    for place in blueprint.places.tables.values():
        for index in range(first, place.rows + 1) if place is not named else ():
            cell, typed = place.cell("", index), named.cell("", index)
            verdict = _later(_name_verdict, cell, typed, blueprint.places.exists[index])
            yield Instance(rule, index, None, cell, (cell, typed), verdict, node(cell), node(typed))


def _name_verdict(cell: Address, typed: Address, exists: Address) -> Node:
    same = call("IF", equal(call("TRIM", cell), call("TRIM", typed)), PASSED, FAILED)
    return call("IF", equal(exists, 0), NOT_APPLICABLE, same)


def _required(blueprint: Blueprint, rule: Rule, _words: Vocabulary) -> Iterator[Instance]:
    for key, address in blueprint.places.fields.items():
        if blueprint.form.fields[key].required:
            blank = equal(call("LEN", call("TRIM", address)), 0)
            verdict = _later(call, "IF", blank, FAILED, PASSED)
            yield Instance(rule, None, key, address, (address,), verdict)


def _year(blueprint: Blueprint, rule: Rule, _words: Vocabulary) -> Iterator[Instance]:
    address, wanted = blueprint.places.fields[blueprint.form.roles.year], blueprint.places.year
    if wanted is None:
        return
    same = call("IF", equal(address, wanted), PASSED, FAILED)
    verdict = _later(call, "IF", equal(call("COUNT", address), 0), NOT_APPLICABLE, same)
    item = blueprint.form.roles.year
    yield Instance(rule, None, item, address, (address,), verdict, node(address), node(wanted))


def _grade(blueprint: Blueprint, rule: Rule, _words: Vocabulary) -> Iterator[Instance]:
    """Yield the grade against the score's band; a blank grade is not the same text either."""
    score, grade = (
        blueprint.places.fields[key]
        for key in (blueprint.form.roles.score, blueprint.form.roles.grade)
        if key
    )
    expected = expected_grade(blueprint, score)
    same = call("IF", equal(call("TRIM", grade), expected), PASSED, FAILED)
    in_range = call("AND", equal(call("COUNT", score), 1), at_least(score, 0), at_least(100, score))
    wrong = not_computable([score])
    verdict = call("IF", in_range, same, NOT_APPLICABLE)
    if wrong is not None:
        verdict = call("IF", wrong, NOT_COMPUTABLE, verdict)
    item = blueprint.form.roles.grade
    yield Instance(
        rule, None, item, grade, (grade, score), _later(node, verdict), call("TRIM", grade), expected
    )


def expected_grade(blueprint: Blueprint, score: Address) -> Node:
    """Return the formula of the grade whose band holds *score*, from the settings' cells."""
    tree: Node = node("")
    for name, lowest in reversed(blueprint.places.grades):
        tree = call("IF", at_least(call("N", score), lowest), name, tree)
    return tree


def _nothing(_blueprint: Blueprint, _rule: Rule, _words: Vocabulary) -> Iterable[Instance]:
    """Return no instance: a check by program is no formula."""
    return ()


_MAKERS = {
    "rows": _rows,
    "entities": _rows,
    "column": _columns,
    "cell": _cells,
    "total": _total,
    "once": _once,
    "number": _numbers,
    "whole": _whole,
    "date": _dates,
    "dated": _dated,
    "blank": _blanks,
    "names": _names,
    "required": _required,
    "year": _year,
    "grade": _grade,
    "program": _nothing,
}
