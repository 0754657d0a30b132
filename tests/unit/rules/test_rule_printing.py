from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token

from selfeval_xl.cells import Address, Area
from selfeval_xl.rules.functions import FUNCTIONS
from selfeval_xl.rules.parse import parse
from selfeval_xl.rules.printing import print_formula, print_rule
from selfeval_xl.rules.tree import (
    PRECEDENCE,
    Binary,
    Block,
    Call,
    Cell,
    Name,
    Node,
    Number,
    Text,
    Unary,
    call,
    equal,
    less,
    minus,
    number,
    plus,
    times,
    walk,
)

HERE = "收入"
B6 = Address(HERE, 6, 2)
BLOCK = Area(HERE, 6, 2, 10, 2)


@pytest.mark.parametrize(
    "rule",
    [
        "收入合计 = 上年结转 + 公共财政拨款 + 政府基金拨款 + 纳入专户管理的非税收入拨款 + 其他收入",
        "支出.支出合计 <= 收入.收入合计",
        "封面.'部门(单位)名称' <> \"\"",
        "a - (b - c) - d",
        "a * (b + c) / -d",
        "-(a + b) * c",
        "a = b = (c = d)",
        'IF(ISBLANK(a), "无", TEXT(ROUND(a, 2), "0.00") & "万元")',
        "a = b = c",
        '"a" & (1 & 2)',
    ],
)
def test_a_rule_written_as_people_write_it_is_printed_so(rule: str) -> None:
    assert print_rule(parse(rule)) == rule


@pytest.mark.parametrize(
    ("rule", "printed"),
    [("((a))+(b*c)", "a + b * c"), ("(a-b)-c", "a - b - c"), ("0.50+.5", "0.5 + 0.5"), ("'a'.'b'", "a.b")],
)
def test_needless_brackets_quotes_and_zeros_are_left_out(rule: str, printed: str) -> None:
    assert print_rule(parse(rule)) == printed


@pytest.mark.parametrize(
    ("tree", "formula"),
    [
        (Cell(B6), "B6"),
        (Cell(B6, absolute=True), "$B$6"),
        (Block(BLOCK), "B6:B10"),
        (Block(BLOCK, absolute=True), "$B$6:$B$10"),
        (Cell(Address("支出", 6, 28)), "支出!AB6"),
        (Block(Area("2022 年", 1, 1, 2, 3)), "'2022 年'!A1:C2"),
        (Name("收入_上年结转"), "收入_上年结转"),
        (number("1E+3"), "1000"),
        (number("-0.50"), "-0.5"),
        (Text('"好"'), '"""好"""'),
        (times(minus(B6, 1), 2), "(B6-1)*2"),
        (call("INDEX", Name("收入_上年结转"), 3), "INDEX(收入_上年结转,3)"),
        (call("CHAR", 10), "CHAR(10)"),
        (call("AND", True, equal(B6, "")), 'AND(TRUE(),B6="")'),
    ],
)
def test_a_formula_is_printed_as_excel_stores_it(tree: Node, formula: str) -> None:
    assert print_formula(tree, HERE) == formula


def test_a_guarded_total_is_printed_as_a_clerk_would_see_it() -> None:
    row = Area(HERE, 6, 3, 6, 7)
    cells = [call("ROUND", call("N", address), 2) for address in row.addresses()]
    known = call("IF", equal(call("COUNT", row), 0), "", call("ROUND", plus(*cells), 2))
    guarded = call("IF", less(plus(call("COUNT", row), call("COUNTBLANK", row)), 5), "无法计算", known)
    assert print_formula(guarded, HERE) == (
        'IF(COUNT(C6:G6)+COUNTBLANK(C6:G6)<5,"无法计算",IF(COUNT(C6:G6)=0,"",'
        "ROUND(ROUND(N(C6),2)+ROUND(N(D6),2)+ROUND(N(E6),2)+ROUND(N(F6),2)+ROUND(N(G6),2),2)))"
    )


def test_a_message_shows_references_with_their_sheet() -> None:
    assert print_rule(equal(B6, call("SUM", BLOCK))) == "收入!B6 = SUM(收入!B6:B10)"


def test_what_excel_would_not_take_is_refused() -> None:
    assert print_formula(Text("字" * 255), HERE)
    with pytest.raises(ValueError, match="no text of 256 characters"):
        print_formula(Text("字" * 256), HERE)
    with pytest.raises(ValueError, match="no formula of"):
        print_formula(plus(*[B6] * 5000), HERE)
    assert print_rule(Text("字" * 256))


NUMBERS = st.decimals(min_value=0, max_value=10**9, places=4).map(lambda value: Number(abs(value)))
TEXTS = st.text(st.sampled_from("aA中\"'，( \n😀"), max_size=6).map(Text)
NAMES = st.text(st.sampled_from("aTRUE收\uff111_.'(）/ 😀"), min_size=1, max_size=8).map(Name)
REFERENCES = st.sampled_from([Cell(B6), Cell(Address("2 年", 1, 1), absolute=True), Block(BLOCK)])


def trees(leaves: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    def branches(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        return st.one_of(
            st.builds(Unary, st.just("-"), children),
            st.builds(Binary, st.sampled_from(sorted(PRECEDENCE)), children, children),
            st.sampled_from(sorted(FUNCTIONS)).flatmap(lambda function: calls(function, children)),
        )

    return st.recursive(leaves, branches, max_leaves=15)


def calls(function: str, children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    least, most = FUNCTIONS[function]
    arguments = st.lists(children, min_size=least, max_size=min(most, least + 2)).map(tuple)
    return st.builds(Call, st.just(function), arguments)


@given(trees(st.one_of(NUMBERS, TEXTS, NAMES)))
def test_a_printed_rule_is_read_back_as_the_same_tree(tree: Node) -> None:
    assert parse(print_rule(tree)) == tree


@given(trees(st.one_of(NUMBERS, TEXTS, REFERENCES, st.just(Name("收入_合计")))))
def test_a_printed_formula_has_the_words_that_openpyxl_finds_in_it(tree: Node) -> None:
    formula = "=" + print_formula(tree, HERE)
    words = Tokenizer(formula)
    assert words.render() == formula
    found = Counter((word.type, word.subtype) for word in words.items)
    nodes = Counter(type(node) for node in walk(tree))
    assert found[Token.OPERAND, Token.NUMBER] == nodes[Number]
    assert found[Token.OPERAND, Token.TEXT] == nodes[Text]
    assert found[Token.OPERAND, Token.RANGE] == nodes[Cell] + nodes[Block] + nodes[Name]
    assert found[Token.FUNC, Token.OPEN] == found[Token.FUNC, Token.CLOSE] == nodes[Call]
    assert sum(count for (kind, _), count in found.items() if kind == Token.OP_IN) == nodes[Binary]
    assert sum(count for (kind, _), count in found.items() if kind == Token.OP_PRE) == nodes[Unary]


@given(trees(NUMBERS))
def test_a_formula_without_cells_is_a_rule_too(tree: Node) -> None:
    assert parse(print_formula(tree, HERE)) == tree


def test_a_number_is_printed_without_an_exponent() -> None:
    assert print_rule(Number(Decimal("1E-10"))) == "0.0000000001"
