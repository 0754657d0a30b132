"""Parts of a year: where a text gives amounts of half a year, of a quarter, or up to some month."""

from __future__ import annotations

import re
from functools import lru_cache

from selfeval_xl.narrative.numerals import Numerals
from selfeval_xl.narrative.words import words

Span = tuple[int, int]
_MONTHS = 12


def parts_of_year(text: str, start: int, end: int) -> tuple[Span, ...]:
    """Return where from *start* to *end* of a folded *text* amounts are of a part of the year.

    That begins with words for such a part, and ends with those for the whole year.
    """
    if not any(hint in text for hint in words()["period"]["hints"]):
        return ()
    found: list[Span] = []
    since = -1
    for match in _pattern().finditer(text, start, end):
        is_part = _is_part(match)
        if is_part and since < 0:
            since = match.end()
        elif not is_part and since >= 0:
            found.append((since, match.start()))
            since = -1
    return (*found, (since, end)) if since >= 0 else tuple(found)


def _is_part(match: re.Match[str]) -> bool:
    """Tell whether words mean a part of a year: up to the last month, or from the first to it, is the whole."""
    if match["whole"]:
        return False
    if match["last"]:
        return (_month(match["first"]), _month(match["last"])) != (1, _MONTHS)
    return _month(match["until"] or match["end"] or "0") != _MONTHS


def _month(written: str) -> int:
    return int(_numerals().value(written))


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    spec, numerals = words()["period"], words()["numerals"]
    signs = "".join([*numerals["digits"], *numerals["tens"]])
    one_of = {
        key: "|".join(map(re.escape, spec[key])) for key in ("parts", "until", "end", "during", "whole")
    }
    number = rf"(?:\d{{1,2}}|[{signs}]{{1,3}})"
    year, month = spec["date"]
    to = "|".join(map(re.escape, numerals["between"]))
    before = rf"(?<![\d{signs}])"
    return re.compile(
        "|".join(
            (
                rf"{before}(?P<first>{number})(?:{month}\w?)?\s?(?:{to})\s?(?P<last>{number}){month}",
                rf"(?:{one_of['until']})(?:\d{{4}}{year})?(?P<until>{number}){month}",
                rf"{before}(?P<end>{number}){month}(?:{one_of['end']})",
                rf"{before}{number}{month}(?:{one_of['during']})",
                rf"{one_of['parts']}",
                rf"(?P<whole>{one_of['whole']}|\d{{4}}{year})",
            )
        )
    )


@lru_cache(maxsize=1)
def _numerals() -> Numerals:
    return Numerals(words()["numerals"])
