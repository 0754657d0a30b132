"""A report into cells and back: rows of paragraphs, long ones cut and joined, goals, headings, dates."""

from decimal import Decimal as D
from typing import Any

import pytest

from selfeval_xl.blueprint.build import build
from selfeval_xl.blueprint.model import Blueprint, Shape
from selfeval_xl.cells import Address, Value
from selfeval_xl.submission.data import read_data
from selfeval_xl.submission.dump import to_data
from selfeval_xl.submission.layout import LEAST_ROWS, SPARE_ROWS, chunks, defaults, place, shape_for
from selfeval_xl.submission.model import MOST_ROWS, Entity, Submission
from selfeval_xl.submission.taking import take
from tests.support import small_report as small

TEXT = ("基本概况", "职能职责概述", "")
LONG = "全年完成各项任务；" * 400


def read(**changes: Any) -> Submission:
    return read_data(small.encoded(small.changed(**changes)))


def built(submission: Submission) -> Blueprint:
    return build(submission.form, small.settings(), shape_for(submission), 2022)


def there_and_back(submission: Submission) -> Submission:
    blueprint = built(submission)
    return take(blueprint, place(submission, blueprint).typed)


# Long paragraphs


@pytest.mark.parametrize(
    ("paragraph", "room", "rows"),
    [
        ("短句。", 10, ["短句。"]),
        ("", 10, [""]),
        ("一二三四五六七八九十", 10, ["一二三四五六七八九十"]),
        ("一二三四五六七。九十百千", 10, ["一二三四五六七。", "九十百千"]),
        ("一二三四五六；七！九十百千", 10, ["一二三四五六；七！", "九十百千"]),
        ("一。三四五六七八九十百千", 10, ["一。三四五六七八九十", "百千"]),
        ("一二三四五六七八九十百千", 10, ["一二三四五六七八九十", "百千"]),
        ("一二三四五六七八九。百千", 10, ["一二三四五六七八九。", "百千"]),
        ("甲" * 25, 10, ["甲" * 10, "甲" * 10, "甲" * 5]),
    ],
)
def test_a_long_paragraph_is_cut_at_the_end_of_a_sentence(paragraph: str, room: int, rows: list[str]) -> None:
    assert chunks(paragraph, room) == rows


def test_cutting_loses_nothing_and_fits() -> None:
    rows = chunks(LONG + "没有标点" * 300, 500)
    assert "".join(rows) == LONG + "没有标点" * 300
    assert max(map(len, rows)) <= 500


def test_the_next_rows_of_a_long_paragraph_are_marked_as_its_continuation() -> None:
    submission = read(基本概况_职能职责概述=["第一段", LONG, "第三段"])
    blueprint = built(submission)
    spot = blueprint.places.texts[TEXT]
    typed = place(submission, blueprint).typed
    marks = [typed.get(spot.mark(index)) for index in range(spot.rows)]
    count = len(chunks(LONG, spot.capacity))
    assert count > 2
    assert marks[: count + 2] == [None, None, *["续"] * (count - 1), None]
    assert take(blueprint, typed).texts[TEXT] == ("第一段", LONG, "第三段")


def test_a_paste_with_line_breaks_makes_paragraphs_and_a_mark_joins_them() -> None:
    blueprint = build(small.form(), small.settings(), Shape(3), 2022)
    spot = blueprint.places.texts[TEXT]
    typed: dict[Address, Value] = {
        spot.cell(0): "第一段\n第二段",
        spot.cell(1): "的下半句",
        spot.mark(1): " 续 ",
        spot.cell(3): D("3.70"),
    }
    assert take(blueprint, typed).texts[TEXT] == ("第一段", "第二段的下半句", "3.70")


def test_a_continuation_of_nothing_is_a_paragraph() -> None:
    blueprint = build(small.form(), small.settings(), Shape(3), 2022)
    spot = blueprint.places.texts[TEXT]
    assert take(blueprint, {spot.cell(0): "甲", spot.mark(0): "续"}).texts[TEXT] == ("甲",)


# Shapes


@pytest.mark.parametrize(
    ("entities", "least", "rows"),
    [
        (1, 0, LEAST_ROWS),
        (3, 0, 3 + SPARE_ROWS),
        (3, 3, 3),
        (3, 20, 20),
        (30, 20, 30),
        (MOST_ROWS, 0, MOST_ROWS),
    ],
)
def test_a_workbook_has_spare_rows_unless_told_how_many(entities: int, least: int, rows: int) -> None:
    submission = Submission(small.form(), entities=[Entity(f"第{number}站") for number in range(entities)])
    assert shape_for(submission, least).rows == rows


def test_blocks_grow_with_what_stands_in_them() -> None:
    few, many = (
        shape_for(read()),
        shape_for(read(基本概况_职能职责概述=["一段"] * 40, 评价人员=[{"姓名": "某"}] * 9)),
    )
    assert few.block("基本概况.职能职责概述", 0) == 6
    assert many.block("基本概况.职能职责概述", 0) == 40 + SPARE_ROWS
    assert (few.block("评价人员", 0), many.block("评价人员", 0)) == (6, 9 + SPARE_ROWS)
    assert few.block("unplaced", 0) == 0
    assert shape_for(read(未归位=[{"内容": "散页"}])).block("unplaced", 0) == 1 + SPARE_ROWS


# There and back


FULL: dict[str, Any] = {
    "基本概况_年度主要工作内容": ["甲", LONG],
    "绩效自评_定性目标": {"预期目标": ["目标"], "实际完成": ["完成一", "完成二"]},
    "绩效自评_定量目标": [
        {"评价内容": "产出目标", "指标类别": "质量指标", "绩效目标": LONG, "完成情况": ["一", LONG, "三"]},
        {"评价内容": "产出目标", "指标类别": "质量指标", "绩效目标": "第二条", "完成情况": []},
        {"评价内容": "效益目标", "指标类别": "经济效益", "绩效目标": None, "完成情况": ["只有完成", "两段"]},
    ],
    "评价人员": [{"姓名": "张三", "职务/职称": "局长", "单位": "某局"}],
    "评价报告综述": [
        {"编号": None, "标题": "前言", "正文": ["甲", "乙"]},
        {"编号": "二（一）", "标题": "基本支出", "正文": [LONG]},
        {"编号": None, "标题": "自拟", "正文": []},
        {"编号": None, "标题": "再拟", "正文": ["丙"]},
    ],
    "签署": {"部门（单位）意见": ["同意"], "填报人": "李四"},
    "审核说明": [{"规则": "X-03", "机构": "局机关", "说明": "差额2.00万元：……"}],
    "未归位": [{"位置": "第3页", "内容": "表外附注"}],
    "封面_报告日期": "2023-09-09",
    "收入_2_机构编码": "007001",
    "支出_3_项目支出": "2.25万元",
}


def test_a_full_report_comes_back_from_its_cells() -> None:
    submission = read(**FULL)
    assert to_data(there_and_back(submission)) == to_data(submission)


def test_achievements_of_several_paragraphs_are_told_from_the_next_goal() -> None:
    submission = read(**FULL)
    blueprint = built(submission)
    placed = place(submission, blueprint)
    spot = blueprint.places.goals["产出目标", "质量指标"]
    formats = [placed.formats[spot.goal.cell(index)] for index in range(spot.goal.rows)]
    assert formats[0] == '"指标1："@'
    assert formats.index('"指标2："@') > 3
    assert set(formats[1 : formats.index('"指标2："@')]) == {"@"}
    marks = {placed.typed.get(spot.done.mark(index)) for index in range(1, formats.index('"指标2："@'))}
    assert marks == {"段", "续"}


def test_the_heads_own_name_is_the_forms_whatever_was_typed() -> None:
    blueprint = build(small.form(), small.settings(), Shape(3), 2022)
    assert [one.name for one in take(blueprint, {}).entities] == ["局机关"]
    entity = build(small.form(), small.settings(), Shape(1, entity=True), 2022)
    typed: dict[Address, Value] = {small.at("收入!A6"): " 甲中心 "}
    assert [one.name for one in take(entity, typed).entities] == ["甲中心"]
    assert take(entity, typed).entity_only


@pytest.mark.parametrize(
    ("value", "cell", "back"),
    [
        ("2023-09-09", D(45178), "2023-09-09"),
        ("1900-03-01", D(61), "1900-03-01"),
        ("1900-02-28", "1900-02-28", "1900-02-28"),
        ("2023-02-30", "2023-02-30", "2023-02-30"),
        ("2023年9月9日", "2023年9月9日", "2023年9月9日"),
        ("9999-12-31", D(2958465), "9999-12-31"),
        (None, None, None),
    ],
)
def test_a_date_is_a_day_number_in_the_cell(value: str | None, cell: Value, back: str | None) -> None:
    submission = read(封面_报告日期=value)
    blueprint = built(submission)
    placed = place(submission, blueprint)
    assert placed.typed.get(blueprint.places.fields["封面", "报告日期"]) == cell
    assert take(blueprint, placed.typed).fields["封面", "报告日期"] == back


@pytest.mark.parametrize(
    ("serial", "shown"), [("60", "60"), ("45178.75", "2023-09-09"), ("2958466", "2958466")]
)
def test_a_number_that_is_no_day_is_shown_as_it_is(serial: str, shown: str) -> None:
    blueprint = build(small.form(), small.settings(), Shape(3), 2022)
    typed: dict[Address, Value] = {blueprint.places.fields["封面", "报告日期"]: D(serial)}
    assert take(blueprint, typed).fields["封面", "报告日期"] == shown


@pytest.mark.parametrize(
    ("names", "stated"),
    [
        (["机关", "甲中心", "乙站"], {}),
        (["局机关", "（甲）中心", "乙站"], {}),
        (["局机关", "丙站", "乙站"], {"支出!A8": "丙站"}),
        (["局机关", "乙站", "甲中心"], {"支出!A8": "乙站", "支出!A9": "甲中心"}),
        (["局机关", "甲中心"], {"支出!A9": ""}),
    ],
)
def test_a_tables_own_list_of_names_is_stated_where_it_differs(
    names: list[str], stated: dict[str, str]
) -> None:
    submission = read(支出=[{"机构名称": name} for name in names])
    placed = place(submission, built(submission))
    assert {str(cell): value for cell, value in placed.stated.items()} == stated


def test_printed_totals_are_stated_in_the_formulas_places() -> None:
    submission = read(收入_2_收入合计=90, 汇总={"支出": {"支出合计": 1}})
    assert place(submission, built(submission)).stated == {small.at("收入!B7"): 90, small.at("支出!B6"): 1}


def test_a_blank_workbook_holds_what_the_form_gives_beforehand() -> None:
    blueprint = build(small.form(), small.settings(), Shape(3), 2023)
    assert {str(cell): str(value) for cell, value in defaults(blueprint).items()} == {
        small.field("封面.年度"): "2023",
        small.field("封面.评价方式"): "部门（单位）绩效自评",
        small.field("封面.评价机构"): "部门（单位）评价组",
        small.field("封面.报送次数"): "1",
    }
