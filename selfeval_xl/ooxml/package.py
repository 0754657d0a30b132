"""The zip package of a workbook: refuses what is none, reads parts and relationships within limits.

Every fault of the container ends in ``WorkbookUnreadable``.
"""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from selfeval_xl.ooxml.errors import WorkbookUnreadable
from selfeval_xl.ooxml.markup import parse

MAX_FILE = 50 * 1024 * 1024
MAX_TOTAL = 400 * 1024 * 1024
MAX_PART = 200 * 1024 * 1024
MAX_ENTRIES = 10_000
MAX_MARKS = 20_000_000
"""Tags and attributes of all parts read: what a tree costs depends on them, not on bytes."""

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_CENTRAL_ENTRY = b"PK\x01\x02"
_ENCRYPTED_FLAG = 0x1
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
            self._zip = zipfile.ZipFile(BytesIO(data))
        except _ZIP_FAULTS as fault:
            raise WorkbookUnreadable("damaged", f"zip directory: {fault}") from fault
        self._entries = _checked(self._zip.infolist())
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
            with self._zip.open(entry) as stream:
                data = stream.read(MAX_PART + 1)
        except _ZIP_FAULTS as fault:
            raise WorkbookUnreadable("damaged", f"part {part}: {fault}") from fault
        if len(data) != entry.file_size:
            raise WorkbookUnreadable("damaged", f"part {part} is not as long as the directory says")
        self._spend(part, data)
        return data

    def relations(self, part: str = "") -> dict[str, Relation]:
        """Return the relationships of *part* by their ids; of the package itself for ``""``."""
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        if path not in self:
            return {}
        found: dict[str, Relation] = {}
        for element in parse(self.read(path), path):
            kind = element.get("Type", "").rstrip("/").rpartition("/")[2]
            target, outside = element.get("Target", ""), element.get("TargetMode") == "External"
            place = target if outside else self._resolve(folder, target)
            found[element.get("Id", "")] = Relation(kind, place, outside)
        return found

    def _resolve(self, folder: str, target: str) -> str:
        path = posixpath.normpath(posixpath.join("/", folder, target.replace("\\", "/")))
        return path if path in self else unquote(path)

    def _spend(self, part: str, data: bytes) -> None:
        self._bytes_left -= len(data)
        self._marks_left -= data.count(b"<") + data.count(b"=")
        if self._bytes_left < 0 or self._marks_left < 0:
            raise WorkbookUnreadable("too_large", f"reading up to part {part}")


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
    except (OSError, ValueError) as fault:
        raise WorkbookUnreadable("missing", f"cannot be opened: {fault}") from fault


def _refusal(data: bytes, suffix: str) -> WorkbookUnreadable:
    """Say what bytes are that do not begin as a zip."""
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
