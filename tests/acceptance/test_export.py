"""The finished sheet: not while something is open, everything locked, and of use afterwards."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.acceptance.calling import (
    NINE,
    SEED,
    Data,
    filled,
    parts,
    place,
    property_of,
    saved,
    seed,
    selfeval,
    with_cell,
)
from tests.support import package_checks

FIGURES = ("rule", "entity", "item", "expected", "actual", "difference", "explanation")
"""What a finding says wherever the cell stands: the finished sheet has the tables at other places."""


def unbalanced(note: str | None = None) -> Data:
    """The seed with an accumulated balance that does not fit, explained or not."""
    data = seed()
    data["支出"][0] |= {"当年结余": 0, "累计结余": 0.49}
    if note is not None:
        data["审核说明"].append({"规则": "E-04", "机构": "机关", "说明": note})
    return data


@pytest.fixture(scope="module")
def final(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("final")
    assert selfeval("export", filled(NINE, folder / "nine.xlsx"), "-o", folder / "final.xlsx").status == 0
    return folder / "final.xlsx"


def test_report_with_an_error_is_not_exported(tmp_path: Path) -> None:
    data = seed()
    data["绩效自评"]["评价等次"] = "差"
    book = filled(saved(tmp_path / "a.json", data), tmp_path / "a.xlsx")
    outcome = selfeval("export", book, "-o", tmp_path / "f.xlsx")
    assert outcome.status == 1
    assert "G-02" in outcome.out
    assert "没有导出" in outcome.err
    assert not (tmp_path / "f.xlsx").exists()


def test_unexplained_warning_bars_the_export_and_an_explanation_opens_it(tmp_path: Path) -> None:
    book = filled(saved(tmp_path / "a.json", unbalanced()), tmp_path / "a.xlsx")
    warning = next(
        one
        for one in selfeval("validate", book, "--json").findings
        if one["severity"] == "warning" and one["follows"] is one["explanation"] is None
    )
    assert (warning["rule"], warning["entity"], warning["difference"]) == ("E-04", "机关", "0.49")
    assert selfeval("validate", book).status == 0, "a warning alone is no error"
    assert selfeval("export", book, "-o", tmp_path / "f.xlsx").status == 1
    assert not (tmp_path / "f.xlsx").exists()
    wrong = filled(saved(tmp_path / "b.json", unbalanced("差额0.94万元：年初调整。")), tmp_path / "b.xlsx")
    assert selfeval("export", wrong, "-o", tmp_path / "f.xlsx").status == 1
    right = filled(saved(tmp_path / "c.json", unbalanced("差额0.49万元：年初调整。")), tmp_path / "c.xlsx")
    outcome = selfeval("export", right, "-o", tmp_path / "f.xlsx")
    assert outcome.status == 0
    assert "年初调整" in outcome.out
    assert "年初调整" in selfeval("dump", tmp_path / "f.xlsx").out


def test_draft_is_written_all_the_same_and_marked_on_every_page(tmp_path: Path) -> None:
    data = seed()
    data["绩效自评"]["评价等次"] = "差"
    book = filled(saved(tmp_path / "a.json", data), tmp_path / "a.xlsx")
    assert selfeval("export", book, "-o", tmp_path / "d.xlsx", "--draft").status == 1, (
        "the error is still there"
    )
    sheets = [
        part.decode("utf-8")
        for name, part in parts(tmp_path / "d.xlsx").items()
        if "worksheets/sheet" in name
    ]
    assert len(sheets) > 5
    assert all("草稿</oddHeader>" in sheet for sheet in sheets)
    assert selfeval("validate", tmp_path / "d.xlsx").status == 1


def test_draft_may_have_warnings_without_an_explanation(tmp_path: Path) -> None:
    data = saved(tmp_path / "a.json", unbalanced())
    assert selfeval("export", data, "-o", tmp_path / "d.xlsx").status == 1
    assert selfeval("export", data, "-o", tmp_path / "d.xlsx", "--draft").status == 0
    assert (tmp_path / "d.xlsx").exists()


def test_finished_sheet_carries_no_draft_mark(final: Path) -> None:
    assert not any("草稿".encode() in part for part in parts(final).values())


def test_every_cell_of_the_finished_sheet_is_locked(final: Path) -> None:
    book = load_workbook(final)
    for sheet in book:
        assert sheet.protection.sheet, sheet.title
        unlocked = [
            cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked
        ]
        assert unlocked == [], sheet.title
        assert not sheet.data_validations.dataValidation
    assert book.security.lockStructure
    assert property_of(final, "kind") == "定稿"
    assert package_checks.problems(final) == []


def test_workbook_to_fill_in_has_cells_that_are_open(tmp_path: Path) -> None:
    book = load_workbook(filled(SEED, tmp_path / "a.xlsx"))
    assert all(sheet.protection.sheet for sheet in book)
    cells = [cell for row in book["收入"].iter_rows() for cell in row if not cell.protection.locked]
    assert cells
    assert all(cell.data_type != "f" for cell in cells)


def wherever(finding: Data) -> Data:
    """A finding without its cells: the finished sheet is laid out as the paper is."""
    return {key: value for key, value in finding.items() if key not in ("cells", "message", "follows")}


def test_finished_sheet_is_read_again_like_the_report_it_came_from(final: Path, tmp_path: Path) -> None:
    outcome = selfeval("validate", final, "--json")
    assert outcome.status == 0
    assert outcome.file["kind"] == "定稿"
    assert [wherever(one) for one in outcome.findings] == [
        wherever(one) for one in selfeval("validate", NINE, "--json").findings
    ]
    assert selfeval("dump", final).out == selfeval("dump", NINE).out
    summary = selfeval("consolidate", final, SEED, "-o", tmp_path / "s.xlsx", "--json")
    assert summary.status == 0
    assert summary.json["summary"]["sums"]["收入"]["收入合计"] == "11526.25"


def test_finished_sheet_that_was_tampered_with_is_found_out(final: Path, tmp_path: Path) -> None:
    total = place(final, "收入_收入合计_汇总")
    changed = with_cell(final, tmp_path / "b.xlsx", *total.split("!"), 1)
    outcome = selfeval("validate", changed, "--json")
    assert outcome.status == 1
    assert f"F-02@{total}" in outcome.standing()


def test_data_can_be_exported_without_a_workbook_between(tmp_path: Path) -> None:
    assert selfeval("export", SEED, "-o", tmp_path / "a.xlsx").status == 0
    assert selfeval("export", filled(SEED, tmp_path / "b.xlsx"), "-o", tmp_path / "c.xlsx").status == 0
    assert parts(tmp_path / "a.xlsx") == parts(tmp_path / "c.xlsx")


def test_every_box_is_closed_where_a_page_ends(tmp_path: Path) -> None:
    book = filled(SEED, tmp_path / "seed.xlsx")
    assert selfeval("export", book, "-o", tmp_path / "f.xlsx").status == 0
    for name in ("基本概况", "绩效自评"):
        sheet = load_workbook(tmp_path / "f.xlsx")[name]
        ends = [one.id for one in sheet.row_breaks.brk]
        assert ends, name
        for end in ends:
            for column in range(1, 6):
                above, below = sheet.cell(end, column), sheet.cell(end + 1, column)
                if above.border.left.style is not None:
                    assert above.border.bottom.style == below.border.top.style == "thin", above
            assert not [one for one in sheet.merged_cells.ranges if one.min_row <= end < one.max_row], name
