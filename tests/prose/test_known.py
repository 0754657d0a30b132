"""Marked sentences in the manner of published reports: how many amounts are matched, what is reported wrongly."""

import pytest

from tests.prose.measure import KNOWN, as_markdown, measure

LEAST_MATCHED, MOST_FALSE, LEAST_FOUND = 0.99, 0.005, 0.97


SETS = ["known.toml", "further.toml", "fourth.toml", "fifth.toml", "sixth.toml"]


@pytest.mark.parametrize("name", SETS)
def test_marked_amounts_are_matched_and_only_faults_reported(name: str) -> None:
    outcome = measure(KNOWN.with_name(name))
    told = as_markdown(outcome)
    assert outcome.amounts > 250
    assert outcome.matched >= LEAST_MATCHED * outcome.amounts, told
    assert outcome.false_alarms <= MOST_FALSE * outcome.amounts, told
    assert outcome.faults_found >= LEAST_FOUND * outcome.faults, told
