"""What is shipped: every file has its maker, is made again, and is told when it is stale."""

import zipfile
from pathlib import Path

import pytest

from selfeval_xl.jobs import build
from selfeval_xl.jobs.build import build_shipped, contents, shipped, stale


def test_every_generated_file_of_the_folder_has_its_maker() -> None:
    folder = build.workbook_folder()
    made = {path for path in shipped() if path.is_relative_to(folder)}
    there = {*folder.glob("templates/*"), *folder.glob("samples/*.xlsx"), *folder.glob("tools/*")}
    assert made == there


def archive(path: Path, parts: dict[str, str], method: int) -> Path:
    with zipfile.ZipFile(path, "w", method) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def test_how_a_workbook_was_packed_makes_no_difference(tmp_path: Path) -> None:
    parts = {"a.xml": "<a/>" * 99, "b.xml": "<b/>"}
    stored = archive(tmp_path / "stored.xlsx", parts, zipfile.ZIP_STORED)
    packed = archive(tmp_path / "packed.xlsx", parts, zipfile.ZIP_DEFLATED)
    other = archive(tmp_path / "other.xlsx", {**parts, "b.xml": "<c/>"}, zipfile.ZIP_DEFLATED)
    assert contents(stored) == contents(packed) != contents(other)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which two small files are shipped."""
    makers = {
        tmp_path / name: lambda path, name=name: path.write_text(name, encoding="utf-8")
        for name in ("a.txt", "b.txt")
    }
    monkeypatch.setattr(build, "shipped", lambda: makers)
    return tmp_path


def test_what_is_missing_or_changed_is_stale_until_it_is_built(folder: Path) -> None:
    (folder / "a.txt").write_text("a.txt", encoding="utf-8")
    assert stale() == [folder / "b.txt"]
    (folder / "a.txt").write_text("changed", encoding="utf-8")
    assert stale() == [folder / "a.txt", folder / "b.txt"]
    assert list(build_shipped()) == [folder / "a.txt", folder / "b.txt"]
    assert stale() == []


def test_a_text_is_made_anew_as_it_is_shipped(tmp_path: Path) -> None:
    """The smallest template's twin; the rest is checked by ``selfeval build --check``."""
    target, make = next((path, make) for path, make in shipped().items() if path.suffix == ".txt")
    make(tmp_path / target.name)
    first, second = (
        path.read_text(encoding="utf-8").splitlines()[:3] for path in (tmp_path / target.name, target)
    )
    assert first == second
