"""The numbered menu for whoever double-clicks: questions in, the same commands run, results beside the inputs.

Knows no jobs: it puts a command's words together, so that menu and command line cannot differ.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import unquote, urlparse

from msgspec import Struct

from selfeval_xl.app.com import MAY_HAVE_EXCEL
from selfeval_xl.jobs.problems import CLEAN, ERRORS, REFUSED
from selfeval_xl.texts import say

CALL_VARIABLE = "SELFEVAL_CALL"
"""Windows' own command line of the launcher, from which a dropped ``a&b.xlsx`` can still be read."""
LAUNCHER_VARIABLE = "SELFEVAL_LAUNCHER"

FINISHED = (CLEAN, ERRORS, REFUSED)
"""The statuses of a command that has looked at the files, whatever it found."""

_WINDOWS = os.name == "nt"
_WORD = re.compile(r'"([^"]*)"|(\S+)')


class Desk(Struct, frozen=True):
    """Whom the menu talks to: *run* does a command and returns its status, *ask* returns a line, *tell* says one."""

    run: Callable[[Sequence[str]], int]
    ask: Callable[[str], str]
    tell: Callable[[str], None]

    def do(self, *words: object) -> int:
        """Run the command of these words and return its status."""
        return self.run([str(word) for word in words])


def work(desk: Desk, dropped: Sequence[Path]) -> int:
    """Check what was dropped and end, or offer the menu until it is left; return the exit status."""
    try:
        if dropped:
            return _dropped(desk, dropped)
        while _choose(desk):
            pass
    except (EOFError, KeyboardInterrupt):
        desk.tell("")
    return CLEAN


def paths_on_launcher(variables: dict[str, str]) -> list[Path] | None:
    """Return what was dropped on the launcher, ``None`` where it was not Windows' desktop that started it."""
    call, launcher = variables.get(CALL_VARIABLE, ""), variables.get(LAUNCHER_VARIABLE, "")
    start = call.casefold().find(launcher.casefold()) if launcher else -1
    if start < 0:
        return None
    # cmd.exe /c ""C:\kit\selfeval.cmd" C:\a&b.xlsx "C:\c d.xlsx""
    rest = call[start + len(launcher) :].strip().removeprefix('"').removesuffix('"')
    return [Path(one) for one in _windows_words(rest)]


def paths_typed(line: str, *, windows: bool = _WINDOWS) -> list[Path]:
    """Return the paths on a line that was typed, pasted, or dropped on the window."""
    text = line.strip()
    if not text:
        return []
    if _is_there(plain := Path(text)):
        return [plain]
    words = _windows_words(text) if windows else _shell_words(text)
    return [_path(word) for word in words]


def unused(path: Path) -> Path:
    """Return *path*, or the first of ``…-2``, ``…-3`` that is not there."""
    found, number = path, 1
    while found.exists():
        number += 1
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found


def _number(line: str) -> str:
    """Return what was typed where a number is asked for: full-width digits made plain, stops left out."""
    return re.sub(r"\W", "", unicodedata.normalize("NFKC", line))


def _windows_words(text: str) -> list[str]:
    return [quoted or bare for quoted, bare in _WORD.findall(text) if quoted or bare]


def _shell_words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:  # a quote without its fellow
        return [text]


def _path(word: str) -> Path:
    return Path(unquote(urlparse(word).path)) if word.startswith("file://") else Path(word)


def _whole(path: Path) -> Path:
    """Return the path from the root down, so that no name looks like an option; links are kept."""
    return Path(os.path.abspath(path))  # noqa: PTH100


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


# The menu


def _choose(desk: Desk) -> bool:
    """Offer the menu once; tell whether to offer it again."""
    jobs = {
        "issue": _issue, "validate": _validate, "consolidate": _consolidate, "export": _export,
        "doctor": _doctor,
    }  # fmt: skip
    if MAY_HAVE_EXCEL:
        jobs["live"] = _live
    desk.tell("\n" + say("menu.title"))
    numbered = {str(number): name for number, name in enumerate(jobs, start=1)}
    for number, name in [*numbered.items(), ("0", "leave")]:
        desk.tell(say("menu.line", number=number, text=say(f"menu.{name}")))
    line = desk.ask(say("menu.choose"))
    if (typed := _number(line)) == "0":
        return False
    if typed in numbered:
        jobs[numbered[typed]](desk)
    elif there := [path for path in paths_typed(line) if _is_there(path)]:
        _check(desk, there)
    elif typed:
        desk.tell(say("menu.no_choice", typed=typed, last=len(jobs)))
    return True


def _paths(desk: Desk, question: str, *, most: int | None = 1) -> list[Path]:
    """Ask until every path is there; an empty line is an empty list."""
    while found := paths_typed(desk.ask(question)):
        missing = [path for path in found if not _is_there(path)]
        if missing:
            desk.tell(say("usage.not_found", path=missing[0]))
        elif most is not None and len(found) > most:
            desk.tell(say("menu.only_one"))
        else:
            return found
    return []


def _beside(path: Path, ending: str, suffix: str = "") -> Path:
    """Return a free name beside *path* for what is made of it."""
    whole = _whole(path)
    stem = whole.name if whole.is_dir() else whole.stem
    return unused(whole.with_name(say(f"menu.name_{ending}", name=stem) + suffix))


def _issue(desk: Desk) -> None:
    for roster in _paths(desk, say("menu.ask_roster")):
        with_button = ("--xlsm",) if _number(desk.ask(say("menu.ask_button"))) == "1" else ()
        desk.do("new", "--roster", _whole(roster), "-d", _beside(roster, "issue"), *with_button)


def _validate(desk: Desk) -> None:
    paths = _paths(desk, say("menu.ask_checked"), most=None)
    if paths:
        _check(desk, paths)


def _consolidate(desk: Desk) -> None:
    for folder in _paths(desk, say("menu.ask_summed")):
        level = _number(desk.ask(say("menu.ask_level")))
        kind = "department" if level == "2" else "bureau"
        named = desk.ask(say("menu.ask_department")).strip() if kind == "department" else ""
        roster = _paths(desk, say("menu.ask_summed_roster"))
        listed: list[object] = ["--roster", _whole(roster[0])] if roster else []
        listed += ["--department", named] if named else []
        target = _beside(folder, kind, ".xlsx")
        desk.do("consolidate", _whole(folder), "-o", target, "--level", kind, *listed)


def _export(desk: Desk) -> None:
    for file in _paths(desk, say("menu.ask_exported")):
        words = ("export", _whole(file), "-o")
        if desk.do(*words, _beside(file, "final", ".xlsx")) != ERRORS:
            return
        if _number(desk.ask(say("menu.ask_draft"))) == "1":
            with _unseen():
                desk.do(*words, _beside(file, "draft", ".xlsx"), "--draft")


def _live(desk: Desk) -> None:
    name = desk.ask(say("menu.ask_open")).strip()
    desk.do("live", *([name] if name else []))


def _doctor(desk: Desk) -> None:
    desk.do("doctor")
    if _number(desk.ask(say("menu.ask_fix"))) == "1":
        desk.do("doctor", "--fix")


def _dropped(desk: Desk, paths: Sequence[Path]) -> int:
    status = _check(desk, paths)
    desk.ask(say("menu.end"))
    return status


def _check(desk: Desk, paths: Sequence[Path]) -> int:
    """Show what is found, then keep it as a workbook or as letters, if that is wanted."""
    words = ("validate", *map(_whole, paths))
    status = desk.do(*words)
    if status not in FINISHED:
        return status
    kept = {"1": ("--report", "report", ".xlsx"), "2": ("-d", "letters", "")}
    option, ending, suffix = kept.get(_number(desk.ask(say("menu.ask_kept"))), ("", "", ""))
    if option:
        with _unseen():
            desk.do(*words, option, _beside(paths[0], ending, suffix))
    return status


def _unseen() -> contextlib.AbstractContextManager[object]:
    """Hide a command's results, which have just been shown; what it notes is still seen."""
    return contextlib.redirect_stdout(io.StringIO())
