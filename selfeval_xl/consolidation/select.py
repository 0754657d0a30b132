"""Which files count: one a department, of one form and one year; the rest is listed with its reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from selfeval_xl.blueprint.identity import FINAL
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.names import match_key
from selfeval_xl.texts import say

One = TypeVar("One")


@dataclass(slots=True)
class Selection:
    """The files accepted, skipped with a reason, and refused.

    ``conflicts`` are the files that exclude each other, ``rivals`` names another one for each of them.
    """

    accepted: list[Reduced] = field(default_factory=list)
    skipped: list[tuple[Reduced, str]] = field(default_factory=list)
    refused: list[Reduced] = field(default_factory=list)
    conflicts: list[Reduced] = field(default_factory=list)
    rivals: dict[Path, Reduced] = field(default_factory=dict)
    year: int | None = None
    form_path: Path | None = None


def select(files: Iterable[Reduced]) -> Selection:
    """Choose among *files*; their order does not matter.

    A final workbook wins over one to be filled in, then the later time of reporting;
    two different ones of equal rank are a conflict and neither counts.
    """
    result = Selection()
    candidates: list[Reduced] = []
    for one in sorted(files, key=lambda one: str(one.path)):
        if one.other_kind:
            result.skipped.append((one, str(one.reason)))
        elif one.reason is not None:
            result.refused.append(one)
        elif one.entity_only:
            result.skipped.append((one, say("report.skip_entity")))
        else:
            candidates.append(one)
    candidates = of_one_form(candidates, result)
    candidates = of_one_year(candidates, result)
    for group in grouped([((one.code, one.department), one) for one in candidates]):
        choose(group, result)
    result.accepted.sort(key=lambda one: (one.code or "\uffff", one.department or "", str(one.path)))
    result.skipped.sort(key=lambda pair: str(pair[0].path))
    return result


def grouped(named: Iterable[tuple[tuple[str | None, str | None], One]]) -> list[list[One]]:
    """Return what belongs together by (code, name): codes win over names.

    One without a code belongs to the only code that goes with its name, where there is just one.
    One with neither stands alone.
    """
    items = list(named)
    codes: dict[str, set[str]] = defaultdict(set)
    for (code, name), _ in items:
        if code and name:
            codes[match_key(name)].add(code)
    groups: dict[tuple[str, str], list[One]] = defaultdict(list)
    for number, ((code, name), one) in enumerate(items):
        key = match_key(name or "")
        known = {code} if code else codes.get(key, set())
        place = ("name", key) if key else ("alone", str(number))
        groups[("code", min(known)) if len(known) == 1 else place].append(one)
    return list(groups.values())


def of_one_form(candidates: Sequence[Reduced], result: Selection) -> list[Reduced]:
    """Return those of the most frequent form; the others are skipped."""
    paths = Counter(one.form_path for one in candidates)
    if not paths:
        return []
    wanted = min(paths, key=lambda path: (-paths[path], str(path)))
    result.form_path = wanted
    for one in candidates:
        if one.form_path != wanted:
            form = one.form_path.parent.name if one.form_path else ""
            result.skipped.append((one, say("report.skip_form", form=form)))
    return [one for one in candidates if one.form_path == wanted]


def of_one_year(candidates: Sequence[Reduced], result: Selection) -> list[Reduced]:
    """Return those of the most frequent year; the others are skipped."""
    years = Counter(one.year for one in candidates if one.year is not None)
    if not years:
        return list(candidates)
    wanted = min(years, key=lambda year: (-years[year], -year))
    result.year = wanted
    for one in candidates:
        if one.year not in (None, wanted):
            result.skipped.append((one, say("report.skip_year", year=one.year, wanted=wanted)))
    return [one for one in candidates if one.year in (None, wanted)]


def choose(group: Sequence[Reduced], result: Selection) -> None:
    """Accept the best of one department's files; equal copies of it are skipped, rivals are a conflict."""
    ranked = sorted(group, key=lambda one: (one.kind == FINAL, one.revision), reverse=True)
    best = ranked[0]
    equals = [one for one in ranked if (one.kind, one.revision) == (best.kind, best.revision)]
    if len({one.content or one.sha256 for one in equals}) > 1:
        for one in equals:
            other = next(rival for rival in equals if rival is not one)
            result.conflicts.append(one)
            result.rivals[one.path] = other
            result.skipped.append((one, say("report.skip_duplicate", name=other.path.name)))
        rest = [one for one in ranked if one not in equals]
        result.skipped += [(one, say("report.skip_older", name=best.path.name)) for one in rest]
        return
    result.accepted.append(best)
    result.skipped += [(one, say("report.skip_older", name=best.path.name)) for one in ranked[1:]]
