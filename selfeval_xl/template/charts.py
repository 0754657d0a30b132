"""Native charts, each with the figures of its cells, so that a program that does not calculate shows them too."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from selfeval_xl.blueprint.model import Chart, SheetPlan
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Area, Value, quote_sheet, range_ref
from selfeval_xl.texts import say

COLOURS = ("#2E75B6", "#A5A5A5", "#ED7D31", "#70AD47")
GREY, LINE = "#404040", "#D9D9D9"
KINDS: Mapping[str, dict[str, str]] = {
    "bar": {"type": "bar"},
    "column": {"type": "column"},
    "stacked": {"type": "bar", "subtype": "stacked"},
}


def put_charts(book: Any, sheet: Any, plan: SheetPlan, values: Values) -> None:
    """Put the charts of a sheet at their places."""
    for chart in plan.charts:
        drawn = book.add_chart(dict(KINDS[chart.kind]))
        _series(drawn, chart, values)
        _looks(drawn, chart)
        drawn.set_size({"width": chart.width, "height": chart.height})
        sheet.insert_chart(
            chart.row - 1, chart.column - 1, drawn, {"description": chart.title, "object_position": 2}
        )


def _series(drawn: Any, chart: Chart, values: Values) -> None:
    for number, (name, area) in enumerate(chart.series):
        colour = COLOURS[number % len(COLOURS)]
        inside = {"color": "#FFFFFF"} if chart.kind == "stacked" else {}
        drawn.add_series(
            {
                "name": name,
                "categories": _reference(chart.categories),
                "categories_data": [_shown(values(cell)) for cell in chart.categories.addresses()],
                "values": _reference(area),
                "values_data": [_shown(values(cell)) for cell in area.addresses()],
                "fill": {"color": colour},
                "gap": 60,
                "data_labels": {"value": True, "num_format": chart.number_format, "font": _font(8) | inside},
            }
        )


def _looks(drawn: Any, chart: Chart) -> None:
    drawn.set_title({"name": chart.title, "name_font": {**_font(12), "bold": True}, "overlay": False})
    names = {"num_font": _font(9), "line": {"color": LINE}, "major_tick_mark": "none"}
    figures = {
        "visible": False,
        "major_gridlines": {"visible": False},
        "num_format": chart.number_format,
    }
    # The first item stands at the top, as in the tables; XlsxWriter calls the axis of names of a bar chart y.
    if chart.kind == "column":
        drawn.set_x_axis(names)
        drawn.set_y_axis(figures)
    else:
        drawn.set_y_axis({**names, "reverse": True})
        drawn.set_x_axis(figures)
    drawn.set_legend({"none": True} if len(chart.series) == 1 else {"position": "bottom", "font": _font(9)})
    drawn.set_chartarea({"border": {"color": LINE}})


def _font(size: int) -> dict[str, Any]:
    return {"name": say("font.body"), "size": size, "color": GREY, "bold": False}


def _reference(area: Area) -> str:
    return f"={quote_sheet(area.sheet)}!{range_ref(area, absolute=True)}"


def _shown(value: Value) -> float | str:
    return float(value) if isinstance(value, Decimal) else str(value or "")
