"""The buttons of an .xlsm, pressed in LibreOffice as a clerk would: the right cell, the right counts, nothing changed."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from pyopenvba.apps.excel import ExcelApplication

from selfeval_xl.jobs.build import shipped
from selfeval_xl.texts import catalogue
from tests.acceptance.calling import FORMS, NINE, SAMPLES, Data, selfeval
from tests.support.desk import Desk, click, screen

pytestmark = pytest.mark.office

SETTINGS = ("--settings", SAMPLES / "yunxi-settings.toml")
COVER, CHECKS = "封面", "校验"
FULL = "完整校验"
RANKS = {"error": 1, "warning": 2, "info": 3}


def text_in_amount(data: Data) -> None:
    data["收入"][2]["其他收入"] = "42.18万元"


def negative(data: Data) -> None:
    data["三公经费"][4]["公务接待费"] = -1.2


def grade(data: Data) -> None:
    data["绩效自评"]["评价等次"] = "差"


def balance(data: Data) -> None:
    data["支出"][3]["累计结余"] += 10


def unknown(data: Data) -> None:
    data["绩效自评"]["绩效自评综合得分"] = "约95分"


def several(data: Data) -> None:
    data["封面"]["年度"] = 2021
    data["收入"][3]["其他收入"] = 25.361
    data["收入"][6]["其他收入"] = 6.001
    data["基本概况"]["联系人"] = None
    data["基本概况"]["实有人数"] = 900
    grade(data)
    for table in ("收入", "支出", "三公经费", "固定资产"):
        for row in data[table]:
            row |= {item: 0 for item, value in row.items() if value is None}


def nothing(data: Data) -> None:
    """Leave the report as it is: what is left are hints."""


# A mistake, and the cell that has to be looked at first.
MISTAKES: dict[str, tuple[Callable[[Data], None], str]] = {
    "text": (text_in_amount, "收入!G8"),
    "negative": (negative, "三公经费!C10"),
    "grade": (grade, "绩效自评!D33"),
    "balance": (balance, "支出!H10"),
    "several": (several, "收入!G9"),
    "unknown": (unknown, "绩效自评!D32"),
}


class Book:
    """A filled workbook with buttons, and what `validate` says of it."""

    def __init__(self, folder: Path, name: str, plant: Callable[[Data], None]) -> None:
        data = json.loads(NINE.read_text(encoding="utf-8"))
        plant(data)
        source = folder / f"{name}.json"
        source.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        self.path = folder / f"{name}.xlsm"
        selfeval("fill", source, "-o", self.path, *SETTINGS)
        found = selfeval("validate", self.path, "--json").findings
        self.findings = [one for one in found if one["rule"] in FORMULA_RULES]

    @property
    def standing(self) -> list[Data]:
        return [one for one in self.findings if one["follows"] is None]

    def count(self, severity: str) -> int:
        """Of errors and of what is to be explained; the sheets count what follows from another too."""
        return Counter(one["severity"] for one in self.findings)[severity]

    @property
    def hints(self) -> int:
        """The rows in which something is left blank: `validate` tells them in one finding, the sheets a row each."""
        blank = [one for one in self.findings if one["rule"] == "N-05"]
        cells = re.findall(r"(\w+)!\w+?(\d+)", " ".join(cell for one in blank for cell in one["cells"]))
        return len(set(cells))


def formula_rules() -> set[str]:
    """The rules that the sheets themselves can check."""
    from tests.support import reports

    blueprint = reports.blank(reports.main_form()).blueprint
    return {one.rule.id for one in blueprint.instances}


FORMULA_RULES = formula_rules()


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Book]:
    folder = tmp_path_factory.mktemp("books")
    plants = {name: plant for name, (plant, _) in MISTAKES.items()} | {"nothing": nothing}
    return {name: Book(folder, name, plant) for name, plant in plants.items()}


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The smallest workbook that is shipped with buttons; the shipped ones are always fresh."""
    found = {path.name: make for path, make in shipped().items() if path.suffix == ".xlsm"}
    path = tmp_path_factory.mktemp("shipped") / "linxiang-zhengti-2022-5.xlsm"
    found[path.name](path)
    return path


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with Desk() as running:
        yield running


def pressed(desk: Desk, sheet: str, label: str, *, leaving: str) -> str:
    """Press a button and return the cell that is selected when it is no longer *leaving*."""
    desk.press(sheet, label)
    return desk.selected_other_than(leaving)


@pytest.mark.parametrize("sheet", [COVER, CHECKS])
@pytest.mark.parametrize("name", MISTAKES)
def test_check_selects_the_cell_that_validate_names_first(
    desk: Desk, books: dict[str, Book], name: str, sheet: str
) -> None:
    worst = min(RANKS[one["severity"]] for one in books[name].standing)
    places = [one["cells"][0] for one in books[name].standing if RANKS[one["severity"]] == worst]
    assert MISTAKES[name][1] in places
    with desk.opened(books[name].path):
        desk.select("填表说明", "A1")
        assert pressed(desk, sheet, "校验", leaving=f"{sheet}!A1") == MISTAKES[name][1]


def test_next_leads_to_every_place_that_validate_names_and_begins_again(
    desk: Desk, books: dict[str, Book]
) -> None:
    book = books["several"]
    places = {one["cells"][0] for one in book.standing if one["severity"] != "info"}
    with desk.opened(book.path):
        walked = [pressed(desk, COVER, "校验", leaving="封面!C3")]
        while len(walked) < 60:
            found = pressed(desk, COVER, "下一处", leaving=walked[-1])
            if found == walked[0]:
                break
            walked.append(found)
    assert set(walked[: len(places)]) == places
    assert len(walked) == len(places) + book.hints
    assert len(walked) == len(set(walked))


def test_next_goes_on_where_a_place_was_put_right(desk: Desk, books: dict[str, Book]) -> None:
    with desk.opened(books["several"].path):
        assert pressed(desk, COVER, "校验", leaving="封面!C3") == "收入!G9"
        desk.put("收入", "G9", 25.36)
        assert pressed(desk, COVER, "下一处", leaving="收入!G9") == "收入!G12"


def test_what_cannot_be_computed_is_shown_on_its_line(desk: Desk, books: dict[str, Book]) -> None:
    with desk.opened(books["unknown"].path):
        walked = [pressed(desk, COVER, "校验", leaving="封面!C3")]
        walked.append(pressed(desk, COVER, "下一处", leaving=walked[0]))
        sheet, _, cell = walked[1].partition("!")
        assert desk.text(sheet, cell) == "无法计算"
    assert walked[0] == "绩效自评!D32"
    assert sheet == CHECKS


def test_pressing_changes_no_cell(desk: Desk, books: dict[str, Book]) -> None:
    with desk.opened(books["several"].path):
        sheets = [COVER, "收入", "支出", "绩效自评", CHECKS, "_按钮", "_设置"]
        before = [desk.all_texts(sheet) for sheet in sheets]
        place = pressed(desk, COVER, "校验", leaving="封面!C3")
        pressed(desk, COVER, "下一处", leaving=place)
        desk.press(COVER, FULL)
        assert [desk.all_texts(sheet) for sheet in sheets] == before


def test_shipped_workbook_leads_a_clerk_who_fills_it_in(desk: Desk, blank: Path) -> None:
    with desk.opened(blank):
        assert set(desk.labels(COVER)) == set(desk.labels(CHECKS)) == {"校验", "下一处", FULL}
        assert pressed(desk, CHECKS, "校验", leaving="校验!A1") == "封面!C3"
        desk.put(COVER, "C3", "某某局")
        assert pressed(desk, COVER, "校验", leaving="封面!C3") == "基本概况!B2"


def test_saved_by_libreoffice_it_is_still_ours(desk: Desk, books: dict[str, Book], tmp_path: Path) -> None:
    book, saved = books["several"], tmp_path / "saved.xlsm"
    with desk.opened(book.path):
        desk.save(str(saved), "Calc MS Excel 2007 VBA XML")
    before, after = (selfeval("validate", path, "--json").findings for path in (book.path, saved))
    assert after == before
    with ZipFile(saved) as package:
        assert "xl/vbaProject.bin" in package.namelist()


def test_second_form_has_the_same_buttons(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SELFEVAL_FORMS", str(FORMS))
    path = tmp_path / "wharf.xlsm"
    assert selfeval("new", "--form", "wharf", "-o", path).status == 0
    errors = [one for one in selfeval("validate", path, "--json").findings if one["severity"] == "error"]
    with desk.opened(path):
        desk.select("条款核对", "A1")
        assert pressed(desk, "条款核对", "校验", leaving="条款核对!A1") in [one["cells"][0] for one in errors]


def message(book: Book, pattern: str, facts: dict[str, str]) -> str:
    """What the box should say."""
    text = catalogue()[f"button.{pattern}"].replace("{checks}", CHECKS)
    for rank, severity in enumerate(("error", "warning"), start=1):
        text = text.replace(f"{{count{rank}}}", str(book.count(severity)))
    for key, fact in {"count3": str(book.hints), **facts}.items():
        text = text.replace(f"{{{key}}}", fact)
    return text


def said(place: str, severity: str, rule: str, text: str, difference: str = "") -> dict[str, str]:
    told = f"，差额 {difference}" if difference else ""
    words = {"place": place, "severity": severity, "rule": rule, "verdict": "不符"}
    return words | {"text": text, "difference": told}


CLICKED = [
    ("balance", "failing", said("支出!H10", "需说明", "E-04", "累计结余＝上年结转＋当年结余", "10.00")),
    ("several", "failing", said("收入!G9", "错误", "N-03", "金额最多两位小数")),
    ("nothing", "hints", said("收入!A6", "提示", "N-05", "空白与0应分清：没有的项目填0")),
]


@pytest.fixture(scope="module")
def on_screen() -> Iterator[tuple[str, Desk]]:
    with screen() as display, Desk(display) as running:
        yield display, running


@pytest.mark.parametrize(("name", "pattern", "facts"), CLICKED, ids=[one[0] for one in CLICKED])
def test_a_mouse_click_shows_one_message_with_the_counts_of_validate(
    on_screen: tuple[str, Desk], books: dict[str, Book], name: str, pattern: str, facts: dict[str, str]
) -> None:
    display, desk = on_screen
    with desk.opened(books[name].path):
        status = desk.text(CHECKS, "A2")
        shown = clicked(desk, display, COVER, "校验")
        assert shown == message(books[name], pattern, facts | {"status": status})
        assert desk.selected() == facts["place"]


def test_without_python_the_full_check_says_what_to_do_and_nothing_else(
    on_screen: tuple[str, Desk], books: dict[str, Book]
) -> None:
    display, desk = on_screen
    with desk.opened(books["several"].path):
        shown = clicked(desk, display, CHECKS, FULL)
        assert shown == catalogue()["button.no_python"]
        assert not desk.has_message()


def macro_of(path: Path, label: str) -> str:
    """The macro that the button of this label starts."""
    with ZipFile(path) as package:
        drawing = package.read("xl/drawings/vmlDrawing1.vml").decode("utf-8")
    (found,) = re.findall(rf">{label}</font>.*?\[0\]!(\w+)<", drawing, re.DOTALL)
    return found


def test_a_second_engine_for_vba_says_and_selects_the_same(books: dict[str, Book]) -> None:
    book = books["several"]
    excel = ExcelApplication.open(book.path)
    excel.run(macro_of(book.path, "校验"))
    ((_, shown, title, _),) = excel.dialogs
    assert shown == message(book, "failing", said("收入!G9", "错误", "N-03", "金额最多两位小数"))
    assert title == catalogue()["button.title"]
    assert selected_in(excel) == "收入!G9"
    excel.run(macro_of(book.path, "下一处"))
    assert selected_in(excel) == "收入!G12"
    text = excel.application.vba_get("StatusBar")
    count = sum(one["rule"] != "N-05" for one in book.standing) + book.hints
    assert text == f"第 2 处，共 {count} 处：收入!G12　错误（N-03 不符）：金额最多两位小数"


def selected_in(excel: ExcelApplication) -> str:
    sheet, cell = (excel.application.vba_get(f"Active{one}") for one in ("Sheet", "Cell"))
    return f"{sheet.vba_get('Name')}!{cell.vba_get('Address')}".replace("$", "")


def clicked(desk: Desk, display: str, sheet: str, label: str) -> str:
    """Click on a button with the mouse, close the box that comes, and return what it said."""
    x, y = desk.place(sheet, label)
    # A window that was just opened takes its first click for itself.
    click(display, x, y + 60)
    click(display, x, y)
    box = desk.message()
    click(display, *box["button"])
    desk.no_message()
    return str(box["says"])
