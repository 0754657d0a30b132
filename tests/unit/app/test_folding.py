"""Long lines at a terminal: no wider than it, nothing lost, and what goes on is set in."""

import re

import pytest

from selfeval_xl.app.folding import fold

LINE = (
    "  [错误] 支出!D10 云溪县职业中等专业学校·人员支出：为 12063800.00，按“累计结余＝收入合计－支出合计”应为 1206.38 万元，"
    "相差 +12062593.62 万元。请核对 收入!D9:G9；多半弄混了元和万元，请改为 1206.38 万元。（X-01，依据：部门决算：收支平衡）"
)


def columns(text: str) -> int:
    return sum(1 if one < "\u0100" and one != "·" else 2 for one in text)


@pytest.mark.parametrize("width", [60, 100])
def test_a_long_line_fits_and_keeps_all_its_words(width: int) -> None:
    lines = fold(LINE, width).split("\n")
    assert len(lines) > 1
    assert max(map(columns, lines)) <= width
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", LINE)
    for word in ("12063800.00", "+12062593.62", "1206.38", "X-01"):
        assert any(word in line for line in lines)


def test_what_goes_on_is_set_in_and_begins_with_no_closing_mark() -> None:
    for width in range(50, 110):
        first, *rest = fold(LINE, width).split("\n")
        assert not {first[-1], *(line[-1] for line in rest)} & set("“（〔")
        for line in rest:
            assert line.startswith("      ")
            assert line.strip()[0] not in "，。；：、）”!"


def test_colours_take_no_room() -> None:
    text = "  [错误] 一二三四五六七八九十一二三四五六"
    assert fold(text.replace("错误", "\x1b[31m\x1b[1m错误\x1b[0m"), columns(text)).count("\n") == 0


@pytest.mark.parametrize("width", [0, 20])
def test_a_terminal_too_narrow_breaks_lines_itself(width: int) -> None:
    assert fold(LINE, width) == LINE
