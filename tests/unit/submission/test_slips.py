"""How a typed figure came out of the right one: exactly, or not at all."""

from decimal import Decimal as D

import pytest

from selfeval_xl.submission.slips import slip


@pytest.mark.parametrize(
    ("typed", "right", "kind", "times"),
    [
        ("-2", "2", "sign", ""),
        ("2", "-2", "sign", ""),
        ("1188700", "118.87", "unit", "10,000"),
        ("0.011887", "118.87", "unit", "1/10,000"),
        ("1188.7", "118.87", "point", "10"),
        ("11887", "118.87", "point", "100"),
        ("11.887", "118.87", "point", "1/10"),
        ("-11.887", "-118.87", "point", "1/10"),
        ("118.78", "118.87", "transposed", ""),
        ("181.87", "118.87", "transposed", ""),
        ("212.59", "215.29", "transposed", ""),
        ("11.87", "118.87", "missing_digit", ""),
        ("1188.87", "118.87", "extra_digit", ""),
        ("118.887", "118.87", "extra_digit", ""),
    ],
)
def test_a_slip_is_named_with_its_factor(typed: str, right: str, kind: str, times: str) -> None:
    assert slip(D(typed), D(right), 2) == (kind, times)


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("118.87", "118.87"),
        ("0", "118.87"),
        ("118.87", "0"),
        ("118.88", "118.87"),
        # Rounded on the way: not exact.
        ("11.89", "118.87"),
        ("0.01", "118.87"),
        # Two digits that do not stand side by side, and two pairs of them.
        ("811.87", "118.87"),
        ("871.18", "118.87"),
        # The first digit of all: any figure beside it would do as well.
        ("18.87", "118.87"),
        ("2118.87", "118.87"),
        # Another sign and another figure.
        ("-118.78", "118.87"),
        # So few digits are alike by chance.
        ("21.00", "12.00"),
        ("118.8877", "118.87"),
    ],
)
def test_what_is_no_slip_has_none(typed: str, right: str) -> None:
    assert slip(D(typed), D(right), 2) is None


def test_a_form_without_decimals_has_slips_too() -> None:
    assert slip(D(3750), D(3570), 0) == ("transposed", "")
    assert slip(D(350), D(3570), 0) == ("missing_digit", "")
    assert slip(D(3), D(30000), 0) == ("unit", "1/10,000")
