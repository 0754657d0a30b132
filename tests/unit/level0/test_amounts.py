"""Amounts: what Excel shows for a stored number, rounding, how a figure is written, which number a text means."""

from decimal import Decimal as D

import pytest

from selfeval_xl.amounts import (
    Likely,
    Words,
    from_stored,
    likely,
    plain,
    round_half_up,
    show,
    show_signed,
)


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


WORDS = Words(
    units={"万元": D(1), "万": D(1), "元": D("0.0001"), "亿元": D(10000)},
    points="。·",
    nothing=frozenset({"无", "—", "/", "n/a"}),
)


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("3.7", "3.7", "text"),
        ("'3.70", "3.7", "space"),
        (" 3.7\u3000", "3.7", "space"),
        ("3.7 ", "3.7", "space"),
        ("3.7万元", "3.7", "unit"),
        ("3.7 万元", "3.7", "unit"),
        ("3.7（万元）", "3.7", "unit"),
        ("2000万", "2000", "unit"),
        ("37000元", "3.7", "converted"),
        ("21278.12元", "2.127812", "converted"),
        ("1.2亿元", "12000", "converted"),
        ("2,940.05", "2940.05", "comma"),
        ("1，234，567", "1234567", "comma"),
        ("2 940.05", "2940.05", "space"),
        ("１２．３", "12.3", "width"),
        ("８．３０．", "8.3", "point"),
        ("8.30.", "8.3", "point"),
        ("8..30", "8.3", "point"),
        ("8。30", "8.3", "point"),
        ("8.30,", "8.3", "point"),
        ("1250·6", "1250.6", "point"),
        ("1O.5", "10.5", "letters"),
        ("l2.5", "12.5", "letters"),
        ("2o0", "200", "letters"),
        ("3. 7", "3.7", "space"),
        ("- 3.7", "-3.7", "space"),
        ("－3.7", "-3.7", "width"),
        ("−3.7", "-3.7", "text"),
        ("+3.7", "3.7", "text"),
        (".5", "0.5", "text"),
        ("2,940.05 元", "0.294005", "converted"),
        ("无", "0", "nothing"),
        (" — ", "0", "nothing"),
        ("／", "0", "nothing"),
        ("N/A", "0", "nothing"),
    ],
)
def test_a_text_that_means_one_number_is_read(text: str, value: str, kind: str) -> None:
    assert likely(text, WORDS) == Likely(D(value), kind)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "约3.7",
            "3.7-4.0",
            "8.3.0",
            "29,40.05",
            "2,94",
            "1,234 567",
            "12 3",
            "12 34.5",
            "12%",
            "1e3",
        ),
        *(
            "(3.7)",
            "1/2",
            "2022-01-01",
            "二〇二二",
            "=1+1",
            "O",
            "lO",
            "TRUE",
            "3.7万多",
            "3.7人",
            "万元",
            "--3",
        ),
        *("3.7万元左右", "0730-3000000", "1234567890123456", "#N/A", "3,7", "."),
    ],
)
def test_a_text_that_may_mean_anything_else_is_not_read(text: str) -> None:
    assert likely(text, WORDS) is None


def test_without_words_only_digits_are_read() -> None:
    assert likely("3.7万元", Words()) is None
    assert likely("无", Words()) is None
    assert likely("3.7", Words()) == Likely(D("3.7"), "text")
