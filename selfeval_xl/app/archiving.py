"""What the command ``archive`` tells, and its exit status."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from selfeval_xl.jobs.archive import archive, root_digest, verify
from selfeval_xl.jobs.ledger import open_ledger
from selfeval_xl.jobs.problems import CLEAN, ERRORS
from selfeval_xl.texts import say

Tell = Callable[[str], None]


def archived(
    paths: Sequence[Path], folder: Path, ledger: Path, tell: Tell, *, settings_file: Path | None, force: bool
) -> int:
    """Archive and tell of it; an error is a passed file that nobody has, or one without a finished sheet."""
    book = open_ledger(ledger, must_exist=True)
    result = archive(paths, folder, book, settings_file=settings_file, force=force)
    for name, state in result.left:
        tell(say("archive.left", name=name, state=state))
    for name in result.lost:
        tell(say("archive.lost", name=name))
    for name, reason in result.unfinished:
        tell(say("archive.unfinished", name=name, reason=reason))
    if not result.folders:
        tell(say("archive.stopped" if result.lost else "archive.nothing"))
        return ERRORS
    tell(say("archive.written", count=len(result.folders), folder=folder))
    tell(say("archive.digest", digest=root_digest(folder)))
    return ERRORS if result.unfinished else CLEAN


def verified(folder: Path, tell: Tell) -> int:
    """Hold an archive against its list of digests."""
    count, wrong = verify(folder)
    for what, name in wrong:
        tell(say(f"archive.{what}", name=name))
    if not wrong:
        tell(say("archive.sound", count=count))
        tell(say("archive.digest", digest=root_digest(folder)))
    return ERRORS if wrong else CLEAN
