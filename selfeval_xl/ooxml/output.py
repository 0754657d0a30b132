"""Files written whole or not at all.  Knows paths and no workbooks."""

from __future__ import annotations

import errno
import os
import re
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

BlockedReason = Literal[
    "permission", "no_room", "open_elsewhere", "no_folder", "is_folder", "changed", "other"
]

_UNFINISHED = re.compile(r"\.~[0-9a-f]{16}\.\w+")
_DAY = 86_400
_WINDOWS = sys.platform == "win32"
_REASONS: dict[int, BlockedReason] = {
    errno.EACCES: "permission",
    errno.EPERM: "permission",
    errno.EROFS: "permission",
    errno.ENOSPC: "no_room",
    errno.EDQUOT: "no_room",
    errno.ENOENT: "no_folder",
    errno.ENOTDIR: "no_folder",
    errno.EISDIR: "is_folder",
}


class OutputExists(Exception):
    """The file to write is there already, and nobody said to replace it."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


class OutputBlocked(Exception):
    """The file cannot be written; *reason* is a code for the catalogue of messages."""

    def __init__(self, path: Path, reason: BlockedReason) -> None:
        super().__init__(str(path), reason)
        self.path = path
        self.reason: str = reason


@contextmanager
def whole_file(target: Path, *, force: bool = False) -> Iterator[Path]:
    """Yield an empty file beside *target* that takes its place when the block ends well.

    Missing folders above *target* are made.  Raises ``OutputExists`` where
    *target* is there and not *force*, ``OutputBlocked`` where the system
    refuses; whatever is raised, *target* is as it was and no file is left over.
    """
    temporary = _begin(target, force=force)
    try:
        yield temporary
        _sync(temporary)
        _settle(temporary, target, force=force)
    except BaseException as fault:
        temporary.unlink(missing_ok=True)
        if isinstance(fault, OSError) and _concerns(fault, temporary):
            raise OutputBlocked(target, _reason(fault)) from fault
        raise


@contextmanager
def whole_folder(target: Path, *, mark: str, force: bool = False) -> Iterator[Path]:
    """Yield an empty folder beside *target* that takes its place when the block ends well.

    A folder that is there is replaced only with *force*, and only if it is one of ours: it holds a file *mark*.
    Raises ``OutputExists`` otherwise, ``OutputBlocked`` where the system refuses; then *target* is as it was.
    """
    _check_folder(target, mark, force=force)
    spare = target.with_name(f".~{os.urandom(8).hex()}")
    try:
        spare.mkdir(parents=True)
    except OSError as fault:
        raise OutputBlocked(target, _reason(fault)) from fault
    try:
        yield spare
        _exchange(spare, target)
    except BaseException as fault:
        shutil.rmtree(spare, ignore_errors=True)
        if isinstance(fault, OSError) and _concerns_folder(fault, spare):
            raise OutputBlocked(target, _reason(fault)) from fault
        raise


def _check_folder(target: Path, mark: str, *, force: bool) -> None:
    if not os.path.lexists(target):
        return
    is_free = target.is_dir() and not any(target.iterdir())
    if not is_free and not (force and target.is_dir() and (target / mark).is_file()):
        raise OutputExists(target)


def _exchange(spare: Path, target: Path) -> None:
    """Give the finished folder its name; what had it before goes last."""
    if not os.path.lexists(target):
        spare.rename(target)
        return
    old = target.with_name(f".~{os.urandom(8).hex()}")
    target.rename(old)
    try:
        spare.rename(target)
    except OSError:
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _concerns_folder(fault: OSError, folder: Path) -> bool:
    """Tell whether an error in the caller's block comes from writing in this folder."""
    return fault.errno in (errno.ENOSPC, errno.EDQUOT) or str(folder) in f"{fault.filename}{fault.filename2}"


def same_file(a: Path, b: Path) -> bool:
    """Tell whether two paths lead to one file, by whatever spelling, link or letter case."""
    try:
        return a.samefile(b)
    except OSError:
        return a.resolve() == b.resolve()


def _begin(target: Path, *, force: bool) -> Path:
    """Make the empty file, before the caller has spent any work on its contents."""
    if target.is_dir():
        raise OutputBlocked(target, "is_folder")
    if not force and os.path.lexists(target):
        raise OutputExists(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        # A file that stands where a folder should be is, to the clerk, a missing folder.
        reason = "no_folder" if isinstance(fault, FileExistsError) else _reason(fault)
        raise OutputBlocked(target, reason) from fault
    _clear_away(target.parent)
    temporary = target.with_name(f".~{os.urandom(8).hex()}{target.suffix}")
    try:
        # Not mkstemp: its files can be read by their owner alone, and keep that when renamed.
        temporary.open("xb").close()
    except OSError as fault:
        raise OutputBlocked(target, _reason(fault)) from fault
    return temporary


def _clear_away(folder: Path) -> None:
    """Remove what runs that were killed have left; what is younger than a day may still be in work."""
    for left in folder.glob(".~*"):
        if _UNFINISHED.fullmatch(left.name):
            with suppress(OSError):
                if time.time() - left.stat().st_mtime > _DAY:
                    left.unlink()


def _sync(temporary: Path) -> None:
    with temporary.open("r+b") as stream:
        os.fsync(stream.fileno())


def _settle(temporary: Path, target: Path, *, force: bool) -> None:
    """Give the finished file its name; without *force* never that of a file that appeared meanwhile."""
    try:
        if force:
            temporary.replace(target)
        else:
            _name_as_new(temporary, target)
    except FileExistsError as fault:
        raise OutputExists(target) from fault
    except PermissionError as fault:
        raise OutputBlocked(target, "open_elsewhere" if _WINDOWS else "permission") from fault
    except OSError as fault:
        raise OutputBlocked(target, _reason(fault)) from fault


def _name_as_new(temporary: Path, target: Path) -> None:
    if _WINDOWS:
        temporary.rename(target)  # on Windows it refuses an existing name
        return
    try:
        target.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:
        # Memory sticks and some network folders know no links: look once more, then rename.
        if os.path.lexists(target):
            raise FileExistsError(target) from None
        temporary.replace(target)
    else:
        temporary.unlink()


def _concerns(fault: OSError, temporary: Path) -> bool:
    """Tell whether an error in the caller's block comes from writing this file."""
    return fault.errno in (errno.ENOSPC, errno.EDQUOT) or fault.filename in (temporary, str(temporary))


def _reason(fault: OSError) -> BlockedReason:
    return _REASONS.get(fault.errno or 0, "other")
