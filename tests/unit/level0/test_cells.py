"""Addresses as Excel writes them, there and back."""

import pytest

from selfeval_xl.cells import (
    MAX_COLUMN,
    MAX_ROW,
    Address,
    Area,
    column_letters,
    column_number,
    parse_ref,
    quote_sheet,
    range_ref,
    ref,
)

LETTERS = [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (53, "BA"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")]


@pytest.mark.parametrize(("number", "letters"), LETTERS)
def test_columns_are_counted_as_excel_counts(number: int, letters: str) -> None:
    assert column_letters(number) == letters
    assert column_number(letters) == number


@pytest.mark.parametrize(
    ("text", "spot"),
    [("B6", (6, 2)), ("$B$6", (6, 2)), ("$B6", (6, 2)), ("XFD1048576", (MAX_ROW, MAX_COLUMN))],
)
def test_an_address_is_read_with_and_without_dollars(text: str, spot: tuple[int, int]) -> None:
    assert parse_ref(text) == spot


@pytest.mark.parametrize(
    "text", ["", "B", "6", "B0", "b6", "B06", "B6 ", "B6:C7", "A12345678", "收入!B6", "ABCD1"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a cell address"):
        parse_ref(text)


@pytest.mark.parametrize("text", ["A1048577", "XFE1", "ZZZ1"])
def test_an_address_beyond_the_sheet_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="outside a sheet"):
        parse_ref(text)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("收入", "收入"),
        ("_设置", "_设置"),
        ("收支表.1", "收支表.1"),
        ("三公 经费", "'三公 经费'"),
        ("2022年", "'2022年'"),
        ("AB12", "'AB12'"),
        ("a'b", "'a''b'"),
        ("收入(2)", "'收入(2)'"),
    ],
)
def test_a_sheet_is_quoted_where_excel_quotes_it(name: str, written: str) -> None:
    assert quote_sheet(name) == written
    assert str(Address(name, 6, 2)) == f"{written}!B6"


def test_one_cell_is_not_written_as_a_range() -> None:
    assert range_ref(Area("收入", 6, 2, 6, 2)) == "B6"
    assert range_ref(Area("收入", 6, 2, 6, 2), absolute=True) == "$B$6"
    assert ref(6, 2, absolute=True) == "$B$6"


def test_an_area_knows_its_size_and_its_cells_row_by_row() -> None:
    area = Area("收入", 5, 2, 6, 4)
    assert (area.height, area.width, str(area)) == (2, 3, "收入!B5:D6")
    assert [str(one) for one in area.addresses()] == [
        f"收入!{cell}" for cell in ("B5", "C5", "D5", "B6", "C6", "D6")
    ]


def test_addresses_sort_by_row_before_column() -> None:
    cells = [Address("表", 2, 1), Address("表", 1, 9), Address("表", 1, 2)]
    assert [ref(one.row, one.column) for one in sorted(cells)] == ["B1", "I1", "A2"]
