"""A written workbook changed as people and programs change them: through openpyxl, or in its XML."""

import re
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.workbook import Workbook

from tests.acceptance.calling import parts, repacked, sheet_parts

RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def by_library(source: Path, target: Path, change: Callable[[Workbook], object]) -> Path:
    """Load a workbook, change it, save it under another name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about extensions that openpyxl drops
        book = openpyxl.load_workbook(source)
    change(book)
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)
    return target


def in_sheet(source: Path, target: Path, sheet: str, pattern: str, new: str) -> Path:
    """Replace the first match of a pattern in the XML of a sheet, which must have one."""
    part = sheet_parts(source)[sheet]

    def change(name: str, content: bytes) -> bytes:
        if name != part:
            return content
        text, count = re.subn(pattern, new, content.decode("utf-8"), count=1)
        assert count == 1, f"{sheet} holds no {pattern!r}"
        return text.encode("utf-8")

    return repacked(source, target, change)


def with_parts(source: Path, target: Path, added: dict[str, str | bytes]) -> Path:
    """Add parts to a package, or replace them."""
    contents: dict[str, str | bytes] = {**parts(source), **added}
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in contents.items():
            package.writestr(name, content)
    return target


def leading_to(
    source: Path, target: Path, kind: str, part: str, content: bytes = b"x", sheet: str = ""
) -> Path:
    """Add a part that the workbook, or one of its sheets, leads to by a relationship of this kind."""
    of_sheet = sheet_parts(source)[sheet] if sheet else ""
    owner = f"xl/worksheets/_rels/{Path(of_sheet).name}.rels" if sheet else "xl/_rels/workbook.xml.rels"
    line = f'<Relationship Id="rIdX" Type="{OFFICE}/{kind}" Target="/{part}"/>'
    old = parts(source).get(owner, f'<Relationships xmlns="{RELATIONS}"></Relationships>'.encode())
    new = old.decode("utf-8").replace("</Relationships>", f"{line}</Relationships>")
    return with_parts(source, target, {owner: new, part: content})


def comments(*said: tuple[str, str]) -> bytes:
    """The part of a sheet's comments."""
    lines = "".join(
        f'<comment ref="{cell}" authorId="0"><text><r><t>{escape(text)}</t></r></text></comment>'
        for cell, text in said
    )
    return (
        f'<comments xmlns="{MAIN}"><authors><author/></authors><commentList>{lines}</commentList></comments>'
    ).encode()
