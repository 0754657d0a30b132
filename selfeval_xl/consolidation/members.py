"""A department as a list of scores has it, its own file's or one of a region's summary."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from selfeval_xl.cells import Value


class Scored(NamedTuple):
    """A department's scores and grades; ``region`` is set where it comes from a region's summary."""

    region: str | None
    code: str | None
    name: str | None
    score: Value
    grade: str | None
    review: Decimal | None = None
    review_grade: str | None = None

    @property
    def counted(self) -> Decimal | None:
        """Return the score that ranks it: the bureau's, else its own."""
        own = self.score if isinstance(self.score, Decimal) else None
        return own if self.review is None else self.review

    @property
    def difference(self) -> Decimal | None:
        """Return by how much the bureau's score is above its own."""
        return (
            self.review - self.score if self.review is not None and isinstance(self.score, Decimal) else None
        )
