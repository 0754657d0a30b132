from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfeval_xl.amounts import round_half_up
from selfeval_xl.cells import Address, Area, CellError, Value
from selfeval_xl.rules.evaluate import compiled
from selfeval_xl.rules.parse import parse
from selfeval_xl.rules.printing import print_rule
from selfeval_xl.rules.tree import Block, Call, Node, call, number, plus

Worth = Callable[..., Value]

CELLS: dict[str, Value] = {
    "A1": Decimal("212.78"),
    "A2": Decimal(0),
    "A3": None,
    "A4": "",
    "A5": "文字",
    "A6": "3.7",
    "A7": True,
    "A8": False,
    "A9": CellError.DIV0,
    "A10": CellError.NA,
    "B1": "abc",
    "B2": "ABC",
}


def exactly(found: Value, wanted: Value) -> bool:
    """Say whether two values are the same and of one kind: TRUE is not 1, an error is no text."""
    return type(found) is type(wanted) and found == wanted


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A1", Decimal("212.78")),
        ("A3", Decimal(0)),
        ("A4", ""),
        ("A7", True),
        ("A9", CellError.DIV0),
        ("A1_A1", Decimal("212.78")),
        ('"x"', "x"),
        ("TRUE", True),
        ("-A1", Decimal("-212.78")),
        ("-A3", Decimal(0)),
        ("-A7", Decimal(-1)),
        ("-A5", CellError.VALUE),
        ("A1 + A3", Decimal("212.78")),
        ("A1 + A7", Decimal("213.78")),
        ("A1 - A1", Decimal(0)),
        ("A1 * A2", Decimal(0)),
        ("-A1 * A2", Decimal(0)),
        ("2 - 3 - 4", Decimal(-5)),
        ("2 - (3 - 4)", Decimal(3)),
        ("100 / 10 / 2", Decimal(5)),
        ("2 + 3 * 4", Decimal(14)),
        ("-2 * 3", Decimal(-6)),
        ("0.1 + 0.2 - 0.3", Decimal(0)),
        ("A1 / A2", CellError.DIV0),
        ("A1 / A3", CellError.DIV0),
        ("A3 / A3", CellError.DIV0),
        ("A1 + A4", CellError.VALUE),
        ("A1 + A5", CellError.VALUE),
        ("A5 / A2", CellError.VALUE),
        ("A2 / A5", CellError.VALUE),
        ("A9 + A10", CellError.DIV0),
        ("A10 + A9", CellError.NA),
        ("A1 + A10", CellError.NA),
        ("A10 / A2", CellError.NA),
        ("1 + A10 + A9", CellError.NA),
    ],
)
def test_arithmetic_is_that_of_excel(worth: Worth, text: str, value: Value) -> None:
    assert exactly(worth(text, CELLS), value)


def test_text_that_looks_like_a_number_is_never_one(worth: Worth) -> None:
    """Hosts differ here, so formulas guard; the evaluator takes the side of caution."""
    assert worth("A6 + 1", CELLS) is CellError.VALUE
    assert worth("SUM(A6, 1)", CELLS) == 1


def test_quotients_are_exact_far_beyond_what_excel_keeps(worth: Worth) -> None:
    assert worth("1 / 3 * 3 - 1") == Decimal("-1E-40")
    assert worth("1 / 3 * 3 = 1") is True


def test_numbers_end_where_those_of_excel_end(worth: Worth) -> None:
    cells = {"A1": Decimal("1E300")}
    assert worth("A1 * A1", cells) is CellError.NUM
    assert worth("1 / A1 / A1", cells) == 0
    assert worth("ROUND(A1, 2)", cells) == Decimal("1E300")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A1 & A5", "212.78文字"),
        ("A3 & A4", ""),
        ("A7 & A8", "TRUEFALSE"),
        ("1 & 2 & 3", "123"),
        ('"a" & 1 + 2', "a3"),
        ("A5 & A10 & A9", CellError.NA),
        ('0.10 & ""', "0.1"),
        ('0 & ""', "0"),
        ('-A1 & ""', "-212.78"),
        ('1000 * 1000 & ""', "1000000"),
        ('1 / 3 & ""', "0.333333333333333"),
        ('2 / 3 & ""', "0.666666666666667"),
        ('1000000 / 3 & ""', "333333.333333333"),
        ('123456789012.345 & ""', "123456789012.345"),
        ('0.00001 & ""', "0.00001"),
        ('10000000000 * 10000000000 & ""', "1E+20"),
        ('1 / 10000000000 / 3 & ""', "3.33333333333333E-11"),
    ],
)
def test_values_are_joined_in_the_general_format(worth: Worth, text: str, value: Value) -> None:
    assert exactly(worth(text, CELLS), value)


@pytest.mark.parametrize(
    "text",
    [
        "A1 = 212.78",
        "A1 > A2",
        "A1 >= 212.78",
        "A2 <= 0",
        "A2 < A1",
        "A1 <> A2",
        "A3 = 0",
        '"" = A3',
        'A3 = ""',
        "A3 = FALSE",
        "FALSE = A3",
        "A3 = C1",
        "A3 < A1",
        "A3 > -1",
        "A3 < A5",
        "A3 < TRUE",
        "A4 <> 0",
        'A4 = ""',
        "A4 > A1",
        "B1 = B2",
        'B1 = "aBc"',
        'B1 < "abd"',
        'B1 > "AB"',
        "A5 > A1",
        "A6 > 999999",
        "A7 > A5",
        "A8 > A5",
        "A7 > A8",
        "A7 <> 1",
        "A8 <> 0",
        "100.1 + 200.2 = 300.3",
        "0.1 + 0.2 = 0.3",
        "1.1 * 1.1 = 1.21",
        "1 / 3 = 0.333333333333333",
        "1 / 3 <> 0.33333333333333",
        "100000000000000 * 10 + 1 = 100000000000000 * 10",
        "100000000000000 + 1 > 100000000000000",
    ],
)
def test_this_comparison_holds_as_in_excel(worth: Worth, text: str) -> None:
    assert worth(text, CELLS) is True


@pytest.mark.parametrize("operator", ["=", "<>", "<", "<=", ">", ">="])
def test_a_comparison_gives_the_first_error(worth: Worth, operator: str) -> None:
    assert worth(f"A9 {operator} A10", CELLS) is CellError.DIV0
    assert worth(f"A1 {operator} A10", CELLS) is CellError.NA


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("IF(A1 > 0, 1, 2)", Decimal(1)),
        ("IF(A3, 1, 2)", Decimal(2)),
        ("IF(A2, 1)", False),
        ("IF(A1, A3)", Decimal(0)),
        ("IF(A5, 1, 2)", CellError.VALUE),
        ("IF(A10, 1, 2)", CellError.NA),
        ("IF(TRUE, 1, A9)", Decimal(1)),
        ("IF(FALSE, A9, 1)", Decimal(1)),
        ("IFERROR(A1, A9)", Decimal("212.78")),
        ("IFERROR(A10, A9)", CellError.DIV0),
        ('IFERROR(1 / A2, "无")', "无"),
    ],
)
def test_only_the_chosen_branch_counts(worth: Worth, text: str, value: Value) -> None:
    assert exactly(worth(text, CELLS), value)


def test_a_branch_not_taken_is_not_computed(formula: Callable[[str], Node]) -> None:
    seen = []

    def lookup(address: Address) -> Value:
        seen.append(address.row)
        return Decimal(1)

    compiled(formula("IF(A1 = 1, IFERROR(A2, A3), A4)"))(lookup)
    assert seen == [1, 2]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("收入合计 + 1", "收入合计 stands for no cell"),
        ("A1_A5 + 1", "more than one cell"),
        ("ROUND(A1_A5, 2)", "more than one cell"),
        ('TEXT(A1, "yyyy")', "TEXT takes the formats"),
        ("TEXT(A1, A2)", "TEXT takes the formats"),
        ("CHAR(65)", "CHAR takes 10"),
        ("COUNTBLANK(1)", "COUNTBLANK counts cells"),
        ("COUNTBLANK(ABS(A1))", "COUNTBLANK counts cells"),
        ("COUNTIF(1, 1)", "cells are wanted here"),
        ('COUNTIF(A1_A5, "局*")', "wildcards are not for rules"),
        ('MATCH("~", A1_A5, 0)', "wildcards are not for rules"),
        ("SUMIF(A1_A5, 1, B1_B4)", "differ in shape"),
        ("INDEX(A1_B5, 2)", "needs a row and a column"),
        ("INDEX(A1_A5, 0)", "counts from 1"),
        ("INDEX(1, 1)", "cells are wanted here"),
        ("MATCH(1, A1_B5, 0)", "one row or column"),
        ("MATCH(1, A1_A5, 1)", "its third argument is 0"),
    ],
)
def test_a_faulty_rule_is_refused_before_it_meets_data(
    formula: Callable[[str], Node], text: str, message: str
) -> None:
    tree = formula(text)
    with pytest.raises(ValueError, match=message):
        compiled(tree)


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        (Call("RAND"), "no function RAND"),
        (Call("TRUE", (number(1),)), "TRUE takes 0 arguments, not 1"),
        (Call("SUM", (Call("INDEX", (Block(Area("x", 1, 1, 2, 1)),)),)), "INDEX takes 2 or 3 arguments"),
    ],
)
def test_a_call_that_no_parser_made_is_checked_too(tree: Call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        compiled(tree)


def test_a_sum_of_thousands_of_cells_needs_no_recursion() -> None:
    evaluate = compiled(plus(*Area("x", 1, 1, 5000, 1).addresses()))
    assert evaluate(lambda address: Decimal(address.row)) == 5000 * 5001 // 2


TOTAL = (
    'IF(COUNT(C6_G6) + COUNTBLANK(C6_G6) < 5, "无法计算", IF(COUNT(C6_G6) = 0, "",'
    " ROUND(ROUND(N(C6), 2) + ROUND(N(D6), 2) + ROUND(N(E6), 2) + ROUND(N(F6), 2) + ROUND(N(G6), 2), 2)))"
)


@pytest.mark.parametrize(
    ("cells", "value"),
    [
        ({}, ""),
        ({"C6": Decimal(0)}, Decimal(0)),
        ({"D6": Decimal("212.29"), "G6": Decimal("0.49")}, Decimal("212.78")),
        ({"C6": Decimal("0.005"), "D6": Decimal("0.005")}, Decimal("0.02")),
        ({"C6": Decimal("-0.005")}, Decimal("-0.01")),
        ({"C6": "3.7万元", "D6": Decimal(1)}, "无法计算"),
        ({"C6": CellError.REF, "D6": Decimal(1)}, "无法计算"),
        ({"C6": "", "D6": Decimal(1)}, Decimal(1)),
        ({"C6": True}, "无法计算"),
    ],
)
def test_a_guarded_total_tells_blank_from_zero_and_from_text(
    worth: Worth, cells: dict[str, Value], value: Value
) -> None:
    assert exactly(worth(TOTAL, cells), value)


amounts = st.decimals(min_value=-(10**8), max_value=10**8, places=4)


@given(st.lists(amounts, min_size=1, max_size=8))
def test_rounded_addends_give_the_exact_sum(parts: list[Decimal]) -> None:
    tree = plus(*(call("ROUND", number(part), 2) for part in parts))
    assert compiled(tree)(lambda _: None) == sum(round_half_up(part) for part in parts)


@given(amounts, amounts)
def test_a_rule_read_back_from_its_text_has_the_same_value(left: Decimal, right: Decimal) -> None:
    tree = call("IF", plus(number(left), number(right)), call("ROUND", number(left), 1), number(right))
    again = parse(print_rule(tree))
    assert compiled(again)(lambda _: None) == compiled(tree)(lambda _: None)
