"""How high a row must be for its text, as Excel would fit it.

Excel fits rows when somebody edits them, other programs when they open the file, some
never; so the height is written, but not as one that was set by hand.
"""

from __future__ import annotations

import math
import unicodedata
from collections import defaultdict

from selfeval_xl.blueprint.blocks import PIXELS_PER_WIDTH
from selfeval_xl.blueprint.model import SheetPlan
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address
from selfeval_xl.template.styles import styles

DEFAULT_HEIGHT = 15.0
MOST = 409.0
DEFAULT_SIZE = 11
PADDING_PIXELS = 8
# Of a Chinese character: points of type to pixels of width, and to points of a line's height.
PIXELS_PER_POINT = 4 / 3
LINE_PER_POINT = 1.4


def fitted_heights(plan: SheetPlan, values: Values) -> dict[int, float]:
    """Return the height in points of every row whose text needs more than one plain line."""
    merged_right, merged_down = _merged(plan)
    heights: dict[int, float] = defaultdict(lambda: DEFAULT_HEIGHT)
    for (row, column), cell in plan.cells.items():
        if row in plan.heights or (row, column) in merged_down:
            continue
        value = values(Address(plan.name, row, column))
        if not isinstance(value, str) or not value:
            continue
        look = styles()[cell.style]
        size = look.get("font_size", DEFAULT_SIZE)
        last = merged_right.get((row, column), column)
        width = sum(plan.widths.get(one, 9.0) for one in range(column, last + 1))
        lines = count_lines(value, width, size) if look.get("text_wrap") else 1
        heights[row] = max(heights[row], lines * size * LINE_PER_POINT)
    return {row: min(height, MOST) for row, height in heights.items() if height > DEFAULT_HEIGHT + 1}


def _merged(plan: SheetPlan) -> tuple[dict[tuple[int, int], int], set[tuple[int, int]]]:
    """Return the last column of cells merged to the right, and the cells merged downwards."""
    right = {(area.top, area.left): area.right for area in plan.merges}
    down = {(area.top, area.left) for area in plan.merges if area.height > 1}
    return right, down


def count_lines(text: str, width: float, size: float = DEFAULT_SIZE) -> int:
    """Return in how many lines *text* stands in a column of *width* characters."""
    room = max(1.0, (width * PIXELS_PER_WIDTH - PADDING_PIXELS) / (size * PIXELS_PER_POINT))
    return sum(max(1, math.ceil(_characters(line) / room)) for line in text.split("\n"))


def _characters(line: str) -> float:
    """Return a line's length in Chinese characters; Latin letters and digits are a little over half as wide."""
    return sum(1.0 if unicodedata.east_asian_width(one) in "WFA" else 0.55 for one in line)
