"""The short way for numbers against the long one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from selfeval_xl.amounts import from_stored
from selfeval_xl.ooxml.numbers import number


@given(st.from_regex(r"-?[0-9]{1,10}(\.[0-9]{1,8})?", fullmatch=True))
def test_a_number_read_the_short_way_is_the_number_excel_shows(text: str) -> None:
    assert str(number(text)) == str(from_stored(text))


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**10), max_value=10**10))
def test_an_amount_written_with_17_digits_is_read_as_it_was_typed(amount: object) -> None:
    assert number(format(float(str(amount)), ".17g")) == from_stored(str(amount))
