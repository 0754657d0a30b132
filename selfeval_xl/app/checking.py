"""The command that checks files and folders."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from selfeval_xl.app.options import (
    FORCE,
    FRESH,
    JOBS,
    JSON,
    LEDGER,
    RECEIVED,
    SCHEDULER,
    SETTINGS,
    PathArgument,
    argument,
    command,
    option,
)
from selfeval_xl.app.outcome import exit_status, note, note_ledger, note_left_aside, show, show_file
from selfeval_xl.app.progress import Progress
from selfeval_xl.app.screen import totals_line
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.jobs.files import check_folder, check_free
from selfeval_xl.jobs.problems import CLEAN, ERRORS, WrongUsage
from selfeval_xl.jobs.reading import Reading
from selfeval_xl.jobs.validate import validate as validating
from selfeval_xl.texts import say

if TYPE_CHECKING:
    from selfeval_xl.jobs.register import Received, Register


@command("validate")
@argument("paths", nargs=-1, required=True)
@option("--report", text="report", type=PathArgument)
@option("--previous", text="previous", type=PathArgument)
@option("--reference", text="reference", type=PathArgument)
@option("-d", "--folder", text="letters", type=PathArgument)
@LEDGER
@RECEIVED
@SETTINGS
@JSON
@JOBS
@SCHEDULER
@FRESH
@FORCE
def validate(
    paths: Sequence[Path],
    report: Path | None,
    previous: Path | None,
    reference: Path | None,
    folder: Path | None,
    ledger: Path | None,
    received: str | None,
    settings: Path | None,
    as_json: bool,
    jobs: int,
    scheduler: str | None,
    fresh: bool,
    force: bool,
) -> int:
    """Check files and folders."""
    others = [one for one in (previous, reference) if one is not None]
    if report is not None:
        check_free(report, [*paths, *others], (".xlsx",), force=force)
    check_folder(folder)
    if scheduler is not None and others:
        raise WrongUsage("usage.scheduler")
    into = into_ledger(ledger, received)
    progress = Progress(tells_problem=as_json or into is not None)
    reading = Reading(jobs, anew=fresh, watch=progress, scheduler=scheduler)
    results: list[Reduced] = []
    with closing(validating(paths, settings, reading, previous, reference, progress.tell, ledger)) as found:
        for one in found:
            # A report or summary that lies among the files is none of them.
            if one.other_kind and one.path not in paths:
                progress.tell(say("report.skipped", name=one.path, reason=one.reason))
                continue
            results.append(one)
            # What a ledger says of a file is known when all are read.
            if not as_json and into is None:
                progress.clear()
                show_file(one)
    note_left_aside(paths)
    register = None if into is None else _entered(results, into, settings)
    told = results if register is None else _open(results, register)
    if as_json or register is not None:
        show(results if as_json else told, as_json=as_json, register=register)
    elif len(results) > 1:
        click.echo(totals_line(results))
    _write_reports(told, report, folder, settings_file=settings, others=others, force=force)
    return max(exit_status(told), CLEAN if register is None else _settled(register))


def into_ledger(ledger: Path | None, day: str | None, *, passed_only: bool = False) -> Received | None:
    """Return the ledger that is named, before any file is read; ``None`` without one."""
    if ledger is None:
        if day is not None or passed_only:
            raise WrongUsage("usage.needs_ledger")
        return None
    from selfeval_xl.jobs.ledger import day_named, open_ledger
    from selfeval_xl.jobs.register import Received

    return Received(open_ledger(ledger, must_exist=passed_only), day_named(day), passed_only)


def _entered(results: Sequence[Reduced], into: Received, settings: Path | None) -> Register:
    from selfeval_xl.jobs.register import enter_checked

    return enter_checked(results, into, settings)


def _open(results: Sequence[Reduced], register: Register) -> list[Reduced]:
    """Return the files that still have to be dealt with, and tell how many have not."""
    settled = {id(one) for one in register.settled}
    if settled:
        note(say("report.settled", count=len(settled)))
    for one, reason in register.unentered:
        note(say("report.not_entered", name=one.path, reason=reason))
    return [one for one in results if id(one) not in settled]


def _settled(register: Register) -> int:
    """Write the ledger and return the exit status that its findings ask for."""
    from selfeval_xl.jobs.register import write_register

    write_register(register)
    note_ledger(register)
    return ERRORS if register.has_errors else CLEAN


def _write_reports(results: Sequence[Reduced], report: Path | None, folder: Path | None, **work: Any) -> None:
    """Write what was found as a workbook and as letters, where they are asked for."""
    if report is None and folder is None:
        return
    from selfeval_xl.jobs.report import write_letters, write_report

    if report is not None:
        write_report(results, report, **work)
        note(say("report.written", name=report))
    if folder is not None:
        written = write_letters(results, folder, **work)
        note(say("report.letters", count=len(written), folder=folder))
