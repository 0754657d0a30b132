"""What a command leaves on the screen, and its exit status."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from selfeval_xl.app.as_json import dumps, files_json, register_json
from selfeval_xl.app.screen import coloured, file_lines, plain, register_lines, totals_line
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.jobs.files import left_aside
from selfeval_xl.jobs.problems import CLEAN, ERRORS, REFUSED
from selfeval_xl.texts import say

if TYPE_CHECKING:
    from selfeval_xl.jobs.register import Register


def note(text: str) -> None:
    """Write a line about progress to stderr."""
    click.echo(text, err=True)


def show(results: Sequence[Reduced], *, as_json: bool, register: Register | None = None) -> None:
    """Tell what was found in files, with the line of totals where there are several, and what a ledger says."""
    if as_json:
        click.echo(dumps({**files_json(results), **({} if register is None else register_json(register))}))
        return
    for one in results:
        show_file(one)
    if len(results) > 1:
        click.echo(totals_line(results))
    for line in register_lines(register) if register is not None else ():
        click.echo(_fitted(line))


def show_file(one: Reduced) -> None:
    """Tell what was found in one file."""
    lines = file_lines(one, coloured if _has_colours() else plain)
    click.echo("\n".join(map(_fitted, lines)))


def _fitted(line: str) -> str:
    """Return a line broken as the terminal needs it; in a file or for another program lines stay whole."""
    if not sys.stdout.isatty():
        return line
    from selfeval_xl.app.folding import fold

    return fold(line, shutil.get_terminal_size().columns - 1)


def _has_colours() -> bool:
    """Tell whether somebody sees stdout who has not asked for no colours."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def note_left_aside(paths: Sequence[Path]) -> None:
    """Name the files in folders that nobody looked into; a report among them would be missed."""
    names = left_aside(paths)
    if names:
        note(say("report.left_aside", count=len(names), names=say("word.and").join(names)))


def exit_status(results: Sequence[Reduced]) -> int:
    """Return the exit status: the largest that any file asks for."""
    statuses = [
        REFUSED if one.reason is not None else ERRORS if one.status == "errors" else CLEAN for one in results
    ]
    return max(statuses, default=CLEAN)


def note_ledger(register: Register) -> None:
    """Tell that a ledger was written."""
    if register.ledger is not None and register.ledger.is_changed:
        count = len(register.entered)
        note(say("report.ledger_written", name=register.ledger.path, count=count))
