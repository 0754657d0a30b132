"""The demonstration tells of every step, and its files are there."""

from pathlib import Path

import pytest

from selfeval_xl.jobs.demo import demonstrate


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    folder = tmp_path_factory.mktemp("demo")
    return folder, list(demonstrate(folder))


def test_the_steps_are_told_in_their_order(played: tuple[Path, list[str]]) -> None:
    _, lines = played
    numbered = [line[0] for line in lines if line[:1].isdigit()]
    assert numbered == sorted(numbered)
    assert len(numbered) >= 7
    assert lines[0].startswith("演示开始")
    assert lines[-1].startswith("演示完成")


def test_what_is_read_back_is_the_same(played: tuple[Path, list[str]]) -> None:
    assert any("从工作簿读回数据，与原数据一致" in line for line in played[1])


def test_the_damaged_file_of_the_county_is_refused_with_its_reason(played: tuple[Path, list[str]]) -> None:
    assert any("拒收 1 份" in line for line in played[1])
    assert any("13-damaged.xlsx：拒收。" in line for line in played[1])


def test_the_files_are_where_it_says(played: tuple[Path, list[str]]) -> None:
    folder, _ = played
    names = {path.name for path in folder.iterdir()}
    assert {"blank.xlsx", "seed-2022.xlsx", "seed-2022-final.xlsx", "summary.xlsx", "county"} <= names
    assert len(list((folder / "county").iterdir())) == 13


def test_a_folder_that_holds_anything_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "blank.xlsx").write_bytes(b"a clerk's work")
    lines = demonstrate(folder)
    assert str(tmp_path / "demo-2") in next(lines)
    next(lines)
    assert (folder / "blank.xlsx").read_bytes() == b"a clerk's work"
    assert (tmp_path / "demo-2" / "blank.xlsx").is_file()
