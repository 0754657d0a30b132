"""Macros as they were handed out are no finding, however programs write them; any other line of code is one."""

import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from pyopenvba.cfb import CFB
from pyopenvba.vba import compress, parse_vba_project

from selfeval_xl.ooxml.macros import PROJECT_PART, digest, modules_of, project
from selfeval_xl.submission.inspect import inspect
from selfeval_xl.template.buttons import modules
from selfeval_xl.texts import say
from tests.support import reports
from tests.support.tampering import leading_to, with_parts

SHEETS = 13


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    report = reports.filled(reports.report(reports.SAMPLES / "nine-entities-2022.json"))
    return report.write(tmp_path_factory.mktemp("macros") / "nine.xlsm")


def told(path: Path) -> list[str]:
    """What is found about macros."""
    return [one.code for one in inspect(path).findings if one.rule in ("F-09", "F-13")]


def with_project(source: Path, target: Path, changed: Mapping[str, str]) -> Path:
    """Exchange the project for one of other modules."""
    return with_parts(source, target, {PROJECT_PART: project(changed, SHEETS)})


def with_stream(source: Path, target: Path, module: str, text: str) -> Path:
    """Write another text into a module that stands in the project."""
    with ZipFile(source) as package:
        storage = CFB.from_bytes(package.read(PROJECT_PART))
    storage.write_stream_in_storage("VBA", module, compress(text.encode("ascii")))
    return with_parts(source, target, {PROJECT_PART: bytes(storage.to_bytes())})


def test_macros_as_handed_out_are_no_finding(sound: Path) -> None:
    assert told(sound) == []


def test_an_editor_that_writes_letters_and_spaces_its_own_way_changed_nothing(
    sound: Path, tmp_path: Path
) -> None:
    rewritten = {
        name: text.replace("Application", "application").replace(" = ", "  =  ").replace("    ", "  ")
        for name, text in modules().items()
    }
    assert rewritten != modules()
    assert told(with_project(sound, tmp_path / "a.xlsm", rewritten)) == []


def test_one_more_module_is_foreign(sound: Path, tmp_path: Path) -> None:
    more = {**modules(), "Module1": "Sub Auto_Open()\r\nEnd Sub\r\n"}
    assert told(with_project(sound, tmp_path / "a.xlsm", more)) == ["macro.foreign"]


def test_another_line_in_a_module_of_ours_is_foreign(sound: Path, tmp_path: Path) -> None:
    more = {**modules(), "Walker": modules()["Walker"] + "' one line more\r\n"}
    assert told(with_project(sound, tmp_path / "a.xlsm", more)) == ["macro.foreign"]


def test_code_behind_the_workbook_is_foreign(sound: Path, tmp_path: Path) -> None:
    header = modules_of(sound)["ThisWorkbook"]
    assert told(with_stream(sound, tmp_path / "same.xlsm", "ThisWorkbook", header)) == []
    code = header + "Private Sub Workbook_Open()\r\nEnd Sub\r\n"
    assert told(with_stream(sound, tmp_path / "a.xlsm", "ThisWorkbook", code)) == ["macro.foreign"]


def test_macros_without_their_own_sheet_are_foreign(sound: Path, tmp_path: Path) -> None:
    plain = reports.filled(reports.report(reports.SAMPLES / "nine-entities-2022.json"))
    path = leading_to(
        plain.write(tmp_path / "plain.xlsx"), tmp_path / "a.xlsm", "vbaProject", PROJECT_PART,
        project(modules(), SHEETS),
    )  # fmt: skip
    assert told(path) == ["macro.foreign"]


def test_macros_of_the_old_kind_are_foreign_beside_ours(sound: Path, tmp_path: Path) -> None:
    path = leading_to(sound, tmp_path / "a.xlsm", "xlMacrosheet", "xl/macrosheets/sheet1.xml")
    assert told(path) == ["macro.foreign"]


def test_a_project_that_cannot_be_read_is_foreign(sound: Path, tmp_path: Path) -> None:
    broken = (b"", b"x", project(modules(), SHEETS)[:3000])
    for content in broken:
        assert told(with_parts(sound, tmp_path / "a.xlsm", {PROJECT_PART: content})) == ["macro.foreign"]


def test_every_byte_of_a_project_may_be_damaged_without_a_crash(sound: Path, tmp_path: Path) -> None:
    whole = project(modules(), SHEETS)
    for place in range(0, len(whole), 97):
        content = whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]
        held = BytesIO()
        with ZipFile(held, "w") as package:
            package.writestr(PROJECT_PART, content)
        modules_of(held.getvalue())


def test_a_project_refers_to_no_library_that_a_machine_may_lack() -> None:
    found = parse_vba_project(CFB.from_bytes(project(modules(), SHEETS)))
    assert [one.name for one in found.references] == ["stdole"]
    assert found.code_page == 936


def test_digest_knows_names_and_code_and_no_headers() -> None:
    one = {"A": 'Attribute VB_Name = "A"\r\nSub B()\r\nEnd Sub\r\n'}
    assert digest(one) == digest({"a": "sub b()\nend  sub", "Sheet1": 'Attribute VB_Name = "Sheet1"'})
    assert digest(one) != digest({"C": one["A"]})
    assert digest(one) != digest({"A": one["A"].replace("B", "C")})


def test_the_hidden_sheet_keeps_the_digest(sound: Path) -> None:
    with ZipFile(sound) as package:
        texts = package.read("xl/sharedStrings.xml").decode("utf-8")
    assert re.search(rf"<t>{digest(modules())}</t>", texts)
    assert say("button.sheet").startswith("_")
