"""The names a rule may use, and what each stands for.

An item is written ``table.item``, or alone where it is unique or belongs to the
rule's own table; a table's own name stands for its amounts in a row.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from selfeval_xl.form.model import Field, Key, Keys, Table


class UnknownName(ValueError):
    """A rule uses a name that the form does not have, or that is not unique."""


class ItemName(Struct, frozen=True):
    """A column of a table or a single field."""

    key: Key


class EntityName(Struct, frozen=True):
    """The name column of a table."""

    table: str


class TableName(Struct, frozen=True):
    """A whole table: its input amounts in the row at hand."""

    table: str


class ThisName(Struct, frozen=True):
    """The item at hand, in a rule that goes over items."""


Meaning = ItemName | EntityName | TableName | ThisName


class Vocabulary:
    """Resolves names of rules against a form's tables and fields."""

    def __init__(self, tables: Iterable[Table], fields: Iterable[Field], keys: Keys) -> None:
        self._keys: dict[str, list[Key]] = {}
        self._tables = {table.label: table for table in tables}
        self._this = keys.this
        for table in self._tables.values():
            for column in table.columns:
                self._add(column.key)
        for entry in fields:
            self._add(entry.key)

    def _add(self, key: Key) -> None:
        self._keys.setdefault(key[1], []).append(key)
        self._keys.setdefault(".".join(key), []).append(key)

    def meaning(self, name: str, table: str = "") -> Meaning:
        """Return what *name* stands for in a rule of *table*; raises :class:`UnknownName`."""
        if name == self._this:
            return ThisName()
        found = self._keys.get(name, [])
        own = [key for key in found if key[0] == table]
        if len(own) == 1 or len(found) == 1:
            return ItemName((own or found)[0])
        if found:
            raise UnknownName(f"{name!r} stands in {', '.join(key[0] for key in found)}: write table.item")
        if name in self._tables:
            return TableName(name)
        return self._entity_name(name, table)

    def _entity_name(self, name: str, table: str) -> EntityName:
        first, _, rest = name.rpartition(".")
        owner = self._tables.get(first or table)
        if owner is not None and owner.name_label == rest:
            return EntityName(owner.label)
        raise UnknownName(f"the form has no item {name!r}")
