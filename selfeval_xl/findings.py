"""Findings: what is wrong or worth a look in one report, as typed values.

A finding holds facts, never a finished sentence; :func:`message` renders it once,
at the edge, from the catalogue.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from selfeval_xl.amounts import PLACES, show, show_signed
from selfeval_xl.cells import Address
from selfeval_xl.texts import catalogue, say

ERROR, WARNING, INFO = SEVERITIES = ("error", "warning", "info")
STATUSES = ("clean", "info", "warnings", "errors", "refused")
"""What becomes of a file, in the order in which files are counted."""


class Verdict(StrEnum):
    """What a rule says of a row, in the sheet and in Python."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not_applicable"
    NOT_COMPUTABLE = "not_computable"
    UNCHECKED = "unchecked"

    @property
    def word(self) -> str:
        """Return the word as it stands in the sheet."""
        return say(f"verdict.{self.value}")


class Cause(Struct, frozen=True):
    """What probably led to a finding; ``facts`` are for its sentence in the catalogue."""

    code: str
    facts: Mapping[str, str] = {}

    @property
    def word(self) -> str:
        """Return the cause in a word or two."""
        return say(f"cause_word.{self.code}")


class Finding(Struct, frozen=True):
    """One finding.

    ``cells[0]`` is where to look first.  ``difference`` is actual - expected, signed,
    in the form's unit, shown with ``places`` decimals.  ``follows`` names the finding that explains this one;
    ``explanation`` is the accepted text of the clerk, or ``None``; ``is_doubt`` marks what only
    the bureau weighs.  ``stale`` is a text of the clerk that no longer fits the difference.
    """

    rule: str
    code: str
    severity: str
    cells: tuple[Address, ...]
    entity: str | None = None
    item: str | None = None
    expected: Decimal | str | None = None
    actual: Decimal | str | None = None
    difference: Decimal | None = None
    causes: tuple[Cause, ...] = ()
    facts: Mapping[str, str] = {}
    follows: str | None = None
    explanation: str | None = None
    places: int = PLACES
    is_doubt: bool = False
    stale: str | None = None

    @property
    def id(self) -> str:
        """Return the name under which other findings follow this one."""
        return f"{self.rule}@{self.cells[0]}"

    @property
    def is_open(self) -> bool:
        """Tell whether a clerk still has to do something about it."""
        return self.follows is None and self.explanation is None


def has_pattern(code: str) -> bool:
    """Tell whether the catalogue has a message for findings of this code."""
    return f"finding.{code}" in catalogue()


def message(finding: Finding) -> str:
    """Render a finding: place first, both figures, the difference, what to do."""
    facts = {
        "cell": str(finding.cells[0]),
        "place": _place(finding),
        "entity": finding.entity or "",
        "item": finding.item or "",
        "expected": show_value(finding.expected, finding.places),
        "actual": show_value(finding.actual, finding.places),
        "difference": "" if finding.difference is None else show_signed(finding.difference, finding.places),
        "decimals": str(finding.places),
        **finding.facts,
    }
    text = say(f"finding.{finding.code}", **facts)
    causes = "".join(say(f"cause.{cause.code}", **cause.facts) for cause in finding.causes)
    stale = "" if finding.stale is None else say("note.stale", difference=facts["difference"].lstrip("+-"))
    return f"{text}{causes}{stale}"


def _place(finding: Finding) -> str:
    names = [name for name in (finding.entity, finding.item) if name]
    return " ".join([str(finding.cells[0]), "·".join(names)]) if names else str(finding.cells[0])


def show_value(value: Decimal | str | None, places: int = PLACES) -> str:
    """Return an amount with its decimals, a text as it is, and a blank in words."""
    if value is None:
        return say("word.blank")
    return show(value, places) if isinstance(value, Decimal) else value


class Reconciliation(Struct, frozen=True):
    """A figure in the prose that differs from the table for a reason that the tables show.

    ``said`` is the figure in the text at ``cell``, ``figure`` that of the item at ``item_cell``, both in the
    form's unit; ``parts`` are the items whose amounts make up the difference, or from which it comes.
    """

    cell: Address
    scope: str
    item: str
    item_cell: Address
    said: Decimal
    figure: Decimal
    parts: tuple[tuple[str, Decimal], ...]
    unit: str
    places: int = PLACES

    def sentence(self) -> str:
        """Return the line that shows how the figures go together."""
        parts = say("word.plus").join(f"{item} {show(amount, self.places)}" for item, amount in self.parts)
        facts = {
            "cell": self.cell,
            "scope": self.scope,
            "item": self.item,
            "item_cell": self.item_cell,
            "said": show(self.said, self.places),
            "figure": show(self.figure, self.places),
            "difference": show(abs(self.figure - self.said), self.places),
            "unit": self.unit,
        }
        exact = sum(amount for _, amount in self.parts) == abs(self.figure - self.said)
        return say("reconciled.line" if exact else "reconciled.within", parts=parts, **facts)


def folded(findings: Sequence[Finding]) -> list[tuple[Finding, list[Finding]]]:
    """Return the findings that stand on their own, worst first, each with those that follow it.

    Of one severity they keep their order.
    """
    leads = {one.id: one.follows for one in findings if one.follows is not None}
    followers: dict[str, list[Finding]] = defaultdict(list)
    for one in findings:
        if one.follows is not None:
            followers[_first(one.follows, leads)].append(one)
    standing = sorted(
        (one for one in findings if one.follows is None), key=lambda one: SEVERITIES.index(one.severity)
    )
    return [(one, followers.pop(one.id, [])) for one in standing]


def _first(name: str, leads: Mapping[str, str]) -> str:
    """Return the finding at the head of those that follow one another."""
    seen = {name}
    while name in leads and leads[name] not in seen:
        name = leads[name]
        seen.add(name)
    return name


def worst(findings: Iterable[Finding]) -> str:
    """Return ``errors``, ``warnings``, ``info`` or ``clean`` for a file's findings."""
    severities = {finding.severity for finding in findings}
    for severity, status in ((ERROR, "errors"), (WARNING, "warnings"), (INFO, "info")):
        if severity in severities:
            return status
    return "clean"
