"""Markdown as the pages in ``docs/`` use it: tables, code, lists of words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from selfeval_xl.form.model import Key
from selfeval_xl.names import defined_name
from selfeval_xl.texts import say

Row = Sequence[str]


def grid(heads: Sequence[str], rows: Iterable[Row]) -> list[str]:
    """Return a table, without the columns that no row fills; *heads* are keys of the catalogue."""
    filled = list(rows)
    kept = [index for index in range(len(heads)) if any(row[index] for row in filled)]
    lines = [[say(f"doc.{heads[index]}") for index in kept], ["---"] * len(kept)]
    lines += [[_in_cell(row[index]) for index in kept] for row in filled]
    return [f"| {' | '.join(line)} |" for line in lines] + [""]


def _in_cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "<br>")


def code(text: str) -> str:
    """Return a text as code; nothing stays nothing."""
    return f"`{text}`" if text else ""


def named(*parts: str) -> str:
    """Return the defined name of an item."""
    return code(defined_name(*parts))


def listed(words: Iterable[str]) -> str:
    """Return words with the sign between them that lists them."""
    return say("word.and").join(words)


def pair(name: str, value: str) -> str:
    """Return a name and what goes with it."""
    return say("doc.pair", name=name, value=value)


def item(key: Key) -> str:
    """Return an item as rules write it."""
    return code(".".join(part for part in key if part))
