from collections.abc import Callable
from decimal import Decimal

import pytest

from selfeval_xl.cells import CellError, Value
from selfeval_xl.rules.evaluate import compiled
from selfeval_xl.rules.functions import FUNCTIONS
from selfeval_xl.rules.over_cells import OVER_CELLS
from selfeval_xl.rules.scalars import SCALARS, TESTS
from selfeval_xl.rules.tree import call

Worth = Callable[..., Value]

CELLS: dict[str, Value] = {
    "A1": Decimal("1.5"),
    "A2": Decimal(-2),
    "A3": None,
    "A4": "",
    "A5": "文字",
    "A6": True,
    "A7": Decimal(4),
    "B1": CellError.NA,
    "B2": CellError.DIV0,
    "B3": Decimal(7),
    "C1": "局机关",
    "C2": "二级A",
    "C3": "二级b",
}
VALUE, NA, DIV0, REF, NUM = CellError.VALUE, CellError.NA, CellError.DIV0, CellError.REF, CellError.NUM


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ROUND(2.675, 2)", Decimal("2.68")),
        ("ROUND(0.005, 2)", Decimal("0.01")),
        ("ROUND(-0.005, 2)", Decimal("-0.01")),
        ("ROUND(-0.004, 2)", Decimal(0)),
        ("ROUND(1.005, 2)", Decimal("1.01")),
        ("ROUND(1.45, 1)", Decimal("1.5")),
        ("ROUND(2.5, 0)", Decimal(3)),
        ("ROUND(-2.5, 0)", Decimal(-3)),
        ("ROUND(1234.5, -2)", Decimal(1200)),
        ("ROUND(50, -2)", Decimal(100)),
        ("ROUND(49, -2)", Decimal(0)),
        ("ROUND(5, -3)", Decimal(0)),
        ("ROUND(1.5, 20)", Decimal("1.5")),
        ("ROUND(1 / 3, 2.9)", Decimal("0.33")),
        ("ROUND(1 / 3 * 0.015, 2)", Decimal("0.01")),
        ("ROUND(A3, 2)", Decimal(0)),
        ("ROUND(A6, 2)", Decimal(1)),
        ("ROUND(A5, 2)", VALUE),
        ("ROUND(A5, B1)", VALUE),
        ("ROUND(B1, A5)", NA),
        ("ABS(A2)", Decimal(2)),
        ("ABS(A3)", Decimal(0)),
        ("ABS(A4)", VALUE),
        ("NOT(A3)", True),
        ("NOT(A1)", False),
        ("NOT(A5)", VALUE),
        ("NOT(B1)", NA),
        ("N(A1)", Decimal("1.5")),
        ("N(A3)", Decimal(0)),
        ("N(A4)", Decimal(0)),
        ("N(A5)", Decimal(0)),
        ("N(A6)", Decimal(1)),
        ("N(B2)", DIV0),
        ("T(A5)", "文字"),
        ("T(A1)", ""),
        ("T(A3)", ""),
        ("T(A6)", ""),
        ("T(B1)", NA),
        ("ISBLANK(A3)", True),
        ("ISBLANK(A4)", False),
        ("ISBLANK(A3 + 0)", False),
        ("ISBLANK(B1)", False),
        ("ISNUMBER(A1)", True),
        ("ISNUMBER(A3)", False),
        ("ISNUMBER(A6)", False),
        ("ISNUMBER(B1)", False),
        ("ISTEXT(A4)", True),
        ("ISTEXT(A3)", False),
        ("ISTEXT(B1)", False),
        ("ISERROR(B1)", True),
        ("ISERROR(A5 + 1)", True),
        ("ISERROR(A5)", False),
        ("LEN(A5)", Decimal(2)),
        ("LEN(A3)", Decimal(0)),
        ("LEN(A1)", Decimal(3)),
        ("LEN(A6)", Decimal(4)),
        ("LEN(B1)", NA),
        ('LEFT("abc")', "a"),
        ('LEFT("abc", 2)', "ab"),
        ('LEFT("abc", 9)', "abc"),
        ('LEFT("abc", 0)', ""),
        ('LEFT("abc", -1)', VALUE),
        ('LEFT("abc", A5)', VALUE),
        ("LEFT(-A1, 2)", "-1"),
        ('RIGHT("abc")', "c"),
        ('RIGHT("abc", 2)', "bc"),
        ('RIGHT("abc", 0)', ""),
        ('RIGHT("abc", 9)', "abc"),
        ('RIGHT("abc", -1)', VALUE),
        ('MID("abc", 2, 1)', "b"),
        ('MID("abc", 2, 9)', "bc"),
        ('MID("abc", 9, 1)', ""),
        ('MID("abc", 0, 1)', VALUE),
        ('MID("abc", 1, -1)', VALUE),
        ('SUBSTITUTE("abab", "a", "x")', "xbxb"),
        ('SUBSTITUTE("Abab", "a", "")', "Abb"),
        ('SUBSTITUTE("abc", "", "x")', "abc"),
        ("SUBSTITUTE(12.5, 2, 3)", "13.5"),
        ('TRIM("  a   b ")', "a b"),
        ('TRIM("\u3000a\u3000")', "\u3000a\u3000"),
        ('TEXT(0.125, "0.00")', "0.13"),
        ('TEXT(-1.005, "0.00")', "-1.01"),
        ('TEXT(1234567, "0.00")', "1234567.00"),
        ('TEXT(2.5, "0")', "3"),
        ('TEXT(A3, "0.00")', "0.00"),
        ('TEXT(A5, "0.00")', "文字"),
        ('TEXT(A6, "0.00")', "TRUE"),
        ('TEXT(B1, "0.00")', NA),
        ('HYPERLINK("#收入!B6", "收入!B6")', "收入!B6"),
        ('HYPERLINK("#收入!B6", A1)', Decimal("1.5")),
        ('HYPERLINK(B1, "x")', NA),
        ('"a" & CHAR(10) & "b"', "a\nb"),
        ("YEAR(45178)", Decimal(2023)),
        ("YEAR(45291.99)", Decimal(2023)),
        ("YEAR(45292)", Decimal(2024)),
        ("YEAR(0)", Decimal(1900)),
        ("YEAR(60)", Decimal(1900)),
        ("YEAR(366)", Decimal(1900)),
        ("YEAR(367)", Decimal(1901)),
        ("YEAR(2958465.5)", Decimal(9999)),
        ("YEAR(2958466)", NUM),
        ("YEAR(-1)", NUM),
        ('YEAR("2023-09-09")', VALUE),
        ("TRUE", True),
        ("FALSE()", False),
    ],
)
def test_a_function_of_single_values_gives(worth: Worth, text: str, value: Value) -> None:
    found = worth(text, CELLS)
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("SUM(A1_A7)", Decimal("3.5")),
        ("SUM(A1, A5, 2, TRUE)", Decimal("4.5")),
        ("SUM(A3)", Decimal(0)),
        ('SUM(1, "")', VALUE),
        ("SUM(1, A5 & A5)", VALUE),
        ("SUM(A1_B3)", NA),
        ("SUM(B1_B3)", NA),
        ("SUM(B2, B1)", DIV0),
        ("SUM(0.1, 0.2, -0.3)", Decimal(0)),
        ("MIN(A1_A7)", Decimal(-2)),
        ("MAX(A1_A7)", Decimal(4)),
        ("MAX(A3_A6)", Decimal(0)),
        ("MIN(5, TRUE)", Decimal(1)),
        ("MAX(A2, A4)", Decimal(-2)),
        ("MIN(B1_B3)", NA),
        ("COUNT(A1_A7)", Decimal(3)),
        ("COUNT(B1_B3)", Decimal(1)),
        ("COUNT(1, TRUE, A6, A5)", Decimal(2)),
        ('COUNT("x", 1 / 0)', Decimal(0)),
        ("COUNTA(A1_A7)", Decimal(6)),
        ("COUNTA(B1_B3)", Decimal(3)),
        ('COUNTA("", 1 / 0)', Decimal(2)),
        ("COUNTBLANK(A1_A7)", Decimal(2)),
        ("COUNTBLANK(A4)", Decimal(1)),
        ("COUNTBLANK(B1_B3)", Decimal(0)),
        ("AND(A1 > 0, A7 > 0)", True),
        ("AND(A1 > 0, A2 > 0)", False),
        ("AND(A1_A7)", True),
        ("AND(A3, TRUE)", True),
        ("AND(A3_A5)", VALUE),
        ("AND(FALSE, B1)", NA),
        ('AND(TRUE, "x")', VALUE),
        ("OR(A3, FALSE)", False),
        ("OR(A1 < 0, A2 < 0)", True),
        ("OR(TRUE, B2)", DIV0),
        ("OR(A5)", VALUE),
    ],
)
def test_cells_without_a_number_are_passed_over(worth: Worth, text: str, value: Value) -> None:
    found = worth(text, CELLS)
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("INDEX(A1_A7, 2)", Decimal(-2)),
        ("INDEX(A1_A7, 2.9)", Decimal(-2)),
        ("INDEX(A1_A7, 3)", Decimal(0)),
        ('INDEX(A1_A7, 3) = ""', True),
        ("INDEX(A1_A7, 2, 1)", Decimal(-2)),
        ("INDEX(A1_B3, 3, 2)", Decimal(7)),
        ("INDEX(A1_C1, 3)", "局机关"),
        ("INDEX(A1, 1)", Decimal("1.5")),
        ("INDEX(A1_A7, 8)", REF),
        ("INDEX(A1_B3, 3, 3)", REF),
        ("INDEX(A1_A7, A2)", VALUE),
        ("INDEX(A1_A7, A3)", VALUE),
        ("INDEX(A1_A7, A5)", VALUE),
        ("INDEX(A1_B3, 1, B2)", DIV0),
        ("INDEX(C1_C3, MATCH(7, B1_B3, 0))", "二级b"),
        ("ISBLANK(INDEX(A1_A7, 3))", True),
        ("COUNT(INDEX(A1_A7, 1))", Decimal(1)),
        ("COUNT(INDEX(A1_A7, 5))", Decimal(0)),
        ("COUNT(INDEX(A1_A7, 9))", Decimal(0)),
        ("COUNTBLANK(INDEX(A1_A7, 4))", Decimal(1)),
        ("SUM(INDEX(A1_A7, 5))", Decimal(0)),
        ("SUM(INDEX(A1_A7, 9))", REF),
        ("SUM(IF(TRUE, A5), 1)", Decimal(1)),
        ("SUM(IF(A5, A1))", VALUE),
        ("COUNT(IF(A1 > 0, A1_A7, 0))", Decimal(3)),
        ("N(INDEX(A1_A7, 5))", Decimal(0)),
        ("MATCH(-2, A1_A7, 0)", Decimal(2)),
        ("MATCH(TRUE, A1_A7, 0)", Decimal(6)),
        ("MATCH(1, A1_A7, 0)", NA),
        ('MATCH("二级B", C1_C3, 0)', Decimal(3)),
        ('MATCH("二级", C1_C3, 0)', NA),
        ('MATCH("", A1_A7, 0)', Decimal(4)),
        ("MATCH(D1, B1_B3, 0)", NA),
        ("MATCH(B2, B1_B3, 0)", DIV0),
        ("MATCH(7, A3_C3, 0)", Decimal(2)),
    ],
)
def test_rows_are_found_and_reached(worth: Worth, text: str, value: Value) -> None:
    found = worth(text, CELLS)
    assert (type(found), found) == (type(value), value)


def test_wildcards_that_a_clerk_typed_count_as_they_do_in_excel(worth: Worth) -> None:
    cells = {"A1": "局机关", "A2": "局*", "A3": "二级?", "B1": "局*", "B2": "二级~?", "B3": "*院"}
    assert worth("MATCH(B1, A1_A3, 0)", cells) == 1
    assert worth("MATCH(B2, A1_A3, 0)", cells) == 3
    assert worth("MATCH(B3, A1_A3, 0)", cells) is NA


def test_every_function_a_rule_may_call_is_computed() -> None:
    computed = {*SCALARS, *TESTS, *OVER_CELLS, "IF", "IFERROR", "TEXT", "CHAR"}
    assert computed == set(FUNCTIONS)
    assert compiled(call("TRUE"))(lambda _: None) is True
