"""How often each cell counts in a sum."""

from collections.abc import Callable

import pytest

from selfeval_xl.cells import ref
from selfeval_xl.rules.linear import NotLinear, coefficients
from selfeval_xl.rules.tree import Node

Formula = Callable[[str], Node]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A1", {"A1": 1}),
        ("-A1", {"A1": -1}),
        ("A1 + B1 - C1", {"A1": 1, "B1": 1, "C1": -1}),
        ("A1 - (B1 - C1)", {"A1": 1, "B1": -1, "C1": 1}),
        ("A1 + A1", {"A1": 2}),
        ("A1 - A1 + B1", {"B1": 1}),
        ("ROUND(N(A1), 2)", {"A1": 1}),
        ('IF(B1 > 0, "x", IF(C1 = 0, "", ROUND(A1 + D1, 2)))', {"A1": 1, "D1": 1}),
    ],
)
def test_cells_are_counted_through_rounding_and_guards(
    text: str, wanted: dict[str, int], formula: Formula
) -> None:
    found = coefficients(formula(text))
    assert {ref(cell.row, cell.column): times for cell, times in found.items()} == wanted


@pytest.mark.parametrize("text", ["A1 * 2", "MAX(A1, B1)", "A1 = B1", '"x"', "A1 / 2", "A1 - 5", "A1_B2"])
def test_what_is_no_sum_of_cells_is_refused(text: str, formula: Formula) -> None:
    with pytest.raises(NotLinear):
        coefficients(formula(text))
