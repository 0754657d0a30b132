"""The words of any report in prose: numerals, units, shares, directions.  Those of one form stand in its declaration."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import tomli

_FILE = Path(__file__).with_name("words.toml")

# Letters, digits and signs of full width become plain ones, one for one, so that places in the text stay the same.
# The wide comma stays, since it ends a clause, unless it groups digits that are wide themselves.
_SHIFT, _COMMA = 0xFEE0, 0xFF0C
_PLAIN = {chr(code): chr(code - _SHIFT) for code in range(0xFF01, 0xFF5F) if code != _COMMA}
_PLAIN |= {chr(code): " " for code in (0x3000, 0xA0)}
_WIDE = re.compile(f"[{''.join(map(re.escape, _PLAIN))}]")
_DIGIT = f"[{chr(0xFF10)}-{chr(0xFF19)}]"
_GROUPS = re.compile(f"(?<={_DIGIT}){chr(_COMMA)}(?={_DIGIT}{{3}}(?!{_DIGIT}))")


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """Return the tables of ``words.toml``."""
    return tomli.loads(_FILE.read_text(encoding="utf-8"))


def fold(text: str) -> str:
    """Return *text* with full-width letters, digits and signs made plain, at the same length."""
    return _WIDE.sub(_plain, _GROUPS.sub(",", text))


def _plain(match: re.Match[str]) -> str:
    return _PLAIN[match[0]]
