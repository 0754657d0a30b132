"""What was done to a workbook that can no longer be read by its plan, in words that a clerk can act on."""

from __future__ import annotations

from selfeval_xl.blueprint.model import Blueprint
from selfeval_xl.cells import Area, parse_ref
from selfeval_xl.ooxml.book import Book
from selfeval_xl.submission.alignment import landmarks
from selfeval_xl.texts import say

LIKE = 0.4
"""How many of a sheet's labels another must show to look like it, by weight."""


def looks_like(book: Book, blueprint: Blueprint, name: str) -> str | None:
    """Return the sheet under another name that shows most of what is printed on the sheet *name*."""
    marks = landmarks(blueprint, name)
    shares = {
        there: marks.share(sheet) for there, sheet in book.sheets.items() if there not in blueprint.sheets
    }
    best = max(shares, key=shares.__getitem__, default=None)
    return best if best is not None and shares[best] >= LIKE else None


def what_moved(name: str, wanted: Area, found: str) -> str:
    """Return what became of the rows and columns under a defined name, whose text now is *found*."""
    area = _area(found)
    if area is None:
        return say("moved.gone" if "#REF!" in found else "moved.elsewhere", name=name)
    for more, less, by in (
        ("right", "left", area.left - wanted.left),
        ("rows_added", "rows_lost", area.height - wanted.height),
        ("down", "up", area.top - wanted.top),
    ):
        if by:
            return say(f"moved.{more if by > 0 else less}", count=abs(by))
    return say("moved.elsewhere", name=name)


def _area(text: str) -> Area | None:
    sheet, _, cells = text.replace("$", "").replace("'", "").removeprefix("=").rpartition("!")
    first, _, last = cells.partition(":")
    try:
        return Area(sheet, *parse_ref(first), *parse_ref(last or first))
    except ValueError:
        return None
