"""A VBA project from its modules' text, and the text of the modules of a project.  Knows no forms.

pyOpenVBA is imported only when there is a project to make or to read.
"""

from __future__ import annotations

import hashlib
import struct
import zipfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from selfeval_xl.ooxml.errors import WorkbookUnreadable
from selfeval_xl.ooxml.package import open_package

PROJECT_PART = "xl/vbaProject.bin"
STAMP = "macros"
"""The line of the macros' own sheet beside which their digest stands."""
CODE_PAGE = 936
"""The characters in which a clerk's own code would be kept; ours is ASCII."""

_CODE_PAGE_RECORD, _VERSION_RECORD = 0x0003, 0x0009
_NO_COMPILED_CODE = bytes.fromhex("cc61ffff000000")
"""What the format asks of programs that write source alone: the host compiles it when the workbook is opened."""

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"


def sheet_code_name(number: int) -> str:
    """Return the name under which a project knows the sheet of this 1-based number."""
    return f"Sheet{number}"


def project(modules: Mapping[str, str], sheets: int) -> bytes:
    """Return the project of a workbook with so many sheets: *modules* are standard modules' texts by name.

    The same bytes for the same texts.  Raises ``ValueError`` for a text that is not ASCII.
    """
    return _project(tuple(modules.items()), sheets)


@lru_cache(maxsize=16)
def _project(modules: tuple[tuple[str, str], ...], sheets: int) -> bytes:
    import tempfile

    from pyopenvba import ExcelFile
    from pyopenvba.cfb import CFB

    with tempfile.TemporaryDirectory() as folder:
        bare, made = Path(folder) / "bare.xlsm", Path(folder) / "made.xlsm"
        bare.write_bytes(_bare_package(sheets))
        with ExcelFile(bare) as book:
            found = book.add_vba_project()
            found.dir_raw = _with_code_page(found.dir_raw)
            found.code_page = CODE_PAGE
            found.dir_structure_dirty = True
            for module in found.modules:
                module.dirty = True
            for name, text in modules:
                text.encode("ascii")
                found.add_module(name, text)
            # Nothing of it is used, and where its file is not, in WPS for one, no macro would be compiled.
            book.remove_reference("Office")
            book.save(made)
        with zipfile.ZipFile(made) as package:
            storage = CFB.from_bytes(package.read(PROJECT_PART))
    storage.write_stream_in_storage("VBA", "_VBA_PROJECT", _NO_COMPILED_CODE)
    return bytes(storage.to_bytes())


def _with_code_page(records: bytes) -> bytes:
    """Return the project's information with the code page of China; every record is an id, a size and data."""
    changed, at = bytearray(records), 0
    while at + 6 <= len(records):
        kind, size = struct.unpack_from("<HI", records, at)
        if kind == _CODE_PAGE_RECORD:
            struct.pack_into("<H", changed, at + 6, CODE_PAGE)
            break
        # The record of the version says that it holds two bytes less than it does.
        at += 12 if kind == _VERSION_RECORD else 6 + size
    return bytes(changed)


def _bare_package(sheets: int) -> bytes:
    """Return as much of a workbook as names the objects that a project belongs to."""
    numbers = range(1, sheets + 1)
    declared = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_LINKS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><workbookPr codeName="ThisWorkbook"/>'
        f"<sheets>{declared}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}">{related}</Relationships>',
    }
    for n in numbers:
        sheet = f'<worksheet xmlns="{_MAIN}"><sheetPr codeName="{sheet_code_name(n)}"/></worksheet>'
        parts[f"xl/worksheets/sheet{n}.xml"] = sheet
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        for name, text in parts.items():
            package.writestr(zipfile.ZipInfo(name), text)
    return held.getvalue()


def digest(modules: Mapping[str, str]) -> str:
    """Return what tells whether modules still say the same, however the editor writes letters and spaces."""
    plain = {name.lower(): _plain(text) for name, text in modules.items()}
    lines = "".join(f"{name}\n{text}\n" for name, text in sorted(plain.items()) if text)
    return hashlib.sha256(lines.encode()).hexdigest()


def _plain(text: str) -> str:
    return "".join("".join(_code_lines(text)).lower().split())


def _code_lines(text: str) -> Iterator[str]:
    """Yield the lines that a person wrote: no attributes, which the editor hides, and no remarks of LibreOffice's."""
    for line in text.splitlines():
        words = line.split()
        is_header = words[:1] == ["Attribute"] or words[:2] == ["Rem", "Attribute"]
        if not is_header and words[:2] != ["Option", "VBASupport"]:
            yield line


def modules_of(source: Path | bytes) -> dict[str, str]:
    """Return the texts of a workbook's modules by name; nothing where its project cannot be read."""
    package = open_package(source)
    if PROJECT_PART not in package:
        return {}
    return dict(_modules(package.read(PROJECT_PART)))


@lru_cache(maxsize=16)
def _modules(data: bytes) -> tuple[tuple[str, str], ...]:
    from pyopenvba import PyOpenVBAError
    from pyopenvba.cfb import CFB
    from pyopenvba.vba import parse_vba_project

    try:
        found = parse_vba_project(CFB.from_bytes(data))
        return tuple((module.name, module.source) for module in found.modules)
    except (PyOpenVBAError, ValueError, LookupError, struct.error, WorkbookUnreadable):
        return ()
