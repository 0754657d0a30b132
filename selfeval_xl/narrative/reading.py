"""From paragraphs to mentions: every figure of a text that may speak of the form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from selfeval_xl.form.model import Form
from selfeval_xl.form.prose import Prose
from selfeval_xl.narrative.binding import Sentence
from selfeval_xl.narrative.layout import Layout, layout_finder
from selfeval_xl.narrative.ledger import Ledger, tree_of
from selfeval_xl.narrative.lexicon import Meaning, lexicon_of, names
from selfeval_xl.narrative.model import Mention, Paragraph
from selfeval_xl.narrative.source import Source
from selfeval_xl.narrative.state import Bound, Context
from selfeval_xl.narrative.words import fold, words

_SHORTEST = 3


def read(source: Source, ledger: Ledger, form: Form, prose: Prose) -> list[Mention]:
    """Return the figures of a report's paragraphs and what each speaks of, in order."""
    reader = _Reader(ledger, form, prose)
    found: list[Mention] = []
    for number, layout in source.each(layout_finder(form)):
        found += reader.paragraph(number, source.paragraphs[number], source.folded(number), layout)
    return found


class _Reader:
    def __init__(self, ledger: Ledger, form: Form, prose: Prose) -> None:
        self.ledger, self.form, self.prose = ledger, form, prose
        self.lexicon, self.tree = lexicon_of(form), tree_of(form)
        figures = ledger.figures
        known = [(figures.department or "", 0)]
        known += [(name, row) for row, (name, _) in enumerate(figures.entities[1:], start=2)]
        self.names: dict[str, list[tuple[str, int]]] = {}
        for name, row in known:
            if name:
                folded = fold(name)
                self.names.setdefault(_ending(folded), []).append((folded, row))
                if folded.endswith(tuple(words()["names"]["dropped"])):
                    self.names.setdefault(folded[-2], []).append((folded[:-1], row))
        heads = (form.head, *form.head_synonyms) if len(figures.entities) > 1 else ()
        self.heads = [(name, 1) for name in heads if len(name) >= _SHORTEST]
        self.section: tuple[object, str] | None = None
        self.context = Context()
        self.sentence = 0

    def paragraph(self, number: int, paragraph: Paragraph, text: str, layout: Layout) -> Iterator[Mention]:
        """Yield what the figures of one paragraph speak of."""
        section = paragraph.section, paragraph.heading
        narrow = self.context.narrow if section == self.section else frozenset()
        self.section = section
        self.context = Context(self.lexicon.items_of(paragraph.heading), narrow)
        extra = self._entities(text)
        for stretch in layout.naming if extra else layout.others:
            self.sentence += 1
            self.context.topic = stretch.title
            tokens = self.lexicon.tokens(text, stretch.start, stretch.end, stretch.figures, extra)
            for one in Sentence(tokens, self.ledger, self.tree, self.context, stretch.parts).bind():
                yield self._mention(number, paragraph, one)
            self.context.is_first = False

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
        """Return the names by which *text* calls the entities, in full or shortened."""
        named = [one for one in self.heads if one[0] in text]
        for ending, some in self.names.items():
            if ending in text:
                named += [(alias, row) for name, row in some for alias in aliases(text, name, ending)]
        return names(named) if named else {}


def _ending(folded: str) -> str:
    """Return what a name must end in to be shortened: its kind, or its last sign."""
    return next((one for one in words()["names"]["endings"] if folded.endswith(one)), folded[-1:])


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
