"""What scanners of macros say: nothing but the one start of Python, and the numbers in every workbook's headers."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from selfeval_xl.template import tool
from selfeval_xl.template.buttons import MODULES, modules
from tests.support import reports

# Of Excel's own headers, by which a module belongs to the workbook or to a sheet.
CLASS_NUMBERS = {"00020819", "00020820", "000000000046"}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return reports.blank(reports.main_form()).write(tmp_path_factory.mktemp("written") / "a.xlsm")


@pytest.fixture(scope="module")
def consolidation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("written") / "tool.xlsm"
    tool.write_tool(path)
    return path


def scanned(module: str, *words: object) -> Any:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", module, *map(str, words)],
        capture_output=True,
        check=False,
    )
    return json.loads(done.stdout)


def test_olevba_finds_the_start_of_python_and_nothing_else(written: Path) -> None:
    (found,) = [one for one in scanned("oletools.olevba", "--json", "--decode", written) if "macros" in one]
    assert len(found["macros"]) > len(modules())
    numbers = {one["description"] for one in found["analysis"] if one["type"] == "Hex String"}
    said = {(one["type"], one["keyword"]) for one in found["analysis"] if one["type"] != "Hex String"}
    assert said == {("Suspicious", "Shell"), ("Suspicious", "Hex Strings")}
    assert numbers == CLASS_NUMBERS
    assert "".join(modules().values()).count("Shell ") == 1


def test_olevba_finds_in_the_consolidation_workbook_what_it_is_for(consolidation: Path) -> None:
    found = scanned("oletools.olevba", "--json", "--decode", consolidation)
    (analysis,) = [one["analysis"] for one in found if "macros" in one]
    said = {one["keyword"] for one in analysis if one["type"] != "Hex String"}
    # Python is started, its record is read and put back into Chinese, the summary is opened.
    assert said == {"Shell", "Open", "ChrW", "Hex Strings"}


@pytest.mark.parametrize(("name", "wanted"), [("written", MODULES), ("consolidation", tool.MODULES)])
def test_an_analyser_of_vba_has_nothing_to_say(
    request: pytest.FixtureRequest, name: str, wanted: tuple[str, ...]
) -> None:
    path = request.getfixturevalue(name)
    ((project),) = scanned("pyvbaanalysis", "--format", "json", "--whole-project", path)
    assert {one["module"] for one in project["modules"]} >= set(wanted)
    assert [one for one in project["modules"] if one["diagnostics"]] == []
