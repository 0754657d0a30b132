"""What is kept of earlier runs: given back to the byte or not at all, and never in the way."""

import os
import sqlite3
from pathlib import Path

import pytest

from selfeval_xl.runs import store as stores
from selfeval_xl.runs.store import DAYS, NAME, VARIABLE, Store, digest_of, folder_of_results, key_of

KEY = key_of("task", "file")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kept"


def held(folder: Path, **results: bytes) -> Path:
    """A store that was written and let go of; returns its file."""
    store = Store(folder)
    for name, content in results.items():
        store.put(key_of(name), content)
    store.close()
    return folder / NAME


def got(folder: Path, key: bytes) -> bytes | None:
    store = Store(folder)
    try:
        return store.get(key)
    finally:
        store.close()


def test_what_was_put_in_is_there_in_the_next_run(folder: Path) -> None:
    held(folder, a=b"one", b=b"")
    assert [got(folder, key_of(name)) for name in "abc"] == [b"one", b"", None]


def test_a_key_tells_where_one_part_ends_and_the_next_begins() -> None:
    assert key_of("ab", "c") != key_of("a", "bc") != key_of("abc")
    assert key_of("a") == key_of(b"a")


def test_a_result_that_was_changed_on_disk_is_no_result(folder: Path) -> None:
    file = held(folder, a=b"212.78", b=b"9")
    with sqlite3.connect(file) as base:
        base.execute("update results set content = ? where content = ?", (b"213.78", b"212.78"))
    base.close()
    assert got(folder, key_of("a")) is None
    assert got(folder, key_of("b")) == b"9"


def test_a_result_does_not_count_for_another_key(folder: Path) -> None:
    file = held(folder, a=b"1")
    with sqlite3.connect(file) as base:
        base.execute("update results set key = ?", (key_of("b"),))
    base.close()
    assert got(folder, key_of("b")) is None


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", b"no database at all" * 500])
def test_a_store_that_is_damaged_is_begun_anew(folder: Path, content: bytes) -> None:
    file = held(folder, a=b"1")
    file.write_bytes(content)
    assert got(folder, key_of("a")) is None
    held(folder, a=b"2")
    assert got(folder, key_of("a")) == b"2"


def test_a_store_that_is_damaged_anywhere_gives_what_is_right_or_nothing(folder: Path) -> None:
    results = {f"r{number}": bytes([number]) * 900 for number in range(40)}
    file = held(folder, **results)
    whole = file.read_bytes()
    for place in range(100, len(whole), len(whole) // 25):
        file.write_bytes(whole[:place] + b"\xff" * 64 + whole[place + 64 :])
        store = Store(folder)
        for name, content in results.items():
            assert store.get(key_of(name)) in (content, None)
        store.put(KEY, b"new")
        store.close()


def test_where_nothing_can_be_kept_nothing_fails(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    store = Store(tmp_path / "file" / "kept")
    store.put(KEY, b"1")
    assert (store.get(KEY), store.has(KEY), store.digest(tmp_path / "file")) == (
        None,
        False,
        digest_of(tmp_path / "file"),
    )
    store.close()


def test_what_no_run_asked_for_is_dropped_and_what_one_did_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held(folder, a=b"1", b=b"2")
    now = stores.time.time()
    for day in (DAYS - 1, 2 * DAYS - 2):
        later = now + day * 86_400
        monkeypatch.setattr(stores.time, "time", lambda later=later: later)
        assert got(folder, key_of("a")) == b"1"
    assert got(folder, key_of("b")) is None


def test_two_runs_at_a_time_keep_what_both_found(folder: Path) -> None:
    one, two = Store(folder), Store(folder)
    one.put(key_of("a"), b"1")
    two.put(key_of("b"), b"2")
    one.flush()
    two.flush()
    assert (one.get(key_of("b")), two.get(key_of("a"))) == (b"2", b"1")
    one.close()
    two.close()


# Files


def aged(path: Path, content: bytes, seconds: int = 60) -> Path:
    """A file that was last changed some time ago, as far as a test can say so."""
    path.write_bytes(content)
    at = path.stat().st_mtime_ns - seconds * 1_000_000_000
    os.utime(path, ns=(at, at))
    return path


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock by which every file is old: when a file's entry was changed, nobody can set back."""
    true = stores.time.time_ns
    monkeypatch.setattr(stores.time, "time_ns", lambda: true() + 60_000_000_000)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were read for their digest."""
    seen: list[Path] = []

    def digest(path: Path) -> bytes | None:
        seen.append(path)
        return digest_of(path)

    monkeypatch.setattr(stores, "digest_of", digest)
    return seen


@pytest.mark.usefixtures("settled")
def test_an_unchanged_file_is_not_even_read(tmp_path: Path, folder: Path, reads: list[Path]) -> None:
    file = aged(tmp_path / "a.xlsx", b"one")
    for _ in range(3):
        store = Store(folder)
        assert store.digest(file) == digest_of(file)
        store.close()
    assert reads == [file]


@pytest.mark.usefixtures("settled")
def test_a_change_that_keeps_size_and_time_is_seen(tmp_path: Path, folder: Path) -> None:
    file = aged(tmp_path / "a.xlsx", b"one")
    times = file.stat()
    store = Store(folder)
    first = store.digest(file)
    store.flush()
    file.write_bytes(b"two")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert store.digest(file) == digest_of(file) != first
    other = aged(tmp_path / "b.xlsx", b"six")
    os.utime(other, ns=(times.st_atime_ns, times.st_mtime_ns))
    other.replace(file)
    assert store.digest(file) == digest_of(file)
    store.close()


def test_a_file_that_has_just_changed_is_read_each_time(
    tmp_path: Path, folder: Path, reads: list[Path]
) -> None:
    """Two changes within a tick of the file system's clock leave the same times."""
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"one")
    for _ in range(2):
        store = Store(folder)
        store.digest(file)
        store.close()
    assert reads == [file, file]


def test_what_cannot_be_read_has_no_digest(tmp_path: Path, folder: Path) -> None:
    store = Store(folder)
    assert store.digest(tmp_path / "none.xlsx") is None
    assert store.digest(tmp_path) is None
    store.close()


# The folder


def test_the_folder_is_the_one_that_is_named_or_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert folder_of_results() == tmp_path
    monkeypatch.setenv(VARIABLE, "")
    assert folder_of_results() is None


@pytest.mark.parametrize(
    ("system", "variable", "end"),
    [
        ("linux", "XDG_CACHE_HOME", ("selfeval",)),
        ("win32", "LOCALAPPDATA", ("selfeval", "cache")),
        ("darwin", "HOME", ("Library", "Caches", "selfeval")),
    ],
)
def test_otherwise_it_is_the_users_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, system: str, variable: str, end: tuple[str, ...]
) -> None:
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setattr(stores.sys, "platform", system)
    assert folder_of_results() == tmp_path.joinpath(*end)
