"""The bar: quiet where nobody sees it, and told what it needs to know of rate and time left."""

from pathlib import Path

import pytest

from selfeval_xl.app.progress import Progress
from selfeval_xl.consolidation.reduce import Reduced
from tests.unit.app.test_screen import ERROR

FINE = Reduced(Path("a.xlsx"), "clean")
REFUSED = Reduced(Path("b.xlsx"), "refused", "不是工作簿。")
WRONG = Reduced(Path("c.xlsx"), "errors", findings=[ERROR])


class Clock:
    """A clock that a test moves on."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("selfeval_xl.app.progress.is_seen", lambda: True)


def bar(clock: Clock, *, tells_problem: bool = False) -> Progress:
    return Progress(tells_problem=tells_problem, clock=clock)


def shown(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What was written over each other, without the spaces that wipe the line."""
    return [one.rstrip() for one in capsys.readouterr().err.split("\r") if one.strip()]


@pytest.mark.usefixtures("seen")
def test_it_tells_how_many_how_fast_and_how_long(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    progress = bar(clock)
    progress.begin(1000, 0)
    for _ in range(100):
        clock.now += 0.01
        progress.took(FINE, is_kept=False)
    lines = shown(capsys)
    assert lines[0] == "[#...................] 50/1000，每秒 100 个，还需 10 秒"
    assert len(lines) == 3
    progress.end()


@pytest.mark.usefixtures("seen")
def test_what_is_kept_from_earlier_makes_no_rate(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    progress = bar(clock)
    progress.begin(1000, 900)
    for _ in range(900):
        progress.took(FINE, is_kept=True)
    clock.now += 10
    progress.took(FINE, is_kept=False)
    assert shown(capsys) == ["[##################..] 901/1000，每秒 0.1 个，还需 16 分 31 秒"]


@pytest.mark.usefixtures("seen")
def test_hours_are_told_as_hours(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    progress = bar(clock)
    progress.begin(10_000, 0)
    clock.now += 2
    progress.took(FINE, is_kept=False)
    assert shown(capsys) == ["[....................] 1/10000，每秒 0.5 个，还需 5 小时 33 分"]


@pytest.mark.usefixtures("seen")
def test_what_is_quick_shows_no_bar(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    progress = bar(clock)
    progress.begin(40, 0)
    for _ in range(40):
        clock.now += 0.01
        progress.took(FINE, is_kept=False)
    progress.end()
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("seen")
def test_a_line_stands_above_the_bar_and_the_end_leaves_none(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    progress = bar(clock)
    progress.begin(1000, 0)
    clock.now += 5
    progress.took(FINE, is_kept=False)
    progress.tell("一行")
    progress.busy()
    progress.end()
    written = capsys.readouterr().err
    visible = [line.split("\r")[-1] for line in written.split("\n")]
    assert visible == ["一行", ""]
    first, wiped = written.split("\r")[1:3]
    assert wiped == " " * (len(first) + sum("\u4e00" <= sign <= "\u9fff" or sign == "，" for sign in first))


def test_where_nobody_sees_it_there_is_none(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    progress = bar(clock)
    progress.begin(1000, 0)
    clock.now += 5
    progress.took(WRONG, is_kept=False)
    progress.busy()
    progress.end()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (REFUSED, "第一个问题：b.xlsx：拒收。不是工作簿。\n"),
        (WRONG, "第一个问题：c.xlsx：有错误[错误] “收入”表有 13 格公式"),
    ],
)
def test_the_first_problem_is_told_at_once_and_no_other(
    clock: Clock, capsys: pytest.CaptureFixture[str], one: Reduced, line: str
) -> None:
    progress = bar(clock, tells_problem=True)
    progress.begin(100, 0)
    progress.took(FINE, is_kept=False)
    assert capsys.readouterr().err == ""
    progress.took(one, is_kept=False)
    assert capsys.readouterr().err.startswith(line)
    progress.took(one, is_kept=False)
    assert capsys.readouterr().err == ""


def test_in_a_short_run_no_problem_is_told_twice(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    progress = bar(clock, tells_problem=True)
    progress.begin(99, 0)
    progress.took(WRONG, is_kept=False)
    assert capsys.readouterr().err == ""


def test_how_many_were_kept_is_said_at_the_end(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    progress = bar(clock)
    progress.begin(3, 2)
    progress.end()
    progress.end()
    assert capsys.readouterr().err.count("3 个文件中有 2 个没有变动") == 1
