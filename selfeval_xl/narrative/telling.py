"""What a text tells beside its amounts: trends, names, years, places left open, counts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache

from selfeval_xl.cells import Address
from selfeval_xl.findings import Finding
from selfeval_xl.form.model import Form, Key, Rule
from selfeval_xl.narrative.counting import lists_that_differ, steps_that_differ, visits_that_differ
from selfeval_xl.narrative.ledger import tells
from selfeval_xl.narrative.lexicon import lexicon_of, sentences
from selfeval_xl.narrative.model import PRIOR
from selfeval_xl.narrative.numerals import Numerals
from selfeval_xl.narrative.quantities import YEAR
from selfeval_xl.narrative.source import Text
from selfeval_xl.narrative.view import View
from selfeval_xl.narrative.words import fold, words

_SHORTEST_NAME = 4


def trends(view: View, rule: Rule) -> Iterator[Finding]:
    """Find words for a trend over years where no figure of an earlier year stands; one finding for all."""
    told = {one.paragraph for one in view.mentions if one.role == PRIOR}
    found = []
    for number, trends_told in view.source.each(_trends_finder(view.form)):
        if number not in told and view.figures.previous is None:
            found += [(view.paragraphs[number].cell, word) for word in trends_told]
    if found:
        yield view.finding(rule, tuple(dict.fromkeys(cell for cell, _ in found)), written=found[0][1])


@lru_cache(maxsize=8)
def _trends_finder(form: Form) -> Callable[[Text], list[str]]:
    """Return what finds the words for a trend in sentences that name an item of the form."""
    lexicon, spec = lexicon_of(form), words()["trends"]

    def find(text: Text) -> list[str]:
        found: list[str] = []
        if not any(root in text.written for root in spec["roots"]):
            return found
        for start, end in sentences(text.folded):
            word = next((one for one in spec["words"] if one in text.folded[start:end]), None)
            tokens = lexicon.tokens(text.folded, start, end, ()) if word is not None else ()
            if word is not None and any(token.meaning.plain for token in tokens):
                found.append(word)
        return found

    return find


def own_names(view: View, rule: Rule) -> Iterator[Finding]:
    """Find words by which a unit of another kind would call itself, and other departments' headings."""
    department = fold(view.figures.department or "")
    if not department:
        return
    names = [department, *(fold(name) for name, _ in view.figures.entities[1:])]
    uses: Counter[str] = Counter()
    cells: dict[str, Address] = {}
    for number, matches in view.source.each(_own_finder(tuple(view.prose.self_names))):
        for match in matches:
            if not any(end in name for name in names for end in view.prose.self_names[match[1]]):
                uses[match[0]] += 1
                cells.setdefault(match[0], view.paragraphs[number].cell)
    for word, count in uses.items():
        yield view.finding(rule, (cells[word],), actual=word, expected=view.figures.department, count=count)
    yield from _other_names(view, rule, names)


def _other_names(view: View, rule: Rule, own: list[str]) -> Iterator[Finding]:
    others = [name for name in view.figures.others if len(name) >= _SHORTEST_NAME and fold(name) not in own]
    endings = "|".join(map(re.escape, words()["self"]["after_other"]))
    for name in others:
        if name not in view.source.whole:
            continue
        pattern = re.compile(rf"{re.escape(name)}(?:20\d\d)?(?:{endings})")
        cell = next((one.cell for one in view.paragraphs if pattern.search(one.text)), None)
        if cell is not None:
            yield view.finding(rule, (cell,), "prose.other", actual=name)


@lru_cache(maxsize=8)
def _own_finder(kinds: tuple[str, ...]) -> Callable[[Text], list[re.Match[str]]]:
    """Return what finds the words by which a unit calls itself."""
    pattern = _own_pattern(kinds)
    return lambda text: list(pattern.finditer(text.written))


def _own_pattern(kinds: tuple[str, ...]) -> re.Pattern[str]:
    spec = words()["self"]
    prefixes, longest = (
        "".join(spec["prefixes"]),
        "|".join(re.escape(kind) for kind in sorted(kinds, key=len, reverse=True)),
    )
    before, after = "".join(spec["never_before"]), "".join(spec["never_after"])
    return (
        re.compile(rf"[{prefixes}](?<![{before}][{prefixes}])({longest})(?![{after}])")
        if kinds
        else re.compile(r"(?!)")
    )


def placeholders(view: View, rule: Rule) -> Iterator[Finding]:
    """Find what a form or another report left open; one finding a place."""
    for number, left in view.source.each(_placeholder_finder(view.form.entity)):
        yield view.finding(rule, (view.paragraphs[number].cell,), actual=left)


@lru_cache(maxsize=8)
def _placeholder_finder(entity: str) -> Callable[[Text], str]:
    """Return what finds the first place left open, ``""`` where there is none."""
    spec = words()["placeholders"]
    inside, alone = (*spec["words"], spec["sign"], entity), frozenset(spec["alone"])
    pattern = _placeholder_pattern(entity)

    def find(text: Text) -> str:
        match = pattern.search(text.written) if any(word in text.written for word in inside) else None
        stripped = text.written.strip()
        return match[0] if match else stripped if stripped in alone else ""

    return find


def _placeholder_pattern(entity: str) -> re.Pattern[str]:
    spec = words()["placeholders"]
    inside, before = ("|".join(map(re.escape, spec[key])) for key in ("words", "before"))
    return re.compile(rf"{inside}|(?<!\d){spec['sign']}(?={before})|{re.escape(entity)}\d")


def years(view: View, rule: Rule) -> Iterator[Finding]:
    """Find paragraphs that speak of another year's report, and never of this one's; one finding for all."""
    year = str(view.figures.year)
    found = [
        (view.paragraphs[number].cell, match[1])
        for number, match in view.source.each(_year_in)
        if year not in view.source.folded(number)
    ]
    found += _of_this_year(view)
    if found:
        cells = tuple(dict.fromkeys(cell for cell, _ in found))
        yield view.finding(rule, cells, actual=found[0][1], expected=year)


def _year_in(text: Text) -> re.Match[str] | None:
    """Return where a text first names the year of a report."""
    is_named = any(after in text.written for after in words()["years"]["after"])
    return _year_pattern().search(text.folded) if is_named else None


def _of_this_year(view: View) -> Iterator[tuple[Address, str]]:
    """Yield where a sentence begins with an earlier year and gives this year's figures to the last digit."""
    sure: set[int] = set()
    for one in view.mentions:
        if one.role != PRIOR or one.spoken is None or one.sentence in sure or not tells(one.quantity):
            continue
        # What the year before left is this year's figure, whatever year the sentence is of.
        same = [
            other
            for other in view.mentions
            if other.sentence == one.sentence and other.spoken not in view.ledger.openings
        ]
        if any(other.is_actual for other in same) or not view.ledger.fits(one.quantity, one.spoken, one.row):
            continue
        text = view.source.folded(one.paragraph)
        named = [
            each
            for each in view.source.figures(one.paragraph)
            if each.kind == YEAR and each.end <= one.quantity.start
        ]
        if named:
            sure.add(one.sentence)
            yield one.cell, text[named[-1].start : named[-1].end]


def numbering(view: View, rule: Rule) -> Iterator[Finding]:
    """Find numbers at the heads of paragraphs that leave one out or stand twice; one finding for all."""
    last: dict[tuple[Key, str, int], int] = {}
    slips: list[tuple[Address, str, int]] = []
    for number, (style, written, shown) in view.source.each(_number_in):
        place = *view.section(number), style
        expected = last.get(place, written - 1) + 1
        if written not in (1, expected):
            slips.append((view.paragraphs[number].cell, shown, expected))
        last[place] = written
    if slips:
        cells = tuple(cell for cell, _, _ in slips)
        yield view.finding(rule, cells, written=slips[0][1], expected=slips[0][2])


def _number_in(text: Text) -> tuple[int, int, str] | None:
    """Return the number at the head of a text: its style, its value, as written."""
    match = number_pattern().match(text.written)
    if match is None:
        return None
    style = next(at for at, written in enumerate(match.groups()) if written)
    return style, int(_numerals().value(fold(match[style + 1]))), match[0].strip()


@lru_cache(maxsize=1)
def number_pattern() -> re.Pattern[str]:
    """Return what a number at the head of a paragraph looks like, a group for each style."""
    return re.compile(rf"[ \u3000]*(?:{'|'.join(words()['numbering']['styles'])})")


@lru_cache(maxsize=1)
def _numerals() -> Numerals:
    return Numerals(words()["numerals"])


@lru_cache(maxsize=1)
def _year_pattern() -> re.Pattern[str]:
    spec = words()["years"]
    before = "".join(re.escape(fold(sign)) for sign in spec["before"])
    return re.compile(rf"(?<![{before}\d])(\d\d\d\d)(?:{'|'.join(map(re.escape, spec['after']))})")


def counts(view: View, rule: Rule) -> Iterator[Finding]:
    """Find counts that are not those of the parts or the dates that the text lists."""
    for cell, said, expected in (*lists_that_differ(view.source), *steps_that_differ(view.source)):
        yield view.finding(rule, (cell,), actual=said, expected=expected)
    for cells, written, expected in visits_that_differ(view.source, view.figures.year):
        facts = {"written": written, "expected": expected, "other_cell": cells[-1], "year": view.figures.year}
        yield view.finding(rule, cells, "prose.visits", **facts)
