"""Which files a command reads and where it may write."""

from pathlib import Path

import pytest

from selfeval_xl.jobs.files import check_free, check_input, check_output, file_names, inputs, output
from selfeval_xl.jobs.problems import WrongUsage
from selfeval_xl.ooxml.output import OutputBlocked, OutputExists

TOO_LONG = "很长的名字" * 100 + ".xlsx"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as clerks leave it."""
    names = (
        "b.xlsx",
        "a.XLSM",
        "sub/c.json",
        "sub/~$c.xlsx",
        ".~0a.xlsx",
        "notes.txt",
        "old.xls",
        "sub/deep/d.xlsx",
    )
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "folder.xlsx").mkdir()
    return tmp_path


def names(folder: Path, found: list[Path]) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in found]


def test_a_folder_is_searched_downwards_without_locks_and_halves(folder: Path) -> None:
    assert names(folder, inputs([folder])) == ["a.XLSM", "b.xlsx", "sub/c.json", "sub/deep/d.xlsx"]


def test_files_come_in_the_order_given_and_once(folder: Path) -> None:
    found = inputs([folder / "sub", folder / "b.xlsx", folder])
    assert names(folder, found) == ["sub/c.json", "sub/deep/d.xlsx", "b.xlsx", "a.XLSM"]


def test_a_file_that_is_named_is_taken_whatever_it_is_called(folder: Path) -> None:
    wanted = [folder / "notes.txt", folder / "sub" / "~$c.xlsx"]
    assert inputs(wanted) == wanted


def test_files_can_be_left_out_of_a_folder(folder: Path) -> None:
    assert folder / "b.xlsx" not in inputs([folder], leave_out=[folder / "b.xlsx"])


@pytest.mark.parametrize("name", ["none.xlsx", "none/", TOO_LONG])
def test_what_is_not_there_is_wrong_usage(folder: Path, name: str) -> None:
    with pytest.raises(WrongUsage, match="不存在"):
        inputs([folder / name])
    with pytest.raises(WrongUsage, match="不存在"):
        check_input(folder / name)


def test_a_folder_without_files_of_ours_is_wrong_usage(folder: Path) -> None:
    empty = folder / "folder.xlsx"
    with pytest.raises(WrongUsage, match="没有找到可以处理的文件"):
        inputs([empty])
    with pytest.raises(WrongUsage, match="没有找到可以处理的文件"):
        inputs([])


def test_a_folder_is_no_single_input(folder: Path) -> None:
    with pytest.raises(WrongUsage, match="是文件夹"):
        check_input(folder)
    check_input(folder / "b.xlsx")


@pytest.mark.parametrize("name", ["out.xls", "out", "out.xlsx.zip", "xlsx"])
def test_an_output_of_another_ending_is_wrong_usage(folder: Path, name: str) -> None:
    with pytest.raises(WrongUsage, match=r"应以 \.xlsx、\.json 结尾"):
        check_output(folder / name, [], (".xlsx", ".json"))


@pytest.mark.parametrize("spelled", ["b.xlsx", "sub/../b.xlsx", "link.xlsx"])
def test_an_output_that_is_an_input_is_wrong_usage_by_whatever_spelling(folder: Path, spelled: str) -> None:
    (folder / "link.xlsx").hardlink_to(folder / "b.xlsx")
    with pytest.raises(WrongUsage, match="程序从不改写您的文件"):
        check_output(folder / spelled, [folder / "b.xlsx"], (".xlsx",))


def test_the_ending_is_read_in_either_case(folder: Path) -> None:
    check_output(folder / "OUT.XLSX", [folder / "b.xlsx"], (".xlsx",))


def test_an_impossible_name_cannot_be_written(folder: Path) -> None:
    with pytest.raises(OutputBlocked):
        check_output(folder / TOO_LONG, [], (".xlsx",))


def test_an_output_appears_whole(folder: Path) -> None:
    target = folder / "new" / "out.xlsx"
    with output(target, [folder / "b.xlsx"], (".xlsx",), force=False) as path:
        path.write_text("whole")
        assert not target.exists()
    assert target.read_text() == "whole"
    assert list(target.parent.iterdir()) == [target]


def test_an_output_that_fails_leaves_nothing(folder: Path) -> None:
    target = folder / "out.xlsx"

    def half() -> None:
        with output(target, [], (".xlsx",), force=False) as path:
            path.write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert not target.exists()
    assert not [path for path in folder.iterdir() if path.name.startswith(".~") and path.name != ".~0a.xlsx"]


@pytest.mark.parametrize("force", [False, True])
def test_an_existing_file_is_replaced_only_if_told_so(folder: Path, *, force: bool) -> None:
    target = folder / "b.xlsx"
    target.write_text("old")
    if force:
        with output(target, [], (".xlsx",), force=True) as path:
            path.write_text("new")
    else:
        with pytest.raises(OutputExists), output(target, [], (".xlsx",), force=False):
            pass
    assert target.read_text() == ("new" if force else "old")


@pytest.mark.parametrize(
    ("wanted", "names_"),
    [
        ([("意见", "201", "某局"), ("意见", None, "某局")], ["意见-201-某局", "意见-某局"]),
        ([("A局",), ("a局",), ("A局",)], ["A局", "a局-2", "A局-3"]),
        ([("a/b:c*",)], ["a_b_c_"]),
        ([("某局. ",)], ["某局"]),
        ([("长" * 200,)], ["长" * 80]),
    ],
)
def test_file_names_can_stand_on_every_disk_and_are_all_different(
    wanted: list[tuple[str | None, ...]], names_: list[str]
) -> None:
    assert file_names(wanted) == names_


def test_an_output_that_cannot_be_is_known_beforehand(folder: Path) -> None:
    check_free(folder / "new.xlsx", [], [".xlsx"], force=False)
    check_free(folder / "b.xlsx", [], [".xlsx"], force=True)
    with pytest.raises(OutputExists):
        check_free(folder / "b.xlsx", [], [".xlsx"], force=False)
    with pytest.raises(OutputBlocked):
        check_free(folder / "folder.xlsx", [], [".xlsx"], force=True)
    with pytest.raises(WrongUsage):
        check_free(folder / "b.xlsx", [folder / "b.xlsx"], [".xlsx"], force=True)


def test_what_an_interrupted_run_left_is_no_input(tmp_path: Path) -> None:
    (tmp_path / ".~0a1b" / "101").mkdir(parents=True)
    (tmp_path / ".~0a1b" / "101" / "a.xlsx").touch()
    (tmp_path / "b.xlsx").touch()
    assert inputs([tmp_path]) == [tmp_path / "b.xlsx"]
    assert inputs([tmp_path / ".~0a1b"]) == [tmp_path / ".~0a1b" / "101" / "a.xlsx"]
