"""From paragraphs to mentions: every figure of a text that may speak of the form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from selfeval_xl.form.model import Form
from selfeval_xl.form.prose import Prose, Spoken
from selfeval_xl.narrative.binding import Sentence
from selfeval_xl.narrative.ledger import Ledger, tree_of
from selfeval_xl.narrative.lexicon import Meaning, Token, between, clauses, lexicon_of, names, sentences
from selfeval_xl.narrative.model import Mention, Paragraph
from selfeval_xl.narrative.quantities import COUNT, MONEY, PEOPLE, PERCENT, YEAR, Quantity
from selfeval_xl.narrative.source import Source
from selfeval_xl.narrative.state import Bound, Context
from selfeval_xl.narrative.words import fold, words

_NONE = (COUNT, YEAR)
_SHORTEST = 3
_LONGEST_TITLE = 16
_NEAR = 12
_BEHIND = 24
"""How many signs behind its last figure a sentence is read on for what the figure speaks of."""


def read(source: Source, ledger: Ledger, form: Form, prose: Prose) -> list[Mention]:
    """Return the figures of a report's paragraphs and what each speaks of, in order."""
    reader = _Reader(ledger, form, prose)
    found: list[Mention] = []
    for number, paragraph in enumerate(source.paragraphs):
        figures = [one for one in source.figures(number) if one.kind not in _NONE]
        if figures:
            found += reader.paragraph(number, paragraph, source.folded(number), source.figures(number))
    return found


class _Reader:
    def __init__(self, ledger: Ledger, form: Form, prose: Prose) -> None:
        self.ledger, self.form, self.prose = ledger, form, prose
        self.lexicon, self.tree = lexicon_of(form), tree_of(form)
        units = words()["units"]
        self.posts, self.visits = frozenset(units["posts"]), frozenset(units["visits"])
        self.stops = tuple(words()["grammar"]["stop"])
        self.fill: str = units["posts_after"]
        figures = ledger.figures
        known = [(figures.department or "", 0)]
        known += [(name, row) for row, (name, _) in enumerate(figures.entities[1:], start=2)]
        self.names = [_with_ending(name, row) for name, row in known if name]
        heads = (form.head, *form.head_synonyms) if len(figures.entities) > 1 else ()
        self.heads = [(name, 1) for name in heads if len(name) >= _SHORTEST]
        self.plain = names(self.heads)
        self.section: tuple[object, str] | None = None
        self.context = Context()
        self.sentence = 0

    def paragraph(
        self, number: int, paragraph: Paragraph, text: str, found: Sequence[Quantity]
    ) -> Iterator[Mention]:
        """Yield what the figures of one paragraph speak of."""
        every = self._all_counted(text, found)
        figures = [one for one in every if one.kind != COUNT]
        section = paragraph.section, paragraph.heading
        narrow = self.context.narrow if section == self.section else frozenset()
        self.section = section
        self.context = Context(self.lexicon.items_of(paragraph.heading), narrow)
        extra = self._entities(text)
        last = 0
        for start, end in self._stretches(text, figures, names_any=bool(extra)):
            self.context.topic = self._title(text[last:start])
            last = end
            own = between(figures, start, end)
            if all(one.kind == YEAR for one in own):
                continue
            self.sentence += 1
            until = min(end, own[-1].end + _BEHIND)
            tokens = self.lexicon.tokens(text, start, until, between(every, start, until), extra)
            for one in Sentence(tokens, self.ledger, self.tree, self.context).bind():
                yield self._mention(number, paragraph, one)
            self.context.is_first = False

    def _title(self, before: str) -> Spoken | None:
        """Return the item that a short sentence without a figure names, as a heading does, before one with figures."""
        title = before.strip()
        if not _SHORTEST <= len(title) <= _LONGEST_TITLE or not title.endswith(self.stops):
            return None
        named = [one for word in self.lexicon.tokens(title, 0, len(title), ()) for one in _items(word)[:1]]
        return named[0] if len(named) == 1 else None

    def _all_counted(self, text: str, found: Sequence[Quantity]) -> list[Quantity]:
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

    def _stretches(
        self, text: str, figures: Sequence[Quantity], *, names_any: bool
    ) -> Iterator[tuple[int, int]]:
        """Yield what is worth cutting into words: sentences with amounts or shares, clauses on people and scores."""
        for start, end in sentences(text):
            kinds = {one.kind for one in between(figures, start, end)}
            if MONEY in kinds or (PERCENT in kinds and _has(text[start:end], self.lexicon.of_shares)):
                yield start, end
            elif kinds and _has(text[start:end], self.lexicon.of_people):
                yield from ((start, end),) if names_any else self._on_people(text, start, end, figures)

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

    def _mention(self, number: int, paragraph: Paragraph, one: Bound) -> Mention:
        written = paragraph.text[one.quantity.start : one.quantity.end]
        return Mention(
            number,
            paragraph.cell,
            written,
            one.quantity,
            one.spoken,
            one.role,
            one.row,
            one.scope,
            one.base,
            one.direction,
            self.sentence,
        )

    def _entities(self, text: str) -> Mapping[str, tuple[tuple[str, Meaning], ...]]:
        """Return the names by which *text* may call the entities, in full or shortened."""
        named = [(alias, row) for name, last, row in self.names for alias in aliases(text, name, last)]
        return names([*named, *self.heads]) if named else self.plain


def _items(token: Token) -> tuple[Spoken, ...]:
    return token.meaning.plain or token.meaning.short


def _has(text: str, some: Iterable[str]) -> bool:
    return any(word in text for word in some)


def _with_ending(name: str, row: int) -> tuple[str, str, int]:
    """Return a name as texts are read, its ending, and its row."""
    folded = fold(name)
    endings = words()["names"]["endings"]
    return folded, next((one for one in endings if folded.endswith(one)), folded[-1:]), row


def aliases(text: str, name: str, last: str) -> Iterable[str]:
    """Yield the shortened forms of *name* in *text*: its ending *last*, before it any of its signs in their order."""
    at = text.find(last) if len(name) > len(last) else -1
    while at >= 0:
        start, limit = at, len(name) - len(last)
        while start > 0 and (place := name.rfind(text[start - 1], 0, limit)) >= 0:
            start, limit = start - 1, place
        if at + len(last) - start >= _SHORTEST:
            yield text[start : at + len(last)]
        at = text.find(last, at + 1)
