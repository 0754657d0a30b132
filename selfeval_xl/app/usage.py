"""click in Chinese: help pages and the complaints about a command's words."""

from __future__ import annotations

from typing import Any

import click

from selfeval_xl.jobs.problems import WrongUsage
from selfeval_xl.texts import say


class ChineseOption(click.Option):
    """An option that names its value, and says that it must be given, in Chinese."""

    def make_metavar(self, ctx: click.Context) -> str:
        """Return the word for the option's value."""
        return super().make_metavar(ctx) if isinstance(self.type, click.Choice) else _kind_of(self)

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option's two columns of the help page."""
        about = f"{self.help or ''}{say('usage.required') if self.required else ''}"
        return self.get_help_spec(ctx), about


class _ChineseHelp(click.Command):
    """What the help pages of commands and groups have in common."""

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


class ChineseCommand(_ChineseHelp):
    """A command whose help page is Chinese."""

    allow_extra_args = True

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, unless there are words that it has no use for."""
        if ctx.args:
            raise WrongUsage("usage.extra", value=" ".join(ctx.args))
        return super().invoke(ctx)


class ChineseGroup(_ChineseHelp, click.Group):
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
    """Return what is wrong with a command's words, and where help is to be had; without words, the help page."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    command = error.ctx.command_path if error.ctx is not None else "selfeval"
    return f"{_reason(error)}{say('usage.see_help', command=command)}"


def _reason(error: click.UsageError) -> str:
    facts: dict[str, Any] = {}
    match error:
        case click.NoSuchOption():
            key, facts = "no_such_option", {"name": error.option_name}
        case click.exceptions.NoSuchCommand():
            key, facts = "no_such_command", {"name": error.command_name}
        case click.BadOptionUsage():
            key, facts = "takes_value", {"name": error.option_name}
        case click.MissingParameter():
            key, facts = "missing_argument", {"name": _parameter(error)}
        case click.BadParameter():
            key, facts = "bad_value", {"name": _parameter(error), "wanted": _wanted(error)}
        case _:
            key, facts = "other", {}
    return say(f"usage.{key}", **facts)


def _parameter(error: click.BadParameter) -> str:
    if error.param is None:
        return ""
    return error.param.opts[0] if isinstance(error.param, click.Option) else str(error.param.metavar)


def _kind_of(parameter: click.Parameter) -> str:
    """Return the word for the kind of value that a parameter takes."""
    match parameter.type:
        case click.IntRange():
            return say("usage.value_number")
        case click.Path():
            return say("usage.value_path")
        case one if one is click.INT:
            return say("usage.value_number")
        case _:
            return say("usage.value_text")


def _wanted(error: click.BadParameter) -> str:
    """Return what would have been right."""
    if error.param is None:
        return say("usage.value_text")
    match error.param.type:
        case click.Choice() as choice:
            return say("word.or").join(str(one) for one in choice.choices)
        case click.IntRange() as numbers:
            return say("usage.value_between", least=numbers.min, most=numbers.max)
        case _:
            return _kind_of(error.param)
