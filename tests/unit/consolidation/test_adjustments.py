"""Adjustments: what changes the totals, what does not, and what is carried from one summary to the next."""

from decimal import Decimal as D
from pathlib import Path

import pytest

from selfeval_xl.blueprint.values import Values
from selfeval_xl.cells import Value
from selfeval_xl.consolidation.adjustments import (
    Adjustment,
    adjust_cell,
    read_adjustments,
    units_in,
    with_names,
)
from selfeval_xl.consolidation.grid import SUM_ROW, TOTAL_ROW
from selfeval_xl.consolidation.lists import ListUnreadable
from selfeval_xl.consolidation.select import select
from selfeval_xl.consolidation.summary import Summary, summarised
from tests.support import small_report as small
from tests.support.reports import second_form, settings_at
from tests.unit.consolidation.test_summary import SOUND, TEXT

KEY = ("收入", "公共财政拨款")


def line(
    giver: str | None = "第001局",
    taker: str | None = None,
    item: str | None = "收入.公共财政拨款",
    amount: D | str | None = D("10.5"),
    reason: str | None = "拨给乙局，重复计算",
) -> Adjustment:
    return Adjustment(1, giver, taker, item, amount, reason)


def adjusted(*lines: Adjustment, files: object = SOUND) -> Summary:
    return summarised(small.form(), small.settings(), select(files), adjustments=lines)  # type: ignore[arg-type]


def shown(one: Summary, item: tuple[str, str] = KEY) -> list[Value]:
    """The total, the sum of the departments, and the adjustments."""
    values, cell = Values(one.blueprint, one.typed, one.shown), adjust_cell(small.form(), item)
    return [values(cell._replace(row=row)) for row in range(TOTAL_ROW, SUM_ROW + 2)]


def state(one: Summary, index: int = 0) -> Value:
    return Values(one.blueprint, one.typed, one.shown)(one.adjustments.state(index))


def test_what_is_given_away_leaves_the_total() -> None:
    assert shown(adjusted(line())) == [D("609.80"), D("620.30"), D("-10.50")]


def test_what_is_taken_in_enters_the_total() -> None:
    one = adjusted(line(giver=None, taker="第002局"), line(amount=D("0.25")))
    assert shown(one) == [D("630.55"), D("620.30"), D("10.25")]


def test_what_goes_from_one_to_another_leaves_the_total_as_it_is() -> None:
    assert shown(adjusted(line(taker="第002局"))) == [D("620.30"), D("620.30"), D("0.00")]


def test_computed_items_follow_their_parts() -> None:
    one = adjusted(line(item="支出.人员支出"), line(item="支出.项目支出", amount=D(1)))
    assert shown(one, ("支出", "基本支出"))[2] == D("-10.50")
    assert shown(one, ("支出", "支出合计")) == [D("644.10"), D("655.60"), D("-11.50")]
    assert shown(one, ("支出", "公用支出"))[2] == ""


def test_items_of_one_name_are_told_apart_by_their_tables() -> None:
    one = adjusted(line(item="固定资产.其他", amount=D("0.5")))
    assert shown(one, ("固定资产", "固定资产合计"))[2] == D("-0.50")
    assert shown(one, ("收入", "其他收入"))[2] == ""


def test_without_adjustments_the_total_is_the_sum() -> None:
    assert shown(adjusted()) == [D("620.30"), D("620.30"), ""]


def test_a_sum_that_cannot_be_computed_stays_so() -> None:
    only = line(giver="第003局", item="收入.其他收入")
    total, summed, changed = shown(adjusted(only, files=[TEXT]), ("收入", "其他收入"))
    assert (total, summed, changed) == ("无法计算", "无法计算", D("-10.50"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (line(reason=None), "缺原因"),
        (line(reason="  "), "缺原因"),
        (line(giver=None), "缺调出或调入"),
        (line(item="收入.收入合计"), "项目不对"),
        (line(item=None), "项目不对"),
        (line(amount="三万"), "金额不是数"),
        (line(amount=None), "金额不是数"),
        (line(amount=D("0.005")), "金额小数过多"),
        (line(giver="丁局"), "调出不在汇总里"),
        (line(taker="丁局"), "调入不在汇总里"),
        (line(giver="局机关"), "调出不在汇总里"),
    ],
)
def test_an_incomplete_line_changes_nothing_and_says_why(wrong: Adjustment, said: str) -> None:
    one = adjusted(wrong, line(amount=D(1)))
    assert state(one) == said
    assert state(one, 1) == "计入"
    assert state(one, 2) == ""
    changed = shown(one)[2]
    assert changed == D("-1.00")


def test_a_unit_may_be_written_by_its_code_or_with_other_brackets() -> None:
    first, second, third = with_names(
        [line(giver="001", taker=" 第002局 "), line(giver=small.ENTITIES[1]), line(giver="丁局")],
        units_in(SOUND, small.form()),
    )
    assert (first.giver, first.taker) == ("第001局", "第002局")
    assert second.giver == small.ENTITIES[1]
    assert third.giver == "丁局"
    assert shown(adjusted(line(giver="001"))) == shown(adjusted(line()))


def test_there_is_always_room_for_more_lines() -> None:
    sheet = adjusted(*[line()] * 60).blueprint.sheet("调整")
    open_rows = {row for (row, _), plan in sheet.cells.items() if not plan.locked}
    assert len(open_rows) == 70
    assert sheet.protected


def test_a_form_with_other_words_has_its_own_items() -> None:
    form = second_form()
    one = summarised(form, settings_at(form.path), select([]))
    items = {plan.value for plan in one.blueprint.sheet("调整").cells.values() if isinstance(plan.value, str)}
    inputs = {".".join(column.key) for column in form.columns.values() if column.computed is None}
    assert inputs <= items


def test_a_list_may_name_an_item_without_its_table(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        '调出,项目,金额,原因\n甲局,公共财政拨款,"1,000.5",重复\n乙局,其他,三万,\n,,,\n', encoding="utf-8"
    )
    first, second = read_adjustments(tmp_path / "a.csv", small.form())
    assert first == Adjustment(2, "甲局", None, "收入.公共财政拨款", D("1000.5"), "重复")
    assert second.texts == ("乙局", None, "固定资产.其他", "三万", None)


def test_a_list_without_reasons_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("调出,项目,金额\n甲局,其他收入,1\n", encoding="utf-8")
    with pytest.raises(ListUnreadable, match="原因"):
        read_adjustments(tmp_path / "a.csv", small.form())
