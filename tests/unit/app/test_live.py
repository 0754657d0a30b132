"""The check on an open workbook, through xlwings' own engine for Windows."""

import datetime
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from selfeval_xl.app import excel, live_book, live_check
from selfeval_xl.app.com import ExcelBusy
from selfeval_xl.app.live_check import Checked
from selfeval_xl.cells import Address, CellError
from selfeval_xl.jobs.problems import WrongUsage
from selfeval_xl.ooxml.book import Sheet
from selfeval_xl.submission.workbook import blueprint_of
from tests.support import fake_com, reports
from tests.support.fake_com import Cell, Contents, Desk

SEED = reports.SAMPLES / "seed-2022.json"
RESULTS = (5, 14)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_check, "WAITS", (0.0, 0.0))


def seed(**about: object) -> Contents:
    return fake_com.opened(reports.filled(reports.report(SEED)), **about)


def with_mistake(**about: object) -> Contents:
    contents = seed(**about)
    contents.page("收入").cells[6, 4].value = 100.0
    return contents


def checked(contents: Contents, **desk: object) -> tuple[Desk, Checked]:
    excel_open = Desk(books=[contents], **desk)
    with fake_com.excel(excel_open):
        return excel_open, excel.check()


def written(contents: Contents) -> list[list[object]]:
    """The lines of the result area that hold anything."""
    page, (top, left) = contents.page("校验"), RESULTS
    rows = [
        [page.cell(row, column).value for column in range(left, left + 4)] for row in range(top, top + 100)
    ]
    return [row for row in rows if any(row)]


# What the check leaves


def test_findings_stand_in_the_result_area_worst_first() -> None:
    contents = with_mistake()
    _, done = checked(contents)
    lines = written(contents)
    assert "完整校验：错误" in str(lines[0][2])
    assert [line[0] for line in lines[1:]] == sorted(
        (line[0] for line in lines[1:]), key=["错误", "需说明", "提示", None].index
    )
    assert str(lines[1][1]).startswith("收入!")
    assert done.is_written


def test_the_next_check_takes_away_what_the_last_one_wrote() -> None:
    contents = with_mistake()
    checked(contents)
    before = len(written(contents))
    contents.page("收入").cells[6, 4].value = 212.29
    checked(contents)
    assert 1 < len(written(contents)) < before


def test_what_was_written_is_never_read_as_input(tmp_path: Path) -> None:
    contents = with_mistake()
    _, first = checked(contents)
    _, second = checked(contents)
    assert second.reduced.findings == first.reduced.findings


def test_nothing_but_the_result_area_is_changed() -> None:
    contents, before = with_mistake(), with_mistake()
    checked(contents)
    area = {(row, column) for row in range(5, 105) for column in range(14, 18)}
    for page, old in zip(contents.pages, before.pages, strict=True):
        changed = {place for place, cell in page.cells.items() if cell != old.cells.get(place)}
        assert changed <= (area if page.name == "校验" else set())


def test_the_first_open_finding_is_selected_in_the_right_book() -> None:
    other = fake_com.opened(reports.blank(reports.main_form()), path=r"C:\别的\另一份.xlsx")
    other.pages = other.pages[:1]
    contents = with_mistake()
    desk = Desk(books=[contents, other], in_front=1)
    with fake_com.excel(desk):
        done = excel.check()
    assert desk.selected.startswith("[自评表.xlsm]收入!$")
    assert desk.selected.split("!")[1].replace("$", "") in done.sentence
    assert desk.in_front == 0


def test_a_finding_on_a_hidden_sheet_is_not_jumped_to() -> None:
    contents = with_mistake()
    contents.page("收入").visible = 0
    desk, done = checked(contents)
    assert "!$" in desk.selected
    assert "收入!$" not in desk.selected
    assert desk.selected.split("]")[1].replace("$", "") in done.sentence
    assert any(one.code == "sheet.hidden" for one in done.reduced.findings)


def test_excel_is_left_as_it_was() -> None:
    desk, _ = checked(with_mistake(), settings={"ScreenUpdating": True, "EnableEvents": False})
    assert desk.status[-1] is False
    assert any("收入" in str(text) for text in desk.status)
    assert desk.settings == {"ScreenUpdating": True, "EnableEvents": False}


def test_more_findings_than_there_is_room_for_are_counted() -> None:
    _, done = checked(with_mistake())
    short = live_check.result_lines(done.reduced, 3)
    assert len(short) == 3
    assert f"另有 {len(done.lines) - 2} 条" in short[-1][2]


# Traps


@pytest.mark.parametrize(
    "path",
    [
        r"C:\表\自评表 (1).xlsm",
        r"C:\表\a=b.xlsm",
        r"C:\我 的 文档\自 评 表.xlsx",
        "https://d.docs.live.net/abc/文档/自评表.xlsm",
        "https://bureau.sharepoint.com/sites/x/自评表.xlsm",
    ],
)
def test_a_book_is_found_by_the_name_that_its_macro_gives(path: str) -> None:
    contents = with_mistake(path=path)
    name = path.replace("\\", "/").rsplit("/", 1)[-1]
    desk = Desk(books=[seed(path=r"C:\x\别的.xlsm"), contents])
    with fake_com.excel(desk):
        excel.main([f"--wb={name}", "--from_xl=1", f"--hwnd={desk.window}"])
    assert written(contents)
    assert not written(desk.books[0])
    assert [box.startswith(f"“{name}”完整校验：错误") for box in desk.boxes] == [True]


def test_a_name_spoilt_on_the_way_means_the_book_in_front() -> None:
    contents = with_mistake()
    desk = Desk(books=[seed(path=r"C:\x\别的.xlsm"), contents], in_front=1)
    with fake_com.excel(desk):
        excel.main(["--wb=???.xlsm", f"--hwnd={desk.window}"])
    assert written(contents)
    assert not written(desk.books[0])


def test_of_two_excels_the_one_that_called_is_checked() -> None:
    first, second = Desk(window=100, books=[with_mistake()]), Desk(window=200, books=[with_mistake()])
    with fake_com.excel(first, second):
        excel.main(["--wb=自评表.xlsm", "--hwnd=200"])
        assert not first.reads
        assert second.boxes
        with pytest.raises(WrongUsage, match="两个 Excel"):
            excel.check("自评表.xlsm")


def test_a_cell_being_edited_ends_in_a_sentence() -> None:
    contents = with_mistake()
    desk = Desk(books=[contents])
    with fake_com.excel(desk):
        book = excel.book_named()
        desk.rejects = -1
        with pytest.raises(ExcelBusy, match="按回车"):
            excel.check(book)
    assert not written(contents)


def test_editing_that_ends_in_time_does_not_stop_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    contents = with_mistake()
    desk = Desk(books=[contents])
    with fake_com.excel(desk):
        book = excel.book_named()
        desk.rejects = excel.ATTEMPTS
        assert excel.check(book).is_written


def test_editing_that_begins_during_the_check_ends_in_a_sentence_too() -> None:
    contents = with_mistake()
    desk = Desk(books=[contents])
    with fake_com.excel(desk):
        book = excel.book_named()
        seen = desk.called

        def busy_later(what: str, code: int = fake_com.REJECTED) -> None:
            if what == "read 支出":
                desk.rejects = -1
            seen(what, code)

        desk.called = busy_later  # type: ignore[method-assign]
        with pytest.raises(ExcelBusy):
            excel.check(book)


def test_a_locked_result_area_is_said_and_nothing_is_unlocked() -> None:
    contents = with_mistake()
    for cell in contents.page("校验").cells.values():
        cell.locked = True
    _, done = checked(contents)
    assert not done.is_written
    assert "没有写进工作簿" in done.sentence
    assert contents.page("校验").protected
    assert any("收入!" in line[1] for line in done.lines)


def test_writes_that_are_ignored_in_silence_are_noticed() -> None:
    contents = with_mistake()
    desk, done = checked(contents, ignores=True)
    assert not done.is_written
    assert "没有写进工作簿" in done.sentence
    assert max(desk.reads.values()) <= 2


def test_what_could_not_be_written_is_kept_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    desk = Desk(books=[with_mistake()], ignores=True)
    with fake_com.excel(desk):
        excel.main([f"--hwnd={desk.window}"])
    kept = next(tmp_path.glob("selfeval-*.txt"))
    assert str(kept) in desk.boxes[0]
    assert "错误\t收入!" in kept.read_text(encoding="utf-8")


def test_a_bug_ends_in_a_sentence_and_a_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(live_check, "read_live", broken)
    desk = Desk(books=[with_mistake()])
    with fake_com.excel(desk):
        excel.main([f"--hwnd={desk.window}"])
    log = next(tmp_path.glob("selfeval-*.log"))
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")
    assert str(log) in desk.boxes[0]
    assert desk.status[-1] is False


def test_a_workbook_of_somebody_else_is_refused_in_a_sentence() -> None:
    desk = Desk(books=[Contents([fake_com.Page("Sheet1", {(1, 1): Cell("x")})], path=r"C:\x\工资.xlsx")])
    with fake_com.excel(desk):
        excel.main([f"--hwnd={desk.window}", "--wb=工资.xlsx"])
        with pytest.raises(WrongUsage, match=r"没有自评表。现在打开的是：工资\.xlsx"):
            excel.check()
    assert desk.boxes[0].startswith("“工资.xlsx”没有校验")
    assert not desk.writes


def test_moved_rows_are_refused_as_in_a_file() -> None:
    contents = seed()
    contents.names["收入_上年结转"] = "收入!$B$7:$B$12"
    _, done = checked(contents)
    assert done.reduced.reason is not None
    assert "插入" in done.sentence or "移动" in done.sentence or "行" in done.sentence


def test_several_of_our_books_are_listed() -> None:
    desk = Desk(books=[seed(), seed(path=r"C:\x\第二份.xlsm")])
    with fake_com.excel(desk):
        with pytest.raises(WrongUsage, match=r"自评表\.xlsm、第二份\.xlsm"):
            excel.check()
        assert excel.check("第二份.XLSM").is_written


# Values


def test_currency_cells_keep_all_their_digits() -> None:
    contents = seed()
    cell = contents.page("收入").cells[6, 4]
    cell.value, cell.format = 212.29123456, "¥#,##0.00"
    book = contents.page("收入")
    desk = Desk(books=[contents])
    with fake_com.excel(desk) as xlwings:
        shown = xlwings.books[0].sheets["收入"].range((6, 4)).value
        done = excel.check()
    assert book.cells[6, 4].value == 212.29123456
    assert shown == Decimal("212.2912")
    assert any(
        one.cells[0] == Address("收入", 6, 4) and "212.29123456" in str(one.actual)
        for one in done.reduced.findings
    )


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (None, None),
        ("", ""),
        ("甲", "甲"),
        (True, True),
        (0.57999999999999996, Decimal("0.58")),
        (1e-9, Decimal("1e-9")),
        (-2146826246.0, Decimal(-2146826246)),
        (-2146826246, CellError.NA),
        (-2146826281, CellError.DIV0),
        (-2146826243, CellError.VALUE),
        (7, Decimal(7)),
        (Decimal("3.7000"), Decimal("3.7")),
        (datetime.datetime(2023, 9, 9, 12, tzinfo=datetime.UTC), Decimal("45178.5")),
    ],
)
def test_a_value_is_what_the_file_would_hold(given: object, wanted: object) -> None:
    found = live_book.cell_value(given)
    assert found == wanted
    assert type(found) is type(wanted)


def test_days_count_from_1904_where_the_book_says_so() -> None:
    moment = datetime.datetime(2023, 9, 9, tzinfo=datetime.UTC)
    assert live_book.cell_value(moment, date1904=True) == Decimal(45178 - 1462)


def test_an_error_is_a_finding_whatever_its_number() -> None:
    contents = seed()
    contents.page("收入").cells[6, 4].value = fake_com.Error("#SPILL!")
    cells = contents.page("支出").cells
    staff = next(place for place, cell in cells.items() if cell.value == 118.87 and not cell.formula)
    contents.page("支出").cells[staff].value = CellError.DIV0
    _, done = checked(contents)
    shown = {str(one.cells[0]): str(one.actual) for one in done.reduced.findings if one.follows is None}
    assert (shown["收入!D6"], shown[str(Address("支出", *staff))]) == ("#VALUE!", "#DIV/0!")


def test_a_text_that_begins_with_an_equals_sign_is_a_text_both_ways() -> None:
    contents = seed()
    contents.page("收入").cells[6, 4].value = "=1+1"
    _, done = checked(contents)
    told = [line for line in written(contents) if line[1] == "收入!D6"]
    assert "=1+1" in str(told[0][2])
    assert live_check._cell("=SUM(A1)") == "'=SUM(A1)"
    assert not any(cell.formula for place, cell in contents.page("校验").cells.items() if place[1] >= 14)
    assert any(one.rule == "N-02" for one in done.reduced.findings)


def test_what_is_its_own_formula_is_no_formula() -> None:
    sheet = Sheet("表")
    live_book.fill(sheet, [["=1+1", 2.0]], [["=1+1", "=1+1"]])
    assert sheet.values == {(1, 1): "=1+1", (1, 2): Decimal(2)}
    assert sheet.formulas == {(1, 2): "1+1"}


def test_a_sheets_own_names_are_its_affair() -> None:
    contents = seed()
    with fake_com.excel(Desk(books=[contents])) as xlwings:
        live = xlwings.books[0]
        book = live_book.stamped(live)
        blueprint = blueprint_of(book)
        live_book.read_live(live, book, blueprint, lambda _: None)
    assert "收入!Print_Area" in contents.names
    assert {name: text.removeprefix("=") for name, text in book.names.items()} == blueprint.name_texts


def test_a_formula_in_an_input_cell_is_read_as_one() -> None:
    contents = seed()
    cell = contents.page("收入").cells[6, 4]
    cell.formula, cell.value = "=200+12.29", 212.29
    _, done = checked(contents)
    assert not [
        one for one in done.reduced.findings if one.cells[0] == Address("收入", 6, 4) and one.rule == "N-02"
    ]


def test_hidden_rows_and_comments_are_seen() -> None:
    contents = seed()
    contents.page("收入").hidden_rows |= {6, 9}
    contents.page("支出").hidden_columns |= {2}
    contents.page("支出").comments.append(((6, 2), " 少了0.49 "))
    _, done = checked(contents)
    found = {(one.code, one.cells[0].sheet) for one in done.reduced.findings}
    assert {("hidden.values", "收入"), ("hidden.values", "支出"), ("comment.found", "支出")} <= found


def test_an_unprotected_sheet_and_links_are_seen() -> None:
    contents = seed(links=(r"C:\x\来源.xlsx",))
    contents.page("收入").protected = False
    _, done = checked(contents)
    assert {"protection.removed", "link.left"} <= {one.code for one in done.reduced.findings}


def test_formats_down_to_the_last_row_are_not_read() -> None:
    contents = seed()
    contents.page("收入").cells[1_048_576, 16_384] = Cell()
    sizes: list[tuple[int, int]] = []
    desk = Desk(books=[contents])
    with fake_com.excel(desk) as xlwings:
        cells = live_book._cells(xlwings.books[0].sheets["收入"])
        sizes.append(cells.shape)
    assert sizes == [(live_book.MOST_ROWS, live_book.MOST_COLUMNS)]


class Mac:
    """Cells as xlwings has them on a Mac: no Value2, something strange where an error is, and their looks."""

    class Missing:
        pass

    def __init__(self, values: list[list[object]], looks: list[list[str]]) -> None:
        self.raw_value, self.looks = values, looks
        self.api = self
        self.string_value = self

    def get(self) -> list[list[str]]:
        return self.looks


def test_on_a_mac_errors_are_known_by_their_looks() -> None:
    cells = Mac([[Mac.Missing(), 2.0], [Mac.Missing(), "x"]], [["#DIV/0!", "2"], ["", "x"]])
    sheet = Sheet("表")
    formulas = [["=1/0", "2"], ["", "x"]]
    live_book.fill(sheet, live_book._values(cells), formulas, shown=lambda: live_book._shown(cells))
    assert sheet.values == {(1, 1): CellError.DIV0, (1, 2): Decimal(2), (2, 2): "x"}
    assert sheet.formulas == {(1, 1): "1/0"}


# xlwings


SCRIPT = """
import subprocess, sys
subprocess.run = lambda *a, **k: print("RAN", a)
subprocess.CREATE_NO_WINDOW = 0
sys.path.insert(0, {root!r})
from tests.support.win_stub import windows_engine
windows_engine()
print(sorted(set(sys.modules) & {{"pandas", "numpy", "matplotlib", "PIL", "xlwings.pro"}}))
"""


def test_xlwings_ends_no_excel_and_brings_nothing_heavy() -> None:
    script = SCRIPT.format(root=str(reports.ROOT))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_what_xlwings_was_kept_from_can_be_imported_afterwards() -> None:
    excel.load_xlwings()
    assert not [name for name in excel._NOT_NEEDED if name in sys.modules and sys.modules[name] is None]


@pytest.mark.parametrize("arguments", [[], ["--wb=x.xlsm", "--hwnd=0"]])
def test_where_there_is_no_excel_a_sentence_says_so(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(*_: object) -> Callable[[], None]:
        raise ImportError

    monkeypatch.setitem(sys.modules, "xlwings", None)
    monkeypatch.setattr(excel, "MAY_HAVE_EXCEL", True)
    excel.main(arguments)
    assert "xlwings" in capsys.readouterr().err


def test_the_buttons_process_ends_by_itself_and_without_a_word(tmp_path: Path) -> None:
    """Where there is no Excel it says so; in a process without a console there is nowhere to say it."""
    command = [sys.executable, "-m", "selfeval_xl.app.excel", "--wb=自评表.xlsm", "--app=123"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=reports.ROOT)
    assert done.stdout == ""
    assert "这个系统上没有 Excel" in done.stderr
