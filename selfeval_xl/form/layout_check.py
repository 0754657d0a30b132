"""Checks that a form can be laid out: what stands on which sheet, in which columns, in which workbooks."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from itertools import pairwise

from selfeval_xl.form import model

Complaint = tuple[tuple[str | int, ...], str]
"""Where in the declaration, and what is wrong."""

MOST_SHEET_NAME = 31
DECIMALS = (0, 2)
GOALS_COLUMNS = 5
_SHEET_NAME = re.compile(r"[^\\/*?:\[\]']+")
_VERSION = re.compile(r"[0-9]+\.[0-9]+")


def layout_complaints(form: model.Form) -> Iterator[Complaint]:
    """Yield what would keep *form* from being laid out, each with its place in the declaration."""
    yield from _head(form)
    yield from _sheets(form)
    yield from _tables(form)
    yield from _columns(form)
    yield from _entity_workbook(form)
    yield from _words(form)


def _head(form: model.Form) -> Iterator[Complaint]:
    if _VERSION.fullmatch(form.version) is None:
        yield ("form", "version"), f"{form.version!r} is no version: write major.minor"
    if form.decimals not in DECIMALS:
        yield ("form", "decimals"), f"amounts have {' or '.join(map(str, DECIMALS))} decimals"
    try:
        base64.b64decode(form.salt, validate=True)
    except binascii.Error:
        yield ("form", "salt"), "the salt is no base64"


def _sheets(form: model.Form) -> Iterator[Complaint]:
    for index, sheet in enumerate(form.sheets):
        if len(sheet.name) > MOST_SHEET_NAME or _SHEET_NAME.fullmatch(sheet.name) is None:
            yield ("sheet", index, "name"), f"Excel accepts no sheet name {sheet.name!r}"
    yield from _collecting(form)


def _collecting(form: model.Form) -> Iterator[Complaint]:
    """A sheet that collects others holds lines of its own at most, and each other sheet is collected once."""
    tables = {table.sheet for table in form.tables.values()}
    own = {block.sheet for block in form.blocks if not isinstance(block, model.Line)}
    taken: set[str] = set()
    for index, sheet in enumerate(form.sheets):
        for name in sheet.collects:
            if name not in tables or name in taken:
                yield (
                    ("sheet", index, "collects"),
                    f"{name!r} is no sheet with a table, or is collected twice",
                )
            taken.add(name)
        if sheet.collects and (sheet.name in own or not sheet.entity):
            yield (
                ("sheet", index, "collects"),
                f"{sheet.name!r} can hold lines only, and is in every finished sheet",
            )


def _tables(form: model.Form) -> Iterator[Complaint]:
    """A table ends its sheet: verdicts stand below it and beside it."""
    with_table: set[str] = set()
    for index, block in enumerate(form.blocks):
        if block.sheet in with_table:
            yield ("block", index), f"{block.sheet!r} ends with its table: nothing can stand below"
        if isinstance(block, model.Table):
            with_table.add(block.sheet)


def _columns(form: model.Form) -> Iterator[Complaint]:
    widths = {sheet.name: len(sheet.widths) for sheet in form.sheets}
    for index, block in enumerate(form.blocks):
        if isinstance(block, model.Text) and any(not 2 <= at <= widths[block.sheet] for at in block.at):
            yield ("block", index, "at"), "'at' counts the sheet's columns from 2, as far as it has widths"
        if isinstance(block, model.Goals) and widths[block.sheet] < GOALS_COLUMNS:
            yield ("block", index), f"goals need a sheet with {GOALS_COLUMNS} widths"
        if isinstance(block, model.Headings) and not widths[block.sheet]:
            yield ("block", index), "headings need a sheet with a width"
    for index, sheet in enumerate(form.sheets):
        at = sheet.fields_at
        if len(at) not in (2, 4) or min(at) < 1 or any(left >= right for left, right in pairwise(at)):
            yield (
                ("sheet", index, "fields_at"),
                "'fields_at' gives the columns of label and field, from left to right, for one pair or two",
            )
        elif sheet.fields_to and not at[-1] <= sheet.fields_to <= max(len(sheet.widths), 1):
            yield (
                ("sheet", index, "fields_to"),
                "'fields_to' is a column from the last field's to the last width's",
            )


def _entity_workbook(form: model.Form) -> Iterator[Complaint]:
    """The workbook of one entity needs the department, the year, the state, the tables and our own sheets."""
    needed = {table.sheet for table in form.tables.values()} | {form.roles.status}
    roles = form.roles
    always = (roles.department, roles.year)
    named = (roles.code, roles.revision, roles.report_date, roles.score, roles.grade)
    for key in (*always, *(one for one in named if one is not None)):
        if key not in form.fields:
            yield ("roles",), f"{'.'.join(key)!r} is no single field"
        elif key in always:
            needed.add(form.fields[key].sheet)
    for index, sheet in enumerate(form.sheets):
        if not sheet.entity and (sheet.name in needed or sheet.kind in ("checks", "settings")):
            yield ("sheet", index), f"{sheet.name!r} must be in the workbook of one entity: entity = true"


def _words(form: model.Form) -> Iterator[Complaint]:
    """The data file's own keys stand beside the form's sections and must differ from them."""
    keys = form.keys
    own = (keys.form, keys.edition, keys.printed, keys.notes, keys.unplaced)
    sections = {
        block.section for block in form.blocks if isinstance(block, (model.Field, model.Text, model.Goals))
    }
    sections |= {*form.tables, *form.lists, *form.headings}
    for word in own:
        if word in sections or own.count(word) > 1:
            yield ("keys",), f"the key {word!r} stands for two things"
