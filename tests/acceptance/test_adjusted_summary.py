"""Adjustments in a bureau's summary: official totals, typed in or from a list, and never lost."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.acceptance.calling import saved, selfeval
from tests.acceptance.test_summary_sheets import department, grid, rows
from tests.support import office, package_checks

LIST = (
    "调出,调入,项目,金额,原因\n"
    "东局,,公共财政拨款,10.5,拨给西局的重复计算\n"
    "东局,西局,项目支出,5,职能划转\n"
    ",西局,其他收入,0.01,补记\n"
)


@pytest.fixture(scope="module")
def adjusted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("adjusted")
    saved(folder / "in" / "a.json", department("东局", "101", 100))
    saved(folder / "in" / "b.json", department("西局", "102", 50))
    (folder / "list.csv").write_text(LIST, encoding="utf-8-sig")
    outcome = selfeval(
        "consolidate", folder / "in", "-o", folder / "s.xlsx", "--adjustments", folder / "list.csv", "--json"
    )
    told = outcome.json["summary"]
    assert told["sums"]["收入"]["公共财政拨款"] == "139.50"
    assert told["adjustments"]["收入"]["公共财政拨款"] == "-10.50"
    assert "上年结转" not in told["adjustments"]["收入"]
    return folder / "s.xlsx"


def totals(path: Path, sheet: str, item: str) -> list[Decimal | None]:
    def figures() -> Iterator[Decimal | None]:
        for row in list(rows(path, sheet))[:3]:
            yield None if row[item] is None else Decimal(str(row[item]))

    return list(figures())


def test_official_totals_are_the_sum_and_the_adjustments_to_the_cent(adjusted: Path) -> None:
    assert totals(adjusted, "收入", "收入合计") == [Decimal("139.51"), Decimal(150), Decimal("-10.49")]
    assert totals(adjusted, "支出", "项目支出") == [0, 0, 0]
    assert totals(adjusted, "总表", "支出合计") == [150, 150, 0]
    assert package_checks.problems(adjusted) == []


@pytest.mark.office
def test_what_somebody_types_in_moves_the_totals_at_once(adjusted: Path, tmp_path: Path) -> None:
    book = load_workbook(adjusted)
    sheet = book["调整"]
    for column, value in enumerate(("西局", None, "支出.人员支出", 7.25, "重复计算"), start=2):
        sheet.cell(7, column, value)
    book.save(tmp_path / "typed.xlsx")
    plain, typed = office.recalculated([adjusted, tmp_path / "typed.xlsx"], tmp_path / "again")
    assert office.values(plain) == office.values(adjusted)
    assert totals(typed, "支出", "支出合计") == [Decimal("142.75"), 150, Decimal("-7.25")]
    assert totals(typed, "总表", "基本支出") == [Decimal("142.75"), 150, Decimal("-7.25")]


def test_adjustments_come_over_when_the_summary_is_made_anew(adjusted: Path) -> None:
    assert selfeval("consolidate", adjusted.parent / "in", "-o", adjusted, "--force").status in (0, 1)
    assert totals(adjusted, "收入", "公共财政拨款")[2] == Decimal("-10.5")
    other = adjusted.with_name("other.xlsx")
    selfeval("consolidate", adjusted.parent / "in", "-o", other, "--adjustments", adjusted)
    assert grid(other, "调整") == grid(adjusted, "调整")


def test_a_line_that_does_not_count_is_named_and_is_an_error(adjusted: Path) -> None:
    (adjusted.parent / "b.csv").write_text("项目,金额,原因,调入\n其他收入,5,,东局\n", encoding="utf-8")
    target = adjusted.with_name("b.xlsx")
    words = ("-o", target, "--adjustments", adjusted.parent / "b.csv", "--force")
    outcome = selfeval("consolidate", adjusted.parent / "in", *words)
    assert outcome.status == 1
    assert "调整清单第 2 行没有计入（收入.其他收入 5）：没有写原因" in outcome.err
    assert totals(target, "收入", "其他收入")[:2] == [0, 0]


UNUSABLE = (
    ("北局,,公共财政拨款,1,重复", "调出“北局”不在这次汇总的部门和机构里。"),
    ("东局,北局,公共财政拨款,1,划转", "调入“北局”不在这次汇总的部门和机构里。"),
    ("市东局,,公共财政拨款,1,划转", "相近的有：东局。"),
    ("东局,,经费,1,重复", "项目“经费”表样里没有，或者是自动计算的合计。"),
    ("东局,,公共财政拨款,0.005,重复", "金额 0.005 超过 2 位小数。单位是万元，"),
    ("东局,,公共财政拨款,nan,重复", "金额“nan”不是数字。"),
    (",,公共财政拨款,1,重复", "调出、调入都空着。"),
)


def test_a_line_that_nobody_can_use_is_told_by_name_and_changes_nothing(adjusted: Path) -> None:
    file, target = adjusted.with_name("unusable.csv"), adjusted.with_name("u.xlsx")
    lines = ("调出,调入,项目,金额,原因", *(line for line, _ in UNUSABLE))
    file.write_text("\n".join(lines), encoding="utf-8")
    outcome = selfeval("consolidate", adjusted.parent / "in", "-o", target, "--adjustments", file, "--json")
    assert outcome.status == 1
    for number, (_, why) in enumerate(UNUSABLE, start=2):
        (told,) = [one for one in outcome.json["summary"]["left_out"] if f"第 {number} 行没有计入" in one]
        assert why in told
        assert told in outcome.err
    assert totals(target, "收入", "公共财政拨款")[:2] == [150, 150]


def test_a_department_is_found_by_its_code_too(adjusted: Path) -> None:
    file, target = adjusted.with_name("codes.csv"), adjusted.with_name("codes.xlsx")
    file.write_text("调出,项目,金额,原因\n101,公共财政拨款,1,重复\n", encoding="utf-8")
    words = ("-o", target, "--adjustments", file)
    assert "没有计入" not in selfeval("consolidate", adjusted.parent / "in", *words).err
    assert totals(target, "收入", "公共财政拨款")[0] == 149
    assert grid(target, "调整")[3][1] == "东局"


def test_a_list_that_cannot_be_read_stops_the_work(adjusted: Path) -> None:
    target = adjusted.with_name("c.xlsx")
    for name in ("list.txt", "nowhere.csv"):
        (adjusted.parent / "list.txt").write_text("调出\n", encoding="utf-8")
        outcome = selfeval(
            "consolidate", adjusted.parent / "in", "-o", target, "--adjustments", adjusted.parent / name
        )
        assert outcome.status == 2
        assert name in outcome.err
    assert not target.exists()


def test_a_departments_own_workbook_takes_no_adjustments(adjusted: Path, tmp_path: Path) -> None:
    words = ("-o", tmp_path / "d.xlsx", "--level", "department", "--adjustments", adjusted)
    assert selfeval("consolidate", adjusted.parent / "in", *words).status == 2
