"""`repair`: a clean workbook around what was typed, a list of what did not come over, the damaged file untouched."""

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook

from tests.acceptance.calling import FORMS, NINE, SEED, filled, saved, seed, selfeval
from tests.support.tampering import by_library

WHARF = FORMS / "wharf-2024" / "sample.json"


@pytest.fixture(scope="module", autouse=True)
def forms() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SELFEVAL_FORMS", str(FORMS))
        yield


@pytest.fixture(scope="module")
def nine(tmp_path_factory: pytest.TempPathFactory, forms: None) -> Path:
    return filled(NINE, tmp_path_factory.mktemp("nine") / "nine.xlsx")


def data_in(path: Path) -> dict[str, object]:
    outcome = selfeval("dump", path)
    assert outcome.status == 0, outcome
    return json.loads(outcome.out)


def without_list(path: Path) -> dict[str, object]:
    return {key: value for key, value in data_in(path).items() if key != "未归位"}


def insert_row(book: Workbook) -> None:
    """As somebody does who took the protection off: the names go with the rows."""
    book["支出"].insert_rows(9)
    for name, one in book.defined_names.items():
        if name.startswith("支出_") and not name.endswith("_汇总"):
            one.attr_text = one.attr_text.replace("$18", "$19")


def insert_column(book: Workbook) -> None:
    book["收入"].insert_cols(3)
    book.defined_names["收入_上年结转"].attr_text = "收入!$D$6:$D$17"


def rename(book: Workbook) -> None:
    book["收入"].title = "Sheet3"


def lose_settings(book: Workbook) -> None:
    del book["_设置"]


def lose_check_and_help(book: Workbook) -> None:
    del book["填表说明"]


def hide_all(book: Workbook) -> None:
    for name in ("收入", "基本概况", "校验"):
        book[name].sheet_state = "hidden"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda book: None, 0),
        (insert_row, 3),
        (insert_column, 3),
        (rename, 3),
        (lose_settings, 3),
        (lose_check_and_help, 3),
        (hide_all, 1),
    ],
)
def test_all_that_was_typed_comes_over(
    nine: Path, tmp_path: Path, change: Callable[[Workbook], object], status: int
) -> None:
    broken = by_library(nine, tmp_path / "broken.xlsx", change)
    before = broken.read_bytes()
    checked = selfeval("validate", broken)
    assert checked.status == status, checked
    assert status != 3 or "selfeval repair" in checked.out
    outcome = selfeval("repair", broken, "-o", tmp_path / "new.xlsx")
    assert outcome.status == 0, outcome
    assert without_list(tmp_path / "new.xlsx") == without_list(nine)
    assert broken.read_bytes() == before


def test_a_repaired_workbook_is_sound_and_can_be_filled_in_further(nine: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.xlsx"
    assert selfeval("repair", by_library(nine, tmp_path / "b.xlsx", insert_row), "-o", new).status == 0
    book = openpyxl.load_workbook(new)
    assert all(sheet.protection.sheet for sheet in book)
    assert book["_设置"].sheet_state == "veryHidden"
    told = selfeval("validate", new, "--json")
    assert [one for one in told.findings if one["rule"].startswith("F")] == []
    assert selfeval("validate", nine, "--json").rules() == told.rules()


@pytest.mark.parametrize("data", [SEED, WHARF])
def test_other_reports_and_forms_come_over_too(data: Path, tmp_path: Path) -> None:
    book = filled(data, tmp_path / "a.xlsx")
    selfeval("repair", book, "-o", tmp_path / "b.xlsx")
    assert data_in(tmp_path / "b.xlsx") == data_in(book)


def test_an_entitys_workbook_stays_one(tmp_path: Path) -> None:
    book = tmp_path / "a.xlsx"
    selfeval("new", "-o", book, "--kind", "entity", "--entity", "甲中心")
    assert selfeval("repair", book, "-o", tmp_path / "b.xlsx").status in (0, 1)
    assert openpyxl.load_workbook(tmp_path / "b.xlsx").sheetnames == openpyxl.load_workbook(book).sheetnames
    assert data_in(tmp_path / "b.xlsx") == data_in(book)


def test_a_finished_sheet_becomes_a_workbook_to_fill_in(nine: Path, tmp_path: Path) -> None:
    selfeval("export", nine, "-o", tmp_path / "final.xlsx", "--draft")
    assert selfeval("repair", tmp_path / "final.xlsx", "-o", tmp_path / "new.xlsx").status == 0
    assert selfeval("validate", tmp_path / "new.xlsx", "--json").file["kind"] == "填报"
    assert without_list(tmp_path / "new.xlsx") == without_list(tmp_path / "final.xlsx")


def damage(book: Workbook) -> None:
    sheet = book["收入"]
    sheet["C7"], sheet["D8"], sheet["G9"] = "3.7万元", "2,940.05", "8.30."
    sheet["B9"], sheet["K40"] = 999, "随手一记"
    sheet["D10"] = "#N/A"
    book["支出"]["D8"].comment = Comment("含补发上年工资", "某")
    book.create_sheet("草稿")["A1"] = 5


def test_what_did_not_come_over_is_said_on_the_screen_and_in_the_workbook(nine: Path, tmp_path: Path) -> None:
    broken, new = by_library(nine, tmp_path / "b.xlsx", damage), tmp_path / "new.xlsx"
    outcome = selfeval("repair", broken, "-o", new)
    assert outcome.status == 1  # a text where an amount belongs
    for text in ("“3.7万元”→ 3.7", "“2,940.05”→ 2940.05", "收入!K40：随手一记", "批注：含补发上年工资"):
        assert text in outcome.out
    listed = {one["位置"]: one["内容"] for one in data_in(new)["未归位"]}  # type: ignore[attr-defined]
    assert listed.keys() == {"收入!K40", "收入!D10", "收入!B9", "支出!D8", "草稿"}
    assert "999" in listed["收入!B9"]
    assert "#N/A" in listed["收入!D10"]
    amounts = data_in(new)["收入"]
    assert (amounts[1]["上年结转"], amounts[2]["公共财政拨款"]) == (3.7, 2940.05)  # type: ignore[index]
    assert amounts[3]["其他收入"] == "8.30."  # type: ignore[index]
    assert [one for one in selfeval("validate", new, "--json").rules() if "N-02" in one] == ["N-02@收入!G9"]


def test_json_tells_the_same(nine: Path, tmp_path: Path) -> None:
    broken = by_library(nine, tmp_path / "b.xlsx", damage)
    told = selfeval("repair", broken, "-o", tmp_path / "new.xlsx", "--json").json
    assert told["files"][0]["file"] == str(tmp_path / "new.xlsx")
    assert told["totals"]["errors"] == 1
    repaired = told["repair"]
    assert (repaired["source"], repaired["guessed"], repaired["missing"], repaired["renamed"]) == (
        str(broken), False, [], [],
    )  # fmt: skip
    assert repaired["came"] > 200
    assert {"cell": "收入!C7", "text": "3.7万元", "number": "3.7"} in repaired["converted"]
    assert {(one["cell"], one["kind"]) for one in repaired["left"]} == {
        ("收入!K40", "left"), ("收入!D10", "error"), ("收入!B9", "dropped"), ("支出!D8", "comment"), ("草稿", "sheet"),
    }  # fmt: skip


def test_a_lost_stamp_is_said_and_the_year_that_was_filled_in_holds(tmp_path: Path) -> None:
    data = seed()
    data["封面"]["年度"] = 2023

    def change(book: Workbook) -> None:
        lose_settings(book)
        while book.custom_doc_props.names:
            del book.custom_doc_props[book.custom_doc_props.names[0]]
        rename(book)

    book = by_library(
        filled(saved(tmp_path / "d.json", data), tmp_path / "a.xlsx"), tmp_path / "b.xlsx", change
    )
    outcome = selfeval("repair", book, "-o", tmp_path / "new.xlsx", "--json")
    assert outcome.json["repair"]["guessed"] is True
    assert outcome.json["repair"]["renamed"] == [{"sheet": "收入", "found": "Sheet3"}]
    assert [one for one in outcome.rules() if one.startswith("T-11")] == []
    assert "2023 年度，请核对" in selfeval("repair", book, "-o", tmp_path / "c.xlsx").out


def test_a_figure_typed_over_a_formula_that_gives_it_is_not_worth_a_word(nine: Path, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book["收入"]["B9"] = 2060.15

    broken = by_library(nine, tmp_path / "b.xlsx", change)
    assert selfeval("repair", broken, "-o", tmp_path / "new.xlsx", "--json").json["repair"]["left"] == []


def test_a_workbook_keeps_its_rows_and_the_year_it_was_made_for(tmp_path: Path) -> None:
    data = seed()
    data["封面"]["年度"] = 2023
    big, new = tmp_path / "big.xlsx", tmp_path / "new.xlsx"
    selfeval("new", "-o", big, "--rows", 20, "--department", "某局")
    selfeval("repair", big, "-o", new)
    assert len(openpyxl.load_workbook(new)["收入"]["A"]) == len(openpyxl.load_workbook(big)["收入"]["A"])
    wrong = filled(saved(tmp_path / "d.json", data), tmp_path / "wrong.xlsx")
    outcome = selfeval("repair", wrong, "-o", tmp_path / "c.xlsx", "--json")
    assert [one.split("@")[0] for one in outcome.standing() if one.startswith("T-11")] == ["T-11"]


def test_rows_below_the_table_become_rows_of_it(nine: Path, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        for name, column in (("收入", "D"), ("支出", "D")):
            row = 18 if name == "收入" else 19
            book[name][f"A{row}"], book[name][f"{column}{row}"] = "新设中心", 12.5
        for row in range(16, 18):
            book["收入"][f"A{row}"] = f"占{row}"

    broken = by_library(nine, tmp_path / "b.xlsx", change)
    assert "F-14" in " ".join(selfeval("validate", broken, "--json").rules())
    selfeval("repair", broken, "-o", tmp_path / "new.xlsx")
    income, spending = (data_in(tmp_path / "new.xlsx")[table][-1] for table in ("收入", "支出"))  # type: ignore[index]
    assert (income["机构名称"], income["公共财政拨款"]) == ("新设中心", 12.5)
    assert (spending["机构名称"], spending["人员支出"]) == ("新设中心", 12.5)


def other_book(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active["A1"] = "别的表"
    book.save(path)
    return path


def test_a_file_of_which_nothing_can_be_placed_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    new = tmp_path / "new.xlsx"
    (tmp_path / "text.xlsx").write_text("文字", encoding="utf-8")
    for source in (other_book(tmp_path / "other.xlsx"), tmp_path / "text.xlsx", SEED):
        outcome = selfeval("repair", source, "-o", new)
        assert outcome.status == 3, source
        assert not new.exists()
    selfeval("consolidate", SEED, "-o", tmp_path / "sum.xlsx")
    assert selfeval("repair", tmp_path / "sum.xlsx", "-o", new).status == 3


def test_the_output_is_never_the_input_and_never_replaced_unasked(nine: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.xlsx"
    assert selfeval("repair", nine, "-o", nine, "--force").status == 2
    assert selfeval("repair", tmp_path / "none.xlsx", "-o", new).status == 2
    assert selfeval("repair", nine, "-o", tmp_path / "new.txt").status == 2
    new.write_bytes(b"x")
    assert selfeval("repair", nine, "-o", new).status == 5
    assert new.read_bytes() == b"x"
    assert selfeval("repair", nine, "-o", new, "--force").status == 0
