"""Findings as a clerk reads them: worst first, what follows folded under its cause."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.findings import SEVERITIES, Finding, message
from selfeval_xl.texts import say

if TYPE_CHECKING:
    from selfeval_xl.jobs.repair import Repaired

LISTED = 20


def file_lines(one: Reduced) -> Iterator[str]:
    """Yield the lines about one file."""
    if one.reason is not None:
        yield say("report.refused", name=one.path, reason=one.reason)
        return
    status = say(f"status.{one.status}")
    if one.department:
        yield say("report.file", name=one.path, department=one.department, status=status)
    else:
        yield say("report.file_plain", name=one.path, status=status)
    yield from finding_lines(one.findings)


def finding_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield the findings that stand on their own, each with the rules of those that follow it."""
    followers: dict[str, list[str]] = defaultdict(list)
    for finding in findings:
        if finding.follows is not None:
            followers[finding.follows].append(f"{finding.rule}@{finding.cells[0]}")
    standing = [finding for finding in findings if finding.follows is None]
    for finding in sorted(standing, key=lambda one: SEVERITIES.index(one.severity)):
        severity = say(f"severity.{finding.severity}")
        yield say("report.line", severity=severity, message=message(finding), rule=finding.rule)
        if finding.explanation is not None:
            yield say("report.explained", text=finding.explanation)
        if finding.id in followers:
            yield say("report.follows", rules=say("word.and").join(followers[finding.id]))


def totals_line(files: Sequence[Reduced]) -> str:
    """Return the last line: how many files of each status."""
    counts = Counter(one.status for one in files)
    facts = {status: counts[status] for status in ("clean", "info", "warnings", "errors", "refused")}
    return say("report.totals", files=len(files), **facts)


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
