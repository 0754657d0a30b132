"""The same command again: what did not change is not read, and nobody can tell from the outcome."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from selfeval_xl.runs.store import NAME, VARIABLE
from selfeval_xl.submission import inspect as inspecting
from tests.acceptance.calling import COUNTY, ENGLISH, ROOT, Outcome, selfeval
from tests.support import small_report as small

COUNT = 20


def department(path: Path, code: int, **changes: object) -> Path:
    path.write_bytes(small.encoded(small.changed(封面_部门编码=f"{code:03d}", **changes)))
    return path


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """Twenty departments, two of which report twice, a damaged file, a workbook and a stranger."""
    folder = tmp_path / "county"
    folder.mkdir()
    for code in range(COUNT):
        department(folder / f"{code:03d}.json", code, 收入_1_其他收入=code)
    department(folder / "003-b.json", 3, 收入_1_其他收入=99)
    department(folder / "004-b.json", 4, 收入_1_其他收入=7, 封面_报送次数=2)
    (folder / "x.json").write_text("{", encoding="utf-8")
    (folder / "y.xlsx").write_bytes(next(iter(sorted(COUNTY.glob("*.xlsx")))).read_bytes())
    return folder


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "kept"
    monkeypatch.setenv(VARIABLE, str(folder))
    return folder


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were read and checked."""
    names: list[str] = []
    inspect = inspecting.inspect

    def seen(path: Path, *words: object, **more: object) -> inspecting.Report:
        names.append(path.name)
        return inspect(path, *words, **more)

    monkeypatch.setattr(inspecting, "inspect", seen)
    return names


def summed(county: Path, *words: object) -> tuple[Outcome, bytes]:
    """The outcome of a consolidation and the summary's bytes."""
    target = county.parent / "summary.xlsx"
    outcome = selfeval("consolidate", county, "-o", target, "--force", "--json", *words)
    return outcome, target.read_bytes()


def anew(county: Path) -> tuple[Outcome, bytes]:
    return summed(county, "--fresh")


def same(one: tuple[Outcome, bytes], other: tuple[Outcome, bytes]) -> bool:
    return (one[0].status, one[0].out, one[1]) == (other[0].status, other[0].out, other[1])


@pytest.mark.usefixtures("kept")
def test_a_second_run_reads_no_file_and_gives_the_same(county: Path, reads: list[str]) -> None:
    first = summed(county)
    assert len(reads) == COUNT + 4
    assert "没有变动" not in first[0].err
    reads.clear()
    second = summed(county)
    assert reads == []
    assert f"{COUNT + 4} 个文件中有 {COUNT + 4} 个没有变动" in second[0].err
    assert "summary.xlsx 不用重写" in second[0].err
    assert same(first, second)
    assert same(first, anew(county))


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_folder_that_is_checked_again_is_not_read_again(
    county: Path, reads: list[str], form: list[str]
) -> None:
    first = selfeval("validate", county, *form)
    reads.clear()
    second = selfeval("validate", county, *form)
    assert reads == []
    assert (second.status, second.out) == (first.status, first.out)


@pytest.mark.usefixtures("kept")
def test_late_departments_cost_themselves_alone(county: Path, reads: list[str]) -> None:
    summed(county)
    reads.clear()
    for code in (700, 701, 702):
        department(county / f"{code}.json", code)
    second = summed(county)
    assert reads == ["700.json", "701.json", "702.json"]
    assert same(second, anew(county))


@pytest.mark.usefixtures("kept")
def test_changed_moved_and_removed_files_are_seen(county: Path, reads: list[str]) -> None:
    summed(county)
    reads.clear()
    department(county / "005.json", 5, 收入_1_其他收入=8)
    (county / "006.json").rename(county / "moved.json")
    (county / "007.json").unlink()
    second = summed(county)
    assert reads == ["005.json"]
    assert "moved.json" in second[0].out
    assert same(second, anew(county))


@pytest.mark.usefixtures("kept")
def test_other_settings_and_another_program_are_another_reading(
    county: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    summed(county)
    reads.clear()
    settings = county.parent / "settings.toml"
    shipped = small.form().path.with_name("settings.toml").read_text(encoding="utf-8")
    settings.write_text(shipped.replace("region = ", 'region = "别县" # '), encoding="utf-8")
    summed(county, "--settings", settings)
    assert len(reads) == COUNT + 4
    reads.clear()
    monkeypatch.setattr("selfeval_xl.runs.program.program_digest", lambda: "another")
    summed(county)
    assert len(reads) == COUNT + 4


def test_damage_to_what_is_kept_costs_time_and_nothing_else(county: Path, kept: Path) -> None:
    right = anew(county)
    summed(county)
    whole = (kept / NAME).read_bytes()
    for place in range(0, len(whole), max(1, len(whole) // 12)):
        (kept / NAME).write_bytes(whole[:place] + bytes(200) + whole[place + 200 :])
        assert same(summed(county), right)


@pytest.mark.usefixtures("kept")
def test_a_summary_that_somebody_changed_is_written_anew(county: Path) -> None:
    first = summed(county)
    (county.parent / "summary.xlsx").write_bytes(b"changed")
    second = summed(county)
    assert "已写入" in second[0].err
    assert same(first, second)
    (county.parent / "summary.xlsx").unlink()
    assert same(first, summed(county))


@pytest.mark.usefixtures("kept")
def test_a_roster_that_changed_makes_another_summary(county: Path) -> None:
    roster = county.parent / "roster.csv"
    roster.write_text("部门编码,部门名称\n001,某县某某局\n", encoding="utf-8")
    first = summed(county, "--roster", roster)
    roster.write_text("部门编码,部门名称\n001,某县某某局\n900,缺席局\n", encoding="utf-8")
    second = summed(county, "--roster", roster)
    assert first[1] != second[1]
    assert same(second, summed(county, "--roster", roster, "--fresh"))


@pytest.mark.usefixtures("kept")
def test_an_existing_summary_needs_leave_even_if_nothing_changed(county: Path, reads: list[str]) -> None:
    summed(county)
    reads.clear()
    outcome = selfeval("consolidate", county, "-o", county.parent / "summary.xlsx")
    assert outcome.status == 5
    assert reads == []


@pytest.mark.usefixtures("kept")
def test_a_few_files_are_read_each_time_and_nothing_is_kept(county: Path, kept: Path) -> None:
    selfeval("validate", county / "001.json", county / "002.json")
    assert not kept.exists()


# Ended early

MANY = 300


@pytest.fixture
def big(tmp_path: Path) -> Path:
    folder = tmp_path / "big"
    folder.mkdir()
    for code in range(MANY):
        department(folder / f"{code:03d}.json", code)
    return folder


class Running:
    """A command on its way in a process group of its own."""

    def __init__(self, *words: object, cache: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from selfeval_xl.app.cli import main; main()", *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(ROOT), VARIABLE: str(cache)},
            start_new_session=True,
        )

    def lines(self, count: int) -> None:
        """Wait until so many lines of the outcome are there."""
        assert self.process.stdout is not None
        for _ in range(count):
            assert self.process.stdout.readline()

    def ended(self, by: signal.Signals) -> tuple[int, str]:
        """End the whole group; return the status and what was said."""
        os.killpg(self.process.pid, by)
        _, err = self.process.communicate(timeout=30)
        return self.process.returncode, err.decode("utf-8")


@pytest.fixture
def started() -> Iterator[list[Running]]:
    running: list[Running] = []
    yield running
    for one in running:
        if one.process.poll() is None:
            os.killpg(one.process.pid, signal.SIGKILL)
            one.process.communicate()


@pytest.mark.skipif(sys.platform == "win32", reason="signals as Linux has them")
@pytest.mark.parametrize(("by", "jobs"), [(signal.SIGINT, 2), (signal.SIGTERM, 1)])
def test_interrupted_it_says_one_sentence_and_the_next_run_goes_on(
    big: Path, kept: Path, started: list[Running], by: signal.Signals, jobs: int
) -> None:
    started.append(Running("validate", big, "--jobs", jobs, cache=kept))
    started[0].lines(100)
    status, err = started[0].ended(by)
    assert (status, len(err.strip().splitlines())) == (130, 1)
    assert "已中断" in err
    assert not ENGLISH.search(err)
    again = selfeval("validate", big)
    found = int(again.err.split("个文件中有 ")[1].split(" ")[0])
    assert 30 <= found < MANY
    assert again.out == selfeval("validate", big, "--fresh").out
