"""Packages written again with a few words replaced: what does not hold them is copied as it is packed."""

import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL = struct.Struct("<4s6H3L5H2L")
END = struct.Struct("<4s4H2LH")
VERSION, UTF8, DEFLATED = 20, 0x800, 8
DAY = (1 << 5) + 1
"""The first day that a package can tell: 1980-01-01."""


class Member(NamedTuple):
    """A part: its name, its content, and that content packed."""

    name: bytes
    content: bytes
    packed: bytes


def members(path: Path) -> tuple[Member, ...]:
    """Return the parts of a package."""
    with zipfile.ZipFile(path) as package:
        return tuple(_member(name.encode(), package.read(name)) for name in package.namelist())


def _member(name: bytes, content: bytes) -> Member:
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    return Member(name, content, packer.compress(content) + packer.flush())


def renamed_package(parts: Sequence[Member], words: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Return a package of *parts* with every word of *words* replaced by its other."""
    body, directory = bytearray(), bytearray()
    for part in parts:
        used = part
        if any(word in part.content for word, _ in words):
            content = part.content
            for word, other in words:
                content = content.replace(word, other)
            used = _member(part.name, content)
        checks = (zlib.crc32(used.content), len(used.packed), len(used.content))
        head = (VERSION, UTF8, DEFLATED, 0, DAY, *checks, len(used.name), 0)
        directory += CENTRAL.pack(b"PK\1\2", VERSION, *head, 0, 0, 0, 0, len(body)) + used.name
        body += LOCAL.pack(b"PK\3\4", *head) + used.name + used.packed
    count = len(parts)
    return bytes(body + directory) + END.pack(b"PK\5\6", 0, 0, count, count, len(directory), len(body), 0)
