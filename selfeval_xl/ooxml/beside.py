"""What a workbook can hold beside its cells: comments, links to other files, macros, embedded things.

A workbook of ours has none of it, and the names of its parts are enough to know.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from xml.etree import ElementTree

from selfeval_xl.cells import parse_ref
from selfeval_xl.ooxml.book import Book, Comment, Guest, Place, Sheet
from selfeval_xl.ooxml.errors import WorkbookUnreadable
from selfeval_xl.ooxml.markup import namespace, parse
from selfeval_xl.ooxml.package import Package, Relation
from selfeval_xl.ooxml.strings import rich_text

_PROJECT_KIND = "vbaProject"
_MACRO_SHEET_KINDS = ("xlMacrosheet", "xlIntlMacrosheet")
_LINK_KINDS = ("externalLink", "xlExternalLinkPath", "externalLinkPath")
_GUEST_KINDS = {
    "control": "control",
    "oleObject": "object",
    "package": "file",
    "connections": "data",
    "queryTable": "data",
    "dialogsheet": "dialog",
}
_ODD_KINDS = frozenset((_PROJECT_KIND, *_MACRO_SHEET_KINDS, *_LINK_KINDS, *_GUEST_KINDS))
_PROGRAMS = (
    ".exe",
    ".dll",
    ".com",
    ".scr",
    ".msi",
    ".js",
    ".vbs",
    ".wsf",
    ".hta",
    ".bat",
    ".cmd",
    ".ps1",
    ".jar",
)
_RELATIONS = "_rels/"
_OWN_RELATIONS = ("_rels/.rels", "xl/_rels/workbook.xml.rels")


class PartNames(NamedTuple):
    """What the names of the parts alone tell of a package."""

    has_macros: bool
    sheets_lead_on: bool
    has_programs: bool


@lru_cache(maxsize=64)
def part_names(parts: tuple[str, ...]) -> PartNames:
    """Return what the names of a package's parts, in lower case, tell; they are the same in most workbooks of a form."""
    return PartNames(
        has_macros=any(part.endswith("/vbaproject.bin") for part in parts),
        sheets_lead_on=any(_RELATIONS in part and part not in _OWN_RELATIONS for part in parts),
        has_programs=any(part.endswith(_PROGRAMS) for part in parts),
    )


def links_and_guests(package: Package, relations: dict[str, Relation], names: PartNames, book: Book) -> None:
    """Note what the main part of a workbook leads to, beside its sheets."""
    odd = [one for one in relations.values() if one.kind in _ODD_KINDS]
    if names.has_programs:
        book.guests += (Guest("program"),)
    if not odd:
        return
    book.has_macros = book.has_macros or any(one.kind == _PROJECT_KIND for one in odd)
    book.has_macro_sheets = any(one.kind in _MACRO_SHEET_KINDS for one in odd)
    book.external_links += tuple(_linked(package, one) for one in odd if one.kind in _LINK_KINDS)
    book.guests += tuple(Guest(_GUEST_KINDS[one.kind]) for one in odd if one.kind in _GUEST_KINDS)


def _linked(package: Package, link: Relation) -> str:
    """Return what is said of a file that the workbook reaches for: its address, else the part's name."""
    if link.outside:
        return link.target
    try:
        found = [one.target for one in package.relations(link.target).values() if one.outside]
    except WorkbookUnreadable as fault:
        _let_through(fault)
        found = []
    return found[0] if found else link.target


def read_beside(package: Package, part: str, sheet: Sheet, book: Book) -> None:
    """Note the comments of a sheet, and what is embedded in it."""
    try:
        relations = package.relations(part).values()
        kinds = {one.kind for one in relations}
        book.guests += tuple(Guest(word, sheet.name) for kind, word in _GUEST_KINDS.items() if kind in kinds)
        if not kinds.isdisjoint(("comments", "threadedComment")):
            sheet.comments = _comments(package, relations)
    except (WorkbookUnreadable, ValueError) as fault:
        _let_through(fault)
        book.guests += (Guest("damaged", sheet.name),)


def _let_through(fault: Exception) -> None:
    """Raise a fault again unless it is damage, which beside the cells costs no figure."""
    if isinstance(fault, WorkbookUnreadable) and fault.reason != "damaged":
        raise fault


def _comments(package: Package, relations: Iterable[Relation]) -> tuple[Comment, ...]:
    """Return the comments by place; of a conversation, what was said and not the notice for older programs."""
    said: dict[str, dict[Place, list[str]]] = {"comments": {}, "threadedComment": {}}
    for relation in relations:
        if relation.kind in said:
            root = parse(package.read(relation.target), relation.target)
            for place, text in _texts(root, relation.kind):
                said[relation.kind].setdefault(place, []).append(text)
    merged = said["comments"] | said["threadedComment"]
    return tuple(Comment(place, "\n".join(texts)) for place, texts in sorted(merged.items()))


def _texts(root: ElementTree.Element, kind: str) -> Iterable[tuple[Place, str]]:
    tag = namespace(root)
    for element in root.iter(f"{tag}comment" if kind == "comments" else f"{tag}{kind}"):
        text = element.find(f"{tag}text")
        if text is not None:
            found = rich_text(text, tag) if kind == "comments" else text.text or ""
            yield parse_ref(element.get("ref", "")), found.strip()
