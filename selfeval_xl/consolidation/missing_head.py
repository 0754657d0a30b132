"""Why a department has no head's report: the files that may have been it and do not count."""

from __future__ import annotations

from collections.abc import Iterator

from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.consolidation.select import Selection
from selfeval_xl.form.heads import head_names
from selfeval_xl.form.model import Form
from selfeval_xl.names import match_key
from selfeval_xl.texts import say

MOST = 5


def without_head(selection: Selection, form: Form, department: str | None) -> str:
    """Return the sentence that says that the head's report is missing, because of which files, and what to do.

    Those that bear the head's or the *department*'s name are named, else all that may have been it.
    """
    unused = list(_unused(selection))
    words = {*head_names(form), match_key(department or "")} - {""}
    likely = [(one, why) for one, why in unused if _is_called(one, words)] or unused
    if not likely:
        return say("report.no_head", head=form.head)
    files = "".join(say("report.unused", name=one.path.name, reason=why) for one, why in likely[:MOST])
    more = say("report.unused_more", count=len(likely) - MOST) if len(likely) > MOST else ""
    return say("report.head_unused", head=form.head, files=files + more)


def _unused(selection: Selection) -> Iterator[tuple[Reduced, str]]:
    """Yield the files that were refused or skipped, without those of an entity and those that are no reports."""
    yield from ((one, str(one.reason)) for one in selection.refused)
    yield from ((one, why) for one, why in selection.skipped if not (one.entity_only or one.other_kind))


def _is_called(one: Reduced, words: set[str]) -> bool:
    names = match_key(one.path.stem), match_key(one.department or "")
    return any(word in name for word in words for name in names)
