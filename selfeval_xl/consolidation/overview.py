"""The first sheet of a summary, which goes upstairs on paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial

from selfeval_xl.blueprint import lists
from selfeval_xl.blueprint.lists import CAPTION_ROW, HEADER_ROW, NARROW, Column, put_body
from selfeval_xl.blueprint.model import Blueprint, CellPlan, Row, SheetPlan
from selfeval_xl.cells import Address, Area, Value
from selfeval_xl.consolidation.adjustments import adjust_cell
from selfeval_xl.consolidation.grid import ADJUST_ROW, PARTIAL_ROW, Sum, Totals, summary_title, unit_caption
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.consolidation.roster import Roster
from selfeval_xl.consolidation.scores import Ranked
from selfeval_xl.consolidation.select import Selection
from selfeval_xl.findings import ERROR, WARNING
from selfeval_xl.form.model import Column as Item
from selfeval_xl.form.model import Form
from selfeval_xl.rules.tree import node
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
    """Lay out the first sheet: one line a department, who signs for it below; return what its sums show.

    *departments* are the accepted ones with their scores, or those of regions' summaries, of which none is shown.
    """
    form = blueprint.form
    items = overview_items(form)
    sums = [Sum() for _ in items]
    for one in selection.accepted:
        for item, added in zip(items, sums, strict=True):
            added.add(one.lines[0].amounts.get(item.key))
    columns = _columns(items)
    sheet = lists.start_sheet(blueprint, say("summary.overview"), columns, summary_title(blueprint))
    _put_caption(blueprint, sheet, len(columns))
    first = (PARTIAL_ROW if any(one.is_partial for one in sums) else ADJUST_ROW) + 1
    rows = partial(_rows, items, selection.accepted, roster, departments)
    put_body(sheet, first, columns, rows, len(selection.accepted), least_height=ROW_HEIGHT)
    totals = Totals(
        (first, max(first, sheet.print_bottom)), sums, form.decimals, lambda at, _: node(adjust_cell(form, items[at].key)),
        word_at=3,
    )  # fmt: skip
    shown = totals.put(sheet, columns)
    for row in range(HEADER_ROW + 1, first):
        sheet.heights.setdefault(row, ROW_HEIGHT)
    _put_signers(sheet, len(columns), sheet.print_bottom + 2)
    sheet.freeze = (first - 1, 3)
    return shown


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
        Column(say("summary.number"), 6.0, style="label"),
        Column(say("summary.code"), 11.0),
        Column(say("summary.name"), 32.0),
        *(Column(item.label, NARROW, amount=True) for item in items),
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


def _remark(one: Reduced) -> str | None:
    """Return what a reader upstairs has to know: what is wrong, and what was explained."""
    explained = one.explained
    counts = {"errors": one.count(ERROR), "open": one.count(WARNING) - explained, "explained": explained}
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
