"""Where printed pages end, so that what belongs together stays on one page.

Excel and the others break pages where they are full, each a little differently.  In a
workbook to be filled in a break is set only before a run of rows that would otherwise
be cut in two; the pages of a finished one are all set, and a run longer than a page
begins one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from selfeval_xl.blueprint.model import SheetPlan
from selfeval_xl.cells import Area
from selfeval_xl.template.heights import DEFAULT_HEIGHT

# Inches, of A4: left, right, top, bottom.
MARGINS = (0.6, 0.6, 0.8, 0.8)
POINTS = 72
SHORT_SIDE, LONG_SIDE = 595, 842
# Programs differ a little in how much a page holds.
USABLE = 0.96
POINTS_PER_WIDTH, PADDING = 6.0, 3.75


def page_breaks(plan: SheetPlan, heights: Mapping[int, float], *, final: bool) -> list[int]:
    """Return the rows after which a page ends: the blueprint's own breaks, and those that keep runs whole.

    Where rows are made while they are written, none is set.
    """
    if plan.body is not None:
        return []
    room = _room(plan) - _repeated(plan, heights)
    runs = {top: sum(_height(heights, row) for row in range(top, bottom + 1)) for top, bottom in plan.keep}
    breaks = set(plan.breaks)
    used = 0.0
    for row in range(1, plan.print_bottom + 1):
        height = _height(heights, row)
        run = runs.get(row, height)
        if run > room and not final:
            run = height
        if used and used + run > room:
            if final or row in runs:
                breaks.add(row - 1)
            used = 0.0
        used += height
        used = 0.0 if row in breaks else used
    return sorted(breaks)


def parts_on_pages(area: Area, breaks: Collection[int]) -> list[Area]:
    """Return what a merged area is on each page, so that a box is closed at a page's foot."""
    cuts = [row for row in sorted(breaks) if area.top <= row < area.bottom]
    tops, bottoms = [area.top, *(row + 1 for row in cuts)], [*cuts, area.bottom]
    return [area._replace(top=top, bottom=bottom) for top, bottom in zip(tops, bottoms, strict=True)]


def _height(heights: Mapping[int, float], row: int) -> float:
    return heights.get(row, DEFAULT_HEIGHT)


def _repeated(plan: SheetPlan, heights: Mapping[int, float]) -> float:
    if plan.repeat is None:
        return 0.0
    return sum(_height(heights, row) for row in range(plan.repeat[0], plan.repeat[1] + 1))


def _room(plan: SheetPlan) -> float:
    """Return how many points of rows a page holds, at the scale at which its width fits."""
    wide, high = (LONG_SIDE, SHORT_SIDE) if plan.landscape else (SHORT_SIDE, LONG_SIDE)
    left, right, top, bottom = MARGINS
    width = sum(
        plan.widths.get(column, 9.0) * POINTS_PER_WIDTH + PADDING
        for column in range(1, plan.print_columns + 1)
    )
    scale = min(1.0, (wide - (left + right) * POINTS) / max(width, 1.0))
    return (high - (top + bottom) * POINTS) * USABLE / scale
