"""What is kept of earlier runs: files as they were reduced, and what the last summary was made of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.runs.store import Store, digest_of, folder_of_results, key_of

LEAST = 16
"""Fewer files than these are read anew each time: that takes no longer than looking for what is kept."""

Sums = dict[str, dict[str, Decimal | str]]


class Shelf:
    """Results of one program with one file of settings; one without a store holds nothing."""

    def __init__(self, store: Store | None = None, basis: bytes = b"") -> None:
        """Take a *store*; *basis* says what all results depend on besides the files."""
        self._store, self._basis = store, basis
        self._keys: dict[Path, tuple[bytes, bytes]] = {}

    def look_for(self, task: str, files: Iterable[Path]) -> set[Path]:
        """Return those of *files* whose result of *task* is there for what stands in them now."""
        if self._store is None:
            return set()
        for file in files:
            digest = self._store.digest(file)
            if digest is not None:
                key = key_of(self._basis, task, file.suffix.lower(), digest)
                self._keys[file] = digest, key
        return {file for file, (_, key) in self._keys.items() if self._store.has(key)}

    def take(self, file: Path) -> Reduced | None:
        """Return a file's result, ``None`` where what was kept is damaged."""
        from selfeval_xl.consolidation.kept import restored

        content = None if self._store is None else self._store.get(self._keys[file][1])
        return None if content is None else restored(content, file)

    def put(self, file: Path, digest: bytes | None, one: Reduced) -> None:
        """Keep a file's result, if *digest*, of the file after it was read, is that of the file before."""
        before, key = self._keys.get(file, (None, b""))
        if self._store is not None and before is not None and before == digest:
            from selfeval_xl.consolidation.kept import kept

            self._store.put(key, kept(one))

    def sums_in(self, target: Path, made_of: Sequence[str]) -> tuple[Sums, Sums] | None:
        """Return the sums and adjustments in *target* if it stands there as it was written out of just the same."""
        content = None if self._store is None else self._store.get(self._outcome(target, made_of))
        if self._store is None or content is None:
            return None
        digest, *told = json.loads(content)
        if (self._store.digest(target) or b"").hex() != digest:
            return None
        sums, adjusted = map(_sums, told)
        return sums, adjusted

    def put_sums(self, target: Path, made_of: Sequence[str], sums: Sums, adjusted: Sums) -> None:
        """Remember what *target* was made of."""
        digest = None if self._store is None else self._store.digest(target)
        if self._store is None or digest is None:
            return
        told = json.dumps([digest.hex(), _told(sums), _told(adjusted)], ensure_ascii=False)
        self._store.put(self._outcome(target, made_of), told.encode("utf-8"))

    def _outcome(self, target: Path, made_of: Sequence[str]) -> bytes:
        return key_of("outcome", self._basis, str(target.resolve()), *made_of)


def _told(sums: Sums) -> dict[str, dict[str, tuple[bool, str]]]:
    """Return sums as JSON can hold them: whether each is a word, and how it reads."""
    return {
        table: {item: (isinstance(one, str), str(one)) for item, one in row.items()}
        for table, row in sums.items()
    }


def _sums(told: dict[str, dict[str, tuple[bool, str]]]) -> Sums:
    return {
        table: {item: shown if is_word else Decimal(shown) for item, (is_word, shown) in row.items()}
        for table, row in told.items()
    }


@contextmanager
def open_shelf(settings_file: Path | None, *, files: int, anew: bool) -> Iterator[Shelf]:
    """Yield the shelf for a run over so many *files*; an empty one where they are few or all to be read *anew*."""
    folder = None if anew or files < LEAST else folder_of_results()
    if folder is None:
        yield Shelf()
        return
    from selfeval_xl.runs.program import program_digest
    from selfeval_xl.shipped import form_folders

    settings = b"" if settings_file is None else digest_of(settings_file) or b""
    store = Store(folder)
    try:
        yield Shelf(store, key_of(program_digest(), *map(str, form_folders()), settings))
    finally:
        store.close()
