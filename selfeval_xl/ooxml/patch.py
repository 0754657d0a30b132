"""Changes cells of somebody's workbook and nothing else in it: looks, comments, other sheets stay to the byte.

Only the bytes of the changed cells' rows are written anew; the outcome is read back before it is given out.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from io import BytesIO
from xml.sax.saxutils import escape

from selfeval_xl.cells import Value, column_letters, parse_ref, ref
from selfeval_xl.ooxml.book import Place
from selfeval_xl.ooxml.package import open_package
from selfeval_xl.ooxml.read import declared_sheets, main_part, read_book

Cells = Mapping[Place, Value]

_NAME = rb"(?:[\w.-]+:)?"
_DATA = re.compile(
    rb"<(" + _NAME + rb")sheetData\b[^>]*?(?:/>|>(.*?)</" + _NAME + rb"sheetData\s*>)", re.DOTALL
)
_ROW = re.compile(rb"<" + _NAME + rb"row\b([^>]*?)(?:/>|>(.*?)</" + _NAME + rb"row\s*>)", re.DOTALL)
_CELL = re.compile(rb"<" + _NAME + rb"c\b([^>]*?)(?:/>|>(.*?)</" + _NAME + rb"c\s*>)", re.DOTALL)
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([^"']*)["']""")
_STYLE = re.compile(rb"""\bs\s*=\s*["'](\d+)["']""")
_SPANS = re.compile(rb"""\s+spans\s*=\s*["'][^"']*["']""")
_DIMENSION = re.compile(
    rb"""(<""" + _NAME + rb"""dimension\b[^>]*?\bref\s*=\s*["'])([A-Z]+\d+)(?::([A-Z]+\d+))?"""
)
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class CellCalculated(ValueError):
    """A cell to be changed holds a formula, which is left alone; ``place`` says which."""

    def __init__(self, place: Place) -> None:
        super().__init__(ref(*place))
        self.place = place


def with_cells(content: bytes, sheet: str, cells: Cells) -> bytes:
    """Return the workbook *content* with *cells* of one sheet changed; a ``None`` makes a cell blank.

    A row below the last one looks like the last one.  Raises ``CellCalculated`` where a cell holds a formula,
    ``WorkbookUnreadable`` where the workbook cannot be read.
    """
    before = read_book(content)
    for place in cells:
        if place in before.sheets[sheet].formulas:
            raise CellCalculated(place)
    package = open_package(content)
    main = main_part(package, package.relations())
    part = next(relation.target for one, relation in declared_sheets(main) if one.name == sheet)
    result = _repacked(content, part, patched_sheet(package.read(part), cells))
    values = before.sheets[sheet].values
    values.update({place: _clean(value) for place, value in cells.items() if value not in (None, "")})
    for place in cells:
        if cells[place] in (None, ""):
            values.pop(place, None)
    if read_book(result).shown() != before.shown():
        raise RuntimeError("a patched workbook reads otherwise than it should")
    return result


def _repacked(content: bytes, part: str, xml: bytes) -> bytes:
    """Return the package with one part exchanged."""
    wanted, stream = part.lstrip("/").lower(), BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            is_wanted = entry.filename.replace("\\", "/").lstrip("/").lower() == wanted
            new.writestr(entry, xml if is_wanted else old.read(entry))
    return stream.getvalue()


def patched_sheet(xml: bytes, cells: Cells) -> bytes:
    """Return the XML of a sheet with *cells* changed."""
    found = _DATA.search(xml)
    if found is None:
        raise ValueError("a sheet without rows")
    rows = _rows(found[2] or b"")
    prefix, last = found[1], max(rows, default=0)
    wanted: dict[int, dict[int, Value]] = {}
    for (row, column), value in cells.items():
        wanted.setdefault(row, {})[column] = value
    model = rows.get(last)
    for number, changes in wanted.items():
        own = rows.get(number)
        rows[number] = _row(number, own, model, changes, prefix)
    body = b"".join(rows[number] for number in sorted(rows))
    data = b"<%ssheetData>%s</%ssheetData>" % (prefix, body, prefix)
    return _measured(xml[: found.start()], cells) + data + xml[found.end() :]


def _rows(data: bytes) -> dict[int, bytes]:
    rows: dict[int, bytes] = {}
    number = 0
    for found in _ROW.finditer(data):
        stated = _REFERENCE.search(found[1])
        number = int(stated[1]) if stated else number + 1
        rows[number] = found[0]
    return rows


def _row(
    number: int, own: bytes | None, model: bytes | None, wanted: Mapping[int, Value], prefix: bytes
) -> bytes:
    """Return a row with the *wanted* cells; one that was not there looks like the *model*."""
    cells = _cells(own)
    models = _cells(model) if own is None else cells
    looks = {column: style[1] for column, cell in models.items() if (style := _STYLE.search(_opening(cell)))}
    for column in {*wanted, *looks} if own is None else wanted:
        cells[column] = _cell(prefix, ref(number, column), looks.get(column), wanted.get(column))
    found = None if own is None else _ROW.fullmatch(own)
    attributes = b' r="%d"' % number if found is None else _SPANS.sub(b"", found[1])
    body = b"".join(cells[column] for column in sorted(cells))
    return b"<%srow%s>%s</%srow>" % (prefix, attributes, body, prefix)


def _opening(cell: bytes) -> bytes:
    found = _CELL.fullmatch(cell)
    return found[1] if found else b""


def _cells(row: bytes | None) -> dict[int, bytes]:
    cells: dict[int, bytes] = {}
    inside = None if row is None else _ROW.fullmatch(row)
    column = 0
    for found in _CELL.finditer(b"" if inside is None else inside[2] or b""):
        stated = _REFERENCE.search(found[1])
        column = parse_ref(stated[1].decode("ascii"))[1] if stated else column + 1
        cells[column] = found[0]
    return cells


def _cell(prefix: bytes, reference: str, look: bytes | None, value: Value) -> bytes:
    style = b"" if look is None else b' s="%s"' % look
    start = b'<%sc r="%s"%s' % (prefix, reference.encode(), style)
    if value is None or value == "":
        return start + b"/>"
    if isinstance(value, Decimal):
        return start + b"><%sv>%s</%sv></%sc>" % (prefix, format(value, "f").encode(), prefix, prefix)
    text = escape(str(_clean(value))).encode()
    return start + b' t="inlineStr"><%sis><%st xml:space="preserve">%s</%st></%sis></%sc>' % (
        prefix, prefix, text, prefix, prefix, prefix,
    )  # fmt: skip


def _clean(value: Value) -> Value:
    """Return a text without the characters that XML cannot hold."""
    return _UNWRITABLE.sub("", value) if isinstance(value, str) else value


def _measured(head: bytes, cells: Cells) -> bytes:
    """Return what stands before the rows, with the used range extended to *cells*."""
    found = _DIMENSION.search(head)
    if found is None or not cells:
        return head
    corners = [parse_ref((found[at] or found[2]).decode()) for at in (2, 3)] + list(cells)
    first = min(row for row, _ in corners), min(column for _, column in corners)
    last = max(row for row, _ in corners), max(column for _, column in corners)
    extent = f"{column_letters(first[1])}{first[0]}:{column_letters(last[1])}{last[0]}"
    return head[: found.start()] + found[1] + extent.encode() + head[found.end() :]
