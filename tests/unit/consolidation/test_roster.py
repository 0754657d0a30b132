"""Rosters as people keep them: a table in a workbook or a text file, codes or names, a title above."""

from pathlib import Path

import pytest
import xlsxwriter

from selfeval_xl.consolidation.reduce import Reduced
from selfeval_xl.consolidation.roster import Roster, RosterRow, RosterUnreadable, read_roster
from selfeval_xl.findings import message
from tests.support import small_report as small

GRID = """
部门编码,部门名称,机构编码,机构名称,机构类别,状态
001,财政局,001000,局机关,局机关,应报
001,财政局,001001,国库中心,二级机构,应报
002,（卫健） 局,,本级,,
002,（卫健） 局,002001,疾控中心,二级机构,
,统计局,,,,免报
"""


def written(folder: Path, text: str, *, encoding: str = "utf-8") -> Path:
    path = folder / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return path


def workbook(folder: Path, rows: list[list[str | int | None]]) -> Path:
    path = folder / "roster.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("名册")
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                sheet.write(row, column, value)
    return path


def read(path: Path) -> Roster:
    return read_roster(path, small.form())


def drawn(roster: Roster) -> list[tuple[str | None, str, str | None, bool, list[tuple[str, str | None]]]]:
    return [
        (row.code, row.name, row.head_code, row.is_due, [(one.name, one.code) for one in row.entities])
        for row in roster.rows
    ]


WANTED = [
    ("001", "财政局", "001000", True, [("国库中心", "001001")]),
    ("002", "（卫健） 局", None, True, [("疾控中心", "002001")]),
    (None, "统计局", None, False, []),
]


HEADER = "部门编码,部门名称,机构编码,机构名称,状态\n"
Drawn = tuple[str | None, str, list[tuple[str, str | None]]]
ODD: dict[str, tuple[list[Drawn], list[str]]] = {
    "101,东局,,,\n,,,甲中心,\n,,,,\n": (
        [("101", "东局", [])],
        ["roster!B3：第 3 行没有部门名称，没有用这一行。"],
    ),
    "101,东局,,,\n101,东局,1,甲中心,\n101,东局,1,甲 中心,撤销\n101,东 局,,,免报\n": (
        [("101", "东局", [("甲中心", "1")])],
        [
            "roster!B4 东局：第 4 行与第 3 行重复，只用第 3 行。",
            "roster!B5 东局：第 5 行与第 2 行重复，只用第 2 行。",
        ],
    ),
    "101,东局,,,\n101,西局,,,\n101,西局,2,乙站,\n": (
        [("101", "东局", []), (None, "西局", [("乙站", "2")])],
        [
            "roster!B3 西局：第 3 行的编码 101 在第 2 行已是“东局”的，这一行按没有编码处理。",
            "roster!B4 西局：第 4 行的编码 101 在第 2 行已是“东局”的，这一行按没有编码处理。",
        ],
    ),
    "101,某县东局,,,\n101,东局,1,甲中心,\n": (
        [("101", "某县东局", [("甲中心", "1")])],
        ["roster!B3 东局：第 3 行的编码 101 在第 2 行是“某县东局”，按同一个部门处理。"],
    ),
    "101,东局,1,甲中心,\n101,东局,1,乙站,\n": (
        [("101", "东局", [("甲中心", "1"), ("乙站", None)])],
        ["roster!D3 东局：第 3 行的编码 1 在第 2 行已是“甲中心”的，这一行按没有编码处理。"],
    ),
    "101,东局,,,已撤\n": (
        [("101", "东局", [])],
        ["roster!E2 东局：第 2 行的状态“已撤”不认识，按不必报表处理。"],
    ),
    "101,东局,,,\n,东局,1,甲中心,\n102,东局,2,甲中心,\n": (
        [("101", "东局", [("甲中心", "1")]), ("102", "东局", [("甲中心", "2")])],
        [],
    ),
}


@pytest.mark.parametrize("lines", ODD)
def test_a_row_that_is_not_taken_as_it_stands_is_told_with_its_number(lines: str, tmp_path: Path) -> None:
    wanted, said = ODD[lines]
    roster = read(written(tmp_path, HEADER + lines))
    drawn_rows = [(code, name, entities) for code, name, _, _, entities in drawn(roster)]
    assert drawn_rows == wanted
    told = [message(one) for one in roster.findings]
    assert [one.startswith(start) for one, start in zip(told, said, strict=True)] == [True] * len(said)
    assert all(one.rule == "R-19" for one in roster.findings)


@pytest.mark.parametrize(
    ("lines", "due"),
    [
        ("101,东局,1,甲中心,撤销\n101,东局,2,乙站,\n", True),
        ("101,东局,1,甲中心,撤销\n101,东局,2,乙站,免报\n", False),
        ("101,东局,1,甲中心,应报\n101,东局,,,免报\n", False),
        ("101,东局,1,甲中心,\n101,东局,,局机关,免报\n", False),
    ],
)
def test_an_entitys_state_is_not_its_departments(lines: str, due: bool, tmp_path: Path) -> None:
    (row,) = read(written(tmp_path, HEADER + lines)).rows
    assert row.is_due is due


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_text_file_is_read(tmp_path: Path, encoding: str) -> None:
    assert drawn(read(written(tmp_path, GRID, encoding=encoding))) == WANTED


def test_a_workbook_is_read_the_same(tmp_path: Path) -> None:
    rows: list[list[str | int | None]] = [[*line.split(",")] for line in GRID.strip().splitlines()]
    assert drawn(read(workbook(tmp_path, rows))) == WANTED


def test_codes_typed_as_numbers_are_read_without_decimals(tmp_path: Path) -> None:
    roster = read(workbook(tmp_path, [["部门编码", "部门名称"], [101, "财政局"]]))
    assert drawn(roster) == [("101", "财政局", None, True, [])]


def test_a_title_above_and_columns_in_any_order_do_no_harm(tmp_path: Path) -> None:
    text = "某县名册,,\n\n电话, 部门 名称 ,部门编码\n1234,财政局,001\n,,\n"
    assert drawn(read(written(tmp_path, text))) == [("001", "财政局", None, True, [])]


def test_short_rows_are_filled_with_blanks(tmp_path: Path) -> None:
    assert drawn(read(written(tmp_path, "部门名称,部门编码,状态\n财政局\n"))) == [
        (None, "财政局", None, True, [])
    ]


@pytest.mark.parametrize("text", ["", "部门编码,电话\n001,1\n", "财政局\n"])
def test_without_the_departments_column_it_is_no_roster(tmp_path: Path, text: str) -> None:
    with pytest.raises(RosterUnreadable, match="缺少列：部门名称"):
        read(written(tmp_path, text))


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", None, "文件不存在"),
        ("a.xlsx", None, "文件不存在"),
        ("a.csv", b"\xff\xff\x00\xff", "UTF-8"),
        ("a.xlsx", b"<html>", "网页"),
        ("a.csv", b'"' + b"x" * 200_000, "无法读取"),
    ],
)
def test_what_cannot_be_read_is_told_why(
    tmp_path: Path, name: str, content: bytes | None, reason: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(RosterUnreadable, match=reason):
        read(tmp_path / name)


@pytest.mark.parametrize(
    ("state", "due"), [(None, True), ("应报", True), ("免报", False), ("并入本级", False), ("撤销", False)]
)
def test_a_blank_state_is_due(state: str | None, *, due: bool) -> None:
    assert RosterRow("财政局", "001", state).is_due is due


@pytest.mark.parametrize(
    ("code", "name", "matches"),
    [
        ("001", "别的局", True),
        ("002", "财政局", False),
        (None, "财 政局", True),
        (None, "教育局", False),
        (None, None, False),
    ],
)
def test_codes_win_over_names(code: str | None, name: str | None, *, matches: bool) -> None:
    assert RosterRow("财政局", "001", None).matches(code, name) is matches


def test_who_has_not_reported_is_left_in_the_rosters_order(tmp_path: Path) -> None:
    accepted = [Reduced(Path("a.xlsx"), "clean", code=None, department="(卫健)局")]
    assert [row.name for row in read(written(tmp_path, GRID)).not_in(accepted)] == ["财政局", "统计局"]


def test_a_csv_as_excel_saves_it_in_china_is_read(tmp_path: Path) -> None:
    file = tmp_path / "roster.csv"
    file.write_bytes("部门编码,部门名称\n101,财政局\n".encode("gbk"))
    assert [(row.code, row.name) for row in read_roster(file, small.form()).rows] == [("101", "财政局")]
