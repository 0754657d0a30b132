"""XML parts as trees: no DTD, no entities but XML's own five, no network.

Uses the standard library's tree because it is read faster from Python than
lxml's: its elements are Python objects once parsed, not proxies made on access.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from selfeval_xl.ooxml.errors import WorkbookUnreadable

MAIN_NAMESPACES = (
    "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}",
    "{http://purl.oclc.org/ooxml/spreadsheetml/main}",
)

_DECLARED = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([^\"']*)")
_DECLARATION = re.compile(r"^\s*<\?xml\b[^>]*\?>")
# Encodings in which every byte of markup is ASCII, so that a DTD cannot hide from the search.
_ENCODINGS = (b"utf-8", b"utf8", b"us-ascii", b"ascii", b"iso-8859-1")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def parse(data: bytes, part: str) -> ElementTree.Element:
    """Return the root of a part's XML; raises ``WorkbookUnreadable`` where it is malformed."""
    try:
        return ElementTree.XML(_harmless(data))
    except (ElementTree.ParseError, ValueError, LookupError) as fault:
        raise WorkbookUnreadable("damaged", f"part {part}: {fault}") from fault


def _harmless(data: bytes) -> bytes:
    """Return XML without a DTD, the only way to entities of one's own and to outside files.

    Its markup is ASCII bytes, so that nothing hides from the search: UTF-16 is
    rewritten, other encodings are refused with ``ValueError``.
    """
    if data.startswith(_UTF16_MARKS):
        data = _DECLARATION.sub("", data.decode("utf-16"), count=1).encode()
    if b"\0" in data or b"<!DOCTYPE" in data:
        raise ValueError("a NUL byte or a document type declaration")
    declared = _DECLARED.match(data)
    if declared is not None and declared[1].lower() not in _ENCODINGS:
        raise ValueError(f"encoding {declared[1]!r}")
    return data


def is_utf8(data: bytes) -> bool:
    """Tell whether a part says that it is UTF-8, or says nothing and is no UTF-16."""
    declared = _DECLARED.match(data)
    if declared is not None:
        return declared[1].lower() in (b"utf-8", b"utf8")
    return not data.startswith(_UTF16_MARKS)


def namespace(root: ElementTree.Element) -> str:
    """Return the namespace of a part's root as it stands before each tag: ``{address}`` or ``""``."""
    return root.tag[: root.tag.rfind("}") + 1]


def is_true(text: str | None) -> bool:
    """Tell an attribute that XML counts as true; a missing one is not."""
    return text in ("1", "true")
