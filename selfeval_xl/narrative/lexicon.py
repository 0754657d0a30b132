"""The words of a sentence: what each means to whoever looks for amounts.

A lexicon holds the language's words and one form's; :meth:`Lexicon.tokens` cuts a sentence into them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from selfeval_xl.form.model import Form
from selfeval_xl.form.prose import MONEY, Prose, Rate, Spoken
from selfeval_xl.narrative.quantities import COUNT, YEAR, Quantity
from selfeval_xl.narrative.words import fold, words

(ITEM, SCOPE, WHOLE, BUDGET, ACTUAL, RATE, OWN, ENTITY, CLASS, QUANTITY, UNKNOWN) = (
    *("item", "scope", "whole", "budget", "actual", "named rate"),
    *("own", "entity", "class", "quantity", "unknown"),
)
FISCAL, ALL = "fiscal", "all"
MOST_HEADINGS, MOST_STRETCHES = 1024, 8192
PLAIN, SHORT, VAGUE = "plain", "short", "vague"


class Meaning(Struct, frozen=True):
    """What a word means: its kind, the items it may stand for, whether it names a scope as well.

    ``now`` says that it names this year, ``done`` that it names what was spent and no budget; ``kinds`` are those
    of the figures that it may stand before.
    """

    kind: str
    plain: tuple[Spoken, ...] = ()
    short: tuple[Spoken, ...] = ()
    vague: tuple[Spoken, ...] = ()
    fiscal: bool = False
    rates: tuple[Rate, ...] = ()
    row: int = 0
    now: bool = False
    done: bool = False
    kinds: frozenset[str] = frozenset()


class Token(Struct):
    """A word, a figure, or a run of signs that mean nothing here.

    Nobody changes it, and sentences share it; frozen, it would take three times as long to make.
    """

    kind: str
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
    """The words of the language and of one form, found by how they begin, the longest first."""

    def __init__(self, form: Form) -> None:
        grammar = words()["grammar"]
        spoken = _Meanings(grammar["current"], form.prose.actual if form.prose is not None else ())
        self.quotes = dict.fromkeys(map(ord, grammar["quotes"]))
        self._known: dict[str, Sequence[Token]] = {}
        for kind, texts in grammar.items():
            if kind not in ("quotes", "nothing"):
                spoken.add(texts, Meaning(kind))
        self.prose = form.prose
        if form.prose is not None:
            _add_form(spoken, form.prose)
        self.meanings = spoken.found
        self.lengths = _lengths(spoken.found)
        self._headings: dict[str, tuple[Spoken, ...]] = {}
        self.nothing = re.compile(grammar["nothing"])
        others = [one for one in form.prose.spoken if one.kind != MONEY] if form.prose is not None else []
        rates = form.prose.rates if form.prose is not None else ()
        self.of_posts = tuple(fold(word) for one in others for word in one.words)
        self.of_people = _roots(word for one in others for word in (*one.words, *one.short, *one.vague))
        self.of_shares = _roots(
            [
                *grammar["share"],
                *words()["share"]["split"],
                *(word for rate in rates for word in (*rate.words, *rate.short)),
            ]
        )

    def tokens(
        self, text: str, start: int, end: int, figures: Sequence[Quantity], extra: _Entries | None = None
    ) -> list[Token]:
        """Cut ``text[start:end]`` into words and *figures*; brackets without a figure are left out."""
        found: list[Token] = []
        at = start
        for figure in figures:
            if at < figure.start:
                found += self._words(text[at : figure.start], extra)
            found.append(Token(QUANTITY, quantity=figure))
            at = figure.end
        if at < end:
            found += self._words(text[at:end], extra)
        return _without_empty_brackets(found)

    def items_of(self, heading: str) -> tuple[Spoken, ...]:
        """Return the items that a heading names."""
        known = self._headings.get(heading)
        if known is None:
            text = fold(heading)
            tokens = self.tokens(text, 0, len(text), ())
            known = tuple(token.meaning.plain[0] for token in tokens if token.meaning.plain)
            if len(self._headings) < MOST_HEADINGS:
                self._headings[heading] = known
        return known

    def _words(self, stretch: str, extra: _Entries | None) -> Sequence[Token]:
        """Return the words of a stretch without figures; what stands between many departments' figures is cut once."""
        if extra and not extra.keys().isdisjoint(stretch):
            return self._cut(stretch, extra)
        known = self._known.get(stretch)
        if known is None:
            if len(self._known) >= MOST_STRETCHES:
                self._known.clear()
            known = self._known[stretch] = self._cut(stretch, {})
        return known

    def _cut(self, stretch: str, named: _Entries) -> Sequence[Token]:
        """Cut a stretch without figures into words; quotes and blanks count for nothing, also inside a word."""
        found: list[Token] = []
        stretch = stretch.translate(self.quotes)
        at, unknown, begins = 0, 0, self.lengths
        while at < len(stretch):
            begin = stretch[at : at + 2]
            if begin not in begins and begin[0] not in begins and begin[0] not in named:
                at += 1
                continue
            word, meaning = self._longest(stretch, at, named)
            if meaning is None:
                at += 1
                continue
            if unknown < at:
                found.append(self._unknown(stretch[unknown:at]))
            at = unknown = at + len(word)
            found.append(Token(meaning.kind, meaning, None, word))
        if unknown < at:
            found.append(self._unknown(stretch[unknown:at]))
        return found

    def _unknown(self, word: str) -> Token:
        """Return a run of signs that are no word here; mere dates and numbering fill."""
        return Token("filler" if self.nothing.fullmatch(word) else UNKNOWN, text=word)

    def _longest(self, stretch: str, at: int, named: _Entries) -> tuple[str, Meaning | None]:
        """Return the longest word at a place with its meaning; names of entities come first."""
        for word, meaning in named.get(stretch[at], ()):
            if stretch.startswith(word, at):
                return word, meaning
        for begin in (stretch[at : at + 2], stretch[at]):
            for length in self.lengths.get(begin, ()):
                found = self.meanings.get(word := stretch[at : at + length])
                if found is not None:
                    return word, found
        return "", None


def _roots(some: Iterable[str]) -> tuple[str, ...]:
    """Return those of some words that hold none of the others: where none of them stands, none of all does."""
    roots: list[str] = []
    for word in sorted(some, key=len):
        if not any(root in word for root in roots):
            roots.append(word)
    return tuple(roots)


class _Meanings:
    """Collects meanings by word: a word may stand for several items, and for a scope as well."""

    def __init__(self, now: Iterable[str], done: Iterable[str]) -> None:
        self.found: dict[str, Meaning] = {}
        self.now = tuple(now)
        # Without any word there is none to be found.
        self.done = re.compile("|".join(map(re.escape, done)) or "(?!)")

    def add(self, texts: Iterable[str], meaning: Meaning) -> None:
        for word in texts:
            self.found[fold(word)] = meaning

    def add_items(self, one: Spoken) -> None:
        self._add_item(one, one.words, plain=(one,))
        self._add_item(one, one.short, short=(one,))
        self._add_item(one, one.vague, vague=(one,))

    def _add_item(self, one: Spoken, some: Sequence[str], **items: tuple[Spoken, ...]) -> None:
        """Add the words of an item; those that mean nothing else share a meaning, since there are thousands."""
        alone: dict[tuple[bool, bool], Meaning] = {}
        # Folding keeps the length, so that all words are folded at once.
        for word in fold("\n".join(some)).split("\n") if some else ():
            now, done = word.startswith(self.now), self.done.search(word) is not None
            known = self.found.get(word)
            if known is not None and known.kind in (ITEM, SCOPE):
                self.found[word] = _joined(known, one, now=now, done=done, **items)
                continue
            if (now, done) not in alone:
                alone[now, done] = _joined(Meaning(ITEM), one, now=now, done=done, **items)
            self.found[word] = alone[now, done]


def _joined(known: Meaning, one: Spoken, *, now: bool, done: bool, **items: tuple[Spoken, ...]) -> Meaning:
    """Return what a word means that names an item, and what it means already."""
    return Meaning(
        ITEM,
        known.plain + items.get("plain", ()),
        known.short + items.get("short", ()),
        known.vague + items.get("vague", ()),
        known.fiscal,
        now=now,
        done=done,
        kinds=known.kinds | {one.kind},
    )


def _add_form(spoken: _Meanings, prose: Prose) -> None:
    spoken.add(prose.budget, Meaning(BUDGET))
    for word in prose.actual:
        spoken.add([word], Meaning(ACTUAL, vague=_named_in(word, prose)))
    spoken.add(prose.own, Meaning(OWN))
    spoken.add(prose.whole, Meaning(WHOLE))
    spoken.add(prose.classes, Meaning(CLASS))
    spoken.add(prose.fiscal, Meaning(SCOPE, fiscal=True))
    for rate in prose.rates:
        for word in (*rate.words, *rate.short):
            known = spoken.found.get(fold(word), Meaning(RATE))
            spoken.add([word], Meaning(RATE, rates=(*known.rates, rate)))
    for one in prose.spoken:
        spoken.add_items(one)


def _named_in(word: str, prose: Prose) -> tuple[Spoken, ...]:
    """Return the items of which a longer word begins or ends with a vague name: *actual spending*."""
    return tuple(
        one
        for one in prose.spoken
        if any(len(part) > 1 and (word.startswith(part) or word.endswith(part)) for part in one.vague)
    )


def _lengths(meanings: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Return how long the words are that begin with two signs, the longest first; a word of one sign by itself."""
    found: dict[str, set[int]] = {}
    for word in meanings:
        found.setdefault(word[:2], set()).add(len(word))
    return {begin: tuple(sorted(lengths, reverse=True)) for begin, lengths in found.items()}


def _by_first_sign(meanings: Mapping[str, Meaning]) -> _Entries:
    found: dict[str, list[tuple[str, Meaning]]] = {}
    for word in sorted(meanings, key=len, reverse=True):
        found.setdefault(word[0], []).append((word, meanings[word]))
    return {sign: tuple(entries) for sign, entries in found.items()}


def _without_empty_brackets(found: list[Token]) -> list[Token]:
    """Leave out brackets in which no figure stands, with what is in them but the name of what is unknown before."""
    if not any(token.kind == "close" for token in found):
        return found
    kept: list[Token] = []
    opened: list[int] = []
    for token in found:
        if token.kind == "open":
            opened.append(len(kept))
        kept.append(token)
        if token.kind == "close" and opened:
            first = opened.pop()
            if not any(one.kind == QUANTITY and _counts(one) for one in kept[first:]):
                is_unknown = _is_unknown(kept[:first])
                kept[first:] = [one for one in kept[first:] if is_unknown and one.kind == ITEM]
    return kept


def _is_unknown(before: Sequence[Token]) -> bool:
    """Tell whether the name before a bracket is unknown, but for a vague word that it ends with."""
    last = before[-1] if before else None
    if last is not None and len(before) > 1 and last.kind in (ITEM, "filler") and not last.meaning.plain:
        last = before[-2]
    return last is not None and last.kind == UNKNOWN


def _counts(token: Token) -> bool:
    return token.quantity is not None and token.quantity.kind not in (YEAR, COUNT)


@lru_cache(maxsize=8)
def lexicon_of(form: Form) -> Lexicon:
    """Return the lexicon of a form, made when first asked for."""
    return Lexicon(form)


def names(named: Iterable[tuple[str, int]]) -> _Entries:
    """Return the entries for names of entities, each with its row."""
    return _by_first_sign({fold(name): Meaning(ENTITY, row=row) for name, row in named if name})


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence of a folded *text* begins and ends."""
    return (match.span() for match in _sentence_pattern().finditer(text))


@lru_cache(maxsize=1)
def _sentence_pattern() -> re.Pattern[str]:
    stops = "".join(map(re.escape, words()["grammar"]["stop"]))
    return re.compile(rf"[^{stops}]+[{stops}]?")


@lru_cache(maxsize=1)
def _clause_pattern() -> re.Pattern[str]:
    grammar = words()["grammar"]
    ends = "".join(map(re.escape, [*grammar["stop"], *grammar["comma"], *grammar["semicolon"]]))
    return re.compile(rf"[^{ends}]+[{ends}]?")


def clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where each clause from *start* to *end* of a folded *text* begins and ends."""
    return (match.span() for match in _clause_pattern().finditer(text, start, end))


def between(figures: Sequence[Quantity], start: int, end: int) -> Sequence[Quantity]:
    """Return the figures that stand from *start* to *end*, out of those in order."""
    return [one for one in figures if start <= one.start < end]
