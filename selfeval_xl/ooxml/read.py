"""A workbook file to a ``Book``: parts found, sheets read in order, names and properties beside them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from selfeval_xl.ooxml.beside import links_and_guests, part_names, read_beside
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
_PROPERTY_KINDS = ("custom-properties", "customProperties")
_RELATION_IDS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)


def read_book(source: Path | bytes, only: str | None = None) -> Book:
    """Return the workbook in a file or in bytes; of one that has a sheet called *only* the others stay empty.

    Raises ``WorkbookUnreadable`` whatever is wrong with the file.
    """
    package = open_package(source)
    root_relations = package.relations()
    main = main_part(package, root_relations)
    names = part_names(tuple(package.parts()))
    book = Book(
        names=dict(main.contents.names),
        properties=_properties(package, root_relations),
        date1904=main.contents.date1904,
        has_macros=names.has_macros,
        program=main.contents.program,
        source=source,
    )
    _read_sheets(package, main, book, only, lead_on=names.sheets_lead_on)
    links_and_guests(package, main.relations, names, book)
    return book


class Main(NamedTuple):
    """The main part: what it says, and the parts that it names by their ids."""

    contents: Contents
    relations: dict[str, Relation]


def main_part(package: Package, root_relations: dict[str, Relation]) -> Main:
    """Read the workbook's main part."""
    path = _workbook_path(package, root_relations)
    return Main(_contents(package.read(path), path), package.relations(path))


class Contents(NamedTuple):
    """What the main part says: sheets with their states and the ids of their parts, names, dates, the program."""

    sheets: tuple[tuple[str, str, tuple[str, ...]], ...]
    names: dict[str, str]
    date1904: bool
    program: str


@lru_cache(maxsize=64)
def _contents(data: bytes, path: str) -> Contents:
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
    saved_by = root.find(f"{tag}fileVersion")
    return Contents(
        sheets,
        _names(root, tag),
        settings is not None and is_true(settings.get("date1904")),
        "" if saved_by is None else saved_by.get("appName", ""),
    )


def _workbook_path(package: Package, relations: dict[str, Relation]) -> str:
    found = [relation.target for relation in relations.values() if relation.kind == "officeDocument"]
    path = found[0] if found else _DEFAULT_WORKBOOK
    if not found and path not in package:
        raise WorkbookUnreadable("no_workbook", "the package names no main part")
    if not path.lower().endswith(".xml"):
        raise WorkbookUnreadable("no_workbook", f"the main part is {path}")
    return path


def _read_sheets(package: Package, main: Main, book: Book, only: str | None, *, lead_on: bool) -> None:
    """Read all sheets in order; one that has no cells, a chart for instance, stays empty.

    Whether any sheet has relations of its own (*lead_on*) is known before.
    """
    workspace = Workspace(_strings(package, main.relations), book.date1904)
    is_there = only is not None and any(name == only for name, _, _ in main.contents.sheets)
    for sheet, relation in declared_sheets(main):
        if len(book.sheets) == MAX_SHEETS:
            raise WorkbookUnreadable("too_large", f"more than {MAX_SHEETS} sheets")
        if sheet.name in book.sheets:
            raise WorkbookUnreadable("damaged", f"sheet {sheet.name!r} stands twice")
        if relation.kind == "worksheet" and (not is_there or sheet.name == only):
            read_sheet(package.read(relation.target), relation.target, sheet, workspace)
            if lead_on:
                read_beside(package, relation.target, sheet, book)
        book.sheets[sheet.name] = sheet
    if not book.sheets:
        raise WorkbookUnreadable("damaged", "a workbook without sheets")


def declared_sheets(main: Main) -> Iterator[tuple[Sheet, Relation]]:
    """Yield every sheet, empty, with the relation to its part."""
    for name, state, ids in main.contents.sheets:
        relation = next((main.relations[key] for key in ids if key in main.relations), None)
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
