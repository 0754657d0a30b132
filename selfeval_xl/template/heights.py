"""How high a row must be for its text, as Excel would fit it.

Excel fits rows when somebody edits them, other programs when they open the file, some
never; so the height is written, but not as one that was set by hand.
"""

from __future__ import annotations

import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from selfeval_xl.blueprint.model import SheetPlan
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address, Area, Value
from selfeval_xl.template.styles import final_style, styles

DEFAULT_HEIGHT = 15.0
MOST = 409.0
DEFAULT_SIZE = 11
# A column's unit is 8 pixels with the font of our books, 7 with others; what is a little too high cuts nothing.
PIXELS_PER_WIDTH = 7.8
PADDING_PIXELS = 6
# Of a Chinese character: points of type to pixels of width, and to points of a line's height.
PIXELS_PER_POINT = 4 / 3
LINE_PER_POINT = 1.45
PADDING_POINTS = 2.0
# Rows of a table are higher than their text, as on the paper, unless tables on one sheet have many.
AIRY, TIGHT = 20.0, DEFAULT_HEIGHT
MANY_ROWS = 100
AIRY_STYLES = ("name", "amount", "header", "label", "field", "caption", "line", "heading")
NAMES = ("name", "name.input")


def is_crowded(plan: SheetPlan) -> bool:
    """Tell whether the tables on one sheet have so many rows that each is as low as can be."""
    return plan.is_collection and plan.print_bottom > MANY_ROWS


def shown_style(plan: SheetPlan, style: str, *, final: bool) -> str:
    """Return how a cell looks where it stands; in crowded tables a long name is made smaller, not wrapped."""
    if not final:
        return style
    return "name" if style in NAMES and is_crowded(plan) else final_style(style)


def fitted_heights(plan: SheetPlan, values: Values, *, final: bool = False) -> dict[int, float]:
    """Return the height in points of every row whose text needs more than one plain line."""
    merged_right, merged_down = _merged(plan)
    heights: dict[int, float] = defaultdict(lambda: DEFAULT_HEIGHT, plan.least_heights)
    tall: list[tuple[Area, float]] = []
    usual = TIGHT if is_crowded(plan) else AIRY
    for (row, column), cell in plan.cells.items():
        if row in plan.heights:
            continue
        if plan.kind == "form" and cell.style.split(".")[0] in AIRY_STYLES:
            heights[row] = max(heights[row], usual)
        style = shown_style(plan, cell.style, final=final)
        needed = _needed(plan, values, (row, column), merged_right.get((row, column), column), style)
        if (row, column) in merged_down:
            tall.append((merged_down[(row, column)], needed))
        else:
            heights[row] = max(heights[row], needed)
    for area, needed in tall:
        _stretch(plan, heights, area, needed)
    return {row: min(height, MOST) for row, height in heights.items() if height > DEFAULT_HEIGHT + 1}


def row_height(values: Sequence[Value], columns: Iterable[tuple[int, str, float]]) -> float:
    """Return the height that a row of texts needs, or 0 where one line is enough.

    *columns* are the indexes of the values, their styles and their columns' widths.
    """
    texts = ((values[index], style, width) for index, style, width in columns)
    needed = max(
        (_text_height(one, style, width) for one, style, width in texts if isinstance(one, str)), default=0.0
    )
    return min(needed, MOST) if needed > DEFAULT_HEIGHT + 1 else 0.0


@lru_cache(maxsize=16_384)
def _text_height(text: str, style: str, width: float) -> float:
    """Return the height of a text in a style."""
    look = styles()[style]
    size = look.get("font_size", DEFAULT_SIZE)
    lines = count_lines(text, width, size) if look.get("text_wrap") and text else 1
    return float(lines * size * LINE_PER_POINT + (PADDING_POINTS if lines > 1 else 0.0))


def _needed(plan: SheetPlan, values: Values, spot: tuple[int, int], last: int, style: str) -> float:
    """Return the height that a cell's text needs; 0 where it shows none, or only as much as fits."""
    row, column = spot
    value = values(Address(plan.name, row, column))
    if not isinstance(value, str) or not value or column > plan.print_columns > 0:
        return 0.0
    width = sum(plan.widths.get(one, 9.0) for one in range(column, last + 1))
    # A number that the format shows before the text takes room too.
    shown = plan.cells[spot].format
    prefix = shown[1:-2] if shown.endswith('"@') else ""
    return _text_height(prefix + value, style, width)


def _stretch(plan: SheetPlan, heights: dict[int, float], area: Area, needed: float) -> None:
    """Make the rows of a merged cell high enough for its text, all by the same amount."""
    rows = [row for row in range(area.top, area.bottom + 1) if row not in plan.heights]
    there = sum(plan.heights.get(row, heights[row]) for row in range(area.top, area.bottom + 1))
    for row in rows:
        heights[row] += max(0.0, needed - there) / len(rows)


def _merged(plan: SheetPlan) -> tuple[dict[tuple[int, int], int], dict[tuple[int, int], Area]]:
    """Return the last column of cells merged to the right, and the cells merged downwards."""
    right = {(area.top, area.left): area.right for area in plan.merges}
    down = {(area.top, area.left): area for area in plan.merges if area.height > 1}
    return right, down


def count_lines(text: str, width: float, size: float = DEFAULT_SIZE) -> int:
    """Return in how many lines *text* stands in a column of *width* characters."""
    room = max(1.0, (width * PIXELS_PER_WIDTH - PADDING_PIXELS) / (size * PIXELS_PER_POINT))
    if len(text) <= room and "\n" not in text:
        return 1
    return sum(max(1, math.ceil(_characters(line) / room)) for line in text.split("\n"))


def _characters(line: str) -> float:
    """Return a line's length in Chinese characters; Latin letters and digits are a little over half as wide."""
    return sum(1.0 if unicodedata.east_asian_width(one) in "WFA" else 0.55 for one in line)
