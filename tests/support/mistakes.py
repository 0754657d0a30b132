"""The 75 mistakes that clerks make, planted one at a time, and what a checker says of each.

Those that need a roster or several files are left out, each with the reason.
"""

from collections.abc import Collection
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

# Imported for what they put on the list.
import tests.support.mistakes_amounts
import tests.support.mistakes_fields
import tests.support.mistakes_files
import tests.support.mistakes_texts
import tests.support.mistakes_years  # noqa: F401
from tests.acceptance.calling import Outcome, selfeval, shown
from tests.support import reports
from tests.support.planting import MISTAKES, Expected, Planted, planted

LAST = 75
LEFT_OUT = {
    10: "a sub-agency counted in its department's file and in its own: several files",
    46: "scores of indicators that do not add up: the form has no sheet of them (G-04)",
    64: "two files of one department: several files",
    65: "a department missing or not on the roster: needs the roster",
    66: "the department's name against the roster and the file's name: needs the roster",
}
REFUSED, NO_OPTION = 3, 2


def numbers() -> list[int]:
    """Return the numbers of the mistakes that are planted."""
    return sorted(MISTAKES)


def plant(number: int, seed: int, folder: Path, *, quick: bool = False) -> Planted:
    """Plant a mistake at a random place of a random tidy report."""
    return planted(MISTAKES[number], seed, folder, quick=quick)


class Said(Struct):
    """What was said of a planted mistake.

    *found* where the first new finding is the right rule at the right cell; *alarms* are new findings beside it.
    """

    planted: Planted
    found: bool = False
    alarms: list[str] = []
    first: str = ""


class NotSaid(Exception):
    """There are no findings: the file was refused, or the command does not know an option."""

    def __init__(self, why: str, *, refused: bool = False) -> None:
        super().__init__(why)
        self.why, self.refused = why, refused


def said_of(one: Planted) -> Said:
    """Check a planted report and the same without the mistake."""
    said = Said(one)
    try:
        _judge(said, new_findings(one))
    except NotSaid as not_said:
        said.first = not_said.why
        said.found = not_said.refused and any(word in not_said.why for word in one.expected.refused)
    return said


@cache
def bureaus() -> frozenset[str]:
    """Return the rules whose findings are doubts, for the bureau to weigh."""
    return frozenset(rule.id for rule in reports.main_form().rules if rule.bureau)


def new_findings(one: Planted) -> list[dict[str, Any]]:
    """Return the findings that a clerk counts and that the tidy report has not; raises ``NotSaid``.

    The bureau's doubts are among them if a rule of its own is expected.
    """
    outcome = selfeval("validate", one.path, *one.words, "--json")
    if outcome.status == NO_OPTION:
        raise NotSaid("the option is not known")
    if outcome.status == REFUSED:
        raise NotSaid(f"refused: {outcome.file['reason']}", refused=True)
    tidy = selfeval("validate", one.tidy, *one.tidy_words, "--json")
    doubted = one.expected.rules & bureaus()
    known = {shown(finding) for finding in _standing(tidy, doubted)}
    return [finding for finding in _standing(outcome, doubted) if shown(finding) not in known]


def _standing(outcome: Outcome, doubted: Collection[str]) -> list[dict[str, Any]]:
    """Return the findings that a clerk counts, two of one rule at one cell as two, and the doubts of some rules."""
    assert outcome.file["status"] != "refused", outcome.file["reason"]
    doubts = [one for one in outcome.file["doubts"] if one["rule"] in doubted]
    return [one for one in (*outcome.findings, *doubts) if one["follows"] is None]


def _judge(said: Said, new: list[dict[str, Any]]) -> None:
    expected = said.planted.expected
    right = [one for one in new if is_right(one, expected)]
    said.first = told(new[0]) if new else "nothing"
    said.found = bool(right) and new[0] is right[0]
    others = [one for one in new if not right or one is not right[0]]
    said.alarms = [told(one) for one in others if one["rule"] not in expected.also]


def is_right(finding: dict[str, Any], expected: Expected) -> bool:
    """Tell whether a finding is the right rule at the right cell, as severe and as large as it should be."""
    if finding["rule"] not in expected.rules or finding["severity"] not in expected.severities:
        return False
    if not any(fnmatchcase(finding["cells"][0], pattern) for pattern in expected.cells):
        return False
    return expected.difference is None or Decimal(finding["difference"] or 0) == expected.difference


def told(finding: dict[str, Any]) -> str:
    """Return a finding in short."""
    return f"{shown(finding)} {finding['severity']} {finding['difference'] or ''}".strip()


def wanted(expected: Expected) -> str:
    """Return what is expected in short."""
    if expected.refused:
        return f"refused: {' or '.join(expected.refused)}"
    rules = sorted(expected.rules)
    named = " ".join(rules) if len(rules) < 8 else f"{rules[0]} … {rules[-1]}"
    return f"{named} @ {' '.join(sorted(expected.cells)[:4])} {expected.difference or ''}".strip()
