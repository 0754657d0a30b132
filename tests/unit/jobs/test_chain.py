"""Fill, dump, export, consolidate on real files, each once."""

import json
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

from selfeval_xl.jobs.consolidate import consolidate
from selfeval_xl.jobs.export import export
from selfeval_xl.jobs.fill import dump, dump_to, fill
from selfeval_xl.jobs.problems import InputRefused, WrongUsage
from selfeval_xl.jobs.validate import validate
from selfeval_xl.runs.pool import run
from selfeval_xl.submission.dump import write_data
from tests.support import small_report as small


def data_file(path: Path, **changes: Any) -> Path:
    path.write_bytes(small.encoded(small.changed(**changes)))
    return path


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return data_file(tmp_path / "sound.json")


def test_what_is_filled_is_dumped_again(sound: Path, tmp_path: Path) -> None:
    book, again = tmp_path / "sound.xlsx", tmp_path / "again.json"
    report = fill(sound, book, force=False)
    assert report.submission is not None
    dump_to(book, again, force=False)
    assert again.read_text(encoding="utf-8") == dump(sound) == write_data(report.submission)


def test_printed_totals_are_checked_and_the_workbook_holds_formulas(tmp_path: Path) -> None:
    source = data_file(tmp_path / "wrong.json", 收入_2_收入合计=90)
    book = tmp_path / "wrong.xlsx"
    assert fill(source, book, force=False).status == "errors"
    assert [one.status for one in validate([book])] == ["clean"]


def test_a_refused_file_is_neither_filled_nor_dumped(tmp_path: Path) -> None:
    source, book = tmp_path / "bad.json", tmp_path / "bad.xlsx"
    source.write_text("{", encoding="utf-8")
    assert fill(source, book, force=False).status == "refused"
    assert not book.exists()
    with pytest.raises(InputRefused, match="拒收"):
        dump(source)


def test_a_source_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage):
        fill(tmp_path / "none.json", tmp_path / "out.xlsx", force=False)
    with pytest.raises(WrongUsage):
        dump(tmp_path / "none.json")
    with pytest.raises(WrongUsage):
        export(tmp_path / "none.json", tmp_path / "out.xlsx", force=False, draft=False)


@pytest.mark.parametrize(
    ("changes", "draft", "written"),
    [
        ({}, False, True),
        ({"绩效自评_评价等次": None}, False, True),
        ({"支出_2_累计结余": 1.15}, False, False),
        ({"支出_2_累计结余": 1.15}, True, True),
        ({"三公经费_1_公务接待费": -1}, False, False),
        (
            {
                "支出_2_累计结余": 1.15,
                "审核说明": [{"规则": "E-04", "机构": "甲中心", "说明": "差额1.00万元：调整"}],
            },
            False,
            True,
        ),
    ],
)
def test_only_what_is_right_or_explained_is_exported(
    tmp_path: Path, changes: dict[str, Any], *, draft: bool, written: bool
) -> None:
    source = data_file(tmp_path / "a.json", **changes)
    target = tmp_path / "final.xlsx"
    result, was_written = export(source, target, force=False, draft=draft)
    assert (was_written, target.exists(), result.reason) == (written, written, None)


def test_a_finished_workbook_is_final_and_says_the_same(sound: Path, tmp_path: Path) -> None:
    target = tmp_path / "final.xlsx"
    export(sound, target, force=False, draft=False)
    (found,) = validate([target])
    assert (found.status, found.kind) == ("clean", "final")
    assert dump(target) == dump(sound)


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """Three departments, one twice with different figures, and a damaged file."""
    folder = tmp_path / "county"
    folder.mkdir()
    for code in ("001", "002", "003"):
        data_file(folder / f"{code}.json", 封面_部门编码=code)
    data_file(folder / "003-b.json", 封面_部门编码="003", 收入_1_其他收入=9)
    (folder / "004.xlsx").write_bytes(b"PK")
    return folder


def test_a_county_is_summed_up_with_its_rivals_and_refusals_named(county: Path, tmp_path: Path) -> None:
    target = tmp_path / "summary.xlsx"
    result = consolidate([county], target, force=False)
    assert result.written
    assert target.exists()
    assert [one.code for one in result.selection.accepted] == ["001", "002"]
    assert result.sums["收入"]["收入合计"] == D("671.80")
    assert [one.path.name for one in result.selection.refused] == ["004.xlsx"]
    rivals = {one.path.name: one.findings[-1] for one in result.selection.conflicts}
    assert {name: finding.facts["name"] for name, finding in rivals.items()} == {
        "003.json": "003-b.json",
        "003-b.json": "003.json",
    }
    assert {one.status for one in result.selection.conflicts} == {"errors"}


def test_a_summary_written_into_the_folder_it_sums_up_is_no_input_the_next_time(county: Path) -> None:
    target = county / "summary.xlsx"
    first = consolidate([county], target, force=False)
    second = consolidate([county], target, force=True)
    assert second.sums == first.sums
    assert [one.path.name for one in second.files] == [one.path.name for one in first.files]


def test_without_anything_to_sum_up_nothing_is_written(tmp_path: Path) -> None:
    bad, target = tmp_path / "bad.json", tmp_path / "summary.xlsx"
    bad.write_text("{", encoding="utf-8")
    result = consolidate([bad], target, force=False)
    assert (result.written, result.form, result.sums, target.exists()) == (False, None, {}, False)


@pytest.mark.parametrize("content", [b"\xff", "部门编码\n001\n".encode()])
def test_an_unreadable_roster_is_wrong_usage(sound: Path, tmp_path: Path, content: bytes) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_bytes(content)
    with pytest.raises(WrongUsage, match=r"名册“roster\.csv”读不出来"):
        consolidate([sound], tmp_path / "s.xlsx", roster_file=roster)
    assert not (tmp_path / "s.xlsx").exists()


def test_an_input_is_never_the_summary(sound: Path) -> None:
    book = sound.with_suffix(".xlsx")
    fill(sound, book, force=False)
    before = book.read_bytes()
    with pytest.raises(WrongUsage, match="程序从不改写您的文件"):
        consolidate([sound.parent], book, force=True)
    assert book.read_bytes() == before


def test_files_are_checked_in_their_order(tmp_path: Path) -> None:
    paths = [data_file(tmp_path / f"{number}.json", 封面_部门编码=str(number)) for number in (3, 1, 2)]
    assert [one.code for one in validate(paths)] == ["3", "1", "2"]


def square(number: int) -> int:
    return number * number


@pytest.mark.parametrize("jobs", [1, 2])
def test_many_processes_give_the_results_of_one(jobs: int) -> None:
    numbers = list(range(40))
    assert list(run(square, numbers, jobs)) == [number * number for number in numbers]


def test_few_files_are_worth_no_second_process() -> None:
    """A function that cannot travel to another process shows that none was asked for."""
    assert list(run(lambda number: number + 1, [1, 2, 3], jobs=4)) == [2, 3, 4]


def test_the_dump_is_json_in_the_forms_own_words(sound: Path) -> None:
    data = json.loads(dump(sound))
    assert data["收入"][1] == {
        "机构名称": "甲中心",
        "机构编码": None,
        "上年结转": 0,
        "公共财政拨款": 80.1,
        "政府基金拨款": 0,
        "纳入专户管理的非税收入拨款": 6.05,
        "其他收入": 0,
    }
