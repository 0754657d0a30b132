"""Files that are no workbook, or no longer one: each is refused, with a reason, and nothing else is raised."""

from __future__ import annotations

import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter

from selfeval_xl.ooxml import grid, package, read
from selfeval_xl.ooxml.errors import REASONS, WorkbookUnreadable
from selfeval_xl.ooxml.read import read_book
from tests.unit.ooxml.parts import MAIN, relations, with_part, workbook, workbook_parts, zipped

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"


def reason_of(source: Path | bytes) -> str:
    with pytest.raises(WorkbookUnreadable) as caught:
        read_book(source)
    assert caught.value.reason in REASONS
    assert caught.value.reason in str(caught.value)
    return caught.value.reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"name,amount\r\n", "not_a_package"),
        (OLE2, "old_format"),
        (OLE2 + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"<html><table></table></html>", "is_html"),
        ("\ufeff\r\n <!DOCTYPE html>".encode(), "is_html"),
        ("<html>".encode("utf-16"), "is_html"),
        (b'<?xml version="1.0"?><Workbook/>', "is_html"),
        (b"MIME-Version: 1.0\r\n", "is_html"),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (zipped({}), "no_workbook"),
        (zipped({"content.xml": "<office/>"}), "no_workbook"),
    ],
)
def test_what_is_no_package_is_told_apart(data: bytes, reason: str) -> None:
    assert reason_of(data) == reason


def test_a_wps_spreadsheet_is_known_by_its_suffix(tmp_path: Path) -> None:
    path = tmp_path / "自评表.et"
    path.write_bytes(OLE2)
    assert reason_of(path) == "is_wps"
    path.write_bytes(workbook())
    assert list(read_book(path).sheets) == ["收支表"]


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    assert reason_of(tmp_path / "没有.xlsx") == "missing"
    assert reason_of(tmp_path) == "is_folder"
    assert reason_of(Path("a\0b.xlsx")) == "missing"


@pytest.mark.parametrize(
    ("kind", "target", "content"),
    [
        ("officeDocument", "word/document.xml", "<document/>"),
        ("officeDocument", "xl/workbook.bin", b"\x83"),
        ("officeDocument", "xl/other.xml", f'<worksheet xmlns="{MAIN}"/>'),
    ],
)
def test_another_office_document_is_no_workbook(kind: str, target: str, content: str | bytes) -> None:
    assert reason_of(zipped({"_rels/.rels": relations((kind, target)), target: content})) == "no_workbook"


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>abc</v></c></row>',
        '<row r="1"><c r="A1"><v>1_000</v></c></row>',
        '<row r="1"><c r="A1"><v>\uff11\uff12</v></c></row>',
        '<row r="1"><c r="A1"><v>nan</v></c></row>',
        '<row r="1"><c r="A1"><v>1e999</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>0</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
        '<row r="1"><c r="A1" t="b"><v>2</v></c></row>',
        '<row r="1"><c r="A1" t="d"><v>2024-13-01</v></c></row>',
        '<row r="1"><c r="A1" t="d"><v>1800-01-01</v></c></row>',
        '<row r="1"><c r="A1" t="zz"><v>1</v></c></row>',
        '<row r="1"><c r="1A"/></row>',
        '<row r="1"><c r="A2"/></row>',
        '<row r="1"><c r="XFD1"/><c/></row>',
        '<row r="0"/>',
        '<row r="1048577"/>',
        '<row r="一"/>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="A1"><f t="shared" si="7"/></c></row>',
        '<row r="1"><c r="A1"><f t="shared">B1</f></c></row>',
        f'<row r="1"><c r="A1"><f t="shared" ref="A1" si="0">{"1+" * 5000}1</f></c></row>',
        "<row>",
        "&nbsp;",
        "\x01",
    ],
)
def test_cells_that_make_no_sense_are_damage(rows: str) -> None:
    assert reason_of(workbook(rows)) == "damaged"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (SHEET, None),
        (STRINGS, None),
        ("xl/workbook.xml", None),
        ("xl/_rels/workbook.xml.rels", None),
        (SHEET, b""),
        (SHEET, f'<worksheet xmlns="{MAIN}"><cols><col min="a" max="2" hidden="1"/></cols></worksheet>'),
        (SHEET, '<worksheet xmlns="urn:other"/>'),
        (SHEET, f'<!DOCTYPE a [<!ENTITY b "c">]><worksheet xmlns="{MAIN}"/>'),
        (SHEET, f'<!DOCTYPE a SYSTEM "http://127.0.0.1/x"><worksheet xmlns="{MAIN}"/>'),
        (SHEET, f'<!DOCTYPE a><worksheet xmlns="{MAIN}"/>'.encode("utf-16")),
        (SHEET, f'<!DOCTYPE a><worksheet xmlns="{MAIN}"/>'.encode("utf-16-le")),
        (SHEET, f'<?xml version="1.0" encoding="cp037"?><worksheet xmlns="{MAIN}"/>'),
        (SHEET, f'<?xml version="1.0" encoding="none"?><worksheet xmlns="{MAIN}"/>'),
        (SHEET, b"\xff\xfe\x00"),
        (STRINGS, f'<sst xmlns="{MAIN}"><si><t>\xff</t></si></sst>'.encode("latin-1")),
        ("xl/workbook.xml", f'<workbook xmlns="{MAIN}"/>'),
        ("xl/workbook.xml", f'<workbook xmlns="{MAIN}"><sheets><sheet name="a"/></sheets></workbook>'),
    ],
)
def test_parts_that_are_missing_or_malformed_are_damage(name: str, content: str | bytes | None) -> None:
    assert reason_of(with_part(name, content)) == "damaged"


def test_a_sheet_name_given_twice_is_damage() -> None:
    parts = workbook_parts()
    sheet = '<sheet name="收支表" sheetId="1" r:id="rId1"/>'
    parts["xl/workbook.xml"] = str(parts["xl/workbook.xml"]).replace(sheet, sheet * 2)
    assert reason_of(zipped(parts)) == "damaged"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_stands_twice_is_damage() -> None:
    stream = BytesIO(workbook())
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(SHEET.upper(), "<other/>")
    assert reason_of(stream.getvalue()) == "damaged"


def test_a_zip_with_a_password_is_encrypted() -> None:
    data = bytearray(workbook())
    entry = data.rfind(b"PK\x01\x02")
    data[entry + 8] |= 1
    assert reason_of(bytes(data)) == "encrypted"


def test_an_unusual_compression_is_damage() -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert reason_of(stream.getvalue()) == "damaged"


@pytest.mark.parametrize(
    ("module", "limit", "value"),
    [
        (package, "MAX_FILE", 100),
        (package, "MAX_TOTAL", 100),
        (package, "MAX_PART", 100),
        (package, "MAX_ENTRIES", 2),
        (package, "MAX_MARKS", 10),
        (read, "MAX_SHEETS", 0),
    ],
)
def test_each_limit_is_held(monkeypatch: pytest.MonkeyPatch, module: object, limit: str, value: int) -> None:
    monkeypatch.setattr(module, limit, value)
    assert reason_of(workbook()) == "too_large"


def test_the_total_is_held_while_reading_one_part_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = workbook_parts()
    sheets = "".join(f'<sheet name="{number}" r:id="rId1"/>' for number in range(40))
    parts["xl/workbook.xml"] = str(parts["xl/workbook.xml"]).replace("<sheets>", f"<sheets>{sheets}")
    monkeypatch.setattr(package, "MAX_TOTAL", sum(len(str(text).encode()) for text in parts.values()) + 10)
    assert reason_of(zipped(parts)) == "too_large"


def test_shared_formulas_cannot_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "Workspace", partial(grid.Workspace, shared_left=1))
    cells = '<c r="A1"><f t="shared" ref="A1:B1" si="0">C1</f></c><c r="B1"><f t="shared" si="0"/></c>'
    assert reason_of(workbook(f'<row r="1">{cells}</row>')) == "too_large"


@pytest.mark.parametrize("declared", [10, 300 * 1024 * 1024, 2**32 - 2])
def test_a_directory_that_lies_about_sizes_is_refused(declared: int) -> None:
    data = bytearray(zipped({"_rels/.rels": relations(("officeDocument", "x.xml")) + " " * 5000}))
    entry = data.rfind(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<I", declared)
    assert reason_of(bytes(data)) in ("damaged", "too_large")


def sound_workbook() -> bytes:
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    for name in ("封面", "收支表"):
        sheet = book.add_worksheet(name)
        for row in range(6):
            sheet.write_row(row, 0, [f"项目{row}", row * 1.1, row % 2 == 0])
            sheet.write_formula(row, 3, f"=B{row + 1}*2", None, row * 2.2)
    book.set_custom_property("form", "自评")
    book.define_name("合计", "=收支表!$B$2")
    book.close()
    return stream.getvalue()


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return the bytes with a few of them changed, cut out, doubled or cut off."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(changed))
        piece = bytes(changed[start : start + chance.randint(1, 24)])
        flipped = bytes([piece[0] ^ 1 << chance.randrange(8)]) + piece[1:]
        noise = chance.randbytes(len(piece))
        changed[start : start + len(piece)] = chance.choice([flipped, b"", piece * 2, noise])
    return bytes(changed[: chance.randrange(len(changed))] if chance.random() < 0.1 else changed)


def mutations(count: int) -> Iterator[bytes]:
    """Return mutants of the container, and of single parts in a sound container."""
    chance = random.Random(20240501)
    data = sound_workbook()
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for number in range(count):
        if number % 2:
            yield mutated(data, chance)
        else:
            name = chance.choice(sorted(parts))
            yield zipped(parts | {name: mutated(parts[name], chance)})


def test_no_mutant_raises_anything_but_unreadable() -> None:
    reasons = [outcome(data) for data in mutations(800)]
    assert set(reasons) <= {None, *REASONS}
    assert len(reasons) - reasons.count(None) > 200


def outcome(data: bytes) -> str | None:
    """Return the reason of a refusal, ``None`` for a file that was read."""
    try:
        read_book(data)
    except WorkbookUnreadable as fault:
        return fault.reason
    return None


def test_every_truncation_is_refused() -> None:
    data = sound_workbook()
    for end in range(0, len(data) - 1, 37):
        assert reason_of(data[:end]) in ("damaged", "not_a_package", "empty")


def test_a_part_whose_checksum_is_wrong_is_damage() -> None:
    data = zipped(workbook_parts())
    checksum = struct.pack("<I", zlib.crc32(str(workbook_parts()[SHEET]).encode()))
    assert data.count(checksum) == 2
    assert reason_of(data.replace(checksum, b"\0\0\0\0")) == "damaged"
