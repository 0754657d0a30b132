"""The zip package of a workbook: refuses what is none, reads parts and relationships within limits.

Every fault of the container ends in ``WorkbookUnreadable``.
"""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from selfeval_xl.ooxml.errors import Reason, WorkbookUnreadable
from selfeval_xl.ooxml.markup import parse

MAX_FILE = 50 * 1024 * 1024
MAX_TOTAL = 400 * 1024 * 1024
MAX_PART = 200 * 1024 * 1024
MAX_ENTRIES = 10_000
SMALL_PART = 64 * 1024
MAX_MARKS = 20_000_000
"""Tags and attributes of all parts read: what a tree costs depends on them, not on bytes."""

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_CENTRAL_ENTRY = b"PK\x01\x02"
_ENCRYPTED_FLAG = 0x1
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

# What zipfile lets through on bytes that are no sound zip, found by fuzzing and in its source.
_ZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    ArithmeticError,
    LookupError,
)


class Relation(NamedTuple):
    """A relationship: the last word of its type, and the part it leads to (or an outside address)."""

    kind: str
    target: str
    outside: bool


class Package:
    """The parts of one file, by names that are compared without regard to case."""

    def __init__(self, data: bytes) -> None:
        """Read the directory of *data*; nothing is unzipped before the limits hold."""
        if data.count(_CENTRAL_ENTRY) > MAX_ENTRIES:
            raise WorkbookUnreadable("too_large", "too many zip entries")
        try:
            entries = zipfile.ZipFile(BytesIO(data)).infolist()
        except _ZIP_FAULTS as fault:
            raise WorkbookUnreadable("damaged", f"zip directory: {fault}") from fault
        self._data = data
        self._entries = _checked(entries)
        self._bytes_left = MAX_TOTAL
        self._marks_left = MAX_MARKS

    def __contains__(self, part: str) -> bool:
        return _key(part) in self._entries

    def parts(self) -> list[str]:
        """Return the names of all parts in lower case, in the directory's order."""
        return list(self._entries)

    def read(self, part: str) -> bytes:
        """Return one part's bytes; a part read twice counts twice against the limits."""
        entry = self._entries.get(_key(part))
        if entry is None:
            raise WorkbookUnreadable("damaged", f"part {part} is missing")
        try:
            data = _unpacked(self._data, entry)
        except _ZIP_FAULTS as fault:
            raise WorkbookUnreadable("damaged", f"part {part}: {fault}") from fault
        self._spend(part, data)
        return data

    def relations(self, part: str = "") -> dict[str, Relation]:
        """Return the relationships of *part* by their ids; of the package itself for ``""``."""
        folder, file = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{file}.rels")
        if path not in self:
            return {}
        found: dict[str, Relation] = {}
        for name, relation in _relations(self.read(path), path):
            place = relation.target if relation.outside else self._resolve(folder, relation.target)
            found[name] = relation._replace(target=place)
        return found

    def _resolve(self, folder: str, target: str) -> str:
        path = _absolute(folder, target)
        return path if path in self else unquote(path)

    def _spend(self, part: str, data: bytes) -> None:
        self._bytes_left -= len(data)
        # No tag is shorter than four bytes, no attribute either: counting would tell little more.
        is_small = len(data) < SMALL_PART
        self._marks_left -= len(data) // 4 if is_small else data.count(b"<") + data.count(b"=")
        if self._bytes_left < 0 or self._marks_left < 0:
            raise WorkbookUnreadable("too_large", f"reading up to part {part}")


def _unpacked(data: bytes, entry: zipfile.ZipInfo) -> bytes:
    """Return the content of a zip entry; raises ``ValueError`` where it is not as the directory says.

    All bytes are at hand and are wanted at once, which takes half the time of zipfile's streams.
    """
    start = entry.header_offset
    mark, name_length, extra_length = _LOCAL_HEADER.unpack_from(data, start)
    start += _LOCAL_HEADER.size
    name = data[start : start + name_length]
    start += name_length + extra_length
    if mark != _ZIP or name not in (
        entry.orig_filename.encode(),
        entry.orig_filename.encode("cp437", "replace"),
    ):
        raise ValueError("the entry is another than the directory says")
    packed = memoryview(data)[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        content = bytes(packed)
    else:
        content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, entry.file_size + 1)
    if len(content) != entry.file_size or zlib.crc32(content) != entry.CRC:
        raise ValueError("the content is not as the directory says")
    return content


@lru_cache(maxsize=1024)
def _absolute(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, target.replace("\\", "/")))


@lru_cache(maxsize=64)
def _relations(data: bytes, path: str) -> tuple[tuple[str, Relation], ...]:
    """Return the relationships as they are written; the same in most workbooks of a form."""
    return tuple(
        (
            element.get("Id", ""),
            Relation(
                element.get("Type", "").rstrip("/").rpartition("/")[2],
                element.get("Target", ""),
                element.get("TargetMode") == "External",
            ),
        )
        for element in parse(data, path)
    )


def open_package(source: Path | bytes) -> Package:
    """Return the package in a file or in bytes; raises ``WorkbookUnreadable`` for anything else."""
    suffix = "" if isinstance(source, bytes) else source.suffix.lower()
    data = source if isinstance(source, bytes) else _file_bytes(source)
    if len(data) > MAX_FILE:
        raise WorkbookUnreadable("too_large", f"{len(data)} bytes")
    if not data.startswith((_ZIP, _EMPTY_ZIP)):
        raise _refusal(data, suffix)
    return Package(data)


def _file_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            # One byte more than allowed, so that a file growing meanwhile cannot exceed the limit.
            return stream.read(MAX_FILE + 1)
    except PermissionError as fault:
        # Windows refuses to open a folder in these words too.
        reason: Reason = "is_folder" if path.is_dir() else "no_access"
        raise WorkbookUnreadable(reason, f"cannot be opened: {fault}") from fault
    except IsADirectoryError as fault:
        raise WorkbookUnreadable("is_folder", f"cannot be opened: {fault}") from fault
    except (OSError, ValueError) as fault:
        raise WorkbookUnreadable("missing", f"cannot be opened: {fault}") from fault


def _refusal(data: bytes, suffix: str) -> WorkbookUnreadable:
    """Say what bytes are that do not begin as a zip."""
    if not data:
        return WorkbookUnreadable("empty", "no bytes")
    if data.startswith(_OLE2):
        if _ENCRYPTED_STREAM in data:
            return WorkbookUnreadable("encrypted", "OLE2 with an EncryptedPackage stream")
        if suffix in (".et", ".ett"):
            return WorkbookUnreadable("is_wps", "OLE2 named as a WPS spreadsheet")
        return WorkbookUnreadable("old_format", "OLE2")
    head = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe").replace(b"\0", b"").lstrip()
    if head.startswith(b"<") or head.upper().startswith(b"MIME-VERSION:"):
        return WorkbookUnreadable("is_html", f"begins with {head[:40]!r}")
    return WorkbookUnreadable("not_a_package", f"begins with {data[:16]!r}")


def _checked(entries: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Return the entries by key, after the limits that the directory alone can show."""
    if len(entries) > MAX_ENTRIES:
        raise WorkbookUnreadable("too_large", f"{len(entries)} zip entries")
    if sum(entry.file_size for entry in entries) > MAX_TOTAL:
        raise WorkbookUnreadable("too_large", "unzipped total")
    found: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        if entry.file_size > MAX_PART:
            raise WorkbookUnreadable("too_large", f"part {entry.filename}")
        if entry.flag_bits & _ENCRYPTED_FLAG:
            raise WorkbookUnreadable("encrypted", f"part {entry.filename}")
        if entry.compress_type not in _METHODS:
            raise WorkbookUnreadable("damaged", f"part {entry.filename}: compression {entry.compress_type}")
        # Two parts of one name are read differently by different programs.
        if found.setdefault(_key(entry.filename), entry) is not entry:
            raise WorkbookUnreadable("damaged", f"part {entry.filename} stands twice")
    return found


def _key(part: str) -> str:
    return part.replace("\\", "/").lstrip("/").lower()
