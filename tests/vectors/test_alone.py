"""Each rule broken alone in a tidy report: one finding, of that rule, at its cell, with its difference."""

from pathlib import Path

import pytest

# Imported for what they put on the list.
import tests.support.alone_files
import tests.support.alone_texts  # noqa: F401
from tests.support.alone import BREAKS, ELSEWHERE, TOGETHER, broken
from tests.support.mistakes import is_right, new_findings, told, wanted
from tests.support.reports import main_form

DECLARED = [rule.id for rule in main_form().rules]
SEED = 3


def test_every_declared_rule_can_be_broken_alone_or_says_why_not() -> None:
    assert [rule for rule in DECLARED if rule not in BREAKS and rule not in ELSEWHERE] == []
    assert set(BREAKS) & set(ELSEWHERE) == set()


@pytest.mark.parametrize("rule", [rule for rule in DECLARED if rule in BREAKS])
def test_a_rule_broken_alone_gives_one_finding(tmp_path: Path, rule: str) -> None:
    one = broken(rule, SEED, tmp_path)
    found = [each for each in new_findings(one) if each["rule"] not in one.expected.also - {rule}]
    shown = f"{wanted(one.expected)}, but {[told(each) for each in found]}"
    assert len(found) == 1, shown
    assert found[0]["rule"] in TOGETHER.get(rule, {rule}), shown
    assert is_right(found[0], one.expected), shown
