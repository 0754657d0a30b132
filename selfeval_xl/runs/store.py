"""Results of earlier runs, by what they were computed from.  Knows bytes and digests, and no reports.

A store never makes a run fail: what it cannot give is computed anew, what it cannot keep is not kept.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3

VARIABLE = "SELFEVAL_CACHE"
"""The folder for results; blank means that none are kept."""
NAME = "results.sqlite"
DAYS = 120
"""Results that no run has asked for since are dropped."""
SETTLED = 3_000_000_000
"""So many nanoseconds after its last change a file's times say that it is unchanged: a memory stick counts by two seconds."""
PAUSE = 0.5
"""Seconds of work that are lost at most when a run is killed."""
BUSY = 2.0
_DAY = 86_400
_TABLES = (
    "create table if not exists results (key blob primary key, content blob, proof blob, used integer)",
    "create table if not exists files (path text primary key, state text, digest blob)",
)


def folder_of_results() -> Path | None:
    """Return the user's folder for results, or ``None`` where none are to be kept."""
    told = os.environ.get(VARIABLE)
    if told is not None:
        return Path(told) if told else None
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "selfeval" / "cache"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "selfeval"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "selfeval"


def key_of(*parts: str | bytes) -> bytes:
    """Return the key of a result that was computed from *parts*."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(content).to_bytes(8, "big"))
        digest.update(content)
    return digest.digest()


def digest_of(path: Path) -> bytes | None:
    """Return the SHA-256 of a file's contents, ``None`` where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").digest()
    except OSError:
        return None


class Store:
    """A file with results and with what was last seen of the files they came from.

    Changes are written now and then, and on :meth:`close`; another process may use the same file.
    """

    def __init__(self, folder: Path) -> None:
        """Open the store in *folder*; one that is damaged is begun anew."""
        self._file = folder / NAME
        self._today = int(time.time()) // _DAY
        self._new: list[tuple[str, tuple[Any, ...]]] = []
        self._written = time.monotonic()
        self._base: sqlite3.Connection | None = self._open() or self._open()

    def get(self, key: bytes) -> bytes | None:
        """Return the result under *key* as it was kept, to the byte, or ``None``."""
        rows = self._ask("select content, proof, used from results where key = ?", key)
        if not rows:
            return None
        content, proof, used = rows[0]
        if not isinstance(content, bytes) or key_of(key, content) != proof:
            return None
        if self._today - used > DAYS // 4:
            self._note("update results set used = ? where key = ?", self._today, key)
        return content

    def has(self, key: bytes) -> bool:
        """Tell whether there is a result under *key*; whether it is whole, only :meth:`get` tells."""
        return bool(self._ask("select 1 from results where key = ?", key))

    def put(self, key: bytes, content: bytes) -> None:
        """Keep a result."""
        proof = key_of(key, content)
        self._note("insert or replace into results values (?, ?, ?, ?)", key, content, proof, self._today)

    def digest(self, path: Path) -> bytes | None:
        """Return the SHA-256 of a file's contents; one that is as it was last seen is not read for it."""
        state = _state(path)
        if state is None:
            return None
        name = os.path.abspath(path)  # noqa: PTH100 - many times as fast, and this is asked of every file
        rows = self._ask("select state, digest from files where path = ?", name)
        if rows and rows[0][0] == state and len(rows[0][1] or b"") == hashlib.sha256().digest_size:
            return bytes(rows[0][1])
        digest = digest_of(path)
        if digest is not None and _is_settled(path, state):
            self._note("insert or replace into files values (?, ?, ?)", name, state, digest)
        return digest

    def flush(self) -> None:
        """Write what is new."""
        self._written = time.monotonic()
        new, self._new = self._new, []
        if self._base is None or not new:
            return
        try:
            with self._base:
                self._base.execute("begin immediate")
                for statement, values in new:
                    self._base.execute(statement, values)
        except self._faults():
            self._base = None

    def close(self) -> None:
        """Write what is new and let go of the file."""
        self.flush()
        if self._base is not None:
            self._base.close()
            self._base = None

    def _open(self) -> sqlite3.Connection | None:
        import sqlite3

        try:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            base = sqlite3.connect(self._file, timeout=BUSY, isolation_level=None)
            # What a loss of power spoils is found by the proofs; what is killed spoils nothing.
            base.execute("pragma synchronous = off")
            for table in _TABLES:
                base.execute(table)
            base.execute("delete from results where used < ?", (self._today - DAYS,))
        except sqlite3.OperationalError:
            return None
        except sqlite3.DatabaseError:
            self._file.unlink(missing_ok=True)
            return None
        except OSError:
            return None
        return base

    def _ask(self, question: str, value: object) -> list[Any]:
        if self._base is None:
            return []
        try:
            return self._base.execute(question, (value,)).fetchall()
        except self._faults():
            return []

    def _note(self, statement: str, *values: object) -> None:
        if self._base is None:
            return
        self._new.append((statement, values))
        if time.monotonic() - self._written > PAUSE:
            self.flush()

    @staticmethod
    def _faults() -> tuple[type[Exception], ...]:
        import sqlite3

        return (sqlite3.Error, OSError, UnicodeError, OverflowError)


def files_key(digests: Iterable[bytes | None]) -> bytes | None:
    """Return one key for what was computed from several files, ``None`` where one of them cannot be read."""
    found = list(digests)
    return None if None in found else key_of(*(one for one in found if one is not None))


def _state(path: Path) -> str | None:
    try:
        about = path.stat()
    except OSError:
        return None
    return f"{about.st_size} {about.st_mtime_ns} {about.st_ctime_ns} {about.st_ino} {about.st_dev}"


def _is_settled(path: Path, state: str) -> bool:
    """Tell whether a later change would show in the file's times, and none was made since *state*."""
    changed = max(int(one) for one in state.split()[1:3])
    return time.time_ns() - changed > SETTLED and _state(path) == state
