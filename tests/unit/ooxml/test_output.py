"""Files written whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from selfeval_xl.ooxml import output
from selfeval_xl.ooxml.output import OutputBlocked, OutputExists, same_file, whole_file, whole_folder


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def refusing(number: int) -> object:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return refuse


def test_a_file_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "新" / "夹" / "汇总.xlsx"
    with whole_file(target) as temporary:
        assert temporary.parent == target.parent
        assert temporary.name.startswith(".~")
        assert temporary.suffix == ".xlsx"
        temporary.write_bytes(b"whole")
        assert not target.exists()
    assert target.read_bytes() == b"whole"
    assert left_in(target.parent) == ["汇总.xlsx"]


def test_nothing_is_left_when_the_writer_fails(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"

    def write_half() -> None:
        with whole_file(target) as temporary:
            temporary.write_bytes(b"half")
            raise KeyError

    with pytest.raises(KeyError):
        write_half()
    assert left_in(tmp_path) == []


def test_an_existing_file_is_replaced_by_force_only(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    target.write_bytes(b"old")
    with pytest.raises(OutputExists) as caught, whole_file(target):
        pytest.fail("the block must not run")
    assert caught.value.path == target
    with pytest.raises(KeyError), whole_file(target, force=True):
        raise KeyError
    assert target.read_bytes() == b"old"
    with whole_file(target, force=True) as temporary:
        temporary.write_bytes(b"new")
    assert target.read_bytes() == b"new"
    assert left_in(tmp_path) == ["a.xlsx"]


@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_appears_meanwhile_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(Path, "hardlink_to", refusing(errno.EPERM))
    target = tmp_path / "a.xlsx"

    def write_with_a_rival() -> None:
        with whole_file(target) as temporary:
            temporary.write_bytes(b"ours")
            target.write_bytes(b"theirs")

    with pytest.raises(OutputExists):
        write_with_a_rival()
    assert target.read_bytes() == b"theirs"
    assert left_in(tmp_path) == ["a.xlsx"]


def test_a_folder_without_links_takes_the_file_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "hardlink_to", refusing(errno.EPERM))
    with whole_file(tmp_path / "a.xlsx") as temporary:
        temporary.write_bytes(b"ours")
    assert left_in(tmp_path) == ["a.xlsx"]


def test_a_folder_in_the_place_of_the_file_blocks_it(tmp_path: Path) -> None:
    for force in (False, True):
        with pytest.raises(OutputBlocked) as caught, whole_file(tmp_path, force=force):
            pytest.fail("the block must not run")
        assert caught.value.reason == "is_folder"


def test_a_file_in_the_place_of_a_folder_blocks_it(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    for target in (tmp_path / "a" / "b.xlsx", tmp_path / "a" / "c" / "b.xlsx"):
        with pytest.raises(OutputBlocked) as caught, whole_file(target):
            pytest.fail("the block must not run")
        assert caught.value.reason == "no_folder"


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.EACCES, "permission"),
        (errno.EROFS, "permission"),
        (errno.ENOSPC, "no_room"),
        (errno.ENAMETOOLONG, "other"),
    ],
)
@pytest.mark.parametrize("step", ["open", "mkdir"])
def test_a_refusal_at_the_beginning_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, reason: str, step: str
) -> None:
    monkeypatch.setattr(Path, step, refusing(number))
    with pytest.raises(OutputBlocked) as caught, whole_file(tmp_path / "a.xlsx"):
        pytest.fail("the block must not run")
    assert caught.value.reason == reason
    assert caught.value.path == tmp_path / "a.xlsx"


@pytest.mark.parametrize(("windows", "reason"), [(True, "open_elsewhere"), (False, "permission")])
def test_a_file_open_in_excel_blocks_its_replacement_on_windows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, windows: bool, reason: str
) -> None:
    monkeypatch.setattr(output, "_WINDOWS", windows)
    monkeypatch.setattr(Path, "replace", refusing(errno.EACCES))
    with pytest.raises(OutputBlocked) as caught, whole_file(tmp_path / "a.xlsx", force=True):
        pass
    assert caught.value.reason == reason
    assert left_in(tmp_path) == []


def test_a_new_file_is_renamed_on_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "_WINDOWS", True)
    with whole_file(tmp_path / "a.xlsx") as temporary:
        temporary.write_bytes(b"ours")
    assert left_in(tmp_path) == ["a.xlsx"]


def test_a_disk_that_fills_up_while_writing_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputBlocked) as caught, whole_file(tmp_path / "a.xlsx"):
        raise OSError(errno.ENOSPC, "full")
    assert caught.value.reason == "no_room"
    assert left_in(tmp_path) == []


def test_an_error_of_the_writer_about_another_file_is_passed_on(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), whole_file(tmp_path / "a.xlsx"):
        (tmp_path / "other").read_bytes()


def test_one_file_is_known_under_all_its_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    a.write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.xlsx").symlink_to(a)
    (tmp_path / "x").mkdir()
    assert same_file(a, Path("a.xlsx"))
    assert same_file(a, tmp_path / "x" / ".." / "a.xlsx")
    assert same_file(a, tmp_path / "link.xlsx")
    assert not same_file(a, b)
    assert same_file(b, Path("b.xlsx"))


# Folders


def made(target: Path, *, force: bool = False, fail: BaseException | None = None) -> None:
    with whole_folder(target, mark="LIST", force=force) as folder:
        (folder / "LIST").write_text("new")
        (folder / "below").mkdir()
        if fail is not None:
            raise fail


def test_a_folder_appears_whole_and_takes_the_place_of_one_of_ours_by_force_only(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b"
    made(target)
    assert sorted(path.name for path in target.iterdir()) == ["LIST", "below"]
    (target / "LIST").write_text("old")
    with pytest.raises(OutputExists):
        made(target)
    assert (target / "LIST").read_text() == "old"
    made(target, force=True)
    assert (target / "LIST").read_text() == "new"
    assert [path.name for path in target.parent.iterdir()] == ["b"]


@pytest.mark.parametrize("what", ["a folder of somebody else's", "a file"])
def test_what_is_none_of_ours_is_never_replaced(what: str, tmp_path: Path) -> None:
    target = tmp_path / "kept"
    if what == "a file":
        target.write_text("kept")
    else:
        target.mkdir()
        (target / "own").write_text("kept")
    with pytest.raises(OutputExists):
        made(target, force=True)
    assert (target if target.is_file() else target / "own").read_text() == "kept"


@pytest.mark.parametrize("fail", [KeyboardInterrupt(), ValueError(), OSError(errno.ENOSPC, "full")])
def test_nothing_is_left_of_a_folder_that_fails(fail: BaseException, tmp_path: Path) -> None:
    target = tmp_path / "b"
    made(target)
    (target / "LIST").write_text("old")
    with pytest.raises((type(fail), OutputBlocked)):
        made(target, force=True, fail=fail)
    assert [path.name for path in tmp_path.iterdir()] == ["b"]
    assert (target / "LIST").read_text() == "old"


def test_a_folder_that_may_not_be_written_is_blocked(tmp_path: Path) -> None:
    with pytest.raises(OutputBlocked) as blocked, whole_folder(tmp_path / "b", mark="LIST") as folder:
        raise PermissionError(errno.EACCES, "no", str(folder / "LIST"))
    assert blocked.value.reason == "permission"
    with pytest.raises(PermissionError), whole_folder(tmp_path / "b", mark="LIST"):
        raise PermissionError(errno.EACCES, "no", str(tmp_path / "source"))
    assert list(tmp_path.iterdir()) == []


def test_what_killed_runs_left_is_cleared_away_and_nothing_else(tmp_path: Path) -> None:
    old, young = tmp_path / ".~0123456789abcdef.xlsx", tmp_path / ".~fedcba9876543210.xlsx"
    others = [tmp_path / name for name in (".~mine.xlsx", "~$a.xlsx", ".~0123456789abcdef", "a.xlsx")]
    for file in (old, young, *others):
        file.write_bytes(b"1")
    day = 86_400
    for file in (old, *others):
        os.utime(file, (file.stat().st_atime - 2 * day, file.stat().st_mtime - 2 * day))
    with whole_file(tmp_path / "new.xlsx") as path:
        path.write_bytes(b"2")
    assert sorted(tmp_path.iterdir()) == sorted([young, *others, tmp_path / "new.xlsx"])
