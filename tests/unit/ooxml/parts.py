"""Small packages written by hand, for the dialects that no library here writes."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a zip of the parts."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def relations(*targets: tuple[str, str], office: str = OFFICE) -> str:
    """Return a relationships part; its ids are rId1, rId2 and so on."""
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{office}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}">{lines}</Relationships>'


def workbook_parts(
    rows: str = "", *, strings: str = "", before: str = "", after: str = "", settings: str = ""
) -> dict[str, str | bytes]:
    """Return the parts of a workbook with one sheet, 收支表, whose ``sheetData`` holds *rows*."""
    return {
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{settings}'
        '<sheets><sheet name="收支表" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "/xl/sharedStrings.xml")
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>",
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
    }


def workbook(
    rows: str = "", *, strings: str = "", before: str = "", after: str = "", settings: str = ""
) -> bytes:
    """Return a workbook with one sheet, 收支表, whose ``sheetData`` holds *rows*."""
    return zipped(workbook_parts(rows, strings=strings, before=before, after=after, settings=settings))


def with_part(name: str, content: str | bytes | None) -> bytes:
    """Return a one-cell workbook with one of its parts replaced, or left out for ``None``."""
    parts = workbook_parts('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', strings="<si><t>一</t></si>")
    if content is None:
        del parts[name]
    else:
        parts[name] = content
    return zipped(parts)
