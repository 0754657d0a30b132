from decimal import Decimal

import pytest

from selfeval_xl.cells import Address, Area
from selfeval_xl.rules import tree
from selfeval_xl.rules.parse import parse
from selfeval_xl.rules.tree import Binary, Block, Call, Cell, Name, Number, Text, Unary

B6 = Address("收入", 6, 2)
BLOCK = Area("收入", 6, 2, 10, 2)


def test_plain_values_become_nodes() -> None:
    assert tree.node(B6) == Cell(B6)
    assert tree.node(BLOCK) == Block(BLOCK)
    assert tree.node(BLOCK, absolute=True) == Block(BLOCK, absolute=True)
    assert tree.node("合计") == Text("合计")
    assert tree.text("合计") == Text("合计")
    assert tree.node(5) == Number(Decimal(5))
    assert tree.node(Decimal("0.01")) == Number(Decimal("0.01"))
    assert tree.node(True) == Call("TRUE")
    assert tree.node(Cell(B6)) == Cell(B6)


def test_a_negative_constant_is_a_minus_sign_and_a_number() -> None:
    assert tree.number("-0.5") == Unary("-", Number(Decimal("0.5")))
    assert tree.number("-0.5") == parse("-0.5")


@pytest.mark.parametrize("value", ["-1", "-0", "NaN", "Infinity"])
def test_a_number_node_takes_no_sign_and_nothing_infinite(value: str) -> None:
    with pytest.raises(ValueError, match="finite and has no sign"):
        Number(Decimal(value))


def test_a_negative_zero_becomes_a_plain_one() -> None:
    assert tree.number(Decimal("-0")) == Number(Decimal(0))


@pytest.mark.parametrize(
    ("built", "text"),
    [
        (tree.plus(1, 2, 3), "1 + 2 + 3"),
        (tree.minus(1, 2, 3), "1 - 2 - 3"),
        (tree.times(1, tree.plus(2, 3)), "1 * (2 + 3)"),
        (tree.over(1, 2), "1 / 2"),
        (tree.joined("a", 1), '"a" & 1'),
        (tree.negative(Name("x")), "-x"),
        (tree.equal(1, 2), "1 = 2"),
        (tree.unequal(1, 2), "1 <> 2"),
        (tree.less(1, 2), "1 < 2"),
        (tree.at_most(1, 2), "1 <= 2"),
        (tree.more(1, 2), "1 > 2"),
        (tree.at_least(1, 2), "1 >= 2"),
        (
            tree.call("IF", tree.equal(Name("x"), ""), "", tree.call("ROUND", Name("x"), 2)),
            'IF(x="","",ROUND(x,2))',
        ),
    ],
)
def test_constructors_build_what_the_parser_reads(built: tree.Node, text: str) -> None:
    assert built == parse(text)


def test_one_addend_is_no_sum() -> None:
    assert tree.plus(B6) == Cell(B6)


@pytest.mark.parametrize(
    ("function", "count", "message"),
    [
        ("VLOOKUP", 3, "no function VLOOKUP"),
        ("ROUND", 1, "takes 2 arguments, not 1"),
        ("SUM", 0, "1 or more"),
    ],
)
def test_calls_that_excel_would_refuse_cannot_be_built(function: str, count: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        tree.call(function, *range(count))


def test_names_and_references_come_in_order_of_appearance() -> None:
    built = tree.call("IF", tree.less(Name("b"), B6), tree.negative(Name("a")), tree.plus(BLOCK, Name("b")))
    assert [name.text for name in tree.names(built)] == ["b", "a", "b"]
    assert tree.references(built) == [Cell(B6), Block(BLOCK)]


def test_equal_trees_are_one_key() -> None:
    assert parse("合计 = SUM(甲, 1)") == parse("合计=SUM( 甲,1 )")
    assert hash(parse("合计 = SUM(甲, 1)")) == hash(parse("合计=SUM( 甲,1 )"))


def test_substitution_replaces_every_name_and_nothing_else() -> None:
    source = 'IF(a > 0, -a + b - 2, "a")'
    replaced = tree.substitute(parse(source), lambda name: Name(name.text.upper()))
    assert replaced == parse(
        source.replace('"a"', "#").replace("a", "A").replace("b", "B").replace("#", '"a"')
    )


def test_a_substituted_sum_keeps_its_brackets() -> None:
    replaced = tree.substitute(parse("2 * x"), lambda _: parse("1 + 1"))
    assert replaced == parse("2 * (1 + 1)")


def test_a_chain_is_a_run_of_one_precedence() -> None:
    whole = parse("a - b + c * d")
    assert isinstance(whole, Binary)
    assert tree.chain(whole) == (Name("a"), [("-", Name("b")), ("+", parse("c * d"))])


def test_sums_of_thousands_of_cells_are_walked_without_recursion() -> None:
    long = tree.plus(*[Name("x")] * 5000)
    assert len(tree.names(long)) == 5000
    assert len(tree.references(tree.substitute(long, lambda _: Cell(B6)))) == 5000
