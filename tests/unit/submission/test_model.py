"""What a text becomes before anything else: clean, one line, or paragraphs."""

from decimal import Decimal as D

import pytest

from selfeval_xl.submission.model import Entity, clean, clean_line, paragraphs


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("一\x00二\x1f三", "一二三"),
        ("\ud800坏\udfff", "坏"),
        ("\ufffe\uffff末", "末"),
        ("e\u0301", "é"),
        ("a\tb\nc", "a\tb\nc"),
        ("😀\u200b", "😀\u200b"),
        ("", ""),
    ],
)
def test_what_no_workbook_can_hold_is_left_out(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (None, None),
        ("", None),
        (" \u3000\n", None),
        ("\x00", None),
        ("  甲中心 ", "甲中心"),
        ("甲\r\n中心", "甲 中心"),
        ("甲\u2028中心\x85所", "甲 中心 所"),
        ("a  b", "a  b"),
    ],
)
def test_a_line_is_one_line_without_blanks_around_it(text: str | None, line: str | None) -> None:
    assert clean_line(text) == line


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ((), ()),
        (("",), ()),
        (("一\n二",), ("一", "二")),
        (("一\r\n\r\n二\r三",), ("一", "二", "三")),
        (("\u3000\u3000首行缩进", " "), ("首行缩进",)),
        (("一\v二\f三\u2029四",), ("一", "二", "三", "四")),
        (("一", "二\n三"), ("一", "二", "三")),
        (("\x00\n一",), ("一",)),
        (("a\tb",), ("a\tb",)),
    ],
)
def test_line_breaks_make_paragraphs_and_blank_ones_are_dropped(
    texts: tuple[str, ...], found: tuple[str, ...]
) -> None:
    assert paragraphs(*texts) == found


KEY = ("收入", "其他收入")


@pytest.mark.parametrize(
    ("entity", "is_empty"),
    [
        (Entity(), True),
        (Entity(attributes={"机构编码": None}, amounts={KEY: None}), True),
        (Entity(name="甲中心"), False),
        (Entity(attributes={"机构编码": "001"}), False),
        (Entity(amounts={KEY: D(0)}), False),
        (Entity(amounts={KEY: "无"}), False),
    ],
)
def test_a_row_with_neither_name_nor_anything_typed_does_not_exist(entity: Entity, *, is_empty: bool) -> None:
    assert entity.is_empty is is_empty
