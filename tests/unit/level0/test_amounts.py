"""Amounts: what Excel shows for a stored number, rounding, and how a figure is written out."""

from decimal import Decimal as D

import pytest

from selfeval_xl.amounts import from_stored, plain, round_half_up, show, show_signed


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("0.57999999999999996", "0.58"),
        ("2122.9000000000001", "2122.9"),
        ("0.30000000000000004", "0.3"),
        ("212.78", "212.78"),
        ("1E3", "1000"),
        ("1.5e-3", "0.0015"),
        ("100", "100"),
        ("-0", "0"),
        ("123456789012345678", "123456789012346000"),
    ],
)
def test_a_stored_number_is_taken_at_fifteen_digits(stored: str, shown: str) -> None:
    assert str(from_stored(stored)) == shown


@pytest.mark.parametrize("stored", ["inf", "-inf", "nan", "1e999", "", "3.7万元", "1,234"])
def test_what_is_no_finite_number_is_no_amount(stored: str) -> None:
    with pytest.raises(ValueError, match=r"finite|could not convert"):
        from_stored(stored)


@pytest.mark.parametrize(
    ("value", "shown"),
    [("3.70", "3.7"), ("-0.00", "0"), ("0E+5", "0"), ("1E+3", "1000"), ("1.0000000000000004", "1")],
)
def test_plain_writes_no_exponent_no_trailing_zero_and_no_negative_zero(value: str, shown: str) -> None:
    assert str(plain(D(value))) == shown


def test_the_sixteenth_digit_rounds_away_from_zero() -> None:
    assert plain(D("1.000000000000005")) == D("1.00000000000001")
    assert plain(D("-1.000000000000005")) == D("-1.00000000000001")


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        ("0.005", 2, "0.01"),
        ("-0.005", 2, "-0.01"),
        ("0.0049", 2, "0.00"),
        ("1.115", 2, "1.12"),
        ("2.675", 2, "2.68"),
        ("65.946", 2, "65.95"),
        ("2.5", 0, "3"),
        ("1250", -2, "1.3E+3"),
        ("9999999999999.995", 2, "10000000000000.00"),
    ],
)
def test_halves_go_away_from_zero(value: str, places: int, rounded: str) -> None:
    assert str(round_half_up(D(value), places)) == rounded


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("3.7", "3.70"),
        ("19", "19.00"),
        ("0", "0.00"),
        ("300.004", "300.004"),
        ("44.4572", "44.4572"),
        ("-12.5", "-12.50"),
        ("1E+3", "1000.00"),
        ("0.0000001", "0.0000001"),
    ],
)
def test_an_amount_is_shown_with_two_decimals_and_hides_none(value: str, shown: str) -> None:
    assert show(D(value)) == shown


@pytest.mark.parametrize(("value", "shown"), [("0.37", "+0.37"), ("-0.37", "-0.37"), ("0", "0.00")])
def test_a_difference_is_shown_with_its_sign(value: str, shown: str) -> None:
    assert show_signed(D(value)) == shown


def test_a_form_without_decimals_shows_none() -> None:
    assert show(D(12), 0) == "12"
    assert show_signed(D("12.5"), 0) == "+12.5"
