"""Texts that are a number beyond doubt, and those that are not."""

from decimal import Decimal as D

import pytest

from selfeval_xl.submission.typed_numbers import plain_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3.7", "3.7"),
        (" 3.70 ", "3.7"),
        ("3.7万元", "3.7"),
        ("3.7 万元", "3.7"),
        ("2,940.05", "2940.05"),
        ("１２．３", "12.3"),
        ("１，２３４．５万元", "1234.5"),
        ("-2", "-2"),
        ("+5.1", "5.1"),
        ("1,234,567", "1234567"),
        ("0", "0"),
    ],
)
def test_a_number_beyond_doubt_is_taken(text: str, number: str) -> None:
    assert plain_number(text, "万元") == D(number)


@pytest.mark.parametrize(
    "text",
    [
        "8.30.",
        "1250·6",
        "3.7元",
        "2000万",
        "1O",
        "l2",
        "12,34",
        "1,23,456",
        "无",
        "—",
        "/",
        "",
        "万元",
        "约3",
        "3-4",
    ],
)
def test_what_could_be_read_otherwise_stays_text(text: str) -> None:
    assert plain_number(text, "万元") is None


def test_a_unit_counts_only_where_the_form_has_it() -> None:
    assert plain_number("3元", "元") == D(3)
    assert plain_number("3元") is None
