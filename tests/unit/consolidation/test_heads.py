"""Amounts by head against departments of the same kind."""

from decimal import Decimal as D

from selfeval_xl.consolidation.heads import by_head, doubt
from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.consolidation.roster import Roster, RosterRow
from selfeval_xl.consolidation.select import select
from selfeval_xl.consolidation.summary import summarised
from tests.support import small_report as small
from tests.support.reports import second_form, settings_at
from tests.unit.consolidation.test_summary import body, report

OPERATING = ("支出", "公用支出")


def kind(code: str, nature: str | None) -> RosterRow:
    return RosterRow(f"第{code}局", code, None, nature=nature)


def reports(*staff: float | None) -> list[Reduced]:
    return [
        report(f"{number:03}", 基本概况_实有人数=count, 支出_1_公用支出=100 - 29)
        for number, count in enumerate(staff, start=1)
    ]


def doubts(files: list[Reduced], roster: Roster | None) -> dict[str | None, str | None]:
    return {one.file.code: doubt(one, small.form()) for one in by_head(files, roster, small.form())}


FOUR = reports(10, 10, 20, 40)


def test_amounts_are_divided_by_the_staff_and_held_against_the_median() -> None:
    one = by_head(FOUR, None, small.form())[0]
    assert one.heads[OPERATING] == 10
    assert one.medians[OPERATING] == D("7.5")


def test_what_is_beyond_the_multiples_of_the_median_is_a_doubt() -> None:
    found = doubts(FOUR, None)
    assert found["001"] is None
    assert found["003"] is None
    assert str(found["004"]).startswith(
        "人均人员支出 4.51 万元，是同类中位数 13.52 的 0.33 倍；人均公用支出 2.50"
    )


def test_departments_are_held_against_their_own_kind_where_there_are_enough() -> None:
    natures = ("行政", "行政", "行政", "事业", "事业", "事业")
    files = reports(10, 10, 10, 40, 40, 40)
    roster = Roster([kind(f"{number:03}", nature) for number, nature in enumerate(natures, start=1)])
    assert set(doubts(files, roster).values()) == {None}
    alike = Roster([kind(f"{number:03}", None) for number in range(1, 7)])
    assert set(doubts(reports(10, 10, 10, 10, 60, 60), alike).values()) != {None}


def test_a_kind_of_too_few_is_held_against_all() -> None:
    roster = Roster([kind("004", "企业"), *(kind(code, "行政") for code in ("001", "002", "003"))])
    found = {one.file.code: one for one in by_head(FOUR, roster, small.form())}
    assert found["004"].medians[OPERATING] == D("7.5")
    assert found["001"].medians[OPERATING] == 10


def test_without_staff_nothing_is_said() -> None:
    files = [*FOUR, *reports(None)]
    assert by_head(files, None, small.form())[-1].heads == {}


def test_sheet_stands_by_kind_with_amount_and_median_side_by_side() -> None:
    roster = Roster([kind("004", "事业"), *(kind(code, "行政") for code in ("001", "002"))])
    one = summarised(small.form(), small.settings(), select(FOUR), roster)
    rows = body(one, "人均比较", 4)
    assert [row[:3] for row in rows] == [
        ["事业", "004", "第004局"],
        ["行政", "001", "第001局"],
        ["行政", "002", "第002局"],
        [None, "003", "第003局"],
    ]
    assert rows[1][3:8] == [10, D("18.03"), D("13.52"), D("10.00"), D("7.50")]


def test_a_form_that_names_no_items_has_no_such_sheet() -> None:
    form = second_form()
    one = summarised(form, settings_at(form.path), select([]))
    assert "人均比较" not in one.blueprint.sheets
