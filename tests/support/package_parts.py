"""The parts of a written workbook as its checks see them: the zip, the workbook, the sheets, and places of cells.

Reads with the standard library and lxml alone, so that a fault of the package under test cannot hide itself.
"""

import re
import zipfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import NamedTuple

from lxml import etree
from msgspec import Struct

Element = etree._Element

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
IDS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
OFFICE_DOCUMENT = "/officeDocument"
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384

CELL = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")
WHOLE_COLUMNS = re.compile(r"\$?([A-Z]{1,3}):\$?([A-Z]{1,3})")
WHOLE_ROWS = re.compile(r"\$?([1-9][0-9]{0,6}):\$?([1-9][0-9]{0,6})")


class Area(NamedTuple):
    """A rectangle of cells, counted from 1, its last row and column included."""

    left: int
    top: int
    right: int
    bottom: int

    def overlaps(self, other: "Area") -> bool:
        """Tell whether the two share a cell."""
        return not (
            self.right < other.left
            or other.right < self.left
            or self.bottom < other.top
            or other.bottom < self.top
        )


def column_number(letters: str) -> int:
    """Count a column from 1: A is 1, XFD is 16384."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def cell_place(reference: str) -> tuple[int, int] | None:
    """Read "B3" as (row 3, column 2); None if no sheet has such a cell."""
    match = CELL.fullmatch(reference)
    if match is None:
        return None
    row, column = int(match[2]), column_number(match[1])
    return (row, column) if row <= LAST_ROW and column <= LAST_COLUMN else None


def area_of(reference: str) -> Area | None:
    """Read "B3", "B3:D7", "A:C" or "1:3"; None if it is none of these, or turned round."""
    if match := WHOLE_COLUMNS.fullmatch(reference):
        area = Area(column_number(match[1]), 1, column_number(match[2]), LAST_ROW)
    elif match := WHOLE_ROWS.fullmatch(reference):
        area = Area(1, int(match[1]), LAST_COLUMN, int(match[2]))
    else:
        first, _, last = reference.partition(":")
        start, end = cell_place(first), cell_place(last or first)
        if start is None or end is None:
            return None
        area = Area(start[1], start[0], end[1], end[0])
    fits = area.left <= area.right <= LAST_COLUMN and area.top <= area.bottom <= LAST_ROW
    return area if fits else None


def utf16_length(text: str) -> int:
    """Count as Excel does, for whom a rare character outside the basic plane is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Relation(NamedTuple):
    """One relationship of a part; `target` is a part's name, or None if it points outside the package."""

    kind: str
    target: str | None


class Package(Struct, frozen=True, dict=True):
    """The zip as it is: its entries in order, its parsed XML parts, who points at whom."""

    path: Path
    entries: list[str]
    trees: dict[str, Element]
    relations: dict[str, dict[str, Relation]]
    faults: list[str] = []

    @classmethod
    def read(cls, path: Path) -> "Package":
        """Read every part; what cannot be parsed strictly is among `faults` and not among `trees`."""
        with zipfile.ZipFile(path) as archive:
            entries = [name for name in archive.namelist() if not name.endswith("/")]
            parts = {name: archive.read(name) for name in entries}
        trees, faults = {}, []
        for name, content in parts.items():
            if name.endswith((".xml", ".rels", ".vml")):
                try:
                    trees[name] = _strict_parse(content)
                except (etree.XMLSyntaxError, ValueError) as error:
                    faults.append(f"{name}: not well-formed: {error}")
        relations = {
            _source_of(name): _relations(name, tree) for name, tree in trees.items() if name.endswith(".rels")
        }
        return cls(path, entries, trees, relations, faults)

    @cached_property
    def names_in_small_letters(self) -> set[str]:
        """Part names as Excel compares them."""
        return {name.lower() for name in self.entries}

    @property
    def workbook(self) -> str | None:
        """The part that the package's own relationships call its document."""
        targets = [r.target for r in self.relations.get("", {}).values() if r.kind.endswith(OFFICE_DOCUMENT)]
        return targets[0] if len(targets) == 1 and targets[0] in self.trees else None

    def related(self, source: str, kind: str) -> Element | None:
        """Give the first part of a kind ("/styles") that a part points at."""
        for relation in self.relations.get(source, {}).values():
            if relation.kind.endswith(kind) and relation.target in self.trees:
                return self.trees[relation.target]
        return None


def _strict_parse(content: bytes) -> Element:
    parser = etree.XMLParser(recover=False, resolve_entities=False, no_network=True, load_dtd=False)
    tree = etree.fromstring(content, parser)
    if tree.getroottree().docinfo.doctype:
        raise ValueError("a document type is not allowed in a package")
    return tree


def _source_of(name: str) -> str:
    """Name the part whose relationships these are: xl/_rels/workbook.xml.rels → xl/workbook.xml, _rels/.rels → ""."""
    folder = dirname(dirname(name))
    return join(folder, name.rpartition("/")[2].removesuffix(".rels"))


def _relations(name: str, tree: Element) -> dict[str, Relation]:
    return {
        element.get("Id", ""): Relation(element.get("Type", ""), _target(_source_of(name), element))
        for element in tree
    }


def _target(source: str, element: Element) -> str | None:
    if element.get("TargetMode") == "External":
        return None
    target = element.get("Target", "").partition("#")[0]
    return target[1:] if target.startswith("/") else normpath(join(dirname(source), target))


class Book(Struct, frozen=True, dict=True):
    """The workbook part with what its sheets need to know of it."""

    package: Package
    part: str

    @property
    def tree(self) -> Element:
        """The workbook part itself."""
        return self.package.trees[self.part]

    @cached_property
    def sheet_elements(self) -> list[Element]:
        """The declared sheets, in the order of their tabs."""
        return list(self.tree.iter(f"{MAIN}sheet"))

    @cached_property
    def sheets(self) -> "list[Sheet]":
        """The worksheets that can be read; chart sheets and the like are not looked at."""
        relations = self.package.relations.get(self.part, {})
        found = []
        for element in self.sheet_elements:
            relation = relations.get(element.get(f"{IDS}id", ""))
            tree = self.package.trees.get(relation.target or "") if relation else None
            if tree is not None and tree.tag == f"{MAIN}worksheet":
                found.append(Sheet(self, element.get("name", ""), tree))
        return found

    @cached_property
    def sheet_names(self) -> frozenset[str]:
        """Sheet names in small letters, as Excel compares them."""
        return frozenset(element.get("name", "").lower() for element in self.sheet_elements)

    @cached_property
    def names(self) -> frozenset[str]:
        """Defined names in small letters."""
        return frozenset(element.get("name", "").lower() for element in self.tree.iter(f"{MAIN}definedName"))

    @cached_property
    def styles(self) -> Element | None:
        """The styles part."""
        return self.package.related(self.part, "/styles")

    @cached_property
    def shared_strings(self) -> Element | None:
        """The part with the shared strings."""
        return self.package.related(self.part, "/sharedStrings")

    def count(self, collection: str) -> int:
        """Count what stands in a collection of the styles part ("cellXfs")."""
        found = self.styles.find(f"{MAIN}{collection}") if self.styles is not None else None
        return len(found) if found is not None else 0

    @cached_property
    def cell_styles(self) -> int:
        """How many styles cells may refer to; without a styles part there is the default alone."""
        return self.count("cellXfs") or 1

    @cached_property
    def shared_string_count(self) -> int:
        """How many shared strings cells may refer to."""
        return len(self.shared_strings) if self.shared_strings is not None else 0


class Sheet(Struct, frozen=True, dict=True):
    """One worksheet of a workbook."""

    book: Book
    name: str
    tree: Element

    def each(self, tag: str) -> Iterator[Element]:
        """Every element of a kind, wherever it stands in the sheet."""
        return self.tree.iter(f"{MAIN}{tag}")
