"""Reads and checks what a declaration says under ``[prose]``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import product

from selfeval_xl.form.prose import MONEY, PEOPLE, SCORE, Key, Prose, Rate, Spoken
from selfeval_xl.form.source import Entry
from selfeval_xl.form.vocabulary import ItemName, UnknownName, Vocabulary

_KINDS = {"integer": PEOPLE, "score": SCORE}
_SHORTEST_LABEL = 3
_CHOICE = re.compile(r"\{([^{}]*)\}")


def read_prose(
    entry: Entry, words: Vocabulary, labels: Mapping[Key, tuple[str, ...]], kinds: Mapping[Key, str]
) -> Prose:
    """Read ``[prose]``; raises ``DeclarationError`` with the line.

    *labels* are the words by which each item is called anyway, *kinds* the types of single fields.
    """
    spoken: list[Spoken] = []
    for item in entry.tables("item"):
        one = _spoken(item, words, kinds)
        if any((other.items, other.less) == (one.items, one.less) for other in spoken):
            item.fail(f"{one.keys!r} is spoken of twice", "items")
        spoken.append(one)
    prose = Prose(
        spoken=tuple(_with_labels(one, labels) for one in spoken),
        rates=tuple(_rate(one, words) for one in entry.tables("rate")),
        fiscal=entry.array("fiscal"),
        whole=entry.array("whole"),
        fiscal_items=frozenset(_keys(entry, "fiscal_items", words)),
        explains=_keys(entry, "explains", words),
        general=entry.array("general"),
        general_lacks=_keys(entry, "general_lacks", words),
        fiscal_sources=_keys(entry, "fiscal_sources", words),
        fiscal_uses=_keys(entry, "fiscal_uses", words),
        other_income=_keys(entry, "other_income", words),
        projects=_key_or_none(entry, "projects", words),
        project_sections=_sections(entry, "project_sections"),
        same_sections=_sections(entry, "same_sections"),
        budget=entry.array("budget"),
        actual=entry.array("actual"),
        own=_spelled_out(entry.array("own")),
        classes=_spelled_out(entry.array("classes")),
        classed=_key_or_none(entry, "classed", words),
        self_names=_self_names(entry),
        lists=entry.text("lists", ""),
    )
    entry.finish()
    return prose


def _spoken(entry: Entry, words: Vocabulary, kinds: Mapping[Key, str]) -> Spoken:
    items, less = _keys(entry, "items", words), _keys(entry, "less", words)
    if not items and not less:
        entry.fail("an item of prose needs items")
    kind = {_KINDS.get(kinds.get(key, ""), MONEY) for key in items + less}
    if len(kind) > 1:
        entry.fail("amounts, people and scores do not add up", "items")
    one = Spoken(
        items=items,
        less=less,
        words=_spelled_out(entry.array("words")),
        short=_spelled_out(entry.array("short")),
        vague=_spelled_out(entry.array("vague")),
        kind=kind.pop(),
        rule=entry.text("rule"),
        sums=entry.text("sums", ""),
        line=entry.line(),
    )
    entry.finish()
    return one


def _spelled_out(patterns: Iterable[str]) -> tuple[str, ...]:
    """Return each word that patterns stand for: ``a{b,c,}`` is ``ab``, ``ac`` and ``a``."""
    found: list[str] = []
    for pattern in patterns:
        sides = [one.split(",") for one in _CHOICE.split(pattern)]
        fixed = [one if at % 2 else [",".join(one)] for at, one in enumerate(sides)]
        found += ["".join(parts) for parts in product(*fixed)]
    return tuple(dict.fromkeys(found))


def _with_labels(one: Spoken, labels: Mapping[Key, tuple[str, ...]]) -> Spoken:
    """Add the item's own label and synonyms, as far as they are long enough to mean nothing else."""
    if one.less or len(one.items) > 1:
        return one
    own = tuple(word for word in labels.get(one.items[0], ()) if len(word) >= _SHORTEST_LABEL)
    words = tuple(dict.fromkeys([*own, *one.words]))
    return Spoken(one.items, (), words, one.short, one.vague, one.kind, one.rule, one.sums, one.line)


def _rate(entry: Entry, words: Vocabulary) -> Rate:
    rate = Rate(
        words=_spelled_out(entry.array("words")),
        short=_spelled_out(entry.array("short")),
        item=_key(entry, "item", entry.text("item"), words),
        of=_key(entry, "of", entry.text("of"), words),
    )
    entry.finish()
    return rate


def _keys(entry: Entry, key: str, words: Vocabulary) -> tuple[Key, ...]:
    return tuple(_key(entry, key, name, words) for name in entry.array(key))


def _key(entry: Entry, key: str, name: str, words: Vocabulary) -> Key:
    try:
        meaning = words.meaning(name)
    except UnknownName as error:
        entry.fail(str(error), key)
    if not isinstance(meaning, ItemName):
        entry.fail(f"{name!r} is no item", key)
    return meaning.key


def _key_or_none(entry: Entry, key: str, words: Vocabulary) -> Key | None:
    return _key(entry, key, entry.text(key), words) if key in entry.values else None


def _sections(entry: Entry, key: str) -> tuple[Key, ...]:
    """Return text sections, each written as section.label or report.number."""
    found = []
    for name in entry.array(key):
        section, _, label = name.partition(".")
        found.append((section, label))
    return tuple(found)


def _self_names(entry: Entry) -> dict[str, tuple[str, ...]]:
    """Return how a unit calls itself, and the endings of the names that fit."""
    if "self_names" not in entry.values:
        return {}
    table = entry.table("self_names")
    return {word: table.array(word) for word in table.values}
