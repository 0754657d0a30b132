"""Cells of a sheet that is written plainly, read without a tree.

Workbooks of one form are alike: most of their cells are the same bytes in every file.  The
cells are split apart, and what a cell says is worked out once for each sequence of bytes.  A
sheet that holds anything out of the ordinary is left to the tree, so that reading this way
changes nothing but the time it takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, TypeVar

from selfeval_xl.cells import MAX_ROW, Value
from selfeval_xl.ooxml.book import Place
from selfeval_xl.ooxml.errors import WorkbookUnreadable
from selfeval_xl.ooxml.grid import READERS, Grid, Workspace, cell_place, formula_text, stored
from selfeval_xl.ooxml.markup import MAIN_NAMESPACES, is_utf8, parse
from selfeval_xl.ooxml.numbers import number
from selfeval_xl.ooxml.strings import decode, rich_text

EMPTY = b"<sheetData/>"
MOST_KNOWN, MOST_ROWS = 20_000, 4_000
"""Cells and rows remembered; after that many the memory starts anew."""

LONGEST_COUNT = len(b"2026</v></c>")

_BEGIN, _END = b"<sheetData>", b"</sheetData>"

# Text that stands for itself: no markup, nothing that XML would change or refuse.
_TEXT = rb"[^<>\x00-\x08\x0b-\x1f]*"
_NAMED = rb' (?!hidden|r=)(?:x14ac:)?[a-zA-Z]+="[^"<>&\x00-\x1f]*"'
_ROW = re.compile(rb'r="([1-9][0-9]{0,6})"(?:' + _NAMED + rb")*(>|/>|></row>)")
# A cell is its head, and where it has a value, that value behind <v>.
_HEAD = re.compile(
    rb'r="([A-Z]{1,3}[1-9][0-9]{0,6})"(?: s="[0-9]+")?(?: t="([a-zA-Z]+)")?(?: cm="[0-9]+")?'
    rb"(?:(/>)|>(?:<f((?:" + _NAMED + rb")*)(?:/>|>(" + _TEXT + rb")</f>))?(</c>|<v/></c>)?)"
)
_VALUE = re.compile(rb"(" + _TEXT + rb")</v></c>")
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


class Head(NamedTuple):
    """What a cell says before its value.

    ``shared`` are the attributes of a formula that leans on another cell's, so that it means
    something else in the next workbook.  ``value`` is the text of a value that is empty, or ``None``.
    """

    place: Place
    kind: str
    formula: str | None
    shared: dict[str, str] | None
    value: str | None
    is_whole: bool


class Cell(NamedTuple):
    """What the bytes of a cell say.

    ``string`` is the number of a shared string, whose text differs by workbook; ``shared`` as in :class:`Head`.
    """

    place: Place
    value: Value
    formula: str | None
    string: str | None
    shared: dict[str, str] | None


class Row(NamedTuple):
    """What the bytes of a row say: values and formulas, and what needs the rest of the workbook."""

    number: int
    values: dict[Place, Value]
    formulas: dict[Place, str]
    strings: list[tuple[Place, str]]
    shared: list[Cell]


_rows: dict[bytes, Row] = {}
_cells: dict[bytes, Cell] = {}
_heads: dict[bytes, Head] = {}
_numbers: dict[bytes, Decimal] = {}
_known_strings: dict[bytes, str] = {}

Piece = TypeVar("Piece")


def _remember(memory: dict[bytes, Piece], data: bytes, found: Piece, most: int = MOST_KNOWN) -> Piece:
    """Keep what bytes say; a full memory starts anew."""
    if len(memory) >= most:
        memory.clear()
    memory[data] = found
    return found


def read_plainly(data: bytes, workspace: Workspace) -> tuple[Grid, bytes] | None:
    """Return the cells of a sheet's part and the part without them, or ``None``."""
    before, *rows = data.split(b"<row ")
    if not rows or not before.endswith(_BEGIN) or not is_utf8(data):
        return None
    # Excel writes this attribute on every row, or on none.
    if b" x14ac:" in rows[0] and b" xmlns:x14ac=" not in before:
        return None
    rows[-1], end, after = rows[-1].partition(_END)
    grid = Grid(workspace)
    try:
        _put_rows(rows, grid, workspace)
    except (NotPlain, ValueError, LookupError, ArithmeticError):
        return None
    return (grid, before.removesuffix(_BEGIN) + EMPTY + after) if end else None


def _put_rows(rows: Iterable[bytes], grid: Grid, workspace: Workspace) -> None:
    values, formulas, strings, find = grid.values, grid.formulas, workspace.strings, _rows.get
    last = 0
    for data in rows:
        row = find(data) or _row(data)
        if row.number <= last:
            raise NotPlain
        last = row.number
        values.update(row.values)
        formulas.update(row.formulas)
        for place, string in row.strings:
            if text := strings[string]:
                values[place] = text
        for cell in row.shared:
            formula = grid.formula(cell.place, cell.shared or {}, cell.formula)
            if formula is not None:
                formulas[cell.place] = formula
            if cell.value is not None and (formula is not None or cell.value != ""):
                values[cell.place] = cell.value


def _row(data: bytes) -> Row:
    """Return what a row says; one that holds nothing new is remembered."""
    start, *pieces = data.split(b"<c ")
    match = _ROW.fullmatch(start)
    if match is None or (match[2] == b">") is not bool(pieces):
        raise NotPlain
    if pieces:
        if not pieces[-1].endswith(b"</row>"):
            raise NotPlain
        pieces[-1] = pieces[-1].removesuffix(b"</row>")
    row_number = int(match[1])
    if row_number > MAX_ROW:
        raise NotPlain
    return _filled(data, pieces, row_number)


def _filled(data: bytes, pieces: Sequence[bytes], row_number: int) -> Row:
    """Return what the cells of a row say together."""
    row = Row(row_number, {}, {}, [], [])
    _, values, formulas, strings, shared = row
    is_known, last = True, 0
    for piece in pieces:
        cell = _cells.get(piece)
        if cell is None:
            cell, is_known = _cell(piece), False
        place, value, formula, string, attributes = cell
        if place[0] != row_number or place[1] <= last:
            raise NotPlain
        last = place[1]
        if attributes is not None:
            shared.append(cell)
        elif string is not None:
            strings.append((place, string))
        else:
            if value is not None:
                values[place] = value
            if formula is not None:
                formulas[place] = formula
    return _remember(_rows, data, row, MOST_ROWS) if is_known else row


def _cell(piece: bytes) -> Cell:
    """Return what a cell says, and remember it where it may recur in other workbooks."""
    before, mark, after = piece.partition(b"<v>")
    head = _heads.get(before) or _remember(_heads, before, _head(before))
    if head.is_whole is bool(mark):
        raise NotPlain
    if not mark:
        return _remember(_cells, piece, _understood(head, head.value))
    if head.kind or head.shared is not None or after.startswith(b"<"):
        return _remember(_cells, piece, _understood(head, _value(after)))
    value = _numbers.get(after)
    if value is None:
        value = _remember(_numbers, after, number(_value(after)))
    cell = Cell(head.place, value, head.formula, None, None)
    # An amount hardly ever recurs, typed or computed; a year or a count does.
    is_amount = b"." in after or len(after) > LONGEST_COUNT
    return cell if is_amount else _remember(_cells, piece, cell)


def _value(after: bytes) -> str:
    match = _VALUE.fullmatch(after)
    if match is None:
        raise NotPlain
    return _unescaped(match[1])


def _head(before: bytes) -> Head:
    match = _HEAD.fullmatch(before)
    if match is None:
        raise NotPlain
    reference, kind, empty, attributes, formula, end = match.groups()
    return Head(
        cell_place(reference.decode()),
        "" if kind is None else kind.decode(),
        None if formula is None else formula_text(_unescaped(formula)),
        dict(_ATTRIBUTE.findall(attributes.decode())) if attributes else None,
        "" if end == b"<v/></c>" else None,
        is_whole=bool(empty or end),
    )


def _understood(head: Head, text: str | None) -> Cell:
    place, kind, formula, shared = head.place, head.kind, head.formula, head.shared
    if kind == "s" and text and formula is None and shared is None:
        return Cell(place, None, None, text, None)
    value = stored(READERS, kind, text)
    if formula is None and shared is None and isinstance(value, str) and not value:
        value = None
    return Cell(place, value, formula, None, shared)


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
    return dict(zip(_indexes(len(texts)), texts, strict=True))


@lru_cache(maxsize=64)
def _indexes(count: int) -> list[str]:
    return list(map(str, range(count)))


def _string(piece: bytes) -> str:
    """Return a shared string; one with runs or a reading is parsed, by itself."""
    match = _STRING.fullmatch(piece)
    if match is not None:
        text = decode(_unescaped(match[1]))
    else:
        text = rich_text(parse(_ITEM + piece, "a shared string"), MAIN_NAMESPACES[0])
    return _remember(_known_strings, piece, text)
