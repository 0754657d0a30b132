"""What a department's head office goes by: the form's own words, alone or behind the department's name."""

from __future__ import annotations

from functools import lru_cache

from selfeval_xl.form.model import Form
from selfeval_xl.names import match_key


def head_names(form: Form, department: str | None = None) -> frozenset[str]:
    """Return the keys of all names that the head goes by.

    Those of a *department* are also its name, or the end of it, with one of the words behind: an archive's
    head is called by the last letter of its name as often as in full.
    """
    printed = (table.head_label for table in form.tables.values())
    words = frozenset(match_key(name) for name in (form.head, *form.head_synonyms, *printed))
    return words | _of_department(words, match_key(department or ""))


@lru_cache(maxsize=16)
def _of_department(words: frozenset[str], department: str) -> frozenset[str]:
    ends = [department[start:] for start in range(len(department))]
    return frozenset(end + shown for end in ends for word in words for shown in (word, f"({word})"))
