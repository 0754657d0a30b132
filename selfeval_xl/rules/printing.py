"""From a tree to text: a rule as people read it, or a formula as Excel stores it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from selfeval_xl.cells import quote_sheet, range_ref, ref
from selfeval_xl.rules.tokens import quoted
from selfeval_xl.rules.tree import (
    PRECEDENCE,
    Binary,
    Block,
    Call,
    Cell,
    Name,
    Node,
    Number,
    Text,
    chain,
)

_LONGEST_TEXT = 255
_LONGEST_FORMULA = 8192


class _Style(NamedTuple):
    comma: str
    space: str
    longest_text: int
    name: Callable[[str], str]
    reference: Callable[[Cell | Block], str]


def print_rule(tree: Node) -> str:
    """Return the tree as a rule's text; ``parse`` gives the same tree back.

    Cells and blocks, which no rule text can hold, are shown for messages only.
    """
    return _print(tree, _Style(", ", " ", sys.maxsize, quoted, lambda reference: _reference(reference, "")))


def print_formula(tree: Node, sheet: str) -> str:
    """Return the tree as a formula of a cell on *sheet*, without the leading ``=``.

    A name that is left stands as it is, as a defined name.  Raises
    ``ValueError`` for a text or a formula longer than Excel takes.
    """
    style = _Style(",", "", _LONGEST_TEXT, str, lambda reference: _reference(reference, sheet))
    formula = _print(tree, style)
    if len(formula) > _LONGEST_FORMULA:
        raise ValueError(f"Excel takes no formula of {len(formula)} characters: {formula[:80]}…")
    return formula


def _print(tree: Node, style: _Style, loosest: int = 0) -> str:
    """Print *tree*, in brackets where its operator binds less tightly than *loosest*."""
    if isinstance(tree, Call):
        return f"{tree.function}({style.comma.join([_print(one, style) for one in tree.arguments])})"
    if isinstance(tree, (Cell, Block)):
        return style.reference(tree)
    if isinstance(tree, Binary):
        run = _print_run(tree, style)
        return f"({run})" if PRECEDENCE[tree.operator] < loosest else run
    if isinstance(tree, Number):
        return _number(tree.value)
    if isinstance(tree, Text):
        return _text(tree.value, style)
    if isinstance(tree, Name):
        return style.name(tree.text)
    return tree.operator + _print(tree.operand, style, max(PRECEDENCE.values()) + 1)


def _print_run(tree: Binary, style: _Style) -> str:
    level = PRECEDENCE[tree.operator]
    first, rest = chain(tree)
    words = [_print(first, style, level)]
    for operator, right in rest:
        words += (style.space, operator, style.space, _print(right, style, level + 1))
    return "".join(words)


@lru_cache(maxsize=1024)
def _number(value: Decimal) -> str:
    shown = format(value, "f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _text(value: str, style: _Style) -> str:
    if len(value) > style.longest_text:
        raise ValueError(f"Excel takes no text of {len(value)} characters in a formula: {value[:40]!r}…")
    return '"' + value.replace('"', '""') + '"'


def _reference(reference: Cell | Block, sheet: str) -> str:
    if isinstance(reference, Cell):
        home, row, column = reference.address
        shown = ref(row, column, absolute=reference.absolute)
    else:
        home = reference.area.sheet
        shown = range_ref(reference.area, absolute=reference.absolute)
    return shown if home == sheet else f"{quote_sheet(home)}!{shown}"
