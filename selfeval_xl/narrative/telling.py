"""What a text tells beside its amounts: trends, names, years, places left open, counts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from selfeval_xl.cells import Address
from selfeval_xl.findings import Finding
from selfeval_xl.form.model import Rule
from selfeval_xl.narrative.counting import lists_that_differ, visits_that_differ
from selfeval_xl.narrative.lexicon import lexicon_of, sentences
from selfeval_xl.narrative.model import PRIOR
from selfeval_xl.narrative.view import View
from selfeval_xl.narrative.words import fold, words

_SHORTEST_NAME = 4


def trends(view: View, rule: Rule) -> Iterator[Finding]:
    """Find words for a trend over years where no figure of an earlier year stands; one finding for all."""
    told = {one.paragraph for one in view.mentions if one.role == PRIOR}
    found = []
    for number, paragraph in enumerate(view.paragraphs):
        if number in told or view.figures.previous is not None:
            continue
        for word, start, end in _trends_in(paragraph.text):
            tokens = lexicon_of(view.form).tokens(fold(paragraph.text), start, end, (), {})
            if any(token.meaning.plain for token in tokens):
                found.append((paragraph.cell, word))
    if found:
        yield view.finding(rule, tuple(dict.fromkeys(cell for cell, _ in found)), written=found[0][1])


def _trends_in(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _any_of("trends").finditer(text):
        for start, end in sentences(fold(text)):
            if start <= match.start() < end:
                yield match[0], start, end


def own_names(view: View, rule: Rule) -> Iterator[Finding]:
    """Find words by which a unit of another kind would call itself, and other departments' headings."""
    department = fold(view.figures.department or "")
    if not department:
        return
    names = [department, *(fold(name) for name, _ in view.figures.entities)]
    uses: Counter[str] = Counter()
    cells: dict[str, Address] = {}
    for paragraph in view.paragraphs:
        for match in _own_pattern(tuple(view.prose.self_names)).finditer(paragraph.text):
            if not any(end in name for name in names for end in view.prose.self_names[match[1]]):
                uses[match[0]] += 1
                cells.setdefault(match[0], paragraph.cell)
    for word, count in uses.items():
        yield view.finding(rule, (cells[word],), actual=word, expected=view.figures.department, count=count)
    yield from _other_names(view, rule, names)


def _other_names(view: View, rule: Rule, own: list[str]) -> Iterator[Finding]:
    others = [name for name in view.figures.others if len(name) >= _SHORTEST_NAME and fold(name) not in own]
    endings = "|".join(map(re.escape, words()["self"]["after_other"]))
    for name in others:
        pattern = re.compile(rf"{re.escape(name)}(?:20\d\d)?(?:{endings})")
        for paragraph in view.paragraphs:
            if name in paragraph.text and pattern.search(paragraph.text):
                yield view.finding(rule, (paragraph.cell,), "prose.other", actual=name)
                break


@lru_cache(maxsize=8)
def _own_pattern(kinds: tuple[str, ...]) -> re.Pattern[str]:
    prefixes = "".join(words()["self"]["prefixes"])
    longest = "|".join(re.escape(kind) for kind in sorted(kinds, key=len, reverse=True))
    return re.compile(rf"[{prefixes}]({longest})") if kinds else re.compile(r"(?!)")


@lru_cache(maxsize=8)
def _any_of(table: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words()[table]["words"], key=len, reverse=True))))


def placeholders(view: View, rule: Rule) -> Iterator[Finding]:
    """Find what a form or another report left open; one finding a place."""
    alone = frozenset(words()["placeholders"]["alone"])
    for paragraph in view.paragraphs:
        match = _placeholder_pattern(view.form.entity).search(paragraph.text)
        left = match[0] if match else paragraph.text.strip() if paragraph.text.strip() in alone else ""
        if left:
            yield view.finding(rule, (paragraph.cell,), actual=left)


@lru_cache(maxsize=8)
def _placeholder_pattern(entity: str) -> re.Pattern[str]:
    return re.compile(rf"{_any_of('placeholders').pattern}|{re.escape(entity)}\d")


def years(view: View, rule: Rule) -> Iterator[Finding]:
    """Find paragraphs that speak of another year's report, and never of this one's; one finding for all."""
    found = []
    year = str(view.figures.year)
    for paragraph in view.paragraphs:
        text = fold(paragraph.text)
        if year in text:
            continue
        match = _year_pattern().search(text)
        if match is not None:
            found.append((paragraph.cell, match[1]))
    if found:
        cells = tuple(dict.fromkeys(cell for cell, _ in found))
        yield view.finding(rule, cells, actual=found[0][1], expected=year)


@lru_cache(maxsize=1)
def _year_pattern() -> re.Pattern[str]:
    spec = words()["years"]
    before = "".join(re.escape(fold(sign)) for sign in spec["before"])
    return re.compile(rf"(?<![{before}\d])(20\d\d)(?:{'|'.join(map(re.escape, spec['after']))})")


def counts(view: View, rule: Rule) -> Iterator[Finding]:
    """Find counts that are not those of the parts or the dates that the text lists."""
    for cell, said, expected in lists_that_differ(view.paragraphs):
        yield view.finding(rule, (cell,), actual=said, expected=expected)
    for cell, other, written, expected in visits_that_differ(view.paragraphs, view.figures.year):
        yield view.finding(
            rule,
            (cell, other),
            "prose.visits",
            written=written,
            expected=expected,
            other_cell=other,
            year=view.figures.year,
        )
