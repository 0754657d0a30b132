"""How many departments are in each grade, by score and as given, and how the scores spread."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from selfeval_xl.blueprint.lists import Column
from selfeval_xl.blueprint.model import TEXT, Blueprint, CellPlan, SheetPlan
from selfeval_xl.cells import Address, Area, Value
from selfeval_xl.consolidation.grid import NUMBER, TOTAL_ROW, start_sheet
from selfeval_xl.consolidation.scores import ScoreAreas
from selfeval_xl.rules.tree import Node, Part, call, equal, minus, over, plus
from selfeval_xl.texts import say

SHARE = "0.00%"
SCORE_PLACES = 2
FIRST_COUNT = 3


class _Count(NamedTuple):
    """A column of counts: its header, the cells counted, and whether they are scores."""

    header: str
    area: Area
    is_score: bool


class SpreadPlace(NamedTuple):
    """Where the grades and their counts stand, one area for each way of counting, with its header."""

    grades: Area
    counts: tuple[tuple[str, Area], ...]


def put_spread(blueprint: Blueprint, scores: ScoreAreas) -> SpreadPlace:
    """Lay out the counts; those of the bureau's scores only where it gave any."""
    counts = [
        _Count(say("summary.by_score"), scores.score, is_score=True),
        _Count(say("summary.as_said"), scores.grade, is_score=False),
    ]
    if scores.has_reviews:
        counts.append(_Count(say("summary.by_review"), scores.review, is_score=True))
        counts.append(_Count(say("summary.as_reviewed"), scores.review_grade, is_score=False))
    columns = [Column(say("summary.grade_name"), 22.0), Column(say("summary.lowest"), 14.0)]
    for one in counts:
        columns += [Column(one.header, 16.0), Column(say("summary.share"), 11.0)]
    name = say("summary.spread")
    sheet = start_sheet(blueprint, name, columns, caption=say("summary.spread_about"))
    bands = blueprint.settings.grades
    top, total = TOTAL_ROW, TOTAL_ROW + len(bands) + 1
    for row, band in enumerate(bands, start=top):
        above = bands[row - top - 1].lowest if row > top else None
        _put_line(sheet, row, (band.name, band.lowest))
        _put_counts(sheet, row, total, [_counted(one, band.name, band.lowest, above) for one in counts])
    _put_rest(sheet, (top, total), scores.departments, len(counts))
    kinds = [(say("summary.score"), scores.score), (say("summary.review"), scores.review)]
    _put_scores(sheet, total + 2, kinds[: 1 + scores.has_reviews])
    below = [
        Area(name, top, FIRST_COUNT + 2 * at, total - 1, FIRST_COUNT + 2 * at) for at in range(len(counts))
    ]
    headers = [one.header for one in counts]
    return SpreadPlace(Area(name, top, 1, total - 1, 1), tuple(zip(headers, below, strict=True)))


def _counted(one: _Count, grade: str, lowest: Decimal, above: Decimal | None) -> Node:
    """Count what has a grade, or the scores from *lowest* to below the next band, or to 100."""
    if not one.is_score:
        return call("COUNTIF", one.area, grade)
    beyond = ">100" if above is None else f">={above:f}"
    return minus(call("COUNTIF", one.area, f">={lowest:f}"), call("COUNTIF", one.area, beyond))


def _put_rest(sheet: SheetPlan, rows: tuple[int, int], departments: int, width: int) -> None:
    """Write how many are in no grade, and how many there are."""
    (top, total), everybody = rows, departments
    whole: Part = everybody
    _put_line(sheet, total - 1, (say("summary.ungraded"), None))
    _put_line(sheet, total, (say("summary.total"), None))
    rest: list[Node] = [call("N", whole)] * width
    if total - 1 > top:
        columns = [FIRST_COUNT + 2 * at for at in range(width)]
        graded = [call("SUM", Area(sheet.name, top, column, total - 2, column)) for column in columns]
        rest = [minus(whole, one) for one in graded]
    _put_counts(sheet, total - 1, total, rest)
    _put_counts(sheet, total, total, [plus(whole, 0)] * width)


def _put_line(sheet: SheetPlan, row: int, values: Sequence[Value]) -> None:
    for column, value in enumerate(values, start=1):
        sheet.put(row, column, CellPlan("label", value, format=TEXT if isinstance(value, str) else ""))
    sheet.print_bottom = row


def _put_counts(sheet: SheetPlan, row: int, total: int, counts: Sequence[Node]) -> None:
    """Write counts, each with its share of all departments."""
    for number, count in enumerate(counts):
        at = FIRST_COUNT + 2 * number
        cell = sheet.put(row, at, CellPlan("label", formula=count, format=NUMBER))
        whole = Address(sheet.name, total, at)
        share = call("IF", equal(whole, 0), "", call("ROUND", over(cell, whole), 4))
        sheet.put(row, at + 1, CellPlan("label", formula=share, format=SHARE))


def _put_scores(sheet: SheetPlan, row: int, kinds: Sequence[tuple[str, Area]]) -> None:
    """Write the figures of the scores, a column for each kind."""
    sheet.put(row, 1, CellPlan("header", say("summary.figure")))
    names = ("scored", "highest", "median", "average", "lowest_score")
    for number, name in enumerate(names, start=row + 1):
        sheet.put(number, 1, CellPlan("label", say(f"summary.{name}")))
    for column, (header, area) in enumerate(kinds, start=2):
        sheet.put(row, column, CellPlan("header", header))
        for number, figure in enumerate(_figures(area), start=row + 1):
            sheet.put(number, column, CellPlan("label", formula=figure))
    sheet.print_bottom = row + len(names)


def _figures(area: Area) -> list[Node]:
    """Return how many scores there are, the highest, the median, the average and the lowest."""
    count = call("COUNT", area)
    figures: list[Node] = [
        call("MAX", area),
        call("ROUND", call("MEDIAN", area), SCORE_PLACES),
        call("ROUND", over(call("SUM", area), count), SCORE_PLACES),
        call("MIN", area),
    ]
    return [count, *(call("IF", equal(count, 0), "", figure) for figure in figures)]
