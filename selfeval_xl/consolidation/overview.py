"""The first sheet of a summary, which goes upstairs on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial

from selfeval_xl.amounts import ZERO, round_half_up
from selfeval_xl.blueprint import lists
from selfeval_xl.blueprint.lists import CAPTION_ROW, HEADER_ROW, NARROW, Column, put_body
from selfeval_xl.blueprint.model import Blueprint, CellPlan, Row, SheetPlan
from selfeval_xl.cells import Address, Area, Value
from selfeval_xl.consolidation.adjustments import adjust_cell
from selfeval_xl.consolidation.grid import (
    ADJUST_ROW,
    PARTIAL_ROW,
    SUM_ROW,
    Sum,
    Totals,
    summary_title,
    unit_caption,
)
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.consolidation.roster import Roster
from selfeval_xl.consolidation.scores import Ranked
from selfeval_xl.consolidation.select import Selection
from selfeval_xl.consolidation.tables import table_sums
from selfeval_xl.findings import ERROR, WARNING
from selfeval_xl.form.model import Column as Item
from selfeval_xl.form.model import Form
from selfeval_xl.rules.tree import Node, node
from selfeval_xl.texts import say

ROW_HEIGHT = 21.0


def overview_items(form: Form) -> list[Item]:
    """Return the items of the first sheet: those of the declaration, else all computed ones."""
    if form.overview:
        return [form.columns[key] for key in form.overview]
    return [column for column in form.columns.values() if column.computed is not None]


def put_overview(
    blueprint: Blueprint, selection: Selection, roster: Roster | None, departments: Ranked
) -> dict[Address, Value]:
    """Lay out the first sheet: one line a department with its scores, who signs for it below.

    Returned is what the sums show.
    """
    items = overview_items(blueprint.form)
    rows = partial(_rows, items, selection.accepted, roster, departments)
    return _put(blueprint, selection.accepted, _columns(items), rows)


def put_regions(blueprint: Blueprint, selection: Selection) -> dict[Address, Value]:
    """Lay out the same of summaries: one line a region, with how many departments it has and their mean scores."""
    items = overview_items(blueprint.form)
    columns = [
        *_first_columns(items),
        Column(say("summary.departments"), 10.0, style="label"),
        Column(say("summary.mean_score"), 12.0, style="label"),
        Column(say("summary.mean_review"), 12.0, style="label"),
        Column(say("summary.remark"), 32.0),
    ]
    rows = partial(_region_rows, items, selection.accepted)
    return _put(
        blueprint,
        selection.accepted,
        columns,
        rows,
        partial(_computable, blueprint.form, items, selection.accepted),
    )


def _computable(form: Form, items: Sequence[Item], files: Sequence[Reduced], number: int) -> Node:
    """Return what can be computed of an item with this 0-based index: it stands in the sheet of its table."""
    key = items[number].key
    is_partial = any(one.is_partial for one in table_sums(form.tables[key[0]], files))
    return node(adjust_cell(form, key)._replace(row=PARTIAL_ROW if is_partial else SUM_ROW))


def _put(
    blueprint: Blueprint,
    files: Sequence[Reduced],
    columns: Sequence[Column],
    rows: Callable[[], Iterator[Row]],
    computable: Callable[[int], Node] | None = None,
) -> dict[Address, Value]:
    form = blueprint.form
    items = overview_items(form)
    sums = [Sum() for _ in items]
    for one in files:
        for item, added in zip(items, sums, strict=True):
            added.add(one.lines[0].amounts.get(item.key))
    sheet = lists.start_sheet(blueprint, say("summary.overview"), columns, summary_title(blueprint))
    _put_caption(blueprint, sheet, len(columns))
    first = (PARTIAL_ROW if any(one.is_partial for one in sums) else ADJUST_ROW) + 1
    put_body(sheet, first, columns, rows, len(files), least_height=ROW_HEIGHT)
    totals = Totals(
        (first, max(first, sheet.print_bottom)), sums, form.decimals, lambda at, _: node(adjust_cell(form, items[at].key)),
        partial=computable, word_at=3,
    )  # fmt: skip
    shown = totals.put(sheet, columns)
    for row in range(HEADER_ROW + 1, first):
        sheet.heights.setdefault(row, ROW_HEIGHT)
    _put_signers(sheet, len(columns), sheet.print_bottom + 2)
    sheet.freeze = (first - 1, 3)
    return shown


def _first_columns(items: Sequence[Item]) -> list[Column]:
    return [
        Column(say("summary.number"), 6.0, style="label"),
        Column(say("summary.code"), 11.0),
        Column(say("summary.name"), 32.0),
        *(Column(item.label, NARROW, amount=True) for item in items),
    ]


def _columns(items: Sequence[Item]) -> list[Column]:
    names = (
        ("score", 10.0),
        ("grade", 8.0),
        ("review", 10.0),
        ("review_grade", 8.0),
        ("rank", 7.0),
        ("public", 10.0),
    )
    return [
        *_first_columns(items),
        *(Column(say(f"summary.{name}"), width, style="label") for name, width in names),
        Column(say("summary.remark"), 26.0),
    ]


def _rows(
    items: Sequence[Item], files: Sequence[Reduced], roster: Roster | None, departments: Ranked
) -> Iterator[Row]:
    for number, (one, (rank, scores)) in enumerate(zip(files, departments, strict=True), start=1):
        amounts = [one.lines[0].amounts.get(item.key) for item in items]
        listed = roster.row_of(one.code, one.department) if roster is not None else None
        public = listed.public if listed is not None else None
        code = one.code or (listed.code if listed is not None else None)
        weighed = (*scores[3:], rank, public, _remark(one))
        yield Row((Decimal(number), code, one.department, *amounts, *weighed))


def _region_rows(items: Sequence[Item], files: Sequence[Reduced]) -> Iterator[Row]:
    for number, one in enumerate(files, start=1):
        members = one.members or []
        amounts = [one.lines[0].amounts.get(item.key) for item in items]
        means = (_mean([member.score for member in members]), _mean([member.review for member in members]))
        yield Row(
            (Decimal(number), one.code, one.department, *amounts, Decimal(len(members)), *means, _remark(one))
        )


def _mean(scores: Sequence[Value]) -> Decimal | None:
    there = [one for one in scores if isinstance(one, Decimal)]
    return round_half_up(sum(there, ZERO) / len(there)) if there else None


def _remark(one: Reduced) -> str | None:
    """Return what a reader upstairs has to know: what is wrong, and what was explained."""
    explained = one.explained
    errors, warnings = (one.carried.get(key, 0) for key in ("errors", "warnings"))
    counts = {
        "errors": one.count(ERROR) + errors,
        "open": one.count(WARNING) - explained + warnings,
        "explained": explained,
    }
    said = [say(f"summary.remark_{key}", count=count) for key, count in counts.items() if count > 0]
    return say("word.comma").join(said) or None


def _put_caption(blueprint: Blueprint, sheet: SheetPlan, width: int) -> None:
    """Write who reports, when, and in which unit amounts stand, above the header."""
    left, right = 3, width - 1
    parts = (
        (1, left, "caption", say("summary.filed_by", maker=blueprint.settings.maker)),
        (left + 1, right - 1, "caption", say("summary.filed_on")),
        (right, width, "caption.right", unit_caption(blueprint)),
    )
    for first, last, style, text in parts:
        sheet.put(CAPTION_ROW, first, CellPlan(style, text))
        sheet.merges.append(Area(sheet.name, CAPTION_ROW, first, CAPTION_ROW, last))
    sheet.heights[CAPTION_ROW] = 21.0


def _put_signers(sheet: SheetPlan, width: int, row: int) -> None:
    """Leave room for the names of who is responsible, below the table."""
    third = (width - 3) // 2
    ends = (3, 3 + third, width)
    first = 1
    for key, last in zip(("head", "reviewer", "preparer"), ends, strict=True):
        sheet.put(row, first, CellPlan("caption", say(f"summary.{key}")))
        sheet.merges.append(Area(sheet.name, row, first, row, last))
        first = last + 1
    sheet.heights[row] = 24.0
    sheet.print_bottom = row
