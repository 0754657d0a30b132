"""The commands around the work: the open workbook, this PC, the forms, the launchers, what is shipped."""

from __future__ import annotations

from pathlib import Path

import click

from selfeval_xl.app.options import FORCE, JSON, SETTINGS, PathArgument, command, option
from selfeval_xl.app.outcome import exit_status, note, show
from selfeval_xl.app.usage import ChineseCommand, ChineseGroup
from selfeval_xl.form.library import known_forms
from selfeval_xl.jobs.problems import CLEAN, ERRORS, MISSING_PROGRAM, WrongUsage
from selfeval_xl.texts import say


@command("live")
@click.argument("book", required=False, metavar=say("cli.arg_book"))
@JSON
def live(book: str | None, as_json: bool) -> int:
    """Check the workbook that is open in Excel."""
    from selfeval_xl.app.excel import check

    checked = check(book)
    show([checked.reduced], as_json=as_json)
    note(checked.sentence)
    return exit_status([checked.reduced])


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


@click.group("form", cls=ChineseGroup, help=say("cli.form"))
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
