"""The official tables as laid out: the header as printed, merges, the rows, what is locked, the names."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from selfeval_xl.blueprint.build import build
from selfeval_xl.blueprint.model import Blueprint, Shape, TablePlace
from selfeval_xl.cells import Area, range_ref
from selfeval_xl.form.model import Form, Key
from selfeval_xl.rules.printing import print_formula
from tests.support import small_report as small

# As the paper prints them: `<` is merged with the cell at the left, `^` with the one above. The last column of 收入 is
# not printed.
HEADERS = {
    "收入": """
        机构名称 收入合计 其中：   <            <            <                          <        机构编码
        ^        ^        上年结转 公共财政拨款 政府基金拨款 纳入专户管理的非税收入拨款 其他收入 ^
    """,
    "支出": """
        机构名称 支出合计 其中：   <        <        <        结余     <
        ^        ^        基本支出 其中：   <        项目支出 当年结余 累计结余
        ^        ^        ^        人员支出 公用支出 ^        ^        ^
    """,
    "三公经费": """
        机构名称 三公经费/合计 其中：     <              <              <
        ^        ^             公务接待费 公务用车运维费 公务用车购置费 因公出国费
    """,
    "固定资产": """
        机构名称 固定资产/合计 其中：       <            其他
        ^        ^             在用固定资产 出租固定资产 ^
    """,
}
ROWS = 4


def blueprint(*, entity: bool = False) -> Blueprint:
    return build(small.form(), small.settings(), Shape(1 if entity else ROWS, entity=entity), 2022)


def header_area(place: TablePlace) -> Area:
    depth = small.form().tables[place.label].depth
    right = max(*place.columns.values(), *place.attributes.values(), place.name_column)
    return Area(place.sheet, place.total_row - depth, place.name_column, place.total_row - 1, right)


def drawn(built: Blueprint, table: str) -> list[list[str]]:
    """Draw a table's header from its labels and merges."""
    place = built.places.tables[table]
    sheet, area = built.sheet(place.sheet), header_area(place)
    grid = []
    for row in range(area.top, area.bottom + 1):
        line = []
        for column in range(area.left, area.right + 1):
            merge = next(
                (
                    one
                    for one in sheet.merges
                    if one.top <= row <= one.bottom and one.left <= column <= one.right
                ),
                Area(sheet.name, row, column, row, column),
            )
            label = str(sheet.cells[row, column].value or "?").replace("\n", "/")
            line.append("^" if row > merge.top else "<" if column > merge.left else label)
        grid.append(line)
    return grid


@pytest.mark.parametrize("table", HEADERS)
def test_the_header_stands_as_the_paper_prints_it(table: str) -> None:
    wanted = [line.split() for line in HEADERS[table].strip().splitlines()]
    assert drawn(blueprint(), table) == wanted


def with_header(form: Form, item: Key, header: tuple[str, ...]) -> Form:
    """Return the form with another header over one column."""
    table = form.tables[item[0]]
    columns = tuple(replace(one, header=header) if one.key == item else one for one in table.columns)
    blocks = tuple(replace(one, columns=columns) if one is table else one for one in form.blocks)
    return replace(form, blocks=blocks)


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (("其中：",), "机构名称 固定资产/合计 其中： < 其中："),
        (("其中：", "其他"), "机构名称 固定资产/合计 其中： < <"),
        (("其余：", "其他"), "机构名称 固定资产/合计 其中： < 其余："),
    ],
)
def test_only_inner_cells_of_one_text_are_one_cell(header: tuple[str, ...], wanted: str) -> None:
    form = with_header(small.form(), ("固定资产", "其他"), header)
    assert drawn(build(form, small.settings(), Shape(2), 2022), "固定资产")[0] == wanted.split()


@pytest.mark.parametrize("table", HEADERS)
def test_no_two_merges_of_a_sheet_overlap(table: str) -> None:
    merges = blueprint().sheet(small.form().tables[table].sheet).merges
    covered = [address for area in merges for address in area.addresses()]
    assert len(covered) == len(set(covered))
    assert all(area.height > 1 or area.width > 1 for area in merges)


@pytest.mark.parametrize(
    ("table", "total", "head"),
    [
        ("收入", "局机关及二级机构汇总", "局机关"),
        ("支出", "机关及二级机构汇总", "机关"),
        ("三公经费", "机关及二级机构汇总", "机关"),
        ("固定资产", "局机关及二级机构汇总", "局机关"),
    ],
)
def test_the_total_row_stands_first_and_the_head_is_called_as_printed(
    table: str, total: str, head: str
) -> None:
    built = blueprint()
    place = built.places.tables[table]
    cells = built.sheet(place.sheet).cells
    assert place.first_row == place.total_row + 1
    assert cells[place.total_row, place.name_column].value == total
    assert cells[place.first_row, place.name_column].value == head
    assert cells[place.first_row, place.name_column].format == '"1、"@'


def test_entities_are_named_in_the_first_table_and_shown_in_the_others() -> None:
    built = blueprint()
    first, other = built.plan(small.at("收入!A7")), built.plan(small.at("支出!A8"))
    assert first is not None
    assert other is not None
    assert (first.locked, first.formula, first.format) == (False, None, '"2、"@')
    assert other.locked
    assert other.formula is not None
    assert print_formula(other.formula, "支出") == 'IF(LEN(收入!A7)=0,"",收入!A7)'


def test_the_workbook_of_one_entity_names_even_the_first_row() -> None:
    built = blueprint(entity=True)
    plan = built.plan(small.at("收入!A6"))
    assert plan is not None
    assert not plan.locked
    assert plan.value is None
    assert [place.rows for place in built.places.tables.values()] == [1, 1, 1, 1]
    assert "绩效自评" not in built.sheets


def amounts(built: Blueprint) -> Iterator[tuple[str, bool, bool]]:
    """Yield item, whether it can be typed over, and whether it is a formula, for the first entity row."""
    for place in built.places.tables.values():
        for label in place.columns:
            plan = built.plan(place.cell(label, 1))
            assert plan is not None
            yield label, plan.locked, plan.formula is not None


def test_totals_are_locked_formulas_and_the_rest_are_unlocked_inputs() -> None:
    computed = {"收入合计", "支出合计", "基本支出", "三公经费合计", "固定资产合计"}
    for label, locked, is_formula in amounts(blueprint()):
        assert (locked, is_formula) == (label in computed, label in computed), label


@pytest.mark.parametrize(
    ("cell", "formula"),
    [
        (
            "支出!C7",
            (
                'IF(COUNT(D7:E7)+COUNTBLANK(D7:E7)<2,"无法计算",'
                'IF(COUNT(D7:E7)=0,"",ROUND(ROUND(N(D7),2)+ROUND(N(E7),2),2)))'
            ),
        ),
        (
            "支出!B7",
            (
                'IF(COUNT(C7,F7)+COUNTBLANK(C7)+COUNTBLANK(F7)<2,"无法计算",'
                'IF(COUNT(C7,F7)=0,"",ROUND(ROUND(N(C7),2)+ROUND(N(F7),2),2)))'
            ),
        ),
        (
            "固定资产!E5",
            (
                'IF(COUNT(E6:E9)+COUNTBLANK(E6:E9)<4,"无法计算",IF(COUNT(E6:E9)=0,"",'
                "ROUND(ROUND(N(E6),2)+ROUND(N(E7),2)+ROUND(N(E8),2)+ROUND(N(E9),2),2)))"
            ),
        ),
    ],
)
def test_a_total_is_guarded_against_text_and_shows_nothing_for_blanks(cell: str, formula: str) -> None:
    plan = blueprint().plan(small.at(cell))
    assert plan is not None
    assert plan.formula is not None
    assert print_formula(plan.formula, cell.split("!", maxsplit=1)[0]) == formula


@pytest.mark.parametrize(
    ("name", "area"),
    [
        ("收入_机构名称", "A6:A9"),
        ("收入_机构编码", "H6:H9"),
        ("收入_上年结转", "C6:C9"),
        ("收入_收入合计_汇总", "B5"),
        ("支出_累计结余", "H7:H10"),
        ("三公经费_三公经费合计_汇总", "B5"),
    ],
)
def test_every_item_has_its_name_over_all_entity_rows(name: str, area: str) -> None:
    assert range_ref(blueprint().names[name]) == area


def test_no_attribute_has_a_total() -> None:
    assert "收入_机构编码_汇总" not in blueprint().names


@pytest.mark.parametrize("table", HEADERS)
def test_header_and_names_stay_in_view_and_are_repeated_in_print(table: str) -> None:
    built = blueprint()
    place = built.places.tables[table]
    sheet = built.sheet(place.sheet)
    assert sheet.freeze == (place.total_row, 1)
    assert sheet.repeat == (1, place.total_row - 1)
    assert sheet.print_columns == 1 + len(place.columns)
    assert sheet.landscape


@pytest.mark.parametrize("table", HEADERS)
def test_every_input_column_takes_numbers_only(table: str) -> None:
    built = blueprint()
    place = built.places.tables[table]
    checked = [
        area for one in built.sheet(place.sheet).validations if one.kind == "amount" for area in one.areas
    ]
    assert checked == [place.block(label) for label in place.inputs]


def test_the_unit_and_the_department_stand_above_the_table() -> None:
    built = blueprint()
    cell = small.field("封面.部门(单位)名称")
    department, unit = built.plan(small.at("支出!A2")), built.plan(small.at("支出!H2"))
    assert department is not None
    assert department.formula is not None
    assert print_formula(department.formula, "支出") == (
        f'IF(LEN({cell})=0,"部门(单位)名称：","部门(单位)名称："&{cell})'
    )
    assert unit is not None
    assert unit.value == "单位：万元"


def test_a_cell_of_the_layout_is_set_only_once() -> None:
    sheet = blueprint().sheet("收入")
    with pytest.raises(ValueError, match="set twice"):
        sheet.put(5, 1, sheet.cells[5, 1])
