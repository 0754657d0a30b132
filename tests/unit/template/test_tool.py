"""The consolidation workbook as it is written: cells to fill in, buttons that start what there is, all else locked."""

import re
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from selfeval_xl.ooxml.macros import modules_of
from selfeval_xl.submission.inspect import inspect
from selfeval_xl.template.tool import INPUTS, MODULES, write_tool
from selfeval_xl.texts import say
from tests.support.package_checks import problems


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tool") / "tool.xlsm"
    write_tool(path)
    return path


@pytest.fixture(scope="module")
def sheet(written: Path) -> Worksheet:
    return openpyxl.load_workbook(written)[say("tool.sheet")]


def area(sheet: Worksheet, key: str) -> str:
    text = sheet.parent.defined_names[f"selfeval_{key}"].attr_text
    return str(text).rpartition("!")[2].replace("$", "")


def test_excel_would_open_it_without_a_repair(written: Path) -> None:
    assert problems(written) == []


def test_writing_twice_gives_the_same_bytes(written: Path, tmp_path: Path) -> None:
    write_tool(tmp_path / "again.xlsm")
    assert (tmp_path / "again.xlsm").read_bytes() == written.read_bytes()


def test_its_buttons_start_subs_of_its_own_modules(written: Path) -> None:
    with ZipFile(written) as package:
        drawing = package.read("xl/drawings/vmlDrawing1.vml").decode("utf-8")
    started = re.findall(r"<x:FmlaMacro>\[0\]!(\w+)</x:FmlaMacro>", drawing)
    found = modules_of(written)
    subs = re.findall(r"^Public Sub (\w+)\(\)", found["Consolidate"].replace("\r", ""), re.MULTILINE)
    assert sorted(started) == sorted(subs)
    assert set(MODULES) <= set(found)


def test_only_what_is_to_be_filled_in_is_open(sheet: Worksheet) -> None:
    assert sheet.protection.sheet
    for key in (*INPUTS, "state"):
        assert not sheet[area(sheet, key)].protection.locked, key
    for cell in ("A1", "A2", "A3", "A13", "D13"):
        assert sheet[cell].protection.locked, cell
    first = area(sheet, "results").partition(":")[0]
    assert not sheet.column_dimensions[first[0]].protection.locked
    assert sheet.column_dimensions[first[0]].number_format == "@"


def test_macros_know_every_name_and_sentence(written: Path) -> None:
    code = "".join(text for name, text in modules_of(written).items() if name in MODULES)
    book = openpyxl.load_workbook(written)
    named = set(re.findall(r'"(selfeval_[a-z]+)"', code))
    assert named - {"selfeval_xl"} == set(book.defined_names)
    lines = {row[0].value for row in book["_texts"].iter_rows()}
    assert set(re.findall(r'Said\("(\w+)"\)', code)) == lines
    assert book["_texts"].sheet_state == "veryHidden"


def test_among_reports_it_is_none(written: Path) -> None:
    report = inspect(written)
    assert report.reason is not None
    assert say("kind.report") in report.reason
