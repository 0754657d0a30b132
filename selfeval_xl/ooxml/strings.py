"""Text as a workbook stores it: escapes, line ends, rich text and the shared strings."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from selfeval_xl.ooxml.markup import namespace, parse

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def decode(text: str) -> str:
    r"""Return stored text with ``_xHHHH_`` resolved and ``\n`` as its line end."""
    if "_x" in text:
        text = _joined(_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text))
    return text.replace("\r\n", "\n") if "\r" in text else text


def _joined(text: str) -> str:
    """Join surrogates that were escaped one by one; a single half cannot be text."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def rich_text(element: ElementTree.Element, tag: str) -> str:
    """Return the text of an ``si`` or ``is`` element in the namespace *tag*, without phonetic runs."""
    if len(element) == 1 and element[0].tag == f"{tag}t":
        return decode(element[0].text or "")
    plain, run = f"{tag}t", f"{tag}r"
    pieces: list[str] = []
    for child in element:
        if child.tag == plain:
            pieces.append(child.text or "")
        elif child.tag == run:
            pieces.extend(part.text or "" for part in child if part.tag == plain)
    # Excel escapes each run by itself.
    return "".join(decode(piece) for piece in pieces)


def shared_strings(data: bytes, part: str) -> dict[str, str]:
    """Return the shared strings of a part by their indexes, which cells give as text."""
    root = parse(data, part)
    tag = namespace(root)
    items = root.iterfind(f"{tag}si")
    return {str(index): rich_text(item, tag) for index, item in enumerate(items)}
