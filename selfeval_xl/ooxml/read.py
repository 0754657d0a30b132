"""A workbook file to a ``Book``: parts found, sheets read in order, names and properties beside them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from selfeval_xl.ooxml.book import Book, Sheet
from selfeval_xl.ooxml.errors import WorkbookUnreadable
from selfeval_xl.ooxml.grid import Workspace
from selfeval_xl.ooxml.markup import MAIN_NAMESPACES, is_true, namespace, parse
from selfeval_xl.ooxml.package import Package, Relation, open_package
from selfeval_xl.ooxml.quick import strings_plainly
from selfeval_xl.ooxml.sheets import read_sheet
from selfeval_xl.ooxml.strings import shared_strings

MAX_SHEETS = 300

_DEFAULT_WORKBOOK = "/xl/workbook.xml"
_STATES = ("visible", "hidden", "veryHidden")
_MACRO_KINDS = ("vbaProject", "xlMacrosheet", "xlIntlMacrosheet")
_PROPERTY_KINDS = ("custom-properties", "customProperties")
_RELATION_IDS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)


def read_book(source: Path | bytes) -> Book:
    """Return the workbook in a file or in bytes.

    Raises ``WorkbookUnreadable`` whatever is wrong with the file.
    """
    package = open_package(source)
    root_relations = package.relations()
    path = _workbook_path(package, root_relations)
    contents = _contents(package.read(path), path)
    relations = package.relations(path)
    book = Book(
        names=dict(contents.names),
        properties=_properties(package, root_relations),
        date1904=contents.date1904,
        has_macros=any(relation.kind in _MACRO_KINDS for relation in relations.values())
        or any(part.endswith("/vbaproject.bin") for part in package.parts()),
        external_links=any(relation.kind == "externalLink" for relation in relations.values()),
    )
    _read_sheets(package, contents, relations, book)
    return book


class _Contents(NamedTuple):
    """What the main part says: sheets with their states and the ids of their parts, names, dates."""

    sheets: tuple[tuple[str, str, tuple[str, ...]], ...]
    names: dict[str, str]
    date1904: bool


@lru_cache(maxsize=64)
def _contents(data: bytes, path: str) -> _Contents:
    """Read the main part; it is the same in most workbooks of a form."""
    root = parse(data, path)
    tag = namespace(root)
    if tag not in MAIN_NAMESPACES or root.tag != f"{tag}workbook":
        raise WorkbookUnreadable("no_workbook", f"the main part is {root.tag}")
    settings = root.find(f"{tag}workbookPr")
    sheets = tuple(
        (
            element.get("name", ""),
            element.get("state", "visible"),
            tuple(element.get(attribute, "") for attribute in _RELATION_IDS),
        )
        for element in root.findall(f"{tag}sheets/{tag}sheet")
    )
    return _Contents(sheets, _names(root, tag), settings is not None and is_true(settings.get("date1904")))


def _workbook_path(package: Package, relations: dict[str, Relation]) -> str:
    found = [relation.target for relation in relations.values() if relation.kind == "officeDocument"]
    path = found[0] if found else _DEFAULT_WORKBOOK
    if not found and path not in package:
        raise WorkbookUnreadable("no_workbook", "the package names no main part")
    if not path.lower().endswith(".xml"):
        raise WorkbookUnreadable("no_workbook", f"the main part is {path}")
    return path


def _read_sheets(package: Package, contents: _Contents, relations: dict[str, Relation], book: Book) -> None:
    """Read all sheets in order; one that has no cells, a chart for instance, stays empty."""
    workspace = Workspace(_strings(package, relations), book.date1904)
    for sheet, relation in _declared_sheets(contents, relations):
        if len(book.sheets) == MAX_SHEETS:
            raise WorkbookUnreadable("too_large", f"more than {MAX_SHEETS} sheets")
        if sheet.name in book.sheets:
            raise WorkbookUnreadable("damaged", f"sheet {sheet.name!r} stands twice")
        if relation.kind == "worksheet":
            read_sheet(package.read(relation.target), relation.target, sheet, workspace)
        book.sheets[sheet.name] = sheet
    if not book.sheets:
        raise WorkbookUnreadable("damaged", "a workbook without sheets")


def _declared_sheets(contents: _Contents, relations: dict[str, Relation]) -> Iterator[tuple[Sheet, Relation]]:
    for name, state, ids in contents.sheets:
        relation = next((relations[key] for key in ids if key in relations), None)
        if not name or state not in _STATES or relation is None:
            raise WorkbookUnreadable("damaged", f"sheet {name!r} is declared without a part")
        yield Sheet(name, state), relation


def _strings(package: Package, relations: dict[str, Relation]) -> dict[str, str]:
    for relation in relations.values():
        if relation.kind == "sharedStrings":
            data = package.read(relation.target)
            plain = strings_plainly(data)
            return shared_strings(data, relation.target) if plain is None else plain
    return {}


def _names(root: ElementTree.Element, tag: str) -> dict[str, str]:
    """Return the defined names of workbook scope; a sheet's own names are its affair."""
    return {
        element.get("name", ""): element.text or ""
        for element in root.findall(f"{tag}definedNames/{tag}definedName")
        if element.get("localSheetId") is None
    }


def _properties(package: Package, relations: dict[str, Relation]) -> dict[str, str]:
    """Return the custom document properties, each value as the text it is stored as."""
    for relation in relations.values():
        if relation.kind in _PROPERTY_KINDS:
            return dict(_custom(package.read(relation.target), relation.target))
    return {}


@lru_cache(maxsize=64)
def _custom(data: bytes, path: str) -> tuple[tuple[str, str], ...]:
    return tuple((item.get("name", ""), "".join(item.itertext())) for item in parse(data, path))
