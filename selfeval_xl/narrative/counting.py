"""Counts in a text: a whole against its listed parts, visits against their dates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from selfeval_xl.amounts import show
from selfeval_xl.cells import Address
from selfeval_xl.narrative.lexicon import between, sentences
from selfeval_xl.narrative.numerals import Numerals
from selfeval_xl.narrative.quantities import COUNT, PEOPLE, Quantity
from selfeval_xl.narrative.source import Source, Text
from selfeval_xl.narrative.words import fold, words

_PARTS = 2
_NEAR, _TEN = Decimal(3), Decimal(10)
_BEFORE_STEPS = 20
"""How many signs before the first step its count may stand."""
_SHARED = 3
"""How many signs of a destination must stand in the list of dates as well."""


def lists_that_differ(source: Source) -> Iterator[tuple[Address, str, str]]:
    """Yield counts that are not the sum of the parts listed behind them: cell, as written, what the parts make."""
    for number, differences in source.each(_lists_in):
        for written, added in differences:
            yield source.paragraphs[number].cell, written, added


def _lists_in(text: Text) -> list[tuple[str, str]]:
    all_words = tuple(words()["counting"]["all"])
    figures = [one for one in text.figures if one.kind in (COUNT, PEOPLE)]
    if len(figures) <= _PARTS or not any(word in text.written for word in all_words):
        return []
    found = (
        _difference(text.folded, between(figures, start, end), all_words)
        for start, end in sentences(text.folded)
    )
    return [one for one in found if one is not None]


def _difference(text: str, figures: Sequence[Quantity], all_words: tuple[str, ...]) -> tuple[str, str] | None:
    """Return a whole as written and the sum of its parts, where the sentence is nothing but that list.

    Where the whole is not right behind its word, the list must call itself one, and a larger difference means that it
    names some of the parts only.
    """
    if len(figures) <= _PARTS or any(one.rough or one.unit != figures[0].unit for one in figures):
        return None
    whole, *parts = figures
    before = _clause_pattern().split(text[: whole.start].rstrip())[-1]
    is_list = any(word in text[whole.end : parts[0].start] for word in words()["counting"]["among"])
    added = sum((one.low for one in parts), Decimal(0))
    is_near = is_list and abs(added - whole.low) <= min(_NEAR, whole.low / _TEN)
    is_whole = before.endswith(all_words) or (is_near and any(word in before for word in all_words))
    if not is_whole or added == whole.low:
        return None
    return text[whole.start : whole.end], f"{show(added, 0)}{whole.unit}"


def steps_that_differ(source: Source) -> Iterator[tuple[Address, str, str]]:
    """Yield counts of steps that are not those told behind them one by one: cell, as written, how many there are."""
    others = words()["counting"]["marks"][1:]
    for number, (match, told) in source.each(_steps_in):
        following = source.paragraphs[number + 1].text if number + 1 < len(source.paragraphs) else ""
        goes_on = told <= len(others) and following.startswith(others[told - 1])
        if not goes_on and _numerals().value(fold(match["count"])) != told:
            yield source.paragraphs[number].cell, match["written"], f"{told}{match['unit']}"


def _steps_in(text: Text) -> tuple[re.Match[str], int] | None:
    """Return the count of steps that a text goes on to tell, and how many it tells; ``None`` for less than two."""
    first, *others = words()["counting"]["marks"]
    start = text.written.find(first)
    if start < 0:
        return None
    match = _steps_pattern().search(text.written, max(0, start - _BEFORE_STEPS), start)
    told = _told(text.written[start:], others)
    return (match, told) if match is not None and told >= _PARTS else None


def _told(text: str, marks: Sequence[str]) -> int:
    """Return how many steps a text tells that begins with the first: as many as are marked in order."""
    at = 0
    for told, mark in enumerate(marks, start=1):
        at = text.find(mark, at)
        if at < 0:
            return told
    return len(marks) + 1


def visits_that_differ(source: Source, year: int) -> Iterator[tuple[tuple[Address, ...], str, str]]:
    """Yield counts of this year's visits that the list of their dates does not bear out.

    The cells of the count, that of the dates last; the count as written; how many of the dates are of this year.
    """
    found: dict[tuple[str, str], list[Address]] = {}
    for at, lists in source.each(_date_lists):
        cell = source.paragraphs[at].cell
        for text, of_year in lists:
            for number, match in _visits(source):
                said, right = int(match["count"]), of_year.get(year, 0)
                if said == sum(of_year.values()) != right and _same_place(match["place"], text):
                    same = found.setdefault((match["written"], str(right)), [cell])
                    same.insert(-1, source.paragraphs[number].cell)
    for (written, this_year), cells in found.items():
        yield tuple(dict.fromkeys(cells)), written, this_year


def _visits(source: Source) -> Iterator[tuple[int, re.Match[str]]]:
    return ((number, match) for number, matches in source.each(_visits_in) for match in matches)


def _visits_in(text: Text) -> list[re.Match[str]]:
    is_said = any(word in text.written for word in words()["counting"]["this_year"])
    return list(_visit_pattern().finditer(text.written)) if is_said else []


def _date_lists(text: Text) -> list[tuple[str, dict[int, int]]]:
    """Return the sentences that list dates with their years: sentence, how many dates are of each year."""
    _, _, day = words()["counting"]["date"]
    if text.written.count(day) < _PARTS or len(_day_pattern().findall(text.written)) < _PARTS:
        return []
    lists: list[tuple[str, dict[int, int]]] = []
    for start, end in sentences(text.folded):
        found: dict[int, int] = {}
        current = 0
        for match in _date_pattern().finditer(text.folded, start, end):
            current = int(match[1]) if match[1] else current
            found[current] = found.get(current, 0) + 1
        if sum(found.values()) >= _PARTS and 0 not in found:
            lists.append((text.folded[start:end], found))
    return lists


def _same_place(place: str, text: str) -> bool:
    return any(place[at : at + _SHARED] in text for at in range(len(place) - _SHARED + 1))


@lru_cache(maxsize=1)
def _clause_pattern() -> re.Pattern[str]:
    grammar = words()["grammar"]
    return re.compile(
        f"[{''.join(map(re.escape, [*grammar['stop'], *grammar['comma'], *grammar['semicolon']]))}]"
    )


@lru_cache(maxsize=1)
def _steps_pattern() -> re.Pattern[str]:
    spec, numerals = words()["counting"], words()["numerals"]
    signs = "".join([*numerals["digits"], *numerals["also"], *numerals["tens"]])
    unit = "|".join(sorted(map(re.escape, words()["units"]["count"]), key=len, reverse=True))
    count = rf"(?P<written>(?P<count>[{signs}]{{1,3}}|\d{{1,2}})(?P<unit>{unit}))"
    return re.compile(f"{count}{spec['steps']}$")


@lru_cache(maxsize=1)
def _numerals() -> Numerals:
    return Numerals(words()["numerals"])


@lru_cache(maxsize=1)
def _day_pattern() -> re.Pattern[str]:
    _, month, day = words()["counting"]["date"]
    return re.compile(rf"\d\d?\s*{month}\s*\d\d?\s*{day}")


@lru_cache(maxsize=1)
def _date_pattern() -> re.Pattern[str]:
    year, month, day = words()["counting"]["date"]
    return re.compile(rf"(?:(\d\d\d\d)\s*{year})?\s*\d{{1,2}}\s*{month}\s*\d{{1,2}}\s*{day}")


@lru_cache(maxsize=1)
def _visit_pattern() -> re.Pattern[str]:
    spec = words()["counting"]
    this_year = "|".join(sorted(spec["this_year"], key=len, reverse=True))
    visits = "|".join(spec["visits"])
    return re.compile(
        rf"(?P<written>(?:{this_year})[^\d]{{0,12}}?(?P<count>\d{{1,2}})\s*{spec['times']})[^\d]{{0,4}}?(?:{visits})(?P<place>\w{{3,10}})"
    )
