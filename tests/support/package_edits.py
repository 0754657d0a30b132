"""What people do to a workbook that they should only fill in: each edit changes a package as the program would that did it."""

import re
from collections.abc import Callable
from decimal import Decimal

from lxml import etree

from tests.support.dialect_parts import OFFICE, Package
from tests.support.package_parts import IDS, MAIN, Element

MOST_ROWS = 1_048_576
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
LINK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"
PATH_TYPE = f"{OFFICE}/externalLinkPath"
REFERENCE = re.compile(
    r"(?P<sheet>(?:'[^']+'|[\w\u4e00-\u9fff.（）]+)!)?(?P<a>\$?[A-Z]{1,3}\$?)(?P<row>\d+)"
    r"(?::(?P<b>\$?[A-Z]{1,3}\$?)(?P<last>\d+))?(?![\w(])"
)


def sheet_names(package: Package) -> list[str]:
    """Return the sheets' names in the order of their tabs."""
    return [sheet.get("name", "") for sheet in package.book.iter(f"{MAIN}sheet")]


def part_of(package: Package, name: str) -> str:
    """Return the part of a sheet."""
    return package.sheet_parts()[sheet_names(package).index(name)]


def sheet_of(package: Package, name: str) -> Element:
    """Return the tree of a sheet."""
    return package.trees[part_of(package, name)]


def entry_of(package: Package, name: str) -> Element:
    """Return a sheet's line in the workbook part."""
    return next(sheet for sheet in package.book.iter(f"{MAIN}sheet") if sheet.get("name") == name)


def cell_of(package: Package, sheet: str, ref: str) -> Element:
    """Return a cell, made where there is none."""
    tree = sheet_of(package, sheet)
    found = next((cell for cell in tree.iter(f"{MAIN}c") if cell.get("r") == ref), None)
    if found is not None:
        return found
    number = re.sub(r"\D", "", ref)
    rows = tree.find(f"{MAIN}sheetData")
    row = next((one for one in rows if one.get("r") == number), None)
    if row is None:
        row = etree.Element(f"{MAIN}row", r=number)
        rows.insert(sum(int(one.get("r")) < int(number) for one in rows), row)
    cell = etree.Element(f"{MAIN}c", r=ref)
    before = sum(_column(one.get("r")) < _column(ref) for one in row)
    row.insert(before, cell)
    return cell


def _column(ref: str) -> tuple[int, str]:
    letters = re.sub(r"\d", "", ref)
    return len(letters), letters


def put(
    package: Package, sheet: str, ref: str, value: Decimal | str | None, formula: str | None = None
) -> None:
    """Type into a cell, over a formula too."""
    cell = cell_of(package, sheet, ref)
    for child in list(cell):
        cell.remove(child)
    cell.attrib.pop("t", None)
    if formula is not None:
        etree.SubElement(cell, f"{MAIN}f").text = formula
    if isinstance(value, str):
        cell.set("t", "str" if formula is not None else "inlineStr")
        text = (
            etree.SubElement(cell, f"{MAIN}v")
            if formula is not None
            else etree.SubElement(etree.SubElement(cell, f"{MAIN}is"), f"{MAIN}t")
        )
        text.text = value
    elif value is not None:
        etree.SubElement(cell, f"{MAIN}v").text = format(value, "f")


def keep_value(package: Package, sheet: str, ref: str, value: Decimal) -> None:
    """Leave an old value beside a formula."""
    stored = cell_of(package, sheet, ref).find(f"{MAIN}v")
    stored.text = format(value, "f")


def paste_values(package: Package, sheet: str) -> list[str]:
    """Replace every formula of a sheet by its value; returns the cells."""
    pasted = []
    for cell in sheet_of(package, sheet).iter(f"{MAIN}c"):
        formula = cell.find(f"{MAIN}f")
        if formula is not None:
            cell.remove(formula)
            pasted.append(cell.get("r", ""))
    return pasted


def hide_row(package: Package, sheet: str, number: int) -> None:
    """Hide a row."""
    row = next(one for one in sheet_of(package, sheet).iter(f"{MAIN}row") if one.get("r") == str(number))
    row.set("hidden", "1")


def hide_column(package: Package, sheet: str, number: int) -> None:
    """Hide a column: its span of columns is split."""
    columns = sheet_of(package, sheet).find(f"{MAIN}cols")
    for span in list(columns):
        first, last = int(span.get("min")), int(span.get("max"))
        if first <= number <= last:
            at = columns.index(span)
            columns.remove(span)
            pieces = [(first, number - 1), (number, number), (number + 1, last)]
            for low, high in reversed([piece for piece in pieces if piece[0] <= piece[1]]):
                piece = etree.Element(f"{MAIN}col", dict(span.attrib) | {"min": str(low), "max": str(high)})
                if low == high == number:
                    piece.set("hidden", "1")
                columns.insert(at, piece)


def hide_sheet(package: Package, sheet: str, state: str) -> None:
    """Hide a sheet; *state* is "hidden" or "veryHidden"."""
    entry_of(package, sheet).set("state", state)


def move_sheet(package: Package, sheet: str, at: int) -> None:
    """Move a sheet's tab."""
    before = sheet_names(package)
    sheets = package.book.find(f"{MAIN}sheets")
    entry = entry_of(package, sheet)
    sheets.remove(entry)
    sheets.insert(at, entry)
    _renumber_names(package, before)


def _renumber_names(package: Package, before: list[str]) -> None:
    """Let names of single sheets follow their sheets; those of a sheet that is gone go too."""
    after = sheet_names(package)
    for defined in list(package.book.iter(f"{MAIN}definedName")):
        if defined.get("localSheetId") is not None:
            sheet = before[int(defined.get("localSheetId"))]
            if sheet in after:
                defined.set("localSheetId", str(after.index(sheet)))
            else:
                defined.getparent().remove(defined)


def rename_sheet(package: Package, sheet: str, name: str) -> None:
    """Rename a sheet; formulas and names follow."""
    entry_of(package, sheet).set("name", name)
    each_formula(package, lambda text, _: text.replace(f"{sheet}!", f"{name}!"))


def delete_sheet(package: Package, sheet: str) -> None:
    """Delete a sheet; what referred to it has lost its reference."""
    before = sheet_names(package)
    entry_of(package, sheet).getparent().remove(entry_of(package, sheet))
    _renumber_names(package, before)
    each_formula(
        package, lambda text, _: re.sub(rf"'?{sheet}'?!\$?[A-Z]+\$?\d+(:\$?[A-Z]+\$?\d+)?", "#REF!", text)
    )


def each_formula(package: Package, change: Callable[[str, str], str]) -> None:
    """Rewrite every formula and defined name; *change* gets the text and the sheet that it stands on, "" for names."""
    for name in sheet_names(package):
        for formula in sheet_of(package, name).iter(f"{MAIN}f"):
            formula.text = change(formula.text or "", name)
    for defined in package.book.iter(f"{MAIN}definedName"):
        defined.text = change(defined.text or "", "")


def unprotect(package: Package, sheet: str) -> None:
    """Take a sheet's protection off."""
    tree = sheet_of(package, sheet)
    tree.remove(tree.find(f"{MAIN}sheetProtection"))


def merge(package: Package, sheet: str, area: str) -> None:
    """Merge cells; values but the first's are lost."""
    tree = sheet_of(package, sheet)
    merged = tree.find(f"{MAIN}mergeCells")
    etree.SubElement(merged, f"{MAIN}mergeCell", ref=area)
    merged.set("count", str(len(merged)))


def unmerge(package: Package, sheet: str, area: str) -> None:
    """Take a merge apart."""
    merged = sheet_of(package, sheet).find(f"{MAIN}mergeCells")
    merged.remove(next(one for one in merged if one.get("ref") == area))
    merged.set("count", str(len(merged)))


def merges(package: Package, sheet: str) -> list[str]:
    """Return the merged areas of a sheet."""
    return [one.get("ref", "") for one in sheet_of(package, sheet).iter(f"{MAIN}mergeCell")]


def comment(package: Package, sheet: str, ref: str, text: str) -> None:
    """Write a comment to a cell."""
    part = part_of(package, sheet)
    xml = (
        f'<comments xmlns="{MAIN[1:-1]}"><authors><author>clerk</author></authors><commentList>'
        f'<comment ref="{ref}" authorId="0"><text><r><t>{text}</t></r></text></comment></commentList></comments>'
    )
    package.add("xl/comments1.xml", xml, COMMENTS_TYPE, "comments", source=part)


def link_outside(package: Package, sheet: str, ref: str, value: Decimal) -> None:
    """Take an amount over from another workbook."""
    xml = (
        f'<externalLink xmlns="{MAIN[1:-1]}" xmlns:r="{OFFICE}"><externalBook r:id="rId1"><sheetNames>'
        '<sheetName val="Sheet1"/></sheetNames></externalBook></externalLink>'
    )
    part = "xl/externalLinks/externalLink1.xml"
    key = package.add(part, xml, LINK_TYPE, "externalLink")
    links = etree.fromstring(
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{PATH_TYPE}" Target="file:///D:/2022.xlsx" TargetMode="External"/></Relationships>'
    )
    package.trees["xl/externalLinks/_rels/externalLink1.xml.rels"] = links
    outside = etree.Element(f"{MAIN}externalReferences")
    etree.SubElement(outside, f"{MAIN}externalReference").set(f"{IDS}id", key)
    package.book.find(f"{MAIN}sheets").addnext(outside)
    put(package, sheet, ref, value, "[1]Sheet1!$B$3")


def insert_row(package: Package, sheet: str, at: int) -> None:
    """Insert an empty row above row *at*: all below move down, and references follow."""
    _move(package, sheet, lambda row: row + 1 if row >= at else row)


def delete_row(package: Package, sheet: str, at: int) -> None:
    """Delete row *at*: all below move up, references to it are lost."""
    rows = sheet_of(package, sheet).find(f"{MAIN}sheetData")
    for row in list(rows):
        if row.get("r") == str(at):
            rows.remove(row)
    _move(package, sheet, lambda row: row - 1 if row > at else row, gone=at)


def _move(package: Package, sheet: str, to: Callable[[int], int], gone: int = 0) -> None:
    tree = sheet_of(package, sheet)
    for row in tree.iter(f"{MAIN}row"):
        number = to(int(row.get("r")))
        row.set("r", str(number))
        for cell in row:
            cell.set("r", re.sub(r"\d+", str(number), cell.get("r")))
    for merged in tree.iter(f"{MAIN}mergeCell"):
        merged.set("ref", re.sub(r"\d+", lambda found: str(to(int(found[0]))), merged.get("ref")))

    def change(text: str, here: str) -> str:
        return REFERENCE.sub(lambda found: _moved(found, sheet, here, to, gone), text)

    each_formula(package, change)


def _moved(found: re.Match[str], sheet: str, here: str, to: Callable[[int], int], gone: int) -> str:
    named = (found["sheet"] or "").rstrip("!").strip("'")
    if (named or here) != sheet:
        return found[0]
    row, last = int(found["row"]), found["last"]
    if last is None:
        return "#REF!" if row == gone else f"{found['sheet'] or ''}{found['a']}{to(row)}"
    # An end that was deleted is the next row that is still there.
    low = row if row == gone else to(row)
    high = int(last) - 1 if int(last) == gone else to(int(last))
    return f"{found['sheet'] or ''}{found['a']}{low}:{found['b']}{high}"
