"""The first sheet of a summary, which goes upstairs on paper, and the spread of grades and scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from selfeval_xl.blueprint import lists
from selfeval_xl.blueprint.lists import CAPTION_ROW, HEADER_ROW, NARROW, Column, put_body
from selfeval_xl.blueprint.model import TEXT, Blueprint, CellPlan, Row, SheetPlan
from selfeval_xl.cells import Address, Area, Value
from selfeval_xl.consolidation.grid import (
    NUMBER,
    PARTIAL_ROW,
    TOTAL_ROW,
    Sum,
    put_totals,
    start_sheet,
    summary_title,
    unit_caption,
)
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.consolidation.roster import Roster
from selfeval_xl.consolidation.select import Selection
from selfeval_xl.findings import ERROR, WARNING
from selfeval_xl.form.model import Column as Item
from selfeval_xl.form.model import Form
from selfeval_xl.rules.tree import Node, Part, call, equal, minus, over, plus
from selfeval_xl.texts import say

SHARE = "0.00%"
ROW_HEIGHT = 21.0
SCORE_PLACES = 2


def overview_items(form: Form) -> list[Item]:
    """Return the items of the first sheet: those of the declaration, else all computed ones."""
    if form.overview:
        return [form.columns[key] for key in form.overview]
    return [column for column in form.columns.values() if column.computed is not None]


def put_overview(
    blueprint: Blueprint, selection: Selection, roster: Roster | None
) -> tuple[Area, dict[Address, Value]]:
    """Lay out the first sheet: one line a department, who signs for it below.

    Return where the scores stand, with the grades right of them, and what scores, grades and
    the formulas of the totals show.
    """
    form = blueprint.form
    items = overview_items(form)
    columns = [
        Column(say("summary.number"), 6.0, style="label"),
        Column(say("summary.code"), 11.0),
        Column(say("summary.name"), 32.0),
        *(Column(item.label, NARROW, amount=True) for item in items),
        Column(say("summary.score"), 10.0, style="label"),
        Column(say("summary.grade"), 8.0, style="label"),
        Column(say("summary.review"), 10.0, style="label"),
        Column(say("summary.public"), 10.0, style="label"),
        Column(say("summary.remark"), 26.0),
    ]

    def rows() -> Iterator[Row]:
        for number, one in enumerate(selection.accepted, start=1):
            amounts = [one.lines[0].amounts.get(item.key) for item in items]
            yield Row(_row(number, one, amounts, roster))

    sums = [Sum() for _ in items]
    for one in selection.accepted:
        for item, added in zip(items, sums, strict=True):
            added.add(one.lines[0].amounts.get(item.key))
    name = say("summary.overview")
    sheet = lists.start_sheet(blueprint, name, columns, summary_title(blueprint))
    _put_caption(blueprint, sheet, len(columns))
    first = (PARTIAL_ROW if any(one.is_partial for one in sums) else TOTAL_ROW) + 1
    put_body(sheet, first, columns, rows, len(selection.accepted), least_height=ROW_HEIGHT)
    last = max(first, sheet.print_bottom)
    shown = put_totals(sheet, columns, (first, last), sums, form.decimals, word_at=3)
    for row in range(HEADER_ROW + 1, first):
        sheet.heights.setdefault(row, ROW_HEIGHT)
    _put_signers(sheet, len(columns), sheet.print_bottom + 2)
    sheet.freeze = (TOTAL_ROW, 3)
    score = 4 + len(items)
    for row, one in enumerate(selection.accepted, start=first):
        shown[Address(name, row, score)] = one.score
        shown[Address(name, row, score + 1)] = one.grade
    return Area(name, first, score, last, score), shown


def _row(number: int, one: Reduced, amounts: Sequence[Value], roster: Roster | None) -> Sequence[Value]:
    listed = roster.row_of(one.code, one.department) if roster is not None else None
    public = listed.public if listed is not None else None
    code = one.code or (listed.code if listed is not None else None)
    ends = (one.score, one.grade, None, public, _remark(one))
    return (Decimal(number), code, one.department, *amounts, *ends)


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


# Grades and spread


def put_spread(blueprint: Blueprint, scores: Area, departments: int) -> None:
    """Lay out how many departments are in each grade, by score and as they say, and the spread of the scores."""
    by_score, as_said, share = say("summary.by_score"), say("summary.as_said"), say("summary.share")
    columns = [
        Column(say("summary.grade"), 22.0),
        Column(say("summary.lowest"), 16.0),
        Column(by_score, 18.0),
        Column(share, 14.0),
        Column(as_said, 18.0),
        Column(share, 14.0),
    ]
    name = say("summary.spread")
    sheet = start_sheet(blueprint, name, columns, caption=say("summary.spread_about"))
    grades = scores._replace(left=scores.left + 1, right=scores.right + 1)
    bands = blueprint.settings.grades
    top, total = TOTAL_ROW, TOTAL_ROW + len(bands) + 1
    for row, band in enumerate(bands, start=top):
        above = bands[row - top - 1].lowest if row > top else None
        _put_line(sheet, row, (band.name, band.lowest))
        counts = (_in_band(scores, band.lowest, above), call("COUNTIF", grades, band.name))
        _put_counts(sheet, row, total, counts)
    _put_line(sheet, total - 1, (say("summary.ungraded"), None))
    _put_line(sheet, total, (say("summary.total"), None))
    everybody: Part = departments
    rest = tuple(minus(everybody, call("SUM", Area(name, top, at, total - 2, at))) for at in (3, 5))
    _put_counts(sheet, total - 1, total, rest if bands else (call("N", everybody), call("N", everybody)))
    _put_counts(sheet, total, total, (plus(everybody, 0), plus(everybody, 0)))
    _put_scores(sheet, total + 2, scores)


def _in_band(scores: Area, lowest: Decimal, above: Decimal | None) -> Node:
    """Count the scores from *lowest* to below the next band, or to 100."""
    beyond = ">100" if above is None else f">={above:f}"
    return minus(call("COUNTIF", scores, f">={lowest:f}"), call("COUNTIF", scores, beyond))


def _put_line(sheet: SheetPlan, row: int, values: Sequence[Value]) -> None:
    for column, value in enumerate(values, start=1):
        sheet.put(row, column, CellPlan("label", value, format=TEXT if isinstance(value, str) else ""))
    sheet.print_bottom = row


def _put_counts(sheet: SheetPlan, row: int, total: int, counts: Sequence[Node]) -> None:
    """Write counts, each with its share of all departments."""
    for at, count in zip((3, 5), counts, strict=True):
        cell = sheet.put(row, at, CellPlan("label", formula=count, format=NUMBER))
        whole = Address(sheet.name, total, at)
        share = call("IF", equal(whole, 0), "", call("ROUND", over(cell, whole), 4))
        sheet.put(row, at + 1, CellPlan("label", formula=share, format=SHARE))


def _put_scores(sheet: SheetPlan, row: int, scores: Area) -> None:
    sheet.put(row, 1, CellPlan("header", say("summary.score")))
    sheet.put(row, 2, CellPlan("header", None))
    sheet.merges.append(Area(sheet.name, row, 1, row, 2))
    count = call("COUNT", scores)
    average = over(call("SUM", scores), count)
    figures: list[tuple[str, Node]] = [
        ("scored", count),
        ("highest", call("MAX", scores)),
        ("median", call("ROUND", call("MEDIAN", scores), SCORE_PLACES)),
        ("average", call("ROUND", average, SCORE_PLACES)),
        ("lowest_score", call("MIN", scores)),
    ]
    for number, (key, figure) in enumerate(figures, start=row + 1):
        sheet.put(number, 1, CellPlan("label", say(f"summary.{key}")))
        shown = figure if key == "scored" else call("IF", equal(count, 0), "", figure)
        sheet.put(number, 2, CellPlan("label", formula=shown))
    sheet.print_bottom = row + len(figures)
