import copy
import re
from decimal import Decimal

import pytest

from selfeval_xl.rules.functions import FUNCTIONS
from selfeval_xl.rules.parse import RuleSyntaxError, parse
from selfeval_xl.rules.tree import Binary, Call, Name, Number, Text, Unary

A, B, C = Name("a"), Name("b"), Name("c")


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        ("5", Number(Decimal(5))),
        ("0.30", Number(Decimal("0.3"))),
        (".5", Number(Decimal("0.5"))),
        ('"文字"', Text("文字")),
        ('""', Text("")),
        ('"他说""好"""', Text('他说"好"')),
        ('"（，）不管"', Text("（，）不管")),
        ("收入合计", Name("收入合计")),
        ("收入.收入合计", Name("收入.收入合计")),
        ("'部门(单位)名称'", Name("部门(单位)名称")),
        ("封面.'部门(单位)名称'", Name("封面.部门(单位)名称")),
        ("'评价人员'.'职务/职称'", Name("评价人员.职务/职称")),
        ("'it''s'", Name("it's")),
        ("'2022年'", Name("2022年")),
        ("B6", Name("B6")),
        ("SUM", Name("SUM")),
        ("'TRUE'", Name("TRUE")),
        ("TRUE", Call("TRUE")),
        ("false", Call("FALSE")),
        ("TRUE()", Call("TRUE")),
        ("-a", Unary("-", A)),
        ("--a", Unary("-", Unary("-", A))),
        ("(a)", A),
        ("sum(a, b)", Call("SUM", (A, B))),
        ("Sum (a)", Call("SUM", (A,))),
        (" a\n = b\t", Binary("=", A, B)),
    ],
)
def test_a_text_has_this_tree(source: str, tree: object) -> None:
    assert parse(source) == tree


@pytest.mark.parametrize(
    ("source", "in_brackets"),
    [
        ("a - b - c", "(a - b) - c"),
        ("a / b / c", "(a / b) / c"),
        ("a + b * c", "a + (b * c)"),
        ("a * b + c", "(a * b) + c"),
        ("-a * b", "(-a) * b"),
        ("a * -b", "a * (-b)"),
        ("a - -b", "a - (-b)"),
        ("a & b + c", "a & (b + c)"),
        ("a = b & c", "a = (b & c)"),
        ("a <= b + c", "a <= (b + c)"),
        ("a < b = c", "(a < b) = c"),
        ("a <> b", "(a) <> (b)"),
    ],
)
def test_precedence_is_that_of_excel(source: str, in_brackets: str) -> None:
    assert parse(source) == parse(in_brackets)


@pytest.mark.parametrize(
    ("source", "message", "position", "length"),
    [
        ("", "missing here", 0, 1),
        ("a +", "missing here", 3, 1),
        ("a + * b", "missing here", 4, 1),
        ("+a", "missing here", 0, 1),
        ("a b", "operator is missing", 2, 1),
        ("a)", "too much", 1, 1),
        ("a = 1, 2", "too much", 5, 1),
        ("(a + b", "never closed", 0, 1),
        ("SUM(a, (b)", "never closed", 3, 1),
        ("SUM(a b)", "comma or a closing bracket", 6, 1),
        ("SUM(a,)", "missing here", 6, 1),
        ("IF(a,,b)", "missing here", 5, 1),
        ("1 + SUMM(a)", "no function SUMM", 4, 4),
        ("ROUND(a)", "ROUND takes 2 arguments, not 1", 0, 5),
        ("IF(a)", "IF takes 2 or 3 arguments, not 1", 0, 2),
        ("SUM()", "SUM takes 1 or more arguments, not 0", 0, 3),
        ("部门(单位)", "no function 部门", 0, 2),
        ('a & "x', "text has no closing quote", 4, 2),
        ("a + 'x", "no closing quote", 4, 2),
        ("''", "name is empty", 0, 2),
        ("2022年", "needs single quotes", 0, 5),
        ("1.", "neither a number nor a name", 0, 2),
        ("1E5", "neither a number nor a name", 0, 3),
        ("1234567890.123456", "15 digits", 0, 17),
        ("部门（单位）", "write '('", 2, 1),
        ("SUM(a，b)", "write ','", 5, 1),
        ("a\uff1db", "write '='", 1, 1),
        ("a\uff0bb", "write '+'", 1, 1),
        ("a\uff0db", "write '-'", 1, 1),
        ("\uff11\uff0b\uff11", "write '1'", 0, 1),
        ("a、b", "write ','", 1, 1),
        ("a \u00d7 b", "write '*'", 2, 1),
        ("a ≤ b", "write '<='", 2, 1),
        ("\u201c好\u201d", "write '\"'", 0, 1),
        ("a ^ 2", "no meaning", 2, 1),
        ("5%", "no meaning", 1, 1),
        ("a!b", "no meaning", 1, 1),
    ],
)
def test_a_slip_is_shown_where_it_is(source: str, message: str, position: int, length: int) -> None:
    with pytest.raises(RuleSyntaxError, match=re.escape(message)) as caught:
        parse(source)
    assert (caught.value.position, caught.value.length) == (position, length)
    assert caught.value.source == source


def test_the_caret_stands_under_the_character_in_a_terminal() -> None:
    with pytest.raises(RuleSyntaxError) as caught:
        parse("收入合计 = 公共财政拨款 其他收入")
    assert str(caught.value).splitlines()[1:] == [
        "  收入合计 = 公共财政拨款 其他收入",
        "  " + " " * (8 + 3 + 12 + 1) + "^" * 8,
    ]


def test_only_the_line_at_fault_is_shown() -> None:
    with pytest.raises(RuleSyntaxError) as caught:
        parse("a\n= b +\n\t合 计")
    assert str(caught.value).splitlines()[1:] == ["   合 计", "      ^^"]


def test_an_error_can_be_copied_and_so_sent_between_processes() -> None:
    error = RuleSyntaxError("wrong", "a b", 2, 1)
    assert str(copy.copy(error)) == str(error)


def test_rules_nest_as_deep_as_in_excel_and_no_deeper() -> None:
    assert parse("(" * 63 + "a" + ")" * 63) == A
    with pytest.raises(RuleSyntaxError, match="nested more than 64 deep"):
        parse("(" * 64 + "a" + ")" * 64)
    with pytest.raises(RuleSyntaxError, match="nested"):
        parse("-" * 1000 + "a")


def test_a_long_sum_is_not_deep() -> None:
    assert isinstance(parse("+".join(["a"] * 3000)), Binary)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_is_read_with_its_fewest_and_most_arguments(function: str) -> None:
    for count in FUNCTIONS[function]:
        assert parse(f"{function}({', '.join(['a'] * count)})") == Call(function, (A,) * count)
