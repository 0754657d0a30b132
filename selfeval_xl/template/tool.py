"""The consolidation workbook: a few cells to fill in, buttons, and room for what came of every file."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from selfeval_xl.cells import Area, quote_sheet, range_ref
from selfeval_xl.ooxml.macros import project
from selfeval_xl.shipped import macro_texts
from selfeval_xl.template.locked import LockedWorkbook
from selfeval_xl.template.styles import properties
from selfeval_xl.template.write import EPOCH
from selfeval_xl.texts import say

MODULES = ("Consolidate", "Record", "Texts")
SENTENCES = ("summary_name", "begun", "no_program", "no_summary", "paste")
INPUTS = ("folder", "roster", "ledger", "target", "program")
PICKERS = {"folder": "PickFolder", "roster": "PickRoster", "ledger": "PickLedger"}
COLUMNS = {"name": 44.0, "department": 34.0, "result": 16.0, "reason": 70.0}
FIRST_INPUT, BUTTON_ROW, STATE_ROW, HEAD_ROW = 3, 9, 11, 13
RESULT_ROWS = 2000
TEXTS = "_texts"

_HEIGHT, _WIDTH, _SMALL, _GAP = 24, 110, 64, 12


def write_tool(path: Path) -> None:
    """Write the workbook to *path*, the same bytes each time."""
    book = LockedWorkbook(str(path), {"in_memory": True})
    book.set_calc_mode("auto")
    _Tool(book).write()
    book.set_properties({"title": say("tool.title"), "created": EPOCH})
    # Among the reports of a folder it is none of them.
    for name, value in {"kind": say("kind.report"), "form": TEXTS}.items():
        book.set_custom_property(name, value, "text")
    book.add_vba_project(BytesIO(project(macro_texts(MODULES), 2)), is_stream=True)
    book.close()


class _Tool:
    """The two sheets: what a clerk sees, and the sentences of the macros."""

    def __init__(self, book: LockedWorkbook) -> None:
        self.book = book
        self.sheet, self.texts = book.add_worksheet(say("tool.sheet")), book.add_worksheet(TEXTS)
        self.looks: dict[tuple[str, bool], Any] = {}

    def write(self) -> None:
        for column, width in enumerate(COLUMNS.values()):
            # Results are written into open columns; what must not be changed is locked cell by cell.
            self.sheet.set_column(column, column, width, self._look("check.text", locked=False))
        self._put(1, 1, say("tool.title"), "line.section")
        self._put(2, 1, say("tool.how"), "caption")
        for row, key in enumerate(INPUTS, start=FIRST_INPUT):
            self._input(row, key)
        self._buttons()
        self._put(STATE_ROW, 1, say("tool.state"), "label")
        self._put(STATE_ROW, 2, "", "text.input", locked=False)
        self._name("state", Area("", STATE_ROW, 2, STATE_ROW, 2))
        for column, key in enumerate(COLUMNS, start=1):
            self._put(HEAD_ROW, column, say(f"tool.{key}"), "header")
        self._name("results", Area("", HEAD_ROW + 1, 1, HEAD_ROW + RESULT_ROWS, len(COLUMNS)))
        self.sheet.freeze_panes(HEAD_ROW, 0)
        self.sheet.hide_gridlines(2)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.protect("", {"format_rows": True, "format_columns": True})
        self._sentences()

    def _input(self, row: int, key: str) -> None:
        self._put(row, 1, say(f"tool.{key}"), "label")
        self._put(row, 2, "", "text.input", locked=False)
        self._put(row, 4, say(f"tool.{key}_hint"), "caption")
        self._name(key, Area("", row, 2, row, 2))
        self._put(row, 3, "", "caption")
        if key in PICKERS:
            self._button(row, 2, 0, say("tool.pick"), PICKERS[key], _SMALL, 20)

    def _buttons(self) -> None:
        self._button(BUTTON_ROW, 1, 0, say("tool.start"), "StartNow", _WIDTH, _HEIGHT)
        self._button(BUTTON_ROW, 1, _WIDTH + _GAP, say("tool.look"), "OpenSummary", _WIDTH, _HEIGHT)

    def _button(
        self, row: int, column: int, right: int, caption: str, macro: str, width: int, height: int
    ) -> None:
        look = {"caption": caption, "macro": macro, "width": width, "height": height, "x_offset": right}
        self.sheet.insert_button(row - 1, column, look)

    def _sentences(self) -> None:
        for row, key in enumerate(SENTENCES, start=1):
            self.texts.write_string(row - 1, 0, key)
            self.texts.write_string(row - 1, 1, say(f"tool.{key}"))
        title = len(SENTENCES)
        self.texts.write_string(title, 0, "title")
        self.texts.write_string(title, 1, say("tool.title"))
        self._name("texts", Area(TEXTS, 1, 1, title + 1, 2))
        self.texts.very_hidden()

    def _put(self, row: int, column: int, text: str, style: str, *, locked: bool = True) -> None:
        self.sheet.write(row - 1, column - 1, text or None, self._look(style, locked=locked))

    def _look(self, style: str, *, locked: bool) -> Any:
        key = (style, locked)
        if key not in self.looks:
            self.looks[key] = self.book.add_format(properties(style, locked, "@", 0))
        return self.looks[key]

    def _name(self, key: str, area: Area) -> None:
        where = quote_sheet(area.sheet or say("tool.sheet"))
        self.book.define_name(f"selfeval_{key}", f"={where}!{range_ref(area, absolute=True)}")
