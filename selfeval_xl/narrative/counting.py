"""Counts in a text: a whole against its listed parts, visits against their dates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from selfeval_xl.amounts import show
from selfeval_xl.cells import Address
from selfeval_xl.narrative.lexicon import sentences
from selfeval_xl.narrative.model import Paragraph
from selfeval_xl.narrative.quantities import COUNT, PEOPLE, Quantity, quantities
from selfeval_xl.narrative.words import fold, words

_DIGIT = re.compile(r"\d")
_PARTS = 2
_SHARED = 3
"""How many signs of a destination must stand in the list of dates as well."""


def lists_that_differ(paragraphs: Sequence[Paragraph]) -> Iterator[tuple[Address, str, str]]:
    """Yield counts that are not the sum of the parts listed behind them: cell, as written, what the parts make."""
    all_words = tuple(words()["counting"]["all"])
    for paragraph in paragraphs:
        if not any(word in paragraph.text for word in all_words) or not _DIGIT.search(paragraph.text):
            continue
        text = fold(paragraph.text)
        for start, end in sentences(text):
            figures = [one for one in quantities(text[start:end]) if one.kind in (COUNT, PEOPLE)]
            difference = _difference(text[start:end], figures, all_words)
            if difference is not None:
                yield paragraph.cell, *difference


def _difference(text: str, figures: list[Quantity], all_words: tuple[str, ...]) -> tuple[str, str] | None:
    """Return a whole as written and the sum of its parts, where the sentence is nothing but that list."""
    for at, whole in enumerate(figures):
        if not text[: whole.start].rstrip().endswith(all_words):
            continue
        parts = [one for one in figures[at + 1 :] if one.unit == whole.unit]
        if at == 0 and len(parts) >= _PARTS and len(parts) == len(figures) - 1:
            added = sum((one.low for one in parts), Decimal(0))
            if added != whole.low and not any(one.rough for one in [whole, *parts]):
                return text[whole.start : whole.end], f"{show(added, 0)}{whole.unit}"
    return None


def visits_that_differ(
    paragraphs: Sequence[Paragraph], year: int
) -> Iterator[tuple[Address, Address, str, str]]:
    """Yield counts of this year's visits that the list of their dates does not bear out.

    Cell of the count, cell of the dates, the count as written, and how many of the dates are of this year.
    """
    dates = list(_date_lists(paragraphs))
    for paragraph in paragraphs if dates else ():
        for match in _visit_pattern().finditer(fold(paragraph.text)):
            for cell, text, of_year in dates:
                said, total = int(match["count"]), sum(of_year.values())
                if said == total != of_year.get(year, 0) and _same_place(match["place"], text):
                    yield paragraph.cell, cell, match["written"], str(of_year.get(year, 0))
                    break


def _date_lists(paragraphs: Sequence[Paragraph]) -> Iterator[tuple[Address, str, dict[int, int]]]:
    """Yield the sentences that list dates with their years: cell, sentence, how many dates are of each year."""
    for paragraph in paragraphs:
        text = fold(paragraph.text)
        if not _date_pattern().search(text):
            continue
        for start, end in sentences(text):
            found: dict[int, int] = {}
            current = 0
            for match in _date_pattern().finditer(text, start, end):
                current = int(match[1]) if match[1] else current
                found[current] = found.get(current, 0) + 1
            if sum(found.values()) >= _PARTS and 0 not in found:
                yield paragraph.cell, text[start:end], found


def _same_place(place: str, text: str) -> bool:
    return any(place[at : at + _SHARED] in text for at in range(len(place) - _SHARED + 1))


@lru_cache(maxsize=1)
def _date_pattern() -> re.Pattern[str]:
    year, month, day = words()["counting"]["date"]
    return re.compile(rf"(?:(20\d\d)\s*{year})?\s*\d{{1,2}}\s*{month}\s*\d{{1,2}}\s*{day}")


@lru_cache(maxsize=1)
def _visit_pattern() -> re.Pattern[str]:
    spec = words()["counting"]
    this_year = "|".join(sorted(spec["this_year"], key=len, reverse=True))
    visits = "|".join(spec["visits"])
    return re.compile(
        rf"(?P<written>(?:{this_year})[^\d]{{0,12}}?(?P<count>\d{{1,2}})\s*{spec['times']})[^\d]{{0,4}}?(?:{visits})(?P<place>\w{{3,10}})"
    )
