"""Blank workbooks: how many rows, what stands in them, one for every department on a roster."""

from pathlib import Path

import pytest

from selfeval_xl.consolidation.roster import Roster, RosterEntity, RosterRow
from selfeval_xl.jobs import new
from selfeval_xl.jobs.new import Blank, blank_values, blank_workbooks
from selfeval_xl.jobs.problems import WrongUsage
from selfeval_xl.ooxml.output import OutputExists
from selfeval_xl.submission.layout import LEAST_ROWS, SPARE_ROWS
from selfeval_xl.submission.model import MOST_ROWS
from tests.support import small_report as small


def typed(blank: Blank, year: int = 2022) -> dict[str, str]:
    _, values = blank_values(small.form(), small.settings(), year, blank)
    return {str(cell): str(value) for cell, value in values.typed.items()}


def rows(blank: Blank) -> int:
    return blank_values(small.form(), small.settings(), 2022, blank)[0].shape.rows


def entities(count: int) -> tuple[tuple[str, None], ...]:
    return tuple((f"第{number}站", None) for number in range(count))


@pytest.mark.parametrize(
    ("blank", "count"),
    [
        (Blank(), LEAST_ROWS),
        (Blank(rows=2), LEAST_ROWS),
        (Blank(rows=20), 20),
        (Blank(entities=entities(1)), 2 + SPARE_ROWS),
        (Blank(entities=entities(5)), 6 + SPARE_ROWS),
        (Blank(entities=entities(5), rows=6), 6),
        (Blank(entity_only=True), 1),
        (Blank(entity_only=True, entities=entities(1)), 1),
    ],
)
def test_a_workbook_has_a_row_for_every_entity_and_spare_ones(blank: Blank, count: int) -> None:
    assert rows(blank) == count
    assert LEAST_ROWS - 1 >= 2


@pytest.mark.parametrize(
    "blank",
    [
        Blank(rows=0),
        Blank(rows=1),
        Blank(rows=-5),
        Blank(rows=MOST_ROWS + 1),
        Blank(entities=entities(5), rows=5),
        Blank(entities=entities(MOST_ROWS)),
        Blank(entity_only=True, entities=entities(2)),
    ],
)
def test_rows_that_do_not_fit_are_wrong_usage(blank: Blank) -> None:
    with pytest.raises(WrongUsage):
        rows(blank)


def test_names_and_codes_stand_in_their_cells_from_the_start() -> None:
    blank = Blank(" 某局 ", "007", (("甲中心", "007001"), ("乙站\n", None)), head_code="007000")
    assert typed(blank, 2023) == {
        small.field("封面.部门(单位)名称"): "某局",
        small.field("封面.部门编码"): "007",
        small.field("封面.年度"): "2023",
        small.field("封面.评价方式"): "部门（单位）绩效自评",
        small.field("封面.评价机构"): "部门（单位）评价组",
        small.field("封面.报送次数"): "1",
        "收入!H6": "007000",
        "收入!A7": "甲中心",
        "收入!H7": "007001",
        "收入!A8": "乙站",
    }


def test_the_workbook_of_one_entity_names_it_in_the_only_row() -> None:
    found = typed(Blank("某局", entities=(("甲中心", "007001"),), entity_only=True))
    assert (found["收入!A6"], found["收入!H6"]) == ("甲中心", "007001")


ROSTER = Roster(
    [
        RosterRow("财政局", "001", None, "001000", [RosterEntity("国库中心", "001001")]),
        RosterRow("免报局", "002", "免报"),
        RosterRow("卫/健:局", None, "应报"),
        RosterRow("卫_健_局", None, "应报"),
    ]
)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Blank]]:
    """What would be written, without the work of writing."""
    calls: list[tuple[str, Blank]] = []
    monkeypatch.setattr(
        new,
        "blank_workbook",
        lambda form, settings, year, blank, target, *, force: calls.append((target.name, blank)),
    )
    return calls


def test_every_department_that_is_due_gets_its_workbook(
    written: list[tuple[str, Blank]], tmp_path: Path
) -> None:
    made = blank_workbooks(small.form(), small.settings(), 2022, ROSTER, tmp_path, force=False)
    assert [path.name for path in made] == ["001-财政局.xlsx", "卫_健_局.xlsx", "卫_健_局-2.xlsx"]
    assert [name for name, _ in written] == [path.name for path in made]
    assert written[0][1] == Blank("财政局", "001", (("国库中心", "001001"),), "001000")


def test_where_one_is_there_already_none_is_written(written: list[tuple[str, Blank]], tmp_path: Path) -> None:
    (tmp_path / "卫_健_局.xlsx").touch()
    with pytest.raises(OutputExists):
        blank_workbooks(small.form(), small.settings(), 2022, ROSTER, tmp_path, force=False)
    assert written == []
    blank_workbooks(small.form(), small.settings(), 2022, ROSTER, tmp_path, force=True)
    assert len(written) == 3
