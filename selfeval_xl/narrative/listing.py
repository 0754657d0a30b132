"""Lists of amounts behind their whole, whatever they are of: *36 million, of which A 20, B 10 and C 6*."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from selfeval_xl.amounts import ZERO
from selfeval_xl.narrative.ledger import is_swapped
from selfeval_xl.narrative.lexicon import between, sentences
from selfeval_xl.narrative.quantities import MONEY, Quantity
from selfeval_xl.narrative.source import Text
from selfeval_xl.narrative.words import words

_TWO = Decimal(2)
_FEWEST = 2
_LONGEST = 28
"""How many signs a name in a list may have."""


class Listed(NamedTuple):
    """A whole and the parts listed behind it that do not add up to it."""

    whole: Quantity
    parts: tuple[Quantity, ...]


def wrong_lists(text: Text) -> list[Listed]:
    """Return the lists of a text whose parts are not their whole.

    What only names some of the parts must not be more than the whole, nor but for two digits that changed places be
    the whole; what says that it is all must be the whole.
    """
    money = [one for one in text.figures if one.kind == MONEY]
    if len(money) <= _FEWEST or not any(mark in text.written for mark in words()["listing"]["hints"]):
        return []
    found: list[Listed] = []
    for start, end in sentences(text.folded):
        figures = between(money, start, end)
        tried = (_list_behind(text.folded, figures, at, end) for at in range(len(figures) - _FEWEST))
        found += [one for one in (*tried, _list_before(text.folded, figures)) if one is not None]
    return found


def _list_before(text: str, figures: Sequence[Quantity]) -> Listed | None:
    """Return the list with which a sentence begins and the total at its end, if it does not add up."""
    parts: list[Quantity] = []
    depth = 0
    last = None
    for one in figures:
        gap = text[last.end : one.start] if last is not None else ""
        opened, closed = gap.count("("), gap.count(")")
        depth += opened - closed
        last = one
        if depth > 0 or opened > closed:
            continue
        outer = gap.rpartition(")")[2] if closed else gap
        if len(parts) >= _FEWEST and _closing().fullmatch(outer):
            return _unequal(one, parts)
        if parts and not _is_gap(outer):
            return None
        parts.append(one)
    return None


def _unequal(whole: Quantity, parts: Sequence[Quantity]) -> Listed | None:
    """Return a total and the list before it, unless the last some of the list make it up."""
    if not all(map(_is_exact, (whole, *parts))):
        return None
    slack = sum((_step(one) for one in (whole, *parts)), ZERO) / _TWO
    sums = [*accumulate(one.low for one in reversed(parts))]
    return None if any(abs(one - whole.low) <= slack for one in sums[1:]) else Listed(whole, tuple(parts))


def _list_behind(text: str, figures: Sequence[Quantity], at: int, end: int) -> Listed | None:
    """Return the list behind one of a sentence's figures, if there is one and it does not add up."""
    whole, first = figures[at : at + 2]
    opening = _opening().fullmatch(text[whole.end : first.start])
    if opening is None or _never().search(opening["name"]) or not _is_exact(whole) or _is_of_one(text, whole):
        return None
    parts, closed = _parts(text, figures[at + 1 :], end, is_bracketed="(" in opening[0])
    if len(parts) < _FEWEST or not all(map(_is_exact, parts)):
        return None
    slack = sum((_step(one) for one in (whole, *parts)), ZERO) / _TWO
    sums = [*accumulate(one.low for one in parts)]
    # Of two figures of one thing, such as cost and value left, the list may be of the first.
    others = [one.low for one in figures[:at]]
    if any(abs(one - other) <= slack for one in sums[1:] for other in (whole.low, *others)):
        return None
    is_all = closed and opening["all"] is not None and _ends(opening[0].removeprefix(opening["all"]))
    is_slip = closed and _is_slip(whole, parts)
    is_more = sums[-1] - whole.low > slack and ("(" in opening[0] or _is_close(text, parts))
    return Listed(whole, tuple(parts)) if is_all or is_slip or is_more else None


def _is_close(text: str, parts: Sequence[Quantity]) -> bool:
    """Tell whether no comma stands in a list: behind one something else may follow that is no part."""
    commas = words()["grammar"]["comma"]
    gaps = (re.sub(_share(), "", text[one.end : other.start]) for one, other in pairwise(parts))
    return not any(sign in gap for gap in gaps for sign in commas)


def _is_of_one(text: str, whole: Quantity) -> bool:
    """Tell whether an amount is one of many alike, and what follows is of all of them: *1.6 each*."""
    before = _clause().split(text[max(0, whole.start - _LONGEST) : whole.start])[-1]
    return any(word in before for word in words()["grammar"]["each"])


def _parts(
    text: str, figures: Sequence[Quantity], end: int, *, is_bracketed: bool
) -> tuple[list[Quantity], bool]:
    """Return the amounts of a list, and whether nothing that may be one more of them follows it."""
    parts = [figures[0]]
    last = figures[0]
    depth = 0
    for one in figures[1:]:
        gap = text[last.end : one.start]
        opened, closed = gap.count("("), gap.count(")")
        if is_bracketed and depth == 0 and closed > opened:
            return parts, _ends(gap)
        if depth == 0 and opened == closed and not _is_gap(gap):
            return parts, False
        depth += opened - closed
        if depth == 0 and (opened == closed or _is_gap(gap.partition(")")[2])):
            parts.append(one)
        elif depth == 0:
            return parts, False
        last = one
    return parts, depth == 0 and _ends(text[last.end : end])


def _ends(behind: str) -> bool:
    """Tell whether words behind a list leave none of it out."""
    return not any(word in behind for word in words()["listing"]["open"])


def _is_slip(whole: Quantity, parts: Sequence[Quantity]) -> bool:
    """Tell whether the list adds up once two digits of one of its amounts change places."""
    rest = whole.low - sum((one.low for one in parts), ZERO)
    return is_swapped(whole.low, whole.low - rest, _step(whole)) or any(
        is_swapped(one.low, one.low + rest, _step(one)) for one in parts
    )


def _is_exact(one: Quantity) -> bool:
    return not one.rough and one.low == one.high


def _step(one: Quantity) -> Decimal:
    """Return the last digit's worth: whole amounts beside others with decimals are mostly exact."""
    return min(one.step, one.scale * Decimal("0.01")) if one.scale <= Decimal(10000) else one.step


@lru_cache(maxsize=1)
def _signs() -> str:
    """Return the signs that part the names of a list, to stand in brackets of a pattern."""
    grammar = words()["grammar"]
    return "".join(map(re.escape, [*grammar["comma"], *grammar["semicolon"], *grammar["enumeration"]]))


@lru_cache(maxsize=1)
def _clause() -> re.Pattern[str]:
    return re.compile(f"[{_signs()}]")


@lru_cache(maxsize=1)
def _opening() -> re.Pattern[str]:
    """Return what stands between a whole and the first part."""
    spec = words()["listing"]
    some, every = ("|".join(map(re.escape, spec[key])) for key in ("some", "all"))
    commas = "".join(map(re.escape, words()["grammar"]["comma"]))
    lead = rf"[{commas}:(]?(?:{'|'.join(map(re.escape, spec['lead']))})?"
    return re.compile(rf"{lead}(?:(?P<all>{every})|{some})[{_signs()}:]?(?P<name>{_name()})")


@lru_cache(maxsize=1)
def _closing() -> re.Pattern[str]:
    """Return what stands between the last part and the total of a list."""
    spec = words()["listing"]
    total, all_of = ("|".join(map(re.escape, spec[key])) for key in ("total", "all_of"))
    return re.compile(rf"[{_signs()}]?(?:(?:{all_of})\w{{0,6}}?)?(?:{total})(?:{spec['is']})?")


@lru_cache(maxsize=1)
def _gap() -> re.Pattern[str]:
    """Return what stands between two parts: one sign and a name, in either order, a share in between or not."""
    joins = "|".join(map(re.escape, words()["names"]["joins"]))
    return re.compile(rf"(?:{_share()})?(?:{_name()}[{_signs()}]{_name()}|(?:{joins}){_name()})")


@lru_cache(maxsize=1)
def _share() -> str:
    """Return the pattern of a share that stands behind a part."""
    return rf"[{_signs()}(]?{words()['listing']['share']}[^{_signs()}()%]{{0,16}}[\d.]+%\)?"


@lru_cache(maxsize=1)
def _never() -> re.Pattern[str]:
    """Return the words that go on to something else than the list."""
    return re.compile("|".join(map(re.escape, words()["listing"]["never"])))


@lru_cache(maxsize=1)
def _name() -> str:
    return rf"[^{_signs()}:()%]{{0,{_LONGEST}}}"


def _is_gap(gap: str) -> bool:
    """Tell whether words between two parts only name the next one, or say what the last one was for."""
    return _gap().fullmatch(gap) is not None and _never().search(re.sub(_share(), "", gap)) is None
