"""Long lines broken for a terminal, what goes on set in below what it belongs to."""

from __future__ import annotations

import re
from unicodedata import east_asian_width

LEAST = 40
"""Narrower than this no line is broken: the terminal does it better."""
_HANGING = 4
_PIECE = re.compile(r"\x1b\[[0-9;]*m|[!-~]+|.")
_NEVER_FIRST = frozenset(map(chr, (0xFF0C, 0x3002, 0xFF1B, 0xFF1A, 0x3001, 0xFF09, 0x201D, 0x2026, 0x21)))
"""Punctuation that closes, and the mark between a sheet and its cell."""
_NEVER_LAST = frozenset(map(chr, (0xFF08, 0x3014, 0x201C)))
"""Punctuation that opens."""


def fold(line: str, width: int) -> str:
    """Return *line* in lines of at most *width* columns, words of Latin letters and numbers kept whole.

    A Chinese character takes two columns; colours take none.
    """
    if width < LEAST or _columns(line) <= width:
        return line
    inset = " " * (len(line) - len(line.lstrip(" ")) + _HANGING)
    lines, used = [""], 0
    for piece in _pieces(line):
        if used + _columns(piece) > width and used > len(inset):
            lines.append(inset)
            used = len(inset)
        begun = piece.lstrip(" ") if lines[-1] == inset else piece
        lines[-1] += begun
        used += _columns(begun)
    return "\n".join(lines)


def _pieces(line: str) -> list[str]:
    """Return what must not be torn apart: what never begins a line stays with what stands before it."""
    found: list[str] = []
    for piece in _PIECE.findall(line):
        if found and (piece[0] in _NEVER_FIRST or found[-1][-1] in _NEVER_LAST):
            found[-1] += piece
        else:
            found.append(piece)
    return found


def _columns(text: str) -> int:
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    # What is ambiguous is as wide as a Chinese character on a Chinese system.
    return sum(2 if east_asian_width(one) in "WFA" else 1 for one in plain)
