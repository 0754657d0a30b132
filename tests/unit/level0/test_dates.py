"""Days as Excel counts them."""

from decimal import Decimal as D

import pytest

from selfeval_xl.dates import from_serial, to_serial


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023-09-09", D(45178)),
        ("1900-03-01", D(61)),
        ("1900-02-28", "1900-02-28"),
        ("2023-02-30", "2023-02-30"),
        ("2023-9-9", "2023-9-9"),
        ("2023年9月9日", "2023年9月9日"),
    ],
)
def test_an_iso_date_becomes_a_number_and_nothing_else_does(text: str, day: D | str) -> None:
    assert to_serial(text) == day


@pytest.mark.parametrize(
    ("number", "text"),
    [(D(45178), "2023-09-09"), (D("45178.75"), "2023-09-09"), (D(60), "60"), (D(20230909), "20230909")],
)
def test_a_number_that_is_no_day_is_shown_as_it_is(number: D, text: str) -> None:
    assert from_serial(number) == text
