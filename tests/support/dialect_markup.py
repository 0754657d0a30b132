"""What other programs write around values and formulas: namespaces, rows, columns, styles and targets, step by step."""

from lxml import etree

from tests.support.dialect_parts import (
    BOOK,
    OFFICE,
    Package,
    place_of,
    relations_of,
    renewed,
    source_of,
    target_part,
)
from tests.support.package_parts import MAIN, Element

COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
DESCENT = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"
REVISION = "http://schemas.microsoft.com/office/spreadsheetml/2014/revision"
ETC = "http://www.wps.cn/officeDocument/2017/etCustomData"
EXCEL_SPACES = {
    None: MAIN[1:-1],
    "r": OFFICE,
    "mc": COMPATIBILITY,
    "x14ac": DESCENT,
    "xr": REVISION,
    "xr2": "http://schemas.microsoft.com/office/spreadsheetml/2015/revision2",
    "xr3": "http://schemas.microsoft.com/office/spreadsheetml/2016/revision3",
}
WPS_SPACES = {
    None: MAIN[1:-1],
    "r": OFFICE,
    "xdr": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
    "x14": "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main",
    "mc": COMPATIBILITY,
    "etc": ETC,
}
FIRST_OWN_FORMAT = 164
# Namespaces of the strict format that are not the usual ones cut short.
STRICT = {
    "officeDocument/2006/relationships/custom-properties": "officeDocument/relationships/customProperties",
    "officeDocument/2006/relationships/extended-properties": "officeDocument/relationships/extendedProperties",
    "officeDocument/2006/custom-properties": "officeDocument/customProperties",
    "officeDocument/2006/extended-properties": "officeDocument/extendedProperties",
    "officeDocument/2006/docPropsVTypes": "officeDocument/docPropsVTypes",
    "officeDocument/2006/relationships": "officeDocument/relationships",
    "spreadsheetml/2006/main": "spreadsheetml/main",
    "drawingml/2006/main": "drawingml/main",
}
USUAL_HOST, STRICT_HOST = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"


# --- namespaces


def excel_namespaces(package: Package) -> None:
    """Declare the namespaces of Excel's own additions, and write what it adds: text depths and revision ids."""
    for number, part in enumerate(package.sheet_parts()):
        sheet = package.trees[part] = renewed(package.trees[part], EXCEL_SPACES)
        sheet.set(f"{{{COMPATIBILITY}}}Ignorable", "x14ac xr xr2 xr3")
        sheet.set(f"{{{REVISION}}}uid", f"{{00000000-0001-0000-{number:02X}00-000000000000}}")
        for element in sheet.iter(f"{MAIN}sheetFormatPr", f"{MAIN}row"):
            element.set(f"{{{DESCENT}}}dyDescent", "0.15")
        for count, element in enumerate(sheet.iter(f"{MAIN}dataValidation")):
            element.set(f"{{{REVISION}}}uid", f"{{00000000-0002-0000-{number:02X}00-{count:012X}}}")


def wps_namespaces(package: Package) -> None:
    """Declare the namespaces that WPS declares, and put its attribute on filters, which no schema knows."""
    for part in package.sheet_parts():
        sheet = package.trees[part] = renewed(package.trees[part], WPS_SPACES)
        for element in sheet.iter(f"{MAIN}autoFilter"):
            element.set(f"{{{ETC}}}filterBottomFollowUsedRange", "0")


def prefixed(package: Package) -> None:
    """Put a prefix before every tag: `x:worksheet`, as .NET libraries do."""
    for part in [BOOK, *package.sheet_parts(), "xl/sharedStrings.xml"]:
        old = package.trees[part]
        spaces = {prefix: space for prefix, space in old.nsmap.items() if prefix and space != MAIN[1:-1]}
        package.trees[part] = renewed(old, {"x": MAIN[1:-1], **spaces})


def strict(package: Package) -> None:
    """Say the same in the namespaces of the strict format; no step that looks for the usual ones can follow."""
    package.book.set("conformance", "strict")
    for part, tree in package.trees.items():
        content = etree.tostring(tree)
        for usual, other in STRICT.items():
            content = content.replace(USUAL_HOST + usual.encode(), STRICT_HOST + other.encode())
        package.trees[part] = etree.fromstring(content)


# --- rows, columns and blank cells


def blank_cells_added(package: Package) -> None:
    """Fill each row's gaps with blank cells that have the style of the cell before them."""
    for sheet in package.sheets:
        for row in sheet.iter(f"{MAIN}row"):
            for cell, after in zip(list(row)[:-1], list(row)[1:], strict=True):
                number, column = place_of(cell)
                gap = range(place_of(after)[1] - 1, column, -1)
                for blank in gap:
                    made = etree.Element(f"{MAIN}c", r=f"{letters(blank)}{number}", s=cell.get("s", "0"))
                    cell.addnext(made)


def blank_cells_dropped(package: Package) -> None:
    """Leave out the cells that have a style and nothing else."""
    for cell in list(package.cells()):
        if not len(cell):
            cell.getparent().remove(cell)


def blank_cells_with_empty_values(package: Package) -> None:
    """Give blank cells a value that is empty."""
    for cell in package.cells():
        if not len(cell):
            etree.SubElement(cell, f"{MAIN}v").text = ""


def row_styles(package: Package) -> None:
    """Give each row the style of its last cell, as one that was formatted whole has it."""
    for sheet in package.sheets:
        for row in sheet.iter(f"{MAIN}row"):
            if len(row):
                row.set("s", row[-1].get("s", "0"))
                row.set("customFormat", "1")


def column_styles(package: Package) -> None:
    """Give each column format a style."""
    for sheet in package.sheets:
        first = next(sheet.iter(f"{MAIN}c"), None)
        for column in sheet.iter(f"{MAIN}col"):
            if first is not None:
                column.set("style", first.get("s", "0"))


def unplaced_cells(package: Package) -> None:
    """Leave out the address of each row and cell that follows the one before without a gap."""
    for sheet in package.sheets:
        last_row = 0
        for row in sheet.iter(f"{MAIN}row"):
            number = int(row.get("r"))
            for cell, column in zip(row, range(1, len(row) + 1), strict=True):
                if place_of(cell) != (number, column):
                    break
                del cell.attrib["r"]
            if number == last_row + 1:
                del row.attrib["r"]
            last_row = number


def sheet_extensions(package: Package) -> None:
    """End each sheet with an extension that only its program knows."""
    for sheet in package.sheets:
        known = sheet.find(f"{MAIN}extLst")
        if known is None:
            sheet.append(_extensions())
        else:
            known.extend(_extensions())


def cell_extensions(package: Package) -> None:
    """End every third cell with an extension.

    The schema allows it and calamine refuses it; which program writes one, if any, is not known here.
    """
    for cell in list(package.cells())[::3]:
        cell.append(_extensions())


def _extensions() -> Element:
    made = etree.Element(f"{MAIN}extLst")
    extension = etree.SubElement(
        made, f"{MAIN}ext", uri="{00000000-5EED-4000-8000-000000000001}", nsmap={"etc": ETC}
    )
    etree.SubElement(extension, f"{{{ETC}}}v").text = "1"
    return made


def letters(column: int) -> str:
    """Return a column's letters: 1 is A."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


# --- styles


def styles_renumbered(package: Package) -> None:
    """Turn the list of cell styles round, all but the first, which blank cells have."""
    formats = package.styles.find(f"{MAIN}cellXfs")
    last = len(formats) - 1
    formats[1:] = list(formats)[:0:-1]
    for sheet in package.sheets:
        for tag, name in (("c", "s"), ("row", "s"), ("col", "style")):
            for element in sheet.iter(f"{MAIN}{tag}"):
                old = int(element.get(name, "0"))
                if old:
                    element.set(name, str(last + 1 - old))


def number_formats_renumbered(package: Package) -> None:
    """Number the formats of one's own from 176, as WPS and Chinese versions of Excel do."""
    for element in package.styles.iter(f"{MAIN}numFmt", f"{MAIN}xf"):
        key = int(element.get("numFmtId", "0"))
        if key >= FIRST_OWN_FORMAT:
            element.set("numFmtId", str(key + 12))


# --- names of parts


def absolute_targets(package: Package) -> None:
    """Write where relationships lead from the package's root: `/xl/worksheets/sheet1.xml`."""
    for part, links in package.trees.items():
        if part.endswith(".rels"):
            for link in links:
                if link.get("TargetMode") != "External":
                    link.set("Target", f"/{target_part(source_of(part), link)}")


def other_part_names(package: Package) -> None:
    """Name the sheets' parts by their ids and in another folder, the last sheet first in the zip."""
    names = {part: f"xl/sheets/Blatt_{number}.xml" for number, part in enumerate(package.sheet_parts(), 1)}
    package.rename(names)
    package.trees = dict(
        sorted(package.trees.items(), key=lambda item: (item[0] != "[Content_Types].xml", item[0]))
    )


def relation_ids_renumbered(package: Package) -> None:
    """Give the workbook's relationships other ids, in another order."""
    links = package.trees[relations_of(BOOK)]
    ids = {link.get("Id"): f"R{number:08x}" for number, link in enumerate(reversed(links), 1)}
    links[:] = list(links)[::-1]
    for link in links:
        link.set("Id", ids[link.get("Id")])
    for sheet in package.book.iter(f"{MAIN}sheet"):
        sheet.set(f"{{{OFFICE}}}id", ids[sheet.get(f"{{{OFFICE}}}id")])
