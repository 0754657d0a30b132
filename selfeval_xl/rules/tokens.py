"""The words of a rule's text, and the error that shows where a text goes wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple


class RuleSyntaxError(ValueError):
    """A text that is no rule: what is wrong, and the place in the text (0-based)."""

    def __init__(self, message: str, source: str, position: int, length: int = 1) -> None:
        super().__init__(message, source, position, length)
        self.message = message
        self.source = source
        self.position = position
        self.length = max(length, 1)

    def __str__(self) -> str:
        start = self.source.rfind("\n", 0, self.position) + 1
        line = self.source[start:].split("\n", 1)[0].replace("\t", " ")
        place = self.position - start
        marked = line[place : place + self.length]
        indent, carets = " " * _width(line[:place]), "^" * max(_width(marked), 1)
        return f"{self.message}\n  {line}\n  {indent}{carets}"


def _width(shown: str) -> int:
    """Return how many columns of a terminal a text takes; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in shown)


class Kind(Enum):
    """What a word is."""

    NUMBER = auto()
    TEXT = auto()
    NAME = auto()
    OPERATOR = auto()
    MARK = auto()
    END = auto()


class Token(NamedTuple):
    """A word as written, and where it begins."""

    kind: Kind
    text: str
    position: int


# Full-width forms are letters and digits to Unicode; in a rule they are slips of the input method.
_PLAIN = r"[^\W\d\uff01-\uff5e][^\W\uff01-\uff5e]*"
_QUOTED = r"'(?:[^']|'')+'(?!')"
_PART = rf"(?:{_PLAIN}|{_QUOTED})"
_WORD = re.compile(
    rf"""(?P<SPACE>\s+)
    | (?P<NUMBER>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?![\w.]))
    | (?P<TEXT>"(?:[^"]|"")*")
    | (?P<NAME>{_PART}(?:\.{_PART})*)
    | (?P<OPERATOR><>|<=|>=|[-=<>&+*/])
    | (?P<MARK>[(),])""",
    re.VERBOSE,
)
_PART_WORD = re.compile(_PART)
_PLAIN_WORD = re.compile(_PLAIN)
_INSTEAD = {"\u00d7": "*", "\u00f7": "/", "\u2264": "<=", "\u2265": ">=", "\u2260": "<>", "\u2212": "-"}
_INSTEAD |= dict.fromkeys("\u201c\u201d", '"') | dict.fromkeys("\u2018\u2019", "'") | {"\u3001": ","}
_MOST_DIGITS = 15
LITERALS = frozenset({"TRUE", "FALSE"})


def tokens(source: str) -> Iterator[Token]:
    """Yield the words of *source* and an end; raises ``RuleSyntaxError`` at the first odd one."""
    position = 0
    while position < len(source):
        word = _WORD.match(source, position)
        if word is None:
            raise _odd(source, position)
        if word.lastgroup == "NUMBER" and len(word[0].replace(".", "").strip("0")) > _MOST_DIGITS:
            raise RuleSyntaxError("Excel keeps 15 digits of a number", source, position, len(word[0]))
        if word.lastgroup is not None and word.lastgroup != "SPACE":
            yield Token(Kind[word.lastgroup], word[0], position)
        position = word.end()
    yield Token(Kind.END, "", position)


def _odd(source: str, position: int) -> RuleSyntaxError:
    """Return the error for a character that begins no word."""
    character, rest = source[position], source[position:]
    if character in "\"'":
        message = (
            "this text has no closing quote"
            if character == '"'
            else "this name is empty or has no closing quote"
        )
        return RuleSyntaxError(message, source, position, len(rest))
    number = re.match(r"[0-9.][\w.]*", rest)
    if number is not None:
        message = "neither a number nor a name; a name that begins with a digit needs single quotes"
        return RuleSyntaxError(message, source, position, len(number[0]))
    instead = _INSTEAD.get(character) or unicodedata.normalize("NFKC", character)
    if instead != character and instead.isascii():
        message = (
            f"full-width or typographic {character!r}: write {instead!r}, or put the name in single quotes"
        )
        return RuleSyntaxError(message, source, position)
    message = f"{character!r} has no meaning in a rule; a name that holds it needs single quotes"
    return RuleSyntaxError(message, source, position)


def unquoted(name: str) -> str:
    """Return a name as written, without its single quotes."""
    parts = _PART_WORD.findall(name)
    return ".".join(part[1:-1].replace("''", "'") if part[0] == "'" else part for part in parts)


def quoted(name: str) -> str:
    """Return a name as a rule must write it: the inverse of ``unquoted``."""
    parts = name.split(".")
    if not all(parts):
        return _in_quotes(name)
    return ".".join(part if _is_plain(part) else _in_quotes(part) for part in parts)


def _is_plain(part: str) -> bool:
    return _PLAIN_WORD.fullmatch(part) is not None and part.upper() not in LITERALS


def _in_quotes(part: str) -> str:
    return "'" + part.replace("'", "''") + "'"
