"""What departments score: by their own account, as the bureau weighed it anew, and their order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from selfeval_xl.blueprint.lists import BODY_ROW, NARROW, Column, put_list
from selfeval_xl.blueprint.model import Blueprint
from selfeval_xl.cells import Address, Area, Value
from selfeval_xl.consolidation.grid import start_sheet
from selfeval_xl.consolidation.members import Scored
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.form.model import Grade
from selfeval_xl.texts import say

Reviews = Callable[[str | None, str | None], tuple[Decimal | None, str | None]]
"""Says which score and grade the bureau gave the department with this code and name; ``None`` for none."""


Ranked = Sequence[tuple[Decimal | None, Scored]]
"""Departments with their ranks."""


def scored(files: Iterable[Reduced], reviews: Reviews | None, grades: Sequence[Grade]) -> list[Scored]:
    """Return the scores of every file's department, or those that a region's summary lists.

    Where the bureau gave a score and no grade, the grade is that of the score.
    """
    found = []
    for one in files:
        if one.members is not None:
            found += [member._replace(region=_within(one, member)) for member in one.members]
            continue
        review, grade = (None, None) if reviews is None else reviews(one.code, one.department)
        own = None if review is None else grade or grade_of(review, grades)
        found.append(Scored(None, one.code, one.department, one.score, one.grade, review, own or grade))
    return found


def _within(one: Reduced, member: Scored) -> str | None:
    """Return the region of a department in a region's summary, as an address names it: from the largest down."""
    return "".join(name for name in (one.department, member.region) if name) or None


def grade_of(score: Decimal, grades: Sequence[Grade]) -> str | None:
    """Return the grade of a score, or ``None`` where no band has it."""
    return next((grade.name for grade in grades if grade.lowest <= score <= 100), None)


def ranked(departments: Sequence[Scored]) -> Ranked:
    """Return the departments, each with its rank; equal scores share one, and without a score there is none."""
    counts = sorted((one.counted for one in departments if one.counted is not None), reverse=True)
    ranks: dict[Decimal, int] = {}
    for rank, count in enumerate(counts, start=1):
        ranks.setdefault(count, rank)
    return [(None if one.counted is None else Decimal(ranks[one.counted]), one) for one in departments]


class ScoreAreas(NamedTuple):
    """Where scores and grades stand, the departments' own and the bureau's, and what stands there."""

    score: Area
    grade: Area
    review: Area
    review_grade: Area
    shown: dict[Address, Value]
    departments: int
    has_reviews: bool


def put_ranking(blueprint: Blueprint, departments: Ranked, *, of_regions: bool) -> ScoreAreas:
    """Lay out the departments by rank; those without a score stand last."""
    order = sorted(departments, key=lambda pair: (pair[0] is None, pair[0] or 0))
    columns = [
        Column(say("summary.rank"), 8.0, style="label"),
        *([Column(say("summary.region"), 20.0)] if of_regions else []),
        Column(say("summary.code"), 11.0),
        Column(say("summary.department"), 34.0),
    ]
    first = len(columns) + 1
    names = ("score", "grade", "review", "review_grade")
    columns += [
        Column(say(f"summary.{name}"), NARROW, style="label") for name in (*names, "score_difference")
    ]
    columns.append(Column(say("summary.rank_by"), 10.0, style="label"))
    sheet = start_sheet(blueprint, say("summary.ranking"), columns, say("summary.ranking_about"))
    put_list(sheet, columns, lambda: _rows(order, of_regions=of_regions), len(order))
    last = max(BODY_ROW, sheet.print_bottom)
    score, grade, review, review_grade = (
        Area(sheet.name, BODY_ROW, at, last, at) for at in range(first, first + len(names))
    )
    shown = {
        Address(sheet.name, row, first + at): value
        for row, (_, one) in enumerate(order, start=BODY_ROW)
        for at, value in enumerate(one[3:])
    }
    has_reviews = any(one.review is not None for _, one in order)
    return ScoreAreas(score, grade, review, review_grade, shown, len(order), has_reviews)


def _rows(order: Ranked, *, of_regions: bool) -> Iterator[Sequence[Value]]:
    for rank, one in order:
        whose = (one.region, one.code, one.name) if of_regions else (one.code, one.name)
        by = None if rank is None else say("summary.score" if one.review is None else "summary.review")
        yield (rank, *whose, *one[3:], one.difference, by)
