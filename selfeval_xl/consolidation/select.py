"""Which files count: one a department, of one form and one year; the rest is listed with its reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from selfeval_xl.blueprint.identity import FINAL, SUMMARY
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.findings import Finding
from selfeval_xl.names import match_key
from selfeval_xl.texts import say

One = TypeVar("One")


class Selection(Struct):
    """The files accepted, skipped with a reason, and refused.

    ``conflicts`` are the files that exclude each other, ``rivals`` names another one for each of them.  ``aside`` are
    those skipped files of which nobody wants to hear any more: a better one of their department is there, or they
    were not passed where only that counts.  ``remarks`` are findings about no single file.  ``renamed`` has each
    accepted file with one of the same code and another name that it replaces.
    """

    accepted: list[Reduced] = []
    skipped: list[tuple[Reduced, str]] = []
    refused: list[Reduced] = []
    conflicts: list[Reduced] = []
    rivals: dict[Path, Reduced] = {}
    aside: list[Reduced] = []
    remarks: list[Finding] = []
    year: int | None = None
    form_path: Path | None = None
    renamed: list[tuple[Reduced, Reduced]] = []

    @property
    def sent(self) -> list[Reduced]:
        """Return the files of everybody who sent one of the form and year, whether it counts or not."""
        return [*self.accepted, *self.conflicts, *self.aside]

    @property
    def unused(self) -> list[tuple[Reduced, str]]:
        """Return the files that may be somebody's report and do not count, with the reason: not those of one entity."""
        left = [(one, why) for one, why in self.skipped if not (one.entity_only or one.other_kind)]
        return [*((one, str(one.reason)) for one in self.refused), *left]

    @property
    def totals(self) -> dict[str, int]:
        """Return the control totals: found = read + refused, read = accepted + skipped."""
        accepted, skipped, refused = len(self.accepted), len(self.skipped), len(self.refused)
        read = accepted + skipped
        counts = {"accepted": accepted, "skipped": skipped, "refused": refused}
        return {"found": read + refused, "read": read, **counts}


def select(
    files: Iterable[Reduced], passed: frozenset[str] = frozenset(), *, passed_only: bool = False
) -> Selection:
    """Choose among *files*; their order does not matter.

    A final workbook wins over one to be filled in, then the later time of reporting;
    two different ones of equal rank are a conflict and neither counts, unless the bureau *passed* one of them.
    That is given as files' digests; with *passed_only* nothing else counts.
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
        elif passed_only and one.sha256 not in passed:
            _set_aside(one, say("report.skip_not_passed"), result)
        else:
            candidates.append(one)
    candidates = of_one_form(candidates, result)
    candidates = of_one_year(candidates, result)
    for group in grouped([((one.code, one.department), one) for one in candidates]):
        choose(group, result, passed)
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


def choose(group: Sequence[Reduced], result: Selection, passed: frozenset[str] = frozenset()) -> None:
    """Accept the best of one department's files; equal copies of it are skipped, rivals are a conflict."""
    # Of copies the one that was not called a copy: "a.xlsx" before "a (1).xlsx".
    named = sorted(group, key=lambda one: (len(one.path.name), str(one.path)))
    ranked = sorted(named, key=lambda one: (one.kind == FINAL, one.revision), reverse=True)
    equals = [one for one in ranked if _rank(one) == _rank(ranked[0])]
    best = next((one for one in equals if one.sha256 in passed), ranked[0])
    contents = {_contents(one) for one in equals}
    decided = {_contents(one) for one in equals if one.sha256 in passed}
    if len(contents) > 1 and len(decided) != 1:
        _set_against(equals, result)
        rest = [one for one in ranked if one not in equals]
        for one in rest:
            _set_aside(one, say("report.skip_older", name=name_beside(best, one)), result)
        return
    result.accepted.append(best)
    for one in ranked:
        if one is not best:
            _set_aside(one, _why_not(one, best), result)
            if has_other_name(one, best):
                result.renamed.append((best, one))


def _set_aside(one: Reduced, reason: str, result: Selection) -> None:
    result.skipped.append((one, reason))
    result.aside.append(one)


def _rank(one: Reduced) -> tuple[str | None, Decimal]:
    return one.kind, one.revision


def _contents(one: Reduced) -> str:
    return one.content or one.sha256


def _why_not(one: Reduced, best: Reduced) -> str:
    """Return why a department's file does not count beside the best one."""
    key = "older" if _rank(one) != _rank(best) else "same" if _contents(one) == _contents(best) else "decided"
    return say(f"report.skip_{key}", name=name_beside(best, one))


def name_beside(other: Reduced, one: Reduced) -> str:
    """Return the file name by which *other* is told from *one*: with its folder where both are called the same."""
    if other.path.name != one.path.name:
        return other.path.name
    is_plain = other.path.parent.name != one.path.parent.name
    return f"{other.path.parent.name}/{other.path.name}" if is_plain else str(other.path)


def has_other_name(one: Reduced, other: Reduced) -> bool:
    """Tell whether two files name two departments; one name may be short for the other."""
    names = match_key(one.department or ""), match_key(other.department or "")
    return all(names) and names[0] not in names[1] and names[1] not in names[0]


def _set_against(rivals: Sequence[Reduced], result: Selection) -> None:
    """Note that files exclude each other, each with another one that says something else."""
    for one in rivals:
        other = next(rival for rival in rivals if _contents(rival) != _contents(one))
        result.conflicts.append(one)
        result.rivals[one.path] = other
        key = "region" if one.kind == SUMMARY else "code" if has_other_name(one, other) else "duplicate"
        result.skipped.append((one, say(f"report.skip_{key}", name=name_beside(other, one))))
