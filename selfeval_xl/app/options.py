"""The options and arguments that commands share, with their words from the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from selfeval_xl.app.usage import ChineseCommand, ChineseOption
from selfeval_xl.texts import say

PathArgument = click.Path(path_type=Path)
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def option(*names: str, text: str, **settings: Any) -> Decorator:
    """Return an option with its text from the catalogue."""
    return click.option(*names, cls=ChineseOption, help=say(f"cli.opt_{text}"), **settings)


def argument(name: str, **settings: Any) -> Decorator:
    """Return an argument that is called by a Chinese word."""
    return click.argument(name, type=PathArgument, metavar=say(f"cli.arg_{name}"), **settings)


def command(name: str) -> Callable[[Callable[..., Any]], click.Command]:
    """Return a decorator that makes a command with its text from the catalogue."""
    return click.command(name, cls=ChineseCommand, help=say(f"cli.{name}"))


def is_in_menu() -> bool:
    """Tell whether the menu runs the command, for somebody who types no options."""
    return bool(click.get_current_context().find_root().obj)


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
