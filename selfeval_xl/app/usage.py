"""click in Chinese: help pages and the complaints about a command's words."""

from __future__ import annotations

from typing import Any

import click

from selfeval_xl.texts import say


class ChineseCommand(click.Command):
    """A command whose help page is Chinese."""

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return what follows the command's name in its usage line."""
        pieces = super().collect_usage_pieces(ctx)
        return [say("usage.arguments") if piece == self.options_metavar else piece for piece in pieces]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=say("usage.prefix"))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        rows = [
            row for parameter in self.get_params(ctx) if (row := parameter.get_help_record(ctx)) is not None
        ]
        if rows:
            with formatter.section(say("usage.options")):
                formatter.write_dl(rows)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return ``--help`` with a Chinese description."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = say("usage.help")
        return option


class ChineseGroup(ChineseCommand, click.Group):
    """A group of commands whose help page is Chinese."""

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return what follows the program's name in its usage line."""
        return [say("usage.command")]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write options and commands."""
        super().format_options(ctx, formatter)
        rows = [
            (name, command.get_short_help_str(limit=100))
            for name in self.list_commands(ctx)
            if (command := self.get_command(ctx, name)) is not None
        ]
        with formatter.section(say("usage.commands")):
            formatter.write_dl(rows)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which they are used."""
        return list(self.commands)


def complaint(error: click.UsageError) -> str:
    """Return what is wrong with a command's words, and where help is to be had."""
    command = error.ctx.command_path if error.ctx is not None else "selfeval"
    return f"{_reason(error)}{say('usage.see_help', command=command)}"


def _reason(error: click.UsageError) -> str:
    facts: dict[str, Any] = {}
    match error:
        case click.NoSuchOption():
            key, facts = "no_such_option", {"name": error.option_name}
        case click.BadOptionUsage():
            key, facts = "takes_value", {"name": error.option_name}
        case click.MissingParameter():
            key, facts = "missing_argument", {"name": _parameter(error)}
        case click.BadParameter():
            key, facts = "bad_value", {"name": _parameter(error), "value": error.message}
        case _:
            key, facts = "other", {}
    return say(f"usage.{key}", **facts)


def _parameter(error: click.BadParameter) -> str:
    if error.param is None:
        return ""
    return (
        error.param.opts[0]
        if isinstance(error.param, click.Option)
        else str(error.param.metavar or error.param.name)
    )
