"""What a full check wrote into a workbook is nobody's input: every command works as if it were not there."""

from pathlib import Path

import openpyxl
import pytest

from selfeval_xl.blueprint.model import Blueprint
from selfeval_xl.cells import Address, Value
from selfeval_xl.findings import SEVERITIES
from selfeval_xl.ooxml.book import Sheet
from selfeval_xl.ooxml.read import read_book
from selfeval_xl.rules.tree import Block, references
from selfeval_xl.submission.results import without_results
from selfeval_xl.texts import say
from tests.acceptance.calling import selfeval
from tests.support import reports

SOURCES = {
    "main": reports.SAMPLES / "seed-2022.json",
    "wharf": reports.FORMS / "wharf-2024" / "sample.json",
}


@pytest.fixture(scope="module", autouse=True)
def forms() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SELFEVAL_FORMS", str(reports.FORMS))
        yield


def written(blueprint: Blueprint) -> dict[Address, Value]:
    """A result area full of lines that look like the form's own words."""
    area = next(sheet.results for sheet in blueprint.sheets.values() if sheet.results is not None)
    rules = [rule.id for rule in blueprint.rules]
    found: dict[Address, Value] = {}
    for row in range(area.height):
        texts = (say(f"severity.{SEVERITIES[row % 3]}"), "收入!B6", "3.7万元", rules[row % len(rules)])
        for column, text in enumerate(texts):
            found[Address(area.sheet, area.top + row, area.left + column)] = text
    return found


@pytest.fixture(scope="module", params=SOURCES)
def books(
    request: pytest.FixtureRequest, forms: None, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The same report of one of the forms, without and with results; the other form's rules end sooner."""
    folder = tmp_path_factory.mktemp("results")
    filled = reports.filled(reports.report(SOURCES[request.param]))
    full = reports.typed_in(filled.blueprint, {**filled.values.typed, **written(filled.blueprint)})
    for name in ("bare", "full"):
        (folder / name).mkdir()
    return {
        "bare": filled.write(folder / "bare" / "表.xlsx"),
        "full": full.write(folder / "full" / "表.xlsx"),
    }


def test_the_area_is_filled_in_one_of_the_two(books: dict[str, Path]) -> None:
    counts = {
        name: sum(len(sheet.values) for sheet in read_book(path).sheets.values())
        for name, path in books.items()
    }
    assert counts["full"] - counts["bare"] == 400


def told(path: Path) -> tuple[str, object]:
    outcome = selfeval("validate", path, "--json").file
    return outcome["status"], outcome["findings"]


def test_the_check_says_the_same(books: dict[str, Path]) -> None:
    assert told(books["full"]) == told(books["bare"])


def test_it_is_not_data(books: dict[str, Path]) -> None:
    assert selfeval("dump", books["full"]).out == selfeval("dump", books["bare"]).out


def outputs(books: dict[str, Path], folder: Path, command: str) -> list[Path]:
    found = []
    for name, path in books.items():
        found.append(folder / f"{command}-{name}.xlsx")
        outcome = selfeval(command, path, "-o", found[-1], *(["--draft"] if command == "export" else []))
        assert found[-1].exists(), outcome
    return found


@pytest.mark.parametrize("command", ["export", "repair", "consolidate"])
def test_nothing_of_it_comes_into_what_is_made_of_the_file(
    command: str, books: dict[str, Path], tmp_path: Path
) -> None:
    made = [read_book(path) for path in outputs(books, tmp_path, command)]
    values = [{name: sheet.values for name, sheet in book.sheets.items()} for book in made]
    for one in values:
        one.pop("来源", None)
    assert values[0] == values[1]


def test_a_damaged_workbook_is_laid_against_its_form_without_it(
    books: dict[str, Path], tmp_path: Path
) -> None:
    """Lines of the area name rules, as the rules' own lines do; some were pushed down with it."""
    told = {}
    for name, path in books.items():
        book = openpyxl.load_workbook(path)
        book.worksheets[-3].insert_rows(2, 3)
        book.worksheets[1].insert_rows(7)
        book.save(tmp_path / f"{name}.xlsx")
        outcome = selfeval("repair", tmp_path / f"{name}.xlsx", "-o", tmp_path / f"new-{name}.xlsx", "--json")
        told[name] = {**outcome.json["repair"], "source": ""}
    assert told["full"] == told["bare"]


def test_the_area_is_found_by_its_title() -> None:
    plan = reports.blank(reports.main_form()).blueprint.sheets["校验"]
    assert plan.results is not None
    title = plan.cells[plan.results.top - 2, plan.results.left].value
    sheet = Sheet("校验", values={(1, 1): "a", (7, 20): title, (9, 20): "错误", (9, 19): "b", (109, 20): "c"})
    assert without_results(sheet, plan).values == {(1, 1): "a", (7, 20): title, (9, 19): "b", (109, 20): "c"}


def test_no_formula_reads_it_and_nobody_prints_it() -> None:
    for form in (reports.main_form(), reports.second_form()):
        blueprint = reports.blank(form).blueprint
        for sheet in blueprint.sheets.values():
            if sheet.results is None:
                continue
            area = set(sheet.results.addresses())
            assert len(area) == 400
            assert sheet.results.left > sheet.print_columns
            assert not [one for one in area if one in blueprint.inputs[sheet.name].values()]
            for plan in (plan for other in blueprint.sheets.values() for plan in other.cells.values()):
                for found in references(plan.formula) if plan.formula is not None else ():
                    cells = found.area.addresses() if isinstance(found, Block) else [found.address]
                    assert area.isdisjoint(cells)


def test_severities_are_painted_there() -> None:
    sheet = reports.blank(reports.main_form()).blueprint.sheets["校验"]
    assert sheet.results is not None
    painted = [one.style for one in sheet.conditions if one.area.left == sheet.results.left]
    assert painted == list(SEVERITIES)
