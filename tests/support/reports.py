"""Reports for tests: data read, built, written to a file and read back, in both forms.

The forms of the tests lie in `tests/forms` and are found as a user's own forms are.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest import mock

from msgspec import Struct
from msgspec.structs import replace

from selfeval_xl.blueprint.build import build
from selfeval_xl.blueprint.model import Blueprint, Shape
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address, Value
from selfeval_xl.form.library import settings_for
from selfeval_xl.form.load import load_form, load_settings
from selfeval_xl.form.model import Form, Settings
from selfeval_xl.ooxml.book import Book
from selfeval_xl.ooxml.read import read_book
from selfeval_xl.shipped import SEARCH_VARIABLE
from selfeval_xl.submission.data import read_data
from selfeval_xl.submission.layout import Placed, defaults, place, shape_for
from selfeval_xl.submission.model import Submission
from selfeval_xl.template.write import write_workbook

ROOT = Path(__file__).resolve().parents[2]
FORMS = ROOT / "tests" / "forms"
MAIN_FORM = ROOT / "workbook" / "forms" / "linxiang-zhengti-2022" / "form.toml"
SECOND_FORM = FORMS / "wharf-2024" / "form.toml"
SAMPLES = ROOT / "workbook" / "samples"


class Filled(Struct, frozen=True):
    """A report in the cells of a blueprint; totals that somebody printed are left to the formulas."""

    blueprint: Blueprint
    values: Values
    placed: Placed

    def write(self, path: Path) -> Path:
        write_workbook(self.blueprint, self.values, path, self.placed.formats)
        return path


def sample_files() -> list[Path]:
    """Every sample that is data: those shipped, and the second form's."""
    return sorted([*SAMPLES.rglob("*.json"), *FORMS.rglob("*.json")])


def main_form() -> Form:
    return load_form(MAIN_FORM)


def second_form() -> Form:
    return load_form(SECOND_FORM)


def settings_at(form_file: Path) -> Settings:
    return load_settings(form_file.with_name("settings.toml"))


def changed(settings: Settings, **values: Any) -> Settings:
    return replace(settings, **values)


def report(source: Path | Mapping[str, Any]) -> Submission:
    """Read a report from a data file, or from data, in any form of the program or of the tests."""
    content = source.read_bytes() if isinstance(source, Path) else encoded(source)
    with mock.patch.dict(os.environ, {SEARCH_VARIABLE: str(FORMS)}):
        return read_data(content)


def encoded(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, default=float).encode("utf-8")


def filled(submission: Submission, shape: Shape | None = None, year: int | None = None) -> Filled:
    """Place a report in the workbook of the form's edition, or of another year."""
    blueprint = build_for(submission.form, shape or shape_for(submission), year=year)
    placed = place(submission, blueprint)
    return Filled(blueprint, Values(blueprint, placed.typed), placed)


def blank(form: Form, rows: int = 5, *, entity: bool = False) -> Filled:
    """A workbook as a clerk gets it."""
    blueprint = build_for(form, Shape(1 if entity else rows, entity=entity))
    return typed_in(blueprint, defaults(blueprint))


def typed_in(blueprint: Blueprint, typed: Mapping[Address, Value]) -> Filled:
    return Filled(blueprint, Values(blueprint, typed), Placed(dict(typed)))


def build_for(
    form: Form, shape: Shape, settings: Settings | None = None, year: int | None = None
) -> Blueprint:
    return build(form, settings or settings_for(form), shape, year or form.edition)


def typed_cells(blueprint: Blueprint, book: Book) -> dict[Address, Value]:
    """What stands in the input cells of a workbook that was read."""
    found: dict[Address, Value] = {}
    for sheet in blueprint.sheets.values():
        values = book.sheets[sheet.name].values
        for (row, column), plan in sheet.cells.items():
            value = None if plan.locked else values.get((row, column))
            if value not in (None, ""):
                found[Address(sheet.name, row, column)] = value
    return found


def read_back(one: Filled, path: Path) -> dict[Address, Value]:
    """Write a report to a file and return what then stands in its input cells."""
    return typed_cells(one.blueprint, read_book(one.write(path)))
