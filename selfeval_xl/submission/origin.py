"""Whose workbook it was: the blueprint it came from, and which of its sheets is which.

It says so itself on its hidden sheet.  Where that is gone, the document properties, the names of the
sheets and what is printed on them tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from selfeval_xl.blueprint.build import build
from selfeval_xl.blueprint.checks import UNPLACED
from selfeval_xl.blueprint.identity import FILLING
from selfeval_xl.blueprint.model import Blueprint, Shape
from selfeval_xl.form.library import UnknownForm, as_of, find_form, known_forms, settings_for
from selfeval_xl.names import match_key
from selfeval_xl.ooxml.book import Book
from selfeval_xl.submission.alignment import aligned, landmarks, texts_of
from selfeval_xl.submission.model import MOST_ROWS
from selfeval_xl.submission.workbook import WorkbookRefused, identify
from selfeval_xl.texts import say

ROWS = 3
LEAST_SHARE = 0.4
"""How many of its labels a sheet must show to be taken for one of the form's, by weight."""

SAME_NAME = 0.3
LEAST_SHEETS = 0.3
"""How many of a form's sheets must be there for it to be the form."""

FIRST_YEAR, LAST_YEAR = 2000, 2100


class Origin(Struct, frozen=True):
    """The blueprint, the workbook's sheet for each of its sheets, and whether the workbook itself said so."""

    blueprint: Blueprint
    sheets: dict[str, str]
    is_told: bool


def origin_of(book: Book) -> Origin | None:
    """Return where a workbook comes from, or ``None`` where nothing tells."""
    try:
        identity = identify(book)
        form = as_of(find_form(identity.form_id, identity.edition), identity.version)
    except (WorkbookRefused, UnknownForm):
        return _guessed(book)
    blueprint = build(form, identity.settings, identity.shape, identity.year, identity.kind)
    sheets = _sheets(book, blueprint)
    return Origin(blueprint, sheets, is_told=True) if _says_enough(blueprint, sheets) else None


def _guessed(book: Book) -> Origin | None:
    """Return the form of which most is there, one that the document properties name before others."""
    best: tuple[float, Origin] | None = None
    for blueprint in _candidates(book):
        sheets = _sheets(book, blueprint)
        share = len(sheets) / len(blueprint.sheets)
        if _says_enough(blueprint, sheets) and (best is None or share > best[0]):
            best = share, Origin(blueprint, sheets, is_told=False)
    return None if best is None else _measured(book, best[1])


def _measured(book: Book, guess: Origin) -> Origin:
    """Return the guess with as many rows as most of its tables have."""
    plan = guess.blueprint
    rows: Counter[int] = Counter()
    for table in plan.places.tables.values():
        if table.sheet in guess.sheets:
            line = aligned(plan, table.sheet, book.sheets[guess.sheets[table.sheet]])
            run = line.run(table.first_row, table.rows)
            if run is not None and run.is_sure and run.last:
                rows[
                    table.rows + run.last - run.first + 1 - line.planned_height(table.first_row, table.rows)
                ] += 1
    count = rows.most_common(1)[0][0] if rows else plan.shape.rows
    if plan.shape.entity or not 1 < count <= MOST_ROWS:
        return guess
    shape = replace(plan.shape, rows=count)
    return replace(guess, blueprint=build(plan.form, plan.settings, shape, plan.year, plan.kind))


def _candidates(book: Book) -> Iterator[Blueprint]:
    forms = known_forms()
    named = [form for form in forms if form.id == book.properties.get("form")]
    texts = {
        key for sheet in book.sheets.values() for row in texts_of(sheet).values() for key in row.values()
    }
    blocks = ((UNPLACED, ROWS),) if match_key(say("checks.unplaced_title")) in texts else ()
    for form in named or forms:
        settings = settings_for(form)
        year = _year(book, settings.year or form.edition)
        heads = {match_key(table.head_label) for table in form.tables.values()}
        for entity in (False,) if heads & texts else (False, True):
            yield build(form, settings, Shape(1 if entity else ROWS, blocks, entity), year, FILLING)


def _year(book: Book, usual: int) -> int:
    """Return the year of the document properties, if they have one."""
    told = book.properties.get("year", "")
    year = int(Decimal(told)) if told.replace(".", "", 1).isdecimal() else usual
    return year if FIRST_YEAR <= year <= LAST_YEAR else usual


def _says_enough(blueprint: Blueprint, sheets: dict[str, str]) -> bool:
    """Tell whether enough sheets that hold inputs are there."""
    wanted = [sheet.name for sheet in blueprint.sheets.values() if sheet.kind == "form"]
    return sum(name in sheets for name in wanted) >= LEAST_SHEETS * len(wanted)


def _sheets(book: Book, blueprint: Blueprint) -> dict[str, str]:
    """Return which sheet of the workbook is which of the form, the surest first."""
    found: dict[str, str] = {}
    pairs = []
    for name in blueprint.sheets:
        marks = landmarks(blueprint, name)
        for there, sheet in book.sheets.items():
            share = marks.share(sheet)
            if share >= LEAST_SHARE:
                pairs.append((share + (SAME_NAME if match_key(name) == match_key(there) else 0), name, there))
    for _, name, there in sorted(pairs, key=lambda pair: -pair[0]):
        if name not in found and there not in found.values():
            found[name] = there
    return {name: found[name] for name in blueprint.sheets if name in found}
