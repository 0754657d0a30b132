"""Findings as a clerk reads them: worst first, what follows folded under its cause, long lists shortened."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.findings import ERROR, INFO, STATUSES, WARNING, Finding, folded, message
from selfeval_xl.texts import say

if TYPE_CHECKING:
    from selfeval_xl.jobs.register import Register
    from selfeval_xl.jobs.repair import Repaired

LISTED = 20
MOST_OF_A_RULE = 8
MOST_FOLLOWERS = 6
COLOURS = {
    ERROR: "red",
    WARNING: "yellow",
    INFO: "cyan",
    "errors": "red",
    "refused": "red",
    "warnings": "yellow",
    "clean": "green",
}
"""The colours of severities and of files' statuses; a file with mere hints has the hints' colour."""

Paint = Callable[[str, str], str]


def plain(text: str, _tone: str) -> str:
    """Return the text as it is."""
    return text


def coloured(text: str, tone: str) -> str:
    """Return the text in the colour of a severity or a file's status."""
    return click.style(text, fg=COLOURS[tone], bold=True)


def file_lines(one: Reduced, paint: Paint = plain) -> Iterator[str]:
    """Yield the lines about one file; what only the bureau weighs is not among them."""
    if one.reason is not None:
        yield paint(say("report.refused", name=one.path, reason=one.reason), "refused")
        return
    status = paint(say(f"status.{one.status}"), one.status)
    if one.department:
        yield say("report.file", name=one.path, department=one.department, status=status)
    else:
        yield say("report.file_plain", name=one.path, status=status)
    yield from finding_lines(one.findings, one.bases, paint)
    yield from (say("report.reconciled", text=line.sentence()) for line in one.reconciliations)
    silenced = [rule for rule in one.silenced if rule.department is None]
    yield from (say("report.silenced", rule=rule.rule, reason=rule.reason) for rule in silenced)
    if one.findings:
        yield say("report.counts", **one.counts)


def problem_line(one: Reduced) -> str:
    """Return one line about a file that was refused or has an error, with the first error."""
    return "".join(line.strip() for line in list(file_lines(one))[: 1 if one.reason is not None else 2])


def finding_lines(
    findings: Sequence[Finding], bases: Mapping[str, str] | None = None, paint: Paint = plain
) -> Iterator[str]:
    """Yield the findings that stand on their own, each with the rules of those that follow it.

    *bases* gives what a rule rests on.  Of very many findings of one rule the first are shown.
    """
    standing = folded(findings)
    alike: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding, _ in standing:
        alike[(finding.severity, finding.rule)].append(finding)
    seen: Counter[tuple[str, str]] = Counter()
    for finding, followers in standing:
        kind = finding.severity, finding.rule
        seen[kind] += 1
        if seen[kind] <= MOST_OF_A_RULE:
            yield from _finding(finding, followers, bases or {}, paint)
        elif seen[kind] == MOST_OF_A_RULE + 1:
            yield _others(alike[kind][MOST_OF_A_RULE:], paint)


def _finding(
    finding: Finding, followers: Sequence[Finding], bases: Mapping[str, str], paint: Paint
) -> Iterator[str]:
    severity = paint(say(f"severity.{finding.severity}"), finding.severity)
    basis = bases.get(finding.rule)
    rule = finding.rule if not basis else say("report.rule", rule=finding.rule, basis=basis)
    yield say("report.line", severity=severity, message=message(finding), rule=rule)
    if finding.explanation is not None:
        yield say("report.explained", text=finding.explanation)
    # A row and the total row may be told at the same cell, which is named once.
    names = [name for name in dict.fromkeys(one.id for one in followers) if name != finding.id]
    if names:
        rest = len(names) - MOST_FOLLOWERS
        more = say("report.follows_more", count=rest) if rest > 0 else ""
        rules = say("word.and").join(names[:MOST_FOLLOWERS])
        yield say("report.follows", rules=rules + more)


def _others(findings: Sequence[Finding], paint: Paint) -> str:
    """Return the line for findings that are too many to be shown."""
    first = findings[0]
    severity = paint(say(f"severity.{first.severity}"), first.severity)
    cells = say("word.and").join(str(one.cells[0]) for one in findings[:MOST_OF_A_RULE])
    more = say("word.more") if len(findings) > MOST_OF_A_RULE else ""
    return say("report.others", severity=severity, count=len(findings), cells=cells + more, rule=first.rule)


def totals_line(files: Sequence[Reduced]) -> str:
    """Return the last line: how many files of each status."""
    counts = Counter(one.status for one in files)
    facts = {status: counts[status] for status in STATUSES}
    return say("report.totals", files=len(files), **facts)


def register_lines(register: Register) -> Iterator[str]:
    """Yield what roster and ledger come to: findings about no single file, then how many are in each state."""
    if register.findings:
        yield say("report.register")
        yield from finding_lines(register.findings)
    if register.ledger is not None:
        count = register.ledger.uncounted
        more = say("report.ledger_uncounted", count=count) if count else ""
        yield say("report.ledger", name=register.ledger.path.name, **register.ledger.counts) + more


def repair_lines(repaired: Repaired) -> Iterator[str]:
    """Yield what came over from a damaged workbook, what was made of it, and what did not."""
    plan = repaired.blueprint
    if repaired.is_guessed:
        facts = {"form": plan.form.name, "edition": plan.form.edition, "year": plan.year}
        yield say("repair.guessed", **facts)
    for name, there in repaired.renamed:
        yield say("repair.renamed", sheet=name, there=there)
    if repaired.missing:
        yield say("repair.missing", sheets=say("word.and").join(repaired.missing))
    yield say("repair.came", count=repaired.came)
    if repaired.converted:
        yield say("repair.converted_title", count=len(repaired.converted))
        lines = [
            say("repair.converted_line", place=one.place, text=one.text, taken=one.taken)
            for one in repaired.converted
        ]
        yield from _some(lines)
    if repaired.left:
        sheet = plan.form.sheet_of_kind("checks").name
        yield say("repair.left_title", sheet=sheet, count=len(repaired.left))
        yield from _some([say("repair.left_line", place=one.place, text=one.said) for one in repaired.left])


def _some(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:LISTED]
    if len(lines) > LISTED:
        yield say("repair.more", count=len(lines) - LISTED)
