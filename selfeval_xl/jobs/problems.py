"""What can stop a command, as exceptions that carry the clerk's sentence and the exit status."""

from __future__ import annotations

from selfeval_xl.texts import say

CLEAN, ERRORS, USAGE, REFUSED, MISSING_PROGRAM, CANNOT_WRITE, BUG = 0, 1, 2, 3, 4, 5, 10
INTERRUPTED = 130
"""As a shell counts a command that Ctrl-C ended."""


class Stopped(Exception):
    """A command cannot go on; the text is for the clerk."""

    status = USAGE

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(say(key, **facts))


class WrongUsage(Stopped):
    """The command was called in a way that makes no sense."""

    status = USAGE


class MissingProgram(Stopped):
    """Something outside the program is needed and not installed."""

    status = MISSING_PROGRAM


class InputRefused(Stopped):
    """The one file that a command is about cannot be read."""

    status = REFUSED

    def __init__(self, text: str) -> None:
        Exception.__init__(self, text)
