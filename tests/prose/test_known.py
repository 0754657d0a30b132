"""Marked sentences in the manner of published reports: how many amounts are matched, what is reported wrongly."""

import pytest

from tests.prose.measure import KNOWN, as_markdown, measure

LEAST_MATCHED = {
    "known.toml": 0.99,
    "further.toml": 0.99,
    "fourth.toml": 0.99,
    "fifth.toml": 0.99,
    "sixth.toml": 0.99,
    "seventh.toml": 0.98,
    "eighth.toml": 0.98,
    "tenth.toml": 0.99,
}
MOST_FALSE, LEAST_FOUND = 0.005, 0.97


@pytest.mark.parametrize("name", LEAST_MATCHED)
def test_marked_amounts_are_matched_and_only_faults_reported(name: str) -> None:
    outcome = measure(KNOWN.with_name(name))
    told = as_markdown(outcome)
    assert outcome.amounts > 130
    assert outcome.matched >= LEAST_MATCHED[name] * outcome.amounts, told
    assert outcome.false_alarms <= MOST_FALSE * outcome.amounts, told
    assert outcome.faults_found >= LEAST_FOUND * outcome.faults, told
