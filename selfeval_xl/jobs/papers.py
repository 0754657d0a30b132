"""Many files checked against last year's and against a list of other papers' amounts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from selfeval_xl.consolidation.lists import ListUnreadable
from selfeval_xl.consolidation.reduce import Reduced, Remark
from selfeval_xl.form.load import load_form
from selfeval_xl.jobs.files import inputs, left_aside
from selfeval_xl.jobs.problems import WrongUsage
from selfeval_xl.jobs.reading import Reading, watched
from selfeval_xl.papers.check import Papers, check_with
from selfeval_xl.papers.listed import Listed, read_listed
from selfeval_xl.papers.previous import past_files
from selfeval_xl.runs.pool import run
from selfeval_xl.texts import say

LISTED = 20
"""More lines about a list than these are counted only."""

GATHERED = ("no_previous", "not_listed")
"""Remarks that can be true of very many files: one line names them all."""


def validate_with(
    files: Sequence[Path],
    settings_file: Path | None,
    reading: Reading,
    previous: Path | None,
    reference: Path | None,
    tell: Callable[[str], None],
    *,
    whole: bool = False,
) -> Iterator[Reduced]:
    """Yield what was found in each of *files*, with its rows if *whole*, and tell how the other papers fitted."""
    listed = None if reference is None else _listed(reference)
    past = None
    if previous is not None:
        found, refused = past_files(inputs([previous]), settings_file, reading.jobs)
        for one in refused:
            tell(say("papers.refused", name=one.path, reason=one.reason))
        aside = left_aside([previous])
        if aside:
            tell(say("papers.left_aside", count=len(aside), names=say("word.and").join(aside)))
        past = tuple(found)
    papers = Papers(past, reference)
    task = partial(check_with, papers=papers, settings_file=settings_file, whole=whole)
    forms: set[Path] = set()
    gathered: dict[str, list[str]] = {}
    for one in watched(run(task, files, reading.jobs), len(files), reading.watch):
        forms.update([one.form_path] if one.form_path is not None else [])
        for remark in one.remarks:
            if remark.code in GATHERED:
                gathered.setdefault(remark.code, []).append(
                    remark.facts["department"] or remark.facts["name"]
                )
            else:
                tell(_line(remark, listed))
        yield one
    for code, names in gathered.items():
        tell(say(f"papers.{code}", count=len(names), names=say("word.and").join(dict.fromkeys(names))))
    if listed is not None:
        _tell_problems(listed, forms, tell)


def _listed(file: Path) -> Listed:
    try:
        return read_listed(file)
    except ListUnreadable as unreadable:
        raise WrongUsage("usage.reference", name=file.name, detail=unreadable) from None


def _line(remark: Remark, listed: Listed | None) -> str:
    list_name = "" if listed is None else listed.name
    return say(f"papers.{remark.code}", **{"listed": list_name, **remark.facts})


def _tell_problems(listed: Listed, forms: set[Path], tell: Callable[[str], None]) -> None:
    """Name the rows of the list that nobody could use."""
    problems = [*listed.problems, *listed.unknown_items(load_form(form) for form in forms)]
    problems.sort(key=lambda one: int(one.facts["line"]))
    for one in problems[:LISTED]:
        tell(_line(one, listed))
    if len(problems) > LISTED:
        tell(say("papers.more_rows", listed=listed.name, count=len(problems) - LISTED))
