"""All that befell a workbook since it was handed out, as findings: cells, what stands around them, and the file itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from msgspec.structs import replace

from selfeval_xl.blueprint.identity import LINES
from selfeval_xl.blueprint.model import Blueprint
from selfeval_xl.cells import Address, Value
from selfeval_xl.findings import Finding
from selfeval_xl.form.model import Rule
from selfeval_xl.ooxml.book import Book
from selfeval_xl.submission.around import MERGES, PROTECTION, around, listed, locks
from selfeval_xl.submission.figures import CIRCLES, ELSEWHERE, ERRORS, OUTSIDE, circles, errors, outside
from selfeval_xl.submission.integrity import FORMULAS, LABELS, SHEET, Damage, compare, program_rules
from selfeval_xl.submission.workbook import Opened, setting_lines
from selfeval_xl.texts import say

LINKS, MACROS, STAMP, GUESTS = (
    "integrity.links", "integrity.macros", "integrity.stamp", "integrity.guests",
)  # fmt: skip
STAMPED = LINES[:5]


def examined(opened: Opened) -> Damage:
    """Return what a workbook lost, and what came to it that is no part of the form."""
    book, blueprint = opened.book, opened.blueprint
    damage, rules = compare(book, blueprint, opened.typed), program_rules(blueprint)
    if ERRORS in rules:
        for finding in errors(rules[ERRORS], blueprint, opened.typed):
            damage.findings.append(finding)
            damage.expected |= dict.fromkeys(finding.cells)
    if CIRCLES in rules and damage.calculated:
        damage.findings += circles(rules[CIRCLES], blueprint, damage.calculated)
    if OUTSIDE in rules:
        damage.findings += outside(rules[OUTSIDE], book, blueprint)
    pasted = (one for one in damage.findings if one.code.endswith(SHEET) and one.follows is None)
    leads = {one.cells[0].sheet: one.id for one in pasted}
    damage.findings += (
        replace(one, follows=leads.get(one.cells[0].sheet)) for one in around(book, blueprint, rules)
    )
    if PROTECTION in rules:
        damage.findings += _after(locks(book, blueprint, rules[PROTECTION]), damage, rules)
    damage.findings += _file(opened, damage.calculated, rules)
    return damage


def _after(found: Iterable[Finding], damage: Damage, rules: Mapping[str, Rule]) -> list[Finding]:
    """Return findings on locks; where a locked cell of theirs was changed, that is what has to be put right first."""
    needs_key = {rules[check].id for check in (FORMULAS, LABELS, MERGES, OUTSIDE) if check in rules}
    leads: dict[str, str] = {}
    for one in damage.findings:
        if one.follows is None and (one.rule in needs_key or one.cells[0] in damage.stated):
            leads.setdefault(one.cells[0].sheet, one.id)
    return [
        replace(one, follows=next((leads[cell.sheet] for cell in one.cells if cell.sheet in leads), None))
        for one in found
    ]


def _file(opened: Opened, calculated: Mapping[Address, str], rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """Yield what the file holds beside the form; most of it is said at its first cell."""
    book, first = opened.book, (Address(next(iter(opened.blueprint.sheets)), 1, 1),)
    if LINKS in rules and (book.external_links or any(ELSEWHERE in text for text in calculated.values())):
        yield _links(rules[LINKS], book, calculated, first)
    if MACROS in rules and (book.has_macro_sheets or (book.has_macros and not _are_ours(book))):
        yield Finding(rules[MACROS].id, "macro.foreign", rules[MACROS].severity, first)
    if STAMP in rules:
        yield from _stamp(rules[STAMP], book, opened.blueprint)
    if GUESTS in rules and book.guests:
        said = dict.fromkeys(
            say(f"guest.{one.kind}") + (say("guest.on", sheet=one.sheet) if one.sheet else "")
            for one in book.guests
        )
        cells = tuple(Address(one.sheet, 1, 1) for one in book.guests if one.sheet) or first
        facts = {"list": listed(said)}
        yield Finding(rules[GUESTS].id, "guest.found", rules[GUESTS].severity, cells, facts=facts)


def _are_ours(book: Book) -> bool:
    """Tell whether the macros are as they were handed out, by the digest on their own sheet; any addition is not."""
    found = book.sheets.get(say("button.sheet"))
    if found is None or book.source is None:
        return False
    from selfeval_xl.ooxml import macros

    return setting_lines(found).get(macros.STAMP) == macros.digest(macros.modules_of(book.source))


def _links(rule: Rule, book: Book, calculated: Mapping[Address, str], first: tuple[Address, ...]) -> Finding:
    """Return which cells take figures from other files, or that the file only remembers a link."""
    cells = tuple(cell for cell, text in calculated.items() if ELSEWHERE in text)
    names = dict.fromkeys(_file_name(link) for link in book.external_links)
    facts = {"files": listed(names) or say("link.unknown"), "count": str(len(cells))}
    return Finding(rule.id, "link.used" if cells else "link.left", rule.severity, cells or first, facts=facts)


def _file_name(address: str) -> str:
    """Return the name of a file from however its address is written."""
    from urllib.parse import unquote

    return PurePosixPath(unquote(address).replace("\\", "/")).name or address


def _stamp(rule: Rule, book: Book, blueprint: Blueprint) -> Iterator[Finding]:
    """Yield where the stamp of the form was changed: document properties against the hidden sheet, and its bands.

    Properties that another program left out say nothing; nor does the stamp of an older minor version.
    """
    sheet = blueprint.form.sheet_of_kind("settings").name
    if not blueprint.properties.items() <= book.properties.items():
        lines = setting_lines(book.sheets[sheet])
        for row, key in enumerate(STAMPED, start=1):
            found, wanted = book.properties.get(key), lines.get(say(f"settings.{key}"))
            if found is not None and wanted is not None and _plain(found) != _plain(wanted):
                yield _stamped(rule, Address(sheet, row, 2), say(f"settings.{key}"), found, wanted)
    values = book.sheets[sheet].values
    for place, wanted_value in blueprint.fixed(sheet).constants.items():
        if place[0] > len(LINES) and values.get(place) != wanted_value:
            item = str(values.get((place[0], 1), ""))
            yield _stamped(rule, Address(sheet, *place), item, _text(values.get(place)), _text(wanted_value))


def _stamped(rule: Rule, cell: Address, item: str, found: str | None, wanted: str | None) -> Finding:
    return Finding(rule.id, rule.message, rule.severity, (cell,), item=item, actual=found, expected=wanted)


def _plain(text: str) -> str:
    """Return a stamp without what programs add to a number: ``1.0`` and ``1`` are the same."""
    return text.strip().removesuffix(".0")


def _text(value: Value) -> str | None:
    return None if value is None else str(value)
