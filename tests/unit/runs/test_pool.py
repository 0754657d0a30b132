"""The same tasks here or in several processes, and what is left when a run ends early."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from selfeval_xl.runs.pool import run

ROOT = Path(__file__).resolve().parents[3]


def slow(number: int) -> int:
    time.sleep(0.01)
    return number


def dying(number: int, folder: Path) -> int:
    """Die at the seventeenth, once."""
    mark = folder / "died"
    if number == 17 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


class Dying:
    """A task that travels with its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, number: int) -> int:
        return dying(number, self.folder)


def soon(happened: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while not happened() and time.monotonic() < end:
        time.sleep(0.02)
    return happened()


class Noting:
    """A task that leaves a mark of everything that was begun."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, number: int) -> int:
        (self.folder / str(number)).touch()
        return slow(number)


def test_once_the_caller_wants_no_more_nothing_new_is_begun(tmp_path: Path) -> None:
    with closing(run(Noting(tmp_path), range(400), 2)) as results:
        assert next(results) == 0
    assert len(list(tmp_path.iterdir())) < 200


@pytest.mark.skipif(sys.platform == "win32", reason="signals as Linux has them")
def test_work_goes_on_when_a_process_dies(tmp_path: Path) -> None:
    assert list(run(Dying(tmp_path), range(40), 2)) == list(range(40))
    assert (tmp_path / "died").exists()


CHILD = """
import multiprocessing, sys, time
from pathlib import Path
from selfeval_xl.runs.pool import run
from tests.unit.runs.test_pool import slow
for number in run(slow, range(5000), 2):
    if number == 20:
        ids = [str(one.pid) for one in multiprocessing.active_children()]
        Path(sys.argv[1]).write_text(" ".join(ids))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals as Linux has them")
@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGINT])
def test_no_process_outlives_the_one_that_gave_the_work(tmp_path: Path, by: signal.Signals) -> None:
    told = tmp_path / "ids"
    command = [sys.executable, "-c", CHILD, str(told)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL, env=os.environ) as child:
        assert soon(lambda: told.exists() and told.read_text() != "")
        child.send_signal(by)
        child.wait()
    workers = [Path("/proc") / one for one in told.read_text().split()]
    assert len(workers) == 2
    is_over = soon(lambda: not any(_is_alive(one) for one in workers))
    for one in filter(_is_alive, workers):
        os.kill(int(one.name), signal.SIGKILL)
    assert is_over


def _is_alive(process: Path) -> bool:
    try:
        return " Z " not in (process / "stat").read_text()
    except OSError:
        return False
