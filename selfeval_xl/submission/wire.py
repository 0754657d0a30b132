"""The JSON of a data file, read strictly: what has another type than is wanted, or an unknown key, is refused.

Knows no form.  A value is told by where it stands.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NoReturn

from msgspec import Struct

from selfeval_xl.amounts import plain
from selfeval_xl.cells import Value
from selfeval_xl.submission.model import MOST_CHARACTERS, DataRefused, clean_line, paragraphs
from selfeval_xl.texts import say

LARGEST = Decimal(10) ** 13
LEAST_DIGIT = -15


def load_json(content: bytes) -> Any:
    """Return what stands in a data file, numbers as decimals; raises :class:`DataRefused` for what is no JSON."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataRefused("not_text") from None
    try:
        return json.loads(
            text,
            parse_float=Decimal,
            parse_int=Decimal,
            parse_constant=_no_constant,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        if not text.strip():
            raise DataRefused("empty") from None
        raise DataRefused("not_json", line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise DataRefused("not_json", line=1, column=1) from None


def _no_constant(name: str) -> NoReturn:
    raise DataRefused("not_finite", found=name)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise DataRefused("duplicate_key", key=key)
        found[key] = value
    return found


class Where(Struct, frozen=True):
    """Where in the data a value stands, for messages."""

    parts: tuple[str, ...] = ()

    def __truediv__(self, part: str | int) -> Where:
        shown = f"[{part + 1}]" if isinstance(part, int) else part
        return Where((*self.parts, shown))

    def __str__(self) -> str:
        return ".".join(self.parts).replace(".[", "[") or say("json.root")


_KINDS: dict[type, str] = {dict: "object", list: "array", str: "string", bool: "boolean", Decimal: "number"}


def refuse_type(path: Where, value: Any, wanted: str) -> NoReturn:
    """Refuse a value of another JSON type than *wanted*, a word of the catalogue."""
    found = say(f"json.{_KINDS.get(type(value), 'null')}")
    raise DataRefused("wrong_type", path=path, wanted=say(f"json.{wanted}"), found=found)


def as_mapping(value: Any, path: Where) -> dict[str, Any]:
    """Return an object; ``null`` is an empty one."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        refuse_type(path, value, "object")
    return value


def as_rows(value: Any, path: Where) -> list[Any]:
    """Return a list; ``null`` is an empty one."""
    if value is None:
        return []
    if not isinstance(value, list):
        refuse_type(path, value, "array")
    return value


def as_line(value: Any, path: Where) -> str | None:
    """Return a text of one line, or ``None`` where it is blank."""
    if value is None:
        return None
    if not isinstance(value, str):
        refuse_type(path, value, "string")
    line = clean_line(value)
    # Excel counts as UTF-16 does: an emoji is two.
    if line is not None and len(line.encode("utf-16-le")) // 2 > MOST_CHARACTERS:
        raise DataRefused("too_long", path=path, most=MOST_CHARACTERS)
    return line


def as_paragraphs(value: Any, path: Where) -> tuple[str, ...]:
    """Return the paragraphs of a list of texts, or of one text."""
    if value is None:
        return ()
    if isinstance(value, str):
        return paragraphs(value)
    if not isinstance(value, list):
        refuse_type(path, value, "text_or_list")
    for index, one in enumerate(value):
        if one is not None and not isinstance(one, str):
            refuse_type(path / index, one, "string")
    return paragraphs(*(one for one in value if one is not None))


def as_number(value: Any, path: Where) -> Value:
    """Return an amount, a text that stands where an amount belongs, or ``None``."""
    if isinstance(value, Decimal):
        # Compared without arithmetic: an exponent may be larger than arithmetic allows.
        if value.copy_abs() >= LARGEST or (value and value.adjusted() < LEAST_DIGIT):
            raise DataRefused("bad_number", path=path, found=str(value))
        return plain(value)
    if value is None or isinstance(value, str):
        return as_line(value, path)
    refuse_type(path, value, "amount")


def refuse_unknown(values: dict[str, Any], known: Iterable[str], path: Where) -> None:
    """Refuse a key that is none of the *known* ones."""
    allowed = list(known)
    for key in values:
        if key not in allowed:
            raise DataRefused("unknown_key", path=path, key=key, known=say("word.and").join(allowed))


def renamed(values: dict[str, Any], synonyms: dict[str, str]) -> dict[str, Any]:
    """Return *values* with synonyms replaced by the form's own labels."""
    renamed: dict[str, Any] = {}
    for key, value in values.items():
        label = synonyms.get(key, key)
        if label in renamed:
            raise DataRefused("duplicate_key", key=key)
        renamed[label] = value
    return renamed


def as_records(value: Any, path: Where, labels: tuple[str, ...]) -> list[dict[str, str | None]]:
    """Return the records of a list; those with nothing in them are dropped."""
    records = []
    for index, row in enumerate(as_rows(value, path)):
        here = path / index
        values = as_mapping(row, here)
        refuse_unknown(values, labels, here)
        record = {label: as_line(values.get(label), here / label) for label in labels}
        if any(one is not None for one in record.values()):
            records.append(record)
    return records
