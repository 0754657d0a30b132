"""The commands that sum reports up, and keep them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from selfeval_xl.app.as_json import consolidated_json, dumps
from selfeval_xl.app.checking import into_ledger
from selfeval_xl.app.options import (
    FORCE,
    FRESH,
    JOBS,
    JSON,
    LEDGER,
    OUTPUT,
    RECEIVED,
    SCHEDULER,
    SETTINGS,
    PathArgument,
    argument,
    command,
    option,
)
from selfeval_xl.app.outcome import exit_status, note, note_ledger, note_left_aside, show
from selfeval_xl.app.progress import Progress
from selfeval_xl.app.screen import register_lines
from selfeval_xl.jobs.problems import CLEAN, ERRORS, WrongUsage
from selfeval_xl.jobs.reading import Reading
from selfeval_xl.texts import say

if TYPE_CHECKING:
    from selfeval_xl.jobs.consolidate import Consolidated


@command("consolidate")
@argument("paths", nargs=-1, required=True)
@OUTPUT
@option("--level", text="level", type=click.Choice(["department", "bureau", "region"]), default="bureau")
@option("--department", text="department")
@option("--roster", text="roster", type=PathArgument)
@option("--adjustments", text="adjustments", type=PathArgument)
@option("--public", text="public", type=PathArgument)
@option("--tables", text="tables", type=PathArgument)
@option("--parquet", text="parquet", type=PathArgument)
@LEDGER
@option("--accepted-only", text="accepted_only", is_flag=True)
@RECEIVED
@SETTINGS
@JSON
@JOBS
@SCHEDULER
@FRESH
@FORCE
def consolidate(
    paths: Sequence[Path],
    output: Path,
    level: str,
    department: str | None,
    roster: Path | None,
    adjustments: Path | None,
    public: Path | None,
    tables: Path | None,
    parquet: Path | None,
    ledger: Path | None,
    accepted_only: bool,
    received: str | None,
    settings: Path | None,
    as_json: bool,
    jobs: int,
    scheduler: str | None,
    fresh: bool,
    force: bool,
) -> int:
    """Sum departments up, or a department's entities."""
    from selfeval_xl.jobs.consolidate import consolidate as consolidate_bureau
    from selfeval_xl.jobs.extras import Extras

    extras = {"adjustments": adjustments, "public": public, "tables": tables, "parquet": parquet}
    _check_level(level, department, extras, has_ledger=ledger is not None or accepted_only)
    into = into_ledger(ledger, received, passed_only=accepted_only)
    if level == "department" and scheduler is not None:
        raise WrongUsage("usage.scheduler")
    watch = Progress(tells_problem=True)
    reading = Reading(jobs, anew=fresh, watch=watch, scheduler=scheduler)
    work: dict[str, Any] = {
        "settings_file": settings, "roster_file": roster, "reading": reading, "force": force,
    }  # fmt: skip
    if level == "department":
        from selfeval_xl.jobs.department import consolidate_department

        result = consolidate_department(paths, output, department=department, **work)
    else:
        wanted = Extras(adjustments, public, tables, parquet)
        result = consolidate_bureau(
            paths, output, received=into, extras=wanted, of_regions=level == "region", **work
        )
    note_left_aside(paths)
    _show_consolidated(result, output, as_json=as_json)
    status = max(
        exit_status(result.counted), ERRORS if result.register.has_errors or result.left_out else CLEAN
    )
    return max(status, WrongUsage.status) if level == "department" and result.problem is not None else status


def _check_level(
    level: str, department: str | None, extras: Mapping[str, Path | None], *, has_ledger: bool
) -> None:
    """Raise ``WrongUsage`` for what makes no sense at a level."""
    if level != "department":
        if department is not None:
            raise WrongUsage("usage.department_level")
        return
    for name, value in extras.items():
        if value is not None:
            raise WrongUsage("usage.bureau_level", name=f"--{name}")
    if has_ledger:
        raise WrongUsage("usage.ledger_level")


def _show_consolidated(result: Consolidated, output: Path, *, as_json: bool) -> None:
    if as_json:
        click.echo(dumps(consolidated_json(result)))
    else:
        show(result.counted, as_json=False)
        for one, reason in result.selection.skipped:
            click.echo(say("report.skipped", name=one.path, reason=reason))
        for line in register_lines(result.register):
            click.echo(line)
        if result.control:
            click.echo(say("report.control", **result.control))
    for line in result.left_out:
        note(line)
    done = "report.unchanged" if result.is_unchanged else "report.written"
    note(result.problem if result.problem is not None else say(done, name=output))
    for path in result.outputs[1:]:
        note(say("report.written", name=path))
    note_ledger(result.register)


@command("archive")
@argument("paths", nargs=-1)
@option("--ledger", text="kept_ledger", type=PathArgument)
@option("-d", "--folder", text="archive", type=PathArgument)
@option("--verify", text="verify", type=PathArgument)
@SETTINGS
@FORCE
def archive(
    paths: Sequence[Path],
    ledger: Path | None,
    folder: Path | None,
    verify: Path | None,
    settings: Path | None,
    force: bool,
) -> int:
    """Keep what was passed."""
    from selfeval_xl.app.archiving import archived, verified

    if verify is not None and not (paths or ledger or folder):
        return verified(verify, click.echo)
    if verify is not None or not paths or ledger is None or folder is None:
        raise WrongUsage("usage.archive")
    return archived(paths, folder, ledger, click.echo, settings_file=settings, force=force)
