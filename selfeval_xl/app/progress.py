"""How far a run over many files has come: one line on stderr that is written over; none where nobody sees it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from unicodedata import east_asian_width

import click

from selfeval_xl.app.screen import problem_line
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.texts import say

PATIENCE = 0.5
"""Seconds before anything is shown: what is quick needs no bar."""
PAUSE = 0.2
WIDTH = 20
MANY = 100
"""In a run over so many files the first problem is told at once."""
MINUTE, HOUR = 60, 3600


class Progress:
    """Looks on while files are read; what is said meanwhile goes through :meth:`tell`.

    With *tells_problem* the first file that is refused or has an error is named as soon as it is there.
    """

    def __init__(self, *, tells_problem: bool, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin to look on; nothing is shown yet."""
        self._is_seen = is_seen()
        self._tells_problem, self._clock = tells_problem, clock
        self._files = self._kept = self._done = self._new = 0
        self._begun = self._drawn = 0.0
        self._line = ""

    def begin(self, files: int, kept: int) -> None:
        """So many files will come, *kept* of them from an earlier run."""
        self._files, self._kept = files, kept
        self._done = self._new = 0
        self._begun = self._clock()
        self._drawn = self._begun + PATIENCE - PAUSE

    def took(self, one: Reduced, *, is_kept: bool) -> None:
        """Here is the next one."""
        self._done += 1
        self._new += not is_kept
        if self._tells_problem and self._files >= MANY and one.status in ("refused", "errors"):
            self._tells_problem = False
            self.tell(say("progress.first", line=problem_line(one)))
        now = self._clock()
        if self._is_seen and now - self._drawn >= PAUSE:
            self._drawn = now
            self._put(self._text(now))

    def busy(self) -> None:
        """All are read; what they make is being written."""
        if self._is_seen:
            self._put(say("progress.writing"))

    def end(self) -> None:
        """No more will come."""
        self.clear()
        if self._kept:
            kept, self._kept = self._kept, 0
            self.tell(say("progress.kept", count=kept, files=self._files))

    def tell(self, text: str) -> None:
        """Write a line to stderr, above the bar."""
        self.clear()
        click.echo(text, err=True)

    def clear(self) -> None:
        """Take the bar away until it is drawn anew."""
        if self._line:
            self._put("")
            click.echo("\r", nl=False, err=True)

    def _put(self, text: str) -> None:
        # Spaces over what was longer: not every console of Windows knows the sign that clears a line.
        rest = max(0, _width(self._line) - _width(text))
        click.echo(f"\r{text}{' ' * rest}", nl=False, err=True)
        self._line = text

    def _text(self, now: float) -> str:
        rate = self._new / max(now - self._begun, PAUSE)
        left = self._files - self._kept - self._new
        filled = WIDTH * self._done // self._files
        facts = {
            "bar": "#" * filled + "." * (WIDTH - filled),
            "done": self._done,
            "files": self._files,
            "rate": f"{rate:.0f}" if rate >= 1 else f"{rate:.1f}",
        }
        if not rate or left <= 0:
            return say("progress.line", **facts)
        return say("progress.line_left", left=_time(left / rate), **facts)


def is_seen() -> bool:
    """Tell whether stderr is a screen."""
    return sys.stderr.isatty()


def _time(seconds: float) -> str:
    """Return a time as it is said."""
    whole = int(seconds) + 1
    if whole < MINUTE:
        return say("progress.seconds", seconds=whole)
    if whole < HOUR:
        return say("progress.minutes", minutes=whole // MINUTE, seconds=whole % MINUTE)
    return say("progress.hours", hours=whole // HOUR, minutes=whole % HOUR // MINUTE)


def _width(text: str) -> int:
    """Return how many columns of a screen a text takes."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
