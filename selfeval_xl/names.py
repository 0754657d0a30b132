"""Defined names: which characters one may hold, and keys under which names compare equal."""

from __future__ import annotations

import re
import unicodedata

_ILLEGAL = re.compile(r"[^\w.\\?]")
_LIKE_A_CELL = re.compile(r"(?i)^(?:[a-z]{1,3}\d+|r\d*c\d*|r|c)$")
_BRACKETS = str.maketrans("", "", "()[]【】〔〕〈〉《》")


def defined_name(*parts: str) -> str:
    """Join *parts* with ``_`` into a name that Excel accepts.

    Characters that no name may hold are left out.  Raises ``ValueError`` where
    nothing is left, or where Excel would read the result as a cell.
    """
    name = "_".join(_ILLEGAL.sub("", part) for part in parts)
    if not name or name[0].isdigit() or name[0] in ".?" or _LIKE_A_CELL.match(name) or len(name) > 255:
        raise ValueError(f"Excel accepts no defined name {name!r}")
    return name


def match_key(name: str) -> str:
    """Return the key under which two names of an entity are the same.

    NFKC, without white space and without brackets, so that a bracket's width or
    a stray space does not make another entity.
    """
    folded = unicodedata.normalize("NFKC", name)
    return "".join(folded.split()).translate(_BRACKETS).casefold()
