"""Writes a blueprint and its values as an ``.xlsx`` file, the same bytes each time."""

from __future__ import annotations

import base64
import datetime
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from selfeval_xl.blueprint.identity import FILLING
from selfeval_xl.blueprint.model import (
    GENERAL,
    TEXT,
    Blueprint,
    Body,
    CellPlan,
    Condition,
    SheetPlan,
    Validation,
)
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address, Area, quote_sheet, range_ref, ref
from selfeval_xl.ooxml.protection import Hash, agile_hash
from selfeval_xl.rules.printing import print_formula
from selfeval_xl.template.charts import put_charts
from selfeval_xl.template.heights import (
    DEFAULT_SIZE,
    LINE_PER_POINT,
    PIXELS_PER_POINT,
    PIXELS_PER_WIDTH,
    count_lines,
    fitted_heights,
    shown_style,
)
from selfeval_xl.template.locked import LockedWorkbook, LockedWorksheet, escaped
from selfeval_xl.template.pages import MARGINS, page_breaks, parts_on_pages
from selfeval_xl.template.rows import Looks, SheetRows, StreamedRows
from selfeval_xl.template.styles import condition_properties, properties
from selfeval_xl.texts import say

A4 = 9
LAST_COLUMN = 16383
TAB_COLOURS = {
    "form": "#2E75B6",
    "checks": "#C00000",
    "help": "#7F7F7F",
    "summary": "#548235",
    "report": "#C55A11",
}
# Of the box of a note: characters of width, points of type.
NOTE_WIDTH, NOTE_SIZE = 42.0, 9
FINGERPRINT = "fingerprint"
MACROS_SUFFIX = ".xlsm"
EPOCH = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)

Formats = Mapping[Address, str]


def write_workbook(
    blueprint: Blueprint, values: Values, path: Path, formats: Formats | None = None, *, draft: bool = False
) -> None:
    """Write *blueprint* to *path* with the value of every cell; with macros and buttons where *path* ends in ``.xlsm``.

    *formats* overrides number formats of single cells (a goal's generated number);
    *draft* marks every printed page.  A final workbook has every cell locked.  The
    caller sees to it that *path* appears whole or not at all.
    """
    writer = _Writer(blueprint, values, path, formats or {})
    writer.draft = draft
    writer.write()


class _Writer:
    def __init__(self, blueprint: Blueprint, values: Values, path: Path, formats: Formats) -> None:
        self.blueprint, self.values, self.formats = blueprint, values, formats
        body = {"font_name": say("font.body"), "font_size": DEFAULT_SIZE}
        # The rows of a body are too many for memory.
        in_memory = not any(sheet.body for sheet in blueprint.sheets.values())
        self.book = LockedWorkbook(str(path), {"default_format_properties": body, "in_memory": in_memory})
        self.draft = False
        self.with_macros = path.suffix.lower() == MACROS_SUFFIX
        self.page_ends: frozenset[int] = frozenset()
        self.locked = hashlib.sha256()
        self.final = blueprint.kind != FILLING
        self.cache: dict[tuple[str, bool, str, tuple[str, ...], str], Any] = {}

    def write(self) -> None:
        blueprint = self.blueprint
        lock = protection_of(blueprint)
        self.book.structure = lock
        self.book.set_calc_mode("auto")
        for sheet in blueprint.sheets.values():
            self._sheet(sheet, lock)
        names = blueprint.names
        if self.with_macros:
            from selfeval_xl.template.macros import add_macros

            names = names | add_macros(self.book, blueprint, self.values, lock)
        self._properties()
        for name, area in names.items():
            target = f"={quote_sheet(area.sheet)}!{range_ref(area, absolute=True)}"
            self.book.define_name(name, target)
        self.book.close()

    def _properties(self) -> None:
        blueprint = self.blueprint
        self.book.set_properties({"title": blueprint.form.name, "created": EPOCH})
        for name, value in blueprint.properties.items():
            self.book.set_custom_property(name, value, "text")
        self.book.set_custom_property(FINGERPRINT, self.locked.hexdigest(), "text")

    def _sheet(self, plan: SheetPlan, lock: Hash) -> None:
        sheet = self.book.add_worksheet(plan.name, worksheet_class=LockedWorksheet)
        if plan.protected:
            sheet.agile = lock
        for column, width in plan.widths.items():
            sheet.set_column(column - 1, column - 1, width)
        final = self._is_final(plan)
        fitted = fitted_heights(plan, self.values, final=final)
        heights = {**fitted, **plan.heights}
        sheet.rows = SheetRows(
            heights, fitted.keys() - plan.heights, self.book.str_table._get_shared_string_index
        )
        breaks = page_breaks(plan, heights, final=final)
        sheet.set_h_pagebreaks(breaks)
        # Only a finished sheet has all its page ends set.
        self.page_ends = frozenset(breaks) if self.final and plan.kind == "form" else frozenset()
        for area in plan.merges:
            self._merge(sheet, area)
        self._cells(sheet, plan)
        for validation in () if final and plan.protected else plan.validations:
            self._validation(sheet, validation)
        for condition in plan.conditions:
            self._condition(sheet, plan.name, condition)
        if plan.marks or plan.charts:
            # XlsxWriter looks up how high rows are to place what lies over them; it did not write these itself.
            sheet.row_sizes |= {
                row - 1: [round(high * PIXELS_PER_POINT), False] for row, high in heights.items()
            }
        self._notes(sheet, plan)
        if plan.charts:
            put_charts(self.book, sheet, plan, self.values)
        self._page(sheet, plan)
        if plan.filtered is not None:
            area = plan.filtered
            sheet.autofilter(area.top - 1, area.left - 1, area.bottom - 1, area.right - 1)
        self._screen(sheet, plan)

    def _is_final(self, plan: SheetPlan) -> bool:
        """Tell whether nobody fills in this sheet."""
        return self.final and not plan.is_filled_in

    def _cells(self, sheet: Any, plan: SheetPlan) -> None:
        for (row, column), cell in sorted(plan.cells.items()):
            self._cell(sheet, plan, (row, column), cell)
        for row, column in plan.corners:
            sheet._check_dimensions(row - 1, column - 1)
        if plan.body is not None:
            self._body(sheet, plan, plan.body)

    def _merge(self, sheet: Any, area: Area) -> None:
        """Merge an area; its cells are written like others, and merge_range would write them a second time."""
        for part in parts_on_pages(area, self.page_ends):
            if part.height > 1 or part.width > 1:
                sheet.merge.append([part.top - 1, part.left - 1, part.bottom - 1, part.right - 1])

    def _screen(self, sheet: Any, plan: SheetPlan) -> None:
        """Set what a clerk meets on opening: the cursor at the first input, frozen headers, a tab's colour."""
        if plan.freeze is not None:
            sheet.freeze_panes(*plan.freeze)
        first = min((place for place, cell in plan.cells.items() if not cell.locked), default=None)
        if first is not None and plan.kind == "form" and not self.final:
            sheet.set_selection(first[0] - 1, first[1] - 1, first[0] - 1, first[1] - 1)
        if plan.kind in TAB_COLOURS:
            sheet.set_tab_color(TAB_COLOURS[plan.kind])
        sheet.hide_gridlines(2)
        if plan.hidden:
            sheet.very_hidden()

    def _cell(self, sheet: Any, plan: SheetPlan, spot: tuple[int, int], cell: CellPlan) -> None:
        (row, column), name = spot, plan.name
        address = Address(name, row, column)
        number_format = self.formats.get(address, cell.format)
        final = self._is_final(plan)
        style = shown_style(plan, cell.style, final=final)
        edges = self._edges(row) if column <= plan.print_columns else ()
        mark = plan.marks[(row, column)].severity if (row, column) in plan.marks else ""
        look = self._format(style, cell.locked or final, number_format, edges, mark)
        value = self.values(address)
        if cell.locked and cell.formula is None:
            self.locked.update(f"{address}{value!r}\n".encode())
        if cell.formula is not None:
            formula = self.blueprint.fixed(name).formulas[(row, column)]
            self.locked.update(f"{address}={formula}\n".encode())
            sheet.rows.put(row, column, look, value, formula)
        else:
            sheet.rows.put(row, column, look, value)

    def _body(self, sheet: Any, plan: SheetPlan, body: Body) -> None:
        """Leave the rows of a body to be made while the file is written."""
        sheet.outline_settings(symbols_below=False)
        sheet.outline_row_level = body.depth
        sheet._check_dimensions(body.bottom - 1, len(body.styles) - 1)
        plain, strong = (
            [shown_style(plan, style, final=self.final) for style in styles]
            for styles in (body.styles, body.strong_styles)
        )
        sheet.rows.body = StreamedRows(
            body,
            self._looks(plain, body.amounts),
            self._looks(strong, body.amounts),
            plan.widths,
            plan.print_columns,
        )

    def _looks(self, styles: Sequence[str], amounts: Sequence[bool]) -> list[Looks]:
        looks = []
        for style, is_amount in zip(styles, amounts, strict=True):
            text = self._format(style, locked=True, number_format=GENERAL if is_amount else TEXT)
            looks.append(Looks(style, text, self._format(style, locked=True, number_format=GENERAL)))
        return looks

    def _edges(self, row: int) -> tuple[str, ...]:
        """Return where a box is closed because the page begins or ends with this row."""
        ends = {"top": row - 1 in self.page_ends, "bottom": row in self.page_ends}
        return tuple(edge for edge, is_there in ends.items() if is_there)

    def _format(
        self, style: str, locked: bool, number_format: str, edges: tuple[str, ...] = (), mark: str = ""
    ) -> Any:
        key = (style, locked, number_format, edges, mark)
        if key not in self.cache:
            decimals = self.blueprint.form.decimals
            look = properties(style, locked, number_format, decimals, edges, mark)
            self.cache[key] = self.book.add_format(look)
        return self.cache[key]

    def _notes(self, sheet: Any, plan: SheetPlan) -> None:
        """Write the notes on marked cells, each in a box of its own size."""
        if not plan.marks:
            return
        sheet.set_comments_author(self.blueprint.settings.maker)
        noted = {place: mark for place, mark in plan.marks.items() if mark.note}
        for (row, column), mark in noted.items():
            lines = count_lines(mark.note, NOTE_WIDTH, NOTE_SIZE)
            options = {
                "width": round(NOTE_WIDTH * PIXELS_PER_WIDTH),
                "height": round(NOTE_SIZE * PIXELS_PER_POINT * LINE_PER_POINT * (lines + 1)),
                "font_name": say("font.body"),
                "font_size": NOTE_SIZE,
            }
            sheet.write_comment(row - 1, column - 1, escaped(mark.note), options)

    def _validation(self, sheet: Any, validation: Validation) -> None:
        for area in validation.areas:
            first = ref(area.top, area.left)
            options = _criteria(validation, first, self.blueprint.form.decimals)
            options |= {
                "ignore_blank": True,
                "input_title": validation.title[:32] if validation.prompt else "",
                "input_message": validation.prompt[:255],
                "error_message": validation.error[:255],
            }
            if options["validate"] == "any" and not validation.prompt:
                continue
            sheet.data_validation(area.top - 1, area.left - 1, area.bottom - 1, area.right - 1, options)

    def _condition(self, sheet: Any, name: str, condition: Condition) -> None:
        area = condition.area
        look = self.book.add_format(condition_properties(condition.style))
        options = {
            "type": "formula",
            "criteria": "=" + print_formula(condition.formula, name),
            "format": look,
        }
        sheet.conditional_format(area.top - 1, area.left - 1, area.bottom - 1, area.right - 1, options)

    def _page(self, sheet: Any, plan: SheetPlan) -> None:
        sheet.set_paper(A4)
        sheet.set_margins(*MARGINS)
        if plan.kind == "form":
            sheet.center_horizontally()
        if plan.landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        if plan.print_columns and plan.print_bottom:
            sheet.print_area(0, 0, plan.print_bottom - 1, plan.print_columns - 1)
        if plan.repeat is not None:
            sheet.repeat_rows(plan.repeat[0] - 1, plan.repeat[1] - 1)
        if plan.kind == "checks":
            # Nothing of it is to be printed with the report: one empty cell is.
            sheet.print_area(0, LAST_COLUMN, 0, LAST_COLUMN)
        sheet.set_footer("&C" + say("print.footer", page="&P", pages="&N"))
        if self.draft:
            sheet.set_header("&C&20" + say("report.draft"))


def protection_of(blueprint: Blueprint) -> Hash:
    """Return the hash that locks the sheets: the form's own password and salt."""
    return agile_hash(blueprint.form.password, base64.b64decode(blueprint.form.salt))


def _criteria(validation: Validation, first: str, decimals: int) -> dict[str, Any]:
    """Return what XlsxWriter needs to say which values a cell takes."""
    between = {"criteria": "between"}
    match validation.kind:
        case "amount":
            return {"validate": "custom", "value": f"=ROUND({first},{decimals})={first}"}
        case "integer":
            return {"validate": "integer", **between, "minimum": validation.least, "maximum": 9_999_999}
        case "year":
            return {"validate": "integer", **between, "minimum": 2000, "maximum": 2100}
        case "score":
            return {"validate": "decimal", **between, "minimum": 0, "maximum": 100}
        case "date":
            low, high = datetime.date(2000, 1, 1), datetime.date(2100, 12, 31)
            return {"validate": "date", **between, "minimum": low, "maximum": high}
        case "list":
            source = validation.source
            area = None if source is None else "=" + range_ref(source, absolute=True)
            return {"validate": "list", "source": area or list(validation.choices)}
        case _:
            return {"validate": "any"}
