"""What the program is, to the byte: results of another one are not this one's."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

from selfeval_xl.shipped import form_folders

PACKAGE = Path(__file__).resolve().parents[1]
SUFFIXES = (".py", ".toml")


def program_digest() -> str:
    """Return a digest of the program and of all declarations it knows, the same wherever they are installed."""
    digest = hashlib.sha256(str(sys.version_info[:2]).encode())
    for folder in (PACKAGE, *form_folders()):
        for name, file in _files(folder):
            content = file.read_bytes()
            digest.update(f"{name}\n{len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    found = (file for file in folder.rglob("*") if file.suffix in SUFFIXES and file.is_file())
    named = ((file.relative_to(folder).as_posix(), file) for file in found)
    # What a wheel holds inside the package is looked at as the folders that it is.
    yield from sorted(pair for pair in named if not pair[0].startswith("_shipped/"))
