"""From names to cells: amounts rounded, runs joined, guards counted, wrong names refused."""

import pytest
from msgspec.structs import replace

from selfeval_xl.blueprint.build import build
from selfeval_xl.blueprint.lower import Context, FirstFailing, areas, lower, not_computable
from selfeval_xl.blueprint.model import Places, Shape
from selfeval_xl.cells import Address
from selfeval_xl.form.vocabulary import TableName, Vocabulary
from selfeval_xl.rules.parse import parse
from selfeval_xl.rules.printing import print_formula
from selfeval_xl.rules.tree import Name, node
from tests.support import small_report as small

BUILT = build(small.form(), small.settings(), Shape(3), 2022)
WORDS = Vocabulary(small.form().tables.values(), small.form().fields.values(), small.form().keys)


def context(table: str = "支出", index: int | None = 2, this: tuple[str, str] | None = None) -> Context:
    return Context(small.form(), BUILT.places, WORDS, table, index, this)


def lowered(text: str, where: Context | None = None) -> str:
    return print_formula(lower(parse(text), where or context()), "支出")


@pytest.mark.parametrize(
    ("rule", "formula"),
    [
        ("人员支出", "ROUND(N(D8),2)"),
        ("人员支出 + 公用支出", "ROUND(N(D8),2)+ROUND(N(E8),2)"),
        ("收入.上年结转 - 1.5", "ROUND(N(收入!C7),2)-1.5"),
        ("N(人员支出)", "N(D8)"),
        ("-人员支出", "-ROUND(N(D8),2)"),
        ("MAX(人员支出, 公用支出)", "MAX(ROUND(N(D8),2),ROUND(N(E8),2))"),
        ("SUM(人员支出)", "ROUND(N(D7),2)+ROUND(N(D8),2)+ROUND(N(D9),2)"),
        ("COUNT(人员支出)", "COUNT(D8)"),
        ("COUNT(收入)", "COUNT(收入!C7:G7)"),
        ("LEFT(收入.机构名称, 4)", "LEFT(收入!A7,4)"),
    ],
)
def test_a_name_becomes_the_cell_of_its_row(rule: str, formula: str) -> None:
    assert lowered(rule) == formula


def test_a_single_field_is_the_same_cell_for_every_row() -> None:
    for index in (None, 0, 2):
        wanted = f"ROUND(N({small.field('基本概况.实有人数')}),2)*2"
        assert lowered("基本概况.实有人数 * 2", context(index=index)) == wanted


def test_the_total_row_is_row_nought() -> None:
    assert lowered("人员支出", context(index=0)) == "ROUND(N(D6),2)"


def test_this_item_is_the_one_that_the_rule_goes_over() -> None:
    assert lowered("本项", context(this=("支出", "公用支出"))) == "ROUND(N(E8),2)"


def test_this_item_means_nothing_elsewhere() -> None:
    with pytest.raises(ValueError, match="means nothing"):
        lowered("本项")


def test_a_rule_about_single_fields_has_no_row() -> None:
    with pytest.raises(ValueError, match="single fields"):
        lowered("人员支出", context(index=None))


def test_a_table_has_no_single_cell() -> None:
    with pytest.raises(ValueError, match="no single cell"):
        context().address(TableName("收入"))


def test_only_an_items_rows_are_added_up() -> None:
    with pytest.raises(ValueError, match="added up"):
        lowered("SUM(收入)")


def test_operands_are_noted_in_order_and_an_entitys_name_is_none() -> None:
    where = context()
    lowered("IF(LEN(收入.机构名称) > 0, 公用支出, 收入.上年结转) + 公用支出", where)
    assert [str(one) for one in where.operands] == ["支出!E8", "收入!C7", "支出!E8"]


def test_a_sum_over_many_rows_needs_no_recursion() -> None:
    tall = Places(tables={"支出": replace(BUILT.places.tables["支出"], rows=5000)})
    where = Context(small.form(), tall, WORDS, "支出", 0)
    lower(parse("SUM(人员支出) = 人员支出"), where)
    assert len(where.operands) == 5001


def test_the_first_failing_row_is_looked_up_by_its_position() -> None:
    where = FirstFailing(small.form(), BUILT.places, WORDS, "支出", 1, position=node(Address("校验", 9, 12)))
    staff = small.field("基本概况.实有人数")
    assert lowered("人员支出 - 基本概况.实有人数", where) == (
        f"ROUND(N(INDEX(D6:D9,校验!L9)),2)-ROUND(N({staff}),2)"
    )


@pytest.mark.parametrize(
    ("cells", "joined"),
    [
        ("A1 B1 C1", "表!A1:C1"),
        ("A1 A2 A3", "表!A1:A3"),
        ("A1 B1 B2", "表!A1:B1 表!B2"),
        ("A1 C1", "表!A1 表!C1"),
        ("B1 A1", "表!B1 表!A1"),
        ("A1 A2 B2", "表!A1:A2 表!B2"),
        ("A1 A2 B1", "表!A1:A2 表!B1"),
        ("A1 B1 A2", "表!A1:B1 表!A2"),
        ("A1", "表!A1"),
        ("", ""),
    ],
)
def test_runs_in_a_row_or_column_are_one_area(cells: str, joined: str) -> None:
    addresses = [small.at(f"表!{cell}") for cell in cells.split()]
    assert " ".join(str(area) for area in areas(addresses)) == joined


def test_cells_of_two_sheets_are_never_joined() -> None:
    assert len(areas([small.at("甲!A1"), small.at("乙!B1")])) == 2


def test_the_guard_counts_numbers_and_blanks_of_every_cell_once() -> None:
    cells = [small.at(f"支出!{cell}") for cell in ("C7", "D7", "F7", "C7")]
    guard = not_computable(cells)
    assert guard is not None
    assert print_formula(guard, "支出") == "COUNT(C7:D7,F7)+COUNTBLANK(C7:D7)+COUNTBLANK(F7)<3"


def test_without_cells_there_is_nothing_to_guard() -> None:
    assert not_computable([]) is None


def test_a_name_that_the_form_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="没有的项目"):
        context().meaning(Name("没有的项目"))
