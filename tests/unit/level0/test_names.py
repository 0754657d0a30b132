"""Names that Excel accepts, and names that mean the same entity."""

import pytest

from selfeval_xl.names import defined_name, match_key


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("收入", "上年结转"), "收入_上年结转"),
        (("封面", "部门(单位)名称"), "封面_部门单位名称"),
        (("评价人员", "职务/职称"), "评价人员_职务职称"),
        (("评价报告综述", "二（一）"), "评价报告综述_二一"),
        (("收入", "收入合计", "汇总"), "收入_收入合计_汇总"),
        (("支出", "核对", "E04"), "支出_核对_E04"),
    ],
)
def test_characters_that_no_name_may_hold_are_left_out(parts: tuple[str, ...], name: str) -> None:
    assert defined_name(*parts) == name


@pytest.mark.parametrize(
    "name", ["", "（）", "2022年", ".a", "?a", "E04", "xfd1", "R1C1", "r", "C", "RC", "收" * 256]
)
def test_what_excel_takes_for_a_cell_or_not_at_all_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no defined name"):
        defined_name(name)


@pytest.mark.parametrize("name", ["收" * 255, "_1", "ABCD1", "R1C1x", "Rate"])
def test_the_longest_and_the_nearly_forbidden_names_are_kept(name: str) -> None:
    assert defined_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "（城区）管理所",
        "(城区)管理所",
        " 城区 管理所 ",
        "城区\u3000管理所",
        "【城区】管理所",
        "城区管理所",
    ],
)
def test_brackets_and_blanks_make_no_other_entity(name: str) -> None:
    assert match_key(name) == "城区管理所"


def test_width_and_case_make_no_other_entity() -> None:
    assert match_key("ＡＢＣ中心１") == match_key("abc中心1")


@pytest.mark.parametrize("other", ["甲中心二", "甲中", "甲-中心", "甲中心1"])
def test_another_name_is_another_entity(other: str) -> None:
    assert match_key(other) != match_key("甲中心")
