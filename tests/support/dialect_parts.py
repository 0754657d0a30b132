"""A written workbook taken apart, so that its XML can be put as other programs put it, and packed again.

Independent of the package under test. A step changes a package in place and may be used alone; what it does not name
stays as it was.
"""

import posixpath
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from lxml import etree
from msgspec import Struct

from tests.support.package_parts import IDS, MAIN, Element, cell_place

RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
OFFICE = IDS.strip("{}")
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
CONTENT_TYPES = "[Content_Types].xml"
BOOK = "xl/workbook.xml"
# What Excel writes at the head of each part, the line end of Windows included.
HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
# The zip of a program that keeps no times.
NO_TIME = (1980, 1, 1, 0, 0, 0)


class Package(Struct):
    """The parts of one workbook: XML as trees, all else as bytes, in the order of the zip."""

    trees: dict[str, Element]
    others: dict[str, bytes]

    @property
    def book(self) -> Element:
        """The workbook part."""
        return self.trees[BOOK]

    @property
    def styles(self) -> Element:
        """The styles part."""
        return self.trees["xl/styles.xml"]

    @property
    def strings(self) -> Element:
        """The shared strings."""
        return self.trees["xl/sharedStrings.xml"]

    @property
    def sheets(self) -> list[Element]:
        """The worksheets, in the order of their tabs."""
        return [self.trees[part] for part in self.sheet_parts()]

    def sheet_parts(self) -> list[str]:
        """Name the worksheets' parts, in the order of their tabs."""
        targets = {one.get("Id"): target_part(BOOK, one) for one in self.trees[relations_of(BOOK)]}
        return [targets[sheet.get(f"{IDS}id")] for sheet in self.book.iter(f"{MAIN}sheet")]

    def cells(self) -> Iterator[Element]:
        """Every cell of every sheet."""
        for sheet in self.sheets:
            yield from sheet.iter(f"{MAIN}c")

    def add(self, part: str, content: str | bytes, content_type: str, kind: str, source: str = BOOK) -> str:
        """Add a part that *source* points at with a relationship of *kind*; returns the relationship's id."""
        if isinstance(content, bytes):
            self.others[part] = content
        else:
            self.trees[part] = etree.fromstring(content.encode())
        etree.SubElement(
            self.trees[CONTENT_TYPES], f"{TYPES}Override", PartName=f"/{part}", ContentType=content_type
        )
        links = self.trees.setdefault(
            relations_of(source), etree.Element(f"{RELATIONS}Relationships", nsmap={None: RELATIONS[1:-1]})
        )
        key = f"rId{len(links) + 1}"
        target = posixpath.relpath(part, posixpath.dirname(source) or ".")
        etree.SubElement(links, f"{RELATIONS}Relationship", Id=key, Type=f"{OFFICE}/{kind}", Target=target)
        return key

    def rename(self, names: Mapping[str, str]) -> None:
        """Give parts other names, wherever the package names them."""
        for part, links in list(self.trees.items()):
            if part.endswith(".rels"):
                source = source_of(part)
                for link in links:
                    target = target_part(source, link)
                    if target in names:
                        link.set("Target", posixpath.relpath(names[target], posixpath.dirname(source) or "."))
        for entry in self.trees[CONTENT_TYPES].iter(f"{TYPES}Override"):
            name = entry.get("PartName", "").removeprefix("/")
            entry.set("PartName", f"/{names.get(name, name)}")
        moved = names | {relations_of(old): relations_of(new) for old, new in names.items()}
        self.trees = {moved.get(part, part): tree for part, tree in self.trees.items()}


Step = Callable[[Package], None]


def rewritten(source: Path, target: Path, *steps: Step) -> Path:
    """Write a workbook anew after some steps; the same source and steps give the same bytes."""
    package = read(source)
    for step in steps:
        step(package)
    return write(package, target)


def read(source: Path) -> Package:
    """Take a workbook apart."""
    package = Package({}, {})
    with zipfile.ZipFile(source) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            if name.endswith((".xml", ".rels")):
                package.trees[name] = etree.fromstring(content)
            else:
                package.others[name] = content
    return package


def write(package: Package, target: Path) -> Path:
    """Pack a workbook."""
    target.parent.mkdir(parents=True, exist_ok=True)
    parts = {
        name: HEAD + etree.tostring(tree, encoding="UTF-8", xml_declaration=False)
        for name, tree in package.trees.items()
    }
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in (parts | package.others).items():
            archive.writestr(zipfile.ZipInfo(name, NO_TIME), content, zipfile.ZIP_DEFLATED, 1)
    return target


def relations_of(part: str) -> str:
    """Name the part that holds the relationships of a part; of the package itself for an empty name."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def source_of(relations: str) -> str:
    """Name the part whose relationships these are."""
    folder, name = posixpath.split(relations)
    return posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))


def target_part(source: str, link: Element) -> str:
    """Name the part that a relationship leads to; an outside address stays as it is."""
    target = link.get("Target", "")
    if link.get("TargetMode") == "External":
        return target
    folder = posixpath.dirname(source)
    return posixpath.normpath(posixpath.join("/", folder, target)).removeprefix("/")


def place_of(cell: Element) -> tuple[int, int]:
    """Return a cell's row and column."""
    place = cell_place(cell.get("r", ""))
    assert place is not None
    return place


def renewed(root: Element, namespaces: Mapping[str | None, str]) -> Element:
    """Return the same tree under a root that declares its namespaces otherwise."""
    fresh = etree.Element(root.tag, nsmap=dict(namespaces))
    fresh.text = root.text
    fresh.attrib.update(root.attrib)
    fresh.extend(list(root))
    etree.cleanup_namespaces(fresh, keep_ns_prefixes=[prefix for prefix in namespaces if prefix])
    return fresh
