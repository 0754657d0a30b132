"""TOML with line numbers: every complaint about a declaration names its line.

``tomli`` forgets where a value stood.  Declarations are written one key a line,
so a scan of the text beside the parse is enough to find it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import tomli
from msgspec import Struct

Place = tuple[str | int, ...]


class DeclarationError(ValueError):
    """A form's declaration or a bureau's settings are at fault; names file and line.

    ``is_syntax`` tells that it is no TOML.
    """

    def __init__(self, message: str, file: str, line: int, *, is_syntax: bool = False) -> None:
        super().__init__(f"{file}, line {line}: {message}")
        self.message, self.file, self.line, self.is_syntax = message, file, line, is_syntax


_HEADER = re.compile(r"^\s*(\[\[?)\s*([\w.-]+)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([\w-]+)\s*=")


def _scan(text: str) -> dict[Place, int]:
    """Map the place of every table and key to its 1-based line."""
    lines: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    here: Place = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            here = _enter(header[2].split("."), header[1] == "[[", counts)
            lines[here] = number
        elif key := _KEY.match(line):
            lines.setdefault((*here, key[1]), number)
    return lines


def _enter(path: list[str], repeated: bool, counts: dict[Place, int]) -> Place:
    place: Place = ()
    for step in path[:-1]:
        place = (*place, step)
        if place in counts:
            place = (*place, counts[place])
    place = (*place, path[-1])
    if not repeated:
        return place
    counts[place] = counts.get(place, -1) + 1
    for deeper in [known for known in counts if len(known) > len(place) and known[: len(place)] == place]:
        if deeper[len(place)] != counts[place]:
            del counts[deeper]
    return (*place, counts[place])


class Entry(Struct, frozen=True):
    """One table of a declaration, read key by key with its lines."""

    values: dict[str, Any]
    place: Place
    lines: dict[Place, int]
    file: str
    used: set[str]

    def line(self, key: str | None = None) -> int:
        """Return the line of *key*, or of the table itself."""
        places = [self.place] if key is None else [(*self.place, key), (*self.place, key, 0), self.place]
        return next((self.lines[place] for place in places if place in self.lines), 1)

    def fail(self, message: str, key: str | None = None) -> NoReturn:
        """Raise a :class:`DeclarationError` at *key*, or at the table."""
        raise DeclarationError(message, self.file, self.line(key))

    def _take(self, key: str, kind: type, default: Any) -> Any:
        self.used.add(key)
        if key not in self.values:
            if default is ...:
                self.fail(f"{key!r} is missing")
            return default
        value = self.values[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.fail(f"{key!r} must be of type {kind.__name__}", key)
        return value

    def text(self, key: str, default: Any = ...) -> str:
        """Return the text at *key*."""
        return str(self._take(key, str, default))

    def integer(self, key: str, default: Any = ...) -> int:
        """Return the whole number at *key*."""
        return int(self._take(key, int, default))

    def number(self, key: str) -> Decimal:
        """Return the number at *key*, exactly as written."""
        value = self._take(key, object, ...)
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            self.fail(f"{key!r} must be a number", key)
        return Decimal(value)

    def flag(self, key: str, default: bool = False) -> bool:
        """Return the truth value at *key*."""
        return bool(self._take(key, bool, default))

    def value(self, key: str) -> str | int | None:
        """Return the text or whole number at *key*, or ``None``."""
        self.used.add(key)
        found = self.values.get(key)
        if found is not None and not isinstance(found, (str, int)):
            self.fail(f"{key!r} must be a text or a whole number", key)
        return found

    def array(self, key: str, kind: type = str, default: Any = ()) -> tuple[Any, ...]:
        """Return the array at *key*, every member of type *kind*."""
        items = self._take(key, list, default)
        if any(not isinstance(item, kind) for item in items):
            self.fail(f"every member of {key!r} must be of type {kind.__name__}", key)
        return tuple(items)

    def choice(self, key: str, allowed: tuple[str, ...], default: Any = ...) -> str:
        """Return the text at *key*, which must be one of *allowed*."""
        found = self.text(key, default)
        if found not in allowed:
            self.fail(f"{key!r} is {found!r}, not one of {', '.join(allowed)}", key)
        return found

    def table(self, key: str) -> Entry:
        """Return the one table at *key*."""
        return Entry(self._take(key, dict, ...), (*self.place, key), self.lines, self.file, set())

    def tables(self, key: str) -> Iterator[Entry]:
        """Yield the repeated tables at *key*."""
        for index, values in enumerate(self._take(key, list, [])):
            if not isinstance(values, dict):
                self.fail(f"{key!r} must be written as [[{key}]]", key)
            yield Entry(values, (*self.place, key, index), self.lines, self.file, set())

    def finish(self) -> None:
        """Raise where a key stands in the table that nobody asked for."""
        for key in self.values:
            if key not in self.used:
                self.fail(f"unknown key {key!r}", key)


def read_entry(path: Path) -> Entry:
    """Parse a TOML file; raises :class:`DeclarationError` with the line for bad syntax."""
    text = path.read_text(encoding="utf-8")
    try:
        values = tomli.loads(text, parse_float=Decimal)
    except tomli.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else 1
        raise DeclarationError(str(error), path.name, line, is_syntax=True) from None
    return Entry(values, (), _scan(text), path.name, set())
