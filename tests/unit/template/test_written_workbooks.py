"""Workbooks as they are written: Excel opens them without a repair, they are locked, named and full of values."""

import base64
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from lxml import etree
from openpyxl.workbook import Workbook
from python_calamine import CalamineWorkbook

from selfeval_xl.ooxml.protection import agile_hash
from selfeval_xl.ooxml.read import read_book
from tests.support import reports
from tests.support.cells import cell
from tests.support.package_checks import problems
from tests.support.reports import Filled

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SEED = reports.SAMPLES / "seed-2022.json"


def kinds() -> dict[str, Filled]:
    """Blank workbooks of several sizes and kinds in both forms, and every sample."""
    found = {f"main-{rows}": reports.blank(reports.main_form(), rows) for rows in (5, 20, 60)}
    found["main-entity"] = reports.blank(reports.main_form(), entity=True)
    found["second-5"] = reports.blank(reports.second_form(), 5)
    found["second-entity"] = reports.blank(reports.second_form(), entity=True)
    return found | {file.stem: reports.filled(reports.report(file)) for file in reports.sample_files()}


KINDS = kinds()
FEW = ["main-5", "main-entity", "second-5", "seed-2022", "sample-errors"]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("written")
    return {name: one.write(folder / f"{name}.xlsx") for name, one in KINDS.items()}


@pytest.fixture(scope="module")
def opened(written: dict[str, Path]) -> dict[str, Workbook]:
    return {name: openpyxl.load_workbook(written[name]) for name in FEW}


@pytest.mark.parametrize("name", KINDS)
def test_excel_would_open_the_workbook_without_a_repair(written: dict[str, Path], name: str) -> None:
    assert problems(written[name]) == []


@pytest.mark.parametrize("name", KINDS)
def test_writing_twice_gives_the_same_bytes(written: dict[str, Path], name: str, tmp_path: Path) -> None:
    assert KINDS[name].write(tmp_path / "again.xlsx").read_bytes() == written[name].read_bytes()


def sheet_parts(path: Path) -> Iterator[etree._Element]:
    with ZipFile(path) as package:
        for name in package.namelist():
            if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name):
                yield etree.fromstring(package.read(name))


@pytest.mark.parametrize("name", FEW)
def test_every_sheet_is_locked_with_the_forms_password(written: dict[str, Path], name: str) -> None:
    form = KINDS[name].blueprint.form
    for sheet in sheet_parts(written[name]):
        lock = sheet.find(f"{MAIN}sheetProtection")
        assert lock is not None
        assert (lock.get("algorithmName"), lock.get("sheet")) == ("SHA-512", "1")
        assert lock.get("saltValue") == form.salt
        assert lock.get("hashValue") == agile_hash(form.password, _salt(form.salt)).value
        assert int(lock.get("spinCount", "0")) >= 100_000


def _salt(text: str) -> bytes:

    return base64.b64decode(text)


@pytest.mark.parametrize("name", FEW)
def test_the_structure_of_the_workbook_is_locked(written: dict[str, Path], name: str) -> None:
    with ZipFile(written[name]) as package:
        lock = etree.fromstring(package.read("xl/workbook.xml")).find(f"{MAIN}workbookProtection")
    assert lock is not None
    assert (lock.get("workbookAlgorithmName"), lock.get("lockStructure")) == ("SHA-512", "1")


@pytest.mark.parametrize("name", FEW)
def test_sheets_stand_in_their_order_and_the_settings_are_very_hidden(
    opened: dict[str, Workbook], name: str
) -> None:
    blueprint = KINDS[name].blueprint
    specs = [one for one in blueprint.form.sheets if one.name in blueprint.sheets]
    states = {sheet.title: sheet.sheet_state for sheet in opened[name].worksheets}
    assert list(states) == [one.name for one in specs]
    assert states == {one.name: "veryHidden" if one.kind == "settings" else "visible" for one in specs}


@pytest.mark.parametrize("name", FEW)
def test_inputs_are_unlocked_and_all_else_is_locked(opened: dict[str, Workbook], name: str) -> None:
    blueprint, unlocked = KINDS[name].blueprint, 0
    for plan in blueprint.sheets.values():
        sheet = opened[name][plan.name]
        for (row, column), one in plan.cells.items():
            assert sheet.cell(row, column).protection.locked is one.locked, (plan.name, row, column)
            unlocked += not one.locked
    assert unlocked > 40


@pytest.mark.parametrize("name", FEW)
def test_formula_cells_are_locked(opened: dict[str, Workbook], name: str) -> None:
    cells = [cell for sheet in opened[name].worksheets for row in sheet.iter_rows() for cell in row]
    formulas = [cell for cell in cells if cell.data_type == "f"]
    assert len(formulas) == len(KINDS[name].blueprint.formulas())
    assert all(cell.protection.locked for cell in formulas)


def test_defined_names_cover_blocks_totals_fields_and_verdicts(written: dict[str, Path]) -> None:
    names = read_book(written["main-5"]).names
    assert names["收入_机构名称"] == "收入!$A$6:$A$10"
    assert names["收入_上年结转"] == "收入!$C$6:$C$10"
    assert names["收入_收入合计"] == "收入!$B$6:$B$10"
    assert names["收入_收入合计_汇总"] == "收入!$B$5"
    assert {
        "基本概况_联系人",
        "绩效自评_绩效自评综合得分",
        "绩效自评_评价等次",
        "封面_部门单位名称",
    } <= names.keys()
    assert {"收入_核对_I01", "支出_核对_E04", "三公经费_核对_S02", "固定资产_核对_A03"} <= names.keys()


def test_defined_names_follow_the_words_of_another_form(written: dict[str, Path]) -> None:
    names = read_book(written["second-5"]).names
    assert names["资金来源_作业点名称"] == "来源表!$A$5:$A$9"
    assert names["资金用途_用途合计_总计"] == "'用途 表'!$F$5"
    assert {"资金来源_复核_Q01", "打分_总分", "填表单位_单位全称"} <= names.keys()


@pytest.mark.parametrize("name", KINDS)
def test_every_item_of_the_form_has_its_names(written: dict[str, Path], name: str) -> None:
    form, found = KINDS[name].blueprint.form, read_book(written[name]).names
    for table, item in form.columns:
        assert {f"{table}_{item}", f"{table}_{item}_{form.keys.total}"} <= found.keys()


@pytest.mark.parametrize("name", KINDS)
def test_every_formula_cell_carries_its_value(written: dict[str, Path], name: str) -> None:
    book, one = read_book(written[name]), KINDS[name]
    for address in one.blueprint.formulas():
        found = cell(book.sheets[address.sheet], (address.row, address.column))
        expected = one.values(address)
        assert found.formula is not None
        assert found.value is not None, address
        if isinstance(expected, Decimal):
            assert float(expected) == float(str(found.value))
        else:
            assert found.value == (expected or "")


def test_totals_of_the_seed_are_seen_without_calculating(written: dict[str, Path]) -> None:
    book = CalamineWorkbook.from_path(written["seed-2022"])
    tables = KINDS["seed-2022"].blueprint.places.tables
    items = {
        ("收入", "收入合计"): 212.78,
        ("支出", "支出合计"): 212.78,
        ("支出", "基本支出"): 180.0,
        ("三公经费", "三公经费合计"): 3.7,
        ("固定资产", "固定资产合计"): 19.0,
    }
    for (table, item), expected in items.items():
        cell = tables[table].cell(item, 0)
        rows = book.get_sheet_by_name(cell.sheet).to_python(skip_empty_area=False)
        assert rows[cell.row - 1][cell.column - 1] == expected


TEXTS = (
    "_x0041_",
    "_x005F_x0041_",
    "<r><t>x</t></r>",
    "#N/A",
    "=1+1",
    "  前后  ",
    "TRUE",
    "1e5",
    "😀",
    "&lt;",
)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_what_it_says_where_it_is_typed_and_where_a_formula_shows_it(
    text: str, tmp_path: Path
) -> None:
    blueprint = reports.blank(reports.main_form()).blueprint
    typed, shown = (blueprint.places.tables[table].cell("", 2) for table in ("收入", "支出"))
    book = read_book(reports.typed_in(blueprint, {typed: text}).write(tmp_path / "a.xlsx"))
    for address in (typed, shown):
        value = book.sheets[address.sheet].values[address.row, address.column]
        assert type(value) is str
        assert value == text
    assert problems(tmp_path / "a.xlsx") == []


def test_a_box_of_texts_that_are_typed_has_as_strong_a_line_below_as_above(
    opened: dict[str, Workbook],
) -> None:
    blueprint = KINDS["main-5"].blueprint
    place = blueprint.places.texts["基本概况", "职能职责概述", ""]
    sheet = opened["main-5"][place.sheet]
    first, last = sheet.cell(place.first_row, place.column), place.cell(place.rows - 1)
    below = sheet.cell(last.row, last.column).border.bottom
    assert (below.style, below.color) == (first.border.top.style, first.border.top.color)
