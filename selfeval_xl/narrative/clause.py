"""The words around a figure: its clause, and what stands between an item's name and its amount."""

from __future__ import annotations

from collections.abc import Sequence

from selfeval_xl.narrative import lexicon as lx
from selfeval_xl.narrative.lexicon import Token
from selfeval_xl.narrative.model import DOWN, FLAT, UP
from selfeval_xl.narrative.quantities import COUNT, PERCENT, YEAR

ENDS = frozenset({"comma", "semicolon", "stop", "enumeration"})
_ENDS_BEHIND = ENDS | {"open", "close"}
CHANGES = {"up": UP, "down": DOWN, "flat": FLAT, "gap": ""}
# Words between an item and its amount that leave no doubt that they belong together.
_CLEAR = frozenset(
    {"filler", "colon", "total", "current", "prior", "than", "to", "from", "open", "close", "own", "among"}
    | {lx.ACTUAL, lx.BUDGET, lx.SCOPE, lx.WHOLE, lx.ENTITY}
)


def is_figure(token: Token) -> bool:
    """Tell whether a token is a figure, years and counts of things left out."""
    return token.quantity is not None and token.quantity.kind not in (YEAR, COUNT)


def words_before(tokens: Sequence[Token], place: int) -> list[Token]:
    """Return the words of the clause before *place*, back to the figure or sign that ends the one before."""
    return clause_before(tokens, place)[0]


def clause_before(tokens: Sequence[Token], place: int) -> tuple[list[Token], int]:
    """Return the words of the clause before *place*, and where the one before ends; -1 for the sentence's head."""
    found: list[Token] = []
    at = place - 1
    while at >= 0:
        token = tokens[at]
        if token.kind == "enumeration" and _joins_counts(tokens, at):
            at -= 1
            continue
        if token.kind in ENDS or (token.kind == "open" and found) or is_figure(token):
            break
        if token.kind == "close":
            first = _opening(tokens, at)
            if _is_summed(found) and any(is_figure(one) for one in tokens[first:at]):
                break
            at = first
        elif token.kind != "open":
            found.append(token)
        at -= 1
    return found[::-1], at


def _is_summed(found: list[Token]) -> bool:
    """Tell whether words are a sum's: a name before brackets with an amount has that one, and not the sum."""
    return any(token.kind == "total" for token in found)


def _joins_counts(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a sign joins two counts, so that the name before them is that of what follows as well."""
    pair = tokens[place - 1], tokens[place + 1] if place + 1 < len(tokens) else tokens[place]
    return place > 0 and all(one.quantity is not None and one.quantity.kind == COUNT for one in pair)


def _opening(tokens: Sequence[Token], place: int) -> int:
    depth = 0
    for at in range(place, -1, -1):
        kind = tokens[at].kind
        depth += (kind == "close") - (kind == "open")
        if depth == 0:
            return at
    return 0


def words_behind(tokens: Sequence[Token], place: int) -> list[Token]:
    """Return the words of the clause behind *place*, up to the next figure or sign that ends it."""
    found: list[Token] = []
    for at in range(place + 1, len(tokens)):
        token = tokens[at]
        if token.kind in _ENDS_BEHIND or is_figure(token):
            break
        found.append(token)
    return found


def phrase(tokens: Sequence[Token], place: int) -> Sequence[Token]:
    """Return the words and amounts before a percentage, back to the sign that ends the phrase before."""
    at = place - 1
    while at >= 0 and tokens[at].kind not in ENDS and tokens[at].kind not in ("open", "close"):
        quantity = tokens[at].quantity
        if quantity is not None and quantity.kind == PERCENT:
            break
        at -= 1
    return tokens[at + 1 : place]


def is_clear(between: Sequence[Token]) -> bool:
    """Tell whether words leave no doubt that what stands before them belongs to what stands behind.

    After a colon a word for this year or a sum may be a name of its own.
    """
    kinds = [token.kind for token in between]
    if "colon" in kinds and not {"current", "total"}.isdisjoint(kinds[kinds.index("colon") :]):
        return False
    return all(
        token.kind in _CLEAR
        or (token.kind == lx.QUANTITY)
        or (token.kind == lx.ITEM and (token.meaning.fiscal or not token.meaning.plain))
        for token in between
    )


def is_modified(left: list[Token], chosen: int) -> bool:
    """Tell whether words before an item's name may make it a part of the item, or somebody else's.

    What stands before a colon or ends in "and so on" leaves the name as it is.
    """
    for token in reversed(left[:chosen]):
        if token.kind in ("colon", "and_so"):
            return False
        if token.kind == lx.UNKNOWN:
            return True
    before = left[chosen - 1] if chosen else None
    if before is None or before.kind != lx.ITEM or before.meaning.fiscal:
        return False
    if not before.meaning.plain:
        return True
    meant = left[chosen].meaning
    tables = {one.table for one in meant.plain + meant.short}
    return tables.isdisjoint(one.table for one in before.meaning.plain)


def is_of_others(before: Sequence[Token]) -> bool:
    """Tell whether words before an item's name make it a wider area's; what ends in "and so on" does not."""
    for token in reversed(before):
        if token.kind == "and_so":
            return False
        if token.kind == "whole_of_others":
            return True
    return False
