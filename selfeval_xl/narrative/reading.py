"""From paragraphs to mentions: every figure of a text that may speak of the form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from selfeval_xl.form.model import Form
from selfeval_xl.form.prose import Prose
from selfeval_xl.narrative.binding import Sentence
from selfeval_xl.narrative.ledger import Ledger, tree_of
from selfeval_xl.narrative.lexicon import Meaning, between, clauses, lexicon_of, names, sentences
from selfeval_xl.narrative.model import Mention, Paragraph
from selfeval_xl.narrative.quantities import COUNT, MONEY, PEOPLE, PERCENT, YEAR, Quantity
from selfeval_xl.narrative.source import Source
from selfeval_xl.narrative.state import Bound, Context
from selfeval_xl.narrative.words import fold, words

_NONE = (COUNT, YEAR)
_SHORTEST = 3
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
        self.posts = frozenset(words()["units"]["posts"])
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
        every = [self._counted(text, one) for one in found]
        figures = [one for one in every if one.kind != COUNT]
        section = paragraph.section, paragraph.heading
        narrow = self.context.narrow if section == self.section else frozenset()
        self.section = section
        self.context = Context(self.lexicon.items_of(paragraph.heading), narrow)
        extra = self._entities(text)
        for start, end in self._stretches(text, figures, names_any=bool(extra)):
            own = between(figures, start, end)
            if all(one.kind == YEAR for one in own):
                continue
            self.sentence += 1
            end = min(end, own[-1].end + _BEHIND)
            tokens = self.lexicon.tokens(text, start, end, between(every, start, end), extra)
            for one in Sentence(tokens, self.ledger, self.tree, self.context).bind():
                yield self._mention(number, paragraph, one)
            self.context.is_first = False

    def _counted(self, text: str, one: Quantity) -> Quantity:
        """Return a count as people where its unit serves for posts and a word for such stands before it."""
        if (
            one.kind == COUNT
            and one.unit in self.posts
            and text.endswith(self.lexicon.of_posts, 0, one.start)
        ):
            return replace(one, kind=PEOPLE)
        return one

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
