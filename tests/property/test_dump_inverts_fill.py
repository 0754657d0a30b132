"""What a data file says is what the workbook filled from it says: nothing lost, nothing moved, nothing added."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from selfeval_xl.submission.dump import to_data
from selfeval_xl.submission.taking import take
from tests.support import reports
from tests.support.data_strategies import Data, data_of

SLOW_TO_DRAW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("round")


def dumped(data: Data, folder: Path) -> dict[str, Any]:
    """Fill a workbook from *data*, write it, read it, and return its data."""
    filled = reports.filled(reports.report(data))
    return to_data(take(filled.blueprint, reports.read_back(filled, folder / "filled.xlsx")))


def normal(data: Data) -> dict[str, Any]:
    return to_data(reports.report(data))


@settings(max_examples=40, suppress_health_check=SLOW_TO_DRAW)
@given(data=data_of(reports.main_form()))
def test_a_filled_workbook_dumps_as_the_data_it_was_filled_from(folder: Path, data: Data) -> None:
    assert dumped(data, folder) == normal(data)


@settings(max_examples=40, suppress_health_check=SLOW_TO_DRAW)
@given(data=data_of(reports.second_form()))
def test_the_same_holds_for_a_form_with_other_words(folder: Path, data: Data) -> None:
    assert dumped(data, folder) == normal(data)


@settings(max_examples=100, suppress_health_check=SLOW_TO_DRAW)
@given(data=data_of(reports.main_form()))
def test_the_normal_form_of_data_is_its_own_normal_form(data: Data) -> None:
    assert normal(normal(data)) == normal(data)


@pytest.mark.parametrize("file", reports.sample_files(), ids=lambda file: file.stem)
def test_every_sample_comes_back_from_its_workbook(folder: Path, file: Path) -> None:
    submission = reports.report(file)
    filled = reports.filled(submission)
    taken = take(filled.blueprint, reports.read_back(filled, folder / "sample.xlsx"))
    assert to_data(taken) == to_data(submission)
