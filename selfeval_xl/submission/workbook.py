"""A clerk's workbook, opened: whose form it is, its own blueprint, what was typed in.

Refused is only what cannot be placed.  The file is never written to.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from selfeval_xl.blueprint.build import build
from selfeval_xl.blueprint.identity import Identity, read_identity
from selfeval_xl.blueprint.model import Blueprint
from selfeval_xl.cells import Address, Value
from selfeval_xl.form.library import UnknownForm, as_of, find_form, known_forms
from selfeval_xl.form.model import Form
from selfeval_xl.ooxml.book import Book, Sheet
from selfeval_xl.rules.evaluate import compiled
from selfeval_xl.rules.parse import parse
from selfeval_xl.rules.tree import names, references
from selfeval_xl.submission.model import MOST_ROWS
from selfeval_xl.submission.moved import looks_like, what_moved
from selfeval_xl.texts import say

SETTINGS_PREFIX = "_"
DAYS_FROM_1900_TO_1904 = 1462
WRONG_KIND = "wrong_kind"


class WorkbookRefused(ValueError):
    """A workbook's values cannot be placed; *code* and *facts* are for the catalogue."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code, self.facts = code, facts


class Opened(Struct):
    """A workbook with its blueprint and the values of its input cells."""

    book: Book
    blueprint: Blueprint
    typed: dict[Address, Value]


def open_workbook(source: Path | bytes) -> Opened:
    """Open a workbook.

    Raises ``WorkbookUnreadable`` for what is no workbook, ``WorkbookRefused`` for one
    whose values cannot be placed: another program's, an unknown form or major version,
    an input sheet missing, rows or columns moved.
    """
    # What is open in Excel is checked without the reader of files, and a click should not wait for it.
    from selfeval_xl.ooxml.read import read_book

    return open_book(read_book(source))


def open_book(book: Book) -> Opened:
    """Open a workbook that was read; raises ``WorkbookRefused`` as :func:`open_workbook` does."""
    blueprint = blueprint_of(book)
    _check_sheets(book, blueprint)
    _check_names(book, blueprint)
    return Opened(book, blueprint, typed_cells(book, blueprint))


def blueprint_of(book: Book) -> Blueprint:
    """Return the blueprint that the workbook names; of its sheets only the very hidden one is looked at."""
    identity = identify(book)
    form = _form_of(identity)
    return build(form, identity.settings, identity.shape, identity.year, identity.kind)


def identify(book: Book) -> Identity:
    """Return what the workbook says of itself; raises ``WorkbookRefused`` for a foreign one."""
    for name, sheet in book.sheets.items():
        if name.startswith(SETTINGS_PREFIX):
            try:
                identity = _identity(tuple(setting_lines(sheet).items()))
            except ValueError:
                continue
            if 1 <= identity.shape.rows <= MOST_ROWS:
                return identity
    kind = book.properties.get("kind")
    if kind in {say(f"kind.{other}") for other in ("summary", "report")} and "form" in book.properties:
        raise WorkbookRefused(WRONG_KIND, kind=kind)
    raise WorkbookRefused("unstamped" if _has_our_sheets(book) else "foreign")


def _has_our_sheets(book: Book) -> bool:
    """Tell whether most input sheets of a known form are there by name, so that only the form's stamp is gone."""
    for form in known_forms():
        names = [sheet.name for sheet in form.sheets if sheet.kind == "form" and not sheet.collects]
        if 2 * sum(name in book.sheets for name in names) > len(names):
            return True
    return False


def setting_lines(sheet: Sheet) -> dict[str, str]:
    """Return the lines of a settings sheet: what stands in its second column by what stands in the first."""
    return {
        str(value): _text(sheet.values[(row, 2)])
        for (row, column), value in sheet.values.items()
        if column == 1 and (row, 2) in sheet.values
    }


@lru_cache(maxsize=64)
def _identity(lines: tuple[tuple[str, str], ...]) -> Identity:
    return read_identity(dict(lines))


def _text(value: Value) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _form_of(identity: Identity) -> Form:
    try:
        form = find_form(identity.form_id, identity.edition)
    except UnknownForm as unknown:
        if any(one.split(" ")[0] == identity.form_id for one in unknown.known):
            known = say("word.and").join(unknown.known)
            facts = {"form": identity.form_id, "edition": identity.edition, "known": known}
            raise WorkbookRefused("unknown_edition", **facts) from None
        raise WorkbookRefused("unknown_form", form=identity.form_id) from None
    if identity.major != form.major:
        raise WorkbookRefused("version", found=identity.version, wanted=form.version)
    return as_of(form, identity.version)


def _check_sheets(book: Book, blueprint: Blueprint) -> None:
    for name in blueprint.sheets:
        if name not in book.sheets:
            like = looks_like(book, blueprint, name)
            if like is not None:
                raise WorkbookRefused("sheet_renamed", sheet=name, like=like)
            raise WorkbookRefused("sheet_missing", sheet=name)


def _check_names(book: Book, blueprint: Blueprint) -> None:
    """Refuse a workbook in which rows or columns were moved: its names no longer stand where they did."""
    if blueprint.name_texts.items() <= book.names.items():
        return
    for name, wanted in blueprint.name_texts.items():
        found = book.names.get(name, "")
        if found and found != wanted and _plain(found) != _plain(wanted):
            area = blueprint.names[name]
            moved = what_moved(name, area, found)
            raise WorkbookRefused("layout_changed", name=name, sheet=area.sheet, moved=moved)


@lru_cache(maxsize=4096)
def _plain(reference: str) -> str:
    return reference.replace("$", "").replace("'", "").replace("=", "")


def typed_cells(book: Book, blueprint: Blueprint) -> dict[Address, Value]:
    """Return what stands in the input cells; a cell that shows nothing is blank."""
    typed: dict[Address, Value] = {}
    for name, inputs in blueprint.inputs.items():
        sheet = book.sheets[name]
        values, formulas = sheet.values, sheet.formulas
        unsaved = {
            place: calculated(formulas[place]) for place in inputs.keys() & (formulas.keys() - values.keys())
        }
        for found in (values, unsaved):
            for place in inputs.keys() & found.keys():
                value = found[place]
                if value or not isinstance(value, str):
                    typed[inputs[place]] = value
    if book.date1904:
        count_from_1900(typed, blueprint)
    return typed


def count_from_1900(typed: dict[Address, Value], blueprint: Blueprint) -> None:
    """Turn the day numbers of a workbook that counts from 1904, as old Macs do, into the usual ones."""
    for key, address in blueprint.places.fields.items():
        value = typed.get(address)
        if blueprint.form.fields[key].type == "date" and isinstance(value, Decimal):
            typed[address] = value + DAYS_FROM_1900_TO_1904


def calculated(formula: str) -> Value:
    """Return the result of a calculation that was saved without it.

    One that reaches into other cells stays as the text it is, for N-02 to find.
    """
    try:
        tree = parse(formula)
        return f"={formula}" if references(tree) or names(tree) else compiled(tree)(lambda _: None)
    except ValueError:
        return f"={formula}"
