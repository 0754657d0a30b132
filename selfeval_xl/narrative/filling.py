"""What the text must hold because the tables or another section do: projects, sources, duties, results."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache

from selfeval_xl.amounts import ZERO
from selfeval_xl.cells import Address
from selfeval_xl.findings import INFO, Finding
from selfeval_xl.form.model import Key, Rule
from selfeval_xl.narrative.ledger import tree_of
from selfeval_xl.narrative.lexicon import sentences
from selfeval_xl.narrative.model import Paragraph
from selfeval_xl.narrative.quantities import MONEY
from selfeval_xl.narrative.source import Text
from selfeval_xl.narrative.telling import number_pattern
from selfeval_xl.narrative.view import View
from selfeval_xl.narrative.words import fold, words
from selfeval_xl.texts import say

_LISTED = 6
_SHORT = 12
_PERCENT = Decimal(100)


def projects(view: View, rule: Rule) -> Iterator[Finding]:
    """Find project spending of which the sections on projects give no amount."""
    key = view.prose.projects
    amount = view.ledger.item(key) if key is not None else None
    if key is None or not amount:
        return
    spoken = view.prose.single.get(key)
    sections = view.prose.project_sections
    mine = [number for number, one in enumerate(view.paragraphs) if one.section in sections]
    first = (
        [
            one.text
            for one in view.paragraphs
            if one.section[0] == sections[0][0] and one.section[1].startswith(sections[0][1])
        ]
        if sections
        else []
    )
    is_said = any(first) and any(one.is_actual and one.spoken is spoken for one in view.mentions)
    if is_said or any(one.kind == MONEY for number in mine for one in view.source.figures(number)):
        return
    places = [view.figures.places[one] for one in sections if one in view.figures.places]
    where = places or [view.paragraphs[number].cell for number in mine] or [view.figures.cells(key, 0)]
    yield view.finding(
        rule,
        (where[0], view.figures.cells(key, 0)),
        item=key[1],
        actual=amount,
        heading=_title(view, sections[0]) if sections else key[1],
    )


def _title(view: View, section: Key) -> str:
    """Return the title of a section or of a heading of the report in prose."""
    report = view.form.headings.get(section[0])
    return (
        next((one.title for one in report.headings if one.number == section[1]), "") if report else section[1]
    )


def sources(view: View, rule: Rule) -> Iterator[Finding]:
    """Find income of other kinds of which no sentence says where it comes from, entity by entity."""
    limits = dict(rule.limits)
    for key in view.prose.other_income:
        named = _rows_with_source(view, key)
        total = tree_of(view.form).above(key)
        for row in range(1, len(view.figures.entities) + 1):
            amount = view.ledger.item(key, row) or ZERO
            if amount <= 0 or 0 in named or row in named:
                continue
            whole = view.ledger.item(total[-1], row) if total else None
            share = amount / whole * _PERCENT if whole else _PERCENT
            is_small = amount < limits.get("amount", ZERO) or share < limits.get("percent", ZERO)
            place = view.figures.cells(key, row)
            severity = INFO if is_small else rule.severity
            yield view.finding(
                rule,
                (place,),
                entity=view.entity(row),
                item=key[1],
                actual=amount,
                difference=amount,
                severity=severity,
            )


def _rows_with_source(view: View, key: Key) -> set[int]:
    """Return the rows of which a sentence names the source; 0 where it speaks of no entity."""
    found: set[int] = set()
    names = {fold(name): row for row, (name, _) in enumerate(view.figures.entities, start=1) if name}
    for _, told in view.source.each(_source_finder(view.prose.single[key].words)):
        for sentence in told:
            found |= {row for name, row in names.items() if name in sentence} or {0}
    return found


@lru_cache(maxsize=32)
def _source_finder(called: tuple[str, ...]) -> Callable[[Text], list[str]]:
    """Return what finds the sentences that say where an item comes from, by the words that it is called."""
    sources = words()["source"]["words"]

    def find(text: Text) -> list[str]:
        if not any(word in text.written for word in called):
            return []
        told = (text.folded[start:end] for start, end in sentences(text.folded))
        return [
            one
            for one in told
            if any(word in one for word in called) and any(word in one for word in sources)
        ]

    return find


def same(view: View, rule: Rule) -> Iterator[Finding]:
    """Find where two sections that should say the same part from each other."""
    sections = view.prose.same_sections
    if not sections:
        return
    first = [one for one in view.paragraphs if one.section == sections[0]]
    for section in sections[1:]:
        second = [one for one in view.paragraphs if one.section == section]
        if first and second and not _are_same(first, second):
            here, there = _first_difference(first, second)
            yield view.finding(rule, (there, here), other_cell=here)


def _are_same(first: list[Paragraph], second: list[Paragraph]) -> bool:
    """Compare as written first, since that is quick and nearly always enough."""
    if [one.text for one in first] == [one.text for one in second]:
        return True
    return "".join(map(_unnumbered, first)) == "".join(map(_unnumbered, second))


def _first_difference(first: list[Paragraph], second: list[Paragraph]) -> tuple[Address, Address]:
    for one, other in zip(first, second, strict=False):
        if _unnumbered(one) != _unnumbered(other):
            return one.cell, other.cell
    return first[-1].cell, second[-1].cell


def _unnumbered(paragraph: Paragraph) -> str:
    """Return a paragraph's letters and digits without the number at its head, which each place has in its own style."""
    match = number_pattern().match(paragraph.text)
    return _plain(paragraph if match is None else paragraph._replace(text=paragraph.text[match.end() :]))


def _plain(paragraph: Paragraph) -> str:
    """Return a paragraph's letters and digits; blanks, numbering signs and punctuation are nobody's difference."""
    text = unicodedata.normalize("NFKC", paragraph.text)
    return "".join(sign for sign in text if sign.isalnum())


def goals(view: View, rule: Rule) -> Iterator[Finding]:
    """Find goals whose result is not said, or said in a word that is no result; one finding for all."""
    hollow = frozenset(words()["hollow"]["words"])
    found = []
    for paragraph in view.paragraphs:
        if not _is_result(view, paragraph):
            continue
        said = _plain(paragraph) if len(paragraph.text) <= _SHORT else paragraph.text
        if not said or said in hollow:
            found.append((paragraph, paragraph.text.strip() or say("prose.blank_goal")))
    if found:
        cells = tuple(one.cell for one, _ in found)
        listed = say("word.and").join(str(cell) for cell in cells[:_LISTED])
        more = say("word.more") if len(cells) > _LISTED else ""
        yield view.finding(rule, cells, actual=found[0][1], count=len(found), list=listed + more)


def _is_result(view: View, paragraph: Paragraph) -> bool:
    """Tell whether a paragraph says what came of a goal: of a list of goals, or in the last of several columns."""
    if paragraph.section in view.form.goals:
        return bool(paragraph.heading)
    text = view.form.texts.get(paragraph.section)
    return text is not None and len(text.columns) > 1 and paragraph.heading == text.columns[-1]
