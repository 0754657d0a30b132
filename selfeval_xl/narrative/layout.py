"""What of a paragraph is worth reading: the stretches with figures that may speak of the form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from msgspec.structs import replace

from selfeval_xl.form.model import Form
from selfeval_xl.form.prose import Spoken
from selfeval_xl.narrative.lexicon import Lexicon, between, clauses, lexicon_of, sentences
from selfeval_xl.narrative.quantities import COUNT, MONEY, PEOPLE, PERCENT, YEAR, Quantity
from selfeval_xl.narrative.source import Text
from selfeval_xl.narrative.words import words

_SHORTEST_TITLE, _LONGEST_TITLE = 3, 16
_NEAR = 12
"""How many signs before a number a word for posts may stand."""
_BEHIND = 24
"""How many signs behind its last figure a sentence is read on for what the figure speaks of."""

_Span = tuple[int, int, int]
"""Where a stretch begins and ends, and before them where the one before ends."""


class Stretch(NamedTuple):
    """A part of a text that is read as a sentence, with its figures; ``title`` is the item that stands above it."""

    start: int
    end: int
    figures: Sequence[Quantity]
    title: Spoken | None


class Layout(NamedTuple):
    """The stretches of a text: whole sentences where it names entities, else of those on people only some clauses."""

    naming: Sequence[Stretch]
    others: Sequence[Stretch]


class Layouts:
    """Finds the stretches of texts."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        units = words()["units"]
        self.posts, self.visits = frozenset(units["posts"]), frozenset(units["visits"])
        self.fill: str = units["posts_after"]
        self.stops = tuple(words()["grammar"]["stop"])

    def find(self, found: Text) -> Layout | None:
        """Return the stretches of a text; ``None`` where there are none."""
        text, every = found.folded, self._counted(found.folded, found.figures)
        figures = [one for one in every if one.kind != COUNT]
        if all(one.kind == YEAR for one in figures):
            return None
        naming, others = self._spans(text, figures)
        if not naming:
            return None
        laid_out = [self._stretch(text, every, *span) for span in naming]
        return Layout(
            laid_out, laid_out if naming == others else [self._stretch(text, every, *span) for span in others]
        )

    def _stretch(self, text: str, every: Sequence[Quantity], above: int, start: int, end: int) -> Stretch:
        last = max(one.end for one in between(every, start, end) if one.kind not in (COUNT, YEAR))
        until = min(end, last + _BEHIND)
        return Stretch(start, until, between(every, start, until), self._title(text[above:start]))

    def _title(self, before: str) -> Spoken | None:
        """Return the item that a short sentence without a figure names, as a heading does, before one with figures."""
        title = before.strip()
        if not _SHORTEST_TITLE <= len(title) <= _LONGEST_TITLE or not title.endswith(self.stops):
            return None
        meanings = [token.meaning for token in self.lexicon.tokens(title, 0, len(title), ())]
        named = [(one.plain or one.short)[0] for one in meanings if one.plain or one.short]
        return named[0] if len(named) == 1 else None

    def _counted(self, text: str, found: Sequence[Quantity]) -> list[Quantity]:
        """Return figures with posts counted as people, and people behind a count of visits as a count of these."""
        counted: list[Quantity] = []
        for one in found:
            before = counted[-1] if counted else None
            if one.kind == COUNT and one.unit in self.posts and self._is_of_posts(text, one):
                counted.append(replace(one, kind=PEOPLE))
            elif one.kind == PEOPLE and before is not None and self._is_of_visits(text, before, one):
                counted.append(replace(one, kind=COUNT))
            else:
                counted.append(one)
        return counted

    def _is_of_posts(self, text: str, one: Quantity) -> bool:
        before = text[max(0, one.start - _NEAR) : one.start].rstrip(self.fill)
        return before.endswith(self.lexicon.of_posts)

    def _is_of_visits(self, text: str, before: Quantity, one: Quantity) -> bool:
        is_visits = before.kind == COUNT and before.unit in self.visits
        return is_visits and not any(sign.isalnum() for sign in text[before.end : one.start])

    def _spans(self, text: str, figures: Sequence[Quantity]) -> tuple[list[_Span], list[_Span]]:
        """Return what is worth cutting into words: sentences with amounts or shares, and on people and scores.

        Of the latter the first list has the whole sentences, the second the clauses.
        """
        naming: list[_Span] = []
        others: list[_Span] = []
        above = 0
        for start, end in sentences(text):
            kinds = {one.kind for one in between(figures, start, end)} - {YEAR}
            if MONEY in kinds or (PERCENT in kinds and _has(text[start:end], self.lexicon.of_shares)):
                naming.append((above, start, end))
                others.append((above, start, end))
                above = end
            elif kinds and _has(text[start:end], self.lexicon.of_people):
                naming.append((above, start, end))
                runs = self._on_people(text, start, end, figures)
                others += [
                    (above, first, last) for first, last in runs if _any_but_years(figures, first, last)
                ]
                above = end
        return naming, others

    def _on_people(
        self, text: str, start: int, end: int, figures: Sequence[Quantity]
    ) -> Iterator[tuple[int, int]]:
        """Yield the runs of clauses that name people or scores, each with the figures right behind."""
        run: tuple[int, int] | None = None
        for first, last in clauses(text, start, end):
            if _has(text[first:last], self.lexicon.of_people):
                run = run[0] if run else first, last
            elif run is not None and between(figures, first, last):
                run = run[0], last
            elif run is not None:
                yield run
                run = None
        if run is not None:
            yield run


def _any_but_years(figures: Sequence[Quantity], start: int, end: int) -> bool:
    return any(one.kind != YEAR for one in between(figures, start, end))


def _has(text: str, some: Iterable[str]) -> bool:
    return any(word in text for word in some)


@lru_cache(maxsize=8)
def layout_finder(form: Form) -> Callable[[Text], Layout | None]:
    """Return what finds the stretches of a text for a form, made when first asked for."""
    return Layouts(lexicon_of(form)).find
