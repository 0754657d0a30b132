"""For developers: makes again what ``workbook/`` and ``docs/`` ship, and tells what is stale."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from selfeval_xl.blueprint.twin import text_twin
from selfeval_xl.form.library import DEFAULT_FORM, find_form, settings_for
from selfeval_xl.form.model import Form, Settings
from selfeval_xl.jobs.fill import fill
from selfeval_xl.jobs.forms import year_of
from selfeval_xl.jobs.new import Blank, blank_values, blank_workbook
from selfeval_xl.ooxml.output import whole_file
from selfeval_xl.reports.form_page import form_page
from selfeval_xl.reports.rules_page import rules_page
from selfeval_xl.shipped import county_settings, macros_folder, workbook_folder
from selfeval_xl.template.tool import write_tool
from selfeval_xl.texts import say

SIZES = (5, 20, 60)
SIZES_WITH_MACROS = (5, 20)
"""Whoever needs more rows makes a workbook of the right size; the files are large."""
WORKBOOKS = (".xlsx", ".xlsm")

Maker = Callable[[Path], None]


def shipped() -> dict[Path, Maker]:
    """Return every generated file with what makes it."""
    folder, form = workbook_folder(), find_form(DEFAULT_FORM)
    makers: dict[Path, Maker] = {}
    for rows in SIZES:
        stem = f"{form.id}-{form.edition}-{rows}"
        makers[folder / "templates" / f"{stem}.xlsx"] = _template(form, rows)
        makers[folder / "templates" / f"{stem}.txt"] = _twin(form, rows)
        if rows in SIZES_WITH_MACROS:
            makers[folder / "templates" / f"{stem}.xlsm"] = _template(form, rows)
    samples = folder / "samples"
    makers[samples / "seed-2022.xlsx"] = _sample(samples / "seed-2022.json", None)
    nine = samples / "nine-entities-2022.json"
    makers[nine.with_suffix(".xlsx")] = _sample(nine, county_settings())
    makers[folder / "tools" / say("tool.file")] = write_tool
    makers[macros_folder() / "not-installed.txt"] = _note
    docs = folder.parent / "docs"
    if docs.is_dir():
        makers[docs / "form.md"] = _page(form, form_page)
        makers[docs / "rules.md"] = _page(form, rules_page)
    return makers


def _template(form: Form, rows: int) -> Maker:
    settings = settings_for(form)
    year = year_of(form, settings, None)
    return lambda path: blank_workbook(form, settings, year, Blank(rows=rows), path, force=True)


def _twin(form: Form, rows: int) -> Maker:
    settings = settings_for(form)
    year = year_of(form, settings, None)

    def make(path: Path) -> None:
        blueprint, _ = blank_values(form, settings, year, Blank(rows=rows))
        path.write_text(text_twin(blueprint), encoding="utf-8", newline="\n")

    return make


def _sample(data: Path, settings_file: Path | None) -> Maker:
    return lambda path: _fill(data, path, settings_file)


def _fill(data: Path, path: Path, settings_file: Path | None) -> None:
    fill(data, path, settings_file, force=True)


def _note(path: Path) -> None:
    """Write what the launcher shows where there is no program: UTF-16, which Windows' ``type`` shows everywhere."""
    path.write_bytes(f"\ufeff{say('install.missing')}\r\n".encode("utf-16-le"))


def _page(form: Form, page: Callable[[Form, Settings], str]) -> Maker:
    settings = settings_for(form)
    return lambda path: _write(path, page(form, settings))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def build_shipped() -> Iterator[Path]:
    """Make every generated file; yield its path."""
    for target, make in shipped().items():
        with whole_file(target, force=True) as path:
            make(path)
        yield target


def stale() -> list[Path]:
    """Return the generated files that are not what would be made now."""
    old = []
    with tempfile.TemporaryDirectory() as folder:
        for number, (target, make) in enumerate(shipped().items()):
            fresh = Path(folder) / f"{number}{target.suffix}"
            make(fresh)
            if not target.is_file() or contents(target) != contents(fresh):
                old.append(target)
    return old


def contents(path: Path) -> dict[str, bytes]:
    """Return a file's contents, a workbook's part by part: how it was packed makes no difference."""
    if path.suffix not in WORKBOOKS:
        return {"": path.read_bytes()}
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}
