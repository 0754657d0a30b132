"""One sheet's XML to its cells, in one pass, and what stands beside them."""

from __future__ import annotations

from functools import lru_cache
from xml.etree import ElementTree

from msgspec import Struct

from selfeval_xl.cells import MAX_COLUMN
from selfeval_xl.ooxml.book import Sheet
from selfeval_xl.ooxml.errors import WorkbookUnreadable
from selfeval_xl.ooxml.grid import Grid, Workspace, whole
from selfeval_xl.ooxml.markup import MAIN_NAMESPACES, is_true, namespace, parse
from selfeval_xl.ooxml.quick import read_plainly
from selfeval_xl.ooxml.strings import rich_text


class _Frame(Struct, frozen=True):
    """What stands around the cells of a sheet."""

    protected: bool
    lock: str
    merges: frozenset[str]
    hidden_columns: frozenset[int]
    has_cells: bool


def read_sheet(data: bytes, part: str, sheet: Sheet, workspace: Workspace) -> None:
    """Fill *sheet* from its part; raises ``WorkbookUnreadable`` where the part makes no sense."""
    found = read_plainly(data, workspace)
    if found is not None:
        grid, around = found
        frame = _frame(around, part)
        if frame.has_cells:
            _fill(sheet, grid, frame)
            return
    root = _root(data, part)
    try:
        grid = _read_cells(root, namespace(root), workspace)
    except (ValueError, LookupError, ArithmeticError) as fault:
        raise WorkbookUnreadable("damaged", f"part {part}: {fault!r}") from fault
    _fill(sheet, grid, _frame_of(root, part))


def _root(data: bytes, part: str) -> ElementTree.Element:
    root = parse(data, part)
    tag = namespace(root)
    if tag not in MAIN_NAMESPACES or root.tag != f"{tag}worksheet":
        raise WorkbookUnreadable("damaged", f"part {part} is no worksheet but {root.tag}")
    return root


def _fill(sheet: Sheet, grid: Grid, frame: _Frame) -> None:
    sheet.values, sheet.formulas = grid.values, grid.formulas
    sheet.hidden_rows = frozenset(grid.hidden_rows)
    sheet.protected, sheet.merges = frame.protected, frame.merges
    sheet.hidden_columns, sheet.lock = frame.hidden_columns, frame.lock


@lru_cache(maxsize=128)
def _frame(data: bytes, part: str) -> _Frame:
    """Return what stands around the cells; the same in most workbooks of a form."""
    return _frame_of(_root(data, part), part)


def _frame_of(root: ElementTree.Element, part: str) -> _Frame:
    tag = namespace(root)
    lock = root.find(f"{tag}sheetProtection")
    try:
        hidden_columns = _hidden_columns(root, tag)
    except ValueError as fault:
        raise WorkbookUnreadable("damaged", f"part {part}: {fault!r}") from fault
    return _Frame(
        protected=lock is not None and is_true(lock.get("sheet")),
        lock="" if lock is None else lock.get("saltValue", ""),
        merges=frozenset(item.get("ref", "") for item in root.iterfind(f"{tag}mergeCells/{tag}mergeCell")),
        hidden_columns=hidden_columns,
        has_cells=root.find(f"{tag}sheetData") is not None,
    )


def _read_cells(root: ElementTree.Element, tag: str, workspace: Workspace) -> Grid:
    """Read all cells.  One loop and few calls: most of the time of reading a workbook passes here."""
    grid = Grid(workspace)
    c, v, f, rich = f"{tag}c", f"{tag}v", f"{tag}f", f"{tag}is"
    for row in root.iterfind(f"{tag}sheetData/{tag}row"):
        grid.open_row(row.get("r"), hidden=is_true(row.get("hidden")))
        for cell in row:
            if cell.tag != c:
                continue
            place = grid.place(cell.get("r"))
            formula = text = None
            for child in cell:
                if child.tag == v:
                    text = child.text or ""
                elif child.tag == f:
                    formula = grid.formula(place, child.attrib, child.text)
                elif child.tag == rich:
                    text = rich_text(child, tag)
            if text is not None or formula is not None:
                grid.put(place, cell.get("t", ""), formula, text)
    grid.finish()
    return grid


def _hidden_columns(root: ElementTree.Element, tag: str) -> frozenset[int]:
    hidden: set[int] = set()
    for columns in root.iterfind(f"{tag}cols/{tag}col"):
        if is_true(columns.get("hidden")):
            first, last = whole(columns.get("min", "")), whole(columns.get("max", ""))
            hidden.update(range(first, min(last, MAX_COLUMN) + 1))
    return frozenset(hidden)
