"""The rows of a body as XML, one after the other, so that none has to be kept.

Texts stand in their cells instead of the shared table, which would grow with the rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from selfeval_xl.blueprint.model import Body
from selfeval_xl.cells import Value, column_letters
from selfeval_xl.template.heights import row_height
from selfeval_xl.template.locked import escaped

# What a file holds of heights: whole pixels, of which there are four to three points.
PIXELS_PER_POINT = 4 / 3


@dataclass(frozen=True, slots=True)
class Looks:
    """The style of a column and its formats: of a text or a blank, and of a number."""

    style: str
    text: Any
    number: Any


@dataclass(frozen=True, slots=True)
class StreamedRows:
    """A body with the formats of its columns, ordinary and strong, and what its rows' heights depend on."""

    body: Body
    plain: Sequence[Looks]
    strong: Sequence[Looks]
    widths: Mapping[int, float]
    print_columns: int

    def xml(self) -> Iterator[str]:
        """Yield every row."""
        letters = [column_letters(number) for number in range(1, len(self.plain) + 1)]
        plain, strong = _style_ids(self.plain), _style_ids(self.strong)
        measured = self._measured(self.plain), self._measured(self.strong)
        for number, row in enumerate(self.body.rows(), start=self.body.top):
            ids = strong if row.strong else plain
            cells = [
                _cell(letter, number, value, *styles)
                for letter, value, styles in zip(letters, row.values, ids, strict=True)
            ]
            height = max(self.body.least_height, row_height(row.values, measured[row.strong]))
            shown = f' ht="{int(height * PIXELS_PER_POINT + 0.5) / PIXELS_PER_POINT:g}"' if height else ""
            level = f' outlineLevel="{row.level}"' if row.level else ""
            yield f'<row r="{number}"{shown}{level}>{"".join(cells)}</row>'

    def _measured(self, looks: Sequence[Looks]) -> list[tuple[int, str, float]]:
        """Return the printed columns, whose texts can need room, with their styles and widths."""
        printed = list(enumerate(looks))[: self.print_columns]
        return [(index, look.style, self.widths.get(index + 1, 9.0)) for index, look in printed]


def _style_ids(looks: Sequence[Looks]) -> list[tuple[int, int]]:
    return [(one.text._get_xf_index(), one.number._get_xf_index()) for one in looks]


def _cell(letter: str, row: int, value: Value, text_style: int, number_style: int) -> str:
    if isinstance(value, Decimal):
        return f'<c r="{letter}{row}" s="{number_style}"><v>{value:f}</v></c>'
    if value is None or value == "":
        return f'<c r="{letter}{row}" s="{text_style}"/>'
    return f'<c r="{letter}{row}" s="{text_style}" t="inlineStr"><is>{_text(str(value))}</is></c>'


@lru_cache(maxsize=4096)
def _text(text: str) -> str:
    space = "" if text == text.strip() else ' xml:space="preserve"'
    return f"<t{space}>{escape(escaped(text))}</t>"
