"""Data files read: what is refused and where, what is kept, whose row is whose."""

from decimal import Decimal as D
from typing import Any

import pytest

from selfeval_xl.submission.data import read_data
from selfeval_xl.submission.dump import to_data
from selfeval_xl.submission.model import MOST_CHARACTERS, MOST_ROWS, DataRefused, Submission
from selfeval_xl.texts import say
from tests.support import small_report as small


def read(**changes: Any) -> Submission:
    return read_data(small.encoded(small.changed(**changes)))


def refusal(content: bytes | dict[str, Any]) -> DataRefused:
    with pytest.raises(DataRefused) as caught:
        read_data(content if isinstance(content, bytes) else small.encoded(content))
    return caught.value


def sentence(refused: DataRefused) -> str:
    return say(f"refused.{refused.code}", **refused.facts)


# What is refused


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"{", "not_json"),
        (b'{"a": 1,}', "not_json"),
        (b"PK\x03\x04\xff", "not_text"),
        ("{}".encode("utf-16"), "not_text"),
        (b'{"a": NaN}', "not_finite"),
        (b'{"a": -Infinity}', "not_finite"),
        (b"[" * 100_000, "not_json"),
        (b'{"\xe5\xb0\x81\xe9\x9d\xa2": {}, "\xe5\xb0\x81\xe9\x9d\xa2": {}}', "duplicate_key"),
        (b"null", "wrong_type"),
        (b"[]", "wrong_type"),
        (b'"text"', "wrong_type"),
        (b"3", "wrong_type"),
    ],
)
def test_what_is_no_object_of_json_is_refused(content: bytes, code: str) -> None:
    assert refusal(content).code == code


def test_a_syntax_error_is_told_with_its_line_and_column() -> None:
    refused = refusal('{\n  "封面": {,}\n}'.encode())
    assert (refused.facts["line"], refused.facts["column"]) == (2, 10)


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf{}", b"{}", b' {"\xe8\xa1\xa8\xe5\x8d\x95": null} '])
def test_a_byte_order_mark_and_an_empty_report_are_read(content: bytes) -> None:
    submission = read_data(content)
    assert submission.form.id == "linxiang-zhengti"
    assert [one.name for one in submission.entities] == ["局机关"]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"封面": []}, "封面"),
        ({"收入": {}}, "收入"),
        ({"收入": [1]}, "收入[1]"),
        ({"收入_2_其他收入": True}, "收入[2].其他收入"),
        ({"收入_2_其他收入": []}, "收入[2].其他收入"),
        ({"收入_3_机构名称": 3}, "收入[3].机构名称"),
        ({"基本概况_联系人": 5}, "基本概况.联系人"),
        ({"基本概况_职能职责概述": 5}, "基本概况.职能职责概述"),
        ({"基本概况_职能职责概述": ["一", 2]}, "基本概况.职能职责概述[2]"),
        ({"绩效自评_定性目标": []}, "绩效自评.定性目标"),
        ({"绩效自评_定性目标": {"实际完成": {}}}, "绩效自评.定性目标.实际完成"),
        ({"绩效自评_定量目标": [{"绩效目标": 1}]}, "绩效自评.定量目标[1].绩效目标"),
        ({"评价人员": [{}, {"姓名": 1}]}, "评价人员[2].姓名"),
        ({"评价报告综述": [{"编号": 1}]}, "评价报告综述[1].编号"),
        ({"审核说明": [{"规则": []}]}, "审核说明[1].规则"),
        ({"未归位": "散页"}, "未归位"),
        ({"汇总": {"收入": []}}, "汇总.收入"),
        ({"汇总": {"收入": {"收入合计": False}}}, "汇总.收入.收入合计"),
        ({"表单": 1}, "表单"),
        ({"版次": "2022"}, "版次"),
    ],
)
def test_a_wrong_type_is_told_with_its_path(changes: dict[str, Any], path: str) -> None:
    refused = refusal(small.changed(**changes))
    assert refused.code == "wrong_type"
    assert str(refused.facts["path"]) == path
    assert sentence(refused).startswith(f"{path}：应为")


@pytest.mark.parametrize(
    ("changes", "path", "key"),
    [
        ({"收支": []}, "最外层", "收支"),
        ({"封面_单位": "x"}, "封面", "单位"),
        ({"收入_2_利息": 1}, "收入[2]", "利息"),
        ({"支出_1_机构编码": "1"}, "支出[1]", "机构编码"),
        ({"绩效自评_定性目标": {"完成": []}}, "绩效自评.定性目标", "完成"),
        ({"绩效自评_定量目标": [{"指标": "x"}]}, "绩效自评.定量目标[1]", "指标"),
        ({"评价人员": [{"签字": "x"}]}, "评价人员[1]", "签字"),
        ({"评价报告综述": [{"内容": "x"}]}, "评价报告综述[1]", "内容"),
        ({"汇总": {"合计": {}}}, "汇总", "合计"),
        ({"汇总": {"收入": {"合计": 1}}}, "汇总.收入", "合计"),
        ({"审核说明": [{"原因": "x"}]}, "审核说明[1]", "原因"),
    ],
)
def test_an_unknown_key_is_told_with_its_path_and_the_keys_there_are(
    changes: dict[str, Any], path: str, key: str
) -> None:
    refused = refusal(small.changed(**changes))
    assert (refused.code, str(refused.facts["path"]), refused.facts["key"]) == ("unknown_key", path, key)
    assert "可用的键：" in sentence(refused)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"收入_1_其他收入": 10**13}, "bad_number"),
        ({"收入_1_其他收入": -(10**13)}, "bad_number"),
        ({"收入_1_其他收入": 1e-16}, "bad_number"),
        ({"绩效自评_定量目标": [{"指标类别": "成本指标", "绩效目标": "x"}]}, "unknown_value"),
        (
            {"绩效自评_定量目标": [{"评价内容": "效益目标", "指标类别": "质量指标", "绩效目标": "x"}]},
            "unknown_value",
        ),
        ({"评价报告综述": [{"编号": "七"}]}, "unknown_heading"),
        ({"评价报告综述": [{"编号": "二"}, {"编号": "二"}]}, "duplicate_key"),
        ({"收入_1_一般公共预算财政拨款": 1}, "duplicate_key"),
        ({"表单": "nonesuch"}, "unknown_form"),
        ({"版次": 1999}, "unknown_edition"),
        ({"版次": 2022.5}, "unknown_edition"),
        ({"封面_评价方式": "字" * (MOST_CHARACTERS + 1)}, "too_long"),
    ],
)
def test_what_cannot_be_placed_is_refused(changes: dict[str, Any], code: str) -> None:
    refused = refusal(small.changed(**changes))
    assert refused.code == code
    assert sentence(refused)


def test_an_exponent_beyond_arithmetic_is_refused_too() -> None:
    content = small.encoded(small.balanced()).replace(b"3.5", b"1e999999999999")
    assert refusal(content).code == "bad_number"


@pytest.mark.parametrize(("count", "is_refused"), [(MOST_ROWS, False), (MOST_ROWS + 1, True)])
def test_there_is_a_limit_to_the_entities_of_one_workbook(count: int, *, is_refused: bool) -> None:
    rows = [{"机构名称": f"第{number}站"} for number in range(1, count)]
    data = {"收入": [{"机构名称": "局机关"}, *rows]}
    if is_refused:
        assert refusal(data).facts == {"rows": count, "most": MOST_ROWS}
    else:
        assert len(read_data(small.encoded(data)).entities) == count


# What is kept


@pytest.mark.parametrize("typed", ["3.7万元", "1,234", "无", "１２"])
def test_text_where_an_amount_belongs_is_kept_for_the_rules(typed: str) -> None:
    assert read(收入_2_其他收入=f" {typed} ").entities[1].amounts["收入", "其他收入"] == typed


def test_an_amount_is_read_as_the_decimal_that_was_written() -> None:
    content = small.encoded(small.balanced()).replace(b"80.1", b"80.10")
    assert read_data(content).entities[1].amounts["收入", "公共财政拨款"] == D("80.1")


def test_the_official_new_name_of_an_item_is_the_item() -> None:
    data = small.balanced()
    row = data["收入"][0]
    row["一般公共预算财政拨款"] = row.pop("公共财政拨款")
    data["封面"]["单位名称"] = data["封面"].pop("部门(单位)名称")
    found = read_data(small.encoded(data))
    assert found.entities[0].amounts["收入", "公共财政拨款"] == 200
    assert found.fields["封面", "部门(单位)名称"] == "某县某某局"


def test_computed_items_are_figures_that_somebody_printed() -> None:
    found = read(收入_2_收入合计=86.15, 汇总={"收入": {"收入总计": 335.9, "其他收入": None}})
    assert found.printed == {
        (("收入", "收入合计"), 2): D("86.15"),
        (("收入", "收入合计"), 0): D("335.9"),
    }
    assert ("收入", "收入合计") not in found.entities[1].amounts


def test_empty_goals_notes_and_records_are_dropped() -> None:
    found = read(
        绩效自评_定量目标=[{"指标类别": "数量指标"}, {"指标类别": "质量指标", "绩效目标": "甲"}],
        评价人员=[{}, {"姓名": "张三"}, {"姓名": " "}],
        审核说明=[{"规则": None}, {"规则": "X-03", "说明": "x"}],
    )
    assert [one.goal for goals in found.goals.values() for one in goals] == ["甲"]
    assert found.lists["评价人员"] == [{"姓名": "张三", "职务/职称": None, "单位": None}]
    assert [one.rule for one in found.notes] == ["X-03"]


def test_goals_are_put_into_the_papers_order_and_keep_theirs_within_a_class() -> None:
    goals = [("社会效益", "一"), ("质量指标", "二"), ("社会效益", "三"), ("时效指标", "四")]
    found = read(绩效自评_定量目标=[{"指标类别": name, "绩效目标": goal} for name, goal in goals])
    (placed,) = found.goals.values()
    assert [one.goal for one in placed] == ["二", "四", "一", "三"]
    assert placed[0].group == "产出目标"


def test_a_clerks_own_heading_stays_behind_the_one_it_followed() -> None:
    found = read(
        评价报告综述=[
            {"标题": "前言", "正文": ["甲"]},
            {"编号": "五", "正文": ["乙"]},
            {"标题": "其他问题", "正文": ["丙"]},
            {"编号": "一", "正文": ["丁"]},
            {"标题": None, "正文": []},
        ]
    ).sections["评价报告综述"]
    spots = {one.title: index for index, one in enumerate(found)}
    assert found[0].title == "前言"
    assert found[spots["其他问题"] - 1].number == "五"
    assert [one.body for one in found if one.number == "一"] == [("丁",)]
    assert len(found) == 14 + 2


# Whose row is whose


def names(submission: Submission) -> list[str | None]:
    return [one.name for one in submission.entities]


def other_income(submission: Submission) -> list[Any]:
    return [one.amounts.get(("支出", "人员支出")) for one in submission.entities]


def table(*rows: tuple[str | None, float]) -> list[dict[str, Any]]:
    return [{"机构名称": name, "人员支出": amount} for name, amount in rows]


@pytest.mark.parametrize("head", ["局机关", "机关", "本级", "局 机关", None])
def test_the_head_is_the_head_by_whatever_name(head: str | None) -> None:
    found = read(收入_1_机构名称=head, 支出_1_机构名称=head)
    assert names(found) == list(small.ENTITIES)
    assert other_income(found) == [D("110.25"), 50, 20]


def test_a_report_that_leaves_the_head_out_gets_it_as_an_empty_row() -> None:
    data = {"收入": [{"机构名称": "甲中心", "其他收入": 1}], "支出": table(("甲中心", 2))}
    found = read_data(small.encoded(data))
    assert names(found) == ["局机关", "甲中心"]
    assert other_income(found) == [None, 2]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([("局机关", 1), ("乙站", 3), ("甲中心", 2)], [1, 2, 3]),
        ([("局机关", 1), ("（甲） 中心", 2), ("乙站", 3)], [1, 2, 3]),
        ([("局机关", 1), (None, 2), ("乙站", 3)], [1, 2, 3]),
        ([("局机关", 1), ("丙站", 2), ("乙站", 3)], [1, 2, 3]),
        ([("局机关", 1)], [1, None, None]),
        ([("局机关", 1), ("甲中心", 2), ("乙站", 3), ("丙站", 4)], [1, 2, 3, 4]),
        ([("甲中心", 2)], [None, 2, None]),
    ],
)
def test_rows_belong_to_the_entities_of_their_names(
    rows: list[tuple[str | None, float]], found: list[Any]
) -> None:
    assert other_income(read(支出=table(*rows))) == found


def test_two_entities_of_one_name_are_told_apart_by_their_order() -> None:
    data = small.balanced()
    for label in small.form().tables:
        data[label][2]["机构名称"] = "甲中心"
    assert other_income(read_data(small.encoded(data))) == [D("110.25"), 50, 20]


def test_trailing_empty_rows_are_dropped_and_inner_ones_are_kept() -> None:
    rows = [{"机构名称": "局机关"}, {"机构名称": None}, {"机构名称": "乙站"}, {}, {"其他收入": None}]
    assert names(read_data(small.encoded({"收入": rows}))) == ["局机关", None, "乙站"]


def test_a_last_row_with_nothing_but_a_printed_total_is_kept() -> None:
    rows = [{"机构名称": "局机关"}, {"收入合计": 5}]
    found = read_data(small.encoded({"收入": rows}))
    assert len(found.entities) == 2
    assert len(to_data(found)["收入"]) == 1


def test_the_normal_form_leaves_computed_items_out_and_states_blanks() -> None:
    data = to_data(read(收入_2_收入合计=86.15, 收入_3_其他收入=None))
    assert "收入合计" not in data["收入"][1]
    assert data["收入"][2]["其他收入"] is None
    assert data["收入"][0]["机构编码"] is None
    assert "汇总" not in data
    assert read_data(small.encoded(data)).entities == read(收入_3_其他收入=None).entities
