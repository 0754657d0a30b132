"""The commands that make one file out of another: blank, filled in, read back, finished, rebuilt."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from selfeval_xl.app.as_json import dumps, repaired_json
from selfeval_xl.app.checking import into_ledger
from selfeval_xl.app.options import (
    FORCE,
    FORM,
    JSON,
    LEDGER,
    OUTPUT,
    SETTINGS,
    PathArgument,
    argument,
    command,
    is_in_menu,
    option,
)
from selfeval_xl.app.outcome import exit_status, note, show
from selfeval_xl.app.screen import finding_lines, repair_lines
from selfeval_xl.consolidation.reduce import reduced
from selfeval_xl.jobs.forms import form_named, settings_named, year_of
from selfeval_xl.jobs.problems import CLEAN, ERRORS, REFUSED, WrongUsage
from selfeval_xl.texts import say


@command("new")
@option("-o", "--output", text="output", type=PathArgument)
@option("--department", text="department")
@option("--year", text="year", type=int)
@option("--entity", "entities", text="entity", multiple=True)
@option("--rows", text="rows", type=int)
@option("--kind", text="kind", type=click.Choice(["department", "entity"]), default="department")
@option("--roster", text="roster", type=PathArgument)
@option("-d", "--folder", text="folder", type=PathArgument)
@LEDGER
@option("--xlsm", "with_macros", text="xlsm", is_flag=True)
@FORM
@SETTINGS
@FORCE
def new(
    output: Path | None,
    department: str | None,
    year: int | None,
    entities: Sequence[str],
    rows: int | None,
    kind: str,
    roster: Path | None,
    folder: Path | None,
    ledger: Path | None,
    with_macros: bool,
    form: str | None,
    settings: Path | None,
    force: bool,
) -> int:
    """Make blank workbooks."""
    from selfeval_xl.jobs.new import Blank, blank_workbook, blank_workbooks, entities_named

    found = form_named(form)
    used = settings_named(found, settings)
    wanted = year_of(found, used, year)
    if roster is not None and folder is not None and output is None:
        from selfeval_xl.jobs.consolidate import roster_named

        rows_of = roster_named(roster, found)
        doubtful = list(rows_of.findings)
        into = into_ledger(ledger, None)
        suffix = ".xlsm" if with_macros else ".xlsx"
        for path in blank_workbooks(found, used, wanted, rows_of, folder, force=force, suffix=suffix):
            click.echo(say("report.written", name=path))
        if into is not None:
            from selfeval_xl.jobs.register import expected

            doubtful += expected(into.ledger, rows_of, found, used, wanted)
            click.echo(say("report.written", name=into.ledger.path))
        for line in finding_lines(doubtful):
            note(line)
        return CLEAN
    of_many = (roster, folder, ledger, with_macros or None)
    if output is None or any(one is not None for one in of_many):
        raise WrongUsage("usage.new_one")
    names = entities_named(found, department, entities, entity_only=kind == "entity")
    blank = Blank(department, entities=names, rows=rows, entity_only=kind == "entity")
    blank_workbook(found, used, wanted, blank, output, force=force)
    click.echo(say("report.written", name=output))
    return CLEAN


@command("fill")
@argument("data")
@OUTPUT
@SETTINGS
@JSON
@FORCE
def fill(data: Path, output: Path, settings: Path | None, as_json: bool, force: bool) -> int:
    """Fill a workbook from data."""
    from selfeval_xl.jobs.fill import fill as fill_workbook

    result = reduced(fill_workbook(data, output, settings, force=force))
    show([result], as_json=as_json)
    if result.reason is None:
        note(say("report.written_with_errors" if result.has_errors else "report.written", name=output))
    return exit_status([result])


@command("dump")
@argument("file")
@option("-o", "--output", text="output", type=PathArgument)
@FORCE
def dump(file: Path, output: Path | None, force: bool) -> int:
    """Read a workbook's contents as data."""
    from selfeval_xl.jobs.fill import dump as dump_text
    from selfeval_xl.jobs.fill import dump_to

    if output is None:
        click.echo(dump_text(file), nl=False)
    else:
        dump_to(file, output, force=force)
        note(say("report.written", name=output))
    return CLEAN


@command("export")
@argument("file")
@OUTPUT
@option("--draft", text="draft", is_flag=True)
@FORCE
def export(file: Path, output: Path, draft: bool, force: bool) -> int:
    """Make the finished sheet."""
    from selfeval_xl.jobs.export import export as export_workbook

    result, written = export_workbook(file, output, force=force, draft=draft)
    show([result], as_json=False)
    if written:
        note(say("report.written", name=output))
        return exit_status([result])
    if result.reason is not None:
        return REFUSED
    # The menu offers the draft in its own words.
    draft_too = "" if is_in_menu() else say("report.only_draft")
    note(say("report.not_exported") + draft_too)
    return ERRORS


@command("repair")
@argument("file")
@OUTPUT
@JSON
@FORCE
def repair(file: Path, output: Path, as_json: bool, force: bool) -> int:
    """Rebuild a damaged workbook around its inputs."""
    from selfeval_xl.jobs.repair import repair as repair_workbook

    repaired = repair_workbook(file, output, force=force)
    result = reduced(repaired.report)
    if as_json:
        click.echo(dumps(repaired_json(repaired, result)))
    else:
        for line in repair_lines(repaired):
            click.echo(line)
        show([result], as_json=False)
    note(say("report.written", name=output))
    return exit_status([result])
