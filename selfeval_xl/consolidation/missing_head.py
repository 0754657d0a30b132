"""Why a department has no head's report: the files that may have been it and do not count."""

from __future__ import annotations

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
    unused = selection.unused
    words = {*head_names(form), match_key(department or "")} - {""}
    likely = [(one, why) for one, why in unused if _is_called(one, words)] or unused
    if not likely:
        return say("report.no_head", head=form.head)
    files = "".join(say("report.unused", name=one.path.name, reason=why) for one, why in likely[:MOST])
    more = say("report.unused_more", count=len(likely) - MOST) if len(likely) > MOST else ""
    return say("report.head_unused", head=form.head, files=files + more)


def _is_called(one: Reduced, words: set[str]) -> bool:
    names = match_key(one.path.stem), match_key(one.department or "")
    return any(word in name for word in words for name in names)
