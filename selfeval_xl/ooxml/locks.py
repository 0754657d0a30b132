"""Which cells of a workbook are not locked.

Asked for only where somebody may have changed it: it takes a second look at every sheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from selfeval_xl.cells import parse_ref
from selfeval_xl.ooxml.book import Place
from selfeval_xl.ooxml.markup import namespace, parse
from selfeval_xl.ooxml.package import Package, open_package
from selfeval_xl.ooxml.read import Main, declared_sheets, main_part


def unlocked_cells(source: Path | bytes) -> dict[str, frozenset[Place]]:
    """Return the places of every sheet whose cells are written down as not locked.

    Raises ``WorkbookUnreadable`` for what is no workbook.
    """
    package = open_package(source)
    main = main_part(package, package.relations())
    styles = _unlocked_styles(package, main)
    return {
        sheet.name: frozenset(_places(package, relation.target, styles))
        for sheet, relation in declared_sheets(main)
        if relation.kind == "worksheet"
    }


def _unlocked_styles(package: Package, main: Main) -> frozenset[int]:
    """Return the numbers of the cell formats that leave a cell open."""
    part = next((one.target for one in main.relations.values() if one.kind == "styles"), None)
    if part is None:
        return frozenset()
    root = parse(package.read(part), part)
    tag = namespace(root)
    formats = root.findall(f"{tag}cellXfs/{tag}xf")
    locks = [one.find(f"{tag}protection") for one in formats]
    return frozenset(
        number
        for number, lock in enumerate(locks)
        if lock is not None and lock.get("locked") in ("0", "false")
    )


def _places(package: Package, part: str, unlocked: frozenset[int]) -> Iterator[Place]:
    root = parse(package.read(part), part)
    tag = namespace(root)
    for cell in root.iterfind(f"{tag}sheetData/{tag}row/{tag}c"):
        reference, style = cell.get("r"), cell.get("s", "0")
        if reference is not None and style.isdecimal() and int(style) in unlocked:
            yield parse_ref(reference)
