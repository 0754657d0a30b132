"""Numbers that somebody typed as text, where there is no doubt which number is meant."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from selfeval_xl.amounts import plain

_PLAIN = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?")


def plain_number(text: str, unit: str = "") -> Decimal | None:
    """Return the number that a text is, or ``None`` where anybody could read it otherwise.

    Full width, blanks around it, commas between thousands and the form's own *unit* behind it leave no
    doubt; a stray stop, a letter for a digit or another unit do.
    """
    shown = unicodedata.normalize("NFKC", text).strip()
    if unit:
        shown = shown.removesuffix(unit).rstrip()
    return plain(Decimal(shown.replace(",", ""))) if _PLAIN.fullmatch(shown) else None
