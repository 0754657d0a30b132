"""Cells of a sheet that is written plainly, read without a tree.

Workbooks of one form are alike: most of their cells are the same bytes in every file.  The
cells are split apart, and what a cell says is worked out once for each sequence of bytes.  A
sheet that holds anything out of the ordinary is left to the tree, so that reading this way
changes nothing but the time it takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from selfeval_xl.cells import Value
from selfeval_xl.ooxml.book import Place
from selfeval_xl.ooxml.errors import WorkbookUnreadable
from selfeval_xl.ooxml.grid import READERS, Grid, Workspace, cell_place, formula_text, stored
from selfeval_xl.ooxml.markup import MAIN_NAMESPACES, is_utf8, parse
from selfeval_xl.ooxml.strings import decode, rich_text

EMPTY = b"<sheetData/>"
MOST_KNOWN = 20_000
"""Cells remembered; after that many the memory starts anew."""

# Text that stands for itself: no markup, nothing that XML would change or refuse.
_TEXT = rb"[^<>\x00-\x08\x0b-\x1f]*"
_NAMED = rb' (?!hidden|r=)(?:x14ac:)?[a-zA-Z]+="[^"<>&\x00-\x1f]*"'
_ROW = rb'<row r="([1-9][0-9]{0,6})"(?:' + _NAMED + rb")*"
_EMPTY_ROWS = rb'(?:<row r="[1-9][0-9]{0,6}"(?:' + _NAMED + rb")*/>)*"
_FIRST_ROW = re.compile(rb"<sheetData>" + _EMPTY_ROWS + _ROW + rb">\Z")
_LAST_ROW = re.compile(rb"</row>" + _EMPTY_ROWS + rb"</sheetData>")
_CELL = re.compile(
    rb'r="([A-Z]{1,3}[1-9][0-9]{0,6})"(?: s="[0-9]+")?(?: t="([a-zA-Z]+)")?(?: cm="[0-9]+")?'
    rb"(?:/>|>(?:<f((?:" + _NAMED + rb")*)(?:/>|>(" + _TEXT + rb")</f>))?"
    rb"(?:<v>(" + _TEXT + rb")</v>|(<v/>))?</c>)(?:</row>" + _EMPTY_ROWS + _ROW + rb">)?"
)
_ATTRIBUTE = re.compile(' ([^=]+)="([^"]*)"')
_STRING = re.compile(rb'<t(?: xml:space="preserve")?>(' + _TEXT + rb")</t></si>")
_STRINGS_START = re.compile(
    rb'<sst(?: xmlns="http://schemas\.openxmlformats\.org/spreadsheetml/2006/main"| (?:unique)?[cC]ount="[0-9]+")+>\Z'
)
_STRINGS_END = b"</sst>"
_ITEM = b'<si xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
_ENTITY = re.compile("&(amp|lt|gt|quot|apos);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class NotPlain(Exception):
    """The sheet has to be read with a tree."""


class Known(NamedTuple):
    """What the bytes of a cell say; ``next_row`` is the row that begins behind it.

    ``string`` is the number of a shared string, ``shared`` the attributes of a formula that
    leans on another cell's: both mean something else in the next workbook.
    """

    place: Place
    value: Value
    formula: str | None
    string: str | None
    shared: dict[str, str] | None
    next_row: int | None


_known: dict[bytes, Known] = {}
_known_strings: dict[bytes, str] = {}


def read_plainly(data: bytes, workspace: Workspace) -> tuple[Grid, bytes] | None:
    """Return the cells of a sheet's part and the part without them, or ``None``."""
    head, *pieces = data.split(b"<c ")
    first = _FIRST_ROW.search(head)
    last = _LAST_ROW.search(pieces[-1]) if pieces else None
    if first is None or last is None or not is_utf8(data):
        return None
    if b" x14ac:" in data and b" xmlns:x14ac=" not in head:
        return None
    rest, pieces[-1] = pieces[-1][last.end() :], pieces[-1][: last.start()]
    grid = Grid(workspace)
    try:
        _put_all(pieces, int(first[1]), grid, workspace)
        grid.finish()
    except (NotPlain, ValueError, LookupError, ArithmeticError):
        return None
    return grid, head[: first.start()] + EMPTY + rest


def _put_all(pieces: Iterable[bytes], row: int, grid: Grid, workspace: Workspace) -> None:
    """Put every cell; the most used loop of the program."""
    values, formulas, find, strings = grid.values, grid.formulas, _known.get, workspace.strings
    count = 0
    for piece in pieces:
        place, value, formula, string, shared, next_row = find(piece) or _understood(piece)
        if place[0] != row:
            raise NotPlain
        if shared is not None:
            formula = grid.formula(place, shared, formula)
        if string is not None:
            value = strings[string] or None
        if formula is not None:
            formulas[place] = formula
            count += 1
            if value is not None:
                values[place] = value
        elif value is not None:
            values[place] = value
            count += 1
        if next_row is not None:
            row = next_row
    grid.put_count = count


def _understood(piece: bytes) -> Known:
    """Return what a cell says, and remember it where it may recur in other workbooks."""
    match = _CELL.fullmatch(piece)
    if match is None:
        raise NotPlain
    reference, kind, attributes, formula, text, empty, next_row = match.groups()
    known = _known_cell(
        cell_place(reference.decode()),
        "" if kind is None else kind.decode(),
        dict(_ATTRIBUTE.findall(attributes.decode())) if attributes else None,
        None if formula is None else _unescaped(formula),
        _unescaped(text) if text is not None else None if empty is None else "",
        None if next_row is None else int(next_row),
    )
    # A typed number hardly ever recurs.
    if text is None or kind is not None or known.formula is not None:
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[piece] = known
    return known


def _known_cell(
    place: Place,
    kind: str,
    shared: dict[str, str] | None,
    formula: str | None,
    text: str | None,
    next_row: int | None,
) -> Known:
    if kind == "s" and text and formula is None and shared is None:
        return Known(place, None, None, text, None, next_row)
    value = stored(READERS, kind, text)
    written = formula_text(formula) if shared is None else formula
    if written is None and shared is None and isinstance(value, str) and not value:
        value = None
    return Known(place, value, written, None, shared, next_row)


def _unescaped(raw: bytes) -> str:
    text = raw.decode("utf-8")
    if "&" not in text:
        return text
    if len(_ENTITY.findall(text)) != text.count("&"):
        raise NotPlain
    return _ENTITY.sub(lambda match: _ENTITIES[match[1]], text)


def strings_plainly(data: bytes) -> dict[str, str] | None:
    """Return the shared strings of a part by their indexes, or ``None`` where one is not plain."""
    head, *pieces = data.split(b"<si>")
    if not pieces or _STRINGS_START.search(head) is None or not is_utf8(data):
        return None
    if not pieces[-1].endswith(_STRINGS_END):
        return None
    pieces[-1] = pieces[-1].removesuffix(_STRINGS_END)
    find = _known_strings.get
    try:
        texts = [find(piece) or _string(piece) for piece in pieces]
    except (NotPlain, ValueError, WorkbookUnreadable):
        return None
    return dict(zip(map(str, range(len(texts))), texts, strict=True))


def _string(piece: bytes) -> str:
    """Return a shared string; one with runs or a reading is parsed, by itself."""
    match = _STRING.fullmatch(piece)
    if match is not None:
        text = decode(_unescaped(match[1]))
    else:
        text = rich_text(parse(_ITEM + piece, "a shared string"), MAIN_NAMESPACES[0])
    if len(_known_strings) >= MOST_KNOWN:
        _known_strings.clear()
    _known_strings[piece] = text
    return text
