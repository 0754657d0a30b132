"""XlsxWriter with what it lacks: SHA-512 protection of sheets and structure, texts taken as they are.

Methods of XlsxWriter that are not public are overridden, so its version is
pinned to a minor; the tests look at what they write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Protocol

from xlsxwriter.packager import Packager
from xlsxwriter.relationships import Relationships
from xlsxwriter.sharedstrings import SharedStrings
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from selfeval_xl.ooxml.protection import Hash

_LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_RIBBON_PART = "customUI/customUI14.xml"
_RIBBON_RELATION = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f]")


def escaped(text: str) -> str:
    """Return *text* with control characters, and what looks like an escape, written as escapes."""
    return _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", _LIKE_AN_ESCAPE.sub("_x005F_", text))


def hash_attributes(prefix: str, found: Hash) -> list[tuple[str, Any]]:
    """Return the four attributes of a hash; the workbook's have a prefix, the sheets' none."""

    def named(name: str) -> str:
        return prefix + name[0].upper() + name[1:] if prefix else name

    return [
        (named("algorithmName"), found.algorithm),
        (named("hashValue"), found.value),
        (named("saltValue"), found.salt),
        (named("spinCount"), found.spin),
    ]


class Rows(Protocol):
    """The rows of a sheet."""

    def xml(self) -> Iterator[str]:
        """Yield every row from the top down."""


class LockedWorksheet(Worksheet):  # type: ignore[misc]
    """A worksheet that can be protected with an agile hash and writes the rows that it is given."""

    agile: Hash | None = None
    rows: Rows

    def _write_sheet_protection(self) -> None:
        if self.agile is None:
            return
        attributes = hash_attributes("", self.agile)
        attributes += [("sheet", 1), ("objects", 1), ("scenarios", 1), ("formatRows", 0)]
        self._xml_empty_tag("sheetProtection", attributes)

    def _write_rows(self) -> None:
        for row in self.rows.xml():
            self.fh.write(row)

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        # XlsxWriter looks for forty new functions in every formula; a rule can call none of them.
        return formula.removeprefix("=")


class PlainStrings(SharedStrings):  # type: ignore[misc]
    """The table of texts, in which every text is what it says; XlsxWriter writes ``<r>…</r>`` as markup."""

    def _write_si(self, string: str) -> None:
        attributes = [] if string == string.strip() else [("xml:space", "preserve")]
        self._xml_si_element(escaped(string), attributes)


class PlainPackager(Packager):  # type: ignore[misc]
    """Writes the parts of a package with :class:`PlainStrings`, and the ribbon tab where there is one."""

    def _write_root_rels_file(self) -> None:
        if not self.workbook.ribbon:
            super()._write_root_rels_file()
            return
        relations = Relationships()
        relations._add_document_relationship("/officeDocument", "xl/workbook.xml")
        relations._add_package_relationship("/metadata/core-properties", "docProps/core.xml")
        relations._add_document_relationship("/extended-properties", "docProps/app.xml")
        relations._add_document_relationship("/custom-properties", "docProps/custom.xml")
        relations.relationships.append((_RIBBON_RELATION, _RIBBON_PART, None))
        relations._set_xml_writer(self._filename("_rels/.rels"))
        relations._assemble_xml_file()
        self._filename(_RIBBON_PART).write(self.workbook.ribbon)

    def _write_shared_strings_file(self) -> None:
        if self.workbook.str_table.count:
            strings = PlainStrings()
            strings.string_table = self.workbook.str_table
            strings._set_xml_writer(self._filename("xl/sharedStrings.xml"))
            strings._assemble_xml_file()


class LockedWorkbook(Workbook):  # type: ignore[misc]
    """A workbook whose structure can be locked; *ribbon* is the XML of a tab, written only in memory."""

    structure: Hash | None = None
    ribbon: str = ""

    def _get_packager(self) -> PlainPackager:
        return PlainPackager()

    def _write_workbook_pr(self) -> None:
        super()._write_workbook_pr()
        if self.structure is not None:
            attributes = [*hash_attributes("workbook", self.structure), ("lockStructure", 1)]
            self._xml_empty_tag("workbookProtection", attributes)
