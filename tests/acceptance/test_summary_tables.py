"""A summary's lists for other programs, and the copy that is sent up."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pandas
import pytest
from openpyxl import load_workbook

from tests.acceptance.calling import Data, parts, saved, selfeval
from tests.acceptance.test_summary_sheets import department, grid
from tests.support import package_checks

LIST = '调出,项目,金额,原因\n"=HYPERLINK(""x"")",其他收入,0.10,+重复\n'


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    saved(folder / "in" / "a.json", department("=cmd|' /C calc'!A0", "001", 100.11))
    saved(folder / "in" / "b.json", department("@西局", "002", 0.1))
    wrong: Data = department("南局", "003", 7)
    wrong["收入"][0]["其他收入"] = "六万"
    wrong["支出"][0]["累计结余"] = -3.5
    saved(folder / "in" / "c.json", wrong)
    (folder / "list.csv").write_text(LIST, encoding="utf-8")
    outcome = selfeval("consolidate", folder / "in", "-o", folder / "s.xlsx", *extras(folder))
    assert outcome.status == 1, "a text where an amount belongs"
    assert f"已写入 {folder / 'csv'}" in outcome.err
    return folder


def extras(folder: Path) -> Iterator[object]:
    yield from ("--tables", folder / "csv", "--parquet", folder / "parquet")
    yield from ("--public", folder / "up.xlsx", "--adjustments", folder / "list.csv")


def records(path: Path) -> list[dict[str, str]]:
    text = path.read_bytes()
    assert text.startswith(b"\xef\xbb\xbf"), "Excel needs the mark to see that it is UTF-8"
    return list(csv.DictReader(text.decode("utf-8-sig").splitlines()))


def test_every_list_has_a_file_of_each_kind(made: Path) -> None:
    book = load_workbook(made / "s.xlsx")
    names = {name for name in book.sheetnames if name not in ("等次分布", "图表", "拒收和跳过")}
    assert {path.stem for path in (made / "csv").iterdir()} == names
    assert {path.stem for path in (made / "parquet").iterdir()} == names


def test_amounts_are_exact_and_add_up_to_the_sheet(made: Path) -> None:
    rows = [row for row in records(made / "csv" / "收入.csv") if row["层级"] == "部门"]
    assert [row["公共财政拨款"] for row in rows] == ["100.11", "0.10", "7.00"]
    assert sum(Decimal(row["公共财政拨款"]) for row in rows) == Decimal("107.21")
    frame = pandas.read_parquet(made / "parquet" / "收入.parquet", dtype_backend="pyarrow")
    amounts = frame[frame["层级"] == "部门"]["公共财政拨款"]
    assert amounts.sum() == Decimal("107.21")
    assert str(amounts.dtype) == "decimal128(24, 2)[pyarrow]"


def test_codes_stay_texts_and_numbers_numbers(made: Path) -> None:
    frame = pandas.read_parquet(made / "parquet" / "总表.parquet", dtype_backend="pyarrow")
    assert list(frame["编码"]) == ["001", "002", "003"]
    assert str(frame["自评得分"].dtype).startswith("decimal128")
    assert list(frame["名次"]) == [1, 1, 1]


def test_a_word_where_an_amount_belongs_is_shown_and_is_no_amount(made: Path) -> None:
    row = records(made / "csv" / "收入.csv")[-1]
    assert (row["收入合计"], row["其他收入"]) == ("无法计算", "六万")
    frame = pandas.read_parquet(made / "parquet" / "收入.parquet", dtype_backend="pyarrow")
    assert frame["其他收入"].isna().iloc[-1]


def test_nothing_in_a_text_is_taken_for_a_formula(made: Path) -> None:
    names = {row["部门"] for row in records(made / "csv" / "收入.csv")}
    assert names == {"'=cmd|' /C calc'!A0", "'@西局", "南局"}
    (line,) = records(made / "csv" / "调整.csv")
    assert (line["调出"], line["原因"]) == ('\'=HYPERLINK("x")', "'+重复")
    assert records(made / "csv" / "支出.csv")[-1]["累计结余"] == "-3.50", "a number is none"
    for path in (made / "csv").iterdir():
        for row in records(path):
            risky = [value for value in row.values() if value[:1] in "=@+" and value]
            assert not risky


def test_a_list_is_made_the_same_each_time(made: Path, tmp_path: Path) -> None:
    words = ("--tables", tmp_path / "csv", "--parquet", tmp_path / "parquet")
    lists = ("--adjustments", made / "list.csv")
    selfeval("consolidate", made / "in", "-o", tmp_path / "s.xlsx", *words, *lists)
    for kind in ("csv", "parquet"):
        for path in (made / kind).iterdir():
            assert path.read_bytes() == (tmp_path / kind / path.name).read_bytes()


def test_what_is_there_is_not_replaced_and_then_nothing_is_written(made: Path, tmp_path: Path) -> None:
    outcome = selfeval("consolidate", made / "in", "-o", tmp_path / "s.xlsx", "--tables", made / "csv")
    assert outcome.status == 5
    assert not (tmp_path / "s.xlsx").exists()
    outcome = selfeval("consolidate", made / "in", "-o", tmp_path / "s.xlsx", "--public", made / "up.xlsx")
    assert outcome.status == 5


def test_without_pyarrow_the_clerk_is_told_what_to_do(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("selfeval_xl.jobs.extras.find_spec", lambda name: None)
    outcome = selfeval("consolidate", made / "in", "-o", tmp_path / "s.xlsx", "--parquet", tmp_path / "p")
    assert outcome.status == 4
    assert "安装 pyarrow" in outcome.err
    assert not (tmp_path / "s.xlsx").exists()


# The copy that is sent up


def test_copy_names_no_folder_and_leads_nowhere(made: Path) -> None:
    assert package_checks.problems(made / "up.xlsx") == []
    for name, content in parts(made / "up.xlsx").items():
        text = content.decode("utf-8", errors="replace")
        assert str(made) not in text, name
        assert "HYPERLINK" not in text.replace("=HYPERLINK(&quot;x", "").replace('=HYPERLINK("x', ""), name
    assert [row[0] for row in grid(made / "up.xlsx", "来源")[3:]] == ["a.json", "b.json", "c.json"]


def test_copy_holds_the_same_figures_but_not_the_bureaus_doubts(made: Path) -> None:
    own, copy = load_workbook(made / "s.xlsx").sheetnames, load_workbook(made / "up.xlsx").sheetnames
    assert copy == [name for name in own if name != "人均比较"]
    for name in copy:
        if name not in ("来源", "收入", "支出", "三公经费", "固定资产"):
            assert grid(made / "up.xlsx", name) == grid(made / "s.xlsx", name)
    width = len(grid(made / "s.xlsx", "收入")[2]) - 1
    shown = [[row[:width] for row in grid(made / one, "收入")] for one in ("s.xlsx", "up.xlsx")]
    assert shown[0] == shown[1]


def test_rows_lead_to_their_cells_in_workbooks(made: Path, tmp_path: Path) -> None:
    selfeval("fill", made / "in" / "b.json", "-o", tmp_path / "in" / "b.xlsx")
    selfeval("consolidate", tmp_path / "in", "-o", tmp_path / "s.xlsx")
    sheet = load_workbook(tmp_path / "s.xlsx")["支出"]
    last = sheet.max_column
    assert sheet.cell(8, last).value == '=HYPERLINK("in/b.xlsx#支出!A6","A6")'
    assert load_workbook(made / "s.xlsx")["支出"].cell(8, last).value == '=HYPERLINK("in/a.json","A6")'
