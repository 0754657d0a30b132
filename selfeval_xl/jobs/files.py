"""Which files a command reads, and where it may write."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from selfeval_xl.jobs.problems import WrongUsage
from selfeval_xl.ooxml.output import OutputBlocked, OutputExists, same_file, whole_file
from selfeval_xl.texts import say

_FORBIDDEN = str.maketrans(dict.fromkeys('\\/:*?"<>|', "_"))
LONGEST_NAME = 80
SUFFIXES = (".xlsx", ".xlsm", ".json")
FOREIGN_SUFFIXES = (".xls", ".xlsb", ".et", ".ett", ".ods", ".doc", ".docx", ".wps", ".zip", ".rar", ".7z")
LOCK_PREFIX = "~$"
TEMPORARY_PREFIX = ".~"


def inputs(paths: Sequence[Path], leave_out: Sequence[Path] = ()) -> list[Path]:
    """Return the files at *paths*: folders are searched downwards, lock files left out.

    Raises ``WrongUsage`` where a path is not there, or where there is nothing at all.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if _is_there(path) and path.is_dir():
            found.update(dict.fromkeys(_below(path, leave_out)))
        elif _is_there(path):
            found[path] = None
        else:
            raise WrongUsage("usage.not_found", path=path)
    if not found:
        facts = {"path": say("word.and").join(str(path) for path in paths)}
        aside = say("word.and").join(left_aside(paths))
        if aside:
            raise WrongUsage("usage.only_foreign", names=aside, **facts)
        raise WrongUsage("usage.no_input", **facts)
    return list(found)


def left_aside(paths: Sequence[Path]) -> list[str]:
    """Return the files in the folders at *paths* that look like reports and cannot be read as such, as they lie there."""
    folders = [path for path in paths if _is_there(path) and path.is_dir()]
    found = {
        file: file.relative_to(folder).as_posix()
        for folder in folders
        for file in folder.rglob("*")
        if file.suffix.lower() in FOREIGN_SUFFIXES
        and not file.name.startswith((LOCK_PREFIX, TEMPORARY_PREFIX))
    }
    return [found[file] for file in sorted(found)]


def check_input(path: Path) -> None:
    """Raise ``WrongUsage`` where there is no file at *path*."""
    if not _is_there(path):
        raise WrongUsage("usage.not_found", path=path)
    if path.is_dir():
        raise WrongUsage("write.is_folder", name=path)


def check_folder(folder: Path | None) -> None:
    """Raise ``WrongUsage`` where a file stands in a folder's place, which else need not be there."""
    if folder is not None and _is_there(folder) and not folder.is_dir():
        raise WrongUsage("usage.not_folder", path=folder)


def _is_there(path: Path) -> bool:
    """Tell whether a file or folder is there; under an impossible name there is none."""
    try:
        return path.exists()
    except OSError:
        return False


def _below(folder: Path, leave_out: Sequence[Path]) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        above = path.relative_to(folder).parts
        hidden = path.name.startswith(LOCK_PREFIX) or any(part.startswith(TEMPORARY_PREFIX) for part in above)
        if path.suffix.lower() in SUFFIXES and path.is_file() and not hidden and path not in leave_out:
            yield path


@contextmanager
def output(target: Path, sources: Sequence[Path], endings: Sequence[str], *, force: bool) -> Iterator[Path]:
    """Yield a path to write to; the output appears whole or not at all.

    Raises ``WrongUsage`` for an output that is an input, or has the wrong ending;
    ``OutputExists`` and ``OutputBlocked`` as :func:`whole_file` does.
    """
    check_output(target, sources, endings)
    with whole_file(target, force=force) as path:
        yield path


def check_free(target: Path, sources: Sequence[Path], endings: Sequence[str], *, force: bool) -> None:
    """Raise what :func:`output` would, as far as that is known before any work is done."""
    check_output(target, sources, endings)
    if target.is_dir():
        raise OutputBlocked(target, "is_folder")
    if target.exists() and not force:
        raise OutputExists(target)


def check_output(target: Path, sources: Sequence[Path], endings: Sequence[str]) -> None:
    """Raise ``WrongUsage`` where *target* cannot be what a command writes, ``OutputBlocked`` for an impossible name."""
    if target.suffix.lower() not in endings:
        if _is_there(target) and target.is_dir():
            raise WrongUsage("write.is_folder", name=target)
        raise WrongUsage("usage.ending", endings=say("word.and").join(endings), name=target.name)
    try:
        exists = target.exists()
    except OSError:
        raise OutputBlocked(target, "other") from None
    for source in sources:
        if exists and same_file(source, target):
            raise WrongUsage("usage.same_file", name=source.name)


def way_to(path: Path, folder: Path) -> str | None:
    """Return how a link in a file of *folder* names another file; ``None`` where none can."""
    try:
        way = os.path.relpath(path, folder)
    except ValueError:  # another drive of Windows
        way = str(path.resolve())
    return None if "#" in way else way.replace(os.sep, "/")


def file_names(wanted: Iterable[Iterable[str | None]]) -> list[str]:
    """Return a file name without an ending for each, of its parts that are there; no two are the same."""
    names: dict[str, str] = {}
    for parts in wanted:
        plain = "-".join(part for part in parts if part).translate(_FORBIDDEN)[:LONGEST_NAME].strip(" .")
        name, number = plain, 1
        while name.casefold() in names:
            number += 1
            name = f"{plain}-{number}"
        names[name.casefold()] = name
    return list(names.values())
