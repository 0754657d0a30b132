"""The other side of the consolidation workbook: a folder summed up, and a record that its macro reads meanwhile.

The record is ASCII whatever it says, because VBA reads files in the machine's own characters.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from selfeval_xl.app.cli import guarded
from selfeval_xl.app.outcome import note
from selfeval_xl.app.screen import finding_lines, totals_line
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.jobs.consolidate import Consolidated, consolidate
from selfeval_xl.jobs.ledger import day_named, open_ledger
from selfeval_xl.jobs.problems import CLEAN
from selfeval_xl.jobs.reading import Reading
from selfeval_xl.jobs.register import Received
from selfeval_xl.texts import say

PAUSE = 0.5
"""Seconds between two lines about progress."""

_OTHER = re.compile(r"[^ -\[\]-~]|\\")


class Record:
    """Looks on while files are read, and writes down how far it has come."""

    def __init__(self, stream: TextIO, token: str, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin the record of the run that *token* names."""
        self._stream, self._clock = stream, clock
        self._files = self._done = 0
        self._next = 0.0
        self.put("token", token)

    def put(self, *parts: str) -> None:
        """Write a line at once."""
        self._stream.write("\t".join(map(encoded, parts)) + "\n")
        self._stream.flush()

    def begin(self, files: int, kept: int) -> None:
        """So many files will come."""
        self._files = files
        self._tell()

    def took(self, one: Reduced, *, is_kept: bool) -> None:
        """Here is the next one."""
        self._done += 1
        if self._clock() >= self._next:
            self._tell()

    def busy(self) -> None:
        """All are read; the summary is being written."""
        self.put("so_far", say("progress.writing"))

    def end(self) -> None:
        """No more will come."""

    def tell(self, text: str) -> None:
        """Write down what is said meanwhile."""
        self.put("so_far", text)

    def _tell(self) -> None:
        self._next = self._clock() + PAUSE
        self.put("so_far", say("tool.progress", done=self._done, files=self._files))


def encoded(text: str) -> str:
    """Return a text in ASCII: any other character as a backslash, ``u`` and four digits, in UTF-16 as VBA counts."""
    return _OTHER.sub(lambda found: "".join(_units(found[0])), text)


def _units(character: str) -> Iterator[str]:
    data = character.encode("utf-16-be", "surrogatepass")
    yield from (f"\\u{data[at]:02x}{data[at + 1]:02x}" for at in range(0, len(data), 2))


def file_lines(result: Consolidated) -> Iterator[tuple[str, str, str, str]]:
    """Yield a line for each file: name, department, what came of it, and why; first those that do not count."""
    refused = [one for one in result.counted if one.reason is not None]
    for one in refused:
        yield one.path.name, one.department or "", say("status.refused"), one.reason or ""
    for one, reason in result.selection.skipped:
        yield one.path.name, one.department or "", say("tool.skipped"), reason
    skipped = {one.path for one, _ in result.selection.skipped}
    for one in result.counted:
        if one.reason is None and one.path not in skipped:
            why = next(finding_lines(one.findings, one.bases)).strip() if one.has_errors else ""
            yield one.path.name, one.department or "", say(f"status.{one.status}"), why


def main(arguments: Sequence[str] | None = None) -> None:
    """Sum up a folder: FOLDER SUMMARY RECORD TOKEN roster=… ledger=…; what came of it stands in the record."""
    folder, target, path, token, *more = sys.argv[1:] if arguments is None else arguments
    given = {key: value for key, _, value in (one.partition("=") for one in more) if value}
    with Path(path).open("w", encoding="ascii", newline="\r\n") as stream:
        record = Record(stream, token)
        said = io.StringIO()
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            guarded(lambda: _run(record, Path(folder), Path(target), given))
        record.put("at_end", said.getvalue().strip())


def _run(record: Record, folder: Path, target: Path, given: dict[str, str]) -> int:
    roster = Path(given["roster"]) if "roster" in given else None
    ledger = Received(open_ledger(Path(given["ledger"])), day_named(None)) if "ledger" in given else None
    reading = Reading(watch=record)
    result = consolidate([folder], target, roster_file=roster, received=ledger, reading=reading, force=True)
    for line in file_lines(result):
        record.put("one_file", *line)
    note(totals_line(result.counted))
    done = say("report.unchanged" if result.is_unchanged else "report.written", name=target.name)
    note(done if result.problem is None else result.problem)
    return CLEAN


if __name__ == "__main__":
    main()
