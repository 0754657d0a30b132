"""The season's end: of every department that passed, a folder with all that is kept of it."""

from __future__ import annotations

import csv
import hashlib
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from selfeval_xl.blueprint.values import Values
from selfeval_xl.consolidation.ledger import Ledger, LedgerRow
from selfeval_xl.consolidation.reduce import Reduced, digest
from selfeval_xl.form.load import load_form
from selfeval_xl.jobs.export import export
from selfeval_xl.jobs.files import check_folder, file_names, inputs
from selfeval_xl.jobs.forms import settings_named
from selfeval_xl.jobs.problems import WrongUsage
from selfeval_xl.ooxml.output import same_file, whole_folder
from selfeval_xl.reports.opinion import opinion
from selfeval_xl.template.write import write_workbook
from selfeval_xl.texts import say

SUMS = "SHA256SUMS"
"""The list of digests, which ``sha256sum -c`` reads too."""


class Archived(Struct):
    """What was kept: each department's folder; ``left`` are those that did not pass, with their state.

    ``unfinished`` are departments of which there is no finished sheet, with the reason; ``lost`` those whose passed
    file nobody has: then nothing was written.
    """

    folders: list[str] = []
    left: list[tuple[str, str]] = []
    unfinished: list[tuple[str, str]] = []
    lost: list[str] = []


def archive(
    paths: Sequence[Path], folder: Path, ledger: Ledger, *, settings_file: Path | None = None, force: bool
) -> Archived:
    """Keep what the ledger says was passed: the file as it came, finished sheet, opinions, line of the ledger, digests.

    The whole *folder* appears or nothing; a folder that is there is replaced with *force* if it is an archive.
    """
    if any(same_file(folder, path) for path in paths):
        raise WrongUsage("usage.same_file", name=folder.name)
    check_folder(folder)
    own = folder.resolve()
    files = [path for path in inputs(paths, [ledger.path]) if not path.resolve().is_relative_to(own)]
    by_digest = {digest(path): path for path in reversed(files)}
    result = Archived()
    passed = [row for row in ledger.rows if row.is_passed]
    result.left = [
        (_name(row), row.text("state") or say("word.blank")) for row in ledger.rows if row not in passed
    ]
    result.lost = [_name(row) for row in passed if row.hash not in by_digest]
    if result.lost or not passed:
        return result
    names = file_names((row.code, row.name) for row in passed)
    with whole_folder(folder, mark=SUMS, force=force) as root:
        for row, name in zip(passed, names, strict=True):
            keeper = _Keeper(root / name, ledger, row, settings_file)
            keeper.keep(by_digest[str(row.hash)], files, result)
            result.folders.append(name)
        shutil.copyfile(ledger.path, root / ledger.path.name)
        write_sums(root)
    return result


def _name(row: LedgerRow) -> str:
    return row.name or row.code or ""


class _Keeper(Struct):
    folder: Path
    ledger: Ledger
    row: LedgerRow
    settings_file: Path | None

    def keep(self, source: Path, files: Sequence[Path], result: Archived) -> None:
        """Put all that is kept of a department into its folder."""
        received = self.folder / say("archive.received")
        received.mkdir(parents=True)
        shutil.copyfile(source, received / source.name)
        found, written = export(source, self.folder / f"{say('archive.final')}.xlsx", force=True, draft=False)
        if not written:
            counts = found.counts
            left = {"errors": counts["errors"], "open": counts["warnings"] - counts["explained"]}
            reason = found.reason or say("archive.open", **left)
            result.unfinished.append((_name(self.row), reason))
        self._opinions(found, files)
        with (self.folder / f"{say('archive.line')}.csv").open(
            "w", encoding="utf-8-sig", newline=""
        ) as stream:
            csv.writer(stream).writerows(zip(*self.ledger.line(self.row), strict=True))
        write_sums(self.folder)

    def _opinions(self, found: Reduced, files: Sequence[Path]) -> None:
        """Write the opinion on what was passed, and keep the letters that went out before."""
        word = say("opinion.name")
        (stem,) = file_names([(word, found.code, found.department)])
        earlier = [path for path in files if path.stem == stem]
        names = file_names((path.parent.name, path.stem) for path in earlier)
        for path, name in zip(earlier, names, strict=True):
            target = self.folder / say("archive.letters") / f"{name}{path.suffix}"
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(path, target)
        if found.form_path is None:
            return
        form = load_form(found.form_path)
        settings = found.settings if found.settings and self.settings_file is None else None
        letter = opinion([found], form, settings or settings_named(form, self.settings_file))
        write_workbook(letter, Values(letter, {}), self.folder / f"{word}.xlsx")


# Digests


def write_sums(folder: Path) -> None:
    """Write the digests of all files in a folder and below."""
    lines = [f"{digest(path)}  {path.relative_to(folder).as_posix()}\n" for path in _files(folder)]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def _files(folder: Path) -> Iterator[Path]:
    own = folder / SUMS
    yield from sorted(path for path in folder.rglob("*") if path.is_file() and path != own)


def verify(folder: Path) -> tuple[int, list[tuple[str, str]]]:
    """Return how many files an archive lists, and what is wrong: ``changed``, ``gone``, ``added``, with the file's way in it.

    Raises ``WrongUsage`` where the folder is none.
    """
    sums = folder / SUMS
    if not folder.exists():
        raise WrongUsage("usage.not_found", path=folder)
    if not sums.is_file():
        raise WrongUsage("usage.not_archive", path=folder, name=SUMS)
    listed: dict[str, str] = {}
    for line in sums.read_text(encoding="utf-8").splitlines():
        known, _, name = line.partition("  ")
        listed[name] = known
    there = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
    wrong = [("gone", name) for name in listed if name not in there]
    wrong += [("changed", name) for name in listed if name in there and digest(there[name]) != listed[name]]
    wrong += [("added", name) for name in there if name not in listed]
    return len(listed), wrong


def root_digest(folder: Path) -> str:
    """Return the digest of an archive's list of digests, which stands for all that is in it."""
    return hashlib.sha256((folder / SUMS).read_bytes()).hexdigest()
