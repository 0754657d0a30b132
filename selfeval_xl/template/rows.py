"""The rows of a sheet as XML: planned cells, and the rows of a body as they are made.

XlsxWriter would keep an object for each cell and escape each formula in every workbook; what a
formula looks like in XML is worked out once here.  The texts of a body stand in their cells
instead of the shared table, which would grow with the rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from msgspec import Struct

from selfeval_xl.blueprint.model import Body, Link
from selfeval_xl.cells import CellError, Value, column_letters
from selfeval_xl.template.heights import row_height
from selfeval_xl.template.locked import escaped
from selfeval_xl.template.styles import styles

# What a file holds of heights: whole pixels, of which there are four to three points.
PIXELS_PER_POINT = 4 / 3
LARGEST_WHOLE = 1e15


class SheetRows:
    """Collects the rows of one sheet and gives their XML when the formats have their numbers."""

    def __init__(
        self, heights: Mapping[int, float], fitted: Container[int], text_index: Callable[[str], int]
    ) -> None:
        """Take the rows' heights in points, those that programs may fit anew, and the table of texts."""
        self.heights, self._fitted, self._text_index = heights, fitted, text_index
        self._cells: dict[int, list[tuple[str, Any, str]]] = defaultdict(list)
        self.body: StreamedRows | None = None

    def put(self, row: int, column: int, look: Any, value: Value, formula: str | None = None) -> None:
        """Put a cell right of those that the row has; *value* is a formula's result where there is one."""
        reference = f"{column_letters(column)}{row}"
        self._cells[row].append(
            (reference, look, self._content(value) if formula is None else _formula(formula, value))
        )

    def _content(self, value: Value) -> str:
        """Return what follows the address and style of a cell without a formula."""
        if value is None:
            return "/>"
        if isinstance(value, bool):
            return f' t="b"><v>{value:d}</v></c>'
        if isinstance(value, Decimal):
            return f"><v>{_number(value)}</v></c>"
        if isinstance(value, Link):
            return _link(value)
        return f' t="s"><v>{self._text_index(str(value))}</v></c>'

    def xml(self) -> Iterator[str]:
        """Yield every row from the top down."""
        rows = sorted({*self._cells, *self.heights})
        top = self.body.body.top if self.body is not None else 0
        yield from (self._row(row) for row in rows if row < top)
        if self.body is not None:
            yield from self.body.xml()
        yield from (self._row(row) for row in rows if row >= top)

    def _row(self, row: int) -> str:
        height = _height(self.heights[row]) if row in self.heights else ""
        # A fitted height is not one set by hand: Excel goes on fitting the row when it is edited.
        by_hand = ' customHeight="1"' if height and row not in self._fitted else ""
        cells = "".join(
            f'<c r="{reference}" s="{look._get_xf_index()}"{content}'
            for reference, look, content in self._cells.get(row, ())
        )
        return f'<row r="{row}"{height}{by_hand}>{cells}</row>'


def _height(points: float) -> str:
    return f' ht="{int(points * PIXELS_PER_POINT + 0.5) / PIXELS_PER_POINT:.16g}"'


def _number(value: Decimal) -> str:
    """Return a number as Excel writes it, a whole one without a point."""
    number = float(value)
    if number.is_integer() and abs(number) < LARGEST_WHOLE:
        return str(int(number))
    return f"{number:.16G}"


def _formula(formula: str, value: Value) -> str:
    """Return what follows the address and style of a calculated cell; a result of nothing is a text."""
    if isinstance(value, bool):
        kind, shown = "b", str(int(value))
    elif isinstance(value, Decimal):
        kind, shown = "", _number(value)
    elif isinstance(value, CellError):
        kind, shown = "e", value.value
    else:
        kind, shown = "str", escape(escaped(str(value or "")))
    typed = f' t="{kind}"' if kind else ""
    return f"{typed}><f>{_escaped_formula(formula)}</f><v>{shown}</v></c>"


def _link(link: Link) -> str:
    """Return what follows the address and style of a cell that leads somewhere."""
    # Written out here: a summary has one in every row, and printing a tree takes ten times as long.
    target, shown = (text.replace('"', '""') for text in (link.target, link))
    formula = escape(f'HYPERLINK("{target}","{shown}")')
    return f' t="str"><f>{formula}</f><v>{escape(escaped(link))}</v></c>'


_escaped_formula = lru_cache(maxsize=16_384)(escape)


class Looks(Struct, frozen=True):
    """The style of a column and its formats: of a text or a blank, and of a number."""

    style: str
    text: Any
    number: Any


class StreamedRows(Struct, frozen=True):
    """A body with the formats of its columns, ordinary and strong, and what its rows' heights depend on."""

    body: Body
    plain: Sequence[Looks]
    strong: Sequence[Looks]
    widths: Mapping[int, float]
    print_columns: int

    def xml(self) -> Iterator[str]:
        """Yield every row."""
        plain, strong = _ends(self.plain), _ends(self.strong)
        measured = self._measured(self.plain), self._measured(self.strong)
        for number, row in enumerate(self.body.rows(), start=self.body.top):
            cells = _cells(number, row.values, strong if row.strong else plain)
            height = max(self.body.least_height, row_height(row.values, measured[row.strong]))
            shown = _height(height) if height else ""
            level = f' outlineLevel="{row.level}"' if row.level else ""
            yield f'<row r="{number}"{shown}{level}>{cells}</row>'

    def _measured(self, looks: Sequence[Looks]) -> list[tuple[int, str, float]]:
        """Return the printed columns whose texts are wrapped and can need room, with their styles and widths."""
        printed = list(enumerate(looks))[: self.print_columns]
        return [
            (index, look.style, self.widths.get(index + 1, 9.0))
            for index, look in printed
            if styles()[look.style].get("text_wrap")
        ]


def _ends(looks: Sequence[Looks]) -> list[tuple[str, str, str]]:
    """Return of each column how a cell begins, and what follows its row's number for a text and for a number."""
    return [
        (
            f'<c r="{column_letters(number)}',
            f'" s="{one.text._get_xf_index()}"',
            f'" s="{one.number._get_xf_index()}"><v>',
        )
        for number, one in enumerate(looks, start=1)
    ]


def _cells(row: int, values: Sequence[Value], ends: Sequence[tuple[str, str, str]]) -> str:
    """Return the cells of a row; a summary has millions of them, so there is no call for a plain one."""
    found = []
    for (start, text, number), value in zip(ends, values, strict=True):
        if type(value) is Decimal:
            found.append(f"{start}{row}{number}{value:f}</v></c>")
        elif value is None or value == "":
            found.append(f"{start}{row}{text}/>")
        elif isinstance(value, Link):
            found.append(f"{start}{row}{text}{_link(value)}")
        else:
            found.append(f'{start}{row}{text} t="inlineStr"><is>{_text(str(value))}</is></c>')
    return "".join(found)


@lru_cache(maxsize=4096)
def _text(text: str) -> str:
    space = "" if text == text.strip() else ' xml:space="preserve"'
    return f"<t{space}>{escape(escaped(text))}</t>"
