"""The command ``selfeval``: words in, a job done, lines and an exit status out.

What writes workbooks is imported by the commands that write: a check need not wait for it.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from selfeval_xl import __version__
from selfeval_xl.app.checking import validate
from selfeval_xl.app.log import write_log
from selfeval_xl.app.making import dump, export, fill, new, repair
from selfeval_xl.app.options import argument, command
from selfeval_xl.app.outcome import note
from selfeval_xl.app.summing import archive, consolidate
from selfeval_xl.app.upkeep import build, demo, doctor, form, live
from selfeval_xl.app.usage import ChineseGroup, complaint
from selfeval_xl.form.source import DeclarationError
from selfeval_xl.jobs.problems import BUG, CANNOT_WRITE, CLEAN, INTERRUPTED, Stopped, WrongUsage
from selfeval_xl.ooxml.output import OutputBlocked, OutputExists
from selfeval_xl.runs.pool import collect_rarely
from selfeval_xl.texts import say


@click.group(
    cls=ChineseGroup, help=say("cli.about"), context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, "--version", message="%(version)s", help=say("usage.version"))
def selfeval() -> None:
    """All commands."""


@command("menu")
@argument("dropped", nargs=-1)
def menu(dropped: Sequence[Path]) -> int:
    """Offer the menu of the launchers."""
    from selfeval_xl.app.menu import Desk, paths_on_launcher, work

    on_launcher = paths_on_launcher(dict(os.environ))
    return work(
        Desk(partial(run, in_menu=True), input, click.echo), dropped if on_launcher is None else on_launcher
    )


for one in (
    *(new, fill, dump, validate, consolidate, archive, export, repair),
    *(live, doctor, form, demo, menu, build),
):
    selfeval.add_command(one)


def run(arguments: Sequence[str] | None = None, *, in_menu: bool = False) -> int:
    """Run a command and return its exit status; nothing is raised.

    *in_menu* tells that somebody chose it in the menu, who types no options.
    """
    words = list(arguments) if arguments is not None else None
    return guarded(lambda: selfeval.main(words, "selfeval", standalone_mode=False, obj=in_menu))


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
