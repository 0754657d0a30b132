"""Workbooks as Excel, WPS and others write them: other XML, the same findings, data, figures and formulas."""

import shutil
import warnings
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msgspec import Struct
from python_calamine import CalamineWorkbook

from selfeval_xl.amounts import from_stored
from selfeval_xl.ooxml.book import Book
from selfeval_xl.ooxml.read import read_book
from selfeval_xl.submission.integrity import normalised
from selfeval_xl.submission.workbook import open_workbook
from tests.acceptance.calling import COUNTY, FORMS, NINE, Data, selfeval, values_of
from tests.support import dialects, office, package_checks, reports
from tests.support.cells import cells
from tests.support.dialect_markup import unplaced_cells
from tests.support.dialect_parts import read, rewritten
from tests.support.dialect_values import PHONETIC, dates, numbers
from tests.support.fillings import random_filling
from tests.support.package_parts import MAIN

Dialect = Callable[[Path, Path], Path]

SAMPLES = {file.stem: file for file in reports.sample_files()}
RANDOM = {f"random-{seed}": seed for seed in range(4)}
SUMMARY, FINAL = "summary", "final"
SOURCES = "来源"
DEPARTMENTS = [file.stem for file in sorted(COUNTY.glob("*.json"))]
# The dialects that our workbooks meet go over every workbook, those that they may meet over some.
SOME = ["seed-2022", "nine-entities-2022", "sample-errors", "random-0", "random-1", FINAL]
EVERYDAY: dict[str, Dialect] = {"excel": dialects.as_excel, "wps": dialects.as_wps}
RARE: dict[str, Dialect] = {
    "excel-1904": lambda source, target: dialects.as_excel(source, target, date1904=True),
    "library": dialects.as_library,
    "strict": dialects.as_strict,
}
DIALECTS = EVERYDAY | RARE
CASES = [
    *((dialect, book) for dialect in EVERYDAY for book in [*SAMPLES, *RANDOM, FINAL]),
    *((dialect, book) for dialect in RARE for book in SOME),
]


class Shelf(Struct):
    """The workbooks as this program writes them, each rewritten when it is first asked for in a dialect."""

    folder: Path

    def original(self, book: str) -> Path:
        return self.folder / "ours" / f"{book}.xlsx"

    def rewritten(self, dialect: str, book: str) -> Path:
        target = self.folder / dialect / f"{book}.xlsx"
        return target if target.exists() else DIALECTS[dialect](self.original(book), target)


@pytest.fixture(scope="module", autouse=True)
def forms() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SELFEVAL_FORMS", str(FORMS))
        yield


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, forms: None) -> Shelf:
    made = Shelf(tmp_path_factory.mktemp("dialects"))
    made.original(FINAL).parent.mkdir()
    for name, file in SAMPLES.items():
        reports.filled(reports.report(file)).write(made.original(name))
    for name, seed in RANDOM.items():
        random_filling(seed).write(made.original(name))
    selfeval("export", made.original(NINE.stem), "-o", made.original(FINAL), "--draft")
    return made


@cache
def said(path: Path) -> tuple[object, ...]:
    """What a workbook's findings and data are, without the name of the file."""
    checked, dumped = selfeval("validate", path, "--json"), selfeval("dump", path)
    return checked.status, checked.file | {"file": ""}, dumped.status, dumped.out.replace(str(path), "")


@cache
def book_of(path: Path) -> Book:
    return read_book(path)


def cells_of(book: Book) -> dict[str, dict[tuple[int, int], tuple[object, str]]]:
    """Every cell's value and its formula without what programs write differently."""
    return {
        name: {place: (one.value, normalised(one.formula or "")) for place, one in cells(sheet).items()}
        for name, sheet in book.sheets.items()
    }


def around_cells(book: Book) -> list[tuple[object, ...]]:
    return [
        (one.name, one.state, one.protected, one.merges, one.hidden_rows, one.hidden_columns)
        for one in book.sheets.values()
    ]


def names_of(book: Book) -> dict[str, str]:
    return {name: reference.replace("'", "") for name, reference in book.names.items()}


def as_calamine_reads(path: Path) -> dict[str, dict[str, object]]:
    """Every value as a reader sees it that nobody here wrote: numbers at 15 digits, line ends alike."""
    return {
        sheet: {cell: _comparable(value) for cell, value in cells.items()}
        for sheet, cells in values_of(path).items()
    }


def _comparable(value: Any) -> object:
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    return format(value, ".15g") if isinstance(value, float) else value


@pytest.mark.parametrize(("dialect", "book"), CASES)
def test_findings_and_data_are_the_same(dialect: str, book: str, shelf: Shelf) -> None:
    assert said(shelf.rewritten(dialect, book)) == said(shelf.original(book))


@pytest.mark.parametrize(("dialect", "book"), CASES)
def test_values_formulas_and_what_stands_around_them_are_the_same(
    dialect: str, book: str, shelf: Shelf
) -> None:
    path = shelf.rewritten(dialect, book)
    before, after = book_of(shelf.original(book)), book_of(path)
    assert around_cells(after) == around_cells(before)
    assert names_of(after) == names_of(before)
    assert before.properties.items() <= after.properties.items()
    if after.date1904:
        assert open_workbook(path).typed == open_workbook(shelf.original(book)).typed
    else:
        assert cells_of(after) == cells_of(before)


@pytest.mark.parametrize(("dialect", "book"), CASES)
def test_another_reader_sees_the_same_values(dialect: str, book: str, shelf: Shelf) -> None:
    """So that it is the tool that is right, and not two mistakes that cancel out."""
    assert as_calamine_reads(shelf.rewritten(dialect, book)) == as_calamine_reads(shelf.original(book))


@pytest.fixture(scope="module")
def county_of_ours(shelf: Shelf) -> tuple[Data, dict[str, dict[str, object]]]:
    return summed_up([shelf.original(book) for book in DEPARTMENTS], shelf.original(SUMMARY))


def summed_up(files: list[Path], target: Path) -> tuple[Data, dict[str, dict[str, object]]]:
    """What the summary of workbooks says, but for where each lies and what its bytes are."""
    outcome = selfeval("consolidate", *files, "-o", target, "--json")
    values = as_calamine_reads(target)
    values[SOURCES] = {cell: one for cell, one in values[SOURCES].items() if cell[0] not in "AF"}
    summary = outcome.json["summary"]
    return {key: summary[key] for key in ("sums", "departments")} | {"status": outcome.status}, values


@pytest.mark.parametrize("dialect", [*EVERYDAY, "excel-1904"])
def test_summary_of_rewritten_workbooks_has_the_same_figures(
    dialect: str, shelf: Shelf, county_of_ours: tuple[Data, dict[str, dict[str, object]]], tmp_path: Path
) -> None:
    files = [shelf.rewritten(dialect, book) for book in DEPARTMENTS]
    assert summed_up(files, tmp_path / "county.xlsx") == county_of_ours


def test_one_report_saved_by_many_programs_is_one_report(shelf: Shelf, tmp_path: Path) -> None:
    """The same figures handed in again are a copy, not a second report that contradicts the first."""
    copies = [shelf.original(NINE.stem), *(shelf.rewritten(dialect, NINE.stem) for dialect in DIALECTS)]
    alone, together = (
        selfeval("consolidate", *files, "-o", tmp_path / f"{len(files)}.xlsx", "--json")
        for files in (copies[:1], copies)
    )
    assert together.json["summary"]["sums"] == alone.json["summary"]["sums"]
    assert together.json["summary"]["departments"] == alone.json["summary"]["departments"]


@pytest.mark.usefixtures("county_of_ours")
@pytest.mark.parametrize("dialect", EVERYDAY)
def test_summary_itself_reads_the_same_when_rewritten(dialect: str, shelf: Shelf) -> None:
    before, after = book_of(shelf.original(SUMMARY)), book_of(shelf.rewritten(dialect, SUMMARY))
    assert cells_of(after) == cells_of(before)
    assert around_cells(after) == around_cells(before)
    told = [
        selfeval("validate", path(SUMMARY), "--json")
        for path in (shelf.original, partial(shelf.rewritten, dialect))
    ]
    assert told[0].status == told[1].status
    assert told[0].file | {"file": ""} == told[1].file | {"file": ""}


@pytest.mark.parametrize("dialect", [*EVERYDAY, "library", "strict"])
def test_rewritten_workbooks_are_sound(dialect: str, shelf: Shelf, tmp_path: Path) -> None:
    """What the tool writes is a workbook that Excel would open, so far as anything here can tell."""
    for book in (NINE.stem, "sample-errors"):
        path = shelf.rewritten(dialect, book)
        assert len(CalamineWorkbook.from_path(path).sheet_names) == len(book_of(path).sheets)
        if dialect == "strict":
            continue  # neither openpyxl nor the checks know its namespaces
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about extensions that openpyxl drops
            assert openpyxl.load_workbook(path).sheetnames == list(book_of(path).sheets)
        if dialect == "library":
            steps = [step for step in dialects.LIBRARY if step is not unplaced_cells]
            path = rewritten(shelf.original(book), tmp_path / "placed.xlsx", *steps)
        assert package_checks.problems(path) == []


def test_a_reader_that_takes_what_is_stored_at_its_word_would_be_noticed(shelf: Shelf) -> None:
    """What the dialects claim to hold is there: the tests above would fail without the care they are about."""
    excel, wps, moved = (
        read(shelf.rewritten(dialect, NINE.stem)) for dialect in ("excel", "wps", "excel-1904")
    )
    ours = read(shelf.original(NINE.stem))
    for package in (excel, wps):
        long = [value.text for value in numbers(package) if len(value.text) > 17]
        assert long
        assert all(Decimal(text) != from_stored(text) for text in long)
        texts = [item for item in package.strings if item.find(f"{MAIN}rPh") is not None]
        assert len(texts) > 100
        assert all("".join(item.itertext()).endswith(PHONETIC) for item in texts)
        assert sum(item.find(f"{MAIN}r") is not None for item in package.strings) > 50
    formulas = [formula for sheet in excel.sheets for formula in sheet.iter(f"{MAIN}f")]
    assert sum(formula.text is None for formula in formulas) > 200
    assert [
        int(after.text) - int(before.text) for before, after in zip(dates(ours), dates(moved), strict=True)
    ] == [-1462]
    assert [cell.get("s") for cell in wps.cells()] != [cell.get("s") for cell in ours.cells()]


@pytest.mark.office
def test_libreoffice_calculates_the_same_from_rewritten_workbooks(shelf: Shelf, tmp_path: Path) -> None:
    # LibreOffice names what it writes after what it reads.
    copies = [Path(shutil.copyfile(shelf.original(NINE.stem), tmp_path / "ours.xlsx"))]
    copies += [
        Path(shutil.copyfile(shelf.rewritten(dialect, NINE.stem), tmp_path / f"{dialect}.xlsx"))
        for dialect in DIALECTS
    ]
    ours, *theirs = office.recalculated(copies, tmp_path / "out")
    assert len(office.values(ours)) > 10
    for path in theirs:
        assert office.values(path) == office.values(ours), path.stem
