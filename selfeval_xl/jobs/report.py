"""What a check leaves on disk: the findings as a workbook, and a letter to every department."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from selfeval_xl.blueprint.model import Blueprint
from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Address
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.consolidation.select import grouped, has_other_name
from selfeval_xl.form.library import DEFAULT_FORM, find_form
from selfeval_xl.form.load import load_form
from selfeval_xl.form.model import Form, Settings
from selfeval_xl.jobs.files import check_free, check_output, file_names, inputs, output, way_to
from selfeval_xl.jobs.forms import settings_named
from selfeval_xl.reports.annotated import copied_sheets, put_copy
from selfeval_xl.reports.checked import Checked
from selfeval_xl.reports.findings_book import findings_book
from selfeval_xl.reports.opinion import opinion
from selfeval_xl.submission.inspect import DATA_SUFFIX, Report, inspect
from selfeval_xl.template.write import write_workbook
from selfeval_xl.texts import say

ENDINGS = (".xlsx",)


def write_report(
    results: Sequence[Reduced],
    target: Path,
    *,
    settings_file: Path | None = None,
    others: Sequence[Path] = (),
    force: bool,
) -> None:
    """Write the findings on *results* to *target*; of a single file with a copy of its form, marked and annotated.

    *others* are further files and folders that were read; none of what was read is ever written to.
    """
    sources = _sources(results, others)
    check_output(target, sources, ENDINGS)
    book = _book(results, target, settings_file)
    with output(target, sources, ENDINGS, force=force) as path:
        write_workbook(book, Values(book, {}), path)


def write_letters(
    results: Sequence[Reduced],
    folder: Path,
    *,
    settings_file: Path | None = None,
    others: Sequence[Path] = (),
    force: bool,
) -> list[Path]:
    """Write a letter to every department into *folder*; return the files.

    A refused file, whose department nobody knows, has a letter of its own.  Where one of the files
    is there already, none is written.
    """
    groups = _departments(results)
    counts = Counter(one.path.name for one in results)
    names = file_names((say("opinion.name"), *_named(group[0], counts)) for group in groups)
    targets = [folder / f"{name}.xlsx" for name in names]
    sources = _sources(results, others)
    for target in targets:
        check_free(target, sources, ENDINGS, force=force)
    for group, target in zip(groups, targets, strict=True):
        form = _form(group)
        letter = opinion(group, form, _settings(group[0], form, settings_file))
        with output(target, sources, ENDINGS, force=force) as path:
            write_workbook(letter, Values(letter, {}), path)
    return targets


def _sources(results: Sequence[Reduced], others: Sequence[Path]) -> list[Path]:
    return [*(one.path for one in results), *(inputs(others) if others else [])]


def _departments(results: Sequence[Reduced]) -> list[list[Reduced]]:
    """Return the files by department, in their order; those that were refused stand alone."""
    read = [one for one in results if one.reason is None]
    together = grouped([((one.code, one.department), one) for one in read])
    groups = [part for group in together for part in _by_name(group)]
    groups += [[one] for one in results if one.reason is not None]
    order = {id(one): number for number, one in enumerate(results)}
    return sorted(groups, key=lambda group: order[id(group[0])])


def _by_name(group: Sequence[Reduced]) -> list[list[Reduced]]:
    """Part the files of one code that name two departments: neither is told of the other's."""
    parts: list[list[Reduced]] = []
    for one in group:
        own = next((part for part in parts if not has_other_name(one, part[0])), None)
        if own is None:
            parts.append([one])
        else:
            own.append(one)
    return parts


def _named(one: Reduced, counts: Mapping[str, int]) -> Sequence[str | None]:
    """Return what a letter's file is called by: the department, else the file, with its folder if several are called so."""
    if one.department:
        return one.code, one.department
    return (one.path.parent.name if counts[one.path.name] > 1 else None, one.path.stem)


def _settings(one: Reduced, form: Form, settings_file: Path | None) -> Settings:
    """Return the settings that were named, else those of the file."""
    return one.settings if one.settings and settings_file is None else settings_named(form, settings_file)


def _book(results: Sequence[Reduced], target: Path, settings_file: Path | None) -> Blueprint:
    form = _form(results)
    settings = settings_named(form, settings_file)
    copied = _copied(results, settings_file)
    sheets = [] if copied is None or copied.blueprint is None else copied_sheets(copied.blueprint)

    def places(one: Checked, cell: Address | None) -> str | None:
        if cell is not None and cell.sheet in sheets:
            return f"#{cell}"
        return target_of(one.path, target.parent, cell)

    book = findings_book(results, form, settings, places, sheets)
    if copied is not None and copied.blueprint is not None and copied.values is not None:
        put_copy(book, copied.blueprint, copied.values, copied.formats, results[0].findings)
    return book


def _copied(results: Sequence[Reduced], settings_file: Path | None) -> Report | None:
    """Return the report that there is a copy of: the only one, if it was not refused."""
    if len(results) != 1 or results[0].reason is not None:
        return None
    return inspect(results[0].path, settings_file)


def _form(results: Sequence[Reduced]) -> Form:
    """Return the form of the first file that has one; where none has, the default one, for its words."""
    found = next((one.form_path for one in results if one.form_path is not None), None)
    return find_form(DEFAULT_FORM) if found is None else load_form(found)


def target_of(path: Path, folder: Path, cell: Address | None) -> str | None:
    """Return what leads from a workbook in *folder* to a file or to a cell of it; ``None`` where a link cannot say it."""
    way = way_to(path, folder)
    is_in_book = cell is not None and cell.sheet and path.suffix.lower() != DATA_SUFFIX
    return f"{way}#{cell}" if way is not None and is_in_book else way
