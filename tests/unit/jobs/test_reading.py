"""What is kept of a file belongs to what stood in it, whatever happens while it is read."""

from pathlib import Path

import pytest

from selfeval_xl.consolidation.reduce import Reduced, check_file
from selfeval_xl.jobs.reading import NoWatch, Reading, read_files
from selfeval_xl.jobs.shelf import LEAST, open_shelf
from selfeval_xl.runs.store import VARIABLE
from tests.support import small_report as small


def report(code: str) -> bytes:
    return small.encoded(small.changed(封面_部门编码=code))


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "kept"))
    path = tmp_path / "a.json"
    path.write_bytes(report("old"))
    return path


def changing(path: Path, settings_file: Path | None) -> Reduced:
    """Read a file that somebody replaces just before."""
    path.write_bytes(report("new"))
    return check_file(path, settings_file)


def read(task: object, path: Path, watch: NoWatch | None = None) -> Reduced:
    with open_shelf(None, files=LEAST, anew=False) as shelf:
        reading = Reading(watch=watch or NoWatch())
        (one,) = read_files(task, [path], None, reading, shelf)
    return one


def test_a_file_that_changes_while_it_is_read_is_not_kept_as_what_it_was(file: Path) -> None:
    changing.__name__ = check_file.__name__
    assert read(changing, file).code == "new"
    file.write_bytes(report("old"))
    assert read(check_file, file).code == "old"


class Seen(NoWatch):
    """Notes what a watch is told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def begin(self, files: int, kept: int) -> None:
        self.told.append((files, kept))

    def took(self, one: Reduced, *, is_kept: bool) -> None:
        self.told.append((one.code, is_kept))

    def end(self) -> None:
        self.told.append("end")


def test_who_looks_on_is_told_what_was_kept(file: Path) -> None:
    first, second = Seen(), Seen()
    read(check_file, file, first)
    read(check_file, file, second)
    assert first.told == [(1, 0), ("old", False), "end"]
    assert second.told == [(1, 1), ("old", True), "end"]
