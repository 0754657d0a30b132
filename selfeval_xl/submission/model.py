"""A report as values, in the order of the form: what ``fill`` takes and ``dump`` gives.

Blank is ``None``; blank is not 0.  Amounts are decimals in the form's unit, or the
text somebody typed where an amount belongs.
"""

from __future__ import annotations

import re
import unicodedata

from msgspec import Struct

from selfeval_xl.cells import Value
from selfeval_xl.form.model import Form, Key

MOST_CHARACTERS = 32_767
"""What one cell of Excel can hold."""

MOST_ROWS = 250
"""How many entities the tables of one workbook can have, the head among them."""

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINES = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")


def clean(text: str) -> str:
    """Return *text* without what no workbook can hold, in composed form."""
    return unicodedata.normalize("NFC", _UNWRITABLE.sub("", text))


def clean_line(text: str | None) -> str | None:
    """Return one line of text without blanks around it; nothing is ``None``."""
    if not text:
        return None
    return clean(" ".join(_LINES.split(text))).strip() or None


def paragraphs(*texts: str) -> tuple[str, ...]:
    """Return the paragraphs of *texts*: line breaks split, blank ones are dropped."""
    lines = (clean(line).strip() for text in texts if text for line in _LINES.split(text))
    return tuple(line for line in lines if line)


class DataRefused(ValueError):
    """A data file's values cannot be placed; *code* and *facts* are for the catalogue."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code, self.facts = code, facts


class Entity(Struct):
    """A row of the tables: an entity's name, its attributes, and its amounts by item."""

    name: str | None = None
    attributes: dict[str, str | None] = {}
    amounts: dict[Key, Value] = {}

    @property
    def is_empty(self) -> bool:
        """Tell whether the row does not exist: neither a name nor anything typed."""
        typed = [*self.attributes.values(), *self.amounts.values()]
        return self.name is None and all(value is None for value in typed)


class Goal(Struct):
    """A quantitative goal: group, class, the goal, and the paragraphs on what was achieved."""

    group: str
    name: str
    goal: str | None
    done: tuple[str, ...]


class Section(Struct):
    """A heading of the report in prose; ``number`` is ``None`` for a heading of the clerk's own."""

    number: str | None
    title: str | None
    body: tuple[str, ...]


class Note(Struct, frozen=True):
    """An explanation: of which rule, for which entity."""

    rule: str | None
    entity: str | None
    text: str | None


class Submission(Struct):
    """A whole report.  ``printed`` holds totals that somebody printed, by item and row (0 = total row)."""

    form: Form
    entity_only: bool = False
    fields: dict[Key, Value] = {}
    entities: list[Entity] = []
    listed: dict[str, list[str | None]] = {}
    printed: dict[tuple[Key, int], Value] = {}
    texts: dict[tuple[str, str, str], tuple[str, ...]] = {}
    goals: dict[Key, list[Goal]] = {}
    lists: dict[str, list[dict[str, str | None]]] = {}
    sections: dict[str, list[Section]] = {}
    notes: list[Note] = []
    unplaced: list[tuple[str | None, str | None]] = []
