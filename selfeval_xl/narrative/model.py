"""What goes in and comes out: paragraphs and figures; mentions, findings and reconciliations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct

from selfeval_xl.cells import Address, Value
from selfeval_xl.findings import Finding, Reconciliation
from selfeval_xl.form.model import Key
from selfeval_xl.form.prose import Spoken
from selfeval_xl.narrative.quantities import PERCENT, POINT, Quantity

ACTUAL, PRIOR, BUDGET, CHANGE, GROWTH, SHARE = "actual", "prior", "budget", "change", "growth", "share"
FISCAL, ALL = "fiscal", "all"
UP, DOWN, FLAT = "up", "down", "flat"
_RATES = (PERCENT, POINT)


class Paragraph(NamedTuple):
    """A paragraph of the clerk's, in the order of the form.

    ``section`` is the text section, or the report in prose with the number of its heading, ``""`` for a heading
    of the clerk's own; ``heading`` is what it stands under: a heading's title, the label of a column of texts,
    or the goal that it reports on.
    """

    cell: Address
    section: Key
    heading: str
    text: str


class Figures(Struct, frozen=True):
    """What a report's tables and single fields say.

    ``totals`` is the total row, ``entities`` each row's name and items; ``None`` is blank, and an item that a
    row's mapping lacks is not known.  ``cells`` gives an item's place, row 0 for the total row or a single field.
    ``previous`` is last year's total row, if known; ``others`` are names of other departments.  ``places`` tells
    where a text section begins, also one in which nothing stands.
    """

    year: int
    department: str | None
    totals: Mapping[Key, Decimal | None]
    entities: Sequence[tuple[str, Mapping[Key, Decimal | None]]]
    fields: Mapping[Key, Value]
    cells: Callable[[Key, int], Address]
    previous: Mapping[Key, Decimal | None] | None = None
    others: Sequence[str] = ()
    places: Mapping[Key, Address] = {}


class Mention(Struct, eq=False):
    """A figure in the text and what it speaks of.  Nobody changes it; frozen, it would take three times as long to make.

    ``spoken`` is the item, or ``None`` where it is none of the form's; ``role`` tells this year's actual figure
    from last year's, a budget's, a change, a growth rate or a share (of ``base``); ``row`` is the entity's row,
    0 for the total; ``scope`` says whether fiscal money only is meant, ``sure`` that words leave no doubt.
    """

    paragraph: int
    cell: Address
    text: str
    quantity: Quantity
    spoken: Spoken | None
    role: str = ACTUAL
    row: int = 0
    scope: str = ALL
    base: Spoken | None = None
    direction: str = ""
    sentence: int = 0

    @property
    def is_actual(self) -> bool:
        """Tell whether it is a figure of this year's tables."""
        return self.spoken is not None and self.role == ACTUAL and self.quantity.kind not in _RATES


class Prose(Struct, frozen=True):
    """What prose holds: every figure that speaks of the form, what is wrong, and what was reconciled."""

    mentions: tuple[Mention, ...]
    findings: tuple[Finding, ...]
    reconciliations: tuple[Reconciliation, ...]
