"""The words of any report in prose: numerals, units, shares, directions.  Those of one form stand in its declaration."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("words.toml")

# Letters, digits and signs of full width become plain ones, one for one, so that places in the text stay the same.
# The wide comma stays, since it ends a clause, unless it groups digits that are wide themselves.
_WIDE, _WIDE_COMMA, _SPACES = 0xFEE0, chr(0xFF0C), (0x3000, 0xA0)
_FOLD = {code: code - _WIDE for code in range(0xFF01, 0xFF5F) if code != ord(_WIDE_COMMA)}
_FOLD |= dict.fromkeys(_SPACES, 0x20)
_DIGIT = f"[{chr(0xFF10)}-{chr(0xFF19)}]"
_GROUPS = re.compile(f"(?<={_DIGIT}){_WIDE_COMMA}(?={_DIGIT}{{3}}(?!{_DIGIT}))")


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """Return the tables of ``words.toml``."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def fold(text: str) -> str:
    """Return *text* with full-width letters, digits and signs made plain, at the same length."""
    return _GROUPS.sub(",", text).translate(_FOLD)
