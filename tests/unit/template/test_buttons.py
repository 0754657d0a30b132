"""An .xlsm is the same workbook with macros, buttons and a ribbon tab; whoever reads it finds no difference."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import openxml_audit
import pytest
from lxml import etree

from selfeval_xl.blueprint.checks import listed_rules
from selfeval_xl.blueprint.instances import FAILED
from selfeval_xl.blueprint.model import Blueprint
from selfeval_xl.cells import Address, Area, parse_ref
from selfeval_xl.ooxml.macros import modules_of
from selfeval_xl.ooxml.read import read_book
from selfeval_xl.shipped import macros_folder
from selfeval_xl.submission.inspect import inspect
from selfeval_xl.template import tool
from selfeval_xl.template.buttons import MODULES, SENTENCES, button_sheet, buttons, modules, ribbon
from selfeval_xl.texts import say
from tests.support import reports
from tests.support.fillings import random_filling
from tests.support.package_checks import problems
from tests.support.reports import Filled
from tests.support.tampering import with_parts

NINE = reports.SAMPLES / "nine-entities-2022.json"
UI = "{http://schemas.microsoft.com/office/2009/07/customui}"
SUBS = re.compile(r"^Public Sub (\w+)\((.*)\)", re.MULTILINE)
SCHEMA = "schemas_microsoft_com_office_2009_07_customui.json"
SEEDS = range(300, 306)

KINDS = {
    "main": reports.blank(reports.main_form()),
    "entity": reports.blank(reports.main_form(), entity=True),
    "second": reports.blank(reports.second_form()),
    "nine": reports.filled(reports.report(NINE)),
}


@pytest.fixture(scope="module", autouse=True)
def forms() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SELFEVAL_FORMS", str(reports.FORMS))
        yield


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("written")
    return {name: one.write(folder / f"{name}.xlsm") for name, one in KINDS.items()}


def part(path: Path, name: str) -> bytes:
    with ZipFile(path) as package:
        return package.read(name)


def subs() -> dict[str, str]:
    """The subs that a button can start, with their arguments."""
    text = modules()["Buttons"].replace("\r\n", "\n")
    return dict(SUBS.findall(text))


@pytest.mark.parametrize("name", KINDS)
def test_excel_would_open_the_workbook_without_a_repair(written: dict[str, Path], name: str) -> None:
    assert problems(written[name]) == []


@pytest.mark.parametrize("name", ["main", "nine"])
def test_writing_twice_gives_the_same_bytes(written: dict[str, Path], name: str, tmp_path: Path) -> None:
    button_sheet.cache_clear()
    assert KINDS[name].write(tmp_path / "again.xlsm").read_bytes() == written[name].read_bytes()


@pytest.mark.parametrize("name", KINDS)
def test_same_workbook_without_macros_is_not_changed_by_them(
    written: dict[str, Path], name: str, tmp_path: Path
) -> None:
    with_macros, without = read_book(written[name]), read_book(KINDS[name].write(tmp_path / "plain.xlsx"))
    hidden = with_macros.sheets.pop(say("button.sheet"))
    assert hidden.state == "veryHidden"
    assert hidden.protected
    assert with_macros.sheets == without.sheets
    assert with_macros.properties == without.properties
    assert {key: text for key, text in with_macros.names.items() if "selfeval" not in key} == without.names
    assert not without.has_macros


@pytest.mark.parametrize("name", KINDS)
def test_report_is_read_and_checked_as_from_the_workbook_without_macros(
    written: dict[str, Path], name: str, tmp_path: Path
) -> None:
    with_macros = inspect(written[name])
    without = inspect(KINDS[name].write(tmp_path / "plain.xlsx"))
    assert with_macros.reason is None
    assert with_macros.findings == without.findings
    assert with_macros.submission == without.submission


def test_each_sheet_has_a_module_of_its_code_name(written: dict[str, Path]) -> None:
    found = modules_of(written["main"])
    with ZipFile(written["main"]) as package:
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        code_names = {
            re.search(rb'codeName="(\w+)"', package.read(name))[1].decode()  # type: ignore[index]
            for name in sheets
        }
    assert set(found) == {*MODULES, "ThisWorkbook", *code_names}
    assert {name: found[name] for name in MODULES} == modules()


@pytest.mark.parametrize("file", sorted(macros_folder().glob("*.bas")), ids=lambda file: file.stem)
def test_macros_are_plain_text_that_any_host_takes(file: Path) -> None:
    text = file.read_bytes()
    assert text.isascii()
    assert text.count(b"\n") == text.count(b"\r\n")
    assert text.startswith(f'Attribute VB_Name = "{file.stem}"\r\nOption Explicit\r\n'.encode())
    code = [line.partition("'")[0] for line in text.decode().splitlines()]
    assert not [line for line in code if re.search(r"\b(Declare|CreateObject|GetObject)\b", line)]
    assert max(map(len, code)) < 150


def test_macros_on_disk_are_those_that_go_into_a_workbook() -> None:
    assert {file.stem for file in macros_folder().glob("*.bas")} == {*MODULES, *tool.MODULES}


@pytest.mark.parametrize("name", KINDS)
def test_buttons_stand_on_the_cover_and_the_check_sheet_and_start_what_there_is(
    written: dict[str, Path], name: str
) -> None:
    blueprint = KINDS[name].blueprint
    cover, checks = blueprint.form.roles.status, blueprint.form.sheet_of_kind("checks").name
    planned = buttons(blueprint)
    assert [one.at.sheet for one in planned] == [cover] * 3 + [checks] * 3
    assert [one.caption for one in planned] == ["校验", "下一处", "完整校验"] * 2
    drawings = [part(written[name], f"xl/drawings/vmlDrawing{number}.vml").decode() for number in (1, 2)]
    for text in drawings:
        started = re.findall(r"<x:FmlaMacro>\[0\]!(\w+)</x:FmlaMacro>", text)
        assert started == ["CheckNow", "NextPlace", "FullCheck"]
        assert {subs()[one] for one in started} == {""}


@pytest.mark.parametrize("name", KINDS)
def test_buttons_cover_no_cell_that_shows_or_takes_something(name: str) -> None:
    blueprint = KINDS[name].blueprint
    for one in buttons(blueprint):
        cells = blueprint.sheet(one.at.sheet).cells
        here = cells.get((one.at.row, one.at.column))
        assert here is None or (here.value is None and here.formula is None and here.locked), one


def test_ribbon_is_led_to_and_its_buttons_start_what_there_is(written: dict[str, Path]) -> None:
    assert b"2007/relationships/ui/extensibility" in part(written["main"], "_rels/.rels")
    tree = etree.fromstring(part(written["main"], "customUI/customUI14.xml"))
    assert part(written["main"], "customUI/customUI14.xml").decode("utf-8") == ribbon()
    found = list(tree.iter(f"{UI}button"))
    assert [one.get("label") for one in found] == ["校验", "下一处", "完整校验"]
    assert {subs()[one.get("onAction", "")] for one in found} == {"control As Object"}


def schema_attributes() -> dict[str, set[str]]:
    """The attributes of each element of a ribbon, from the schema that the package's auditor brings."""
    file = Path(openxml_audit.__file__).parent / "data/openxml/schemas" / SCHEMA
    found: dict[str, set[str]] = {}
    for kind in json.loads(file.read_text(encoding="utf-8"))["Types"]:
        name = kind["Name"].rpartition("mso14:")[2]
        found.setdefault(name, set()).update(one["QName"].lstrip(":") for one in kind.get("Attributes", []))
    return found


def test_ribbon_uses_no_attribute_that_its_schema_lacks() -> None:
    known = schema_attributes()
    tree = etree.fromstring(ribbon().encode("utf-8"))
    for element in tree.iter():
        assert set(map(str, element.attrib)) <= known[etree.QName(element).localname], element.tag
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("old", "new"), [('size="large"', 'size="huge"'), ("<button ", "<buton ")])
def test_auditor_holds_the_ribbon_against_its_schema(
    written: dict[str, Path], tmp_path: Path, old: str, new: str
) -> None:
    assert old in ribbon()
    wrong = ribbon().replace(old, new)
    broken = with_parts(written["main"], tmp_path / "a.xlsm", {"customUI/customUI14.xml": wrong})
    assert [one for one in problems(broken) if "customUI14" in one]


def test_macros_say_only_what_the_hidden_sheet_holds() -> None:
    code = "".join(modules().values())
    said = {*re.findall(r'Said\("(\w+)"', code), *re.findall(r'PatternFor = "(\w+)"', code)}
    held = {
        str(text) for (_, column), text in button_sheet(KINDS["main"].blueprint).texts.items() if column == 1
    }
    assert held - said == {"severity_1", "severity_2", "macros"}
    assert said - held == {"severity_"}
    assert set(SENTENCES) <= said
    for name in button_sheet(KINDS["main"].blueprint).names:
        assert f'"{name}"' in "".join(modules().values())


def walked(blueprint: Blueprint, one: Filled) -> set[tuple[str, Address]]:
    """The rules and cells to which the list on the hidden sheet leads, as the macros follow it."""
    hidden = button_sheet(blueprint)
    lines = [rule.id for rule in listed_rules(blueprint)]
    found = set()
    for (row, column), line in hidden.texts.items():
        if column == 4:
            sheet, area, target, top, left = (hidden.texts[(row, column + n)] for n in range(1, 6))
            for address in area_of(str(sheet), str(area)).addresses():
                spot = (address.row, address.column)
                tree = hidden.formulas.get(spot) if sheet == hidden.name else None
                value = one.values(address) if tree is None else one.values.evaluate(tree)
                if value == FAILED:
                    first = area_of(str(sheet), str(area))
                    down, right = address.row - first.top, address.column - first.left
                    look = Address(str(target), int(top) + down, int(left) + right)  # type: ignore[call-overload]
                    found.add((lines[int(line) - 1], look))  # type: ignore[call-overload]
    return found


def area_of(sheet: str, text: str) -> Area:
    first, _, last = text.partition(":")
    return Area(sheet, *parse_ref(first), *parse_ref(last or first))


@pytest.mark.parametrize("seed", SEEDS)
def test_macros_are_led_to_every_place_that_does_not_pass_and_to_no_other(seed: int) -> None:
    one = random_filling(seed)
    by_row = {"blank", "names"}
    failing = {
        (each.rule.id, each.look)
        for each in one.blueprint.instances
        if each.rule.scope not in by_row and not each.rule.bureau
        if one.values.evaluate(each.verdict) == FAILED
    }
    scopes = {rule.id: rule.scope for rule in one.blueprint.rules}
    found = walked(one.blueprint, one)
    assert failing
    assert {(rule, look) for rule, look in found if scopes[rule] not in by_row} == failing
