# ruff: noqa: N802 - the names are Excel's
"""Excel's object model, small and strict, under xlwings' real Windows engine.

Strict as pywin32 is: an unknown attribute is an AttributeError, a locked cell a com_error, an error a number, an amount
of money a Decimal of four digits. Every read and write of cells is counted by sheet.
"""

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from selfeval_xl.cells import Address, CellError, Value, column_letters, parse_ref, quote_sheet, range_ref
from tests.support.win_stub import Anything, ComError, Dispatched, Time, having, windows_engine

if TYPE_CHECKING:
    from selfeval_xl.blueprint.model import Blueprint
    from tests.support.reports import Filled

ERRORS = {
    "#NULL!": -2146826288,
    "#DIV/0!": -2146826281,
    "#VALUE!": -2146826273,
    "#REF!": -2146826265,
    "#NAME?": -2146826259,
    "#NUM!": -2146826252,
    "#N/A": -2146826246,
    "#SPILL!": -2146826243,
    "#CALC!": -2146826238,
}
REJECTED, EDITING, REFUSED, UNKNOWN_NAME = -2147418111, -2146777998, -2146827284, -2147352570
EXCEPTION = -2147352567
EPOCH = datetime.datetime(1899, 12, 30)  # noqa: DTZ001 - Excel's days have no zone


class Error(str):
    """An error that is newer than the form: `#SPILL!` and the like."""


class Cell(Struct):
    """What one cell holds; ``formula`` begins with an equals sign."""

    value: Any = None
    formula: str = ""
    locked: bool = True
    format: str = "General"


EMPTY = Cell()


class Page(Struct):
    """One sheet: visible is -1, 0 (hidden) or 2 (very hidden)."""

    name: str
    cells: dict[tuple[int, int], Cell] = {}
    visible: int = -1
    protected: bool = True
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    comments: list[tuple[tuple[int, int], str]] = []

    def cell(self, row: int, column: int) -> Cell:
        return self.cells.get((row, column), EMPTY)


class Contents(Struct):
    """What an open workbook holds."""

    pages: list[Page]
    names: dict[str, str] = {}
    properties: dict[str, str] = {}
    path: str = r"C:\自评\自评表.xlsm"
    date1904: bool = False
    links: tuple[str, ...] = ()

    def page(self, name: str) -> Page:
        return next(one for one in self.pages if one.name == name)


class Desk(Struct, dict=True):
    """One Excel: its books, and what befalls it.

    ``rejects`` counts calls that it still rejects, -1 all of them; ``ignores`` lets it drop writes without a word.
    """

    window: int = 4711
    books: list[Contents] = []
    reads: Counter[str] = field(default_factory=Counter)
    writes: Counter[str] = field(default_factory=Counter)
    asked: list[str] = []
    status: list[Any] = []
    boxes: list[str] = []
    selected: str = ""
    active: dict[int, str] = {}
    in_front: int = 0
    rejects: int = 0
    ignores: bool = False
    settings: dict[str, Any] = field(default_factory=lambda: {"ScreenUpdating": True, "EnableEvents": True})

    def called(self, what: str, code: int = REJECTED) -> None:
        self.asked.append(what)
        if self.rejects:
            self.rejects -= self.rejects > 0
            raise complaint(code)


def complaint(scode: int, text: str = "应用程序定义或对象定义错误") -> ComError:
    if scode == REJECTED:
        return ComError(REJECTED, "被呼叫方拒绝接收呼叫。", None, None)
    return ComError(EXCEPTION, "发生意外。", (0, "Microsoft Excel", text, "", 0, scode), None)


class _Names:
    @staticmethod
    def GetIDsOfNames(*_: object) -> None:
        raise ComError(UNKNOWN_NAME, "未知名称。", None, None)


class _Object(Dispatched):
    _oleobj_ = _Names

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith("_") and not hasattr(type(self), name):
            raise ComError(UNKNOWN_NAME, "未知名称。", None, None)
        object.__setattr__(self, name, value)


def _setting(name: str) -> property:
    def get(self: "Application") -> Any:
        return self._desk.settings[name]

    def put(self: "Application", value: Any) -> None:
        self._desk.called(name, EDITING)
        self._desk.settings[name] = value

    return property(get, put)


class Application(_Object):
    Version, Name = "16.0", "Microsoft Excel"
    ScreenUpdating, EnableEvents = _setting("ScreenUpdating"), _setting("EnableEvents")

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def Hwnd(self) -> int:
        self._desk.called("Hwnd")
        return self._desk.window

    @property
    def Application(self) -> "Application":
        return self

    @property
    def StatusBar(self) -> Any:
        return self._desk.status[-1] if self._desk.status else False

    @StatusBar.setter
    def StatusBar(self, value: Any) -> None:
        self._desk.called("StatusBar", EDITING)
        self._desk.status.append(value)

    @property
    def Workbooks(self) -> "Collection":
        self._desk.called("Workbooks")
        return Collection([Workbook(self._desk, one) for one in self._desk.books], self)

    @property
    def ActiveWorkbook(self) -> "Workbook":
        return Workbook(self._desk, self._desk.books[self._desk.in_front])


class Collection(_Object):
    def __init__(self, items: list[Any], parent: Any) -> None:
        self._items, self._parent = items, parent

    @property
    def Count(self) -> int:
        return len(self._items)

    @property
    def Parent(self) -> Any:
        return self._parent

    @property
    def Application(self) -> Any:
        return self._parent.Application

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)

    def __call__(self, key: int | str) -> Any:
        if isinstance(key, int):
            return self._items[key - 1]
        for one in self._items:
            if one.Name.lower() == key.lower():
                return one
        raise complaint(REFUSED, "下标越界")


class Workbook(_Object):
    def __init__(self, desk: Desk, contents: Contents) -> None:
        self._desk, self._contents = desk, contents

    @property
    def Application(self) -> Application:
        return Application(self._desk)

    @property
    def Name(self) -> str:
        path = self._contents.path
        return path.rsplit("/", 1)[-1] if "://" in path else PureWindowsPath(path).name

    @property
    def FullName(self) -> str:
        return self._contents.path

    @property
    def Path(self) -> str:
        return self._contents.path.removesuffix(self.Name).rstrip("/\\")

    @property
    def Date1904(self) -> bool:
        return self._contents.date1904

    @property
    def Worksheets(self) -> Collection:
        return Collection([Worksheet(self, page) for page in self._contents.pages], self)

    @property
    def Names(self) -> Collection:
        return Collection([Name(*one) for one in self._contents.names.items()], self)

    @property
    def CustomDocumentProperties(self) -> Collection:
        return Collection([Property(*one) for one in self._contents.properties.items()], self)

    def LinkSources(self, kind: int) -> Any:
        return self._contents.links or None if kind == 1 else None

    def Activate(self) -> None:
        self._desk.in_front = self._desk.books.index(self._contents)


class Name(_Object):
    def __init__(self, name: str, target: str) -> None:
        self._name, self._target = name, target

    @property
    def Name(self) -> str:
        return self._name

    @property
    def RefersTo(self) -> str:
        return f"={self._target}"


class Property(_Object):
    def __init__(self, name: str, value: str) -> None:
        self._name, self._value = name, value

    @property
    def Name(self) -> str:
        return self._name

    @property
    def Value(self) -> str:
        return self._value


class Worksheet(_Object):
    def __init__(self, book: Workbook, page: Page) -> None:
        self._book, self._page = book, page

    @property
    def Name(self) -> str:
        return self._page.name

    @property
    def Parent(self) -> Workbook:
        return self._book

    @property
    def Application(self) -> Application:
        return self._book.Application

    @property
    def Visible(self) -> int:
        return self._page.visible

    @property
    def ProtectContents(self) -> bool:
        return self._page.protected

    @property
    def Comments(self) -> Collection:
        return Collection([Note(self, *one) for one in self._page.comments], self)

    @property
    def UsedRange(self) -> "Range":
        rows, columns = zip(*self._page.cells, strict=True) if self._page.cells else ((1,), (1,))
        return Range(self, min(rows), min(columns), max(rows), max(columns))

    def Activate(self) -> None:
        if self._page.visible != -1:
            raise complaint(REFUSED, "Worksheet 类的 Activate 方法无效")
        self._book._desk.active[id(self._book._contents)] = self._page.name

    def Cells(self, row: int, column: int) -> "Range":
        return Range(self, row, column, row, column)

    def Range(self, first: Any, last: Any = None) -> "Range":
        if isinstance(first, str):
            ends = [parse_ref(one) for one in re.sub(r"\$", "", first).split(":")]
            return Range(self, *ends[0], *ends[-1])
        first, last = (getattr(one, "_inner", one) for one in (first, last or first))
        return Range(self, first._top, first._left, last._bottom, last._right)


class Note(_Object):
    def __init__(self, sheet: Worksheet, place: tuple[int, int], text: str) -> None:
        self._sheet, self._place, self._text = sheet, place, text

    @property
    def Parent(self) -> "Range":
        return self._sheet.Cells(*self._place)

    def Text(self) -> str:
        return self._text


class Range(_Object):
    def __init__(self, sheet: Worksheet, top: int, left: int, bottom: int, right: int) -> None:
        self._sheet, self._top, self._left, self._bottom, self._right = sheet, top, left, bottom, right

    @property
    def Worksheet(self) -> Worksheet:
        return self._sheet

    @property
    def Application(self) -> Application:
        return self._sheet.Application

    @property
    def Row(self) -> int:
        return self._top

    @property
    def Column(self) -> int:
        return self._left

    @property
    def Rows(self) -> Collection:
        return Collection([None] * (self._bottom - self._top + 1), self)

    @property
    def Columns(self) -> Collection:
        return Collection([None] * (self._right - self._left + 1), self)

    @property
    def Count(self) -> int:
        return int(self.Rows.Count * self.Columns.Count)

    @property
    def Address(self) -> str:
        ends = [
            f"${column_letters(self._left)}${self._top}",
            f"${column_letters(self._right)}${self._bottom}",
        ]
        return ends[0] if ends[0] == ends[1] else ":".join(ends)

    @property
    def EntireRow(self) -> "Lines":
        return Lines(set(range(self._top, self._bottom + 1)), self._sheet._page.hidden_rows)

    @property
    def EntireColumn(self) -> "Lines":
        return Lines(set(range(self._left, self._right + 1)), self._sheet._page.hidden_columns)

    @property
    def _desk(self) -> Desk:
        return self._sheet._book._desk

    def _read(self, shown: Callable[[Cell], Any]) -> Any:
        self._desk.called(f"read {self._sheet.Name}")
        self._desk.reads[self._sheet.Name] += 1
        cells, columns = self._sheet._page.cells, range(self._left, self._right + 1)
        nothing = shown(EMPTY)
        rows = tuple(
            tuple(shown(cells[row, column]) if (row, column) in cells else nothing for column in columns)
            for row in range(self._top, self._bottom + 1)
        )
        return rows[0][0] if self.Count == 1 else rows

    @property
    def Value2(self) -> Any:
        return self._read(_value2)

    @property
    def Formula(self) -> Any:
        return self._read(_formula)

    @property
    def Value(self) -> Any:
        return self._read(_value)

    @Value.setter
    def Value(self, block: Any) -> None:
        self._desk.called(f"write {self._sheet.Name}", EDITING)
        self._desk.writes[self._sheet.Name] += 1
        page = self._sheet._page
        rows, columns = range(self._top, self._bottom + 1), range(self._left, self._right + 1)
        if page.protected and any(page.cell(row, column).locked for row in rows for column in columns):
            raise complaint(REFUSED, "您试图更改的单元格或图表位于受保护的工作表中。")
        if self._desk.ignores:
            return
        for i, row in enumerate(rows):
            for j, column in enumerate(columns):
                _put(page, row, column, block[i][j] if isinstance(block, list | tuple) else block)

    def Select(self) -> None:
        book = self._sheet._book
        if self._desk.active.get(id(book._contents)) != self._sheet.Name:
            raise complaint(REFUSED, "Range 类的 Select 方法无效")
        self._desk.called("Select")
        self._desk.selected = f"[{book.Name}]{self._sheet.Name}!{self.Address}"


class Lines(_Object):
    def __init__(self, numbers: set[int], hidden: set[int]) -> None:
        self._numbers, self._those_hidden = numbers, hidden

    @property
    def Hidden(self) -> bool | None:
        found = self._numbers & self._those_hidden
        return None if found and found != self._numbers else bool(found)


def _put(page: Page, row: int, column: int, given: Any) -> None:
    cell = page.cells.setdefault((row, column), Cell())
    if isinstance(given, str) and given[:1] == "=" and cell.format != "@":
        raise complaint(REFUSED, "a text became a formula")
    cell.formula = ""
    cell.value = None if given == "" else given[1:] if isinstance(given, str) and given[:1] == "'" else given


def _value2(cell: Cell) -> Any:
    value = cell.value
    if isinstance(value, CellError | Error):
        return ERRORS[value]
    if isinstance(value, datetime.datetime):
        return (value - EPOCH).total_seconds() / 86400
    return float(value) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else value


def _value(cell: Cell) -> Any:
    value = _value2(cell)
    if isinstance(value, float) and "yy" in cell.format:
        moment = EPOCH + datetime.timedelta(days=value)
        return Time(*moment.timetuple()[:6], tzinfo=datetime.UTC)
    if isinstance(value, float) and "¥" in cell.format:
        return Decimal(repr(value)).quantize(Decimal("0.0001"))
    return value


def _formula(cell: Cell) -> str:
    value = cell.value
    if cell.formula:
        return cell.formula
    if isinstance(value, bool):
        return str(value).upper()
    return "" if value is None else value if isinstance(value, str) else f"{float(_value2(cell)):.15g}"


# Contents


def opened(filled: "Filled", **about: Any) -> Contents:
    """A report as it stands in Excel: every formula with its value, every number a float."""
    blueprint = filled.blueprint
    pages = [_page(blueprint, filled, name) for name in blueprint.sheets]
    names = {
        name: f"{quote_sheet(area.sheet)}!{range_ref(area, absolute=True)}"
        for name, area in blueprint.names.items()
    }
    names["收入!Print_Area"] = "收入!$A$1:$F$20"
    return Contents(pages, names, dict(blueprint.properties), **about)


def _page(blueprint: "Blueprint", filled: "Filled", name: str) -> Page:
    plan, fixed = blueprint.sheets[name], blueprint.fixed(name)
    cells = {
        place: Cell(
            _float(filled.values(Address(name, *place))),
            f"={fixed.formulas[place]}" if place in fixed.formulas else "",
            one.locked,
            one.format or "General",
        )
        for place, one in plan.cells.items()
    }
    return Page(name, cells, visible=2 if plan.hidden else -1, protected=plan.protected)


def _float(value: Value) -> Any:
    return float(value) if isinstance(value, Decimal) else value


@contextmanager
def excel(*desks: Desk) -> Iterator[Any]:
    """Let xlwings find these Excels and no others; yield the module xlwings."""
    engine = windows_engine()
    import xlwings

    by_window = {desk.window: desk for desk in desks}

    def box(window: int, text: str, *_: object) -> int:
        by_window[window].boxes.append(text)
        return 1

    def reached(window: int) -> Any:
        return engine.COMRetryObjectWrapper(Application(by_window[window]))

    with (
        having(
            engine,
            get_excel_hwnds=lambda: iter(by_window),
            get_xl_app_from_hwnd=reached,
            is_hwnd_xl_app=lambda _: False,
            windll=Anything(),
        ),
        having(engine.win32api, MessageBox=box),
    ):
        yield xlwings
