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
    words = _keys((form.head, *form.head_synonyms, *printed))
    return words | _of_department(words, match_key(department or ""))


@lru_cache(maxsize=4)
def _keys(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(match_key, names))


@lru_cache(maxsize=16)
def _of_department(words: frozenset[str], department: str) -> frozenset[str]:
    if not department:
        return frozenset()
    ends = [department[start:] for start in range(len(department))]
    behind = frozenset(end + word for end in ends for word in _shortest(words))
    return behind.union([department + word for word in words])


@lru_cache(maxsize=4)
def _shortest(words: frozenset[str]) -> list[str]:
    """Return the words without those that end in another, which say no more behind a name."""
    return [word for word in words if not any(word != one and word.endswith(one) for one in words)]
