from collections.abc import Callable
from decimal import Decimal

import pytest

from selfeval_xl.cells import CellError, Value

Worth = Callable[..., Value]

CELLS: dict[str, Value] = {
    "A1": Decimal(5),
    "A2": Decimal("-0.5"),
    "A3": None,
    "A4": "",
    "A5": "通过",
    "A6": "Abc",
    "A7": "5",
    "A8": True,
    "A9": CellError.NA,
    "B1": Decimal(1),
    "B2": Decimal(2),
    "B5": Decimal(10),
    "B6": "x",
    "B7": Decimal(100),
    "B9": CellError.REF,
    "C1": "a*",
}


@pytest.mark.parametrize(
    ("criterion", "rows"),
    [
        ("5", [1]),
        ('"5"', [1]),
        ('"=5"', [1]),
        ("-0.5", [2]),
        ('">0"', [1]),
        ('"<0"', [2]),
        ('">=-0.5"', [1, 2]),
        ('"<=5"', [1, 2]),
        ('"<>5"', [2, 3, 4, 5, 6, 7, 8, 9]),
        ("0", []),
        ("A3", []),
        ('"通过"', [5]),
        ('"=通过"', [5]),
        ('"abc"', [6]),
        ('"<>ABC"', [1, 2, 3, 4, 5, 7, 8, 9]),
        ('">abc"', [5]),
        ('"<b"', [4, 6, 7]),
        ('"通"', []),
        ('""', [3, 4]),
        ("A4", [3, 4]),
        ('"="', [3]),
        ('"<>"', [1, 2, 4, 5, 6, 7, 8, 9]),
        ('">"', []),
        ("TRUE", [8]),
        ('"TRUE"', [8]),
        ('"<>TRUE"', [1, 2, 3, 4, 5, 6, 7, 9]),
        ("C1", [6]),
    ],
)
def test_a_criterion_finds_these_rows(worth: Worth, criterion: str, rows: list[int]) -> None:
    found = [row for row in range(1, 10) if worth(f"COUNTIF(A{row}, {criterion})", CELLS) == 1]
    assert found == rows
    assert worth(f"COUNTIF(A1_A9, {criterion})", CELLS) == len(rows)


@pytest.mark.parametrize(
    ("criterion", "value"),
    [
        ('">0"', Decimal(1)),
        ('"通过"', Decimal(10)),
        ('"abc"', Decimal(0)),
        ('"无"', Decimal(0)),
        ('"<>x"', CellError.REF),
        ("A9", CellError.NA),
    ],
)
def test_a_conditional_sum_takes_numbers_and_passes_errors_on(
    worth: Worth, criterion: str, value: Value
) -> None:
    assert worth(f"SUMIF(A1_A9, {criterion}, B1_B9)", CELLS) == value


def test_an_error_as_criterion_is_the_result(worth: Worth) -> None:
    assert worth("COUNTIF(A1_A9, A9)", CELLS) is CellError.NA


def test_numbers_are_matched_at_fifteen_digits(worth: Worth) -> None:
    assert worth("COUNTIF(A1, 0.1 + 0.2)", {"A1": Decimal("0.3")}) == 1
    assert worth("COUNTIF(A1, 1 / 3)", {"A1": Decimal("0.333333333333333")}) == 1
