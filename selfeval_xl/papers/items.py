"""A form's items by the names that other papers give them, and what a computed item is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from selfeval_xl.form.model import Column, Form, Key
from selfeval_xl.form.vocabulary import ItemName, Vocabulary
from selfeval_xl.names import match_key
from selfeval_xl.rules.tree import names

_SIGNS = re.compile(r"[\W_]+")


def item_key(text: str) -> str:
    """Return the key under which two names of an item are the same: signs and blanks count for nothing."""
    return _SIGNS.sub("", match_key(text))


@lru_cache(maxsize=32)
def items_by_name(form: Form) -> dict[str, Key]:
    """Return the form's items by label and synonym, alone and behind their table's; what is not unique is left out.

    A label goes before another item's synonym.
    """
    labels: dict[str, set[Key]] = {}
    synonyms: dict[str, set[Key]] = {}
    for column in form.columns.values():
        for name in _with_table(column, column.label):
            labels.setdefault(name, set()).add(column.key)
        for synonym in column.synonyms:
            for name in _with_table(column, synonym):
                synonyms.setdefault(name, set()).add(column.key)
    return {name: next(iter(keys)) for name, keys in {**synonyms, **labels}.items() if len(keys) == 1}


def _with_table(column: Column, name: str) -> Iterator[str]:
    yield item_key(name)
    yield item_key(column.table + name)


@lru_cache(maxsize=1024)
def components(form: Form, key: Key) -> tuple[Key, ...]:
    """Return the items that a computed item is added up from, directly or not; none for an input item."""
    tree = form.columns[key].computed
    if tree is None:
        return ()
    words = Vocabulary(form.tables.values(), (), form.keys)
    found: dict[Key, None] = {}
    for name in names(tree):
        meaning = words.meaning(name.text, key[0])
        if isinstance(meaning, ItemName):
            found[meaning.key] = None
            found.update(dict.fromkeys(components(form, meaning.key)))
    return tuple(found)


@lru_cache(maxsize=1024)
def leaves(form: Form, key: Key) -> tuple[Key, ...]:
    """Return the input items that an item is added up from; an input item is its own."""
    below = components(form, key)
    return tuple(one for one in below if form.columns[one].computed is None) if below else (key,)
