"""What a consolidation leaves on disk: the summary, a copy to be sent up, and its lists for other programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path

from msgspec import Struct

from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address
from selfeval_xl.consolidation.adjustments import COLUMNS, STATES, Adjustment, adjust_cell, read_adjustments
from selfeval_xl.consolidation.lists import ListUnreadable
from selfeval_xl.consolidation.roster import Roster
from selfeval_xl.consolidation.scores import Reviews
from selfeval_xl.consolidation.select import Selection
from selfeval_xl.consolidation.summary import Summary, summarised
from selfeval_xl.consolidation.tables import table_totals
from selfeval_xl.form.model import Form, Key, Settings
from selfeval_xl.jobs.extras import ENDINGS, Extras
from selfeval_xl.jobs.files import check_free, output, way_to
from selfeval_xl.jobs.problems import WrongUsage
from selfeval_xl.template.tables import CSV, PARQUET, ListTable, list_tables, write_csv, write_parquet
from selfeval_xl.template.write import write_workbook
from selfeval_xl.texts import say

Write = Callable[[ListTable, Path], None]
Sums = dict[str, dict[str, Decimal | str]]


class Written(Struct):
    """What was written, and what it says: official totals and adjustments by table and item.

    What is not adjusted is not among the adjustments.  ``files`` are workbooks, ``folders`` hold lists.  ``left_out`` tells of adjustments that do not count.
    """

    files: list[Path] = []
    folders: list[Path] = []
    sums: Sums = {}
    adjusted: Sums = {}
    left_out: list[str] = []

    @property
    def has_adjustments(self) -> bool:
        """Tell whether any counts, or should."""
        return bool(self.adjusted or self.left_out)


class Contents(Struct, frozen=True):
    """What a summary is made of; ``sources`` are the paths that were read, none of which is written to."""

    form: Form
    settings: Settings
    selection: Selection
    sources: Sequence[Path]
    roster: Roster | None = None
    reviews: Reviews | None = None


def write_summary(contents: Contents, target: Path, extras: Extras, *, force: bool) -> Written:
    """Write the summary to *target*, and the *extras*; each appears whole or not at all."""
    lines = _adjustments(extras.adjustments, target, contents.form)
    make = partial(
        summarised,
        contents.form,
        contents.settings,
        contents.selection,
        contents.roster,
        reviews=contents.reviews,
        adjustments=lines,
    )
    summary = make(ways=partial(way_to, folder=target.parent))
    values = Values(summary.blueprint, summary.typed, summary.shown)
    lists = _lists(extras, list(list_tables(summary.blueprint, values)), force=force)
    _write_book(summary, target, contents.sources, force=force)
    result = Written([target], folders=[one for one in (extras.csv, extras.parquet) if one is not None])
    if extras.public is not None:
        _write_book(make(public=True), extras.public, contents.sources, force=force)
        result.files.append(extras.public)
    for path, (write, table) in lists.items():
        with output(path, [], (path.suffix,), force=force) as unfinished:
            write(table, unfinished)
    form = contents.form
    result.sums = by_table(table_totals(form), values)
    adjusted = {key: adjust_cell(form, key) for key in form.columns}
    result.adjusted = by_table({key: cell for key, cell in adjusted.items() if values(cell) != ""}, values)
    result.left_out = _left_out(summary, values)
    return result


def _write_book(summary: Summary, target: Path, sources: Sequence[Path], *, force: bool) -> None:
    values = Values(summary.blueprint, summary.typed, summary.shown)
    with output(target, sources, ENDINGS, force=force) as path:
        write_workbook(summary.blueprint, values, path)


def _lists(
    extras: Extras, tables: Sequence[ListTable], *, force: bool
) -> dict[Path, tuple[Write, ListTable]]:
    """Return where each list is to be written, and how; where one of the files is there already, none is."""
    kinds: tuple[tuple[Path | None, str, Write], ...] = (
        (extras.csv, CSV, write_csv),
        (extras.parquet, PARQUET, write_parquet),
    )
    found = {
        folder / f"{table.name}{ending}": (write, table)
        for folder, ending, write in kinds
        if folder is not None
        for table in tables
    }
    for path in found:
        check_free(path, [], (path.suffix,), force=force)
    return found


def by_table(cells: dict[Key, Address], values: Values) -> Sums:
    """Return what the formulas in the cells show, by table and item."""
    found: Sums = {}
    for (table, item), cell in cells.items():
        value = values(cell)
        if isinstance(value, (Decimal, str)):
            found.setdefault(table, {})[item] = value
    return found


def _adjustments(file: Path | None, target: Path, form: Form) -> list[Adjustment]:
    """Return the adjustments of a list, else those that somebody typed into the summary that is replaced."""
    if file is None and not target.is_file():
        return []
    try:
        return read_adjustments(file or target, form)
    except ListUnreadable as unreadable:
        if file is None:
            return []
        raise WrongUsage("usage.adjust", name=file.name, detail=unreadable) from None


def _left_out(summary: Summary, values: Values) -> list[str]:
    """Return the sentences about adjustments that do not count: what is wrong with each, and what to do."""
    sheet = summary.adjustments
    codes = {say(f"adjust.{code}"): code for code in STATES}
    told = []
    for index, line in enumerate(sheet.lines):
        code = codes.get(str(values(sheet.state(index))))
        if code is not None:
            facts = {name: _shown(getattr(line, name)) for name in COLUMNS}
            for name in ("giver", "taker"):
                facts[f"like_{name}"] = sheet.like(getattr(line, name))
            facts["why"] = say(
                f"adjust.why_{code}", unit=sheet.form.unit, decimals=sheet.form.decimals, **facts
            )
            told.append(say("adjust.left_out", line=line.line, **facts))
    return told


def _shown(value: Decimal | str | None) -> str:
    return say("word.blank") if value is None else str(value)
