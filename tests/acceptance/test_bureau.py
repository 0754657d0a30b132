"""A bureau's folder with problems of every kind: every sum to the cent, every problem in its list, none invented."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from unittest import mock

import pytest

from selfeval_xl.shipped import SEARCH_VARIABLE
from tests.acceptance.calling import FORMS, Data, selfeval, values_of
from tests.support import bureau as bureaus
from tests.support.bureau import ACCEPTED, KINDS, REFUSED, SKIPPED, Bureau, differences
from tests.support.killing import kill_often

pytestmark = pytest.mark.slow
ROUNDS = 2
PROBLEMS = ROUNDS * len(KINDS)
DEPARTMENTS = 190


@pytest.fixture(scope="module", autouse=True)
def forms() -> Iterator[None]:
    with mock.patch.dict(os.environ, {SEARCH_VARIABLE: str(FORMS)}):
        yield


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    folder = tmp_path_factory.mktemp("bureau") / "received"
    return bureaus.make(folder, DEPARTMENTS, PROBLEMS, own=PROBLEMS + 5)


@pytest.fixture(scope="module")
def summary(bureau: Bureau) -> Path:
    return bureau.folder.with_name("summary.xlsx")


@pytest.fixture(scope="module")
def said(bureau: Bureau, summary: Path) -> Data:
    words = ["--roster", bureau.roster_file, "--json", "--force"]
    return selfeval("consolidate", bureau.folder, "-o", summary, *words).json


def test_every_kind_of_problem_is_there(bureau: Bureau) -> None:
    assert len(KINDS) >= 20
    assert bureau.planted == {kind.__name__: ROUNDS for kind in KINDS}
    assert len(bureau.fates) >= 200


def test_sums_are_right_and_problems_are_in_their_lists(bureau: Bureau, said: Data) -> None:
    assert differences(bureau, said) == []


def test_the_summary_lists_what_is_out_and_adds_up_what_is_in(
    bureau: Bureau, summary: Path, said: Data
) -> None:
    found = values_of(summary)
    wanted = {name for name, fate in bureau.fates.items() if fate.state in (SKIPPED, REFUSED)}
    assert {name for name in _words(found["拒收和跳过"]) if name in bureau.fates} == wanted
    reported = _words(found["报送情况"])
    assert {name for name, fate in bureau.fates.items() if fate.state == ACCEPTED} <= reported
    assert set(bureau.missing) <= reported
    assert said["summary"]["sums"]["收入"]["收入合计"] == str(bureau.sums["收入", "收入合计"])


def _words(sheet: dict[str, object]) -> set[object]:
    return set(sheet.values())


def test_a_check_that_would_miss_something_is_seen(bureau: Bureau, said: Data) -> None:
    """The check itself: a cent, a file, a finding, a department too many or too few."""
    assert bureau.sums["收入", "收入合计"] > 0
    for change in (_cent, _file, _finding, _department):
        assert len(differences(bureau, change(said))) >= 1, change.__name__


def _cent(said: Data) -> Data:
    sums = said["summary"]["sums"]
    total = str(bureaus.Decimal(sums["支出"]["基本支出"]) + bureaus.CENT)
    return {
        **said,
        "summary": {**said["summary"], "sums": {**sums, "支出": {**sums["支出"], "基本支出": total}}},
    }


def _file(said: Data) -> Data:
    return {**said, "files": said["files"][1:]}


def _finding(said: Data) -> Data:
    return {**said, "files": [{**one, "findings": []} for one in said["files"]]}


def _department(said: Data) -> Data:
    return {**said, "findings": said["findings"][1:]}


def test_neither_order_nor_processes_change_the_summary(bureau: Bureau, summary: Path, said: Data) -> None:
    files = sorted(bureau.folder.iterdir())
    Random(7).shuffle(files)
    other = summary.with_name("other.xlsx")
    words = ["--roster", bureau.roster_file, "--json", "--jobs", 2]
    outcome = selfeval("consolidate", *files, "-o", other, *words)
    assert other.read_bytes() == summary.read_bytes()
    in_order = sorted(outcome.json["files"], key=lambda one: one["file"])
    assert {**outcome.json, "files": in_order} == said


@pytest.mark.skipif(sys.platform == "win32", reason="signals as Linux has them")
def test_killed_at_any_moment_the_old_summary_or_the_new_one_is_there(bureau: Bureau, tmp_path: Path) -> None:
    files = sorted(bureau.folder.iterdir())[:50]
    target = tmp_path / "summary.xlsx"
    words = ["consolidate", *files, "-o", target, "--force", "--jobs", 2]
    selfeval(*words)
    killed = kill_often(words, target, b"old", target.read_bytes(), tmp_path / "kept", times=4)
    assert killed.found["broken"] == 0
    assert killed.in_time >= 2
    assert killed.completes
