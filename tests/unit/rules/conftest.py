"""Formulas of tests are rule texts whose names are cells: ``A1``, or ``A1_B5`` for a block."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from selfeval_xl.cells import Address, Area, Value, parse_ref
from selfeval_xl.rules.evaluate import compiled
from selfeval_xl.rules.parse import parse
from selfeval_xl.rules.tree import Block, Cell, Name, Node, substitute

SHEET = "收入"


def cell_or_block(name: Name) -> Node:
    try:
        corners = [parse_ref(corner) for corner in name.text.split("_")]
    except ValueError:
        return name
    (top, left), (bottom, right) = corners[0], corners[-1]
    if len(corners) == 1:
        return Cell(Address(SHEET, top, left))
    return Block(Area(SHEET, top, left, bottom, right))


@pytest.fixture
def formula() -> Callable[[str], Node]:
    """Return a formula's tree, its names turned into cells of one sheet."""
    return lambda text: substitute(parse(text), cell_or_block)


@pytest.fixture
def worth(formula: Callable[[str], Node]) -> Callable[..., Value]:
    """Return what a formula gives over the cells named; all others are blank."""

    def evaluate(text: str, cells: Mapping[str, Value] | None = None) -> Value:
        places = {Address(SHEET, *parse_ref(ref)): value for ref, value in (cells or {}).items()}
        return compiled(formula(text))(places.get)

    return evaluate
