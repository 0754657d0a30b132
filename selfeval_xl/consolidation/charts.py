"""The sheet of charts: the totals of each table by item, the grades, the progress of reporting.

The figures stand right of what is printed; those of the tables are formulas over the official totals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from selfeval_xl.blueprint.lists import BODY_ROW, CAPTION_ROW, TITLE_ROW
from selfeval_xl.blueprint.model import Blueprint, CellPlan, Chart, SheetPlan
from selfeval_xl.cells import Area, Value
from selfeval_xl.consolidation.grid import PARTIAL_ROW, summary_title, unit_caption
from selfeval_xl.consolidation.spread import SpreadPlace
from selfeval_xl.consolidation.tables import table_totals
from selfeval_xl.form.model import Table
from selfeval_xl.rules.tree import Node, call
from selfeval_xl.texts import say

ACROSS, COLUMNS_A_CHART, ROWS_A_CHART = 3, 4, 17
COLUMN_WIDTH = 13.0
# In pixels: a little less than the cells that a chart stands over.
WIDTH, HEIGHT = 376, 330
DATA_COLUMN = ACROSS * COLUMNS_A_CHART + 2
COUNT = "0"

Progress = Mapping[str, tuple[int, int]]
"""How many departments reported and how many did not, by whoever looks after them."""


class ChartSheet:
    """The sheet, filled chart by chart."""

    def __init__(self, blueprint: Blueprint) -> None:
        """Start the sheet."""
        name = say("summary.charts")
        self.blueprint, self.row = blueprint, BODY_ROW
        self.sheet = SheetPlan(name, blueprint.kind, landscape=True, protected=False)
        blueprint.sheets[name] = self.sheet
        last = ACROSS * COLUMNS_A_CHART
        self.sheet.put(TITLE_ROW, 1, CellPlan("line.title", f"{summary_title(blueprint)} {name}"))
        self.sheet.merges.append(Area(name, TITLE_ROW, 1, TITLE_ROW, last))
        self.sheet.heights[TITLE_ROW] = 30.0
        self.sheet.put(CAPTION_ROW, 1, CellPlan("caption", unit_caption(blueprint)))
        self.sheet.widths = {**dict.fromkeys(range(1, last + 1), COLUMN_WIDTH), DATA_COLUMN: 28.0}
        self.sheet.print_columns, self.sheet.print_bottom = last, CAPTION_ROW

    def put_table(self, table: Table) -> None:
        """Draw the official totals of a table's items; those that may be negative are not among them."""
        totals = table_totals(self.blueprint.form)
        items = [column for column in table.inputs if not column.signed]
        partial = [totals[item.key]._replace(row=PARTIAL_ROW) for item in items]
        figures: list[Node] = [
            call("IF", call("ISNUMBER", totals[item.key]), totals[item.key], call("N", below))
            for item, below in zip(items, partial, strict=True)
        ]
        decimals = self.blueprint.form.decimals
        numbers = "#,##0" + ("." + "0" * decimals if decimals else "")
        title = say("summary.chart_table", table=table.label, unit=self.blueprint.form.unit)
        rows = [(item.label, [figure]) for item, figure in zip(items, figures, strict=True)]
        self._put(title, "bar", [table.label], rows, numbers)

    def put_grades(self, spread: SpreadPlace) -> None:
        """Draw how many departments are in each grade, for each way of counting."""
        rows = [
            (call("T", name), [call("N", area.addresses()[index]) for _, area in spread.counts])
            for index, name in enumerate(spread.grades.addresses())
        ]
        headers = [header for header, _ in spread.counts]
        self._put(say("summary.chart_grades"), "column", headers, rows, COUNT)

    def put_progress(self, progress: Progress) -> None:
        """Draw how many departments reported, and how many are missing."""
        rows = [(name, [Decimal(count) for count in counts]) for name, counts in progress.items()]
        headers = [say("summary.has_reported"), say("summary.state_missing")]
        self._put(say("summary.chart_progress"), "stacked", headers, rows, COUNT + ";;")

    def _put(
        self,
        title: str,
        kind: str,
        headers: Sequence[str],
        rows: Sequence[tuple[str | Node, Sequence[Node | Decimal]]],
        numbers: str,
    ) -> None:
        """Write a chart's figures below those of the last one, and put it beside the last one."""
        if not rows:
            return
        sheet, top = self.sheet, self.row + 1
        for column, header in enumerate(["", *headers], start=DATA_COLUMN):
            sheet.put(self.row, column, CellPlan("header.side", header or title))
        for row, (name, figures) in enumerate(rows, start=top):
            for column, figure in enumerate([name, *figures], start=DATA_COLUMN):
                sheet.put(row, column, _cell(figure))
        last = top + len(rows) - 1
        columns = range(DATA_COLUMN, DATA_COLUMN + 1 + len(headers))
        names, *figures_at = (Area(sheet.name, top, column, last, column) for column in columns)
        down, across = divmod(len(sheet.charts), ACROSS)
        place = (CAPTION_ROW + 1 + down * ROWS_A_CHART, 1 + across * COLUMNS_A_CHART)
        series = tuple(zip(headers, figures_at, strict=True))
        sheet.charts.append(Chart(title, kind, names, series, *place, WIDTH, HEIGHT, numbers))
        sheet.print_bottom = CAPTION_ROW + (down + 1) * ROWS_A_CHART
        self.row = last + 2


def _cell(figure: Value | Node) -> CellPlan:
    if figure is None or isinstance(figure, (str, Decimal)):
        return CellPlan("check.faint", figure)
    return CellPlan("check.faint", formula=figure)  # type: ignore[arg-type]
