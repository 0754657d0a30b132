"""The words of a sentence: what each means to whoever looks for amounts.

A lexicon holds the language's words and one form's; :meth:`Lexicon.tokens` cuts a sentence into them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from selfeval_xl.form.model import Form
from selfeval_xl.form.prose import Prose, Rate, Spoken
from selfeval_xl.narrative.quantities import YEAR, Quantity
from selfeval_xl.narrative.words import fold, words

(ITEM, SCOPE, WHOLE, BUDGET, ACTUAL, RATE, OWN, ENTITY, QUANTITY, UNKNOWN) = (
    *("item", "scope", "whole", "budget", "actual"),
    *("named rate", "own", "entity", "quantity", "unknown"),
)
FISCAL, ALL = "fiscal", "all"
PLAIN, SHORT, VAGUE = "plain", "short", "vague"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word means: its kind, the items it may stand for, and whether it names a scope as well."""

    kind: str
    plain: tuple[Spoken, ...] = ()
    short: tuple[Spoken, ...] = ()
    vague: tuple[Spoken, ...] = ()
    fiscal: bool = False
    rate: Rate | None = None
    row: int = 0


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a figure, or a run of signs that mean nothing here; *start* and *end* count in the text."""

    kind: str
    start: int
    end: int
    meaning: Meaning = Meaning(UNKNOWN)
    quantity: Quantity | None = None
    text: str = ""

    @property
    def figure(self) -> Quantity:
        """Return the figure that it is; raises ``TypeError`` where it is a word."""
        if self.quantity is None:
            raise TypeError(f"{self.text!r} is no figure")
        return self.quantity


_Entries = Mapping[str, tuple[tuple[str, Meaning], ...]]


class Lexicon:
    """The words of the language and of one form, found by their first sign, the longest first."""

    def __init__(self, form: Form) -> None:
        spoken = _Meanings()
        grammar = words()["grammar"]
        self.quotes = frozenset(grammar["quotes"])
        for kind, texts in grammar.items():
            if kind != "quotes":
                spoken.add(texts, Meaning(kind))
        self.prose = form.prose
        if form.prose is not None:
            _add_form(spoken, form.prose)
        self.entries = _by_first_sign(spoken.found)

    def tokens(
        self, text: str, start: int, end: int, figures: Sequence[Quantity], extra: _Entries
    ) -> list[Token]:
        """Cut ``text[start:end]`` into words and *figures*; brackets without a figure are left out."""
        found: list[Token] = []
        upcoming = iter(figures)
        figure = next(upcoming, None)
        at = start
        while at < end:
            if figure is not None and at >= figure.start:
                found.append(Token(QUANTITY, figure.start, figure.end, quantity=figure))
                at, figure = max(at, figure.end), next(upcoming, None)
                continue
            stop = end if figure is None else figure.start
            at = self._word(text, at, stop, extra, found)
        return _without_empty_brackets(found)

    def _word(self, text: str, at: int, stop: int, extra: _Entries, found: list[Token]) -> int:
        sign = text[at]
        if sign in self.quotes:
            return at + 1
        for entries in (extra, self.entries) if extra else (self.entries,):
            for word, meaning in entries.get(sign, ()):
                last = self._match(text, at, stop, word)
                if last:
                    found.append(Token(meaning.kind, at, last, meaning, text=word))
                    return last
        if found and found[-1].kind == UNKNOWN and found[-1].end == at:
            found[-1] = replace(found[-1], end=at + 1)
        else:
            found.append(Token(UNKNOWN, at, at + 1))
        return at + 1

    def _match(self, text: str, at: int, stop: int, word: str) -> int:
        """Return where *word* ends if it stands at *at*, quotes and blanks inside it left out; else 0."""
        if text.startswith(word, at):
            return at + len(word) if at + len(word) <= stop else 0
        for sign in word:
            while at < stop and text[at] in self.quotes:
                at += 1
            if at >= stop or text[at] != sign:
                return 0
            at += 1
        return at


class _Meanings:
    """Collects meanings by word: a word may stand for several items, and for a scope as well."""

    def __init__(self) -> None:
        self.found: dict[str, Meaning] = {}

    def add(self, texts: Iterable[str], meaning: Meaning) -> None:
        for word in texts:
            self.found[fold(word)] = meaning

    def add_items(self, one: Spoken) -> None:
        for word in one.words:
            self._add_item(word, plain=(one,))
        for word in one.short:
            self._add_item(word, short=(one,))
        for word in one.vague:
            self._add_item(word, vague=(one,))

    def _add_item(
        self,
        word: str,
        plain: tuple[Spoken, ...] = (),
        short: tuple[Spoken, ...] = (),
        vague: tuple[Spoken, ...] = (),
    ) -> None:
        known = self.found.get(fold(word))
        if known is None or known.kind not in (ITEM, SCOPE):
            known = Meaning(ITEM)
        self.found[fold(word)] = Meaning(
            ITEM, known.plain + plain, known.short + short, known.vague + vague, known.fiscal
        )


def _add_form(spoken: _Meanings, prose: Prose) -> None:
    spoken.add(prose.budget, Meaning(BUDGET))
    spoken.add(prose.actual, Meaning(ACTUAL))
    spoken.add(prose.own, Meaning(OWN))
    spoken.add(prose.whole, Meaning(WHOLE))
    spoken.add(prose.fiscal, Meaning(SCOPE, fiscal=True))
    for rate in prose.rates:
        spoken.add(rate.words, Meaning(RATE, rate=rate))
    for one in prose.spoken:
        spoken.add_items(one)


def _by_first_sign(meanings: Mapping[str, Meaning]) -> _Entries:
    found: dict[str, list[tuple[str, Meaning]]] = {}
    for word in sorted(meanings, key=len, reverse=True):
        found.setdefault(word[0], []).append((word, meanings[word]))
    return {sign: tuple(entries) for sign, entries in found.items()}


def _without_empty_brackets(found: list[Token]) -> list[Token]:
    """Leave out brackets in which no figure stands, with what is in them."""
    kept: list[Token] = []
    opened: list[int] = []
    for token in found:
        if token.kind == "open":
            opened.append(len(kept))
        kept.append(token)
        if token.kind == "close" and opened:
            first = opened.pop()
            if not any(one.kind == QUANTITY and _counts(one) for one in kept[first:]):
                del kept[first:]
    return kept


def _counts(token: Token) -> bool:
    return token.quantity is not None and token.quantity.kind != YEAR


@lru_cache(maxsize=8)
def lexicon_of(form: Form) -> Lexicon:
    """Return the lexicon of a form, made when first asked for."""
    return Lexicon(form)


def names(named: Iterable[tuple[str, int]]) -> _Entries:
    """Return the entries for names of entities, each with its row."""
    return _by_first_sign({fold(name): Meaning(ENTITY, row=row) for name, row in named if name})


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence of a folded *text* begins and ends."""
    stops = frozenset(words()["grammar"]["stop"])
    start = 0
    for place, sign in enumerate(text):
        if sign in stops:
            yield start, place + 1
            start = place + 1
    if start < len(text):
        yield start, len(text)


def between(figures: Sequence[Quantity], start: int, end: int) -> Sequence[Quantity]:
    """Return the figures that stand from *start* to *end*, out of those in order."""
    starts = [one.start for one in figures]
    return figures[bisect_left(starts, start) : bisect_left(starts, end)]
