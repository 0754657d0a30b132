"""The command ``selfeval``: words in, a job done, lines and an exit status out.

What writes workbooks is imported by the commands that write: a check need not wait for it.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from selfeval_xl import __version__
from selfeval_xl.app.as_json import consolidated_json, dumps, files_json, register_json, repaired_json
from selfeval_xl.app.log import write_log
from selfeval_xl.app.progress import Progress
from selfeval_xl.app.screen import coloured, file_lines, plain, register_lines, repair_lines, totals_line
from selfeval_xl.app.usage import ChineseCommand, ChineseGroup, ChineseOption, complaint
from selfeval_xl.consolidation.reduce import Reduced, reduced
from selfeval_xl.form.library import known_forms
from selfeval_xl.form.source import DeclarationError
from selfeval_xl.jobs.files import check_free, left_aside
from selfeval_xl.jobs.forms import form_named, settings_named, year_of
from selfeval_xl.jobs.problems import (
    BUG,
    CANNOT_WRITE,
    CLEAN,
    ERRORS,
    INTERRUPTED,
    MISSING_PROGRAM,
    REFUSED,
    Stopped,
    WrongUsage,
)  # fmt: skip
from selfeval_xl.jobs.reading import Reading
from selfeval_xl.jobs.validate import validate as validating
from selfeval_xl.ooxml.output import OutputBlocked, OutputExists
from selfeval_xl.runs.pool import collect_rarely
from selfeval_xl.texts import say

if TYPE_CHECKING:
    from selfeval_xl.jobs.consolidate import Consolidated
    from selfeval_xl.jobs.register import Received, Register

PathArgument = click.Path(path_type=Path)
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def note(text: str) -> None:
    """Write a line about progress to stderr."""
    click.echo(text, err=True)


def option(*names: str, text: str, **settings: Any) -> Decorator:
    """Return an option with its text from the catalogue."""
    return click.option(*names, cls=ChineseOption, help=say(f"cli.opt_{text}"), **settings)


def argument(name: str, **settings: Any) -> Decorator:
    """Return an argument that is called by a Chinese word."""
    return click.argument(name, type=PathArgument, metavar=say(f"cli.arg_{name}"), **settings)


OUTPUT = option("-o", "--output", text="output", type=PathArgument, required=True)
FORCE = option("--force", text="force", is_flag=True)
SETTINGS = option("--settings", text="settings", type=PathArgument, envvar="SELFEVAL_SETTINGS")
JSON = option("--json", "as_json", text="json", is_flag=True)
LEDGER = option("--ledger", text="ledger", type=PathArgument)
RECEIVED = option("--received", text="received")
JOBS = option("--jobs", text="jobs", type=click.IntRange(1, 64), default=1)
SCHEDULER = option("--scheduler", text="scheduler")
FRESH = option("--fresh", text="fresh", is_flag=True)
FORM = option("--form", text="form")


@click.group(
    cls=ChineseGroup, help=say("cli.about"), context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, "--version", message="%(version)s", help=say("usage.version"))
def selfeval() -> None:
    """All commands."""


def command(name: str) -> Callable[[Callable[..., Any]], click.Command]:
    """Return a decorator that makes a command with its text from the catalogue."""
    return selfeval.command(name, cls=ChineseCommand, help=say(f"cli.{name}"))


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
    from selfeval_xl.jobs.new import Blank, blank_workbook, blank_workbooks

    found = form_named(form)
    used = settings_named(found, settings)
    wanted = year_of(found, used, year)
    if roster is not None and folder is not None and output is None:
        from selfeval_xl.jobs.consolidate import roster_named

        rows_of = roster_named(roster, found)
        into = _received(ledger, None)
        suffix = ".xlsm" if with_macros else ".xlsx"
        for path in blank_workbooks(found, used, wanted, rows_of, folder, force=force, suffix=suffix):
            click.echo(say("report.written", name=path))
        if into is not None:
            from selfeval_xl.jobs.register import expected

            expected(into.ledger, rows_of, found, used, wanted)
            click.echo(say("report.written", name=into.ledger.path))
        return CLEAN
    of_many = (roster, folder, ledger, with_macros or None)
    if output is None or any(one is not None for one in of_many):
        raise WrongUsage("usage.new_one")
    names = tuple((name, None) for name in entities)
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
    _show([result], as_json=as_json)
    if result.reason is None:
        note(say("report.written_with_errors" if result.has_errors else "report.written", name=output))
    return _status([result])


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
    if scheduler is not None and others:
        raise WrongUsage("usage.scheduler")
    into = _received(ledger, received)
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
                _show_file(one)
    _note_left_aside(paths)
    register = None if into is None else _entered(results, into, settings)
    told = results if register is None else _open(results, register)
    if as_json or register is not None:
        _show(results if as_json else told, as_json=as_json, register=register)
    elif len(results) > 1:
        click.echo(totals_line(results))
    _write_reports(told, report, folder, settings_file=settings, others=others, force=force)
    return max(_status(told), CLEAN if register is None else _settled(register))


def _received(ledger: Path | None, day: str | None, *, passed_only: bool = False) -> Received | None:
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
    return [one for one in results if id(one) not in settled]


def _settled(register: Register) -> int:
    """Write the ledger and return the exit status that its findings ask for."""
    from selfeval_xl.jobs.register import write_register

    write_register(register)
    _note_ledger(register)
    return ERRORS if register.has_errors else CLEAN


def _note_ledger(register: Register) -> None:
    if register.ledger is not None and register.ledger.is_changed:
        count = len(register.entered)
        note(say("report.ledger_written", name=register.ledger.path, count=count))


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
    into = _received(ledger, received, passed_only=accepted_only)
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
    _note_left_aside(paths)
    _show_consolidated(result, output, as_json=as_json)
    status = max(_status(result.counted), ERRORS if result.register.has_errors or result.left_out else CLEAN)
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
        _show(result.counted, as_json=False)
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
    _note_ledger(result.register)


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


@command("export")
@argument("file")
@OUTPUT
@option("--draft", text="draft", is_flag=True)
@FORCE
def export(file: Path, output: Path, draft: bool, force: bool) -> int:
    """Make the finished sheet."""
    from selfeval_xl.jobs.export import export as export_workbook

    result, written = export_workbook(file, output, force=force, draft=draft)
    _show([result], as_json=False)
    if written:
        note(say("report.written", name=output))
        return _status([result])
    if result.reason is not None:
        return REFUSED
    note(say("report.not_exported"))
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
        _show([result], as_json=False)
    note(say("report.written", name=output))
    return _status([result])


@command("live")
@click.argument("book", required=False, metavar=say("cli.arg_book"))
@JSON
def live(book: str | None, as_json: bool) -> int:
    """Check the workbook that is open in Excel."""
    from selfeval_xl.app.excel import check

    checked = check(book)
    _show([checked.reduced], as_json=as_json)
    note(checked.sentence)
    return _status([checked.reduced])


@command("doctor")
@option("--fix", text="fix", is_flag=True)
def doctor(fix: bool) -> int:
    """Say what the button needs and lacks."""
    from selfeval_xl.app.doctor import MISSING, examine, told
    from selfeval_xl.app.machine import Machine

    lines = examine(Machine(), fix=fix)
    for line in told(lines):
        click.echo(line)
    return MISSING_PROGRAM if any(line.state == MISSING for line in lines) else CLEAN


@selfeval.group("form", cls=ChineseGroup, help=say("cli.form"))
def form() -> None:
    """Commands about forms."""


@form.command("list", cls=ChineseCommand, help=say("cli.form_list"))
def form_list() -> int:
    """List the forms there are."""
    for one in known_forms():
        facts = {"id": one.id, "edition": one.edition, "version": one.version, "name": one.name}
        click.echo(say("report.form_line", **facts))
    return CLEAN


@command("demo")
@option("-d", "--folder", text="folder", type=PathArgument, default=Path("selfeval-demo"))
def demo(folder: Path) -> int:
    """Play the whole chain through."""
    from selfeval_xl.jobs.demo import demonstrate

    for line in demonstrate(folder):
        click.echo(line)
    return CLEAN


@command("menu")
@argument("dropped", nargs=-1)
def menu(dropped: Sequence[Path]) -> int:
    """Offer the menu of the launchers."""
    from selfeval_xl.app.menu import Desk, paths_on_launcher, work

    on_launcher = paths_on_launcher(dict(os.environ))
    return work(Desk(run, input, click.echo), dropped if on_launcher is None else on_launcher)


@command("build")
@option("--check", text="check", is_flag=True)
@option("--kit", text="kit", type=click.Choice(["win_amd64", "linux_x86_64", "linux_aarch64"]))
@option("-d", "--folder", text="kit_folder", type=PathArgument)
@option("--python", text="kit_python", default="3.11")
@SETTINGS
@FORCE
def build(
    check: bool, kit: str | None, folder: Path | None, python: str, settings: Path | None, force: bool
) -> int:
    """Make again what is shipped, or a kit for a PC without network."""
    from selfeval_xl.jobs.build import build_shipped, stale

    if (kit is None) != (folder is None) or (check and kit is not None):
        raise WrongUsage("usage.kit")
    if kit is not None and folder is not None:
        from selfeval_xl.jobs.kit import build_kit

        made = build_kit(kit, folder, python=python, settings_file=settings, force=force)
        click.echo(say("report.written", name=made))
        return CLEAN
    if check:
        old = stale()
        for path in old:
            click.echo(str(path))
        return ERRORS if old else CLEAN
    for path in build_shipped():
        click.echo(say("report.written", name=path))
    return CLEAN


def _show(results: Sequence[Reduced], *, as_json: bool, register: Register | None = None) -> None:
    if as_json:
        click.echo(dumps({**files_json(results), **({} if register is None else register_json(register))}))
        return
    for one in results:
        _show_file(one)
    if len(results) > 1:
        click.echo(totals_line(results))
    for line in register_lines(register) if register is not None else ():
        click.echo(line)


def _show_file(one: Reduced) -> None:
    click.echo("\n".join(file_lines(one, coloured if _has_colours() else plain)))


def _has_colours() -> bool:
    """Tell whether somebody sees stdout who has not asked for no colours."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _note_left_aside(paths: Sequence[Path]) -> None:
    """Name the files in folders that nobody looked into; a report among them would be missed."""
    names = [path.name for path in left_aside(paths)]
    if names:
        note(say("report.left_aside", count=len(names), names=say("word.and").join(names)))


def _status(results: Sequence[Reduced]) -> int:
    """Return the exit status: the largest that any file asks for."""
    statuses = [
        REFUSED if one.reason is not None else ERRORS if one.status == "errors" else CLEAN for one in results
    ]
    return max(statuses, default=CLEAN)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status; nothing is raised."""
    words = list(arguments) if arguments is not None else None
    return guarded(lambda: selfeval.main(words, "selfeval", standalone_mode=False))


def guarded(work: Callable[[], Any]) -> int:
    """Do some work and return its exit status; whatever it raises is told in a sentence on stderr."""
    try:
        result = work()
    except click.UsageError as error:
        note(complaint(error))
        return WrongUsage.status
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.Abort:
        note(say("report.interrupted"))
        return INTERRUPTED
    except Stopped as stopped:
        note(str(stopped))
        return stopped.status
    except DeclarationError as wrong:
        note(say("usage.form_file", name=wrong.file, detail=wrong))
        return WrongUsage.status
    except OutputExists as exists:
        note(say("write.exists", name=exists.path))
        return CANNOT_WRITE
    except OutputBlocked as blocked:
        note(say(f"write.{blocked.reason}", name=blocked.path))
        return CANNOT_WRITE
    except Exception:  # noqa: BLE001 - a bug must end in a sentence and a log, never on a clerk's screen
        note(say("bug.text", log=write_log()))
        return BUG
    return int(result or CLEAN)


def main() -> None:
    """Run the command line; output is UTF-8 wherever it goes."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None and not stream.isatty():
            reconfigure(encoding="utf-8")
    collect_rarely()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    status = run()
    # Whatever is left ends with the process; Python need not look through it first.
    gc.freeze()
    sys.exit(status)
