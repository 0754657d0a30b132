"""A cluster on this machine: two worker processes read what one process would read, and one of them dies."""

import os
import signal
import socket
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import pytest

from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.jobs import afar
from selfeval_xl.jobs.consolidate import consolidate
from selfeval_xl.jobs.reading import ONE_BY_ONE, NoWatch, Reading
from selfeval_xl.runs import cluster as clusters
from selfeval_xl.runs.store import VARIABLE
from selfeval_xl.shipped import SEARCH_VARIABLE
from tests.acceptance.calling import COUNTY, FORMS, ROOT, selfeval
from tests.support import small_report as small

distributed = pytest.importorskip("distributed")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="workers are killed as Linux kills"),
    # Sockets of a worker that was killed are closed by nobody.
    pytest.mark.filterwarnings("ignore"),
]
COUNT = 60


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A scheduler with two worker processes."""
    variables = {"PYTHONPATH": str(ROOT), VARIABLE: ""}
    with mock.patch.dict(os.environ, variables), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        one = distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        )
        with one:
            yield one.scheduler_address


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """Sixty departments, some of which are refused, rivals or wrong, with the county of the samples."""
    folder = tmp_path / "county"
    folder.mkdir()
    for code in range(COUNT):
        wrong = {"收入_1_收入合计": 9} if code % 7 == 0 else {}
        data = small.encoded(small.changed(封面_部门编码=f"{code:03d}", 收入_1_其他收入=code, **wrong))
        (folder / f"{code:03d}.json").write_bytes(data if code % 11 else data[:-5])
    (folder / "003-b.json").write_bytes(small.encoded(small.changed(封面_部门编码="003")))
    for file in sorted(COUNTY.glob("*.xlsx")):
        (folder / file.name).write_bytes(file.read_bytes())
    return folder


def summed(county: Path, *words: object) -> tuple[int, str, bytes]:
    target = county.parent / "summary.xlsx"
    outcome = selfeval("consolidate", county, "-o", target, "--force", "--json", *words)
    return outcome.status, outcome.out, target.read_bytes()


def test_a_cluster_gives_what_one_process_gives(county: Path, address: str) -> None:
    alone = summed(county)
    assert summed(county, "--scheduler", address) == alone
    words = ["validate", county]
    assert selfeval(*words, "--scheduler", address).out == selfeval(*words).out


def test_files_that_the_workers_do_not_see_are_sent(
    county: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = summed(county)
    monkeypatch.setattr(afar, "place_of", lambda file: f"/nowhere/{file.name}")
    assert summed(county, "--scheduler", address) == alone


def test_another_file_at_the_same_place_is_not_taken_for_ours(
    county: Path, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = summed(county)
    other = tmp_path / "other"
    other.mkdir()
    first, *files = sorted(county.iterdir())
    (other / first.name).write_bytes(first.read_bytes())
    for file in files:
        (other / file.name).write_bytes(files[0].read_bytes())
    monkeypatch.setattr(afar, "place_of", lambda file: str(other / file.name))
    assert summed(county, "--scheduler", address) == alone


def test_settings_travel_with_the_files(county: Path, address: str, tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    shipped = small.form().path.with_name("settings.toml").read_text(encoding="utf-8")
    settings.write_text(shipped + '\n[[silenced]]\nrule = "I-01"\nreason = "试"\n', encoding="utf-8")
    words = ["validate", county, "--json", "--settings", settings]
    alone = selfeval(*words)
    assert '"reason": "试"' in alone.out
    assert selfeval(*words, "--scheduler", address).out == alone.out


class Killer(NoWatch):
    """Kills a worker when so many files are there."""

    def __init__(self, worker: int, after: int) -> None:
        self.worker, self.after, self.killed = worker, after, False

    def took(self, one: Reduced, *, is_kept: bool) -> None:
        self.after -= 1
        if self.after == 0:
            os.kill(self.worker, signal.SIGKILL)
            self.killed = True


def test_a_worker_that_is_killed_changes_nothing(county: Path, address: str, tmp_path: Path) -> None:
    with clusters.connected(address) as client:
        worker = next(iter(client.run(os.getpid).values()))
    one, other = tmp_path / "one.xlsx", tmp_path / "other.xlsx"
    killer = Killer(worker, after=10)
    first = consolidate([county], one, reading=ONE_BY_ONE)
    second = consolidate([county], other, reading=Reading(watch=killer, scheduler=address))
    assert killer.killed
    assert first.files == second.files
    assert one.read_bytes() == other.read_bytes()


# What can be wrong with it


def refused(county: Path, address: str) -> str:
    outcome = selfeval("validate", county, "--scheduler", address)
    assert (outcome.status, outcome.out) == (4, "")
    return outcome.err


def test_workers_with_another_program_are_refused(
    county: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SEARCH_VARIABLE, str(FORMS))
    assert "不是同一版本" in refused(county, address)


def test_a_scheduler_that_is_not_there_is_named(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "PATIENCE", 0.3)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    assert f"连不上调度程序 {place}" in refused(county, place)
    assert "连不上调度程序 nonsense" in refused(county, "nonsense")


def test_without_the_package_the_way_to_it_is_told(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert "pip install" in refused(county, "tcp://127.0.0.1:1")


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (distributed.KilledWorker("task", None, 3), "工作机读某个文件时几次退出"),
        (OSError(), "断了联系"),
        (clusters.CancelledError(), "断了联系"),
    ],
)
def test_a_cluster_that_fails_half_way_is_a_sentence(
    county: Path, address: str, monkeypatch: pytest.MonkeyPatch, fault: Exception, reason: str
) -> None:
    def failing(_client: object, _task: Callable[..., object], files: list[object]) -> Iterator[object]:
        raise fault

    monkeypatch.setattr(distributed.Future, "result", lambda *_: failing(None, print, []).__next__())
    assert reason in refused(county, address)


@pytest.mark.parametrize("words", [["--previous", "x"], ["--reference", "x.csv"]])
def test_what_a_cluster_cannot_do_is_wrong_usage(words: list[str]) -> None:
    assert selfeval("validate", COUNTY, "--scheduler", "tcp://x:1", *words).status == 2
    outcome = selfeval(
        "consolidate", COUNTY, "-o", "x.xlsx", "--level", "department", "--scheduler", "tcp://x:1"
    )
    assert outcome.status == 2
