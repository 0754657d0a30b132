"""Every Chinese sentence of the program, by key.

The texts stand in ``texts.toml`` beside this file; Python code holds none, and the
texts hold no label of any form.
"""

from __future__ import annotations

import string
from functools import lru_cache
from pathlib import Path
from typing import Any

import tomli

_FILE = Path(__file__).with_name("texts.toml")


@lru_cache(maxsize=1)
def catalogue() -> dict[str, str]:
    """Return all texts, nested tables joined with dots: ``finding.total.mismatch``."""
    texts: dict[str, str] = {}

    def collect(prefix: str, table: dict[str, Any]) -> None:
        for key, value in table.items():
            if isinstance(value, dict):
                collect(f"{prefix}{key}.", value)
            else:
                texts[prefix + key] = str(value)

    collect("", tomli.loads(_FILE.read_text(encoding="utf-8")))
    return texts


def say(key: str, /, **facts: object) -> str:
    """Return the text at *key* with its placeholders filled; raises ``KeyError`` for a bug."""
    text = catalogue()[key]
    return text.format(**facts) if facts else text


def placeholders(key: str) -> frozenset[str]:
    """Return the names of the facts that the text at *key* needs."""
    fields = (field for _, field, _, _ in string.Formatter().parse(catalogue()[key]))
    return frozenset(field for field in fields if field)
