"""Opened and saved by whatever program, a workbook is the one that it was: no finding comes or goes."""

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from selfeval_xl.jobs.export import export
from selfeval_xl.submission.inspect import inspect
from tests.acceptance.calling import FORMS
from tests.support import dialects, office, reports
from tests.support.fillings import random_filling
from tests.support.tampering import by_library

Program = Callable[[Path, Path], Path]

PROGRAMS: dict[str, Program] = {
    "excel": dialects.as_excel,
    "wps": dialects.as_wps,
    "library": dialects.as_library,
    "strict": dialects.as_strict,
    "openpyxl": lambda source, target: by_library(source, target, lambda book: None),
}
SEEDS = range(100, 112)
PLAIN = ("blank", "entity", "second-form", "final")
CASES = [
    *((program, book) for program in PROGRAMS for book in PLAIN),
    *((list(PROGRAMS)[seed % 4], f"random-{seed}") for seed in SEEDS),
    *(("openpyxl", f"random-{seed}") for seed in SEEDS),
]
OFFICE_BOOKS = [*PLAIN, *(f"random-{seed}" for seed in SEEDS if seed % 4 == 0)]


@pytest.fixture(scope="module", autouse=True)
def forms() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SELFEVAL_FORMS", str(FORMS))
        yield


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory, forms: None) -> Path:
    folder = tmp_path_factory.mktemp("honest")
    reports.blank(reports.main_form()).write(folder / "blank.xlsx")
    reports.blank(reports.main_form(), entity=True).write(folder / "entity.xlsx")
    reports.blank(reports.second_form()).write(folder / "second-form.xlsx")
    nine = reports.filled(reports.report(reports.SAMPLES / "nine-entities-2022.json"))
    export(nine.write(folder / "nine.xlsx"), folder / "final.xlsx", force=True, draft=True)
    for seed in SEEDS:
        random_filling(seed).write(folder / f"random-{seed}.xlsx")
    return folder


@cache
def told(path: Path) -> tuple[str | None, list[object]]:
    report = inspect(path)
    return report.reason, [
        (one.id, one.code, one.severity, one.follows, one.facts) for one in report.findings
    ]


@pytest.mark.parametrize(("program", "book"), CASES)
def test_findings_are_the_same(program: str, book: str, books: Path, tmp_path: Path) -> None:
    source = books / f"{book}.xlsx"
    reason, findings = told(PROGRAMS[program](source, tmp_path / "saved.xlsx"))
    assert (reason, findings) == told(source)
    assert reason is None


def test_a_sound_workbook_has_no_finding_on_its_integrity(books: Path) -> None:
    for book in (*PLAIN, "nine"):
        assert [one for one in told(books / f"{book}.xlsx")[1] if str(one).startswith("('F")] == []


@pytest.mark.office
@pytest.mark.parametrize("recalculate", [True, False])
def test_findings_are_the_same_after_libreoffice(recalculate: bool, books: Path, tmp_path: Path) -> None:
    """As .xlsx, and there and back over its own format."""
    sources = [
        Path(shutil.copyfile(books / f"{book}.xlsx", tmp_path / f"{book}.xlsx")) for book in OFFICE_BOOKS
    ]
    workbook = "xlsx:Calc MS Excel 2007 XML"
    saved = office.converted(sources, tmp_path / "once", workbook, recalculate=recalculate)
    own = office.converted(sources, tmp_path / "own", "ods", recalculate=recalculate)
    back = office.converted(own, tmp_path / "back", workbook, recalculate=recalculate)
    for source, once, twice in zip(sources, saved, back, strict=True):
        assert told(once) == told(source), source.stem
        assert told(twice) == told(source), source.stem
