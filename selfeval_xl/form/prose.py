"""How a form's items are spoken of in prose: what a declaration says under ``[prose]``.

A form without it has no rules for prose.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct

Key = tuple[str, str]
MONEY, PEOPLE, SCORE = "money", "people", "score"


class Spoken(Struct, frozen=True, eq=False):
    """A figure of the form as prose speaks of it: the sum of ``items`` minus ``less``.

    ``words`` mean it wherever they stand; ``short`` ones only where the text speaks of its table already;
    ``vague`` ones only where the amount bears them out.  ``rule`` reports an amount that differs from the
    table, ``sums`` parts that do not add up to it in the text.
    """

    items: tuple[Key, ...]
    less: tuple[Key, ...]
    words: tuple[str, ...]
    short: tuple[str, ...]
    vague: tuple[str, ...]
    kind: str
    rule: str
    sums: str
    line: int

    @property
    def keys(self) -> tuple[Key, ...]:
        """Return all items that it is made of."""
        return self.items + self.less

    @property
    def table(self) -> str:
        """Return the table or section of its first item."""
        return (self.items or self.less)[0][0]


class Rate(Struct, frozen=True):
    """A percentage with a name of its own: *item* as a share of *of*.

    ``short`` names mean it only where the text speaks of the item's table already, or the figures bear it out.
    """

    words: tuple[str, ...]
    short: tuple[str, ...]
    item: Key
    of: Key


class Prose(Struct, frozen=True, eq=False, dict=True):
    """What a form says about prose; keys are items, or text sections where it says so.

    ``general`` are the words for fiscal money that leave out what comes from ``general_lacks``.
    ``classes`` are headings of another classification, which divides ``classed``: beside them ``short`` words
    may be such headings too.
    """

    spoken: tuple[Spoken, ...]
    rates: tuple[Rate, ...]
    fiscal: tuple[str, ...]
    whole: tuple[str, ...]
    fiscal_items: frozenset[Key]
    explains: tuple[Key, ...]
    general: tuple[str, ...]
    general_lacks: tuple[Key, ...]
    fiscal_sources: tuple[Key, ...]
    fiscal_uses: tuple[Key, ...]
    other_income: tuple[Key, ...]
    projects: Key | None
    project_sections: tuple[Key, ...]
    same_sections: tuple[Key, ...]
    budget: tuple[str, ...]
    actual: tuple[str, ...]
    own: tuple[str, ...]
    classes: tuple[str, ...]
    classed: Key | None
    self_names: Mapping[str, tuple[str, ...]]

    @cached_property
    def single(self) -> dict[Key, Spoken]:
        """Return how prose speaks of each item alone."""
        return {one.items[0]: one for one in self.spoken if len(one.items) == 1 and not one.less}
