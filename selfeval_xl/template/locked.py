"""XlsxWriter with what it lacks: SHA-512 protection of sheets and of the workbook's structure.

Three methods of XlsxWriter that are not public are overridden, so its version is
pinned to a minor; the tests look at what they write.
"""

from __future__ import annotations

import re
from typing import Any

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from selfeval_xl.ooxml.protection import Hash

_LIKE_AN_ESCAPE = re.compile("(_x[0-9A-Fa-f]{4}_)")


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


class LockedWorksheet(Worksheet):  # type: ignore[misc]
    """A worksheet that can be protected with an agile hash."""

    agile: Hash | None = None

    def _write_sheet_protection(self) -> None:
        if self.agile is None:
            return
        attributes = hash_attributes("", self.agile)
        attributes += [("sheet", 1), ("objects", 1), ("scenarios", 1), ("formatRows", 0)]
        self._xml_empty_tag("sheetProtection", attributes)

    def _xml_formula_element(self, formula: str, result: Any, attributes: list[tuple[str, Any]]) -> None:
        # A formula that shows nothing has a text as its value; without the type, readers see a number.
        if result == "" and isinstance(result, str):
            attributes = [*attributes, ("t", "str")]
        elif isinstance(result, str):
            # XlsxWriter does this for constants only; a text that looks like an escape would be read as one.
            result = _LIKE_AN_ESCAPE.sub(r"_x005F\1", result)
        super()._xml_formula_element(formula, result, attributes)


class LockedWorkbook(Workbook):  # type: ignore[misc]
    """A workbook whose structure can be locked."""

    structure: Hash | None = None

    def _write_workbook_pr(self) -> None:
        super()._write_workbook_pr()
        if self.structure is not None:
            attributes = [*hash_attributes("workbook", self.structure), ("lockStructure", 1)]
            self._xml_empty_tag("workbookProtection", attributes)
